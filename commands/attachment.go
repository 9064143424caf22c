package commands

import (
	"context"

	"github.com/mouhua/mouhua/reporting"
)

// File is a file that somebody uploaded, without its content.
type File struct {
	ID      string // the transport's
	Name    string
	Size    int    // bytes
	Type    string // its kind by its ending, in lower case without a dot: "csv"
	Link    string // where people who may see it find it
	Address string // where the transport finds its content
}

// Attachment is a file for the asker. A transport brings it to their direct
// messages, where nobody else sees it.
type Attachment struct {
	Name string
	Data []byte
}

// Task is work that takes longer than an answer may. A transport does it after
// the answer, says how far it is while it takes long, and brings what comes of it
// as another answer, its Reply beside its Files.
type Task struct {
	Name  string // for logs: "import.run"
	Doing string // in words: what is being done
	// Run does it. tell may be called with how much of how much is done (0 = not
	// known); it returns at once.
	Run func(ctx context.Context, tell func(done, total int)) (Response, error)
}

// Files are the files that people have uploaded; a transport has them.
type Files interface {
	// File describes one. Errors: NotFound (err.file.gone), Forbidden (err.scope,
	// err.file.closed), Unavailable (err.file.slack).
	File(ctx context.Context, id string) (File, error)
	// Content returns what is in it. Errors: as File.
	Content(ctx context.Context, f File) ([]byte, error)
}

// Drop is a file that somebody sent to the bot in a direct message.
type Drop struct {
	User    string
	Channel string
	File    string // its id
	Locale  reporting.Locale
	Once    string
	Unsure  bool // as of a Request
}
