package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/mouhua/mouhua/reporting"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(replicaClock); path != "" {
		os.Exit(beReplica(path))
	}
	testscript.Main(m, map[string]func(){"mouhua": main})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script"})
}

func TestExitCodes(t *testing.T) {
	for _, tt := range []struct {
		name, args string
		code       int
		want       string // on either stream
	}{
		{"nothing", "", 2, "expected one of"},
		{"unknown subcommand", "fly", 2, "unexpected argument fly"},
		{"year of people", "export people -year 2018", 2, "-year is for quotas and projects"},
		{"unknown format", "export people -format pdf", 2, "must be one of"},
		{"unknown flag", "serve -fast", 2, "unknown flag"},
		{"unknown kind", "import rivers x.csv", 2, `must be one of "bodies","quotas","people","projects"`},
		{"missing file", "import bodies", 2, "expected"},
		{"wrong time", "nudge -at monday", 2, `-at: "monday" is not a time`},
		{"url in socket mode", "manifest -url https://x.example", 2, "-url is for slack.mode"},
		{"reset of a server", "demo -addr 127.0.0.1:0 -storage postgres://db/x -reset", 2, "-reset empties SQLite files only"},
		{"no such configuration", "serve -config nothing.toml", 1, "nothing.toml"},
		{"no tokens", "serve", 1, "slack.bot_token is missing: set it or MOUHUA_SLACK_BOT_TOKEN"},
		{"no such file", "import bodies nothing.csv", 1, "nothing.csv"},
		{"help", "--help", 0, "A Slack assistant"},
		{"help of one", "import -help", 0, "-dry-run"},
		{"version", "version", 0, "go1."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			var out bytes.Buffer
			err := run(context.Background(), strings.Fields(tt.args), noEnv, strings.NewReader(""), &out, &out)
			if code := report(err, &out); code != tt.code {
				t.Errorf("exit code %d, want %d", code, tt.code)
			}
			if !strings.Contains(out.String(), tt.want) {
				t.Errorf("got %q, want it to hold %q", out.String(), tt.want)
			}
		})
	}
}

func TestReportNamesTheDatabase(t *testing.T) {
	var out bytes.Buffer
	err := &reporting.Error{Code: reporting.Unavailable, Key: "err.database", Err: errors.New("connection refused")}
	if code := report(err, &out); code != 1 || out.String() != "mouhua: the database cannot be reached: connection refused\n" {
		t.Errorf("got %d and %q", code, out.String())
	}
}
