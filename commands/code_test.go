package commands

import (
	"strings"
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

const testCode = "2018-220102-36-03-000001"

// twoBodies gives CC-2018-0001 of another body the code that CC-2018-0002 will want.
func twoBodies(t *testing.T) (*App, *shelf) {
	t.Helper()
	a, s := office(t)
	for i := range s.bodies.All {
		s.bodies.All[i].ChannelID = "C" + s.bodies.All[i].ID
	}
	put(s, 1, func(p *reporting.Project) {
		verified(p)
		p.ReporterBody, p.TerritoryBody, p.Code = "kuancheng", "kuancheng", testCode
	})
	put(s, 2, verified)
	return a, s
}

func infos(f *Form) string {
	var b strings.Builder
	for _, x := range f.Fields {
		b.WriteString(spans(x.Text) + "\n")
	}
	return b.String()
}

func TestCodeOfAnotherBody(t *testing.T) {
	a, s := twoBodies(t)
	f := said(t, a, "UJY", "project", "code 0002 "+testCode).Form
	if f == nil {
		t.Fatal("given without asking")
	}
	wants(t, "shown before", infos(f), "CC-2018-0001", "宽城区", testCode, "裁定前只计一次")
	r := handedIn(t, a, "UJY", f, "share/0", map[string]string{})
	wants(t, "no reason", r.Errors["anyway"], "请写明")
	if s.projects["CC-2018-0002"].Code != "" || len(s.sent) != 0 {
		t.Fatal("given without a reason")
	}
	for range 2 {
		r = handedIn(t, a, "UJY", f, "share/1", map[string]string{"anyway": "平台分期赋码"})
		wants(t, "given", drawn(r.Tell), testCode)
	}
	p := s.projects["CC-2018-0002"]
	if p.HeldBy != "CC-2018-0001" || p.AlikeWhy != "平台分期赋码" || reporting.CreditsFor(p, reporting.Rules{Threshold: reporting.Yi}) != nil || len(s.sent) != 3 {
		t.Fatalf("counted twice: %+v, sent %+v", p, s.sent)
	}
	to := []string{"COFFICE", "Cjingyue", "Ckuancheng"}
	for i, m := range s.sent {
		out, err := a.Compose(t.Context(), m)
		if err != nil || out.Channel != to[i] {
			t.Fatalf("%s went to %q (%s), %v", m.Key, out.Channel, out.Skip, err)
		}
		wants(t, m.Key, drawn(out.Reply), "CC-2018-0001", "CC-2018-0002", "平台分期赋码", testCode)
	}
	wants(t, "queue", drawn(said(t, a, "URE", "review", "queue").Reply), "review.keep CC-2018-0002")
	said(t, a, "URE", "review", "keep 0002 平台分期赋码属实")
	if got := len(reporting.CreditsFor(s.projects["CC-2018-0002"], reporting.Rules{Threshold: reporting.Yi})); got != 3 {
		t.Errorf("%d credits after both were kept", got)
	}
	// Once decided, the same pair is not asked about again.
	said(t, a, "UJY", "project", "code 0002 2018-220102-36-03-000009")
	if f := said(t, a, "UJY", "project", "code 0002 "+testCode).Form; f != nil {
		t.Errorf("asked again about a decided pair: %s", infos(f))
	}
}

// The one that is not credited yet is held, though its number is the older.
func TestCodeHoldsTheOther(t *testing.T) {
	a, s := twoBodies(t)
	put(s, 1, func(p *reporting.Project) {
		p.ReporterBody, p.TerritoryBody, p.Code = "kuancheng", "kuancheng", testCode
	})
	f := said(t, a, "URE", "project", "code 0002").Form
	r := handedIn(t, a, "URE", f, "c", map[string]string{"code": testCode})
	if r.Next == nil {
		t.Fatalf("given without asking: %+v", r)
	}
	r = handedIn(t, a, "URE", r.Next, "share", map[string]string{"anyway": "分期"})
	wants(t, "told", drawn(r.Tell), "CC-2018-0001（宽城区）与 CC-2018-0002 代码相同")
	if p := s.projects["CC-2018-0001"]; p.HeldBy != "CC-2018-0002" || s.projects["CC-2018-0002"].HeldBy != "" {
		t.Fatalf("held: %+v", p)
	}
	card, err := a.Compose(t.Context(), s.sent[0])
	if err != nil {
		t.Fatal(err)
	}
	wants(t, "card", drawn(card.Reply), "分期", "review.keep CC-2018-0001@2")
	for i, want := range []string{"review.approve CC-2018-0001@2", "请在新的卡片上审核"} {
		out, err := a.Compose(t.Context(), s.sent[3+i])
		if err != nil || out.Channel != "COFFICE" {
			t.Fatalf("%+v: %v", s.sent[3+i], err)
		}
		wants(t, s.sent[3+i].Key, drawn(out.Reply), want)
	}
	form := pressed(t, a, "URE", "project.merge", "CC-2018-0002 CC-2018-0001").Form
	if r := handedIn(t, a, "URE", form, "m", map[string]string{"other": "CC-2018-0001", "reason": "同一项目"}); r.Errors["reason"] == "" {
		t.Errorf("merged into a project that was never verified: %+v", r)
	}
}

func TestCodeOfOwnBody(t *testing.T) {
	a, s := twoBodies(t)
	put(s, 1, func(p *reporting.Project) { verified(p); p.Code = testCode })
	f := said(t, a, "UJY", "project", "code 0002 "+testCode).Form
	wants(t, "shown before", infos(f), "本单位", "CC-2018-0001")
	handedIn(t, a, "UJY", f, "share", map[string]string{"anyway": "二期"})
	if p := s.projects["CC-2018-0002"]; p.HeldBy != "" || p.AlikeTo != "CC-2018-0001" || len(s.sent) != 0 {
		t.Fatalf("held within one body: %+v, sent %+v", p, s.sent)
	}
}

func TestSharedCodeRefusals(t *testing.T) {
	a, s := twoBodies(t)
	f := said(t, a, "UJY", "project", "code 0002 "+testCode).Form
	why := map[string]string{"anyway": "二期"}
	if r := handedIn(t, a, "UKC", f, "o", why); r.Errors["anyway"] == "" {
		t.Errorf("another body's official: %+v", r)
	}
	put(s, 2, func(p *reporting.Project) { verified(p); p.HeldBy = "CC-2018-0009" })
	wants(t, "waits about a third", handedIn(t, a, "UJY", f, "w", why).Errors["anyway"], "CC-2018-0009", "裁定")
	put(s, 2, verified)
	put(s, 1, func(p *reporting.Project) { p.ReporterBody, p.Code = "kuancheng", "" })
	if r := handedIn(t, a, "UJY", f, "g", why); r.Errors["anyway"] == "" {
		t.Errorf("the other lost the code: %+v", r)
	}
	bad := *f
	bad.State = `{"p":"CC-2018-0002","o":"CC-2018-0002","k":"x"}`
	if _, err := a.Submit(t.Context(), input("UJY", &bad, "b", why)); key(err) != "err.form.unknown" {
		t.Errorf("with itself: %v", err)
	}
	if len(s.events) != 0 {
		t.Errorf("a refusal left %d events", len(s.events))
	}
}

// The code is asked for on page 2, and one that another body has is shown
// before the project is filed.
func TestCodeOnTheForm(t *testing.T) {
	a, s := twoBodies(t)
	begin := func() *Form { return said(t, a, "UJY", "project", "register").Form }
	r := file(t, a, "UJY", begin(), "f", goodPage1, with(goodPage2, "code", "2018-2201"))
	wants(t, "bad code", r.Errors["code"], "不像项目代码")
	delete(s.projects, "CC-2018-0002")
	for id := range s.drafts {
		delete(s.drafts, id)
	}
	r = file(t, a, "UJY", begin(), "g", goodPage1, with(goodPage2, "code", testCode))
	if r.Next == nil || r.Tell != nil || len(s.projects) != 1 {
		t.Fatalf("filed without asking: %+v", r)
	}
	wants(t, "shown before", infos(r.Next), "CC-2018-0001", testCode)
	handedIn(t, a, "UJY", r.Next, "h", map[string]string{"anyway": "二期"})
	if p := s.projects["CC-2018-0002"]; p.HeldBy != "CC-2018-0001" || p.Code != testCode {
		t.Fatalf("filed: %+v", p)
	}
	// A verified project gets a code that somebody has where it is asked why.
	put(s, 3, verified)
	r = file(t, a, "UJY", said(t, a, "UJY", "project", "edit 0003").Form, "e", goodPage1, with(goodPage2, "code", testCode))
	wants(t, "verified", r.Errors["code"], testCode, "说明理由")
}

// Somebody gives the code after the form has looked: it looks again and asks.
func TestCodeGivenMeanwhile(t *testing.T) {
	a, s := twoBodies(t)
	late := &lateAlike{shelf: s}
	a.store = late
	put(s, 1, func(p *reporting.Project) { verified(p); p.ReporterBody = "kuancheng" })
	late.then = func() {
		put(s, 1, func(p *reporting.Project) { verified(p); p.ReporterBody, p.Code = "kuancheng", testCode })
	}
	if f := said(t, a, "UJY", "project", "code 0002 "+testCode).Form; f == nil || s.projects["CC-2018-0002"].Code != "" {
		t.Fatal("given without asking")
	}
	put(s, 1, func(p *reporting.Project) { verified(p); p.ReporterBody = "kuancheng" })
	late.then = func() {
		put(s, 1, func(p *reporting.Project) { verified(p); p.ReporterBody, p.Code = "kuancheng", testCode })
	}
	r := file(t, a, "UJY", said(t, a, "UJY", "project", "register").Form, "f", goodPage1, with(goodPage2, "code", testCode))
	if r.Next == nil || len(s.projects) != 2 {
		t.Fatalf("filed without asking: %+v", r)
	}
}
