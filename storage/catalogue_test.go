package storage

import (
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

func testCatalogue(t *testing.T, at string) {
	db, _ := seeded(t, at)
	c, err := db.Catalogue(t.Context())
	check(t, err)
	counts := map[string]int{}
	for _, list := range reporting.Lists {
		counts[list] = len(c.Of(list))
	}
	// The numbers of the plan: domain rows 6, 9-11, 13-15, 19 and 22 with 30.
	same(t, "seeded", counts, map[string]int{
		reporting.ListIndustry: 15, reporting.ListWorkingGroup: 10, reporting.ListRegion: 3, reporting.ListPartner: 2, reporting.ListPlatform: 3,
		reporting.ListExhibition: 12, reporting.ListPlanClass: 5, reporting.ListPolicy: 3, reporting.ListMode: 4, reporting.ListPilot: 5,
		reporting.ListInstitution: 4, reporting.ListSupportTool: 12, reporting.ListReview: 15, reporting.ListVerify: 13, reporting.ListRecord: 10,
	})
	names := map[string]bool{}
	for _, e := range c.All {
		if key := e.List + e.Name.ZhCN; names[key] || e.Name.ZhTW == "" || e.Name.En == "" || e.Version != 1 {
			t.Errorf("entry %+v", e)
		} else {
			names[key] = true
		}
		if of := reporting.ParentOf(e.List); of != "" {
			_, ok := c.Find(of, e.Parent)
			same(t, "parent of "+e.Subject(), ok, true)
		}
	}
	biomed, _ := c.Named(reporting.ListIndustry, "生物医药")
	same(t, "by alias", biomed.ID, "biomed")
	sum, err := db.ImportProjects(t.Context(), []reporting.Project{{ID: "CC-2018-0001", ReporterBody: "jingyue", Industry: "生物医药", PlanYear: 2018}}, "test", true)
	check(t, err)
	same(t, "import by name", sum, Summary{New: 1})
	_, err = db.ImportProjects(t.Context(), []reporting.Project{{ID: "CC-2018-0001", ReporterBody: "jingyue", Industry: "造船", PlanYear: 2018}}, "test", true)
	same(t, "import of an unknown industry", reasonOf(err), "err.import.industry")
}

func testSaveEntry(t *testing.T, at string) {
	db, _ := seeded(t, at)
	other, clock := open(t, at)
	must(t)(other.Catalogue(t.Context()))
	event := reporting.Event{At: 1, Actor: "U9", Action: "catalogue.add", Kind: "catalogue", Subject: "pilot/x6"}
	e := reporting.Entry{List: reporting.ListPilot, ID: "x6", Name: reporting.Names{ZhCN: "国家物流枢纽"}, Aliases: []string{"物流枢纽"}, Position: 6000}
	steps := []struct {
		name, once string
		edit       func(e *reporting.Entry)
		err        string
	}{
		{"new", "k1", func(*reporting.Entry) {}, ""},
		{"delivered again", "k1", func(*reporting.Entry) {}, "repeated"},
		{"taken", "k2", func(e *reporting.Entry) { e.Name.ZhCN = "别的" }, "err.catalogue.changed"},
		{"retired", "k3", func(e *reporting.Entry) { e.Version, e.Retired, e.Name.En = 1, true, "Hub" }, ""},
		{"version gone", "k4", func(e *reporting.Entry) { e.Version = 1 }, "err.catalogue.changed"},
	}
	for _, s := range steps {
		next := e
		s.edit(&next)
		same(t, s.name, reasonOf(db.SaveEntry(t.Context(), s.once, next, event)), s.err)
	}
	e.Version, e.Retired, e.Name.En = 2, true, "Hub"
	for what, replica := range map[string]*DB{"here": db, "elsewhere": other} {
		clock.add(snapshotAge)
		c, err := replica.Catalogue(t.Context())
		check(t, err)
		got, _ := c.Find(reporting.ListPilot, "x6")
		same(t, what, got, e)
		same(t, "last in its list "+what, c.Of(reporting.ListPilot)[5].ID, "x6")
	}
	same(t, "events", len(query(t, db, `SELECT action FROM audit WHERE kind = 'catalogue'`)), 2)
}
