package storage

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

// fullRecord has another value in every field.
func fullRecord() reporting.Record {
	var r reporting.Record
	v := reflect.ValueOf(&r).Elem()
	for i := range v.NumField() {
		switch f := v.Field(i).Addr().Interface().(type) {
		case *string:
			*f = fmt.Sprintf("第%d項 '\"\\|", i)
		case *reporting.Wan:
			*f = reporting.Wan(1)<<40 + reporting.Wan(i)
		case *int:
			*f = 1000 + i
		case *reporting.Date:
			*f = date("2018-07-01")
		}
	}
	return r
}

func testRecord(t *testing.T, at string) {
	db, _ := seeded(t, at)
	p := file(t, db, nil)
	p = alter(t, db, p.ID, "project.complete", func(p *reporting.Project) { p.Record = fullRecord() })
	got, err := db.Project(t.Context(), p.ID)
	check(t, err)
	same(t, "written and read", got.Record, fullRecord())

	// A file that says nothing of the record leaves it; what it says, it changes.
	alter(t, db, p.ID, "project.complete", func(p *reporting.Project) { p.Tools = "equity" })
	row := got
	row.Record = reporting.Record{Tools: "贷款贴息|股权投资基金", Jobs: 7, FundLoan: 32000, FXCurrency: "EUR", FXAmount: 5, FXRate: "7.8", FXOn: date("2018-07-02")}
	sum, err := db.ImportProjects(t.Context(), []reporting.Project{row}, "test", false)
	check(t, err)
	same(t, "import", sum, Summary{Changed: 1})
	want := fullRecord()
	want.Tools, want.Jobs = "equity|interest", 7
	want.FundGovernment, want.FundEnterprise, want.FundLoan, want.FundSocial, want.FundOther = 0, 0, 32000, 0, 0
	want.FXCurrency, want.FXAmount, want.FXRate, want.FXOn = "EUR", 5, "7.8", date("2018-07-02")
	after, err := db.Project(t.Context(), p.ID)
	check(t, err)
	same(t, "merged", after.Record, want)
	row.Record = reporting.Record{}
	sum, err = db.ImportProjects(t.Context(), []reporting.Project{row}, "test", false)
	check(t, err)
	same(t, "import that says nothing", sum, Summary{Unchanged: 1})
	row.Tools = "equity|gift"
	_, err = db.ImportProjects(t.Context(), []reporting.Project{row}, "test", false)
	same(t, "unknown tool", reasonOf(err), "err.import.tool")
}
