package commands

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// silentBefore returns the weeks since a body's last nudge in which none was
// even decided: nothing of Mouhua ran, or the channel was dead.
func (a *App) silentBefore(c *call, n nudged) ([]reporting.Week, error) {
	if len(n.before) == 0 {
		return nil, nil
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return nil, err
	}
	weeks := reporting.SilentWeeks(n.before[0].Week, n.week, list.Rule(a.cfg.Nudge, n.body.ID))
	if len(weeks) == 0 {
		return nil, nil
	}
	keys := make([]string, len(weeks))
	for i, w := range weeks {
		keys[i] = reporting.NudgeKey(n.body.ID, w)
	}
	decided, err := a.store.PlannedKeys(c.ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("read planned keys: %w", err)
	}
	return slices.DeleteFunc(weeks, func(w reporting.Week) bool { return decided[reporting.NudgeKey(n.body.ID, w)] }), nil
}

// silentPart names the weeks that had no nudge.
func (a *App) silentPart(c *call, weeks []reporting.Week) []Part {
	if len(weeks) == 0 {
		return nil
	}
	names := make([]string, len(weeks))
	for i, w := range weeks {
		names[i] = a.week(c, w)
	}
	return []Part{Paragraph{Plain(a.say(c, "silent.weeks", "weeks", strings.Join(names, a.say(c, "word.list_separator"))))}}
}
