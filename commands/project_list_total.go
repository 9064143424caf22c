package commands

import (
	"fmt"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// listTotal says how many projects a list has and their sum, and how many of
// them are over: these are listed, but no figure counts them.
func (a *App) listTotal(c *call, q listQuery, page reporting.ProjectPage) (string, error) {
	total := a.say(c, "list.total", "n", page.Total, "money", a.money(c, page.Invest))
	f := a.filter(c, q)
	if len(f.Status) > 0 || q.Stuck {
		return total, nil
	}
	f.Status, f.Limit, f.After, f.Before = []reporting.Status{reporting.Withdrawn, reporting.Merged}, 1, reporting.Mark{}, reporting.Mark{}
	over, err := a.store.ListProjects(c.ctx, f)
	if err != nil {
		return "", fmt.Errorf("count what is over: %w", err)
	}
	if over.Total == 0 {
		return total, nil
	}
	return total + a.say(c, "list.over", "n", over.Total, "money", a.money(c, over.Invest)), nil
}

// strangeWord refuses what a list is asked for when a part of it names a body:
// the rest is what was not understood. Errors: Invalid.
func (a *App) strangeWord(c *call, text string) error {
	_, index, err := a.index(c)
	if err != nil || len(index.Find(text)) > 0 {
		return err
	}
	var strange []string
	words := strings.Fields(text)
	for _, w := range words {
		if len(index.Find(w)) == 0 {
			strange = append(strange, w)
		}
	}
	if len(strange) == 0 || len(strange) == len(words) {
		return nil
	}
	return reporting.Fail(reporting.Invalid, "err.list.word", "value", clip(strings.Join(strange, " ")))
}
