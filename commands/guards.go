package commands

import (
	"cmp"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// rules are those by which projects count now.
func (a *App) rules() reporting.Rules {
	return reporting.Rules{Threshold: a.cfg.Threshold, Credit: a.cfg.Credit}
}

// rulesIn are the rules by which a year counts: a frozen one keeps its own.
func (a *App) rulesIn(c *call, year int) (reporting.Rules, error) {
	f, ok, err := a.frozen(c, year)
	if !ok {
		return a.rules(), err
	}
	return reporting.Rules{Threshold: cmp.Or(f.Rules.Threshold, a.cfg.Threshold), Credit: cmp.Or(f.Rules.Credit, reporting.BothFull)}, err
}

// flags say why a project should be looked at twice: a total below the
// threshold, near it or revised across it, with whose quota that moves, and
// that it looks like another one.
func (a *App) flags(c *call, list *reporting.BodyList, p reporting.Project) []Part {
	var out []Part
	t := a.cfg.Threshold
	if p.InvestTotal < t {
		out = append(out, Paragraph{Bold(a.say(c, "flag.below", "threshold", a.money(c, t)))})
	}
	near, revised := reporting.Near(p.InvestTotal, t), p.Revised(t)
	if near {
		out = append(out, Paragraph{Plain(a.say(c, "flag.near", "threshold", a.money(c, t)))})
	}
	if revised {
		out = append(out, Paragraph{Bold(a.say(c, "flag.revised", "from", a.money(c, p.RevisedFrom), "to", a.money(c, p.InvestTotal)))})
	}
	if (near || revised) && p.Status == reporting.Submitted {
		out = append(out, a.ifApproved(c, list, p))
	}
	if p.AlikeTo != "" {
		out = append(out, Paragraph{Plain(a.say(c, "flag.alike", "id", p.AlikeTo, "reason", oneLine(p.AlikeWhy)))})
	}
	if p.HeldBy != "" {
		out = append(out, Paragraph{Bold(a.say(c, "flag.held", "id", p.HeldBy))})
	}
	return out
}

// ifApproved says in whose quota an approval would count.
func (a *App) ifApproved(c *call, list *reporting.BodyList, p reporting.Project) Part {
	won := reporting.CreditsFor(p.IfApproved(c.day), a.rules())
	if len(won) == 0 {
		return Paragraph{Plain(a.say(c, "flag.effect_none"))}
	}
	return Paragraph{Plain(a.say(c, "flag.effect", "year", won[0].Year, "bodies", a.credited(c, list, won)))}
}

// credited names whose credits these are.
func (a *App) credited(c *call, list *reporting.BodyList, credits []reporting.Credit) string {
	var names []string
	for _, cr := range credits {
		if cr.Role == reporting.CityCredit {
			names = append(names, a.say(c, "flag.city"))
			continue
		}
		names = append(names, a.nameOf(c, list, cr.BodyID))
	}
	return strings.Join(names, a.say(c, "word.list_separator"))
}

// quotaEffect says when a change makes a project count, or no longer count, and
// for whom.
func (a *App) quotaEffect(c *call, list *reporting.BodyList, before, after reporting.Project) []Part {
	var out []Part
	was, becomes := before.Counts(a.cfg.Threshold), after.Counts(a.cfg.Threshold)
	switch {
	case was && !becomes:
		out = append(out, Paragraph{Bold(a.say(c, "effect.lost", "year", before.PlanYear))})
	case !was && becomes:
		out = append(out, Paragraph{Bold(a.say(c, "effect.won", "year", before.PlanYear))})
	}
	won, lost := reporting.Effect(before, after, a.rules())
	if len(won) > 0 {
		out = append(out, Paragraph{Plain(a.say(c, "effect.for", "year", won[0].Year, "bodies", a.credited(c, list, won)))})
	}
	if len(lost) > 0 {
		out = append(out, Paragraph{Plain(a.say(c, "effect.from", "year", lost[0].Year, "bodies", a.credited(c, list, lost)))})
	}
	return out
}

// marked begins a line about p, with a mark where it should be looked at twice.
func (a *App) marked(c *call, p reporting.Project) []Span {
	line := projectLine(p)
	if p.AskedVersion != 0 && p.StageWanted == "" {
		before := p.InvestTotal
		p = p.With(p.Proposal)
		p.RevisedFrom = before
	}
	if p.Guarded(a.cfg.Threshold) {
		line = append([]Span{Plain(a.say(c, "flag.mark"))}, line...)
	}
	return line
}
