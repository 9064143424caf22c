package scheduler

import (
	"context"
	"strconv"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

const (
	longRun   = 30 * time.Second // from here on the office is told how far it is
	lineEvery = 10 * time.Second
	lineOver  = 15 * time.Minute // a line that nobody has gone on with for so long has ended with its process
)

// line is the message in the office's channel that tells how far a long run
// is. Several replicas go on with one.
type line struct {
	reporting.Run
	told int64 // number of the last edit
}

// begin says how long a run will take, once, and opens its line when that is
// long. got is how much was claimed first: one message alone says it itself.
func (r *round) begin(got int) {
	s := r.s
	if r.began {
		return
	}
	r.began = true
	known := r.takeLine()
	if got == 1 && known {
		return
	}
	load, err := s.store.DueLoad(r.ctx, s.cfg.Asked().UnixMilli(), s.cfg.Now().UnixMilli())
	if err != nil {
		s.cfg.Log.Warn("length of a delivery run not known", "error", err)
		return
	}
	takes, busiest := load.Takes(s.cfg.PerSecond, s.cfg.PerChannel, channelBurst)
	bound := "workspace"
	if busiest {
		bound = "channel"
	}
	s.cfg.Log.Info("delivery run began", "messages", load.Messages, "expected", takes.Round(time.Second).String(), "bound", bound)
	if r.line != nil || known && takes <= longRun {
		return
	}
	if r.line, err = s.openLine(r.ctx, load.Messages, takes); err != nil {
		s.cfg.Log.Warn("office not told of a long delivery", "error", err)
	}
}

// takeLine takes up the line that a pause of this process left open. It reports
// whether it is known whether there is one: a process that begins may follow one
// that was killed.
func (r *round) takeLine() (known bool) {
	s := r.s
	s.mu.Lock()
	defer s.mu.Unlock()
	r.line, s.line = s.line, nil
	known, s.lineKnown = s.lineKnown, true
	return known
}

// putBack keeps the line for the next run when this one did not end it.
func (r *round) putBack() {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	if r.line != nil {
		r.s.line = r.line
	}
}

// openLine goes on with the line of another replica, or of one that was killed,
// or begins one for a long run; nil for a short one.
func (s *Scheduler) openLine(ctx context.Context, messages int, takes time.Duration) (*line, error) {
	now := s.cfg.Now()
	last, err := s.store.LastDeliveries(ctx, reporting.RunProgress, "", 1)
	if err != nil {
		return nil, err
	}
	if len(last) > 0 {
		l := &line{Run: reporting.RunOf(last[0].Message)}
		if !l.Ended && now.Sub(time.UnixMilli(l.At)).Abs() < lineOver {
			l.told = l.number(now)
			return l, nil
		}
	}
	if takes <= longRun {
		return nil, nil
	}
	l := &line{Run: reporting.Run{
		Key:   "run/" + s.cfg.Asked().In(s.cfg.Rule.Location).Format("2006-01-02T15:04"),
		Began: now.UnixMilli(), At: now.UnixMilli(), Total: messages, Left: takes,
	}}
	_, err = s.store.PlanMessages(ctx, []reporting.Message{l.Message("")}, nil)
	return l, err
}

// number counts the edits that the line may have had.
func (l *line) number(now time.Time) int64 {
	return now.Sub(time.UnixMilli(l.Began)).Milliseconds() / lineEvery.Milliseconds()
}

// tell brings the line up to date, every ten seconds.
func (r *round) tell() {
	if r.line == nil {
		return
	}
	n := r.line.number(r.s.cfg.Now())
	if n <= r.line.told || r.ctx.Err() != nil {
		return
	}
	r.line.told = n
	// Of several replicas the first one's edit of these ten seconds is taken.
	if err := r.update(strconv.FormatInt(n, 10)); err != nil {
		r.s.cfg.Log.Warn("office not told of a long delivery", "error", err)
	}
}

// end gives the line its last state and reports whether there is one to be
// delivered: not while other replicas still deliver.
func (r *round) end() bool {
	if r.line == nil {
		return false
	}
	if err := r.update("end"); err != nil {
		r.s.cfg.Log.Warn("office not told of the end of a long delivery", "error", err)
		return false
	}
	ended := r.line.Ended
	if ended {
		r.line = nil
	}
	return ended
}

// update plans an edit of the line with the figures of now. An end that is none
// yet is not planned.
func (r *round) update(name string) error {
	s, now := r.s, r.s.cfg.Now()
	due := s.cfg.Asked().UnixMilli()
	load, err := s.store.DueLoad(r.ctx, due, now.UnixMilli())
	if err != nil {
		return err
	}
	l := r.line
	l.Total, l.At = max(l.Total, load.Messages), now.UnixMilli()
	l.Done, l.Ended = l.Total-load.Messages, load.Messages == 0
	l.Left, _ = load.Takes(s.cfg.PerSecond, s.cfg.PerChannel, channelBurst)
	if took := now.Sub(time.UnixMilli(l.Began)); l.Done > 0 {
		// What was seen says more than the pace: others may help, or Slack be slow.
		l.Left = took / time.Duration(l.Done) * time.Duration(load.Messages)
	}
	if l.Ended != (name == "end") {
		return nil
	}
	_, err = s.store.PlanMessages(r.ctx, []reporting.Message{l.Message(name)}, nil)
	return err
}
