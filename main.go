// Command mouhua is a Slack assistant for a city's major-project plan.
//
// This package only wires. main.go has the subcommands, config.go what can be
// set, serve.go puts the parts together and runs them, demo.go runs them in a
// workspace of their own; importcmd.go, importcalendar.go, exportcmd.go (and transfer.go for files in Slack), nudgecmd.go, askcmd.go, manifest.go
// and doctor.go are the other subcommands, calendars.go the working days that come along, metrics.go what is counted.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"regexp"
	"syscall"
	"time"
	_ "time/tzdata" // the city's time zone, on machines that have none

	"github.com/alecthomas/kong"

	"github.com/mouhua/mouhua/reporting"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(report(err, os.Stderr))
}

// cli is the command line.
type cli struct {
	Config   string      `help:"Configuration file (default: config.toml, if there is one)." placeholder:"FILE"`
	Demo     demoCmd     `cmd:"" help:"Run Mouhua in a local Slack workspace in the browser; no account needed."`
	Serve    serveCmd    `cmd:"" help:"Run the bot."`
	Migrate  migrateCmd  `cmd:"" help:"Bring the database's schema up to date."`
	Import   importCmd   `cmd:"" help:"Import a CSV file or a spreadsheet, all or nothing."`
	Export   exportCmd   `cmd:"" help:"Export a file that import reads back without a change."`
	Nudge    nudgeCmd    `cmd:"" help:"Plan and deliver what is due."`
	Ask      askCmd      `cmd:"" help:"Answer questions in plain words."`
	Manifest manifestCmd `cmd:"" help:"Print the Slack app manifest for this configuration."`
	Doctor   doctorCmd   `cmd:"" help:"Check configuration, database, tokens and scopes."`
	Version  versionCmd  `cmd:"" help:"Print version, commit and Go."`
}

// program is what every subcommand is given.
type program struct {
	getenv         func(string) string
	stdin          io.Reader
	stdout, stderr io.Writer
	configFile     string
	now            func() time.Time // for tests of whole years; nil = the real clock
	hurry          bool             // for them, too: messages are not paced
	every          time.Duration    // between two looks at what is owed; 0 = as the scheduler does
	owner          string           // of the leases; "" = a random name
}

// usageError is a command line that cannot be understood.
type usageError struct{ error }

// Unwrap returns what was wrong.
func (e usageError) Unwrap() error { return e.error }

// run executes one command line. A usageError means that it was not understood.
func run(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout, stderr io.Writer) error {
	return (&program{getenv: getenv, stdin: stdin, stdout: stdout, stderr: stderr}).run(ctx, args)
}

func (p *program) run(ctx context.Context, args []string) error {
	var c cli
	helped := false
	parser, err := kong.New(&c, kong.Name("mouhua"), kong.Description("A Slack assistant for a city's major-project plan."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}), kong.Writers(p.stdout, p.stderr),
		kong.Exit(func(int) { helped = true }), kong.BindTo(ctx, (*context.Context)(nil)))
	if err != nil {
		return fmt.Errorf("describe the command line: %w", err)
	}
	parsed, err := parser.Parse(longFlags(args))
	switch {
	case helped:
		return nil
	case err != nil:
		return usageError{err}
	}
	p.configFile = c.Config
	return parsed.Run(p)
}

var longFlag = regexp.MustCompile(`^-[a-z][a-z-]+(=|$)`)

// longFlags lets -dry-run stand for --dry-run.
func longFlags(args []string) []string {
	out := make([]string, len(args))
	for i, arg := range args {
		if longFlag.MatchString(arg) {
			arg = "-" + arg
		}
		out[i] = arg
	}
	return out
}

// report says in one line what went wrong and returns the exit code: 0 done,
// 1 failed, 2 wrong usage.
func report(err error, stderr io.Writer) int {
	var usage usageError
	var known *reporting.Error
	switch {
	case err == nil:
		return 0
	case errors.As(err, &usage):
		fmt.Fprintf(stderr, "mouhua: %v (mouhua --help says how)\n", err)
		return 2
	case errors.As(err, &known) && known.Code == reporting.Unavailable && known.Err != nil:
		fmt.Fprintf(stderr, "mouhua: the database cannot be reached: %v\n", known.Err)
		return 1
	}
	fmt.Fprintf(stderr, "mouhua: %v\n", err)
	return 1
}

// config reads the configuration that the command line asked for.
func (p *program) config() (Config, error) {
	if p.configFile != "" {
		return loadConfig(p.configFile, true, p.getenv)
	}
	return loadConfig("config.toml", false, p.getenv)
}

// log returns a logger on stderr: text for a terminal, JSON for anything else.
func (p *program) log(level slog.Level) *slog.Logger {
	options := &slog.HandlerOptions{Level: level}
	if terminal(p.stderr) {
		return slog.New(slog.NewTextHandler(p.stderr, options))
	}
	return slog.New(slog.NewJSONHandler(p.stderr, options))
}
