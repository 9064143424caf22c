package storage

import (
	"context"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/mouhua/mouhua/reporting"
)

// ListProjects returns a page of what f selects, with the totals of the
// whole, ordered by day of submission and number. Where there is nothing after
// or before the mark of f, it is the page at Offset.
func (db *DB) ListProjects(ctx context.Context, f reporting.ProjectFilter) (reporting.ProjectPage, error) {
	var page reporting.ProjectPage
	if f.StaleSince != 0 || !f.StuckBefore.IsZero() {
		// Every nudge asks for these, and most bodies have none, which one prepared
		// statement says.
		if some, err := db.listsAny(ctx, f); err != nil || !some {
			return page, fault("list projects", err)
		}
	}
	err := db.read(ctx, "list projects", func(tx *sqlx.Tx) (err error) {
		page, err = listProjects(ctx, tx, f)
		return err
	})
	return page, err
}

func (db *DB) listsAny(ctx context.Context, f reporting.ProjectFilter) (bool, error) {
	where := listed(f)
	query, args, err := within(`SELECT EXISTS (SELECT 1 FROM listings l WHERE `+where.String()+`)`, where.args...)
	if err != nil {
		return false, err
	}
	return one(ctx, hot{db}, single[bool], query, args...)
}

func listProjects(ctx context.Context, tx *sqlx.Tx, f reporting.ProjectFilter) (page reporting.ProjectPage, err error) {
	if f.Limit <= 0 {
		f.Limit = 10
	}
	f.Offset = max(0, f.Offset)
	if !f.StuckBefore.IsZero() {
		return stuck(ctx, tx, f)
	}
	counted, err := countList(ctx, tx, f)
	if err != nil {
		return page, fmt.Errorf("count: %w", err)
	}
	page.Total, page.Invest = counted.n, counted.invest
	if page.Total == 0 {
		return page, nil
	}
	few, err := fewOfKind(ctx, tx, f, page.Total)
	if err != nil {
		return page, fmt.Errorf("count kinds: %w", err)
	}
	read := func(w window) ([]reporting.Project, error) {
		text, args := pageQuery(f, w, few)
		return selectWithin(ctx, tx, projectFields, text, args...)
	}
	if w, ok := beside(f); ok {
		page.Projects, err = read(w)
		if err != nil || len(page.Projects) > 0 {
			return page, err
		}
	}
	if f.Offset < page.Total {
		page.Projects, err = read(numbered(f, page.Total))
	}
	return page, err
}

// selectWithin is all for a query whose ? stand for lists or values.
func selectWithin[T any](ctx context.Context, tx *sqlx.Tx, fields func(*T) []any, text string, args ...any) ([]T, error) {
	query, bound, err := within(text, args...)
	if err != nil {
		return nil, err
	}
	return all(ctx, tx, fields, query, bound...)
}

// window is the part of a list that a page shows, read from one end of it.
type window struct {
	fromEnd       bool           // the list is read from its last project on
	past          reporting.Mark // beginning past this one
	offset, limit int
}

// beside is the window next to the mark of f; false when it has none.
func beside(f reporting.ProjectFilter) (window, bool) {
	w := window{past: f.After, limit: f.Limit}
	if f.LargestFirst { // marks are places by day
		return w, false
	}
	if f.Before != (reporting.Mark{}) {
		w.fromEnd, w.past = true, f.Before
	}
	return w, w.past != (reporting.Mark{})
}

// numbered is the window at the offset of f in a list of total projects,
// counted from the nearer end.
func numbered(f reporting.ProjectFilter, total int) window {
	w := window{offset: f.Offset, limit: min(f.Limit, total-f.Offset)}
	if after := total - w.offset - w.limit; after < w.offset {
		w.fromEnd, w.offset = true, after
	}
	return w
}

// pageQuery returns the statement that reads a window. few lists are sorted,
// all others are read in the order of an index.
func pageQuery(f reporting.ProjectFilter, w window, few bool) (string, []any) {
	where := listed(f)
	from := "listings l"
	if few {
		from, where = kindsJoin(f, where)
	}
	order := func(on, id string, descending bool) string {
		if descending {
			return " ORDER BY " + on + " DESC, " + id + " DESC"
		}
		return " ORDER BY " + on + ", " + id
	}
	if w.past != (reporting.Mark{}) {
		than := map[bool]string{true: ">", false: "<"}[f.OldestFirst != w.fromEnd]
		where.and("(l.submitted_on, l.project_id) "+than+" (?, ?)", w.past.On.String(), w.past.ID)
	}
	by := "l.submitted_on"
	if f.LargestFirst {
		by = "l.invest_total"
	}
	return `SELECT ` + projectColumns + ` FROM projects JOIN (
			SELECT l.project_id, ` + by + ` AS listed_on FROM ` + from + ` WHERE ` + where.String() +
		order(by, "l.project_id", f.OldestFirst == w.fromEnd) + ` LIMIT ? OFFSET ?
		) AS listed ON id = project_id` + order("listed_on", "project_id", !f.OldestFirst), append(where.args, w.limit, w.offset)
}

// condition is a condition with ? for its arguments.
type condition struct {
	parts []string
	args  []any
}

func (c *condition) and(text string, args ...any) {
	c.parts, c.args = append(c.parts, text), append(c.args, args...)
}

// String returns the condition as SQL.
func (c *condition) String() string { return strings.Join(c.parts, " AND ") }

// alike adds what f asks of year, status, stage and kind to c, for the columns
// of a table.
func (c *condition) alike(table string, f reporting.ProjectFilter) {
	switch len(f.Status) {
	case 0:
	case 1:
		c.and(table+".status = ?", f.Status[0])
	default:
		c.and(table+".status IN (?)", f.Status)
	}
	if f.Year != 0 {
		c.and(table+".plan_year = ?", f.Year)
	}
	for _, equal := range [][2]string{
		{"stage", string(f.Stage)}, {"industry", f.Industry}, {"programme", f.Programme}, {"subpath", string(f.Path)},
	} {
		if equal[1] != "" {
			c.and(table+"."+equal[0]+" = ?", equal[1])
		}
	}
	if f.Route != "" {
		c.and(table+".subpath IN (?)", append(reporting.PathsOf(f.Route), "-")) // never empty, whatever the route
	}
}

// listed returns the condition on listings l.
func listed(f reporting.ProjectFilter) *condition {
	body := f.Body
	if body == reporting.City {
		body = f.Lead // a department has a listing of each project that it leads, and of few others
	}
	c := &condition{}
	c.and("l.body_id = ?", body)
	c.alike("l", f)
	if f.FiledBy != "" {
		c.and("l.filed_by = ?", f.FiledBy)
	}
	if f.Lead != "" {
		c.and("l.lead_dept = ?", f.Lead)
	}
	if f.StaleSince != 0 {
		c.and("l.updated_at < ?", f.StaleSince)
	}
	if !f.StuckBefore.IsZero() {
		c.and("l.waiting_since <> '' AND l.waiting_since < ?", f.StuckBefore.String())
	}
	if f.Detail != "" {
		c.and(`EXISTS (SELECT 1 FROM projects d WHERE d.id = l.project_id AND d.path_detail LIKE ? ESCAPE '\')`, "%"+likeText.Replace(f.Detail)+"%")
	}
	if f.Credited != (reporting.Days{}) {
		c.and(`EXISTS (SELECT 1 FROM credits d WHERE d.project_id = l.project_id AND d.body_id = ? AND d.from_day BETWEEN ? AND ? AND d.revoked_on = '')`,
			f.Body, f.Credited.From.String(), f.Credited.To.String())
	}
	if f.MinInvest != 0 {
		c.and("l.invest_total >= ?", f.MinInvest)
	}
	if f.MaxInvest != 0 {
		c.and("l.invest_total <= ?", f.MaxInvest)
	}
	return c
}

// likeText makes a text one that LIKE finds as it is.
var likeText = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// scopeOf returns whose cells count the list of f; false when none do.
func scopeOf(f reporting.ProjectFilter) (string, bool) {
	switch {
	case f.FiledBy != "":
		return filedScope(f.FiledBy), f.Body == "" && f.Lead == ""
	case f.Lead != "" && f.Lead != f.Body:
		return ledScope(f.Body, f.Lead), true
	case f.Lead != "":
		return ledScope(reporting.City, f.Lead), true
	}
	return f.Body, true
}

// cells returns the condition on list_totals k for the cells of b that f selects.
func (b breakdown) cells(scope string, f reporting.ProjectFilter) *condition {
	c := &condition{}
	c.and("k.scope = ? AND k.breakdown = ?", scope, b.name)
	c.alike("k", f)
	return c
}

// kinds returns the condition on list_totals k for the kinds that f selects, of
// all that its body has.
func kinds(f reporting.ProjectFilter) *condition {
	f.FiledBy = ""
	if f.Body != reporting.City {
		f.Lead = ""
	}
	scope, _ := scopeOf(f)
	return byKind.cells(scope, f)
}

// kindsJoin returns the tables, and the condition, by which exactly the
// listings are read that are of the kinds that f selects.
func kindsJoin(f reporting.ProjectFilter, where *condition) (string, *condition) {
	c := kinds(f)
	c.and("k.n > 0")
	for _, column := range []string{"plan_year", "status", "stage", "industry", "subpath", "programme"} {
		c.and("l." + column + " = k." + column)
	}
	// The plus keeps SQLite from walking the index of updates for each kind.
	c.and(strings.ReplaceAll(where.String(), "l.updated_at", "+l.updated_at"), where.args...)
	return "list_totals k CROSS JOIN listings l", c
}

// fewListings is how many listings are sorted for a page.
const fewListings = 2000

// fewOfKind reports whether there are few listings of the kinds that f selects;
// total are left of them when the rest of f is asked, too.
func fewOfKind(ctx context.Context, tx *sqlx.Tx, f reporting.ProjectFilter, total int) (bool, error) {
	if f.FiledBy != "" || total > fewListings {
		return false, nil
	}
	s, err := countWhere(ctx, tx, "SUM(k.n)", "SUM(k.invest)", "list_totals k", kinds(f))
	return s.n <= fewListings, err
}

// countList counts what f selects: from cells as far as they tell apart what f
// asks for, and from listings beyond.
func countList(ctx context.Context, tx *sqlx.Tx, f reporting.ProjectFilter) (sum, error) {
	scope, ok := scopeOf(f)
	for _, b := range breakdowns {
		if !ok || !b.tells(scope, f) {
			continue
		}
		c := b.cells(scope, f)
		rest := b.whole(c, f)
		s, err := countWhere(ctx, tx, "SUM(k.n)", "SUM(k.invest)", "list_totals k", c)
		for _, r := range rest {
			if err == nil {
				var more sum
				more, err = countWhere(ctx, tx, "COUNT(*)", "SUM(l.invest_total)", "listings l", r)
				s.n, s.invest = s.n+more.n, s.invest+more.invest
			}
		}
		return s, err
	}
	from, where := "listings l", listed(f)
	if f.FiledBy == "" {
		from, where = kindsJoin(f, where)
	}
	return countWhere(ctx, tx, "COUNT(*)", "SUM(l.invest_total)", from, where)
}

func countWhere(ctx context.Context, tx *sqlx.Tx, n, invest, from string, where *condition) (sum, error) {
	rows, err := selectWithin(ctx, tx, (*sum).fields, `SELECT CAST(COALESCE(`+n+`, 0) AS BIGINT), CAST(COALESCE(`+invest+`, 0) AS BIGINT)
		FROM `+from+` WHERE `+where.String(), where.args...)
	if err != nil || len(rows) == 0 {
		return sum{}, err
	}
	return rows[0], nil
}

// tells reports whether b tells apart all that f asks for in a scope.
func (b breakdown) tells(scope string, f reporting.ProjectFilter) bool {
	amount := f.MinInvest != 0 || f.MaxInvest != 0
	path := f.Route != "" || f.Path != "" || f.Programme != ""
	return f.Detail == "" && f.Credited == (reporting.Days{}) && b.of(scope) && (b.industries || f.Industry == "") && (b.paths || !path) &&
		b.amounts == amount && b.updates == (f.StaleSince != 0)
}

// whole narrows the cells to those that f selects as a whole, and returns the
// conditions on listings for what lies in others: at the ends of a range of
// money, and on the day on which staleness begins.
func (b breakdown) whole(c *condition, f reporting.ProjectFilter) []*condition {
	switch {
	case b.updates:
		n := dayNumber(f.StaleSince)
		from := n*dayLong - dayShift
		c.and("k.part < ?", n)
		if from == f.StaleSince {
			return nil
		}
		rest := listed(f)
		rest.and("l.updated_at >= ?", from)
		return []*condition{rest}
	case b.amounts:
		first, last, ends := wholeBands(f.MinInvest, f.MaxInvest)
		c.and("k.part BETWEEN ? AND ?", first, last)
		rest := make([]*condition, len(ends))
		for i, e := range ends {
			end := f
			end.MinInvest, end.MaxInvest = e[0], e[1]
			rest[i] = listed(end)
		}
		return rest
	}
	return nil
}

// wholeBands returns the first and the last band that lies in a range of
// totals, and the ranges that are left at its ends; 0 means no bound.
func wholeBands(low, high reporting.Wan) (first, last int64, ends [][2]reporting.Wan) {
	if low == 0 {
		low = noAmount
	}
	if high == 0 {
		high = maxAmount
	}
	first, last = band(low), band(high)
	if first > last {
		return first, last, nil
	}
	firstLow, firstHigh := bandEnds(first)
	lastLow, lastHigh := bandEnds(last)
	cutFirst, cutLast := firstLow < low, lastHigh > high
	if first == last && (cutFirst || cutLast) {
		return first, first - 1, [][2]reporting.Wan{{low, high}}
	}
	if cutFirst {
		first, ends = first+1, append(ends, [2]reporting.Wan{low, firstHigh})
	}
	if cutLast {
		last, ends = last-1, append(ends, [2]reporting.Wan{lastLow, high})
	}
	return first, last, ends
}
