package commands

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mouhua/mouhua/lexicon"
	"github.com/mouhua/mouhua/reporting"
)

// talkWords are the words of all languages by which people name the fields of
// the form and steer a filing, folded.
type talkWords struct {
	fields map[string]string // name of a field → its id
	is     map[string]bool   // what stands between it and the value
	instead,
	not, // what says that something was wrong
	before, // what stands before the name of a field
	begin map[string]bool // what begins a filing
	forIt map[string]bool // before whom it is filed for
	steer map[string]doing
	open  map[string]bool // a territory that is not settled
	asks  []string        // what a question has
	about []string        // what says nothing before a value
	after []string        // nor after it
}

// talkSteers are the locale keys of what steers a filing.
var talkSteers = map[string]doing{
	"stop": stopped, "missing": lacking, "skip": skipped, "rest": skippedAll, "form": inForm, "file": shown, "all": shown,
}

// newTalkWords reads them from the locale files.
func newTalkWords(w *Words) *talkWords {
	t := &talkWords{fields: map[string]string{}, steer: map[string]doing{}}
	said := func(key string) (out []string) {
		for _, l := range reporting.Locales {
			if s := w.Say(l, key); s != key {
				out = append(out, strings.Split(s, "|")...)
			}
		}
		return out
	}
	set := func(key string) map[string]bool {
		m := map[string]bool{}
		for _, s := range said(key) {
			m[lexicon.Fold(s)] = true
		}
		return m
	}
	name := func(id string, keys ...string) {
		for _, key := range keys {
			for _, s := range said(key) {
				if f := lexicon.Fold(s); t.fields[f] == "" {
					t.fields[f] = id
				}
			}
		}
	}
	for page := range reporting.FormPages {
		for _, id := range pageFields(page + 1) {
			name(id, "field."+id+".label", "talk.words."+id)
		}
	}
	for _, p := range reporting.Paths {
		name(reporting.FieldPathDetail, "path_detail."+string(p)+".label")
	}
	for key, do := range talkSteers {
		for _, s := range said("talk.say." + key) {
			t.steer[lexicon.Fold(s)] = do
		}
	}
	t.is, t.instead, t.not, t.before, t.begin = set("talk.say.is"), set("talk.say.instead"), set("talk.say.not"), set("talk.say.before"), set("talk.say.begin")
	t.open, t.asks, t.forIt, t.about, t.after = set("talk.say.open"), said("talk.say.asks"), set("talk.say.for"), said("talk.say.about"), said("talk.say.after")
	for s := range t.instead {
		t.is[s] = true
	}
	return t
}

// longestWord is the longest of our words, in code points.
const longestWord = 36

// leading takes the longest of words off the front of s.
func leading[T any](s string, words map[string]T) (v T, rest string, ok bool) {
	s = strings.TrimSpace(s)
	r := make([]rune, 0, longestWord+1)
	for _, c := range s {
		if r = append(r, c); len(r) > longestWord {
			break
		}
	}
	var folded strings.Builder
	at := 0 // bytes of s that are folded
	for n, c := range r[:min(len(r), longestWord)] {
		folded.WriteString(lexicon.Fold(string(c)))
		at += utf8.RuneLen(c)
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) || n+1 < len(r) && latin(c) && latin(r[n+1]) {
			continue
		}
		if found, is := words[folded.String()]; is {
			v, rest, ok = found, s[at:], true
		}
	}
	if !ok {
		rest = s
	}
	return v, strings.TrimSpace(rest), ok
}

func latin(r rune) bool { return r < 0x250 && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// marks stand between a name and its value.
const marks = "：:=，,、。.！!；; \t"

// named takes the name of a field off what was said. sure says that a word or a
// mark of its own stands between it and the value.
func (t *talkWords) named(s string) (field, value string, sure bool) {
	for {
		_, rest, ok := leading(s, t.before)
		if !ok {
			break
		}
		s = rest
	}
	field, rest, ok := leading(s, t.fields)
	if !ok {
		return "", s, false
	}
	value = strings.TrimLeft(rest, "：:= ")
	sure = strings.ContainsAny(rest[:len(rest)-len(value)], "：:=")
	if _, after, ok := leading(value, t.is); ok {
		value, sure = strings.TrimLeft(after, "：:= "), true
	}
	return field, value, sure
}

// corrects takes off what says that something was wrong: "不对，是3.5亿".
func (t *talkWords) corrects(s string) (rest string, ok bool) {
	for {
		_, after, found := leading(s, t.not)
		if !found {
			break
		}
		s, ok = strings.TrimLeft(after, marks), true
	}
	if _, after, found := leading(s, t.instead); found {
		return strings.TrimLeft(after, marks), true
	}
	if !ok {
		return s, false
	}
	// "不是3.2亿，是3.5亿": what counts is what it is.
	if i := strings.LastIndexAny(s, "，,；;"); i > 0 {
		if _, after, found := leading(strings.TrimLeft(s[i:], marks), t.is); found {
			if _, _, sure := t.named(s); !sure {
				return after, true
			}
		}
	}
	if _, after, found := leading(s, t.is); found {
		s = strings.TrimLeft(after, marks)
	}
	return s, true
}

// begun takes off what begins a filing; ok is false without it.
func (t *talkWords) begun(s string) (rest string, ok bool) {
	who, after := t.forWhom(s)
	_, rest, ok = leading(strings.TrimLeft(after, marks), t.begin)
	return strings.TrimLeft(rest, marks), ok || who != ""
}

// forWhom returns for which body somebody says that they file, and what is said
// then: "给净月登记：…", "register for Jingyue: …".
func (t *talkWords) forWhom(s string) (who, rest string) {
	whole := s
	if _, rest, ok := leading(s, t.begin); ok {
		s = rest
	}
	_, after, ok := leading(s, t.forIt)
	if !ok {
		return "", whole
	}
	r := []rune(after)
	for n := 1; n < min(len(r), longestWord); n++ {
		tail := string(r[n:])
		if _, _, ok := leading(tail, t.begin); ok && !(latin(r[n-1]) && latin(r[n])) {
			return strings.TrimSpace(string(r[:n])), strings.TrimSpace(tail)
		}
		if strings.ContainsRune("：:", r[n]) {
			return strings.TrimSpace(string(r[:n])), tail
		}
	}
	return "", whole
}

// steers returns what a sentence that steers the filing does.
func (t *talkWords) steers(s string) (doing, bool) {
	s = lexicon.Fold(s)
	for _, tail := range []string{"", "吧", "了", "啊", "please"} {
		if do, ok := t.steer[strings.TrimSuffix(s, tail)]; ok {
			return do, true
		}
	}
	return lost, false
}

// questions reports whether s asks something.
func (t *talkWords) questions(s string) bool {
	s = strings.ToLower(s)
	for _, w := range t.asks {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// bare takes off what says nothing around a value: "大约3.2亿左右吧".
func (t *talkWords) bare(s string) string {
	for again := true; again; {
		again = false
		s = strings.Trim(s, marks+"?？\"“”「」")
		for _, w := range t.about {
			if rest, ok := strings.CutPrefix(s, w); ok && strings.TrimSpace(rest) != "" {
				s, again = rest, true
			}
		}
		for _, w := range t.after {
			if rest, ok := strings.CutSuffix(s, w); ok && strings.TrimSpace(rest) != "" {
				s, again = rest, true
			}
		}
	}
	return s
}
