package commands

import (
	"context"

	"github.com/mouhua/mouhua/reporting"
)

// Notices reads what is told beside the nudges.
type Notices interface {
	// Deliveries returns the messages of the outbox with these keys, by key.
	Deliveries(ctx context.Context, keys []string) (map[string]reporting.Delivery, error)
	// NudgeWeeks returns the weeks of all bodies from one on, the newest first.
	NudgeWeeks(ctx context.Context, from reporting.Week) ([]reporting.NudgeWeek, error)
	// SeenIn returns who acknowledged the nudges of a week, by body, the first first.
	SeenIn(ctx context.Context, w reporting.Week) ([]reporting.Seen, error)
	// DeadlineCounts returns by body how much is owed for a deadline that is
	// counted in projects; since is when the month began (UTC ms).
	DeadlineCounts(ctx context.Context, d reporting.Deadline, body string, on reporting.Date, since int64) (map[string]int, error)
	// RateWaits returns how often Slack asked to wait from a time on and before another (UTC ms).
	RateWaits(ctx context.Context, from, before int64) (reporting.RateWaits, error)
	// CityChange returns what came in the city from one day to another, both included.
	CityChange(ctx context.Context, year int, from, to reporting.Date) (reporting.CityChange, error)
}

// composeNotice writes what is told beside the nudges.
func (a *App) composeNotice(ctx context.Context, m reporting.Message) (Outgoing, error) {
	list, err := a.store.Bodies(ctx)
	if err != nil {
		return Outgoing{}, err
	}
	switch m.Kind {
	case reporting.DeadlineMessage:
		return a.composeDeadline(a.to(ctx, m), list, m)
	case reporting.DigestMessage:
		return a.composeDigest(a.as(ctx, a.cfg.Locale), list, m)
	case reporting.DeliveryReport:
		return a.composeDeliveryReport(a.as(ctx, a.cfg.Locale), list, m)
	}
	locale := a.cfg.Locale
	if isPerson(m.To) {
		locale = a.localeOf(ctx, m.To)
	}
	return a.composeEscalation(a.as(ctx, locale), list, m)
}

// isPerson reports whether a Slack id is one of a person.
func isPerson(id string) bool { return id != "" && (id[0] == 'U' || id[0] == 'W') }

// cityRule is when the city's nudges go out, by its calendar.
func (a *App) cityRule(list *reporting.BodyList) reporting.NudgeRule {
	rule := a.cfg.Nudge
	rule.Calendar = list.Calendar
	return rule
}
