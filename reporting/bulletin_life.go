package reporting

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The fields of the forms of a Bulletin.
const (
	FieldBulletinTitle    = "bulletin_title"
	FieldBulletinOpening  = "bulletin_opening"
	FieldBulletinMeasures = "bulletin_measures"
	FieldBulletinExempt   = "bulletin_exempt"
	FieldExemptReason     = "bulletin_exempt_reason"
	FieldCorrectionReason = "bulletin_reason"
)

// PeriodOver returns nil when a bulletin about p can be drafted on a day. Errors:
// Conflict while it is not over.
func PeriodOver(p Period, day Date) error {
	if p.Last().Before(day) {
		return nil
	}
	return Fail(Conflict, "err.bulletin.early", "day", p.Last().AddDays(1).String())
}

// NewBulletin drafts the bulletin about a period, by a person of the office or by
// System. Errors: Forbidden; Conflict while the period is not over; Invalid when
// no body owed anything.
func NewBulletin(a Actor, p Period, s BulletinSnapshot, day Date, at int64) (BulletinChange, error) {
	if a != System {
		if err := CanManage(a); err != nil {
			return BulletinChange{}, err
		}
	}
	if err := PeriodOver(p, day); err != nil {
		return BulletinChange{}, err
	}
	if !s.Owed() {
		return BulletinChange{}, Fail(Invalid, "err.bulletin.nothing", "year", p.Year)
	}
	b := Bulletin{ID: BulletinID(p, 0), Period: p, Snapshot: s, Status: BulletinDraft, DraftedBy: a.UserID, DraftedAt: at}
	return b.change(a, "draft", nil, at), nil
}

// CorrectBulletin drafts the bulletin that corrects a released one, with the
// figures of s. What the office had written and exempted is taken over. Errors:
// Forbidden; Conflict unless it is released; FieldErrors for the reason.
func CorrectBulletin(a Actor, wrong Bulletin, s BulletinSnapshot, reason string, at int64) (BulletinChange, error) {
	if err := CanManage(a); err != nil {
		return BulletinChange{}, err
	}
	if wrong.Status != BulletinReleased {
		return BulletinChange{}, Fail(Conflict, "err.bulletin.not_released")
	}
	r := &reader{values: map[string]string{FieldCorrectionReason: reason}}
	b := Bulletin{
		ID: BulletinID(wrong.Period, wrong.No), Period: wrong.Period, Snapshot: s, Status: BulletinDraft,
		Exempt: wrong.Exempt, ExemptReason: wrong.ExemptReason, Corrects: wrong.No, DraftedBy: a.UserID, DraftedAt: at,
		CorrectionReason: r.bulletinText(FieldCorrectionReason, MaxBulletinReason, true),
	}
	b.Measures = wrong.Measures
	if err := r.errs.Err(); err != nil {
		return BulletinChange{}, err
	}
	return b.change(a, "correct", nil, at), nil
}

// EditBulletin gives a bulletin that is not released other words and exemptions;
// one that was checked has to be checked again. A text that is what Mouhua would
// write is to be given as "". seen is the version that the person saw, 0 =
// whatever it is now. Errors: Forbidden; Conflict; FieldErrors; Invalid when
// nothing changes.
func EditBulletin(a Actor, b Bulletin, seen int, v map[string]string, at int64) (BulletinChange, error) {
	if err := b.open(a, seen); err != nil {
		return BulletinChange{}, err
	}
	before := b
	r := &reader{values: v}
	b.Title = r.bulletinText(FieldBulletinTitle, MaxBulletinTitle, false)
	b.Opening = r.bulletinText(FieldBulletinOpening, MaxBulletinText, false)
	b.Measures = r.bulletinText(FieldBulletinMeasures, MaxBulletinText, false)
	b.Exempt = nil
	chosen := v[FieldBulletinExempt]
	b.ExemptReason = r.bulletinText(FieldExemptReason, MaxBulletinReason, chosen != "")
	switch {
	case chosen != "":
		b.Exempt = strings.Split(chosen, "|")
		slices.Sort(b.Exempt)
	case b.ExemptReason != "":
		r.fault(FieldBulletinExempt, Fail(Invalid, "err.bulletin.exempt"))
	}
	if err := r.errs.Err(); err != nil {
		return BulletinChange{}, err
	}
	if b.BulletinTexts == before.BulletinTexts && b.ExemptReason == before.ExemptReason && slices.Equal(b.Exempt, before.Exempt) {
		return BulletinChange{}, Fail(Invalid, "err.bulletin.same").At(FieldBulletinTitle)
	}
	return b.edited(a, "edit", before, at), nil
}

// RecountBulletin gives a bulletin that is not released the figures of s. Errors:
// Forbidden; Conflict.
func RecountBulletin(a Actor, b Bulletin, seen int, s BulletinSnapshot, at int64) (BulletinChange, error) {
	if err := b.open(a, seen); err != nil {
		return BulletinChange{}, err
	}
	before := b
	b.Snapshot = s
	return b.edited(a, "recount", before, at), nil
}

// edited takes the check back: it was of something else.
func (b Bulletin) edited(a Actor, action string, before Bulletin, at int64) BulletinChange {
	b.EditedBy, b.EditedAt, b.ReadyBy, b.ReadyAt, b.Status = a.UserID, at, "", 0, BulletinDraft
	return b.change(a, action, &before, at)
}

// CheckBulletin marks a draft as checked by a. Errors: Forbidden; Conflict.
func CheckBulletin(a Actor, b Bulletin, seen int, at int64) (BulletinChange, error) {
	if err := b.open(a, seen); err != nil {
		return BulletinChange{}, err
	}
	if b.Status == BulletinReady {
		return BulletinChange{}, Fail(Conflict, "err.bulletin.checked", "by", b.ReadyBy)
	}
	before := b
	b.Status, b.ReadyBy, b.ReadyAt = BulletinReady, a.UserID, at
	return b.change(a, "check", &before, at), nil
}

// CanReleaseBulletin returns nil when a may release b: somebody of the office who
// neither changed it last nor checked it. Errors: Forbidden; Conflict.
func CanReleaseBulletin(a Actor, b Bulletin, seen int) error {
	if err := b.open(a, seen); err != nil {
		return err
	}
	if b.Status != BulletinReady {
		return Fail(Conflict, "err.bulletin.unchecked")
	}
	if a.UserID == b.ReadyBy || a.UserID == b.EditedBy {
		return Fail(Forbidden, "err.bulletin.second", "who", "who.office", "but", b.ReadyBy+" "+b.EditedBy)
	}
	return nil
}

// ReleaseBulletin makes b known under the number no, with its texts as they stand
// in t: to the channel of every body that goes on on day, and to the leaders.
// Errors: as CanReleaseBulletin.
func ReleaseBulletin(a Actor, b Bulletin, seen, no int, t BulletinTexts, bodies []Body, day Date, at int64) (BulletinChange, error) {
	if err := CanReleaseBulletin(a, b, seen); err != nil {
		return BulletinChange{}, err
	}
	before := b
	b.BulletinTexts, b.No = t, no
	b.Status, b.ReleasedBy, b.ReleasedAt = BulletinReleased, a.UserID, at
	c := b.change(a, "release", &before, at)
	post := func(key, body string) Message {
		return Message{Key: BulletinPostKey(b, key), Kind: BulletinPost, BodyID: body, Args: map[string]string{"bulletin": b.ID, "no": strconv.Itoa(no)}}
	}
	for _, to := range Addressed(bodies, day) {
		c.Messages = append(c.Messages, post(to.ID, to.ID))
	}
	c.Messages = append(c.Messages, post(toLeaders, ""))
	return c, nil
}

// Addressed returns the bodies to whose channels a bulletin goes on a day.
func Addressed(bodies []Body, day Date) []Body {
	var out []Body
	for _, b := range bodies {
		if b.ChannelID != "" && !b.Ended(day) {
			out = append(out, b)
		}
	}
	return out
}

// CanReadBulletin returns nil when a may read b: everybody with a role once it is
// released, before that the office.
func CanReadBulletin(a Actor, b Bulletin) error {
	if b.Status == BulletinReleased && a.Role != Stranger {
		return nil
	}
	return CanManage(a)
}

// CanEditBulletin returns nil when a may change b now. Errors: Forbidden; Conflict.
func CanEditBulletin(a Actor, b Bulletin) error { return b.open(a, 0) }

// open returns nil when a may do something about b, which is not released and at
// the version seen.
func (b Bulletin) open(a Actor, seen int) error {
	if err := CanManage(a); err != nil {
		return err
	}
	switch {
	case b.Status == BulletinReleased:
		return Fail(Conflict, "err.bulletin.released", "by", b.ReleasedBy, "no", b.No)
	case seen != 0 && seen != b.Version:
		return Fail(Conflict, "err.bulletin.changed", "by", cmp.Or(b.ReadyBy, b.EditedBy))
	}
	return nil
}

// bulletinText returns the trimmed value of at most most code points.
func (r *reader) bulletinText(field string, most int, required bool) string {
	s := strings.TrimSpace(r.values[field])
	switch n := utf8.RuneCountInString(s); {
	case n == 0 && required:
		r.fault(field, Fail(Invalid, "err.required"))
	case n > most:
		r.fault(field, Fail(Invalid, "err.too_long", "max", most, "length", n))
	}
	return s
}
