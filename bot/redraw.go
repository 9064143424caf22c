package bot

import (
	"context"
	"sync"

	"github.com/slack-go/slack"

	"github.com/mouhua/mouhua/commands"
)

// change is a change in an open form. It carries the values of the whole page.
type change struct {
	in   commands.Input
	hash string // of the view that the person was looking at
	team string // that the person acted in
	at   openedIn
}

// changes are the newest changes that wait, by view. A person who types fast,
// or on a slow line, sends several before the first is answered: of each form
// one is handled at a time, and an older one that still waits gives way.
type changes struct {
	mu      sync.Mutex
	waiting map[string]*change // an entry without a change: its form is being handled
}

// add notes a change and reports whether the caller must handle the form.
func (c *changes) add(view string, n change) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.waiting == nil {
		c.waiting = map[string]*change{}
	}
	old, handled := c.waiting[view]
	if old == nil || old.in.Stamp <= n.in.Stamp {
		c.waiting[view] = &n
	}
	return !handled
}

// next takes the change that waits, or gives the form up.
func (c *changes) next(view string) (change, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := c.waiting[view]
	if n == nil {
		delete(c.waiting, view)
		return change{}, false
	}
	c.waiting[view] = nil
	return *n, true
}

// outdate drops what waits of forms: a submission has carried their values
// along, and a change handled after it would bring a filed draft back.
func (c *changes) outdate(views ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, view := range views {
		if _, handled := c.waiting[view]; handled {
			c.waiting[view] = nil
		}
	}
}

// drop gives the form up whatever waits.
func (c *changes) drop(view string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.waiting, view)
}

// changed takes note of a change in an open form, and redraws it, after the
// acknowledgement.
func (b *Bot) changed(cb slack.InteractionCallback, action *slack.BlockAction) {
	in := b.input(cb)
	in.Field, in.Stamp = action.ActionID, micros(action.ActionTs)
	if b.changes.add(cb.View.ID, change{in: in, hash: cb.View.Hash, team: cb.User.TeamID, at: b.stateOf(cb).Thread}) {
		b.handleChanges(cb.View.ID, "")
	}
}

// handleChanges handles what waits of a form, each change in its own time;
// hash is that of our last redrawing, "" for none.
func (b *Bot) handleChanges(view, hash string) {
	b.spawn(func(ctx context.Context) {
		done := false
		defer func() {
			if !done { // a panic: the next change begins anew
				b.changes.drop(view)
			}
		}()
		c, ok := b.changes.next(view)
		if ok {
			if hash != "" {
				c.hash = hash
			}
			b.handleChanges(view, b.redraw(ctx, view, c))
		}
		done = true
	})
}

// redraw handles one change and returns the hash of the form as redrawn, ""
// when it stays as it is.
func (b *Bot) redraw(ctx context.Context, view string, c change) string {
	drawn, err := ask(b, "change", c.in.FormID, func() (*slack.ModalViewRequest, error) {
		if err := b.writer(ctx, c.in.User, c.team); err != nil {
			return nil, err
		}
		form, err := b.app.Changed(ctx, c.in)
		if err != nil || form == nil {
			return nil, err
		}
		return b.modal(ctx, form)
	})
	if err != nil {
		// The open form has no place for words; what is wrong shows on submit.
		b.explain("change", c.in.FormID, c.in.Locale, err)
		return ""
	}
	if drawn == nil {
		return ""
	}
	c.at.remember(drawn)
	r, err := b.api.UpdateViewContext(ctx, *drawn, "", c.hash, view)
	if codeOf(err) == "hash_conflict" {
		// Another replica redrew it for an older change: this one is the newest we know of.
		r, err = b.api.UpdateViewContext(ctx, *drawn, "", "", view)
	}
	if err != nil {
		if codeOf(err) != "not_found" { // closed meanwhile
			b.log.Error("form not redrawn", "form", c.in.FormID, "reason", codeOf(err), "details", detailsOf(err))
		}
		return ""
	}
	return r.Hash
}
