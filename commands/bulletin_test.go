package commands

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/reporting"
)

var firstOfAugust = time.Date(2018, 8, 1, 9, 5, 0, 0, time.FixedZone("CST", 8*3600))

// newsroom is the city on 1 August, with the figures of July and of the half-year.
func newsroom(t testing.TB) (*App, *ledger) {
	t.Helper()
	_, l := city(t)
	a := l.app(t, firstOfAugust)
	a.cfg.LeadersChannel, a.cfg.Bulletin = "CLEAD", reporting.DefaultBulletinRule
	a.cfg.Exchange = &clerk{}
	l.figures = map[string]reporting.BulletinSnapshot{}
	for period, last := range map[string]string{"2018-07": "2018-07-31", "2018-Q2": "2018-06-30"} {
		day, err := reporting.ParseDate(last)
		if err != nil {
			t.Fatal(err)
		}
		l.figures[period] = l.figuresOn(day)
	}
	return a, l
}

func (l *ledger) figuresOn(day reporting.Date) reporting.BulletinSnapshot {
	s := reporting.BulletinSnapshot{
		AsOf: day, TakenAt: firstOfAugust.Add(-9 * time.Hour).UnixMilli(), Pace: reporting.DefaultThresholds,
		Rules: reporting.Rules{Threshold: reporting.Yi}, Rule: reporting.DefaultBulletinRule,
	}
	add := func(b reporting.Body, q reporting.Quota) {
		t := l.tallies[yearKey(b.ID, 2018)]
		label := reporting.Names{ZhCN: b.Label(reporting.ZhCN), ZhTW: b.Label(reporting.ZhTW), En: b.Label(reporting.En)}
		s.Lines = append(s.Lines, reporting.BulletinLine{
			Standing: reporting.Standing{BodyID: b.ID, Year: 2018, AsOf: day, Quota: q, HasQuota: q.Count > 0, Tally: t},
			Label:    label, Kind: b.Kind, Group: b.Group, Added: t.Credited / 6,
		})
	}
	add(reporting.Body{}, reporting.Quota{Count: 1000})
	for _, b := range l.bodies.All {
		add(b, l.quotas[yearKey(b.ID, 2018)])
	}
	return s
}

// released takes July's bulletin through its life.
func released(t *testing.T, a *App, l *ledger) {
	t.Helper()
	said(t, a, "URE", "report", "bulletin draft month")
	pressed(t, a, "URE", "bulletin.check", "2018-07@1")
	pressed(t, a, "UR2", "bulletin.release", "2018-07@2")
	if b := l.bulletins[0]; b.No != 1 || b.ReleasedBy != "UR2" {
		t.Fatalf("not released: %+v", b)
	}
}

func posted(t *testing.T, a *App, body string) *Reply {
	t.Helper()
	out, err := a.Compose(t.Context(), reporting.Message{Kind: reporting.BulletinPost, BodyID: body, Args: map[string]string{"bulletin": "2018-07"}})
	if err != nil || out.Skip != "" {
		t.Fatalf("compose: %v, skip %q", err, out.Skip)
	}
	return out.Reply
}

func TestBulletinTexts(t *testing.T) {
	a, l := newsroom(t)
	draft := said(t, a, "URE", "report", "通报 起草 月度")
	golden(t, "bulletin_card_draft", plainText(draft.Reply))
	form := pressed(t, a, "URE", "bulletin.edit", "2018-07@1").Form
	if !strings.HasPrefix(field(t, form, reporting.FieldBulletinOpening).Value, "截至2018年7月31日，全市已核实重大项目 260 个") {
		t.Errorf("the form has not the proposed words: %q", field(t, form, reporting.FieldBulletinOpening).Value)
	}
	if options := field(t, form, reporting.FieldBulletinExempt).Options; len(options) == 0 || slices.ContainsFunc(options, func(o Option) bool { return o.Value == "chaoyang" }) {
		t.Errorf("exempt: %v", options)
	}
	v := filledIn(form, map[string]string{
		reporting.FieldBulletinMeasures: "请各单位抓紧。", reporting.FieldBulletinExempt: "gxj", reporting.FieldExemptReason: "机构改革",
	})
	r := handedIn(t, a, "URE", form, "edit", v)
	if len(r.Errors) > 0 || l.bulletins[0].Opening != "" || l.bulletins[0].Measures != "请各单位抓紧。" {
		t.Fatalf("edited: %v, %+v", r.Errors, l.bulletins[0].BulletinTexts)
	}
	golden(t, "bulletin_preview", plainText(pressed(t, a, "UR2", "bulletin.preview", "2018-07").Reply))
	pressed(t, a, "URE", "bulletin.check", "2018-07@2")
	card, err := a.Compose(t.Context(), reporting.Message{Kind: reporting.BulletinUpdate, Args: map[string]string{"bulletin": "2018-07"}})
	if err != nil || card.Channel != "COFFICE" {
		t.Fatal(card, err)
	}
	golden(t, "bulletin_card_ready", plainText(card.Reply))
	golden(t, "bulletin_release", plainText(pressed(t, a, "UR2", "bulletin.release", "2018-07@3").Reply))
	golden(t, "bulletin_posted", plainText(posted(t, a, "jingyue")))
	for l, name := range map[reporting.Locale]string{reporting.En: "bulletin_posted_en", reporting.ZhTW: "bulletin_posted_tw"} {
		a.cfg.Locale = l
		golden(t, name, plainText(posted(t, a, "jingyue")))
	}
	a.cfg.Locale = reporting.ZhCN
	golden(t, "bulletin_list", plainText(said(t, a, "UJY", "report", "bulletin").Reply))
	golden(t, "bulletin_shown", plainText(said(t, a, "URE", "report", "bulletin 1").Reply))
}

func TestBulletinGoesToAll(t *testing.T) {
	a, l := newsroom(t)
	released(t, a, l)
	var keys []string
	for _, m := range l.told {
		keys = append(keys, m.Key)
	}
	want := []string{
		"bulletin_card/2018-07", "bulletin_card/2018-07/2", "bulletin_card/2018-07/3",
		"bulletin/1/2018/kuancheng", "bulletin/1/2018/jingyue", "bulletin/1/2018/leaders",
	}
	if diff := cmp.Diff(want, keys); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	for _, tt := range []struct {
		name, body, bulletin string
		prepare              func()
		channel, skip        string
	}{
		{"a body", "jingyue", "2018-07", nil, "CJY", ""},
		{"the leaders", "", "2018-07", nil, "CLEAD", ""},
		{"no bulletin", "", "2018-08", nil, "", "no_bulletin"},
		{"no body", "xx", "2018-07", nil, "", "no_body"},
		{"no channel", "jingyue", "2018-07", func() { l.body("jingyue").ChannelID = "" }, "", "no_channel"},
		{"no leaders", "", "2018-07", func() { a.cfg.LeadersChannel = "" }, "", "no_leaders_channel"},
	} {
		if tt.prepare != nil {
			tt.prepare()
		}
		out, err := a.Compose(t.Context(), reporting.Message{Kind: reporting.BulletinPost, BodyID: tt.body, Args: map[string]string{"bulletin": tt.bulletin}})
		if err != nil || out.Channel != tt.channel || out.Skip != tt.skip {
			t.Errorf("%s: to %q, skip %q, %v", tt.name, out.Channel, out.Skip, err)
		}
	}
	a.cfg.OfficeChannel = ""
	if out, err := a.Compose(t.Context(), reporting.Message{Kind: reporting.BulletinCard, Args: map[string]string{"bulletin": "2018-07"}}); err != nil || out.Skip != "no_office_channel" {
		t.Errorf("without an office: %+v, %v", out, err)
	}
	l.away = errAway
	if _, err := a.Compose(t.Context(), reporting.Message{Kind: reporting.BulletinPost, Args: map[string]string{"bulletin": "2018-07"}}); reporting.CodeOf(err) != reporting.Unavailable {
		t.Errorf("a database that is away: %v", err)
	}
}

// TestBulletinFinalWords: what was released stays, whatever is proposed later.
func TestBulletinFinalWords(t *testing.T) {
	a, l := newsroom(t)
	released(t, a, l)
	b := l.bulletins[0]
	if b.Title == "" || b.Opening == "" || b.Measures == "" {
		t.Errorf("released without its words: %+v", b.BulletinTexts)
	}
}

func TestBulletinCorrection(t *testing.T) {
	a, l := newsroom(t)
	released(t, a, l)
	now := l.figures["2018-07"]
	now.Lines = slices.Clone(now.Lines)
	for i := range now.Lines {
		if now.Lines[i].BodyID == "jingyue" {
			now.Lines[i].Tally.Credited, now.Lines[i].Tally.Invest = 29, 950000
		}
	}
	l.figures["2018-07"] = now
	form := said(t, a, "URE", "report", "bulletin correct 1 2018 净月一个项目重复统计").Form
	if got := field(t, form, reporting.FieldCorrectionReason).Value; got != "净月一个项目重复统计" {
		t.Errorf("the reason typed is lost: %q", got)
	}
	if r := handedIn(t, a, "URE", form, "c0", map[string]string{reporting.FieldCorrectionReason: " "}); r.Errors[reporting.FieldCorrectionReason] == "" {
		t.Error("corrected without a reason")
	}
	r := handedIn(t, a, "URE", form, "c1", map[string]string{reporting.FieldCorrectionReason: "净月一个项目重复统计", fieldFigures: figuresAgain})
	golden(t, "bulletin_card_correction", plainText(r.Tell))
	// Begun again, the same draft comes back.
	if again := said(t, a, "URE", "report", "bulletin correct 1"); again.Reply == nil || len(l.bulletins) != 2 {
		t.Errorf("a second draft of one correction: %+v", again)
	}
	golden(t, "bulletin_correction", plainText(pressed(t, a, "URE", "bulletin.preview", "2018-07~1").Reply))
	pressed(t, a, "URE", "bulletin.check", "2018-07~1@1")
	pressed(t, a, "UR2", "bulletin.release", "2018-07~1@2")
	if l.bulletins[1].No != 2 {
		t.Errorf("the correction has number %d", l.bulletins[1].No)
	}
	if _, err := say(t, a, "URE", "report", "bulletin correct 1"); key(err) != "err.bulletin.corrected" {
		t.Errorf("corrected twice: %v", err)
	}
	words := said(t, a, "URE", "report", "bulletin correct 2").Form
	handedIn(t, a, "URE", words, "c2", map[string]string{reporting.FieldCorrectionReason: "错字", fieldFigures: figuresKept})
	if diff := cmp.Diff(l.bulletins[1].Snapshot, l.bulletins[2].Snapshot); diff != "" {
		t.Errorf("the figures were to be kept:\n%s", diff)
	}
}

func TestBulletinRecount(t *testing.T) {
	a, l := newsroom(t)
	said(t, a, "URE", "report", "bulletin draft 2018-07")
	form := pressed(t, a, "URE", "bulletin.edit", "2018-07@1").Form
	handedIn(t, a, "URE", form, "e", map[string]string{reporting.FieldBulletinOpening: "各单位：截至七月底共 260 个。"})
	pressed(t, a, "URE", "bulletin.check", "2018-07@2")
	r := pressed(t, a, "UR2", "bulletin.recount", "2018-07@3")
	if !strings.Contains(plainText(r.Reply), "没有随之改动") || l.bulletins[0].Status != reporting.BulletinDraft {
		t.Errorf("recounted: %s", plainText(r.Reply))
	}
}

func TestBulletinFiles(t *testing.T) {
	a, l := newsroom(t)
	released(t, a, l)
	k := a.cfg.Exchange.(*clerk)
	for _, format := range []string{"docx", "xlsx"} {
		r := pressed(t, a, "UJY", "bulletin."+format, "2018-07")
		out, err := performed(t, r, nil)
		if err != nil || len(out.Files) != 1 || !strings.HasSuffix(out.Files[0].Name, "（第1期）."+format) || string(out.Files[0].Data) != format {
			t.Errorf("%s: %+v, %v", format, out.Files, err)
		}
	}
	p := k.papers[0]
	var tables []string
	for _, s := range p.Sections {
		if s.Table != nil {
			tables = append(tables, s.Table.Name)
			for _, row := range s.Table.Rows {
				if len(row) != len(s.Table.Columns) {
					t.Errorf("%s: %d cells in %d columns", s.Table.Name, len(row), len(s.Table.Columns))
				}
			}
		}
	}
	if diff := cmp.Diff([]string{"全市", "城区", "开发区", "市直部门"}, tables); diff != "" {
		t.Errorf("tables (-want +got):\n%s", diff)
	}
	if p.Subtitle != "（第1期）" || p.Dated != "2018年8月1日" || !strings.Contains(strings.Join(p.Notes, ""), "数据截至2018年7月31日") {
		t.Errorf("paper: %q %q %v", p.Subtitle, p.Dated, p.Notes)
	}
}

func TestBulletinRefused(t *testing.T) {
	a, l := newsroom(t)
	said(t, a, "URE", "report", "bulletin draft month")
	typed := func(user, text string) error { _, err := say(t, a, user, "report", "bulletin "+text); return err }
	press := func(user, action, value string) error {
		_, err := a.Press(t.Context(), Press{User: user, Channel: "C1", Action: "bulletin." + action, Value: value, Locale: reporting.ZhCN})
		return err
	}
	for _, tt := range []struct {
		name string
		err  error
		want string
	}{
		{"an official drafts", typed("UJY", "draft month"), "err.forbidden"},
		{"an official corrects", typed("UJY", "correct 1"), "err.forbidden"},
		{"an official reads a draft", press("UJY", "show", "2018-07"), "err.forbidden"},
		{"a leader has a draft as a file", press("ULE", "docx", "2018-07"), "err.forbidden"},
		{"a leader previews", press("ULE", "preview", "2018-07"), "err.forbidden"},
		{"a month under way", typed("URE", "draft month 2018-08"), "err.bulletin.early"},
		{"neither month nor quarter", typed("URE", "draft"), "err.bulletin.period"},
		{"a word", typed("URE", "draft month July"), "err.bulletin.period"},
		{"a frozen month", typed("URE", "draft month 2017-05"), "err.bulletin.frozen"},
		{"no number", typed("URE", "foo"), "err.bulletin.number"},
		{"a number that is not there", typed("URE", "9"), "err.bulletin.no"},
		{"a bulletin that is not there", press("URE", "show", "2018-03"), "err.bulletin.unknown"},
		{"a draft needs no correction", press("URE", "correct", "2018-07"), "err.bulletin.not_released"},
		{"unchecked", press("URE", "release", "2018-07@1"), "err.bulletin.unchecked"},
		{"checked", press("URE", "check", "2018-07@1"), "<nil>"},
		{"checked again", press("UR2", "check", "2018-07@2"), "err.bulletin.checked"},
		{"an old card", press("UR2", "release", "2018-07@1"), "err.bulletin.changed"},
		{"by a leader", press("ULE", "release", "2018-07@2"), "err.forbidden"},
		{"by who checked", press("URE", "release", "2018-07@2"), "err.bulletin.second"},
		{"by a second", press("UR2", "release", "2018-07@2"), "<nil>"},
		{"twice", press("UR2", "release", "2018-07@2"), "err.bulletin.released"},
		{"edited then", press("URE", "edit", "2018-07"), "err.bulletin.released"},
	} {
		if got := key(tt.err); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
	l.bulletins[0].Status, l.bulletins[0].No = reporting.BulletinReady, 0
	refuses(t, a, Press{User: "URE", Action: "bulletin.release", Value: "2018-07"}, "err.bulletin.second")
	_, err := a.Press(t.Context(), Press{User: "URE", Action: "bulletin.release", Value: "2018-07", Locale: reporting.ZhCN})
	text, _ := a.words.Explain(reporting.ZhCN, err, "")
	if !strings.Contains(text, "周审核") || strings.Contains(text, "李审核") {
		t.Errorf("whom to ask is told wrongly: %s", text)
	}
	l.bulletins[0].Status = reporting.BulletinReleased
	form := &Form{ID: "bulletin.edit", State: aboutBulletin{ID: "2018-07", Version: 3}.String(), Locale: reporting.ZhCN}
	if r := handedIn(t, a, "URE", form, "late", map[string]string{reporting.FieldBulletinTitle: "改"}); !strings.Contains(r.Errors[reporting.FieldBulletinTitle], "周审核") {
		t.Errorf("who comes too late loses what was typed: %+v", r)
	}
	for _, id := range []string{"bulletin.edit", "bulletin.correct"} {
		if _, err := a.Submit(t.Context(), Input{User: "URE", FormID: id, State: "{", Locale: reporting.ZhCN}); key(err) != "err.form.unknown" {
			t.Errorf("%s: %v", id, err)
		}
	}
}

func TestReadPeriod(t *testing.T) {
	a, _ := newsroom(t)
	c := &call{day: reporting.DateOf(firstOfAugust)}
	for text, want := range map[string]string{
		"month": "2018-07", "quarter": "2018-Q2", "月度 2018-05": "2018-05", "季度 2018-05": "2018-Q2", "quarter 2017q4": "2017-Q4",
		"2018-Q1": "2018-Q1", "2018年3月": "2018-03", "month 2018-Q1": "", "": "", "month 2018-07 x": "", "x": "",
	} {
		p, err := a.readPeriod(c, strings.Fields(text))
		if got := p.String(); err == nil && got != want || err != nil && want != "" {
			t.Errorf("%q: %s, %v, want %q", text, got, err, want)
		}
	}
}

// TestBulletinLate: figures that were read late say what changed since.
func TestBulletinLate(t *testing.T) {
	a, l := newsroom(t)
	f := l.figures["2018-07"]
	f.TakenAt, f.Lost, f.Moved = firstOfAugust.AddDate(0, 0, 5).UnixMilli(), 2, 1
	l.figures["2018-07"] = f
	r := said(t, a, "URE", "report", "bulletin draft month")
	for _, want := range []string{"2018年8月6日 09:05提取", "失去计入的 2 个项目已扣除", "的 1 个项目计入现单位", "总投资为提取时的数"} {
		if !strings.Contains(plainText(r.Reply), want) {
			t.Errorf("the card lacks %q: %s", want, plainText(r.Reply))
		}
	}
	l.bulletins[0].Snapshot.Frozen = true
	if text := plainText(pressed(t, a, "URE", "bulletin.preview", "2018-07").Reply); !strings.Contains(text, "取自已封存的2018年数据") {
		t.Errorf("frozen figures: %s", text)
	}
}
