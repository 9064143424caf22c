package exchange

import (
	"github.com/mouhua/mouhua/reporting"
)

// column of projects whose cell is read by a parser of the domain; a fault
// shows an example.
func parsed(name, example string, field func(*reporting.Project) *string, parse func(string) (string, error)) column[reporting.Project] {
	return column[reporting.Project]{name, true, plain(field, func(p *reporting.Project, cell string) *reporting.Error {
		s, err := parse(cell)
		if err != nil {
			return invalid("err.import.form", "example", example)
		}
		*field(p) = s
		return nil
	})}
}

// several is a column of values of a list with a bar between them.
func several(name string, list []string, field func(*reporting.Project) *string) column[reporting.Project] {
	return column[reporting.Project]{name, true, plain(field, func(p *reporting.Project, cell string) *reporting.Error {
		s, err := reporting.Canonical(cell, list)
		if err != nil {
			return invalid("err.import.choice", "allowed", joined(list))
		}
		*field(p) = s
		return nil
	})}
}

func amount(name string, field func(*reporting.Project) *reporting.Wan) column[reporting.Project] {
	return column[reporting.Project]{name, true, orNone(number(0, reporting.MaxForeign, field))}
}

func word(name string, field func(*reporting.Project) *string) column[reporting.Project] {
	return column[reporting.Project]{name, true, text(nameLimit, field)}
}

func one(name string, list []string, field func(*reporting.Project) *string) column[reporting.Project] {
	return column[reporting.Project]{name, true, choice(list, field)}
}

// recordColumns are the columns of a reporting.Record.
var recordColumns = []column[reporting.Project]{
	parsed("location_code", "220102", func(p *reporting.Project) *string { return &p.LocationCode }, func(s string) (string, error) {
		code, _, err := reporting.ParseLocationCode(s)
		return code, err
	}),
	parsed("owner_code", "91350100M000100Y43", func(p *reporting.Project) *string { return &p.OwnerCode }, reporting.ParseCreditCode),
	parsed("gb4754", "C36", func(p *reporting.Project) *string { return &p.Sector }, reporting.ParseSector),
	one("planning_mode", reporting.PlanningModes, func(p *reporting.Project) *string { return &p.PlanningMode }),
	word("outside_brain", func(p *reporting.Project) *string { return &p.OutsideBrain }),
	word("introducer", func(p *reporting.Project) *string { return &p.Introducer }),
	one("drive", reporting.Drives, func(p *reporting.Project) *string { return &p.Drive }),
	amount("fund_government_wan", func(p *reporting.Project) *reporting.Wan { return &p.FundGovernment }),
	amount("fund_enterprise_wan", func(p *reporting.Project) *reporting.Wan { return &p.FundEnterprise }),
	amount("fund_loan_wan", func(p *reporting.Project) *reporting.Wan { return &p.FundLoan }),
	amount("fund_social_wan", func(p *reporting.Project) *reporting.Wan { return &p.FundSocial }),
	amount("fund_other_wan", func(p *reporting.Project) *reporting.Wan { return &p.FundOther }),
	one("fx_currency", reporting.Currencies, func(p *reporting.Project) *string { return &p.FXCurrency }),
	{"fx_amount_wan", true, orNone(number(0, reporting.MaxForeign, func(p *reporting.Project) *reporting.Wan { return &p.FXAmount }))},
	parsed("fx_rate", "6.8125", func(p *reporting.Project) *string { return &p.FXRate }, reporting.ParseRate),
	{"fx_on", true, date(func(p *reporting.Project) *reporting.Date { return &p.FXOn })},
	several("library_level", reporting.Libraries, func(p *reporting.Project) *string { return &p.Library }),
	amount("funds_applied_wan", func(p *reporting.Project) *reporting.Wan { return &p.FundsApplied }),
	amount("funds_received_wan", func(p *reporting.Project) *reporting.Wan { return &p.FundsReceived }),
	amount("output_wan", func(p *reporting.Project) *reporting.Wan { return &p.Output }),
	amount("tax_wan", func(p *reporting.Project) *reporting.Wan { return &p.Tax }),
	{"jobs", true, orNone(number(0, reporting.MaxJobs, func(p *reporting.Project) *int { return &p.Jobs }))},
	several("tags", reporting.RecordTags, func(p *reporting.Project) *string { return &p.Tags }),
	{"support_tools", true, text(reasonLimit, func(p *reporting.Project) *string { return &p.Tools })},
}

// checkRecord is checkProject for the record. Funding need not add up to a total
// that was revised after it was split.
func checkRecord(p *reporting.Project) (string, *reporting.Error) {
	for _, c := range []struct {
		column string
		filled bool
	}{{"fx_amount_wan", p.FXAmount != 0}, {"fx_rate", p.FXRate != ""}, {"fx_on", !p.FXOn.IsZero()}} {
		if c.filled != (p.FXCurrency != "") {
			if c.filled {
				return "fx_currency", invalid("err.import.required")
			}
			return c.column, invalid("err.import.required")
		}
	}
	if p.FundsReceived > p.FundsApplied {
		return "funds_received_wan", invalid("err.import.range", "min", 0, "max", int64(p.FundsApplied))
	}
	return "", nil
}
