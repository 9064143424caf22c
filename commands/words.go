package commands

import (
	"embed"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"github.com/mouhua/mouhua/reporting"
)

//go:embed locales/*.toml
var localeFiles embed.FS

// Words holds every text that a person reads, in the three languages.
type Words struct {
	in map[reporting.Locale]*i18n.Localizer
	// split holds the texts whose slots are plain, which is nearly all of them,
	// taken apart: an answer has twenty texts, and running a template for each
	// took as long as asking the database.
	split map[reporting.Locale]map[string]text
}

// text is a message taken apart: what stands between the slots, and their names.
// There is one more piece than slots.
type text struct{ pieces, slots []string }

var slotPattern = regexp.MustCompile(`\{\{\s*\.(\w+)\s*\}\}`)

// splitText takes a message apart; ok is false when a template has to do it.
func splitText(s string) (t text, ok bool) {
	at := 0
	for _, m := range slotPattern.FindAllStringSubmatchIndex(s, -1) {
		t.pieces, t.slots = append(t.pieces, s[at:m[0]]), append(t.slots, s[m[2]:m[3]])
		at = m[1]
	}
	t.pieces = append(t.pieces, s[at:])
	return t, !slices.ContainsFunc(t.pieces, func(p string) bool { return strings.Contains(p, "{{") })
}

// join fills the slots with what value returns; a missing one shows as a
// template would show it.
func (t text) join(value func(name string) any) string {
	if len(t.slots) == 0 {
		return t.pieces[0]
	}
	var b strings.Builder
	for i, name := range t.slots {
		b.WriteString(t.pieces[i])
		switch v := value(name).(type) {
		case string:
			b.WriteString(v)
		case int:
			b.WriteString(strconv.Itoa(v))
		case nil:
			b.WriteString("<no value>")
		default:
			fmt.Fprint(&b, v)
		}
	}
	b.WriteString(t.pieces[len(t.slots)])
	return b.String()
}

// NewWords reads the locale files.
func NewWords() (*Words, error) {
	bundle := i18n.NewBundle(language.MustParse(string(reporting.ZhCN)))
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	files, err := localeFiles.ReadDir("locales")
	if err != nil {
		return nil, fmt.Errorf("list locale files: %w", err)
	}
	w := &Words{in: map[reporting.Locale]*i18n.Localizer{}, split: map[reporting.Locale]map[string]text{}}
	for _, f := range files {
		read, err := bundle.LoadMessageFileFS(localeFiles, "locales/"+f.Name())
		if err != nil {
			return nil, fmt.Errorf("read locale file %s: %w", f.Name(), err)
		}
		w.takeApart(reporting.Locale(read.Tag.String()), read.Messages)
	}
	for _, l := range reporting.Locales {
		w.in[l] = i18n.NewLocalizer(bundle, string(l))
	}
	return w, nil
}

func (w *Words) takeApart(l reporting.Locale, messages []*i18n.Message) {
	if w.split[l] == nil {
		w.split[l] = map[string]text{}
	}
	for _, m := range messages {
		if m.One+m.Two+m.Few+m.Many+m.Zero != "" {
			continue
		}
		if t, ok := splitText(m.Other); ok {
			w.split[l][m.ID] = t
		}
	}
}

// Say returns the text of key in l, filled with args (pairs of name and
// value). A key that no file has comes back as it is; a test finds those.
func (w *Words) Say(l reporting.Locale, key string, args ...any) string {
	if t, ok := w.split[l][key]; ok {
		return t.join(func(name string) any {
			for i := 0; i+1 < len(args); i += 2 {
				if args[i] == name {
					return args[i+1]
				}
			}
			return nil
		})
	}
	data := map[string]any{}
	for i := 0; i+1 < len(args); i += 2 {
		data[args[i].(string)] = args[i+1]
	}
	return w.fill(l, key, data)
}

func (w *Words) fill(l reporting.Locale, key string, data map[string]any) string {
	if t, ok := w.split[l][key]; ok {
		return t.join(func(name string) any { return data[name] })
	}
	loc, ok := w.in[l]
	if !ok {
		loc = w.in[reporting.ZhCN]
	}
	s, err := loc.Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: data})
	if err != nil && s == "" {
		return key
	}
	return s
}

// Explain returns what a person is told of err in l, or in the language of the
// question that was refused. ok is false for an internal error, of which a
// person only gets the reference under which it is logged.
func (w *Words) Explain(l reporting.Locale, err error, reference string) (text string, ok bool) {
	var asked *inLocale
	if errors.As(err, &asked) {
		l = asked.locale
	}
	var faults reporting.FieldErrors
	if errors.As(err, &faults) && len(faults) > 0 {
		err = faults[0]
	}
	var e *reporting.Error
	if !errors.As(err, &e) {
		return w.Say(l, "err.internal", "reference", reference), false
	}
	data := map[string]any{}
	for k, v := range e.Args {
		// Some arguments are themselves words: who could do it, a status.
		if s, isText := v.(string); isText && (k == "who" || k == "status") {
			if k == "status" && !strings.Contains(s, ".") {
				s = "status." + s
			}
			if v = w.Say(l, s); k == "who" {
				v = w.whoCould(l, s, e.Args)
			}
		}
		data[k] = v
	}
	return w.fill(l, e.Key, data), e.Code != reporting.Unavailable
}

// FieldTexts returns the faults of a form by field id, in l.
func (w *Words) FieldTexts(l reporting.Locale, faults reporting.FieldErrors) map[string]string {
	out := map[string]string{}
	for _, e := range faults {
		if _, taken := out[e.Field]; !taken {
			out[e.Field], _ = w.Explain(l, e, "")
		}
	}
	return out
}
