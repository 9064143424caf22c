package reporting

import (
	"slices"
	"time"
)

// NudgeNote is one line of the history of a body's nudge of a week.
type NudgeNote struct {
	At      int64  // UTC ms
	Actor   string // Slack user id, or who acts for the system
	Action  string // of the audit event, one of Notable
	Subject string // number of the project, "" = none
	Name    string // of the project
	Why     string
	Until   Date // to which a nudge is put off
	N       int  // projects of an import, or the quota that was set
}

// Notable are the actions that the history of a nudge tells of.
var Notable = []string{
	"project.submit", "project.resubmit", "project.approve", "project.return", "project.withdraw", "project.suspend",
	"project.resume", "project.merge", "project.year", "project.stage", "project.grant_stage", "project.grant_change",
	"project.reconfirm", "year.lapse", "year.withdraw", "project.import", "quota.set", "nudge.seen", "nudge.snooze", "nudge.nothing",
}

// NoteOf returns what the history of a nudge says of an event about p; ok is
// false for what it passes over.
func NoteOf(e Event, p Project) (n NudgeNote, ok bool) {
	n = NudgeNote{At: e.At, Actor: e.Actor, Action: e.Action, Subject: p.ID, Name: p.Name}
	switch e.Action {
	case "project.return":
		n.Why = p.ReturnReason
	case "project.withdraw", "project.suspend", "project.merge":
		n.Why = p.StatusReason
	}
	return n, slices.Contains(Notable, e.Action)
}

// EditMinute names the minute of a moment (UTC ms), of which a nudge's edit
// shows all that happened in it, and returns its end.
func EditMinute(at int64) (name string, end int64) {
	t := time.UnixMilli(at).UTC().Truncate(time.Minute)
	return t.Format("200601021504"), t.Add(time.Minute).UnixMilli()
}

// EditNudge returns the edit of w's nudge for the minute of a moment (UTC ms),
// due at its end. One minute has one, however much happens in it.
func EditNudge(w NudgeWeek, at int64) Message {
	name, end := EditMinute(at)
	key := NudgeKey(w.BodyID, w.Week)
	return Message{
		Key: weekKey("nudge-edit", w, name), Kind: NudgeEdit, BodyID: w.BodyID, EditOf: key, DueAt: end,
		Args: map[string]string{"week": w.Week.String(), "minute": name},
	}
}

// LogNudge returns the answer in the thread of a nudge that tells what led
// to an edit of it.
func LogNudge(edit Message) Message {
	key := "nudge-log/" + edit.BodyID + "/" + edit.Args["week"] + "/" + edit.Args["minute"]
	return Message{Key: key, Kind: NudgeLog, BodyID: edit.BodyID, ThreadOf: edit.EditOf, DueAt: edit.DueAt, Args: edit.Args}
}

// weekKey is the key of what follows from the nudge of a week.
func weekKey(kind string, w NudgeWeek, rest string) string {
	return kind + "/" + w.BodyID + "/" + w.Week.String() + "/" + rest
}
