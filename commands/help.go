package commands

import (
	"slices"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// aloneWord names, in locale keys, a command without a subcommand.
const aloneWord = "_"

func files(a reporting.Actor) bool { return a.Role == reporting.Official || a.Role == reporting.Admin }

func asks(a reporting.Actor) bool { return a.Role == reporting.Official }

func readsCity(a reporting.Actor) bool { return reporting.CanReadCity(a) == nil }

func directs(a reporting.Actor) bool { return a.Role == reporting.Official || a.OfOffice() }

// audiences are those for whom a word is listed in help, where it is neither
// for all nor for the office only. Who may use it is decided in reporting.
var audiences = map[string]func(reporting.Actor) bool{
	"project.register": files, "project.edit": files, "project.mine": files,
	"project.problem": directs, "project.advance": files, "project.update": files, "project.complete": files, "project.reconfirm": files, "project.suspend": directs, "project.resume": directs, "project.withdraw": directs,
	"quota.all": readsCity, "quota.request": asks, "report.programme": readsCity, "report.city": readsCity,
	"report.score": readsCity, "report.group": readsCity, "report.compare": readsCity,
	"nudge.show": directs, "nudge.snooze": directs, "nudge.now": directs,
	"nudge.set": directs, "nudge.pause": directs, "nudge.resume": directs,
}

// topic is one thing that can be said: a command with or without a word after it.
type topic struct{ command, word string }

func (t topic) key() string { return "help." + t.command + "." + t.word }

// topicsOf lists what the actor can say of a command, in the order of its table.
func topicsOf(cmd command, actor reporting.Actor) []topic {
	var out []topic
	if cmd.fallback != nil {
		out = append(out, topic{cmd.name, aloneWord})
	}
	for _, s := range cmd.subs {
		t := topic{cmd.name, s.words[0]}
		allowed, special := audiences[t.command+"."+t.word]
		if s.office && !actor.OfOffice() || special && !allowed(actor) {
			continue
		}
		out = append(out, t)
	}
	return out
}

// help explains a command, and /mouhua all of them, in the person's language:
// only what is there and what their role can use, with examples.
func (a *App) help(c *call, cmd command) (Response, error) {
	if c.actor.Role == reporting.Stranger {
		return Response{Reply: a.helpStranger(c)}, nil
	}
	sample, err := a.sampleBody(c)
	if err != nil {
		return Response{}, err
	}
	shown := []command{cmd}
	title := a.say(c, "help.title.one", "command", a.slash(cmd.name))
	if cmd.name == "mouhua" {
		shown, title = a.commands, a.say(c, "help.title.all")
	}
	parts := []Part{Heading(title)}
	for _, s := range shown {
		topics := topicsOf(s, c.actor)
		if len(topics) == 0 {
			continue
		}
		parts = append(parts, Paragraph{Bold(a.slash(s.name)), Plain(" " + a.say(c, "help."+s.name))}, a.helpLines(c, topics, sample))
	}
	if len(parts) == 1 {
		parts = append(parts, Paragraph{Plain(a.say(c, "help.not_yours", "command", a.slash(cmd.name), "who", a.say(c, "who.office")))})
	}
	if cmd.name == "mouhua" && reporting.CanImport(c.actor) == nil {
		parts = append(parts, Paragraph{Plain(a.say(c, "help.drop"))})
	}
	parts = append(parts, Note{Plain(a.say(c, "help.note", "command", a.slash("mouhua")))})
	return Response{Reply: &Reply{Text: title, Parts: parts}}, nil
}

func (a *App) helpLines(c *call, topics []topic, sample string) Bullets {
	var lines Bullets
	for _, t := range topics {
		lines = append(lines, a.helpLine(c, t, sample))
	}
	return lines
}

// helpLine is an example of what to type, and what it does.
func (a *App) helpLine(c *call, t topic, sample string) []Span {
	example := a.say(c, t.key()+".example", "body", sample, "year", c.day.Year, "last", c.day.Year-1)
	return []Span{
		{Text: strings.TrimSpace(a.slash(t.command) + " " + example), Code: true},
		Plain(" " + a.say(c, t.key())),
	}
}

// sampleBody is the name used in examples: of the person's own body, or of the
// first of the plan; the id where the name would be long.
func (a *App) sampleBody(c *call) (string, error) {
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return "", err
	}
	b, ok := list.Find(c.actor.BodyID)
	switch {
	case !ok && len(list.All) == 0:
		return a.say(c, "help.sample"), nil
	case !ok:
		b = list.All[0]
	}
	if c.locale == reporting.En && b.Short.En == "" {
		return b.ID, nil
	}
	return b.Label(c.locale), nil
}

// helpStranger says what Mouhua is and whom to ask for access.
func (a *App) helpStranger(c *call) *Reply {
	what := a.say(c, "help.what")
	ask := Paragraph{Plain(a.say(c, "help.ask_office"))}
	if len(a.cfg.Admins) > 0 {
		ask = Paragraph{Plain(a.say(c, "help.ask"))}
		for _, id := range a.cfg.Admins {
			ask = append(ask, Plain(" "), Span{User: id})
		}
	}
	var uses Bullets
	for _, key := range []string{"help.project", "help.quota", "help.report", "help.nudge"} {
		uses = append(uses, []Span{Plain(a.say(c, key))})
	}
	return &Reply{Text: what, Parts: []Part{Heading(a.say(c, "help.title.all")), Paragraph{Plain(what)}, uses, ask}}
}

// commandNamed returns a command of the table.
func (a *App) commandNamed(name string) command {
	i := slices.IndexFunc(a.commands, func(cmd command) bool { return cmd.name == name })
	if i < 0 {
		return command{name: name}
	}
	return a.commands[i]
}
