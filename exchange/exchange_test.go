package exchange

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/reporting"
)

const projectHeader = "project_id,name,territory_body,lead_dept,reporter_body,owner_unit,industry,subpath,subpath_detail,programme," +
	"invest_total_wan,invest_year_wan,start,finish,stage,status,plan_year,location,content,contact,verified_on\n"

const projectRow = "CC-2018-0001,Drive park,qikai,gxj,qikai,Qiyuan,新能源汽车,R1.1,Group 3,P1," +
	"185000,20000,2018-05,2020-10,S2,verified,2018,Zone,Scope,Li 13900000000,2018-01-05\n"

func TestProjects(t *testing.T) {
	got, err := Projects(strings.NewReader(projectHeader + projectRow))
	if err != nil {
		t.Fatal(err)
	}
	day := reporting.Date{Year: 2018, Month: time.January, Day: 5}
	want := Table[reporting.Project]{Lines: []int{2}, Rows: []reporting.Project{{
		ID: "CC-2018-0001", Name: "Drive park", TerritoryBody: "qikai", LeadDept: "gxj", ReporterBody: "qikai",
		OwnerUnit: "Qiyuan", Industry: "新能源汽车", Path: "R1.1", PathDetail: "Group 3", Programme: "P1",
		InvestTotal: 185000, InvestYear: 20000,
		Start: reporting.Month{Year: 2018, Month: time.May}, Finish: reporting.Month{Year: 2020, Month: time.October},
		Stage: reporting.S2, Status: reporting.Verified, PlanYear: 2018,
		Location: "Zone", Content: "Scope", Contact: "Li 13900000000", VerifiedOn: day,
	}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestBodiesForms(t *testing.T) {
	want := []reporting.Body{{
		ID: "jingyue", Kind: reporting.DevZone, Group: "zones", Aliases: []string{"净月", "JY"}, ChannelID: "C0AAA",
		Name:  reporting.Names{ZhCN: "净月高新技术产业开发区", ZhTW: "淨月高新技術產業開發區", En: "Jingyue Zone"},
		Short: reporting.Names{ZhCN: "净月"},
	}}
	plain := "id,kind,group,name_zh_cn,name_zh_tw,name_en,short_zh_cn,aliases,channel_id\n" +
		"jingyue,devzone,zones,净月高新技术产业开发区,淨月高新技術產業開發區,Jingyue Zone,净月,净月| JY |,C0AAA\n"
	for name, file := range map[string]string{
		"plain":           plain,
		"byte order mark": "\ufeff" + plain,
		"CRLF":            strings.ReplaceAll(plain, "\n", "\r\n"),
		"both":            "\ufeff" + strings.ReplaceAll(plain, "\n", "\r\n"),
		"no last newline": strings.TrimSuffix(plain, "\n"),
		"other order": "channel_id,aliases,short_zh_cn,NAME_EN,name_zh_tw,name_zh_cn,group,kind,id\n" +
			"C0AAA,净月|JY,净月,Jingyue Zone,淨月高新技術產業開發區,净月高新技术产业开发区,zones,DevZone,jingyue\n",
		"spreadsheet's empty rows": plain + ",,,,,,,,\n\n",
		"quoted and spaced": "id,kind,group,name_zh_cn,name_zh_tw,name_en,short_zh_cn,aliases,channel_id\n" +
			"\"jingyue\", devzone ,zones,净月高新技术产业开发区,淨月高新技術產業開發區,\"Jingyue Zone\",净月,净月|JY,C0AAA\n",
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Bodies(strings.NewReader(file))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got.Rows); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBodiesDefaults(t *testing.T) {
	got, err := Bodies(strings.NewReader("id,kind,name_zh_cn\nnongan,county,农安县\n"))
	if err != nil {
		t.Fatal(err)
	}
	names := reporting.Names{ZhCN: "农安县"}
	want := []reporting.Body{{ID: "nongan", Kind: reporting.County, Group: "county", Name: names, Short: names}}
	if diff := cmp.Diff(want, got.Rows); diff != "" {
		t.Error(diff)
	}
}

func TestQuotasAndPeople(t *testing.T) {
	q, err := Quotas(strings.NewReader("body_id,year,count,effective_from,doc_no\njingyue,2018,65,2018-01-01,No. 7\njingyue,2018,70,2018-07-01,\n"))
	if err != nil {
		t.Fatal(err)
	}
	wantQ := []reporting.Quota{
		{BodyID: "jingyue", Year: 2018, Count: 65, EffectiveFrom: reporting.Date{Year: 2018, Month: 1, Day: 1}, DocNo: "No. 7"},
		{BodyID: "jingyue", Year: 2018, Count: 70, EffectiveFrom: reporting.Date{Year: 2018, Month: 7, Day: 1}},
	}
	if diff := cmp.Diff(wantQ, q.Rows); diff != "" {
		t.Error(diff)
	}
	p, err := People(strings.NewReader("slack_user_id,name,role,body_id\nU0LI,\"Li,\nMing\",official,jingyue\nU0WANG,Wang,leader,\n"))
	if err != nil {
		t.Fatal(err)
	}
	wantP := Table[reporting.Person]{
		Rows: []reporting.Person{
			{UserID: "U0LI", Name: "Li,\nMing", Role: reporting.Official, BodyID: "jingyue"},
			{UserID: "U0WANG", Name: "Wang", Role: reporting.Leader},
		},
		Lines: []int{2, 4}, // the first row is two lines long
	}
	if diff := cmp.Diff(wantP, p); diff != "" {
		t.Error(diff)
	}
}

func TestFaults(t *testing.T) {
	const quotaHeader = "body_id,year,count,effective_from\n"
	readers := map[string]func(io.Reader) error{
		"bodies":   func(r io.Reader) error { _, err := Bodies(r); return err },
		"quotas":   func(r io.Reader) error { _, err := Quotas(r); return err },
		"people":   func(r io.Reader) error { _, err := People(r); return err },
		"projects": func(r io.Reader) error { _, err := Projects(r); return err },
	}
	project := func(old, new string) string {
		return projectHeader + strings.Replace(projectRow, old, new, 1)
	}
	for _, tt := range []struct{ name, kind, file, want string }{
		{"nothing", "quotas", "", "1::err.import.empty"},
		{"only a mark", "quotas", "\ufeff", "1::err.import.empty"},
		{"unknown column", "quotas", "body_id,year,count,effective_from,colour\n", "1:colour:err.import.column_unknown"},
		{"column twice", "quotas", "body_id,year,count,effective_from,year\n", "1:year:err.import.column_twice"},
		{"missing column", "quotas", "body_id,year,effective_from\njingyue,2018,2018-01-01\n", "1:count:err.import.column_missing"},
		{"empty cell", "quotas", quotaHeader + "jingyue,2018,,2018-01-01\n", "2:count:err.import.required"},
		{"not a number", "quotas", quotaHeader + "jingyue,2018,6 5,2018-01-01\n", "2:count:err.import.number"},
		{"exponent", "quotas", quotaHeader + "jingyue,2018,1e3,2018-01-01\n", "2:count:err.import.number"},
		{"below zero", "quotas", quotaHeader + "jingyue,2018,-5,2018-01-01\n", "2:count:err.import.range"},
		{"no such day", "quotas", quotaHeader + "jingyue,2018,5,2018-02-30\n", "2:effective_from:err.import.date"},
		{"too few cells", "quotas", quotaHeader + "jingyue,2018,5\n", "2::err.import.cells"},
		{"stray quote", "quotas", quotaHeader + "jing\"yue,2018,5,2018-01-01\n", "2::err.import.csv"},
		{"GBK", "people", "slack_user_id,name,role,body_id\nU0LI,\xc0\xee,leader,\n", "2::err.import.encoding"},
		{"duplicate", "quotas", quotaHeader + "a,2018,5,2018-01-01\nb,2018,5,2018-01-01\na,2018,6,2018-01-01\n", "4:body_id:err.import.duplicate"},
		{"duplicate channel", "bodies", "id,kind,name_zh_cn,channel_id\na,county,甲,C0A\nb,county,乙,C0A\n", "3:channel_id:err.import.duplicate"},
		{"body id", "bodies", "id,kind,name_zh_cn\n净月,county,甲\n", "2:id:err.import.form"},
		{"channel name", "bodies", "id,kind,name_zh_cn,channel_id\na,county,甲,#general\n", "2:channel_id:err.import.form"},
		{"own parent", "bodies", "id,kind,name_zh_cn,parent_id\na,county,甲,a\n", "2:parent_id:err.import.own_parent"},
		{"kind", "bodies", "id,kind,name_zh_cn\na,province,甲\n", "2:kind:err.import.choice"},
		{"long name", "people", "slack_user_id,name,role\nU0LI," + strings.Repeat("李", 101) + ",leader\n", "2:name:err.import.too_long"},
		{"role", "people", "slack_user_id,name,role\nU0LI,Li,mayor\n", "2:role:err.import.choice"},
		{"official of nobody", "people", "slack_user_id,name,role\nU0LI,Li,official\n", "2:body_id:err.import.required"},
		{"leader of a body", "people", "slack_user_id,name,role,body_id\nU0LI,Li,leader,jingyue\n", "2:body_id:err.import.not_empty"},
		{"project number", "projects", project("CC-2018-0001", "1"), "2:project_id:err.import.form"},
		{"same number in lower case", "projects", projectHeader + projectRow + strings.ToLower(projectRow), "3:project_id:err.import.duplicate"},
		{"path", "projects", project("R1.1", "R1.9"), "2:subpath:err.import.choice"},
		{"stage", "projects", project("S2", "S5"), "2:stage:err.import.choice"},
		{"status", "projects", project("verified", "draft"), "2:status:err.import.choice"},
		{"money in words", "projects", project("185000", "18.5亿"), "2:invest_total_wan:err.import.number"},
		{"money in yuan", "projects", project("185000", "1850000000"), "2:invest_total_wan:err.import.range"},
		{"year over total", "projects", project("20000", "200000"), "2:invest_year_wan:err.import.range"},
		{"month", "projects", project("2018-05", "2018-13"), "2:start:err.import.month"},
		{"finish first", "projects", project("2020-10", "2018-04"), "2:finish:err.import.order"},
		{"verified without a day", "projects", project("2018-01-05", ""), "2:verified_on:err.import.required"},
		{"several", "quotas", quotaHeader + "jingyue,x,y,2018-01-01\njingyue,2018,5,\n", "2:year:err.import.number 2:count:err.import.number 3:effective_from:err.import.required"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := readers[tt.kind](strings.NewReader(tt.file))
			var faults Faults
			if !errors.As(err, &faults) {
				t.Fatalf("got %v, want faults", err)
			}
			var got []string
			for _, f := range faults {
				got = append(got, fmt.Sprintf("%d:%s:%s", f.Line, f.Column, f.Key))
				if f.Args["line"] != f.Line || f.Args["column"] != f.Column || f.Args["value"] == nil {
					t.Errorf("arguments %v do not hold line, column and value", f.Args)
				}
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBadNumberInLine37(t *testing.T) {
	var file strings.Builder
	file.WriteString("body_id,year,count,effective_from\r\n")
	for line := 2; line <= 60; line++ {
		count := "65"
		if line == 37 {
			count = "65个"
		}
		fmt.Fprintf(&file, "b%d,2018,%s,2018-01-01\r\n", line, count)
	}
	got, err := Quotas(strings.NewReader(file.String()))
	want := Faults{{Line: 37, Column: "count", Key: "err.import.number", Args: map[string]any{"line": 37, "column": "count", "value": "65个"}}}
	var faults Faults
	errors.As(err, &faults)
	if diff := cmp.Diff(want, faults); diff != "" {
		t.Error(diff)
	}
	if n := len(got.Rows); n != 58 || got.Line(n-1) != 60 {
		t.Errorf("got %d rows without fault, the last of line %d, want 58 and 60", n, got.Line(n-1))
	}
}

func TestFaultsAreBounded(t *testing.T) {
	_, err := Quotas(strings.NewReader("body_id,year,count,effective_from\n" + strings.Repeat("x,x,x,x\n", 1000)))
	var faults Faults
	if !errors.As(err, &faults) || len(faults) != MaxFaults {
		t.Errorf("got %d faults, want %d", len(faults), MaxFaults)
	}
}

func TestReadError(t *testing.T) {
	gone := errors.New("disk gone")
	_, err := Quotas(io.MultiReader(strings.NewReader("body_id,year,count,effective_from\na,2018,5,"), iotest.ErrReader(gone)))
	if !errors.Is(err, gone) {
		t.Errorf("got %v, want the reader's error", err)
	}
}

func FuzzProjects(f *testing.F) {
	f.Add([]byte(projectHeader + projectRow))
	f.Add([]byte("\ufeff" + strings.ReplaceAll(projectHeader+projectRow, "\n", "\r\n")))
	f.Add([]byte("project_id,name\n\"a\n"))
	f.Add([]byte("\"\n\"\n,\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		got, err := Projects(strings.NewReader(string(file)))
		var faults Faults
		switch {
		case errors.As(err, &faults):
			if len(faults) == 0 || len(faults) > MaxFaults {
				t.Fatalf("%d faults and %d rows", len(faults), len(got.Rows))
			}
			for _, fault := range faults {
				if fault.Line < 1 || !strings.HasPrefix(fault.Key, "err.import.") {
					t.Fatalf("fault %+v", fault)
				}
			}
		case err != nil:
			t.Fatalf("error %v of a file that could be read", err)
		case len(got.Rows) != len(got.Lines):
			t.Fatalf("%d rows, %d lines", len(got.Rows), len(got.Lines))
		}
		for _, p := range got.Rows {
			if p.ID == "" || !p.Path.Valid() || p.InvestTotal <= 0 {
				t.Fatalf("accepted %+v", p)
			}
		}
	})
}

// A code that is none, and a project that is like itself, are named with their
// column.
func TestMarksAreChecked(t *testing.T) {
	for _, tt := range []struct{ column, cell, want string }{
		{"project_code", "2018-2201", "err.import.form"}, {"alike_to", "CC-2018-0007", "err.import.own_project"}, {"held_by", "CC-2018-0007", "err.import.own_project"},
		{"confirmed_for", "18", "err.import.range"}, {"revised_from_wan", "0", "err.import.range"},
	} {
		p := reporting.Project{
			ID: "CC-2018-0007", Name: "x", Content: "x", ReporterBody: "b", Location: "x", OwnerUnit: "x", Path: "R3.1", Industry: "auto",
			InvestTotal: 1, Contact: "x", Stage: reporting.S1, Status: reporting.Submitted, PlanYear: 2018,
			Start: reporting.Month{Year: 2018, Month: 5}, Finish: reporting.Month{Year: 2018, Month: 5},
		}
		var file bytes.Buffer
		if err := WriteProjects(&file, CSV, rowsOf(p)); err != nil {
			t.Fatal(err)
		}
		head, line, _ := strings.Cut(file.String(), "\n")
		names, cells := strings.Split(head, ","), strings.Split(strings.TrimSuffix(line, "\n"), ",")
		cells[slices.Index(names, tt.column)] = tt.cell
		_, err := Projects(strings.NewReader(head + "\n" + strings.Join(cells, ",") + "\n"))
		var faults Faults
		if !errors.As(err, &faults) || len(faults) != 1 || faults[0].Column != tt.column || faults[0].Key != tt.want {
			t.Errorf("%s %q: %v, want %s", tt.column, tt.cell, err, tt.want)
		}
	}
}
