package scheduler

import (
	"context"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// calendarAlarm plans what tells the office that a year's holidays are not
// known. It is asked four times an hour, which is soon enough on the day of an alarm.
func (s *Scheduler) calendarAlarm(_ context.Context, list *reporting.BodyList, now time.Time) ([]reporting.Message, time.Time, error) {
	next := now.Truncate(alarmEvery).Add(alarmEvery)
	if m, ok := reporting.CalendarAlarm(list.Calendar, s.cfg.Rule, now); ok {
		return []reporting.Message{m}, next, nil
	}
	return nil, next, nil
}

// alarmEvery is a part of every hour of every time zone.
const alarmEvery = 15 * time.Minute
