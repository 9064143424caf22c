package reporting

// Locale is a language that Mouhua speaks.
type Locale string

// The three languages.
const (
	ZhCN Locale = "zh-CN"
	ZhTW Locale = "zh-TW"
	En   Locale = "en"
)

// Locales lists the languages, the default first.
var Locales = []Locale{ZhCN, ZhTW, En}

// ParseLocale maps a Slack locale ("zh-CN", "zh-HK", "en-US" …) to a language
// of ours, or returns fallback.
func ParseLocale(s string, fallback Locale) Locale {
	switch {
	case s == "zh-TW" || s == "zh-HK" || s == "zh-MO" || s == "zh-Hant":
		return ZhTW
	case len(s) >= 2 && s[:2] == "zh":
		return ZhCN
	case len(s) >= 2 && s[:2] == "en":
		return En
	}
	return fallback
}

// Names is one name in the three languages.
type Names struct{ ZhCN, ZhTW, En string }

// In returns the name in l, or the first language that has one.
func (n Names) In(l Locale) string {
	for _, s := range []string{map[Locale]string{ZhCN: n.ZhCN, ZhTW: n.ZhTW, En: n.En}[l], n.ZhCN, n.ZhTW, n.En} {
		if s != "" {
			return s
		}
	}
	return ""
}

// Kind is what sort of body it is.
type Kind string

// The kinds of bodies (plan, chapter 3 and its two annexes).
const (
	District   Kind = "district"
	County     Kind = "county"
	DevZone    Kind = "devzone"
	Department Kind = "department"
	Enterprise Kind = "enterprise"
	Office     Kind = "office"
)

// Kinds lists the kinds in the order in which tables show them.
var Kinds = []Kind{District, County, DevZone, Department, Enterprise, Office}

// Body is an implementing body of the plan.
type Body struct {
	ID        string
	Kind      Kind
	Group     string // the league in which it is ranked; by default its kind
	Name      Names  // official name
	Short     Names  // what people say; En may be empty
	Aliases   []string
	ChannelID string // Slack channel of its nudges; "" = none
	ParentID  string
	// ChannelSince is when ChannelID was set (UTC ms): no nudge is owed for a
	// time before it.
	ChannelSince int64
	// UndeliverableSince is when its channel was found dead (UTC ms), 0 = fine;
	// UndeliverableWhy is Slack's error code.
	UndeliverableSince int64
	UndeliverableWhy   string
	LeaderID           string // Slack user id of the leader in charge; "" = none
	EndsOn             Date   // its last day; zero = it goes on
	EndReason          string
	SuccessorID        string // body that follows it once it has ended; "" = none
	Version            int
}

// Ended reports whether the body's last day is over on day: then it files
// nothing, is nudged about nothing and ranked nowhere; its past stays readable.
func (b Body) Ended(day Date) bool { return !b.EndsOn.IsZero() && b.EndsOn.Before(day) }

// Label returns the short name in l.
func (b Body) Label(l Locale) string {
	if s := (Names{b.Short.ZhCN, b.Short.ZhTW, b.Short.En}); l == En && s.En == "" {
		return b.Name.In(En)
	}
	return b.Short.In(l)
}

// Territorial reports whether the body manages a territory (plan 3.1, annex 1).
func (b Body) Territorial() bool {
	return b.Kind == District || b.Kind == County || b.Kind == DevZone
}
