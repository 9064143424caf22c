package commands

import "context"

// Engaged reports whether something goes on in a thread, so that what is said
// there without naming Mouhua may be meant for it. It reads one index.
func (a *App) Engaged(ctx context.Context, channel, thread string) (bool, error) {
	all, err := a.store.ConversationsIn(ctx, channel, thread)
	return len(all) > 0, err
}
