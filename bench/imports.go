package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"time"

	"github.com/mouhua/mouhua/exchange"
	"github.com/mouhua/mouhua/reporting"
	"github.com/mouhua/mouhua/storage"
)

// fileRows is how many projects an imported file holds.
const fileRows = 5000

// importing reads a file of new projects into the register, another one each
// time, from the spreadsheet to the commit.
func importing(ctx context.Context, store *storage.DB) func(int) error {
	return func(int) error {
		file, err := spreadsheet(10_000_000 + int(time.Now().UnixMilli()/500%17_000)*fileRows)
		if err != nil {
			return err
		}
		table, err := exchange.Projects(bytes.NewReader(file))
		if err != nil {
			return fmt.Errorf("read file: %w", err)
		}
		_, err = store.ImportProjects(ctx, table.Rows, "bench", false)
		return err
	}
}

// importSQLite prints how long the same takes on a new SQLite file.
func importSQLite(ctx context.Context, dir string) error {
	store, err := storage.Open(ctx, "sqlite://"+filepath.Join(dir, "import.db"), storage.Config{})
	if err != nil {
		return err
	}
	defer store.Close()
	if _, err := store.Migrate(ctx); err != nil {
		return err
	}
	bodies := []reporting.Body{{ID: "jingyue", Kind: reporting.DevZone, Name: reporting.Names{ZhCN: "净月高新区"}}}
	for i := 20; i < 40; i++ {
		id := "body" + strconv.Itoa(i)
		bodies = append(bodies, reporting.Body{ID: id, Kind: reporting.Department, Name: reporting.Names{ZhCN: id}})
	}
	if _, err := store.ImportBodies(ctx, bodies, "bench", false); err != nil {
		return err
	}
	took, err := timed(measure{"import", importing(ctx, store)})
	if err != nil {
		return err
	}
	fmt.Printf("import of %d new projects, SQLite: %.1f s (median of %d)\n", fileRows, median(took)/1000, len(took))
	return nil
}

// spreadsheet is a file of verified projects with the numbers after from.
func spreadsheet(from int) ([]byte, error) {
	year := time.Now().Year()
	var b bytes.Buffer
	err := exchange.WriteProjects(&b, exchange.XLSX, func(each func(reporting.Project) error) error {
		for i := range fileRows {
			if err := each(imported(year, from+i)); err != nil {
				return err
			}
		}
		return nil
	})
	return b.Bytes(), err
}

// industries are some of the catalogue that every database begins with.
var industries = []string{"auto", "agrifood", "rail", "equipment", "biomed", "opto", "nev", "materials", "bigdata", "services"}

func imported(year, i int) reporting.Project {
	day := reporting.Date{Year: year, Month: time.January, Day: 2}.AddDays(i % 200)
	return reporting.Project{
		ID: reporting.NewProjectID(year, i), Name: fmt.Sprintf("引进项目第%d号", i), Content: "示例", Nature: "new",
		ReporterBody: "jingyue", TerritoryBody: "jingyue", LeadDept: "body" + strconv.Itoa(20+i%20), Location: "长春", OwnerUnit: "业主" + strconv.Itoa(i),
		Path: reporting.Paths[i%len(reporting.Paths)], Industry: industries[i%len(industries)],
		InvestTotal: reporting.Wan(10000 + i%fileRows*17), Start: reporting.Month{Year: year, Month: 3}, Finish: reporting.Month{Year: year + 2, Month: 12},
		Milestone: "lead", Evidence: "纪要", Contact: "张工", Stage: reporting.Stages[i%4], StageSince: day, Status: reporting.Verified,
		PlanYear: year, VerifiedOn: day, SubmittedOn: day, FiledBy: "UBENCH",
	}
}
