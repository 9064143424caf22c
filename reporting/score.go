package reporting

import (
	"cmp"
	"slices"
)

// ScoreSheet is how many points each part of a body's score is worth at most;
// the four parts make 100. It is off until the office adopts it: neither plan
// nor city has settled weights.
type ScoreSheet struct {
	Adopted    bool
	Quantity   int // credited against the quota
	Quality    int // half for the share of large projects, half for complete evidence
	Conversion int // the share that has come to S2 or beyond
	Timeliness int // half for projects updated within a month, half for few that stand returned
	Bonus      int // beyond the 100, for more than the quota
}

// DefaultSheet are weights proposed for the plan, which settles none (decision 22).
var DefaultSheet = ScoreSheet{Quantity: 60, Quality: 15, Conversion: 15, Timeliness: 10, Bonus: 5}

// MaxBonus is the largest bonus that a sheet may give.
const MaxBonus = 5

// Valid reports whether the parts make 100 and the bonus is at most MaxBonus.
func (w ScoreSheet) Valid() bool {
	parts := []int{w.Quantity, w.Quality, w.Conversion, w.Timeliness}
	return slices.Min(parts) >= 0 && parts[0]+parts[1]+parts[2]+parts[3] == 100 && w.Bonus >= 0 && w.Bonus <= MaxBonus
}

const (
	// FreshDays is within how many days a project is updated in time.
	FreshDays = 30
	// tenthsFull is how far beyond the quota the bonus is whole: two tenths.
	tenthsFull = 2
	// returnedPercent is from which share of projects returned on no points are given.
	returnedPercent = 10
)

// Upkeep is how a body keeps its projects of a year.
type Upkeep struct {
	BodyID   string
	Open     int // verified and not in production
	Fresh    int // of these, those updated within FreshDays
	Filed    int // that are not over
	Returned int // of these, those that stand returned
}

// Points are tenths of a point.
type Points int

// Score is what a body's sheet gives; its parts add up to Total.
type Score struct {
	BodyID                                           string
	Quantity, Quality, Conversion, Timeliness, Bonus Points
}

// Total returns the sum of the parts.
func (s Score) Total() Points {
	return s.Quantity + s.Quality + s.Conversion + s.Timeliness + s.Bonus
}

// Score returns the score of a body on the day of s; ok is false without a
// quota. Shares of nothing are nothing, but that nothing is open is in time
// where something was filed.
func (w ScoreSheet) Score(s Standing, u Upkeep) (score Score, ok bool) {
	q, c := s.Owes(), s.Tally.Credited
	if q == 0 {
		return Score{}, false
	}
	own := c - s.Carried // a pool says nothing of size and evidence
	t := s.Tally
	score = Score{
		BodyID:     s.BodyID,
		Quantity:   share(w.Quantity, min(c, q), q),
		Quality:    share(w.Quality, t.Large+t.Complete, 2*own),
		Conversion: share(w.Conversion, t.ByStage[1]+t.ByStage[2]+t.ByStage[3], c),
		Bonus:      share(w.Bonus, min(10*max(0, c-q), tenthsFull*q), tenthsFull*q),
	}
	updated, of := u.Fresh, u.Open
	if u.Open == 0 && u.Filed > 0 {
		updated, of = 1, 1
	}
	few := 0
	if u.Filed > 0 && 100*u.Returned < returnedPercent*u.Filed {
		few = max(1, of)
	}
	score.Timeliness = share(w.Timeliness, updated+few, 2*max(1, of))
	return score, true
}

// share returns n/of of the points, in tenths, half a tenth up; nothing of nothing.
func share(points, n, of int) Points {
	if of <= 0 {
		return 0
	}
	return Points((20*points*n + of) / (2 * of))
}

// RankedScore is a score with its place.
type RankedScore struct {
	Score
	Rank int // from 1; the same for the same total
}

// RankScores orders scores by their totals, the best first, then by body.
func RankScores(all []Score) []RankedScore {
	in := slices.Clone(all)
	slices.SortFunc(in, func(a, b Score) int {
		return cmp.Or(cmp.Compare(b.Total(), a.Total()), cmp.Compare(a.BodyID, b.BodyID))
	})
	out := make([]RankedScore, len(in))
	for i, s := range in {
		out[i] = RankedScore{s, i + 1}
		if i > 0 && s.Total() == in[i-1].Total() {
			out[i].Rank = out[i-1].Rank
		}
	}
	return out
}
