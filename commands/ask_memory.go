package commands

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

// directFor is how long a question leans on the one before in a direct
// conversation, outside of threads.
const directFor = 10 * time.Minute

// sure is how much of a sentence must have had a meaning for it to be answered
// although nobody spoke to Mouhua.
const sure = 0.9

// talkedAt returns where the exchange is kept; ok is false where questions
// stand alone: in a channel, outside of threads.
func (c *call) talkedAt() (k reporting.ConversationKey, ok bool) {
	return reporting.ConversationKey{Channel: c.channel, Thread: c.thread}, c.channel != "" && (c.thread != "" || c.direct)
}

// exchange returns what was asked just before at the same place, nil for nothing.
func (a *App) exchange(c *call) (*question.Reading, error) {
	k, ok := c.talkedAt()
	if !ok {
		return nil, nil
	}
	kept, err := a.store.Conversation(c.ctx, k)
	if err != nil || kept.State == "" {
		return nil, err
	}
	if age := c.now.Sub(time.UnixMilli(kept.At)); c.thread == "" && age > directFor {
		return nil, nil
	}
	var q question.Reading
	if err := json.Unmarshal([]byte(kept.State), &q); err != nil {
		return nil, nil //nolint:nilerr // written by another version: the next question stands alone
	}
	return &q, nil
}

// note keeps what was answered for what is asked next. An answer that is not
// kept is an answer all the same.
func (a *App) note(c *call, q question.Reading) {
	k, ok := c.talkedAt()
	if !ok || c.unsure || q.Intent == question.Unknown || q.Intent == question.Help {
		return
	}
	q.NotRead, q.Nearest, q.Then = nil, nil, nil
	state, err := json.Marshal(q)
	if err == nil {
		_, err = a.store.Converse(c.ctx, saidOnce(c.once), k, func(reporting.Conversation) (string, error) { return string(state), nil })
	}
	if err != nil && !errors.Is(err, reporting.ErrRepeated) && a.cfg.Log != nil {
		a.cfg.Log.Warn("exchange not kept", "channel", c.channel, "error", err)
	}
}

// saidOnce is the delivery key of keeping what was said: the answer itself may
// write under the other.
func saidOnce(once string) string {
	if once == "" {
		return ""
	}
	return once + "/said"
}

// overheard answers what goes on with what was asked in a thread, and is silent
// to all else.
func (a *App) overheard(c *call) (Response, error) {
	if c.actor.Role == reporting.Stranger || c.text == "" {
		return Response{}, nil
	}
	before, err := a.exchange(c)
	if err != nil || before == nil {
		return Response{}, err
	}
	q, err := a.read(c, before)
	if err != nil || q.Confidence < sure {
		return Response{}, err
	}
	_, known := a.answers[q.Intent]
	if !known && q.Then == nil || q.Intent == question.Help {
		return Response{}, nil
	}
	out, err := a.answer(c, q)
	if err != nil && private[q.Intent] {
		return Response{}, nil //nolint:nilerr // “approved” is a word that people say to each other, too
	}
	return out, a.spoken(c, err)
}

// spoken says that a refusal is told in the language of the question.
func (a *App) spoken(c *call, err error) error {
	if err == nil {
		return nil
	}
	return &inLocale{c.locale, a.naming(c.ctx, err)}
}

// inLocale is an error of what was asked in a language.
type inLocale struct {
	locale reporting.Locale
	err    error
}

func (e *inLocale) Error() string { return fmt.Sprintf("asked in %s: %v", e.locale, e.err) }

// Unwrap returns the error.
func (e *inLocale) Unwrap() error { return e.err }
