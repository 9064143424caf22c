package storage

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/mouhua/mouhua/reporting"
)

// wipe empties the database of all but bodies, so that one run knows nothing of
// the last.
func wipe(r *rapid.T, db *DB) {
	for _, table := range []string{
		"project_notes", "problems", "approvals", "likenesses", "list_totals", "listings", "credits", "corrections", "frozen_lines", "frozen_years", "year_asks",
		"tally_days", "tallies", "audit", "outbox", "deliveries", "counters", "projects",
	} {
		if _, err := db.pool.ExecContext(r.Context(), "DELETE FROM "+table); err != nil {
			r.Fatalf("empty %s: %v", table, err)
		}
	}
}

// compare checks all projects with their credits, the audit trails of those
// that the step was about, and what holds for the whole database.
func (m *machine) compare(about ...*plainProject) {
	m.ledger, m.now = map[string][]string{}, map[string]reporting.Project{}
	for _, line := range m.texts(`SELECT project_id || ' ' || year || '/' || body_id || '/' || role FROM credits WHERE revoked_on = '' ORDER BY 1`) {
		id, credit, _ := strings.Cut(line, " ")
		m.ledger[id] = append(m.ledger[id], credit)
	}
	for _, p := range m.all {
		q, err := m.db.Project(m.Context(), p.id)
		if err != nil {
			m.Fatal(err)
		}
		m.now[p.id] = q
		if shown(q) != p.shown() {
			m.Fatalf("%s is %s, want %s", p.id, shown(q), p.shown())
		}
		slices.Sort(m.ledger[p.id])
		if diff := cmp.Diff(p.credits(), m.ledger[p.id]); diff != "" {
			m.Fatalf("credits of %s %s (-want +got):\n%s", p.id, p.shown(), diff)
		}
	}
	for _, p := range about {
		if p != nil {
			m.compareBeside(p, m.now[p.id])
			m.replay(m.now[p.id])
		}
	}
	m.invariants()
}

// replay checks that the audit trail leads without a gap to the present state.
func (m *machine) replay(now reporting.Project) {
	var state reporting.Project
	befores := m.texts(`SELECT COALESCE(before, '{}') FROM audit WHERE kind = 'project' AND subject = $1 ORDER BY id`, now.ID)
	for i, after := range m.texts(`SELECT after FROM audit WHERE kind = 'project' AND subject = $1 ORDER BY id`, now.ID) {
		var before, next reporting.Project
		if err := json.Unmarshal([]byte(befores[i]), &before); err != nil {
			m.Fatal(err)
		}
		if err := json.Unmarshal([]byte(after), &next); err != nil {
			m.Fatal(err)
		}
		if before.Version = 0; before != state {
			m.Fatalf("event %d of %s begins elsewhere (-before +then):\n%s", i, now.ID, cmp.Diff(state, before))
		}
		next.Version = 0
		state = next
	}
	if now.Version = 0; state != now {
		m.Fatalf("the audit of %s ends elsewhere (-audit +now):\n%s", now.ID, cmp.Diff(state, now))
	}
}

// invariants checks what holds for the whole database.
func (m *machine) invariants() {
	if twice := m.texts(`SELECT project_id FROM credits WHERE revoked_on = '' GROUP BY project_id, year, role HAVING COUNT(*) > 1`); len(twice) > 0 {
		m.Fatalf("credited twice: %v", twice)
	}
	if years := m.texts(`SELECT project_id FROM credits WHERE revoked_on = '' GROUP BY project_id HAVING COUNT(DISTINCT year) > 1`); len(years) > 0 {
		m.Fatalf("credited in two years: %v", years)
	}
	distinct := m.texts(`SELECT CAST(COUNT(DISTINCT project_id) AS TEXT) FROM credits WHERE revoked_on = ''`)
	city := m.texts(`SELECT CAST(COALESCE(SUM(credited), 0) AS TEXT) FROM tallies WHERE body_id = ''`)
	if diff := cmp.Diff(distinct, city); diff != "" {
		m.Fatalf("the city counts otherwise (-distinct +city):\n%s", diff)
	}
	for year, first := range m.frozen {
		now, ok, err := m.db.FrozenYear(m.Context(), year)
		if err != nil || !ok {
			m.Fatalf("frozen %d is gone: %v", year, err)
		}
		if diff := cmp.Diff(first, now); diff != "" {
			m.Fatalf("frozen %d changed (-before +now):\n%s", year, diff)
		}
		m.corrected(year)
	}
}

// freezes compares a year that is frozen for the first time with what the model
// counts for it. One of which there was nothing is not frozen.
func (m *machine) freezes(year int) {
	if _, known := m.frozen[year]; known {
		return
	}
	want := map[string]int{}
	for _, p := range m.all {
		for _, credit := range p.credits() {
			if parts := strings.Split(credit, "/"); parts[0] == strconv.Itoa(year) {
				want[parts[1]]++
			}
		}
	}
	f, ok, err := m.db.FrozenYear(m.Context(), year)
	if err != nil || !ok && len(want) > 0 {
		m.Fatalf("%d is not frozen, of which there is %v: %v", year, want, err)
	}
	if !ok {
		return
	}
	got := map[string]int{}
	for _, s := range f.Standings {
		if s.Tally.Credited != 0 {
			got[s.BodyID] = s.Tally.Credited
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		m.Fatalf("%d is frozen otherwise (-want +got):\n%s", year, diff)
	}
	m.frozen[year] = f
	m.tally.frozen++
}

// corrected checks that a frozen year with its corrections is what counts today.
func (m *machine) corrected(year int) {
	got := map[string][]string{}
	for _, line := range m.texts(`SELECT project_id || ' ' || year || '/' || body_id || '/' || role FROM (
			SELECT project_id, year, body_id, role, 1 AS n FROM frozen_lines WHERE year = $1
			UNION ALL SELECT project_id, year, body_id, role, delta FROM corrections WHERE year = $1
		) AS lines GROUP BY project_id, year, body_id, role HAVING SUM(n) <> 0 ORDER BY 1`, year) {
		id, credit, _ := strings.Cut(line, " ")
		got[id] = append(got[id], credit)
	}
	want := map[string][]string{}
	for _, p := range m.all {
		if credits := p.creditsToday(); p.year == year && len(credits) > 0 {
			want[p.id] = credits
		}
	}
	for credits := range maps.Values(got) {
		slices.Sort(credits)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		m.Fatalf("%d with its corrections (-want +got):\n%s", year, diff)
	}
}

// counted counts the tallies anew.
func (m *machine) counted() {
	wrong, err := m.db.Recount(m.Context())
	if err != nil || len(wrong) > 0 {
		m.Fatalf("recount: %v, %v", wrong, err)
	}
}

func (m *machine) texts(query string, args ...any) []string {
	out, err := all(m.Context(), m.db.pool, single[string], query, args...)
	if err != nil {
		m.Fatal(err)
	}
	return out
}
