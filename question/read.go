package question

import (
	"slices"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// Read reads a sentence against its context. It always returns a reading:
// Unknown with the nearest intents when no rule fits.
func Read(said string, c Context) Reading {
	s := parse(fold(said), c)
	locale, marked := s.language()
	r := s.reading()
	r.Locale = locale
	if marked && locale != reporting.ZhCN {
		r.Slots[Lang] = string(locale)
	}
	if r.Then != nil {
		r.Then.Locale = locale
		if r.Slots[Lang] != "" {
			r.Then.Slots[Lang] = r.Slots[Lang]
		}
	}
	return r
}

// reading takes the intent and fills its slots.
func (s *sentence) reading() Reading {
	has := s.derive()
	r := Reading{Slots: Slots{}, NotRead: s.notRead()}
	r.Intent = s.intent(has)
	followed := s.follow(&r, has)
	if followed && s.beyond(r.Intent, has) || s.nameless(r.Intent, has) {
		r.Intent, r.Slots = Unknown, Slots{}
	}
	if r.Intent == Unknown {
		r.Nearest = nearest(has)
		return r
	}
	s.fill(&r)
	if followed {
		s.inherit(&r)
	}
	r.Confidence = s.confidence()
	if s.typed(s.naming(r.Intent)) {
		r.Slots[Typo] = "1"
	}
	return s.doubtful(r)
}

// derive returns the names of everything that is meant, and of what rules ask
// for beside the words.
func (s *sentence) derive() map[string]bool {
	has := map[string]bool{}
	for _, x := range s.spans {
		for _, m := range x.means {
			has[m.name] = true
		}
	}
	delete(has, "filler")
	delete(has, "deny")
	for _, f := range filters {
		has["filter"] = has["filter"] || has[string(f)]
	}
	if has["it"] && s.ofBody() {
		delete(has, "it") // 其, of a body
		has["that body"] = true
	}
	has["two"] = len(s.all(meansBody)) >= 2
	has["subject"] = has[string(Project)] || has["named"] || has["it"] || s.Before != nil && s.Before.Slots[Project] != "" && !has["projects"] && !has["city"]
	has[meansPlace] = has[meansPlace] || has[meansOther]
	if n := s.first(string(Days)); n == "7" || n == "30" {
		has["each"] = has["each"] || has["need"] // 一周要几个
	}
	has["alone"], has["called"] = s.alone(), named.MatchString(s.s)
	has["nearly"] = s.lone() && s.confidence() >= 0.7
	return has
}

// ofBody reports whether the question before was of a body and no project, so
// that a pronoun means the body.
func (s *sentence) ofBody() bool {
	return s.Before != nil && s.Before.Slots[Body] != "" && slices.Contains(ofOneBody, s.Before.Intent)
}

// filters are the slots that narrow a list of projects.
var filters = []Slot{Stage, Route, SubPath, Industry, Status, Programme, Partner, Exhibit, Least, Most, "lead"}

// lone are the meanings of which a sentence may consist and still ask how a body
// stands.
var lone = []string{"filler", meansBody, meansEither, meansPlace, meansOther, string(Parent), string(Year), string(Period), "opener", "among", "particle"}

// alone reports whether the sentence has nothing but names, years and words that
// say nothing.
func (s *sentence) alone() bool { return s.lone() && len(s.unread()) == 0 }

// lone reports whether nothing that was read says more than of what.
func (s *sentence) lone() bool {
	for _, x := range s.spans {
		if !slices.ContainsFunc(x.means, func(m meaning) bool {
			return slices.Contains(lone, m.name)
		}) {
			return false
		}
	}
	return true
}

// intent returns the intent of the rule with the highest score.
func (s *sentence) intent(has map[string]bool) Intent {
	best, at := 0, -1
	for i := range rules {
		if points, missing := score(i, has); missing == 0 && points > best {
			best, at = points, i
		}
	}
	if at < 0 || has["off"] && !domain(has) {
		return Unknown
	}
	if s.beyond(rules[at].intent, has) {
		has["beyond"] = true
		return Unknown
	}
	return rules[at].intent
}

// cues are the meanings of which one is in every question about the plan that
// speaks of something else as well.
var cues = []string{
	meansBody, meansEither, meansPlace, "we", "city", "projects", "subject", "filter", "target", "remain", string(Metric), "pacing", "lag", "nudge", "queue", "dup", "register",
	string(Topic), string(Term), "heading", "policy", "approval", "plan", "thousand", "hundreds", "brief", "export", string(BodyKind), "help",
}

// domain reports whether anything of the plan is spoken of.
func domain(has map[string]bool) bool {
	return slices.ContainsFunc(cues, func(name string) bool { return has[name] })
}

// nearest returns the three intents that most speaks for, each once.
func nearest(has map[string]bool) []Intent {
	type near struct {
		intent Intent
		share  int
	}
	var all []near
	for i, r := range rules {
		points, missing := score(i, has)
		if missing < 0 {
			continue
		}
		met := points - r.weight*10
		if met == 0 && slices.Contains(writes, r.intent) {
			continue // who said nothing of it is not led to write something
		}
		all = append(all, near{r.intent, 1000*met/(met+missing) + r.weight})
	}
	slices.SortStableFunc(all, func(a, b near) int { return b.share - a.share })
	var out []Intent
	for _, n := range all {
		if len(out) < 3 && !slices.Contains(out, n.intent) {
			out = append(out, n.intent)
		}
	}
	return out
}

// notRead returns the words without a meaning as they were typed.
func (s *sentence) notRead() []string {
	var out []string
	for _, x := range s.unread() {
		out = append(out, s.said(x.from, x.to))
	}
	return out
}

// confidence is the share of the letters and characters that were read.
func (s *sentence) confidence() float64 {
	all, missed := 0, 0
	for _, r := range s.runes {
		if isWord(r) {
			all++
		}
	}
	for _, x := range s.unread() {
		missed += x.to - x.from
	}
	return 1 - float64(missed)/float64(max(1, all))
}

// typed reports whether anything but the name of a project was read in spite of a
// slip of the finger.
func (s *sentence) typed(name span) bool {
	return slices.ContainsFunc(s.spans, func(x span) bool { return x.typo && !(x.from < name.to && name.from < x.to) })
}

// doubtful asks which body is meant, or says that there is none, before r is
// answered.
func (s *sentence) doubtful(r Reading) Reading {
	if place, note := s.place(strings.HasPrefix(string(r.Intent), "quota.")); place != "" && asksOfBody[r.Intent] && (r.Intent != BodyExplain || !s.has(string(Parent))) {
		out := Reading{Intent: UnknownBody, Slots: Slots{Body: place}, Confidence: r.Confidence, NotRead: r.NotRead}
		if note != "" {
			out.Slots[Note] = note
		}
		if p := s.first(string(Parent)); p != "" {
			out.Slots[Parent] = p
		}
		return out
	}
	i := slices.IndexFunc(s.spans, func(x span) bool { return x.has(meansEither, "") })
	if i < 0 || !asksOfBody[r.Intent] || r.Slots[Body] != "" {
		return r
	}
	then := r
	out := Reading{Intent: BodyExplain, Slots: Slots{Body: s.said(s.spans[i].from, s.spans[i].to), Candidate: s.spans[i].value(meansEither)}}
	out.Confidence, out.NotRead = r.Confidence, r.NotRead
	if r.Intent != BodyExplain {
		out.Then = &then
	}
	return out
}

// place returns the name of a place or office that is no body, and why; a city elsewhere
// only where a quota is asked about.
func (s *sentence) place(ofQuota bool) (name, note string) {
	for _, x := range s.spans {
		switch {
		case x.has(meansOther, ""):
			return s.said(x.from, x.to), ""
		case x.has(meansPlace, ""):
			if words().teaches(s.part(x.from, x.to), meansPlace) {
				note = outside
			}
			return x.value(meansPlace), note
		}
	}
	if x := slices.IndexFunc(s.spans, func(x span) bool { return x.has("elsewhere", "") }); x >= 0 && ofQuota && !s.has(meansBody) && !s.has(meansEither) && !s.has("we") {
		return s.said(s.spans[x].from, s.spans[x].to), ""
	}
	return "", ""
}

// outside is the note of the place that came to Changchun after 2018.
const outside = "not_in_changchun_2018"

// values joins the values of a name.
func (s *sentence) values(name Slot) string { return strings.Join(s.all(string(name)), "|") }
