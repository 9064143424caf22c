package commands

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/mouhua/mouhua/lexicon"
	"github.com/mouhua/mouhua/reporting"
)

// Bulletins reads and changes what the office makes known of a period.
type Bulletins interface {
	// Bulletin returns the one with id. Errors: NotFound.
	Bulletin(ctx context.Context, id string) (reporting.Bulletin, error)
	// NumberedBulletin returns the one released under a number of a year. Errors: NotFound.
	NumberedBulletin(ctx context.Context, year, no int) (reporting.Bulletin, error)
	// Bulletins returns the last limit ones: those that wait first, then the newest.
	Bulletins(ctx context.Context, limit int) ([]reporting.Bulletin, error)
	// BulletinSnapshot reads how all stood on the last day of a period. Errors: Conflict.
	BulletinSnapshot(ctx context.Context, p reporting.Period, t reporting.BulletinTerms) (reporting.BulletinSnapshot, error)
	// DraftBulletin writes a bulletin unless there is one like it, and returns the one that stands.
	DraftBulletin(ctx context.Context, once string, c reporting.BulletinChange) (b reporting.Bulletin, made bool, err error)
	// ChangeBulletin reads a bulletin and the next number of its year, lets decide make the change and writes it.
	ChangeBulletin(ctx context.Context, once, id string, decide func(b reporting.Bulletin, next int) (reporting.BulletinChange, error)) (reporting.Bulletin, error)
}

// bulletinsShown is how many bulletins a list has.
const bulletinsShown = 12

// bulletinActions are the buttons about bulletins.
func (a *App) bulletinActions() map[string]handler {
	return map[string]handler{
		"bulletin.list": a.bulletinList, "bulletin.show": a.pressShow, "bulletin.preview": a.pressPreview,
		"bulletin.edit": a.pressEdit, "bulletin.recount": a.pressRecount, "bulletin.check": a.pressCheck, "bulletin.release": a.pressRelease,
		"bulletin.correct": a.pressCorrect, "bulletin.docx": a.bulletinFile("docx"), "bulletin.xlsx": a.bulletinFile("xlsx"),
	}
}

// bulletinForms are the forms about bulletins.
func (a *App) bulletinForms() map[string]formHandler {
	return map[string]formHandler{"bulletin.edit": {submit: a.submitEdit}, "bulletin.correct": {submit: a.submitCorrect}}
}

// bulletin answers /report bulletin: the list, one by its number, or a word about
// drafting or correcting one.
func (a *App) bulletin(c *call) (Response, error) {
	if len(c.words) == 0 {
		return a.bulletinList(c)
	}
	word := strings.ToLower(c.words[0])
	rest := c.words[1:]
	switch {
	case slices.Contains([]string{"draft", "起草", "草拟", "草擬"}, word):
		return a.bulletinDraft(c, rest)
	case slices.Contains([]string{"correct", "更正"}, word):
		return a.bulletinCorrect(c, rest)
	}
	b, _, err := a.bulletinNumbered(c, c.words)
	if err != nil {
		return Response{}, err
	}
	return a.showBulletin(c, b)
}

// bulletinNumbered reads "8 [2018] …": a number, and its year or the present one.
func (a *App) bulletinNumbered(c *call, words []string) (b reporting.Bulletin, rest []string, err error) {
	no := 0
	if len(words) > 0 {
		no, _ = strconv.Atoi(strings.Trim(words[0], "第期#"))
	}
	if no < 1 {
		return b, nil, reporting.Fail(reporting.Invalid, "err.bulletin.number", "command", a.slash("report"))
	}
	words, year := words[1:], c.day.Year
	if len(words) > 0 && fourDigits.MatchString(strings.TrimSuffix(words[0], "年")) {
		year, _ = strconv.Atoi(strings.TrimSuffix(words[0], "年"))
		words = words[1:]
	}
	b, err = a.store.NumberedBulletin(c.ctx, year, no)
	if reporting.CodeOf(err) == reporting.NotFound {
		err = reporting.Fail(reporting.NotFound, "err.bulletin.no", "no", no, "year", year, "command", a.slash("report"))
	}
	return b, words, err
}

// bulletinList shows what waits, to the office, and what was released, to all.
func (a *App) bulletinList(c *call) (Response, error) {
	all, err := a.store.Bulletins(c.ctx, bulletinsShown)
	if err != nil {
		return Response{}, fmt.Errorf("read bulletins: %w", err)
	}
	title := a.say(c, "bulletin.list")
	parts := []Part{Heading(title)}
	for _, b := range all {
		if reporting.CanReadBulletin(c.actor, b) != nil {
			continue
		}
		line := Paragraph{Bold(a.bulletinHeading(c, b)), Plain(" · " + a.say(c, "bulletin.status."+string(b.Status)))}
		if b.Status == reporting.BulletinReleased {
			line = append(line, Plain(" "+a.date(c, a.dayAt(b.ReleasedAt))))
		}
		parts = append(parts, line, append(Buttons{a.button(c, "bulletin.show", b.ID, "show")}, a.fileButtons(c, b)...))
	}
	if len(parts) == 1 {
		parts = append(parts, Paragraph{Plain(a.say(c, "bulletin.none"))})
	}
	if reporting.CanManage(c.actor) == nil {
		parts = append(parts, Note{Plain(a.say(c, "bulletin.list.note", "command", a.slash("report")))})
	}
	return Response{Reply: &Reply{Text: title, Parts: append(parts, a.asOf(c))}}, nil
}

// The words for the kinds of periods, and a quarter as people write it.
var (
	periodWords = map[string]reporting.BulletinKind{
		"month": reporting.Monthly, "monthly": reporting.Monthly, "月": reporting.Monthly, "月度": reporting.Monthly, "月报": reporting.Monthly, "月報": reporting.Monthly,
		"quarter": reporting.Quarterly, "quarterly": reporting.Quarterly, "季": reporting.Quarterly, "季度": reporting.Quarterly, "季报": reporting.Quarterly, "季報": reporting.Quarterly,
	}
	quarterForm = regexp.MustCompile(`^(20\d\d)-?[Qq]([1-4])$`)
)

// readPeriod reads "month", "quarter 2018-Q2", "month 2018-07", "quarter 2018-07":
// without a time the one that ended last. Errors: Invalid.
func (a *App) readPeriod(c *call, words []string) (reporting.Period, error) {
	wrong := reporting.Fail(reporting.Invalid, "err.bulletin.period", "command", a.slash("report"))
	kind, known := reporting.Monthly, false
	if len(words) > 0 {
		if k, ok := periodWords[strings.ToLower(words[0])]; ok {
			kind, known, words = k, true, words[1:]
		}
	}
	switch {
	case len(words) == 0 && known:
		return reporting.LastEnded(kind, c.day), nil
	case len(words) != 1:
		return reporting.Period{}, wrong
	}
	if q := quarterForm.FindStringSubmatch(words[0]); q != nil && (!known || kind == reporting.Quarterly) {
		year, _ := strconv.Atoi(q[1])
		n, _ := strconv.Atoi(q[2])
		return reporting.Period{Kind: reporting.Quarterly, Year: year, N: n}, nil
	}
	m, err := reporting.ParseMonth(lexicon.Width(words[0]))
	if err != nil {
		return reporting.Period{}, wrong
	}
	return reporting.PeriodOf(kind, reporting.Date{Year: m.Year, Month: m.Month, Day: 1}), nil
}

// bulletinDraft answers /report bulletin draft: a new draft, or what there is.
func (a *App) bulletinDraft(c *call, words []string) (Response, error) {
	if err := reporting.CanManage(c.actor); err != nil {
		return Response{}, err
	}
	p, err := a.readPeriod(c, words)
	if err != nil {
		return Response{}, err
	}
	if err := reporting.PeriodOver(p, c.day); err != nil {
		return Response{}, err
	}
	b, err := a.store.Bulletin(c.ctx, reporting.BulletinID(p, 0))
	switch {
	case reporting.CodeOf(err) == reporting.NotFound:
	case err != nil:
		return Response{}, err
	default:
		return a.showBulletin(c, b)
	}
	s, err := a.store.BulletinSnapshot(c.ctx, p, a.bulletinTerms())
	if err != nil {
		return Response{}, err
	}
	change, err := reporting.NewBulletin(c.actor, p, s, c.day, c.now.UnixMilli())
	if err != nil {
		return Response{}, err
	}
	return a.drafted(c, change)
}

// drafted writes a draft and shows it.
func (a *App) drafted(c *call, change reporting.BulletinChange) (Response, error) {
	b, made, err := a.store.DraftBulletin(c.ctx, c.once, change)
	if err != nil {
		return Response{}, fmt.Errorf("draft bulletin: %w", err)
	}
	if made {
		a.wake()
	}
	return a.showBulletin(c, b)
}

// bulletinTerms are the settings by which figures are taken.
func (a *App) bulletinTerms() reporting.BulletinTerms {
	return reporting.BulletinTerms{Basis: a.cfg.Basis, Target: a.target(), Pace: a.thresholds(), Curve: a.cfg.Curve, Rule: a.cfg.Bulletin}
}

// showBulletin shows a released one as it was posted, another as its card.
func (a *App) showBulletin(c *call, b reporting.Bulletin) (Response, error) {
	if err := reporting.CanReadBulletin(c.actor, b); err != nil {
		return Response{}, err
	}
	if b.Status != reporting.BulletinReleased {
		r, err := a.bulletinCard(c, b)
		return Response{Reply: r}, err
	}
	r, err := a.bulletinReply(c, b)
	if err == nil && reporting.CanManage(c.actor) == nil {
		r.Parts = append(r.Parts, Buttons{a.button(c, "bulletin.correct", b.ID, "bulletin_correct")})
	}
	return Response{Reply: r}, err
}

// pressedBulletin reads "id" or "id@version" of a button.
func (a *App) pressedBulletin(c *call) (b reporting.Bulletin, seen int, err error) {
	id, version, _ := strings.Cut(c.value, "@")
	seen, _ = strconv.Atoi(version)
	b, err = a.store.Bulletin(c.ctx, id)
	return b, seen, err
}

func (a *App) pressShow(c *call) (Response, error) {
	b, _, err := a.pressedBulletin(c)
	if err != nil {
		return Response{}, err
	}
	return a.showBulletin(c, b)
}

// pressPreview shows the office exactly what would be posted.
func (a *App) pressPreview(c *call) (Response, error) {
	b, _, err := a.pressedBulletin(c)
	if err == nil {
		err = reporting.CanReadBulletin(c.actor, b)
	}
	if err != nil {
		return Response{}, err
	}
	r, err := a.bulletinReply(c, b)
	if err != nil {
		return Response{}, err
	}
	r.Parts = append([]Part{Note{Plain(a.say(c, "bulletin.preview"))}}, r.Parts...)
	return Response{Reply: r}, nil
}

// changeBulletin makes a change; who comes second is told who was first.
func (a *App) changeBulletin(c *call, id string, decide func(b reporting.Bulletin, next int) (reporting.BulletinChange, error)) (reporting.Bulletin, error) {
	b, err := a.store.ChangeBulletin(c.ctx, c.once, id, decide)
	if errors.Is(err, reporting.ErrRepeated) {
		return b, nil
	}
	if err != nil {
		return b, a.byName(c, err)
	}
	a.wake()
	return b, nil
}

// byName puts a person's name into a refusal that has their id.
func (a *App) byName(c *call, err error) error {
	var e *reporting.Error
	if !errors.As(err, &e) || e.Code != reporting.Conflict {
		return err
	}
	named := *e
	named.Args = maps.Clone(e.Args)
	if by, ok := named.Args["by"].(string); ok {
		named.Args["by"] = a.bulletinActor(c, by)
	}
	return &named
}
