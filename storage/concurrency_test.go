package storage

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

// together runs do n times at once and returns the errors.
func together(n int, do func(i int) error) []error {
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = do(i) })
	}
	wg.Wait()
	return errs
}

func testConcurrentClaims(t *testing.T, at string) {
	db, _ := seeded(t, at)
	other, _ := open(t, at)
	var messages []reporting.Message
	for i := range 400 {
		messages = append(messages, reporting.Message{Key: fmt.Sprintf("m%03d", i)})
	}
	plan(t, db, messages...)
	var mu sync.Mutex
	handed := map[string]int{}
	for _, err := range together(8, func(i int) error {
		for {
			m, err := []*DB{db, other}[i%2].Claim(t.Context(), fmt.Sprint(i), start.UnixMilli(), start.UnixMilli(), lease, 7)
			if reporting.CodeOf(err) == reporting.Unavailable && t.Context().Err() == nil {
				continue // two processes on one SQLite file may starve each other; nothing was handed out
			}
			if err != nil || len(m) == 0 {
				return err
			}
			mu.Lock()
			for _, m := range m {
				handed[m.Key]++
			}
			mu.Unlock()
		}
	}) {
		check(t, err)
	}
	same(t, "rows handed out", len(handed), 400)
	for key, n := range handed {
		if n != 1 {
			t.Errorf("%s was handed out %d times", key, n)
		}
	}
}

func testConcurrentFiling(t *testing.T, at string) {
	db, _ := seeded(t, at)
	ids := make([]string, 20)
	for _, err := range together(20, func(i int) error {
		p, err := db.FileProject(t.Context(), fmt.Sprint("view/", i), 2018, filing(sample()))
		ids[i] = p.ID
		return err
	}) {
		check(t, err)
	}
	seen := map[string]bool{}
	for _, id := range ids {
		seen[id] = true
	}
	same(t, "different numbers", len(seen), 20)
	same(t, "pending", tally(t, db, reporting.City, "2018-07-31"), [3]int{0, 20, 0})
}

func testTwoReviewers(t *testing.T, at string) {
	db, _ := seeded(t, at)
	p := file(t, db, nil)
	reviewer := reporting.Actor{UserID: "U2", Role: reporting.Reviewer}
	refused := 0
	for _, err := range together(2, func(i int) error {
		_, err := db.ChangeProject(t.Context(), fmt.Sprint("press/", i), p.ID, func(p reporting.Project) (reporting.Change, error) {
			return reporting.Approve(reviewer, p, 1, date("2018-07-31"), start.UnixMilli())
		})
		return err
	}) {
		if err != nil {
			failsWith(t, err, reporting.Conflict)
			refused++
		}
	}
	same(t, "refused", refused, 1)
	same(t, "credited", tally(t, db, "jingyue", "2018-07-31"), [3]int{1, 0, 1})
}

func testConcurrentDelivery(t *testing.T, at string) {
	db, _ := seeded(t, at)
	ids := make([]string, 3)
	repeated := 0
	for _, err := range together(3, func(i int) error {
		p, err := db.FileProject(t.Context(), "view/1", 2018, filing(sample()))
		ids[i] = p.ID
		return err
	}) {
		switch {
		case errors.Is(err, reporting.ErrRepeated):
			repeated++
		case err != nil:
			t.Error(err)
		}
	}
	same(t, "repeated", repeated, 2)
	same(t, "numbers", ids, []string{"CC-2018-0001", "CC-2018-0001", "CC-2018-0001"})
	same(t, "projects", len(query(t, db, `SELECT id FROM projects`)), 1)
}

// testConcurrentCredits moves projects between bodies in both directions at
// once, on two replicas, with a rebuild in between.
func testConcurrentCredits(t *testing.T, at string) {
	db, _ := seeded(t, at)
	other, _ := open(t, at)
	ids := make([]string, 8)
	for i := range ids {
		ids[i] = file(t, db, verify("2018-07-20")).ID
	}
	for _, err := range together(9, func(i int) error {
		if i == 8 {
			return db.Rebuild(t.Context())
		}
		for n := range 6 {
			_, err := []*DB{db, other}[i%2].ChangeProject(t.Context(), "", ids[i], editing("move", func(p *reporting.Project) {
				p.TerritoryBody = []string{"jingyue", "kuancheng"}[(n+i)%2]
				p.LeadDept = []string{"gxj", "fgw"}[n%2]
			}))
			if err != nil {
				return err
			}
		}
		return nil
	}) {
		check(t, err)
	}
	wrong, err := db.Recount(t.Context())
	check(t, err)
	same(t, "recount", wrong, []Difference(nil))
}

// testDeadline holds a row so that a change runs into its deadline, and lets
// go of it.
func testDeadline(t *testing.T, at string) {
	db, _ := seeded(t, at)
	other, _ := open(t, at)
	p := file(t, db, nil)
	held, done, free := make(chan struct{}), make(chan error), make(chan struct{})
	go func() {
		done <- other.write(context.Background(), "hold", func(tx *sqlx.Tx) error {
			_, err := tx.Exec(`UPDATE projects SET name = name`)
			close(held)
			<-free
			return err
		})
	}()
	<-held
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := db.ChangeProject(ctx, "k", p.ID, editing("x", verify("2018-07-31")))
	failsWith(t, err, reporting.Unavailable)
	close(free)
	check(t, <-done)
	_, err = db.ChangeProject(t.Context(), "k", p.ID, editing("x", verify("2018-07-31")))
	check(t, err)
}

func testOnChange(t *testing.T, at string) {
	db, _ := seeded(t, at)
	changes := 0
	db.cfg.OnChange = func() { changes++ }
	steps := []struct {
		name string
		do   func() error
		want int
	}{
		{"file", func() error { file(t, db, nil); return nil }, 1},
		{"plan", func() error { plan(t, db, reporting.Message{Key: "m"}); return nil }, 1},
		{"channel", func() error { return db.SetChannel(t.Context(), "", "gxj", "C1", 1, reporting.Event{}) }, 1},
		{"claim", func() error { claim(t, db, start, 1); return nil }, 0},
		{"read", func() error { _, err := db.Bodies(t.Context()); return err }, 0},
	}
	for _, s := range steps {
		changes = 0
		check(t, s.do())
		same(t, s.name, changes, s.want)
	}
	changes = 0
	failsWith(t, db.SetChannel(t.Context(), "", "nowhere", "C2", 1, reporting.Event{}), reporting.NotFound)
	same(t, "a refusal", changes, 0)
}
