package commands

import (
	"context"
	"slices"

	"github.com/mouhua/mouhua/reporting"
)

// diary keeps the weeks of bodies, the newest first, and what was done with them.
type diary struct {
	weeks   map[string][]reporting.NudgeWeek
	saw     []reporting.Seen
	history []reporting.NudgeNote
	changes []reporting.WeekChange
	known   map[string]bool // delivery keys
}

func (d *diary) WeeksOf(_ context.Context, body string, n int) ([]reporting.NudgeWeek, error) {
	return slices.Clone(d.weeks[body][:min(n, len(d.weeks[body]))]), nil
}

func (d *diary) SeenOf(_ context.Context, body string, w reporting.Week) (out []reporting.Seen, err error) {
	for _, s := range d.saw {
		if s.BodyID == body && s.Week == w {
			out = append(out, s)
		}
	}
	return out, nil
}

func (d *diary) NudgeNotes(context.Context, string, reporting.Week, string) ([]reporting.NudgeNote, error) {
	return d.history, nil
}

func (d *diary) ChangeWeek(_ context.Context, once, body string, decide func(w reporting.NudgeWeek) (reporting.WeekChange, error)) error {
	w := reporting.NudgeWeek{BodyID: body}
	if len(d.weeks[body]) > 0 {
		w = d.weeks[body][0]
	}
	if d.known[once] {
		return reporting.ErrRepeated
	}
	c, err := decide(w)
	if err != nil {
		return err
	}
	if s := c.Seen; s != nil {
		if slices.ContainsFunc(d.saw, func(x reporting.Seen) bool { return x.BodyID == s.BodyID && x.Week == s.Week && x.UserID == s.UserID }) {
			return reporting.ErrRepeated
		}
		d.saw = append(d.saw, *s)
	}
	if once != "" {
		if d.known == nil {
			d.known = map[string]bool{}
		}
		d.known[once] = true
	}
	d.weeks[body][0] = c.Week
	d.changes = append(d.changes, c)
	return nil
}
