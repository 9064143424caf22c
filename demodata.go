package main

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/mouhua/mouhua/exchange"
	"github.com/mouhua/mouhua/reporting"
	"github.com/mouhua/mouhua/storage"
)

// The demo's data are made up: illustrative quotas and sample projects of 2018.
//
//go:embed demo/*.csv
var demoFiles embed.FS

const (
	demoYear  = 2018
	demoActor = "mouhua demo"
)

// seed fills the database with the demo's data, moved to the year of now,
// unless that year's are there.
func seed(ctx context.Context, db *storage.DB, now time.Time) error {
	today := reporting.DateOf(now)
	there, err := db.Standings(ctx, today.Year, today)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(there, func(s reporting.Standing) bool { return s.HasQuota }) {
		return nil
	}
	bodies, err := demoBodyRows()
	if err != nil {
		return err
	}
	quotas, err := demoRows("quotas", exchange.Quotas)
	if err != nil {
		return err
	}
	people, err := demoRows("people", exchange.People)
	if err != nil {
		return err
	}
	projects, err := demoRows("projects", exchange.Projects)
	if err != nil {
		return err
	}
	for i := range quotas {
		quotas[i].Year += today.Year - demoYear
		quotas[i].EffectiveFrom = inYear(quotas[i].EffectiveFrom, today.Year)
	}
	for i := range projects {
		projects[i] = moved(projects[i], today)
		projects[i].FiledBy = officialOf(people, projects[i].ReporterBody)
	}
	if _, err := db.ImportBodies(ctx, bodies, demoActor, false); err != nil {
		return fmt.Errorf("import bodies: %w", err)
	}
	if _, err := db.ImportQuotas(ctx, quotas, demoActor, false); err != nil {
		return fmt.Errorf("import quotas: %w", err)
	}
	if _, err := db.ImportPeople(ctx, people, demoActor, false); err != nil {
		return fmt.Errorf("import people: %w", err)
	}
	if _, err := db.ImportProjects(ctx, projects, demoActor, false); err != nil {
		return fmt.Errorf("import projects: %w", err)
	}
	return postCards(ctx, db, projects, now)
}

// postCards lays the card of every waiting project before the office, as if it
// had been submitted in chat.
func postCards(ctx context.Context, db *storage.DB, projects []reporting.Project, now time.Time) error {
	for _, p := range projects {
		if p.Status != reporting.Submitted {
			continue
		}
		there, err := db.Project(ctx, p.ID)
		if err != nil {
			return err
		}
		card := reporting.Message{
			Key: reporting.ReviewCardKey(p.ID, there.Version), Kind: reporting.ReviewCard, BodyID: p.ReporterBody, DueAt: now.UnixMilli(),
			Args: map[string]string{"project": p.ID, "version": fmt.Sprint(there.Version)},
		}
		if _, err := db.PlanMessages(ctx, []reporting.Message{card}, nil); err != nil {
			return err
		}
	}
	return nil
}

// demoBodyRows returns the demo's bodies with their channels.
func demoBodyRows() ([]reporting.Body, error) {
	bodies, err := demoRows("bodies", exchange.Bodies)
	for i := range bodies {
		bodies[i].ChannelID = demoChannel(bodies[i].ID)
	}
	return bodies, err
}

func demoRows[T any](kind string, read func(io.Reader) (exchange.Table[T], error)) ([]T, error) {
	file, err := demoFiles.ReadFile("demo/" + kind + ".csv")
	if err != nil {
		return nil, err
	}
	table, err := read(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("read demo %s: %w", kind, err)
	}
	return table.Rows, nil
}

// moved returns a sample project as it would be in the year of today, with
// what the files do not hold. Nothing was verified before it happened.
func moved(p reporting.Project, today reporting.Date) reporting.Project {
	years := today.Year - demoYear
	p.ID = strings.Replace(p.ID, fmt.Sprint(p.PlanYear), fmt.Sprint(p.PlanYear+years), 1)
	p.PlanYear += years
	p.Start.Year += years
	p.Finish.Year += years
	if !p.VerifiedOn.IsZero() {
		p.VerifiedOn = passed(spread(inYear(p.VerifiedOn, p.VerifiedOn.Year+years), today), today)
		p.SubmittedOn, p.StageSince = p.VerifiedOn, p.VerifiedOn
	}
	p.Nature, p.Evidence = reporting.Natures[0], "示例佐证材料"
	p.Milestone = map[reporting.Stage]string{
		reporting.S1: "packaging", reporting.S2: "signed", reporting.S3: "building", reporting.S4: "capacity",
	}[p.Stage]
	firstDay := reporting.Date{Year: p.PlanYear, Month: time.January, Day: 1}
	switch p.Status {
	case reporting.Submitted:
		p.SubmittedOn = later(today.AddDays(-2), firstDay)
	case reporting.Returned:
		p.SubmittedOn, p.ReturnedOn = later(today.AddDays(-6), firstDay), later(today.AddDays(-3), firstDay)
		// The samples write the reason before the scope.
		if marks := strings.Split(p.Content, "："); len(marks) > 2 {
			p.ReturnReason = marks[1]
		}
	}
	return p
}

// inYear returns the same day of another year.
func inYear(d reporting.Date, year int) reporting.Date {
	return reporting.Date{Year: year, Month: d.Month}.AddDays(d.Day)
}

// spread moves a day of today's January as far into the year as it is into the
// month, so that the samples came in all the year until today.
func spread(d, today reporting.Date) reporting.Date {
	if d.Year != today.Year || d.Month != time.January {
		return d
	}
	return reporting.Date{Year: d.Year, Month: time.January, Day: 1}.AddDays((d.Day - 1) * (today.YearDay() - 1) / 31)
}

// passed returns d, or yesterday when d is not over, within its year.
func passed(d, today reporting.Date) reporting.Date {
	if d.Before(today) {
		return d
	}
	return later(today.AddDays(-1), reporting.Date{Year: d.Year, Month: time.January, Day: 1})
}

func later(a, b reporting.Date) reporting.Date {
	if a.Before(b) {
		return b
	}
	return a
}
