package storage

import (
	"errors"
	"strings"
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

func bodyEvent(action string) reporting.Event {
	return reporting.Event{At: 1, Actor: "U9", Action: action, Kind: "body", Subject: "beihu"}
}

func testSaveBody(t *testing.T, at string) {
	db, _ := seeded(t, at)
	before, err := db.Bodies(t.Context())
	check(t, err)
	b := reporting.Body{
		ID: "beihu", Kind: reporting.DevZone, Group: "zones", Name: reporting.Names{ZhCN: "北湖", ZhTW: "北湖", En: "Beihu"},
		Short: reporting.Names{ZhCN: "北湖"}, Aliases: []string{"BH", "北湖区"}, ChannelID: "C7", ChannelSince: 5, ParentID: "jingyue",
		LeaderID: "U5", EndsOn: date("2018-08-31"), EndReason: "改革", SuccessorID: "jingyue",
	}
	check(t, db.SaveBody(t.Context(), "k1", b, bodyEvent("body.add")))
	list, err := db.Bodies(t.Context())
	check(t, err)
	got, _ := list.Find("beihu")
	b.Version = 1
	same(t, "added", got, b)
	same(t, "revision rose", list.Revision > before.Revision, true)

	steps := []struct {
		name, once string
		edit       func(b *reporting.Body)
		err        string
	}{
		{"delivered again", "k1", func(b *reporting.Body) { b.Version = 0 }, "repeated"},
		{"id taken", "k2", func(b *reporting.Body) { b.Version = 0 }, "err.body.exists"},
		{"edited", "k3", func(b *reporting.Body) { b.Name.ZhCN, b.EndsOn = "北湖新区", reporting.Date{} }, ""},
		{"version gone", "k4", func(b *reporting.Body) { b.Name.ZhCN = "x" }, "err.body.changed"},
		{"channel taken", "k5", func(b *reporting.Body) { b.ID, b.Version = "nanhu", 0 }, "err.channel.taken"},
		{"refused delivery may come again", "k5", func(b *reporting.Body) { b.ID, b.Version, b.ChannelID = "nanhu", 0, "" }, ""},
		{"nobody there", "k6", func(b *reporting.Body) { b.ID, b.Version, b.ChannelID = "donghu", 3, "" }, "err.body.changed"},
	}
	for _, s := range steps {
		next := b
		s.edit(&next)
		same(t, s.name, reasonOf(db.SaveBody(t.Context(), s.once, next, bodyEvent("body.edit"))), s.err)
	}
	list, err = db.Bodies(t.Context())
	check(t, err)
	got, _ = list.Find("beihu")
	same(t, "after the edit", []any{got.Name.ZhCN, got.EndsOn, got.Version}, []any{"北湖新区", reporting.Date{}, 2})
	same(t, "events", len(query(t, db, `SELECT action FROM audit WHERE kind = 'body' AND action <> 'body.import'`)), 3)

	// A file says neither who leads a body nor when it ended.
	file := got
	file.LeaderID, file.EndReason, file.SuccessorID = "", "", ""
	sum, err := db.ImportBodies(t.Context(), []reporting.Body{file}, "test", false)
	check(t, err)
	same(t, "import", sum, Summary{Unchanged: 1})
	file.Name.En = "Beihu Zone"
	must(t)(db.ImportBodies(t.Context(), []reporting.Body{file}, "test", false))
	list, err = db.Bodies(t.Context())
	check(t, err)
	got, _ = list.Find("beihu")
	same(t, "kept by the import", []string{got.LeaderID, got.EndReason, got.SuccessorID, got.Name.En}, []string{"U5", "改革", "jingyue", "Beihu Zone"})
}

// reasonOf returns the key of an error for a person.
func reasonOf(err error) string {
	var e *reporting.Error
	switch {
	case err == nil:
		return ""
	case errors.Is(err, reporting.ErrRepeated):
		return "repeated"
	case errors.As(err, &e):
		return e.Key
	}
	return err.Error()
}

func testTwoEditors(t *testing.T, at string) {
	db, _ := seeded(t, at)
	list, err := db.Bodies(t.Context())
	check(t, err)
	old, _ := list.Find("gxj")
	won := 0
	for _, err := range together(6, func(i int) error {
		b := old
		b.Name.En = strings.Repeat("x", i+1)
		return db.SaveBody(t.Context(), "", b, bodyEvent("body.edit"))
	}) {
		switch {
		case err == nil:
			won++
		case !conflicts(err):
			t.Errorf("the second was told %v", err)
		}
	}
	same(t, "who saved", won, 1)
	same(t, "events", len(query(t, db, `SELECT action FROM audit WHERE action = 'body.edit'`)), 1)
}

// leaving is a database in which U1 of jingyue has work in hand.
func leaving(t *testing.T, at string) *DB {
	db, _ := seeded(t, at)
	must(t)(db.ImportPeople(t.Context(), []reporting.Person{
		{UserID: "U1", Name: "a", Role: reporting.Official, BodyID: "jingyue"}, {UserID: "U2", Name: "b", Role: reporting.Official, BodyID: "jingyue"},
		{UserID: "U3", Name: "c", Role: reporting.Official, BodyID: "gxj"},
	}, "test", false))
	for _, status := range []reporting.Status{reporting.Submitted, reporting.Returned, reporting.Verified} {
		file(t, db, func(p *reporting.Project) { p.Status = status })
	}
	file(t, db, func(p *reporting.Project) { p.FiledBy = "U2" })
	for _, body := range []string{"jingyue", "jingyue", "gxj"} {
		must(t)(db.SaveDraft(t.Context(), reporting.Draft{UserID: "U1", BodyID: body, Values: map[string]string{"name": "x"}}))
	}
	return db
}

func testHandOver(t *testing.T, at string) {
	tests := []struct {
		to     string
		after  reporting.Person
		owner  string // of what was handed over
		reason string
	}{
		{to: "U2", owner: "U2"},
		{to: "", owner: ""},
		{to: "U2", owner: "U2", after: reporting.Person{Role: reporting.Official, BodyID: "gxj"}},
		{to: "U3", owner: "U1", reason: "err.handover.to"},
		{to: "U404", owner: "U1", reason: "err.handover.to"},
	}
	db := leaving(t, at)
	for i, test := range tests {
		p := test.after
		p.UserID, p.Name = "U1", "a"
		there, err := db.Person(t.Context(), "U1")
		check(t, err)
		p.Version = there.Version
		h := reporting.Handover{From: "U1", BodyID: "jingyue", To: test.to, Messages: []reporting.Message{
			{Key: "handed_over/" + string(rune('a'+i)), Kind: reporting.HandedOver, To: "U2"},
		}}
		e := reporting.Event{At: 1, Actor: "U9", Action: "person.leave", Kind: "person", Subject: "U1"}
		once := "k" + string(rune('a'+i))
		n, err := db.HandOver(t.Context(), once, p, h, e)
		same(t, "reason", reasonOf(err), test.reason)
		same(t, "owners of drafts of the body", query(t, db, `SELECT DISTINCT user_id FROM drafts WHERE body_id = 'jingyue'`), []string{test.owner})
		same(t, "owner of the draft of another body", query(t, db, `SELECT user_id FROM drafts WHERE body_id = 'gxj'`), []string{"U1"})
		for _, q := range []string{`SELECT DISTINCT filed_by FROM projects WHERE status IN ('submitted', 'returned') AND id < 'CC-2018-0003'`,
			`SELECT DISTINCT filed_by FROM listings WHERE status IN ('submitted', 'returned') AND project_id < 'CC-2018-0003'`} {
			same(t, q, query(t, db, q), []string{test.owner})
		}
		same(t, "a verified project stays", query(t, db, `SELECT filed_by FROM projects WHERE status = 'verified'`), []string{"U1"})
		same(t, "versions stay", query(t, db, `SELECT DISTINCT version FROM projects`), []string{"1"})
		if test.reason == "" {
			same(t, "moved", n, reporting.Handed{Drafts: 2, Projects: 2})
			same(t, "told", len(query(t, db, `SELECT key FROM outbox WHERE key = $1`, h.Messages[0].Key)), 1)
			if _, err := db.HandOver(t.Context(), once, p, h, e); !errors.Is(err, reporting.ErrRepeated) {
				t.Errorf("delivered again: got %v", err)
			}
			p.Version = 99
			_, err := db.HandOver(t.Context(), "", p, h, e)
			failsWith(t, err, reporting.Conflict)
			now, err := db.Person(t.Context(), "U1")
			check(t, err)
			same(t, "role now", now.Role, test.after.Role)
		}
		same(t, "no tally moved", recounted(t, db), 0)
		// Back to the beginning.
		must(t)(db.ImportPeople(t.Context(), []reporting.Person{{UserID: "U1", Name: "a", Role: reporting.Official, BodyID: "jingyue"}}, "test", false))
		for _, q := range []string{`UPDATE drafts SET user_id = 'U1'`, `UPDATE projects SET filed_by = 'U1' WHERE id < 'CC-2018-0004'`,
			`UPDATE listings SET filed_by = 'U1' WHERE project_id < 'CC-2018-0004'`} {
			must(t)(db.pool.ExecContext(t.Context(), q))
		}
		check(t, db.Rebuild(t.Context()))
	}
	same(t, "audit", []int{
		len(query(t, db, `SELECT subject FROM audit WHERE action = 'draft.handover'`)), len(query(t, db, `SELECT subject FROM audit WHERE action = 'project.handover'`)),
	}, []int{6, 6})
}

// recounted returns how many tallies a recount finds wrong.
func recounted(t *testing.T, db *DB) int {
	t.Helper()
	found, err := db.Recount(t.Context())
	check(t, err)
	return len(found)
}

func testTakeDraft(t *testing.T, at string) {
	db, _ := seeded(t, at)
	d, err := db.SaveDraft(t.Context(), reporting.Draft{BodyID: "jingyue", Values: map[string]string{"name": "x"}})
	check(t, err)
	mine, err := db.TakeDraft(t.Context(), d.ID, "U1")
	check(t, err)
	same(t, "owner", []any{mine.UserID, mine.Values["name"]}, []any{"U1", "x"})
	must(t)(db.TakeDraft(t.Context(), d.ID, "U1"))
	for _, id := range []string{d.ID, "nowhere"} {
		_, err = db.TakeDraft(t.Context(), id, "U2")
		failsWith(t, err, reporting.NotFound)
	}
}

// testBodiesOfBefore migrates a database that has bodies already.
func testBodiesOfBefore(t *testing.T, at string) {
	db, err := Open(t.Context(), at, Config{})
	check(t, err)
	defer func() { check(t, db.Close()) }()
	m, err := db.migrator()
	check(t, err)
	must(t)(m.UpTo(t.Context(), 3))
	must(t)(db.pool.ExecContext(t.Context(), `INSERT INTO bodies VALUES ('jingyue', 1, 'devzone', 'devzone', '净月', '淨月', '', '净月', '', '', '["JY"]', 'C1', 7, '', 0, '', 4)`))
	must(t)(db.Migrate(t.Context()))
	list, err := db.Bodies(t.Context())
	check(t, err)
	want := reporting.Body{
		ID: "jingyue", Kind: reporting.DevZone, Group: "devzone", Name: reporting.Names{ZhCN: "净月", ZhTW: "淨月"}, Short: reporting.Names{ZhCN: "净月"},
		Aliases: []string{"JY"}, ChannelID: "C1", ChannelSince: 7, Version: 4,
	}
	same(t, "bodies", list.All, []reporting.Body{want})
	want.LeaderID = "U5"
	check(t, db.SaveBody(t.Context(), "", want, bodyEvent("body.edit")))
}
