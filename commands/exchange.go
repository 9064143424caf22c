package commands

import (
	"context"
	"io"

	"github.com/mouhua/mouhua/reporting"
)

// Exchange turns files into what the register holds, and back. Package main
// makes one of packages exchange and storage.
type Exchange interface {
	// Kinds returns the kinds that a file's headings fit: bodies, quotas, people,
	// projects. One is the rule; none or several say that the headings do not tell.
	Kinds(content []byte) []string
	// Import imports a file, all or nothing, or tries to. Faults come back in the
	// result, not as an error. Errors: ErrRepeated for an order that was carried out
	// before; Unavailable.
	Import(ctx context.Context, content []byte, o ImportOrder) (Imported, error)
	// Calendar reads a calendar; what is wrong with it comes back as faults.
	Calendar(ctx context.Context, content []byte) (CalendarFile, error)
	// ExportProjects writes the projects that f selects, whatever their number, as
	// a spreadsheet that Import reads. Of each it writes what shown returns.
	ExportProjects(ctx context.Context, w io.Writer, f reporting.ProjectFilter, shown func(reporting.Project) reporting.Project) error
	// WritePaper writes a document of words and tables, as "docx" or "xlsx".
	WritePaper(w io.Writer, p reporting.Paper, format string) error
}

// ImportOrder says what to do with a file.
type ImportOrder struct {
	Kind  string
	Actor string // user id, for the audit trail
	Once  string // delivery key
	Dry   bool   // try, and write nothing
	Tell  func(done, total int)
}

// Imported is what an import did or, dry, would do. With Faults nothing is
// written, and the numbers are of the rows that have none.
type Imported struct {
	New, Changed, Unchanged int
	Faults                  []RowFault // in the order of lines
}

// RowFault is one thing wrong with a file.
type RowFault struct {
	Line   int
	Column string // "" when the whole line is meant
	Err    *reporting.Error
}

// exchangeActions are the buttons about files in and out.
func (a *App) exchangeActions() map[string]handler {
	return map[string]handler{"import.check": a.pressImportCheck, "import.run": a.pressImport, "project.export": a.pressed(a.list),
		"project.files": a.pressed(a.projectFiles)}
}

// refused counts the lines that have faults.
func (i Imported) refused() int {
	lines := map[int]bool{}
	for _, f := range i.Faults {
		lines[f.Line] = true
	}
	return len(lines)
}
