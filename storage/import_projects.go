package storage

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

// ImportProjects writes projects by number, with their credits, and moves
// tallies and the totals of lists by what that changes. What a row leaves empty of
// the columns that a file need not have stays as it is for a project that is
// there. A new one without day of submission or of its stage takes that of
// verification; a stage changed without a day begins today. Numbers of the kind
// that FileProject gives are not given again. Errors: Invalid for an unknown
// body, an unknown industry or a repeated number, with Args row (from 0) and value, joined when there
// are several.
func (db *DB) ImportProjects(ctx context.Context, rows []reporting.Project, actor string, dryRun bool, opts ...ImportOption) (Summary, error) {
	return db.importRows(ctx, "import projects", actor, len(rows), dryRun, opts, func(in *importer) error {
		if err := unique(rows, func(p reporting.Project) string { return p.ID }); err != nil {
			return err
		}
		// Counters first: whoever files meanwhile has their number before the rows
		// are read, or waits for one after them. FileProject locks in that order, too.
		if err := raiseCounters(ctx, in.tx, rows); err != nil {
			return err
		}
		if err := in.learnProjects(ctx, rows); err != nil {
			return err
		}
		write, before, err := in.mergeProjects(ctx, rows)
		if err != nil || len(write) == 0 {
			return err
		}
		listed := totals{}
		for part := range slices.Chunk(write, importPart) {
			if err := in.writeProjects(ctx, listed, part); err != nil {
				return err
			}
		}
		if err := in.shareCodes(ctx, rows, write, before); err != nil {
			return err
		}
		moved, err := in.moveProjects(ctx, listed, before, write)
		if err != nil {
			return err
		}
		if err := db.problemsFollow(ctx, in.tx, actor); err != nil {
			return err
		}
		if err := db.writeSums(ctx, in.tx, moved, listed, slices.Concat(before, write)); err != nil {
			return err
		}
		was := make(map[string]reporting.Project, len(before))
		for _, p := range before {
			was[p.ID] = p
		}
		for _, p := range write {
			if err := db.correct(ctx, in.tx, yearsOf([]reporting.Project{was[p.ID]}, p), p, "project.import", 0); err != nil {
				return err
			}
		}
		return db.retell(ctx, in.tx, importedNews(write, moved, actor, db.now()))
	})
}

// importedNews is what an import tells the nudges of bodies: one line each,
// however many projects.
func importedNews(write []reporting.Project, moved moves, actor string, at int64) news {
	n, told := map[string]int{}, news{}
	for i := range write {
		n[write[i].ReporterBody]++
	}
	for to, t := range moved {
		if to.body != reporting.City && (t.credited != 0 || t.pending != 0) {
			n[to.body] += 0
		}
	}
	for body, projects := range n {
		told.tell(body)
		if projects > 0 {
			told.tell(body, reporting.NudgeNote{At: at, Actor: actor, Action: "project.import", N: projects})
		}
	}
	return told
}

// writeProjects writes a part of the projects, and adds to listed by how much
// that moves the totals of lists.
func (in *importer) writeProjects(ctx context.Context, listed totals, part []reporting.Project) error {
	var values [][]any
	for i := range part {
		values = append(values, projectFields(&part[i]))
	}
	if err := insert(ctx, in.tx, "projects", projectColumns, "ON CONFLICT (id) DO UPDATE SET "+overwrite(projectColumns), values); err != nil {
		return err
	}
	if err := list(ctx, in.tx, listed, part...); err != nil {
		return err
	}
	if err := in.db.liken(ctx, in.tx, part...); err != nil {
		return err
	}
	in.wrote(len(part))
	return nil
}

// mergeProjects returns the projects to write and those that were there.
func (in *importer) mergeProjects(ctx context.Context, rows []reporting.Project) (write, before []reporting.Project, err error) {
	ids := make([]string, len(rows))
	for i, p := range rows {
		ids[i] = p.ID
	}
	slices.Sort(ids)
	before, err = fetch(ctx, in.tx, projectFields, `SELECT `+projectColumns+` FROM projects WHERE id IN (?) ORDER BY id`+in.db.dialect.forUpdate, ids)
	if err != nil {
		return nil, nil, err
	}
	there := make(map[string]reporting.Project, len(before))
	for _, p := range before {
		there[p.ID] = p
	}
	catalogue, err := readCatalogue(ctx, in.tx)
	if err != nil {
		return nil, nil, err
	}
	for i, p := range rows {
		if known := in.known(i, p.ReporterBody, p.TerritoryBody, p.LeadDept) && in.some(i, p.ReporterBody); !in.listed(catalogue, i, &p) || !known {
			continue
		}
		old, ok := there[p.ID]
		if !in.marks(i, p, old) {
			continue
		}
		if back := old.VerifiedOn; !back.IsZero() && p.VerifiedOn.IsZero() {
			// A file from before the review would take the credit away without a word.
			return nil, nil, reporting.Fail(reporting.Conflict, "err.import.back", "row", i, "value", p.ID)
		}
		p = reporting.Imported(p, old, in.db.dayOf(in.db.now()))
		if ok && p == old {
			in.summary.Unchanged++
			continue
		}
		p.Version++
		p.UpdatedAt = in.db.now()
		write = append(write, p)
		in.note("project", p.ID, beforeOf(ok, old), p)
	}
	return write, before, in.refusals()
}

// listed takes industry and support tools by any of their names, and refuses a
// row of which one is none.
func (in *importer) listed(c *reporting.Catalogue, row int, p *reporting.Project) bool {
	e, ok := c.Named(reporting.ListIndustry, p.Industry)
	switch {
	case ok:
		p.Industry = e.ID
	case p.Industry != "":
		in.refuse("err.import.industry", row, p.Industry)
		return false
	}
	var unknown string
	if p.Tools, unknown = c.CanonicalTools(p.Tools); unknown != "" {
		in.refuse("err.import.tool", row, unknown)
		return false
	}
	return true
}

// moveProjects brings the ledger to what the projects earn and returns by how
// much that, and their waiting, moves the tallies. What they carry into years is
// added to listed. before holds those that were there.
func (in *importer) moveProjects(ctx context.Context, listed totals, before, write []reporting.Project) (moves, error) {
	there := make(map[string]reporting.Project, len(before))
	for _, p := range before {
		there[p.ID] = p
	}
	live, err := liveCredits(ctx, in.tx, write)
	if err != nil {
		return nil, err
	}
	today := in.db.dayOf(in.db.now())
	moved := moves{}
	fresh, again := []reporting.Credit{}, []reporting.Credit{} // what counts since its day, and since today
	rules := in.rulesByYear(ctx)
	for _, p := range write {
		old := there[p.ID]
		was, err := rules(old.PlanYear)
		if err != nil {
			return nil, err
		}
		is, err := rules(p.PlanYear)
		if err != nil {
			return nil, err
		}
		earned := reporting.CreditsFor(p, is)
		// A new project is nothing before: neither waiting nor in a pool.
		moved.count(old, live[p.ID], was, -1)
		moved.count(p, earned, is, +1)
		listed.countYears(old, in.db.rules(), -1)
		listed.countYears(p, in.db.rules(), +1)
		revoked, added := compare(live[p.ID], earned)
		for _, c := range revoked {
			if err := revoke(ctx, in.tx, c, today, "project.import"); err != nil {
				return nil, err
			}
		}
		if old.VerifiedOn.IsZero() {
			fresh = append(fresh, added...)
		} else {
			again = append(again, added...)
		}
	}
	if err := addCredits(ctx, in.tx, fresh, reporting.Date{}); err != nil {
		return nil, err
	}
	return moved, addCredits(ctx, in.tx, again, today)
}

// rulesByYear returns rulesOf, asked once for each year.
func (in *importer) rulesByYear(ctx context.Context) func(year int) (reporting.Rules, error) {
	known := map[int]reporting.Rules{}
	return func(year int) (reporting.Rules, error) {
		if r, ok := known[year]; ok {
			return r, nil
		}
		r, err := in.db.rulesOf(ctx, in.tx, year)
		if err == nil {
			known[year] = r
		}
		return r, err
	}
}

// fetch returns the rows of a query with one list of ids.
func fetch[T any](ctx context.Context, tx *sqlx.Tx, fields func(*T) []any, query string, ids []string) ([]T, error) {
	var out []T
	err := inChunks(ids, func(part []string) error {
		bound, args, err := within(query, part)
		if err != nil {
			return err
		}
		rows, err := all(ctx, tx, fields, bound, args...)
		out = append(out, rows...)
		return err
	})
	return out, err
}

// raiseCounters keeps FileProject from giving an imported number again.
func raiseCounters(ctx context.Context, tx *sqlx.Tx, projects []reporting.Project) error {
	highest := map[int]int{}
	for _, p := range projects {
		parts := strings.Split(p.ID, "-")
		if len(parts) != 3 {
			continue
		}
		year, err := strconv.Atoi(parts[1])
		n, err2 := strconv.Atoi(parts[2])
		if err != nil || err2 != nil || reporting.NewProjectID(year, n) != p.ID {
			continue
		}
		highest[year] = max(highest[year], n)
	}
	for _, year := range slices.Sorted(maps.Keys(highest)) {
		_, err := tx.ExecContext(ctx, `INSERT INTO counters (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE
			SET value = CASE WHEN excluded.value > counters.value THEN excluded.value ELSE counters.value END`, numberCounter(year), highest[year])
		if err != nil {
			return fmt.Errorf("raise counter: %w", err)
		}
	}
	return nil
}
