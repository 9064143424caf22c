package exchange

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/mouhua/mouhua/reporting"
)

// circular is a paper with all that one can have.
func circular() reporting.Paper {
	columns := []reporting.PaperColumn{
		{Title: "名次", Form: reporting.PaperCount}, {Title: "单位", Form: reporting.PaperText}, {Title: "完成率", Form: reporting.PaperShare},
		{Title: "差距", Form: reporting.PaperPoints}, {Title: "总投资（万元）", Form: reporting.PaperCount},
	}
	row := func(rank float64, name string) []reporting.PaperCell {
		return []reporting.PaperCell{
			{Text: "1", Number: rank, None: rank == 0}, {Text: name}, {Text: "46.2%", Number: 0.4615}, {Text: "−11.9", Number: -11.9}, {Text: "96,000", Number: 96000},
		}
	}
	return reporting.Paper{
		Title: "2018年7月通报", Subtitle: "（第1期）", WordsName: "正文", Signed: "领导小组办公室", Dated: "2018年8月2日",
		Notes: []string{"数据截至2018年7月31日", "总投资不低于 1.00 亿元的计入"},
		Sections: []reporting.PaperSection{
			{Paragraphs: []string{"各单位：", "截至7月底 <共> 260 个\n含 & 与 \x01。"}},
			{Heading: "城区", Table: &reporting.PaperTable{Name: "城区", Columns: columns, Rows: [][]reporting.PaperCell{row(1, "=1+1"), row(0, "宽城区")}}},
			{Heading: "部门", Table: &reporting.PaperTable{Name: "部门/[企业]", Columns: columns, Rows: [][]reporting.PaperCell{row(1, "工信局")}}},
			{Heading: "工作要求", Paragraphs: []string{"抓紧。"}},
		},
	}
}

// partsOf reads the parts of a package; each must be well-formed.
func partsOf(t *testing.T, file []byte) map[string]string {
	t.Helper()
	parcel, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range parcel.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		for d := xml.NewDecoder(bytes.NewReader(text)); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s is not well-formed: %v", f.Name, err)
			}
		}
		parts[f.Name] = string(text)
	}
	return parts
}

// TestDOCXPackage follows every relationship and content type of a document.
func TestDOCXPackage(t *testing.T) {
	var file bytes.Buffer
	if err := WriteDOCX(&file, circular()); err != nil {
		t.Fatal(err)
	}
	parts := partsOf(t, file.Bytes())
	var types struct {
		Override []struct {
			PartName string `xml:",attr"`
		}
	}
	if err := xml.Unmarshal([]byte(parts["[Content_Types].xml"]), &types); err != nil {
		t.Fatal(err)
	}
	for _, o := range types.Override {
		if parts[strings.TrimPrefix(o.PartName, "/")] == "" {
			t.Errorf("the content types name %s, which is not there", o.PartName)
		}
	}
	found := 0
	for name, text := range parts {
		if !strings.HasSuffix(name, ".rels") {
			continue
		}
		var rels struct {
			Relationship []struct {
				ID     string `xml:"Id,attr"`
				Target string `xml:",attr"`
			}
		}
		if err := xml.Unmarshal([]byte(text), &rels); err != nil {
			t.Fatal(err)
		}
		base := path.Dir(path.Dir(name))
		for _, r := range rels.Relationship {
			found++
			if parts[path.Join(base, r.Target)] == "" {
				t.Errorf("%s points to %s, which is not there", name, r.Target)
			}
		}
	}
	if found != 3 || !strings.Contains(parts["word/document.xml"], `r:id="rId2"`) {
		t.Errorf("%d relationships, want 3, the footer's among them", found)
	}
	for _, want := range []string{" PAGE ", "— "} {
		if !strings.Contains(parts["word/footer1.xml"], want) {
			t.Errorf("the footer has no %q", want)
		}
	}
	for _, font := range []string{"仿宋", "宋体", "黑体"} {
		if !strings.Contains(parts["word/styles.xml"], `w:eastAsia="`+font+`"`) {
			t.Errorf("the styles have no %s", font)
		}
	}
}

// wordDocument is what of a document is looked at.
type wordDocument struct {
	Body struct {
		Paragraphs []wordParagraph `xml:"p"`
		Tables     []struct {
			Grid []struct{} `xml:"tblGrid>gridCol"`
			Rows []struct {
				Head  []struct{} `xml:"trPr>tblHeader"`
				Cells []struct {
					Paragraphs []wordParagraph `xml:"p"`
				} `xml:"tc"`
			} `xml:"tr"`
		} `xml:"tbl"`
		Page struct {
			Width  string `xml:"w,attr"`
			Height string `xml:"h,attr"`
		} `xml:"sectPr>pgSz"`
	} `xml:"body"`
}

type wordParagraph struct {
	Style struct {
		Val string `xml:"val,attr"`
	} `xml:"pPr>pStyle"`
	Text  []string   `xml:"r>t"`
	Break []struct{} `xml:"r>br"`
}

func (p wordParagraph) String() string { return strings.Join(p.Text, "|") }

func TestDOCXReadBack(t *testing.T) {
	var file bytes.Buffer
	if err := WriteDOCX(&file, circular()); err != nil {
		t.Fatal(err)
	}
	var d wordDocument
	if err := xml.Unmarshal([]byte(partsOf(t, file.Bytes())["word/document.xml"]), &d); err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, p := range d.Body.Paragraphs {
		if s := p.String(); s != "" {
			texts = append(texts, p.Style.Val+":"+s)
		}
	}
	want := []string{
		"Title:2018年7月通报", ":（第1期）", ":各单位：", ":截至7月底 <共> 260 个|含 & 与 \uFFFD。", "Heading1:城区", "Heading1:部门", "Heading1:工作要求", ":抓紧。",
		":领导小组办公室", ":2018年8月2日", ":数据截至2018年7月31日", ":总投资不低于 1.00 亿元的计入",
	}
	if diff := cmp.Diff(want, texts); diff != "" {
		t.Errorf("paragraphs (-want +got):\n%s", diff)
	}
	if d.Body.Page.Width != "11906" || d.Body.Page.Height != "16838" {
		t.Errorf("the page is no A4: %+v", d.Body.Page)
	}
	if len(d.Body.Tables) != 2 {
		t.Fatalf("%d tables", len(d.Body.Tables))
	}
	for _, table := range d.Body.Tables {
		for i, row := range table.Rows {
			if len(row.Cells) != len(table.Grid) || (len(row.Head) == 1) != (i == 0) {
				t.Errorf("row %d: %d cells in %d columns, repeated %v", i, len(row.Cells), len(table.Grid), row.Head)
			}
		}
	}
	var first []string
	for _, c := range d.Body.Tables[0].Rows[1].Cells {
		first = append(first, c.Paragraphs[0].String())
	}
	if diff := cmp.Diff([]string{"1", "=1+1", "46.2%", "−11.9", "96,000"}, first); diff != "" {
		t.Errorf("first row (-want +got):\n%s", diff)
	}
}

func TestXLSXReadBack(t *testing.T) {
	var out bytes.Buffer
	if err := WriteXLSX(&out, circular()); err != nil {
		t.Fatal(err)
	}
	file, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	if diff := cmp.Diff([]string{"城区", "部门  企业", "正文"}, file.GetSheetList()); diff != "" {
		t.Errorf("sheets (-want +got):\n%s", diff)
	}
	rows, err := file.GetRows("城区", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"2018年7月通报（第1期） 城区"}, {"名次", "单位", "完成率", "差距", "总投资（万元）"},
		{"1", "'=1+1", "0.4615", "-11.9", "96000"}, {"", "宽城区", "0.4615", "-11.9", "96000"}, nil,
		{"数据截至2018年7月31日"}, {"总投资不低于 1.00 亿元的计入"},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	for cell, shown := range map[string]string{"C3": "46.2%", "D3": "-11.9", "E3": "96,000"} {
		kind, err := file.GetCellType("城区", cell)
		got, errValue := file.GetCellValue("城区", cell)
		if err != nil || errValue != nil || got != shown || kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
			t.Errorf("%s shows %q as %v, want the number %q; %v %v", cell, got, kind, shown, err, errValue)
		}
	}
	if f, err := file.GetCellFormula("城区", "B3"); err != nil || f != "" {
		t.Errorf("a name became a formula: %q, %v", f, err)
	}
	words, err := file.GetRows("正文")
	if err != nil || len(words) < 6 || words[1][0] != "各单位：" {
		t.Errorf("words: %v, %v", words, err)
	}
}

func TestPaperWithoutTables(t *testing.T) {
	if err := WriteXLSX(io.Discard, reporting.Paper{Title: "通报"}); err == nil {
		t.Error("a spreadsheet without a sheet was written")
	}
	var file bytes.Buffer
	if err := WriteDOCX(&file, reporting.Paper{}); err != nil {
		t.Fatal(err)
	}
	partsOf(t, file.Bytes())
	full := &short{left: 20}
	if err := WriteDOCX(full, circular()); err == nil {
		t.Error("a full disk was not told")
	}
}

// short is a writer that is soon full.
type short struct{ left int }

func (s *short) Write(p []byte) (int, error) {
	if s.left -= len(p); s.left < 0 {
		return 0, io.ErrShortWrite
	}
	return len(p), nil
}

func TestSheetNames(t *testing.T) {
	taken := map[string]bool{}
	var got []string
	for _, name := range []string{"城区", "城区", "Sheet1", "", strings.Repeat("长", 40), "a:b", "A:B"} {
		got = append(got, sheetName(name, taken))
	}
	want := []string{"城区", "城区 2", "表", "表 2", strings.Repeat("长", 28), "a b", "A B 2"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}
