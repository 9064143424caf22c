package storage

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/mouhua/mouhua/reporting"
)

// plainProject is what the model knows of a project: nothing of the code under
// test is used to keep it.
type plainProject struct {
	id, status, stage, asked string // asked: "", "S3", "S4" or "change"
	territory, becomes       string // becomes is the territory proposed
	invest, investBecomes    int
	submitted, verified      time.Time
	year, ended              int
	plainBeside
}

// credits returns what it should be credited, as year/body/role.
func (m *plainProject) credits() []string {
	live := m.status == "verified" || m.status == "suspended" ||
		(m.status == "withdrawn" || m.status == "merged") && m.ended > m.year
	if !live || m.verified.IsZero() || m.invest < 10000 {
		return nil
	}
	out := []string{fmt.Sprint(m.year, "//city"), fmt.Sprint(m.year, "/gxj/department"), fmt.Sprint(m.year, "/", m.territory, "/territory")}
	slices.Sort(out)
	return out
}

// machine drives the use cases of projects on a database and on the model.
type machine struct {
	*rapid.T
	db     *DB
	clock  *clock
	list   *reporting.BodyList
	lists  *reporting.Catalogue
	all    []*plainProject
	serial int
}

var (
	official = reporting.Actor{UserID: "UA", Role: reporting.Official, BodyID: "jingyue"}
	stranger = reporting.Actor{UserID: "UB", Role: reporting.Official, BodyID: "kuancheng"}
	reviewer = reporting.Actor{UserID: "UR", Role: reporting.Reviewer}
	leader   = reporting.Actor{UserID: "UL", Role: reporting.Leader}
)

// testMachine has four people do what they may and may not with up to six
// projects, in any order, over several years.
func testMachine(t *testing.T, at string) {
	db, clock := seeded(t, at)
	list, err := db.Bodies(t.Context())
	check(t, err)
	lists, err := db.Catalogue(t.Context())
	check(t, err)
	actions := []string{"submit", "edit", "edit", "approve", "approve", "return", "advance", "advance", "stage", "suspend", "resume", "withdraw", "merge", "update", "wait", "wait",
		"problem", "problem", "solve", "kind", "tick", "untick"}
	people := []reporting.Actor{official, official, official, stranger, reviewer, reviewer, reviewer, leader}
	rapid.Check(t, func(r *rapid.T) {
		clock.set(start.AddDate(0, 0, rapid.IntRange(0, 150).Draw(r, "begins")))
		m := &machine{T: r, db: db, clock: clock, list: list, lists: lists}
		m.step("submit", official, nil, nil)
		m.step("approve", reviewer, m.all[0], nil)
		for range rapid.IntRange(1, 20).Draw(r, "steps") {
			p := rapid.SampledFrom(m.all).Draw(r, "project")
			other := rapid.SampledFrom(m.all).Draw(r, "other")
			m.step(rapid.SampledFrom(actions).Draw(r, "action"), rapid.SampledFrom(people).Draw(r, "who"), p, other)
		}
	})
}

// step does one action, compares what came of it with the model, and checks
// what must hold always.
func (m *machine) step(action string, who reporting.Actor, p, other *plainProject) {
	if action == "wait" {
		m.clock.add(time.Duration(rapid.SampledFrom([]int{1, 14, 60, 200}).Draw(m.T, "days")) * 24 * time.Hour)
		return
	}
	if action == "submit" && len(m.all) == 6 {
		return
	}
	m.serial++
	may, apply, err := m.try(action, who, p, other)
	if may != (err == nil) {
		m.Fatalf("%s by %s on %+v: allowed %v, got %v", action, who.UserID, p, may, err)
	}
	if may {
		apply()
	}
	for _, p := range m.all {
		m.compare(p)
	}
	m.invariants()
}

// try returns whether the model allows an action and what it changes there, and
// does it on the database.
func (m *machine) try(action string, who reporting.Actor, p, other *plainProject) (may bool, apply func(), err error) {
	at := m.clock.now()
	day, ms := reporting.DateOf(at), at.UnixMilli()
	body, office := who.BodyID == "jingyue", who.Role == reporting.Reviewer
	change := func(decide func(q reporting.Project) (reporting.Change, error)) {
		_, err = m.db.ChangeProject(m.Context(), "", p.id, decide)
	}
	quiet := p != nil && p.status == "verified" && p.asked == ""
	switch action {
	case "submit":
		n := &plainProject{status: "submitted", stage: "S1", territory: "jingyue", invest: m.money(), submitted: at, year: at.Year()}
		var filed reporting.Project
		filed, err = m.db.FileProject(m.Context(), "", at.Year(), func(id string) (reporting.Change, error) {
			return m.submit(who, reporting.Project{}, id, n.invest, n.territory, day, ms)
		})
		return body, func() { n.id = filed.ID; m.all = append(m.all, n) }, err
	case "edit":
		invest, territory := m.money(), rapid.SampledFrom([]string{"jingyue", "kuancheng"}).Draw(m.T, "territory")
		change(func(q reporting.Project) (reporting.Change, error) {
			return m.submit(who, q, q.ID, invest, territory, day, ms)
		})
		if p.status == "returned" {
			return body, func() {
				p.status, p.invest, p.territory, p.submitted, p.year = "submitted", invest, territory, at, at.Year()
			}, err
		}
		return body && quiet, func() {
			if invest != p.invest || territory != p.territory {
				p.asked, p.investBecomes, p.becomes = "change", invest, territory
			}
		}, err
	case "approve":
		change(func(q reporting.Project) (reporting.Change, error) {
			return reporting.Approve(who, q, q.ReviewVersion(), day, ms)
		})
		return office && (p.status == "submitted" || p.asked != ""), func() { p.approve(at) }, err
	case "return":
		change(func(q reporting.Project) (reporting.Change, error) {
			return reporting.Return(who, q, 0, "缺材料", day, ms)
		})
		return office && (p.status == "submitted" || p.asked != ""), func() {
			if p.asked == "" {
				p.status = "returned"
			}
			p.asked = ""
		}, err
	case "advance":
		change(func(q reporting.Project) (reporting.Change, error) {
			return reporting.Advance(who, q, 0, stageValues(q.Stage, day), day, ms)
		})
		return body && quiet && p.stage != "S4", func() {
			next := map[string]string{"S1": "S2", "S2": "S3", "S3": "S4"}[p.stage]
			if next == "S2" {
				p.stage = next
			} else {
				p.asked = next
			}
		}, err
	case "stage":
		to := rapid.SampledFrom(reporting.Stages).Draw(m.T, "to")
		change(func(q reporting.Project) (reporting.Change, error) {
			return reporting.SetStage(who, q, to, "协议终止", day, ms)
		})
		return office && quiet && p.stage != string(to), func() { p.stage = string(to) }, err
	case "update":
		change(func(q reporting.Project) (reporting.Change, error) {
			return reporting.Update(who, q, map[string]string{"note": "基础完工", "invested": "1200万"}, ms)
		})
		return body && (p.status == "verified" || p.status == "suspended"), func() {}, err
	case "problem", "solve", "kind", "tick", "untick":
		return m.tryBeside(action, who, p, day, ms)
	case "merge":
		return m.tryMerge(who, p, other, day, ms)
	}
	return m.tryStatus(action, who, p, day, ms)
}

func (p *plainProject) approve(at time.Time) {
	switch p.asked {
	case "S3", "S4":
		p.stage = p.asked
	case "change":
		p.invest, p.territory = p.investBecomes, p.becomes
	default:
		p.status, p.verified, p.year = "verified", at, at.Year()
		if p.submitted.Year() == at.Year()-1 && at.YearDay() <= 15 {
			p.year--
		}
	}
	p.asked = ""
}

func (m *machine) tryStatus(action string, who reporting.Actor, p *plainProject, day reporting.Date, ms int64) (bool, func(), error) {
	_, err := m.db.ChangeProject(m.Context(), "", p.id, func(q reporting.Project) (reporting.Change, error) {
		switch action {
		case "suspend":
			return reporting.Suspend(who, q, 0, "投资方调整", day, ms)
		case "resume":
			return reporting.Resume(who, q, q.Version, "资金到位", day, ms)
		}
		return reporting.Withdraw(who, q, 0, "投资方放弃", day, ms)
	})
	may := who.BodyID == "jingyue" || who.Role == reporting.Reviewer
	switch action {
	case "suspend":
		return may && p.status == "verified" && p.stage != "S4", func() { p.status, p.asked = "suspended", "" }, err
	case "resume":
		return may && p.status == "suspended", func() { p.status = "verified" }, err
	}
	return may && slices.Contains([]string{"returned", "verified", "suspended"}, p.status), func() {
		p.status, p.asked, p.ended = "withdrawn", "", day.Year
	}, err
}

func (m *machine) tryMerge(who reporting.Actor, p, other *plainProject, day reporting.Date, ms int64) (bool, func(), error) {
	_, err := m.db.ChangeProjects(m.Context(), "", []string{p.id, other.id}, func(q []reporting.Project) ([]reporting.Change, error) {
		return reporting.Merge(who, q[0], q[1], "重复申报", day, ms)
	})
	keep, gone := p, other
	if slices.Index(m.all, other) < slices.Index(m.all, p) {
		keep, gone = other, p
	}
	may := who.Role == reporting.Reviewer && p != other && (keep.status == "verified" || keep.status == "suspended") &&
		slices.Contains([]string{"submitted", "returned", "verified", "suspended"}, gone.status)
	return may, func() { gone.status, gone.asked, gone.ended = "merged", "", day.Year }, err
}

// money draws a total on either side of the threshold.
func (m *machine) money() int { return rapid.SampledFrom([]int{9999, 10000, 50000}).Draw(m.T, "money") }

// submit is the use case on a form whose scope is another each time.
func (m *machine) submit(who reporting.Actor, old reporting.Project, id string, invest int, territory string, day reporting.Date, ms int64) (reporting.Change, error) {
	reporter, _ := m.list.Find("jingyue")
	v := reporting.DraftValues(reporting.Project{
		Name: "净月智能制造产业园", TerritoryBody: territory, LeadDept: "gxj", Location: "净月大街1号", OwnerUnit: "拟引进",
		Path: "R1.3", PathDetail: "东博会", InvestTotal: reporting.Wan(invest), Nature: "new", Industry: "auto", Milestone: "signed",
		Content: strings.Repeat("建设厂房两座。", 5) + fmt.Sprint(m.serial), Evidence: "项目建议书", Contact: "王经办 13812345678",
		Start: reporting.Month{Year: 2018, Month: 9}, Finish: reporting.Month{Year: 2020, Month: 6},
	})
	d := reporting.Draft{UserID: who.UserID, BodyID: "jingyue", ProjectID: old.ID, BaseVer: old.Version, Values: v}
	return reporting.Submit(who, d, old, id, reporter, reporting.Register{Body: m.list.Find, Catalogue: m.lists}, day, ms)
}

// stageValues fill in the form of the stage after from.
func stageValues(from reporting.Stage, day reporting.Date) map[string]string {
	return map[string]string{
		"owner": "示例集团", "leader": "陈副市长", "origin": "abroad", "invest_year": "300万", "contract": "投资合同 2018-06-01", "proof_text": "见附件",
		"proof":        map[reporting.Stage]string{reporting.S1: "study", reporting.S2: "land", reporting.S3: "output"}[from],
		"completed_on": day.AddDays(-30).String(), "capacity_on": day.AddDays(-10).String(), "benefit_on": day.String(),
	}
}

// compare checks one project, its credits and its audit trail.
func (m *machine) compare(p *plainProject) {
	q, err := m.db.Project(m.Context(), p.id)
	if err != nil {
		m.Fatal(err)
	}
	asked := ""
	if q.AskedVersion != 0 {
		asked = q.What()
	}
	got := fmt.Sprint(q.Status, q.Stage, asked, q.InvestTotal.String(), q.TerritoryBody, q.PlanYear)
	want := fmt.Sprint(p.status, p.stage, p.asked, reporting.Wan(p.invest).String(), p.territory, p.year)
	if got != want {
		m.Fatalf("%s is %s, want %s", p.id, got, want)
	}
	ledger := m.texts(`SELECT year || '/' || body_id || '/' || role FROM credits WHERE project_id = $1 AND revoked_on = '' ORDER BY 1`, p.id)
	slices.Sort(ledger)
	if diff := cmp.Diff(p.credits(), ledger); diff != "" {
		m.Fatalf("credits of %s %s (-want +got):\n%s", p.id, want, diff)
	}
	m.compareBeside(p, q)
	m.replay(q)
}

// replay checks that the audit trail leads without a gap to the present state.
func (m *machine) replay(now reporting.Project) {
	var state reporting.Project
	befores := m.texts(`SELECT COALESCE(before, '{}') FROM audit WHERE kind = 'project' AND subject = $1 ORDER BY id`, now.ID)
	for i, after := range m.texts(`SELECT after FROM audit WHERE kind = 'project' AND subject = $1 ORDER BY id`, now.ID) {
		var before, next reporting.Project
		if err := json.Unmarshal([]byte(befores[i]), &before); err != nil {
			m.Fatal(err)
		}
		if err := json.Unmarshal([]byte(after), &next); err != nil {
			m.Fatal(err)
		}
		if before.Version = 0; before != state {
			m.Fatalf("event %d of %s begins elsewhere (-before +then):\n%s", i, now.ID, cmp.Diff(state, before))
		}
		next.Version = 0
		state = next
	}
	if now.Version = 0; state != now {
		m.Fatalf("the audit of %s ends elsewhere (-audit +now):\n%s", now.ID, cmp.Diff(state, now))
	}
}

// invariants checks what holds for the whole database.
func (m *machine) invariants() {
	if twice := m.texts(`SELECT project_id FROM credits WHERE revoked_on = '' GROUP BY project_id, year, role HAVING COUNT(*) > 1`); len(twice) > 0 {
		m.Fatalf("credited twice: %v", twice)
	}
	distinct := m.texts(`SELECT CAST(COUNT(DISTINCT project_id) AS TEXT) FROM credits WHERE revoked_on = ''`)
	city := m.texts(`SELECT CAST(COALESCE(SUM(credited), 0) AS TEXT) FROM tallies WHERE body_id = ''`)
	if diff := cmp.Diff(distinct, city); diff != "" {
		m.Fatalf("the city counts otherwise (-distinct +city):\n%s", diff)
	}
	wrong, err := m.db.Recount(m.Context())
	if err != nil || len(wrong) > 0 {
		m.Fatalf("recount: %v, %v", wrong, err)
	}
}

func (m *machine) texts(query string, args ...any) []string {
	out, err := all(m.Context(), m.db.pool, single[string], query, args...)
	if err != nil {
		m.Fatal(err)
	}
	return out
}
