package commands

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/mouhua/mouhua/lexicon"
	"github.com/mouhua/mouhua/reporting"
)

// cataloguePage is how many entries of a list are shown at once.
const cataloguePage = 20

// catalogueActions are the buttons of the lists that the office keeps.
func (a *App) catalogueActions() map[string]handler {
	return map[string]handler{
		"catalogue.show": replacing(a.pressed(a.catalogue)),
		"catalogue.open": a.pressed(a.catalogue),
		"catalogue.edit": a.pressed(a.editEntry),
		"catalogue.add":  a.pressed(a.editEntry),
	}
}

// entries are the entries of a list as choices: those in use, and the chosen one.
func (a *App) entries(c *call, list, chosen string) []Option {
	var out []Option
	for _, e := range c.catalogue.Offered(list, chosen) {
		out = append(out, Option{Value: e.ID, Label: e.Name.In(c.locale)})
	}
	return out
}

func (a *App) listName(c *call, list string) string { return a.say(c, "catalogue."+list) }

// catalogue answers /project catalogue: all lists, or the named one.
func (a *App) catalogue(c *call) (Response, error) {
	if c.text == "" {
		return Response{Reply: a.allLists(c)}, nil
	}
	page := 1
	words := c.words
	if n := len(words); n > 1 && strings.Trim(words[n-1], "0123456789") == "" {
		page, words = positive(words[n-1]), words[:n-1]
	}
	list, err := a.listNamed(c, strings.Join(words, " "))
	if err != nil {
		return Response{}, err
	}
	return Response{Reply: a.oneList(c, list, page)}, nil
}

// listNamed finds a list by its id or its name in any language. Errors:
// NotFound, with the names that there are.
func (a *App) listNamed(c *call, text string) (string, error) {
	typed := lexicon.Fold(text)
	var names []string
	for _, list := range reporting.Lists {
		if typed == lexicon.Fold(list) {
			return list, nil
		}
		for _, l := range reporting.Locales {
			if typed == lexicon.Fold(a.words.Say(l, "catalogue."+list)) {
				return list, nil
			}
		}
		names = append(names, a.listName(c, list))
	}
	return "", reporting.Fail(reporting.NotFound, "err.catalogue.list", "value", clip(text), "names", strings.Join(names, a.say(c, "word.list_separator")))
}

// allLists names every list with how many entries it has.
func (a *App) allLists(c *call) *Reply {
	title := a.say(c, "catalogue.title")
	var lines Bullets
	var buttons Buttons
	for _, list := range reporting.Lists {
		all, used := c.catalogue.Of(list), c.catalogue.Offered(list)
		line := a.say(c, "catalogue.count", "n", len(used))
		if retired := len(all) - len(used); retired > 0 {
			line += a.say(c, "catalogue.retired_count", "n", retired)
		}
		lines = append(lines, []Span{Bold(a.listName(c, list)), Plain(line)})
		buttons = append(buttons, Button{Action: "catalogue.show", Value: list, Label: a.listName(c, list)})
	}
	return &Reply{Text: title, Parts: []Part{Heading(title), Paragraph{Plain(a.say(c, "catalogue.about"))}, lines, buttons, a.asOf(c)}}
}

// oneList shows a page of a list; the office may press an entry to change it.
func (a *App) oneList(c *call, list string, page int) *Reply {
	all := c.catalogue.Of(list)
	last := pages(len(all), cataloguePage)
	page = min(page, last)
	from := (page - 1) * cataloguePage
	title := a.listName(c, list)
	var lines Bullets
	var edit Buttons
	for i, e := range all[from:min(from+cataloguePage, len(all))] {
		lines = append(lines, a.entryLine(c, from+i+1, e))
		if reporting.CanManage(c.actor) == nil {
			edit = append(edit, Button{Action: "catalogue.edit", Value: list + " " + e.ID, Label: shorten(strconv.Itoa(from+i+1)+" "+e.Name.In(c.locale), 30)})
		}
	}
	parts := []Part{Heading(title)}
	if len(lines) == 0 {
		parts = append(parts, Paragraph{Plain(a.say(c, "catalogue.empty"))})
	} else {
		parts = append(parts, lines)
	}
	if len(edit) > 0 {
		parts = append(parts, Paragraph{Plain(a.say(c, "catalogue.press"))}, edit)
	}
	buttons := a.pager(c, "catalogue.show", page, last, func(n int) string { return list + " " + strconv.Itoa(n) })
	if reporting.CanManage(c.actor) == nil {
		buttons = append(buttons, a.button(c, "catalogue.add", list, "catalogue_add"))
	}
	return &Reply{Text: title, Parts: append(parts, append(buttons, a.button(c, "catalogue.show", "", "catalogue")), a.asOf(c))}
}

func (a *App) entryLine(c *call, n int, e reporting.Entry) []Span {
	line := []Span{Plain(strconv.Itoa(n) + ". "), {Text: e.Name.In(c.locale), Bold: !e.Retired, Strike: e.Retired}}
	if of := reporting.ParentOf(e.List); of != "" {
		line = append(line, Plain(" · "+c.catalogue.Label(of, e.Parent, c.locale)))
	}
	if len(e.Aliases) > 0 {
		line = append(line, Plain(a.say(c, "catalogue.aliases", "names", strings.Join(e.Aliases, a.say(c, "word.list_separator")))))
	}
	if e.Retired {
		line = append(line, Plain(a.say(c, "catalogue.retired")))
	}
	return line
}

// listing is what the form of an entry carries.
type listing struct {
	List    string `json:"l"`
	ID      string `json:"i"`
	Version int    `json:"v,omitempty"` // that was shown, 0 = a new one
	Channel string `json:"c,omitempty"`
}

// editEntry answers the buttons that change or add an entry: "list id" or "list".
func (a *App) editEntry(c *call) (Response, error) {
	if err := reporting.CanManage(c.actor); err != nil {
		return Response{}, err
	}
	list, id, _ := strings.Cut(c.text, " ")
	e, ok := c.catalogue.Find(list, id)
	if !slices.Contains(reporting.Lists, list) || id != "" && !ok {
		return Response{}, reporting.Fail(reporting.NotFound, "err.catalogue.unknown", "value", clip(c.text))
	}
	v := map[string]string{}
	if id == "" {
		id = c.catalogue.FreeID(list)
	} else {
		v = reporting.EntryValues(e, c.catalogue)
	}
	f, err := a.entryForm(c, listing{List: list, ID: id, Version: e.Version, Channel: c.channel}, v, nil)
	return Response{Form: f}, err
}

// entryForm draws the form of an entry below the notes.
func (a *App) entryForm(c *call, st listing, v map[string]string, notes []Field) (*Form, error) {
	state, err := json.Marshal(st)
	if err != nil {
		return nil, err
	}
	title := "form.catalogue.edit"
	if st.Version == 0 {
		title = "form.catalogue.add"
	}
	f := &Form{
		ID: "catalogue.edit", State: string(state), Locale: c.locale, Title: a.say(c, title), Submit: a.say(c, "form.body.save"), Close: a.say(c, "button.close"),
		Fields: append(notes, Field{ID: "of", Kind: InfoField, Text: []Span{Bold(a.listName(c, st.List)), Plain(a.say(c, "form.catalogue.note"))}}),
	}
	for _, id := range reporting.EntryFields {
		if id == reporting.EntryParent && reporting.ParentOf(st.List) == "" || id == reporting.EntryRetired && st.Version == 0 {
			continue
		}
		f.Fields = append(f.Fields, a.entryField(c, st.List, id, v[id]))
	}
	return f, nil
}

func (a *App) entryField(c *call, list, id, value string) Field {
	f := Field{
		ID: id, Kind: TextField, Label: a.say(c, "field.catalogue."+id+".label"), Hint: a.say(c, "field.catalogue."+id+".hint"),
		Value: value, MaxLen: reporting.EntryLimit, Optional: id != reporting.EntryNameCN && id != reporting.EntryParent,
	}
	switch id {
	case reporting.EntryAliases:
		f.Kind, f.MaxLen = LongField, 2000
	case reporting.EntryPlace:
		f.MaxLen = 4
	case reporting.EntryParent:
		f.Kind, f.MaxLen, f.Options = SelectField, 0, a.entries(c, reporting.ParentOf(list), value)
		f.Value = among(f.Options, value)
	case reporting.EntryRetired:
		f.Kind, f.MaxLen = SelectField, 0
		for _, s := range []string{reporting.InUse, reporting.Retire} {
			f.Options = append(f.Options, Option{Value: s, Label: a.say(c, "catalogue.use."+s)})
		}
	}
	return f
}

// submitEntry writes a new entry, or a changed one if nobody was faster: who
// comes second sees what is there now above what they typed.
func (a *App) submitEntry(c *call, in Input) (SubmitResult, error) {
	var st listing
	if err := json.Unmarshal([]byte(in.State), &st); err != nil || st.List == "" {
		return SubmitResult{}, reporting.Fail(reporting.NotFound, "err.form.unknown")
	}
	e, event, err := reporting.EditEntry(c.actor, in.Values, reporting.Entry{List: st.List, ID: st.ID, Version: st.Version}, c.catalogue, c.now.UnixMilli())
	if err != nil {
		return a.faults(c, err)
	}
	err = a.store.SaveEntry(c.ctx, c.once, e, event)
	var fault *reporting.Error
	switch {
	case errors.As(err, &fault) && fault.Key == "err.catalogue.changed":
		return a.entryConflict(c, st, in.Values)
	case err != nil && !errors.Is(err, reporting.ErrRepeated):
		return SubmitResult{}, err
	}
	if fresh, err := a.store.Catalogue(c.ctx); err == nil {
		c.catalogue = fresh
	}
	r := a.oneList(c, st.List, 1)
	r.Text = a.say(c, "catalogue.saved", "entry", e.Name.In(c.locale), "list", a.listName(c, st.List))
	r.Parts = append([]Part{Paragraph{Plain(r.Text)}}, r.Parts...)
	return SubmitResult{Tell: r, TellIn: st.Channel}, nil
}

func (a *App) entryConflict(c *call, st listing, typed map[string]string) (SubmitResult, error) {
	fresh, err := a.store.Catalogue(c.ctx)
	if err != nil {
		return SubmitResult{}, err
	}
	c.catalogue = fresh
	now, _ := fresh.Find(st.List, st.ID)
	if st.Version == 0 { // somebody else's new entry has taken the id
		st.ID = fresh.FreeID(st.List)
	} else {
		st.Version = now.Version
	}
	text := []Span{Bold(a.say(c, "form.catalogue.conflict")), Plain(" " + now.Name.In(c.locale))}
	if now.Retired {
		text = append(text, Plain(a.say(c, "catalogue.retired")))
	}
	f, err := a.entryForm(c, st, typed, []Field{{ID: "conflict", Kind: InfoField, Text: text}})
	return SubmitResult{Next: f}, err
}
