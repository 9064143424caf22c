package commands

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// composeReview composes the messages about the review of a project, as it
// stands now: the office's card and its update, and what the official is told.
func (a *App) composeReview(ctx context.Context, m reporting.Message) (Outgoing, error) {
	card := m.Kind == reporting.ReviewCard || m.Kind == reporting.CardUpdate
	if card && a.cfg.OfficeChannel == "" {
		return Outgoing{Skip: "no_office_channel"}, nil
	}
	c := a.to(ctx, m)
	p, err := a.project(c, m.Args["project"])
	if reporting.CodeOf(err) == reporting.NotFound {
		return Outgoing{Skip: "no_project"}, nil
	}
	if err != nil {
		return Outgoing{}, err
	}
	if card {
		r, err := a.card(c, m, p)
		return Outgoing{Channel: a.cfg.OfficeChannel, Reply: r}, err
	}
	if m.To == "" {
		return a.verdictToBody(c, m, p)
	}
	c.locale = a.localeOf(ctx, m.To)
	return a.verdict(c, m, p)
}

// card is a submission as the office's channel shows it. It has buttons only
// while there is something to decide about the version it was posted for.
func (a *App) card(c *call, m reporting.Message, p reporting.Project) (*Reply, error) {
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return nil, err
	}
	current := m.Args["version"] == strconv.Itoa(p.Version)
	asks := p.AskedVersion != 0 && m.Args["version"] == strconv.Itoa(p.AskedVersion)
	title := a.say(c, "card.title")
	if m.Args["request"] != "" {
		title = a.say(c, "card.asks", "what", a.asked(c, m.Args["request"]))
	}
	if m.Kind == reporting.CardUpdate && m.Args["replaced"] == "" {
		title = a.say(c, "card.decided")
	}
	r := &Reply{InChannel: true, Text: title + a.say(c, "word.colon") + p.ID + " " + p.Name}
	r.Parts = append(r.Parts, Heading(title), Paragraph{Bold(p.Name)}, a.projectFacts(c, list, p))
	r.Parts = append(r.Parts, a.flags(c, list, p)...)
	files, err := a.proofParts(c, p.ID)
	if err != nil {
		return nil, err
	}
	r.Parts = append(r.Parts, files...)
	show := a.button(c, "project.show", p.ID, "show")
	switch {
	case asks:
		r.Parts = append(r.Parts, a.wantedParts(c, list, p)...)
		r.Parts = append(r.Parts, append(a.reviewButtons(c, p), show))
	case m.Args["replaced"] != "":
		r.Parts = append(r.Parts, Paragraph{Plain(a.say(c, "card.replaced"))}, Buttons{show})
	case m.Kind == reporting.CardUpdate:
		r.Parts = append(r.Parts, a.decision(c, m, p, current)...)
		r.Parts = append(r.Parts, Buttons{show})
	case current && p.Status == reporting.Submitted:
		r.Parts = append(r.Parts, append(a.reviewButtons(c, p), show))
	default:
		r.Parts = append(r.Parts, Paragraph{Plain(a.say(c, "card.moved", "status", a.say(c, "status."+string(p.Status))))}, Buttons{show})
	}
	r.Parts = append(r.Parts, a.asOf(c))
	return r, nil
}

// decision says who decided, when and why. Of a project that has moved on
// since, only who is still known.
func (a *App) decision(c *call, m reporting.Message, p reporting.Project, current bool) []Part {
	by := Span{User: m.Args["by"]}
	if by.User == reporting.System.UserID {
		by = Plain(a.say(c, "word.system"))
	}
	if m.Args["request"] != "" && m.Args["outcome"] != "" {
		parts := []Part{Paragraph{by, Plain(a.say(c, "card.request."+m.Args["outcome"], "what", a.asked(c, m.Args["request"])))}}
		if m.Args["reason"] != "" {
			parts = append(parts, a.reasonGiven(c, m.Args["reason"]))
		}
		return parts
	}
	if !current {
		return []Part{Paragraph{by, Plain(a.say(c, "card.decided_before", "status", a.say(c, "status."+string(p.Status))))}}
	}
	parts := []Part{Paragraph{by, Plain(a.say(c, "card.decided_by",
		"time", a.moment(c, time.UnixMilli(p.UpdatedAt)), "status", a.say(c, "status."+string(p.Status))))}}
	if p.ReturnReason != "" {
		parts = append(parts, a.reasonLine(c, p))
	}
	return parts
}

// verdictToBody tells the channel of the body that reported the project where
// no person filed it, as with an imported one.
func (a *App) verdictToBody(c *call, m reporting.Message, p reporting.Project) (Outgoing, error) {
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Outgoing{}, err
	}
	body, _ := list.Find(p.ReporterBody)
	if body.ChannelID == "" {
		return Outgoing{Skip: "nobody"}, nil
	}
	m.To = body.ChannelID
	return a.verdict(c, m, p)
}

var counting = []reporting.Status{reporting.Verified, reporting.Suspended, reporting.Carried, reporting.Completed}

// verdict tells the official who filed, unless the project has moved on.
func (a *App) verdict(c *call, m reporting.Message, p reporting.Project) (Outgoing, error) {
	out := Outgoing{Channel: m.To, Locale: c.locale}
	if m.Args["request"] != "" {
		return a.requestVerdict(c, out, m, p)
	}
	if m.Kind == reporting.SentBack {
		if p.Status != reporting.Returned {
			return Outgoing{Skip: "not_returned"}, nil
		}
		out.Reply = Say(a.say(c, "verdict.returned", "id", p.ID, "name", p.Name))
		out.Reply.Parts = append(out.Reply.Parts, a.reasonLine(c, p), Paragraph{Plain(a.say(c, "verdict.next"))},
			Buttons{a.button(c, "project.edit", p.ID, "edit"), a.button(c, "project.show", p.ID, "show")}, a.asOf(c))
		return out, nil
	}
	if !slices.Contains(counting, p.Status) {
		return Outgoing{Skip: "not_verified"}, nil
	}
	out.Reply = Say(a.say(c, "verdict.approved", "id", p.ID, "name", p.Name, "money", a.money(c, p.InvestTotal)))
	credit, err := a.creditLines(c, p)
	if err != nil {
		return Outgoing{}, err
	}
	out.Reply.Parts = append(out.Reply.Parts, credit...)
	out.Reply.Parts = append(out.Reply.Parts, Paragraph{Plain(a.say(c, "record.next", "record", a.completeness(p)))},
		Buttons{a.button(c, "project.complete", p.ID, "complete"), a.button(c, "project.show", p.ID, "show")}, a.asOf(c))
	return out, nil
}
