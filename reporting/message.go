package reporting

import "strconv"

// MessageKind is what a message is about; commands composes its words when it
// is sent.
type MessageKind string

// The kinds.
const (
	ReviewCard        MessageKind = "review_card"        // a project waits for review: to the office
	CardUpdate        MessageKind = "card_update"        // its card now shows the decision: an edit
	Approved          MessageKind = "approved"           // to the official who filed
	SentBack          MessageKind = "sent_back"          // to the official who filed
	LifeTold          MessageKind = "life_told"          // what became of a verified project: to who filed it, or to the office
	NudgeMessage      MessageKind = "nudge"              // the weekly nudge: to a body's channel
	NudgeEdit         MessageKind = "nudge_edit"         // a week's nudge now shows the figures of now: an edit
	NudgeLog          MessageKind = "nudge_log"          // what happened since: in the nudge's thread
	NudgeAgain        MessageKind = "nudge_again"        // a nudge that was put off: in its thread and the channel
	Undeliverable     MessageKind = "undeliverable"      // a body's channel is dead: to the office, once
	QuotaSet          MessageKind = "quota_set"          // a new version of its quota: to a body's channel
	QuotaCard         MessageKind = "quota_card"         // a body asks for another quota: to the office
	QuotaDecided      MessageKind = "quota_decided"      // that card now shows the decision: an edit
	Arbitration       MessageKind = "arbitration"        // two bodies filed what looks like one project: to the office
	ArbitrationUpdate MessageKind = "arbitration_update" // that card now shows the decision: an edit
	PairTold          MessageKind = "pair_told"          // of such a pair and its decision: to both bodies' channels
	QuotaAnswer       MessageKind = "quota_answer"       // to the official who asked
)

// ToOffice reports whether messages of the kind that name nobody go to the
// office's channel.
func (k MessageKind) ToOffice() bool {
	switch k {
	case ReviewCard, CardUpdate, Undeliverable, QuotaCard, QuotaDecided, LifeTold, ProblemsLeft,
		BulletinCard, BulletinUpdate, CalendarMissing, Repaired, RunProgress:
		return true
	}
	return false
}

// Message is the intent to say something to somebody other than the person
// who acted: a row of the outbox. Its Key is unique for ever, so that owing it
// once or a hundred times is the same.
type Message struct {
	Key    string
	Kind   MessageKind
	BodyID string            // the body it is about or for; "" = none
	To     string            // Slack channel or user id; "" = found when it is sent (office's or body's channel)
	EditOf string            // key of the message that this one rewrites; "" = a new post
	Args   map[string]string // project, version, week, by, reason …

	ThreadOf string // key of the message in whose thread it is posted; "" = in the channel itself

	// EditChannel and EditTS are where the message EditOf was posted, filled in
	// when the row is claimed; empty when it never was. ThreadChannel and ThreadTS
	// are that of ThreadOf.
	EditChannel, EditTS     string
	ThreadChannel, ThreadTS string

	// Skip says why it is not owed after all: the decision is kept under the
	// key, and nothing is ever posted. "" = it is owed.
	Skip string

	DueAt      int64 // UTC ms on the clock that plans, not before
	Attempts   int   // tries so far
	TriedAt    int64 // UTC ms of the first try, 0 = none: an unknown outcome is looked up from here on
	LeaseUntil int64 // UTC ms, filled in when the row is claimed: from then on another may post it
}

// ReviewCardKey is the key of the card of a submission: version is the
// project's version once submitted.
func ReviewCardKey(project string, version int) string {
	return "review/" + project + "/" + strconv.Itoa(version)
}

// NudgeKey is the key of a body's nudge of a week: nudge/<body>/2018-W10.
func NudgeKey(body string, w Week) string { return "nudge/" + body + "/" + w.String() }

// projectMessage returns a message about p as it will be once written, with
// its version raised.
func projectMessage(kind MessageKind, p Project, editOf string) Message {
	v := p.Version + 1
	key := string(kind) + "/" + p.ID + "/" + strconv.Itoa(v)
	if kind == ReviewCard {
		key = ReviewCardKey(p.ID, v)
	}
	return Message{
		Key: key, Kind: kind, BodyID: p.ReporterBody, EditOf: editOf,
		Args: map[string]string{"project": p.ID, "version": strconv.Itoa(v)},
	}
}

// Outcome is how a delivery ended.
type Outcome string

// The outcomes. Sent and Skipped are final; Retry comes back at RetryAt;
// Dead is final until the destination is repaired; Failed is our own bug.
const (
	Sent    Outcome = "sent"
	Skipped Outcome = "skipped" // no longer owed
	Retry   Outcome = "retry"
	Dead    Outcome = "dead"
	Failed  Outcome = "failed"
)

// FailureClass classes why a delivery failed (see docs/operations.md).
type FailureClass string

// The classes.
const (
	NoFailure       FailureClass = ""
	DestinationDead FailureClass = "destination" // archived, bot removed, no such channel or user; final for nudges only
	InstallDead     FailureClass = "install"     // token revoked, scope missing: stop, shout
	RateLimited     FailureClass = "rate"        // wait RetryAfter
	Temporary       FailureClass = "temporary"   // not done; try again
	Unknown         FailureClass = "unknown"     // may have been done: look it up first
	OurBug          FailureClass = "bug"         // Slack refused what we built
)

// Receipt is what a delivery left behind.
type Receipt struct {
	Outcome Outcome
	Class   FailureClass
	Reason  string // Slack's code or our reason for skipping
	Channel string // where it was posted, or tried to be
	TS      string // Slack's id of the post in that channel
	Found   bool   // it had already been posted by an earlier try
	RetryAt int64  // UTC ms, with Retry
	Untried bool   // with Retry: nothing was sent, so the try does not count

	Week *NudgeWeek // of a nudge that was sent: the week that it opens
}

// Week returns the week of a nudge. Errors: Invalid for other kinds.
func (m Message) Week() (Week, error) { return ParseWeek(m.Args["week"]) }
