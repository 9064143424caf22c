package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/reporting"
)

// slashCommands are the commands that exist, with the words that follow them
// as Slack hints them. English words are understood in every language.
var slashCommands = []struct {
	name  string
	hints map[reporting.Locale]string
}{
	{"project", hints("register | mine | show 0007 | list | edit 0007 | advance 0007 | update 0007 | problem 0007 | help", "登记 | 我的 | 查看 0007 | 清单 | 修改 0007 | 推进 0007 | 更新 0007 | 问题 0007 | 帮助", "登記 | 我的 | 查看 0007 | 清單 | 修改 0007 | 推進 0007 | 更新 0007 | 問題 0007 | 幫助")},
	{"quota", hints("[body] [year] | all | history | indicators | request | set | help", "[单位] [年度] | 全部 | 历史 | 指标 | 申请 | 设置 | 帮助", "[單位] [年度] | 全部 | 歷史 | 指標 | 申請 | 設置 | 幫助")},
	{"report", hints("[city | body | group | route | compare | brief] [when] | programme | help", "[全市 | 单位 | 分组 | 路径 | 对比 | 简报] [时间] | 三个一百 | 帮助", "[全市 | 單位 | 分組 | 路徑 | 對比 | 簡報] [時間] | 三個一百 | 幫助")},
	{"review", hints("queue | approve 0007 | return 0007 reason | keep 0007 reason | help", "待审 | 通过 0007 | 退回 0007 原因 | 保留 0007 原因 | 帮助", "待審 | 通過 0007 | 退回 0007 原因 | 保留 0007 原因 | 幫助")},
	{"nudge", hints("show [body] | now [body] | help", "查看 [单位] | 立即 [单位] | 帮助", "查看 [單位] | 立即 [單位] | 幫助")},
	{"body", hints("list | assign @name role body | channel body #channel | people body | end body | help", "清单 | 指派 @姓名 角色 单位 | 频道 单位 #频道 | 人员 单位 | 终止 单位 | 帮助", "清單 | 指派 @姓名 角色 單位 | 頻道 單位 #頻道 | 人員 單位 | 終止 單位 | 幫助")},
	{"mouhua", hints("[body] [year] | help", "[单位] [年度] | 帮助", "[單位] [年度] | 幫助")},
}

func hints(en, zhCN, zhTW string) map[reporting.Locale]string {
	return map[reporting.Locale]string{reporting.En: en, reporting.ZhCN: zhCN, reporting.ZhTW: zhTW}
}

// botScopes are what the bot's calls and events need.
var botScopes = []string{
	"app_mentions:read", "channels:history", "channels:read", "chat:write", "commands", "files:read", "files:write",
	"groups:history", "groups:read", "im:history", "im:write", "users:read",
}

// botEvents are what Slack tells the bot of.
var botEvents = []string{
	"app_home_opened", "app_mention", "channel_unarchive", "group_unarchive", "member_joined_channel",
	"message.channels", "message.groups", "message.im",
}

// The assistant's pane needs these beside; a plan may have none.
const assistantScope = "assistant:write"

var assistantEvents = []string{"assistant_thread_context_changed", "assistant_thread_started"}

// scopesOf are the scopes that a configuration needs.
func scopesOf(cfg Config) []string {
	if cfg.Slack.Assistant {
		return slices.Sorted(slices.Values(append([]string{assistantScope}, botScopes...)))
	}
	return botScopes
}

func eventsOf(cfg Config) []string {
	if cfg.Slack.Assistant {
		return slices.Sorted(slices.Values(slices.Concat(assistantEvents, botEvents)))
	}
	return botEvents
}

// manifest is a Slack app manifest
// (https://docs.slack.dev/reference/app-manifest).
type manifest struct {
	Metadata struct {
		Major int `json:"major_version"`
		Minor int `json:"minor_version"`
	} `json:"_metadata"`
	Display struct {
		Name       string `json:"name"`
		Background string `json:"background_color"`
	} `json:"display_information"`
	Features struct {
		AppHome struct {
			Home     bool `json:"home_tab_enabled"`
			Messages bool `json:"messages_tab_enabled"`
			ReadOnly bool `json:"messages_tab_read_only_enabled"`
		} `json:"app_home"`
		BotUser struct {
			Name         string `json:"display_name"`
			AlwaysOnline bool   `json:"always_online"`
		} `json:"bot_user"`
		SlashCommands []manifestCommand  `json:"slash_commands"`
		Assistant     *manifestAssistant `json:"assistant_view,omitempty"`
	} `json:"features"`
	OAuth struct {
		Scopes struct {
			Bot []string `json:"bot"`
		} `json:"scopes"`
	} `json:"oauth_config"`
	Settings struct {
		Events struct {
			URL       string   `json:"request_url,omitempty"`
			BotEvents []string `json:"bot_events"`
		} `json:"event_subscriptions"`
		Interactivity struct {
			Enabled bool   `json:"is_enabled"`
			URL     string `json:"request_url,omitempty"`
			Options string `json:"message_menu_options_url,omitempty"`
		} `json:"interactivity"`
		SocketMode bool `json:"socket_mode_enabled"`
		OrgDeploy  bool `json:"org_deploy_enabled"`
		Rotation   bool `json:"token_rotation_enabled"`
	} `json:"settings"`
}

// manifestAssistant is the assistant's pane; its prompts are set in each
// conversation, by the person's role.
type manifestAssistant struct {
	Description string `json:"assistant_description"`
}

type manifestCommand struct {
	Command     string `json:"command"`
	URL         string `json:"url,omitempty"`
	Description string `json:"description"`
	UsageHint   string `json:"usage_hint"`
	Escape      bool   `json:"should_escape"` // mentions arrive as ids, which names are not
}

// newManifest returns the manifest for a configuration; base is where Slack
// finds us in HTTP mode, without a slash at its end.
func newManifest(cfg Config, words *commands.Words, base string) manifest {
	to := func(path string) string {
		if base == "" {
			return ""
		}
		return base + "/slack/" + path
	}
	var m manifest
	m.Metadata.Major, m.Metadata.Minor = 2, 1
	m.Display.Name, m.Display.Background = "Mouhua 谋划", "#1f4e79"
	m.Features.AppHome.Home, m.Features.AppHome.Messages = true, true
	m.Features.BotUser.Name, m.Features.BotUser.AlwaysOnline = "mouhua", true
	for _, c := range slashCommands {
		m.Features.SlashCommands = append(m.Features.SlashCommands, manifestCommand{
			Command: "/" + cfg.Slack.CommandPrefix + c.name, URL: to("commands"), Escape: true,
			Description: words.Say(cfg.Locale, "help."+c.name), UsageHint: c.hints[cfg.Locale],
		})
	}
	if cfg.Slack.Assistant {
		m.Features.Assistant = &manifestAssistant{Description: words.Say(cfg.Locale, "pane.about")}
	}
	m.OAuth.Scopes.Bot = scopesOf(cfg)
	m.Settings.Events.URL, m.Settings.Events.BotEvents = to("events"), eventsOf(cfg)
	m.Settings.Interactivity.Enabled = true
	m.Settings.Interactivity.URL, m.Settings.Interactivity.Options = to("interactions"), to("options")
	m.Settings.SocketMode = base == ""
	return m
}

type manifestCmd struct {
	URL string `name:"url" help:"Where Slack finds Mouhua in HTTP mode, such as https://mouhua.example.org." placeholder:"URL"`
}

// Run prints the manifest.
func (c manifestCmd) Run(p *program) error {
	cfg, err := p.config()
	if err != nil {
		return err
	}
	base := strings.TrimRight(c.URL, "/")
	u, err := url.Parse(base)
	switch {
	case cfg.Slack.Mode == socketMode && base != "":
		return usageError{fmt.Errorf("-url is for slack.mode = %q", httpMode)}
	case cfg.Slack.Mode == httpMode && (err != nil || u.Scheme != "https" || u.Host == ""):
		return usageError{fmt.Errorf("slack.mode = %q needs -url https://…, where Slack finds Mouhua", httpMode)}
	}
	words, err := commands.NewWords()
	if err != nil {
		return err
	}
	out := json.NewEncoder(p.stdout)
	out.SetIndent("", "  ")
	out.SetEscapeHTML(false)
	return out.Encode(newManifest(cfg, words, base))
}
