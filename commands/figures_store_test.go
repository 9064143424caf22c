package commands

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// ledger is a Store in memory for the tests of figures: standings are as set,
// messages, people and channels are kept.
type ledger struct {
	*shelf
	quotas  map[string]reporting.Quota // by body and year
	tallies map[string]reporting.Tally
	waiting map[string]reporting.Waiting
	planned []reporting.Delivery
	audit   []reporting.Event
	once    map[string]bool
	reads   int // of Standings
}

func yearKey(body string, year int) string { return fmt.Sprintf("%s/%d", body, year) }

func (l *ledger) Standing(_ context.Context, body string, year int, day reporting.Date) (reporting.Standing, error) {
	q, ok := l.quotas[yearKey(body, year)]
	if book := l.books[yearKey(body, year)]; book.Last() > 0 {
		q, ok = reporting.InForce(book.Versions, day)
	}
	return reporting.Standing{BodyID: body, Year: year, AsOf: day, Quota: q, HasQuota: ok, Tally: l.tallies[yearKey(body, year)]}, l.away
}

func (l *ledger) Standings(ctx context.Context, year int, day reporting.Date) ([]reporting.Standing, error) {
	l.reads++
	var out []reporting.Standing
	for _, b := range l.bodies.All {
		s, _ := l.Standing(ctx, b.ID, year, day)
		if s.HasQuota || s.Tally.Credited+s.Tally.Pending > 0 {
			out = append(out, s)
		}
	}
	return out, l.away
}

func (l *ledger) Waiting(_ context.Context, body string) (reporting.Waiting, error) {
	w := l.waiting[body]
	w.DraftTotal, w.ReturnedTotal = len(w.Drafts), len(w.Returned)
	return w, l.away
}

func (l *ledger) PlanMessages(_ context.Context, all []reporting.Message, events []reporting.Event) ([]reporting.Message, error) {
	var added []reporting.Message
	for _, m := range all {
		if known, _ := l.PlannedKeys(context.Background(), []string{m.Key}); !known[m.Key] {
			l.planned = append(l.planned, reporting.Delivery{Message: m, State: "pending"})
			added = append(added, m)
		}
	}
	if len(added) > 0 {
		l.audit = append(l.audit, events...)
	}
	return added, l.away
}

func (l *ledger) PlannedKeys(_ context.Context, keys []string) (map[string]bool, error) {
	out := map[string]bool{}
	for _, d := range l.planned {
		if slices.Contains(keys, d.Key) {
			out[d.Key] = true
		}
	}
	return out, l.away
}

func (l *ledger) LastDeliveries(_ context.Context, kind reporting.MessageKind, body string, n int) ([]reporting.Delivery, error) {
	var out []reporting.Delivery
	for _, d := range slices.Backward(l.planned) {
		if d.Kind == kind && d.BodyID == body && len(out) < n {
			out = append(out, d)
		}
	}
	return out, l.away
}

func (l *ledger) AssignPerson(_ context.Context, once string, p reporting.Person, e reporting.Event) error {
	if l.once[once] {
		return reporting.ErrRepeated
	}
	_, there := l.people[p.UserID]
	if p.Role == reporting.Stranger && !there {
		return reporting.Fail(reporting.Conflict, "err.person.changed", "user", p.UserID)
	}
	l.once[once] = true
	if l.people[p.UserID] = p; p.Role == reporting.Stranger {
		delete(l.people, p.UserID)
	}
	l.audit = append(l.audit, e)
	return nil
}

func (l *ledger) SetChannel(_ context.Context, _, body, channel string, at int64, e reporting.Event) error {
	for i, b := range l.bodies.All {
		if b.ChannelID == channel && b.ID != body {
			return reporting.Fail(reporting.Conflict, "err.channel.taken", "body", b.Short.ZhCN)
		}
		if b.ID == body {
			l.bodies.All[i].ChannelID, l.bodies.All[i].ChannelSince = channel, at
			l.bodies.All[i].UndeliverableSince, l.bodies.All[i].UndeliverableWhy = 0, ""
		}
	}
	l.audit = append(l.audit, e)
	return nil
}

// figureBodies are a dozen of the city's bodies with the quotas and credits of
// 2018 that the tests use.
var figureBodies = []struct {
	id       string
	kind     reporting.Kind
	name     reporting.Names
	short    string
	aliases  string
	quota    int
	credited int
	invest   reporting.Wan
}{
	{"kuancheng", reporting.District, reporting.Names{ZhCN: "宽城区", ZhTW: "寬城區", En: "Kuancheng District"}, "宽城区", "宽城 KC", 35, 21, 400000},
	{"chaoyang", reporting.District, reporting.Names{ZhCN: "朝阳区", ZhTW: "朝陽區", En: "Chaoyang District"}, "朝阳区", "朝阳 CY", 42, 42, 900000},
	{"lvyuan", reporting.District, reporting.Names{ZhCN: "绿园区", ZhTW: "綠園區", En: "Lüyuan District"}, "绿园区", "绿园 LY", 40, 10, 200000},
	{"xinqu", reporting.DevZone, reporting.Names{ZhCN: "长春新区", En: "Changchun New Area"}, "长春新区", "新区 XQ 高新区", 130, 90, 3000000},
	{"jingkai", reporting.DevZone, reporting.Names{ZhCN: "长春经济技术开发区", En: "Changchun ETDZ"}, "经开区", "经开 JK", 70, 35, 800000},
	{"jingyue", reporting.DevZone, reporting.Names{ZhCN: "长春净月高新技术产业开发区", ZhTW: "長春淨月高新技術產業開發區", En: "Changchun Jingyue High-tech Zone"}, "净月高新区", "净月 JY", 65, 30, 960000},
	{"qikai", reporting.DevZone, reporting.Names{ZhCN: "长春汽车经济技术开发区", En: "Changchun Automotive Zone"}, "汽开区", "汽开 QK", 60, 30, 700000},
	{"lianhuashan", reporting.DevZone, reporting.Names{ZhCN: "长春莲花山生态旅游度假区", En: "Lianhuashan Resort"}, "莲花山", "LHS", 20, 20, 300000},
	{"gxj", reporting.Department, reporting.Names{ZhCN: "长春市工业和信息化局", En: "Industry & IT Bureau"}, "市工信局", "工信局 GXJ", 45, 0, 0},
	{"lyj", reporting.Department, reporting.Names{ZhCN: "长春市林业局", En: "Forestry Bureau"}, "市林业局", "林业局", 3, 0, 0},
	{"lvyou", reporting.Department, reporting.Names{ZhCN: "长春市旅游局", En: "Tourism Bureau"}, "市旅游局", "旅游局", 0, 2, 30000},
}

// city returns an App on a ledger, on 31 July 2018, 14:05 in Changchun.
func city(t testing.TB) (*App, *ledger) {
	t.Helper()
	_, s := office(t)
	l := &ledger{
		shelf: s, quotas: map[string]reporting.Quota{}, tallies: map[string]reporting.Tally{},
		waiting: map[string]reporting.Waiting{}, once: map[string]bool{},
	}
	l.bodies = &reporting.BodyList{Revision: 7}
	for _, b := range figureBodies {
		l.bodies.All = append(l.bodies.All, reporting.Body{
			ID: b.id, Kind: b.kind, Group: string(b.kind), Name: b.name, Short: reporting.Names{ZhCN: b.short}, Aliases: strings.Fields(b.aliases),
		})
		if b.quota > 0 {
			l.quotas[yearKey(b.id, 2018)] = reporting.Quota{BodyID: b.id, Year: 2018, Version: 1, Count: b.quota, EffectiveFrom: reporting.Date{Year: 2018, Month: 1, Day: 1}}
		}
		l.tallies[yearKey(b.id, 2018)] = reporting.Tally{
			BodyID: b.id, Year: 2018, Credited: b.credited, Pending: b.credited / 10, Invest: b.invest,
			ByStage: [4]int{b.credited - b.credited/3 - b.credited/6, b.credited / 3, b.credited / 6, 0}, Recent: b.credited / 4,
		}
	}
	l.body("jingyue").ChannelID, l.body("jingyue").Short.ZhTW = "CJY", "淨月高新區"
	l.body("kuancheng").Short.ZhTW = "寬城區"
	l.body("kuancheng").ChannelID = "CKC"
	l.tallies[yearKey(reporting.City, 2018)] = reporting.Tally{Year: 2018, Credited: 260, Pending: 22, Invest: 6800000, ByStage: [4]int{140, 80, 36, 4}, Recent: 64}
	return l.app(t, filingNow), l
}

func (l *ledger) body(id string) *reporting.Body {
	for i := range l.bodies.All {
		if l.bodies.All[i].ID == id {
			return &l.bodies.All[i]
		}
	}
	return nil
}

var figureWords = sync.OnceValues(NewWords)

func (l *ledger) app(t testing.TB, now time.Time) *App {
	t.Helper()
	words, err := figureWords()
	if err != nil {
		t.Fatal(err)
	}
	zone := time.FixedZone("CST", 8*3600)
	return New(l, words, Config{
		Location: zone, Locale: reporting.ZhCN, Threshold: reporting.Yi, CityTarget: 1000, OfficeChannel: "COFFICE",
		Admins: []string{"UAD"}, Now: func() time.Time { return now }, Pace: reporting.DefaultThresholds,
		Nudge: reporting.NudgeRule{Weekday: time.Monday, Hour: 9, Location: zone},
	})
}

// plain renders a reply as lines of text.
func plainText(r *Reply) string {
	var b strings.Builder
	spans := func(list []Span) string {
		var s strings.Builder
		for _, x := range list {
			switch {
			case x.User != "":
				s.WriteString("@" + x.User)
			case x.Channel != "":
				s.WriteString("#" + x.Channel)
			case x.Code:
				s.WriteString("`" + x.Text + "`")
			case x.Strike:
				s.WriteString("~" + x.Text + "~")
			default:
				s.WriteString(x.Text)
			}
		}
		return s.String()
	}
	for _, p := range r.Parts {
		switch p := p.(type) {
		case Heading:
			b.WriteString("# " + string(p) + "\n")
		case Paragraph:
			b.WriteString(spans(p) + "\n")
		case Note:
			b.WriteString("  (" + spans(p) + ")\n")
		case Bullets:
			for _, line := range p {
				b.WriteString("- " + spans(line) + "\n")
			}
		case Facts:
			for _, f := range p {
				b.WriteString(f.Label + ": " + spans(f.Value) + "\n")
			}
		case Table:
			var titles []string
			for _, col := range p.Columns {
				titles = append(titles, col.Title)
			}
			b.WriteString(strings.Join(titles, " | ") + "\n")
			for _, row := range p.Rows {
				b.WriteString(strings.Join(row, " | ") + "\n")
			}
		case Buttons:
			for _, x := range p {
				b.WriteString("[" + x.Label + "] " + x.Action + " " + x.Value + "\n")
			}
		case Chart:
			b.WriteString("(" + string(p.Kind) + ") " + p.Title + ": " + strings.Join(p.Categories, ", ") + "\n")
			for _, line := range p.Series {
				b.WriteString("  " + line.Name + ": " + fmt.Sprint(line.Values) + "\n")
			}
			b.WriteString(plainText(&Reply{Parts: p.Instead}))
		case Rule:
			b.WriteString("---\n")
		}
	}
	return b.String()
}

// typed is a command typed by a person in a channel; it returns the reply.
type typed struct {
	user, channel, command, text string
	locale                       reporting.Locale
}

func (l *ledger) ask(t *testing.T, a *App, s typed) (Response, error) {
	t.Helper()
	if s.locale == "" {
		s.locale = reporting.ZhCN
	}
	if s.channel == "" {
		s.channel = "DM1"
	}
	return a.Command(context.Background(), Request{User: s.user, Channel: s.channel, Command: s.command, Text: s.text, Locale: s.locale, Once: "cmd/1"})
}

// refusal returns the code and key of a refusal.
func refusal(err error) string {
	var e *reporting.Error
	if !errors.As(err, &e) {
		return fmt.Sprint(err)
	}
	return string(e.Code) + " " + e.Key
}
