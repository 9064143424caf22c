package reporting

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func scored(q, c int, t Tally) Standing {
	t.Credited = c
	return Standing{BodyID: "jingyue", Year: 2018, AsOf: Date{2018, 7, 31}, HasQuota: true, Quota: Quota{Count: q}, Tally: t}
}

func TestScoreCheckValues(t *testing.T) {
	tests := []struct {
		what string
		s    Standing
		u    Upkeep
		want Score
	}{
		// 30 of 65: 60×30/65 = 27.69; 12 large, 24 complete: 15×36/60 = 9; 15 from S2 on: 7.5; 8 of 10 fresh and 1 of 40 returned: 4+5.
		{"behind", scored(65, 30, Tally{ByStage: [4]int{15, 10, 4, 1}, Large: 12, Complete: 24}), Upkeep{Open: 10, Fresh: 8, Filed: 40, Returned: 1}, Score{"jingyue", 277, 90, 75, 90, 0}},
		{"nothing", scored(65, 0, Tally{}), Upkeep{}, Score{BodyID: "jingyue"}},
		{"met and all well", scored(10, 10, Tally{ByStage: [4]int{0, 10}, Large: 10, Complete: 10}), Upkeep{Open: 10, Fresh: 10, Filed: 10}, Score{"jingyue", 600, 150, 150, 100, 0}},
		{"a tenth over", scored(10, 11, Tally{ByStage: [4]int{0, 11}, Large: 11, Complete: 11}), Upkeep{Open: 11, Fresh: 11, Filed: 11}, Score{"jingyue", 600, 150, 150, 100, 25}},
		{"twice the quota", scored(10, 20, Tally{ByStage: [4]int{0, 20}, Large: 20, Complete: 20}), Upkeep{Open: 20, Fresh: 20, Filed: 20}, Score{"jingyue", 600, 150, 150, 100, 50}},
		{"a tenth returned", scored(10, 9, Tally{ByStage: [4]int{9}}), Upkeep{Open: 9, Fresh: 9, Filed: 10, Returned: 1}, Score{"jingyue", 540, 0, 0, 50, 0}},
		{"nothing open", scored(10, 2, Tally{ByStage: [4]int{0, 0, 0, 2}}), Upkeep{Filed: 2}, Score{"jingyue", 120, 0, 150, 100, 0}},
		{"all returned", scored(10, 0, Tally{}), Upkeep{Filed: 2, Returned: 2}, Score{"jingyue", 0, 0, 0, 50, 0}},
	}
	for _, tt := range tests {
		got, ok := DefaultSheet.Score(tt.s, tt.u)
		if diff := cmp.Diff(tt.want, got); diff != "" || !ok {
			t.Errorf("%s: %s", tt.what, diff)
		}
	}
	if _, ok := DefaultSheet.Score(scored(0, 5, Tally{}), Upkeep{}); ok {
		t.Error("scored without a quota")
	}
	carried := scored(10, 10, Tally{ByStage: [4]int{5, 5}, Large: 5, Complete: 5})
	carried.Carried = 5
	if got, _ := DefaultSheet.Score(carried, Upkeep{}); got.Quality != 150 || got.Quantity != 600 {
		t.Errorf("with carried ones: %+v", got)
	}
}

func TestScoreSheetValid(t *testing.T) {
	for _, tt := range []struct {
		sheet ScoreSheet
		want  bool
	}{
		{DefaultSheet, true}, {ScoreSheet{Quantity: 100}, true}, {ScoreSheet{Quantity: 60, Quality: 15, Conversion: 15, Timeliness: 11}, false},
		{ScoreSheet{Quantity: 110, Quality: -10}, false}, {ScoreSheet{Quantity: 100, Bonus: 6}, false}, {ScoreSheet{Quantity: 100, Bonus: -1}, false}, {ScoreSheet{}, false},
	} {
		if got := tt.sheet.Valid(); got != tt.want {
			t.Errorf("%+v: %v", tt.sheet, got)
		}
	}
}

// A score lies from 0 to 105, each part from 0 to its weight; one credit more
// never lowers quantity and bonus, and whoever has met all has 100.
func TestScoreProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := rapid.IntRange(0, 100).Draw(t, "a"), rapid.IntRange(0, 100).Draw(t, "b"), rapid.IntRange(0, 100).Draw(t, "c")
		w := ScoreSheet{Quantity: min(a, 100), Bonus: rapid.IntRange(0, MaxBonus).Draw(t, "bonus")}
		w.Quality = min(b, 100-w.Quantity)
		w.Conversion = min(c, 100-w.Quantity-w.Quality)
		w.Timeliness = 100 - w.Quantity - w.Quality - w.Conversion
		if !w.Valid() {
			t.Fatalf("%+v", w)
		}
		credited := rapid.IntRange(0, 500).Draw(t, "credited")
		part := func(of int, what string) int { return rapid.IntRange(0, of).Draw(t, what) }
		s1 := part(credited, "s1")
		tally := Tally{ByStage: [4]int{s1, credited - s1}, Large: part(credited, "large"), Complete: part(credited, "complete")}
		open, filed := rapid.IntRange(0, 500).Draw(t, "open"), rapid.IntRange(0, 500).Draw(t, "filed")
		u := Upkeep{Open: open, Fresh: part(open, "fresh"), Filed: filed, Returned: part(filed, "returned")}
		quota := rapid.IntRange(1, 400).Draw(t, "quota")
		got, ok := w.Score(scored(quota, credited, tally), u)
		if !ok || got.Total() < 0 || got.Total() > 1000+10*MaxBonus {
			t.Fatalf("%+v of %d, %v", got, got.Total(), ok)
		}
		for _, p := range []struct {
			got  Points
			most int
		}{{got.Quantity, w.Quantity}, {got.Quality, w.Quality}, {got.Conversion, w.Conversion}, {got.Timeliness, w.Timeliness}, {got.Bonus, w.Bonus}} {
			if p.got < 0 || int(p.got) > 10*p.most {
				t.Fatalf("%+v exceeds %+v", got, w)
			}
		}
		more, _ := w.Score(scored(quota, credited+1, tally), u)
		if more.Quantity < got.Quantity || more.Bonus < got.Bonus || credited < quota && got.Bonus != 0 {
			t.Fatalf("%+v, with one more %+v", got, more)
		}
		best, _ := w.Score(scored(quota, quota, Tally{ByStage: [4]int{0, quota}, Large: quota, Complete: quota}), Upkeep{Open: 3, Fresh: 3, Filed: 3})
		if best.Total() != 1000 {
			t.Fatalf("all met gives %+v under %+v", best, w)
		}
	})
}

func TestRankScores(t *testing.T) {
	got := RankScores([]Score{{BodyID: "c", Quantity: 10}, {BodyID: "b", Quality: 30}, {BodyID: "a", Bonus: 10}})
	want := []RankedScore{{Score{BodyID: "b", Quality: 30}, 1}, {Score{BodyID: "a", Bonus: 10}, 2}, {Score{BodyID: "c", Quantity: 10}, 2}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
