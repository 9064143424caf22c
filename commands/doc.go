// Package commands is what a person can say to Mouhua or fill in, and what they
// get back. It knows no Slack and no SQL: a transport (package bot) hands it a
// Request, a Press, a form's Input …, and renders the Reply or Form that comes
// back; a store (package storage) keeps what use cases decide.
//
// A tour, in reading order:
//
//   - app.go: App, its configuration and what it is asked.
//   - reply.go, form.go: the neutral pictures of an answer and of a form.
//   - store.go: what it needs from a database, one small interface a noun.
//   - router.go: the one table of commands, and words.go: the one place that
//     turns an error into words.
//   - help.go, guest.go, refusal.go: who is offered what, and who else could do it;
//     lookup.go: bodies by the names that people type. explain.go and explain_*.go:
//     answers that explain rules, terms, the plan, its tools and who is who.
//   - ask.go: sentences. What was read (package question) is answered by one
//     function an intent: ask_quota.go, ask_rank.go, ask_delta.go figures, ask_list.go
//     and ask_project.go projects, ask_write.go cards of what would be written;
//     ask_memory.go keeps the exchange, ask_choice.go asks back, ask_names.go knows
//     projects by name; plain.go is for terminals.
//   - filing.go, review.go, project.go, project_list.go, lifecycle.go: the use cases
//     about projects; beside them duplicates.go, code.go, problem.go, approval.go,
//     record.go and project_files.go. form_*.go are their forms.
//   - talk.go: a project filed sentence by sentence; talk_read.go and talk_words.go understand,
//     talk_desk.go checks as the form does, talk_card.go answers, talk_press.go are the buttons.
//   - quota.go, figures.go, chart.go, report.go, indicators.go, score.go, year.go: figures;
//     nudge.go, body.go, catalogue.go: what the office keeps.
//   - asof.go: figures of a day that is over, and of what some days brought; report_route.go,
//     report_compare.go, brief.go and brief_*.go: what leaders take away.
//   - bulletin.go and bulletin_*.go: the bulletin from its draft to its file.
//   - home.go: App Home, section by section.
//   - drop.go, calendar_drop.go, project_export.go, exchange.go, attachment.go: files
//     both ways; calendar.go: working days.
//   - nudge_compose.go, nudge_log.go, nudge_acts.go: the nudge that lives, its history and its buttons.
//   - compose.go, and *_compose.go for a noun: the words of what the outbox posts.
//   - notices.go with deadline_compose.go, digest_compose.go, delivery_report.go and
//     escalation_compose.go: what is told beside the nudges.
//   - locales/: every word that a person reads, in three languages.
package commands
