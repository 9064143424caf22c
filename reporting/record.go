package reporting

import "strconv"

// Record is what a project's record holds beyond its filing, completed on a
// second visit and free of review. Empty is: not said.
type Record struct {
	LocationCode string // GB/T 2260, six digits
	OwnerCode    string // unified social credit code of the owner
	Sector       string // GB/T 4754-2017: section and division, "C36"
	PlanningMode string // one of PlanningModes
	OutsideBrain string // who helps to plan, where that is the mode
	Introducer   string // who brought the investor (plan 3.3)
	Drive        string // one of Drives

	FundGovernment, FundEnterprise, FundLoan, FundSocial, FundOther Wan // of the total

	FXCurrency string // of a foreign investment: ISO 4217
	FXAmount   Wan    // in 10,000 units of the currency
	FXRate     string // yuan a unit, a decimal
	FXOn       Date   // day of the rate

	Library       string // several of Libraries
	FundsApplied  Wan    // for from such libraries
	FundsReceived Wan
	Output, Tax   Wan // expected a year
	Jobs          int
	Tags          string // several of RecordTags
	Tools         string // several ids of ListSupportTool, or None
}

// Choices of a record.
var (
	PlanningModes = []string{"self", "brains"}                   // 自主, 借助外脑 (plan 3.2)
	Drives        = []string{"new", "renewal"}                   // 新动能, 改造提升 (plan, chapter 1)
	Libraries     = []string{"city", "province", "nation", None} // plan 4.2.3
	RecordTags    = []string{"double_ten", "local"}              // 双十工程, converted locally (plan 4.4)
	Currencies    = []string{"USD", "EUR", "JPY", "GBP", "HKD", "TWD", "KRW", "SGD", "CAD", "AUD", "CHF", "RUB"}
)

// None is the choice of a field with several that says: none of them.
const None = "none"

// The fields of a record.
const (
	FieldLocationCode = "location_code"
	FieldOwnerCode    = "owner_code"
	FieldSector       = "gb4754"
	FieldPlanning     = "planning_mode"
	FieldBrain        = "outside_brain"
	FieldIntroducer   = "introducer"
	FieldDrive        = "drive"

	FieldFundGovernment = "fund_government"
	FieldFundEnterprise = "fund_enterprise"
	FieldFundLoan       = "fund_loan"
	FieldFundSocial     = "fund_social"
	FieldFundOther      = "fund_other"
	FieldFXCurrency     = "fx_currency"
	FieldFXAmount       = "fx_amount"
	FieldFXRate         = "fx_rate"
	FieldFXOn           = "fx_on"

	FieldLibrary  = "library_level"
	FieldApplied  = "funds_applied"
	FieldReceived = "funds_received"
	FieldOutput   = "output"
	FieldTax      = "tax"
	FieldJobs     = "jobs"
	FieldTags     = "tags"
	FieldTools    = "support_tools"
)

// Section is a part of the record with a form of its own.
type Section string

// The sections.
const (
	SectionIdentity Section = "identity"
	SectionMoney    Section = "money"
	SectionEffect   Section = "effect"
)

// Sections lists the sections in order.
var Sections = []Section{SectionIdentity, SectionMoney, SectionEffect}

// RecordFields lists the fields of each section: no more than fit a telephone.
var RecordFields = map[Section][]string{
	SectionIdentity: {FieldLocationCode, FieldOwnerCode, FieldSector, FieldPlanning, FieldBrain, FieldIntroducer, FieldDrive},
	SectionMoney: {
		FieldFundGovernment, FieldFundEnterprise, FieldFundLoan, FieldFundSocial, FieldFundOther,
		FieldFXCurrency, FieldFXAmount, FieldFXRate, FieldFXOn,
	},
	SectionEffect: {FieldLibrary, FieldApplied, FieldReceived, FieldOutput, FieldTax, FieldJobs, FieldTags, FieldTools},
}

// Funded returns the sum of the record's funding.
func (r Record) Funded() Wan {
	return r.FundGovernment + r.FundEnterprise + r.FundLoan + r.FundSocial + r.FundOther
}

// FundingFits reports whether funding adds up to a total, give or take 1%; one
// of which nothing is said fits.
func (r Record) FundingFits(total Wan) bool {
	off := r.Funded() - total
	return r.Funded() == 0 || max(off, -off)*100 <= total
}

// Converted returns the foreign amount in 万元, 0 when there is none.
func (r Record) Converted() Wan { return convert(r.FXAmount, r.FXRate) }

// Completeness counts the fields of the whole record of p that are filled, of
// those that such a project can have: an introducer where investors are brought
// (R1), a currency where they come from abroad, an outside brain where there is one.
func (p Project) Completeness() (filled, of int) {
	r := p.Record
	all := []bool{
		p.LeadDept != "", p.PathDetail != "", p.Nature != "", p.Milestone != "", p.Evidence != "" || p.EvidenceFiles > 0, p.Contact != "",
		p.Code != "", p.Leader != "", p.InvestorOrigin != "", p.InvestYear != 0,
		r.LocationCode != "", r.OwnerCode != "", r.Sector != "", r.PlanningMode != "", r.Drive != "", r.Funded() != 0,
		r.Library != "", r.Output != 0, r.Tax != 0, r.Jobs != 0, r.Tools != "",
	}
	for _, only := range []struct{ asked, filled bool }{
		{p.Path.Route() == "R1", r.Introducer != ""},
		{p.InvestorOrigin == "abroad", r.FXCurrency != ""},
		{r.PlanningMode == "brains", r.OutsideBrain != ""},
		{r.Library != "" && r.Library != None, r.FundsApplied != 0},
	} {
		if only.asked {
			all = append(all, only.filled)
		}
	}
	for _, yes := range all {
		if yes {
			filled++
		}
	}
	return filled, len(all)
}

// RecordValues returns the values that the forms of p's record show.
func RecordValues(p Project) map[string]string {
	r := p.Record
	v := map[string]string{
		FieldLocationCode: r.LocationCode, FieldOwnerCode: r.OwnerCode, FieldSector: r.Sector, FieldPlanning: r.PlanningMode,
		FieldBrain: r.OutsideBrain, FieldIntroducer: r.Introducer, FieldDrive: r.Drive,
		FieldFXCurrency: r.FXCurrency, FieldFXRate: r.FXRate, FieldFXOn: r.FXOn.String(),
		FieldLibrary: r.Library, FieldTags: r.Tags, FieldTools: r.Tools,
	}
	for field, w := range map[string]Wan{
		FieldFundGovernment: r.FundGovernment, FieldFundEnterprise: r.FundEnterprise, FieldFundLoan: r.FundLoan,
		FieldFundSocial: r.FundSocial, FieldFundOther: r.FundOther,
		FieldApplied: r.FundsApplied, FieldReceived: r.FundsReceived, FieldOutput: r.Output, FieldTax: r.Tax,
	} {
		if w != 0 {
			v[field] = w.String() + " 万元"
		}
	}
	if r.FXAmount != 0 {
		v[FieldFXAmount] = r.FXAmount.String()
	}
	if r.Jobs != 0 {
		v[FieldJobs] = strconv.Itoa(r.Jobs)
	}
	return v
}

// CanonicalTools returns support tools, named in any way, as a record holds
// them; unknown is the first that is none.
func (c *Catalogue) CanonicalTools(s string) (tools, unknown string) {
	var ids []string
	for _, name := range Values(s) {
		e, ok := c.Named(ListSupportTool, name)
		if name == None {
			e.ID, ok = None, true
		}
		if !ok {
			return s, name
		}
		ids = append(ids, e.ID)
	}
	tools, _ = canonical(ids, append(c.ids(ListSupportTool), None))
	return tools, ""
}

// Canonical returns several values of a list as a record holds them. Errors:
// Invalid for one that is not in the list, or for None beside others.
func Canonical(s string, list []string) (string, error) {
	out, ok := canonical(Values(s), list)
	if !ok {
		return "", Fail(Invalid, "err.choice")
	}
	if n := len(Values(out)); n > 1 && Values(out)[n-1] == None {
		return "", Fail(Invalid, "err.record.none")
	}
	return out, nil
}
