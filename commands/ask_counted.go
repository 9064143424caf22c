package commands

import (
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// creditedDays are the days on which a project can come to count for a year.
func creditedDays(year int) reporting.Days {
	return reporting.Days{
		From: reporting.Date{Year: year, Month: time.January, Day: 1},
		To:   reporting.Date{Year: year + 1, Month: time.January, Day: reporting.GraceDays},
	}
}

// whole reports whether l is all that a body or the city has in a year, of which
// the quota's figures speak as well.
func (q listQuery) whole() bool {
	return q.Year != 0 && q == listQuery{Year: q.Year, Page: 1, Body: q.Body, Status: q.Status}
}

// credited reports whether what was asked of a whole list is what the quota
// counts: what is verified, or the total without more words.
func credited(what string, l listQuery) bool {
	return l.whole() && (l.Status == reporting.Verified || l.Status == "" && what == "sum")
}

// creditedSaid answers how many projects count, or for how much, as progress says it.
func (a *App) creditedSaid(c *call, l listQuery, what string) (Response, error) {
	s, err := a.standing(c, l.Body, l.Year)
	if err != nil {
		return Response{}, err
	}
	l.Status = reporting.Verified
	sum := reporting.Share{N: s.Tally.Credited, Invest: s.Tally.Invest}
	text, err := a.countText(c, l, what, sum, "")
	if err != nil {
		return Response{}, err
	}
	parts := []Part{Paragraph{Bold(text)}}
	pooled := l
	pooled.Status = inPool
	in, err := a.shares(c, pooled, reporting.ByStatus)
	if err != nil {
		return Response{}, err
	}
	if facts := a.statusFacts(c, in); len(facts) > 0 && total(in) != sum {
		parts = append(parts, facts)
	}
	if note, err := a.creditedNote(c, s, in); err != nil {
		return Response{}, err
	} else if note != nil {
		parts = append(parts, note)
	}
	l.Status, l.Credited = "", creditedDays(l.Year)
	return Response{
		Reply:   &Reply{Text: text, Parts: append(parts, a.asOf(c), Buttons{a.button(c, "quota.list", l.String(), "list")})},
		Figures: a.listFigures(sum),
	}, nil
}

// creditedNote says why what counts and what the pool holds differ; nil where
// they are the same.
func (a *App) creditedNote(c *call, s reporting.Standing, in []reporting.Share) (Part, error) {
	sum := reporting.Share{N: s.Tally.Credited, Invest: s.Tally.Invest}
	if all := total(in); all == sum && len(in) <= 1 {
		return nil, nil
	}
	r, err := a.rulesIn(c, s.Year)
	if err != nil {
		return nil, err
	}
	all := total(in)
	return Note{Plain(a.say(c, "answer.credited", "n", count(sum.N), "money", a.money(c, sum.Invest),
		"pool", count(all.N), "pool_money", a.money(c, all.Invest), "threshold", a.money(c, r.Threshold)))}, nil
}
