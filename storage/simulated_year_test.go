package storage

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/mouhua/mouhua/reporting"
	"github.com/mouhua/mouhua/scheduler"
)

// simulation is a year of 40 bodies, driven through the use cases on a
// database and in a model beside it.
type simulation struct {
	*testing.T
	db     *DB
	clock  *clock
	rand   *rand.Rand
	sched  *scheduler.Scheduler
	list   *reporting.BodyList
	lists  *reporting.Catalogue
	terrs  []string
	depts  []string
	quotas map[string][]simQuota
	all    []*simulated
	byID   map[string]*simulated
}

// testSimulatedYear: 3,000 projects of 40 bodies, weekly actions, the change of
// the year with its grace, the freeze, carrying over, corrections and the 90
// days of suspension. The model counts beside it, and what came out is written
// down here, so that a change of a rule is seen.
func testSimulatedYear(t *testing.T, at string) {
	s := newSimulation(t, at)
	month := time.January
	for week := range 52 {
		monday := date("2018-01-01").AddDays(7 * week)
		if monday.Month != month {
			month = monday.Month
			s.monthEnds(monday)
		}
		s.week(monday, simulatedProjects*(week+1)/52-simulatedProjects*week/52)
	}
	s.on("2018-12-31")
	s.compares(2018, date("2018-12-31"))
	frozen := s.newYear()
	s.after(frozen)
	s.sums(frozen)
	none(t, s.db)
}

func newSimulation(t *testing.T, at string) *simulation {
	db, c := open(t, at)
	s := &simulation{
		T: t, db: db, clock: c, rand: rand.New(rand.NewPCG(2018, 40)), quotas: map[string][]simQuota{}, byID: map[string]*simulated{},
	}
	s.sched = scheduler.New(db, nil, scheduler.Config{Rule: reporting.NudgeRule{Location: shanghai()}, CityTarget: 1000, Now: c.now})
	var bodies []reporting.Body
	var quotas []reporting.Quota
	for i := range 40 {
		id, kind := fmt.Sprintf("t%02d", i), reporting.District
		if i >= 24 {
			id, kind = fmt.Sprintf("d%02d", i), reporting.Department
			s.depts = append(s.depts, id)
		} else {
			s.terrs = append(s.terrs, id)
		}
		bodies = append(bodies, reporting.Body{ID: id, Kind: kind, Name: reporting.Names{ZhCN: "单位" + id}, Short: reporting.Names{ZhCN: id}})
		n := 5 + s.rand.IntN(60)
		quotas = append(quotas, reporting.Quota{BodyID: id, Year: 2018, Version: 1, Count: n, EffectiveFrom: date("2018-01-01")})
		s.quotas[id] = []simQuota{{n, date("2018-01-01")}}
	}
	c.set(date("2018-01-01").In(shanghai()))
	must(t)(db.ImportBodies(t.Context(), bodies, "test", false))
	must(t)(db.ImportQuotas(t.Context(), quotas, "test", false))
	list, err := db.Bodies(t.Context())
	check(t, err)
	s.list = list
	s.lists, err = s.db.Catalogue(t.Context())
	check(t, err)
	return s
}

// on begins a day at ten: what the day does of its own accord is done.
func (s *simulation) on(day string) { s.begins(date(day)) }

func (s *simulation) begins(day reporting.Date) {
	s.Helper()
	s.clock.set(day.In(shanghai()).Add(10 * time.Hour))
	check(s.T, s.sched.Year(s.Context(), s.clock.now()))
	for _, p := range s.all {
		p.swept(day, reporting.Date{Year: day.Year, Month: time.January, Day: 31})
	}
}

func (s *simulation) day() reporting.Date { return reporting.DateOf(s.clock.now()) }

// monthEnds compares on the last day before next.
func (s *simulation) monthEnds(next reporting.Date) {
	s.Helper()
	last := reporting.Date{Year: next.Year, Month: next.Month, Day: 1}.AddDays(-1)
	s.begins(last)
	s.compares(2018, last)
}

// week is what happens in a week in which n projects are filed.
func (s *simulation) week(monday reporting.Date, n int) {
	s.begins(monday)
	s.files(n)
	s.begins(monday.AddDays(2))
	s.reviews(60)
	for _, p := range s.some(9, func(p *simulated) bool { return p.status == "returned" }) {
		s.submits(p, p.wan+s.rand.IntN(500), p.terr)
	}
	s.begins(monday.AddDays(4))
	s.lives()
	body := append(s.terrs, s.depts...)[s.rand.IntN(40)]
	s.setsQuota(body, s.owes(body, s.day())+s.rand.IntN(7)-3)
}

// change makes one change on the present day; nothing may refuse it.
func (s *simulation) change(p *simulated, decide func(q reporting.Project, day reporting.Date, at int64) (reporting.Change, error)) {
	s.Helper()
	at := s.clock.now()
	_, err := s.db.ChangeProject(s.Context(), "", p.id, func(q reporting.Project) (reporting.Change, error) {
		return decide(q, reporting.DateOf(at), at.UnixMilli())
	})
	if err != nil {
		s.Fatalf("%s %+v: %v", s.day(), p, err)
	}
}

func (p *simulated) official() reporting.Actor {
	return reporting.Actor{UserID: "U" + p.by, Role: reporting.Official, BodyID: p.by}
}

// total draws a total: a tenth lies below the threshold, some right at it.
func (s *simulation) total() int {
	switch s.rand.IntN(20) {
	case 0, 1:
		return 500 + s.rand.IntN(9500)
	case 2:
		return 10000
	}
	return 10001 + s.rand.IntN(200_000)
}

// files has n projects filed; one of them is like another body's.
func (s *simulation) files(n int) {
	for i := range n {
		terr, dept := s.terrs[s.rand.IntN(24)], s.depts[s.rand.IntN(16)]
		p := &simulated{by: terr, terr: terr, dept: dept, wan: s.total(), stage: 1}
		switch s.rand.IntN(10) {
		case 0:
			p.by, p.terr = dept, "" // still open
		case 1:
			p.dept = ""
		case 2:
			p.by = dept
		}
		var like *simulated
		if i == 0 {
			for _, q := range s.some(1, func(q *simulated) bool { return q.status == "verified" && q.by != p.by && q.pair == "" }) {
				like = q
			}
		}
		s.filesOne(p, like)
	}
}

func (s *simulation) filesOne(p, like *simulated) {
	s.Helper()
	at := s.clock.now()
	filed, err := s.db.FileProject(s.Context(), "", at.Year(), func(id string) (reporting.Change, error) {
		c, err := s.typed(p, reporting.Project{}, id, p.wan, p.terr)
		if err != nil || like == nil {
			return c, err
		}
		return reporting.FileAnyway(c, reporting.Project{ID: like.id, ReporterBody: like.by, Status: reporting.Verified}, "地点不同")
	})
	if err != nil {
		s.Fatalf("file %+v: %v", p, err)
	}
	p.id, p.status, p.submitted, p.year = filed.ID, "submitted", s.day(), at.Year()
	if like != nil {
		p.pair = like.id
	}
	s.all, s.byID[p.id] = append(s.all, p), p
}

// typed is the use case of the form with these values.
func (s *simulation) typed(p *simulated, old reporting.Project, id string, wan int, terr string) (reporting.Change, error) {
	reporter, _ := s.list.Find(p.by)
	v := reporting.DraftValues(reporting.Project{
		Name: "第" + fmt.Sprint(len(s.all)) + "号产业园", TerritoryBody: terr, LeadDept: p.dept, Location: "一路1号", OwnerUnit: "拟引进",
		Path: "R1.3", PathDetail: "东博会", InvestTotal: reporting.Wan(wan), Guards: reporting.Guards{Code: old.Code}, Nature: "new", Industry: "auto", Milestone: "signed",
		Content: strings.Repeat("建设厂房两座。", 4), Evidence: "项目建议书", Contact: "王经办 13812345678",
		Start: reporting.Month{Year: 2018, Month: 9}, Finish: reporting.Month{Year: 2020, Month: 6},
	}, s.lists)
	if old.ID != "" {
		v[reporting.FieldName] = old.Name
	}
	d := reporting.Draft{UserID: "U" + p.by, BodyID: p.by, ProjectID: old.ID, BaseVer: old.Version, Values: v}
	return reporting.Submit(p.official(), d, old, id, reporter, reporting.Register{Body: s.list.Find, Catalogue: s.lists}, s.day(), s.clock.now().UnixMilli())
}

// submits has a returned project submitted again, or a change of a verified
// one proposed.
func (s *simulation) submits(p *simulated, wan int, terr string) {
	s.Helper()
	s.change(p, func(q reporting.Project, _ reporting.Date, _ int64) (reporting.Change, error) {
		return s.typed(p, q, q.ID, wan, terr)
	})
	if p.status == "returned" {
		p.status, p.wan, p.terr, p.submitted, p.year = "submitted", wan, terr, s.day(), s.day().Year
	}
}

// reviews has the office decide about n projects that wait.
func (s *simulation) reviews(n int) {
	for _, p := range s.some(n, func(p *simulated) bool { return p.status == "submitted" }) {
		if s.rand.IntN(100) < 15 {
			s.change(p, func(q reporting.Project, day reporting.Date, at int64) (reporting.Change, error) {
				return reporting.Return(reviewer, q, q.Version, "缺材料", day, at)
			})
			p.status = "returned"
			continue
		}
		s.approves(p)
	}
}

func (s *simulation) approves(p *simulated) {
	s.Helper()
	s.change(p, func(q reporting.Project, day reporting.Date, at int64) (reporting.Change, error) {
		return reporting.Approve(reviewer, q, q.Version, day, at)
	})
	day := s.day()
	p.status, p.verified, p.year = "verified", day, day.Year
	if p.submitted.Year == day.Year-1 && day.Month == time.January && day.Day <= 15 {
		p.year--
	}
}

// lives is what happens to verified projects in a week.
func (s *simulation) lives() {
	quiet := func(stages ...int) func(p *simulated) bool {
		return func(p *simulated) bool {
			for _, stage := range stages {
				if p.status == "verified" && p.stage == stage {
					return true
				}
			}
			return false
		}
	}
	for _, p := range s.some(5, quiet(1, 2, 3)) {
		s.advances(p)
	}
	for _, p := range s.some(1, quiet(2, 3, 4)) {
		s.change(p, func(q reporting.Project, day reporting.Date, at int64) (reporting.Change, error) {
			return reporting.SetStage(reviewer, q, reporting.S1, "协议终止", day, at)
		})
		p.stage = 1
	}
	for _, p := range s.some(3, quiet(1, 2, 3)) {
		s.suspends(p)
	}
	for _, p := range s.some(1, func(p *simulated) bool { return p.status == "suspended" }) {
		s.resumes(p)
	}
	for _, p := range s.some(2, func(p *simulated) bool {
		return p.status == "verified" || p.status == "suspended" || p.status == "returned"
	}) {
		s.withdraws(p)
	}
	for _, p := range s.some(2, quiet(1, 2, 3, 4)) {
		s.proposes(p)
	}
	for _, p := range s.some(2, func(p *simulated) bool { return p.pair != "" }) {
		s.arbitrates(p)
	}
	if pair := s.some(2, quiet(1, 2, 3, 4)); len(pair) == 2 {
		s.merges(pair[0], pair[1])
	}
}

func (s *simulation) advances(p *simulated) {
	s.Helper()
	s.change(p, func(q reporting.Project, day reporting.Date, at int64) (reporting.Change, error) {
		return reporting.Advance(p.official(), q, q.Version, stageValues(q.Stage, day), day, at)
	})
	if p.stage > 1 {
		s.grants(p)
	}
	p.stage++
}

func (s *simulation) grants(p *simulated) {
	s.Helper()
	s.change(p, func(q reporting.Project, day reporting.Date, at int64) (reporting.Change, error) {
		return reporting.Approve(reviewer, q, q.ReviewVersion(), day, at)
	})
}

func (s *simulation) suspends(p *simulated) {
	s.change(p, func(q reporting.Project, day reporting.Date, at int64) (reporting.Change, error) {
		return reporting.Suspend(p.official(), q, 0, "资金未到位", day, at)
	})
	p.status, p.suspended, p.heldEnded, p.lapsed = "suspended", s.day(), reporting.Date{}, 0
}

func (s *simulation) resumes(p *simulated) {
	s.change(p, func(q reporting.Project, day reporting.Date, at int64) (reporting.Change, error) {
		return reporting.Resume(p.official(), q, 0, "资金到位", day, at)
	})
	p.again(s.day())
}

func (s *simulation) withdraws(p *simulated) {
	s.change(p, func(q reporting.Project, day reporting.Date, at int64) (reporting.Change, error) {
		return reporting.Withdraw(p.official(), q, 0, "投资方放弃", day, at)
	})
	p.over("withdrawn", s.day())
}

// proposes another total or territory, which the office grants or refuses.
func (s *simulation) proposes(p *simulated) {
	wan, terr := s.total(), p.terr
	if p.by != p.terr && s.rand.IntN(2) == 0 {
		wan, terr = p.wan, s.terrs[s.rand.IntN(24)]
	}
	if wan == p.wan && terr == p.terr {
		return
	}
	s.submits(p, wan, terr)
	if s.rand.IntN(4) > 0 {
		s.grants(p)
		p.wan, p.terr = wan, terr
		return
	}
	s.change(p, func(q reporting.Project, day reporting.Date, at int64) (reporting.Change, error) {
		return reporting.Return(reviewer, q, q.ReviewVersion(), "依据不足", day, at)
	})
}

// arbitrates decides about a project that two bodies may have filed.
func (s *simulation) arbitrates(p *simulated) {
	like := s.byID[p.pair]
	if like.status == "verified" && p.status != "withdrawn" && s.rand.IntN(2) == 0 {
		s.merges(like, p)
		return
	}
	s.change(p, func(q reporting.Project, _ reporting.Date, at int64) (reporting.Change, error) {
		return reporting.KeepBoth(reviewer, q, reporting.Project{ID: like.id, ReporterBody: like.by}, q.Version, "用地不同", at)
	})
	p.pair = ""
}

// merges two projects into the older one.
func (s *simulation) merges(a, b *simulated) {
	s.Helper()
	day, at := s.day(), s.clock.now().UnixMilli()
	_, err := s.db.ChangeProjects(s.Context(), "", []string{a.id, b.id}, func(q []reporting.Project) ([]reporting.Change, error) {
		return reporting.Merge(reviewer, q[0], q[1], "同一项目", day, at)
	})
	if err != nil {
		s.Fatalf("merge %+v and %+v: %v", a, b, err)
	}
	keep, gone := a, b
	if b.id < a.id { // four digits each, and years first
		keep, gone = b, a
	}
	if keep.pair == gone.id {
		keep.pair = ""
	}
	gone.over("merged", day)
}

func (s *simulation) setsQuota(body string, n int) {
	s.Helper()
	n = max(n, 1)
	_, err := s.db.ChangeQuota(s.Context(), "", body, 2018, func(book reporting.QuotaBook) (reporting.QuotaChange, error) {
		q := reporting.Quota{Count: n, EffectiveFrom: s.day(), Reason: "年中调整", DecidedBy: "领导小组"}
		return reporting.SetQuota(reviewer, book, q, book.Last(), "", s.clock.now().UnixMilli())
	})
	check(s.T, err)
	s.quotas[body] = append(s.quotas[body], simQuota{n, s.day()})
}
