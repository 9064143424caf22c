package reporting

import (
	"slices"
	"strings"
)

// Life is what a project gathers after its filing, stage by stage.
type Life struct {
	Leader         string // leader in charge
	InvestorOrigin string // one of Origins
	Contract       string // the formal contract: parties, number, day
	CompletedOn    Date   // accepted and in production
	CapacityOn     Date   // capacity reached
	BenefitOn      Date   // benefit reached
	Proof          Proof  // of the stage it is in

	SuspendedOn  Date   // while Status is Suspended
	EndedOn      Date   // day on which it was withdrawn or merged
	StatusReason string // why it was suspended, resumed, withdrawn or merged
	MergedInto   string // number of the project that stays
	Carry
	Request
}

// Proof is one piece of evidence for a stage: a text, files (how many), or both.
type Proof struct {
	Kind, Text string
	Files      int
}

// Request is what a body asks of the office about a verified project: a stage,
// or a change of what was verified. There is one at a time, and until it is
// decided the project stays as it is.
type Request struct {
	AskedVersion int // the project's version that asks; 0 = nothing is asked
	AskedOn      Date
	AskedBy      string // Slack user id, told of the decision
	StageWanted  Stage  // "" when Proposal is asked
	WantedProof  Proof  // stays after a refusal, for the next try
	Proposal     Proposal
}

// What names what is asked: a stage or "change".
func (r Request) What() string {
	if r.StageWanted != "" {
		return string(r.StageWanted)
	}
	return "change"
}

// ReviewVersion is the version that reviewers decide about: that of the
// submission, or that which asks.
func (p Project) ReviewVersion() int {
	if p.AskedVersion != 0 {
		return p.AskedVersion
	}
	return p.Version
}

// The fields of the forms that a stage asks for.
const (
	FieldLeader     = "leader"
	FieldOrigin     = "origin"
	FieldInvestYear = "invest_year"
	FieldContract   = "contract"
	FieldCompleted  = "completed_on"
	FieldCapacity   = "capacity_on"
	FieldBenefit    = "benefit_on"
	FieldProof      = "proof"
	FieldProofText  = "proof_text"
)

// Origins are where an investor may come from.
var Origins = []string{"city", "province", "country", "abroad"}

// StageFields lists what entering a stage needs.
var StageFields = map[Stage][]string{
	S2: {FieldOwner, FieldLeader, FieldOrigin, FieldInvestYear, FieldProof, FieldProofText},
	S3: {FieldContract, FieldProof, FieldProofText},
	S4: {FieldCompleted, FieldCapacity, FieldBenefit, FieldProof, FieldProofText},
}

// Proofs lists the kinds of evidence of which entering a stage needs one.
var Proofs = map[Stage][]string{
	S2: {"framework", "study", "code", "key_list"},
	S3: {"company", "land", "filing", "begun"},
	S4: {"acceptance", "output"},
}

// StageValues returns the values that the form of a stage begins with.
func StageValues(p Project) map[string]string {
	v := map[string]string{
		FieldLeader: p.Leader, FieldOrigin: p.InvestorOrigin, FieldContract: p.Contract,
		FieldCompleted: p.CompletedOn.String(), FieldCapacity: p.CapacityOn.String(), FieldBenefit: p.BenefitOn.String(),
		FieldProof: p.WantedProof.Kind, FieldProofText: p.WantedProof.Text,
	}
	if !openOwner(p.OwnerUnit) {
		v[FieldOwner] = p.OwnerUnit
	}
	if p.InvestYear > 0 {
		v[FieldInvestYear] = p.InvestYear.String() + " 万元"
	}
	return v
}

// openOwner reports whether the owner is still to be found, as S1 allows.
func openOwner(s string) bool {
	return slices.ContainsFunc([]string{"拟引进", "擬引進"}, func(open string) bool { return strings.Contains(s, open) })
}

// NextStage returns the stage to which a may advance p now. Errors: Forbidden;
// Conflict when it is not verified, asks for something already, or is in the
// last stage.
func NextStage(a Actor, p Project) (Stage, error) {
	if err := CanEditProject(a, p); err != nil {
		return "", err
	}
	if err := settled(p); err != nil {
		return "", err
	}
	i := slices.Index(Stages, p.Stage)
	if i < 0 || i == len(Stages)-1 {
		return "", Fail(Conflict, "err.stage.last", "id", p.ID)
	}
	return Stages[i+1], nil
}

// settled returns nil when p is verified and asks for nothing.
func settled(p Project) error {
	if p.Status != Verified {
		return Fail(Conflict, "err.project.not_verified", "id", p.ID, "status", string(p.Status))
	}
	if p.AskedVersion != 0 {
		return Fail(Conflict, "err.request.open", "id", p.ID)
	}
	return nil
}

// Advance takes p one stage on with what was typed (see StageFields): to S2 at
// once, to S3 and S4 when the office has confirmed it. seen is the version that
// the person saw, 0 = whatever it is now. Errors: as NextStage; Conflict when p
// was changed since; FieldErrors.
func Advance(a Actor, p Project, seen int, v map[string]string, day Date, at int64) (Change, error) {
	to, err := NextStage(a, p)
	if err != nil {
		return Change{}, err
	}
	if err := p.Unchanged(seen); err != nil {
		return Change{}, err
	}
	before := p
	proof, err := p.readStage(to, v, day)
	if err != nil {
		return Change{}, err
	}
	p.UpdatedAt = at
	files := filesFor(string(to), v, p.ID, a, at)
	if to == S2 {
		p.enter(to, proof, day)
		return Change{Project: p, Event: eventOf(a, "project.advance", before, p, at), Files: files}, nil
	}
	p.Request = Request{StageWanted: to, WantedProof: proof}
	c := p.ask(a, "project.ask_stage", before, day, at)
	c.Files = files
	return c, nil
}

// ask makes p ask for what its Request holds.
func (p Project) ask(a Actor, action string, before Project, day Date, at int64) Change {
	p.AskedVersion, p.AskedOn, p.AskedBy = p.Version+1, day, a.UserID
	m := projectMessage(ReviewCard, p, "")
	m.Args["request"] = p.What()
	return Change{Project: p, Event: eventOf(a, action, before, p, at), Messages: []Message{m}}
}

func (p *Project) enter(s Stage, proof Proof, day Date) {
	p.Stage, p.StageSince, p.Proof, p.Request = s, day, proof, Request{}
}

// readStage takes over what was typed for a stage. Errors: FieldErrors.
func (p *Project) readStage(to Stage, v map[string]string, day Date) (Proof, error) {
	r := &reader{values: v}
	switch to {
	case S2:
		p.OwnerUnit = r.text(FieldOwner, true)
		if openOwner(p.OwnerUnit) {
			r.fault(FieldOwner, Fail(Invalid, "err.owner.open"))
		}
		p.Leader = r.text(FieldLeader, true)
		p.InvestorOrigin = r.choice(FieldOrigin, true, Origins)
		if p.InvestYear = r.money(FieldInvestYear); p.InvestYear > p.InvestTotal {
			r.fault(FieldInvestYear, Fail(Invalid, "err.invest_year.above"))
		}
	case S3:
		p.Contract = r.text(FieldContract, true)
	case S4:
		p.CompletedOn = r.past(FieldCompleted, Date{}, day)
		p.CapacityOn = r.past(FieldCapacity, p.CompletedOn, day)
		p.BenefitOn = r.past(FieldBenefit, p.CompletedOn, day)
	}
	proof := Proof{Kind: r.choice(FieldProof, true, Proofs[to]), Text: r.proof(FieldProofText), Files: countFiles(v, p.WantedProof.Files)}
	return proof, r.errs.Err()
}

// past reads a day from start to today.
func (r *reader) past(field string, start, today Date) Date {
	s := r.text(field, true)
	if s == "" {
		return Date{}
	}
	d, err := ParseDate(foldWidth(s))
	switch {
	case err != nil:
		r.fault(field, err)
	case today.Before(d):
		r.fault(field, Fail(Invalid, "err.date.future"))
	case d.Before(start):
		r.fault(field, Fail(Invalid, "err.date.order", "start", start.String()))
	}
	return d
}

// SetStage puts p into any stage: the office's way to skip one or to step back.
// Errors: Forbidden; Conflict as NextStage or when it is there already; Invalid
// for the stage or the reason.
func SetStage(a Actor, p Project, to Stage, reason string, day Date, at int64) (Change, error) {
	if err := CanReview(a); err != nil {
		return Change{}, err
	}
	if err := settled(p); err != nil {
		return Change{}, err
	}
	switch {
	case !slices.Contains(Stages, to):
		return Change{}, Fail(Invalid, "err.choice").At("stage")
	case to == p.Stage:
		return Change{}, Fail(Conflict, "err.stage.same", "id", p.ID)
	}
	reason, err := readReason(reason)
	if err != nil {
		return Change{}, err
	}
	before := p
	p.enter(to, Proof{}, day)
	p.UpdatedAt, p.StatusReason = at, reason
	return lived(a, "project.stage", before, p, at), nil
}

// grant gives what p asks for.
func grant(a Actor, p Project, day Date, at int64) Change {
	before := p
	action := "project.grant_change"
	if p.StageWanted != "" {
		action = "project.grant_stage"
		p.enter(p.StageWanted, p.WantedProof, day)
	} else {
		p.apply(p.Proposal)
		p.Request = Request{}
	}
	p.UpdatedAt = at
	return answered(a, action, before, p, Approved, "", at)
}

func refuseRequest(a Actor, p Project, reason string, at int64) Change {
	before := p
	p.Request, p.UpdatedAt = Request{WantedProof: p.WantedProof}, at
	return answered(a, "project.refuse_request", before, p, SentBack, reason, at)
}

// answered is decided for a request: it tells who asked.
func answered(a Actor, action string, before, after Project, tell MessageKind, reason string, at int64) Change {
	card := closedCard(a, before, after)
	card.Args["outcome"], card.Args["reason"] = string(tell), reason
	dm := projectMessage(tell, after, "")
	dm.To = before.AskedBy
	dm.Args["by"], dm.Args["request"], dm.Args["reason"] = a.UserID, before.What(), reason
	return Change{Project: after, Event: eventOf(a, action, before, after, at), Messages: []Message{card, dm}}
}

// closedCard rewrites the card of what waited about before.
func closedCard(a Actor, before, after Project) Message {
	card := projectMessage(CardUpdate, after, ReviewCardKey(before.ID, before.ReviewVersion()))
	card.Args["by"] = a.UserID
	if before.AskedVersion != 0 {
		card.Args["request"] = before.What()
	}
	return card
}

// recard gives a submission that was changed while it waits a card of its new
// version, and closes the one whose buttons are stale.
func recard(a Actor, before, after Project) []Message {
	if before.Status != Submitted || after.Status != Submitted {
		return nil
	}
	old := closedCard(a, before, after)
	old.Args["replaced"] = "1"
	return []Message{projectMessage(ReviewCard, after, ""), old}
}

func eventOf(a Actor, action string, before, after Project, at int64) Event {
	return Event{At: at, Actor: a.UserID, Action: action, Kind: "project", Subject: after.ID, Before: before, After: after}
}

// lived is a change of what a project is: what the office does is told to who
// filed it, what a body does to the office. A card that waited is closed.
func lived(a Actor, action string, before, after Project, at int64) Change {
	c := Change{Project: after, Event: eventOf(a, action, before, after, at)}
	if before.AskedVersion != 0 || before.Status == Submitted {
		c.Messages = append(c.Messages, closedCard(a, before, after))
	}
	m := projectMessage(LifeTold, after, "")
	m.Args["by"], m.Args["action"], m.Args["reason"] = a.UserID, strings.TrimPrefix(action, "project."), after.StatusReason
	if a.OfOffice() {
		m.To = after.FiledBy
	} else {
		m.Args["office"] = "1"
	}
	if m.To != a.UserID {
		c.Messages = append(c.Messages, m)
	}
	return c
}
