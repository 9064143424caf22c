package storage

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/reporting"
)

// fresh returns the URL of an empty database of its own.
type fresh func(t testing.TB) string

// The databases take turns at the processors: one computes while the other's
// server does.
func TestSQLite(t *testing.T) {
	t.Parallel()
	runSuite(t, func(t testing.TB) string {
		return "sqlite://" + filepath.Join(t.TempDir(), "mouhua 100%.db")
	})
}

func TestPostgreSQL(t *testing.T) {
	t.Parallel()
	runSuite(t, postgres(t))
}

// postgres gives each test a schema of its own on the server that
// TEST_POSTGRES_URL names.
func postgres(t testing.TB) fresh {
	t.Helper()
	base := os.Getenv("TEST_POSTGRES_URL")
	if base == "" {
		t.Skip("TEST_POSTGRES_URL names no PostgreSQL server to run the suite on")
	}
	server, err := sql.Open("postgres", base)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	return func(t testing.TB) string {
		schema := "test_" + strings.ToLower(rand.Text())
		if _, err := server.Exec(`CREATE SCHEMA ` + schema); err != nil {
			t.Fatalf("create schema: %v", err)
		}
		t.Cleanup(func() {
			if _, err := server.Exec(`DROP SCHEMA ` + schema + ` CASCADE`); err != nil {
				t.Errorf("drop schema: %v", err)
			}
		})
		u, err := url.Parse(base)
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		q.Set("search_path", schema)
		u.RawQuery = q.Encode()
		return u.String()
	}
}

// suite is every case that both databases must pass.
var suite = map[string]func(t *testing.T, at string){
	"conversations": testConversations, "inflow": testInflow, "shares": testShares, "details": testDetails, "names": testProjectNames, "standings of a day": testStandingsOn,
	"migrate": testMigrate, "replicas migrate": testReplicasMigrate,
	"directory": testDirectory, "directory of another replica": testDirectoryReplica, "assign person": testAssignPerson, "set channel": testSetChannel,
	"save body": testSaveBody, "two editors": testTwoEditors, "hand over": testHandOver, "take draft": testTakeDraft, "bodies of before": testBodiesOfBefore,
	"file": testFile, "change": testChange, "delivered again": testDeliveredAgain, "forget": testForget, "round trip": testRoundTrip, "list": testList,
	"credits": testCredits, "standing": testStanding, "standings": testStandings, "recount": testRecount, "random changes": testRandomChanges,
	"year boundary": testYearBoundary, "life of projects": testMachine,
	"merge": testMerge, "concurrent merges": testConcurrentMerges, "asking": testAsking, "notes": testNotes, "migrate life": testLifeMigration,
	"problems": testProblems, "problem lists": testProblemLists, "problems end": testProblemsEnd,
	"problems handed over": testProblemsHanded, "problems left": testProblemsLeft,
	"approvals": testApprovals, "stuck": testStuck,
	"alike": testAlike, "held": testHeld, "codes": testCodes, "guards of before": testGuardsOfBefore,
	"codes at once": testCodesAtOnce, "flagged": testFlagged, "held once credited": testHeldCredited, "import marks": testImportMarks,
	"rules": testRules, "rules at once": testRulesAtOnce, "rules of before": testRulesOfBefore,
	"plan year": testPlanYear, "indicators": testIndicators, "upkeep": testUpkeep, "tallies of before": testTalliesOfBefore,
	"quotas": testQuotas, "quota requests": testQuotaRequests, "two quotas at once": testTwoQuotas, "programmes": testProgrammes,
	"quotas of before": testQuotasOfBefore,
	"drafts":           testDrafts, "waiting": testWaiting,
	"plan": testPlan, "skip": testSkip, "two clocks": testTwoClocks, "fair claims": testFairClaims, "moved channel": testMovedChannel,
	"rehearsal": testRehearsal, "threads": testThreads, "open week": testOpenWeek, "calendars": testCalendars,
	"calendars at once": testCalendarsAtOnce, "nudge settings": testNudgeSettings, "two nudge setters": testTwoNudgeSetters, "trouble": testTrouble, "pending": testPending, "plan many": testPlanMany,
	"collapse": testCollapse, "due load": testDueLoad, "repair": testRepair, "deadline counts": testDeadlineCounts,
	"deliveries": testDeliveries, "week news": testWeekNews, "city change": testCityChange, "nudge edits": testNudgeEdits,
	"nudge log": testNudgeLog, "edit under way": testEditUnderWay, "filed while posting": testFiledWhilePosting, "filed at once": testFiledAtOnce,
	"change week": testChangeWeek, "presses at once": testPressesAtOnce, "import news": testImportNews,
	"claim": testClaim, "settle": testSettle, "dead nudge": testDeadNudge, "edits": testEdits,
	"import bodies": testImportBodies, "import people": testImportPeople, "import quotas": testImportQuotas, "import projects": testImportProjects,
	"import many": testImportMany,
	"export":      testExport, "import versions": testImportVersions, "import refused": testImportRefused, "import progress": testImportProgress,
	"concurrent claims": testConcurrentClaims, "concurrent filing": testConcurrentFiling, "two reviewers": testTwoReviewers,
	"concurrent delivery": testConcurrentDelivery, "concurrent credits": testConcurrentCredits,
	"list filters": testListFilters, "lists of before": testListsOfBefore,
	"year end": testYearEnd, "hold": testHold, "days of grace": testGrace, "outage at a year end": testOutage, "corrections": testCorrectionsNet, "years of before": testYearsOfBefore, "year that owed nothing": testYearOfBefore,
	"bulletins": testBulletins, "bulletins at once": testBulletinsAtOnce, "figures of bulletins": testBulletinSnapshot, "bulletins of a frozen year": testBulletinFrozen,
	"catalogue": testCatalogue, "save entry": testSaveEntry, "record": testRecord,
	"edit races approval": testEditRacesApproval, "edit races office": testEditRacesOffice, "grant races proposal": testGrantRacesProposal,
	"import races filing": testImportRacesFiling, "refusals": testRefusals, "import states": testImportStates,
	"simulated year": testSimulatedYear,
	"deadline":       testDeadline, "on change": testOnChange,
	"totals of lists": testTotals, "pages": testPages, "wrong totals": testWrongTotals,
	"import once": testImportOnce, "export listed": testExportListed, "project files": testProjectFiles, "evidence of before": testEvidenceOfBefore, "import masked": testImportMasked,
}

func runSuite(t *testing.T, open fresh) {
	for name, test := range suite {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

// The moment at which the suite's clock stands: 31 July 2018, 14:05 in Changchun.
var start = time.Date(2018, 7, 31, 14, 5, 0, 0, shanghai())

func shanghai() *time.Location {
	loc, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		panic(err) // the zones are linked in
	}
	return loc
}

// clock is a clock that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

func (c *clock) add(d time.Duration) { c.set(c.now().Add(d)) }

// migrated is a SQLite file with its schema: to migrate one for each case took
// most of the suite's time.
var migrated = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "mouhua")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "mouhua.db")
	db, err := Open(context.Background(), "sqlite://"+file, Config{})
	if err != nil {
		return nil, err
	}
	_, err = db.Migrate(context.Background())
	if err = errors.Join(err, db.Close()); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
})

// open opens and migrates a database with a clock of its own.
func open(t *testing.T, at string) (*DB, *clock) {
	t.Helper()
	if file, ok := strings.CutPrefix(at, "sqlite://"); ok {
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			schema, err := migrated()
			check(t, errors.Join(err, os.WriteFile(file, schema, 0o600)))
		}
	}
	c := &clock{at: start}
	db, err := Open(t.Context(), at, Config{Now: c.now})
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if _, err := db.Migrate(t.Context()); err != nil {
		t.Fatalf("migrate: %v", err)
	}
	return db, c
}

// seeded is open with four bodies.
func seeded(t *testing.T, at string) (*DB, *clock) {
	t.Helper()
	db, c := open(t, at)
	must(t)(db.ImportBodies(t.Context(), bodies(), "test", false))
	return db, c
}

func bodies() []reporting.Body {
	named := func(id string, k reporting.Kind, name string) reporting.Body {
		return reporting.Body{ID: id, Kind: k, Name: reporting.Names{ZhCN: name}, Short: reporting.Names{ZhCN: name}}
	}
	return []reporting.Body{
		named("gxj", reporting.Department, "工信局"), named("jingyue", reporting.DevZone, "净月区"),
		named("kuancheng", reporting.District, "宽城区"), named("fgw", reporting.Department, "发改委"),
	}
}

// must fails the test on an error and drops the value.
func must(t *testing.T) func(v any, err error) {
	return func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func failsWith(t *testing.T, err error, code reporting.Code) {
	t.Helper()
	if got := reporting.CodeOf(err); got != code {
		t.Errorf("got error %v (code %q), want code %q", err, got, code)
	}
}

func date(s string) reporting.Date {
	d, err := reporting.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// sample is a submitted project of 2018 that would count.
func sample() reporting.Project {
	return reporting.Project{
		Name: "净月智能制造产业园", ReporterBody: "jingyue", TerritoryBody: "jingyue", LeadDept: "gxj", InvestTotal: 32000,
		Stage: reporting.S1, Status: reporting.Submitted, PlanYear: 2018, SubmittedOn: date("2018-07-01"), FiledBy: "U1",
	}
}

// file files a sample, changed by edit.
func file(t *testing.T, db *DB, edit func(p *reporting.Project)) reporting.Project {
	t.Helper()
	p := sample()
	if edit != nil {
		edit(&p)
	}
	out, err := db.FileProject(t.Context(), "", p.PlanYear, filing(p))
	check(t, err)
	return out
}

// filing is a decision that files p.
func filing(p reporting.Project) func(id string) (reporting.Change, error) {
	return func(id string) (reporting.Change, error) {
		p.ID = id
		return reporting.Change{Project: p, Event: reporting.Event{Actor: "U1", Action: "project.submit", Kind: "project", Subject: id, After: p}}, nil
	}
}

// editing is a decision that applies edit.
func editing(action string, edit func(p *reporting.Project)) func(p reporting.Project) (reporting.Change, error) {
	return func(p reporting.Project) (reporting.Change, error) {
		before := p
		edit(&p)
		return reporting.Change{Project: p, Event: reporting.Event{
			Actor: "U2", Action: action, Kind: "project", Subject: p.ID, Before: before, After: p,
		}}, nil
	}
}

func alter(t *testing.T, db *DB, id, action string, edit func(p *reporting.Project)) reporting.Project {
	t.Helper()
	p, err := db.ChangeProject(t.Context(), "", id, editing(action, edit))
	check(t, err)
	return p
}

// verify is the edit of an approval on a day.
func verify(on string) func(p *reporting.Project) {
	return func(p *reporting.Project) { p.Status, p.VerifiedOn = reporting.Verified, date(on) }
}

// query returns the first column of a query as text.
func query(t *testing.T, db *DB, text string, args ...any) []string {
	t.Helper()
	out, err := all(context.Background(), db.pool, single[string], text, args...)
	check(t, err)
	return out
}
