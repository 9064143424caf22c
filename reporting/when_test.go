package reporting

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseWhen(t *testing.T) {
	t.Parallel()
	today := Date{2018, 7, 31}
	day := func(s string) Date {
		d, err := ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	on := func(s string) When { return When{Year: day(s).Year, Day: day(s)} }
	days := func(from, to string) When {
		return When{Year: day(to).Year, Day: day(to), Days: Days{day(from), day(to)}}
	}
	for typed, want := range map[string]When{
		"": {Year: 2018}, "2018": {Year: 2018}, "2017年": {Year: 2017}, "2018年度": {Year: 2018}, "去年": {Year: 2017}, "this year": {Year: 2018},
		"今天": {Year: 2018}, "today": {Year: 2018}, "昨天": on("2018-07-30"),
		"2018-06-30": on("2018-06-30"), "2018/6/30": on("2018-06-30"), "2018年6月30日": on("2018-06-30"), "6月30日": on("2018-06-30"), "6月30号": on("2018-06-30"),
		"2018-06": days("2018-06-01", "2018-06-30"), "6月": days("2018-06-01", "2018-06-30"), "2018年6月": days("2018-06-01", "2018-06-30"), "6月份": days("2018-06-01", "2018-06-30"),
		"上月": days("2018-06-01", "2018-06-30"), "last month": days("2018-06-01", "2018-06-30"), "last_month": days("2018-06-01", "2018-06-30"),
		"本月": days("2018-07-01", "2018-07-31"), "本季度": days("2018-07-01", "2018-07-31"), "上季度": days("2018-04-01", "2018-06-30"),
		"Q2": days("2018-04-01", "2018-06-30"), "2018Q1": days("2018-01-01", "2018-03-31"), "2018-q1": days("2018-01-01", "2018-03-31"),
		"二季度": days("2018-04-01", "2018-06-30"), "第1季度": days("2018-01-01", "2018-03-31"), "上半年": days("2018-01-01", "2018-06-30"),
		"上周": days("2018-07-23", "2018-07-29"), "last week": days("2018-07-23", "2018-07-29"), "本週": days("2018-07-30", "2018-07-31"),
	} {
		rest, got, err := ParseWhen(append(strings.Fields(typed), "净月"), today)
		if err != nil {
			t.Errorf("%s: %v", typed, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", typed, diff)
		}
		if diff := cmp.Diff([]string{"净月"}, rest); diff != "" {
			t.Errorf("%s leaves (-want +got):\n%s", typed, diff)
		}
	}
	for typed, key := range map[string]string{
		"2018-08-01": "err.when.future", "2018-09": "err.when.future", "2018Q4": "err.when.future",
		"2017-06-30": "err.when.before", "12月": "err.when.before", "2018-02-30": "err.date", "13月": "err.month", "1950": "err.year", "2020": "err.year",
	} {
		_, _, err := ParseWhen([]string{typed}, today)
		if e := (&Error{}); !errors.As(err, &e) || e.Key != key {
			t.Errorf("%s: %v, want %s", typed, err, key)
		}
	}
}

func TestSettled(t *testing.T) {
	t.Parallel()
	today := Date{2019, 3, 1}
	for day, want := range map[Date]Date{
		today: {}, {2018, 12, 31}: {}, {2018, 12, 30}: {2018, 12, 30}, {2019, 2, 28}: {2019, 2, 28},
	} {
		if got := onDay(day).Settled(today).Day; got != want {
			t.Errorf("%v: %v, want %v", day, got, want)
		}
	}
}
