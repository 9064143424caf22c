package scheduler

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

const (
	// The digest waits this much longer for nudges that are not settled.
	digestPatience = 30 * time.Minute
	// The delivery report waits no longer for them.
	reportPatience = 60 * time.Minute
)

// weekly plans what sums up the week once its nudges are settled: the leaders'
// digest and the office's delivery report, which is edited as more comes in
// until the next week's.
func (s *Scheduler) weekly(ctx context.Context, list *reporting.BodyList, now time.Time) ([]reporting.Message, time.Time, error) {
	if s.cfg.LeadersChannel == "" && s.cfg.OfficeChannel == "" {
		return nil, now.Add(never), nil
	}
	city := s.cfg.Rule
	city.Calendar = list.Calendar
	week, at := city.Current(now)
	digest, report := reporting.DigestKey(week), reporting.DeliveryReportKey(week)
	there, err := s.store.Deliveries(ctx, []string{digest, report})
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("look up the week's notices: %w", err)
	}
	told, reported := there[report]
	_, digested := there[digest]
	digested = digested || s.cfg.LeadersChannel == ""
	missed := reported && told.Args["settled"] == "0"
	var out []reporting.Message
	if !digested || !reported && s.cfg.OfficeChannel != "" || missed {
		fates, start, err := s.fates(ctx, list, week, at, now)
		if err != nil {
			return nil, time.Time{}, err
		}
		settled, begun := reporting.NudgesSettled(fates)
		if !digested && begun && !now.Before(at.Add(s.cfg.DigestAfter)) && (settled || !now.Before(start.Add(s.cfg.DigestAfter+digestPatience))) {
			out = append(out, weekMessage(reporting.DigestMessage, digest, s.cfg.LeadersChannel, week, now))
		}
		if !reported && s.cfg.OfficeChannel != "" && begun && (settled || !now.Before(start.Add(reportPatience))) {
			m := weekMessage(reporting.DeliveryReport, report, s.cfg.OfficeChannel, week, now)
			m.Args["settled"] = map[bool]string{true: "1", false: "0"}[settled]
			out = append(out, m)
		}
		if missed && settled {
			out = append(out, s.reportEdit(report, "settled", week, now.UnixMilli()))
		}
	}
	if !reported {
		return out, time.Time{}, nil
	}
	news, err := s.store.WeekNews(ctx, week)
	if err != nil {
		return out, time.Time{}, fmt.Errorf("look for news of the week: %w", err)
	}
	if last := max(news.Posted, news.Said); last > told.DueAt {
		minute := last/time.Minute.Milliseconds() + 1
		out = append(out, s.reportEdit(report, strconv.FormatInt(minute, 10), week, minute*time.Minute.Milliseconds()))
	}
	return out, time.Time{}, nil
}

// fates returns what became of the week's nudges, and since when they have been
// on their way: later than at when nobody was there to send them.
func (s *Scheduler) fates(ctx context.Context, list *reporting.BodyList, week reporting.Week, at, now time.Time) ([]reporting.Fated, time.Time, error) {
	var keys []string
	for _, b := range list.All {
		if b.ChannelID != "" {
			keys = append(keys, reporting.NudgeKey(b.ID, week))
		}
	}
	sent, err := s.store.Deliveries(ctx, keys)
	if err != nil {
		return nil, at, fmt.Errorf("read what became of the nudges: %w", err)
	}
	var first int64
	for _, d := range sent {
		if d.TriedAt > 0 && (first == 0 || d.TriedAt < first) {
			first = d.TriedAt
		}
	}
	if start := time.UnixMilli(first); start.After(at) {
		at = start
	}
	return reporting.Fates(list, s.cfg.Rule, week, sent, now), at, nil
}

func weekMessage(kind reporting.MessageKind, key, to string, week reporting.Week, now time.Time) reporting.Message {
	return reporting.Message{Key: key, Kind: kind, To: to, DueAt: now.UnixMilli(), Args: map[string]string{"week": week.String()}}
}

// reportEdit brings a delivery report up to date.
func (s *Scheduler) reportEdit(report, what string, week reporting.Week, due int64) reporting.Message {
	return reporting.Message{
		Key: report + "/edit/" + what, Kind: reporting.DeliveryReport, To: s.cfg.OfficeChannel, EditOf: report, DueAt: due,
		Args: map[string]string{"week": week.String()},
	}
}
