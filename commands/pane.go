package commands

import (
	"context"
	"fmt"

	"github.com/mouhua/mouhua/reporting"
)

// Prompt is a question that is suggested to somebody.
type Prompt struct {
	Title   string // on the button
	Message string // what is asked
}

// Welcome is what who begins a conversation is told, and what to ask first.
type Welcome struct {
	Greeting *Reply
	Heading  string // above the prompts
	Prompts  []Prompt
}

// Those to whom the prompts of the locale files are addressed, and how many
// there are.
var welcomed = map[string]int{"official": 4, "leader": 4, "office": 4, "guest": 1}

// Welcome greets a person who begins a conversation, by their role.
func (a *App) Welcome(ctx context.Context, user string, l reporting.Locale) (Welcome, error) {
	c, err := a.call(ctx, user, "", l, "")
	if err != nil {
		return Welcome{}, err
	}
	body, err := a.sampleBody(c)
	if err != nil {
		return Welcome{}, err
	}
	switch {
	case c.actor.Role == reporting.Stranger:
		return a.words.welcome(l, "guest", a.homeOfStranger(c), body), nil
	case c.actor.OfOffice():
		return a.words.welcome(l, "office", nil, body), nil
	case c.actor.Role == reporting.Leader:
		return a.words.welcome(l, "leader", nil, body), nil
	}
	return a.words.welcome(l, "official", nil, body), nil
}

// GuestWelcome greets those who are no members of the workspace.
func (w *Words) GuestWelcome(l reporting.Locale) Welcome {
	return w.welcome(l, "guest", w.Guest(l), "")
}

func (w *Words) welcome(l reporting.Locale, to string, greeting *Reply, body string) Welcome {
	if greeting == nil {
		greeting = Say(w.Say(l, "pane.greeting."+to))
	}
	out := Welcome{Greeting: greeting, Heading: w.Say(l, "pane.heading")}
	for i := range welcomed[to] {
		key := fmt.Sprintf("pane.%s.%d", to, i+1)
		out.Prompts = append(out.Prompts, Prompt{
			Title: w.Say(l, key+".title", "body", body), Message: w.Say(l, key+".message", "body", body),
		})
	}
	return out
}
