package commands

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/mouhua/mouhua/lexicon"
	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

// App answers what people say. It is safe for concurrent use.
type App struct {
	store Store
	words *Words
	cfg   Config

	commands []command
	actions  map[string]handler
	forms    map[string]formHandler
	finder   *lexicon.Cache
	ranks    ranking
	facets   map[string]facet // what lists are narrowed by, by word
	drafting [32]sync.Mutex   // one is held while a form's first change makes its draft
	answers  map[question.Intent]answerer
	names    nameBook
	talk     *talkWords
}

// New returns an App on store.
func New(store Store, words *Words, cfg Config) *App {
	cfg.Credit = cmp.Or(cfg.Credit, reporting.BothFull)
	if cfg.Nudge.Location == nil {
		cfg.Nudge.Location = cfg.Location
	}
	if !cfg.NudgeLimits.Valid() {
		cfg.NudgeLimits = reporting.DefaultNudgeLimits
	}
	if !cfg.Score.Valid() {
		adopted := cfg.Score.Adopted
		cfg.Score = reporting.DefaultSheet
		cfg.Score.Adopted = adopted
	}
	a := &App{store: store, words: words, cfg: cfg, finder: lexicon.NewCache(), facets: vocabulary(words)}
	a.commands = slices.Concat(a.filingCommands(), a.figureCommands())
	a.names.index, a.talk = question.NewNames(), newTalkWords(words)
	a.actions = joined(
		a.filingActions(), a.figureActions(), a.bodyActions(), a.homeActions(), a.catalogueActions(), a.exchangeActions(),
		a.problemActions(), a.nudgeSetActions(), a.approvalActions(), a.livingActions(), a.bulletinActions(), a.briefActions(),
		a.askActions(), a.writeActions(), a.explainActions(), a.talkActions(),
	)
	a.forms = joined(
		a.filingForms(), a.quotaForms(), a.bodyForms(), a.problemForms(), a.nudgeSetForms(), a.approvalForms(),
		a.livingForms(), a.bulletinForms(),
	)
	a.answers = joined(
		a.figureAnswers(), a.explainAnswers(), a.rankAnswers(), a.listAnswers(), a.projectAnswers(), a.writeAnswers(),
		a.talkAnswers(), a.reportAnswers(),
	)
	return a
}

// joined returns the tables of all nouns as one.
func joined[K comparable, V any](tables ...map[K]V) map[K]V {
	all := map[K]V{}
	for _, t := range tables {
		maps.Copy(all, t)
	}
	return all
}

// call is one thing asked, with all that its handler needs.
type call struct {
	ctx     context.Context
	actor   reporting.Actor
	locale  reporting.Locale
	channel string
	words   []string // what follows the subcommand, by white space, in half width
	text    string   // the same as typed
	value   string   // of the pressed button
	once    string
	now     time.Time      // in the city's zone
	day     reporting.Date // of now

	catalogue *reporting.Catalogue

	thread string // in which it was said; "" = outside of threads
	direct bool   // said in a direct conversation
	unsure bool   // it is not known yet that the actor is a member: nothing may be written
	beside bool   // it is no answer in a filing by sentences: that was looked at before

	when reporting.When       // that figures are asked for; zero = as they stand
	then []reporting.Standing // of when, once read
}

// handler answers a subcommand or a pressed button.
type handler func(c *call) (Response, error)

// formHandler answers what happens to a form; nil functions do nothing.
type formHandler struct {
	changed func(c *call, in Input) (*Form, error)
	submit  func(c *call, in Input) (SubmitResult, error)
	closed  func(c *call, in Input) error
	suggest func(c *call, s Search) ([]Option, error)
}

// command is a slash command.
type command struct {
	name     string       // "project"
	subs     []subcommand // in the order of the help
	fallback handler      // for no or any other word; nil: help, or "no such word"
}

// subcommand is a word after a slash command; words[0] is English, the others
// Chinese. Its help is the locale key help.<command>.<words[0]>.
type subcommand struct {
	words  []string
	run    handler
	office bool // listed in help for the office only
}

var helpWords = []string{"help", "帮助", "幫助", "?", "？"}

// Command answers a slash command. Errors are for the transport to explain
// (Words.Explain) and to log.
func (a *App) Command(ctx context.Context, r Request) (Response, error) {
	out, err := a.command(ctx, r)
	return out, a.naming(ctx, err)
}

func (a *App) command(ctx context.Context, r Request) (Response, error) {
	c, err := a.call(ctx, r.User, r.Channel, r.Locale, r.Once)
	if err != nil {
		return Response{}, err
	}
	c.thread, c.direct, c.unsure = r.Thread, r.Direct, r.Unsure
	text := strings.TrimSpace(r.Text)
	word, rest := firstWord(text)
	for _, cmd := range a.commands {
		if cmd.name == r.Command {
			if r.Unsure && !a.readsOnly(cmd, word) {
				return Response{}, reporting.Fail(reporting.Unavailable, "err.person.unsure")
			}
			return a.route(c, cmd, word, rest)
		}
	}
	return Response{}, reporting.Fail(reporting.NotFound, "err.command.unknown", "prefix", a.cfg.Prefix)
}

func (a *App) route(c *call, cmd command, word, rest string) (Response, error) {
	typed, word := word, strings.ToLower(lexicon.Width(word))
	c.text, c.words = rest, strings.Fields(lexicon.Width(rest))
	if slices.Contains(helpWords, word) {
		return a.help(c, cmd)
	}
	if c.actor.Role == reporting.Stranger {
		return Response{}, reporting.Fail(reporting.Forbidden, "err.stranger")
	}
	for _, s := range cmd.subs {
		if slices.Contains(s.words, word) {
			return s.run(c)
		}
	}
	if cmd.fallback != nil {
		c.text = strings.TrimSpace(typed + " " + rest)
		c.words = strings.Fields(lexicon.Width(c.text))
		return cmd.fallback(c)
	}
	if word == "" {
		return a.help(c, cmd)
	}
	for _, s := range cmd.subs {
		for _, w := range s.words {
			if lexicon.OneSlip(word, w) {
				return Response{}, reporting.Fail(reporting.NotFound, "err.command.slip", "command", a.slash(cmd.name), "word", word, "near", w)
			}
		}
	}
	return Response{}, reporting.Fail(reporting.NotFound, "err.command.word", "command", a.slash(cmd.name), "word", clip(word))
}

// Press answers a pressed button.
func (a *App) Press(ctx context.Context, p Press) (Response, error) {
	h, ok := a.actions[p.Action]
	if !ok {
		return Response{}, reporting.Fail(reporting.NotFound, "err.action.unknown")
	}
	if p.Unsure && !readingButtons[p.Action] {
		return Response{}, reporting.Fail(reporting.Unavailable, "err.person.unsure")
	}
	c, err := a.call(ctx, p.User, p.Channel, p.Locale, p.Once)
	if err != nil {
		return Response{}, err
	}
	if c.actor.Role == reporting.Stranger {
		return Response{}, reporting.Fail(reporting.Forbidden, "err.stranger")
	}
	c.value, c.thread, c.direct, c.unsure = p.Value, p.Thread, p.Direct, p.Unsure
	out, err := h(c)
	return out, a.naming(ctx, err)
}

// Changed takes note of a change in an open form and returns the form redrawn,
// or nil when it stays as it is.
func (a *App) Changed(ctx context.Context, in Input) (*Form, error) {
	c, h, err := a.form(ctx, in.User, in.FormID, in.Locale, in.Once)
	if err != nil || h.changed == nil {
		return nil, err
	}
	f, err := h.changed(c, in)
	return f, a.naming(ctx, err)
}

// Submit answers a submitted form.
func (a *App) Submit(ctx context.Context, in Input) (SubmitResult, error) {
	c, h, err := a.form(ctx, in.User, in.FormID, in.Locale, in.Once)
	if err != nil || h.submit == nil {
		return SubmitResult{}, err
	}
	out, err := h.submit(c, in)
	return out, a.naming(ctx, err)
}

// Closed takes note that a form was closed without submitting.
func (a *App) Closed(ctx context.Context, in Input) error {
	c, h, err := a.form(ctx, in.User, in.FormID, in.Locale, in.Once)
	if err != nil || h.closed == nil {
		return err
	}
	return h.closed(c, in)
}

// Suggest returns the options that fit what was typed, at most 100.
func (a *App) Suggest(ctx context.Context, s Search) ([]Option, error) {
	c, h, err := a.form(ctx, s.User, s.FormID, s.Locale, "")
	if err != nil || h.suggest == nil {
		return nil, err
	}
	return h.suggest(c, s)
}

func (a *App) form(ctx context.Context, user, id string, l reporting.Locale, once string) (*call, formHandler, error) {
	h, ok := a.forms[id]
	if !ok {
		return nil, formHandler{}, reporting.Fail(reporting.NotFound, "err.form.unknown")
	}
	c, err := a.call(ctx, user, "", l, once)
	return c, h, err
}

func (a *App) call(ctx context.Context, user, channel string, l reporting.Locale, once string) (*call, error) {
	p, err := a.store.Person(ctx, user)
	if err != nil {
		return nil, err
	}
	actor := reporting.Actor{UserID: user, Name: p.Name, Role: p.Role, BodyID: p.BodyID, Openness: a.cfg.Openness}
	if slices.Contains(a.cfg.Admins, user) {
		actor.Role = reporting.Admin
	}
	lists, err := a.store.Catalogue(ctx)
	if err != nil {
		return nil, err
	}
	now := a.cfg.Now().In(a.cfg.Location)
	return &call{ctx: ctx, actor: actor, locale: l, channel: channel, once: once, now: now, day: reporting.DateOf(now), catalogue: lists}, nil
}

// firstWord splits text at its first white space, of whatever width, and
// leaves the rest as it was typed.
func firstWord(text string) (word, rest string) {
	i := strings.IndexFunc(text, unicode.IsSpace)
	if i < 0 {
		return text, ""
	}
	return text[:i], strings.TrimSpace(text[i:])
}

// say returns the text of key in the asker's language.
func (a *App) say(c *call, key string, args ...any) string {
	return a.words.Say(c.locale, key, args...)
}

// slash returns the slash command as it is typed here: "/mh-project".
func (a *App) slash(name string) string { return "/" + a.cfg.Prefix + name }

// Words returns the texts, for the transport.
func (a *App) Words() *Words { return a.words }

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
