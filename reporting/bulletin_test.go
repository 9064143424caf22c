package reporting

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestPeriods(t *testing.T) {
	for _, tt := range []struct {
		day, month, quarter string
	}{
		{"2018-08-01", "2018-07 2018-07-01 2018-07-31", "2018-Q2 2018-04-01 2018-06-30"},
		{"2018-07-31", "2018-06 2018-06-01 2018-06-30", "2018-Q2 2018-04-01 2018-06-30"},
		{"2018-10-01", "2018-09 2018-09-01 2018-09-30", "2018-Q3 2018-07-01 2018-09-30"},
		{"2019-01-01", "2018-12 2018-12-01 2018-12-31", "2018-Q4 2018-10-01 2018-12-31"},
		{"2020-03-01", "2020-02 2020-02-01 2020-02-29", "2019-Q4 2019-10-01 2019-12-31"},
	} {
		d, err := ParseDate(tt.day)
		if err != nil {
			t.Fatal(err)
		}
		for kind, want := range map[BulletinKind]string{Monthly: tt.month, Quarterly: tt.quarter} {
			p := LastEnded(kind, d)
			if got := p.String() + " " + p.First().String() + " " + p.Last().String(); got != want {
				t.Errorf("%s on %s: %s, want %s", kind, tt.day, got, want)
			}
		}
	}
}

// figuresOf is a snapshot of 31 July with bodies "name kind credited/quota".
func figuresOf(rule BulletinRule, bodies ...string) BulletinSnapshot {
	s := BulletinSnapshot{AsOf: Date{2018, time.July, 31}, Pace: DefaultThresholds, Rule: rule}
	s.Lines = []BulletinLine{{Standing: Standing{BodyID: City, Year: 2018, AsOf: s.AsOf, HasQuota: true, Quota: Quota{Count: 1000}}}}
	for _, text := range bodies {
		f := strings.Fields(text)
		l := BulletinLine{Kind: Kind(f[1]), Ended: len(f) > 3}
		l.Standing = Standing{BodyID: f[0], Year: 2018, AsOf: s.AsOf}
		c, q, _ := strings.Cut(f[2], "/")
		l.Tally.Credited, l.Quota.Count = number(c), number(q)
		l.HasQuota = q != "-"
		s.Lines = append(s.Lines, l)
	}
	return s
}

func number(s string) int {
	n := 0
	for _, r := range s {
		if r >= '0' && r <= '9' {
			n = 10*n + int(r-'0')
		}
	}
	return n
}

// On 31 July 58.1% of the year is gone.
func TestExtremes(t *testing.T) {
	three := BulletinRule{3, 3}
	for _, tt := range []struct {
		name        string
		rule        BulletinRule
		exempt      []string
		bodies      []string
		best, worst string
	}{
		{"three of each, worst last", three, nil,
			[]string{"a district 60/60", "b county 50/60", "c devzone 40/60", "d district 30/60", "e district 20/60", "f district 10/60", "g district 5/60"},
			"a1 b2 c3", "e5 f6 g7"},
		{"ties are never cut", BulletinRule{2, 2}, nil,
			[]string{"a district 60/60", "b district 50/60", "c district 50/60", "d district 50/60", "e district 20/60", "f district 20/60", "g district 20/60", "h district 10/60"},
			"a1 b2 c2 d2", "e5 f5 g5 h8"},
		{"who met the quota, or the time, is never among the worst", three, nil,
			[]string{"a district 90/60", "b district 80/60", "c district 70/60", "d district 60/60", "e district 36/60", "f district 20/60"},
			"a1 b2 c3", "f6"},
		{"nobody is behind", three, nil, []string{"a district 60/60", "b district 40/60", "c district 36/60"}, "a1 b2", ""},
		{"without a quota, or ended", three, nil,
			[]string{"a district 40/60", "b district 30/60", "c district 0/-", "d district 0/0", "e district 1/60 ended", "f district 10/60"}, "a1 b2", "f3"},
		{"exempt", three, []string{"f"}, []string{"a district 40/60", "b district 30/60", "e district 20/60", "f district 10/60"}, "a1 b2", "e3"},
		{"who has nothing is not among the best", three, nil, []string{"a district 1/60", "b district 0/60", "c district 0/60"}, "a1", "b2 c2"},
		{"too little due to say anything", three, nil, []string{"a district 40/60", "b district 0/1"}, "a1", ""},
		{"no lists", BulletinRule{}, nil, []string{"a district 40/60", "b district 3/60", "c district 2/60"}, "", ""},
		{"the other series", three, nil, []string{"a department 40/60", "b enterprise 3/60", "c office 2/60"}, "", ""},
		{"none at all", three, nil, nil, "", ""},
	} {
		names := func(all []RankedLine) string {
			var out []string
			for _, r := range all {
				out = append(out, r.BodyID+string(rune('0'+r.Rank)))
			}
			return strings.Join(out, " ")
		}
		e := figuresOf(tt.rule, tt.bodies...).Extremes(Territories, tt.exempt)
		if names(e.Best) != tt.best || names(e.Worst) != tt.worst {
			t.Errorf("%s: best %q, worst %q, want %q and %q", tt.name, names(e.Best), names(e.Worst), tt.best, tt.worst)
		}
	}
	e := figuresOf(three, "a department 40/60", "b enterprise 3/60", "c office 2/60", "d district 1/60").Extremes(Departments, nil)
	if len(e.Best) != 1 || len(e.Worst) != 1 || e.Worst[0].BodyID != "b" {
		t.Errorf("departments: %+v", e)
	}
}

var (
	wangFang = Actor{UserID: "U1", Role: Reviewer}
	liQiang  = Actor{UserID: "U2", Role: Admin}
	nobodys  = Actor{UserID: "U9", Role: Leader}
)

func july() Period { return Period{Monthly, 2018, 7} }

func drafted(t *testing.T, a Actor) Bulletin {
	t.Helper()
	c, err := NewBulletin(a, july(), figuresOf(DefaultBulletinRule, "a district 40/60"), Date{2018, time.August, 1}, 10)
	if err != nil {
		t.Fatal(err)
	}
	return written(t)(c, nil)
}

// written is what storage does with a change.
func written(t *testing.T) func(BulletinChange, error) Bulletin {
	return func(c BulletinChange, err error) Bulletin {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		c.Bulletin.Version++
		return c.Bulletin
	}
}

func TestBulletinLife(t *testing.T) {
	b := drafted(t, System)
	if b.ID != "2018-07" || b.No != 0 || b.Status != BulletinDraft || b.DraftedBy != "mouhua" {
		t.Errorf("drafted: %+v", b)
	}
	b = written(t)(EditBulletin(wangFang, b, 1, map[string]string{FieldBulletinOpening: " 各单位： ", FieldBulletinExempt: "b|a", FieldExemptReason: "受灾"}, 20))
	if b.Opening != "各单位：" || b.Title != "" || !slices.Equal(b.Exempt, []string{"a", "b"}) || b.EditedBy != "U1" {
		t.Errorf("edited: %+v", b)
	}
	b = written(t)(CheckBulletin(liQiang, b, 2, 30))
	b = written(t)(RecountBulletin(wangFang, b, 3, b.Snapshot, 35))
	if b.Status != BulletinDraft || b.ReadyBy != "" {
		t.Errorf("new figures leave the check: %+v", b)
	}
	b = written(t)(CheckBulletin(wangFang, b, 4, 40))
	bodies := []Body{{ID: "a", ChannelID: "C1"}, {ID: "b"}, {ID: "c", ChannelID: "C3", EndsOn: Date{2018, time.July, 31}}, {ID: "d", ChannelID: "C4"}}
	c, err := ReleaseBulletin(liQiang, b, 5, 8, BulletinTexts{"通报", "各单位：", "抓紧"}, bodies, Date{2018, time.August, 2}, 50)
	b = written(t)(c, err)
	if b.No != 8 || b.Title != "通报" || b.ReleasedBy != "U2" || b.Status != BulletinReleased {
		t.Errorf("released: %+v", b)
	}
	var keys []string
	for _, m := range c.Messages {
		keys = append(keys, m.Key)
	}
	want := []string{"bulletin_card/2018-07/6", "bulletin/8/2018/a", "bulletin/8/2018/d", "bulletin/8/2018/leaders"}
	if diff := cmp.Diff(want, keys); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
	fresh := figuresOf(DefaultBulletinRule, "a district 41/60")
	fix := written(t)(CorrectBulletin(wangFang, b, fresh, "漏报一个项目", 60))
	if fix.ID != "2018-07~8" || fix.Corrects != 8 || fix.Measures != "抓紧" || fix.Opening != "" || fix.Status != BulletinDraft {
		t.Errorf("correction: %+v", fix)
	}
}

// TestBulletinRefusals has every step that is refused, and why.
func TestBulletinRefusals(t *testing.T) {
	draft := drafted(t, wangFang)
	ready := written(t)(CheckBulletin(wangFang, draft, 0, 20))
	edited := written(t)(EditBulletin(liQiang, draft, 0, map[string]string{FieldBulletinTitle: "通报"}, 15))
	editedReady := written(t)(CheckBulletin(wangFang, edited, 0, 20))
	out := written(t)(ReleaseBulletin(liQiang, ready, 0, 1, BulletinTexts{}, nil, Date{2018, time.August, 2}, 30))
	figures := draft.Snapshot
	third := Actor{UserID: "U3", Role: Reviewer}
	release := func(a Actor, b Bulletin, seen int) error {
		_, err := ReleaseBulletin(a, b, seen, 1, BulletinTexts{}, nil, Date{2018, time.August, 2}, 30)
		return err
	}
	edit := func(a Actor, b Bulletin, seen int, v map[string]string) error {
		_, err := EditBulletin(a, b, seen, v, 30)
		return err
	}
	draftBy := func(a Actor, p Period, s BulletinSnapshot) error {
		_, err := NewBulletin(a, p, s, Date{2018, time.August, 1}, 1)
		return err
	}
	check := func(a Actor, b Bulletin) error { _, err := CheckBulletin(a, b, 0, 1); return err }
	correct := func(a Actor, b Bulletin, why string) error {
		_, err := CorrectBulletin(a, b, figures, why, 1)
		return err
	}
	_, late := RecountBulletin(wangFang, out, 0, figures, 1)
	for _, tt := range []struct {
		name string
		err  error
		want string
	}{
		{"a leader drafts", draftBy(nobodys, july(), figures), "err.forbidden"},
		{"a month that is not over", draftBy(wangFang, Period{Monthly, 2018, 8}, figures), "err.bulletin.early"},
		{"nothing was owed", draftBy(wangFang, july(), figuresOf(DefaultBulletinRule, "a district 3/-")), "err.bulletin.nothing"},
		{"a leader edits", edit(nobodys, draft, 0, nil), "err.forbidden"},
		{"nothing changed", edit(wangFang, draft, 0, nil), "err.bulletin.same"},
		{"an old sight", edit(wangFang, ready, 1, map[string]string{FieldBulletinTitle: "x"}), "err.bulletin.changed"},
		{"exempt without a reason", edit(wangFang, draft, 0, map[string]string{FieldBulletinExempt: "a"}), "err.required"},
		{"a reason for nobody", edit(wangFang, draft, 0, map[string]string{FieldExemptReason: "受灾"}), "err.bulletin.exempt"},
		{"a title too long", edit(wangFang, draft, 0, map[string]string{FieldBulletinTitle: strings.Repeat("长", 81)}), "err.too_long"},
		{"released is not edited", edit(wangFang, out, 0, map[string]string{FieldBulletinTitle: "x"}), "err.bulletin.released"},
		{"nor recounted", late, "err.bulletin.released"},
		{"nor checked", check(wangFang, out), "err.bulletin.released"},
		{"checked twice", check(liQiang, ready), "err.bulletin.checked"},
		{"released unchecked", release(liQiang, draft, 0), "err.bulletin.unchecked"},
		{"released by who checked", release(wangFang, ready, 0), "err.bulletin.second"},
		{"released by who edited", release(liQiang, editedReady, 0), "err.bulletin.second"},
		{"released by a third", release(third, editedReady, 0), ""},
		{"released by a leader", release(nobodys, ready, 0), "err.forbidden"},
		{"released as it no longer is", release(liQiang, ready, 1), "err.bulletin.changed"},
		{"released twice", release(third, out, 0), "err.bulletin.released"},
		{"a draft is corrected", correct(wangFang, draft, "错"), "err.bulletin.not_released"},
		{"corrected without a reason", correct(wangFang, out, " "), "err.required"},
		{"corrected by a leader", correct(nobodys, out, "错"), "err.forbidden"},
		{"an official reads a draft", CanReadBulletin(Actor{UserID: "U7", Role: Official}, draft), "err.forbidden"},
		{"and a released one", CanReadBulletin(Actor{UserID: "U7", Role: Official}, out), ""},
		{"a stranger does not", CanReadBulletin(Actor{UserID: "U8"}, out), "err.forbidden"},
	} {
		got := ""
		var e *Error
		var all FieldErrors
		switch {
		case errors.As(tt.err, &all):
			got = all[0].Key
		case errors.As(tt.err, &e):
			got = e.Key
		case tt.err != nil:
			got = tt.err.Error()
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	var e *Error
	if errors.As(release(liQiang, editedReady, 0), &e); e.Args["but"] != "U1 U2" {
		t.Errorf("who cannot is not said: %v", e.Args)
	}
}

func TestCorrected(t *testing.T) {
	was := figuresOf(DefaultBulletinRule, "a district 40/60", "b district 30/60", "gone district 2/-")
	is := figuresOf(DefaultBulletinRule, "a district 41/60", "b district 30/60", "new district 1/10")
	is.Lines[0].Tally.Invest = 5
	var got []string
	for _, d := range is.Corrected(was) {
		got = append(got, strings.Join([]string{d.Is.BodyID, string(rune('0' + d.Is.Tally.Credited%10)), string(rune('0' + d.Was.Tally.Credited%10))}, " "))
	}
	if diff := cmp.Diff([]string{" 0 0", "a 1 0", "new 1 0", "gone 0 2"}, got); diff != "" {
		t.Errorf("corrected (-want +got):\n%s", diff)
	}
}

func TestLate(t *testing.T) {
	loc := time.FixedZone("CST", 8*3600)
	s := BulletinSnapshot{AsOf: Date{2018, time.July, 31}}
	for at, want := range map[string]bool{"2018-08-01T00:00:05": false, "2018-08-01T23:59:59": false, "2018-08-02T00:00:00": true} {
		when, err := time.ParseInLocation("2006-01-02T15:04:05", at, loc)
		if err != nil {
			t.Fatal(err)
		}
		if s.TakenAt = when.UnixMilli(); s.Late(loc) != want {
			t.Errorf("late at %s: %v", at, !want)
		}
	}
}
