package reporting

import (
	"math"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func standing(q, c int, asOf string) Standing {
	d, err := ParseDate(asOf)
	if err != nil {
		panic(err)
	}
	return Standing{Year: 2018, AsOf: d, HasQuota: true, Quota: Quota{Count: q}, Tally: Tally{Credited: c}}
}

// The check values of the domain: Q=65, C=30 on 31 July 2018.
func TestStandingCheckValues(t *testing.T) {
	s := standing(65, 30, "2018-07-31")
	for name, v := range map[string]struct{ got, want, within float64 }{
		"time progress": {s.TimeProgress(), 0.581, 0.0005},
		"done":          {s.Done(), 0.462, 0.0005},
		"expected":      {s.Expected(), 37.75, 0.005},
		"ahead":         {s.Ahead(), -7.75, 0.005},
		"gap":           {s.Gap(), -11.9, 0.05},
		"pace":          {s.Pace(), 0.795, 0.0005},
		"weeks left":    {s.WeeksLeft(), 21.9, 0.05},
		"remaining":     {float64(s.Remaining()), 35, 0},
		"per week":      {float64(s.PerWeek()), 2, 0},
		"forecast":      {float64(s.ForecastLinear()), 51, 0},
	} {
		if math.Abs(v.got-v.want) > v.within {
			t.Errorf("%s = %v, want %v", name, v.got, v.want)
		}
	}
	if got := s.Colour(DefaultThresholds); got != Yellow {
		t.Errorf("colour = %s, want yellow", got)
	}
}

func TestColour(t *testing.T) {
	for _, tt := range []struct {
		name string
		s    Standing
		want Colour
	}{
		{"no quota row", Standing{Year: 2018, AsOf: Date{2018, 7, 1}}, NoTask},
		{"quota zero", standing(0, 3, "2018-07-01"), NoTask},
		{"30 January is too early", standing(365, 365, "2018-01-30"), TooEarly},
		{"31 January is not", standing(365, 31, "2018-01-31"), Green},
		{"less than one expected", standing(1, 0, "2018-12-30"), TooEarly},
		{"one expected on the last day", standing(1, 0, "2018-12-31"), Red},
		{"exactly on pace", standing(365, 212, "2018-07-31"), Green},
		{"one short of pace", standing(365, 211, "2018-07-31"), Blue},
		{"exactly 80%", standing(365, 160, "2018-07-19"), Blue},
		{"just under 80%", standing(365, 159, "2018-07-19"), Yellow},
		{"exactly 60%", standing(365, 120, "2018-07-19"), Yellow},
		{"just under 60%", standing(365, 119, "2018-07-19"), Red},
		{"the year after, quota missed", standing(100, 79, "2019-03-01"), Yellow},
		{"the year before", standing(100, 0, "2017-12-31"), TooEarly},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.s.Colour(DefaultThresholds); got != tt.want {
				t.Errorf("colour = %s, want %s", got, tt.want)
			}
		})
	}
}

func TestStandingProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		year := rapid.IntRange(2016, 2032).Draw(t, "year")
		day := rapid.IntRange(1, DaysIn(year)).Draw(t, "day")
		q, c := rapid.IntRange(0, 500).Draw(t, "quota"), rapid.IntRange(0, 700).Draw(t, "credited")
		s := Standing{Year: year, AsOf: Date{year, 1, 1}.AddDays(day - 1), HasQuota: true,
			Quota: Quota{Count: q}, Tally: Tally{Credited: c, Recent: min(c, 5)}}
		if s.Remaining() > 0 && s.Over() > 0 {
			t.Fatalf("both remaining %d and over %d", s.Remaining(), s.Over())
		}
		if q > 0 && c+s.Remaining()-s.Over() != q {
			t.Fatalf("%d + %d - %d is not %d", c, s.Remaining(), s.Over(), q)
		}
		if p := s.TimeProgress(); p <= 0 || p > 1 {
			t.Fatalf("time progress %v", p)
		}
		need := float64(s.PerWeek())
		if need*s.WeeksLeft() < float64(s.Remaining()) || (s.Remaining() > 0 && (need-1)*s.WeeksLeft() >= float64(s.Remaining())) {
			t.Fatalf("%v a week for %v weeks does not just meet %d", need, s.WeeksLeft(), s.Remaining())
		}
		if day == DaysIn(year) && s.ForecastLinear() != c {
			t.Fatalf("forecast on the last day %d, want %d", s.ForecastLinear(), c)
		}
		if s.ForecastLinear() < c || s.ForecastRecent() < c {
			t.Fatalf("forecast below what is credited: %d, %d < %d", s.ForecastLinear(), s.ForecastRecent(), c)
		}
		more := s
		more.Tally.Credited++
		if rankOf(more.Colour(DefaultThresholds)) < rankOf(s.Colour(DefaultThresholds)) {
			t.Fatalf("one more project made it worse: %s → %s", s.Colour(DefaultThresholds), more.Colour(DefaultThresholds))
		}
		if math.Abs(s.Pace()*s.Expected()-float64(c)) > 1e-6 && q > 0 {
			t.Fatalf("pace × expected = %v, credited %d", s.Pace()*s.Expected(), c)
		}
	})
}

func rankOf(c Colour) int {
	return map[Colour]int{NoTask: 0, TooEarly: 0, Red: 1, Yellow: 2, Blue: 3, Green: 4}[c]
}

func TestRankSharesPlacesAndLeavesOutNoTask(t *testing.T) {
	all := []Standing{standing(10, 5, "2018-07-31"), standing(20, 10, "2018-07-31"), standing(0, 9, "2018-07-31"), standing(10, 5, "2018-07-31"), standing(10, 9, "2018-07-31")}
	var got []int
	for _, r := range Rank(all) {
		got = append(got, r.Rank*100+r.Tally.Credited)
		if r.Of != 4 {
			t.Errorf("of %d, want 4", r.Of)
		}
	}
	// 9/10 first; at 50% the one with more projects; then two equals.
	want := []int{109, 210, 305, 305}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("ranks %v, want %v", got, want)
		}
	}
}

func TestPlaceAgreesWithRank(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []Standing
		for range rapid.IntRange(1, 12).Draw(t, "bodies") {
			s := standing(rapid.IntRange(0, 4).Draw(t, "quota"), rapid.IntRange(0, 4).Draw(t, "credited"), "2018-07-31")
			s.BodyID = strconv.Itoa(len(all))
			s.Tally.Invest = Wan(rapid.IntRange(0, 2).Draw(t, "invest"))
			all = append(all, s)
		}
		ranked := Rank(all)
		for _, s := range all {
			rank, of, ok := Place(s, all)
			want := slices.IndexFunc(ranked, func(r Ranked) bool { return order(r.Standing, s) == 0 })
			if ok != (s.Owes() > 0) || ok && (rank != ranked[want].Rank || of != len(ranked)) {
				t.Fatalf("place %d of %d (%v), want %d of %d", rank, of, ok, ranked[want].Rank, len(ranked))
			}
		}
	})
}

func TestQuotaInForce(t *testing.T) {
	v := func(version, n int, from string) Quota {
		d, _ := ParseDate(from)
		return Quota{Version: version, Count: n, EffectiveFrom: d}
	}
	versions := []Quota{v(1, 65, "2018-01-01"), v(3, 72, "2018-07-01"), v(2, 70, "2018-07-01"), v(4, 60, "2018-10-01")}
	for _, tt := range []struct {
		on   string
		want int
	}{{"2017-12-31", 0}, {"2018-01-01", 65}, {"2018-06-30", 65}, {"2018-07-01", 72}, {"2018-12-31", 60}} {
		on, _ := ParseDate(tt.on)
		if q, ok := InForce(versions, on); q.Count != tt.want || ok != (tt.want > 0) {
			t.Errorf("%s: %d (%v), want %d", tt.on, q.Count, ok, tt.want)
		}
	}
}

func TestNudgeRule(t *testing.T) {
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	rule := NudgeRule{Weekday: time.Monday, Hour: 9, Location: shanghai}
	at := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", s, shanghai)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, tt := range []struct{ now, current, next string }{
		{"2018-03-05 08:59", "2018-W09", "2018-W10"},
		{"2018-03-05 09:00", "2018-W10", "2018-W11"},
		{"2018-03-11 23:59", "2018-W10", "2018-W11"},
		{"2018-12-31 09:00", "2019-W01", "2019-W02"},
		{"2018-01-01 00:00", "2017-W52", "2018-W01"},
		{"2020-12-28 09:00", "2020-W53", "2021-W01"},
	} {
		w, _ := rule.Current(at(tt.now))
		n, when := rule.Next(at(tt.now))
		if w.String() != tt.current || n.String() != tt.next {
			t.Errorf("%s: %s then %s, want %s then %s", tt.now, w, n, tt.current, tt.next)
		}
		if !when.After(at(tt.now)) || when.Weekday() != time.Monday || when.Hour() != 9 {
			t.Errorf("%s: next at %s", tt.now, when)
		}
	}
	w, _ := ParseWeek("2018-W10")
	if got := w.Monday().String(); got != "2018-03-05" {
		t.Errorf("Monday of %s is %s", w, got)
	}
}

func TestDecideNudge(t *testing.T) {
	rule := NudgeRule{Weekday: time.Monday, Hour: 9, Location: time.UTC}
	due := time.Date(2018, 3, 5, 9, 0, 0, 0, time.UTC)
	old := Body{ChannelID: "C1", ChannelSince: due.Add(-time.Minute).UnixMilli()}
	for _, tt := range []struct {
		name          string
		b             Body
		now           time.Time
		planned, owes bool
		want          NudgeReason
	}{
		{"on the hour", old, due, false, true, NudgeDue},
		{"down until Wednesday", old, due.AddDate(0, 0, 2), false, true, NudgeDueLate},
		{"already planned", old, due, true, true, NudgePlanned},
		{"no channel", Body{}, due, false, true, NudgeNoChannel},
		{"channel came after the hour", Body{ChannelID: "C1", ChannelSince: due.Add(time.Hour).UnixMilli()}, due.Add(2 * time.Hour), false, true, NudgeNewChannel},
		{"dead channel", Body{ChannelID: "C1", UndeliverableSince: 1}, due, false, true, NudgeDead},
		{"owes nothing", old, due, false, false, NudgeNoTask},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w, got := DecideNudge(tt.b, rule, tt.now, tt.planned, tt.owes)
			if got != tt.want || w.String() != "2018-W10" {
				t.Errorf("%s %s, want %s", w, got, tt.want)
			}
		})
	}
	w, _ := rule.Current(due)
	if !StillOwed(w, rule, due.AddDate(0, 0, 6)) || StillOwed(w, rule, due.AddDate(0, 0, 7)) {
		t.Error("a nudge is owed until the next one comes, and no longer")
	}
	thursday := rule
	thursday.Weekday = time.Thursday
	if !StillOwed(w, rule, due.Add(-time.Hour)) || !StillOwed(w, thursday, due) {
		t.Error("a nudge that was due is lost when the clock is set back or its body moves its day")
	}
}

// What is needed a month, at least a month's worth, to meet the quota.
func TestPerMonth(t *testing.T) {
	on := func(m time.Month, d int) Date { return Date{Year: 2018, Month: m, Day: d} }
	for _, c := range []struct {
		on                    Date
		quota, credited, want int
	}{
		{on(1, 1), 120, 0, 11}, {on(7, 31), 60, 30, 6}, {on(12, 30), 10, 7, 3}, {on(12, 31), 10, 7, 3}, {on(7, 31), 10, 12, 0},
	} {
		s := Standing{Year: 2018, AsOf: c.on, HasQuota: true, Quota: Quota{Count: c.quota}, Tally: Tally{Credited: c.credited}}
		if got := s.PerMonth(); got != c.want {
			t.Errorf("on %s with %d of %d: %d a month, want %d", c.on, c.credited, c.quota, got, c.want)
		}
	}
}
