package storage

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// importCalendar imports the days off of a year, which are given by month and day.
func importCalendar(db *DB, t *testing.T, once, by string, year int, days ...reporting.Date) (reporting.CalendarImport, error) {
	t.Helper()
	file := reporting.CalendarYear{Year: year, Source: "国办发明电"}
	for _, d := range days {
		file.Days = append(file.Days, reporting.Holiday{Day: reporting.Date{Year: year, Month: d.Month, Day: d.Day}, Working: d.Day > 20, Name: "假日"})
	}
	return db.ImportCalendar(t.Context(), once, func(known []reporting.CalendarYear, at int64) (reporting.CalendarImport, []reporting.Event, error) {
		plan, events := reporting.PlanCalendar([]reporting.CalendarYear{file}, known, by, at)
		return plan, events, nil
	})
}

// testCalendars writes a version for each import that changes something, has
// the directory know it at once, and writes nothing else.
func testCalendars(t *testing.T, at string) {
	db, _ := seeded(t, at)
	before, err := db.Bodies(t.Context())
	check(t, err)
	may, june, sunday := reporting.Date{Month: time.May, Day: 1}, reporting.Date{Month: time.June, Day: 18}, reporting.Date{Month: time.April, Day: 28}
	_, err = importCalendar(db, t, "d1", "U1", 2018, may)
	check(t, err)
	again, err := importCalendar(db, t, "d2", "U2", 2018, may)
	check(t, err)
	same(t, "nothing new", again, reporting.CalendarImport{Same: []int{2018}})
	_, err = importCalendar(db, t, "d3", "U2", 2018, sunday, june)
	check(t, err)
	if _, err := importCalendar(db, t, "d3", "U2", 2018, may); !errors.Is(err, reporting.ErrRepeated) {
		t.Errorf("delivered again: %v", err)
	}
	years, err := db.Calendars(t.Context())
	check(t, err)
	day := func(d reporting.Date) reporting.Date { d.Year = 2018; return d }
	same(t, "versions", years, []reporting.CalendarYear{
		{Year: 2018, Version: 1, Source: "国办发明电", ImportedBy: "U1", ImportedAt: db.now(), Days: []reporting.Holiday{{Day: day(may), Name: "假日"}}},
		{Year: 2018, Version: 2, Source: "国办发明电", ImportedBy: "U2", ImportedAt: db.now(), Days: []reporting.Holiday{{Day: day(sunday), Working: true, Name: "假日"}, {Day: day(june), Name: "假日"}}},
	})
	list, err := db.Bodies(t.Context())
	check(t, err)
	if list.Revision == before.Revision || !list.Calendar.Covers(2018) || list.Calendar.Working(day(june)) || !list.Calendar.Working(day(sunday)) || !list.Calendar.Working(day(may)) {
		t.Error("the directory does not know the newest version")
	}
	refused := reporting.Fail(reporting.Invalid, "err.import.calendar.far")
	if _, err := db.ImportCalendar(t.Context(), "d4", func([]reporting.CalendarYear, int64) (reporting.CalendarImport, []reporting.Event, error) {
		return reporting.CalendarImport{}, nil, refused
	}); !errors.Is(err, refused) {
		t.Errorf("the decision came back as %v", err)
	}
}

// testCalendarsAtOnce has several import at once: the versions follow one another.
func testCalendarsAtOnce(t *testing.T, at string) {
	db, _ := seeded(t, at)
	var group sync.WaitGroup
	for n := range 4 {
		group.Go(func() {
			if _, err := importCalendar(db, t, "", "U1", 2018, reporting.Date{Month: time.May, Day: n + 1}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	years, err := db.Calendars(t.Context())
	check(t, err)
	var versions []int
	for _, y := range years {
		versions = append(versions, y.Version)
	}
	if !slices.Equal(versions, []int{1, 2, 3, 4}) {
		t.Errorf("versions %v", versions)
	}
}
