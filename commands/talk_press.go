package commands

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// pressedTalk returns the draft that a button names, the filing as it stands
// with it, and what it is read against, in the language of the filing.
func (a *App) pressedTalk(c *call, id string) (reporting.Draft, talked, *desk, error) {
	draft, err := a.ownDraft(c, id)
	if err == nil {
		draft, err = a.take(c, draft)
	}
	if err == nil && draft.ProjectID == "" {
		err = a.mayBegin(c, draft.BodyID)
	}
	if err != nil {
		return draft, talked{}, nil, err
	}
	t, err := a.talkOf(c, draft)
	if err != nil {
		return draft, t, nil, err
	}
	c.locale = t.Locale
	d, err := a.desk(c, draft.BodyID)
	return draft, t, d, err
}

// talkOf returns the filing of a draft as it stands where the asker is: a new
// one when another draft, or none, is filed there.
func (a *App) talkOf(c *call, draft reporting.Draft) (talked, error) {
	is, err := a.store.Conversation(c.ctx, c.place())
	if err != nil {
		return talked{}, err
	}
	t, open := readTalked(is.State)
	if !open || t.Draft != draft.ID {
		t = talked{Draft: draft.ID, Body: draft.BodyID, Locale: c.locale}
	}
	return t.goneOn(draft), nil
}

// pressing does what a button does to a filing and asks on.
func (a *App) pressing(c *call, draft reporting.Draft, d *desk, do func(t talked) sense) (Response, error) {
	var s sense
	t, err := a.hear(c, draft, func(now talked) (talked, error) {
		s = do(now)
		return d.next(s.apply(now)), nil
	})
	if err != nil {
		return Response{}, err
	}
	return Response{Reply: d.reply(t, s)}, nil
}

// pressChoice answers a question by a button: "draft|field|value".
func (a *App) pressChoice(c *call) (Response, error) {
	id, rest, _ := strings.Cut(c.value, "|")
	field, value, _ := strings.Cut(rest, "|")
	draft, _, d, err := a.pressedTalk(c, id)
	if err != nil {
		return Response{}, err
	}
	return a.pressing(c, draft, d, func(t talked) sense {
		f, ok := d.field(t.Values, field)
		if !ok { // another path was chosen since
			return sense{do: lacking}
		}
		if f.Kind == SelectField && !slices.ContainsFunc(f.Options, func(o Option) bool { return o.Value == value }) {
			return sense{field: field, err: reporting.Fail(reporting.Invalid, "err.choice")}
		}
		return d.answer(t, f, value)
	})
}

// pressSkip leaves out what may be left out: "draft|field", "draft|*" for all.
func (a *App) pressSkip(c *call) (Response, error) {
	id, field, _ := strings.Cut(c.value, "|")
	draft, _, d, err := a.pressedTalk(c, id)
	if err != nil {
		return Response{}, err
	}
	return a.pressing(c, draft, d, func(t talked) sense {
		if field == "*" {
			return d.skipAll(t)
		}
		return d.skip(t, field)
	})
}

// pressStop ends the conversation; the draft stays.
func (a *App) pressStop(c *call) (Response, error) {
	draft, t, d, err := a.pressedTalk(c, c.value)
	if err != nil {
		return Response{}, err
	}
	return Response{Reply: d.stopped(t)}, a.forget(c, draft.ID)
}

// pressResume goes on with a draft sentence by sentence.
func (a *App) pressResume(c *call) (Response, error) {
	draft, _, d, err := a.pressedTalk(c, c.value)
	if err != nil {
		return Response{}, err
	}
	if draft.ProjectID != "" { // what is changed of a project is changed in its form
		return a.pressContinue(c)
	}
	return a.pressing(c, draft, d, func(talked) sense { return sense{do: shown} })
}

// pressFile files what the card shows: "draft|stamp|body". An older card shows
// the values of now instead; what the form would refuse is asked for again.
func (a *App) pressFile(c *call) (Response, error) {
	id, rest, _ := strings.Cut(c.value, "|")
	seen, body, _ := strings.Cut(rest, "|")
	if err := a.mayFile(c, body); err != nil {
		return Response{}, err
	}
	draft, gone := a.ownDraft(c, id)
	if gone != nil && !draftGone(gone) {
		return Response{}, gone
	}
	t, err := a.talkOf(c, draft)
	if err != nil {
		return Response{}, err
	}
	d, err := a.desk(c, body)
	if err != nil {
		return Response{}, err
	}
	if gone == nil {
		c.locale = t.Locale
		if strconv.FormatInt(t.Stamp, 10) != seen || draft.BodyID != body || draft.ProjectID != "" {
			t = d.next(t)
			return Response{Reply: d.card([]Part{d.line("talk.stale")}, d.question(t, ""))}, nil
		}
	}
	st := filing{Draft: id, Opening: newOpening(), Body: body, Channel: c.channel}
	r, err := a.tryHand(c, st, draft, gone)
	switch faults := fieldErrors(err); {
	case taken(err):
		var e *reporting.Error
		errors.As(err, &e)
		return a.refiled(c, draft, d, e.At(reporting.FieldCode))
	case len(faults) > 0:
		return a.refiled(c, draft, d, faults[0])
	case err != nil:
		return Response{}, err
	case r.Next != nil:
		return Response{Form: r.Next}, nil
	}
	r.Tell.InChannel = c.shared()
	return Response{Reply: r.Tell, Replace: true}, a.forget(c, id)
}

// refiled asks again for what the submission was refused for.
func (a *App) refiled(c *call, draft reporting.Draft, d *desk, e *reporting.Error) (Response, error) {
	s := sense{field: e.Field, err: e}
	t, err := a.hear(c, draft, func(now talked) (talked, error) {
		now = d.next(now)
		now.Asked = e.Field
		return now, nil
	})
	if err != nil {
		return Response{}, err
	}
	return Response{Reply: d.reply(t, s)}, nil
}
