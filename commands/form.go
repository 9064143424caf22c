package commands

import "github.com/mouhua/mouhua/reporting"

// Form is a form to fill in, one page of it.
type Form struct {
	ID     string // "project.page1", "project.page2", "review.return" …
	Title  string // ≤ 24 code points
	Submit string // ≤ 24
	Close  string // ≤ 24
	State  string // ours, opaque to the transport, comes back with every Input; ≤ 2,500 bytes
	Locale reporting.Locale
	// KeepDraft: tell us (App.Closed) when it is closed, and of every change (App.Changed).
	KeepDraft bool
	Fields    []Field
}

// FieldKind is how a Field is filled in.
type FieldKind string

// The kinds of fields.
const (
	TextField    FieldKind = "text"
	LongField    FieldKind = "long"    // several lines
	SelectField  FieldKind = "select"  // one of Options
	SearchField  FieldKind = "search"  // one found by typing: App.Suggest
	PersonField  FieldKind = "person"  // a member of the workspace: the value is the user id
	DateField    FieldKind = "date"    // a day: the value is "2006-01-02"
	ChannelField FieldKind = "channel" // a channel that the bot may be invited to: the value is its id
	FileField    FieldKind = "file"    // files to choose: Input.Files
	InfoField    FieldKind = "info"    // nothing to fill in: Text is shown
)

// Field is one input of a Form.
type Field struct {
	ID          string
	Variant     string // a redrawn field with another Variant forgets what was chosen in it
	Kind        FieldKind
	Label       string
	Hint        string
	Placeholder string
	Text        []Span   // InfoField
	Options     []Option // SelectField
	Value       string   // initial value: text, the value of an option, a user id, a day
	Chosen      *Option  // initial choice of a SearchField
	Optional    bool
	MaxLen      int      // text fields, code points; 0 = 3,000
	Live        bool     // a change may redraw the form, so tell us at once
	MaxFiles    int      // FileField: how many at most, 1 to 10
	FileTypes   []string // FileField: endings that may be chosen; to be checked again, a transport need not
}

// Option is one choice.
type Option struct{ Value, Label, Description string }

// Input is what a form holds when something happens to it.
type Input struct {
	User   string
	FormID string
	State  string
	Locale reporting.Locale  // the form's
	Values map[string]string // by field id; absent = empty
	Files  map[string][]File // by id of a FileField; absent = none
	Field  string            // App.Changed: the field that changed
	Once   string            // delivery key: the same delivered again does nothing twice
	Stamp  int64             // order of events of one form, rising
}

// SubmitResult is the answer to a submitted form: Errors keep it open with a
// text at each field; Next puts another page on top; neither closes it and
// all pages below. Tell, if set, is sent to the person as a direct answer.
type SubmitResult struct {
	Errors map[string]string // by field id
	Next   *Form
	Tell   *Reply
	TellIn string // channel where the form was opened; "" = direct message
}
