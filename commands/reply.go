package commands

// Reply is an answer, drawn from parts so that any transport can render it.
type Reply struct {
	InChannel bool   // everybody in the channel sees it; else only the asker
	Text      string // the same in one plain line: notification, screen reader, fallback
	Parts     []Part
}

// Part is one piece of a Reply: Heading, Paragraph, Bullets, Facts, Table,
// Chart, Buttons, Note or Rule.
type Part interface{ part() }

// Span is a run of text. User data goes into Text and is never interpreted.
type Span struct {
	Text       string
	Bold, Code bool
	Italic     bool
	Strike     bool
	User       string // mention of a Slack user id instead of Text
	Channel    string // mention of a Slack channel id instead of Text
	URL        string // link, Text is its label
}

// The parts.
type (
	// Heading is a title of at most 150 code points.
	Heading string
	// Paragraph is running text.
	Paragraph []Span
	// Bullets is a list, one paragraph an item.
	Bullets [][]Span
	// Facts are labelled values, one a line.
	Facts []Fact
	// Fact is one labelled value.
	Fact struct {
		Label string
		Value []Span
	}
	// Table is rows under columns; a transport may page or flatten it.
	Table struct {
		Caption string // what it lists, in a line; only a table with one is paged
		Columns []Column
		Rows    [][]string
	}
	// Column is one column of a Table.
	Column struct {
		Title string
		Right bool // numbers are set right
	}
	// Chart is a picture of numbers. Instead says the same in words, for where no
	// picture can be drawn.
	Chart struct {
		Kind       ChartKind
		Title      string   // ≤ 50 code points
		Categories []string // along the axis, or of the slices of a PieChart; ≤ 20, each ≤ 20 code points
		Series     []Series // ≤ 6; one for a PieChart
		X, Y       string   // what the axes show, ≤ 50 code points; "" = nothing
		Instead    []Part
	}
	// Series is one line, area or colour of bars: a value for each category.
	Series struct {
		Name   string // ≤ 20 code points
		Values []float64
	}
	// Buttons is a row of buttons.
	Buttons []Button
	// Note is small print: "as of", how a number is counted.
	Note []Span
	// Rule is a dividing line.
	Rule struct{}
)

// ChartKind is how a Chart is drawn.
type ChartKind string

// The kinds of charts.
const (
	BarChart  ChartKind = "bar"
	LineChart ChartKind = "line"
	AreaChart ChartKind = "area"
	PieChart  ChartKind = "pie" // values above zero, at most 6
)

// Button is something to press. Pressing gives a Press with Action and Value.
type Button struct {
	Action  string // "project.register", "review.approve" …
	Value   string // what it acts on, e.g. "CC-2018-0007@3" (project and version)
	Label   string // ≤ 30 code points
	Style   string // "primary", "danger" or ""
	URL     string
	Confirm *Confirm
}

// Confirm is the question before a button acts.
type Confirm struct{ Title, Text, Yes, No string }

func (Heading) part()   {}
func (Paragraph) part() {}
func (Bullets) part()   {}
func (Facts) part()     {}
func (Table) part()     {}
func (Chart) part()     {}
func (Buttons) part()   {}
func (Note) part()      {}
func (Rule) part()      {}

// Plain returns s as one span.
func Plain(s string) Span { return Span{Text: s} }

// Bold returns s as one bold span.
func Bold(s string) Span { return Span{Text: s, Bold: true} }

// Say returns a private reply of one paragraph.
func Say(text string) *Reply {
	return &Reply{Text: text, Parts: []Part{Paragraph{Plain(text)}}}
}
