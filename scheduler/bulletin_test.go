package scheduler

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/reporting"
)

// fakeBulletins are those of a database in memory.
type fakeBulletins struct {
	shelf  sync.Mutex
	kept   []reporting.Bulletin
	owed   bool
	looked int
	broken map[string]error // by period, of taking figures
}

func (f *fakeBulletins) Bulletin(_ context.Context, id string) (reporting.Bulletin, error) {
	f.shelf.Lock()
	defer f.shelf.Unlock()
	f.looked++
	if i := slices.IndexFunc(f.kept, func(b reporting.Bulletin) bool { return b.ID == id }); i >= 0 {
		return f.kept[i], nil
	}
	return reporting.Bulletin{}, reporting.Fail(reporting.NotFound, "err.bulletin.unknown")
}

func (f *fakeBulletins) BulletinSnapshot(_ context.Context, p reporting.Period, _ reporting.BulletinTerms) (reporting.BulletinSnapshot, error) {
	s := reporting.BulletinSnapshot{AsOf: p.Last()}
	if f.owed {
		s.Lines = []reporting.BulletinLine{{Standing: reporting.Standing{BodyID: "a", HasQuota: true, Quota: reporting.Quota{Count: 5}}}}
	}
	return s, f.broken[p.String()]
}

func (f *fakeBulletins) DraftBulletin(_ context.Context, _ string, c reporting.BulletinChange) (reporting.Bulletin, bool, error) {
	f.shelf.Lock()
	defer f.shelf.Unlock()
	f.kept = append(f.kept, c.Bulletin)
	return c.Bulletin, true, nil
}

// TestBulletins looks at what is drafted from day to day, by one that was down
// for a while, too.
func TestBulletins(t *testing.T) {
	f := newStore()
	f.owed = true
	var s *Scheduler
	restart := func() { s = New(f, nil, Config{Rule: rule}) }
	restart()
	for _, step := range []struct {
		at   string
		down bool // before
		want []string
	}{
		{"2018-07-31T23:59:59", false, []string{"2018-06", "2018-Q2"}},
		{"2018-08-01T00:00:01", false, []string{"2018-07"}},
		{"2018-08-01T00:00:16", false, nil},
		{"2018-08-01T09:00:00", true, nil},
		{"2018-10-09T10:00:00", true, []string{"2018-09", "2018-Q3"}}, // down over two turns: the newest of each
		{"2019-01-01T00:00:05", false, []string{"2018-12", "2018-Q4"}},
	} {
		if step.down {
			restart()
		}
		at, err := time.ParseInLocation("2006-01-02T15:04:05", step.at, rule.Location)
		if err != nil {
			t.Fatal(err)
		}
		before := len(f.kept)
		if err := s.Bulletins(t.Context(), at); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, b := range f.kept[before:] {
			got = append(got, b.ID)
		}
		if diff := gocmp.Diff(step.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.at, diff)
		}
	}
	looked := f.looked
	if err := s.Bulletins(t.Context(), time.Date(2019, 1, 1, 8, 0, 0, 0, rule.Location)); err != nil || f.looked != looked {
		t.Errorf("the database is asked again the same day: %v", err)
	}
}

func TestBulletinsThatCannotBe(t *testing.T) {
	day := time.Date(2018, 8, 1, 0, 1, 0, 0, rule.Location)
	f := newStore()
	s := New(f, nil, Config{Rule: rule})
	if err := s.Bulletins(t.Context(), day); err != nil || len(f.kept) != 0 {
		t.Errorf("drafted where nothing was owed: %v, %v", f.kept, err)
	}
	f.owed = true
	f.broken = map[string]error{"2018-07": errors.New("gone"), "2018-Q2": reporting.Fail(reporting.Conflict, "err.bulletin.frozen")}
	s = New(f, nil, Config{Rule: rule})
	if err := s.Bulletins(t.Context(), day); err == nil || len(f.kept) != 0 {
		t.Errorf("got %v, %v", f.kept, err)
	}
	f.broken = map[string]error{"2018-07": errors.New("gone")}
	if err := s.Bulletins(t.Context(), day); err == nil || len(f.kept) != 1 || f.kept[0].ID != "2018-Q2" {
		t.Errorf("one's failure stopped the other: %v, %v", f.kept, err)
	}
	f.broken = nil
	if err := s.Bulletins(t.Context(), day); err != nil || len(f.kept) != 2 {
		t.Errorf("not tried again: %v, %v", f.kept, err)
	}
}

// TestBulletinsRehearsed: what would be drafted is told and not written.
func TestBulletinsRehearsed(t *testing.T) {
	f := newStore()
	f.owed = true
	s := New(f, nil, Config{Rule: rule})
	day := time.Date(2018, 8, 1, 0, 1, 0, 0, rule.Location)
	cards := func() (keys []string) {
		t.Helper()
		all, err := s.Rehearse(t.Context(), day)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range all {
			if m.Kind == reporting.BulletinCard {
				keys = append(keys, m.Key)
			}
		}
		return keys
	}
	if diff := gocmp.Diff([]string{"bulletin_card/2018-07", "bulletin_card/2018-Q2"}, cards()); diff != "" || len(f.kept) != 0 {
		t.Errorf("rehearsed, %d written (-want +got):\n%s", len(f.kept), diff)
	}
	if err := s.Bulletins(t.Context(), day); err != nil {
		t.Fatal(err)
	}
	if again := cards(); again != nil {
		t.Errorf("what is drafted is rehearsed: %v", again)
	}
}
