package reporting

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

const shared = "2018-220102-36-03-000001"

// coded is a project of a body in a status, with a code.
func coded(id, body string, s Status, code string) Project {
	p := Project{ID: id, ReporterBody: body, TerritoryBody: body, InvestTotal: 2 * Yi, Status: s, PlanYear: 2018, Version: 3, Guards: Guards{Code: code}}
	if s == Verified {
		p.VerifiedOn = Date{2018, 3, 1}
	}
	return p
}

func keyOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Key
	}
	return ""
}

func TestShareCodeHolds(t *testing.T) {
	official := Actor{UserID: "UJY", Role: Official, BodyID: "jingyue"}
	tests := []struct {
		what     string
		p, other Project
		held     string
		messages int
	}{
		{"both credited: the younger", coded("CC-2018-0009", "jingyue", Verified, ""), coded("CC-2018-0003", "kuancheng", Verified, shared), "CC-2018-0009", 3},
		{"both credited, the younger has it", coded("CC-2018-0003", "jingyue", Verified, ""), coded("CC-2018-0009", "kuancheng", Verified, shared), "CC-2018-0009", 3},
		{"one credited: the other", coded("CC-2018-0009", "jingyue", Verified, ""), coded("CC-2018-0003", "kuancheng", Submitted, shared), "CC-2018-0003", 3},
		{"one credited: it", coded("CC-2018-0003", "jingyue", Returned, ""), coded("CC-2018-0009", "kuancheng", Verified, shared), "CC-2018-0003", 3},
		{"none credited: the younger", coded("CC-2018-0003", "jingyue", Submitted, ""), coded("CC-2018-0009", "kuancheng", Submitted, shared), "CC-2018-0009", 3},
		{"one body: only marked", coded("CC-2018-0009", "jingyue", Verified, ""), coded("CC-2018-0003", "jingyue", Verified, shared), "", 0},
	}
	for _, tt := range tests {
		changes, err := ShareCode(official, tt.p, tt.other, shared, " 二期 ", Rules{Threshold: Yi}, Date{2018, 7, 31}, 5)
		if err != nil {
			t.Errorf("%s: %v", tt.what, err)
			continue
		}
		held, messages := "", 0
		for _, c := range changes {
			if c.Project.HeldBy != "" {
				held = c.Project.ID
			}
			for _, m := range c.Messages {
				if m.Kind == Arbitration || m.Kind == PairTold {
					messages++
				}
			}
			if cards := len(recardsOf(c)); c.Project.Status == Submitted && cards != 2 || c.Project.Status != Submitted && cards != 0 {
				t.Errorf("%s: %d cards of %s", tt.what, cards, c.Project.ID)
			}
			if c.Event.After != any(c.Project) {
				t.Errorf("%s: the event says %+v", tt.what, c.Event.After)
			}
		}
		p := changes[0].Project
		if held != tt.held || messages != tt.messages || p.ID != tt.p.ID || p.Code != shared || p.AlikeTo != tt.other.ID || p.AlikeWhy != "二期" {
			t.Errorf("%s: held %q, %d messages, %+v", tt.what, held, messages, p)
		}
	}
}

// recardsOf are the messages by which a submission gets a new card.
func recardsOf(c Change) []Message {
	return slices.DeleteFunc(slices.Clone(c.Messages), func(m Message) bool { return m.Kind != ReviewCard && m.Kind != CardUpdate })
}

// A submission that is changed while it waits gets a card whose buttons work,
// and the old one is closed; the decision finds the new one.
func TestChangedSubmissionGetsANewCard(t *testing.T) {
	office := Actor{UserID: "URE", Role: Reviewer}
	p := coded("CC-2018-0009", "jingyue", Submitted, "")
	c, err := SetCode(office, p, shared, Date{2018, 7, 31}, 5)
	if err != nil {
		t.Fatal(err)
	}
	cards := recardsOf(c)
	if len(cards) != 2 || cards[0].Key != ReviewCardKey(p.ID, 4) || cards[1].EditOf != ReviewCardKey(p.ID, 3) || cards[1].Args["replaced"] == "" {
		t.Fatalf("cards %+v", cards)
	}
	q := c.Project
	q.Version++
	c, err = Approve(office, q, 4, Date{2018, 7, 31}, 6)
	if err != nil || c.Messages[0].EditOf != cards[0].Key {
		t.Errorf("decided %+v, %v", c.Messages, err)
	}
}

func TestShareCodeRefusals(t *testing.T) {
	official, day := Actor{UserID: "UJY", Role: Official, BodyID: "jingyue"}, Date{2018, 7, 31}
	p, other := coded("CC-2018-0009", "jingyue", Verified, ""), coded("CC-2018-0003", "kuancheng", Verified, shared)
	change := func(p Project, f func(p *Project)) Project { f(&p); return p }
	over := func(p *Project) { p.Status = Withdrawn }
	waits := func(p *Project) { p.HeldBy = "CC-2018-0001" }
	tests := []struct {
		what      string
		a         Actor
		p, other  Project
		code, why string
		want      string
	}{
		{"another body's official", Actor{Role: Official, BodyID: "fgw"}, p, other, shared, "二期", "err.forbidden"},
		{"leader", Actor{Role: Leader}, p, other, shared, "二期", "err.forbidden"},
		{"no reason", official, p, other, shared, " ", "err.reason.required"},
		{"bad code", official, p, other, "无", "二期", "err.code.form"},
		{"over", official, change(p, over), other, shared, "二期", "err.project.status"},
		{"the other is over", official, p, change(other, over), shared, "二期", "err.project.changed"},
		{"the other has another code by now", official, p, change(other, func(p *Project) { p.Code = "" }), shared, "二期", "err.project.changed"},
		{"itself", official, p, change(p, func(p *Project) { p.Code = shared }), shared, "二期", "err.project.changed"},
		{"waits about a third", official, change(p, waits), other, shared, "二期", "err.arbitration.open"},
		{"the other waits about a third", official, p, change(other, waits), shared, "二期", "err.arbitration.open"},
	}
	for _, tt := range tests {
		if _, err := ShareCode(tt.a, tt.p, tt.other, tt.code, tt.why, Rules{Threshold: Yi}, day, 5); keyOf(err) != tt.want {
			t.Errorf("%s: %v, want %s", tt.what, err, tt.want)
		}
	}
}

// However two bodies' projects stand, one of them is held and exactly one
// earns its credits where one would, and after the decision both do.
func TestShareCodeCountsOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		office := Actor{UserID: "URE", Role: Reviewer}
		status := rapid.SampledFrom([]Status{Submitted, Returned, Verified})
		ids := rapid.Permutation([]string{"CC-2018-0003", "CC-2018-0009"}).Draw(t, "ids")
		p, other := coded(ids[0], "jingyue", status.Draw(t, "p"), ""), coded(ids[1], "kuancheng", status.Draw(t, "other"), shared)
		earn := func(all ...Project) (n int) {
			for _, q := range all {
				n += min(1, len(CreditsFor(q, Rules{Threshold: Yi})))
			}
			return n
		}
		before := earn(p, other)
		changes, err := ShareCode(office, p, other, shared, "二期", Rules{Threshold: Yi}, Date{2018, 7, 31}, 5)
		if err != nil {
			t.Fatal(err)
		}
		now := map[string]Project{p.ID: p, other.ID: other}
		for _, c := range changes {
			now[c.Project.ID] = c.Project
		}
		p, other = now[p.ID], now[other.ID]
		if (p.HeldBy == other.ID) == (other.HeldBy == p.ID) || earn(p, other) != min(before, 1) {
			t.Fatalf("held by %q and %q, %d earn of %d", p.HeldBy, other.HeldBy, earn(p, other), before)
		}
		held, holder := p, other
		if held.HeldBy == "" {
			held, holder = holder, held
		}
		kept, err := KeepBoth(office, held, holder, 0, "是两个项目", 6)
		if err != nil || earn(kept.Project, holder) != before {
			t.Fatalf("after the decision %d of %d earn, %v", earn(kept.Project, holder), before, err)
		}
	})
}

func TestMayShareCode(t *testing.T) {
	p := coded("CC-2018-0009", "jingyue", Submitted, shared)
	theirs, own := coded("CC-2018-0003", "kuancheng", Verified, shared), coded("CC-2018-0004", "jingyue", Verified, shared)
	marked := p
	marked.AlikeTo = "CC-2018-0001"
	linked := p
	linked.AlikeTo = theirs.ID
	back := theirs
	back.AlikeTo = p.ID
	tests := []struct {
		what   string
		p      Project
		others []Project
		want   string
	}{
		{"nobody has it", p, nil, ""}, {"another body", p, []Project{theirs}, "err.code.taken"}, {"its own body", p, []Project{own}, "err.code.taken"},
		{"its own body, like a third", marked, []Project{own}, ""}, {"another body, like a third", marked, []Project{theirs, own}, "err.code.taken"},
		{"linked", linked, []Project{theirs}, ""}, {"linked back", p, []Project{back}, ""}, {"linked with one of two", linked, []Project{own, theirs}, ""},
	}
	for _, tt := range tests {
		if got := keyOf(MayShareCode(tt.p, tt.others)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.what, got, tt.want)
		}
	}
}

func TestForemost(t *testing.T) {
	p := coded("CC-2018-0009", "jingyue", Submitted, shared)
	theirs, own := coded("CC-2018-0003", "kuancheng", Verified, shared), coded("CC-2018-0001", "jingyue", Verified, shared)
	name := coded("CC-2018-0002", "kuancheng", Verified, "")
	for _, tt := range []struct {
		like []Project
		want string
	}{{nil, ""}, {[]Project{own}, own.ID}, {[]Project{own, name}, name.ID}, {[]Project{own, name, theirs}, theirs.ID}} {
		if got := Foremost(p, tt.like); got.ID != tt.want {
			t.Errorf("%v: %s, want %s", tt.like, got.ID, tt.want)
		}
	}
	if got := Duplicates(p, []Project{name, theirs, own, p}, func(s string) string { return s }); !slices.EqualFunc(got, []Project{own, theirs}, func(a, b Project) bool { return a.ID == b.ID }) {
		t.Errorf("same code: %v", got)
	}
}

// The code of the form is optional, checked with the day, and kept by a new
// edit as typed.
func TestCodeOfTheForm(t *testing.T) {
	day, official := Date{2018, 7, 31}, Actor{UserID: "U1", Role: Official, BodyID: "jingyue"}
	submit := func(code string, old Project) (Change, error) {
		v := goodValues()
		v[FieldCode] = code
		d := Draft{ID: "d", BodyID: "jingyue", ProjectID: old.ID, BaseVer: old.Version, Values: v}
		return Submit(official, d, old, "CC-2018-0001", testBodies["jingyue"], register, day, 1)
	}
	for typed, want := range map[string]string{"": "", " ２０１８－220102-36-03-000001": shared, "2018-220102": "err.code.form", "2019-220102-36-03-000001": "err.code.year"} {
		c, err := submit(typed, Project{})
		if got := faults(err)[FieldCode]; got != "" && got != want || got == "" && c.Project.Code != want {
			t.Errorf("%q: %q, %v", typed, c.Project.Code, err)
		}
	}
	old := coded("CC-2018-0001", "jingyue", Returned, shared)
	old.AlikeTo = "CC-2018-0002"
	if c, err := submit("", old); err != nil || c.Project.Code != "" || c.Project.AlikeTo != old.AlikeTo {
		t.Errorf("resubmitted: %+v, %v", c.Project.Guards, err)
	}
	if c, err := submit(shared, coded("CC-2018-0001", "jingyue", Verified, "")); err != nil || c.Project.Code != shared {
		t.Errorf("amended: %+v, %v", c.Project.Guards, err)
	}
}
