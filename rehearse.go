package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/reporting"
)

// rehearse prints exactly what would go where at a time: what is decided about
// every body's nudge, all else that would be planned, and what waits in the
// outbox, each with its words. It writes and posts nothing.
func (s *service) rehearse(ctx context.Context, out io.Writer, now time.Time) error {
	decided, err := s.sched.Decide(ctx, now)
	for _, d := range decided {
		fmt.Fprintf(out, "%s %s %s\n", d.Body.ID, d.Week, d.Reason)
		if d.Reason.Owed() {
			err = errors.Join(err, s.recite(ctx, out, d.Message))
		}
	}
	owed, owedErr := s.sched.Rehearse(ctx, now)
	err = errors.Join(err, owedErr)
	for _, m := range owed {
		if m.Kind == reporting.NudgeMessage && m.Args["now"] == "" {
			continue // stands above
		}
		fmt.Fprintf(out, "%s would be planned\n", m.Key)
		err = errors.Join(err, s.recite(ctx, out, m))
	}
	waiting, waitErr := s.db.Pending(ctx, now.UnixMilli())
	err = errors.Join(err, waitErr)
	for _, d := range waiting {
		fmt.Fprintf(out, "%s waits in the outbox%s\n", d.Key, tries(d))
		err = errors.Join(err, s.recite(ctx, out, d.Message))
	}
	return err
}

// tries says how often a waiting message was tried, and what came of it.
func tries(d reporting.Delivery) string {
	if d.Attempts == 0 {
		return ""
	}
	text := fmt.Sprintf(", tried %d times", d.Attempts)
	if d.Receipt.Reason != "" {
		text += ": " + d.Receipt.Reason
	}
	if d.Receipt.RetryAt != 0 {
		text += ", again at " + time.UnixMilli(d.Receipt.RetryAt).UTC().Format(time.RFC3339)
	}
	return text
}

// recite prints to whom a message would go, and its words.
func (s *service) recite(ctx context.Context, out io.Writer, m reporting.Message) error {
	said, err := s.app.Compose(ctx, m)
	to := said.Channel
	switch {
	case m.EditOf != "" && m.EditTS != "":
		to = m.EditChannel + ", rewriting " + m.EditOf
	case m.EditOf != "":
		to += " nothing: " + m.EditOf + " was never posted"
	case to == "":
		to = m.To
	}
	if m.ThreadOf != "" {
		to += ", in the thread of " + m.ThreadOf
	}
	switch {
	case err != nil:
		return fmt.Errorf("compose %s: %w", m.Key, err)
	case said.Skip != "":
		fmt.Fprintf(out, "    not sent: %s\n", s.unsaid(m, said.Skip))
	case said.Reply != nil:
		fmt.Fprintf(out, "    to %s\n    %s\n", to, strings.ReplaceAll(plainText(said.Reply), "\n", "\n    "))
	}
	return nil
}

// unsaid says why a message has no words, which of three kinds are there only
// once the step itself is taken.
func (s *service) unsaid(m reporting.Message, skip string) string {
	switch {
	case m.Kind == reporting.YearFrozen && skip == "not_frozen":
		return "its figures are those that the year " + m.Args["year"] + " is then frozen with"
	case m.Kind == reporting.BulletinCard && skip == "no_bulletin":
		return "its figures are those that the bulletin is then drafted from"
	case m.Kind == reporting.YearAsk && skip == "confirmed":
		return "its words name the " + m.Args["n"] + " projects that are to be confirmed by " + m.Args["due"] + " once that is asked for"
	case m.Kind == reporting.BulletinCard && skip == "no_bulletin":
		return "its figures are those that bulletin " + m.Args["bulletin"] + " is then drafted with"
	}
	return skip
}

// plainText returns a reply as it reads on a terminal.
func plainText(r *commands.Reply) string {
	var out []string
	line := func(spans []commands.Span) string {
		var b strings.Builder
		for _, s := range spans {
			switch {
			case s.User != "":
				b.WriteString("@" + s.User)
			case s.Channel != "":
				b.WriteString("#" + s.Channel)
			default:
				b.WriteString(s.Text)
			}
		}
		return b.String()
	}
	for _, part := range r.Parts {
		switch v := part.(type) {
		case commands.Heading:
			out = append(out, string(v))
		case commands.Paragraph:
			out = append(out, line(v))
		case commands.Bullets:
			for _, item := range v {
				out = append(out, "• "+line(item))
			}
		case commands.Facts:
			for _, f := range v {
				out = append(out, f.Label+": "+line(f.Value))
			}
		case commands.Table:
			for _, row := range v.Rows {
				out = append(out, strings.Join(row, " | "))
			}
		case commands.Chart:
			out = append(out, plainText(&commands.Reply{Parts: v.Instead}))
		case commands.Buttons:
			var labels []string
			for _, b := range v {
				labels = append(labels, "["+b.Label+"]")
			}
			out = append(out, strings.Join(labels, " "))
		case commands.Note:
			out = append(out, line(v))
		}
	}
	return strings.Join(out, "\n")
}
