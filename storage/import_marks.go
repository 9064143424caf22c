package storage

import (
	"context"
	"fmt"
	"slices"

	"github.com/mouhua/mouhua/reporting"
)

// learnProjects notes which of the projects that rows refer to are there, or
// will be.
func (in *importer) learnProjects(ctx context.Context, rows []reporting.Project) error {
	in.numbers = map[string]bool{}
	var others []string
	for _, p := range rows {
		others = append(others, p.AlikeTo, p.HeldBy)
	}
	slices.Sort(others)
	there, err := fetch(ctx, in.tx, single[string], `SELECT id FROM projects WHERE id IN (?)`, slices.Compact(others))
	for _, id := range there {
		in.numbers[id] = true
	}
	for _, p := range rows {
		in.numbers[p.ID] = true
	}
	return err
}

// marks refuses a row that refers to no project, or that would hold one which
// the office has decided about.
func (in *importer) marks(row int, p, old reporting.Project) bool {
	ok := true
	for _, id := range []string{p.AlikeTo, p.HeldBy} {
		if id != "" && !in.numbers[id] {
			in.refuse("err.import.project", row, id)
			ok = false
		}
	}
	if ok && old.ID != "" && p.HeldBy != "" && p.HeldBy != old.HeldBy && !p.Over() {
		in.refuse("err.import.held", row, p.ID)
		ok = false
	}
	return ok
}

// shareCodes refuses rows by which a project gets a code that another has, and
// neither says why (see reporting.MayShareCode). Nobody else gives a code
// meanwhile.
func (in *importer) shareCodes(ctx context.Context, rows, written, before []reporting.Project) error {
	had := map[string]string{}
	for _, p := range before {
		if !p.Over() {
			had[p.ID] = p.Code
		}
	}
	var given []reporting.Project
	var codes []string
	for _, p := range written {
		if p.Code != "" && !p.Over() && had[p.ID] != p.Code {
			given, codes = append(given, p), append(codes, p.Code)
		}
	}
	if len(given) == 0 {
		return nil
	}
	if in.db.dialect.lockTexts != "" {
		if _, err := in.tx.ExecContext(ctx, in.db.dialect.lockTexts); err != nil {
			return fmt.Errorf("lock project codes: %w", err)
		}
	}
	slices.Sort(codes)
	same, err := fetch(ctx, in.tx, projectFields, `SELECT `+projectColumns+` FROM projects
		WHERE project_code IN (?) AND project_code <> '' AND status NOT IN ('withdrawn', 'merged') ORDER BY id`, slices.Compact(codes))
	if err != nil {
		return fmt.Errorf("look project codes up: %w", err)
	}
	of := map[string][]reporting.Project{}
	for _, p := range same {
		of[p.Code] = append(of[p.Code], p)
	}
	for _, p := range given {
		others := slices.DeleteFunc(slices.Clone(of[p.Code]), func(q reporting.Project) bool { return q.ID == p.ID })
		if reporting.MayShareCode(p, others) != nil {
			in.refuse("err.import.code", slices.IndexFunc(rows, func(r reporting.Project) bool { return r.ID == p.ID }), p.Code)
		}
	}
	return in.refusals()
}
