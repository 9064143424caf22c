package bot

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/reporting"
)

const (
	localeFor     = time.Hour
	localeGuess   = 5 * time.Second // how long what Slack did not tell is taken for granted
	localeFetch   = time.Second
	localesAtMost = 20_000
)

// membership says whether a person may do more than read the help.
type membership int

const (
	unsure   membership = iota // Slack has not told
	member                     // a full member of the bot's own workspace
	outsider                   // a guest, a person of another workspace, a bot
)

// somebody is what Slack told of a person.
type somebody struct {
	locale reporting.Locale
	is     membership
	team   string // the bot's own workspace, as it was then; "" = not known
	grid   bool   // a member through the organisation: their payloads may name another of its workspaces
	until  time.Time
}

// comingFrom returns whether p is a member in a payload that names a
// workspace; "" when it names none.
func (p somebody) comingFrom(team string) membership {
	if team != "" && p.team != "" && team != p.team && !p.grid {
		return outsider
	}
	return p.is
}

// locales remembers people's languages and memberships, which Slack does not
// deliver with what they ask.
type locales struct {
	now func() time.Time
	mu  sync.Mutex
	of  map[string]somebody
}

func newLocales(now func() time.Time) *locales {
	return &locales{now: now, of: map[string]somebody{}}
}

// known returns what is remembered; fresh is false when Slack is to be asked.
func (c *locales) known(user string) (p somebody, fresh bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p, ok := c.of[user]
	return p, ok && c.now().Before(p.until)
}

func (c *locales) remember(user string, p somebody, d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.of) >= localesAtMost {
		clear(c.of)
	}
	p.until = c.now().Add(d)
	c.of[user] = p
}

// Locale returns a person's language, remembered for an hour. It asks Slack for at most a second,
// and returns the configured one when Slack does not tell.
func (b *Bot) Locale(ctx context.Context, user string) reporting.Locale {
	return b.person(ctx, user).locale
}

// person returns what Slack tells of a person, remembered for an hour. It asks
// for at most a second. When Slack does not tell, what it last told stands; of
// who was never told of, the language is the configured one.
func (b *Bot) person(ctx context.Context, user string) somebody {
	old, fresh := b.locales.known(user)
	if fresh {
		return old
	}
	ctx, cancel := context.WithTimeout(ctx, localeFetch)
	defer cancel()
	info, err := b.api.GetUserInfoContext(ctx, user)
	var said slack.SlackErrorResponse
	if err != nil && !errors.As(err, &said) {
		// Not an answer: somebody in doubt is refused, so it is worth a second try.
		info, err = b.api.GetUserInfoContext(ctx, user)
	}
	var team string
	if err == nil {
		team, err = b.team(ctx)
	}
	if err == nil {
		p := somebody{locale: reporting.ParseLocale(info.Locale, b.cfg.Locale), team: team}
		p.is, p.grid = judge(info, team)
		b.locales.remember(user, p, localeFor)
		return p
	}
	b.log.Warn("person's language not found", "user", user, "reason", codeOf(err))
	if old.locale == "" {
		old = somebody{locale: b.cfg.Locale}
		if info != nil {
			old.locale = reporting.ParseLocale(info.Locale, b.cfg.Locale)
		}
	}
	b.locales.remember(user, old, localeGuess)
	return old
}

// judge says who a person is to the workspace with id team. grid: they belong
// to it through an organisation of several
// (https://docs.slack.dev/reference/objects/user-object).
func judge(u *slack.User, team string) (is membership, grid bool) {
	grid = slices.Contains(u.Enterprise.Teams, team)
	elsewhere := team != "" && u.TeamID != "" && u.TeamID != team && !grid
	if u.IsBot || u.ID == "USLACKBOT" || u.IsRestricted || u.IsUltraRestricted || u.IsStranger || u.Deleted || elsewhere {
		return outsider, grid
	}
	return member, grid
}

// guest answers outsiders, whatever they asked, before the App is.
func (b *Bot) guest(ctx context.Context, kind string, l reporting.Locale) answer {
	return b.reply(ctx, kind, "guest", l, func() (commands.Response, error) {
		return commands.Response{Reply: b.words.Guest(l)}, nil
	})
}

// writer returns nil for a person who may fill in forms: their language is
// already known. Errors: Forbidden for outsiders, Unavailable while unsure.
func (b *Bot) writer(ctx context.Context, user, team string) error {
	switch b.person(ctx, user).comingFrom(team) {
	case member:
		return nil
	case outsider:
		return reporting.Fail(reporting.Forbidden, "err.person.outside")
	}
	return reporting.Fail(reporting.Unavailable, "err.person.unsure")
}
