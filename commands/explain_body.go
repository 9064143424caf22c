package commands

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/mouhua/mouhua/lexicon"
	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

// explainBody says who a body is: names, kind, where it belongs and who files
// for it. Of a zone without a quota of its own it says for whom it counts.
func (a *App) explainBody(c *call, q question.Reading) (Response, error) {
	list, index, err := a.index(c)
	if err != nil {
		return Response{}, err
	}
	if among := candidates(list, q); len(among) > 1 {
		return Response{Reply: a.chooseExplained(c, q.Slots[question.Body], among)}, nil
	}
	name := q.Slots[question.Body]
	if parent, ok := list.Find(q.Slots[question.Parent]); ok && name != parent.ID {
		if _, own := list.Find(name); !own && !official(parent, name) {
			return a.explainZone(c, list, name, parent)
		}
	}
	if name == "" {
		b, ok := hereBody(c, list)
		if !ok {
			return Response{}, reporting.Fail(reporting.Invalid, "err.body.needed", "command", a.slash("mouhua"))
		}
		name = b.ID
	}
	found := index.Find(name)
	switch len(found) {
	case 0:
		return a.explainUnknownBody(c, q)
	case 1:
		return a.bodyExplained(c, list, found[0].Body, name)
	}
	return Response{Reply: a.chooseExplained(c, name, found)}, nil
}

// candidates are the bodies that may be meant.
func candidates(list *reporting.BodyList, q question.Reading) []lexicon.Match {
	var out []lexicon.Match
	for _, id := range q.Slots.List(question.Candidate) {
		if b, ok := list.Find(id); ok {
			out = append(out, lexicon.Match{Body: b})
		}
	}
	return out
}

func (a *App) chooseExplained(c *call, name string, among []lexicon.Match) *Reply {
	return a.choose(c, cmp.Or(name, a.labels(c, bodiesOf(among))), among, "ask.then", func(b reporting.Body) string {
		return explainValue(c, question.BodyExplain, question.Body, b.ID)
	})
}

// official reports whether name is what a body is officially called.
func official(b reporting.Body, name string) bool {
	f := lexicon.Fold(name)
	return slices.ContainsFunc([]string{b.Name.ZhCN, b.Name.ZhTW, b.Name.En, b.Short.ZhCN, b.Short.ZhTW, b.Short.En}, func(s string) bool { return lexicon.Fold(s) == f })
}

// zones are the parts of the New Area, which has their quota, by folded name.
var zones = map[string]string{
	"高新": "gaoxin", "高新区": "gaoxin", "北湖": "beihu", "长德": "changde", "空港": "konggang",
}

// explainZone says for whom a part of a body counts, which has no quota of its own.
func (a *App) explainZone(c *call, list *reporting.BodyList, name string, parent reporting.Body) (Response, error) {
	label, folded := parent.Label(c.locale), lexicon.Fold(name)
	if known := zones[folded]; known != "" {
		name = a.say(c, "zone."+known)
	}
	more := []Part{Paragraph{Plain(a.say(c, "body.explain.zone.how", "zone", name, "body", label)), Plain(a.creditedAs(c, parent, a.rules()))}}
	for _, b := range list.All {
		// 高新区 is a part of the New Area; 净月高新区 is another body.
		if b.ID != parent.ID && len([]rune(folded)) > 1 && strings.Contains(lexicon.Fold(b.Short.ZhCN), folded) {
			more = append(more, Paragraph{Plain(a.say(c, "body.explain.zone.not", "zone", name, "body", b.Label(c.locale)))})
		}
	}
	facts, err := a.bodyFacts(c, list, parent)
	if err != nil {
		return Response{}, err
	}
	more = append(more, facts, a.bodyExplainButtons(c, parent))
	return a.explained(a.say(c, "body.explain.title", "body", name), a.say(c, "body.explain.zone", "zone", name, "body", label), more, Note{Plain(a.say(c, "body.explain.source"))}), nil
}

// bodyExplained says who b is, that was called by a name.
func (a *App) bodyExplained(c *call, list *reporting.BodyList, b reporting.Body, called string) (Response, error) {
	facts, err := a.bodyFacts(c, list, b)
	if err != nil {
		return Response{}, err
	}
	line := a.say(c, "body.explain.is", "name", b.Name.In(c.locale), "kind", a.say(c, "kind."+string(b.Kind)))
	if b.Kind == reporting.Office {
		line += a.say(c, "body.explain.office")
	} else {
		line += a.creditedAs(c, b, a.rules())
	}
	if called != b.ID && !official(b, called) {
		line = a.say(c, "body.explain.called", "called", called, "body", b.Label(c.locale)) + line
	}
	more := append(a.endNotes(c, list, b), facts)
	if row := a.bodyExplainButtons(c, b); len(row) > 0 {
		more = append(more, row)
	}
	return a.explained(a.say(c, "body.explain.title", "body", b.Label(c.locale)), line, more, Note{Plain(a.say(c, "body.explain.source"))}), nil
}

// bodyFacts are what the directory says of a body, without anybody's name but
// the leader's in charge.
func (a *App) bodyFacts(c *call, list *reporting.BodyList, b reporting.Body) (Facts, error) {
	people, err := a.store.People(c.ctx)
	if err != nil {
		return nil, fmt.Errorf("read people: %w", err)
	}
	var names []string
	for _, l := range reporting.Locales {
		if n := b.Name.In(l); !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	var parts []reporting.Body
	for _, x := range list.All {
		if x.ParentID == b.ID && !x.Ended(c.day) {
			parts = append(parts, x)
		}
	}
	separator := a.say(c, "word.list_separator")
	var facts Facts
	add := func(key string, value ...Span) {
		if len(value) > 0 && value[0] != (Span{}) {
			facts = append(facts, Fact{Label: a.say(c, "body.explain.fact."+key), Value: value})
		}
	}
	add("names", Plain(strings.Join(names, " / ")))
	add("kind", Plain(a.say(c, "kind."+string(b.Kind))))
	if g := groupOf(b); g != string(b.Kind) {
		add("group", Plain(a.groupName(c, g)))
	}
	add("aliases", Plain(strings.Join(b.Aliases, separator)))
	if b.ParentID != "" {
		add("parent", Plain(a.nameOf(c, list, b.ParentID)))
	}
	add("zones", Plain(a.labels(c, parts)))
	add("officials", Plain(a.say(c, "body.explain.people", "n", strconv.Itoa(len(officialsOf(people, b.ID))))))
	if b.LeaderID != "" {
		add("leader", Span{User: b.LeaderID})
	}
	if b.ChannelID != "" {
		add("channel", Span{Channel: b.ChannelID})
	} else {
		add("channel", Plain(a.say(c, "body.channel.none")))
	}
	return facts, nil
}

// bodyExplainButtons open a body's figures, for those who may see them.
func (a *App) bodyExplainButtons(c *call, b reporting.Body) Buttons {
	if reporting.CanReadQuota(c.actor, b.ID) != nil {
		return nil
	}
	return Buttons{a.button(c, "quota.show", fmt.Sprintf("%s/%d", b.ID, c.day.Year), "explain_quota")}
}

// outsider is a place that people ask about and that is not in the plan: why is
// a key unknown_body.<why>, near the body that may be meant.
type outsider struct{ why, near string }

// outsiders are the known ones, by folded name.
var outsiders = map[string]outsider{
	"公主岭": {"gongzhuling", ""}, "公主岭市": {"gongzhuling", ""}, "gongzhuling": {"gongzhuling", ""},
	"朝阳市": {"chaoyang", "chaoyang"}, "吉林市": {"jilin", ""}, "jilincity": {"jilin", ""}, "四平": {"siping", ""}, "四平市": {"siping", ""}, "siping": {"siping", ""},
	"南部新城": {"nanbu", "nanguan"}, "经委": {"jingwei", "gxj"}, "外经贸局": {"waijing", "swj"},
	"二道经开区": {districtZone, "erdao"}, "宽城经开区": {districtZone, "kuancheng"}, "绿园经开区": {districtZone, "lvyuan"},
	"双阳经开区": {districtZone, "shuangyang"}, "九台经开区": {districtZone, "jiutai"},
}

// Outsiders that are told by their kind: a zone that a district runs, a place
// beyond the city, an office of the city without a quota.
const (
	districtZone = "district_zone"
	elsewhere    = "elsewhere"
	supporter    = "supporter"
)

// outside returns what is known of a name that is no body's.
func outside(name string) outsider {
	f := lexicon.Fold(name)
	if o, ok := outsiders[f]; ok {
		return o
	}
	switch {
	case strings.HasPrefix(f, "市") && strings.ContainsAny(f, "局办厅部联院"):
		return outsider{why: supporter}
	case strings.HasSuffix(f, "市"), strings.HasSuffix(f, "县"), strings.HasSuffix(f, "州"):
		return outsider{why: elsewhere}
	}
	return outsider{}
}

// explainUnknownBody says that a body is not in the plan, why where that is
// known, and which ones are near.
func (a *App) explainUnknownBody(c *call, q question.Reading) (Response, error) {
	list, index, err := a.index(c)
	if err != nil {
		return Response{}, err
	}
	name := q.Slots[question.Body]
	o := outside(name)
	text := a.say(c, "unknown_body.none")
	if name != "" {
		text = a.say(c, "unknown_body", "name", a.outsiderName(c, name, o))
	}
	if o.why != "" {
		text += a.say(c, "unknown_body."+o.why)
	}
	var kinds []string
	for _, k := range reporting.Kinds {
		n := 0
		for _, b := range list.All {
			if b.Kind == k && !b.Ended(c.day) {
				n++
			}
		}
		if n > 0 && k != reporting.Office {
			kinds = append(kinds, a.say(c, "unknown_body.kind", "kind", a.say(c, "kind."+string(k)), "n", n))
		}
	}
	parts := []Part{Paragraph{Plain(text)}, Paragraph{Plain(a.say(c, "unknown_body.kinds", "kinds", strings.Join(kinds, a.say(c, "word.list_separator"))))}}
	near := index.Near(name, nearTerms)
	if b, ok := list.Find(o.near); ok {
		near = []reporting.Body{b}
	}
	if len(near) > 0 && o.why != elsewhere {
		var row Buttons
		for _, b := range near {
			row = append(row, a.explainButton(c, b.Label(c.locale), question.BodyExplain, question.Body, b.ID))
		}
		parts = append(parts, Paragraph{Plain(a.say(c, "unknown_body.near"))}, row)
	}
	return Response{Reply: &Reply{Text: text, Parts: append(parts, Note{Plain(a.say(c, "unknown_body.source"))})}}, nil
}

// outsiderName is what an outsider is called in the language of the answer.
func (a *App) outsiderName(c *call, name string, o outsider) string {
	switch o.why {
	case "", districtZone, elsewhere, supporter, "jingwei", "waijing":
		return clip(name)
	}
	return a.say(c, "unknown_body."+o.why+".name")
}
