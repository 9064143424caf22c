package commands

import (
	"cmp"
	"slices"
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

// askExport answers who asks for a file. A document is what a brief says with every
// body's line; a spreadsheet may be that or a list of projects, which a sentence
// does not tell apart, so both are offered.
func (a *App) askExport(c *call, q question.Reading) (Response, error) {
	scope, err := a.askedScope(c, q)
	if err != nil {
		return Response{}, err
	}
	_, format := briefFormat([]string{q.Slots[question.Format]})
	narrow := slices.ContainsFunc(narrowed, func(s question.Slot) bool { return q.Slots[s] != "" })
	switch asked := q.Slots[question.Format]; {
	case asked != "" && format == "" && asked != "csv":
		return a.briefFile(c, scope, asked, "export") // says which there are
	case format == "docx" && !narrow:
		return a.briefFile(c, scope, format, "export")
	}
	l, err := a.listOf(c, q)
	var buttons Buttons
	if err == nil && scope.group == "" {
		buttons = append(buttons, a.button(c, "project.export", l.String()+" export", "export_list"))
	}
	if !narrow {
		value := briefValue(briefing{scope: scope, Standing: reporting.Standing{Year: c.when.Year}}, c.when)
		buttons = append(buttons, a.button(c, "brief.xlsx", value, "export_figures"), a.button(c, "brief.docx", value, "word"))
	}
	if len(buttons) == 0 {
		return Response{}, err
	}
	text := a.say(c, "answer.export", "name", scope.name)
	return Response{Reply: &Reply{Text: text, Parts: []Part{Paragraph{Bold(text)}, buttons}}}, nil
}

// narrowed are the slots that make an export one of a list of projects.
var narrowed = []question.Slot{
	question.LeadDept, question.Industry, question.Route, question.SubPath, question.Stage, question.Status, question.Programme,
	question.Partner, question.Exhibit, question.Least, question.Most,
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
