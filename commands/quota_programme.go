package commands

import "github.com/mouhua/mouhua/reporting"

// reportProgramme answers /report programme: the three hundreds, each against
// its own target. They have no year and no least total.
func (a *App) reportProgramme(c *call) (Response, error) {
	if err := reporting.CanReadCity(c.actor); err != nil {
		return Response{}, err
	}
	tallies, err := a.store.Programmes(c.ctx)
	if err != nil {
		return Response{}, err
	}
	of := map[string]reporting.ProgrammeTally{}
	for _, t := range tallies {
		of[t.Programme] = t
	}
	title := a.say(c, "report.programme.title")
	var facts Facts
	for _, p := range reporting.Programmes {
		t := of[p]
		done := float64(t.Verified) / reporting.ProgrammeTarget
		facts = append(facts, Fact{Label: a.choice(c, reporting.FieldProgramme, p), Value: []Span{Plain(bar(done) + " " + a.say(c, "report.programme.value",
			"n", count(t.Verified), "target", count(reporting.ProgrammeTarget), "done", percent(done),
			"remaining", count(max(0, reporting.ProgrammeTarget-t.Verified)), "money", a.money(c, t.Invest)))}})
	}
	return Response{Reply: &Reply{InChannel: c.actor.ReadsAll(), Text: title, Parts: []Part{
		Heading(title), facts, Note{Plain(a.say(c, "report.programme.note"))}, a.asOf(c),
	}}}, nil
}
