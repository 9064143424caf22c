package commands

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/mouhua/mouhua/lexicon"
	"github.com/mouhua/mouhua/reporting"
)

const listPage = 10 // projects on a page

// listQuery is what /project list asks for. Its text form is the value of the
// buttons, and can be typed too: "body=jingyue status=verified year=2018 page=2".
type listQuery struct {
	Body   string // id
	Status reporting.Status
	Stage  reporting.Stage
	Year   int // 0 = all
	Stale  int // not written for so many days, 0 = all
	Page   int // from 1
}

func (q listQuery) String() string {
	var out []string
	for _, kv := range [][2]string{
		{"body", q.Body}, {"status", string(q.Status)}, {"stage", string(q.Stage)},
		{"year", strconv.Itoa(q.Year)}, {"stale", positiveText(q.Stale)}, {"page", strconv.Itoa(q.Page)},
	} {
		if kv[1] != "" {
			out = append(out, kv[0]+"="+kv[1])
		}
	}
	return strings.Join(out, " ")
}

func (q listQuery) at(page int) string {
	q.Page = page
	return q.String()
}

// statusWords and stageWords are what people type, folded.
var statusWords = map[string]reporting.Status{
	"submitted": reporting.Submitted, "pending": reporting.Submitted, "待审": reporting.Submitted, "待审核": reporting.Submitted, "待核": reporting.Submitted,
	"returned": reporting.Returned, "退回": reporting.Returned, "已退回": reporting.Returned,
	"verified": reporting.Verified, "核实": reporting.Verified, "已核": reporting.Verified, "已核实": reporting.Verified, "入库": reporting.Verified,
	"suspended": reporting.Suspended, "暂停": reporting.Suspended,
	"carried": reporting.Carried, "结转": reporting.Carried, "已结转": reporting.Carried,
	"completed": reporting.Completed, "完成": reporting.Completed, "已完成": reporting.Completed,
	"withdrawn": reporting.Withdrawn, "退库": reporting.Withdrawn, "已退库": reporting.Withdrawn,
	"merged": reporting.Merged, "合并": reporting.Merged, "已合并": reporting.Merged,
}

var stageWords = map[string]reporting.Stage{
	"s1": reporting.S1, "谋划储备": reporting.S1, "储备": reporting.S1,
	"s2": reporting.S2, "重点推进": reporting.S2, "推进": reporting.S2,
	"s3": reporting.S3, "落地转化": reporting.S3, "落地": reporting.S3,
	"s4": reporting.S4, "达产达效": reporting.S4, "达产": reporting.S4,
}

var pageWord = regexp.MustCompile(`^第?\d+页$`)

// staleDays is how long a project may go without a word.
const staleDays = 30

var staleWords = []string{"stale", "未更新", "超期"}

// positiveText is n, nothing for 0.
func positiveText(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

var cityWords = []string{"city", "全市"}

// parseList reads what follows /project list, in any order; what is neither
// status, stage, year nor page is the name of a body and is returned as such.
func parseList(words []string, year int) (q listQuery, name string) {
	q = listQuery{Year: year, Page: 1}
	var rest []string
	for i := 0; i < len(words); i++ {
		w := words[i]
		key, value, pair := strings.Cut(w, "=")
		if !pair {
			value = w
		}
		folded := lexicon.Fold(value)
		status, isStatus := statusWords[folded]
		stage, isStage := stageWords[folded]
		switch {
		case pair && key == "body":
			name := strings.TrimSpace(value)
			if name != "" && !slices.Contains(cityWords, name) {
				rest = append(rest, name)
			}
		case isStatus:
			q.Status = status
		case isStage:
			q.Stage = stage
		case !pair && (folded == "all" || folded == "全部"):
			q.Year = 0
		case !pair && slices.Contains(cityWords, folded):
		case !pair && (folded == "page" || folded == "页") && i+1 < len(words):
			i++
			q.Page = positive(words[i])
		case pair && key == "stale":
			q.Stale = positive(value)
		case !pair && slices.Contains(staleWords, folded):
			q.Stale = staleDays
			if i+1 < len(words) && strings.Trim(words[i+1], "0123456789") == "" && !isYear(words[i+1]) {
				i++
				q.Stale = positive(words[i])
			}
		case pair && key == "page":
			q.Page = positive(value)
		case pageWord.MatchString(folded):
			q.Page = positive(strings.Trim(folded, "第页"))
		case isYear(strings.TrimSuffix(folded, "年")) || pair && key == "year":
			q.Year, _ = strconv.Atoi(strings.TrimSuffix(folded, "年"))
		case !pair:
			rest = append(rest, w)
		}
	}
	return q, strings.Join(rest, " ")
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

// list answers /project list: pages of ten with the total and the sum.
func (a *App) list(c *call) (Response, error) {
	q, name := parseList(c.words, c.day.Year)
	if name != "" {
		b, reply, err := a.bodyOrChoice(c, name, "project.list", func(b reporting.Body) string {
			n := q
			n.Body = b.ID
			return n.String()
		})
		if err != nil || reply != nil {
			return Response{Reply: reply}, err
		}
		q.Body = b.ID
	}
	if q.Body == "" && !c.actor.ReadsAll() {
		q.Body = c.actor.BodyID
	}
	if err := reporting.CanReadQuota(c.actor, q.Body); err != nil {
		return Response{}, err
	}
	page, err := a.listPage(c, &q)
	if err != nil {
		return Response{}, err
	}
	bodies, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Response{}, fmt.Errorf("read bodies: %w", err)
	}
	return Response{Reply: a.listReply(c, q, page, bodies)}, nil
}

// listPage reads the page asked for, or the last there is.
func (a *App) listPage(c *call, q *listQuery) (reporting.ProjectPage, error) {
	f := reporting.ProjectFilter{Body: q.Body, Stage: q.Stage, Year: q.Year, Limit: listPage}
	if q.Status != "" {
		f.Status = []reporting.Status{q.Status}
	}
	if q.Stale > 0 {
		f.StaleSince = c.now.AddDate(0, 0, -q.Stale).UnixMilli()
		if q.Status == "" {
			f.Status = []reporting.Status{reporting.Verified} // what has ended or waits is not overdue
		}
	}
	for {
		f.Offset = (q.Page - 1) * listPage
		page, err := a.store.ListProjects(c.ctx, f)
		if err != nil {
			return page, fmt.Errorf("list projects: %w", err)
		}
		if q.Page <= pages(page.Total, listPage) {
			return page, nil
		}
		q.Page = pages(page.Total, listPage)
	}
}

// pages returns how many pages n things fill, at least one.
func pages(n, size int) int { return max(1, (n+size-1)/size) }

func (a *App) listReply(c *call, q listQuery, page reporting.ProjectPage, bodies *reporting.BodyList) *Reply {
	title := a.listTitle(c, q, bodies)
	total := a.say(c, "list.total", "n", page.Total, "money", a.money(c, page.Invest))
	r := &Reply{Text: title + a.say(c, "word.colon") + total, Parts: []Part{Heading(title), Paragraph{Plain(total)}}}
	t := Table{Columns: []Column{
		{Title: a.say(c, "field.id.label")}, {Title: a.say(c, "field.name.label")}, {Title: a.say(c, "field.territory.label")},
		{Title: a.say(c, "list.invest"), Right: true}, {Title: a.say(c, "field.stage.label")}, {Title: a.say(c, "field.status.label")},
	}}
	for _, p := range page.Projects {
		t.Rows = append(t.Rows, []string{
			p.ID, clip(oneLine(p.Name)), a.territory(c, bodies, p), p.InvestTotal.YiString(),
			string(p.Stage) + " " + a.say(c, "stage."+string(p.Stage)), a.say(c, "status."+string(p.Status)),
		})
	}
	if len(t.Rows) > 0 {
		r.Parts = append(r.Parts, t)
	}
	if b := a.pager(c, "project.list", q.Page, pages(page.Total, listPage), q.at); len(b) > 0 {
		r.Parts = append(r.Parts, b)
	}
	key := "list.note"
	if q.Body == "" {
		key = "list.note_city"
	}
	note := a.say(c, key, "page", q.Page, "pages", pages(page.Total, listPage), "command", a.slash("project")+" show")
	r.Parts = append(r.Parts, Note{Plain(note)}, a.asOf(c))
	return r
}

func (a *App) listTitle(c *call, q listQuery, bodies *reporting.BodyList) string {
	title := []string{a.say(c, "word.city")}
	if q.Body != "" {
		title[0] = a.nameOf(c, bodies, q.Body)
	}
	if q.Year != 0 {
		title = append(title, a.say(c, "word.year", "year", q.Year))
	} else {
		title = append(title, a.say(c, "list.all_years"))
	}
	if q.Stage != "" {
		title = append(title, a.say(c, "stage."+string(q.Stage)))
	}
	if q.Stale > 0 {
		title = append(title, a.say(c, "list.stale", "n", q.Stale))
	}
	if q.Status != "" {
		title = append(title, a.say(c, "status."+string(q.Status)))
	}
	return strings.Join(title, " · ")
}

// pager are the buttons to the pages before and after.
func (a *App) pager(c *call, action string, page, of int, at func(int) string) Buttons {
	var b Buttons
	if page > 1 {
		b = append(b, a.button(c, action, at(page-1), "previous"))
	}
	if page < of {
		b = append(b, a.button(c, action, at(page+1), "next"))
	}
	return b
}
