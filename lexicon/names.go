package lexicon

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"

	"github.com/mouhua/mouhua/reporting"
)

// names are the folded names of one body.
type names struct {
	sure     []string // exact: id, official and short names, aliases, their pinyin, agreed initials
	id       string
	initials []string // that nobody agreed on: tried when nothing is exact
	text     []string // searched for parts: names in characters and in English
	latin    []string // searched for parts and slips: id, pinyin, English, aliases in letters
}

// namesOf lists what b is called. Initials are agreed on when the office gave
// an alias in capitals (JY); a body without such an alias is called by any
// initials of its names, so that LY is Lüyuan as well as forestry and tourism.
func namesOf(b reporting.Body) names {
	n := names{id: Fold(b.ID)}
	spoken := slices.Concat([]string{b.Short.ZhCN}, b.Aliases)
	agreed := false
	for _, s := range slices.Concat([]string{b.Name.ZhCN, b.Name.ZhTW, b.Name.En, b.Short.ZhTW, b.Short.En}, spoken) {
		n.add(Fold(s))
		agreed = agreed || capitals(s)
	}
	for _, s := range []string{b.Name.ZhCN, b.Name.ZhTW} {
		n.withoutCity(Fold(s), b)
	}
	for _, s := range spoken {
		forms, root := shorter(Fold(s), b)
		for _, form := range forms {
			n.sure = append(n.sure, n.addPinyin(form)...)
		}
		n.addPinyin(root)
	}
	n.latin = append(n.latin, n.id)
	if !agreed {
		n.sure, n.initials = append(n.sure, n.initials...), nil
	}
	for _, list := range []*[]string{&n.sure, &n.initials, &n.text, &n.latin} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return n
}

// withoutCity adds the official name of a department without the city's before
// it, as it is said in Changchun: 市农业委员会, 农业委员会.
func (n *names) withoutCity(s string, b reporting.Body) {
	if rest, ok := strings.CutPrefix(s, "长春市"); ok && b.Kind == reporting.Department {
		n.add(rest)
		n.add("市" + rest)
	}
}

func (n *names) add(s string) {
	if s == "" {
		return
	}
	n.sure = append(n.sure, s)
	n.text = append(n.text, s)
	if plain(s) {
		n.latin = append(n.latin, s)
	}
}

// addPinyin adds how a name in characters is spelt, and returns it.
func (n *names) addPinyin(s string) []string {
	if !han(s) {
		return nil
	}
	var spelt []string
	for _, syllables := range readings(s) {
		full, first := "", ""
		for _, y := range syllables {
			full, first = full+y, first+y[:1]
		}
		spelt = append(spelt, full)
		n.initials = append(n.initials, first)
	}
	n.latin = append(n.latin, spelt...)
	return spelt
}

// shorter returns a folded name, with and without the 市 before a department,
// and its root without the word for its kind (林业 of 市林业局), "" if it has
// none. A root is a part of the name, not a name; but it gives initials.
func shorter(s string, b reporting.Body) (forms []string, root string) {
	forms = []string{s}
	if rest, ok := strings.CutPrefix(s, "市"); ok && b.Kind == reporting.Department {
		s = rest
		forms = append(forms, s)
	}
	r := []rune(s)
	if len(r) > 2 && strings.ContainsRune("区县市局委办", r[len(r)-1]) {
		root = string(r[:len(r)-1])
	}
	return forms, root
}

// usual are the readings in names of characters that the dictionary gives
// rare readings too.
var usual = map[rune]string{
	'区': "qu", '县': "xian", '市': "shi", '局': "ju", '长': "chang", '朝': "chao", '台': "tai",
	'车': "che", '山': "shan", '食': "shi", '会': "hui", '度': "du", '化': "hua", '发': "fa",
}

// maxReadings bounds the pinyin forms of one name.
const maxReadings = 48

// readings returns the ways in which a name in characters may be spelt, with
// ü as v and, where there is one, as u.
func readings(s string) [][]string {
	out := [][]string{nil}
	args := pinyin.NewArgs()
	args.Heteronym = true
	for _, r := range s {
		options := pinyin.SinglePinyin(r, args)
		if y, ok := usual[r]; ok {
			options = []string{y}
		}
		options = slices.Clone(options[:min(3, len(options))])
		for _, y := range options {
			if strings.Contains(y, "v") {
				options = append(options, strings.ReplaceAll(y, "v", "u"))
			}
		}
		slices.Sort(options)
		options = slices.Compact(options)
		if len(out)*len(options) > maxReadings {
			options = options[:1]
		}
		if len(options) == 0 {
			continue
		}
		var next [][]string
		for _, head := range out {
			for _, y := range options {
				next = append(next, append(slices.Clip(head), y))
			}
		}
		out = next
	}
	return out
}

// han reports whether s is Chinese characters only.
func han(s string) bool {
	for _, r := range s {
		if !unicode.Is(unicode.Han, r) {
			return false
		}
	}
	return s != ""
}

func capitals(s string) bool {
	return utf8.RuneCountInString(s) >= 2 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}
