package main

import (
	"database/sql"
	"strings"
	"testing"
)

// TestFaultOutsiders has a guest and somebody of another workspace, both with a
// role that the office gave them by mistake, try what officials do: they see
// the help, and nothing is written.
func TestFaultOutsiders(t *testing.T) {
	bothWaysIn(t, func(t *testing.T, m *mouhua, db *sql.DB) {
		m.engage(guest+",冯某,official,jingyue", foreigner+",褚某,admin,")
		m.serve()
		// What Mouhua does of its own accord is nobody's doing.
		const written = `SELECT COUNT(*) FROM audit WHERE actor <> 'mouhua'`
		before := count(t, db, written)
		for _, id := range []string{guest, foreigner} {
			who := m.as(id)
			for _, text := range []string{"/quota", "/project register", "/body assign @qian official 净月", "/mouhua help"} {
				if said := words(who.types(channelJY, text, "正式成员账号")); strings.Contains(said, "已核实") {
					t.Errorf("%s: %s tells figures: %s", id, text, said)
				}
			}
			who.types(channelJY, "@mouhua 净月", "正式成员账号")
			if len(who.Views()) != 0 {
				t.Errorf("%s: a form opened", id)
			}
		}
		if n := count(t, db, written) + count(t, db, `SELECT COUNT(*) FROM drafts`); n != before {
			t.Errorf("%d rows were written", n-before)
		}
	})
}
