package commands

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/mouhua/mouhua/lexicon"
	"github.com/mouhua/mouhua/reporting"
)

// listNames are the bodies that a list names, as typed.
type listNames struct{ body, lead string }

// facet is one thing that a list can be narrowed by, as people write it.
type facet struct{ key, value string }

// facetWords are the words that people type, folded, next to the names of
// industries, routes, paths and programmes in every language.
var facetWords = map[string]facet{
	"submitted": {"status", "submitted"}, "pending": {"status", "submitted"}, "待审": {"status", "submitted"},
	"待审核": {"status", "submitted"}, "待核": {"status", "submitted"},
	"returned": {"status", "returned"}, "退回": {"status", "returned"}, "已退回": {"status", "returned"},
	"verified": {"status", "verified"}, "核实": {"status", "verified"}, "已核": {"status", "verified"},
	"已核实": {"status", "verified"}, "入库": {"status", "verified"},
	"suspended": {"status", "suspended"}, "暂停": {"status", "suspended"},
	"carried": {"status", "carried"}, "结转": {"status", "carried"}, "已结转": {"status", "carried"},
	"completed": {"status", "completed"}, "完成": {"status", "completed"}, "已完成": {"status", "completed"},
	"withdrawn": {"status", "withdrawn"}, "退库": {"status", "withdrawn"}, "已退库": {"status", "withdrawn"},
	"stuck": {"stuck", "1"}, "卡住": {"stuck", "1"}, "受阻": {"stuck", "1"},
	"在库": {"status", string(inPool)}, "pool": {"status", string(inPool)},
	"merged": {"status", "merged"}, "合并": {"status", "merged"}, "已合并": {"status", "merged"},
}

// stageWords are what people type for a stage, folded.
var stageWords = map[string]reporting.Stage{
	"s1": reporting.S1, "谋划储备": reporting.S1, "储备": reporting.S1,
	"s2": reporting.S2, "重点推进": reporting.S2, "推进": reporting.S2,
	"s3": reporting.S3, "落地转化": reporting.S3, "落地": reporting.S3,
	"s4": reporting.S4, "达产达效": reporting.S4, "达产": reporting.S4,
}

// vocabulary returns the facets by folded word, but for industries, which the
// office names.
func vocabulary(w *Words) map[string]facet {
	out := map[string]facet{}
	add := func(key, prefix string, ids []string) {
		for _, id := range ids {
			out[lexicon.Fold(id)] = facet{key, id}
			for _, l := range reporting.Locales {
				out[lexicon.Fold(w.Say(l, prefix+"."+id))] = facet{key, id}
			}
		}
	}
	paths := make([]string, len(reporting.Paths))
	for i, p := range reporting.Paths {
		paths[i] = string(p)
	}
	add("route", reporting.FieldRoute, reporting.Routes)
	add("path", reporting.FieldPath, paths)
	add("programme", reporting.FieldProgramme, reporting.Programmes)
	for word, s := range stageWords {
		out[word] = facet{"stage", string(s)}
	}
	for word, f := range facetWords {
		out[word] = f
	}
	return out
}

const (
	longestFacet = 6 // words of an English name
	numerals     = "0123456789.,一二两三四五六七八九十"
)

var (
	pageWord  = regexp.MustCompile(`^第?\d+页$`)
	staleWord = regexp.MustCompile(`^(\d+)(?:天|日)未更新$`)
	aboveWord = regexp.MustCompile(`^(?:≥|>=|》=)(.+)$|^(.+?)(?:及以上|以上)$`)
	belowWord = regexp.MustCompile(`^(?:≤|<=|《=)(.+)$|^(.+?)(?:及以下|以下|以内|以內)$`)
	moreWord  = regexp.MustCompile(`^(?:>|高于|高於|超过|超過)(.+)$`)
	lessWord  = regexp.MustCompile(`^(?:<|低于|低於|不足)(.+)$`)
	rangeWord = regexp.MustCompile(`^(.*\d.*?|[一二两三四五六七八九十百千].*?)(?:-|–|—|~|～|至|到)(.*[^\d.,].*)$`)
)

var (
	staleWords = []string{"stale", "未更新", "超期"}
	cityWords  = []string{"city", "全市"}
	leadWords  = []string{"lead", "主管", "主管部门", "主管部門", "行业主管部门", "行業主管部門"}
)

// parseList reads what follows /project list, in any order. Bodies are
// returned as typed. Errors: Invalid for an amount.
func (a *App) parseList(words []string, year int, lists *reporting.Catalogue) (listQuery, listNames, error) {
	r := listReader{q: listQuery{Year: year, Page: 1}, words: words, known: a.facets, industries: industriesByName(lists)}
	for len(r.words) > 0 {
		n, err := r.take()
		if err != nil {
			return r.q, r.names, err
		}
		r.words = r.words[n:]
	}
	r.names.body = strings.Join(r.rest, " ")
	return r.q, r.names, nil
}

// listReader reads the words of a list, the first ones first.
type listReader struct {
	q     listQuery
	names listNames
	words []string
	rest  []string // of the body's name
	known map[string]facet

	industries map[string]string // id by folded name
}

func industriesByName(lists *reporting.Catalogue) map[string]string {
	out := map[string]string{}
	for _, e := range lists.Of(reporting.ListIndustry) {
		for _, name := range append([]string{e.ID, e.Name.ZhCN, e.Name.ZhTW, e.Name.En}, e.Aliases...) {
			if name != "" {
				out[lexicon.Fold(name)] = e.ID
			}
		}
	}
	return out
}

// facet returns what a folded word narrows a list by.
func (r *listReader) facet(word string) (facet, bool) {
	if f, ok := r.known[word]; ok {
		return f, true
	}
	id, ok := r.industries[word]
	return facet{"industry", id}, ok
}

// take reads the next word or words, and returns how many it took.
func (r *listReader) take() (int, error) {
	w := r.words[0]
	if key, value, ok := strings.Cut(w, "="); ok && r.pair(key, value) {
		return 1, nil
	}
	for n := min(longestFacet, len(r.words)); n > 0; n-- {
		if f, ok := r.facet(lexicon.Fold(strings.Join(r.words[:n], " "))); ok {
			r.q.set(f.key, f.value)
			return n, nil
		}
	}
	if took, err := r.money(lexicon.Width(w)); took || err != nil {
		return 1, err
	}
	next := ""
	if len(r.words) > 1 {
		next = r.words[1]
	}
	folded := lexicon.Fold(w)
	days := staleWord.FindStringSubmatch(folded)
	switch {
	case folded == "all" || folded == "全部":
		r.q.Year = 0
	case slices.Contains(cityWords, folded):
	case (folded == "page" || folded == "页") && next != "":
		r.q.Page = positive(next)
		return 2, nil
	case days != nil:
		r.q.Stale = staleFor(days[1])
	case slices.Contains(staleWords, folded):
		r.q.Stale = staleDays
		if strings.Trim(next, "0123456789") == "" && next != "" && !isYear(next) {
			r.q.Stale = staleFor(next)
			return 2, nil
		}
	case pageWord.MatchString(folded):
		r.q.Page = positive(strings.Trim(folded, "第页"))
	case isYear(strings.TrimSuffix(folded, "年")):
		r.q.set("year", strings.TrimSuffix(folded, "年"))
	case slices.Contains(leadWords, folded) && next != "":
		r.names.lead = next
		return 2, nil
	case strings.HasPrefix(w, "主管"):
		r.names.lead = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(w, "主管"), "部门"), "部門")
	default:
		r.rest = append(r.rest, w)
	}
	return 1, nil
}

// pair reads key=value as buttons carry it; false when the key is none of them.
func (r *listReader) pair(key, value string) bool {
	key = strings.ToLower(key)
	switch key {
	case "body":
		if value != "" && !slices.Contains(cityWords, lexicon.Fold(value)) {
			r.rest = append(r.rest, value)
		}
		return true
	case "lead":
		r.names.lead = value
		return true
	}
	if f, ok := r.facet(lexicon.Fold(value)); ok && f.key == key {
		value = f.value
	}
	return r.q.set(key, value)
}

// money reads an amount with a bound, or two of them; false when w is none.
func (r *listReader) money(w string) (bool, error) {
	ends := []struct {
		word *regexp.Regexp
		to   *reporting.Wan
		more reporting.Wan
	}{
		{aboveWord, &r.q.Min, 0}, {belowWord, &r.q.Max, 0}, {moreWord, &r.q.Min, 1}, {lessWord, &r.q.Max, -1},
	}
	for _, e := range ends {
		m := e.word.FindStringSubmatch(w)
		if m == nil {
			continue
		}
		amount, err := reporting.ParseMoney(strings.Join(m[1:], "")) // one of them is there
		if err != nil {
			return false, err
		}
		*e.to = max(amount+e.more, 1)
		return true, nil
	}
	m := rangeWord.FindStringSubmatch(w)
	if m == nil {
		return false, nil
	}
	if strings.Trim(m[1], numerals) == "" { // 1-5亿 means 1亿
		m[1] += strings.TrimLeft(m[2], numerals)
	}
	low, isLow := amount(m[1])
	high, isHigh := amount(m[2])
	if isLow && isHigh { // else it is a name with a dash
		r.q.Min, r.q.Max = min(low, high), max(low, high)
	}
	return isLow && isHigh, nil
}

func amount(s string) (reporting.Wan, bool) {
	w, err := reporting.ParseMoney(s)
	return w, err == nil
}

// set takes over one part by its key; false when there is no such part. A
// value that cannot be right leaves the part out.
func (q *listQuery) set(key, value string) bool {
	number, _ := strconv.Atoi(value)
	switch key {
	case "status":
		if slices.Contains(reporting.Statuses, reporting.Status(value)) || reporting.Status(value) == inPool {
			q.Status = reporting.Status(value)
		}
	case "stage":
		if slices.Contains(reporting.Stages, reporting.Stage(value)) {
			q.Stage = reporting.Stage(value)
		}
	case "industry":
		q.Industry = value
	case "route":
		q.Route = value
	case "path":
		q.Path = reporting.Path(value)
	case "programme":
		q.Programme = value
	case "min":
		q.Min = reporting.Wan(max(number, 0))
	case "max":
		q.Max = reporting.Wan(max(number, 0))
	case "year":
		q.Year = max(number, 0)
	case "stale":
		q.Stale = staleFor(value)
	case "stuck":
		q.Stuck = value == "1"
	case "detail":
		if text, err := url.QueryUnescape(value); err == nil {
			q.Detail = text
		}
	case "credited":
		q.Credited = readDays(value)
	case "after", "before":
		m, err := reporting.ParseMark(value)
		if err == nil && key == "after" {
			q.After = m
		} else if err == nil {
			q.Before = m
		}
	case "page":
		q.Page = positive(value)
	default:
		return false
	}
	return true
}

func isYear(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n >= 1990 && n <= 2100
}

// positive reads a page number; what is none means the first page.
func positive(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		return 1
	}
	return min(n, 1_000_000)
}

// staleFor reads days; more than ten years are ten years.
func staleFor(s string) int { return min(positive(s), 3660) }
