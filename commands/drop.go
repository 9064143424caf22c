package commands

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

const (
	// maxImport is how large a file may be that is imported, in bytes.
	maxImport = 10 << 20
	// faultsShown is how many faults of a file a card names.
	faultsShown = 15
	// faultsKept is from how many on there may be more than an Exchange tells.
	faultsKept = 100
	// cardLife is how long a checked file may be imported: the register goes on
	// without it, and so does what it was checked against. The keys of deliveries,
	// which keep one from being imported twice, are remembered longer.
	cardLife = 12 * time.Hour
)

// importTypes are the endings of files that can be imported.
var importTypes = []string{"csv", "xlsx", "ics"}

// checkedFile is a file that a card is about; its text form is the value of
// the card's button.
type checkedFile struct {
	file string // id
	kind string
	sum  string // the beginning of its SHA-256
	at   int64  // when it was checked, UTC ms
}

func (f checkedFile) String() string {
	return strings.Join([]string{f.file, f.kind, f.sum, strconv.FormatInt(f.at, 10)}, "|")
}

func readChecked(value string) (checkedFile, error) {
	parts := strings.Split(value, "|")
	if len(parts) != 4 {
		return checkedFile{}, reporting.Fail(reporting.NotFound, "err.action.unknown")
	}
	at, err := strconv.ParseInt(parts[3], 10, 64)
	if err != nil {
		return checkedFile{}, reporting.Fail(reporting.NotFound, "err.action.unknown")
	}
	return checkedFile{parts[0], parts[1], parts[2], at}, nil
}

// contentSum names a content in few letters.
func contentSum(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:12])
}

// Dropped answers a file that somebody sent in a direct message: an admin gets
// a card of what importing it would do. Errors: as Command.
func (a *App) Dropped(ctx context.Context, d Drop) (Response, error) {
	if d.Unsure {
		return Response{}, reporting.Fail(reporting.Unavailable, "err.person.unsure")
	}
	c, err := a.call(ctx, d.User, d.Channel, d.Locale, d.Once)
	if err != nil {
		return Response{}, err
	}
	if c.actor.Role == reporting.Stranger {
		return Response{}, reporting.Fail(reporting.Forbidden, "err.stranger")
	}
	if err := reporting.CanImport(c.actor); err != nil {
		return Response{}, err
	}
	return a.later(c, "import.check", a.say(c, "import.checking"), func(c *call, tell func(int, int)) (Response, error) {
		return a.checkDropped(c, d.File, "", tell)
	}), nil
}

// later is an answer that is still to be worked out, at a time of its own.
func (a *App) later(c *call, name, doing string, run func(c *call, tell func(int, int)) (Response, error)) Response {
	return Response{Later: &Task{Name: name, Doing: doing, Run: func(ctx context.Context, tell func(int, int)) (Response, error) {
		then := *c
		then.ctx, then.now = ctx, a.cfg.Now().In(a.cfg.Location)
		then.day = reporting.DateOf(then.now)
		return run(&then, tell)
	}}}
}

// pressImportCheck checks a file as the kind that was chosen.
func (a *App) pressImportCheck(c *call) (Response, error) {
	if err := reporting.CanImport(c.actor); err != nil {
		return Response{}, err
	}
	file, kind, ok := strings.Cut(c.value, "|")
	if !ok {
		return Response{}, reporting.Fail(reporting.NotFound, "err.action.unknown")
	}
	return a.later(c, "import.check", a.say(c, "import.checking"), func(c *call, tell func(int, int)) (Response, error) {
		r, err := a.checkDropped(c, file, kind, tell)
		r.Replace = err == nil
		return r, err
	}), nil
}

// importable returns a file and its content, if it is one to import.
func (a *App) importable(c *call, id string) (File, []byte, error) {
	f, err := a.cfg.Files.File(c.ctx, id)
	if err != nil {
		return f, nil, err
	}
	ending := strings.ToLower(strings.TrimPrefix(path.Ext(f.Name), "."))
	switch {
	case !slices.Contains(importTypes, ending) && !slices.Contains(importTypes, f.Type):
		return f, nil, reporting.Fail(reporting.Invalid, "err.import.type", "file", clip(f.Name))
	case f.Size > maxImport:
		return f, nil, reporting.Fail(reporting.Invalid, "err.import.size", "file", clip(f.Name), "size", fileSize(f.Size), "max", fileSize(maxImport))
	}
	content, err := a.cfg.Files.Content(c.ctx, f)
	return f, content, err
}

// checkDropped answers with the card of a file, or asks which kind it is.
func (a *App) checkDropped(c *call, id, kind string, tell func(int, int)) (Response, error) {
	f, content, err := a.importable(c, id)
	if err != nil {
		return Response{}, err
	}
	if isCalendar(f) {
		return a.checkCalendar(c, f, content)
	}
	if kind == "" {
		kinds := a.cfg.Exchange.Kinds(content)
		if len(kinds) != 1 {
			return Response{Reply: a.whichKind(c, f, kinds)}, nil
		}
		kind = kinds[0]
	}
	found, err := a.cfg.Exchange.Import(c.ctx, content, ImportOrder{Kind: kind, Actor: c.actor.UserID, Dry: true, Tell: tell})
	if err != nil {
		return Response{}, fmt.Errorf("check dropped file: %w", err)
	}
	return Response{Reply: a.importCard(c, f, checkedFile{f.ID, kind, contentSum(content), c.now.UnixMilli()}, found)}, nil
}

// whichKind says that a file's headings do not tell its kind, and asks, where
// several fit.
func (a *App) whichKind(c *call, f File, kinds []string) *Reply {
	text := a.say(c, "import.no_kind", "file", f.Name)
	if len(kinds) == 0 {
		return &Reply{Text: text, Parts: []Part{Paragraph{Plain(text)}, Note{Plain(a.say(c, "import.headings"))}}}
	}
	text = a.say(c, "import.several", "file", f.Name)
	var b Buttons
	for _, kind := range kinds {
		b = append(b, Button{Action: "import.check", Value: f.ID + "|" + kind, Label: a.say(c, "import.kind."+kind)})
	}
	return &Reply{Text: text, Parts: []Part{Paragraph{Plain(text)}, b}}
}

// importCard says what importing a checked file would do, and offers it when
// nothing is refused.
func (a *App) importCard(c *call, f File, checked checkedFile, found Imported) *Reply {
	r := a.importCounts(c, f, checked.kind, "import.card", found)
	switch {
	case len(found.Faults) > 0:
		r.Parts = append(r.Parts, a.faultParts(c, found.Faults)...)
	case found.New+found.Changed == 0:
		r.Parts = append(r.Parts, Paragraph{Plain(a.say(c, "import.nothing"))})
	default:
		b := a.button(c, "import.run", checked.String(), "import")
		b.Style = "primary"
		r.Parts = append(r.Parts, Buttons{b}, Note{Plain(a.say(c, "import.whole"))})
	}
	r.Parts = append(r.Parts, a.asOf(c))
	return r
}

// importCounts begins a reply about a file: what it is, and how many of its
// rows are what.
func (a *App) importCounts(c *call, f File, kind, key string, found Imported) *Reply {
	counted := []any{
		"file", f.Name, "kind", a.say(c, "import.kind."+kind), "new", found.New, "changed", found.Changed, "unchanged", found.Unchanged,
		"refused", found.refused(),
	}
	facts := Facts{
		{Label: a.say(c, "import.file"), Value: []Span{Plain(f.Name), Plain(" · " + fileSize(f.Size))}},
		{Label: a.say(c, "import.kind"), Value: []Span{Plain(a.say(c, "import.kind."+kind))}},
	}
	for _, n := range []struct {
		key   string
		count int
	}{{"new", found.New}, {"changed", found.Changed}, {"unchanged", found.Unchanged}, {"refused", found.refused()}} {
		if n.key == "refused" && n.count == 0 {
			continue
		}
		facts = append(facts, Fact{Label: a.say(c, "import."+n.key), Value: []Span{Bold(strconv.Itoa(n.count))}})
	}
	return &Reply{Text: a.say(c, key, counted...), Parts: []Part{Heading(a.say(c, key+".title")), facts}}
}

// faultParts say what is to be mended in a file.
func (a *App) faultParts(c *call, faults []RowFault) []Part {
	parts := []Part{Paragraph{Bold(a.say(c, "import.mend"))}, a.faultLines(c, faults)}
	rest := len(faults) - faultsShown
	switch {
	case rest > 0 && len(faults) >= faultsKept:
		parts = append(parts, Note{Plain(a.say(c, "import.rest.more", "n", rest))})
	case rest > 0:
		parts = append(parts, Note{Plain(a.say(c, "import.rest", "n", rest))})
	}
	return parts
}

// faultLines names the first faults with their lines.
func (a *App) faultLines(c *call, faults []RowFault) Bullets {
	var lines Bullets
	for _, f := range faults[:min(len(faults), faultsShown)] {
		text, _ := a.words.Explain(c.locale, f.Err, "")
		key := "import.line"
		if f.Column != "" {
			key = "import.cell"
		}
		lines = append(lines, []Span{Bold(a.say(c, key, "line", f.Line, "column", f.Column)), Plain(text)})
	}
	return lines
}

// pressImport imports a checked file, all or nothing and once.
func (a *App) pressImport(c *call) (Response, error) {
	if err := reporting.CanImport(c.actor); err != nil {
		return Response{}, err
	}
	checked, err := readChecked(c.value)
	if err != nil {
		return Response{}, err
	}
	if c.now.Sub(time.UnixMilli(checked.at)) > cardLife {
		return Response{}, reporting.Fail(reporting.Conflict, "err.import.old")
	}
	return a.later(c, "import.run", a.say(c, "import.running"), func(c *call, tell func(int, int)) (Response, error) {
		return a.runImport(c, checked, tell)
	}), nil
}

// runImport answers with what was imported, in the place of the card. A second
// press leaves that answer where it is.
func (a *App) runImport(c *call, checked checkedFile, tell func(int, int)) (Response, error) {
	f, content, err := a.importable(c, checked.file)
	if err != nil {
		return Response{}, err
	}
	if contentSum(content) != checked.sum {
		return Response{}, reporting.Fail(reporting.Conflict, "err.import.content", "file", clip(f.Name))
	}
	once := "import/" + checked.file + "/" + checked.kind + "/" + checked.sum
	if checked.kind == calendarKind {
		return a.runCalendar(c, f, content, once)
	}
	found, err := a.cfg.Exchange.Import(c.ctx, content, ImportOrder{Kind: checked.kind, Actor: c.actor.UserID, Once: once, Tell: tell})
	switch {
	case errors.Is(err, reporting.ErrRepeated):
		return Response{Reply: Say(a.say(c, "import.repeated", "file", f.Name))}, nil
	case err != nil:
		return Response{}, fmt.Errorf("import dropped file: %w", err)
	case len(found.Faults) > 0: // the register has changed since the check
		return Response{Reply: a.importCard(c, f, checked, found), Replace: true}, nil
	}
	a.wake()
	r := a.importCounts(c, f, checked.kind, "import.done", found)
	r.Parts = append(r.Parts, Note{Plain(a.say(c, "import.by")), Span{User: c.actor.UserID}}, a.asOf(c))
	return Response{Reply: r, Replace: true}, nil
}

// fileSize says a number of bytes as people read it.
func fileSize(bytes int) string {
	switch {
	case bytes < 1<<10:
		return strconv.Itoa(bytes) + " B"
	case bytes < 1<<20:
		return strconv.FormatFloat(float64(bytes)/(1<<10), 'f', 1, 64) + " KB"
	}
	return strconv.FormatFloat(float64(bytes)/(1<<20), 'f', 1, 64) + " MB"
}
