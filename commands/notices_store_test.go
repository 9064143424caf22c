package commands

import (
	"context"
	"slices"

	"github.com/mouhua/mouhua/reporting"
)

// noticeBoard is what is known of notices beside the nudges.
type noticeBoard struct {
	receipts map[string]reporting.Delivery
	owed     map[reporting.DeadlineKind]map[string]int
	came     map[reporting.Date]reporting.CityChange // by first day
	waited   reporting.RateWaits
}

func (b *noticeBoard) Deliveries(_ context.Context, keys []string) (map[string]reporting.Delivery, error) {
	out := map[string]reporting.Delivery{}
	for _, k := range keys {
		if d, ok := b.receipts[k]; ok {
			out[k] = d
		}
	}
	return out, nil
}

func (d *diary) SeenIn(_ context.Context, w reporting.Week) ([]reporting.Seen, error) {
	return slices.DeleteFunc(slices.Clone(d.saw), func(s reporting.Seen) bool { return s.Week != w }), nil
}

func (b *noticeBoard) DeadlineCounts(_ context.Context, d reporting.Deadline, _ string, _ reporting.Date, _ int64) (map[string]int, error) {
	return b.owed[d.Kind], nil
}

func (b *noticeBoard) CityChange(_ context.Context, _ int, from, _ reporting.Date) (reporting.CityChange, error) {
	return b.came[from], nil
}

func (d *diary) NudgeWeeks(_ context.Context, from reporting.Week) ([]reporting.NudgeWeek, error) {
	var out []reporting.NudgeWeek
	for _, body := range sortedKeys(d.weeks) {
		for _, w := range d.weeks[body] {
			if w.Week.String() >= from.String() {
				out = append(out, w)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b reporting.NudgeWeek) int { return -cmpWeek(a.Week, b.Week) })
	return out, nil
}

func cmpWeek(a, b reporting.Week) int {
	switch {
	case a.String() < b.String():
		return -1
	case a.String() > b.String():
		return 1
	}
	return 0
}

func (b *noticeBoard) RateWaits(context.Context, int64, int64) (reporting.RateWaits, error) {
	return b.waited, nil
}
