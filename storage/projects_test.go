package storage

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

func testFile(t *testing.T, at string) {
	db, _ := seeded(t, at)
	d, err := db.SaveDraft(t.Context(), reporting.Draft{UserID: "U1"})
	check(t, err)
	p, err := db.FileProject(t.Context(), "", 2018, func(id string) (reporting.Change, error) {
		c, err := filing(sample())(id)
		c.Drop, c.Messages = d.ID, []reporting.Message{{Key: "m1", Kind: reporting.ReviewCard}}
		return c, err
	})
	check(t, err)
	same(t, "number and version", []any{p.ID, p.Version}, []any{"CC-2018-0001", 1})
	got, err := db.Project(t.Context(), p.ID)
	check(t, err)
	same(t, "project", got, p)
	_, err = db.Draft(t.Context(), d.ID)
	failsWith(t, err, reporting.NotFound)
	keys, err := db.PlannedKeys(t.Context(), []string{"m1", "m2"})
	check(t, err)
	same(t, "messages", keys, map[string]bool{"m1": true})
	same(t, "events", query(t, db, `SELECT action FROM audit WHERE subject = $1`, p.ID), []string{"project.submit"})
	same(t, "second number", file(t, db, nil).ID, "CC-2018-0002")
	same(t, "number of another year", file(t, db, func(p *reporting.Project) { p.PlanYear = 2019 }).ID, "CC-2019-0001")

	refusal := fmt.Errorf("filed too late: %w", context.DeadlineExceeded)
	_, err = db.FileProject(t.Context(), "", 2018, func(string) (reporting.Change, error) { return reporting.Change{}, refusal })
	if !errors.Is(err, refusal) || err.Error() != refusal.Error() {
		t.Errorf("got %v, want the decision's error untouched", err)
	}
	faults := reporting.FieldErrors{reporting.Fail(reporting.Invalid, "err.required").At("name")}
	_, err = db.FileProject(t.Context(), "", 2018, func(string) (reporting.Change, error) { return reporting.Change{}, faults })
	var fields reporting.FieldErrors
	if !errors.As(err, &fields) {
		t.Errorf("got %v, want FieldErrors", err)
	}
	same(t, "number after refusals", file(t, db, nil).ID, "CC-2018-0003")
}

func testChange(t *testing.T, at string) {
	db, _ := seeded(t, at)
	p := file(t, db, nil)
	p = alter(t, db, p.ID, "project.approve", verify("2018-07-31"))
	same(t, "version", p.Version, 2)
	_, err := db.ChangeProject(t.Context(), "k", "CC-2018-9999", editing("x", func(*reporting.Project) {}))
	failsWith(t, err, reporting.NotFound)
	_, err = db.ChangeProject(t.Context(), "k", p.ID, editing("x", func(p *reporting.Project) { p.Version-- }))
	failsWith(t, err, reporting.Conflict)
	_, err = db.ChangeProject(t.Context(), "k", p.ID, func(reporting.Project) (reporting.Change, error) {
		return reporting.Change{}, reporting.Fail(reporting.Forbidden, "err.forbidden")
	})
	failsWith(t, err, reporting.Forbidden)
	got, err := db.Project(t.Context(), p.ID)
	check(t, err)
	same(t, "project after refusals", got, p)
	_, err = db.ChangeProject(t.Context(), "k", p.ID, editing("x", func(p *reporting.Project) { p.Name = "二期" }))
	check(t, err)
}

func testDeliveredAgain(t *testing.T, at string) {
	db, _ := seeded(t, at)
	first, err := db.FileProject(t.Context(), "view/1", 2018, filing(sample()))
	check(t, err)
	again, err := db.FileProject(t.Context(), "view/1", 2018, filing(sample()))
	if !errors.Is(err, reporting.ErrRepeated) {
		t.Fatalf("got %v, want ErrRepeated", err)
	}
	same(t, "filed again", again, first)
	changed, err := db.ChangeProject(t.Context(), "press/1", first.ID, editing("project.approve", verify("2018-07-31")))
	check(t, err)
	twice, err := db.ChangeProject(t.Context(), "press/1", first.ID, editing("project.approve", verify("2018-08-01")))
	if !errors.Is(err, reporting.ErrRepeated) {
		t.Fatalf("got %v, want ErrRepeated", err)
	}
	same(t, "changed again", twice, changed)
	same(t, "next number", file(t, db, nil).ID, "CC-2018-0002")
}

func testForget(t *testing.T, at string) {
	db, clock := seeded(t, at)
	must(t)(db.FileProject(t.Context(), "old", 2018, filing(sample())))
	clock.add(26 * time.Hour)
	must(t)(db.FileProject(t.Context(), "new", 2018, filing(sample())))
	n, err := db.Forget(t.Context(), clock.now().Add(-25*time.Hour).UnixMilli())
	check(t, err)
	same(t, "forgotten", n, 1)
	same(t, "remembered", query(t, db, `SELECT key FROM deliveries`), []string{"new"})
}

// testRoundTrip fills every field of a project and reads it back.
func testRoundTrip(t *testing.T, at string) {
	db, _ := seeded(t, at)
	p := sample()
	v := reflect.ValueOf(&p).Elem()
	for i := range v.NumField() {
		switch f := v.Field(i).Addr().Interface().(type) {
		case *string:
			if *f == "" {
				*f = fmt.Sprintf("第%d項 <!channel> '\"\\ \n%%", i)
			}
		case *reporting.Date:
			*f = reporting.Date{Year: 2018, Month: 2, Day: i%28 + 1}
		case *reporting.Month:
			*f = reporting.Month{Year: 2019, Month: time.Month(i%12 + 1)}
		case *reporting.Wan:
			*f = reporting.Wan(1) << (30 + i)
		case *int64:
			*f = 1 << 42
		case *reporting.Path:
			*f = "R1.3"
		}
	}
	filed, err := db.FileProject(t.Context(), "", 2018, filing(p))
	check(t, err)
	got, err := db.Project(t.Context(), filed.ID)
	check(t, err)
	same(t, "project", got, filed)
}

func testList(t *testing.T, at string) {
	db, _ := seeded(t, at)
	add := func(day string, edit func(p *reporting.Project)) {
		file(t, db, func(p *reporting.Project) {
			p.SubmittedOn = date(day)
			edit(p)
		})
	}
	add("2018-03-02", func(p *reporting.Project) {})                                            // 1
	add("2018-03-01", func(p *reporting.Project) { p.TerritoryBody = "kuancheng" })             // 2
	add("2018-03-03", func(p *reporting.Project) { verify("2018-04-01")(p); p.Stage = "S2" })   // 3
	add("2018-03-03", func(p *reporting.Project) { p.Status, p.FiledBy = "returned", "U7" })    // 4
	add("2018-03-04", func(p *reporting.Project) { p.ReporterBody, p.LeadDept = "fgw", "" })    // 5
	add("2018-12-31", func(p *reporting.Project) { p.PlanYear, p.InvestTotal = 2019, 900_000 }) // 2019: 1
	tests := []struct {
		name   string
		filter reporting.ProjectFilter
		want   []string
		total  int
		invest reporting.Wan
	}{
		{"all", reporting.ProjectFilter{}, []string{"2019-0001", "2018-0005", "2018-0004", "2018-0003", "2018-0001", "2018-0002"}, 6, 5*32000 + 900000},
		{"oldest first, second page", reporting.ProjectFilter{OldestFirst: true, Offset: 2, Limit: 2}, []string{"2018-0003", "2018-0004"}, 6, 5*32000 + 900000},
		{"past the end", reporting.ProjectFilter{Offset: 60}, nil, 6, 5*32000 + 900000},
		{"territory", reporting.ProjectFilter{Body: "kuancheng"}, []string{"2018-0002"}, 1, 32000},
		{"reporter or territory, once", reporting.ProjectFilter{Body: "jingyue", Year: 2018},
			[]string{"2018-0005", "2018-0004", "2018-0003", "2018-0001", "2018-0002"}, 5, 5 * 32000},
		{"lead department and status", reporting.ProjectFilter{Body: "gxj", Status: []reporting.Status{reporting.Submitted}},
			[]string{"2019-0001", "2018-0001", "2018-0002"}, 3, 2*32000 + 900000},
		{"two statuses", reporting.ProjectFilter{Status: []reporting.Status{reporting.Returned, reporting.Verified}}, []string{"2018-0004", "2018-0003"}, 2, 64000},
		{"stage", reporting.ProjectFilter{Stage: reporting.S2}, []string{"2018-0003"}, 1, 32000},
		{"filed by", reporting.ProjectFilter{FiledBy: "U7"}, []string{"2018-0004"}, 1, 32000},
		{"largest first, the mark does nothing", reporting.ProjectFilter{LargestFirst: true, MinInvest: 1, Limit: 2, After: reporting.Mark{On: date("2018-03-01"), ID: "CC-2018-0001"}},
			[]string{"2019-0001", "2018-0005"}, 6, 5*32000 + 900000},
		{"largest first, the last page", reporting.ProjectFilter{LargestFirst: true, MinInvest: 1, Limit: 2, Offset: 4}, []string{"2018-0002", "2018-0001"}, 6, 5*32000 + 900000},
		{"nothing", reporting.ProjectFilter{Year: 2031}, nil, 0, 0},
	}
	for _, test := range tests {
		page, err := db.ListProjects(t.Context(), test.filter)
		check(t, err)
		var ids []string
		for _, p := range page.Projects {
			ids = append(ids, p.ID[3:])
		}
		same(t, test.name, ids, test.want)
		same(t, test.name+": totals", []any{page.Total, page.Invest}, []any{test.total, test.invest})
	}
}

func testDrafts(t *testing.T, at string) {
	db, clock := seeded(t, at)
	save := func(d reporting.Draft) reporting.Draft {
		t.Helper()
		out, err := db.SaveDraft(t.Context(), d)
		check(t, err)
		return out
	}
	d := save(reporting.Draft{UserID: "U1", BodyID: "jingyue", Values: map[string]string{"name": "净月"}, Stamp: 5})
	if len(d.ID) != 16 {
		t.Errorf("id %q has %d characters, want 16", d.ID, len(d.ID))
	}
	same(t, "times", []int64{d.CreatedAt, d.UpdatedAt}, []int64{start.UnixMilli(), start.UnixMilli()})
	clock.add(time.Minute)
	e := save(reporting.Draft{UserID: "U1", Stamp: 1})

	late := d
	late.Stamp, late.Values = 4, map[string]string{"name": "older"}
	same(t, "an older stamp", save(late), d)
	clock.add(time.Minute)
	newer := d
	newer.Stamp, newer.Values = 6, map[string]string{"name": "newer", "invest": "3.2亿"}
	newer = save(newer)
	same(t, "a newer stamp", newer.Values["name"], "newer")
	got, err := db.Draft(t.Context(), d.ID)
	check(t, err)
	same(t, "draft", got, newer)

	list, err := db.DraftsOf(t.Context(), "U1")
	check(t, err)
	same(t, "drafts, last changed first", list, []reporting.Draft{newer, e})
	for range 2 {
		check(t, db.DropDraft(t.Context(), d.ID))
	}
	_, err = db.SaveDraft(t.Context(), newer)
	failsWith(t, err, reporting.NotFound)
	_, err = db.Draft(t.Context(), d.ID)
	failsWith(t, err, reporting.NotFound)
}

func testWaiting(t *testing.T, at string) {
	db, _ := seeded(t, at)
	d, err := db.SaveDraft(t.Context(), reporting.Draft{UserID: "U1", BodyID: "jingyue"})
	check(t, err)
	returned := func(on string) reporting.Project {
		return file(t, db, func(p *reporting.Project) { p.Status, p.ReturnedOn, p.LeadDept = reporting.Returned, date(on), "gxj" })
	}
	young, old := returned("2018-07-02"), returned("2018-07-01")
	file(t, db, nil)
	w, err := db.Waiting(t.Context(), "jingyue")
	check(t, err)
	same(t, "jingyue", w, reporting.Waiting{
		Drafts: []reporting.Draft{d}, DraftTotal: 1, Returned: []reporting.Project{old, young}, ReturnedTotal: 2,
	})
	w, err = db.Waiting(t.Context(), "gxj")
	check(t, err)
	same(t, "gxj, which only leads", w, reporting.Waiting{})
	for range reporting.WaitingShown {
		returned("2018-07-03")
	}
	w, err = db.Waiting(t.Context(), "jingyue")
	check(t, err)
	same(t, "the first of many", []int{len(w.Returned), w.ReturnedTotal}, []int{reporting.WaitingShown, reporting.WaitingShown + 2})
	left, err := db.SaveDraft(t.Context(), reporting.Draft{BodyID: "jingyue"})
	check(t, err)
	drafts, err := db.DraftsLeft(t.Context(), "jingyue")
	check(t, err)
	same(t, "left", drafts, []reporting.Draft{left})
	all, err := db.WaitingBodies(t.Context())
	check(t, err)
	same(t, "bodies", all, map[string]bool{"jingyue": true})
}
