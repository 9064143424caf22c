// Command bench measures what Mouhua costs: a signed /quota over HTTP mode
// against PostgreSQL, beside a floor program that does the least, in one run.
// It prints throughput, 99th percentile and memory of both, and their ratios;
// below them what single answers take: lists, App Home, approving, submitting.
// Before all that, sentences, and the outbox: planning, delivering with one
// replica and two, and what an idle replica takes.
//
// load.go sends, seed.go fills the database, server.go starts what is
// measured, floor/ is the floor, answers.go asks the use cases directly,
// sentences.go asks in words, deliver.go has the outbox, idle.go what waits.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"time"
)

// options are the flags.
type options struct {
	postgres string
	sizes    []int
	seconds  int
	rounds   int
	rate     int
	conns    int
	name     string
	keep     bool
	alone    bool
	channels int
	answer   time.Duration
	workers  int
	outbox   bool
	asked    bool
}

func main() {
	var o options
	var sizes string
	flag.StringVar(&o.postgres, "postgres", os.Getenv("TEST_POSTGRES_URL"), "server in which databases mouhua_bench_N are made")
	flag.StringVar(&sizes, "sizes", "10000,100000,1000000", "projects, one database each")
	flag.IntVar(&o.seconds, "seconds", 5, "length of each run")
	flag.IntVar(&o.rounds, "rounds", 3, "rounds; each runs floor and bot by turns, medians are printed")
	flag.IntVar(&o.rate, "rate", 1000, "requests a second of the open loop")
	flag.IntVar(&o.conns, "conns", 32, "connections")
	flag.StringVar(&o.name, "name", "mouhua_bench", "what the names of the databases begin with")
	flag.BoolVar(&o.keep, "keep", false, "measure databases that are there as they are")
	flag.BoolVar(&o.alone, "answers", false, "measure single answers only")
	flag.IntVar(&o.channels, "channels", 10000, "channels of the outbox's part, 0 = leave it out")
	flag.DurationVar(&o.answer, "answer", 75*time.Millisecond, "how long the slower of the two Slacks takes to answer a post; the other answers at once")
	flag.IntVar(&o.workers, "workers", 64, "posts under way at the same time, in each replica")
	flag.BoolVar(&o.outbox, "outbox", false, "measure the outbox only")
	flag.BoolVar(&o.asked, "questions", false, "measure answers to sentences only")
	flag.Parse()
	for _, s := range strings.Split(sizes, ",") {
		n, err := strconv.Atoi(s)
		if err != nil {
			fmt.Fprintln(os.Stderr, "bench: -sizes takes numbers:", err)
			os.Exit(2)
		}
		o.sizes = append(o.sizes, n)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// figures are the medians of one program at one size.
type figures struct {
	throughput, p99 []float64 // requests a second; milliseconds at the open loop's rate
	memory          int64     // MiB, highest seen under load
}

func run(ctx context.Context, o options) error {
	b, err := buildPrograms(ctx)
	if err != nil {
		return err
	}
	defer b.remove()
	if !o.outbox && !o.alone {
		if err := b.sentences(ctx, o); err != nil {
			return fmt.Errorf("questions: %w", err)
		}
	}
	if o.asked {
		return nil
	}
	if o.channels > 0 {
		if err := deliveries(ctx, b, o); err != nil {
			return fmt.Errorf("outbox: %w", err)
		}
	}
	if o.outbox {
		return nil
	}
	start, err := b.coldStart(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("cold start to ready, SQLite: %.0f ms (median of 5)\nbinary: %.1f MB, no cgo\n", start.Seconds()*1000, b.sizeMB())
	if err := importSQLite(ctx, b.dir); err != nil {
		return err
	}
	first := map[string]float64{}
	for _, n := range o.sizes {
		fmt.Printf("\n%d projects: seeding …", n)
		began := time.Now()
		dsn, err := seed(ctx, o, n)
		if err != nil {
			return err
		}
		fmt.Printf(" %.0f s\n", time.Since(began).Seconds())
		if o.alone {
			if err := answers(ctx, dsn); err != nil {
				return err
			}
			continue
		}
		got, err := b.measure(ctx, o, dsn)
		if err != nil {
			return err
		}
		print(o, got)
		if err := answers(ctx, dsn); err != nil {
			return err
		}
		bot := median(got["bot"].throughput)
		if before, ok := first["bot"]; ok {
			fmt.Printf("bot against the first size: throughput ×%.2f\n", bot/before)
		} else {
			first["bot"] = bot
		}
	}
	return nil
}

func print(o options, got map[string]*figures) {
	floor, bot := got["floor"], got["bot"]
	fmt.Printf("%-34s %10s %10s %8s\n", "", "floor", "bot", "ratio")
	row := func(name, format string, f, b float64) {
		fmt.Printf("%-34s %10s %10s %8.2f\n", name, fmt.Sprintf(format, f), fmt.Sprintf(format, b), b/f)
	}
	row(fmt.Sprintf("closed loop, %d connections, req/s", o.conns), "%.0f", median(floor.throughput), median(bot.throughput))
	row(fmt.Sprintf("p99 at %d req/s, ms", o.rate), "%.2f", median(floor.p99), median(bot.p99))
	row("resident memory under load, MiB", "%.0f", float64(floor.memory), float64(bot.memory))
	fmt.Printf("noise (highest/lowest of %d rounds): floor ×%.2f, bot ×%.2f\n", o.rounds, spread(floor.throughput), spread(bot.throughput))
}

func median(v []float64) float64 {
	s := slices.Sorted(slices.Values(v))
	return s[len(s)/2]
}

func spread(v []float64) float64 { return slices.Max(v) / slices.Min(v) }
