package commands

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// composeBulletin writes the office's card of a bulletin as it is now, and the
// released one for a body's channel or the leaders'.
func (a *App) composeBulletin(c *call, m reporting.Message) (Outgoing, error) {
	b, err := a.store.Bulletin(c.ctx, m.Args["bulletin"])
	if reporting.CodeOf(err) == reporting.NotFound {
		return Outgoing{Skip: "no_bulletin"}, nil
	}
	if err != nil {
		return Outgoing{}, err
	}
	if m.Kind != reporting.BulletinPost {
		if a.cfg.OfficeChannel == "" {
			return Outgoing{Skip: "no_office_channel"}, nil
		}
		card, err := a.bulletinCard(c, b)
		if err != nil {
			return Outgoing{}, err
		}
		card.InChannel = true
		return Outgoing{Channel: a.cfg.OfficeChannel, Reply: card}, nil
	}
	channel, skip, err := a.addressee(c, m.BodyID)
	if err != nil || skip != "" {
		return Outgoing{Skip: skip}, err
	}
	r, err := a.bulletinReply(c, b)
	if err != nil {
		return Outgoing{}, err
	}
	r.InChannel = true
	return Outgoing{Channel: channel, Reply: r}, nil
}

// addressee returns the channel to which a bulletin goes: a body's, or the
// leaders'; skip says why it goes nowhere.
func (a *App) addressee(c *call, body string) (channel, skip string, err error) {
	if body == "" {
		if a.cfg.LeadersChannel == "" {
			return "", "no_leaders_channel", nil
		}
		return a.cfg.LeadersChannel, "", nil
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return "", "", err
	}
	b, ok := list.Find(body)
	switch {
	case !ok:
		return "", "no_body", nil
	case b.ChannelID == "":
		return "", "no_channel", nil
	}
	return b.ChannelID, "", nil
}

// outBy is the day after its period by which a bulletin should be out: the 5th.
const outBy = 5

// bulletinCard is a bulletin as the office sees it on its way: what it is about,
// who did what, and what can be done now.
func (a *App) bulletinCard(c *call, b reporting.Bulletin) (*Reply, error) {
	heading := a.bulletinHeading(c, b)
	reach, err := a.reach(c)
	if err != nil {
		return nil, err
	}
	was, err := a.correctedBy(c, b)
	if err != nil {
		return nil, err
	}
	status := a.say(c, "bulletin.status."+string(b.Status))
	facts := Facts{
		{Label: a.say(c, "bulletin.fact.status"), Value: []Span{Bold(status)}},
		{Label: a.say(c, "bulletin.fact.as_of"), Value: []Span{Plain(a.bulletinNotes(c, b)[0])}},
	}
	for _, step := range []struct {
		key, by string
		at      int64
	}{{"drafted", b.DraftedBy, b.DraftedAt}, {"edited", b.EditedBy, b.EditedAt}, {"checked", b.ReadyBy, b.ReadyAt}, {"released", b.ReleasedBy, b.ReleasedAt}} {
		if step.at != 0 {
			facts = append(facts, Fact{Label: a.say(c, "bulletin.fact."+step.key), Value: []Span{a.bulletinWho(c, step.by), Plain(" " + a.moment(c, time.UnixMilli(step.at)))}})
		}
	}
	parts := []Part{Heading(heading)}
	if b.Corrects != 0 {
		parts = append(parts, Paragraph{Plain(a.say(c, "bulletin.corrects", "title", a.bulletinHeading(c, was), "reason", b.CorrectionReason))})
	}
	city, _ := b.Snapshot.Line(reporting.City)
	parts = append(parts, Paragraph{Bold(a.headline(c, a.say(c, "word.city"), city.Standing))}, facts)
	if text := a.exemptText(c, b); text != "" {
		parts = append(parts, Paragraph{Plain(text)})
	}
	if b.Status != reporting.BulletinReleased {
		parts = append(parts, Paragraph{Plain(a.say(c, "bulletin.reach", "n", reach.n))})
		if len(reach.without) > 0 {
			parts = append(parts, Paragraph{Plain(a.say(c, "bulletin.reach.without", "n", len(reach.without), "bodies", a.someNames(c, reach.without)))})
		}
		next := a.say(c, "bulletin.next."+string(b.Status))
		if out := b.Period.Last().AddDays(outBy); !out.Before(c.day) {
			next += a.say(c, "bulletin.out_by", "day", a.date(c, out))
		}
		parts = append(parts, Note{Plain(next)})
	}
	return &Reply{Text: heading + a.say(c, "word.colon") + status, Parts: append(parts, a.bulletinButtons(c, b, reach.n))}, nil
}

// someNames are names, at most ten of them.
func (a *App) someNames(c *call, names []string) string {
	const most = 10
	text := strings.Join(names[:min(len(names), most)], a.say(c, "word.list_separator"))
	if len(names) > most {
		text += "…"
	}
	return text
}

// bulletinWho is who did something, as a mention where that can be.
func (a *App) bulletinWho(c *call, user string) Span {
	if user == reporting.System.UserID {
		return Plain(a.say(c, "word.system"))
	}
	return who(user)
}

// bulletinButtons are what can be done about a bulletin now, by those who may.
func (a *App) bulletinButtons(c *call, b reporting.Bulletin, n int) Buttons {
	if b.Status == reporting.BulletinReleased {
		return append(append(Buttons{a.button(c, "bulletin.show", b.ID, "show")}, a.fileButtons(c, b)...), a.button(c, "bulletin.correct", b.ID, "bulletin_correct"))
	}
	seen := b.ID + "@" + strconv.Itoa(b.Version)
	step := a.button(c, "bulletin.check", seen, "bulletin_check")
	if b.Status == reporting.BulletinReady {
		step = a.asking(c, a.button(c, "bulletin.release", seen, "bulletin_release"), "bulletin", "n", n)
	}
	step.Style = "primary"
	row := Buttons{
		a.button(c, "bulletin.preview", b.ID, "bulletin_preview"), a.button(c, "bulletin.edit", seen, "bulletin_edit"),
		a.button(c, "bulletin.recount", seen, "bulletin_recount"), step,
	}
	return append(row, a.fileButtons(c, b)...)
}

// fileButtons bring a bulletin as a file.
func (a *App) fileButtons(c *call, b reporting.Bulletin) Buttons {
	return Buttons{a.button(c, "bulletin.docx", b.ID, "bulletin_docx"), a.button(c, "bulletin.xlsx", b.ID, "bulletin_xlsx")}
}

// reach is to how many bodies' channels a bulletin would go, and which have none.
type reach struct {
	n       int
	without []string
}

func (a *App) reach(c *call) (reach, error) {
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return reach{}, fmt.Errorf("read bodies: %w", err)
	}
	r := reach{n: len(reporting.Addressed(list.All, c.day))}
	for _, b := range list.All {
		if b.ChannelID == "" && b.Kind != reporting.Office && !b.Ended(c.day) {
			r.without = append(r.without, b.Label(c.locale))
		}
	}
	return r, nil
}
