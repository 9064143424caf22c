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
		return a.bodyExplained(c, list, found[0].Body)
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
	return a.choose(c, cmp.Or(name, a.labels(c, bodiesOf(among))), among, "explain.show", func(b reporting.Body) string {
		return a.explainButton(c, "", question.BodyExplain, question.Body, b.ID).Value
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

func (a *App) bodyExplained(c *call, list *reporting.BodyList, b reporting.Body) (Response, error) {
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

// districtZone is the outsider that several districts have.
const districtZone = "district_zone"

// outsiders are places that people ask about and that are not in the plan, by
// folded name: the key unknown_body.<value> says why.
var outsiders = map[string]string{
	"公主岭": "gongzhuling", "公主岭市": "gongzhuling", "gongzhuling": "gongzhuling",
	"朝阳市": "chaoyang", "吉林市": "jilin", "jilincity": "jilin", "四平": "siping", "四平市": "siping", "siping": "siping",
	"南部新城": "nanbu", "二道经开区": districtZone, "宽城经开区": districtZone, "绿园经开区": districtZone, "双阳经开区": districtZone, "九台经开区": districtZone,
}

// explainUnknownBody says that a body is not in the plan, why where that is
// known, and which ones are near.
func (a *App) explainUnknownBody(c *call, q question.Reading) (Response, error) {
	list, index, err := a.index(c)
	if err != nil {
		return Response{}, err
	}
	name := q.Slots[question.Body]
	text := a.say(c, "unknown_body", "name", clip(name))
	switch why := outsiders[lexicon.Fold(name)]; why {
	case "":
		if name == "" {
			text = a.say(c, "unknown_body.none")
		}
	case districtZone:
		text += a.say(c, "unknown_body."+why)
	default:
		text = a.say(c, "unknown_body", "name", a.say(c, "unknown_body."+why+".name")) + a.say(c, "unknown_body."+why)
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
	if near := index.Near(name, nearTerms); len(near) > 0 {
		var row Buttons
		for _, b := range near {
			row = append(row, a.explainButton(c, b.Label(c.locale), question.BodyExplain, question.Body, b.ID))
		}
		parts = append(parts, Paragraph{Plain(a.say(c, "unknown_body.near"))}, row)
	}
	return Response{Reply: &Reply{Text: text, Parts: append(parts, Note{Plain(a.say(c, "unknown_body.source"))})}}, nil
}
