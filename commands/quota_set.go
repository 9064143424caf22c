package commands

import (
	"encoding/json"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/mouhua/mouhua/reporting"
)

// quotaForms are the forms about quotas.
func (a *App) quotaForms() map[string]formHandler {
	return map[string]formHandler{
		"quota.pick":    {submit: a.submitPick, suggest: a.suggestAny},
		"quota.set":     {submit: a.submitQuota},
		"quota.request": {submit: a.submitRequest},
		"quota.decline": {submit: a.submitDecline},
		"quota.target":  {submit: a.submitTarget},
	}
}

// aboutQuota is what a form about a quota carries.
type aboutQuota struct {
	Body    string `json:"b"`
	Year    int    `json:"y"`
	Seen    int    `json:"v"`           // the last version when the form was opened
	Request string `json:"r,omitempty"` // that it answers
	Channel string `json:"c,omitempty"`
}

func (q aboutQuota) String() string {
	text, err := json.Marshal(q)
	if err != nil { // strings and numbers always marshal
		return ""
	}
	return string(text)
}

func readAboutQuota(state string) (aboutQuota, error) {
	var q aboutQuota
	if err := json.Unmarshal([]byte(state), &q); err != nil {
		return q, &reporting.Error{Code: reporting.NotFound, Key: "err.form.unknown", Err: err}
	}
	return q, nil
}

// quotaSentence is "[body] [year] [count] [reason …]" as typed.
type quotaSentence struct {
	body, count, reason string
	year                int
}

var countWord = regexp.MustCompile(`^(\d{1,6})[个個]?$`)

// readQuotaSentence takes the words apart: the first plain number is the
// count, unless it is a year, and what follows it is the reason.
func readQuotaSentence(c *call) (quotaSentence, error) {
	q := quotaSentence{year: c.day.Year}
	var body []string
	for i, w := range c.words {
		if fourDigits.MatchString(w) {
			_, year, err := splitYear(c, []string{w})
			if err != nil {
				return q, err
			}
			q.year = year
			continue
		}
		if m := countWord.FindStringSubmatch(w); m != nil {
			q.count, q.reason = m[1], strings.Join(c.words[i+1:], " ")
			break
		}
		body = append(body, w)
	}
	q.body = strings.Join(body, " ")
	return q, nil
}

// with returns the sentence about b, as it would be typed.
func (q quotaSentence) with(b reporting.Body) string {
	return strings.TrimSpace(strings.Join([]string{b.ID, strconv.Itoa(q.year), q.count, clipName(q.reason)}, " "))
}

// quotaSet answers /quota set: with a body the filled form to confirm, without
// one a form that asks for it first.
func (a *App) quotaSet(c *call) (Response, error) {
	if err := reporting.CanManage(c.actor); err != nil {
		return Response{}, err
	}
	q, err := readQuotaSentence(c)
	if err != nil {
		return Response{}, err
	}
	if q.body == "" {
		return Response{Form: a.pickForm(c, q.year)}, nil
	}
	b, reply, err := a.bodyOrChoice(c, q.body, "quota.set", q.with)
	if err != nil || reply != nil {
		return Response{Reply: reply}, err
	}
	book, err := a.store.QuotaBook(c.ctx, b.ID, q.year)
	if err != nil {
		return Response{}, err
	}
	return Response{Form: a.quotaForm(c, book, "", q.count, q.reason)}, nil
}

// pickForm asks whose quota of which year is to be set.
func (a *App) pickForm(c *call, year int) *Form {
	return &Form{
		ID: "quota.pick", Title: a.say(c, "form.quota.title"), Submit: a.say(c, "form.project.next"), Close: a.say(c, "button.cancel"),
		State: aboutQuota{Channel: c.channel}.String(), Locale: c.locale,
		Fields: []Field{
			{ID: "body", Kind: SearchField, Label: a.say(c, "column.body"), Placeholder: a.say(c, "form.project.search")},
			{ID: "year", Kind: TextField, Label: a.say(c, "field.year.label"), Value: strconv.Itoa(year), MaxLen: 6},
		},
	}
}

func (a *App) submitPick(c *call, in Input) (SubmitResult, error) {
	st, err := readAboutQuota(in.State)
	if err != nil {
		return SubmitResult{}, err
	}
	c.channel = st.Channel
	if err := reporting.CanManage(c.actor); err != nil {
		return SubmitResult{}, err
	}
	rest, year, err := splitYear(c, strings.Fields(in.Values["year"]))
	if err != nil || rest != "" {
		return a.faults(c, reporting.FieldErrors{reporting.Fail(reporting.Invalid, "err.year", "value", clip(in.Values["year"])).At("year")})
	}
	book, err := a.store.QuotaBook(c.ctx, in.Values["body"], year)
	if err != nil {
		return a.faultsAt(c, "body", err)
	}
	return SubmitResult{Next: a.quotaForm(c, book, "", "", "")}, nil
}

// suggestAny finds bodies of every kind by what was typed.
func (a *App) suggestAny(c *call, s Search) ([]Option, error) {
	_, index, err := a.index(c)
	if err != nil {
		return nil, err
	}
	var out []Option
	for _, b := range index.Search(s.Text, 100) {
		out = append(out, Option{Value: b.ID, Label: b.Label(c.locale), Description: b.Name.In(c.locale)})
	}
	return out, nil
}

// quotaForm is the form for a new version, with what is known filled in.
func (a *App) quotaForm(c *call, book reporting.QuotaBook, request, count, reason string) *Form {
	from := reporting.Date{Year: book.Year, Month: time.January, Day: 1}
	if book.Year == c.day.Year && book.Last() > 0 {
		from = c.day
	}
	f := &Form{
		ID: "quota.set", Title: a.say(c, "form.quota.title"), Submit: a.say(c, "button.quota_set"), Close: a.say(c, "button.cancel"), Locale: c.locale,
		State:  aboutQuota{Body: book.Body.ID, Year: book.Year, Seen: book.Last(), Request: request, Channel: c.channel}.String(),
		Fields: []Field{{ID: "about", Kind: InfoField, Text: []Span{Bold(book.Body.Label(c.locale) + a.say(c, "word.colon")), Plain(a.nowOwed(c, book))}}},
	}
	f.Fields = append(f.Fields,
		a.quotaField(c, reporting.FieldQuotaCount, TextField, count, 6),
		a.quotaField(c, reporting.FieldQuotaFrom, TextField, from.String(), 10),
		a.quotaField(c, reporting.FieldReason, LongField, reason, 500),
		a.quotaField(c, reporting.FieldDecidedBy, TextField, "", 100),
		a.quotaField(c, reporting.FieldDocNo, TextField, "", 100))
	f.Fields[len(f.Fields)-1].Optional = true
	return f
}

func (a *App) quotaField(c *call, id string, kind FieldKind, value string, limit int) Field {
	return Field{
		ID: id, Kind: kind, Label: a.say(c, "field.quota."+id+".label"), Hint: a.say(c, "field.quota."+id+".hint"),
		Value: value, MaxLen: max(limit, utf8.RuneCountInString(value)),
	}
}

// nowOwed says what a body owes on the day as of which the year is shown.
func (a *App) nowOwed(c *call, book reporting.QuotaBook) string {
	q, ok := reporting.InForce(book.Versions, dayOf(c, book.Year))
	if !ok {
		return a.say(c, "quota.now.none", "year", book.Year)
	}
	return a.say(c, "quota.now", "year", book.Year, "n", count(q.Count), "version", q.Version, "from", a.date(c, q.EffectiveFrom))
}

// readCount reads the number of projects of a form.
func readCount(in Input) (int, *reporting.Error) {
	m := countWord.FindStringSubmatch(strings.TrimSpace(in.Values[reporting.FieldQuotaCount]))
	if m == nil {
		return 0, reporting.Fail(reporting.Invalid, "err.quota.number").At(reporting.FieldQuotaCount)
	}
	n, _ := strconv.Atoi(m[1])
	return n, nil
}

func (a *App) submitQuota(c *call, in Input) (SubmitResult, error) {
	st, err := readAboutQuota(in.State)
	if err != nil {
		return SubmitResult{}, err
	}
	var faults reporting.FieldErrors
	q := reporting.Quota{Reason: in.Values[reporting.FieldReason], DecidedBy: in.Values[reporting.FieldDecidedBy], DocNo: in.Values[reporting.FieldDocNo]}
	n, fault := readCount(in)
	if fault != nil {
		faults = append(faults, fault)
	}
	q.Count = n
	q.EffectiveFrom, err = reporting.ParseDate(strings.TrimSpace(in.Values[reporting.FieldQuotaFrom]))
	if err != nil {
		faults = append(faults, reporting.Fail(reporting.Invalid, "err.date", "value", clip(in.Values[reporting.FieldQuotaFrom])).At(reporting.FieldQuotaFrom))
	}
	if len(faults) > 0 {
		return a.faults(c, faults)
	}
	book, err := a.changeQuota(c, st.Body, st.Year, func(book reporting.QuotaBook) (reporting.QuotaChange, error) {
		return reporting.SetQuota(c.actor, book, q, st.Seen, st.Request, c.now.UnixMilli())
	})
	if err != nil {
		return a.faultsAt(c, reporting.FieldQuotaCount, err)
	}
	r, err := a.quotaSaved(c, book, st.Seen+1)
	return SubmitResult{Tell: r, TellIn: st.Channel}, err
}

// faultsAt shows every refusal in the form, at field where it has none of its
// own, so that what was typed is not lost.
func (a *App) faultsAt(c *call, field string, err error) (SubmitResult, error) {
	var e *reporting.Error
	if !errors.As(err, &e) || e.Code == reporting.Unavailable {
		return a.faults(c, err)
	}
	return a.faults(c, reporting.FieldErrors{e.At(field)})
}

// changeQuota makes a change; who comes second is told in words who was first.
func (a *App) changeQuota(c *call, body string, year int, decide func(reporting.QuotaBook) (reporting.QuotaChange, error)) (reporting.QuotaBook, error) {
	book, err := a.store.ChangeQuota(c.ctx, c.once, body, year, decide)
	if errors.Is(err, reporting.ErrRepeated) {
		return book, nil
	}
	if err != nil {
		return book, a.whoDecided(c, err)
	}
	a.ranks.kept.Store(nil) // places follow from quotas
	a.wake()
	return book, nil
}

// whoDecided puts into words who decided a request before the asker did.
func (a *App) whoDecided(c *call, err error) error {
	var e *reporting.Error
	if !errors.As(err, &e) || e.Key != "err.quota.request.decided" {
		return err
	}
	by, _ := e.Args["by"].(string)
	at, _ := e.Args["at"].(int64)
	return &reporting.Error{Code: e.Code, Key: e.Key, Err: err, Args: map[string]any{
		"by": a.personName(c.ctx, by), "time": a.moment(c, time.UnixMilli(at)), "status": e.Args["status"],
	}}
}

// changeOf says from what to what a version changed the quota, and from when.
func (a *App) changeOf(c *call, book reporting.QuotaBook, q reporting.Quota) string {
	args := []any{
		"body", book.Body.Label(c.locale), "year", book.Year, "n", count(q.Count),
		"from", a.date(c, q.EffectiveFrom), "version", q.Version,
	}
	text := a.say(c, "quota.first", args...)
	if old, ok := reporting.InForce(book.Versions[:q.Version-1], q.EffectiveFrom); ok {
		text = a.say(c, "quota.changed", append(args, "old", count(old.Count))...)
	}
	last := reporting.Date{Year: book.Year, Month: time.December, Day: 31}
	if next, _ := reporting.InForce(book.Versions[:q.Version], last); next.Version != q.Version {
		text += a.say(c, "quota.later", "version", next.Version, "n", count(next.Count), "from", a.date(c, next.EffectiveFrom))
	}
	return text
}

// quotaSaved answers who set a version: the change, and whether the sum of the
// bodies still fits the city's target.
func (a *App) quotaSaved(c *call, book reporting.QuotaBook, version int) (*Reply, error) {
	q, ok := book.Version(version)
	if !ok {
		return nil, reporting.Fail(reporting.Conflict, "err.quota.changed", "version", book.Last())
	}
	r := Say(a.changeOf(c, book, q))
	r.Parts = append(r.Parts, a.reasonFacts(c, q))
	on := dayOf(c, book.Year)
	if on.Before(q.EffectiveFrom) {
		on = q.EffectiveFrom
	}
	all, err := a.standings(c, book.Year, on)
	if err != nil {
		return nil, err
	}
	r.Parts = append(r.Parts, a.sumWarning(c, all)...)
	told := "quota.told"
	if book.Body.ChannelID == "" {
		told = "quota.untold"
	}
	r.Parts = append(r.Parts, Note{Plain(a.say(c, told))}, Buttons{a.historyButton(c, book.Body.ID, book.Year)}, a.asOf(c))
	return r, nil
}

// reasonFacts are why a version was made, who decided and by what document.
func (a *App) reasonFacts(c *call, q reporting.Quota) Facts {
	var out Facts
	for _, f := range []struct{ field, value string }{
		{reporting.FieldReason, q.Reason}, {reporting.FieldDecidedBy, q.DecidedBy}, {reporting.FieldDocNo, q.DocNo},
	} {
		if f.value != "" {
			out = append(out, Fact{Label: a.say(c, "field.quota."+f.field+".label"), Value: []Span{Plain(f.value)}})
		}
	}
	return out
}

// sumWarning says when the bodies' quotas do not add up to the city's target.
// It stands in nobody's way: the annexes need not add up.
func (a *App) sumWarning(c *call, all []reporting.Standing) []Part {
	sum := 0
	for _, s := range all {
		sum += s.Owes()
	}
	if sum == a.target() || sum == 0 { // of a year in which nobody owes anything nothing is known
		return nil
	}
	return []Part{Paragraph{Plain(a.say(c, "quota.sum", "sum", count(sum), "target", count(a.target())))}}
}

func (a *App) historyButton(c *call, body string, year int) Button {
	return a.button(c, "quota.history", body+" "+strconv.Itoa(year), "quota_history")
}
