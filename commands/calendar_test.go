package commands

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/reporting"
)

func holidayOf(month time.Month, day int, working bool, name string) reporting.Holiday {
	return reporting.Holiday{Day: reporting.Date{Year: 2018, Month: month, Day: day}, Working: working, Name: name}
}

// autumn2018 is a short calendar of 2018: National Day with its make-up days.
func autumn2018() reporting.CalendarYear {
	y := reporting.CalendarYear{Year: 2018, Source: "国办发明电〔2017〕12号", Days: []reporting.Holiday{
		holidayOf(1, 31, false, "春节"), // over
		holidayOf(9, 24, false, "中秋节"), holidayOf(9, 29, true, "国庆节"), holidayOf(9, 30, true, "国庆节"),
	}}
	for day := 1; day <= 7; day++ {
		y.Days = append(y.Days, holidayOf(10, day, false, "国庆节"))
	}
	y.Days = append(y.Days, holidayOf(12, 30, false, "元旦"), holidayOf(12, 31, false, "元旦"))
	return y
}

// calendarOffice is an office with a clerk who has a calendar.
func calendarOffice(t *testing.T) (*App, *shelf, *clerk) {
	a, s, k := counter(t)
	a.cfg.Nudge = reporting.NudgeRule{Weekday: time.Monday, Hour: 9, Location: a.cfg.Location, DayOff: reporting.DayOffNext}
	a.cfg.Deadlines = reporting.DeadlineRule{DayOff: reporting.DayOffPrevious}
	k.files["F2"] = File{ID: "F2", Name: "2018 <!channel>.ICS", Size: 2048, Type: "binary"}
	k.contents["F2"] = "BEGIN:VCALENDAR"
	k.calendar = CalendarFile{Years: []reporting.CalendarYear{autumn2018()}, Skipped: 3}
	return a, s, k
}

// TestDropCalendar imports a calendar, and then a correction of it.
func TestDropCalendar(t *testing.T) {
	a, s, k := calendarOffice(t)
	card, err := drop(t, a, "UAD", "F2")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "calendar_card", plainText(card.Reply))
	if len(s.wall.years) != 0 {
		t.Fatal("the card alone wrote something")
	}
	b := buttonOf(t, card.Reply, "import.run")
	done, err := pressOn(t, a, "UAD", b)
	if err != nil || !done.Replace {
		t.Fatalf("replaced %t, %v", done.Replace, err)
	}
	golden(t, "calendar_done", plainText(done.Reply))
	again, err := pressOn(t, a, "UAD", b)
	if err != nil || again.Replace {
		t.Errorf("pressed again: replaced %t, %v", again.Replace, err)
	}
	wants(t, "pressed again", drawn(again.Reply), "此前已导入")

	same, err := drop(t, a, "UAD", "F2")
	if err != nil {
		t.Fatal(err)
	}
	wants(t, "the same again", drawn(same.Reply), "2018 年的安排与现行版本一致")
	lacks(t, "the same again", drawn(same.Reply), "import.run")

	k.contents["F2"] = "BEGIN:VCALENDAR mended"
	mended := autumn2018()
	mended.Source = ""
	mended.Days = mended.Days[:8]
	mended.Days[1] = holidayOf(9, 22, false, "中秋节")
	mended.Days[2].Working, mended.Days[3].Working = false, false
	k.calendar = CalendarFile{Years: []reporting.CalendarYear{mended, {Year: 2017, Days: []reporting.Holiday{{Day: reporting.Date{Year: 2017, Month: 12, Day: 30}}}}}}
	if card, err = drop(t, a, "UAD", "F2"); err != nil {
		t.Fatal(err)
	}
	golden(t, "calendar_correction", plainText(card.Reply))
	if _, err := pressOn(t, a, "UAD", buttonOf(t, card.Reply, "import.run")); err != nil {
		t.Fatal(err)
	}
	if got := s.wall.years[len(s.wall.years)-1]; got.Version != 2 || got.Source != "2018 <!channel>.ICS" || got.ImportedBy != "UAD" {
		t.Errorf("version %d of %q by %s", got.Version, got.Source, got.ImportedBy)
	}
}

// TestDropManyYears lists the days of the years to come, and counts the others.
func TestDropManyYears(t *testing.T) {
	a, _, k := calendarOffice(t)
	k.calendar = CalendarFile{}
	for year := 2007; year <= 2019; year++ {
		y := autumn2018()
		y.Year, y.Days = year, slices.Clone(y.Days)
		for i := range y.Days {
			y.Days[i].Day.Year = year
		}
		k.calendar.Years = append(k.calendar.Years, y)
	}
	r, err := drop(t, a, "UAD", "F2")
	if err != nil {
		t.Fatal(err)
	}
	tables := 0
	for _, p := range r.Reply.Parts {
		if _, ok := p.(Table); ok {
			tables++
		}
	}
	wants(t, "card", drawn(r.Reply), "新增 2007 年", "新增 2019 年", "import.run")
	if tables != yearsListed {
		t.Errorf("%d tables", tables)
	}
}

// TestDropBadCalendar names what is not understood, and offers nothing.
func TestDropBadCalendar(t *testing.T) {
	a, _, k := calendarOffice(t)
	k.calendar = CalendarFile{Faults: []RowFault{
		{Line: 4, Err: reporting.Fail(reporting.Invalid, "err.import.calendar.meaning", "value", "<!here> 春节", "line", 4)},
		{Line: 9, Err: reporting.Fail(reporting.Invalid, "err.import.calendar.both", "value", "国庆节", "day", "2018-10-01", "first", 4)},
	}}
	r, err := drop(t, a, "UAD", "F2")
	if err != nil {
		t.Fatal(err)
	}
	wants(t, "card", drawn(r.Reply), "第 4 行：", "“<!here> 春节”没有写明放假还是上班", "第 9 行：", "2018-10-01 既放假又上班，另一条在第 4 行")
	lacks(t, "card", drawn(r.Reply), "import.run")
}

func TestDropCalendarRefused(t *testing.T) {
	fresh := checkedFile{"F2", calendarKind, contentSum([]byte("BEGIN:VCALENDAR")), filingNow.UnixMilli()}
	tests := []struct {
		name, user string
		button     Button
		change     func(*clerk)
		want       string
	}{
		{"an official", "UJY", Button{}, nil, "err.import.forbidden"},
		{"a reviewer", "URE", Button{}, nil, "err.import.forbidden"},
		{"a stranger", "UXX", Button{}, nil, "err.stranger"},
		{"a year nobody has decided", "UAD", Button{}, func(k *clerk) {
			k.calendar.Years = []reporting.CalendarYear{{Year: 2031, Days: []reporting.Holiday{{Day: reporting.Date{Year: 2031, Month: 5, Day: 1}}}}}
		}, "err.import.calendar.far"},
		{"away", "UAD", Button{}, func(k *clerk) { k.fails = errAway }, "err.database"},
		{"an official presses", "UJY", Button{Action: "import.run", Value: fresh.String()}, nil, "err.import.forbidden"},
		{"changed since the check", "UAD", Button{Action: "import.run", Value: fresh.String()}, func(k *clerk) { k.contents["F2"] = "other" }, "err.import.content"},
		{"faults since the check", "UAD", Button{Action: "import.run", Value: fresh.String()}, func(k *clerk) { k.calendar.Faults = make([]RowFault, 1) }, "err.import.content"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, s, k := calendarOffice(t)
			if tt.change != nil {
				tt.change(k)
			}
			var err error
			if tt.button.Action != "" {
				_, err = pressOn(t, a, tt.user, tt.button)
			} else {
				_, err = drop(t, a, tt.user, "F2")
			}
			var known *reporting.Error
			if !errors.As(err, &known) || known.Key != tt.want {
				t.Errorf("got %v", err)
			}
			if len(s.wall.years) != 0 {
				t.Error("something was imported")
			}
		})
	}
}

// TestCalendarShow lists a year with where it comes from, to everybody.
func TestCalendarShow(t *testing.T) {
	a, s, _ := calendarOffice(t)
	old, now := autumn2018(), autumn2018()
	old.Version, old.ImportedBy, old.ImportedAt = 1, "mouhua", filingNow.AddDate(0, 0, -30).UnixMilli()
	now.Version, now.ImportedBy, now.ImportedAt = 2, "UAD", filingNow.UnixMilli()
	s.wall.years = []reporting.CalendarYear{old, now}
	for name, req := range map[string]Request{
		"calendar_show":    {User: "UJY", Command: "mouhua", Text: "日历", Locale: reporting.ZhCN},
		"calendar_show_en": {User: "ULE", Command: "mouhua", Text: "calendar 2018", Locale: reporting.En},
		"calendar_unknown": {User: "UJY", Command: "mouhua", Text: "行事曆 2019", Locale: reporting.ZhTW},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := a.Command(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name, plainText(r.Reply))
		})
	}
	_, err := a.Command(t.Context(), Request{User: "UJY", Command: "mouhua", Text: "calendar next", Locale: reporting.ZhCN})
	var known *reporting.Error
	if !errors.As(err, &known) || known.Key != "err.calendar.usage" {
		t.Errorf("got %v", err)
	}
}

// TestCalendarMissing tells the office until the calendar is there.
func TestCalendarMissing(t *testing.T) {
	a, s, _ := calendarOffice(t)
	december := time.Date(2018, 12, 3, 9, 0, 0, 0, a.cfg.Location)
	a.cfg.Now = func() time.Time { return december }
	m, ok := reporting.CalendarAlarm(nil, a.cfg.Nudge, december)
	if !ok || !m.Kind.ToOffice() {
		t.Fatal("nothing is owed")
	}
	out, err := a.Compose(t.Context(), m)
	if err != nil || out.Channel != "COFFICE" {
		t.Fatalf("to %s, %v", out.Channel, err)
	}
	golden(t, "calendar_missing", plainText(out.Reply))
	home, err := a.Home(t.Context(), "URE", reporting.ZhCN)
	if err != nil {
		t.Fatal(err)
	}
	wants(t, "App Home of the office", drawn(home), "尚未导入 2019 年放假安排")
	if home, err = a.Home(t.Context(), "UJY", reporting.ZhCN); err != nil {
		t.Fatal(err)
	}
	lacks(t, "App Home of an official", drawn(home), "放假安排")

	var skipped []string
	skip := func() {
		out, err := a.Compose(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		skipped = append(skipped, out.Skip)
	}
	s.bodies.Calendar = reporting.NewCalendar([]reporting.CalendarYear{{Year: 2019, Version: 1}})
	skip()
	a.cfg.OfficeChannel = ""
	skip()
	if diff := cmp.Diff([]string{"imported", "no_office_channel"}, skipped); diff != "" {
		t.Error(diff)
	}
	if home, err = a.Home(t.Context(), "URE", reporting.ZhCN); err != nil {
		t.Fatal(err)
	}
	lacks(t, "App Home once it is there", drawn(home), "放假安排")
	m.Args["year"] = "soon"
	a.cfg.OfficeChannel = "COFFICE"
	if _, err := a.Compose(t.Context(), m); err == nil {
		t.Error("a message without a year was composed")
	}
}
