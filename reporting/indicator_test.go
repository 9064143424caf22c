package reporting

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSetIndicator(t *testing.T) {
	office := Actor{UserID: "URE", Role: Reviewer}
	book := IndicatorBook{Body: Body{ID: "jingyue"}, Year: 2018, Targets: []IndicatorTarget{
		{BodyID: "jingyue", Year: 2018, Indicator: Landed, Version: 1, Target: 10}, {BodyID: "jingyue", Year: 2018, Indicator: Landed, Version: 2, Target: 20},
	}}
	tests := []struct {
		what   string
		a      Actor
		target IndicatorTarget
		seen   int
		want   string
	}{
		{"official", Actor{Role: Official, BodyID: "jingyue"}, IndicatorTarget{Indicator: Landed, Target: 5, Reason: "x"}, -1, "err.forbidden"},
		{"leader", Actor{Role: Leader}, IndicatorTarget{Indicator: Landed, Target: 5, Reason: "x"}, -1, "err.forbidden"},
		{"unknown", office, IndicatorTarget{Indicator: "exports", Target: 5, Reason: "x"}, -1, "err.choice"},
		{"negative", office, IndicatorTarget{Indicator: Landed, Target: -1, Reason: "x"}, -1, "err.indicator.target"},
		{"too many", office, IndicatorTarget{Indicator: Landed, Target: maxQuota + 1, Reason: "x"}, -1, "err.indicator.target"},
		{"no reason", office, IndicatorTarget{Indicator: Landed, Target: 5}, -1, "err.reason.required"},
		{"changed meanwhile", office, IndicatorTarget{Indicator: Landed, Target: 5, Reason: "x"}, 1, "err.indicator.changed"},
		{"the same", office, IndicatorTarget{Indicator: Landed, Target: 20, Reason: "x"}, 2, "err.indicator.same"},
		{"nothing to take away", office, IndicatorTarget{Indicator: Funds, Target: 0, Reason: "x"}, 2, "err.indicator.same"},
		{"taken", office, IndicatorTarget{Indicator: Landed, Target: 25, Reason: " x ", DocNo: " 1号 "}, 2, ""},
	}
	for _, tt := range tests {
		c, err := SetIndicator(tt.a, book, tt.target, tt.seen, 7)
		got := keyOf(err)
		if f, ok := err.(FieldErrors); ok { //nolint:errorlint // it is what the function returns
			got = f[0].Key
		}
		if got != tt.want {
			t.Errorf("%s: %v, want %q", tt.what, err, tt.want)
		}
		if tt.want == "" {
			want := IndicatorTarget{BodyID: "jingyue", Year: 2018, Indicator: Landed, Version: 3, Target: 25, Reason: "x", DocNo: "1号", SetBy: "URE", SetAt: 7}
			if diff := cmp.Diff(want, c.Target); diff != "" || len(c.Messages) != 1 || c.Event.Action != "indicator.set" || c.Event.Before != any(book.Targets[1]) {
				t.Errorf("%s: %s\n%+v", tt.what, diff, c)
			}
		}
	}
}

func TestIndicatorLines(t *testing.T) {
	tally := Tally{Promoted: 50000, ByStage: [4]int{1, 2, 3, 4}}
	var got []IndicatorLine
	for _, i := range Indicators {
		got = append(got, LineOf(IndicatorTarget{BodyID: "jingyue", Year: 2018, Indicator: i, Target: 10}, tally, 1234))
	}
	want := []IndicatorLine{
		{"jingyue", 2018, Promotion, 10, 50000}, {"jingyue", 2018, Landed, 10, 7}, {"jingyue", 2018, Funds, 10, 1234},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if done := got[1].Done(); done != 0.7 {
		t.Errorf("done %v", done)
	}
	mixed := []IndicatorLine{want[2], {"beihu", 2018, Landed, 1, 1}, want[0]}
	SortLines(mixed)
	if mixed[0].BodyID != "beihu" || mixed[1] != want[0] {
		t.Errorf("sorted %v", mixed)
	}
	f := Frozen{Indicators: mixed}
	if len(f.Lines(City)) != 3 || len(f.Lines("beihu")) != 1 {
		t.Errorf("of one body %v", f.Lines("beihu"))
	}
}
