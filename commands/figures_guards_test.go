package commands

import (
	"strings"
	"testing"
)

func TestBodyChannelIsNeverTheOfficesOwn(t *testing.T) {
	a, l := city(t)
	a.cfg.OfficeChannel, a.cfg.LeadersChannel = "C0OFFICE", "C0LEADERS"
	for name, s := range map[string]typed{
		"typed there":  {user: "UAD", channel: "C0OFFICE", command: "body", text: "channel 净月"},
		"named":        {user: "UAD", channel: "C0OTHER", command: "body", text: "channel 净月 <#C0LEADERS|leaders>"},
		"named, there": {user: "UAD", channel: "C0LEADERS", command: "body", text: "channel 净月 <#C0OFFICE>"},
	} {
		if _, err := l.ask(t, a, s); refusal(err) != "conflict err.channel.reserved" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestYearOfWhichNothingIsKnownHasNoTarget(t *testing.T) {
	a, l := city(t)
	for _, s := range []typed{
		{user: "ULE", command: "quota", text: "2000"}, {user: "ULE", command: "report", text: "2000"}, {user: "ULE", command: "quota", text: "all 2000"},
	} {
		r, err := l.ask(t, a, s)
		if err != nil {
			t.Fatal(err)
		}
		if text := plainText(r.Reply); strings.Contains(text, "1,000") || strings.Contains(text, "🔴") {
			t.Errorf("/%s %s judges a year of which nothing is known:\n%s", s.command, s.text, text)
		}
	}
}

func TestReasonStaysAsTyped(t *testing.T) {
	a, s := office(t)
	put(s, 1, nil)
	said(t, a, "URE", "review", "return　０００１　２）土地ＡＢＣ  未落实")
	if got := s.projects["CC-2018-0001"].ReturnReason; got != "２）土地ＡＢＣ  未落实" {
		t.Errorf("reason %q", got)
	}
}

func TestOfficialElsewhereIsAnsweredForTheirOwnBody(t *testing.T) {
	a, l := city(t)
	r, err := l.ask(t, a, typed{user: "UKC", channel: "CJY", command: "quota"})
	if err != nil || !strings.Contains(plainText(r.Reply), "宽城区") || strings.Contains(plainText(r.Reply), "净月") {
		t.Errorf("answered %s, %v", plainText(r.Reply), err)
	}
}
