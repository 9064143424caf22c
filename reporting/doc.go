// Package reporting is the domain of Mouhua: what a city's major-project plan
// is made of and the rules by which it counts. It imports the standard library
// only, reads no clock, and does no input or output, so every rule can be read
// and tested by itself.
//
// A tour, in reading order:
//
//   - body.go, person.go: who takes part. A Body (district, county, development
//     zone, department …) owes a quota; a Person acts for it under a Role;
//     access.go says who may do what, one function per use case.
//   - body_change.go: the use cases that add, change and end a body.
//   - money.go, numeral.go, date.go, said.go, path.go: the values a project is made of;
//     catalogue.go, catalogue_change.go: the lists that the office keeps for them.
//   - detail.go: what each sub-path asks for, in fields and in one text.
//   - project.go, draft.go: a Project, its status and stage, the checks on what was typed.
//   - filing.go: the use cases that file and review a project. Each returns a Change, which storage
//     writes in one transaction: the rows, the audit Event and the Messages that others are owed.
//   - lifecycle.go, lifecycle_edit.go, lifecycle_status.go: what comes after: stages, changes of
//     what was verified, suspending and ending; plan_year.go: another year by the office's word.
//   - record.go, record_codes.go, record_complete.go: what is completed on a second visit.
//   - project_file.go, problem.go, approval.go: beside a project: files that prove something, what
//     stands in its way, and its checklist of approvals.
//   - imported.go: what a row of a file makes of a project.
//   - guards.go, duplicate.go, code.go: what the office looks at twice, and projects that may be one.
//   - quota.go, credit.go, credit_lost.go, pace.go, curve.go: what a body owes, what it is credited with,
//     and how it stands against the time that has passed.
//   - quota_change.go: the use cases that change a quota, or ask for it. Each returns a QuotaChange.
//   - when.go, average.go, path_tally.go, brief.go: for which time figures are asked, what a group
//     has done together, what the routes gave, and what needs a decision.
//   - score.go: the scoring sheet.
//   - indicator.go: what a body is to reach beside its quota.
//   - year.go: what ends and begins with a year: its freeze, corrections, carrying over.
//   - bulletin.go, bulletin_life.go, bulletin_rank.go: what the office makes known of a month or a quarter,
//     who checks and releases it, and who is named in it; paper.go: a document to be written as a file.
//   - nudge.go, message.go: what is owed to whom, and when; nudge_week.go, nudge_living.go,
//     nudge_edit.go, nudge_acts.go: the week that a nudge opens, how it is edited, what people do with it.
//   - deadline.go, delivery_report.go, escalation.go: what is told beside the nudges.
//   - records.go: filters, pages and lists, as storage takes and gives them.
//   - errors.go: the one error model.
package reporting
