package commands

import (
	"cmp"
	"errors"
	"fmt"
	"maps"

	"github.com/mouhua/mouhua/reporting"
)

// openingKey is the value of a draft that says by which opening of the form it
// was begun; it is no field.
const openingKey = "_opening"

// typed returns the draft of a form with the values of one page as they are
// now. A draft that is gone was submitted or thrown away and is not brought back.
func (a *App) typed(c *call, in Input, page int) (filing, reporting.Draft, error) {
	st, err := readFiling(in.State)
	if err != nil {
		return st, reporting.Draft{}, err
	}
	if err := a.mayFile(c, st.Body); err != nil {
		return st, reporting.Draft{}, err
	}
	var d reporting.Draft
	if st.Draft == "" {
		d, err = a.firstDraft(c, st)
	} else {
		d, err = a.ownDraft(c, st.Draft)
	}
	if err != nil {
		return st, d, err
	}
	d.Values = maps.Clone(d.Values)
	for _, id := range pageFields(page) {
		delete(d.Values, id)
		if in.Values[id] != "" {
			d.Values[id] = in.Values[id]
		}
	}
	if page == 1 {
		st.followPath(d.Values)
	} else {
		st.chooseFiles(d.Values, in)
	}
	d.BaseVer = st.Base
	// A submission has no stamp, and no change from before it may overwrite it.
	d.Stamp = cmp.Or(in.Stamp, max(d.Stamp, c.now.UnixMicro()))
	return st, d, nil
}

// firstDraft is the draft of a form whose state names none yet: the one that an
// earlier change of the same opening has made, or one still to be made.
func (a *App) firstDraft(c *call, st filing) (reporting.Draft, error) {
	drafts, err := a.store.DraftsOf(c.ctx, c.actor.UserID)
	if err != nil {
		return reporting.Draft{}, fmt.Errorf("read drafts: %w", err)
	}
	for _, d := range drafts {
		if d.Values[openingKey] == st.Opening {
			return d, nil
		}
	}
	d := reporting.Draft{UserID: c.actor.UserID, BodyID: st.Body, ProjectID: st.Project, BaseVer: st.Base, Values: map[string]string{}}
	if st.Project != "" {
		p, err := a.store.Project(c.ctx, st.Project)
		if err != nil {
			return d, fmt.Errorf("read project of form: %w", err)
		}
		if d.Values, err = a.draftValues(c, p); err != nil {
			return d, err
		}
	}
	d.Values[openingKey] = st.Opening
	return d, nil
}

// keep writes what a page holds now. First changes come one after another, so
// that two in a row do not make two drafts.
func (a *App) keep(c *call, in Input, page int) (filing, reporting.Draft, error) {
	if st, err := readFiling(in.State); err == nil && st.Draft == "" {
		turn := &a.drafting[st.Opening[0]%32]
		turn.Lock()
		defer turn.Unlock()
	}
	st, d, err := a.typed(c, in, page)
	if err != nil {
		return st, d, err
	}
	kept, err := a.store.SaveDraft(c.ctx, d)
	if err != nil {
		return st, d, fmt.Errorf("keep draft: %w", err)
	}
	st.Draft, d.ID, d.Stamp = kept.ID, kept.ID, kept.Stamp
	return st, d, nil
}

// changedPage keeps what was typed. It redraws page 1 when that shows, or when
// the form does not know its draft yet.
func (a *App) changedPage(page int) func(*call, Input) (*Form, error) {
	return func(c *call, in Input) (*Form, error) {
		before, err := readFiling(in.State)
		if err != nil {
			return nil, err
		}
		st, d, err := a.keep(c, in, page)
		late := in.Stamp < d.Stamp // a newer change was kept, and draws the form
		if err != nil || late || page == 2 || before.Draft == st.Draft && st.Drawn == a.look(c, d.Values) {
			return nil, err
		}
		return a.projectForm(c, st, 1, d.Values)
	}
}

// submitPage1 keeps the page, checks it and puts page 2 on top.
func (a *App) submitPage1(c *call, in Input) (SubmitResult, error) {
	st, d, err := a.keep(c, in, 1)
	if err != nil {
		return SubmitResult{}, err
	}
	reporter, lookup, err := a.reporter(c, d.BodyID)
	if err != nil {
		return SubmitResult{}, err
	}
	if err := reporting.CheckPage(1, d.Values, reporter, a.goingOn(c, st, lookup)); err != nil {
		return a.faults(c, err)
	}
	next, err := a.projectForm(c, st, 2, d.Values)
	return SubmitResult{Next: next}, err
}

func (a *App) reporter(c *call, body string) (reporting.Body, reporting.Lookup, error) {
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return reporting.Body{}, nil, fmt.Errorf("read bodies: %w", err)
	}
	b, ok := list.Find(body)
	if !ok {
		return b, nil, reporting.Fail(reporting.NotFound, "err.body.unknown", "value", clip(body))
	}
	return b, list.Find, nil
}

// faults returns err as texts at the fields, if it is about fields.
func (a *App) faults(c *call, err error) (SubmitResult, error) {
	var f reporting.FieldErrors
	if errors.As(err, &f) {
		return SubmitResult{Errors: a.words.FieldTexts(c.locale, f)}, nil
	}
	return SubmitResult{}, err
}

// suggestBody finds territories or departments by what was typed.
func (a *App) suggestBody(c *call, s Search) ([]Option, error) {
	st, err := readFiling(s.State)
	if err != nil {
		return nil, err
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return nil, fmt.Errorf("read bodies: %w", err)
	}
	var out []Option
	if reporter, _ := list.Find(st.Body); s.Field == reporting.FieldTerritory && !reporter.Territorial() {
		out = append(out, Option{Value: reporting.TerritoryOpen, Label: a.say(c, "field.territory.open")})
	}
	for _, b := range a.finder.Of(list).Search(s.Text, len(list.All)) {
		fits := b.Territorial()
		if s.Field == reporting.FieldLeadDept {
			fits = b.Kind == reporting.Department
		}
		if fits && !b.Ended(c.day) && len(out) < 100 {
			out = append(out, Option{Value: b.ID, Label: b.Label(c.locale), Description: b.Name.In(c.locale)})
		}
	}
	return out, nil
}

// submitPage2 files the project, or the changed project again, unless it looks
// like another one: then a page on top shows that and asks why.
func (a *App) submitPage2(c *call, in Input) (SubmitResult, error) {
	st, d, err := a.typed(c, in, 2)
	r, err := a.tryHand(c, st, d, err)
	switch {
	case taken(err):
		return a.atField(c, err, reporting.FieldCode)
	case err != nil:
		return a.faultsOfPage2(c, err)
	}
	return r, nil
}

// tryHand is hand, unless what is filed looks like another project: then the
// page that says so comes next. bad is what became of reading the draft.
func (a *App) tryHand(c *call, st filing, d reporting.Draft, bad error) (SubmitResult, error) {
	if bad == nil {
		// Delivered twice at once, it looks like what it has just become.
		next, err := a.lookAlike(c, st, d)
		if next != nil || err != nil && !draftGone(err) {
			return SubmitResult{Next: next}, err
		}
		bad = err
	}
	r, err := a.hand(c, st, d, bad, nil)
	if taken(err) {
		// Somebody has given the code since we looked.
		if next, more := a.lookAlike(c, st, d); next != nil || more != nil {
			return SubmitResult{Next: next}, more
		}
	}
	return r, err
}

// draftGone reports whether a draft was submitted or deleted meanwhile.
func draftGone(err error) bool {
	var e *reporting.Error
	return errors.As(err, &e) && e.Key == "err.draft.gone"
}

// hand files what the draft d holds; bad is what became of reading it, and more
// what is added to the change. The draft is dropped in the same transaction;
// where filing fails it is kept as typed.
func (a *App) hand(c *call, st filing, d reporting.Draft, bad error, more func(reporting.Change) (reporting.Change, error)) (SubmitResult, error) {
	gone := draftGone(bad)
	if bad != nil && !gone {
		return SubmitResult{}, bad
	}
	reporter, lookup, err := a.reporter(c, st.Body)
	if err != nil {
		return SubmitResult{}, err
	}
	decide := func(old reporting.Project, id string) (reporting.Change, error) {
		if gone {
			return reporting.Change{}, bad
		}
		ch, err := reporting.Submit(c.actor, d, old, id, reporter, a.goingOn(c, st, lookup), c.day, c.now.UnixMilli())
		if err == nil && more != nil {
			ch, err = more(ch)
		}
		return ch, err
	}
	// A draft that is gone is still sent on: when this very submission was
	// delivered before, the store knows it and returns what became of it.
	p, err := a.file(c, st, decide)
	if err != nil && !errors.Is(err, reporting.ErrRepeated) {
		if !gone {
			_, kept := a.store.SaveDraft(c.ctx, d)
			err = errors.Join(err, kept)
		}
		return SubmitResult{}, err
	}
	a.wake()
	tell, err := a.filed(c, st, p)
	return SubmitResult{Tell: tell, TellIn: st.Channel}, err
}

func (a *App) file(c *call, st filing, decide func(reporting.Project, string) (reporting.Change, error)) (reporting.Project, error) {
	if st.Project == "" {
		return a.store.FileProject(c.ctx, c.once, c.day.Year, func(id string) (reporting.Change, error) {
			return decide(reporting.Project{}, id)
		})
	}
	return a.store.ChangeProject(c.ctx, c.once, st.Project, func(p reporting.Project) (reporting.Change, error) {
		return decide(p, p.ID)
	})
}

// faultsOfPage2 is faults; the first that belongs to page 1 is told at the
// first field of page 2.
func (a *App) faultsOfPage2(c *call, err error) (SubmitResult, error) {
	r, err := a.faults(c, err)
	told := false
	for _, id := range pageFields(1) {
		text, ok := r.Errors[id]
		delete(r.Errors, id)
		if ok && !told {
			told = true
			r.Errors[reporting.FormPages[1][0]] = a.say(c, "form.project.page1", "field", a.say(c, "field."+id+".label"), "text", text)
		}
	}
	return r, err
}

// filed is the answer to a submission.
func (a *App) filed(c *call, st filing, p reporting.Project) (*Reply, error) {
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return nil, fmt.Errorf("read bodies: %w", err)
	}
	if p.Status == reporting.Verified {
		return a.amended(c, list, p), nil
	}
	key := "filed.new"
	if st.Project != "" {
		key = "filed.again"
	}
	r := Say(a.say(c, key, "id", p.ID, "name", p.Name))
	r.Parts = append(r.Parts, Facts{
		a.told(c, reporting.FieldInvest, Plain(a.money(c, p.InvestTotal))),
		a.told(c, reporting.FieldTerritory, Plain(a.territory(c, list, p))),
		a.told(c, reporting.FieldLeadDept, Plain(a.nameOf(c, list, p.LeadDept))),
		a.told(c, "plan_year", Plain(a.say(c, "word.year", "year", p.PlanYear))),
	})
	r.Parts = append(r.Parts, a.flags(c, list, p)...)
	r.Parts = append(r.Parts,
		Paragraph{Plain(a.say(c, "filed.locked") + a.say(c, "record.later", "record", a.completeness(p)))},
		Buttons{
			a.button(c, "project.show", p.ID, "show"), a.button(c, "project.mine", "", "mine"),
			a.button(c, "project.register", p.ReporterBody, "register_more"),
		},
		a.asOf(c))
	return r, nil
}
