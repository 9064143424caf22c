package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mouhua/mouhua/exchange"
	"github.com/mouhua/mouhua/reporting"
)

// calendarFile writes a calendar of a year: May Day off, and a Saturday in April
// that makes up for it, marked as what is said of it.
func calendarFile(year int, mark string) []byte {
	saturday := reporting.Date{Year: year, Month: time.April, Day: 20}
	for saturday.In(time.UTC).Weekday() != time.Saturday {
		saturday = saturday.AddDays(1)
	}
	day := func(d reporting.Date) string { return strings.ReplaceAll(d.String(), "-", "") }
	return fmt.Appendf(nil, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-WR-CALDESC:国办发明电 <!channel>\r\n"+
		"BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:%d0501\r\nDTEND;VALUE=DATE:%d0504\r\nSUMMARY:劳动节（休）\r\nEND:VEVENT\r\n"+
		"BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:%s\r\nSUMMARY:劳动节%s\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", year, year, day(saturday), mark)
}

// TestCalendarStory: an admin drops next year's calendar, first one that says
// too little, and everybody can read it then.
func TestCalendarStory(t *testing.T) {
	m := newMouhua(t, "socket", "sqlite://"+filepath.Join(t.TempDir(), "calendar.db"))
	year := time.Now().In(time.FixedZone("CST", 8*3600)).Year()
	prepare(m, year)
	m.must("import", "people", m.write("admin.csv", "slack_user_id,name,role,body_id\n"+adminID+",钱主任,admin,\n"))
	m.serve()
	admin := m.as(adminID)
	next := year + 1

	m.as(officialJY).drops("next.ics", calendarFile(next, "（班）"), "管理员")
	admin.drops("next.ics", calendarFile(next, ""), "“劳动节”没有写明放假还是上班")
	card := admin.drops("next.ics", calendarFile(next, "（班）"), "import.run")
	for _, want := range []string{fmt.Sprintf("新增 %d 年：放假 3 天，调休上班 1 天", next), "5月1日", "上班（调休）", "国办发明电 <!channel>"} {
		if !strings.Contains(words(card), want) {
			t.Errorf("the card lacks %q: %s", want, words(card))
		}
	}
	admin.pressesTwice(card, "import.run")
	admin.sees(admin.dm(), fmt.Sprintf("%d 年第 1 版", next))
	if out := m.must("export", "calendar", "-year", fmt.Sprint(next)); !exchange.IsCalendar([]byte(out)) || !strings.Contains(out, fmt.Sprintf("%d0501", next)) {
		t.Errorf("exported: %s", out)
	}
	admin.drops("again.ics", calendarFile(next, "（班）"), "与现行版本一致")
	shown := m.as(officialKC).types(channelKC, fmt.Sprintf("/mouhua calendar %d", next), "劳动节")
	if text := words(shown); !strings.Contains(text, "<@"+adminID) && !strings.Contains(text, adminID) {
		t.Errorf("who imported it is not named: %s", text)
	}
}
