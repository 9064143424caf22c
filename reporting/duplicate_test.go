package reporting

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestDuplicates(t *testing.T) {
	there := Project{ID: "CC-2018-0003", Name: "净月智能制造产业园", OwnerUnit: "示例·制造集团", InvestTotal: 32000, Status: Submitted}
	tests := map[string]struct {
		edit func(p *Project)
		want bool
	}{
		"same in all":            {func(*Project) {}, true},
		"longer name, owner":     {func(p *Project) { p.Name, p.InvestTotal = "净月 智能制造产业园 项目", 90000 }, true},
		"2% more, another owner": {func(p *Project) { p.OwnerUnit, p.InvestTotal = "示例·另一家", 32653 }, true},
		"2% less, owner open":    {func(p *Project) { p.OwnerUnit, p.InvestTotal = "拟引进", 31360 }, true},
		"more than 2%":           {func(p *Project) { p.OwnerUnit, p.InvestTotal = "示例·另一家", 32654 }, false},
		"another phase":          {func(p *Project) { p.Name = "净月智能制造产业园二期扩建" }, false},
		"another name":           {func(p *Project) { p.Name = "宽城轨道客车配套基地" }, false},
		"name of no letters":     {func(p *Project) { p.Name = "——" }, false},
		"itself":                 {func(p *Project) { p.ID = "CC-2018-0003" }, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := there
			p.ID = "CC-2018-0009"
			tt.edit(&p)
			if got := len(Duplicates(p, []Project{there}, strings.ToLower)) == 1; got != tt.want {
				t.Errorf("found %v, want %v", got, tt.want)
			}
		})
	}
	gone := there
	gone.Status = Merged
	if got := Duplicates(Project{Name: there.Name, InvestTotal: 32000}, []Project{gone}, strings.ToLower); got != nil {
		t.Errorf("a merged project is found: %v", got)
	}
}

// Names that are alike share a key, whatever they are made of.
func TestLikenessKeysMissNothing(t *testing.T) {
	letters := rapid.SliceOfN(rapid.SampledFrom([]rune("净月智能制造产业园项目ab1")), 1, 30)
	rapid.Check(t, func(t *rapid.T) {
		a := letters.Draw(t, "a")
		b := slices.Clone(a)
		for range rapid.IntRange(0, 3).Draw(t, "slips") {
			b = slices.Insert(b, rapid.IntRange(0, len(b)).Draw(t, "at"), letters.Draw(t, "more")[0])
		}
		x, y := string(a), string(b)
		if AlikeNames(x, y) != AlikeNames(y, x) {
			t.Fatalf("%q and %q are alike one way only", x, y)
		}
		shared := slices.ContainsFunc(LikenessKeys(x), func(k string) bool { return slices.Contains(LikenessKeys(y), k) })
		if AlikeNames(x, y) && !shared {
			t.Fatalf("%q and %q are alike and share no key", x, y)
		}
	})
}

func TestFileAnywayAndDecide(t *testing.T) {
	office := Actor{UserID: "URE", Role: Reviewer}
	older := Project{ID: "CC-2018-0003", ReporterBody: "kuancheng", TerritoryBody: "kuancheng", InvestTotal: Yi, Status: Verified, VerifiedOn: Date{2018, 3, 1}, PlanYear: 2018, Version: 2}
	filed := Project{ID: "CC-2018-0009", ReporterBody: "jingyue", TerritoryBody: "jingyue", InvestTotal: Yi, Status: Submitted, PlanYear: 2018}
	change := Change{Project: filed, Event: Event{Actor: "UJY", After: filed}}
	if _, err := FileAnyway(change, older, "  "); CodeOf(err) != Invalid {
		t.Errorf("without a reason: %v", err)
	}
	own := older
	own.ReporterBody = "jingyue"
	if c, err := FileAnyway(change, own, "二期"); err != nil || c.Project.HeldBy != "" || c.Project.AlikeTo != own.ID || len(c.Messages) != 0 {
		t.Errorf("like one of its own body: %+v, %v", c, err)
	}
	c, err := FileAnyway(change, older, "地点不同")
	if err != nil || c.Project.HeldBy != older.ID || len(c.Messages) != 3 || c.Event.After != any(c.Project) {
		t.Fatalf("like another body's: %+v, %v", c, err)
	}
	held := c.Project.IfApproved(Date{2018, 8, 1})
	held.Version = 4
	if got := CreditsFor(held, Rules{Threshold: Yi}); got != nil {
		t.Errorf("a held project earns %v", got)
	}
	kept, err := KeepBoth(office, held, older, 4, "是两个项目", 1)
	if err != nil || len(CreditsFor(kept.Project, Rules{Threshold: Yi})) != 2 || len(kept.Messages) != 3 {
		t.Errorf("kept: %+v, %v", kept, err)
	}
	for what, err := range map[string]error{
		"again":    errOf(KeepBoth(office, kept.Project, older, 0, "是两个项目", 1)),
		"stale":    errOf(KeepBoth(office, held, older, 3, "是两个项目", 1)),
		"other":    errOf(KeepBoth(office, held, Project{ID: "CC-2018-0001"}, 0, "是两个项目", 1)),
		"official": errOf(KeepBoth(Actor{UserID: "UJY", Role: Official, BodyID: "jingyue"}, held, older, 0, "是", 1)),
	} {
		want := Conflict
		if what == "official" {
			want = Forbidden
		}
		if CodeOf(err) != want {
			t.Errorf("%s: %v", what, err)
		}
	}
	merged, err := Merge(office, held, older, "同一项目", Date{2018, 8, 2}, 1)
	if err != nil || merged[1].Project.HeldBy != "" || merged[1].Project.MergedInto != older.ID || len(merged[0].Messages) != 3 {
		t.Errorf("merged: %+v, %v", merged, err)
	}
}

func errOf(_ Change, err error) error { return err }
