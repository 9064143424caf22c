package bot

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/reporting"
)

// submitted is what came of a submission, drawn.
type submitted struct {
	errors map[string]string // by field
	failed string            // what to tell when nothing was decided
	next   *slack.ModalViewRequest
	tell   *message
	tellIn string
}

// submit answers a submitted form. Whatever fails keeps the form open with
// what was typed.
func (b *Bot) submit(cb slack.InteractionCallback) ack {
	b.changes.outdate(cb.View.ID, cb.View.RootViewID)
	in := b.input(cb)
	at := b.stateOf(cb).Thread
	in.Once = once("view", strings.Trim(cb.View.ID+"/"+cb.View.Hash, "/"))
	tell := func(ctx context.Context, s submitted) {
		if s.tell == nil {
			return
		}
		thread := ""
		if s.tellIn == at.Channel {
			thread = at.TS
		}
		if err := b.whisper(ctx, s.tellIn, thread, in.User, s.tell); err != nil {
			b.log.Error("answer not delivered", "user", in.User, "reason", codeOf(err), "details", detailsOf(err))
		}
	}
	s, ok := inTime(b, func(ctx context.Context) submitted {
		// After the budget the person is told that nothing was saved, so
		// nothing may be: the store's transaction ends with ctx.
		ctx, cancel := context.WithTimeout(ctx, b.cfg.Budget)
		defer cancel()
		return b.submitted(ctx, in, cb.User.TeamID)
	}, tell)
	if !ok {
		s = submitted{failed: b.words.Say(in.Locale, "err.database")}
	}
	if s.failed != "" || len(s.errors) > 0 {
		return b.refuse(cb, in, s)
	}
	b.spawn(func(ctx context.Context) { tell(ctx, s) })
	if s.next != nil {
		at.remember(s.next)
		return ack{
			payload: slack.NewPushViewSubmissionResponse(s.next),
			instead: func() any { return b.pushLarge(in, s.next) },
		}
	}
	return ack{payload: slack.NewClearViewSubmissionResponse()}
}

func (b *Bot) submitted(ctx context.Context, in commands.Input, team string) submitted {
	s, err := ask(b, "submit", in.FormID, func() (submitted, error) {
		if err := b.writer(ctx, in.User, team); err != nil {
			return submitted{}, err
		}
		r, err := b.app.Submit(ctx, in)
		if err != nil {
			return submitted{}, err
		}
		s := submitted{errors: r.Errors, tellIn: r.TellIn}
		if r.Tell != nil {
			s.tell = b.message(in.Locale, r.Tell)
		}
		if r.Next != nil {
			s.next, err = b.modal(ctx, r.Next)
		}
		return s, err
	})
	var (
		faults reporting.FieldErrors
		fault  *reporting.Error
	)
	switch {
	case err == nil:
		return s
	case errors.As(err, &faults):
	case errors.As(err, &fault) && fault.Field != "":
		faults = reporting.FieldErrors{fault}
	default:
		return submitted{failed: b.explain("submit", in.FormID, in.Locale, err)}
	}
	return submitted{errors: b.words.FieldTexts(in.Locale, faults)}
}

// Slack publishes no limit for the text of an error; it is one of a block.
const errorText = 1000

// refuse keeps the form open. Slack takes errors at input blocks of this view
// only (https://docs.slack.dev/surfaces/modals#displaying_errors), so others
// go to the first of them.
func (b *Bot) refuse(cb slack.InteractionCallback, in commands.Input, s submitted) ack {
	byBlock, first := map[string]string{}, ""
	rest := []string{}
	if s.failed != "" {
		rest = append(rest, s.failed)
	}
	placed := map[string]bool{}
	for _, block := range cb.View.Blocks.BlockSet {
		if block.BlockType() != slack.MBTInput {
			continue
		}
		if first == "" {
			first = block.ID()
		}
		field := fieldOf(block.ID())
		if text := s.errors[field]; text != "" {
			byBlock[block.ID()], placed[field] = clip(text, errorText), true
		}
	}
	for _, field := range slices.Sorted(maps.Keys(s.errors)) {
		if !placed[field] {
			rest = append(rest, s.errors[field])
		}
	}
	if first == "" {
		// Without an input there is nothing typed to lose and no place to say it.
		b.spawn(func(ctx context.Context) {
			if err := b.direct(ctx, in.User, b.say(in.Locale, strings.Join(rest, "\n"))); err != nil {
				b.log.Error("answer not delivered", "user", in.User, "reason", codeOf(err))
			}
		})
		return ack{payload: slack.NewClearViewSubmissionResponse()}
	}
	if len(rest) > 0 {
		if own := byBlock[first]; own != "" {
			rest = append([]string{own}, rest...)
		}
		byBlock[first] = clip(strings.Join(rest, "\n"), errorText)
	}
	return ack{payload: slack.NewErrorsViewSubmissionResponse(byBlock)}
}

// pushLarge pushes the title of a page that is too large for a socket, and
// fills it in by the Web API.
func (b *Bot) pushLarge(in commands.Input, view *slack.ModalViewRequest) any {
	small := *view
	small.ExternalID = "page/" + in.Once
	small.Blocks = slack.Blocks{BlockSet: []slack.Block{
		slack.NewContextBlock("", plain("…", noteText)),
	}}
	small.Submit, small.NotifyOnClose = nil, false
	b.spawn(func(ctx context.Context) {
		// Slack knows the page a moment after the acknowledgement.
		for try := 1; ; try++ {
			err := again(ctx, func() error {
				_, err := b.api.UpdateViewContext(ctx, *view, small.ExternalID, "", "")
				return err
			})
			if err == nil {
				return
			}
			if codeOf(err) != "not_found" || try == answerTries || !pause(ctx, answerPause) {
				b.log.Error("page not shown", "form", view.CallbackID, "reason", codeOf(err), "details", detailsOf(err))
				return
			}
		}
	})
	return slack.NewPushViewSubmissionResponse(&small)
}

// closedForm takes note that a form was closed, after the acknowledgement.
func (b *Bot) closedForm(cb slack.InteractionCallback) {
	in := b.input(cb)
	b.spawn(func(ctx context.Context) {
		_, err := ask(b, "close", in.FormID, func() (struct{}, error) {
			if err := b.writer(ctx, in.User, cb.User.TeamID); err != nil {
				return struct{}{}, err
			}
			return struct{}{}, b.app.Closed(ctx, in)
		})
		if err != nil {
			b.explain("close", in.FormID, in.Locale, err)
		}
	})
}

// input returns what a form holds.
func (b *Bot) input(cb slack.InteractionCallback) commands.Input {
	state := b.stateOf(cb)
	in := commands.Input{
		User: cb.User.ID, FormID: cb.View.CallbackID,
		State: state.State, Locale: state.Locale, Values: map[string]string{},
	}
	if cb.View.State == nil {
		return in
	}
	for _, block := range cb.View.State.Values {
		for field, v := range block {
			text := v.Value + v.SelectedOption.Value + v.SelectedUser + v.SelectedConversation + v.SelectedDate
			for i, o := range v.SelectedOptions {
				if i > 0 {
					text += manyMark
				}
				text += o.Value
			}
			if text != "" {
				in.Values[field] = text
			}
			for _, f := range v.Files {
				if in.Files == nil {
					in.Files = map[string][]commands.File{}
				}
				in.Files[field] = append(in.Files[field], fileOf(f))
			}
		}
	}
	return in
}

// stateOf unwraps a form's state; what is not ours gives the person's locale.
func (b *Bot) stateOf(cb slack.InteractionCallback) formState {
	s := readState(cb.View.PrivateMetadata)
	if s.Locale == "" {
		p, _ := b.locales.known(cb.User.ID)
		s.Locale = cmp.Or(p.locale, b.cfg.Locale)
	}
	s.Locale = reporting.ParseLocale(string(s.Locale), b.cfg.Locale)
	return s
}

// micros returns Slack's "1548426417.840180" as microseconds, 0 when it is
// none.
func micros(ts string) int64 {
	seconds, rest, _ := strings.Cut(ts, ".")
	n, err := strconv.ParseInt(seconds+(rest + "000000")[:6], 10, 64)
	if err != nil {
		return 0
	}
	return n
}
