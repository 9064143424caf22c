// Package bot is Mouhua on Slack, and the only package that knows slack-go.
// Slack's deliveries come in over HTTP or Socket Mode, go through one dispatch
// to an App, and its neutral replies and forms go out as Block Kit.
//
// A tour, in reading order:
//
//   - bot.go: Bot, its configuration, the work it has begun and its Shutdown.
//   - http.go and socket.go: the two ways in. Both end in dispatch.go.
//   - dispatch.go: slash commands, buttons and searches; modal.go: forms;
//     redraw.go: changes in open forms; event.go: mentions, direct messages and App Home.
//   - answer.go: the ways back to the person who asked; task.go: what takes longer
//     than an answer may; files.go: files both ways.
//   - render.go, richtext.go, table.go, form.go: replies and forms as blocks,
//     within Slack's limits whatever they hold.
//   - deliver.go: one outbox message posted once, as far as Slack allows; thread.go: in a thread.
//   - errors.go: Slack's errors classed, and ours in words for a person.
//   - client.go, locale.go, seen.go: the Web API client, whose language to
//     speak, and which events came before.
//
// Slack gives an acknowledgement three seconds, so it never waits for anything
// but our own database, and for that no longer than Config.Budget: what takes
// longer is answered through the response URL.
package bot
