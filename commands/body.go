package commands

import (
	"cmp"
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/mouhua/mouhua/lexicon"
	"github.com/mouhua/mouhua/reporting"
)

// Mentions as Slack escapes them in a command
// (https://docs.slack.dev/interactivity/implementing-slash-commands).
var (
	userMention    = regexp.MustCompile(`<@([UW][A-Z0-9]+)(?:\|([^>]*))?>`)
	channelMention = regexp.MustCompile(`<#([CG][A-Z0-9]+)(?:\|[^>]*)?>`)
)

// roleWords are the words by which a role is given.
var roleWords = map[string]reporting.Role{
	"admin": reporting.Admin, "管理员": reporting.Admin,
	"reviewer": reporting.Reviewer, "审核员": reporting.Reviewer, "审核人": reporting.Reviewer,
	"leader": reporting.Leader, "市领导": reporting.Leader, "领导": reporting.Leader,
	"official": reporting.Official, "经办人": reporting.Official,
	"none": reporting.Stranger, "无": reporting.Stranger,
}

// bodyList answers /body list.
func (a *App) bodyList(c *call) (Response, error) {
	if err := reporting.CanManage(c.actor); err != nil {
		return Response{}, err
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Response{}, err
	}
	crew, err := a.bodyCrew(c)
	if err != nil {
		return Response{}, err
	}
	title := a.say(c, "body.list.title", "n", count(len(list.All)), "year", c.day.Year)
	t := Table{Caption: title, Columns: []Column{
		{Title: a.say(c, "column.body")}, {Title: a.say(c, "column.kind")}, {Title: a.say(c, "column.channel")},
		{Title: a.say(c, "column.quota"), Right: true}, {Title: a.say(c, "column.officials")},
	}}
	missing := 0
	var channels Bullets // a cell of a table has no mentions
	for _, b := range list.All {
		if b.ChannelID != "" {
			channels = append(channels, []Span{Plain(b.Label(c.locale) + a.say(c, "word.colon")), {Channel: b.ChannelID}})
		} else if !b.Ended(c.day) {
			missing++
		}
		t.Rows = append(t.Rows, []string{
			a.labelled(c, b, c.day), a.say(c, "kind."+string(b.Kind)), a.channelState(c, b),
			a.orNone(c, crew.owes(b)), a.orNone(c, strings.Join(crew.officials[b.ID], a.say(c, "word.list_separator"))),
		})
	}
	parts := []Part{Heading(title), t}
	if missing > 0 {
		parts = append(parts, Paragraph{Plain(a.say(c, "body.list.missing", "n", count(missing), "command", a.slash("body")))})
	}
	if len(channels) > 0 {
		parts = append(parts, Paragraph{Bold(a.say(c, "column.channel"))}, channels)
	}
	return Response{Reply: &Reply{Text: title, Parts: append(parts, Buttons{
		a.button(c, "body.add", "", "body_add"), a.button(c, "body.assign", "", "body_assign"), a.button(c, "body.channel", "", "body_channel"),
	}, a.asOf(c))}}, nil
}

// crew is who acts for bodies this year, and what bodies owe, by body.
type crew struct {
	officials map[string][]string // names
	quota     map[string]int
}

func (a *App) bodyCrew(c *call) (crew, error) {
	out := crew{map[string][]string{}, map[string]int{}}
	people, err := a.store.People(c.ctx)
	if err != nil {
		return out, err
	}
	for _, p := range people {
		if p.Role == reporting.Official {
			out.officials[p.BodyID] = append(out.officials[p.BodyID], cmp.Or(p.Name, p.UserID))
		}
	}
	all, err := a.store.Standings(c.ctx, c.day.Year, c.day)
	for _, s := range all {
		out.quota[s.BodyID] = s.Owes()
	}
	return out, err
}

// owes is the quota of a body in words, "" for none.
func (w crew) owes(b reporting.Body) string {
	if n := w.quota[b.ID]; n > 0 {
		return count(n)
	}
	return ""
}

// channelState says whether a body has a channel, and whether it is dead.
func (a *App) channelState(c *call, b reporting.Body) string {
	state := a.say(c, "body.channel.none")
	if b.ChannelID != "" {
		state = a.say(c, "body.channel.set")
	}
	if b.UndeliverableSince != 0 {
		state += a.say(c, "body.channel.dead")
	}
	return state
}

// bodyAssign answers /body assign @user role [body]; the role none takes the
// role away. Without words it opens the form.
func (a *App) bodyAssign(c *call) (Response, error) {
	if err := reporting.CanManage(c.actor); err != nil {
		return Response{}, err
	}
	if strings.TrimSpace(c.text) == "" {
		return Response{Form: a.assignForm(c)}, nil
	}
	p, err := a.readAssignment(c)
	if err != nil {
		return Response{}, err
	}
	return a.assign(c, p)
}

// readAssignment reads "@user role [body]", in any order of mention and words.
func (a *App) readAssignment(c *call) (reporting.Person, error) {
	usage := reporting.Fail(reporting.Invalid, "err.assign.usage", "command", a.slash("body")+" assign")
	m := userMention.FindStringSubmatch(c.text)
	if m == nil {
		return reporting.Person{}, usage
	}
	words := strings.Fields(strings.Replace(c.text, m[0], " ", 1))
	if len(words) == 0 {
		return reporting.Person{}, usage
	}
	role, ok := roleWords[lexicon.Fold(words[0])]
	if !ok {
		return reporting.Person{}, reporting.Fail(reporting.Invalid, "err.assign.role", "value", clip(words[0]))
	}
	p := reporting.Person{UserID: m[1], Name: m[2], Role: role}
	rest := strings.Join(words[1:], " ")
	switch {
	case role == reporting.Stranger:
		return p, nil
	case role != reporting.Official && rest != "":
		return p, reporting.Fail(reporting.Invalid, "err.assign.body", "role", a.say(c, "role."+string(role)))
	case role != reporting.Official:
		return p, nil
	case rest == "":
		return p, reporting.Fail(reporting.Invalid, "err.body.needed", "command", a.slash("body")+" assign @… official")
	}
	b, err := a.oneBody(c, rest)
	p.BodyID = b.ID
	return p, err
}

// bodyChannel answers /body channel <body> [#channel]; without words it opens
// the form.
func (a *App) bodyChannel(c *call) (Response, error) {
	if err := reporting.CanManage(c.actor); err != nil {
		return Response{}, err
	}
	channel, text := c.channel, c.text
	if m := channelMention.FindStringSubmatch(text); m != nil {
		channel, text = m[1], strings.Replace(text, m[0], " ", 1)
	} else if i := slices.IndexFunc(c.words, func(w string) bool { return strings.HasPrefix(w, "#") }); i >= 0 {
		return Response{}, reporting.Fail(reporting.Invalid, "err.channel.mention", "value", clip(c.words[i]))
	}
	if strings.TrimSpace(text) == "" {
		c.channel = channel
		return Response{Form: a.channelForm(c)}, nil
	}
	b, err := a.oneBody(c, text)
	if err != nil {
		return Response{}, err
	}
	r, err := a.setChannel(c, b, channel)
	return Response{Reply: r}, err
}

func isChannel(id string) bool { return strings.HasPrefix(id, "C") || strings.HasPrefix(id, "G") }

// reserved reports whether a channel is the office's or the leaders'.
func (a *App) reserved(channel string) bool {
	return channel == a.cfg.OfficeChannel || channel == a.cfg.LeadersChannel
}

// setChannel makes a channel that of b.
func (a *App) setChannel(c *call, b reporting.Body, channel string) (*Reply, error) {
	switch {
	case !isChannel(channel):
		return nil, reporting.Fail(reporting.Invalid, "err.channel.direct", "command", a.slash("body")+" channel")
	case a.reserved(channel):
		return nil, reporting.Fail(reporting.Conflict, "err.channel.reserved", "command", a.slash("body")+" channel")
	}
	after := b
	after.ChannelID, after.ChannelSince, after.UndeliverableSince, after.UndeliverableWhy = channel, c.now.UnixMilli(), 0, ""
	e := reporting.Event{At: c.now.UnixMilli(), Actor: c.actor.UserID, Action: "body.channel", Kind: "body", Subject: b.ID, Before: b, After: after}
	if err := a.store.SetChannel(c.ctx, c.once, b.ID, channel, c.now.UnixMilli(), e); err != nil && !errors.Is(err, reporting.ErrRepeated) {
		list, _ := a.store.Bodies(c.ctx)
		return nil, a.channelTaken(c, list, err)
	}
	rule, err := a.ruleOf(c, b)
	if err != nil {
		return nil, err
	}
	week, at := rule.Next(c.now)
	done := a.say(c, "channel.done", "body", b.Label(c.locale))
	return &Reply{Text: done, Parts: []Part{
		Paragraph{Plain(done), Plain(" "), Span{Channel: channel}},
		Paragraph{Plain(a.say(c, "channel.next", "time", a.moment(c, at), "week", a.week(c, week)))},
		Note{Plain(a.say(c, "channel.invite"))},
	}}, nil
}
