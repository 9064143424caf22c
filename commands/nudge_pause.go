package commands

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// untilWords stand before the day on which a pause ends.
var untilWords = []string{"until", "till", "直到", "直至", "到", "至"}

// dayForm is a day as people write it: 2018-04-03, 2018年4月3日, 4月3日, 4/3.
var dayForm = regexp.MustCompile(`^(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?$`)

// readDay reads a day; one without a year is the next one that comes.
func readDay(text string, today reporting.Date) (reporting.Date, bool) {
	m := dayForm.FindStringSubmatch(text)
	if m == nil {
		return reporting.Date{}, false
	}
	year, _ := strconv.Atoi(m[1])
	month, _ := strconv.Atoi(m[2])
	day, _ := strconv.Atoi(m[3])
	d := reporting.Date{Year: year, Month: time.Month(month), Day: day}
	if year == 0 {
		if d.Year = today.Year; d.Before(today) {
			d.Year++
		}
	}
	// 30 February would be a day of March.
	return d, d.AddDays(0) == d && month >= 1 && month <= 12
}

// pauseWords splits "[body] until DAY reason …"; ok is false without a day.
func pauseWords(c *call) (body string, until reporting.Date, reason string, ok bool) {
	typed := strings.Fields(c.text)
	for i, word := range c.words {
		for _, u := range untilWords {
			if rest, cut := strings.CutPrefix(strings.ToLower(word), u); cut && rest != "" {
				word = rest
			}
		}
		day, is := readDay(word, c.day)
		if !is {
			continue
		}
		before := c.words[:i]
		if n := len(before); n > 0 && slices.Contains(untilWords, strings.ToLower(before[n-1])) {
			before = before[:n-1]
		}
		if len(typed) == len(c.words) {
			reason = strings.Join(typed[i+1:], " ")
		}
		return strings.Join(before, " "), day, reason, true
	}
	return c.text, reporting.Date{}, "", false
}

// nudgePause answers /nudge pause [body] until DAY reason …; what is missing is
// asked for in a form.
func (a *App) nudgePause(c *call) (Response, error) {
	text, until, reason, ok := pauseWords(c)
	b, st, err := a.nudgeToChange(c, text, "pause")
	if err != nil {
		return Response{}, err
	}
	if !ok || reason == "" {
		return Response{Form: a.pauseForm(c, b, st, until)}, nil
	}
	r, err := a.changeNudge(c, b, st, "pause", func(old reporting.NudgeState) (reporting.NudgeChange, error) {
		return reporting.PauseNudge(c.actor, until.String(), reason, old, c.now.UnixMilli())
	})
	return Response{Reply: r}, err
}

func (a *App) pauseForm(c *call, b reporting.Body, st reporting.NudgeState, until reporting.Date) *Form {
	f := a.nudgeForm(c, "pause", b, st)
	day := Field{
		ID: reporting.FieldNudgeUntil, Kind: DateField, Label: a.say(c, "field.nudge_until.label"), Value: until.String(),
		Hint: a.say(c, "field.nudge_until.hint.office"),
	}
	if !c.actor.OfOffice() {
		last := c.day.AddDays(7 * st.Limits.PauseWeeks)
		day.Hint = a.say(c, "field.nudge_until.hint", "weeks", st.Limits.PauseWeeks, "last", a.date(c, last))
	}
	reason := Field{ID: reporting.FieldReason, Kind: LongField, Label: a.say(c, "field.nudge_reason.label"), Hint: a.say(c, "field.nudge_reason.hint"), MaxLen: 500}
	f.Fields = append(f.Fields, day, reason)
	return f
}

func (a *App) submitNudgePause(c *call, in Input) (SubmitResult, error) {
	b, state, st, err := a.nudgeOfForm(c, in)
	if err != nil {
		return SubmitResult{}, err
	}
	r, err := a.changeNudge(c, b, state, "pause", func(old reporting.NudgeState) (reporting.NudgeChange, error) {
		return reporting.PauseNudge(c.actor, in.Values[reporting.FieldNudgeUntil], in.Values[reporting.FieldReason], old, c.now.UnixMilli())
	})
	if err != nil {
		return a.atField(c, err, reporting.FieldNudgeUntil)
	}
	return SubmitResult{Tell: r, TellIn: st.Channel}, nil
}

// nudgeResume answers /nudge resume [body].
func (a *App) nudgeResume(c *call) (Response, error) {
	b, st, err := a.nudgeToChange(c, c.text, "resume")
	if err != nil {
		return Response{}, err
	}
	r, err := a.changeNudge(c, b, st, "resume", func(old reporting.NudgeState) (reporting.NudgeChange, error) {
		return reporting.ResumeNudge(c.actor, old, c.now.UnixMilli())
	})
	return Response{Reply: r}, err
}
