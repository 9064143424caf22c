package reporting

import "strings"

// Event is one line of the audit trail: who did what to which subject, and
// what it was before and after (as JSON-ready values, nil for none).
type Event struct {
	At      int64 // UTC ms
	Actor   string
	Action  string // "project.submit", "project.approve", "quota.import" …
	Kind    string // "project", "problem", "approval", "body", "person", "quota", "nudge"
	Subject string // id
	Before  any
	After   any
}

// Change is the outcome of a use case on a project. Storage writes all of it
// in one transaction or none of it.
type Change struct {
	Project  Project // the new state; storage raises Version
	Event    Event
	Messages []Message
	Drop     string    // id of the draft that has become this project
	Note     *Note     // of the month's progress, kept beside the project
	Files    *FileSet  // likewise; nil leaves them as they are
	Problems []Problem // opened or changed beside the project; storage raises their Versions
	Also     []Event   // of what is kept beside the project
	Ticks    []Tick    // of its approvals, to be kept
	Unticked []string  // items of its approvals, to be dropped
}

// Submit turns a draft into a submitted project: a new one under id, or, when
// the draft edits a returned one, that project again. A draft that edits a
// verified one changes its progress at once and proposes the rest, see
// Proposal. old is the zero Project for a new one.
//
// Errors: Forbidden; Conflict when the body has ended, or old is locked or was
// changed since the edit began; FieldErrors for what was typed.
func Submit(a Actor, d Draft, old Project, id string, reporter Body, reg Register, day Date, at int64) (Change, error) {
	if err := CanFile(a, d.BodyID); err != nil {
		return Change{}, err
	}
	if d.ProjectID == "" {
		if err := CanBegin(reporter, day); err != nil {
			return Change{}, err
		}
	}
	p, err := ReadDraft(d.Values, reporter, reg)
	if err != nil {
		return Change{}, err
	}
	code := &reader{values: d.Values}
	if p.Code = code.readCode(day); code.errs != nil {
		return Change{}, code.errs
	}
	p.ID, p.Stage, p.StageSince, p.PlanYear, p.FiledBy = id, S1, day, day.Year, a.UserID
	p.EvidenceFiles = countFiles(d.Values, old.EvidenceFiles)
	action := "project.submit"
	var before any
	if d.ProjectID != "" {
		if err := CanEditProject(a, old); err != nil {
			return Change{}, err
		}
		if err := editable(old, d.BaseVer); err != nil {
			return Change{}, err
		}
		if old.Status == Verified {
			return amend(a, d, old, p, day, at)
		}
		typed := p.Code
		p.Life, p.Guards, p.Record, p.Checklist = old.Life, old.Guards, old.Record, old.Checklist
		p.Code = typed
		if p.InvestTotal != old.InvestTotal {
			p.RevisedFrom = old.InvestTotal
		}
		p.ID, p.Stage, p.StageSince, p.Version = old.ID, old.Stage, old.StageSince, old.Version
		p.VerifiedOn, p.InvestYear = old.VerifiedOn, old.InvestYear
		if !old.VerifiedOn.IsZero() {
			p.PlanYear = old.PlanYear // once verified, a project keeps its year
		}
		action, before = "project.resubmit", old
	}
	p.Status, p.SubmittedOn, p.UpdatedAt = Submitted, day, at
	msg := projectMessage(ReviewCard, p, "")
	return Change{
		Project: p, Drop: d.ID, Files: filesFor(ForFiling, d.Values, p.ID, a, at),
		Event:    Event{At: at, Actor: a.UserID, Action: action, Kind: "project", Subject: p.ID, Before: before, After: p},
		Messages: []Message{msg},
	}, nil
}

func editable(p Project, baseVersion int) error {
	if p.Status != Returned && p.Status != Verified {
		return Fail(Conflict, "err.project.locked", "id", p.ID, "status", string(p.Status))
	}
	if p.AskedVersion != 0 {
		return Fail(Conflict, "err.request.open", "id", p.ID)
	}
	if p.Version != baseVersion {
		return Fail(Conflict, "err.project.changed", "id", p.ID)
	}
	return nil
}

// BeginEdit returns nil when a may edit p now. Errors: Forbidden; Conflict
// when its status locks it.
func BeginEdit(a Actor, p Project) error {
	if err := CanEditProject(a, p); err != nil {
		return err
	}
	return editable(p, p.Version)
}

// Approve verifies a submitted project on day, or grants what is asked about a
// verified one (see Request); the credits follow from its new state. Errors: Forbidden; Conflict when it is not (or no longer) submitted,
// or not at the version the reviewer saw (seen 0 = whatever it is now).
func Approve(a Actor, p Project, seen int, day Date, at int64) (Change, error) {
	if err := reviewable(a, p, seen); err != nil {
		return Change{}, err
	}
	if p.AskedVersion != 0 {
		return grant(a, p, day, at), nil
	}
	before := p
	p.Status, p.ReturnReason, p.ReturnedOn, p.UpdatedAt, p.RevisedFrom = Verified, "", Date{}, at, 0
	if p.VerifiedOn.IsZero() {
		p.VerifiedOn, p.PlanYear = day, PlanYear(p.SubmittedOn, day)
	}
	return decided(a, "project.approve", before, p, Approved, at), nil
}

// Return sends a submitted project, or what is asked about a verified one, back
// with a reason. Errors: as Approve;
// Invalid when the reason is empty or over 500 code points.
func Return(a Actor, p Project, seen int, reason string, day Date, at int64) (Change, error) {
	if err := reviewable(a, p, seen); err != nil {
		return Change{}, err
	}
	reason, err := readReason(reason)
	if err != nil {
		return Change{}, err
	}
	if p.AskedVersion != 0 {
		return refuseRequest(a, p, reason, at), nil
	}
	before := p
	p.Status, p.ReturnReason, p.ReturnedOn, p.UpdatedAt = Returned, reason, day, at
	return decided(a, "project.return", before, p, SentBack, at), nil
}

// readReason returns the reason without the space around it. Errors: Invalid
// when it is empty or too long.
func readReason(s string) (string, error) {
	s = strings.TrimSpace(s)
	switch n := len([]rune(s)); {
	case n == 0:
		return "", Fail(Invalid, "err.reason.required").At("reason")
	case n > 500:
		return "", Fail(Invalid, "err.too_long", "max", 500, "length", n).At("reason")
	}
	return s, nil
}

func reviewable(a Actor, p Project, seen int) error {
	if err := CanReview(a); err != nil {
		return err
	}
	if p.Status != Submitted && p.AskedVersion == 0 {
		return Fail(Conflict, "err.review.decided", "id", p.ID, "status", string(p.Status))
	}
	if seen != 0 && seen != p.ReviewVersion() {
		return Fail(Conflict, "err.project.changed", "id", p.ID)
	}
	return nil
}

// decided tells the official in a direct message and brings the review card
// up to date.
func decided(a Actor, action string, before, after Project, tell MessageKind, at int64) Change {
	card := projectMessage(CardUpdate, after, ReviewCardKey(before.ID, before.Version))
	card.Args["by"] = a.UserID
	dm := projectMessage(tell, after, "")
	dm.To, dm.Args["by"] = after.FiledBy, a.UserID
	return Change{
		Project:  after,
		Event:    Event{At: at, Actor: a.UserID, Action: action, Kind: "project", Subject: after.ID, Before: before, After: after},
		Messages: []Message{card, dm},
	}
}
