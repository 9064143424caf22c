package reporting

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Indicator is what a body may be asked to reach beside its quota: the plan
// assesses its zones on these three (chapter 4, 1.4).
type Indicator string

// The indicators: 招商引资, the total of the credited projects of route R1;
// 项目落地, how many credited projects have come to S3; 资金到位, what was invested
// in the year according to the last note of each credited project.
const (
	Promotion Indicator = "investment"
	Landed    Indicator = "landed"
	Funds     Indicator = "funds"
)

// Indicators lists the indicators in the order of the plan.
var Indicators = []Indicator{Promotion, Landed, Funds}

// Money reports whether the indicator is an amount; else it is a number of projects.
func (i Indicator) Money() bool { return i != Landed }

// IndicatorTarget is one version of what a body is to reach in a year.
type IndicatorTarget struct {
	BodyID    string
	Year      int
	Indicator Indicator
	Version   int   // 1, 2, 3 … within body, year and indicator
	Target    int64 // 万元 or projects; 0 = no longer asked
	Reason    string
	DocNo     string
	SetBy     string // Slack user id
	SetAt     int64  // UTC ms
}

// IndicatorBook is all that is written about a body's indicators of a year.
type IndicatorBook struct {
	Body    Body
	Year    int
	Targets []IndicatorTarget // by indicator and version
}

// Last returns the version that holds; a Version of 0 when there is none.
func (b IndicatorBook) Last(i Indicator) (t IndicatorTarget) {
	for _, v := range b.Targets {
		if v.Indicator == i && v.Version > t.Version {
			t = v
		}
	}
	return t
}

// IndicatorChange is the outcome of SetIndicator. Storage writes all of it in
// one transaction or none of it.
type IndicatorChange struct {
	Target   IndicatorTarget
	Event    Event
	Messages []Message
}

// The fields of the form of a target.
const (
	FieldIndicator = "indicator"
	FieldTarget    = "target"
)

// IndicatorSet tells a body's channel of a new target.
const IndicatorSet MessageKind = "indicator_set"

// maxTarget is far above what a body can be asked for, and catches a slip.
const maxTarget = int64(MaxPlain)

// SetIndicator adds a version: t holds indicator, target, reason and document.
// seen is how many versions of all indicators the actor saw, -1 = whatever
// there are now. The body's channel is told. Errors: Forbidden; FieldErrors for what was typed;
// Conflict when another version was added meanwhile, or it says the same.
func SetIndicator(a Actor, book IndicatorBook, t IndicatorTarget, seen int, at int64) (IndicatorChange, error) {
	if err := CanManage(a); err != nil {
		return IndicatorChange{}, err
	}
	old := book.Last(t.Indicator)
	t.BodyID, t.Year, t.Version, t.SetBy, t.SetAt = book.Body.ID, book.Year, old.Version+1, a.UserID, at
	t.DocNo = strings.TrimSpace(t.DocNo)
	var faults FieldErrors
	if !slices.Contains(Indicators, t.Indicator) {
		faults = append(faults, Fail(Invalid, "err.choice").At(FieldIndicator))
	}
	limit := maxTarget
	if !t.Indicator.Money() {
		limit = maxQuota
	}
	if t.Target < 0 || t.Target > limit {
		faults = append(faults, Fail(Invalid, "err.indicator.target").At(FieldTarget))
	}
	if t.Reason, faults = reasonOf(t.Reason, faults); len([]rune(t.DocNo)) > 100 {
		faults = append(faults, Fail(Invalid, "err.too_long", "max", 100, "length", len([]rune(t.DocNo))).At(FieldDocNo))
	}
	if err := faults.Err(); err != nil {
		return IndicatorChange{}, err
	}
	switch {
	case seen >= 0 && seen != len(book.Targets):
		return IndicatorChange{}, Fail(Conflict, "err.indicator.changed", "version", old.Version)
	case old.Target == t.Target:
		return IndicatorChange{}, Fail(Conflict, "err.indicator.same").At(FieldTarget)
	}
	subject := t.BodyID + "/" + strconv.Itoa(t.Year) + "/" + string(t.Indicator)
	var before any
	if old.Version > 0 {
		before = old
	}
	return IndicatorChange{
		Target: t,
		Event:  Event{At: at, Actor: a.UserID, Action: "indicator.set", Kind: "indicator", Subject: subject, Before: before, After: t},
		Messages: []Message{{
			Key: "indicator/" + subject + "/" + strconv.Itoa(t.Version), Kind: IndicatorSet, BodyID: t.BodyID, DueAt: at,
			Args: map[string]string{"year": strconv.Itoa(t.Year), "indicator": string(t.Indicator), "version": strconv.Itoa(t.Version)},
		}},
	}, nil
}

func reasonOf(s string, faults FieldErrors) (string, FieldErrors) {
	r := &reader{errs: faults}
	reason, err := readReason(s)
	if err != nil {
		r.fault(FieldReason, err)
	}
	return reason, r.errs
}

// IndicatorLine is how a body stands in one indicator.
type IndicatorLine struct {
	BodyID    string
	Year      int
	Indicator Indicator
	Target    int64 // more than 0
	Actual    int64 // in the same unit
}

// Done is the share reached.
func (l IndicatorLine) Done() float64 { return float64(l.Actual) / float64(l.Target) }

// LineOf sets what a body has reached beside a target: t is its tally of the
// year, new projects only, and funds what was invested in the year.
func LineOf(target IndicatorTarget, t Tally, funds Wan) IndicatorLine {
	l := IndicatorLine{BodyID: target.BodyID, Year: target.Year, Indicator: target.Indicator, Target: target.Target}
	switch target.Indicator {
	case Promotion:
		l.Actual = int64(t.Promoted)
	case Landed:
		l.Actual = int64(t.ByStage[2] + t.ByStage[3])
	case Funds:
		l.Actual = int64(funds)
	}
	return l
}

// SortLines puts lines into the order of bodies' ids and of the plan.
func SortLines(lines []IndicatorLine) {
	slices.SortFunc(lines, func(x, y IndicatorLine) int {
		return cmp.Or(cmp.Compare(x.BodyID, y.BodyID), cmp.Compare(slices.Index(Indicators, x.Indicator), slices.Index(Indicators, y.Indicator)))
	})
}
