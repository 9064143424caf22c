package main

import (
	"context"
	"math"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/mouhua/mouhua/reporting"
)

// outboxMetrics count what becomes of messages.
type outboxMetrics struct {
	due, sent, repeated, failed *prometheus.CounterVec
	late                        prometheus.Histogram
}

func newOutboxMetrics(to prometheus.Registerer) outboxMetrics {
	kind := []string{"kind"}
	m := outboxMetrics{
		due: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "mouhua_messages_due_total", Help: "Messages that were taken up for the first time, by kind."}, kind),
		sent: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "mouhua_messages_sent_total", Help: "Messages that are in Slack, by kind."}, kind),
		repeated: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "mouhua_messages_repeated_total", Help: "Messages that needed more than one try: found in the channel's history, or retried."}, []string{"how"}),
		failed: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "mouhua_messages_failed_total", Help: "Tries that failed, by class."}, []string{"class"}),
		late: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "mouhua_message_lateness_seconds", Help: "How long after it was due a message was sent.",
			Buckets: []float64{1, 5, 15, 60, 300, 900, 3600, 6 * 3600, 24 * 3600, 7 * 24 * 3600}}),
	}
	to.MustRegister(m.due, m.sent, m.repeated, m.failed, m.late)
	// What has not happened is there, too: an alert on it must not wait for the first.
	for _, c := range []reporting.FailureClass{reporting.DestinationDead, reporting.InstallDead, reporting.RateLimited, reporting.Temporary, reporting.Unknown, reporting.OurBug} {
		m.failed.WithLabelValues(string(c))
	}
	for _, how := range []string{"found", "retried"} {
		m.repeated.WithLabelValues(how)
	}
	return m
}

// Delivered counts what became of one try at a time on the clock that plans.
func (m outboxMetrics) Delivered(msg reporting.Message, r reporting.Receipt, at time.Time) {
	if r.Untried {
		return
	}
	kind := string(msg.Kind)
	if msg.Attempts == 1 {
		m.due.WithLabelValues(kind).Inc()
	}
	if r.Class != reporting.NoFailure {
		m.failed.WithLabelValues(string(r.Class)).Inc()
	}
	if r.Outcome != reporting.Sent {
		return
	}
	m.sent.WithLabelValues(kind).Inc()
	switch {
	case r.Found:
		m.repeated.WithLabelValues("found").Inc()
	case msg.Attempts > 1:
		m.repeated.WithLabelValues("retried").Inc()
	}
	// Lines of progress are due before all else.
	if msg.DueAt > 0 && msg.Kind != reporting.RunProgress {
		m.late.Observe(max(at.Sub(time.UnixMilli(msg.DueAt)).Seconds(), 0))
	}
}

// watchOutbox tells how long the oldest message has been due, and whether Slack
// refuses the bot, when metrics are scraped.
func (m *metrics) watchOutbox(load func(ctx context.Context, due, now int64) (reporting.DueLoad, error), refused func() string, now func() time.Time) {
	m.registry.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "mouhua_outbox_oldest_due_seconds", Help: "How long the message that has waited longest has been due; 0 = none waits, NaN = not known."}, func() float64 {
			ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
			defer cancel()
			at := now()
			l, err := load(ctx, at.UnixMilli(), math.MaxInt64)
			switch {
			case err != nil:
				return math.NaN()
			case l.Oldest == 0:
				return 0
			}
			return max(at.Sub(time.UnixMilli(l.Oldest)).Seconds(), 0)
		}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "mouhua_slack_refused", Help: "1 while Slack refuses the bot and nothing is posted."}, func() float64 {
			if refused() != "" {
				return 1
			}
			return 0
		}))
}
