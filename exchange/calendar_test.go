package exchange

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/reporting"
)

// calendarFile makes a file of events, each given by its properties.
func calendarFile(events ...string) string {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\nVERSION:2.0\nX-WR-CALNAME:假日\n")
	for _, e := range events {
		b.WriteString("BEGIN:VEVENT\n" + strings.ReplaceAll(e, "|", "\n") + "\nEND:VEVENT\n")
	}
	return b.String() + "END:VCALENDAR\n"
}

// daysOf writes the days of years in short.
func daysOf(years []reporting.CalendarYear) string {
	var b strings.Builder
	for _, y := range years {
		for _, s := range reporting.Spans(y.Days) {
			what := "休"
			if s.Working {
				what = "班"
			}
			fmt.Fprintf(&b, "%s+%d %s%s\n", s.From, s.Len()-1, s.Name, what)
		}
	}
	return b.String()
}

// TestCalendarDialects reads what publishers of Chinese calendars write.
func TestCalendarDialects(t *testing.T) {
	const want = "2018-02-11+0 春节班\n2018-02-15+6 春节休\n2018-02-24+0 春节班\n"
	tests := []struct {
		name, file string
		skipped    int
	}{
		{"apple", calendarFile(
			"DTSTART;VALUE=DATE:20180204|SUMMARY;LANGUAGE=zh_CN:立春",
			"DTSTART;VALUE=DATE:20180211|SUMMARY;LANGUAGE=zh_CN:春节（班）|X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY",
			"DTSTART;VALUE=DATE:20180215|DTEND;VALUE=DATE:20180222|SUMMARY;LANGUAGE=zh_CN:春节（休）|X-APPLE-SPECIAL-DAY:WORK-HOLIDAY",
			"DTSTART;VALUE=DATE:20180216|SUMMARY:春节|RRULE:FREQ=YEARLY;COUNT=6",
			"DTSTART;VALUE=DATE:20180224|SUMMARY:春节（班）|X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY"), 2},
		{"apple without marks", calendarFile("DTSTART;VALUE=DATE:20180211|SUMMARY:春节（班）",
			"DTSTART;VALUE=DATE:20180215|DTEND;VALUE=DATE:20180222|SUMMARY:春节（休）", "DTSTART;VALUE=DATE:20180224|SUMMARY:春节(班)"), 0},
		{"in full", calendarFile("SUMMARY:上班(补春节假期)|DTSTART;VALUE=DATE:20180211|DTEND;VALUE=DATE:20180212",
			"SUMMARY:春节假期|DTSTART;VALUE=DATE:20180215|DTEND;VALUE=DATE:20180222", "SUMMARY:上班(补春节假期)|DTSTART;VALUE=DATE:20180224|DTEND;VALUE=DATE:20180225"), 0},
		{"a day an event", calendarFile(append([]string{"SUMMARY:春节 补班 第1天/共2天|DTSTART;VALUE=DATE:20180211|DTEND;VALUE=DATE:20180211",
			"SUMMARY:春节 补班 第2天/共2天|DTSTART;VALUE=DATE:20180224|DTEND;VALUE=DATE:20180225"},
			eachDay("SUMMARY:春节 假期 第%d天/共7天|DTSTART;VALUE=DATE:201802%d|TRANSP:TRANSPARENT", 15, 7)...)...), 0},
		{"bars and lengths", calendarFile("SUMMARY:班｜春节|DTSTART;VALUE=DATE:20180211|DURATION:P1D",
			"SUMMARY:休｜春节|DTSTART;VALUE=DATE:20180215|DURATION:P1W", "SUMMARY:春节 班|DTSTART:20180224"), 0},
		{"categories", calendarFile("SUMMARY:春节|CATEGORIES:调休,上班|DTSTART;VALUE=DATE:20180211",
			"SUMMARY:春节|CATEGORIES:放假|DTSTART;VALUE=DATE:20180215|DTEND;VALUE=DATE:20180222", "SUMMARY:春节|CATEGORIES:上班|DTSTART;VALUE=DATE:20180224"), 0},
		{"with 调休", calendarFile("SUMMARY:春节调休上班|DTSTART;VALUE=DATE:20180211",
			"SUMMARY:春节放假调休|DTSTART;VALUE=DATE:20180215|DTEND;VALUE=DATE:20180222", "SUMMARY:春节（补）|DTSTART;VALUE=DATE:20180224"), 0},
		{"cancelled", calendarFile("SUMMARY:春节（班）|DTSTART;VALUE=DATE:20180211", "SUMMARY:春节（休）|STATUS:CANCELLED|DTSTART;VALUE=DATE:20180214",
			"DTSTART;VALUE=DATE:20180215|DTEND;VALUE=DATE:20180222|SUMMARY:春节（休）", "DTSTART;VALUE=DATE:20180224|SUMMARY:春节[班]"), 1},
	}
	for _, tt := range tests {
		for form, file := range map[string]string{
			"": tt.file, " of Windows": "\ufeff" + strings.ReplaceAll(tt.file, "\n", "\r\n"), " folded": strings.ReplaceAll(tt.file, "SUMMARY", "SUM\n MARY"),
		} {
			t.Run(tt.name+form, func(t *testing.T) {
				got, err := Calendar([]byte(file))
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, daysOf(got.Years)); diff != "" {
					t.Error(diff)
				}
				if got.Skipped != tt.skipped || got.Years[0].Source != "假日" {
					t.Errorf("skipped %d, source %q", got.Skipped, got.Years[0].Source)
				}
			})
		}
	}
}

func eachDay(event string, first, n int) (out []string) {
	for i := range n {
		out = append(out, fmt.Sprintf(event, i+1, first+i))
	}
	return out
}

// TestCalendarYears puts each day into its own year.
func TestCalendarYears(t *testing.T) {
	got, err := Calendar([]byte(calendarFile("DTSTART;VALUE=DATE:20181230|DTEND;VALUE=DATE:20190102|SUMMARY:元旦（休）")))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("2018-12-30+1 元旦休\n2019-01-01+0 元旦休\n", daysOf(got.Years)); diff != "" {
		t.Error(diff)
	}
}

// TestCalendarRefusals names every event that is not understood, by its line.
func TestCalendarRefusals(t *testing.T) {
	const off = "DTSTART;VALUE=DATE:20180215|SUMMARY:春节（休）"
	tests := []struct{ name, file, want string }{
		{"no calendar", "body_id,year\n", "1:none"},
		{"latin", calendarFile("DTSTART;VALUE=DATE:20180215|SUMMARY:\xb4\xba"), "1:encoding"},
		{"cut off", strings.TrimSuffix(calendarFile(off), "END:VCALENDAR\n"), "1:cut"},
		{"broken", strings.Replace(calendarFile(off), "END:VEVENT", "END:VTODO", 1), "1:broken"},
		{"no event", calendarFile(), "1:empty"},
		{"nothing of working days", calendarFile(off + "|STATUS:CANCELLED"), "1:empty"},
		{"too large", calendarFile(off) + strings.Repeat("\n", MaxCalendar), "1:size"},
		{"a festival", calendarFile("DTSTART;VALUE=DATE:20180216|SUMMARY:春节"), "4:meaning"},
		{"调休 alone", calendarFile("DTSTART;VALUE=DATE:20180216|SUMMARY:春节调休"), "4:meaning"},
		{"on duty", calendarFile("DTSTART;VALUE=DATE:20180216|SUMMARY:春节值班安排"), "4:meaning"},
		{"both at once", calendarFile("DTSTART;VALUE=DATE:20180216|SUMMARY:春节（休）（班）"), "4:torn"},
		{"mark and words differ", calendarFile("DTSTART;VALUE=DATE:20180224|SUMMARY:春节（班）|X-APPLE-SPECIAL-DAY:WORK-HOLIDAY"), "4:torn"},
		{"words and mark differ", calendarFile("DTSTART;VALUE=DATE:20180224|SUMMARY:春节（休）|X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY"), "4:torn"},
		{"rest and work", calendarFile("DTSTART;VALUE=DATE:20180224|SUMMARY:上班（休）"), "4:torn"},
		{"every year", calendarFile("DTSTART;VALUE=DATE:20180101|SUMMARY:元旦（休）|RRULE:FREQ=YEARLY"), "4:repeats"},
		{"more dates", calendarFile(off + "|RDATE;VALUE=DATE:20190101"), "4:repeats"},
		{"no day", calendarFile("SUMMARY:春节（休）"), "4:start"},
		{"a time", calendarFile("DTSTART:20180215T000000Z|SUMMARY:春节（休）"), "4:time"},
		{"an end with a time", calendarFile(off + "|DTEND:20180216T000000"), "4:time"},
		{"no such day", calendarFile("DTSTART;VALUE=DATE:20180230|SUMMARY:春节（休）"), "4:time"},
		{"hours", calendarFile(off + "|DURATION:PT24H"), "4:time"},
		{"no length", calendarFile(off + "|DURATION:P0D"), "4:backwards"},
		{"two ends", calendarFile(off + "|DURATION:P1D|DTEND;VALUE=DATE:20180216"), "4:ends"},
		{"backwards", calendarFile(off + "|DTEND;VALUE=DATE:20180210"), "4:backwards"},
		{"too long", calendarFile(off + "|DTEND;VALUE=DATE:20190215"), "4:long"},
		{"another age", calendarFile("DTSTART;VALUE=DATE:10180215|SUMMARY:春节（休）"), "4:year"},
		{"work on a weekday", calendarFile("DTSTART;VALUE=DATE:20180214|SUMMARY:春节（班）"), "4:weekday"},
		{"twice", calendarFile(off, "SUMMARY:春节（休）|DTSTART;VALUE=DATE:20180213|DURATION:P4D"), "8:twice"},
		{"off and working", calendarFile("DTSTART;VALUE=DATE:20180224|SUMMARY:春节（班）", "SUMMARY:春节（休）|DTSTART;VALUE=DATE:20180222|DURATION:P4D"), "8:both"},
		{"all of them", calendarFile("SUMMARY:冬至|DTSTART;VALUE=DATE:20180216", off, "SUMMARY:春节（班）|DTSTART;VALUE=DATE:20180214"), "4:meaning 12:weekday"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Calendar([]byte(tt.file))
			var faults Faults
			if !errors.As(err, &faults) {
				t.Fatalf("got %v, %v", got, err)
			}
			var found []string
			for _, f := range faults {
				found = append(found, fmt.Sprintf("%d:%s", f.Line, strings.TrimPrefix(f.Key, "err.import.calendar.")))
			}
			if diff := cmp.Diff(tt.want, strings.Join(found, " ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestWriteCalendar writes what is read back just so.
func TestWriteCalendar(t *testing.T) {
	day := func(n int) reporting.Date { return reporting.Date{Year: 2018, Month: 9, Day: n} }
	want := []reporting.CalendarYear{{Year: 2018, Source: strings.Repeat("国办发明电, \\ 12号; ", 12) + "末", Days: []reporting.Holiday{
		{Day: day(1), Name: ""}, {Day: day(2), Working: true}, {Day: day(3), Name: `a\n,b;c "d"`}, {Day: day(4), Name: strings.Repeat("长", 60)},
		{Day: day(22), Name: "中秋节、国庆节"}, {Day: day(23), Name: "中秋节、国庆节"}, {Day: day(29), Working: true, Name: "国庆节"}, {Day: day(30), Working: true, Name: "国庆节"},
	}}}
	var b bytes.Buffer
	if err := WriteCalendar(&b, want[0]); err != nil {
		t.Fatal(err)
	}
	got, err := Calendar(b.Bytes())
	if err != nil {
		t.Fatalf("%v\n%s", err, b.String())
	}
	if diff := cmp.Diff(want, got.Years); diff != "" {
		t.Error(diff)
	}
}

// FuzzCalendar reads anything without a panic: what comes back is in order, and
// no day of it is there twice.
func FuzzCalendar(f *testing.F) {
	shipped, err := filepath.Glob("../calendars/*.ics")
	if err != nil || len(shipped) == 0 {
		f.Fatal(err, shipped)
	}
	for _, name := range shipped {
		content, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	f.Add([]byte(calendarFile("SUMMARY:春节调休上班|DTSTART;VALUE=DATE:20180211|DURATION:P1D", "CATEGORIES:放假,x|DTSTART:20180215|DTEND:20180222|RRULE:x")))
	f.Fuzz(func(t *testing.T, content []byte) {
		got, err := Calendar(content)
		if err != nil {
			if faults := (Faults{}); !errors.As(err, &faults) || len(faults) == 0 || len(faults) > MaxFaults {
				t.Fatalf("refused without a fault: %v", err)
			}
			return
		}
		year, last := 0, reporting.Date{}
		for _, y := range got.Years {
			var written bytes.Buffer
			if err := WriteCalendar(&written, y); err != nil {
				t.Fatal(err)
			}
			if again, err := Calendar(written.Bytes()); err != nil || len(again.Years) != 1 || !slices.Equal(again.Years[0].Days, y.Days) {
				t.Fatalf("read back %v, %v from\n%s", again, err, written.String())
			}
			if y.Year <= year || len(y.Days) == 0 {
				t.Fatalf("year %d after %d with %d days", y.Year, year, len(y.Days))
			}
			year = y.Year
			for _, h := range y.Days {
				if h.Day.Year != year || !last.Before(h.Day) {
					t.Fatalf("%s after %s in %d", h.Day, last, year)
				}
				last = h.Day
			}
		}
	})
}
