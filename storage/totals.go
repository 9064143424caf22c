package storage

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

// How many projects a list has, and what they cost, is read from cells that the
// transaction keeps which writes the listings. A cell counts the listings of a
// scope that agree in all that a breakdown tells apart; there are as many as the
// vocabularies allow, however many projects there are.

// listing is a row under which the lists of a body, or of the city, find a project.
type listing struct {
	body, project               string
	year                        int
	status                      reporting.Status
	stage                       reporting.Stage
	submitted                   reporting.Date
	filedBy                     string
	invest                      reporting.Wan
	updated                     int64
	lead, industry, path, group string // group is the programme
	waiting                     reporting.Date
}

const listingColumns = `body_id, project_id, plan_year, status, stage, submitted_on, filed_by, invest_total, updated_at, ` +
	`lead_dept, industry, subpath, programme, waiting_since`

func listingFields(l *listing) []any {
	return []any{
		&l.body, &l.project, &l.year, &l.status, &l.stage, (*day)(&l.submitted), &l.filedBy, &l.invest, &l.updated,
		&l.lead, &l.industry, &l.path, &l.group, (*day)(&l.waiting),
	}
}

// listings returns the rows of p.
func listings(p reporting.Project) []listing {
	var out []listing
	for _, body := range []string{reporting.City, p.ReporterBody, p.TerritoryBody, p.LeadDept} {
		if !slices.ContainsFunc(out, func(l listing) bool { return l.body == body }) {
			out = append(out, listing{
				body: body, project: p.ID, year: p.PlanYear, status: p.Status, stage: p.Stage, submitted: p.SubmittedOn, filedBy: p.FiledBy,
				invest: p.InvestTotal, updated: p.UpdatedAt, lead: p.LeadDept, industry: p.Industry, path: string(p.Path), group: p.Programme,
				waiting: p.WaitingSince(),
			})
		}
	}
	return out
}

// scopes are whose lists find l: those of its body; of these, the ones that its
// department leads; and of whoever filed it.
func (l *listing) scopes() []string {
	out := []string{l.body}
	if l.lead != "" && l.lead != l.body {
		out = append(out, ledScope(l.body, l.lead))
	}
	if l.body == reporting.City && l.filedBy != "" {
		out = append(out, filedScope(l.filedBy))
	}
	return out
}

func ledScope(body, lead string) string { return body + ">" + lead }

func filedScope(user string) string { return "@" + user }

// scopesSQL is the same of every row.
const scopesSQL = `SELECT body_id AS scope, listings.* FROM listings
	UNION ALL SELECT body_id || '>' || lead_dept, listings.* FROM listings WHERE lead_dept <> '' AND lead_dept <> body_id
	UNION ALL SELECT '@' || filed_by, listings.* FROM listings WHERE body_id = '' AND filed_by <> ''`

// breakdown is one way to tell listings apart: always by year, status and
// stage, and by what it names.
type breakdown struct {
	name             string
	industries       bool
	paths            bool // and programmes
	amounts, updates bool // by band, by day; at most one of them
}

// Filters that no breakdown tells apart are counted from the listings of the
// kinds that fit.
var (
	byStage = breakdown{name: "stages"}
	byKind  = breakdown{name: "kinds", industries: true, paths: true}

	breakdowns = []breakdown{
		byStage, byKind,
		{name: "amounts", industries: true, amounts: true},
		{name: "path amounts", paths: true, amounts: true},
		{name: "updates", updates: true},
	}
)

// of reports whether b counts a scope: what somebody filed, and what of a body
// a department leads, is told apart by stages only.
func (b breakdown) of(scope string) bool {
	return b.name == byStage.name || scope == "" || scope[0] != '@' && strings.IndexByte(scope, '>') <= 0
}

// amountEdges are the totals in 万元 at which bands begin and end. Each is a band
// of its own, and so is what lies between two: so ranges of whole 亿, which is
// what people ask for, are whole bands.
var amountEdges = func() []reporting.Wan {
	out := []reporting.Wan{1000, 5000}
	for _, yi := range []reporting.Wan{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20, 30, 50, 100} {
		out = append(out, yi*reporting.Yi)
	}
	return out
}()

// band returns the number of the band in which a total lies: odd for an edge.
func band(w reporting.Wan) int64 {
	i, edge := slices.BinarySearch(amountEdges, w)
	if edge {
		return int64(2*i + 1)
	}
	return int64(2 * i)
}

// bandEnds returns the lowest and the highest total of a band.
func bandEnds(n int64) (low, high reporting.Wan) {
	i := int(n / 2)
	if n%2 == 1 {
		return amountEdges[i], amountEdges[i]
	}
	low, high = noAmount, maxAmount
	if i > 0 {
		low = amountEdges[i-1] + 1
	}
	if i < len(amountEdges) {
		high = amountEdges[i] - 1
	}
	return low, high
}

const (
	noAmount  reporting.Wan = -1 << 62
	maxAmount reporting.Wan = 1 << 62

	// Updates are told apart by days that begin at midnight in China, where the
	// city's days do. In another zone a few more listings are read.
	dayLong  = 24 * 60 * 60 * 1000 // ms
	dayShift = 8 * 60 * 60 * 1000
)

// dayNumber returns in which of these days a time (UTC ms) lies.
func dayNumber(at int64) int64 { return (at + dayShift) / dayLong }

// bandSQL is band of a column.
var bandSQL = func() string {
	var b strings.Builder
	b.WriteString("CASE")
	for i, edge := range amountEdges {
		fmt.Fprintf(&b, " WHEN invest_total < %d THEN %d WHEN invest_total = %d THEN %d", edge, 2*i, edge, 2*i+1)
	}
	return b.String() + " ELSE " + strconv.Itoa(2*len(amountEdges)) + " END"
}()

// cell is what the listings have in common that are counted together.
type cell struct {
	scope, breakdown      string
	year                  int
	status                reporting.Status
	stage                 reporting.Stage
	industry, path, group string
	part                  int64 // band or day
}

const (
	cellColumns = `scope, breakdown, plan_year, status, stage, industry, subpath, programme, part`
	cellMoves   = `ON CONFLICT (` + cellColumns + `) DO UPDATE SET
		n = list_totals.n + excluded.n, invest = list_totals.invest + excluded.invest`
)

func (c cell) compare(d cell) int {
	return cmp.Or(
		cmp.Compare(c.scope, d.scope), cmp.Compare(c.breakdown, d.breakdown), cmp.Compare(c.year, d.year), cmp.Compare(c.status, d.status),
		cmp.Compare(c.stage, d.stage), cmp.Compare(c.industry, d.industry), cmp.Compare(c.path, d.path), cmp.Compare(c.group, d.group),
		cmp.Compare(c.part, d.part),
	)
}

// cell returns where l is counted.
func (b breakdown) cell(scope string, l *listing) cell {
	c := cell{scope: scope, breakdown: b.name, year: l.year, status: l.status, stage: l.stage}
	if b.industries {
		c.industry = l.industry
	}
	if b.paths {
		c.path, c.group = l.path, l.group
	}
	switch {
	case b.amounts:
		c.part = band(l.invest)
	case b.updates:
		c.part = dayNumber(l.updated)
	}
	return c
}

// sql is the SELECT that counts every cell of b from the listings.
func (b breakdown) sql() string {
	columns := []string{"scope", "'" + b.name + "'", "plan_year", "status", "stage", "''", "''", "''", "0"}
	if b.industries {
		columns[5] = "industry"
	}
	if b.paths {
		columns[6], columns[7] = "subpath", "programme"
	}
	switch {
	case b.amounts:
		columns[8] = bandSQL
	case b.updates:
		columns[8] = fmt.Sprintf("(updated_at + %d) / %d", dayShift, dayLong)
	}
	where := ""
	if b.name != byStage.name {
		where = " WHERE scope NOT LIKE '@%' AND scope NOT LIKE '_%>%'"
	}
	return `SELECT ` + strings.Join(columns, ", ") + `, COUNT(*), CAST(SUM(invest_total) AS BIGINT)
		FROM (` + scopesSQL + `) AS listed` + where + ` GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9`
}

// sum is a number of projects and what they cost.
type sum struct {
	n      int
	invest reporting.Wan
}

func (s *sum) fields() []any { return []any{&s.n, &s.invest} }

// totals is by how much cells move.
type totals map[cell]sum

func (t totals) add(c cell, sign int, invest reporting.Wan) {
	s := t[c]
	t[c] = sum{s.n + sign, s.invest + reporting.Wan(sign)*invest}
}

// count adds (sign 1) or takes away (sign -1) a listing.
func (t totals) count(l *listing, sign int) {
	for _, scope := range l.scopes() {
		for _, b := range breakdowns {
			if b.of(scope) {
				t.add(b.cell(scope, l), sign, l.invest)
			}
		}
	}
}

// write moves the cells, in an order in which no two transactions wait for
// each other.
func (t totals) write(ctx context.Context, tx *sqlx.Tx) error {
	var rows [][]any
	for _, c := range slices.SortedFunc(maps.Keys(t), cell.compare) {
		if s := t[c]; s != (sum{}) {
			rows = append(rows, []any{c.scope, c.breakdown, c.year, c.status, c.stage, c.industry, c.path, c.group, c.part, s.n, s.invest})
		}
	}
	return insert(ctx, tx, "list_totals", cellColumns+", n, invest", cellMoves, rows)
}

// list renews the listings of projects and adds to moved by how much that moves
// the totals of lists.
func list(ctx context.Context, tx *sqlx.Tx, moved totals, projects ...reporting.Project) error {
	var ids []string
	var rows [][]any
	for _, p := range projects {
		ids = append(ids, p.ID)
		for _, l := range listings(p) {
			moved.count(&l, +1)
			rows = append(rows, listingFields(&l))
		}
	}
	old, err := fetch(ctx, tx, listingFields, `DELETE FROM listings WHERE project_id IN (?) RETURNING `+listingColumns, ids)
	if err != nil {
		return fmt.Errorf("drop listings: %w", err)
	}
	for i := range old {
		moved.count(&old[i], -1)
	}
	return insert(ctx, tx, "listings", listingColumns, "", rows)
}
