package storage

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/mouhua/mouhua/reporting"
	"github.com/mouhua/mouhua/scheduler"
)

// machine drives the use cases of projects on a database and on the model.
type machine struct {
	*rapid.T
	db     *DB
	clock  *clock
	list   *reporting.BodyList
	lists  *reporting.Catalogue
	all    []*plainProject
	asks   map[int]reporting.Date       // by year: the last day of confirming
	frozen map[int]reporting.Frozen     // as they were first seen
	ledger map[string][]string          // live credits, read after the step
	now    map[string]reporting.Project // read after the step
	serial int
	tally  *steps
}

// steps counts what a run has done.
type steps struct{ done, allowed, refused, days, frozen int }

var (
	official = reporting.Actor{UserID: "UA", Role: reporting.Official, BodyID: "jingyue"}
	stranger = reporting.Actor{UserID: "UB", Role: reporting.Official, BodyID: "kuancheng"}
	reviewer = reporting.Actor{UserID: "UR", Role: reporting.Reviewer}
	leader   = reporting.Actor{UserID: "UL", Role: reporting.Leader}
)

// mostProjects is how many projects a machine has.
const mostProjects = 6

// testMachine has five people of two bodies and the office do what they may and
// may not with up to six projects, in any order, over several years whose turns
// come when somebody looks.
func testMachine(t *testing.T, at string) {
	db, clock := seeded(t, at)
	list, err := db.Bodies(t.Context())
	check(t, err)
	lists, err := db.Catalogue(t.Context())
	check(t, err)
	tally := &steps{}
	rapid.Check(t, func(r *rapid.T) {
		if tally.done >= machineSteps {
			return
		}
		wipe(r, db)
		clock.set(start.AddDate(0, 0, rapid.IntRange(0, 150).Draw(r, "begins")))
		m := &machine{T: r, db: db, clock: clock, list: list, lists: lists, asks: map[int]reporting.Date{}, frozen: map[int]reporting.Frozen{}, tally: tally}
		m.step("submit", official, nil, nil)
		m.step("approve", reviewer, m.all[0], nil)
		actions := map[string]func(*rapid.T){}
		for _, name := range []string{
			"submit", "like", "edit", "edit 2", "approve", "approve 2", "approve 3", "return", "advance", "advance 2", "stage", "suspend", "suspend 2", "resume",
			"withdraw", "merge", "keep", "update", "code", "reconfirm", "reconfirm 2", "wait", "wait 2", "wait 3",
			"problem", "problem 2", "solve", "kind", "tick", "untick",
		} {
			action, _, _ := strings.Cut(name, " ")
			actions[name] = func(r *rapid.T) {
				m.T = r
				p, other := rapid.SampledFrom(m.all).Draw(r, "project"), rapid.SampledFrom(m.all).Draw(r, "other")
				m.step(action, m.who(action, p), p, other)
			}
		}
		r.Repeat(actions)
		m.T = r
		m.counted()
	})
	t.Logf("%d steps: %d allowed, %d refused, %d days begun, %d years frozen", tally.done, tally.allowed, tally.refused, tally.days, tally.frozen)
}

// who mostly is somebody whose business an action is.
func (m *machine) who(action string, p *plainProject) reporting.Actor {
	people := []reporting.Actor{official, stranger, reviewer, {UserID: "U2", Role: reporting.Reviewer}, leader}
	who := rapid.SampledFrom(people).Draw(m.T, "who")
	switch {
	case rapid.IntRange(0, 3).Draw(m.T, "anybody") == 0:
		return who
	case slices.Contains([]string{"approve", "return", "stage", "merge", "keep"}, action):
		return reviewer
	case action == "submit" || action == "like":
		return rapid.SampledFrom(people[:2]).Draw(m.T, "official")
	case p.by == official.BodyID:
		return official
	}
	return stranger
}

// step does one action, compares what came of it with the model, and checks
// what must hold always.
func (m *machine) step(action string, who reporting.Actor, p, other *plainProject) {
	m.tally.done++
	m.serial++
	switch {
	case action == "wait":
		m.clock.add(time.Duration(rapid.SampledFrom([]int{1, 14, 60, 200}).Draw(m.T, "days")) * 24 * time.Hour)
		if !rapid.Bool().Draw(m.T, "looks") {
			return
		}
		m.day()
		m.compare(m.all...)
		m.counted()
		return
	case (action == "submit" || action == "like") && len(m.all) == mostProjects:
		return
	}
	may, apply, err := m.try(action, who, p, other)
	if may != (err == nil) {
		m.Fatalf("%s by %s on %+v and %+v: allowed %v, got %v", action, who.UserID, p, other, may, err)
	}
	if may {
		m.tally.allowed++
		apply()
	} else {
		m.tally.refused++
	}
	m.compare(p, other)
}

// try returns whether the model allows an action and what it changes there, and
// does it on the database.
func (m *machine) try(action string, who reporting.Actor, p, other *plainProject) (may bool, apply func(), err error) {
	at := m.clock.now()
	day, ms := reporting.DateOf(at), at.UnixMilli()
	office := who.Role == reporting.Reviewer
	body := p != nil && who.BodyID == p.by
	change := func(decide func(q reporting.Project) (reporting.Change, error)) {
		_, err = m.db.ChangeProject(m.Context(), "", p.id, decide)
	}
	quiet := p != nil && p.status == "verified" && p.asked == ""
	waits := p != nil && (p.status == "submitted" || p.asked != "")
	switch action {
	case "submit", "like":
		return m.trySubmit(action == "like", who, other)
	case "edit":
		return m.tryEdit(who, p, body, body && quiet)
	case "approve":
		change(func(q reporting.Project) (reporting.Change, error) {
			return reporting.Approve(who, q, q.ReviewVersion(), day, ms)
		})
		return office && waits, func() { p.approve(at) }, err
	case "return":
		change(func(q reporting.Project) (reporting.Change, error) {
			return reporting.Return(who, q, 0, "缺材料", day, ms)
		})
		return office && waits, func() {
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
	case "reconfirm":
		change(func(q reporting.Project) (reporting.Change, error) {
			return reporting.Reconfirm(who, q, 0, map[string]string{"note": "已开工", "evidence": "开工令"}, day, ms)
		})
		return body && (p.unconfirmed(day.Year) || p.status == "suspended" && p.lapsed != 0), func() { p.again(day.Year) }, err
	case "keep":
		change(func(q reporting.Project) (reporting.Change, error) {
			return reporting.KeepBoth(who, q, reporting.Project{ID: q.HeldBy}, 0, "用地不同", ms)
		})
		return office && p.pair != "", func() { p.pair = "" }, err
	case "code":
		code := rapid.SampledFrom([]string{"", "2018-220102-36-03-000001", "2018-220102-36-03-000002"}).Draw(m.T, "code")
		change(func(q reporting.Project) (reporting.Change, error) {
			return reporting.SetCode(who, q, code, day, ms)
		})
		return (office || body) && !p.over() && m.free(code, p), func() { p.code = code }, err
	case "problem", "solve", "kind", "tick", "untick":
		return m.tryBeside(action, who, p, day, ms)
	case "merge":
		return m.tryMerge(who, p, other, day, ms)
	}
	return m.tryStatus(action, who, p, day, ms)
}

// free reports whether p may have the code: no other living project has it, or
// somebody has said why there are two.
func (m *machine) free(code string, p *plainProject) bool {
	free, own := true, true
	for _, q := range m.all {
		if code == "" || q == p || q.code != code || q.over() {
			continue
		}
		if p.like == q.id || q.like == p.id {
			return true
		}
		free, own = false, own && q.by == p.by
	}
	return free || own && p.like != ""
}

// trySubmit files a new project; like says that it looks like other.
func (m *machine) trySubmit(like bool, who reporting.Actor, other *plainProject) (bool, func(), error) {
	at := m.clock.now()
	day, ms := reporting.DateOf(at), at.UnixMilli()
	n := &plainProject{by: "jingyue", status: "submitted", stage: "S1", territory: "jingyue", invest: m.money(), submitted: at, year: at.Year()}
	if who.BodyID != "" {
		n.by = who.BodyID
	}
	var old reporting.Project
	if like {
		var err error
		if old, err = m.db.Project(m.Context(), other.id); err != nil {
			m.Fatal(err)
		}
		n.like = other.id
		if other.by != n.by && !other.over() {
			n.pair = other.id
		}
	}
	filed, err := m.db.FileProject(m.Context(), "", at.Year(), func(id string) (reporting.Change, error) {
		c, err := m.submit(who, n.by, reporting.Project{}, id, n.invest, n.territory, day, ms)
		if err != nil || !like {
			return c, err
		}
		return reporting.FileAnyway(c, old, "地点不同")
	})
	return who.BodyID != "", func() { n.id = filed.ID; m.all = append(m.all, n) }, err
}

// tryEdit changes a returned project, or proposes a change of a verified one.
func (m *machine) tryEdit(who reporting.Actor, p *plainProject, body, quiet bool) (bool, func(), error) {
	at := m.clock.now()
	invest, territory := m.money(), rapid.SampledFrom([]string{"jingyue", "kuancheng"}).Draw(m.T, "territory")
	_, err := m.db.ChangeProject(m.Context(), "", p.id, func(q reporting.Project) (reporting.Change, error) {
		return m.submit(who, p.by, q, q.ID, invest, territory, reporting.DateOf(at), at.UnixMilli())
	})
	if p.status == "returned" {
		return body, func() {
			p.status, p.invest, p.territory, p.submitted, p.year = "submitted", invest, territory, at, at.Year()
		}, err
	}
	return quiet, func() {
		if invest != p.invest || territory != p.territory {
			p.asked, p.investBecomes, p.becomes = "change", invest, territory
		}
	}, err
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
	may := who.BodyID == p.by || who.Role == reporting.Reviewer
	switch action {
	case "suspend":
		return may && p.status == "verified" && p.stage != "S4", func() {
			p.status, p.asked, p.suspended, p.heldEnded, p.lapsed = "suspended", "", day, reporting.Date{}, 0
		}, err
	case "resume":
		return may && p.status == "suspended", func() { p.again(day.Year) }, err
	}
	return may && slices.Contains([]string{"returned", "verified", "suspended"}, p.status), func() { p.end("withdrawn", day) }, err
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
	return may, func() {
		if keep.pair == gone.id {
			keep.pair = ""
		}
		gone.end("merged", day)
	}, err
}

// day has a replica that was just started do what the day calls for.
func (m *machine) day() {
	now := m.clock.now()
	day := reporting.DateOf(now)
	s := scheduler.New(m.db, nil, scheduler.Config{Rule: reporting.NudgeRule{Location: shanghai()}, CityTarget: 1000, Now: m.clock.now})
	if err := s.Year(m.Context(), now); err != nil {
		m.Fatalf("the day %s: %v", day, err)
	}
	m.tally.days++
	over := day.Year - 2
	if day.YearDay() > 15 {
		over++
	}
	m.freezes(over)
	if _, asked := m.asks[day.Year]; !asked {
		due := reporting.Date{Year: day.Year, Month: time.January, Day: 31}
		if fortnight := day.AddDays(14); due.Before(fortnight) {
			due = fortnight
		}
		m.asks[day.Year] = due
	}
	for _, p := range m.all {
		p.sweep(day, m.asks[day.Year])
	}
}

// money draws a total on either side of the threshold.
func (m *machine) money() int { return rapid.SampledFrom([]int{9999, 10000, 50000}).Draw(m.T, "money") }

// submit is the use case on a form whose scope is another each time.
func (m *machine) submit(who reporting.Actor, by string, old reporting.Project, id string, invest int, territory string, day reporting.Date, ms int64) (reporting.Change, error) {
	reporter, _ := m.list.Find(by)
	v := reporting.DraftValues(reporting.Project{
		Name: "净月智能制造产业园", TerritoryBody: territory, LeadDept: "gxj", Location: "净月大街1号", OwnerUnit: "拟引进",
		Path: "R1.3", PathDetail: "东博会", InvestTotal: reporting.Wan(invest), Guards: reporting.Guards{Code: old.Code}, Nature: "new", Industry: "auto", Milestone: "signed",
		Content: strings.Repeat("建设厂房两座。", 5) + fmt.Sprint(m.serial), Evidence: "项目建议书", Contact: "王经办 13812345678",
		Start: reporting.Month{Year: 2018, Month: 9}, Finish: reporting.Month{Year: 2020, Month: 6},
	}, m.lists)
	d := reporting.Draft{UserID: who.UserID, BodyID: by, ProjectID: old.ID, BaseVer: old.Version, Values: v}
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
