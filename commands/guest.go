package commands

import (
	"slices"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// Guest is what those see who are no members of the workspace, whatever they
// ask: what Mouhua is and who could let them in.
func (w *Words) Guest(l reporting.Locale) *Reply {
	what := w.Say(l, "guest.what")
	return &Reply{Text: what, Parts: []Part{
		Heading(w.Say(l, "guest.title")), Paragraph{Plain(what)}, Paragraph{Plain(w.Say(l, "guest.ask"))},
	}}
}

// What only reads, and is answered before Slack has said who is asking. All
// else waits for that: what is not in these tables is taken to write.
var (
	readingWords = map[string]bool{
		"project.show": true, "project.list": true, "project.mine": true, "project.problems": true, "project.approvals": true, "project.catalogue": true, "review.queue": true,
		"quota._": true, "quota.all": true, "quota.history": true, "quota.indicators": true,
		"report._": true, "report.city": true, "report.body": true, "report.group": true, "report.programme": true, "report.route": true, "report.compare": true, "report.brief": true, "report.score": true,
		"nudge.show": true, "body.list": true, "body.people": true, "mouhua._": true, "mouhua.calendar": true,
	}
	readingButtons = map[string]bool{
		"project.show": true, "project.list": true, "project.mine": true, "review.queue": true,
		"quota.show": true, "quota.all": true, "quota.indicators": true, "quota.list": true, "year.list": true, "body.people": true, "catalogue.show": true, "catalogue.open": true,
		"problem.list": true, "problem.due": true, "approval.stuck": true, "nudge.drafts": true, "nudge.show": true, "project.export": true, "project.files": true,
		"explain.commands": true,
		"ask.then":         true, "ask.say": true,
		"bulletin.list": true, "bulletin.show": true, "bulletin.preview": true, "brief.docx": true, "brief.xlsx": true, "bulletin.docx": true, "bulletin.xlsx": true,
	}
)

// readsOnly reports whether what was typed after a command writes nothing.
func (a *App) readsOnly(cmd command, word string) bool {
	word = strings.ToLower(word)
	if slices.Contains(helpWords, word) {
		return true
	}
	for _, s := range cmd.subs {
		if slices.Contains(s.words, word) {
			return readingWords[cmd.name+"."+s.words[0]]
		}
	}
	return cmd.fallback == nil || readingWords[cmd.name+"."+aloneWord]
}
