package question

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
)

//go:embed words.txt
var wordsText string

//go:embed glossary.txt
var glossaryText string

//go:embed places.txt
var placesText string

// meaning is what a word says: a name that rules ask for, or a slot with its
// value.
type meaning struct{ name, value string }

// lexeme is a node of the tree of all forms, rune by rune.
type lexeme struct {
	next  map[rune]*lexeme
	means []meaning
}

// vocabulary is what words.txt, glossary.txt, places.txt and beyond.txt teach.
type vocabulary struct {
	root *lexeme
	// english are the forms of one word of at least five letters, by length: a
	// slip of the finger is looked for among them.
	english map[int][]string
}

var words = sync.OnceValue(func() *vocabulary {
	v := &vocabulary{root: &lexeme{}, english: map[int][]string{}}
	for line := range strings.Lines(wordsText + glossaryText + placesText + beyondText) {
		head, forms, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, _ := strings.Cut(head, "=")
		for _, pattern := range strings.Split(forms, ", ") {
			for _, form := range expand(pattern) {
				v.teach(form, meaning{name, value})
			}
		}
	}
	v.learn("term", Terms)
	v.learn("heading", PlanTopics)
	return v
})

// learn adds what the tables of what can be explained call their entries, where
// that is not a word with a meaning already; terms are only asked for as such.
func (v *vocabulary) learn(name string, table []Subject) {
	for _, x := range table {
		for _, form := range append([]string{x.Name.ZhCN, x.Name.En}, x.Words...) {
			if folded := fold(form).s; name == "term" || len(folded) > 3 && len(v.means(folded)) == 0 {
				v.teach(form, meaning{name, x.ID})
			}
		}
	}
}

// teach adds one form.
func (v *vocabulary) teach(form string, m meaning) {
	form = strings.TrimSpace(fold(form).s)
	if form == "" {
		return
	}
	node := v.root
	for _, r := range form {
		if node.next == nil {
			node.next = map[rune]*lexeme{}
		}
		if node.next[r] == nil {
			node.next[r] = &lexeme{}
		}
		node = node.next[r]
	}
	for _, known := range node.means {
		if known == m {
			return
		}
	}
	if len(node.means) == 0 && len(form) >= minSlip && oneWord(form) {
		v.english[len(form)] = append(v.english[len(form)], form)
	}
	node.means = append(node.means, m)
}

// minSlip is the shortest English word in which a slip of the finger is read.
const minSlip = 5

func oneWord(form string) bool {
	return strings.IndexFunc(form, func(r rune) bool { return !latin(r) }) < 0
}

// means returns the meanings of a form.
func (v *vocabulary) means(form string) []meaning {
	node := v.root
	for _, r := range form {
		if node = node.next[r]; node == nil {
			return nil
		}
	}
	return node.means
}

// teaches reports whether a form has a meaning with this name.
func (v *vocabulary) teaches(form, name string) bool {
	for _, m := range v.means(form) {
		if m.name == name {
			return true
		}
	}
	return false
}

// expand returns the forms of a pattern: (a|b|) is a, b or nothing and may have
// such groups inside, x? is x or nothing, a backslash takes the next sign as it
// is.
func expand(pattern string) []string {
	forms, _ := options([]rune(pattern), 0)
	return forms
}

// options reads alternatives up to the bracket that closes them, and returns
// where that is.
func options(p []rune, i int) (all []string, end int) {
	heads := []string{""}
	for i < len(p) && p[i] != ')' {
		var next []string
		switch {
		case p[i] == '|':
			all, heads, i = append(all, heads...), []string{""}, i+1
			continue
		case p[i] == '(':
			next, i = options(p, i+1)
		case p[i] == '\\' && i+1 < len(p):
			i++
			next = []string{string(p[i])}
		default:
			next = []string{string(p[i])}
		}
		if i++; i < len(p) && p[i] == '?' {
			next, i = append(next, ""), i+1
		}
		heads = product(heads, next)
	}
	return append(all, heads...), i
}

func product(heads, tails []string) []string {
	var out []string
	for _, h := range heads {
		for _, t := range tails {
			out = append(out, h+t)
		}
	}
	return out
}

// find adds the forms of the vocabulary that stand in t.
func (v *vocabulary) find(t *text, add func(span)) {
	for i := range t.runes {
		node, letters := v.root, latin(t.runes[i]) || digit(t.runes[i])
		if letters && !t.edge(i) {
			continue
		}
		for j := i; j < len(t.runes); j++ {
			if node = node.next[t.runes[j]]; node == nil {
				break
			}
			if len(node.means) == 0 {
				continue
			}
			if last := t.runes[j]; (latin(last) || digit(last)) && !t.edge(j+1) {
				continue
			}
			add(span{from: i, to: j + 1, means: node.means})
		}
	}
}

// isWord reports whether r may be part of a word, and is no sign.
func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
