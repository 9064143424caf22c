package reporting

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestCurveValues(t *testing.T) {
	plan := Curve{30, 55, 80, 100}
	for _, tt := range []struct {
		curve Curve
		on    string
		want  float64 // time progress
	}{
		{Curve{}, "2018-07-01", 182.0 / 365}, {plan, "2017-12-31", 0}, {plan, "2018-01-01", 0.30 / 90}, {plan, "2018-03-31", 0.30},
		{plan, "2018-04-01", 0.30 + 0.25/91}, {plan, "2018-06-30", 0.55}, {plan, "2018-09-30", 0.80}, {plan, "2018-12-31", 1},
		{plan, "2019-02-01", 1}, {Curve{50, 50, 100, 100}, "2018-05-15", 0.50}, {Curve{50, 50, 100, 100}, "2018-11-01", 1},
	} {
		s := standing(100, 40, tt.on)
		s.Curve = tt.curve
		if got := s.TimeProgress(); got-tt.want > 1e-12 || tt.want-got > 1e-12 {
			t.Errorf("%v on %s: time progress %v, want %v", tt.curve, tt.on, got, tt.want)
		}
	}
	s := standing(100, 40, "2018-06-30")
	s.Curve = plan
	if s.Colour(DefaultThresholds) != Yellow || s.ForecastLinear() != 72 || math.Round(s.Expected()) != 55 {
		t.Errorf("40 of 100 at mid-year: %s, forecast %d, expected %v", s.Colour(DefaultThresholds), s.ForecastLinear(), s.Expected())
	}
	if line := standing(100, 40, "2018-06-30"); s.PerWeek() != line.PerWeek() || s.WeeksLeft() != line.WeeksLeft() {
		t.Error("the weeks left follow the curve, not the calendar")
	}
}

func TestCurveValid(t *testing.T) {
	for _, tt := range []struct {
		curve Curve
		want  bool
	}{
		{Curve{}, true}, {Curve{30, 55, 80, 100}, true}, {Curve{100, 100, 100, 100}, true}, {Curve{0, 55, 80, 100}, false},
		{Curve{30, 25, 80, 100}, false}, {Curve{30, 55, 80, 99}, false}, {Curve{30, 55, 110, 100}, false},
	} {
		if got := tt.curve.Valid(); got != tt.want {
			t.Errorf("%v valid: %v, want %v", tt.curve, got, tt.want)
		}
	}
}

// What the straight line gives is what it gave before there were curves, and
// every curve rises from 0 to 1.
func TestCurveProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		year := rapid.IntRange(2016, 2032).Draw(t, "year")
		day := rapid.IntRange(0, DaysIn(year)).Draw(t, "day")
		c := rapid.IntRange(0, 300).Draw(t, "credited")
		q := rapid.IntRange(0, 300).Draw(t, "quota")
		if n, of := (Curve{}).At(year, day); n != day || of != DaysIn(year) {
			t.Fatalf("the line gives %d/%d on day %d", n, of, day)
		}
		line := Standing{Year: year, AsOf: Date{year, 1, 1}.AddDays(day - 1), HasQuota: true, Quota: Quota{Count: q}, Tally: Tally{Credited: c}}
		if day > 0 && line.ForecastLinear() != c*DaysIn(year)/day {
			t.Fatalf("forecast %d", line.ForecastLinear())
		}
		a := rapid.IntRange(1, 100).Draw(t, "first")
		b := rapid.IntRange(a, 100).Draw(t, "second")
		curve := Curve{a, b, rapid.IntRange(b, 100).Draw(t, "third"), 100}
		if !curve.Valid() {
			t.Fatalf("%v is not valid", curve)
		}
		if n, _ := curve.At(year, 0); n != 0 {
			t.Fatalf("%v begins at %d", curve, n)
		}
		if n, of := curve.At(year, DaysIn(year)); n != of {
			t.Fatalf("%v ends at %d/%d", curve, n, of)
		}
		n, of := curve.At(year, day)
		m, oc := curve.At(year, min(day+1, DaysIn(year)))
		if n < 0 || n > of || n*oc > m*of {
			t.Fatalf("%v falls from %d/%d to %d/%d after day %d", curve, n, of, m, oc, day)
		}
		bent := line
		bent.Curve = curve
		if day > 0 && q > 0 && (bent.Colour(DefaultThresholds) == Green) != (c*of >= q*n && q*n >= of && day >= 31) {
			t.Fatalf("%v: %d of %d on day %d is %s", curve, c, q, day, bent.Colour(DefaultThresholds))
		}
	})
}
