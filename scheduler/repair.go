package scheduler

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

const (
	probeEvery = 5 * time.Minute
	probed     = 5 // channels each time
)

// Resume has what was held up for a channel sent, when Slack says that it can
// be reached again: its body is deliverable, this week's nudge that ended there
// goes out while its week lasts, and the office is told. It does nothing for
// other channels.
func (s *Scheduler) Resume(ctx context.Context, channel string) error {
	dead, err := s.store.DeadChannels(ctx)
	if err != nil {
		return fmt.Errorf("read dead channels: %w", err)
	}
	if !slices.Contains(dead, channel) {
		return nil
	}
	return s.resume(ctx, channel)
}

func (s *Scheduler) resume(ctx context.Context, channel string) error {
	if s.cfg.Reachable != nil {
		if ok, err := s.cfg.Reachable(ctx, channel); err != nil || !ok {
			return err
		}
	}
	list, err := s.store.Bodies(ctx)
	if err != nil {
		return fmt.Errorf("list bodies: %w", err)
	}
	r := reporting.Repair{Channel: channel}
	now, asked := s.cfg.Now(), s.cfg.Asked()
	if i := slices.IndexFunc(list.All, func(b reporting.Body) bool { return b.ChannelID == channel }); i >= 0 {
		b := list.All[i]
		week, _ := list.Rule(s.cfg.Rule, b.ID).Current(asked)
		r.BodyID, r.NudgeKey = b.ID, reporting.NudgeKey(b.ID, week)
		r.Tell = reporting.Message{
			Key:  "repaired/" + b.ID + "/" + strconv.FormatInt(b.UndeliverableSince, 10),
			Kind: reporting.Repaired, BodyID: b.ID, DueAt: min(now.UnixMilli(), asked.UnixMilli()),
			Args: map[string]string{"channel": channel, "since": strconv.FormatInt(b.UndeliverableSince, 10), "week": week.String()},
		}
	}
	repaired, err := s.store.Repair(ctx, r)
	if err != nil {
		return fmt.Errorf("repair %s: %w", channel, err)
	}
	s.cfg.Log.Info("channel can be reached again", "channel", channel, "body", r.BodyID, "deliverable", repaired)
	s.Wake()
	return nil
}

// probe asks Slack about a few of the dead channels, others each time: the
// event that one is repaired may have been lost.
func (s *Scheduler) probe(ctx context.Context) {
	defer s.recovered("probe")
	if s.Refused() != "" {
		return
	}
	dead, err := s.store.DeadChannels(ctx)
	if err != nil || len(dead) == 0 {
		return
	}
	from := s.probeFrom % len(dead)
	s.probeFrom = from + probed
	for i := range min(probed, len(dead)) {
		channel := dead[(from+i)%len(dead)]
		if err := s.resume(ctx, channel); err != nil && ctx.Err() == nil {
			s.cfg.Log.Warn("dead channel not probed", "channel", channel, "error", err)
		}
	}
}
