package reporting

import (
	"encoding/json"
	"path"
	"slices"
	"strings"
)

// ProjectFile is a file that proves something about a project. What is in it
// stays where it was uploaded; kept is what it was called there.
type ProjectFile struct {
	ProjectID string `json:"-"`
	For       string `json:"-"`  // ForFiling, or the stage that it proves
	ID        string `json:"id"` // where it was uploaded
	Name      string `json:"name"`
	Size      int    `json:"size"` // bytes
	Type      string `json:"type"` // its kind by its ending: "pdf"
	Link      string `json:"link,omitempty"`
	By        string `json:"by,omitempty"`  // Slack user id
	At        int64  `json:"at,omitempty"`  // UTC ms; 0 = not submitted yet
	Old       bool   `json:"old,omitempty"` // in a form: it was there before
}

// FileSet is all the files that prove one thing about a project; those that
// proved it before and are not among them are let go.
type FileSet struct {
	For   string
	Files []ProjectFile
}

// ForFiling says that a file proves what was filed.
const ForFiling = "filing"

// The fields of a form for files: those chosen, as FilesText writes them, and
// what becomes of those that were there.
const (
	FieldFiles     = "files"
	FieldFilesKept = "files_kept"
	// DropFiles is the value of FieldFilesKept that lets go of the files that were there.
	DropFiles = "drop"
)

const (
	// MaxFiles is how many files prove one thing.
	MaxFiles = 5
	// MaxFileSize is how large each may be, in bytes; Slack's forms take no more.
	MaxFileSize = 10 << 20
)

// FileTypes are the kinds of files that prove something, by their endings.
var FileTypes = []string{"pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "wps", "et", "ofd", "jpg", "jpeg", "png"}

// FilesText writes files as the value of a field, "" for none.
func FilesText(files []ProjectFile) string {
	if len(files) == 0 {
		return ""
	}
	text, err := json.Marshal(files)
	if err != nil { // texts and numbers always marshal
		return ""
	}
	return string(text)
}

// FilesOf reads what FilesText has written; anything else is no file.
func FilesOf(text string) []ProjectFile {
	var files []ProjectFile
	if json.Unmarshal([]byte(text), &files) != nil {
		return nil
	}
	return files
}

// ChosenFiles returns the files that the values of a form say prove something.
func ChosenFiles(v map[string]string) []ProjectFile {
	files := FilesOf(v[FieldFiles])
	if v[FieldFilesKept] == DropFiles {
		files = slices.DeleteFunc(files, func(f ProjectFile) bool { return f.Old })
	}
	return files
}

// countFiles returns how many files a form says prove something: as many as
// before when it had nothing to do with files.
func countFiles(v map[string]string, before int) int {
	if _, asked := v[FieldFiles]; !asked {
		return before
	}
	return len(ChosenFiles(v))
}

// proof reads what is written as evidence, for which a file may stand.
func (r *reader) proof(field string) string {
	s := r.text(field, false)
	if !r.files() && s == "" {
		r.fault(field, Fail(Invalid, "err.evidence.either"))
	}
	return s
}

// files judges the chosen files and reports whether there is one.
func (r *reader) files() bool {
	files := ChosenFiles(r.values)
	if len(files) > MaxFiles {
		r.fault(FieldFiles, Fail(Invalid, "err.files.many", "max", MaxFiles, "n", len(files)))
	}
	for _, f := range files {
		ending := strings.ToLower(strings.TrimPrefix(path.Ext(f.Name), "."))
		switch {
		case !slices.Contains(FileTypes, ending) && !slices.Contains(FileTypes, f.Type):
			r.fault(FieldFiles, Fail(Invalid, "err.files.type", "file", f.Name, "types", strings.Join(FileTypes, ", ")))
		case f.Size > MaxFileSize:
			r.fault(FieldFiles, Fail(Invalid, "err.files.size", "file", f.Name, "max", MaxFileSize>>20))
		}
	}
	return len(files) > 0
}

// filesFor returns the set of files that was chosen for something, nil when
// the form had nothing to do with files.
func filesFor(what string, v map[string]string, project string, a Actor, at int64) *FileSet {
	if _, asked := v[FieldFiles]; !asked {
		return nil
	}
	set := &FileSet{For: what, Files: ChosenFiles(v)}
	for i := range set.Files {
		f := &set.Files[i]
		f.ProjectID, f.For, f.Old = project, what, false
		if f.At == 0 {
			f.By, f.At = a.UserID, at
		}
	}
	return set
}

// filesChange reports whether a form adds files, or lets go of some.
func filesChange(v map[string]string) bool {
	return v[FieldFilesKept] == DropFiles ||
		slices.ContainsFunc(FilesOf(v[FieldFiles]), func(f ProjectFile) bool { return f.At == 0 })
}
