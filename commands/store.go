package commands

import (
	"context"

	"github.com/mouhua/mouhua/reporting"
)

// A Store is everything App needs from a database; *storage.DB is one. Every
// method is atomic. Errors that a person may cause are *reporting.Error
// (NotFound, Conflict), a database that is away gives Unavailable; all others
// are internal.
//
// Once is a delivery key: the transaction that writes also records it, and a
// second call with the same key (non-empty) changes nothing and returns the
// project as it is with reporting.ErrRepeated.
type Store interface {
	Directory
	Projects
	Problems
	Approvals
	Drafts
	Standings
	Quotas
	IndicatorStore
	Upkeep
	Years
	Bulletins
	Outbox
	NudgeWeeks
	Calendars
	NudgeSettings
	Notices
	Conversations
	PastDays
}

// Directory finds bodies and people. Both are read from a snapshot that is at
// most two seconds old.
type Directory interface {
	Bodies(ctx context.Context) (*reporting.BodyList, error)
	// Person returns the person; Stranger with no error when unknown.
	Person(ctx context.Context, userID string) (reporting.Person, error)
	People(ctx context.Context) ([]reporting.Person, error)
	// AssignPerson writes p (version checked: 0 = new or whatever it is) and the event;
	// a Stranger is no longer known.
	AssignPerson(ctx context.Context, once string, p reporting.Person, e reporting.Event) error
	// HandOver is AssignPerson that also gives the person's work to somebody else.
	HandOver(ctx context.Context, once string, p reporting.Person, h reporting.Handover, e reporting.Event) (reporting.Handed, error)
	// SaveBody writes b (version checked: 0 = new) and the event; Conflict when its id
	// is taken (err.body.exists), it was changed (err.body.changed) or another body has
	// its channel (err.channel.taken).
	SaveBody(ctx context.Context, once string, b reporting.Body, e reporting.Event) error
	// Catalogue returns the lists that the office keeps, from the same snapshot.
	Catalogue(ctx context.Context) (*reporting.Catalogue, error)
	// SaveEntry writes e (version checked: 0 = new) and the event; Conflict (err.catalogue.changed).
	SaveEntry(ctx context.Context, once string, e reporting.Entry, event reporting.Event) error
	// SetChannel sets the channel of a body; Conflict (err.channel.taken) when another body has it.
	SetChannel(ctx context.Context, once, body, channel string, at int64, e reporting.Event) error
}

// Projects reads and changes the register.
type Projects interface {
	Project(ctx context.Context, id string) (reporting.Project, error)
	ListProjects(ctx context.Context, f reporting.ProjectFilter) (reporting.ProjectPage, error)
	// ShareProjects tells apart what f selects, by value.
	ShareProjects(ctx context.Context, f reporting.ProjectFilter, by reporting.Dimension) ([]reporting.Share, error)
	// ProjectNames returns the names of the projects written since (UTC ms), at most
	// limit; since 0 gives the last that were submitted.
	ProjectNames(ctx context.Context, since int64, limit int) ([]reporting.ProjectName, error)
	// FileProject takes the next number of the year, lets decide make the change
	// and writes it with its credits, tallies, event and messages.
	FileProject(ctx context.Context, once string, year int, decide func(id string) (reporting.Change, error)) (reporting.Project, error)
	// ChangeProject reads the project, lets decide make the change and writes it likewise.
	ChangeProject(ctx context.Context, once, id string, decide func(p reporting.Project) (reporting.Change, error)) (reporting.Project, error)
	// ChangeProjects is ChangeProject for several at once, all or none.
	ChangeProjects(ctx context.Context, once string, ids []string, decide func(p []reporting.Project) ([]reporting.Change, error)) ([]reporting.Project, error)
	// Asking returns the verified projects that ask the office for something, the longest waiting first.
	Asking(ctx context.Context, offset, limit int) (reporting.ProjectPage, error)
	// Alike returns the projects that may be the same as p, the oldest first; see reporting.Duplicates.
	Alike(ctx context.Context, p reporting.Project) ([]reporting.Project, error)
	// Held returns the projects that wait for the office to say whether they are the same as another body's.
	Held(ctx context.Context, offset, limit int) (reporting.ProjectPage, error)
	// Flagged returns the first submissions that the office looks at twice and that are not held.
	Flagged(ctx context.Context, limit int) (reporting.ProjectPage, error)
	// AskingOf returns the first n of those of a body.
	AskingOf(ctx context.Context, body string, n int) ([]reporting.Project, error)
	// ProjectFiles returns the files that prove something about a project, in the order in which they came.
	ProjectFiles(ctx context.Context, id string) ([]reporting.ProjectFile, error)
	// Notes returns the last n notes of a project's progress, the newest first.
	Notes(ctx context.Context, id string, n int) ([]reporting.Note, error)
}

// Problems reads and changes what stands in projects' way.
type Problems interface {
	Problem(ctx context.Context, project string, no int) (reporting.Problem, error)
	// ProblemsOf returns those of a project: the open ones, the first due first,
	// then the closed ones, the last closed first.
	ProblemsOf(ctx context.Context, project string) ([]reporting.Problem, error)
	// ListProblems returns a page of the open ones, the first due first.
	ListProblems(ctx context.Context, f reporting.ProblemFilter) (reporting.ProblemPage, error)
	// ChangeProblem is ChangeProject for a problem of the project; no is 0 for a new one.
	ChangeProblem(ctx context.Context, once, project string, no int, decide func(p reporting.Project, q reporting.Problem) (reporting.Change, error)) (reporting.Project, reporting.Problem, error)
}

// Approvals reads and changes projects' checklists.
type Approvals interface {
	Ticks(ctx context.Context, project string) ([]reporting.Tick, error)
	// ChangeApprovals is ChangeProject whose decision sees the ticks, too.
	ChangeApprovals(ctx context.Context, once, project string, decide func(p reporting.Project, ticks []reporting.Tick) (reporting.Change, error)) (reporting.Project, error)
}

// Drafts keeps what was typed and not yet submitted.
type Drafts interface {
	// SaveDraft writes d unless a newer Stamp is there; an empty ID makes one.
	SaveDraft(ctx context.Context, d reporting.Draft) (reporting.Draft, error)
	Draft(ctx context.Context, id string) (reporting.Draft, error)
	// DraftsOf returns a person's drafts, the last changed first.
	DraftsOf(ctx context.Context, userID string) ([]reporting.Draft, error)
	DropDraft(ctx context.Context, id string) error
	// DraftsLeft returns the drafts that leavers left to a body, the last changed first.
	DraftsLeft(ctx context.Context, bodyID string) ([]reporting.Draft, error)
	// TakeDraft makes a draft without UserID, left to its body, somebody's own.
	TakeDraft(ctx context.Context, id, userID string) (reporting.Draft, error)
	// Waiting returns what waits for a body: drafts and returned projects.
	Waiting(ctx context.Context, bodyID string) (reporting.Waiting, error)
}

// Standings reads figures.
type Standings interface {
	// Standing returns one body's in one query; HasQuota false without a
	// version in force on day. reporting.City gives the city's tally, without quota.
	Standing(ctx context.Context, bodyID string, year int, day reporting.Date) (reporting.Standing, error)
	// Standings returns those of all bodies that have a quota in the year or a tally, City excluded.
	Standings(ctx context.Context, year int, day reporting.Date) ([]reporting.Standing, error)
	// Inflow returns what was credited within days and still is, by body and day;
	// without bodies of all, reporting.City among them.
	Inflow(ctx context.Context, year int, d reporting.Days, bodies ...string) ([]reporting.Inflow, error)
}

// Quotas reads and changes what bodies owe.
type Quotas interface {
	// QuotaBook returns the versions of a body's quota of a year, and what was asked about it.
	QuotaBook(ctx context.Context, body string, year int) (reporting.QuotaBook, error)
	// ChangeQuota reads the book, lets decide make the change and writes it with
	// its events and messages; it returns the book as it then is.
	ChangeQuota(ctx context.Context, once, body string, year int, decide func(reporting.QuotaBook) (reporting.QuotaChange, error)) (reporting.QuotaBook, error)
	// OpenQuotaRequests returns the requests that wait for the office, the first asked first.
	OpenQuotaRequests(ctx context.Context) ([]reporting.QuotaRequest, error)
	// Programmes counts the verified projects of each programme that has any.
	Programmes(ctx context.Context) ([]reporting.ProgrammeTally, error)
}

// Conversations keeps what goes on where somebody asks.
type Conversations interface {
	// Conversation returns what goes on; without State nothing does.
	Conversation(ctx context.Context, k reporting.ConversationKey) (reporting.Conversation, error)
	// Converse reads it, lets decide say what its state is then and writes that.
	Converse(ctx context.Context, once string, k reporting.ConversationKey, decide func(reporting.Conversation) (state string, err error)) (reporting.Conversation, error)
	// ConversationsIn returns all that goes on in a thread, that of all first.
	ConversationsIn(ctx context.Context, channel, thread string) ([]reporting.Conversation, error)
}

// Outbox shows and plans messages.
type Outbox interface {
	// PlanMessages inserts those whose key is new and returns these.
	PlanMessages(ctx context.Context, m []reporting.Message, e []reporting.Event) ([]reporting.Message, error)
	// PlannedKeys returns which of the keys exist.
	PlannedKeys(ctx context.Context, keys []string) (map[string]bool, error)
	// LastDeliveries returns the last n messages of a kind about a body, newest first, with receipts.
	LastDeliveries(ctx context.Context, kind reporting.MessageKind, bodyID string, n int) ([]reporting.Delivery, error)
	// Trouble returns the first messages that wait in vain, and that failed after since (UTC ms).
	Trouble(ctx context.Context, now, since int64, limit int) (reporting.Trouble, error)
	// Resend has a message tried again at once; Conflict (err.message.settled).
	Resend(ctx context.Context, once, key string, e reporting.Event) error
}
