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
//   - project.go, filing.go, review.go, quota.go, report.go, nudge.go, body.go,
//     home.go, catalogue.go, record.go: the use cases.
//   - compose.go: the words of what the outbox posts.
//   - locales/: every word that a person reads, in three languages.
package commands
