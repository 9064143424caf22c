package scheduler

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// YearStore is what the turn of a year needs from a database.
type YearStore interface {
	// Freeze keeps the figures of a year; false when they are kept or there are none.
	Freeze(ctx context.Context, year int, basis reporting.Basis, target int, at int64) (bool, error)
	// FrozenYear returns the kept figures of a year; false when there are none.
	FrozenYear(ctx context.Context, year int) (reporting.Frozen, bool, error)
	// YearAsk returns the demand of a year; false when there is none yet.
	YearAsk(ctx context.Context, year int) (reporting.Ask, bool, error)
	// Unconfirmeds returns how many projects each body has to confirm for a year.
	Unconfirmeds(ctx context.Context, year int) (map[string]int, error)
	// Project returns a project.
	Project(ctx context.Context, id string) (reporting.Project, error)
	// AskYear makes the demand of a year once and returns the one that stands.
	AskYear(ctx context.Context, k reporting.Ask, at int64) (reporting.Ask, error)
	// DueSteps returns the projects for which a step may be due, in parts of one body.
	DueSteps(ctx context.Context, k reporting.Ask, on reporting.Date) ([][]string, error)
	// ChangeProjects lets decide change projects, all or none.
	ChangeProjects(ctx context.Context, once string, ids []string, decide func(p []reporting.Project) ([]reporting.Change, error)) ([]reporting.Project, error)
}

// Year does what a day calls for, once a day and whenever it was missed: it
// freezes the year whose grace is over, has unfinished projects confirmed, and
// takes the steps that are due for those that were not, or that were suspended
// too long. One body's failure stops nobody else's; the error joins what went
// wrong, and that is tried again next time.
func (s *Scheduler) Year(ctx context.Context, now time.Time) error {
	day, at := reporting.DateOf(now.In(s.cfg.Rule.Location)), now.UnixMilli()
	s.mu.Lock()
	done := s.stepped == day
	s.mu.Unlock()
	if done {
		return nil
	}
	year := reporting.YearToFreeze(day)
	frozen, err := s.store.Freeze(ctx, year, s.cfg.Basis, s.cfg.CityTarget, at)
	if err != nil {
		err = fmt.Errorf("freeze %d: %w", year, err)
	} else if frozen {
		s.cfg.Log.Info("year frozen", "year", year)
	}
	if stepErr := s.steps(ctx, day, at); stepErr != nil {
		err = errors.Join(err, stepErr)
	}
	if err == nil {
		s.mu.Lock()
		s.stepped = day
		s.mu.Unlock()
	}
	return err
}

func (s *Scheduler) steps(ctx context.Context, day reporting.Date, at int64) error {
	ask, err := s.store.AskYear(ctx, reporting.NewAsk(day), at)
	if err != nil {
		return fmt.Errorf("ask to confirm: %w", err)
	}
	due, err := s.store.DueSteps(ctx, ask, day)
	if err != nil {
		return fmt.Errorf("read due steps: %w", err)
	}
	for _, ids := range due {
		changed, stepErr := s.store.ChangeProjects(ctx, "", ids, func(all []reporting.Project) ([]reporting.Change, error) {
			return reporting.Sweep(all, ask, day, at), nil
		})
		if stepErr != nil {
			err = errors.Join(err, fmt.Errorf("take steps from %s: %w", ids[0], stepErr))
			continue
		}
		for _, p := range changed {
			s.cfg.Log.Info("step taken", "project", p.ID, "status", string(p.Status))
		}
	}
	return err
}

// rehearseYear returns the messages that Year would have go out, without
// writing anything.
func (s *Scheduler) rehearseYear(ctx context.Context, now time.Time) ([]reporting.Message, error) {
	day, at := reporting.DateOf(now.In(s.cfg.Rule.Location)), now.UnixMilli()
	var out []reporting.Message
	year := reporting.YearToFreeze(day)
	_, frozen, err := s.store.FrozenYear(ctx, year)
	if err != nil {
		return nil, fmt.Errorf("read frozen year: %w", err)
	}
	if !frozen {
		all, err := s.store.Standings(ctx, year, reporting.Date{Year: year, Month: time.December, Day: 31})
		if err != nil {
			return nil, fmt.Errorf("read standings: %w", err)
		}
		if slices.ContainsFunc(all, func(s reporting.Standing) bool { return s.HasQuota }) {
			out = append(out, reporting.FreezeMessage(year))
		}
	}
	ask, asked, err := s.store.YearAsk(ctx, day.Year)
	if err != nil {
		return out, fmt.Errorf("read demand: %w", err)
	}
	if !asked {
		ask = reporting.NewAsk(day)
		open, err := s.store.Unconfirmeds(ctx, day.Year)
		if err != nil {
			return out, fmt.Errorf("count unconfirmed: %w", err)
		}
		for _, body := range slices.Sorted(maps.Keys(open)) {
			out = append(out, ask.Message(body, open[body]))
		}
	}
	steps, err := s.rehearseSteps(ctx, ask, day, at)
	return append(out, steps...), err
}

func (s *Scheduler) rehearseSteps(ctx context.Context, ask reporting.Ask, day reporting.Date, at int64) ([]reporting.Message, error) {
	due, err := s.store.DueSteps(ctx, ask, day)
	if err != nil {
		return nil, fmt.Errorf("read due steps: %w", err)
	}
	var out []reporting.Message
	for _, ids := range due {
		all := make([]reporting.Project, len(ids))
		for i, id := range ids {
			if all[i], err = s.store.Project(ctx, id); err != nil {
				return out, fmt.Errorf("read %s: %w", id, err)
			}
		}
		for _, c := range reporting.Sweep(all, ask, day, at) {
			out = append(out, c.Messages...)
		}
	}
	return out, nil
}
