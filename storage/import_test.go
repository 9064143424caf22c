package storage

import (
	"fmt"
	"testing"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// rowFault is the fault of a row of a file.
func rowFault(t *testing.T, err error, key string, row int, value string) {
	t.Helper()
	same(t, "fault", err, error(reporting.Fail(reporting.Invalid, key, "row", row, "value", value)))
}

func testImportBodies(t *testing.T, at string) {
	db, clock := open(t, at)
	in := func(dry bool, rows ...reporting.Body) (Summary, error) {
		return db.ImportBodies(t.Context(), rows, "admin", dry)
	}
	want := func(name string, want Summary) func(Summary, error) {
		return func(got Summary, err error) {
			t.Helper()
			check(t, err)
			same(t, name, got, want)
		}
	}
	rows := bodies()
	rows[1].ChannelID, rows[1].Aliases, rows[2].ChannelID = "C1", []string{"净月", "JY"}, "C2"
	want("dry run", Summary{New: 4})(in(true, rows...))
	want("first", Summary{New: 4})(in(false, rows...))
	want("again", Summary{Unchanged: 4})(in(false, rows...))
	clock.add(time.Hour)
	rows[1].ChannelID, rows[2].ChannelID, rows[0].ParentID = "C2", "C1", "fgw"
	want("channels swapped", Summary{Changed: 3, Unchanged: 1})(in(false, rows...))
	check(t, db.SetChannel(t.Context(), "", "fgw", "C3", 5, reporting.Event{}))
	want("no channel in the file", Summary{Unchanged: 4})(in(false, rows...))

	_, err := in(false, reporting.Body{ID: "a"}, reporting.Body{ID: "b", ParentID: "nowhere"})
	rowFault(t, err, "err.import.body", 1, "nowhere")
	_, err = in(false, reporting.Body{ID: "a"}, reporting.Body{ID: "b", ChannelID: "C3"})
	rowFault(t, err, "err.import.channel", 1, "C3")
	_, err = in(false, reporting.Body{ID: "a"}, reporting.Body{ID: "a"})
	rowFault(t, err, "err.import.duplicate", 1, "a")
	list, err := db.Bodies(t.Context())
	check(t, err)
	same(t, "all or nothing", len(list.All), 4)
	b, _ := list.Find("jingyue")
	same(t, "body", b, reporting.Body{
		ID: "jingyue", Kind: reporting.DevZone, Group: "devzone", Name: reporting.Names{ZhCN: "净月区"}, Short: reporting.Names{ZhCN: "净月区"},
		Aliases: []string{"净月", "JY"}, ChannelID: "C2", ChannelSince: start.Add(time.Hour).UnixMilli(), Version: 2,
	})
	same(t, "events", len(query(t, db, `SELECT id FROM audit WHERE action = 'body.import' AND actor = 'admin'`)), 7)
}

func testImportPeople(t *testing.T, at string) {
	db, _ := seeded(t, at)
	rows := []reporting.Person{{UserID: "U1", Name: "王", Role: reporting.Official, BodyID: "jingyue"}, {UserID: "U2", Name: "李", Role: reporting.Leader}}
	for _, want := range []Summary{{New: 2}, {Unchanged: 2}} {
		got, err := db.ImportPeople(t.Context(), rows, "admin", false)
		check(t, err)
		same(t, "import", got, want)
	}
	rows[1].Role = reporting.Admin
	got, err := db.ImportPeople(t.Context(), rows, "admin", false)
	check(t, err)
	same(t, "a new role", got, Summary{Changed: 1, Unchanged: 1})
	p, err := db.Person(t.Context(), "U2")
	check(t, err)
	same(t, "person", p, reporting.Person{UserID: "U2", Name: "李", Role: reporting.Admin, Version: 2})
	rows[0].BodyID = "nowhere"
	_, err = db.ImportPeople(t.Context(), rows, "admin", false)
	rowFault(t, err, "err.import.body", 0, "nowhere")
}

func testImportQuotas(t *testing.T, at string) {
	db, _ := seeded(t, at)
	row := reporting.Quota{BodyID: "jingyue", Year: 2018, Count: 30, DocNo: "1"}
	steps := []struct {
		name string
		edit func()
		want Summary
	}{
		{"first", func() {}, Summary{New: 1}},
		{"again", func() {}, Summary{Unchanged: 1}},
		{"another figure", func() { row.Count = 36 }, Summary{Changed: 1}},
		{"another day", func() { row.EffectiveFrom = date("2018-07-01") }, Summary{Changed: 1}},
		{"another year", func() { row.Year, row.EffectiveFrom = 2019, reporting.Date{} }, Summary{New: 1}},
	}
	for _, s := range steps {
		s.edit()
		got, err := db.ImportQuotas(t.Context(), []reporting.Quota{row}, "admin", false)
		check(t, err)
		same(t, s.name, got, s.want)
	}
	same(t, "versions", query(t, db, `SELECT CAST(year AS TEXT) || '/' || CAST(version AS TEXT) || ' ' || CAST(owed AS TEXT) || ' ' || effective_from
		FROM quotas ORDER BY year, version`), []string{"2018/1 30 2018-01-01", "2018/2 36 2018-01-01", "2018/3 36 2018-07-01", "2019/1 36 2019-01-01"})
	for _, value := range []string{"nowhere", ""} {
		_, err := db.ImportQuotas(t.Context(), []reporting.Quota{row, {BodyID: value, Year: 2018}}, "admin", false)
		rowFault(t, err, "err.import.body", 1, value)
	}
}

func testImportProjects(t *testing.T, at string) {
	db, _ := seeded(t, at)
	in := func(dry bool, rows ...reporting.Project) Summary {
		t.Helper()
		s, err := db.ImportProjects(t.Context(), rows, "admin", dry)
		check(t, err)
		return s
	}
	mine := file(t, db, func(p *reporting.Project) { p.Evidence, p.Nature = "立项批复", "new" })
	row := sample()
	row.ID, row.FiledBy, row.SubmittedOn = "CC-2018-0070", "", reporting.Date{}
	verify("2018-07-20")(&row)
	kept := row
	kept.ID, kept.PlanYear, kept.Status, kept.Stage = "CC-2017-A040", 2017, reporting.Carried, reporting.S4
	same(t, "dry run", in(true, row, kept), Summary{New: 2})
	same(t, "after the dry run", tally(t, db, reporting.City, "2018-07-31"), [3]int{0, 1, 0})
	same(t, "import", in(false, row, kept), Summary{New: 2})
	same(t, "again", in(false, row, kept), Summary{Unchanged: 2})
	same(t, "tally", tally(t, db, "jingyue", "2018-07-31"), [3]int{1, 1, 1})
	same(t, "number after the import", file(t, db, nil).ID, "CC-2018-0071")

	update := mine
	update.Evidence, update.Nature, update.FiledBy, update.SubmittedOn = "", "", "", reporting.Date{}
	same(t, "what the file does not hold", in(false, update), Summary{Unchanged: 1})
	verify("2018-07-30")(&update)
	row.PlanYear, row.TerritoryBody, row.Stage = 2019, "kuancheng", reporting.S2
	same(t, "changes", in(false, update, row), Summary{Changed: 2})
	stale := mine
	_, err := db.ImportProjects(t.Context(), []reporting.Project{row, stale}, "admin", false)
	failsWith(t, err, reporting.Conflict)
	same(t, "old year", tally(t, db, "jingyue", "2018-07-31"), [3]int{1, 1, 1})
	s, err := db.Standing(t.Context(), "kuancheng", 2019, date("2019-01-31"))
	check(t, err)
	same(t, "new year", []any{s.Tally.Credited, s.Tally.ByStage}, []any{1, [4]int{0, 1}})
	p, err := db.Project(t.Context(), mine.ID)
	check(t, err)
	same(t, "days of a project that was there", []any{p.SubmittedOn, p.StageSince}, []any{mine.SubmittedOn, update.VerifiedOn})
	p, err = db.Project(t.Context(), row.ID)
	check(t, err)
	same(t, "dates of the row", []any{p.SubmittedOn, p.StageSince, p.Version}, []any{date("2018-07-20"), date("2018-07-31"), 2})
	wrong, err := db.Recount(t.Context())
	check(t, err)
	same(t, "recount", wrong, []Difference(nil))

	row.LeadDept = "nowhere"
	_, err = db.ImportProjects(t.Context(), []reporting.Project{kept, row}, "admin", false)
	rowFault(t, err, "err.import.body", 1, "nowhere")
	_, err = db.ImportProjects(t.Context(), []reporting.Project{{ID: "CC-2018-0100", Name: "x"}}, "admin", false)
	rowFault(t, err, "err.import.body", 0, "")
}

// testImportMarks reads what the guards and the year's end have marked, keeps
// what a file leaves out, and takes no decision of the office back.
func testImportMarks(t *testing.T, at string) {
	db, _ := seeded(t, at)
	row := func(id string, f func(p *reporting.Project)) reporting.Project {
		p := sample()
		p.ID = id
		verify("2018-07-20")(&p)
		f(&p)
		return p
	}
	in := func(rows ...reporting.Project) (Summary, error) {
		return db.ImportProjects(t.Context(), rows, "admin", false)
	}
	older := row("CC-2018-0001", func(p *reporting.Project) { p.Code = sharedCode })
	held := row("CC-2018-0002", func(p *reporting.Project) {
		p.ReporterBody, p.TerritoryBody = "kuancheng", "kuancheng"
		p.Guards = reporting.Guards{RevisedFrom: 9000, AlikeTo: older.ID, AlikeWhy: "二期", HeldBy: older.ID, Code: sharedCode}
		p.Carry = reporting.Carry{ConfirmedFor: 2017, LapsedFor: 2016, HoldEndedOn: date("2018-03-01")}
	})
	got, err := in(held, older)
	check(t, err)
	same(t, "first", got, Summary{New: 2})
	same(t, "counts once", tally(t, db, reporting.City, "2018-07-31")[0], 1)
	bare := held
	bare.Guards, bare.Carry = reporting.Guards{}, reporting.Carry{}
	for _, rows := range [][]reporting.Project{{held, older}, {bare, older}} {
		got, err := in(rows...)
		check(t, err)
		same(t, "again", got, Summary{Unchanged: 2})
	}
	p, err := db.Project(t.Context(), held.ID)
	check(t, err)
	same(t, "guards", p.Guards, held.Guards)
	same(t, "carry", p.Carry, held.Carry)
	must(t)(db.ChangeProject(t.Context(), "", held.ID, func(p reporting.Project) (reporting.Change, error) {
		return reporting.KeepBoth(reviewer, p, older, 0, "是两个项目", start.UnixMilli())
	}))
	_, err = in(older, held)
	rowFault(t, err, "err.import.held", 1, held.ID)
	_, err = in(older, row("CC-2018-0003", func(p *reporting.Project) { p.AlikeTo = "CC-2018-0099" }))
	rowFault(t, err, "err.import.project", 1, "CC-2018-0099")
	_, err = in(older, row("CC-2018-0003", func(p *reporting.Project) { p.Code = sharedCode }))
	rowFault(t, err, "err.import.code", 1, sharedCode)
	const code = "2018-220102-36-03-000002"
	_, err = in(row("CC-2018-0003", func(p *reporting.Project) { p.Code = code }), row("CC-2018-0004", func(p *reporting.Project) { p.Code = code }))
	if err == nil {
		t.Error("two rows of one code were taken")
	}
	must(t)(in(row("CC-2018-0003", func(p *reporting.Project) { p.Code = code }), row("CC-2018-0004", func(p *reporting.Project) { p.Code, p.AlikeTo = code, "CC-2018-0003" })))
	none(t, db)
}

func testImportMany(t *testing.T, at string) {
	db, _ := seeded(t, at)
	var rows []reporting.Project
	for i := range many {
		p := sample()
		p.ID, p.Name = fmt.Sprintf("CC-2018-%04d", i+1), fmt.Sprintf("第%d个项目", i)
		verify(date("2018-01-01").AddDays(i % 200).String())(&p)
		rows = append(rows, p)
	}
	for _, want := range []Summary{{New: many}, {Unchanged: many}} {
		got, err := db.ImportProjects(t.Context(), rows, "admin", false)
		check(t, err)
		same(t, "import", got, want)
	}
	same(t, "city", tally(t, db, reporting.City, "2018-07-31")[0], many)
}
