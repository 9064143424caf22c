package reporting

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Basis is what counts towards a quota.
type Basis string

// The bases: projects new in the year, or these and those carried into it.
const (
	CountNew         Basis = "new"
	CountWithCarried Basis = "new_plus_carried"
)

// Bases lists the bases.
var Bases = []Basis{CountNew, CountWithCarried}

// Carry is what year's ends leave at a project that outlives its plan year.
type Carry struct {
	ConfirmedFor int  // the last year for which its body said that it goes on
	LapsedFor    int  // while suspended: the year for which nobody said so; 0 = suspended for another reason
	HoldEndedOn  Date // while suspended: the day on which it lost its credit
}

// CarriedFor reports whether p is in the pool of a later year than its own.
func (p Project) CarriedFor(year int) bool {
	return p.PlanYear < year && p.ConfirmedFor == year &&
		(p.Status == Verified || p.Status == Carried || p.Status == Suspended)
}

// Unfinished reports whether p must be confirmed anew when a year begins.
func (p Project) Unfinished() bool {
	return (p.Status == Verified || p.Status == Carried) && p.Stage != S4
}

// Unconfirmed reports whether p still waits to be confirmed for a year.
func (p Project) Unconfirmed(year int) bool {
	return p.Unfinished() && p.PlanYear < year && p.ConfirmedFor < year
}

// WithPool returns s with the projects carried into its year counted as well.
func (s Standing) WithPool(pool Tally) Standing {
	s.Carried += pool.Credited
	s.Tally.Credited += pool.Credited
	s.Tally.Invest += pool.Invest
	for i, n := range pool.ByStage {
		s.Tally.ByStage[i] += n
	}
	return s
}

// YearToFreeze returns the last year whose days of grace are over on a day.
func YearToFreeze(day Date) int {
	if day.YearDay() > GraceDays {
		return day.Year - 1
	}
	return day.Year - 2
}

// Frozen is a year that is closed: its figures as they were when the days of
// grace ended. Nothing changes them; what came to light later stands beside
// them as corrections.
type Frozen struct {
	Year      int
	At        int64      // UTC ms
	Basis     Basis      // as it then was
	Rules     Rules      // likewise
	Standings []Standing // of 31 December, by body, City first; new projects only
	Pools     []Tally    // carried into the year, by body

	Indicators []IndicatorLine // where a body had a target
}

// Of returns a body's standing, with its pool where the basis says so; one
// without a quota, for a body that had nothing.
func (f Frozen) Of(body string) Standing {
	s := Standing{BodyID: body, Year: f.Year, AsOf: Date{f.Year, time.December, 31}}
	if i := slices.IndexFunc(f.Standings, func(s Standing) bool { return s.BodyID == body }); i >= 0 {
		s = f.Standings[i]
	}
	if f.Basis == CountWithCarried {
		s = s.WithPool(f.Pool(body))
	}
	return s
}

// Pool returns what was carried into the year for a body.
func (f Frozen) Pool(body string) Tally {
	for _, t := range f.Pools {
		if t.BodyID == body {
			return t
		}
	}
	return Tally{BodyID: body, Year: f.Year}
}

// Lines returns how a body, or every body for City, stood in its indicators.
func (f Frozen) Lines(body string) []IndicatorLine {
	return slices.DeleteFunc(slices.Clone(f.Indicators), func(l IndicatorLine) bool { return body != City && l.BodyID != body })
}

// Line is why a frozen year counts a project for a body.
type Line struct {
	ProjectID string
	BodyID    string
	Role      CreditRole
}

// Correction says that a frozen year would count a project otherwise.
type Correction struct {
	Year int
	Line
	Delta int    // +1 or −1
	Why   string // action of the event
	At    int64  // UTC ms
}

// Correct returns what p, as it is now, corrects in the frozen year that
// counts lines for it by its rules, corrections so far included.
func Correct(year int, p Project, lines []Line, r Rules, why string, at int64) []Correction {
	var should []Line
	if p.PlanYear == year && p.Status != Withdrawn && p.Status != Merged && (p.Status != Suspended || p.HoldEndedOn.IsZero()) {
		for _, c := range CreditsFor(p, r) {
			should = append(should, Line{c.ProjectID, c.BodyID, c.Role})
		}
	}
	var out []Correction
	for _, side := range []struct {
		from, less []Line
		delta      int
	}{{lines, should, -1}, {should, lines, +1}} {
		for _, l := range side.from {
			if !slices.Contains(side.less, l) {
				out = append(out, Correction{Year: year, Line: l, Delta: side.delta, Why: why, At: at})
			}
		}
	}
	return out
}

// System is who acts when a day has come.
var System = Actor{UserID: "mouhua"}

// Messages about the year's end.
const (
	YearFrozen MessageKind = "year_frozen" // to the office, once a year
	YearAsk    MessageKind = "year_ask"    // how much a body has to confirm, and by when: to its channel
	YearStep   MessageKind = "year_step"   // what a day's step did to projects: to their body's channel
)

// FreezeMessage tells the office that a year is frozen.
func FreezeMessage(year int) Message {
	y := strconv.Itoa(year)
	return Message{Key: "frozen/" + y, Kind: YearFrozen, Args: map[string]string{"year": y}}
}

// Ask is the demand of a year to confirm what older years left unfinished.
type Ask struct {
	Year  int
	On    Date
	DueOn Date // last day of confirming
}

// AskDays is how long a body has at least to confirm.
const AskDays = 14

// NewAsk returns the demand as it is made on a day: due on 31 January, later
// only when it comes so late that a fortnight would not be left.
func NewAsk(day Date) Ask {
	due := Date{day.Year, time.January, 31}
	if late := day.AddDays(AskDays); due.Before(late) {
		due = late
	}
	return Ask{Year: day.Year, On: day, DueOn: due}
}

// Message asks a body to confirm n projects.
func (k Ask) Message(body string, n int) Message {
	return Message{
		Key: "confirm/" + body + "/" + strconv.Itoa(k.Year), Kind: YearAsk, BodyID: body,
		Args: map[string]string{"year": strconv.Itoa(k.Year), "n": strconv.Itoa(n), "due": k.DueOn.String()},
	}
}

// Step is what a day does to a project of its own accord.
type Step string

// The steps: suspended since nobody confirmed it, its credit lost after 90
// days of suspension, withdrawn after 90 days without being confirmed.
const (
	NoStep       Step = ""
	StepLapse    Step = "lapse"
	StepHold     Step = "hold"
	StepWithdraw Step = "withdraw"
)

// StepFor returns what is due for p on a day under the year's demand.
func StepFor(p Project, k Ask, day Date) Step {
	switch {
	case p.Unconfirmed(k.Year) && k.DueOn.Before(day):
		return StepLapse
	case p.Status != Suspended || p.SuspendedOn.IsZero() || !HeldUntil(p).Before(day):
		return NoStep
	case p.LapsedFor != 0:
		return StepWithdraw
	case p.HoldEndedOn.IsZero():
		return StepHold
	}
	return NoStep
}

// Sweep takes the steps due for projects of one body, and
// tells the body once for each kind. What nothing is due for is left out.
func Sweep(all []Project, k Ask, day Date, at int64) []Change {
	var out []Change
	told := map[Step][]string{}
	last := map[Step]int{}
	for _, p := range all {
		step := StepFor(p, k, day)
		if step == NoStep {
			continue
		}
		before := p
		p.UpdatedAt = at
		switch step {
		case StepLapse:
			p.Status, p.SuspendedOn, p.StatusReason, p.LapsedFor, p.Request = Suspended, day, "", k.Year, Request{}
		case StepHold:
			p.HoldEndedOn = day
		case StepWithdraw:
			p.end(Withdrawn, day)
		}
		c := Change{Project: p, Event: eventOf(System, "year."+string(step), before, p, at)}
		if before.AskedVersion != 0 {
			c.Messages = append(c.Messages, closedCard(System, before, p))
		}
		out = append(out, c)
		told[step], last[step] = append(told[step], p.ID), len(out)-1
	}
	for step, ids := range told {
		p := out[last[step]].Project
		out[last[step]].Messages = append(out[last[step]].Messages, Message{
			Key: "year/" + string(step) + "/" + p.ReporterBody + "/" + day.String() + "/" + ids[0], Kind: YearStep, BodyID: p.ReporterBody,
			Args: map[string]string{"step": string(step), "projects": strings.Join(ids, " "), "year": strconv.Itoa(k.Year), "day": day.String()},
		})
	}
	return out
}

// CanReconfirm returns nil when a may confirm p for the year of day. Errors:
// Forbidden; Conflict when there is nothing to confirm.
func CanReconfirm(a Actor, p Project, day Date) error {
	if err := CanEditProject(a, p); err != nil {
		return err
	}
	if p.Unconfirmed(day.Year) || p.Status == Suspended && p.LapsedFor != 0 {
		return nil
	}
	return Fail(Conflict, "err.reconfirm.none", "id", p.ID, "status", string(p.Status))
}

// Reconfirm carries p into the year of day with what was typed: FieldNote for
// its progress, FieldEvidence. One that was suspended for want of this is taken
// up again. It earns no new credit. seen is the version that the person saw, 0
// = whatever it is now. Errors: as CanReconfirm; Conflict when p was changed
// since; FieldErrors.
func Reconfirm(a Actor, p Project, seen int, v map[string]string, day Date, at int64) (Change, error) {
	if err := CanReconfirm(a, p, day); err != nil {
		return Change{}, err
	}
	if err := p.Unchanged(seen); err != nil {
		return Change{}, err
	}
	before := p
	r := &reader{values: v}
	text := r.text(FieldNote, true)
	p.Evidence = r.text(FieldEvidence, true)
	if err := r.errs.Err(); err != nil {
		return Change{}, err
	}
	if p.Status == Suspended {
		p.Status = Verified
	}
	p.again(day)
	p.UpdatedAt = at
	return Change{
		Project: p, Event: eventOf(a, "project.reconfirm", before, p, at),
		Note: &Note{ProjectID: p.ID, At: at, By: a.UserID, Text: text},
	}, nil
}

// again ends a suspension, or the wait for a word: p goes on in the year of day.
func (p *Project) again(day Date) {
	p.SuspendedOn, p.HoldEndedOn, p.LapsedFor = Date{}, Date{}, 0
	if p.PlanYear < day.Year {
		p.ConfirmedFor = day.Year
	}
}
