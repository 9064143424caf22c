package commands

import (
	"context"
	"log/slog"
	"time"

	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

// Config is what the office has settled.
type Config struct {
	Location       *time.Location
	Locale         reporting.Locale // of channels
	Prefix         string           // of slash commands: "mh-" gives /mh-project
	Admins         []string         // Slack user ids that are admins whatever the database says
	OfficeChannel  string
	LeadersChannel string
	Threshold      reporting.Wan
	Credit         reporting.CreditPolicy // for which bodies a project counts; "" = territory and lead department
	CityTarget     int                    // distinct projects a year, 1000 by the plan
	Basis          reporting.Basis        // of what counts; "" = new projects only
	Pace           reporting.Thresholds
	Score          reporting.ScoreSheet
	Curve          reporting.Curve // of the time progress; zero = by days
	Nudge          reporting.NudgeRule
	Bulletin       reporting.BulletinRule
	NudgeLimits    reporting.NudgeLimits // within what bodies set theirs; zero = reporting.DefaultNudgeLimits
	Deadlines      reporting.DeadlineRule
	Escalation     reporting.EscalationRule
	Openness       reporting.Openness // of the figures of all bodies; "" = closed
	StuckDays      int                // for which an approval may wait; 0 = reporting.StuckDays
	Now            func() time.Time
	Log            *slog.Logger
	// Wake is called after messages were written to the outbox; it must not block.
	Wake func()
	// LocaleOf returns the language of a person who is written to without having
	// asked; nil means Locale.
	LocaleOf func(ctx context.Context, userID string) reporting.Locale
	Files    Files    // what people upload; nil = cannot be read
	Exchange Exchange // files in and out; nil = there are none
}

// Request is a slash command, or a sentence after a mention.
type Request struct {
	User    string
	Channel string
	Command string // without slash and prefix: "project"; "" = free text
	Text    string
	Locale  reporting.Locale
	Once    string // delivery key for commands that write
	Unsure  bool   // it is not known yet that User is a member: nothing may be written
	Thread  string // ts of the first message of the thread it was said in; "" = outside of threads
	Direct  bool   // Channel is a direct conversation
	// Overheard says that it was said in a thread without naming Mouhua: it is
	// answered where it goes on with what was asked there, and else with silence,
	// which is a Response with neither Reply nor Form.
	Overheard bool
}

// Press is a pressed button.
type Press struct {
	User    string
	Channel string
	Action  string
	Value   string
	Locale  reporting.Locale
	Once    string
	Unsure  bool // as of a Request
	Thread  string
	Direct  bool
}

// Response is the answer to a Request or Press: a Reply, a Form to open, or
// both, and work to be done after them. Replace says that Reply takes the place
// of the message whose button was pressed. Of Files, which only a Task
// gives, Reply's Text is what is said with the first.
type Response struct {
	Reply   *Reply
	Form    *Form
	Replace bool
	Later   *Task
	Files   []Attachment
	Figures Figures           // of an answer to a question, for programs
	Read    *question.Reading // what was read in a question, also where it is refused; nil = it was none
}

// Search is what a person typed into a SearchField.
type Search struct {
	User   string
	FormID string
	Field  string
	State  string
	Locale reporting.Locale
	Text   string
}

// Outgoing is an outbox message, composed with the figures of now. A non-empty
// Skip says why it is no longer owed.
type Outgoing struct {
	Channel string           // channel or user id
	Locale  reporting.Locale // of Reply; "" = the city's
	Reply   *Reply
	Skip    string

	Week      *reporting.NudgeWeek // the week that is open once this is posted
	Broadcast bool                 // an answer in a thread that the channel sees, too
}
