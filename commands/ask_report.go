package commands

import (
	"cmp"
	"strconv"

	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

// reportAnswers are the answers that are briefs and files.
func (a *App) reportAnswers() map[question.Intent]answerer {
	return map[question.Intent]answerer{question.ReportBrief: a.askBrief, question.ReportExport: a.askExport}
}

// askBrief answers who asks for a brief: on the screen, or as the file that is named.
func (a *App) askBrief(c *call, q question.Reading) (Response, error) {
	scope, err := a.askedScope(c, q)
	if err != nil {
		return Response{}, err
	}
	asked := q.Slots[question.Format]
	if asked == "" {
		return a.briefReply(c, scope)
	}
	_, format := briefFormat([]string{asked})
	return a.briefFile(c, scope, cmp.Or(format, asked), "brief")
}

// askExport answers who asks for figures as a file: a spreadsheet unless another is
// named.
func (a *App) askExport(c *call, q question.Reading) (Response, error) {
	scope, err := a.askedScope(c, q)
	if err != nil {
		return Response{}, err
	}
	asked := cmp.Or(q.Slots[question.Format], "xlsx")
	_, format := briefFormat([]string{asked})
	return a.briefFile(c, scope, cmp.Or(format, asked), "export")
}

// askedScope returns what a question is about, whose time c then has. Errors: as
// scopeOf; Invalid for a time of which nothing can be told.
func (a *App) askedScope(c *call, q question.Reading) (briefScope, error) {
	if err := askedSlots(c, q); err != nil {
		return briefScope{}, err
	}
	switch s := q.Slots; {
	case s[question.Body] != "":
		return a.scopeOf(c, "body", s[question.Body])
	case s[question.BodyKind] != "":
		return a.scopeOf(c, "group", s[question.BodyKind])
	case s[question.Scope] == "city":
		return a.scopeOf(c, "city", "")
	}
	return a.scopeNamed(c, "")
}

// askedSlots makes c about the year or the period of a question. Errors: Invalid for
// one that is to come.
func askedSlots(c *call, q question.Reading) error {
	w := reporting.When{Year: c.day.Year}
	if y, err := strconv.Atoi(q.Slots[question.Year]); err == nil {
		w.Year = y
	}
	word := q.Slots[question.Period]
	switch word {
	case "week", "month":
		word = "this_" + word
	}
	if word != "" && word != "this_year" {
		_, found, err := reporting.ParseWhen([]string{word}, c.day)
		if err != nil {
			return err
		}
		w = found
	}
	c.when = w.Settled(c.day)
	return nil
}
