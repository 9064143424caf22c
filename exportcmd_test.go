package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/exchange"
	"github.com/mouhua/mouhua/reporting"
	"github.com/mouhua/mouhua/storage"
)

// register is a database of hostile texts and the program on it.
type register struct {
	t      *testing.T
	config string
}

func newRegister(t *testing.T, url string) *register {
	t.Helper()
	r := &register{t, filepath.Join(t.TempDir(), "config.toml")}
	writeFile(t, r.config, fmt.Sprintf("locale = \"en\"\n[storage]\nurl = %q\n", url))
	r.run("migrate")
	return r
}

// run returns what a command says; it must succeed.
func (r *register) run(args ...string) string {
	r.t.Helper()
	var out, errs bytes.Buffer
	if err := run(r.t.Context(), append(args, "-config", r.config), noEnv, strings.NewReader(""), &out, &errs); err != nil {
		r.t.Fatalf("%v: %v\n%s", args, err, errs.String())
	}
	return out.String()
}

// fill writes rows that a format could spoil straight into the database.
func (r *register) fill(url string) {
	r.t.Helper()
	ctx := r.t.Context()
	db, err := storage.Open(ctx, url, storage.Config{})
	if err != nil {
		r.t.Fatal(err)
	}
	defer db.Close()
	day := reporting.Date{Year: 2018, Month: 3, Day: 5}
	month := reporting.Month{Year: 2018, Month: 5}
	var bodies []reporting.Body
	var quotas []reporting.Quota
	var people []reporting.Person
	var projects []reporting.Project
	for i, s := range []string{
		"=1+1", "<!channel>", "line 1\nline 2", "a\r\nb", `say "hi", twice`, "a|b", "🏭", "007", "+86 431", "-", "@x", "'=1", " x ", "1E5", "2018-03-05", "_x000D_",
	} {
		id := fmt.Sprintf("b%d", i)
		bodies = append(bodies, reporting.Body{
			ID: id, Kind: reporting.DevZone, Group: s, Name: reporting.Names{ZhCN: s, ZhTW: s, En: s}, Short: reporting.Names{ZhCN: s, En: s},
			Aliases: []string{"a|b", `\`, "=x"}, EndsOn: day, EndReason: s, SuccessorID: "b0",
		})
		for v := range 3 {
			quotas = append(quotas, reporting.Quota{BodyID: id, Year: 2018, Version: v + 1, Count: v, EffectiveFrom: day, Reason: s, DecidedBy: s, DocNo: s})
		}
		people = append(people, reporting.Person{UserID: fmt.Sprintf("U0A%d", i), Name: s, Role: reporting.Official, BodyID: id})
		for j, status := range reporting.Statuses {
			projects = append(projects, reporting.Project{
				ID: reporting.NewProjectID(2017+j%2, i*100+j), Name: s, Content: s, Nature: "new", ReporterBody: id, TerritoryBody: id, Location: s, OwnerUnit: s,
				Path: "R1.3", PathDetail: s, Programme: "P2", Industry: "nev", InvestTotal: 1234567, InvestYear: reporting.Wan(j), Start: month, Finish: month,
				Milestone: "land", Evidence: s, Contact: s, Stage: reporting.S2, StageSince: day.AddDays(j), Status: status, PlanYear: 2017 + j%2,
				VerifiedOn: day.AddDays(-j), SubmittedOn: day.AddDays(-2 * j), ReturnReason: s, ReturnedOn: day, FiledBy: "U0A1",
				Life: reporting.Life{
					Leader: s, InvestorOrigin: "city", Proof: reporting.Proof{Kind: "code", Text: s}, EndedOn: day, StatusReason: s,
					Carry: reporting.Carry{ConfirmedFor: 2019, LapsedFor: 2018 + j%2, HoldEndedOn: day},
				},
				Guards: reporting.Guards{RevisedFrom: reporting.Wan(j), AlikeTo: reporting.NewProjectID(2017, 0), AlikeWhy: s, Code: fmt.Sprintf("2018-220102-36-03-%06d", i)},
			})
			if p := &projects[len(projects)-1]; p.ID == p.AlikeTo {
				p.AlikeTo = reporting.NewProjectID(2018, 1)
			} else if !p.Over() && j%3 == 0 {
				p.HeldBy = p.AlikeTo
			}
		}
	}
	_, err1 := db.ImportBodies(ctx, bodies, "test", false)
	_, err2 := db.ImportQuotas(ctx, quotas, "test", false)
	_, err3 := db.ImportPeople(ctx, people, "test", false)
	_, err4 := db.ImportProjects(ctx, projects, "test", false)
	for _, err := range []error{err1, err2, err3, err4} {
		if err != nil {
			r.t.Fatal(err)
		}
	}
}

// TestRoundTrip takes a register out and back, into itself and into another.
func TestRoundTrip(t *testing.T) {
	sqlite := func(t *testing.T) string { return "sqlite://" + filepath.Join(t.TempDir(), "mouhua.db") }
	for name, fresh := range map[string]func(t *testing.T) string{"SQLite": sqlite, "PostgreSQL": freshPostgres} {
		for _, format := range []exchange.Format{exchange.CSV, exchange.XLSX} {
			t.Run(name+"/"+string(format), func(t *testing.T) {
				url := fresh(t)
				full, empty := newRegister(t, url), newRegister(t, fresh(t))
				full.fill(url)
				for _, kind := range []struct {
					name string
					rows int
				}{{"bodies", 16}, {"quotas", 48}, {"people", 16}, {"projects", 128}} {
					file := filepath.Join(t.TempDir(), "file."+string(format))
					if got, want := full.run("export", kind.name, "-o", file), fmt.Sprintf("%s: %d rows in %s\n", kind.name, kind.rows, file); got != want {
						t.Errorf("exported %q, want %q", got, want)
					}
					want := fmt.Sprintf("%s: 0 new, 0 changed, %d unchanged\n", kind.name, kind.rows)
					if got := full.run("import", kind.name, file); got != want {
						t.Errorf("into itself: %q, want %q", got, want)
					}
					empty.run("import", kind.name, file)
					if got := empty.run("import", kind.name, file); got != want {
						t.Errorf("twice: %q, want %q", got, want)
					}
					// Of a spreadsheet the rows are compared: its archive has the time in it.
					if diff := cmp.Diff(full.run("export", kind.name), empty.run("export", kind.name)); diff != "" {
						t.Errorf("second export of %s (-first +second):\n%s", kind.name, diff)
					}
				}
			})
		}
	}
}

func TestExportWhole(t *testing.T) {
	r := newRegister(t, "sqlite://"+filepath.Join(t.TempDir(), "mouhua.db"))
	dir := t.TempDir()
	kept := filepath.Join(dir, "kept.csv")
	writeFile(t, kept, "as it was")
	err := writeWhole(kept, func(w io.Writer) error {
		fmt.Fprint(w, "half")
		return os.ErrDeadlineExceeded
	})
	if err == nil {
		t.Error("no error")
	}
	if b, err := os.ReadFile(kept); err != nil || string(b) != "as it was" {
		t.Errorf("file holds %q, %v", b, err)
	}
	r.run("export", "people", "-o", kept)
	if b, err := os.ReadFile(kept); err != nil || string(b) != "\ufeffslack_user_id,name,role,body_id\n" {
		t.Errorf("file holds %q, %v", b, err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("%d files are left, %v", len(entries), err)
	}
}

func TestProgress(t *testing.T) {
	at := time.Date(2018, 7, 31, 14, 5, 0, 0, time.UTC)
	now := at
	var out strings.Builder
	p := &progress{to: &out, kind: "projects", now: func() time.Time { return now }, due: at.Add(quiet)}
	for _, step := range []struct {
		after time.Duration
		done  int
	}{{time.Second, 500}, {2 * time.Second, 1000}, {3 * time.Second, 1500}, {4 * time.Second, 2000}} {
		now = at.Add(step.after)
		p.tell(step.done, 5000)
	}
	if got, want := out.String(), "projects: 1000 of 5000 rows\nprojects: 2000 of 5000 rows\n"; got != want {
		t.Errorf("said %q, want %q", got, want)
	}
}

// BenchmarkImport imports 5,000 projects into an empty SQLite database.
func BenchmarkImport(b *testing.B) {
	ctx := b.Context()
	month := reporting.Month{Year: 2018, Month: 5}
	rows := func(each func(reporting.Project) error) error {
		for i := range 5000 {
			if err := each(reporting.Project{
				ID: reporting.NewProjectID(2018, i+1), Name: fmt.Sprintf("第%d个项目", i+1), Content: strings.Repeat("建设内容", 20), ReporterBody: "jingyue",
				TerritoryBody: "jingyue", Location: "净月", OwnerUnit: "示例公司", Path: "R3.1", Industry: "nev", InvestTotal: 32000, Start: month, Finish: month,
				Contact: "王 13900000000", Stage: reporting.S1, Status: reporting.Verified, PlanYear: 2018, VerifiedOn: reporting.Date{Year: 2018, Month: 3, Day: 1 + i%28},
			}); err != nil {
				return err
			}
		}
		return nil
	}
	for _, f := range []exchange.Format{exchange.CSV, exchange.XLSX} {
		var file bytes.Buffer
		if err := exchange.WriteProjects(&file, f, rows); err != nil {
			b.Fatal(err)
		}
		b.Run(string(f), func(b *testing.B) {
			for b.Loop() {
				db, err := storage.Open(ctx, "sqlite://"+filepath.Join(b.TempDir(), "mouhua.db"), storage.Config{})
				if err != nil {
					b.Fatal(err)
				}
				if _, err := db.Migrate(ctx); err != nil {
					b.Fatal(err)
				}
				if _, err := db.ImportBodies(ctx, []reporting.Body{{ID: "jingyue", Kind: reporting.DevZone}}, "bench", false); err != nil {
					b.Fatal(err)
				}
				in, err := readFile("projects", bytes.NewReader(file.Bytes()))
				if err != nil {
					b.Fatal(err)
				}
				if sum, err := in.load(ctx, db, "bench", false); err != nil || sum.New != 5000 {
					b.Fatalf("%+v, %v", sum, err)
				}
				if err := db.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
