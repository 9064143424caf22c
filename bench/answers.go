package main

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/reporting"
	"github.com/mouhua/mouhua/storage"
)

// answers measures single answers of the use cases on a database, without the
// transport: what somebody waits for who asks alone.
func answers(ctx context.Context, dsn string) error {
	store, err := storage.Open(ctx, dsn, storage.Config{})
	if err != nil {
		return err
	}
	defer store.Close()
	app, err := newApp(store)
	if err != nil {
		return err
	}
	wait, err := store.ListProjects(ctx, reporting.ProjectFilter{Status: []reporting.Status{reporting.Submitted}, Limit: rounds})
	if err != nil {
		return err
	}
	if len(wait.Projects) < rounds {
		return fmt.Errorf("%d projects wait, %d are to be approved", len(wait.Projects), rounds)
	}
	say, reading := readings(ctx, app)
	fmt.Printf("%-46s %10s %10s\n", fmt.Sprintf("one at a time, %d times each, ms", rounds), "median", "highest")
	for _, m := range append(reading, []measure{
		{"approve", func(i int) error { return say("UOFFICE", "review", "approve "+wait.Projects[i].ID)(i) }},
		{"submit", func(i int) error { return submit(ctx, app, strconv.Itoa(i)) }},
		{"import of 5,000 new projects, PostgreSQL", importing(ctx, store)},
	}...) {
		took, err := timed(m)
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		fmt.Printf("%-46s %10.1f %10.1f\n", m.name, median(took), slices.Max(took))
	}
	return nil
}

// measure is an answer to be timed; do gets the number of its round.
type measure struct {
	name string
	do   func(int) error
}

// newApp is the use cases on a database.
func newApp(store *storage.DB) (*commands.App, error) {
	words, err := commands.NewWords()
	if err != nil {
		return nil, err
	}
	return commands.New(store, words, commands.Config{
		Location: time.Local, Locale: reporting.ZhCN, OfficeChannel: "C0OFFICE", Threshold: reporting.Yi, CityTarget: 1000,
		Pace: reporting.DefaultThresholds, Now: time.Now, Log: slog.New(slog.DiscardHandler),
	}), nil
}

// readings are the answers that change nothing, and what says a command.
func readings(ctx context.Context, app *commands.App) (say func(user, command, text string) func(int) error, all []measure) {
	say = func(user, command, text string) func(int) error {
		return func(int) error {
			_, err := app.Command(ctx, commands.Request{User: user, Command: command, Text: text, Locale: reporting.ZhCN})
			return err
		}
	}
	home := func(user string) func(int) error {
		return func(int) error {
			_, err := app.Home(ctx, user, reporting.ZhCN)
			return err
		}
	}
	return say, []measure{
		{"list, three filters, city", say("ULEAD", "project", "list S2 汽车 2-8亿")},
		{"list, three filters, a body", say("UBENCH", "project", "list S2 汽车 2-8亿")},
		{"list, three filters, all years, city", say("ULEAD", "project", "list 全部 S2 汽车 R2")},
		{"list, path and money, city", say("ULEAD", "project", "list R2.1 已核实 5亿以上")},
		{"list, industry, route and money, city", say("ULEAD", "project", "list 汽车 R2 2-8亿")},
		{"list, few that fit, all years, city", say("ULEAD", "project", "list 全部 待审 P3 汽车 S3")},
		{"list, nothing fits, city", say("ULEAD", "project", "list 汽车 R2 S2 50亿以上")},
		{"list, the city, all years", say("ULEAD", "project", "list 全部")},
		{"list, the city, one year", say("ULEAD", "project", "list")},
		{"list, a status, all years, city", say("ULEAD", "project", "list 全部 已核实")},
		{"list, a programme, all years, city", say("ULEAD", "project", "list 全部 P1")},
		{"list, a body and its lead department", say("ULEAD", "project", "list body=jingyue 主管body20")},
		{"list, a lead department and money", say("ULEAD", "project", "list 主管body20 全部 3-6亿")},
		{"list, whole 亿, all years, city", say("ULEAD", "project", "list 全部 2-8亿")},
		{"list, odd bounds, all years, city", say("ULEAD", "project", "list 全部 2.345-2.678亿")},
		{"list, one amount, all years, city", say("ULEAD", "project", "list 全部 min=23456 max=23456")},
		{"list, 30 days without a word, city", say("ULEAD", "project", "list 全部 30天未更新")},
		{"list, that and an industry, city", say("ULEAD", "project", "list 全部 30天未更新 汽车")},
		{"list, page 500 by number, city", say("ULEAD", "project", "list 全部 page=500")},
		{"list, page 500, three filters, city", say("ULEAD", "project", "list 全部 S2 汽车 page=500")},
		{"/project mine", say("UBENCH", "project", "mine")},
		{"/review queue", say("UOFFICE", "review", "queue")},
		{"/quota all", say("ULEAD", "quota", "all")},
		{"/quota of a body", say("UBENCH", "quota", "jingyue")},
		{"/report of the city", say("ULEAD", "report", "city")},
		{"/report programme", say("ULEAD", "report", "programme")},
		{"App Home of an official", home("UBENCH")},
		{"App Home of the office", home("UOFFICE")},
		{"App Home of a leader", home("ULEAD")},
	}
}

const rounds = 20 // of each answer

func timed(m measure) ([]float64, error) {
	took := make([]float64, rounds)
	if strings.HasPrefix(m.name, "import") {
		took = took[:3]
	}
	for i := range took {
		began := time.Now()
		if err := m.do(i); err != nil {
			return nil, err
		}
		took[i] = time.Since(began).Seconds() * 1000
	}
	return took, nil
}

// submit fills in both pages of the form; n keeps the projects apart.
func submit(ctx context.Context, app *commands.App, n string) error {
	open, err := app.Press(ctx, commands.Press{User: "UBENCH", Action: "project.new", Value: "jingyue|", Locale: reporting.ZhCN})
	if err != nil {
		return err
	}
	stamp := strconv.FormatInt(time.Now().UnixNano(), 36)
	first, err := app.Submit(ctx, commands.Input{User: "UBENCH", FormID: open.Form.ID, State: open.Form.State, Once: "1/" + stamp, Stamp: 1, Values: map[string]string{
		reporting.FieldName: "新项目" + stamp, reporting.FieldTerritory: "jingyue", reporting.FieldLocation: "净月大街" + n + "号",
		reporting.FieldOwner: "业主" + stamp, reporting.FieldRoute: "R3", reporting.FieldPath: "R3.1", reporting.FieldInvest: "3.2亿",
	}})
	if err != nil {
		return err
	}
	if first.Next == nil {
		return fmt.Errorf("page 1 was refused: %v", first.Errors)
	}
	second, err := app.Submit(ctx, commands.Input{User: "UBENCH", FormID: first.Next.ID, State: first.Next.State, Once: "2/" + stamp, Stamp: 2, Values: map[string]string{
		reporting.FieldContent: "建设年产十万套零部件的厂房两座，并配套研发中心一处。", reporting.FieldNature: "new", reporting.FieldIndustry: "auto",
		reporting.FieldStart: "2018-09", reporting.FieldFinish: "2020-06", reporting.FieldMilestone: "signed",
		reporting.FieldEvidence: "项目建议书", reporting.FieldContact: "王经办 13812345678",
	}})
	if err == nil && second.Tell == nil {
		err = fmt.Errorf("page 2 was refused: %v", second.Errors)
	}
	return err
}
