package scheduler

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// BulletinStore is what the drafting of bulletins needs from a database.
type BulletinStore interface {
	// Bulletin returns the one with id. Errors: NotFound.
	Bulletin(ctx context.Context, id string) (reporting.Bulletin, error)
	// BulletinSnapshot reads how all stood on the last day of a period.
	BulletinSnapshot(ctx context.Context, p reporting.Period, t reporting.BulletinTerms) (reporting.BulletinSnapshot, error)
	// DraftBulletin writes a bulletin unless there is one for its period, and returns the one that stands.
	DraftBulletin(ctx context.Context, once string, c reporting.BulletinChange) (b reporting.Bulletin, made bool, err error)
}

// Bulletins drafts, once a day and whenever it was missed, the bulletins of the
// month and the quarter that ended last, if they are not there: whether one is
// missing is seen in the database, not remembered. One's failure does not stop the
// other; the error joins what went wrong, and that is tried again next time.
func (s *Scheduler) Bulletins(ctx context.Context, now time.Time) error {
	day := reporting.DateOf(now.In(s.cfg.Rule.Location))
	s.mu.Lock()
	done := s.drafted == day
	s.mu.Unlock()
	if done {
		return nil
	}
	var err error
	for _, kind := range reporting.BulletinKinds {
		p := reporting.LastEnded(kind, day)
		if one := s.draft(ctx, p, day, now.UnixMilli()); one != nil {
			err = errors.Join(err, fmt.Errorf("draft bulletin %s: %w", p, one))
		}
	}
	if err == nil {
		s.mu.Lock()
		s.drafted = day
		s.mu.Unlock()
	}
	return err
}

func (s *Scheduler) draft(ctx context.Context, p reporting.Period, day reporting.Date, at int64) error {
	c, missing, err := s.missing(ctx, p, day, at)
	if err != nil || !missing {
		return err
	}
	b, made, err := s.store.DraftBulletin(ctx, "", c)
	if made {
		s.cfg.Log.Info("bulletin drafted", "bulletin", b.ID)
	}
	return err
}

// missing returns the draft about a period, unless there is one or there is
// nothing to make known.
func (s *Scheduler) missing(ctx context.Context, p reporting.Period, day reporting.Date, at int64) (c reporting.BulletinChange, missing bool, err error) {
	_, err = s.store.Bulletin(ctx, reporting.BulletinID(p, 0))
	if err == nil || reporting.CodeOf(err) != reporting.NotFound {
		return c, false, err
	}
	figures, err := s.store.BulletinSnapshot(ctx, p, s.cfg.Bulletin)
	switch {
	case reporting.CodeOf(err) == reporting.Conflict: // an old year's, which is frozen
		return c, false, nil
	case err != nil:
		return c, false, err
	case !figures.Owed():
		return c, false, nil
	}
	c, err = reporting.NewBulletin(reporting.System, p, figures, day, at)
	return c, err == nil, err
}

// rehearseBulletins returns the messages of what Bulletins would draft at a time.
func (s *Scheduler) rehearseBulletins(ctx context.Context, now time.Time) ([]reporting.Message, error) {
	day := reporting.DateOf(now.In(s.cfg.Rule.Location))
	var out []reporting.Message
	var err error
	for _, kind := range reporting.BulletinKinds {
		c, _, one := s.missing(ctx, reporting.LastEnded(kind, day), day, now.UnixMilli())
		out, err = append(out, c.Messages...), errors.Join(err, one)
	}
	return out, err
}
