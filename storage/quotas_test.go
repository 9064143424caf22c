package storage

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/reporting"
)

var quotaOffice = reporting.Actor{UserID: "U2", Role: reporting.Reviewer}

// setting is a decision that sets jingyue's quota of 2018.
func setting(count int, from string, seen int, request string) func(reporting.QuotaBook) (reporting.QuotaChange, error) {
	return func(book reporting.QuotaBook) (reporting.QuotaChange, error) {
		q := reporting.Quota{Count: count, EffectiveFrom: date(from), Reason: "r", DecidedBy: "d", DocNo: "长府办〔2018〕1号"}
		return reporting.SetQuota(quotaOffice, book, q, seen, request, start.UnixMilli())
	}
}

func asking(id string, wanted int) func(reporting.QuotaBook) (reporting.QuotaChange, error) {
	official := reporting.Actor{UserID: "U1", Role: reporting.Official, BodyID: "jingyue"}
	return func(book reporting.QuotaBook) (reporting.QuotaChange, error) {
		return reporting.AskQuota(official, book, id, wanted, "r", date("2018-07-31"), start.UnixMilli())
	}
}

func testQuotas(t *testing.T, at string) {
	db, _ := seeded(t, at)
	file(t, db, verify("2018-07-20"))
	set := func(once string, decide func(reporting.QuotaBook) (reporting.QuotaChange, error)) (reporting.QuotaBook, error) {
		return db.ChangeQuota(t.Context(), once, "jingyue", 2018, decide)
	}
	must(t)(set("view/1", setting(65, "2018-01-01", 0, "")))
	book, err := set("view/2", setting(72, "2018-07-01", 1, ""))
	check(t, err)
	again, err := set("view/2", setting(72, "2018-07-01", 1, ""))
	same(t, "delivered again", errors.Is(err, reporting.ErrRepeated), true)
	same(t, "the book of both", again, book)
	same(t, "counts", []int{book.Versions[0].Count, book.Versions[1].Count, book.Last()}, []int{65, 72, 2})
	same(t, "written by", book.Versions[1].SetBy, "U2")
	_, err = set("view/3", setting(80, "2018-07-01", 1, ""))
	failsWith(t, err, reporting.Conflict)
	// The past is read against the version then in force.
	for on, want := range map[string]int{"2018-06-30": 65, "2018-07-01": 72} {
		s, err := db.Standing(t.Context(), "jingyue", 2018, date(on))
		check(t, err)
		same(t, on, []int{s.Quota.Count, s.Tally.Credited}, []int{want, 1})
	}
	same(t, "audit", query(t, db, `SELECT action || ' ' || subject FROM audit WHERE kind = 'quota' ORDER BY id`),
		[]string{"quota.set jingyue/2018", "quota.set jingyue/2018"})
	same(t, "owed to the channel", query(t, db, `SELECT key FROM outbox WHERE kind = 'quota_set' ORDER BY key`), []string{"quota/jingyue/2018/1", "quota/jingyue/2018/2"})
	_, err = db.QuotaBook(t.Context(), "nowhere", 2018)
	failsWith(t, err, reporting.NotFound)
	_, err = db.ChangeQuota(t.Context(), "", "nowhere", 2018, setting(1, "2018-01-01", 0, ""))
	failsWith(t, err, reporting.NotFound)

	// A file that says the same adds nothing, whoever wrote the version down.
	row := reporting.Quota{BodyID: "jingyue", Year: 2018, Count: 72, EffectiveFrom: date("2018-07-01"), Reason: "r", DecidedBy: "d", DocNo: "长府办〔2018〕1号"}
	sum, err := db.ImportQuotas(t.Context(), []reporting.Quota{row}, "file", false)
	check(t, err)
	same(t, "unchanged", sum, Summary{Unchanged: 1})
}

func testQuotaRequests(t *testing.T, at string) {
	db, _ := seeded(t, at)
	must(t)(db.ChangeQuota(t.Context(), "", "jingyue", 2018, setting(65, "2018-01-01", 0, "")))
	must(t)(db.ChangeQuota(t.Context(), "", "jingyue", 2018, asking("one", 60)))
	_, err := db.ChangeQuota(t.Context(), "", "jingyue", 2018, asking("two", 61))
	failsWith(t, err, reporting.Conflict)
	decline := func(book reporting.QuotaBook) (reporting.QuotaChange, error) {
		return reporting.DeclineQuota(quotaOffice, book, "one", "不变", start.UnixMilli())
	}
	must(t)(db.ChangeQuota(t.Context(), "", "jingyue", 2018, decline))
	_, err = db.ChangeQuota(t.Context(), "", "jingyue", 2018, decline)
	failsWith(t, err, reporting.Conflict)
	must(t)(db.ChangeQuota(t.Context(), "", "jingyue", 2018, asking("two", 61)))
	open, err := db.OpenQuotaRequests(t.Context())
	check(t, err)
	same(t, "open", []string{open[0].ID, open[len(open)-1].ID}, []string{"two", "two"})
	book, err := db.ChangeQuota(t.Context(), "", "jingyue", 2018, setting(62, "2018-08-01", 1, "two"))
	check(t, err)
	want := []reporting.QuotaRequest{
		{ID: "one", BodyID: "jingyue", Year: 2018, Wanted: 60, Reason: "r", AskedBy: "U1", AskedAt: start.UnixMilli(),
			Status: reporting.RequestDeclined, DecidedBy: "U2", DecidedAt: start.UnixMilli(), Answer: "不变"},
		{ID: "two", BodyID: "jingyue", Year: 2018, Wanted: 61, Reason: "r", AskedBy: "U1", AskedAt: start.UnixMilli(),
			Status: reporting.RequestAdopted, DecidedBy: "U2", DecidedAt: start.UnixMilli(), Answer: "r", QuotaVersion: 2},
	}
	same(t, "requests", book.Requests, want)
	same(t, "version", book.Versions[1].Count, 62)
	same(t, "answers", query(t, db, `SELECT recipient || ' ' || key FROM outbox WHERE kind = 'quota_answer' ORDER BY key`),
		[]string{"U1 quota-answer/one", "U1 quota-answer/two"})
	same(t, "audit", query(t, db, `SELECT action FROM audit WHERE kind = 'quota_request' ORDER BY id`),
		[]string{"quota.request", "quota.request.decline", "quota.request", "quota.request.adopt"})
}

func testTwoQuotas(t *testing.T, at string) {
	db, _ := seeded(t, at)
	refused := 0
	for _, err := range together(4, func(i int) error {
		_, err := db.ChangeQuota(t.Context(), fmt.Sprint("view/", i), "jingyue", 2018, setting(60+i, "2018-01-01", 0, ""))
		return err
	}) {
		if err != nil {
			failsWith(t, err, reporting.Conflict)
			refused++
		}
	}
	same(t, "refused", refused, 3)
	same(t, "versions", len(query(t, db, `SELECT reason FROM quotas`)), 1)
}

func testProgrammes(t *testing.T, at string) {
	db, _ := seeded(t, at)
	got, err := db.Programmes(t.Context())
	check(t, err)
	same(t, "none", len(got), 0)
	tagged := func(programme string, year int, invest reporting.Wan, status reporting.Status) {
		file(t, db, func(p *reporting.Project) {
			p.Programme, p.PlanYear, p.InvestTotal, p.Status, p.VerifiedOn = programme, year, invest, status, date("2018-07-20")
		})
	}
	tagged("P1", 2018, 500, reporting.Verified) // below the threshold
	tagged("P1", 2017, 20000, reporting.Carried)
	tagged("P1", 2018, 20000, reporting.Withdrawn)
	tagged("P2", 2018, 20000, reporting.Submitted)
	tagged("P3", 2018, 30000, reporting.Suspended)
	tagged("", 2018, 30000, reporting.Verified)
	got, err = db.Programmes(t.Context())
	check(t, err)
	same(t, "programmes", got, []reporting.ProgrammeTally{{Programme: "P1", Verified: 2, Invest: 20500}, {Programme: "P3", Verified: 1, Invest: 30000}})
}

// testQuotasOfBefore migrates a database that has quotas from before it was
// kept who wrote them down.
func testQuotasOfBefore(t *testing.T, at string) {
	db, err := Open(t.Context(), at, Config{})
	check(t, err)
	t.Cleanup(func() { _ = db.Close() })
	m, err := db.migrator()
	check(t, err)
	must(t)(m.UpTo(t.Context(), 1))
	for _, text := range []string{
		`INSERT INTO bodies (id, position, kind, league, name_zh_cn, name_zh_tw, name_en, short_zh_cn, short_zh_tw, short_en, aliases,
			channel_id, channel_since, parent_id, undeliverable_since, undeliverable_why, version)
			VALUES ('jingyue', 1, 'devzone', 'devzone', '', '', '', '', '', '', '[]', '', 0, '', 0, '', 1)`,
		`INSERT INTO quotas (body_id, year, version, owed, effective_from, reason, decided_by, doc_no) VALUES ('jingyue', 2018, 1, 65, '2018-01-01', 'r', 'd', 'n')`,
	} {
		if _, err := db.pool.Exec(text); err != nil {
			t.Fatal(err)
		}
	}
	must(t)(db.Migrate(t.Context()))
	book, err := db.QuotaBook(t.Context(), "jingyue", 2018)
	check(t, err)
	want := []reporting.Quota{{BodyID: "jingyue", Year: 2018, Version: 1, Count: 65, EffectiveFrom: date("2018-01-01"), Reason: "r", DecidedBy: "d", DocNo: "n"}}
	if diff := cmp.Diff(want, book.Versions); diff != "" {
		t.Error(diff)
	}
}
