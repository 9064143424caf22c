package storage

import (
	"fmt"
	"slices"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// plainProject is what the model knows of a project: nothing of the code under
// test is used to keep it.
type plainProject struct {
	id, by, status, stage string
	asked                 string // "", "S3", "S4" or "change"
	territory, becomes    string // becomes is the territory proposed
	pair, code            string // pair: the number of the project by which it is held
	like                  string // number of the project that it was filed in spite of
	invest, investBecomes int
	submitted, verified   time.Time
	year, confirmed       int
	lapsed                int // the year for which nobody confirmed it
	suspended, heldEnded  reporting.Date
	ended                 reporting.Date
	plainBeside
}

func (p *plainProject) over() bool { return p.status == "withdrawn" || p.status == "merged" }

// credits returns what it should be credited, as year/body/role.
func (p *plainProject) credits() []string {
	live := p.status == "verified" ||
		p.status == "suspended" && (p.heldEnded.IsZero() || p.heldEnded.Year > p.year) ||
		p.over() && p.ended.Year > p.year
	if !live || p.verified.IsZero() || p.invest < 10000 || p.pair != "" {
		return nil
	}
	out := []string{fmt.Sprint(p.year, "//city"), fmt.Sprint(p.year, "/gxj/department"), fmt.Sprint(p.year, "/", p.territory, "/territory")}
	slices.Sort(out)
	return out
}

// creditsToday is credits without those that only a year that is over keeps.
func (p *plainProject) creditsToday() []string {
	if p.over() || p.status == "suspended" && !p.heldEnded.IsZero() {
		return nil
	}
	return p.credits()
}

func (p *plainProject) unconfirmed(year int) bool {
	return p.status == "verified" && p.stage != "S4" && p.year < year && p.confirmed < year
}

func (p *plainProject) approve(at time.Time) {
	switch p.asked {
	case "S3", "S4":
		p.stage = p.asked
	case "change":
		p.invest, p.territory = p.investBecomes, p.becomes
	default:
		p.status, p.verified, p.year = "verified", at, at.Year()
		if p.submitted.Year() == at.Year()-1 && at.YearDay() <= 15 {
			p.year--
		}
	}
	p.asked = ""
}

// again is what taking up and confirming do.
func (p *plainProject) again(year int) {
	p.status, p.suspended, p.heldEnded, p.lapsed = "verified", reporting.Date{}, reporting.Date{}, 0
	if p.year < year {
		p.confirmed = year
	}
}

func (p *plainProject) end(status string, day reporting.Date) {
	p.status, p.ended, p.suspended, p.asked, p.pair = status, day, reporting.Date{}, "", ""
}

// sweep does what a day does of its own accord; due is the last day of
// confirming.
func (p *plainProject) sweep(day, due reporting.Date) {
	switch {
	case p.unconfirmed(day.Year) && due.Before(day):
		p.status, p.suspended, p.lapsed, p.asked = "suspended", day, day.Year, ""
	case p.status != "suspended" || !p.suspended.AddDays(90).Before(day):
	case p.lapsed != 0:
		p.end("withdrawn", day)
	case p.heldEnded.IsZero():
		p.heldEnded = day
	}
}

// shown is what the machine compares of a project beside its credits.
func (p *plainProject) shown() string {
	return fmt.Sprint(p.status, " ", p.stage, " asks ", p.asked, ", ", reporting.Wan(p.invest), " ", p.territory, " ", p.year, " pair ", p.pair, " code ", p.code,
		" confirmed ", p.confirmed, " lapsed ", p.lapsed, " ", p.suspended, " ", p.heldEnded, " ", p.ended)
}

func shown(q reporting.Project) string {
	asked := ""
	if q.AskedVersion != 0 {
		asked = q.What()
	}
	return fmt.Sprint(q.Status, " ", q.Stage, " asks ", asked, ", ", q.InvestTotal, " ", q.TerritoryBody, " ", q.PlanYear, " pair ", q.HeldBy, " code ", q.Code,
		" confirmed ", q.ConfirmedFor, " lapsed ", q.LapsedFor, " ", q.SuspendedOn, " ", q.HoldEndedOn, " ", q.EndedOn)
}
