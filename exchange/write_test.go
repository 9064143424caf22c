package exchange

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"github.com/mouhua/mouhua/reporting"
)

// hostile are texts that a format or a program behind it might change.
var hostile = []string{
	"=1+1", "+86 431", "-1", "@SUM(A1)", "\tx", "\rx", "'=1+1", "''", "'", "' x", "＝1", "<!channel>", "line 1\nline 2", "a\r\nb", `say "hi", twice`,
	"a,b;c|d", "🏭👩‍🔬", "007", "1E5", "2018-03-05", "true", "_x000D_", "a&b<c>", "  ", " x ", "\u3000x", "#REF!", "𠮷野",
}

func rowsOf[T any](values ...T) Rows[T] {
	return func(each func(T) error) error {
		for _, v := range values {
			if err := each(v); err != nil {
				return err
			}
		}
		return nil
	}
}

// again is what is read from what is written.
func again[T any](t *testing.T, f Format, write func(io.Writer, Format, Rows[T]) error, read func(io.Reader) (Table[T], error), values []T) {
	t.Helper()
	var file bytes.Buffer
	if err := write(&file, f, rowsOf(values...)); err != nil {
		t.Fatal(err)
	}
	got, err := read(&file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(values, got.Rows); diff != "" {
		t.Errorf("read back (-written +read):\n%s", diff)
	}
}

func TestReadBack(t *testing.T) {
	day, month := reporting.Date{Year: 2018, Month: 3, Day: 5}, reporting.Month{Year: 2019, Month: 12}
	var people []reporting.Person
	var quotas []reporting.Quota
	var bodies []reporting.Body
	var projects []reporting.Project
	for i, s := range hostile {
		if strings.TrimSpace(s) == "" {
			continue // no text where one is required
		}
		id := fmt.Sprintf("b%d", i)
		people = append(people, reporting.Person{UserID: fmt.Sprintf("U0A%d", i), Name: s, Role: reporting.Official, BodyID: id})
		quotas = append(quotas, reporting.Quota{BodyID: "b", Year: 2018, Version: i + 1, Count: i % 2, EffectiveFrom: day, Reason: s, DecidedBy: s, DocNo: s})
		bodies = append(bodies, reporting.Body{
			ID: id, Kind: reporting.DevZone, Group: s, Name: reporting.Names{ZhCN: s, ZhTW: s, En: s}, Short: reporting.Names{ZhCN: s, ZhTW: s, En: s},
			Aliases: []string{`a|b`, `back\slash\`, `\|`, "=x"}, ChannelID: fmt.Sprintf("C0A%d", i), ParentID: "b",
			LeaderID: "U0A1", EndsOn: day, EndReason: s, SuccessorID: "b",
		})
		projects = append(projects, reporting.Project{
			ID: reporting.NewProjectID(2018, i+1), Name: s, Content: s, Nature: "new", ReporterBody: "b", TerritoryBody: "b", LeadDept: "gxj", Location: s,
			OwnerUnit: s, Path: "R1.3", PathDetail: s, Programme: "P2", Industry: "nev", InvestTotal: 1234567, InvestYear: reporting.Wan(i), Start: month,
			Finish: month, Milestone: "land", Evidence: s, Contact: s, Stage: reporting.S3, StageSince: day, Status: reporting.Returned, PlanYear: 2018,
			VerifiedOn: day, SubmittedOn: day, ReturnReason: s, ReturnedOn: day, FiledBy: "U0LI",
			Life: reporting.Life{
				Leader: s, InvestorOrigin: "abroad", Contract: s, CompletedOn: day, CapacityOn: day, BenefitOn: day, Proof: reporting.Proof{Kind: "land", Text: s},
				SuspendedOn: day, EndedOn: day, StatusReason: s, MergedInto: "CC-2017-0001",
				Carry: reporting.Carry{ConfirmedFor: 2019, LapsedFor: 2020, HoldEndedOn: day},
			},
			Guards: reporting.Guards{RevisedFrom: 9000, AlikeTo: "CC-2017-0001", AlikeWhy: s, HeldBy: "CC-2017-0002", Code: "2018-220102-36-03-000001"},
			Record: reporting.Record{
				LocationCode: "220102", OwnerCode: "91350100M000100Y43", Sector: "C36", PlanningMode: "brains", OutsideBrain: s, Introducer: s, Drive: "renewal",
				FundGovernment: 1000000, FundLoan: 234567, FXCurrency: "USD", FXAmount: 181218, FXRate: "6.8125", FXOn: day,
				Library: "city|nation", FundsApplied: 500, FundsReceived: 499, Output: 7, Tax: 8, Jobs: 9, Tags: "double_ten|local", Tools: "equity|interest",
			},
		}, reporting.Project{
			ID: reporting.NewProjectID(2019, i+1), Name: "x", Content: "x", ReporterBody: "b", Location: "x", OwnerUnit: "x", Path: "R3.1", Industry: "auto",
			InvestTotal: 1, Start: month, Finish: month, Contact: "x", Stage: reporting.S1, Status: reporting.Submitted, PlanYear: 2019,
		})
	}
	for _, f := range []Format{CSV, XLSX} {
		t.Run(string(f), func(t *testing.T) {
			again(t, f, WritePeople, People, people)
			again(t, f, WriteQuotas, Quotas, quotas)
			again(t, f, WriteBodies, Bodies, bodies)
			again(t, f, WriteProjects, Projects, projects)
		})
	}
}

// TestColumns holds every field of what is exchanged to a column, so that a new
// one is not lost: those that a file leaves out are named here.
func TestColumns(t *testing.T) {
	left := map[string]bool{
		"Body.ChannelSince": true, "Body.UndeliverableSince": true, "Body.UndeliverableWhy": true, "Body.Version": true, "Person.Version": true,
		"Quota.SetBy": true, "Quota.SetAt": true, "Project.UpdatedAt": true, "Project.Version": true,
		// What is asked of the office is decided there, not in files.
		"Project.AskedVersion": true, "Project.AskedOn": true, "Project.AskedBy": true, "Project.StageWanted": true,
		"Project.WantedProof": true, "Project.Proposal": true,
		// Files are no columns, and so is how many there are.
		"Project.EvidenceFiles": true, "Project.Files": true,
		// What waits follows from ticks, which are no project's columns.
		"Project.ApprovalKind": true, "Project.ApprovalOn": true, "Project.ApprovalNext": true, "Project.ApprovalSince": true,
	}
	columnsOf(t, bodies, left)
	columnsOf(t, quotas, left)
	columnsOf(t, people, left)
	columnsOf(t, projects, left)
}

func columnsOf[T any](t *testing.T, k kind[T], left map[string]bool) {
	t.Helper()
	titles := map[string]bool{}
	for _, c := range k.columns {
		h, ok := k.headings[c.name]
		if !ok || h.title == "" || h.meaning == "" || titles[headingKey(h.title)] {
			t.Errorf("%s: column %s has the heading %+v", k.title, c.name, h)
		}
		titles[headingKey(h.title)] = true
	}
	if len(k.headings) != len(k.columns) {
		t.Errorf("%s: %d headings for %d columns", k.title, len(k.headings), len(k.columns))
	}
	typ := reflect.TypeFor[T]()
	for _, f := range reflect.VisibleFields(typ) {
		if f.Anonymous || left[typ.Name()+"."+f.Name] || f.Name == "Name" && f.Type.Kind() == reflect.Struct {
			continue
		}
		var with, without T
		fill(reflect.ValueOf(&with).Elem().FieldByIndex(f.Index))
		shown := false
		for _, c := range k.columns {
			shown = shown || c.cell.get(&with) != c.cell.get(&without)
		}
		if !shown {
			t.Errorf("no column shows %s.%s", typ.Name(), f.Name)
		}
	}
}

// fill gives a value something else than nothing.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("x")
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	}
}

func TestGuard(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.SampledFrom([]rune("'=+-@\t\r\n a＝,\""))).Draw(t, "text")
		cell := guarded(s)
		if got := unguarded(cell); got != s {
			t.Fatalf("%q was written as %q and read as %q", s, cell, got)
		}
		if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t\r\n") {
			t.Fatalf("%q was written as %q, which a spreadsheet runs", s, cell)
		}
	})
}

func TestWriteCSV(t *testing.T) {
	var file bytes.Buffer
	if err := WriteQuotas(&file, CSV, rowsOf(reporting.Quota{BodyID: "jingyue", Year: 2018, Version: 2, Reason: "=1+1"})); err != nil {
		t.Fatal(err)
	}
	want := "\ufeffbody_id,year,count,effective_from,reason,decided_by,doc_no,version\njingyue,2018,0,,'=1+1,,,2\n"
	if diff := cmp.Diff(want, file.String()); diff != "" {
		t.Error(diff)
	}
}

// TestWorkbook looks at a spreadsheet as its reader does.
func TestWorkbook(t *testing.T) {
	var buffer bytes.Buffer
	p := reporting.Project{
		ID: "CC-2018-0007", Name: "=1+1", PlanYear: 2018, InvestTotal: 185000, VerifiedOn: reporting.Date{Year: 2018, Month: 3, Day: 5},
		Start: reporting.Month{Year: 2018, Month: 5},
	}
	if err := WriteProjects(&buffer, XLSX, rowsOf(p, p)); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&buffer)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if diff := cmp.Diff([]string{"项目", "填写说明"}, f.GetSheetList()); diff != "" {
		t.Error(diff)
	}
	number := excelize.CellTypeUnset // how a file says that a cell is a number
	for cell, want := range map[string]struct {
		shown string
		form  excelize.CellType
	}{
		"A1": {"项目编号", excelize.CellTypeInlineString}, "A2": {"CC-2018-0007", excelize.CellTypeInlineString}, "B2": {"'=1+1", excelize.CellTypeInlineString},
		"K1": {"总投资（万元）", excelize.CellTypeInlineString}, "K2": {"185,000", number}, "L2": {"", number}, "M2": {"2018-05", number},
		"Q3": {"2018", number}, "U3": {"2018-03-05", number},
	} {
		shown, err := f.GetCellValue("项目", cell)
		if err != nil {
			t.Fatal(err)
		}
		form, err := f.GetCellType("项目", cell)
		if err != nil {
			t.Fatal(err)
		}
		if shown != want.shown || form != want.form {
			t.Errorf("%s shows %q of type %v, want %q of %v", cell, shown, form, want.shown, want.form)
		}
	}
	panes, err := f.GetPanes("项目")
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("panes %+v, %v", panes, err)
	}
	if names := f.GetDefinedName(); len(names) != 1 || !strings.Contains(names[0].RefersTo, "$A$1:") || !strings.HasSuffix(names[0].RefersTo, "$3") {
		t.Errorf("filter %+v", names)
	}
	if width, err := f.GetColWidth("项目", "B"); err != nil || width != 40 {
		t.Errorf("width %v, %v", width, err)
	}
	rows, err := f.GetRows("填写说明")
	if err != nil || len(rows) != len(projects.columns)+1 {
		t.Fatalf("%d definitions, %v", len(rows), err)
	}
	if diff := cmp.Diff([]string{"总投资（万元）", "invest_total_wan", "计划总投资；达到亿元线才计入任务", "万元", "整数", "必填"}, rows[11]); diff != "" {
		t.Error(diff)
	}
}

// TestSheetsOfPeople reads spreadsheets that people made.
func TestSheetsOfPeople(t *testing.T) {
	sheet := func(edit func(f *excelize.File)) *bytes.Buffer {
		f := excelize.NewFile()
		defer f.Close()
		edit(f)
		var b bytes.Buffer
		if err := f.Write(&b); err != nil {
			t.Fatal(err)
		}
		return &b
	}
	set := func(f *excelize.File, at string, row ...any) {
		if err := f.SetSheetRow("Sheet1", at, &row); err != nil {
			t.Fatal(err)
		}
	}
	day := reporting.Date{Year: 2018, Month: 3, Day: 5}
	for name, edit := range map[string]func(f *excelize.File){
		"text":     func(f *excelize.File) { set(f, "A2", "jingyue", "2018", "65", "2018-03-05") },
		"cells":    func(f *excelize.File) { set(f, "A2", "jingyue", 2018, 65.0, 43164) },
		"exponent": func(f *excelize.File) { set(f, "A2", "jingyue", "2.018E3", 65, day.In(time.UTC)) },
		"since 1904": func(f *excelize.File) {
			yes := true
			if err := f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}); err != nil {
				t.Fatal(err)
			}
			set(f, "A2", "jingyue", 2018, 65, 43164-1462)
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Quotas(sheet(func(f *excelize.File) {
				set(f, "A1", "单位代码", "计划年度", "任务数", "effective_from")
				edit(f)
			}))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]reporting.Quota{{BodyID: "jingyue", Year: 2018, Count: 65, EffectiveFrom: day}}, got.Rows); diff != "" {
				t.Error(diff)
			}
		})
	}
	_, err := Quotas(sheet(func(f *excelize.File) {
		set(f, "A1", "body_id", "year", "count", "effective_from")
		set(f, "A2", "jingyue", 2018, 65.5, "5 March")
		set(f, "A5", "jingyue", 2018, 65, 43164, nil, "x")
		set(f, "A6", "jingyue", 2019, 65)
	}))
	var got []string
	var faults Faults
	errors.As(err, &faults)
	for _, f := range faults {
		got = append(got, fmt.Sprintf("%d:%s:%s", f.Line, f.Column, f.Key))
	}
	want := []string{"2:count:err.import.number", "2:effective_from:err.import.date", "5::err.import.cells", "6:effective_from:err.import.required"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNoSheet(t *testing.T) {
	for name, file := range map[string]string{"broken": "PK\x03\x04 and nothing", "old or with a password": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"} {
		t.Run(name, func(t *testing.T) {
			_, err := People(strings.NewReader(file))
			var faults Faults
			if !errors.As(err, &faults) || len(faults) != 1 || faults[0].Key != "err.import.workbook" {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestWriteStops(t *testing.T) {
	away := errors.New("away")
	for _, f := range []Format{CSV, XLSX} {
		err := WritePeople(io.Discard, f, func(each func(reporting.Person) error) error { return away })
		if !errors.Is(err, away) {
			t.Errorf("%s: got %v, want what the rows gave", f, err)
		}
		if err := WritePeople(full{}, f, rowsOf(reporting.Person{Name: strings.Repeat("x", 1<<20)})); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("%s: got %v, want what writing gave", f, err)
		}
	}
}

// full is where nothing can be written.
type full struct{}

// Write returns io.ErrShortWrite.
func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }
