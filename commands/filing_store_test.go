package commands

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mouhua/mouhua/lexicon"
	"github.com/mouhua/mouhua/reporting"
)

// shelf is a Store in memory for the tests of filing and review.
type shelf struct {
	mu        sync.Mutex
	bodies    *reporting.BodyList
	catalogue *reporting.Catalogue
	people    map[string]reporting.Person
	projects  map[string]reporting.Project
	drafts    map[string]reporting.Draft
	seen      map[string]string // delivery key → project
	sent      []reporting.Message
	events    []reporting.Event
	notes     []reporting.Note
	files     map[string][]reporting.ProjectFile // by project
	away      error                              // what every call answers while the database is away
	clock     int64

	books      map[string]reporting.QuotaBook // by body and year
	programmes []reporting.ProgrammeTally
	targets    targets
	almanac
	board
	trouble
	checklists
	diary
	troubled []reporting.Delivery
	wall
	noticeBoard
	talk
	pastDays
}

var errAway = &reporting.Error{Code: reporting.Unavailable, Key: "err.database"}

func (s *shelf) lock() func() { s.mu.Lock(); return s.mu.Unlock }

func (s *shelf) Bodies(context.Context) (*reporting.BodyList, error) {
	defer s.lock()()
	return s.bodies, s.away
}

func (s *shelf) Person(_ context.Context, id string) (reporting.Person, error) {
	defer s.lock()()
	return s.people[id], nil
}

func (s *shelf) People(context.Context) ([]reporting.Person, error) {
	return slices.SortedFunc(maps.Values(s.people), func(a, b reporting.Person) int { return cmp.Compare(a.UserID, b.UserID) }), nil
}

func (s *shelf) AssignPerson(context.Context, string, reporting.Person, reporting.Event) error {
	return nil
}

func (s *shelf) SetChannel(context.Context, string, string, string, int64, reporting.Event) error {
	return nil
}

func (s *shelf) Project(_ context.Context, id string) (reporting.Project, error) {
	defer s.lock()()
	p, ok := s.projects[id]
	if !ok {
		return p, reporting.Fail(reporting.NotFound, "err.store.project")
	}
	return p, s.away
}

func (s *shelf) ListProjects(_ context.Context, f reporting.ProjectFilter) (reporting.ProjectPage, error) {
	defer s.lock()()
	var out []reporting.Project
	page := reporting.ProjectPage{}
	for _, id := range slices.Sorted(maps.Keys(s.projects)) {
		p := s.projects[id]
		if f.Body != "" && !slices.Contains([]string{p.ReporterBody, p.TerritoryBody, p.LeadDept}, f.Body) ||
			f.FiledBy != "" && p.FiledBy != f.FiledBy || len(f.Status) > 0 && !slices.Contains(f.Status, p.Status) ||
			f.Stage != "" && p.Stage != f.Stage || f.Year != 0 && p.PlanYear != f.Year ||
			f.Lead != "" && p.LeadDept != f.Lead || f.Industry != "" && p.Industry != f.Industry || f.Route != "" && p.Path.Route() != f.Route ||
			f.Path != "" && p.Path != f.Path || !strings.Contains(p.PathDetail, f.Detail) ||
			f.MinInvest != 0 && p.InvestTotal < f.MinInvest || f.MaxInvest != 0 && p.InvestTotal > f.MaxInvest ||
			f.StaleSince != 0 && p.UpdatedAt >= f.StaleSince ||
			!f.StuckBefore.IsZero() && (p.WaitingSince().IsZero() || !p.WaitingSince().Before(f.StuckBefore)) {
			continue
		}
		out = append(out, p)
		page.Total++
		page.Invest += p.InvestTotal
	}
	if f.OldestFirst {
		slices.SortStableFunc(out, func(a, b reporting.Project) int { return cmp.Compare(a.SubmittedOn.String(), b.SubmittedOn.String()) })
	}
	if f.LargestFirst {
		slices.SortStableFunc(out, func(a, b reporting.Project) int { return cmp.Compare(b.InvestTotal, a.InvestTotal) })
	}
	limit := cmp.Or(f.Limit, 10)
	from := min(f.Offset, len(out))
	page.Projects = out[from:min(from+limit, len(out))]
	return page, s.away
}

// shared refuses a code that another project has, as the database does.
func (s *shelf) shared(changes ...reporting.Change) error {
	for _, ch := range changes {
		p := ch.Project
		var others []reporting.Project
		for _, q := range s.projects {
			if q.ID != p.ID && !q.Over() && reporting.SameCode(p, q) && s.projects[p.ID].Code != p.Code {
				others = append(others, q)
			}
		}
		if err := reporting.MayShareCode(p, others); err != nil {
			return err
		}
	}
	return nil
}

func (s *shelf) write(once string, ch reporting.Change) reporting.Project {
	ch.Project.Version++
	s.projects[ch.Project.ID] = ch.Project
	if once != "" {
		s.seen[once] = ch.Project.ID
	}
	s.events = append(s.events, ch.Event)
	s.sent = append(s.sent, ch.Messages...)
	delete(s.drafts, ch.Drop)
	s.keepProblems(ch)
	s.keepTicks(ch)
	if ch.Files != nil {
		kept := slices.DeleteFunc(s.files[ch.Project.ID], func(f reporting.ProjectFile) bool { return f.For == ch.Files.For })
		s.files[ch.Project.ID] = append(kept, ch.Files.Files...)
	}
	if ch.Note != nil {
		s.notes = append(s.notes, *ch.Note)
	}
	return ch.Project
}

func (s *shelf) FileProject(_ context.Context, once string, year int, decide func(string) (reporting.Change, error)) (reporting.Project, error) {
	defer s.lock()()
	if id, ok := s.seen[once]; ok {
		return s.projects[id], reporting.ErrRepeated
	}
	if s.away != nil {
		return reporting.Project{}, s.away
	}
	ch, err := decide(reporting.NewProjectID(year, len(s.projects)+1))
	if err == nil {
		err = s.shared(ch)
	}
	if err != nil {
		return reporting.Project{}, err
	}
	return s.write(once, ch), nil
}

func (s *shelf) ChangeProject(_ context.Context, once, id string, decide func(reporting.Project) (reporting.Change, error)) (reporting.Project, error) {
	defer s.lock()()
	p, ok := s.projects[id]
	if !ok {
		return p, reporting.Fail(reporting.NotFound, "err.store.project")
	}
	if _, ok := s.seen[once]; ok {
		return p, reporting.ErrRepeated
	}
	ch, err := decide(p)
	if err == nil {
		err = s.shared(ch)
	}
	if err != nil {
		return reporting.Project{}, err
	}
	return s.write(once, ch), nil
}

func (s *shelf) ChangeProjects(_ context.Context, once string, ids []string, decide func([]reporting.Project) ([]reporting.Change, error)) ([]reporting.Project, error) {
	defer s.lock()()
	var old, out []reporting.Project
	for _, id := range ids {
		p, ok := s.projects[id]
		if !ok {
			return nil, reporting.Fail(reporting.NotFound, "err.store.project")
		}
		old = append(old, p)
	}
	if _, ok := s.seen[once]; ok {
		return old[:1], reporting.ErrRepeated
	}
	changes, err := decide(old)
	if err == nil {
		err = s.shared(changes...)
	}
	if err != nil {
		return nil, err
	}
	for _, ch := range changes {
		out = append(out, s.write(once, ch))
	}
	return out, err
}

func (s *shelf) AskingOf(_ context.Context, body string, n int) ([]reporting.Project, error) {
	defer s.lock()()
	var out []reporting.Project
	for _, id := range slices.Sorted(maps.Keys(s.projects)) {
		if p := s.projects[id]; p.AskedVersion != 0 && p.ReporterBody == body {
			out = append(out, p)
		}
	}
	return out[:min(n, len(out))], s.away
}

func (s *shelf) Asking(_ context.Context, offset, limit int) (reporting.ProjectPage, error) {
	defer s.lock()()
	var page reporting.ProjectPage
	for _, id := range slices.Sorted(maps.Keys(s.projects)) {
		if p := s.projects[id]; p.AskedVersion != 0 {
			page.Total++
			page.Projects = append(page.Projects, p)
		}
	}
	page.Projects = page.Projects[min(offset, page.Total):min(offset+limit, page.Total)]
	return page, s.away
}

func (s *shelf) Alike(_ context.Context, p reporting.Project) ([]reporting.Project, error) {
	defer s.lock()()
	return reporting.Duplicates(p, slices.Collect(maps.Values(s.projects)), lexicon.Fold), s.away
}

func (s *shelf) Held(_ context.Context, offset, limit int) (reporting.ProjectPage, error) {
	defer s.lock()()
	var page reporting.ProjectPage
	for _, id := range slices.Sorted(maps.Keys(s.projects)) {
		if p := s.projects[id]; p.HeldBy != "" {
			page.Total++
			page.Projects = append(page.Projects, p)
		}
	}
	page.Projects = page.Projects[min(offset, page.Total):min(offset+limit, page.Total)]
	return page, s.away
}

func (s *shelf) ProjectFiles(_ context.Context, id string) ([]reporting.ProjectFile, error) {
	defer s.lock()()
	return slices.Clone(s.files[id]), s.away
}

func (s *shelf) Flagged(_ context.Context, limit int) (reporting.ProjectPage, error) {
	defer s.lock()()
	var page reporting.ProjectPage
	for _, id := range slices.Sorted(maps.Keys(s.projects)) {
		if p := s.projects[id]; p.Status == reporting.Submitted && p.HeldBy == "" && p.Guarded(reporting.Yi) {
			page.Total++
			page.Projects = append(page.Projects, p)
		}
	}
	page.Projects = page.Projects[:min(limit, page.Total)]
	return page, s.away
}

func (s *shelf) Notes(_ context.Context, id string, n int) ([]reporting.Note, error) {
	defer s.lock()()
	var out []reporting.Note
	for _, note := range slices.Backward(s.notes) {
		if note.ProjectID == id && len(out) < n {
			out = append(out, note)
		}
	}
	return out, s.away
}

func (s *shelf) SaveDraft(_ context.Context, d reporting.Draft) (reporting.Draft, error) {
	defer s.lock()()
	if s.away != nil {
		return d, s.away
	}
	old, ok := s.drafts[d.ID]
	switch {
	case d.ID == "":
		s.clock++
		d.ID = fmt.Sprintf("draft%d", s.clock)
	case !ok:
		return d, reporting.Fail(reporting.NotFound, "err.draft.gone")
	case old.Stamp > d.Stamp:
		return old, nil
	}
	d.UpdatedAt = filingNow.UnixMilli()
	s.drafts[d.ID] = d
	return d, nil
}

func (s *shelf) Draft(_ context.Context, id string) (reporting.Draft, error) {
	defer s.lock()()
	d, ok := s.drafts[id]
	if !ok {
		return d, reporting.Fail(reporting.NotFound, "err.draft.gone")
	}
	return d, s.away
}

func (s *shelf) DraftsOf(_ context.Context, user string) ([]reporting.Draft, error) {
	defer s.lock()()
	var out []reporting.Draft
	for _, id := range slices.Sorted(maps.Keys(s.drafts)) {
		if d := s.drafts[id]; d.UserID == user {
			out = append(out, d)
		}
	}
	return out, s.away
}

func (s *shelf) DropDraft(_ context.Context, id string) error {
	defer s.lock()()
	delete(s.drafts, id)
	return s.away
}

func (s *shelf) DraftsLeft(_ context.Context, body string) ([]reporting.Draft, error) {
	defer s.lock()()
	var out []reporting.Draft
	for _, id := range slices.Sorted(maps.Keys(s.drafts)) {
		if d := s.drafts[id]; d.BodyID == body && d.UserID == "" {
			out = append(out, d)
		}
	}
	return out, s.away
}

func (s *shelf) Waiting(_ context.Context, body string) (reporting.Waiting, error) {
	defer s.lock()()
	var w reporting.Waiting
	for _, id := range slices.Sorted(maps.Keys(s.projects)) {
		if p := s.projects[id]; p.ReporterBody == body && p.Status == reporting.Returned {
			w.Returned, w.ReturnedTotal = append(w.Returned, p), w.ReturnedTotal+1
		}
	}
	for _, id := range slices.Sorted(maps.Keys(s.drafts)) {
		if d := s.drafts[id]; d.BodyID == body {
			w.Drafts, w.DraftTotal = append(w.Drafts, d), w.DraftTotal+1
		}
	}
	day := reporting.DateOf(filingNow)
	w.Problems = s.listProblems(reporting.ProblemFilter{Body: body, Day: day, DueBy: day.AddDays(reporting.DueSoon)})
	return w, s.away
}

func (s *shelf) Standing(_ context.Context, body string, year int, day reporting.Date) (reporting.Standing, error) {
	defer s.lock()()
	n := 0
	for _, p := range s.projects {
		for _, c := range reporting.CreditsFor(p, reporting.Rules{Threshold: reporting.Yi}) {
			if c.BodyID == body && c.Year == year {
				n++
			}
		}
	}
	set := slices.ContainsFunc(s.targets.set, func(t reporting.IndicatorTarget) bool { return t.BodyID == body && t.Year == year })
	return reporting.Standing{
		BodyID: body, Year: year, AsOf: day, HasTargets: set, Tally: reporting.Tally{BodyID: body, Year: year, Credited: n},
	}, s.away
}

func (s *shelf) Standings(context.Context, int, reporting.Date) ([]reporting.Standing, error) {
	return nil, s.away
}

func (s *shelf) PlanMessages(context.Context, []reporting.Message, []reporting.Event) ([]reporting.Message, error) {
	return nil, nil
}

func (s *shelf) PlannedKeys(context.Context, []string) (map[string]bool, error) { return nil, nil }

func (s *shelf) LastDeliveries(_ context.Context, kind reporting.MessageKind, body string, n int) ([]reporting.Delivery, error) {
	defer s.lock()()
	var out []reporting.Delivery
	for _, m := range slices.Backward(s.sent) {
		if m.Kind == kind && m.BodyID == body && len(out) < n {
			out = append(out, reporting.Delivery{Message: m})
		}
	}
	return out, nil
}

// filingNow is the afternoon on which the tests of filing play.
var filingNow = time.Date(2018, time.July, 31, 6, 5, 0, 0, time.UTC)

func testBody(id string, kind reporting.Kind, name string) reporting.Body {
	b := reporting.Body{ID: id, Kind: kind, Name: reporting.Names{ZhCN: name, En: id}, Short: reporting.Names{ZhCN: name, En: id}}
	if id == "jingyue" {
		b.Aliases = []string{"净月"}
	}
	return b
}

// testWords are read once: hundreds of Apps are made.
var testWords = sync.OnceValues(NewWords)

// office returns an App on a shelf with three bodies and one person a role.
func office(t testing.TB) (*App, *shelf) {
	t.Helper()
	s := &shelf{
		bodies: &reporting.BodyList{Revision: 1, All: []reporting.Body{
			testBody("kuancheng", reporting.District, "宽城区"), testBody("jingyue", reporting.DevZone, "净月高新区"),
			testBody("gxj", reporting.Department, "市工信局"),
		}},
		people: map[string]reporting.Person{
			"UJY": {UserID: "UJY", Name: "王经办", Role: reporting.Official, BodyID: "jingyue"},
			"UKC": {UserID: "UKC", Name: "赵经办", Role: reporting.Official, BodyID: "kuancheng"},
			"UGX": {UserID: "UGX", Name: "孙经办", Role: reporting.Official, BodyID: "gxj"},
			"UNO": {UserID: "UNO", Name: "吴经办", Role: reporting.Official},
			"URE": {UserID: "URE", Name: "李审核", Role: reporting.Reviewer}, "UR2": {UserID: "UR2", Name: "周审核", Role: reporting.Reviewer},
			"ULE": {UserID: "ULE", Name: "陈市长", Role: reporting.Leader}, "UAD": {UserID: "UAD", Name: "钱管理", Role: reporting.Admin},
		},
		catalogue: plan(t),
		files:     map[string][]reporting.ProjectFile{},
		projects:  map[string]reporting.Project{}, drafts: map[string]reporting.Draft{}, seen: map[string]string{},
	}
	words, err := testWords()
	if err != nil {
		t.Fatal(err)
	}
	a := New(s, words, Config{
		Location: time.FixedZone("CST", 8*3600), Locale: reporting.ZhCN, Threshold: reporting.Yi, CityTarget: 1000,
		OfficeChannel: "COFFICE", Admins: []string{"UAD"}, Now: func() time.Time { return filingNow },
		Pace: reporting.DefaultThresholds,
	})
	return a, s
}

// lateAlike is a shelf on which something happens before or after the next look
// for like projects.
type lateAlike struct {
	*shelf
	first, then func()
}

func (s *lateAlike) Alike(ctx context.Context, p reporting.Project) ([]reporting.Project, error) {
	if first := s.first; first != nil {
		s.first = nil
		first()
	}
	like, err := s.shelf.Alike(ctx, p)
	if s.then != nil {
		s.then()
		s.then = nil
	}
	return like, err
}
