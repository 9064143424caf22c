package reporting

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var announcing = DeadlineRule{DayOff: DayOffPrevious, Announce: []int{10, 3, 1}}

// calendar2018 has what the notice of the State Council (国办发明电〔2017〕12号) says
// of the days that the tests meet, and of the turn to 2019.
func calendar2018() *Calendar {
	c := &Calendar{days: map[Date]bool{}}
	off := func(from, to string, working bool) {
		first, _ := ParseDate(from)
		last, _ := ParseDate(to)
		for d := first; !last.Before(d); d = d.AddDays(1) {
			c.days[d] = working
		}
	}
	off("2018-01-01", "2018-01-01", false)
	off("2018-02-15", "2018-02-21", false)
	off("2018-02-11", "2018-02-11", true)
	off("2018-02-24", "2018-02-24", true)
	off("2018-06-16", "2018-06-18", false)
	off("2018-12-30", "2019-01-01", false)
	off("2018-12-29", "2018-12-29", true)
	c.years = []int{2018}
	return c
}

func nineIn(zone string, c *Calendar) NudgeRule {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		panic(err)
	}
	return NudgeRule{Weekday: time.Monday, Hour: 9, Location: loc, Calendar: c}
}

func TestDeadlines(t *testing.T) {
	got := map[string]string{}
	for _, d := range announcing.Of(2018, calendar2018()) {
		got[string(d.Kind)+" "+d.Set.String()] = d.On.String()
	}
	for name, want := range map[string]string{
		"grace 2018-01-15":     "2018-01-15",
		"reconfirm 2018-01-31": "2018-01-31",
		"progress 2018-02-25":  "2018-02-24", // a Sunday after the festival: its make-up Saturday
		"progress 2018-03-25":  "2018-03-23", // a Sunday: the Friday before
		"progress 2018-04-25":  "2018-04-25",
		"half_year 2018-06-30": "2018-06-29", // a Saturday
		"year_end 2018-12-31":  "2018-12-29", // a day off: the make-up Saturday
	} {
		if got[name] != want {
			t.Errorf("%s is due on %s, want %s", name, got[name], want)
		}
	}
	if len(got) != 16 {
		t.Errorf("%d deadlines, want 16", len(got))
	}
	keep := DeadlineRule{DayOff: DayOffKeep}
	if d, ok := keep.Find(ByYearEnd, Date{2018, 12, 31}, calendar2018()); !ok || d.On != d.Set {
		t.Errorf("kept: %v %v", d, ok)
	}
	if _, ok := keep.Find(ByYearEnd, Date{2018, 12, 30}, nil); ok {
		t.Error("a day that the plan does not set has a deadline")
	}
}

// What is due at a time of 2018: the newest step, of deadlines whose day is not over.
func TestAnnouncementsDue(t *testing.T) {
	rule := nineIn("Asia/Shanghai", calendar2018())
	for _, c := range []struct {
		name, at string
		want     []string
	}{
		{"ten working days before the grace ends", "2017-12-29T09:00:00", []string{"year_end/2017-12-31/1", "grace/2018-01-15/10"}},
		{"the hour has not come", "2018-01-10T08:59:59", []string{"grace/2018-01-15/10"}},
		{"three days", "2018-01-10T09:00:00", []string{"grace/2018-01-15/3"}},
		{"one day, and the month's ten", "2018-01-12T09:00:00", []string{"grace/2018-01-15/1", "progress/2018-01-25/10"}},
		{"on the day still", "2018-01-15T23:59:59", []string{"grace/2018-01-15/1", "progress/2018-01-25/10"}},
		{"after it no more", "2018-01-16T00:00:00", []string{"progress/2018-01-25/10"}},
		{"the festival is counted out", "2018-02-06T09:00:00", []string{"progress/2018-02-25/10"}},
		{"three before the make-up Saturday", "2018-02-14T09:00:00", []string{"progress/2018-02-25/3"}},
		{"nothing moves in the holidays", "2018-02-20T12:00:00", []string{"progress/2018-02-25/3"}},
		{"the last one is the Friday", "2018-02-23T09:00:00", []string{"progress/2018-02-25/1"}},
		{"year end ten", "2018-12-17T09:00:00", []string{"progress/2018-12-25/10", "year_end/2018-12-31/10"}},
		{"year end one", "2018-12-28T09:00:00", []string{"year_end/2018-12-31/1"}},
		{"on the make-up Saturday", "2018-12-29T09:00:00", []string{"year_end/2018-12-31/1", "grace/2019-01-15/10"}},
		{"over on the day after the make-up Saturday", "2018-12-30T09:00:00", []string{"grace/2019-01-15/10"}},
		{"nothing is near", "2018-05-01T09:00:00", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			at, err := time.ParseInLocation("2006-01-02T15:04:05", c.at, rule.Location)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, a := range announcing.Due(rule, at) {
				got = append(got, a.Key("x")[len("deadline/x/"):])
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("due (-want +got):\n%s", diff)
			}
		})
	}
	if got := (DeadlineRule{}).Due(rule, time.Date(2018, 12, 28, 12, 0, 0, 0, rule.Location)); got != nil {
		t.Errorf("nothing is to be announced, and is: %v", got)
	}
}

// Between two moments nothing changes, so that nobody need look.
func TestNextAnnouncement(t *testing.T) {
	for _, zone := range []string{"Asia/Shanghai", "Europe/Berlin", "America/New_York"} {
		rule := nineIn(zone, calendar2018())
		key := func(at time.Time) (out []string) {
			for _, a := range announcing.Due(rule, at) {
				out = append(out, a.Key("x"))
			}
			return out
		}
		at, n := time.Date(2018, 1, 1, 0, 0, 0, 0, rule.Location), 0
		for at.Year() == 2018 {
			next := announcing.Next(rule, at)
			if !next.After(at) {
				t.Fatalf("%s: after %s comes %s", zone, at, next)
			}
			if diff := cmp.Diff(key(at), key(next.Add(-time.Second))); diff != "" {
				t.Fatalf("%s: due changed between %s and %s:\n%s", zone, at, next, diff)
			}
			if got := next.In(rule.Location); got.Hour() != 9 && got.Hour() != 0 {
				t.Errorf("%s: a moment at %s", zone, got)
			}
			at, n = next, n+1
		}
		if n < 48 {
			t.Errorf("%s: %d moments in a year", zone, n)
		}
	}
	if !(DeadlineRule{}).Next(nineIn("Asia/Shanghai", nil), time.Now()).IsZero() {
		t.Error("there is a next announcement of none")
	}
}

func TestDeadlineLeft(t *testing.T) {
	c := calendar2018()
	d, _ := announcing.Find(ByYearEnd, Date{2018, 12, 31}, c)
	for day, want := range map[Date]int{{2018, 12, 28}: 1, {2018, 12, 26}: 3, {2018, 12, 17}: 10, {2018, 12, 29}: 0, {2018, 12, 31}: 0} {
		if got := d.Left(c, day); got != want {
			t.Errorf("on %s %d working days are left, want %d", day, got, want)
		}
	}
}

func TestDeadlineOwes(t *testing.T) {
	half, _ := announcing.Find(ByHalfYear, Date{2018, 6, 30}, nil)
	end, _ := announcing.Find(ByYearEnd, Date{2018, 12, 31}, nil)
	s := Standing{Year: 2018, AsOf: Date{2018, 6, 13}, HasQuota: true, Quota: Quota{Count: 65}, Tally: Tally{Credited: 30}}
	for _, c := range []struct {
		name     string
		d        Deadline
		credited int
		curve    Curve
		want     int
	}{
		{"half: 65 × 181/365 = 32.2", half, 30, Curve{}, 3},
		{"half: reached", half, 33, Curve{}, 0},
		{"half: by the curve 55%", half, 30, Curve{30, 55, 80, 100}, 6},
		{"year end", end, 30, Curve{}, 35},
		{"year end met", end, 66, Curve{}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.Tally.Credited, s.Curve = c.credited, c.curve
			if got := c.d.Owes(s); got != c.want {
				t.Errorf("owes %d, want %d", got, c.want)
			}
		})
	}
	if got := half.Owes(Standing{Year: 2018}); got != 0 {
		t.Errorf("without a quota it owes %d", got)
	}
	if !half.ByStanding() || !end.ByStanding() || (Deadline{Kind: ByProgress}).ByStanding() {
		t.Error("which deadline follows from a standing is wrong")
	}
}

func TestAnnouncementTells(t *testing.T) {
	d, _ := announcing.Find(ByHalfYear, Date{2018, 6, 30}, nil)
	a := Announcement{Deadline: d, Ahead: 3, At: time.UnixMilli(1000)}
	for _, c := range []struct {
		name string
		b    Body
		want bool
	}{
		{"has a channel", Body{ChannelID: "C1"}, true},
		{"has none", Body{}, false},
		{"had none then", Body{ChannelID: "C1", ChannelSince: 1001}, false},
		{"its channel is dead", Body{ChannelID: "C1", UndeliverableSince: 5}, false},
		{"has ended by then", Body{ChannelID: "C1", EndsOn: Date{2018, 6, 1}}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := a.Tells(c.b); got != c.want {
				t.Errorf("told: %v, want %v", got, c.want)
			}
		})
	}
	if got := a.Message("jingyue"); got.Key != "deadline/jingyue/half_year/2018-06-30/3" || got.DueAt != 1000 {
		t.Errorf("message %+v", got)
	}
}
