package reporting

import "testing"

func TestNearAndRevised(t *testing.T) {
	tests := []struct {
		from, total   Wan
		near, revised bool
	}{
		{0, 9499, false, false}, {0, 9500, true, false}, {0, 10500, true, false}, {0, 10501, false, false},
		{9000, 12000, false, true}, {10000, 9000, false, true}, {10000, 10000, true, false}, {12000, 30000, false, false},
	}
	for _, tt := range tests {
		p := Project{InvestTotal: tt.total, Guards: Guards{RevisedFrom: tt.from}}
		if near, revised := Near(tt.total, Yi), p.Revised(Yi); near != tt.near || revised != tt.revised || p.Guarded(Yi) != (near || revised) {
			t.Errorf("%d → %d: near %v, revised %v", tt.from, tt.total, near, revised)
		}
	}
}

func TestEffect(t *testing.T) {
	p := Project{ID: "CC-2018-0001", TerritoryBody: "jingyue", InvestTotal: 12000, Status: Verified, VerifiedOn: Date{2018, 3, 1}, PlanYear: 2018}
	moved, small := p, p
	moved.TerritoryBody, small.InvestTotal = "kuancheng", 9000
	if won, lost := Effect(p, moved, Rules{Threshold: Yi}); len(won) != 1 || won[0].BodyID != "kuancheng" || len(lost) != 1 || lost[0].BodyID != "jingyue" {
		t.Errorf("moved: won %v, lost %v", won, lost)
	}
	if won, lost := Effect(p, small, Rules{Threshold: Yi}); won != nil || len(lost) != 2 {
		t.Errorf("small: won %v, lost %v", won, lost)
	}
}

func TestParseProjectCode(t *testing.T) {
	tests := []struct {
		typed, want string
		away        bool
		code        string // of the error's text
	}{
		{"2018-220102-36-03-000001", "2018-220102-36-03-000001", false, ""},
		{" ２０１８－２２０１０２－３６－０３－０００００１ ", "2018-220102-36-03-000001", false, ""},
		{"2018-110102-36-03-000001", "2018-110102-36-03-000001", true, ""},
		{"2018-220102-36-03-00000x", "", false, "err.code.year"},
		{"2019-220102-36-03-000001", "", false, "err.code.year"},
		{"2018-2201-36-03-000001", "", false, "err.code.form"}, {"无", "", false, "err.code.form"},
	}
	for _, tt := range tests {
		got, away, err := ParseProjectCode(tt.typed, Date{2018, 7, 31})
		if e, ok := err.(*Error); got != tt.want || away != tt.away || ok != (tt.code != "") || ok && e.Key != tt.code { //nolint:errorlint // it is what the function returns
			t.Errorf("%s: %q, %v, %v", tt.typed, got, away, err)
		}
	}
	for typed, ok := range map[string]bool{"2011-220102-04-01-12345X": true, "2104-220102-04-01-123456": true, "2113-220102-04-01-123456": false, "2105-220102-04-01-12345A": false, "2010-220102-04-01-12345A": false} {
		if _, _, err := ParseProjectCode(typed, Date{2021, 4, 1}); (err == nil) != ok {
			t.Errorf("%s: %v", typed, err)
		}
	}
}
