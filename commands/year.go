package commands

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// Years reads what year's ends leave.
type Years interface {
	// FrozenYear returns the snapshot of a year; ok is false when it is not frozen.
	FrozenYear(ctx context.Context, year int) (f reporting.Frozen, ok bool, err error)
	// Corrections returns the first of a frozen year's corrections, of a body or all, and how many there are.
	Corrections(ctx context.Context, year int, body string, limit int) ([]reporting.Correction, int, error)
	// Pools returns what is carried into a year, by body.
	Pools(ctx context.Context, year int) ([]reporting.Tally, error)
	// YearAsk returns the demand to confirm unfinished projects for a year.
	YearAsk(ctx context.Context, year int) (k reporting.Ask, ok bool, err error)
	// Unconfirmed returns a body's projects that wait to be confirmed for a year.
	Unconfirmed(ctx context.Context, body string, year, limit int) (reporting.ProjectPage, error)
}

// maxCorrections is how many corrections an answer names.
const maxCorrections = 10

// frozen returns the snapshot of a year that is over.
func (a *App) frozen(c *call, year int) (f reporting.Frozen, ok bool, err error) {
	if year >= c.day.Year || c.past(year) {
		return f, false, nil
	}
	f, ok, err = a.store.FrozenYear(c.ctx, year)
	if err != nil {
		err = fmt.Errorf("read frozen year: %w", err)
	}
	return f, ok, err
}

// pooled adds what is carried into the year where the office counts it.
func (a *App) pooled(c *call, year int, all []reporting.Standing) error {
	if a.cfg.Basis != reporting.CountWithCarried {
		return nil
	}
	pools, err := a.store.Pools(c.ctx, year)
	if err != nil {
		return fmt.Errorf("read pools: %w", err)
	}
	f := reporting.Frozen{Year: year, Pools: pools}
	for i := range all {
		all[i] = all[i].WithPool(f.Pool(all[i].BodyID))
	}
	return nil
}

// poolParts show what a body, or the city, carries into a year, and whether it
// counts; nothing when there is none.
func (a *App) poolParts(c *call, body string, year int) ([]Part, error) {
	f, ok, err := a.frozen(c, year)
	if err != nil {
		return nil, err
	}
	if !ok {
		f = reporting.Frozen{Year: year, Basis: a.cfg.Basis}
		if f.Pools, err = a.store.Pools(c.ctx, year); err != nil {
			return nil, fmt.Errorf("read pools: %w", err)
		}
	}
	t := f.Pool(body)
	if t.Credited == 0 {
		return nil, nil
	}
	key := "pool.apart"
	if f.Basis == reporting.CountWithCarried {
		key = "pool.counted"
	}
	return []Part{Facts{a.fact(c, "pool", a.projects(c, t.Credited)+" · "+a.money(c, t.Invest)+a.say(c, key))}}, nil
}

// yearNotes say under figures on which basis they are, and of a year that is
// frozen since when, and what was corrected since.
func (a *App) yearNotes(c *call, body string, year int) ([]Part, error) {
	f, ok, err := a.frozen(c, year)
	if err != nil {
		return nil, err
	}
	basis := a.cfg.Basis
	if ok {
		basis = f.Basis
	}
	var parts []Part
	if basis == reporting.CountWithCarried {
		parts = append(parts, Note{Plain(a.say(c, "basis.carried"))})
	}
	if !ok {
		return parts, nil
	}
	parts = append(parts, Note{Plain(a.say(c, "frozen.on", "year", year, "time", a.moment(c, time.UnixMilli(f.At))))})
	corrections, total, err := a.store.Corrections(c.ctx, year, body, maxCorrections)
	if err != nil {
		return nil, fmt.Errorf("read corrections: %w", err)
	}
	if total == 0 {
		return parts, nil
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return nil, fmt.Errorf("read bodies: %w", err)
	}
	var lines Bullets
	for _, k := range corrections {
		name := a.say(c, "word.city")
		if k.BodyID != reporting.City {
			name = a.say(c, "credit."+string(k.Role), "body", a.nameOf(c, list, k.BodyID))
		}
		sign := "+"
		if k.Delta < 0 {
			sign = "−"
		}
		lines = append(lines, []Span{
			Bold(sign + strconv.Itoa(max(k.Delta, -k.Delta))), Plain(" "), {Text: k.ProjectID, Code: true}, Plain(" · " + name + " · "),
			Plain(a.known(c, "correction.", k.Why) + " · " + a.moment(c, time.UnixMilli(k.At))),
		})
	}
	return append(parts, Paragraph{Bold(a.say(c, "corrections.title", "n", total))}, a.more(c, lines, total)), nil
}

// reportNotes are yearNotes after the pool.
func (a *App) reportNotes(c *call, body string, year int) ([]Part, error) {
	pool, err := a.poolParts(c, body, year)
	if err != nil {
		return nil, err
	}
	notes, err := a.yearNotes(c, body, year)
	return append(pool, notes...), err
}

// carryOf says what year's ends left at a project.
func (a *App) carryOf(c *call, p reporting.Project) string {
	switch {
	case p.LapsedFor != 0:
		return " · " + a.say(c, "carry.lapsed", "year", p.LapsedFor)
	case p.Status == reporting.Suspended && !p.HoldEndedOn.IsZero():
		return " · " + a.say(c, "carry.hold_ended", "day", a.date(c, p.HoldEndedOn))
	case p.ConfirmedFor != 0 && p.CarriedFor(p.ConfirmedFor):
		return " · " + a.say(c, "carry.carried", "year", p.ConfirmedFor)
	}
	return ""
}

// due returns the last day of confirming for the present year.
func (a *App) due(c *call) (reporting.Date, error) {
	k, ok, err := a.store.YearAsk(c.ctx, c.day.Year)
	if err == nil && !ok {
		k = reporting.NewAsk(c.day)
	}
	return k.DueOn, err
}

// confirmParts say how much a body has still to confirm and by when, with the
// button to it; nothing when that is done.
func (a *App) confirmParts(c *call, body string) ([]Part, error) {
	page, err := a.store.Unconfirmed(c.ctx, body, c.day.Year, 1)
	if err != nil || page.Total == 0 {
		return nil, err
	}
	due, err := a.due(c)
	if err != nil {
		return nil, err
	}
	return []Part{
		Paragraph{Bold(a.say(c, "reconfirm.left", "n", count(page.Total), "day", a.date(c, due), "year", c.day.Year))},
		Buttons{a.button(c, "year.list", body, "reconfirm_list")},
	}, nil
}

// reconfirm answers /project reconfirm: the form of a project, or what the
// body has to confirm.
func (a *App) reconfirm(c *call) (Response, error) {
	if len(c.words) == 0 {
		return a.confirmList(c, c.actor.BodyID)
	}
	p, err := a.named(c, "project", "reconfirm")
	if err != nil {
		return Response{}, err
	}
	if err := reporting.CanReconfirm(c.actor, p, c.day); err != nil {
		return Response{}, err
	}
	f, err := a.lifeForm(c, "project.reconfirm", "", p, a.say(c, "reconfirm.note", "year", c.day.Year))
	if err != nil {
		return Response{}, err
	}
	f.Title, f.Submit = a.say(c, "reconfirm.title", "id", p.ShortID()), a.say(c, "button.reconfirm")
	f.Fields = append(f.Fields,
		Field{ID: reporting.FieldNote, Kind: LongField, Label: a.say(c, "field.note.label"), Hint: a.say(c, "field.note.hint"), MaxLen: reporting.MaxNote},
		Field{ID: reporting.FieldEvidence, Kind: LongField, Label: a.say(c, "field.evidence.label"), Hint: a.say(c, "reconfirm.evidence"),
			Value: p.Evidence, MaxLen: reporting.FieldLimit(reporting.FieldEvidence)})
	return Response{Form: f}, nil
}

func (a *App) submitReconfirm(c *call, in Input) (SubmitResult, error) {
	st, err := readLiving(in.State)
	if err != nil {
		return SubmitResult{}, err
	}
	p, err := a.alter(c, st.Project, func(p reporting.Project) (reporting.Change, error) {
		return reporting.Reconfirm(c.actor, p, st.Version, in.Values, c.day, c.now.UnixMilli())
	})
	if err != nil {
		return a.atField(c, err, reporting.FieldNote)
	}
	r := Say(a.say(c, "reconfirm.done", "id", p.ID, "name", p.Name, "year", c.day.Year))
	left, err := a.confirmParts(c, p.ReporterBody)
	if err != nil {
		return SubmitResult{}, err
	}
	r.Parts = append(append(r.Parts, left...), Buttons{a.button(c, "project.show", p.ID, "show")}, a.asOf(c))
	return SubmitResult{Tell: r, TellIn: st.Channel}, nil
}

// pressConfirmList answers the button whose value is a body.
func (a *App) pressConfirmList(c *call) (Response, error) { return a.confirmList(c, c.value) }

func (a *App) confirmList(c *call, body string) (Response, error) {
	if body == "" {
		return Response{}, reporting.Fail(reporting.Invalid, "err.body.none")
	}
	if err := reporting.CanListProjects(c.actor, body); err != nil {
		return Response{}, err
	}
	page, err := a.store.Unconfirmed(c.ctx, body, c.day.Year, listPage)
	if err != nil {
		return Response{}, fmt.Errorf("read unconfirmed: %w", err)
	}
	if page.Total == 0 {
		r := Say(a.say(c, "reconfirm.none", "year", c.day.Year))
		r.Parts = append(r.Parts, a.asOf(c))
		return Response{Reply: r}, nil
	}
	due, err := a.due(c)
	if err != nil {
		return Response{}, err
	}
	r := Say(a.say(c, "reconfirm.left", "n", count(page.Total), "day", a.date(c, due), "year", c.day.Year))
	for _, p := range page.Projects {
		r.Parts = append(r.Parts, Paragraph(append(projectLine(p), Plain(" · "+a.stageName(c, p.Stage)))))
		buttons := Buttons{a.button(c, "project.show", p.ID, "show")}
		if reporting.CanReconfirm(c.actor, p, c.day) == nil {
			buttons = slices.Insert(buttons, 0, a.button(c, "project.reconfirm", p.ID, "reconfirm"))
		}
		r.Parts = append(r.Parts, buttons)
	}
	if rest := page.Total - len(page.Projects); rest > 0 {
		r.Parts = append(r.Parts, Note{Plain(a.say(c, "list.rest", "n", rest))})
	}
	r.Parts = append(r.Parts, Note{Plain(a.say(c, "reconfirm.else"))}, a.asOf(c))
	return Response{Reply: r}, nil
}
