package commands

import (
	"crypto/rand"
	"fmt"
	"maps"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// filingCommands are the commands about projects and their review.
func (a *App) filingCommands() []command {
	return []command{
		{name: "project", subs: []subcommand{
			{words: []string{"register", "登记", "登記", "申报", "申報"}, run: a.register},
			{words: []string{"mine", "我的"}, run: a.mine},
			{words: []string{"show", "查看"}, run: a.show},
			{words: []string{"list", "清单", "清單", "列表"}, run: a.list},
			{words: []string{"edit", "修改"}, run: a.edit},
			{words: []string{"advance", "推进", "推進"}, run: a.advance},
			{words: []string{"update", "更新"}, run: a.update},
			{words: []string{"problem", "问题", "問題"}, run: a.problem},
			{words: []string{"approvals", "审批", "審批"}, run: a.approvals},
			{words: []string{"problems", "问题清单", "問題清單"}, run: a.problemList},
			{words: []string{"reconfirm", "复核", "複核"}, run: a.reconfirm},
			{words: []string{"suspend", "暂停", "暫停"}, run: a.live("suspend")},
			{words: []string{"resume", "恢复", "恢復"}, run: a.live("resume")},
			{words: []string{"withdraw", "退库", "退庫"}, run: a.live("withdraw")},
			{words: []string{"code", "代码", "代碼"}, run: a.code},
			{words: []string{"complete", "补全", "補全"}, run: a.complete},
			{words: []string{"catalogue", "目录", "目錄"}, run: a.catalogue},
			{words: []string{"merge", "合并", "合併"}, run: a.live("merge"), office: true},
			{words: []string{"stage", "阶段", "階段"}, run: a.live("stage"), office: true},
			{words: []string{"year", "年度"}, run: a.live("year"), office: true},
		}},
		{name: "review", subs: []subcommand{
			{words: []string{"queue", "待审", "待審"}, run: a.queue, office: true},
			{words: []string{"approve", "通过", "通過"}, run: a.approve, office: true},
			{words: []string{"return", "退回"}, run: a.sendBack, office: true},
			{words: []string{"keep", "保留"}, run: a.keepBoth, office: true},
		}},
	}
}

// filingActions are the buttons about projects and their review.
func (a *App) filingActions() map[string]handler {
	return map[string]handler{
		"project.register":  a.pressRegister,
		"project.new":       a.pressNew,
		"project.continue":  a.pressContinue,
		"project.discard":   a.pressDiscard,
		"project.show":      a.pressed(a.show),
		"project.edit":      a.pressed(a.edit),
		"project.mine":      a.mine,
		"project.list":      replacing(a.pressed(a.list)),
		"project.advance":   a.pressed(a.advance),
		"project.update":    a.pressed(a.update),
		"project.reconfirm": a.pressed(a.reconfirm),
		"year.list":         a.pressConfirmList,
		"project.suspend":   a.pressed(a.live("suspend")),
		"project.resume":    a.pressed(a.live("resume")),
		"project.withdraw":  a.pressed(a.live("withdraw")),
		"project.merge":     a.pressed(a.live("merge")),
		"project.stage":     a.pressed(a.live("stage")),
		"project.year":      a.pressed(a.live("year")),
		"review.queue":      replacing(a.pressed(a.queue)),
		"review.approve":    a.pressApprove,
		"review.return":     a.pressReturn,
		"review.keep":       a.pressKeep,
		"project.code":      a.pressed(a.code),
		"project.complete":  a.pressed(a.complete),
	}
}

// filingForms are the forms about projects and their review.
func (a *App) filingForms() map[string]formHandler {
	return map[string]formHandler{
		projectPages[0]:     {changed: a.changedPage(1), submit: a.submitPage1, suggest: a.suggestBody},
		projectPages[1]:     {changed: a.changedPage(2), submit: a.submitPage2},
		"review.return":     {submit: a.submitReturn},
		"project.stage":     {submit: a.submitStage},
		"project.life":      {submit: a.submitLife},
		"project.update":    {submit: a.submitUpdate},
		"project.reconfirm": {submit: a.submitReconfirm},
		alikePage:           {submit: a.submitAlike},
		"review.keep":       {submit: a.submitKeep},
		"project.code":      {submit: a.submitCode},
		"catalogue.edit":    {submit: a.submitEntry},
		"project.complete":  {changed: a.changedRecord, submit: a.submitRecord},

		"project.share_code": {submit: a.submitShared},
	}
}

// pressed makes a button out of a subcommand: its value is what would be typed.
func (a *App) pressed(h handler) handler {
	return func(c *call) (Response, error) {
		c.text, c.words = c.value, strings.Fields(c.value)
		return h(c)
	}
}

// replacing makes the answer take the place of the pressed button's message.
func replacing(h handler) handler {
	return func(c *call) (Response, error) {
		r, err := h(c)
		r.Replace = err == nil && r.Reply != nil
		return r, err
	}
}

// register opens the form, or offers the drafts that wait. An official may add
// the project's name; an admin without a body must name one.
func (a *App) register(c *call) (Response, error) {
	body, name := c.actor.BodyID, c.text
	if c.actor.Role == reporting.Admin && (body == "" || c.text != "") {
		if c.text == "" {
			return Response{}, reporting.Fail(reporting.Invalid, "err.body.needed", "command", a.slash("project")+" register")
		}
		found, reply, err := a.bodyOrChoice(c, c.text, "project.register", func(b reporting.Body) string { return b.ID })
		if err != nil || reply != nil {
			return Response{Reply: reply}, err
		}
		body, name = found.ID, ""
	}
	return a.begin(c, body, name)
}

func (a *App) pressRegister(c *call) (Response, error) {
	if c.value != "" {
		return a.begin(c, c.value, "")
	}
	c.text, c.words = "", nil
	return a.register(c)
}

func (a *App) begin(c *call, body, name string) (Response, error) {
	if err := a.mayFile(c, body); err != nil {
		return Response{}, err
	}
	drafts, err := a.draftsInHand(c)
	if err != nil {
		return Response{}, fmt.Errorf("read drafts: %w", err)
	}
	if len(drafts) > 0 {
		return Response{Reply: a.offerDrafts(c, drafts, body, name)}, nil
	}
	return a.openNew(c, body, name)
}

func (a *App) mayFile(c *call, body string) error {
	if err := reporting.CanFile(c.actor, body); err != nil {
		return err
	}
	if body == "" {
		return reporting.Fail(reporting.Forbidden, "err.body.none")
	}
	return nil
}

func (a *App) pressNew(c *call) (Response, error) {
	body, name, _ := strings.Cut(c.value, "|")
	if err := a.mayFile(c, body); err != nil {
		return Response{}, err
	}
	return a.openNew(c, body, name)
}

// openNew opens page 1. A draft is made with the first change.
func (a *App) openNew(c *call, body, name string) (Response, error) {
	list, err := a.store.Bodies(c.ctx)
	if err != nil {
		return Response{}, fmt.Errorf("read bodies: %w", err)
	}
	reporter, ok := list.Find(body)
	if !ok {
		return Response{}, reporting.Fail(reporting.NotFound, "err.body.unknown", "value", clip(body))
	}
	st := filing{Opening: newOpening(), Body: body, Channel: c.channel}
	return a.open(c, st, blank(reporter, clipName(name)))
}

func (a *App) open(c *call, st filing, v map[string]string) (Response, error) {
	if st.Project == "" {
		if err := a.mayBegin(c, st.Body); err != nil {
			return Response{}, err
		}
	}
	v = maps.Clone(v)
	reporting.SpreadDetail(v, c.catalogue)
	f, err := a.projectForm(c, st, 1, v)
	return Response{Form: f}, err
}

// bodyOrChoice finds the body that text names. Several that fit give a reply
// with a button for each.
func (a *App) bodyOrChoice(c *call, text, action string, value func(reporting.Body) string) (reporting.Body, *Reply, error) {
	_, index, err := a.index(c)
	if err != nil {
		return reporting.Body{}, nil, err
	}
	if found := index.Find(text); len(found) > 1 {
		return reporting.Body{}, a.choose(c, text, found, action, value), nil
	}
	b, err := a.oneBody(c, text)
	return b, nil, err
}

// newOpening names one opening of a form.
func newOpening() string { return rand.Text()[:16] }

// clipName bounds a name that a button carries; one that is too long for the
// form is told so there.
func clipName(s string) string {
	r := []rune(strings.TrimSpace(s))
	return string(r[:min(len(r), 200)])
}
