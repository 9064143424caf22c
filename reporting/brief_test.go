package reporting

import (
	"math"
	"strings"
	"testing"
)

func TestDecide(t *testing.T) {
	t.Parallel()
	of := func(kind DecisionKind, subject string, invest Wan, day int) Decision {
		return Decision{Kind: kind, Subject: subject, Invest: invest, Since: Date{2018, 7, day}}
	}
	for name, tt := range map[string]struct {
		all  []Decision
		want string
	}{
		"none":             {nil, ""},
		"one of each kind": {[]Decision{of(DecideQuota, "q", 0, 1), of(DecideProblem, "small", 10, 1), of(DecideProblem, "big", 90, 9), of(DecideDuplicate, "d", 20, 2), of(DecideProblem, "middle", 50, 1)}, "big d q"},
		"the rest by size": {[]Decision{of(DecideProblem, "a", 10, 1), of(DecideProblem, "b", 30, 1), of(DecideProblem, "c", 20, 1), of(DecideProblem, "d", 40, 1)}, "d b c"},
		"equals by age":    {[]Decision{of(DecideQuota, "young", 0, 9), of(DecideQuota, "old", 0, 2)}, "old young"},
		"two of one kind":  {[]Decision{of(DecideDuplicate, "x", 10, 1), of(DecideProblem, "a", 10, 1), of(DecideProblem, "b", 30, 1)}, "b a x"},
	} {
		var got []string
		for _, d := range Decide(tt.all) {
			got = append(got, d.Subject)
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%s: %q, want %q", name, s, tt.want)
		}
	}
}

func stood(body string, quota, credited int, on Date) Standing {
	return Standing{BodyID: body, Year: 2018, AsOf: on, HasQuota: quota > 0, Quota: Quota{Count: quota}, Tally: Tally{Credited: credited, Invest: Wan(credited) * Yi}}
}

func TestNewlyRed(t *testing.T) {
	t.Parallel()
	july, june := Date{2018, 7, 31}, Date{2018, 6, 30}
	now := []Standing{stood("a", 100, 10, july), stood("b", 100, 20, july), stood("c", 100, 90, july), stood("d", 100, 5, july)}
	then := []Standing{stood("a", 100, 45, june), stood("b", 100, 20, june), stood("c", 100, 10, june)}
	var got []string
	for _, s := range NewlyRed(now, then, DefaultThresholds) {
		got = append(got, s.BodyID)
	}
	if s := strings.Join(got, " "); s != "a d" {
		t.Errorf("newly red: %s", s)
	}
}

func TestGroupAverage(t *testing.T) {
	t.Parallel()
	day := Date{2018, 7, 31}
	group := []Standing{stood("a", 10, 10, day), stood("b", 20, 5, day), stood("none", 0, 7, day)}
	if _, n, ok := GroupAverage(group); ok || n != 2 {
		t.Errorf("two bodies have an average: %d", n)
	}
	done, n, ok := GroupAverage(append(group, stood("c", 30, 0, day)))
	if !ok || n != 3 || math.Abs(done-0.25) > 1e-9 {
		t.Errorf("average %v of %d, %v", done, n, ok)
	}
	sum, _ := SumOf(group)
	if sum.Owes() != 30 || sum.Tally.Credited != 15 || sum.Tally.Invest != 15*Yi || sum.AsOf != day {
		t.Errorf("sum %+v", sum)
	}
}
