package reporting

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// BulletinKind is how long a time a bulletin is about.
type BulletinKind string

// The kinds. The second quarter's is the half-year's, the fourth's the year's.
const (
	Monthly   BulletinKind = "monthly"
	Quarterly BulletinKind = "quarterly"
)

// BulletinKinds lists the kinds.
var BulletinKinds = []BulletinKind{Monthly, Quarterly}

// Period is what a bulletin is about: a month, or a quarter, of a plan year.
type Period struct {
	Kind BulletinKind
	Year int
	N    int // month 1…12, quarter 1…4
}

// First returns its first day.
func (p Period) First() Date {
	if p.Kind == Quarterly {
		return Date{p.Year, time.Month(3*p.N - 2), 1}
	}
	return Date{p.Year, time.Month(p.N), 1}
}

// Last returns its last day, on which its figures are taken.
func (p Period) Last() Date {
	months := 1
	if p.Kind == Quarterly {
		months = 3
	}
	first := p.First()
	return DateOf(time.Date(first.Year, first.Month+time.Month(months), 0, 0, 0, 0, 0, time.UTC))
}

// String returns "2018-07" or "2018-Q3".
func (p Period) String() string {
	if p.Kind == Quarterly {
		return fmt.Sprintf("%04d-Q%d", p.Year, p.N)
	}
	return fmt.Sprintf("%04d-%02d", p.Year, p.N)
}

// PeriodOf returns the month, or the quarter, that d is in.
func PeriodOf(k BulletinKind, d Date) Period {
	if k == Quarterly {
		return Period{k, d.Year, (int(d.Month) + 2) / 3}
	}
	return Period{k, d.Year, int(d.Month)}
}

// LastEnded returns the newest period of a kind that is over on a day.
func LastEnded(k BulletinKind, day Date) Period {
	return PeriodOf(k, PeriodOf(k, day).First().AddDays(-1))
}

// BulletinStatus is how far a bulletin is.
type BulletinStatus string

// The statuses. A released bulletin never changes again.
const (
	BulletinDraft    BulletinStatus = "draft"
	BulletinReady    BulletinStatus = "ready" // somebody checked it
	BulletinReleased BulletinStatus = "released"
)

// Bulletin is what the office makes known of a period to all bodies, in the
// city's language. Texts that are empty are Mouhua's own, written anew from the
// snapshot whenever they are shown; they are kept as they are once it is released.
type Bulletin struct {
	ID     string // see BulletinID
	Period Period
	No     int // 1, 2, 3 … within its year, given when it is released; 0 before
	BulletinTexts
	Exempt       []string // bodies that are not named among the worst
	ExemptReason string
	Snapshot     BulletinSnapshot
	Status       BulletinStatus

	Corrects         int    // number of the bulletin of its year that it corrects; 0 = none
	CorrectionReason string // why

	DraftedBy  string // Slack user id, or System's
	DraftedAt  int64  // UTC ms, as the others
	EditedBy   string // who changed it last; "" = nobody
	EditedAt   int64
	ReadyBy    string // who checked it
	ReadyAt    int64
	ReleasedBy string
	ReleasedAt int64

	Version int // every write checks and raises it
}

// BulletinTexts are its words.
type BulletinTexts struct {
	Title    string // without its number
	Opening  string
	Measures string // what is asked
}

// The longest texts in code points. With the number, a title fits a heading.
const (
	MaxBulletinTitle  = 80
	MaxBulletinText   = 1500
	MaxBulletinReason = 500
)

// BulletinID names the one bulletin that a period has, or the one that corrects
// number corrects: "2018-07", "2018-07~3".
func BulletinID(p Period, corrects int) string {
	if corrects == 0 {
		return p.String()
	}
	return p.String() + "~" + strconv.Itoa(corrects)
}

// BulletinTerms are the settings by which figures are taken for a bulletin.
type BulletinTerms struct {
	Basis  Basis
	Target int // the city's
	Pace   Thresholds
	Curve  Curve
	Rule   BulletinRule
}

// BulletinRule is how many of a series are named among the best and among the
// worst; 0 = none are.
type BulletinRule struct{ Best, Worst int }

// DefaultBulletinRule names three of each.
var DefaultBulletinRule = BulletinRule{Best: 3, Worst: 3}

// BulletinSnapshot is how city and bodies stood at a period's end. It is kept as
// it was read, with the settings that explain it.
type BulletinSnapshot struct {
	AsOf    Date
	TakenAt int64 // UTC ms
	Frozen  bool  // the year was frozen before, and these are its figures
	Lost    int   // projects that counted on AsOf and no longer when it was taken: they are left out
	Moved   int   // projects that counted for another body on AsOf than when it was taken
	Basis   Basis
	Rules   Rules
	Pace    Thresholds
	Rule    BulletinRule
	Lines   []BulletinLine // City first, then the bodies
}

// BulletinLine is one body, or the City, in a snapshot.
type BulletinLine struct {
	Standing
	Label Names // as it was called then
	Kind  Kind
	Group string
	Ended bool // on AsOf: shown without a place
	Added int  // of those credited, verified within the period
}

// Colour returns the traffic light that a line had.
func (s BulletinSnapshot) Colour(l BulletinLine) Colour { return l.Standing.Colour(s.Pace) }

// Owed reports whether any body owed something, without which there is nothing
// to make known.
func (s BulletinSnapshot) Owed() bool {
	return slices.ContainsFunc(s.Lines, func(l BulletinLine) bool { return l.BodyID != City && l.Owes() > 0 })
}

// Line returns that of a body, or of City.
func (s BulletinSnapshot) Line(body string) (BulletinLine, bool) {
	i := slices.IndexFunc(s.Lines, func(l BulletinLine) bool { return l.BodyID == body })
	if i < 0 {
		return BulletinLine{}, false
	}
	return s.Lines[i], true
}

// Late reports whether the figures were read after the day that follows AsOf, in
// loc: totals may have been revised in between.
func (s BulletinSnapshot) Late(loc *time.Location) bool {
	return s.AsOf.AddDays(1).Before(DateOf(time.UnixMilli(s.TakenAt).In(loc)))
}

// BulletinChange is the outcome of a use case on a bulletin. Storage writes all of
// it in one transaction or none of it.
type BulletinChange struct {
	Bulletin Bulletin
	Event    Event
	Messages []Message
}

// The messages about bulletins.
const (
	BulletinCard   MessageKind = "bulletin_card"   // a draft for the office: to its channel
	BulletinUpdate MessageKind = "bulletin_update" // that card now shows what became of it: an edit
	BulletinPost   MessageKind = "bulletin"        // a released one: to a body's channel, or the leaders'
)

// BulletinCardKey is the key of the office's card of a bulletin.
func BulletinCardKey(id string) string { return string(BulletinCard) + "/" + id }

// BulletinPostKey is the key of a released bulletin's message to a body's channel;
// "leaders" is the leaders'.
func BulletinPostKey(b Bulletin, body string) string {
	return strings.Join([]string{string(BulletinPost), strconv.Itoa(b.No), strconv.Itoa(b.Period.Year), body}, "/")
}

// The name of the leaders in the key of their message.
const toLeaders = "leaders"

// change returns a change of b, whose version storage raises.
func (b Bulletin) change(a Actor, action string, before *Bulletin, at int64) BulletinChange {
	e := Event{At: at, Actor: a.UserID, Action: "bulletin." + action, Kind: "bulletin", Subject: b.ID, After: b.audited()}
	key, m := BulletinCardKey(b.ID), Message{Kind: BulletinCard, Args: map[string]string{"bulletin": b.ID}}
	m.Key = key
	if before != nil {
		e.Before = before.audited()
		m.Kind, m.Key, m.EditOf = BulletinUpdate, key+"/"+strconv.Itoa(b.Version+1), key
	}
	return BulletinChange{Bulletin: b, Event: e, Messages: []Message{m}}
}

// audited returns b without the figures, which would be forty lines in every
// event and do not change but when they are taken anew.
func (b Bulletin) audited() Bulletin {
	b.Snapshot.Lines = nil
	return b
}
