package reporting

import (
	"slices"
	"strconv"
	"strings"
)

// Complete writes one section of the record as it was typed. seen is the
// version that the person saw, 0 = whatever it is now. Errors: as CanComplete;
// Conflict when p was changed since; Invalid when nothing is changed; FieldErrors.
func Complete(a Actor, p Project, s Section, seen int, v map[string]string, c *Catalogue, day Date, at int64) (Change, error) {
	if err := CanComplete(a, p); err != nil {
		return Change{}, err
	}
	if err := p.Unchanged(seen); err != nil {
		return Change{}, err
	}
	before := p
	r := &reader{values: v}
	switch s {
	case SectionIdentity:
		r.identity(&p.Record)
	case SectionMoney:
		r.funding(&p.Record, p.InvestTotal)
		r.foreign(&p.Record, day)
	case SectionEffect:
		r.effect(&p.Record, c)
	default:
		return Change{}, Fail(NotFound, "err.form.unknown")
	}
	if err := r.errs.Err(); err != nil {
		return Change{}, err
	}
	if p == before {
		return Change{}, Fail(Invalid, "err.record.same", "id", p.ID)
	}
	p.UpdatedAt = at
	return Change{Project: p, Event: eventOf(a, "project.complete", before, p, at)}, nil
}

// parsed reads an optional field by a parser.
func (r *reader) parsed(field string, parse func(string) (string, error)) string {
	s := r.text(field, false)
	if s == "" {
		return ""
	}
	out, err := parse(s)
	if err != nil {
		r.fault(field, err)
	}
	return out
}

func (r *reader) identity(to *Record) {
	to.LocationCode = r.parsed(FieldLocationCode, func(s string) (string, error) {
		code, _, err := ParseLocationCode(s)
		return code, err
	})
	to.OwnerCode = r.parsed(FieldOwnerCode, ParseCreditCode)
	to.Sector = r.parsed(FieldSector, ParseSector)
	to.PlanningMode = r.choice(FieldPlanning, false, PlanningModes)
	to.OutsideBrain = r.text(FieldBrain, to.PlanningMode == "brains")
	if to.OutsideBrain != "" && to.PlanningMode != "brains" {
		r.fault(FieldBrain, Fail(Invalid, "err.record.brain"))
	}
	to.Introducer = r.text(FieldIntroducer, false)
	to.Drive = r.choice(FieldDrive, false, Drives)
}

// amount reads an optional amount; 0 is none.
func (r *reader) amount(field string) Wan {
	if s := r.text(field, false); s == "" || strings.Trim(foldWidth(s), "0. 万元") == "" {
		return 0
	}
	return r.money(field)
}

func (r *reader) funding(to *Record, total Wan) {
	faults := len(r.errs)
	to.FundGovernment, to.FundEnterprise, to.FundLoan = r.amount(FieldFundGovernment), r.amount(FieldFundEnterprise), r.amount(FieldFundLoan)
	to.FundSocial, to.FundOther = r.amount(FieldFundSocial), r.amount(FieldFundOther)
	if len(r.errs) == faults && !to.FundingFits(total) {
		r.fault(FieldFundOther, Fail(Invalid, "err.record.funding", "sum", to.Funded().String(), "total", total.String()))
	}
}

// foreign reads what belongs together: all of it, or nothing.
func (r *reader) foreign(to *Record, day Date) {
	to.FXCurrency, to.FXAmount, to.FXRate, to.FXOn = "", 0, "", Date{}
	given := func(id string) bool { return strings.TrimSpace(r.values[id]) != "" }
	if !slices.ContainsFunc([]string{FieldFXCurrency, FieldFXAmount, FieldFXRate, FieldFXOn}, given) {
		return
	}
	to.FXCurrency = r.choice(FieldFXCurrency, true, Currencies)
	to.FXAmount = r.whole(FieldFXAmount, true, 1, MaxForeign)
	if r.text(FieldFXRate, true) != "" {
		to.FXRate = r.parsed(FieldFXRate, ParseRate)
	}
	to.FXOn = r.past(FieldFXOn, Date{}, day)
}

// whole reads a whole number within bounds, with or without separators.
func (r *reader) whole(field string, required bool, low, high int64) Wan {
	s := strings.ReplaceAll(foldWidth(r.text(field, required)), ",", "")
	if s == "" {
		return 0
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < low || n > high {
		r.fault(field, Fail(Invalid, "err.whole", "min", Wan(low).String(), "max", Wan(high).String(), "value", clip(s, 40)))
	}
	return Wan(n)
}

// Bounds of what is typed: MaxJobs is more than the largest employer of the
// province has; MaxForeign is in 10,000 units of a currency, some being small.
const (
	MaxJobs    = 1_000_000
	MaxForeign = int64(MaxPlain) * 1000
)

func (r *reader) effect(to *Record, c *Catalogue) {
	to.Library = r.several(FieldLibrary, Libraries)
	to.FundsApplied, to.FundsReceived = r.amount(FieldApplied), r.amount(FieldReceived)
	if to.FundsReceived > to.FundsApplied {
		r.fault(FieldReceived, Fail(Invalid, "err.record.received"))
	}
	to.Output, to.Tax = r.amount(FieldOutput), r.amount(FieldTax)
	to.Jobs = int(r.whole(FieldJobs, false, 0, MaxJobs))
	to.Tags = r.several(FieldTags, RecordTags)
	to.Tools = r.several(FieldTools, append(c.ids(ListSupportTool), None))
}

// several reads values of a list; None stands alone.
func (r *reader) several(field string, list []string) string {
	s, err := Canonical(r.values[field], list)
	if err != nil {
		r.fault(field, err)
	}
	return s
}

// ConvertedValues returns what a foreign amount that is being typed is in 万元;
// ok is false while amount or rate cannot be read.
func ConvertedValues(v map[string]string) (w Wan, ok bool) {
	r := &reader{values: v}
	amount := r.whole(FieldFXAmount, true, 1, MaxForeign)
	rate, err := ParseRate(v[FieldFXRate])
	if err != nil || len(r.errs) > 0 {
		return 0, false
	}
	return convert(amount, rate), true
}
