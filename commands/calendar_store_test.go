package commands

import (
	"context"
	"slices"
	"sync"

	"github.com/mouhua/mouhua/reporting"
)

// wall is where the calendars hang, for tests.
type wall struct {
	hanging sync.Mutex
	years   []reporting.CalendarYear
	hung    map[string]bool
}

func (w *wall) Calendars(context.Context) ([]reporting.CalendarYear, error) {
	w.hanging.Lock()
	defer w.hanging.Unlock()
	return slices.Clone(w.years), nil
}

func (w *wall) ImportCalendar(_ context.Context, once string,
	decide func([]reporting.CalendarYear, int64) (reporting.CalendarImport, []reporting.Event, error),
) (reporting.CalendarImport, error) {
	w.hanging.Lock()
	defer w.hanging.Unlock()
	if w.hung[once] {
		return reporting.CalendarImport{}, reporting.ErrRepeated
	}
	plan, _, err := decide(w.years, 7)
	if err != nil {
		return plan, err
	}
	if w.hung == nil {
		w.hung = map[string]bool{}
	}
	w.hung[once] = once != ""
	for _, c := range plan.Changes {
		w.years = append(w.years, c.New)
	}
	return plan, nil
}
