package commands

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/mouhua/mouhua/lexicon"
	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

// talkRests is after how long outside of a thread a sentence is no answer any
// more: what somebody writes in a direct conversation the day after is about
// something else.
const talkRests = 24 * time.Hour

// talked is a filing sentence by sentence, as it stands between two of them. It
// holds what its draft holds, so that two sentences at once come one after
// another; the draft is what lasts.
type talked struct {
	Draft   string            `json:"d"`
	Body    string            `json:"b"` // that files
	Locale  reporting.Locale  `json:"o"` // of the first sentence
	Values  map[string]string `json:"v"`
	Stamp   int64             `json:"t"`           // of Values, as of a draft
	Asked   string            `json:"q,omitempty"` // field of the open question
	Last    string            `json:"l,omitempty"` // field that was filled in last
	Skipped []string          `json:"s,omitempty"` // fields that are not asked for again
}

// readTalked reads a conversation's state; ok is false when nothing is filed there.
func readTalked(state string) (t talked, ok bool) {
	err := json.Unmarshal([]byte(state), &t)
	return t, err == nil && t.Draft != "" && t.Body != ""
}

// String returns what readTalked reads.
func (t talked) String() string {
	text, err := json.Marshal(t)
	if err != nil { // texts and a number always marshal
		return ""
	}
	return string(text)
}

// goneOn returns t with what its draft holds, if somebody has noted in the form meanwhile.
func (t talked) goneOn(d reporting.Draft) talked {
	if d.Stamp >= t.Stamp {
		t.Values, t.Stamp = d.Values, d.Stamp
	}
	t.Values = maps.Clone(t.Values)
	return t
}

// place is where the asker files.
func (c *call) place() reporting.ConversationKey {
	return reporting.ConversationKey{Channel: c.channel, Thread: c.thread, UserID: c.actor.UserID}
}

// shared reports whether others read along: a thread of a channel has no
// private place that lasts.
func (c *call) shared() bool { return c.thread != "" && !c.direct }

// talkAnswers begin a filing by a sentence.
func (a *App) talkAnswers() map[question.Intent]answerer {
	return map[question.Intent]answerer{question.ProjectRegister: a.beginTalk}
}

// talkActions are the buttons of a filing by sentences.
func (a *App) talkActions() map[string]handler {
	return map[string]handler{
		"talk.choose": a.pressChoice, "talk.skip": a.pressSkip, "talk.stop": a.pressStop, "talk.resume": a.pressResume, "talk.file": a.pressFile,
	}
}

// beginTalk begins a filing with what a sentence says.
func (a *App) beginTalk(c *call, q question.Reading) (Response, error) {
	if c.unsure {
		return Response{}, reporting.Fail(reporting.Unavailable, "err.person.unsure")
	}
	if q.Locale != "" {
		c.locale = q.Locale
	}
	body, err := a.talkBody(c, q)
	if err != nil {
		return Response{}, err
	}
	if err := a.mayFile(c, body); err != nil {
		return Response{}, err
	}
	if err := a.mayBegin(c, body); err != nil {
		return Response{}, err
	}
	d, err := a.desk(c, body)
	if err != nil {
		return Response{}, err
	}
	drafts, err := a.draftsInHand(c)
	if err != nil {
		return Response{}, fmt.Errorf("read drafts: %w", err)
	}
	v := d.first(blank(d.reporter, ""), q)
	kept, err := a.talkDraft(c, body, v)
	if err != nil {
		return Response{}, err
	}
	t, err := a.hear(c, kept, func(talked) (talked, error) {
		return d.next(talked{Draft: kept.ID, Body: body, Locale: c.locale, Values: kept.Values, Stamp: kept.Stamp}), nil
	})
	if err != nil {
		return Response{}, err
	}
	return Response{Reply: d.opened(t, len(drafts))}, nil
}

// talkBody returns the body that files: an official's own, for an admin the one
// that is named. Whoever says for whom is held to it.
func (a *App) talkBody(c *call, q question.Reading) (string, error) {
	named, own := q.Slots[question.Body], c.actor.BodyID
	_, index, err := a.index(c)
	if err != nil {
		return "", err
	}
	if who, _ := a.talk.forWhom(c.text); who != "" {
		if found := index.Find(who); len(found) == 1 {
			return found[0].Body.ID, nil
		}
	}
	switch {
	case c.actor.Role != reporting.Admin:
		return own, nil
	case named != "":
		return named, nil
	case own == "":
		return "", reporting.Fail(reporting.Invalid, "err.talk.body")
	}
	return own, nil
}

// talkDraft makes the draft of a filing; the same sentence delivered again finds it.
func (a *App) talkDraft(c *call, body string, v map[string]string) (reporting.Draft, error) {
	st := filing{Opening: newOpening(), Body: body}
	if c.once != "" {
		sum := sha256.Sum256([]byte(c.once))
		st.Opening = hex.EncodeToString(sum[:8])
	}
	turn := &a.drafting[st.Opening[0]%32]
	turn.Lock()
	defer turn.Unlock()
	d, err := a.firstDraft(c, st)
	if err != nil || d.ID != "" {
		return d, err
	}
	v[openingKey] = st.Opening
	d.Values, d.Stamp = v, c.now.UnixMicro()
	if d, err = a.store.SaveDraft(c.ctx, d); err != nil {
		return d, fmt.Errorf("keep draft: %w", err)
	}
	return d, nil
}

// hear lets decide go on with the filing of the draft d where the asker is, and
// keeps what it holds then. The same delivered again changes nothing.
func (a *App) hear(c *call, d reporting.Draft, decide func(talked) (talked, error)) (talked, error) {
	var t talked
	once := c.once
	if once != "" {
		once += "/talk" // what else the sentence does has a key of its own
	}
	is, err := a.store.Converse(c.ctx, once, c.place(), func(now reporting.Conversation) (string, error) {
		was, open := readTalked(now.State)
		if !open || was.Draft != d.ID {
			was = talked{Draft: d.ID, Body: d.BodyID, Locale: c.locale}
		}
		before := was.goneOn(d)
		var err error
		if t, err = decide(before); err != nil {
			return "", err
		}
		if !maps.Equal(t.Values, before.Values) {
			t.Stamp = max(before.Stamp+1, c.now.UnixMicro())
		}
		return t.String(), nil
	})
	if errors.Is(err, reporting.ErrRepeated) {
		var open bool
		if t, open = readTalked(is.State); !open {
			return t, reporting.Fail(reporting.NotFound, "err.draft.gone")
		}
		if t.Draft != d.ID {
			return t, nil
		}
		err = nil
	}
	if err != nil {
		return t, err
	}
	d.Values, d.Stamp = t.Values, t.Stamp
	if _, err := a.store.SaveDraft(c.ctx, d); err != nil {
		return t, fmt.Errorf("keep draft: %w", err)
	}
	return t, nil
}

// goOn takes what was said as the answer in a filing that the asker has open
// here; ok is false when there is none and the sentence is about something else.
func (a *App) goOn(c *call) (r Response, ok bool, err error) {
	if c.beside || c.actor.Role == reporting.Stranger {
		return Response{}, false, nil
	}
	c.beside = true
	is, err := a.store.Conversation(c.ctx, c.place())
	if err != nil {
		return Response{}, false, err
	}
	t, open := readTalked(is.State)
	if !open || c.thread == "" && c.now.Sub(time.UnixMilli(is.At)) > talkRests {
		return Response{}, false, nil
	}
	draft, err := a.ownDraft(c, t.Draft)
	if draftGone(err) { // it was submitted, or thrown away
		return Response{}, false, a.forget(c, t.Draft)
	}
	if err == nil {
		err = a.mayBegin(c, t.Body)
	}
	if code := reporting.CodeOf(err); code == reporting.Forbidden || code == reporting.Conflict {
		return Response{}, false, errors.Join(err, a.forget(c, t.Draft))
	}
	if err != nil {
		return Response{}, false, err
	}
	if c.unsure {
		return Response{}, false, reporting.Fail(reporting.Unavailable, "err.person.unsure")
	}
	c.text = strings.TrimSpace(lexicon.Width(c.text))
	r, err = a.answered(c, t, draft)
	return r, true, a.spoken(c, err)
}

// errUnchanged ends a sentence that leaves a filing as it is.
var errUnchanged = errors.New("nothing to keep")

// answered does what was said in an open filing.
func (a *App) answered(c *call, t talked, draft reporting.Draft) (Response, error) {
	asker := c.locale
	c.locale = t.Locale
	d, err := a.desk(c, t.Body)
	if err != nil {
		return Response{}, err
	}
	before, err := a.exchange(c)
	if err != nil {
		return Response{}, err
	}
	if d.heard, err = a.read(c, before); err != nil {
		return Response{}, err
	}
	t = t.goneOn(draft)
	s := sense{do: lacking} // what is said of the same sentence delivered again
	after, err := a.hear(c, draft, func(now talked) (talked, error) {
		t = now
		s = d.understand(now, c.text)
		moved := s.field != "" && s.field != now.Asked && s.do == lost
		if s.do != noted && s.do != skipped && !moved {
			return now, errUnchanged
		}
		now = d.next(s.apply(now))
		if s.field != "" {
			now.Asked = s.field // until it fits
		}
		return now, nil
	})
	if err == nil {
		t = after
	} else if !errors.Is(err, errUnchanged) {
		return Response{}, err
	}
	switch s.do {
	case aside:
		c.locale = asker
		return a.answeredAside(c, d, t)
	case anew:
		c.locale = asker
		return a.beginTalk(c, s.reading)
	case stopped:
		return Response{Reply: d.stopped(t)}, a.forget(c, t.Draft)
	}
	return Response{Reply: d.reply(t, s)}, nil
}

// answeredAside answers another question in the middle of a filing, and asks
// the open one again.
func (a *App) answeredAside(c *call, d *desk, t talked) (Response, error) {
	c.words = strings.Fields(c.text)
	r, err := a.otherwise(c)
	if err != nil {
		return r, err
	}
	c.locale = t.Locale
	if r.Reply == nil {
		r.Reply = d.card(d.question(t, d.a.say(c, "talk.back")))
		return r, nil
	}
	again := *r.Reply
	again.Parts = slices.Concat(again.Parts, []Part{Rule{}}, d.question(t, d.a.say(c, "talk.back")))
	r.Reply = &again
	return r, nil
}

// otherwise answers what was said as if nothing was filed here.
func (a *App) otherwise(c *call) (Response, error) {
	if slices.Contains(helpWords, strings.ToLower(c.text)) {
		return a.help(c, a.commandNamed("mouhua"))
	}
	return a.question(c)
}

// forget ends the filing of a draft where the asker is; the draft stays.
func (a *App) forget(c *call, draft string) error {
	_, err := a.store.Converse(c.ctx, "", c.place(), func(is reporting.Conversation) (string, error) {
		if t, open := readTalked(is.State); open && t.Draft == draft {
			return "", nil
		}
		return is.State, nil
	})
	if err != nil {
		return fmt.Errorf("end filing by sentences: %w", err)
	}
	return nil
}
