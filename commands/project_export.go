package commands

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// maxExport is how many projects one file may hold.
const maxExport = 100_000

// exportWords end a list that is wanted as a file.
var exportWords = []string{"export", "导出", "匯出", "導出"}

// exporting takes the word for a file from the end of what was typed.
func exporting(words []string) (rest []string, file bool) {
	if n := len(words); n > 0 && slices.Contains(exportWords, strings.ToLower(words[n-1])) {
		return words[:n-1], true
	}
	return words, false
}

// exportList answers /project list … export: all that the list holds, not only
// its page, as a spreadsheet for the asker alone.
func (a *App) exportList(c *call, q listQuery) (Response, error) {
	f := a.filter(c, q)
	f.Limit = 1
	page, err := a.store.ListProjects(c.ctx, f)
	if err != nil {
		return Response{}, fmt.Errorf("count list: %w", err)
	}
	bodies, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Response{}, fmt.Errorf("read bodies: %w", err)
	}
	title := a.listTitle(c, q, bodies)
	switch {
	case page.Total == 0:
		r, err := a.emptyList(c, q, bodies)
		return Response{Reply: r}, err
	case page.Total > maxExport:
		return Response{}, reporting.Fail(reporting.Invalid, "err.export.many", "n", page.Total, "max", maxExport)
	}
	r := a.later(c, "project.export", a.say(c, "export.doing"), func(c *call, tell func(int, int)) (Response, error) {
		return a.listFile(c, f, title, page.Total, tell)
	})
	r.Reply = Say(a.say(c, "export.begun", "title", title, "n", page.Total))
	return r, nil
}

// listFile writes the spreadsheet. Telephone numbers in it are whole where the
// asker sees them whole.
func (a *App) listFile(c *call, f reporting.ProjectFilter, title string, total int, tell func(int, int)) (Response, error) {
	var file bytes.Buffer
	n, sum := 0, reporting.Wan(0)
	err := a.cfg.Exchange.ExportProjects(c.ctx, &file, f, func(p reporting.Project) reporting.Project {
		n, sum = n+1, sum+p.InvestTotal
		tell(n, total)
		if !c.actor.OfOffice() && reporting.CanEditProject(c.actor, p) != nil {
			p.Contact = p.MaskedContact()
		}
		return p
	})
	if err != nil {
		return Response{}, fmt.Errorf("export list: %w", err)
	}
	about := a.say(c, "export.done", "title", title, "n", n, "money", a.money(c, sum), "time", a.moment(c, c.now))
	return Response{
		Reply: Say(about),
		Files: []Attachment{{Name: a.say(c, "export.file", "day", c.day.String()), Data: file.Bytes()}},
	}, nil
}
