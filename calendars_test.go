package main

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/reporting"
)

// TestShippedCalendars holds the years that ship to the words of the notices:
// https://www.gov.cn/zhengce/content/2017-11/30/content_5243579.htm (2018),
// https://www.gov.cn/zhengce/content/2018-12/06/content_5346276.htm (end of 2018),
// https://www.gov.cn/zhengce/content/202511/content_7047090.htm (2026).
func TestShippedCalendars(t *testing.T) {
	years, err := shippedCalendars()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	for _, y := range years {
		head := fmt.Sprintf("%d %s", y.Year, y.Source)
		for _, s := range reporting.Spans(y.Days) {
			what := "放假"
			if s.Working {
				what = "上班"
			}
			got[head] = append(got[head], fmt.Sprintf("%s %d月%d日%s %d天", s.Name, s.From.Month, s.From.Day, what, s.Len()))
		}
	}
	want := map[string][]string{
		"2018 国务院办公厅关于2018年部分节假日安排的通知（国办发明电〔2017〕12号）；12月29日至31日：国务院办公厅关于2019年部分节假日安排的通知（国办发明电〔2018〕15号）": {
			"元旦 1月1日放假 1天",
			"春节 2月11日上班 1天", "春节 2月15日放假 7天", "春节 2月24日上班 1天",
			"清明节 4月5日放假 3天", "清明节 4月8日上班 1天",
			"劳动节 4月28日上班 1天", "劳动节 4月29日放假 3天",
			"端午节 6月16日放假 3天",
			"中秋节 9月22日放假 3天",
			"国庆节 9月29日上班 2天", "国庆节 10月1日放假 7天",
			"元旦 12月29日上班 1天", "元旦 12月30日放假 2天",
		},
		"2026 国务院办公厅关于2026年部分节假日安排的通知（国办发明电〔2025〕7号）": {
			"元旦 1月1日放假 3天", "元旦 1月4日上班 1天",
			"春节 2月14日上班 1天", "春节 2月15日放假 9天", "春节 2月28日上班 1天",
			"清明节 4月4日放假 3天",
			"劳动节 5月1日放假 5天", "劳动节 5月9日上班 1天",
			"端午节 6月19日放假 3天",
			"国庆节 9月20日上班 1天", "中秋节 9月25日放假 3天",
			"国庆节 10月1日放假 7天", "国庆节 10月10日上班 1天",
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestShipCalendars adds the years that a database does not know, once, and
// leaves an admin's import alone.
func TestShipCalendars(t *testing.T) {
	cfg := defaultConfig()
	cfg.Storage.URL = Secret("sqlite://" + filepath.Join(t.TempDir(), "m.db"))
	db, err := openStorage(t.Context(), cfg, nil, func() time.Time { return time.Date(2018, 7, 2, 9, 0, 0, 0, time.UTC) })
	if err != nil {
		t.Fatal(err)
	}
	defer release(db)
	if _, err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	mine := reporting.CalendarYear{Year: 2026, Source: "mine", Days: []reporting.Holiday{{Day: reporting.Date{Year: 2026, Month: 5, Day: 1}}}}
	if _, err := db.ImportCalendar(t.Context(), "", func(known []reporting.CalendarYear, at int64) (reporting.CalendarImport, []reporting.Event, error) {
		plan, events := reporting.PlanCalendar([]reporting.CalendarYear{mine}, known, "U1", at)
		return plan, events, nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, want := range [][]string{{"calendar of 2018"}, nil} {
		applied, err := migrate(t.Context(), db)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, applied); diff != "" {
			t.Error(diff)
		}
	}
	years, err := db.Calendars(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, y := range years {
		got = append(got, fmt.Sprintf("%d v%d by %s, %d days", y.Year, y.Version, y.ImportedBy, len(y.Days)))
	}
	if diff := cmp.Diff([]string{"2018 v1 by mouhua, 36 days", "2026 v1 by U1, 1 days"}, got); diff != "" {
		t.Error(diff)
	}
}
