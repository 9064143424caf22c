package question

import (
	"regexp"
	"slices"
	"strings"
)

// named is a name that is said to be one: in quotation marks, or after 叫.
var named = regexp.MustCompile(`[“「『"]([^”」』"]{2,60})[”」』"]|(?:名称是|名称为|名称[:：]|名字是|名字叫|名称改为|名称改成|名叫|名为|叫做|叫|called |named )([^，,。；;？?！!]{2,60}?)(?:的项目|这个项目|那个项目|项目(?:吗|没有|$)| (?:already|been|yet|filed|registered|on file|exists?|in the (?:pool|system|list|register))\b| ?\p{Han}{2,4}:|[，,。；;？?！!]|$)`)

// naming returns where the name of a project stands, for the intents that have
// one.
func (s *sentence) naming(of Intent) span {
	if !slices.Contains(takes[of], Name) || of == ProjectGet && s.has(string(Project)) || of == ProjectUpdate && !s.has("renaming") {
		return span{}
	}
	if at := named.FindStringSubmatchIndex(s.s); at != nil {
		g := 2
		if at[2] < 0 {
			g = 4
		}
		return s.trim(span{from: s.rune(at[g]), to: s.rune(at[g+1])})
	}
	var best span
	for _, c := range s.clauses() {
		for _, p := range s.pieces(c) {
			if p = s.trim(p); s.telling(p) && p.to-p.from > best.to-best.from {
				best = p
			}
			if of == ProjectRegister && best.to > 0 {
				return best // what comes first is the name, and then what is said of it
			}
		}
	}
	return best
}

// clauses returns the parts between the signs that end one.
func (s *sentence) clauses() []span {
	var out []span
	from := 0
	for i := 0; i <= len(s.runes); i++ {
		if i == len(s.runes) || strings.ContainsRune("，,。；;？?！!：:", s.runes[i]) || s.pause(i) {
			if i > from {
				out = append(out, span{from: from, to: i})
			}
			from = i + 1
		}
	}
	return out
}

// pause reports whether i is a space between Chinese words, where a hurried
// writer leaves out the comma.
func (s *sentence) pause(i int) bool {
	return s.runes[i] == ' ' && (i > 0 && han(s.runes[i-1]) || i+1 < len(s.runes) && han(s.runes[i+1]))
}

// around are the meanings of words that stand around a name, and in none.
var around = []string{"dup", "register", "filler", "list", "done", "it", "followup", "opener", "among", "particle", "we", "make", "approve", "return", "withdraw", "change", "move"}

// pieces cuts a clause at the words that stand in no name.
func (s *sentence) pieces(c span) []span {
	var out []span
	from := c.from
	for _, x := range s.spans {
		cut := slices.ContainsFunc(x.means, func(m meaning) bool {
			return slices.Contains(around, m.name) && m.name != "filler" || m.name == string(Invest) || m.name == string(Least)
		})
		if x.from >= c.from && x.to <= c.to && cut {
			out, from = append(out, span{from: from, to: x.from}), x.to
		}
	}
	return append(out, span{from: from, to: c.to})
}

// trim takes bodies and words that say nothing off the ends of a piece.
func (s *sentence) trim(p span) span {
	for changed := true; changed; {
		changed = false
		for p.from < p.to && !isWord(s.runes[p.from]) {
			p.from++
		}
		for p.from < p.to && !isWord(s.runes[p.to-1]) && !strings.ContainsRune(")）”", s.runes[p.to-1]) {
			p.to--
		}
		for _, x := range s.spans {
			loose := x.has("filler", "") || x.has(meansBody, "") || x.has("we", "") || x.has("projects", "") && x.to == p.to && x.to-x.from == 2 && s.pointed(x.from)
			switch {
			case !loose || p.from >= p.to:
			case x.from == p.from && x.to <= p.to && !x.has("projects", ""):
				p.from, changed = x.to, true
			case x.to == p.to && x.from > p.from && !x.has(meansBody, ""):
				p.to, changed = x.from, true
			}
		}
	}
	return p
}

// pointed reports whether what begins at i is said of a name before it: 的项目,
// 这个项目. Otherwise 项目 is how the name ends.
func (s *sentence) pointed(i int) bool {
	return i > 0 && strings.ContainsRune("的个该此", s.runes[i-1])
}

// telling reports whether a piece has something that no word of ours says all
// of: then it may be a name.
func (s *sentence) telling(p span) bool {
	if p.to-p.from < 2 {
		return false
	}
	for _, x := range s.spans {
		if x.from <= p.from && x.to >= p.to && !x.has(string(Project), "") && !x.has("named", "") && !x.has(string(Industry), "") {
			return false
		}
	}
	for _, x := range s.unread() {
		if x.from < p.to && p.from < x.to {
			return true
		}
	}
	return slices.ContainsFunc(s.spans, func(x span) bool {
		return x.from < p.to && p.from < x.to && (x.has(string(Project), "") || x.has("named", "") || x.has(string(Industry), ""))
	})
}

// because begins a reason.
var because = regexp.MustCompile(`(?:因为|由于|理由是?|原因是?|因|\bbecause(?: of)?|\breason(?: is)?|\bdue to)[:： ]*`)

// reason returns why: the clauses from because on that say nothing else, or
// without that word, when loose is set, all such clauses.
func (s *sentence) reason(loose bool) string {
	from := -1
	if at := because.FindStringIndex(s.s); at != nil {
		from = s.rune(at[1])
	}
	if from < 0 && !loose {
		return ""
	}
	start, end, acted := -1, -1, false
	for _, c := range s.clauses() {
		if from > 0 && c.to <= from {
			continue
		}
		switch {
		case (from < 0 || c.from > from) && s.does(c, acted) || s.clean(max(c.from, from), c.to) == "":
			if start >= 0 {
				return s.clean(start, end)
			}
			acted = acted || s.acts(c)
		default:
			if start < 0 {
				start = max(c.from, from)
			}
			end = c.to
		}
	}
	if start < 0 {
		return ""
	}
	return s.clean(start, end)
}

// does reports whether a clause says what is to be done or with what, and so is
// no reason; nor is one in which every word is known to say nothing. Once it is
// said what is to be done, a verb or a body may be in the reason: 退库，投资方撤资.
func (s *sentence) does(c span, acted bool) bool {
	empty := true
	for _, x := range s.spans {
		if x.from < c.from || x.to > c.to {
			continue
		}
		if slices.ContainsFunc(x.means, func(m meaning) bool {
			return slices.Contains(doing, m.name) && !(acted && slices.Contains(loosely, m.name))
		}) {
			return true
		}
		empty = empty && (x.has("filler", "") || x.has(meansBody, ""))
	}
	for _, x := range s.unread() {
		empty = empty && (x.to <= c.from || x.from >= c.to)
	}
	return empty
}

// doing are the meanings that are in no reason.
var doing = []string{string(Project), "return", "send", "withdraw", "adjust", "it", string(Count), meansBody}

// loosely are the meanings that are in a reason when it is known what to do.
var loosely = []string{"return", "send", "withdraw", meansBody}

// acts reports whether a clause says what is to be done.
func (s *sentence) acts(c span) bool {
	return slices.ContainsFunc(s.spans, func(x span) bool {
		return x.from >= c.from && x.to <= c.to && (x.has("return", "") || x.has("withdraw", "") || x.has("adjust", ""))
	})
}

// clean returns what was typed without the signs around it.
func (s *sentence) clean(from, to int) string {
	for from < to && !isWord(s.runes[from]) {
		from++
	}
	for from < to && strings.ContainsRune(" ，,。；;？?！!：:.", s.runes[to-1]) {
		to--
	}
	return s.said(from, to)
}
