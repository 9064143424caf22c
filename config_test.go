package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/reporting"
)

func noEnv(string) string { return "" }

func TestConfigErrors(t *testing.T) {
	want := map[string]string{
		"syntax":            `toml: line 1 (last key "timezone"): strings cannot contain newlines`,
		"wrong_type":        `toml: line 2 (last key "http.addr"): incompatible types: TOML value has type int64; destination has type string`,
		"unknown_key":       `unknown key slack.bot_tokn`,
		"unknown_table":     `unknown key slak`,
		"timezone":          `timezone: "Asia/Nowhere" is not a time zone, such as Asia/Shanghai`,
		"timezone_local":    `timezone: "Local" is not a time zone, such as Asia/Shanghai`,
		"locale":            `locale: "fr" is none of zh-CN, zh-TW, en`,
		"mode":              `slack.mode: "rtm" is neither socket nor http`,
		"api_url":           `slack.api_url: "slack.com/api" is not an address, such as https://slack.com/api/`,
		"prefix":            `slack.command_prefix: "市/" must be at most 20 of a-z, 0-9, - and _`,
		"posts_per_second":  `slack.posts_per_second: 0 is not above 0 and at most 10000`,
		"workers":           `slack.workers: 101 is not between 1 and 100`,
		"addr":              `http.addr: "8080" is not host:port, such as :8080`,
		"storage":           `storage.url must begin with sqlite://, postgres:// or postgresql://`,
		"admins":            `office.admins: "@wang" is not a Slack user id, such as U0123456789`,
		"office_channel":    `office.channel: "#office" is not a Slack channel id, such as C0123456789`,
		"leaders_channel":   `leaders.channel: "leaders" is not a Slack channel id, such as C0123456789`,
		"threshold":         `quota.threshold_wan: 0 must be more than zero`,
		"pace":              `pace: green, blue and yellow must fall in this order, above zero, at least 0.001 apart`,
		"basis":             `quota.count_basis: "stock" is neither new nor new_plus_carried`,
		"credit":            `quota.credit: "split" is none of both_full, territory_only, reporter_only`,
		"score":             `score: quantity, quality, conversion and timeliness must add up to 100, none below zero, and bonus be from 0 to 5`,
		"curve":             `pace.curve: [30 55 50 100] must rise from above 0 to 100 without falling`,
		"curve_words":       `toml: line 2 (last key "pace.curve"): pace.curve is neither "linear" nor four whole percentages, such as [30, 55, 80, 100]`,
		"curve_short":       `toml: line 2 (last key "pace.curve"): pace.curve is neither "linear" nor four whole percentages, such as [30, 55, 80, 100]`,
		"stuck_days":        `approval.stuck_days: 0 is not between 1 and 3650`,
		"weekday":           `nudge.weekday: "Mon" is not a weekday, such as Monday`,
		"time":              `nudge.time: "9am" is not a time, such as 09:00`,
		"nudge_hours":       `nudge: weekdays, earliest, latest, zones and longest_pause_weeks must be names of days, two times such as 08:00 in this order, IANA names of zones, and more than zero`,
		"nudge_zones":       `nudge: weekdays, earliest, latest, zones and longest_pause_weeks must be names of days, two times such as 08:00 in this order, IANA names of zones, and more than zero`,
		"deadline_day_off":  `deadline.day_off: "earlier" is none of next, previous, keep`,
		"deadline_announce": `deadline.announce: 90 is not a number of working days between 0 and 60`,
		"digest":            `digest.minutes_after: -5 is not between 0 and 1440`,
		"escalation_weeks":  `escalation: contact_weeks, leader_weeks and office_weeks must be between 0 and 53`,
		"escalation_colour": `escalation.office_colour: "green" is neither red nor yellow`,
		"escalation_list":   `escalation.office_list: "@wang" is not a Slack user id, such as U0123456789`,
		"both_secrets":      `slack.bot_token and slack.bot_token_file are both set: leave one out`,
		"no_secret_file":    `slack.bot_token_file: open testdata/config/nothing-here: no such file or directory`,
		"empty_secret_file": `slack.bot_token_file: testdata/config/empty is empty`,
	}
	files, err := filepath.Glob("testdata/config/*.toml")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		name := strings.TrimSuffix(filepath.Base(path), ".toml")
		t.Run(name, func(t *testing.T) {
			message, ok := want[name]
			if !ok {
				t.Fatal("no message is expected of this file")
			}
			_, err := loadConfig(path, true, noEnv)
			if err == nil {
				t.Fatal("accepted")
			}
			_, got, _ := strings.Cut(err.Error(), path+": ")
			if diff := cmp.Diff(message, got); diff != "" {
				t.Error(diff)
			}
		})
		delete(want, name)
	}
	for name := range want {
		t.Errorf("%s.toml is missing", name)
	}
}

func TestExampleIsTheDefaults(t *testing.T) {
	got, err := loadConfig("config.example.toml", true, noEnv)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(defaultConfig(), got); diff != "" {
		t.Error(diff)
	}
	var any map[string]any
	meta, err := toml.DecodeFile("config.example.toml", &any)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keysOf(reflect.TypeFor[Config](), nil) {
		if !meta.IsDefined(key...) {
			t.Errorf("key %s is missing", strings.Join(key, "."))
		}
	}
}

// keysOf lists the paths of all TOML keys of a struct.
func keysOf(t reflect.Type, above []string) [][]string {
	var out [][]string
	for f := range t.Fields() {
		key := append(above[:len(above):len(above)], f.Tag.Get("toml"))
		if f.Anonymous {
			key = above
		}
		if f.Type.Kind() == reflect.Struct {
			out = append(out, keysOf(f.Type, key)...)
			continue
		}
		out = append(out, key)
	}
	return out
}

func TestConfigSources(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("token", "xoxb-from-twin\n")
	path := write("config.toml", "locale = \"en\"\n[slack]\nbot_token_file = \"token\"\napp_token = \"xapp-from-file\"\n[storage]\nurl = \"postgres://db/a\"\n")
	c, err := loadConfig(path, true, func(name string) string {
		return map[string]string{"MOUHUA_STORAGE_URL": "postgres://u:hunter2@db/b"}[name]
	})
	if err != nil {
		t.Fatal(err)
	}
	got := []string{string(c.Locale), string(c.Slack.BotToken), string(c.Slack.AppToken), string(c.Storage.URL), c.HTTP.Addr}
	want := []string{"en", "xoxb-from-twin", "xapp-from-file", "postgres://u:hunter2@db/b", ":8080"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	missing := filepath.Join(dir, "missing.toml")
	if _, err := loadConfig(missing, true, noEnv); err == nil {
		t.Error("a file that was asked for by name may be missing")
	}
	if c, err := loadConfig(missing, false, noEnv); err != nil || !cmp.Equal(c, defaultConfig()) {
		t.Errorf("without a file: %v", err)
	}
}

func TestSecretsAreNeverPrinted(t *testing.T) {
	c := defaultConfig()
	c.Slack.BotToken, c.Slack.AppToken, c.Slack.SigningSecret = "xoxb-hunter2", "xapp-hunter2", "hunter2"
	c.Storage.URL = "postgres://u:hunter2@db/mouhua"
	var out bytes.Buffer
	fmt.Fprintf(&out, "%v %+v %#v %s\n", c, c, c, c.Slack.BotToken)
	if err := json.NewEncoder(&out).Encode(c); err != nil {
		t.Fatal(err)
	}
	if err := toml.NewEncoder(&out).Encode(c); err != nil {
		t.Fatal(err)
	}
	slog.New(slog.NewTextHandler(&out, nil)).Info("config", "config", c, "token", c.Slack.BotToken)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("config", "config", c, "token", c.Slack.BotToken)
	if strings.Contains(out.String(), "hunter2") {
		t.Errorf("a secret was printed:\n%s", out.String())
	}
}

func TestNeedSlack(t *testing.T) {
	for _, tt := range []struct {
		mode           string
		bot, app, sign Secret
		want           string
	}{
		{socketMode, "", "", "", "slack.bot_token is missing: set it or MOUHUA_SLACK_BOT_TOKEN"},
		{socketMode, "x", "", "x", "slack.app_token is missing: set it or MOUHUA_SLACK_APP_TOKEN"},
		{httpMode, "x", "x", "", "slack.signing_secret is missing: set it or MOUHUA_SLACK_SIGNING_SECRET"},
		{socketMode, "x", "x", "", ""},
		{httpMode, "x", "", "x", ""},
	} {
		c := defaultConfig()
		c.Slack.Mode, c.Slack.BotToken, c.Slack.AppToken, c.Slack.SigningSecret = tt.mode, tt.bot, tt.app, tt.sign
		got := ""
		if err := c.needSlack(); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.mode, got, tt.want)
		}
	}
}

func TestConfigCurve(t *testing.T) {
	for _, tt := range []struct {
		text string
		want reporting.Curve
	}{
		{"", reporting.Curve{}}, {`curve = "linear"`, reporting.Curve{}}, {`curve = [30, 55, 80, 100]`, reporting.Curve{30, 55, 80, 100}},
	} {
		path := filepath.Join(t.TempDir(), "mouhua.toml")
		if err := os.WriteFile(path, []byte("[pace]\n"+tt.text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := loadConfig(path, true, noEnv)
		if err != nil {
			t.Fatal(err)
		}
		if got := reporting.Curve(c.Pace.Curve); got != tt.want {
			t.Errorf("%s: curve is %v, want %v", tt.text, got, tt.want)
		}
	}
}

func TestConfigDerived(t *testing.T) {
	c := defaultConfig()
	c.Nudge.Weekday, c.Nudge.Time, c.Pace.Yellow = "Friday", "16:30", 0.6005
	r := c.rule()
	if r.Weekday != time.Friday || r.Hour != 16 || r.Minute != 30 || r.Location.String() != "Asia/Shanghai" {
		t.Errorf("rule is %+v", r)
	}
	if c.openness() != reporting.Closed {
		t.Error("figures are open by default")
	}
	if c.Report.Open = true; c.openness() != reporting.Open {
		t.Error("report.open opens nothing")
	}
	if got, want := c.thresholds(), (reporting.Thresholds{Green: 1000, Blue: 800, Yellow: 601}); got != want {
		t.Errorf("thresholds are %v, want %v", got, want)
	}
}
