package exchange

import (
	"fmt"
	"io"
	"time"

	ics "github.com/arran4/golang-ical"

	"github.com/mouhua/mouhua/reporting"
)

// WriteCalendar writes a year's days off and make-up working days as an
// iCalendar file that Calendar reads back without a change. Errors: what
// writing to w gave.
func WriteCalendar(w io.Writer, y reporting.CalendarYear) error {
	cal := ics.NewCalendarFor("Mouhua")
	cal.SetMethod(ics.MethodPublish)
	cal.SetXWRCalName(fmt.Sprintf("%d年节假日安排", y.Year))
	cal.SetXWRCalDesc(y.Source)
	for _, s := range reporting.Spans(y.Days) {
		mark, special, transp := "（休）", "WORK-HOLIDAY", ics.TransparencyTransparent
		if s.Working {
			mark, special, transp = "（班）", "ALTERNATE-WORKDAY", ics.TransparencyOpaque
		}
		e := cal.AddEvent(s.From.String() + "-" + special + "@mouhua")
		e.SetDtStampTime(time.UnixMilli(y.ImportedAt))
		e.SetAllDayStartAt(s.From.In(time.UTC))
		e.SetAllDayEndAt(s.To.AddDays(1).In(time.UTC))
		e.SetSummary(s.Name + mark)
		e.SetTimeTransparency(transp)
		e.SetProperty(specialDay, special)
	}
	return cal.SerializeTo(w)
}
