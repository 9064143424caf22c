package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"github.com/mouhua/mouhua/bot"
	"github.com/mouhua/mouhua/reporting"
	"github.com/mouhua/mouhua/storage"
)

type doctorCmd struct{}

// Run checks everything that can be checked from here: a line each.
func (doctorCmd) Run(ctx context.Context, p *program) error {
	failed := 0
	check := func(name string, err error) bool {
		if err != nil {
			failed++
			fmt.Fprintf(p.stdout, "FAIL %s: %v\n", name, err)
			return false
		}
		fmt.Fprintf(p.stdout, "ok   %s\n", name)
		return true
	}
	cfg, err := p.config()
	if check("configuration", err) {
		check("tokens are set", cfg.needSlack())
		channels := []place{{"office.channel", cfg.Office.Channel}, {"leaders.channel", cfg.Leaders.Channel}}
		if db, err := openStorage(ctx, cfg, p.log(slog.LevelError), p.clock(cfg)); check("database", err) {
			defer release(db)
			if check("migrations", current(ctx, db)) {
				check("tallies", recounted(ctx, db))
				list, err := db.Bodies(ctx)
				if err != nil {
					check("bodies", err)
					list = &reporting.BodyList{}
				}
				for _, b := range list.All {
					channels = append(channels, place{"channel of " + b.ID, b.ChannelID})
				}
			}
		}
		checkSlack(ctx, cfg, channels, check)
	}
	if failed > 0 {
		return fmt.Errorf("checks failed: %d", failed)
	}
	return nil
}

// recounted returns the first differences between the tallies and a recount.
func recounted(ctx context.Context, db *storage.DB) error {
	differences, err := db.Recount(ctx)
	if err != nil {
		return err
	}
	var all []string
	for _, d := range differences[:min(len(differences), 20)] {
		body := d.BodyID
		if body == "" {
			body = "city"
		}
		all = append(all, fmt.Sprintf("%d %s %s is %d, recounted %d", d.Year, body, d.Figure, d.Kept, d.Counted))
	}
	if len(all) == 0 {
		return nil
	}
	return fmt.Errorf("%d figures differ: %s", len(differences), strings.Join(all, "; "))
}

// place is a channel that Mouhua posts to, and what it is to Mouhua.
type place struct{ name, channel string }

// reached returns why Mouhua cannot post to a channel
// (https://docs.slack.dev/reference/methods/conversations.info).
func reached(ctx context.Context, api *slack.Client, channel string) error {
	c, err := api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: channel})
	switch {
	case err != nil && err.Error() == "channel_not_found":
		return fmt.Errorf("%s is unknown, or private and Mouhua is not in it: /invite it there", channel)
	case err != nil:
		return fmt.Errorf("%s: %w", channel, err)
	case c.IsArchived:
		return fmt.Errorf("%s is archived", channel)
	case !c.IsMember:
		return fmt.Errorf("mouhua is not in %s: /invite it there", channel)
	}
	return nil
}

func checkSlack(ctx context.Context, cfg Config, channels []place, check func(string, error) bool) {
	if cfg.Slack.BotToken == "" {
		return
	}
	api := bot.NewClient(string(cfg.Slack.BotToken), string(cfg.Slack.AppToken), cfg.Slack.APIURL, nil)
	who, err := api.AuthTestContext(ctx)
	if !check("Slack accepts the bot token", err) {
		return
	}
	granted := strings.Split(strings.ReplaceAll(who.Header.Get("X-Oauth-Scopes"), " ", ""), ",")
	missing := slices.DeleteFunc(slices.Clone(scopesOf(cfg)), func(s string) bool { return slices.Contains(granted, s) })
	var lack error
	if len(missing) > 0 {
		lack = errors.New("missing " + strings.Join(missing, ", ") + ": reinstall the app with mouhua manifest")
	}
	check("scopes", lack)
	for _, p := range channels {
		if p.channel != "" {
			check(p.name, reached(ctx, api, p.channel))
		}
	}
	if cfg.Slack.Mode == socketMode && cfg.Slack.AppToken != "" {
		_, _, err := api.StartSocketModeContext(ctx)
		check("Slack accepts the app token", err)
	}
}
