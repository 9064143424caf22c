package commands

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// fileInputs are the fields of a form by which files prove something: what
// becomes of those that are there, and those to add.
func (a *App) fileInputs(c *call, kept []reporting.ProjectFile) []Field {
	var fields []Field
	if len(kept) > 0 {
		names := make([]string, len(kept))
		for i, f := range kept {
			names[i] = f.Name + " (" + fileSize(f.Size) + ")"
		}
		f := Field{ID: reporting.FieldFilesKept, Kind: SelectField, Label: a.say(c, "files.kept", "files", strings.Join(names, ", ")), Value: "keep"}
		for _, choice := range []string{"keep", reporting.DropFiles} {
			f.Options = append(f.Options, Option{Value: choice, Label: a.say(c, "files.kept."+choice)})
		}
		fields = append(fields, f)
	}
	return append(fields, Field{
		ID: reporting.FieldFiles, Kind: FileField, Label: a.say(c, "field.files.label"), Optional: true,
		Hint:     a.say(c, "field.files.hint", "max", reporting.MaxFiles, "size", fileSize(reporting.MaxFileSize)),
		MaxFiles: reporting.MaxFiles, FileTypes: reporting.FileTypes,
	})
}

// chooseFiles puts what a form says of files into v: those that it was drawn
// with, of before, and those that were chosen in it.
func chooseFiles(v map[string]string, before []reporting.ProjectFile, in Input) {
	files := slices.Clone(before)
	for i := range files {
		files[i].Old = true
	}
	for _, f := range in.Files[reporting.FieldFiles] {
		if !slices.ContainsFunc(files, func(old reporting.ProjectFile) bool { return old.ID == f.ID }) {
			files = append(files, reporting.ProjectFile{ID: f.ID, Name: f.Name, Size: f.Size, Type: f.Type, Link: f.Link})
		}
	}
	delete(v, reporting.FieldFilesKept)
	if in.Values[reporting.FieldFilesKept] == reporting.DropFiles {
		v[reporting.FieldFilesKept] = reporting.DropFiles
	}
	if _, had := v[reporting.FieldFiles]; had || len(files) > 0 {
		v[reporting.FieldFiles] = reporting.FilesText(files)
	}
}

// chooseFiles is chooseFiles for page 2 of the project form, whose draft holds
// the files that it was drawn with.
func (st filing) chooseFiles(v map[string]string, in Input) {
	before := slices.DeleteFunc(reporting.FilesOf(v[reporting.FieldFiles]), func(f reporting.ProjectFile) bool {
		return !slices.Contains(st.Kept, f.ID)
	})
	chooseFiles(v, before, in)
}

func fileIDs(files []reporting.ProjectFile) []string {
	var ids []string
	for _, f := range files {
		ids = append(ids, f.ID)
	}
	return ids
}

// filesOf returns the files that prove one thing about a project.
func (a *App) filesOf(c *call, project, what string) ([]reporting.ProjectFile, error) {
	files, err := a.store.ProjectFiles(c.ctx, project)
	if err != nil {
		return nil, fmt.Errorf("read files of project: %w", err)
	}
	return slices.DeleteFunc(files, func(f reporting.ProjectFile) bool { return f.For != what }), nil
}

// draftValues are the values with which an edit of p begins, its files among
// them.
func (a *App) draftValues(c *call, p reporting.Project) (map[string]string, error) {
	files, err := a.filesOf(c, p.ID, reporting.ForFiling)
	if err != nil {
		return nil, err
	}
	v := reporting.DraftValues(p, c.catalogue)
	if len(files) > 0 {
		v[reporting.FieldFiles] = reporting.FilesText(files)
	}
	return v, nil
}

// stageValues are the values typed for a stage, with its files.
func (a *App) stageValues(c *call, project string, in Input) (map[string]string, error) {
	p, err := a.project(c, project)
	if err != nil {
		return nil, err
	}
	v := map[string]string{}
	maps.Copy(v, in.Values)
	to, err := reporting.NextStage(c.actor, p)
	if err != nil {
		return v, nil //nolint:nilerr // who decides about the stage says so
	}
	before, err := a.filesOf(c, project, string(to))
	if err != nil {
		return nil, err
	}
	chooseFiles(v, before, in)
	return v, nil
}

// proofParts are the files that prove something about a project, with their
// sizes; nothing when there are none.
func (a *App) proofParts(c *call, project string) ([]Part, error) {
	files, err := a.store.ProjectFiles(c.ctx, project)
	if err != nil || len(files) == 0 {
		return nil, err
	}
	var facts Facts
	for _, what := range append([]string{reporting.ForFiling}, stageNames()...) {
		var value []Span
		for _, f := range files {
			if f.For != what {
				continue
			}
			if len(value) > 0 {
				value = append(value, Plain(" · "))
			}
			value = append(value, Span{Text: f.Name, URL: f.Link}, Plain(" ("+fileSize(f.Size)+")"))
		}
		if len(value) == 0 {
			continue
		}
		label := a.say(c, "field.files.label")
		if what != reporting.ForFiling {
			label += " · " + a.stageName(c, reporting.Stage(what))
		}
		facts = append(facts, Fact{Label: label, Value: value})
	}
	return []Part{facts, Buttons{a.button(c, "project.files", project, "files")}}, nil
}

// proofOf is the evidence of a stage in words; of files alone its kind.
func (a *App) proofOf(c *call, p reporting.Proof) string {
	if p.Text == "" {
		return a.say(c, "proof."+p.Kind)
	}
	return a.say(c, "proof."+p.Kind) + " · " + p.Text
}

func stageNames() []string {
	var names []string
	for _, s := range reporting.Stages {
		names = append(names, string(s))
	}
	return names
}

// projectFiles brings a project's files to whoever may read it: Slack shows
// what somebody chose in a form to nobody else.
func (a *App) projectFiles(c *call) (Response, error) {
	p, err := a.named(c, "project", "show")
	if err != nil {
		return Response{}, err
	}
	if err := reporting.CanReadProject(c.actor, p); err != nil {
		return Response{}, err
	}
	r := a.later(c, "project.files", a.say(c, "files.fetching"), func(c *call, tell func(int, int)) (Response, error) {
		return a.fetchFiles(c, p, tell)
	})
	r.Reply = Say(a.say(c, "files.begun", "id", p.ID))
	return r, nil
}

func (a *App) fetchFiles(c *call, p reporting.Project, _ func(int, int)) (Response, error) {
	files, err := a.store.ProjectFiles(c.ctx, p.ID)
	if err != nil {
		return Response{}, fmt.Errorf("read files of project: %w", err)
	}
	var out Response
	var lost []string
	for _, kept := range files {
		f, err := a.cfg.Files.File(c.ctx, kept.ID)
		var content []byte
		if err == nil {
			content, err = a.cfg.Files.Content(c.ctx, f)
		}
		var e *reporting.Error
		switch {
		case errors.As(err, &e) && e.Code == reporting.NotFound:
			lost = append(lost, kept.Name)
		case err != nil:
			return Response{}, err
		default:
			out.Files = append(out.Files, Attachment{Name: kept.Name, Data: content})
		}
	}
	text := a.say(c, "files.sent", "id", p.ID, "name", p.Name, "n", len(out.Files))
	if len(lost) > 0 {
		text += " " + a.say(c, "files.lost", "files", strings.Join(lost, ", "))
	}
	out.Reply = Say(text)
	return out, nil
}
