package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/playground"
	"github.com/mouhua/mouhua/reporting"
)

type demoCmd struct {
	Addr    string `default:"127.0.0.1:3800" help:"Where the page is served." placeholder:"HOST:PORT"`
	Storage string `help:"Database (default: a SQLite file in your cache folder)." placeholder:"URL"`
	Reset   bool   `help:"Begin with fresh demo data (SQLite only)."`
}

// Run serves the workspace until a signal.
func (c demoCmd) Run(ctx context.Context, p *program) error {
	listener, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return fmt.Errorf("%s cannot be used, choose another address with -addr: %w", c.Addr, err)
	}
	defer release(listener)
	where, err := c.storage()
	if err != nil {
		return err
	}
	d, err := newDemo(ctx, where, listener, p.log(slog.LevelWarn))
	if err != nil {
		return err
	}
	defer release(d)
	fmt.Fprintf(p.stdout, demoHelp, listener.Addr(), where)
	return d.run(ctx)
}

const demoHelp = `Mouhua is at http://%s
A local Slack workspace with the real bot in it. Data: %s. Ctrl-C ends it.

Three things to try there:
  1. Act as 李明 (净月高新区) and send /project register in that body's channel;
     then approve it as the reviewer 王芳, in the office's channel.
  2. Act as the leader 赵磊 and send /report in the leaders' channel, or ask there
     in plain words: @mouhua 农安今年还差多少个项目？ and, in its thread, 那榆树呢？
  3. Press "next" at the clock: Monday 09:00 comes, and every body's channel is told where it stands.
`

// storage returns the database's URL, its file removed when a reset is asked for.
func (c demoCmd) storage() (string, error) {
	where := c.Storage
	if where == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("find a place for the demo's data, or name one with -storage: %w", err)
		}
		where = "sqlite://" + filepath.ToSlash(filepath.Join(cache, "mouhua", "demo.db"))
	}
	path, isFile := strings.CutPrefix(where, "sqlite://")
	switch {
	case !isFile && c.Reset:
		return "", usageError{errors.New("-reset empties SQLite files only")}
	case !isFile:
		return where, nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", fmt.Errorf("make the data's folder: %w", err)
	}
	if c.Reset {
		for _, suffix := range []string{"", "-wal", "-shm", clockSuffix} {
			if err := os.Remove(path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return "", fmt.Errorf("remove demo data: %w", err)
			}
		}
	}
	return where, nil
}

// demo is a workspace with the bot in it.
type demo struct {
	workspace *playground.Server
	service   *service
	listener  net.Listener
}

// newDemo makes the workspace that listener will serve, with seeded data at
// the database where. Nothing runs yet.
func newDemo(ctx context.Context, where string, listener net.Listener, log *slog.Logger) (*demo, error) {
	cfg := demoConfig(where, listener.Addr().String())
	layout, err := demoWorkspace(cfg)
	if err != nil {
		return nil, err
	}
	layout.Log, layout.Ahead, layout.Switches = log, readAhead(where), demoSwitches(where)
	workspace, err := playground.New(layout)
	if err != nil {
		return nil, err
	}
	d := &demo{workspace: workspace, listener: listener}
	db, err := openStorage(ctx, cfg, log, workspace.Now)
	if err != nil {
		return nil, errors.Join(err, workspace.Close())
	}
	fail := func(err error) (*demo, error) { return nil, errors.Join(err, db.Close(), workspace.Close()) }
	if _, err := migrate(ctx, db); err != nil {
		return fail(err)
	}
	if err := seed(ctx, db, workspace.Now()); err != nil {
		return fail(fmt.Errorf("seed: %w", err))
	}
	if d.service, err = newService(cfg, parts{db: db, now: workspace.Now, log: log}); err != nil {
		return fail(err)
	}
	workspace.OnClock(func(now time.Time) {
		keepAhead(where, time.Until(now), log)
		if _, err := d.service.sched.Plan(ctx, now); err != nil {
			log.Error("planning left something out", "error", err)
		}
		if err := d.service.sched.Bulletins(ctx, now); err != nil {
			log.Error("a bulletin was not drafted", "error", err)
		}
		d.service.sched.Wake()
	})
	return d, nil
}

// clockSuffix names the file beside the demo's data that keeps how far its
// clock was moved: what was posted next week stays posted after a restart.
const clockSuffix = ".clock"

func readAhead(where string) time.Duration {
	path, isFile := strings.CutPrefix(where, "sqlite://")
	text, err := os.ReadFile(path + clockSuffix)
	if !isFile || err != nil {
		return 0 // never moved
	}
	ahead, err := time.ParseDuration(strings.TrimSpace(string(text)))
	if err != nil {
		return 0
	}
	return ahead
}

func keepAhead(where string, ahead time.Duration, log *slog.Logger) {
	path, isFile := strings.CutPrefix(where, "sqlite://")
	if !isFile {
		return
	}
	if err := os.WriteFile(path+clockSuffix, []byte(ahead.Round(time.Second).String()+"\n"), 0o600); err != nil {
		log.Warn("clock not kept", "err", err)
	}
}

// run serves the page and runs the bot until ctx ends, which also ends the
// pages' streams of events: they are why there is no limit on reading.
func (d *demo) run(ctx context.Context) error {
	return d.service.run(ctx, d.listener, &http.Server{
		Handler: d.workspace.Handler(), ReadHeaderTimeout: 5 * time.Second,
		BaseContext: func(net.Listener) context.Context { return ctx },
	})
}

// Close ends the workspace and gives back the database.
func (d *demo) Close() error {
	return errors.Join(d.workspace.Close(), d.service.db.Close())
}

// The demo's secrets are none: its workspace is on this machine only.
const (
	demoBotToken = "xoxb-demo"
	demoAppToken = "xapp-demo"
)

func demoConfig(where, addr string) Config {
	cfg := defaultConfig()
	cfg.Slack.BotToken, cfg.Slack.AppToken = demoBotToken, demoAppToken
	cfg.Slack.APIURL = "http://" + addr + "/api/"
	cfg.Storage.URL = Secret(where)
	cfg.Office.Channel, cfg.Leaders.Channel = officeChannel, leadersChannel
	cfg.Office.Admins = []string{"U0SUNHAO"}
	return cfg
}

const (
	officeChannel  = "C0OFFICE"
	leadersChannel = "C0LEADERS"
	demoBot        = "U0MOUHUA"
)

// demoUsers are the people whom one can act as; demo/people.csv has their roles.
var demoUsers = []playground.User{
	{ID: "U0LIMING", Name: "liming", RealName: "李明", Title: "净月高新区 · 经办人", Locale: "zh-CN"},
	{ID: "U0LINMEI", Name: "linmei", RealName: "林美玲", Title: "寬城區 · 經辦人", Locale: "zh-TW"},
	{ID: "U0CHENWEI", Name: "chenwei", RealName: "Chen Wei", Title: "Industry & IT Bureau · official", Locale: "en-US"},
	{ID: "U0WANGFANG", Name: "wangfang", RealName: "王芳", Title: "领导小组办公室 · 审核员", Locale: "zh-CN"},
	{ID: "U0SUNHAO", Name: "sunhao", RealName: "孙浩", Title: "领导小组办公室 · 管理员", Locale: "zh-CN"},
	{ID: "U0ZHAOLEI", Name: "zhaolei", RealName: "赵磊", Title: "市领导", Locale: "zh-CN"},
	{ID: "U0GUEST", Name: "guest", RealName: "访客", Title: "未登记的人员", Locale: "zh-CN", Guest: true},
}

// demoBodies are the bodies that have a channel, with the people in it beside
// the office's.
var demoBodies = map[string][]string{
	"jingyue": {"U0LIMING"}, "kuancheng": {"U0LINMEI"}, "gxj": {"U0CHENWEI"},
	"nanguan": nil, "chaoyang": nil, "erdao": nil, "lvyuan": nil, "nongan": nil,
	"xinqu": nil, "jingkai": nil, "qikai": nil, "swj": nil,
}

// demoChannel returns the id of a body's channel, "" when it has none.
func demoChannel(body string) string {
	if _, ok := demoBodies[body]; !ok {
		return ""
	}
	return "C0" + strings.ToUpper(body)
}

// demoWorkspace lays the workspace out for a configuration.
func demoWorkspace(cfg Config) (playground.Config, error) {
	words, err := commands.NewWords()
	if err != nil {
		return playground.Config{}, err
	}
	bodies, err := demoBodyRows()
	if err != nil {
		return playground.Config{}, err
	}
	office := []string{demoBot, "U0WANGFANG", "U0SUNHAO"}
	channels := []playground.Channel{
		{ID: "C0GENERAL", Name: "综合", Topic: "示例工作区，数据均非真实", Members: append(userIDs(), demoBot)},
		{ID: officeChannel, Name: "领导小组办公室", Topic: "审核与送达情况", Private: true, Members: office},
		{ID: leadersChannel, Name: "市领导", Topic: "全市进展", Private: true, Members: append([]string{"U0ZHAOLEI"}, office...)},
	}
	for _, b := range bodies {
		if b.ChannelID != "" {
			channels = append(channels, playground.Channel{ID: b.ChannelID, Name: b.Short.ZhCN, Topic: b.Name.ZhCN, Members: append(demoBodies[b.ID], office...)})
		}
	}
	var slash []playground.Command
	app := newManifest(cfg, words, "")
	for _, c := range app.Features.SlashCommands {
		slash = append(slash, playground.Command{Name: c.Command, Description: c.Description, UsageHint: c.UsageHint})
	}
	rule := cfg.rule()
	return playground.Config{
		Workspace: "重大项目谋划（示例）", Users: demoUsers, Channels: channels, Commands: slash,
		BotUser:  playground.User{ID: demoBot, Name: "mouhua", RealName: "谋划助手 Mouhua", Bot: true},
		BotToken: demoBotToken, AppToken: demoAppToken, TimeZone: cfg.location(), Events: app.Settings.Events.BotEvents,
		Next: func(now time.Time) (time.Time, string) {
			week, at := rule.Next(now)
			return at, week.String()
		},
	}, nil
}

func userIDs() []string {
	ids := make([]string, len(demoUsers))
	for i, u := range demoUsers {
		ids[i] = u.ID
	}
	return ids
}

// officialOf returns a demo person who files for a body, "" when there is none.
func officialOf(people []reporting.Person, body string) string {
	for _, p := range people {
		if p.Role == reporting.Official && p.BodyID == body {
			return p.UserID
		}
	}
	return ""
}
