package commands

import (
	"fmt"

	"github.com/mouhua/mouhua/reporting"
)

// alikePage is the form that shows what a project looks like and asks why it
// is filed all the same.
const alikePage = "project.alike"

// maxAlikeShown is how many like projects the form names.
const maxAlikeShown = 5

// lookAlike returns that form when what is about to be filed looks like a
// project that is there, nil when it does not, or when it was told of that one
// before.
func (a *App) lookAlike(c *call, st filing, d reporting.Draft) (*Form, error) {
	reporter, lookup, err := a.reporter(c, st.Body)
	if err != nil {
		return nil, err
	}
	var old reporting.Project
	if st.Project != "" {
		if old, err = a.project(c, st.Project); err != nil {
			return nil, err
		}
	}
	p, faults := reporting.ReadDraft(d.Values, reporter, a.goingOn(c, st, lookup))
	if p.ID = st.Project; faults == nil && old.Status != reporting.Verified {
		like, err := a.store.Alike(c.ctx, p)
		if err != nil {
			return nil, fmt.Errorf("find like projects: %w", err)
		}
		var shown []reporting.Project
		for _, q := range like {
			if q.ID != old.AlikeTo {
				shown = append(shown, q)
			}
		}
		if len(shown) > 0 {
			return a.alikeForm(c, st, d, p, shown)
		}
	}
	return nil, nil // what is wrong with it is told by those who file it
}

func (a *App) alikeForm(c *call, st filing, d reporting.Draft, p reporting.Project, like []reporting.Project) (*Form, error) {
	kept, err := a.store.SaveDraft(c.ctx, d)
	if err != nil {
		return nil, fmt.Errorf("keep draft: %w", err)
	}
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return nil, fmt.Errorf("read bodies: %w", err)
	}
	st.Draft, st.Alike = kept.ID, reporting.Foremost(p, like).ID
	f := &Form{
		ID: alikePage, State: st.String(), Locale: c.locale, Title: a.say(c, "alike.title"),
		Submit: a.say(c, "alike.submit"), Close: a.say(c, "form.project.back"),
		Fields: []Field{{ID: "found", Kind: InfoField, Text: []Span{Plain(a.say(c, "alike.found", "n", len(like)))}}},
	}
	f.Fields = append(append(f.Fields, a.likeFields(c, list, like)...), a.anywayField(c))
	return f, nil
}

// likeFields show the projects that one looks like.
func (a *App) likeFields(c *call, list *reporting.BodyList, like []reporting.Project) []Field {
	var out []Field
	for i, line := range a.pairLines(c, list, like[:min(len(like), maxAlikeShown)]...) {
		out = append(out, Field{ID: fmt.Sprintf("like%d", i), Kind: InfoField, Text: line})
	}
	return out
}

// anywayField asks why there is another project all the same.
func (a *App) anywayField(c *call) Field {
	return Field{
		ID: reporting.FieldAnyway, Kind: LongField, Label: a.say(c, "field.anyway.label"), Hint: a.say(c, "field.anyway.hint"), MaxLen: 500,
	}
}

// submitAlike files what looks like another project, with the reason.
func (a *App) submitAlike(c *call, in Input) (SubmitResult, error) {
	st, err := readFiling(in.State)
	if err != nil || st.Alike == "" || st.Draft == "" {
		return SubmitResult{}, reporting.Fail(reporting.NotFound, "err.form.unknown")
	}
	if err := a.mayFile(c, st.Body); err != nil {
		return SubmitResult{}, err
	}
	like, err := a.project(c, st.Alike)
	if err != nil {
		return SubmitResult{}, err
	}
	d, bad := a.ownDraft(c, st.Draft)
	d.BaseVer = st.Base
	r, err := a.hand(c, st, d, bad, func(ch reporting.Change) (reporting.Change, error) {
		return reporting.FileAnyway(ch, like, in.Values[reporting.FieldAnyway])
	})
	if err != nil {
		return a.atAnyway(c, err)
	}
	return r, nil
}
