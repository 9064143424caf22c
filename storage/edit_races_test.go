package storage

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/reporting"
)

// typedBy is the draft of an official of jingyue with another total.
func typedBy(t *testing.T, db *DB, old reporting.Project, wan reporting.Wan) func(p reporting.Project) (reporting.Change, error) {
	t.Helper()
	list, err := db.Bodies(t.Context())
	check(t, err)
	lists, err := db.Catalogue(t.Context())
	check(t, err)
	reporter, _ := list.Find("jingyue")
	v := reporting.DraftValues(reporting.Project{
		Name: "净月智能制造产业园", TerritoryBody: "jingyue", LeadDept: "gxj", Location: "净月大街1号", OwnerUnit: "拟引进",
		Path: "R1.3", PathDetail: "东博会", InvestTotal: wan, Nature: "new", Industry: "auto", Milestone: "signed",
		Content: strings.Repeat("建设厂房两座。", 5), Evidence: "项目建议书", Contact: "王经办 13812345678",
		Start: reporting.Month{Year: 2018, Month: 9}, Finish: reporting.Month{Year: 2020, Month: 6},
	}, lists)
	d := reporting.Draft{UserID: "UA", BodyID: "jingyue", ProjectID: old.ID, BaseVer: old.Version, Values: v}
	return func(p reporting.Project) (reporting.Change, error) {
		return reporting.Submit(official, d, p, p.ID, reporter, reporting.Register{Body: list.Find, Catalogue: lists}, date("2018-07-31"), start.UnixMilli())
	}
}

// testEditRacesApproval: while one reviewer approves what they saw, another
// returns it and the official submits it changed. What is approved is what was
// seen, or nothing.
func testEditRacesApproval(t *testing.T, at string) {
	db, _ := seeded(t, at)
	other, _ := open(t, at)
	approved := 0
	for round := range 12 {
		p := file(t, db, nil)
		wan := reporting.Wan(40000 + round)
		errs := together(2, func(i int) error {
			if i == 0 {
				_, err := db.ChangeProject(t.Context(), "", p.ID, func(q reporting.Project) (reporting.Change, error) {
					return reporting.Approve(reviewer, q, p.Version, date("2018-07-31"), start.UnixMilli())
				})
				return err
			}
			back, err := other.ChangeProject(t.Context(), "", p.ID, func(q reporting.Project) (reporting.Change, error) {
				return reporting.Return(reporting.Actor{UserID: "U2", Role: reporting.Reviewer}, q, p.Version, "缺材料", date("2018-07-31"), start.UnixMilli())
			})
			if err != nil {
				return err
			}
			_, err = other.ChangeProject(t.Context(), "", p.ID, typedBy(t, other, back, wan))
			return err
		})
		now := must2(db.Project(t.Context(), p.ID))
		if errs[0] == nil { // the approval was first
			approved++
			failsWith(t, errs[1], reporting.Conflict)
			same(t, "approved as seen", []any{now.Status, now.InvestTotal}, []any{reporting.Verified, p.InvestTotal})
		} else {
			failsWith(t, errs[0], reporting.Conflict)
			check(t, errs[1])
			same(t, "submitted again", []any{now.Status, now.InvestTotal}, []any{reporting.Submitted, wan})
		}
		chained(t, db, p.ID)
	}
	same(t, "credited", tally(t, db, reporting.City, "2018-07-31"), [3]int{approved, 12 - approved, approved})
	none(t, db)
}

// testEditRacesOffice: an official proposes another total of a verified project
// while the office suspends it. The second is refused, and nothing is half done.
func testEditRacesOffice(t *testing.T, at string) {
	db, _ := seeded(t, at)
	other, _ := open(t, at)
	for range 12 {
		p := file(t, db, verify("2018-07-20"))
		errs := together(2, func(i int) error {
			if i == 0 {
				_, err := db.ChangeProject(t.Context(), "", p.ID, typedBy(t, db, p, 9000))
				return err
			}
			_, err := other.ChangeProject(t.Context(), "", p.ID, func(q reporting.Project) (reporting.Change, error) {
				return reporting.Suspend(reviewer, q, p.Version, "核查", date("2018-07-31"), start.UnixMilli())
			})
			return err
		})
		now := must2(db.Project(t.Context(), p.ID))
		if errs[0] == nil {
			failsWith(t, errs[1], reporting.Conflict)
			same(t, "proposed", []any{now.Status, now.Proposal.InvestTotal, now.InvestTotal}, []any{reporting.Verified, reporting.Wan(9000), p.InvestTotal})
		} else {
			failsWith(t, errs[0], reporting.Conflict)
			check(t, errs[1])
			same(t, "suspended", []any{now.Status, now.AskedVersion}, []any{reporting.Suspended, 0})
		}
		chained(t, db, p.ID)
	}
	none(t, db)
}

// testGrantRacesProposal: a reviewer grants a change while another returns it
// and the official proposes a different one. Nobody grants what they did not
// see.
func testGrantRacesProposal(t *testing.T, at string) {
	db, _ := seeded(t, at)
	other, _ := open(t, at)
	for range 12 {
		p := file(t, db, verify("2018-07-20"))
		asked, err := db.ChangeProject(t.Context(), "", p.ID, typedBy(t, db, p, 50000))
		check(t, err)
		errs := together(2, func(i int) error {
			if i == 0 {
				_, err := db.ChangeProject(t.Context(), "", p.ID, func(q reporting.Project) (reporting.Change, error) {
					return reporting.Approve(reviewer, q, asked.ReviewVersion(), date("2018-07-31"), start.UnixMilli())
				})
				return err
			}
			back, err := other.ChangeProject(t.Context(), "", p.ID, func(q reporting.Project) (reporting.Change, error) {
				return reporting.Return(reviewer, q, asked.ReviewVersion(), "依据不足", date("2018-07-31"), start.UnixMilli())
			})
			if err != nil {
				return err
			}
			_, err = other.ChangeProject(t.Context(), "", p.ID, typedBy(t, other, back, 9000))
			return err
		})
		now := must2(db.Project(t.Context(), p.ID))
		if errs[0] == nil {
			failsWith(t, errs[1], reporting.Conflict)
			same(t, "granted", now.InvestTotal, reporting.Wan(50000))
		} else {
			failsWith(t, errs[0], reporting.Conflict)
			check(t, errs[1])
			same(t, "proposed anew", []any{now.InvestTotal, now.Proposal.InvestTotal}, []any{p.InvestTotal, reporting.Wan(9000)})
		}
		chained(t, db, p.ID)
	}
	none(t, db)
}

// testImportRacesFiling imports a file of new numbers and of projects that are
// there, while others are filed and approved: no number is given twice, nobody
// loses what they filed, and the tallies are right.
func testImportRacesFiling(t *testing.T, at string) {
	db, c := seeded(t, at)
	other, oc := open(t, at)
	for year := 2018; year < 2024; year++ {
		c.set(start.AddDate(year-2018, 0, 0))
		oc.set(c.now())
		of := func(p *reporting.Project) { p.PlanYear, p.SubmittedOn = year, reporting.DateOf(c.now()) }
		var there []reporting.Project
		for range 5 {
			there = append(there, file(t, db, of))
		}
		var rows []reporting.Project
		for i := range 40 {
			p := sample()
			of(&p)
			p.ID, p.Name, p.VerifiedOn, p.Status = reporting.NewProjectID(year, i+1), "导入的项目", reporting.DateOf(c.now()), reporting.Verified
			rows = append(rows, p)
		}
		filed := make([]reporting.Project, 12)
		for i, err := range together(4, func(i int) error {
			switch i {
			case 0:
				_, err := db.ImportProjects(t.Context(), rows, "admin", false)
				return err
			case 1:
				for _, p := range there {
					_, err := other.ChangeProject(t.Context(), "", p.ID, func(q reporting.Project) (reporting.Change, error) {
						return reporting.Approve(reviewer, q, p.Version, reporting.DateOf(c.now()), c.now().UnixMilli())
					})
					if err != nil && reporting.CodeOf(err) != reporting.Conflict { // the file was first
						return err
					}
				}
				return nil
			}
			for n := range 6 {
				p := sample()
				of(&p)
				p.Name = fmt.Sprintf("登记的项目%d-%d", i, n)
				out, err := []*DB{db, other}[i%2].FileProject(t.Context(), "", year, filing(p))
				if err != nil {
					return err
				}
				filed[(i-2)*6+n] = out
			}
			return nil
		}) {
			if err != nil {
				t.Fatalf("%d: %v", i, err)
			}
		}
		seen := map[string]bool{}
		for _, p := range filed {
			if seen[p.ID] {
				t.Errorf("number %s was given twice", p.ID)
			}
			seen[p.ID] = true
			chained(t, db, p.ID)
		}
		for _, p := range there {
			chained(t, db, p.ID)
		}
	}
	none(t, db)
}

// chained checks that each event of a project begins where the last one ended,
// and the last one with what is there: nobody's change was written over.
func chained(t *testing.T, db *DB, id string) {
	t.Helper()
	var state reporting.Project
	befores := query(t, db, `SELECT COALESCE(before, '{}') FROM audit WHERE kind = 'project' AND subject = $1 ORDER BY id`, id)
	for i, after := range query(t, db, `SELECT after FROM audit WHERE kind = 'project' AND subject = $1 ORDER BY id`, id) {
		var before, next reporting.Project
		check(t, json.Unmarshal([]byte(befores[i]), &before))
		check(t, json.Unmarshal([]byte(after), &next))
		before.Version, next.Version = 0, 0
		if before != state {
			t.Errorf("event %d of %s begins elsewhere (-before +then):\n%s", i, id, cmp.Diff(state, before))
		}
		state = next
	}
	now := must2(db.Project(t.Context(), id))
	if now.Version = 0; now != state {
		t.Errorf("%s is not what its last event says (-event +now):\n%s", id, cmp.Diff(state, now))
	}
}
