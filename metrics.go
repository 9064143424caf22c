package main

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics counts what Mouhua does; docs/operations.md says what to watch.
type metrics struct {
	registry       *prometheus.Registry
	commands       *prometheus.CounterVec
	commandSeconds *prometheus.HistogramVec
	calls          *prometheus.CounterVec
	callSeconds    *prometheus.HistogramVec
	outboxMetrics
}

// newMetrics returns metrics; outbox is asked for its messages by state at
// every scrape.
func newMetrics(outbox func(context.Context) (map[string]int, error)) *metrics {
	handled, called := []string{"command", "outcome"}, []string{"method", "outcome"}
	seconds := []float64{.002, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}
	m := &metrics{
		registry: prometheus.NewRegistry(),
		commands: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "mouhua_commands_total", Help: "What people asked for, by command and outcome."}, handled),
		commandSeconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "mouhua_command_seconds", Help: "How long it took to decide the answer.", Buckets: seconds}, handled),
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "mouhua_slack_calls_total", Help: "Calls of Slack's Web API, by method and outcome."}, called),
		callSeconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "mouhua_slack_call_seconds", Help: "How long Slack took to answer.", Buckets: seconds}, called),
	}
	m.outboxMetrics = newOutboxMetrics(m.registry)
	m.registry.MustRegister(m.commands, m.commandSeconds, m.calls, m.callSeconds, outboxGauge(outbox),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Handled counts an answer of ours.
func (m *metrics) Handled(kind, name, outcome string, took time.Duration) {
	if kind != "command" {
		name = kind + " " + name
	}
	m.commands.WithLabelValues(name, outcome).Inc()
	m.commandSeconds.WithLabelValues(name, outcome).Observe(took.Seconds())
}

// Called counts a call of Slack's Web API.
func (m *metrics) Called(method, outcome string, took time.Duration) {
	m.calls.WithLabelValues(method, outcome).Inc()
	m.callSeconds.WithLabelValues(method, outcome).Observe(took.Seconds())
}

// handler serves /metrics. What cannot be read is left out, the rest is told.
func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError})
}

// outboxGauge reads the outbox when it is scraped, so that every replica tells
// the same.
type outboxGauge func(context.Context) (map[string]int, error)

var outboxMessages = prometheus.NewDesc("mouhua_outbox_messages", "Messages in the outbox, by state.", []string{"state"}, nil)

// Describe names the gauge.
func (g outboxGauge) Describe(ch chan<- *prometheus.Desc) { ch <- outboxMessages }

// Collect reads the gauge.
func (g outboxGauge) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	counts, err := g(ctx)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(outboxMessages, err)
		return
	}
	for _, state := range []string{"pending", "sent", "skipped", "dead", "failed"} {
		ch <- prometheus.MustNewConstMetric(outboxMessages, prometheus.GaugeValue, float64(counts[state]), state)
	}
}
