package commands

import (
	"context"
	"encoding/json"
	"os"
	"regexp"
	"strconv"
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

var seeded = regexp.MustCompile(`\('(\w+)', '([\w-]+)', '([^']*)', '([^']*)', '([^']*)', '([^']*)', '([\w-]*)', (\d+)\)`)

// plan is the catalogue as the migration seeds it.
func plan(t testing.TB) *reporting.Catalogue {
	t.Helper()
	text, err := os.ReadFile("../storage/migrations/sqlite/00008_catalogue.sql")
	if err != nil {
		t.Fatal(err)
	}
	var all []reporting.Entry
	for _, m := range seeded.FindAllStringSubmatch(string(text), -1) {
		e := reporting.Entry{List: m[1], ID: m[2], Name: reporting.Names{ZhCN: m[3], ZhTW: m[4], En: m[5]}, Parent: m[7], Version: 1}
		if m[6] != "" {
			if err := json.Unmarshal([]byte(m[6]), &e.Aliases); err != nil {
				t.Fatal(err)
			}
		}
		e.Position, _ = strconv.Atoi(m[8])
		all = append(all, e)
	}
	return reporting.NewCatalogue(all)
}

func (s *shelf) Catalogue(context.Context) (*reporting.Catalogue, error) {
	defer s.lock()()
	return s.catalogue, nil
}

func (s *shelf) SaveEntry(_ context.Context, once string, e reporting.Entry, event reporting.Event) error {
	defer s.lock()()
	if s.seen[once] != "" {
		return reporting.ErrRepeated
	}
	old, _ := s.catalogue.Find(e.List, e.ID)
	if s.away != nil {
		return s.away
	}
	if old.Version != e.Version {
		return reporting.Fail(reporting.Conflict, "err.catalogue.changed", "entry", e.Name.ZhCN)
	}
	e.Version++
	all := []reporting.Entry{e}
	for _, x := range s.catalogue.All {
		if x.Subject() != e.Subject() {
			all = append(all, x)
		}
	}
	s.catalogue, s.seen[once] = reporting.NewCatalogue(all), e.Subject()
	s.events = append(s.events, event)
	return nil
}
