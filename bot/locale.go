package bot

import (
	"context"
	"sync"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

const (
	localeFor     = time.Hour
	localeGuess   = time.Minute // how long a language that Slack did not tell is taken for granted
	localeFetch   = time.Second
	localesAtMost = 20_000
)

// locales remembers people's languages, which Slack does not deliver with what
// they ask.
type locales struct {
	now func() time.Time
	mu  sync.Mutex
	of  map[string]localeUntil
}

type localeUntil struct {
	locale reporting.Locale
	until  time.Time
}

func newLocales(now func() time.Time) *locales {
	return &locales{now: now, of: map[string]localeUntil{}}
}

func (c *locales) known(user string) (reporting.Locale, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l, ok := c.of[user]
	return l.locale, ok && c.now().Before(l.until)
}

func (c *locales) remember(user string, l reporting.Locale, d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.of) >= localesAtMost {
		clear(c.of)
	}
	c.of[user] = localeUntil{l, c.now().Add(d)}
}

// Locale returns a person's language, remembered for an hour. It asks Slack for at most a second,
// and returns the configured one when Slack does not tell.
func (b *Bot) Locale(ctx context.Context, user string) reporting.Locale {
	if l, ok := b.locales.known(user); ok {
		return l
	}
	ctx, cancel := context.WithTimeout(ctx, localeFetch)
	defer cancel()
	info, err := b.api.GetUserInfoContext(ctx, user)
	if err != nil {
		b.log.Warn("person's language not found", "user", user, "reason", codeOf(err))
		b.locales.remember(user, b.cfg.Locale, localeGuess)
		return b.cfg.Locale
	}
	l := reporting.ParseLocale(info.Locale, b.cfg.Locale)
	b.locales.remember(user, l, localeFor)
	return l
}
