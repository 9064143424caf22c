package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"github.com/mouhua/mouhua/bot"
	"github.com/mouhua/mouhua/reporting"
)

// Secret is a text that is never printed: every way of writing it gives a mask.
// string(s) is the text itself.
type Secret string

const mask = "(hidden)"

// String returns a mask, "" for the empty secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return mask
}

// GoString returns a mask, for %#v.
func (s Secret) GoString() string { return s.String() }

// MarshalText returns a mask, for JSON and TOML.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue returns a mask, for slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// Config is everything that can be set. config.example.toml explains each key.
type Config struct {
	Timezone string           `toml:"timezone"`
	Locale   reporting.Locale `toml:"locale"`
	Slack    struct {
		Mode              string `toml:"mode"`
		BotToken          Secret `toml:"bot_token"`
		BotTokenFile      string `toml:"bot_token_file"`
		AppToken          Secret `toml:"app_token"`
		AppTokenFile      string `toml:"app_token_file"`
		SigningSecret     Secret `toml:"signing_secret"`
		SigningSecretFile string `toml:"signing_secret_file"`
		APIURL            string `toml:"api_url"`
		CommandPrefix     string `toml:"command_prefix"`
		Assistant         bool   `toml:"assistant"`

		PostsPerSecond float64 `toml:"posts_per_second"`
		Workers        int     `toml:"workers"`
	} `toml:"slack"`
	HTTP struct {
		Addr string `toml:"addr"`
	} `toml:"http"`
	Storage struct {
		URL         Secret `toml:"url"` // may hold a password
		URLFile     string `toml:"url_file"`
		AutoMigrate bool   `toml:"auto_migrate"`
	} `toml:"storage"`
	Office struct {
		Admins  []string `toml:"admins"`
		Channel string   `toml:"channel"`
	} `toml:"office"`
	Leaders struct {
		Channel string `toml:"channel"`
	} `toml:"leaders"`
	Quota struct {
		ThresholdWan int64           `toml:"threshold_wan"`
		CountBasis   reporting.Basis `toml:"count_basis"`

		Credit reporting.CreditPolicy `toml:"credit"`
	} `toml:"quota"`
	Score struct {
		Adopted    bool `toml:"adopted"`
		Quantity   int  `toml:"quantity"`
		Quality    int  `toml:"quality"`
		Conversion int  `toml:"conversion"`
		Timeliness int  `toml:"timeliness"`
		Bonus      int  `toml:"bonus"`
	} `toml:"score"`
	Pace struct {
		Green  float64 `toml:"green"`
		Blue   float64 `toml:"blue"`
		Yellow float64 `toml:"yellow"`
		Curve  curve   `toml:"curve"`
	} `toml:"pace"`
	Report struct {
		Open bool `toml:"open"`
	} `toml:"report"`
	Approval struct {
		StuckDays int `toml:"stuck_days"`
	} `toml:"approval"`
	Bulletin struct {
		Best  int `toml:"best"`
		Worst int `toml:"worst"`
	} `toml:"bulletin"`
	Nudge struct {
		Weekday string           `toml:"weekday"`
		Time    string           `toml:"time"`
		DayOff  reporting.DayOff `toml:"day_off"`

		Weekdays          []string `toml:"weekdays"`
		Earliest          string   `toml:"earliest"`
		Latest            string   `toml:"latest"`
		Zones             []string `toml:"zones"`
		LongestPauseWeeks int      `toml:"longest_pause_weeks"`
	} `toml:"nudge"`
	NoticeConfig
}

// curve is written "linear", or as the percentages at the quarters' ends.
type curve reporting.Curve

// UnmarshalTOML reads either.
func (c *curve) UnmarshalTOML(v any) error {
	if v == "linear" {
		*c = curve{}
		return nil
	}
	wrong := errors.New(`pace.curve is neither "linear" nor four whole percentages, such as [30, 55, 80, 100]`)
	list, ok := v.([]any)
	if !ok || len(list) != len(c) {
		return wrong
	}
	for i, item := range list {
		n, ok := item.(int64)
		if !ok || n < 1 || n > 100 {
			return wrong
		}
		c[i] = int(n)
	}
	return nil
}

// The ways in which Slack reaches the bot.
const (
	socketMode = "socket"
	httpMode   = "http"
)

func defaultConfig() Config {
	c := Config{Timezone: "Asia/Shanghai", Locale: reporting.ZhCN, NoticeConfig: defaultNotices()}
	c.Slack.Mode, c.Slack.APIURL = socketMode, "https://slack.com/api/"
	c.Slack.Assistant = true
	c.Slack.PostsPerSecond, c.Slack.Workers = 4, 4
	c.HTTP.Addr = ":8080"
	c.Storage.URL, c.Storage.AutoMigrate = "sqlite://mouhua.db", true
	c.Office.Admins = []string{}
	c.Quota.ThresholdWan, c.Quota.CountBasis = int64(reporting.Yi), reporting.CountNew
	c.Quota.Credit = reporting.BothFull
	d := reporting.DefaultSheet
	c.Score.Quantity, c.Score.Quality, c.Score.Conversion, c.Score.Timeliness, c.Score.Bonus = d.Quantity, d.Quality, d.Conversion, d.Timeliness, d.Bonus
	c.Pace.Green, c.Pace.Blue, c.Pace.Yellow = 1, 0.8, 0.6
	c.Approval.StuckDays = reporting.StuckDays
	c.Bulletin.Best, c.Bulletin.Worst = reporting.DefaultBulletinRule.Best, reporting.DefaultBulletinRule.Worst
	c.Nudge.Weekday, c.Nudge.Time, c.Nudge.DayOff = "Monday", "09:00", reporting.DayOffNext
	l := reporting.DefaultNudgeLimits
	c.Nudge.Weekdays, c.Nudge.Earliest, c.Nudge.Latest, c.Nudge.Zones, c.Nudge.LongestPauseWeeks = l.Weekdays, l.Earliest, l.Latest, []string{}, l.PauseWeeks
	return c
}

// loadConfig returns the defaults overlaid by the file and then by the
// environment, checked. A file that is not there is an error when it was asked
// for by name.
func loadConfig(path string, asked bool, getenv func(string) string) (Config, error) {
	c := defaultConfig()
	meta, err := toml.DecodeFile(path, &c)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !asked:
	case err != nil:
		return Config{}, fmt.Errorf("read configuration %s: %w", path, err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return Config{}, fmt.Errorf("read configuration %s: unknown key %s", path, unknown[0])
	}
	for _, s := range c.secrets() {
		if err := s.resolve(filepath.Dir(path), getenv, meta.IsDefined(s.key...)); err != nil {
			return Config{}, fmt.Errorf("configuration %s: %w", path, err)
		}
	}
	if err := c.Validate(); err != nil {
		return Config{}, fmt.Errorf("configuration %s: %w", path, err)
	}
	return c, nil
}

// secret is one secret with the places from which it can come.
type secret struct {
	key   []string
	env   string
	value *Secret
	file  *string
}

func (c *Config) secrets() []secret {
	return []secret{
		{[]string{"slack", "bot_token"}, "MOUHUA_SLACK_BOT_TOKEN", &c.Slack.BotToken, &c.Slack.BotTokenFile},
		{[]string{"slack", "app_token"}, "MOUHUA_SLACK_APP_TOKEN", &c.Slack.AppToken, &c.Slack.AppTokenFile},
		{[]string{"slack", "signing_secret"}, "MOUHUA_SLACK_SIGNING_SECRET", &c.Slack.SigningSecret, &c.Slack.SigningSecretFile},
		{[]string{"storage", "url"}, "MOUHUA_STORAGE_URL", &c.Storage.URL, &c.Storage.URLFile},
	}
}

// resolve takes the secret from the environment, or from its file, whose name
// is relative to dir. A value beside a file leaves open which is meant.
func (s secret) resolve(dir string, getenv func(string) string, given bool) error {
	name := strings.Join(s.key, ".")
	if v := getenv(s.env); v != "" {
		*s.value = Secret(v)
		return nil
	}
	if *s.file == "" {
		return nil
	}
	if given && *s.value != "" {
		return fmt.Errorf("%s and %s_file are both set: leave one out", name, name)
	}
	path := *s.file
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("%s_file: %w", name, err)
	}
	if *s.value = Secret(strings.TrimSpace(string(text))); *s.value == "" {
		return fmt.Errorf("%s_file: %s is empty", name, path)
	}
	return nil
}

var (
	slackUser    = regexp.MustCompile(`^[UW][A-Z0-9]{2,20}$`)
	slackChannel = regexp.MustCompile(`^[CG][A-Z0-9]{2,20}$`)
	prefixForm   = regexp.MustCompile(`^[a-z0-9_-]{0,20}$`)
)

// Validate returns the first thing that cannot be as it is set. Tokens may be
// missing here: see needSlack.
func (c Config) Validate() error {
	zone, zoneErr := time.LoadLocation(c.Timezone)
	api, apiErr := url.Parse(c.Slack.APIURL)
	_, _, addrErr := net.SplitHostPort(c.HTTP.Addr)
	_, _, timeErr := c.nudgeTime()
	pace := c.thresholds()
	wrongAdmin := slices.IndexFunc(c.Office.Admins, func(id string) bool { return !slackUser.MatchString(id) })
	for _, rule := range []struct {
		bad     bool
		message string
	}{
		{zoneErr != nil || zone == time.Local || c.Timezone == "", fmt.Sprintf("timezone: %q is not a time zone, such as Asia/Shanghai", c.Timezone)},
		{!slices.Contains(reporting.Locales, c.Locale), fmt.Sprintf("locale: %q is none of zh-CN, zh-TW, en", string(c.Locale))},
		{c.Slack.Mode != socketMode && c.Slack.Mode != httpMode, fmt.Sprintf("slack.mode: %q is neither socket nor http", c.Slack.Mode)},
		{apiErr != nil || api.Host == "" || api.Scheme != "https" && api.Scheme != "http", fmt.Sprintf("slack.api_url: %q is not an address, such as https://slack.com/api/", c.Slack.APIURL)},
		{!prefixForm.MatchString(c.Slack.CommandPrefix), fmt.Sprintf("slack.command_prefix: %q must be at most 20 of a-z, 0-9, - and _", c.Slack.CommandPrefix)},
		{!(c.Slack.PostsPerSecond > 0 && c.Slack.PostsPerSecond <= mostPosts), fmt.Sprintf("slack.posts_per_second: %v is not above 0 and at most %d", c.Slack.PostsPerSecond, mostPosts)},
		{c.Slack.Workers < 1 || c.Slack.Workers > bot.Conns, fmt.Sprintf("slack.workers: %d is not between 1 and %d", c.Slack.Workers, bot.Conns)},
		{addrErr != nil, fmt.Sprintf("http.addr: %q is not host:port, such as :8080", c.HTTP.Addr)},
		{!knownStorage(string(c.Storage.URL)), "storage.url must begin with sqlite://, postgres:// or postgresql://"},
		{wrongAdmin >= 0, fmt.Sprintf("office.admins: %q is not a Slack user id, such as U0123456789", at(c.Office.Admins, wrongAdmin))},
		{wrongChannel(c.Office.Channel), fmt.Sprintf("office.channel: %q is not a Slack channel id, such as C0123456789", c.Office.Channel)},
		{wrongChannel(c.Leaders.Channel), fmt.Sprintf("leaders.channel: %q is not a Slack channel id, such as C0123456789", c.Leaders.Channel)},
		{c.Quota.ThresholdWan <= 0, fmt.Sprintf("quota.threshold_wan: %d must be more than zero", c.Quota.ThresholdWan)},
		{!slices.Contains(reporting.Bases, c.Quota.CountBasis), fmt.Sprintf("quota.count_basis: %q is neither new nor new_plus_carried", string(c.Quota.CountBasis))},
		{!slices.Contains(reporting.CreditPolicies, c.Quota.Credit), fmt.Sprintf("quota.credit: %q is none of both_full, territory_only, reporter_only", string(c.Quota.Credit))},
		{!reporting.ScoreSheet(c.Score).Valid(), "score: quantity, quality, conversion and timeliness must add up to 100, none below zero, and bonus be from 0 to 5"},
		{pace.Yellow <= 0 || pace.Blue <= pace.Yellow || pace.Green <= pace.Blue || pace.Green > 10000, "pace: green, blue and yellow must fall in this order, above zero, at least 0.001 apart"},
		{!reporting.Curve(c.Pace.Curve).Valid(), fmt.Sprintf("pace.curve: %v must rise from above 0 to 100 without falling", c.Pace.Curve)},
		{c.Approval.StuckDays < 1 || c.Approval.StuckDays > 3650, fmt.Sprintf("approval.stuck_days: %d is not between 1 and 3650", c.Approval.StuckDays)},
		{min(c.Bulletin.Best, c.Bulletin.Worst) < 0 || max(c.Bulletin.Best, c.Bulletin.Worst) > 20, "bulletin: best and worst must be from 0, for no list, to 20"},
		{weekday(c.Nudge.Weekday) < 0, fmt.Sprintf("nudge.weekday: %q is not a weekday, such as Monday", c.Nudge.Weekday)},
		{!slices.Contains(reporting.DaysOff, c.Nudge.DayOff), fmt.Sprintf("nudge.day_off: %q is none of next, previous, keep", string(c.Nudge.DayOff))},
		{!c.nudgeLimits().Valid(), "nudge: weekdays, earliest, latest, zones and longest_pause_weeks must be names of days, two times such as 08:00 in this order, IANA names of zones, and more than zero"},
		{c.NoticeConfig.wrong() != "", c.NoticeConfig.wrong()},
		{timeErr != nil, fmt.Sprintf("nudge.time: %q is not a time, such as 09:00", c.Nudge.Time)},
	} {
		if rule.bad {
			return errors.New(rule.message)
		}
	}
	return nil
}

// mostPosts a second are more than any server takes.
const mostPosts = 10_000

func knownStorage(u string) bool {
	scheme, rest, ok := strings.Cut(u, "://")
	return ok && rest != "" && slices.Contains([]string{"sqlite", "postgres", "postgresql"}, scheme)
}

func wrongChannel(id string) bool { return id != "" && !slackChannel.MatchString(id) }

func at(list []string, i int) string {
	if i < 0 {
		return ""
	}
	return list[i]
}

// needSlack returns what the mode needs and is missing.
func (c Config) needSlack() error {
	for _, need := range []struct {
		secret Secret
		mode   string // "" = any
		key    int
	}{{c.Slack.BotToken, "", 0}, {c.Slack.AppToken, socketMode, 1}, {c.Slack.SigningSecret, httpMode, 2}} {
		if need.secret == "" && (need.mode == "" || need.mode == c.Slack.Mode) {
			s := c.secrets()[need.key]
			return fmt.Errorf("%s is missing: set it or %s", strings.Join(s.key, "."), s.env)
		}
	}
	return nil
}

// location returns the city's time zone; Validate has seen it.
func (c Config) location() *time.Location {
	loc, err := time.LoadLocation(c.Timezone)
	if err != nil {
		return time.UTC
	}
	return loc
}

func (c Config) nudgeTime() (hour, minute int, err error) {
	t, err := time.Parse("15:04", c.Nudge.Time)
	return t.Hour(), t.Minute(), err
}

func weekday(name string) time.Weekday {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if d.String() == name {
			return d
		}
	}
	return -1
}

// rule returns when the nudges go out.
func (c Config) rule() reporting.NudgeRule {
	hour, minute, _ := c.nudgeTime()
	return reporting.NudgeRule{Weekday: weekday(c.Nudge.Weekday), Hour: hour, Minute: minute, Location: c.location(), DayOff: c.Nudge.DayOff}
}

// nudgeLimits returns within what officials may set their body's nudge.
func (c Config) nudgeLimits() reporting.NudgeLimits {
	n := c.Nudge
	return reporting.NudgeLimits{Weekdays: n.Weekdays, Earliest: n.Earliest, Latest: n.Latest, Zones: n.Zones, PauseWeeks: n.LongestPauseWeeks}
}

// thresholds returns the colours' limits in thousandths.
func (c Config) thresholds() reporting.Thresholds {
	thousandths := func(f float64) int { return int(math.Round(f * 1000)) }
	return reporting.Thresholds{Green: thousandths(c.Pace.Green), Blue: thousandths(c.Pace.Blue), Yellow: thousandths(c.Pace.Yellow)}
}

// bulletinTerms are the settings by which figures of bulletins are taken.
func (c Config) bulletinTerms() reporting.BulletinTerms {
	return reporting.BulletinTerms{
		Basis: c.Quota.CountBasis, Target: cityTarget, Pace: c.thresholds(), Curve: reporting.Curve(c.Pace.Curve), Rule: reporting.BulletinRule(c.Bulletin),
	}
}

// openness is to whom the figures of all bodies are open.
func (c Config) openness() reporting.Openness {
	if c.Report.Open {
		return reporting.Open
	}
	return reporting.Closed
}
