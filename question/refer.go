package question

import (
	"regexp"
	"slices"
	"strings"
)

// versus are words that hold one body against another.
var versus = regexp.MustCompile(`比|谁更?[快多高好慢少低强]|哪个更?[快多高好慢少低强]|\b(?:vs|versus|compared?|than|against)\b`)

// refer decides for a sentence that asks something else of what the question
// before was about: against whom, in which place, or which projects. It reports
// whether it decided; then r has its intent, and takes over what it leaves out
// unless that is Unknown.
func (s *sentence) refer(r, before *Reading, has map[string]bool) bool {
	quota := strings.HasPrefix(string(before.Intent), "quota.") || before.Intent == CityProgress
	body := before.Slots[Body]
	if !slices.Contains(ofOneBody, before.Intent) {
		body = ""
	}
	named := has[meansBody] || has[meansEither] || has[meansPlace] || has["we"]
	switch {
	case body != "" && s.against(has):
		r.Intent = Unknown
		if all := s.all(meansBody); len(all) == 1 && all[0] != body && !has["city"] && !has["we"] {
			r.Intent, r.Slots[Bodies], r.Slots[FollowUp] = QuotaCompare, body+"|"+all[0], "1"
			if m := before.Slots[Metric]; m != "" && !has[string(Metric)] {
				r.Slots[Metric] = m
			}
		}
	case r.Intent == QuotaRanking && quota && before.Intent != QuotaRanking && !named:
		if (has["that body"] || has["rank"] && !has[string(BodyKind)]) && !has["best"] && !has["worst"] && !has[string(Order)] && body != "" {
			r.Slots[Body], r.Slots[FollowUp] = body, "1"
		}
	case named || has["filter"] || has["city"] || has["who"] || has[string(BodyKind)] || has["project"]:
		return false
	case body != "" && (r.Intent == ProjectCount || r.Intent == ProjectSum || r.Intent == ProjectBreakdown || r.Intent == ProjectList):
	case has["list"] && (r.Intent == Unknown || r.Intent == ProjectList) && (body != "" || slices.Contains(ofProjects[:3], before.Intent)):
		r.Intent = ProjectList
	default:
		return false
	}
	return true
}

// against reports whether a body is held against that of the question before,
// and nothing else is asked.
func (s *sentence) against(has map[string]bool) bool {
	if len(s.all(meansBody)) > 1 || !has["compare"] && !has["comparing"] || !versus.MatchString(s.s) {
		return false
	}
	for name := range has {
		if has[name] && name != "comparing" && name != "done" && name != "each" && !slices.Contains(bareNames, name) {
			return false
		}
	}
	return (has["it"] || has["that body"] || has[meansBody] || has["city"]) && !has["pacing"] && !has[string(Basis)] && !has[string(Period)] && !has[string(Year)]
}
