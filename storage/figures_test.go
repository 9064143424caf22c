package storage

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/mouhua/mouhua/reporting"
)

// tally returns a body's tally of 2018 on a day: credited, pending, recent.
func tally(t *testing.T, db *DB, body, on string) [3]int {
	t.Helper()
	s, err := db.Standing(t.Context(), body, 2018, date(on))
	check(t, err)
	return [3]int{s.Tally.Credited, s.Tally.Pending, s.Tally.Recent}
}

func testCredits(t *testing.T, at string) {
	db, _ := seeded(t, at)
	p := file(t, db, nil)
	steps := []struct {
		action                        string
		edit                          func(p *reporting.Project)
		city, jingyue, gxj, kuancheng [3]int
		live, revoked                 int
		invest                        reporting.Wan
		stages                        [4]int
	}{
		{"submitted", func(*reporting.Project) {}, [3]int{0, 1, 0}, [3]int{0, 1, 0}, [3]int{0, 1, 0}, [3]int{}, 0, 0, 0, [4]int{}},
		{"verified", verify("2018-07-20"), [3]int{1, 0, 1}, [3]int{1, 0, 1}, [3]int{1, 0, 1}, [3]int{}, 3, 0, 32000, [4]int{1}},
		{"advanced, dearer", func(p *reporting.Project) { p.Stage, p.InvestTotal = reporting.S3, 40000 },
			[3]int{1, 0, 1}, [3]int{1, 0, 1}, [3]int{1, 0, 1}, [3]int{}, 3, 0, 40000, [4]int{0, 0, 1}},
		{"moved", func(p *reporting.Project) { p.TerritoryBody = "kuancheng" },
			[3]int{1, 0, 1}, [3]int{}, [3]int{1, 0, 1}, [3]int{1, 0, 1}, 3, 1, 40000, [4]int{0, 0, 1}},
		{"below the threshold", func(p *reporting.Project) { p.InvestTotal = 9999 }, [3]int{}, [3]int{}, [3]int{}, [3]int{}, 0, 4, 0, [4]int{}},
		{"at the threshold", func(p *reporting.Project) { p.InvestTotal = 10000 },
			[3]int{1, 0, 1}, [3]int{}, [3]int{1, 0, 1}, [3]int{1, 0, 1}, 3, 4, 10000, [4]int{0, 0, 1}},
		{"suspended", func(p *reporting.Project) { p.Status = reporting.Suspended },
			[3]int{1, 0, 1}, [3]int{}, [3]int{1, 0, 1}, [3]int{1, 0, 1}, 3, 4, 10000, [4]int{0, 0, 1}},
		{"withdrawn", func(p *reporting.Project) { p.Status = reporting.Withdrawn }, [3]int{}, [3]int{}, [3]int{}, [3]int{}, 0, 7, 0, [4]int{}},
	}
	for _, s := range steps {
		p = alter(t, db, p.ID, s.action, s.edit)
		for body, want := range map[string][3]int{reporting.City: s.city, "jingyue": s.jingyue, "gxj": s.gxj, "kuancheng": s.kuancheng} {
			same(t, s.action+": "+body, tally(t, db, body, "2018-07-31"), want)
		}
		city, err := db.Standing(t.Context(), reporting.City, 2018, date("2018-07-31"))
		check(t, err)
		same(t, s.action+": invest", city.Tally.Invest, s.invest)
		same(t, s.action+": stages", city.Tally.ByStage, s.stages)
		same(t, s.action+": live", len(query(t, db, `SELECT role FROM credits WHERE revoked_on = ''`)), s.live)
		same(t, s.action+": revoked", len(query(t, db, `SELECT role FROM credits WHERE revoked_on <> ''`)), s.revoked)
	}
	same(t, "reasons", query(t, db, `SELECT why || ' ' || revoked_on FROM credits WHERE why <> '' GROUP BY why, revoked_on ORDER BY why`),
		[]string{"below the threshold 2018-07-31", "moved 2018-07-31", "withdrawn 2018-07-31"})
	same(t, "told", query(t, db, `SELECT key FROM outbox WHERE kind = 'credit_lost' ORDER BY created_at, key`), []string{
		"credit_lost/CC-2018-0001/5/jingyue/2018",
		"credit_lost/CC-2018-0001/6/gxj/2018", "credit_lost/CC-2018-0001/6/kuancheng/2018",
		"credit_lost/CC-2018-0001/9/gxj/2018", "credit_lost/CC-2018-0001/9/kuancheng/2018",
	})
}

func testStanding(t *testing.T, at string) {
	db, _ := seeded(t, at)
	s, err := db.Standing(t.Context(), "jingyue", 2018, date("2018-07-31"))
	check(t, err)
	none := reporting.Standing{BodyID: "jingyue", Year: 2018, AsOf: date("2018-07-31")}
	none.Tally = reporting.Tally{BodyID: "jingyue", Year: 2018, AsOf: date("2018-07-31")}
	same(t, "nothing known", s, none)

	quota := func(count int, from string) reporting.Quota {
		return reporting.Quota{BodyID: "jingyue", Year: 2018, Count: count, EffectiveFrom: date(from), Reason: "r", DecidedBy: "d", DocNo: "长府办〔2018〕1号"}
	}
	must(t)(db.ImportQuotas(t.Context(), []reporting.Quota{quota(30, "2018-01-10"), quota(36, "2018-06-01"), quota(40, "2018-06-01"), quota(50, "2018-09-01")}, "test", false))
	for _, test := range []struct {
		on      string
		version int
		count   int
	}{{"2018-01-09", 0, 0}, {"2018-01-10", 1, 30}, {"2018-05-31", 1, 30}, {"2018-06-01", 3, 40}, {"2018-12-31", 4, 50}} {
		s, err := db.Standing(t.Context(), "jingyue", 2018, date(test.on))
		check(t, err)
		same(t, test.on, []any{s.HasQuota, s.Quota.Version, s.Quota.Count}, []any{test.version > 0, test.version, test.count})
	}
	s, err = db.Standing(t.Context(), "jingyue", 2018, date("2018-01-10"))
	check(t, err)
	want := quota(30, "2018-01-10")
	want.Version = 1
	same(t, "quota", s.Quota, want)

	file(t, db, verify("2018-07-31"))
	for on, recent := range map[string]int{"2018-07-30": 0, "2018-07-31": 1, "2018-09-24": 1, "2018-09-25": 0} {
		same(t, "credited, pending, recent on "+on, tally(t, db, "jingyue", on), [3]int{1, 0, recent})
	}
	s, err = db.Standing(t.Context(), reporting.City, 2018, date("2018-07-31"))
	check(t, err)
	same(t, "city", []any{s.HasQuota, s.Tally.Credited}, []any{false, 1})
}

func testStandings(t *testing.T, at string) {
	db, _ := seeded(t, at)
	must(t)(db.ImportQuotas(t.Context(), []reporting.Quota{
		{BodyID: "kuancheng", Year: 2018, Count: 30}, {BodyID: "fgw", Year: 2018, Count: 5, EffectiveFrom: date("2018-10-01")},
		{BodyID: "jingyue", Year: 2017, Count: 9},
	}, "test", false))
	file(t, db, verify("2018-07-20"))
	file(t, db, func(p *reporting.Project) { p.TerritoryBody = "" })
	all, err := db.Standings(t.Context(), 2018, date("2018-07-31"))
	check(t, err)
	var ids []string
	for _, s := range all {
		ids = append(ids, s.BodyID)
		alone, err := db.Standing(t.Context(), s.BodyID, 2018, date("2018-07-31"))
		check(t, err)
		same(t, s.BodyID, s, alone)
	}
	same(t, "bodies", ids, []string{"fgw", "gxj", "jingyue", "kuancheng"})
}

// testYearBoundary changes a project when it is 2018 in Greenwich and 2019 in
// Changchun.
func testYearBoundary(t *testing.T, at string) {
	db, clock := seeded(t, at)
	p := file(t, db, verify("2018-12-31"))
	clock.set(time.Date(2018, 12, 31, 16, 30, 0, 0, time.UTC).In(start.Location()))
	alter(t, db, p.ID, "project.withdraw", func(p *reporting.Project) { p.Status = reporting.Withdrawn })
	same(t, "revoked on", query(t, db, `SELECT DISTINCT revoked_on FROM credits`), []string{"2019-01-01"})
	same(t, "event at", query(t, db, `SELECT CAST(MAX(at) AS TEXT) FROM audit`), []string{"1546273800000"})

	late := file(t, db, func(p *reporting.Project) { p.VerifiedOn, p.Status = date("2019-01-15"), reporting.Verified })
	s, err := db.Standing(t.Context(), "jingyue", 2018, date("2019-01-15"))
	check(t, err)
	same(t, late.ID+" in the old year", []int{s.Tally.Credited, s.Tally.Recent}, []int{1, 1})
	s, err = db.Standing(t.Context(), "jingyue", 2019, date("2019-01-15"))
	check(t, err)
	same(t, "in the new year", s.Tally.Credited, 0)
}

func testRecount(t *testing.T, at string) {
	db, _ := seeded(t, at)
	file(t, db, verify("2018-07-20"))
	file(t, db, nil)
	got, err := db.Recount(t.Context())
	check(t, err)
	same(t, "nothing wrong", got, []Difference(nil))
	for _, spoil := range []string{
		`UPDATE tallies SET pending = 7 WHERE body_id = 'jingyue'`, `UPDATE tally_days SET credited = 2 WHERE body_id = 'gxj'`,
		`DELETE FROM tallies WHERE body_id = ''`, `INSERT INTO tallies (year, body_id, credited, pending, invest_wan, s1, s2, s3, s4)
			VALUES (2031, 'fgw', 0, 0, 5, 0, 0, 0, 0)`,
	} {
		if _, err := db.pool.Exec(spoil); err != nil {
			t.Fatal(err)
		}
	}
	got, err = db.Recount(t.Context())
	check(t, err)
	same(t, "differences", got, []Difference{
		{2018, "", "credited", 0, 1}, {2018, "", "invest_wan", 0, 32000}, {2018, "", "pending", 0, 1}, {2018, "", "s1", 0, 1},
		{2018, "gxj", "2018-07-20", 2, 1}, {2018, "jingyue", "pending", 7, 1}, {2031, "fgw", "invest_wan", 5, 0},
	})
	check(t, db.Rebuild(t.Context()))
	got, err = db.Recount(t.Context())
	check(t, err)
	same(t, "after the rebuild", got, []Difference(nil))
	same(t, "city", tally(t, db, reporting.City, "2018-07-31"), [3]int{1, 1, 1})
}

// testRandomChanges holds that whatever happens to projects, a recount finds
// the tallies right.
func testRandomChanges(t *testing.T, at string) {
	db, _ := seeded(t, at)
	ids := []string{file(t, db, nil).ID}
	rapid.Check(t, func(r *rapid.T) {
		edit := func(p *reporting.Project) {
			p.Status = rapid.SampledFrom(reporting.Statuses).Draw(r, "status")
			p.Stage = rapid.SampledFrom(reporting.Stages).Draw(r, "stage")
			p.InvestTotal = rapid.SampledFrom([]reporting.Wan{9999, 10000, 50000}).Draw(r, "invest")
			p.TerritoryBody = rapid.SampledFrom([]string{"", "jingyue", "kuancheng"}).Draw(r, "territory")
			p.LeadDept = rapid.SampledFrom([]string{"", "gxj", "fgw"}).Draw(r, "department")
			p.PlanYear = rapid.SampledFrom([]int{2017, 2018}).Draw(r, "year")
			p.VerifiedOn = rapid.SampledFrom([]reporting.Date{{}, date("2018-01-02"), date("2018-07-30")}).Draw(r, "verified")
		}
		id := rapid.SampledFrom(ids).Draw(r, "project")
		var err error
		switch rapid.IntRange(0, 4).Draw(r, "use") {
		case 0:
			p := sample()
			edit(&p)
			if p, err = db.FileProject(t.Context(), "", 2018, filing(p)); err == nil {
				ids = append(ids, p.ID)
			}
		case 1:
			var p reporting.Project
			if p, err = db.Project(t.Context(), id); err == nil {
				edit(&p)
				_, err = db.ImportProjects(t.Context(), []reporting.Project{p}, "test", false)
				if reporting.CodeOf(err) == reporting.Conflict {
					err = nil // a verified project does not become unverified by a file
				}
			}
		default:
			_, err = db.ChangeProject(t.Context(), "", id, editing("random", edit))
		}
		if err != nil {
			r.Fatal(err)
		}
		wrong, err := db.Recount(t.Context())
		if err != nil || len(wrong) > 0 {
			r.Fatalf("recount: %v, %v", wrong, err)
		}
	})
}
