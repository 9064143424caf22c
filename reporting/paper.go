package reporting

// Paper is a document of words and tables in one language, to be written as a
// file: how it stands on the page is the matter of package exchange.
type Paper struct {
	Title     string
	Subtitle  string // below it: its number
	WordsName string // short: of the sheet that has the words, where the tables have sheets
	Sections  []PaperSection
	Notes     []string // small print at the end: as of when, how it is counted
	Signed    string   // who issues it; "" = nobody
	Dated     string   // when
}

// PaperSection is a part of a Paper; what is empty is left out.
type PaperSection struct {
	Heading    string
	Paragraphs []string
	Table      *PaperTable
}

// PaperTable is a table whose first row names its columns.
type PaperTable struct {
	Name    string // short: of a sheet
	Columns []PaperColumn
	Rows    [][]PaperCell
}

// PaperForm is what the cells of a column hold.
type PaperForm string

// The forms. Counts are whole numbers, shares fractions of one, points have one
// decimal.
const (
	PaperText   PaperForm = "text"
	PaperCount  PaperForm = "count"
	PaperShare  PaperForm = "share"
	PaperPoints PaperForm = "points"
)

// PaperColumn is a column of a PaperTable.
type PaperColumn struct {
	Title string
	Form  PaperForm
}

// PaperCell is a cell: Text is what people read; Number is the value where the
// column holds numbers, unless there is None.
type PaperCell struct {
	Text   string
	Number float64
	None   bool
}
