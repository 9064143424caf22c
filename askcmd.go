package main

import (
	"bufio"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/reporting"
	"github.com/mouhua/mouhua/storage"
)

type askCmd struct {
	As       string `placeholder:"USER" help:"Answer as this Slack user would be answered (default: the first of office.admins, else the office)."`
	JSON     bool   `name:"json" help:"Print one JSON object per question: intent, slots, figures, answer."`
	At       string `placeholder:"RFC3339" help:"Answer as if it were this time, such as 2018-03-05T09:00:00+08:00 (default: now)."`
	Question string `arg:"" optional:"" help:"What to ask; without it lines are read from standard input as one thread, an empty line beginning a new one."`
}

const (
	// terminalUser is who asks where nobody is named and no admin is set: whoever
	// may read the database may read all of it.
	terminalUser    = "terminal"
	terminalChannel = "terminal"
	longestQuestion = 1 << 20 // bytes of a line
)

// Run answers what is asked. A refusal is an answer.
func (c askCmd) Run(ctx context.Context, p *program) error {
	cfg, err := p.config()
	if err != nil {
		return err
	}
	now, err := nudgeCmd{At: c.At}.clock(p.clock(cfg))
	if err != nil {
		return usageError{err}
	}
	log := p.log(slog.LevelError)
	db, err := openStorage(ctx, cfg, log, now)
	if err != nil {
		return err
	}
	defer release(db)
	if err := current(ctx, db); err != nil {
		return err
	}
	words, err := commands.NewWords()
	if err != nil {
		return err
	}
	user := cmp.Or(c.As, first(cfg.Office.Admins), terminalUser)
	if c.As == "" {
		fmt.Fprintf(p.stderr, "answered as %s; -as names somebody else\n", asWhom(user))
	}
	t := &terminalTalk{
		app: commands.New(&terminalStore{DB: db, now: now}, words, cfg.answering(now, log)), words: words,
		user: user, locale: cfg.Locale, json: c.JSON, out: p.stdout,
	}
	if c.Question != "" {
		return t.ask(ctx, c.Question)
	}
	return t.lines(ctx, p.stdin)
}

func first(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return all[0]
}

func asWhom(user string) string {
	if user == terminalUser {
		return "the office"
	}
	return user
}

// terminalTalk asks in threads of a terminal.
type terminalTalk struct {
	app    *commands.App
	words  *commands.Words
	user   string
	locale reporting.Locale
	json   bool
	out    io.Writer
	thread int
	asked  int
}

// lines answers line by line; an empty one begins a new thread.
func (t *terminalTalk) lines(ctx context.Context, in io.Reader) error {
	scan := bufio.NewScanner(in)
	scan.Buffer(nil, longestQuestion)
	for scan.Scan() {
		line := strings.TrimSpace(strings.TrimPrefix(scan.Text(), "\ufeff"))
		if line == "" {
			t.thread++
			continue
		}
		if err := t.ask(ctx, line); err != nil {
			return err
		}
	}
	if err := scan.Err(); err != nil {
		return fmt.Errorf("read questions: %w", err)
	}
	return nil
}

// answered is what -json prints of a question.
type answered struct {
	Intent  string            `json:"intent"`
	Slots   map[string]string `json:"slots"`
	Figures commands.Figures  `json:"figures"`
	Answer  string            `json:"answer"`
}

// ask answers one question. Errors: only those that are no answer.
func (t *terminalTalk) ask(ctx context.Context, text string) error {
	out, err := t.app.Ask(ctx, commands.Request{
		User: t.user, Channel: terminalChannel, Text: text, Locale: t.locale, Thread: "thread " + strconv.Itoa(t.thread),
	})
	a := answered{Intent: "help", Slots: map[string]string{}, Figures: out.Figures}
	if q := out.Read; q != nil {
		a.Intent = string(q.Intent)
		for k, v := range q.Slots {
			a.Slots[string(k)] = v
		}
	}
	if a.Figures == nil {
		a.Figures = commands.Figures{}
	}
	var known *reporting.Error
	switch {
	case err != nil && (!errors.As(err, &known) || known.Code == reporting.Unavailable):
		return err
	case err != nil:
		a.Answer, _ = t.words.Explain(t.locale, err, "")
	case out.Reply != nil:
		a.Answer = out.Reply.Plain()
	}
	return t.print(a)
}

func (t *terminalTalk) print(a answered) error {
	t.asked++
	if !t.json {
		if t.asked > 1 {
			a.Answer = "\n" + a.Answer
		}
		_, err := fmt.Fprintln(t.out, a.Answer)
		return err
	}
	e := json.NewEncoder(t.out)
	e.SetEscapeHTML(false)
	return e.Encode(a)
}

// terminalStore is the database to whoever asks on a terminal: what is said there
// is kept only as long as it is asked, so that asking writes nothing.
type terminalStore struct {
	*storage.DB
	now func() time.Time

	mu     sync.Mutex
	talks  map[reporting.ConversationKey]reporting.Conversation
	drafts map[string]reporting.Draft
}

// SaveDraft keeps a draft of what is filed sentence by sentence, for as long as
// it is asked.
func (s *terminalStore) SaveDraft(_ context.Context, d reporting.Draft) (reporting.Draft, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.drafts == nil {
		s.drafts = map[string]reporting.Draft{}
	}
	if d.ID == "" {
		d.ID = rand.Text()
	}
	d.UpdatedAt = s.now().UnixMilli()
	s.drafts[d.ID] = d
	return d, nil
}

// Draft returns one that is kept here, else the database's.
func (s *terminalStore) Draft(ctx context.Context, id string) (reporting.Draft, error) {
	s.mu.Lock()
	d, ok := s.drafts[id]
	s.mu.Unlock()
	if ok {
		return d, nil
	}
	return s.DB.Draft(ctx, id)
}

// DropDraft drops one that is kept here.
func (s *terminalStore) DropDraft(_ context.Context, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.drafts, id)
	return nil
}

// Person returns the person; who asks without a name is of the office.
func (s *terminalStore) Person(ctx context.Context, userID string) (reporting.Person, error) {
	if userID == terminalUser {
		return reporting.Person{UserID: terminalUser, Role: reporting.Reviewer}, nil
	}
	return s.DB.Person(ctx, userID)
}

// Conversation returns what goes on; without State nothing does.
func (s *terminalStore) Conversation(_ context.Context, k reporting.ConversationKey) (reporting.Conversation, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.talks[k]
	c.Key = k
	return c, nil
}

// Converse changes what goes on.
func (s *terminalStore) Converse(_ context.Context, _ string, k reporting.ConversationKey, decide func(reporting.Conversation) (string, error)) (reporting.Conversation, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.talks[k]
	c.Key = k
	state, err := decide(c)
	if err != nil {
		return c, err
	}
	c.State, c.At = state, s.now().UnixMilli()
	if s.talks == nil {
		s.talks = map[reporting.ConversationKey]reporting.Conversation{}
	}
	s.talks[k] = c
	return c, nil
}

// ConversationsIn returns what goes on in a thread.
func (s *terminalStore) ConversationsIn(_ context.Context, channel, thread string) ([]reporting.Conversation, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []reporting.Conversation
	for k, c := range s.talks {
		if k.Channel == channel && k.Thread == thread && c.State != "" {
			out = append(out, c)
		}
	}
	return out, nil
}
