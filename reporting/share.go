package reporting

// Dimension is what a list is told apart by.
type Dimension string

// The dimensions. ByBody puts a project under each body that reported, manages
// or leads it; under the others each project is once.
const (
	ByRoute     Dimension = "route"
	ByPath      Dimension = "subpath"
	ByIndustry  Dimension = "industry"
	ByStage     Dimension = "stage"
	ByStatus    Dimension = "status"
	ByProgramme Dimension = "programme"
	ByBody      Dimension = "body"
)

// Share is the part of a list that agrees in a dimension.
type Share struct {
	Of     string // the value; "" where projects have none
	N      int
	Invest Wan
}

// ProjectName is what a project is called.
type ProjectName struct {
	ID, Name  string
	UpdatedAt int64 // UTC ms
}
