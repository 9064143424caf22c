package exchange

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// Fonts and sizes of official documents of Chinese offices (GB/T 9704-2012): the
// title in Song, the text in Fangsong of size 3 (16 points), headings in Heiti.
// Sizes are half points; a line is 28 points high.
const (
	songti, fangsong, heiti = "宋体", "仿宋", "黑体"
	latin                   = "Times New Roman"
	titleSize, textSize     = 44, 32
	tableSize, noteSize     = 21, 24
	lineHeight              = 560 // twentieths of a point
)

// A4 with the margins of the standard, in twentieths of a point.
const (
	pageWidth, pageHeight               = 11906, 16838
	marginTop, marginBottom             = 2098, 1984
	marginLeft, marginRight, pageFooter = 1587, 1474, 1417
	textWidth                           = pageWidth - marginLeft - marginRight
)

const wordNamespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

const (
	relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	contentTypes  = "application/vnd.openxmlformats-officedocument.wordprocessingml."
)

// docxParts are the parts of the package that no paper changes.
var docxParts = [][2]string{
	{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/word/document.xml" ContentType="` + contentTypes + `document.main+xml"/>` +
		`<Override PartName="/word/styles.xml" ContentType="` + contentTypes + `styles+xml"/>` +
		`<Override PartName="/word/footer1.xml" ContentType="` + contentTypes + `footer+xml"/></Types>`},
	{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="` + relationships + `/officeDocument" Target="word/document.xml"/></Relationships>`},
	{"word/_rels/document.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="` + relationships + `/styles" Target="styles.xml"/>` +
		`<Relationship Id="rId2" Type="` + relationships + `/footer" Target="footer1.xml"/></Relationships>`},
	{"word/styles.xml", `<w:styles xmlns:w="` + wordNamespace + `"><w:docDefaults><w:rPrDefault><w:rPr>` + fonts(fangsong) +
		size(textSize) + `<w:lang w:val="zh-CN" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault></w:docDefaults>` +
		style("Normal", "Normal", "", "", "") +
		style("Title", "Title", `<w:spacing w:before="240" w:after="120"/><w:jc w:val="center"/>`, fonts(songti)+`<w:b/>`+size(titleSize), "") +
		style("Heading1", "heading 1", `<w:keepNext/><w:spacing w:before="120" w:after="60"/>`, fonts(heiti)+size(textSize), `<w:outlineLvl w:val="0"/>`) +
		`</w:styles>`},
	// The number of the page between dashes, as the standard has it.
	{"word/footer1.xml", `<w:ftr xmlns:w="` + wordNamespace + `"><w:p><w:pPr><w:jc w:val="center"/></w:pPr>` +
		footer(`<w:t xml:space="preserve">— </w:t>`) + footer(`<w:fldChar w:fldCharType="begin"/>`) +
		footer(`<w:instrText xml:space="preserve"> PAGE </w:instrText>`) + footer(`<w:fldChar w:fldCharType="separate"/>`) +
		footer(`<w:t>1</w:t>`) + footer(`<w:fldChar w:fldCharType="end"/>`) + footer(`<w:t xml:space="preserve"> —</w:t>`) + `</w:p></w:ftr>`},
}

func fonts(chinese string) string {
	return `<w:rFonts w:ascii="` + latin + `" w:hAnsi="` + latin + `" w:eastAsia="` + chinese + `" w:cs="` + latin + `"/>`
}

func size(halfPoints int) string {
	n := strconv.Itoa(halfPoints)
	return `<w:sz w:val="` + n + `"/><w:szCs w:val="` + n + `"/>`
}

func style(id, name, paragraph, run, outline string) string {
	s := `<w:style w:type="paragraph" w:styleId="` + id + `"`
	if id == "Normal" {
		s += ` w:default="1"`
	}
	s += `><w:name w:val="` + name + `"/>`
	if id != "Normal" {
		s += `<w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/>`
	}
	if paragraph+outline != "" {
		s += `<w:pPr>` + paragraph + outline + `</w:pPr>`
	}
	if run != "" {
		s += `<w:rPr>` + run + `</w:rPr>`
	}
	return s + `</w:style>`
}

func footer(content string) string {
	return `<w:r><w:rPr>` + fonts(songti) + size(28) + `</w:rPr>` + content + `</w:r>`
}

// WriteDOCX writes a paper as a Word document (ECMA-376): A4, with numbered pages
// and tables whose first row is repeated on every page. Errors: what writing to w
// gave.
func WriteDOCX(w io.Writer, p reporting.Paper) error {
	parcel := zip.NewWriter(w)
	add := func(name, content string) error {
		part, err := parcel.Create(name)
		if err == nil {
			_, err = io.WriteString(part, xml.Header+content)
		}
		if err != nil {
			return fmt.Errorf("write part %s: %w", name, err)
		}
		return nil
	}
	for _, part := range docxParts {
		if err := add(part[0], part[1]); err != nil {
			return err
		}
	}
	if err := add("word/document.xml", docxDocument(p)); err != nil {
		return err
	}
	if err := parcel.Close(); err != nil {
		return fmt.Errorf("write document: %w", err)
	}
	return nil
}

// docx is the body of a document that is being written.
type docx struct{ bytes.Buffer }

func docxDocument(p reporting.Paper) string {
	d := &docx{}
	d.WriteString(`<w:document xmlns:w="` + wordNamespace + `" xmlns:r="` + relationships + `"><w:body>`)
	d.paragraph(p.Title, `<w:pStyle w:val="Title"/>`, "")
	if p.Subtitle != "" {
		d.paragraph(p.Subtitle, `<w:spacing w:after="240"/><w:jc w:val="center"/>`, "")
	}
	for _, s := range p.Sections {
		if s.Heading != "" {
			d.paragraph(s.Heading, `<w:pStyle w:val="Heading1"/>`, "")
		}
		for _, text := range s.Paragraphs {
			d.text(text)
		}
		if s.Table != nil {
			d.table(*s.Table)
		}
	}
	for i, text := range []string{p.Signed, p.Dated} {
		if text != "" {
			before := map[int]string{0: `<w:spacing w:before="480"/>`}[i]
			d.paragraph(text, before+`<w:jc w:val="right"/>`, "")
		}
	}
	for _, text := range p.Notes {
		d.paragraph(text, `<w:spacing w:before="60"/>`, size(noteSize))
	}
	fmt.Fprintf(d, `<w:sectPr><w:footerReference w:type="default" r:id="rId2"/><w:pgSz w:w="%d" w:h="%d"/>`+
		`<w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="851" w:footer="%d" w:gutter="0"/></w:sectPr>`,
		pageWidth, pageHeight, marginTop, marginRight, marginBottom, marginLeft, pageFooter)
	d.WriteString(`</w:body></w:document>`)
	return d.String()
}

// text is a paragraph of running text, its first line two characters in.
func (d *docx) text(text string) {
	d.paragraph(text, `<w:spacing w:line="`+strconv.Itoa(lineHeight)+`" w:lineRule="exact"/><w:ind w:firstLineChars="200" w:firstLine="640"/>`, "")
}

func (d *docx) paragraph(text, properties, run string) {
	d.WriteString(`<w:p>`)
	if properties != "" {
		d.WriteString(`<w:pPr>` + properties + `</w:pPr>`)
	}
	d.WriteString(`<w:r>`)
	if run != "" {
		d.WriteString(`<w:rPr>` + run + `</w:rPr>`)
	}
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			d.WriteString(`<w:br/>`)
		}
		d.WriteString(`<w:t xml:space="preserve">`)
		// Characters that XML cannot hold are replaced; a buffer takes everything.
		_ = xml.EscapeText(d, []byte(line))
		d.WriteString(`</w:t>`)
	}
	d.WriteString(`</w:r></w:p>`)
}

// table writes a table over the whole width.
func (d *docx) table(t reporting.PaperTable) {
	widths := columnWidths(t)
	d.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="` + strconv.Itoa(textWidth) + `" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>`)
	for _, edge := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		d.WriteString(`<w:` + edge + ` w:val="single" w:sz="4" w:space="0" w:color="000000"/>`)
	}
	d.WriteString(`</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>`)
	for _, width := range widths {
		d.WriteString(`<w:gridCol w:w="` + strconv.Itoa(width) + `"/>`)
	}
	d.WriteString(`</w:tblGrid>`)
	heads := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		heads[i] = c.Title
	}
	d.row(heads, widths, nil, true)
	for _, cells := range t.Rows {
		texts := make([]string, len(t.Columns))
		for i := range texts {
			if i < len(cells) {
				texts[i] = cells[i].Text
			}
		}
		d.row(texts, widths, t.Columns, false)
	}
	d.WriteString(`</w:tbl>`)
	d.paragraph("", `<w:spacing w:line="240"/>`, "") // two tables would run into one
}

func (d *docx) row(texts []string, widths []int, columns []reporting.PaperColumn, head bool) {
	d.WriteString(`<w:tr><w:trPr><w:cantSplit/>`)
	if head {
		d.WriteString(`<w:tblHeader/>`)
	}
	d.WriteString(`</w:trPr>`)
	for i, text := range texts {
		shade, align, run := "", "center", size(tableSize)
		if head {
			shade, run = `<w:shd w:val="clear" w:color="auto" w:fill="E8EEF4"/>`, fonts(heiti)+run
		} else if columns[i].Form != reporting.PaperText {
			align = "right"
		}
		d.WriteString(`<w:tc><w:tcPr><w:tcW w:w="` + strconv.Itoa(widths[i]) + `" w:type="dxa"/>` + shade + `<w:vAlign w:val="center"/></w:tcPr>`)
		d.paragraph(text, `<w:jc w:val="`+align+`"/>`, run)
		d.WriteString(`</w:tc>`)
	}
	d.WriteString(`</w:tr>`)
}

// columnWidths share the width of the text out by what is longest in a column. A
// title may take two lines.
func columnWidths(t reporting.PaperTable) []int {
	const least, most = 5, 20 // Latin letters
	weights, total := make([]int, len(t.Columns)), 0
	for i, c := range t.Columns {
		widest := max(least, (letters(c.Title)+1)/2)
		for _, row := range t.Rows {
			if i < len(row) {
				widest = max(widest, letters(row[i].Text))
			}
		}
		weights[i] = min(widest, most) + 2 // for the cell's own margins
		total += weights[i]
	}
	for i, weight := range weights {
		weights[i] = textWidth * weight / total
	}
	return weights
}

// letters is how wide a text is, in Latin letters: a Chinese character takes two.
func letters(s string) int {
	n := 0
	for _, r := range s {
		if n++; r >= 0x1100 {
			n++
		}
	}
	return n
}
