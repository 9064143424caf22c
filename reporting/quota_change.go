package reporting

import (
	"slices"
	"strconv"
	"strings"
)

// maxQuota is far above what any body can owe, and catches a slip.
const maxQuota = 10_000

// RequestStatus is what became of a QuotaRequest.
type RequestStatus string

// The statuses of a request.
const (
	RequestOpen     RequestStatus = "open"
	RequestAdopted  RequestStatus = "adopted"
	RequestDeclined RequestStatus = "declined"
)

// QuotaRequest is a body's wish for another quota. It changes nothing until
// the office adopts it.
type QuotaRequest struct {
	ID      string // of letters and digits
	BodyID  string
	Year    int
	Wanted  int // projects
	Reason  string
	AskedBy string // Slack user id, told of the decision
	AskedAt int64  // UTC ms
	Status  RequestStatus
	// Once decided: by whom, when, with what answer, and the version that it
	// became, 0 when it was declined.
	DecidedBy    string
	DecidedAt    int64
	Answer       string
	QuotaVersion int
}

// QuotaBook is all that is written about a body's quota of a year.
type QuotaBook struct {
	Body     Body
	Year     int
	Versions []Quota        // by version
	Requests []QuotaRequest // the first asked first
}

// Open returns the request that waits for the office; there is at most one.
func (b QuotaBook) Open() (QuotaRequest, bool) {
	i := slices.IndexFunc(b.Requests, func(r QuotaRequest) bool { return r.Status == RequestOpen })
	if i < 0 {
		return QuotaRequest{}, false
	}
	return b.Requests[i], true
}

// Request returns the request with id. Errors: NotFound.
func (b QuotaBook) Request(id string) (QuotaRequest, error) {
	i := slices.IndexFunc(b.Requests, func(r QuotaRequest) bool { return r.ID == id })
	if i < 0 {
		return QuotaRequest{}, Fail(NotFound, "err.quota.request.unknown")
	}
	return b.Requests[i], nil
}

// Version returns the version with that number.
func (b QuotaBook) Version(n int) (Quota, bool) {
	i := slices.IndexFunc(b.Versions, func(q Quota) bool { return q.Version == n })
	if i < 0 {
		return Quota{}, false
	}
	return b.Versions[i], true
}

// Last returns the number of the last version, 0 when there is none.
func (b QuotaBook) Last() int { return len(b.Versions) }

// QuotaChange is the outcome of a use case on a quota. Storage writes all of
// it in one transaction or none of it.
type QuotaChange struct {
	Quota    *Quota        // a version to add
	Request  *QuotaRequest // to add, or to write over the one with its ID
	Events   []Event
	Messages []Message
}

// The fields of the forms about quotas, where faults are shown.
const (
	FieldQuotaCount = "quota_count"
	FieldQuotaFrom  = "quota_from"
	FieldReason     = "reason"
	FieldDecidedBy  = "decided_by"
	FieldDocNo      = "doc_no"
)

// SetQuota adds a version to a body's quota: q holds count, day, reason, who
// decided and the document. seen is the last version that the actor saw. With
// request (an id, or "") the version answers that request. The body's channel
// is told, and who asked.
//
// Errors: Forbidden; FieldErrors for what was typed; Conflict when another
// version was added meanwhile, or the request was decided; NotFound for a
// request that is not there.
func SetQuota(a Actor, book QuotaBook, q Quota, seen int, request string, at int64) (QuotaChange, error) {
	if err := CanManage(a); err != nil {
		return QuotaChange{}, err
	}
	q.BodyID, q.Year, q.Version, q.SetBy, q.SetAt = book.Body.ID, book.Year, book.Last()+1, a.UserID, at
	q.Reason, q.DecidedBy, q.DocNo = strings.TrimSpace(q.Reason), strings.TrimSpace(q.DecidedBy), strings.TrimSpace(q.DocNo)
	if err := checkQuota(q); err != nil {
		return QuotaChange{}, err
	}
	var answered *QuotaRequest
	if request != "" {
		r, err := undecided(book, request)
		if err != nil {
			return QuotaChange{}, err
		}
		r.Status, r.DecidedBy, r.DecidedAt, r.Answer, r.QuotaVersion = RequestAdopted, a.UserID, at, q.Reason, q.Version
		answered = &r
	}
	if seen != book.Last() {
		return QuotaChange{}, Fail(Conflict, "err.quota.changed", "version", book.Last())
	}
	subject := book.Body.ID + "/" + strconv.Itoa(book.Year)
	var before any
	if old, ok := book.Version(book.Last()); ok {
		before = old
	}
	c := QuotaChange{
		Quota: &q, Request: answered,
		Events: []Event{{At: at, Actor: a.UserID, Action: "quota.set", Kind: "quota", Subject: subject, Before: before, After: q}},
		Messages: []Message{{
			Key: "quota/" + subject + "/" + strconv.Itoa(q.Version), Kind: QuotaSet, BodyID: q.BodyID, DueAt: at,
			Args: map[string]string{"year": strconv.Itoa(q.Year), "version": strconv.Itoa(q.Version)},
		}},
	}
	if answered != nil {
		old, _ := book.Request(request)
		c.answer("quota.request.adopt", old, *answered, at)
	}
	return c, nil
}

func checkQuota(q Quota) error {
	var faults FieldErrors
	if q.Count < 0 || q.Count > maxQuota {
		faults = append(faults, Fail(Invalid, "err.quota.count", "max", maxQuota).At(FieldQuotaCount))
	}
	if q.EffectiveFrom.Year != q.Year {
		faults = append(faults, Fail(Invalid, "err.quota.from", "year", q.Year).At(FieldQuotaFrom))
	}
	faults = append(faults, bounded(q.Reason, "err.quota.reason", FieldReason, 500)...)
	faults = append(faults, bounded(q.DecidedBy, "err.quota.decided_by", FieldDecidedBy, 100)...)
	faults = append(faults, bounded(q.DocNo, "", FieldDocNo, 100)...)
	return faults.Err()
}

// bounded returns the fault of a text that is longer than limit code points,
// or empty where required names what to say of that.
func bounded(s, required, field string, limit int) FieldErrors {
	switch n := len([]rune(s)); {
	case n == 0 && required != "":
		return FieldErrors{Fail(Invalid, required).At(field)}
	case n > limit:
		return FieldErrors{Fail(Invalid, "err.too_long", "max", limit, "length", n).At(field)}
	}
	return nil
}

// AskQuota asks the office for another quota: under id, wanted projects for a
// reason. on is today, the day whose quota is to change. Errors: Forbidden;
// FieldErrors; Conflict while another request of the body waits.
func AskQuota(a Actor, book QuotaBook, id string, wanted int, reason string, on Date, at int64) (QuotaChange, error) {
	if err := CanAskQuota(a, book.Body.ID); err != nil {
		return QuotaChange{}, err
	}
	reason = strings.TrimSpace(reason)
	var faults FieldErrors
	now, ok := InForce(book.Versions, on)
	switch {
	case wanted < 0 || wanted > maxQuota:
		faults = append(faults, Fail(Invalid, "err.quota.count", "max", maxQuota).At(FieldQuotaCount))
	case ok && wanted == now.Count:
		faults = append(faults, Fail(Invalid, "err.quota.same", "n", wanted).At(FieldQuotaCount))
	}
	if faults = append(faults, bounded(reason, "err.quota.reason", FieldReason, 500)...); len(faults) > 0 {
		return QuotaChange{}, faults
	}
	if r, waits := book.Open(); waits {
		return QuotaChange{}, Fail(Conflict, "err.quota.request.open", "n", r.Wanted)
	}
	r := QuotaRequest{
		ID: id, BodyID: book.Body.ID, Year: book.Year, Wanted: wanted, Reason: reason,
		AskedBy: a.UserID, AskedAt: at, Status: RequestOpen,
	}
	return QuotaChange{
		Request:  &r,
		Events:   []Event{{At: at, Actor: a.UserID, Action: "quota.request", Kind: "quota_request", Subject: id, After: r}},
		Messages: []Message{r.message(QuotaCard, QuotaCardKey(id), at)},
	}, nil
}

// DeclineQuota turns a request down with a reason. Errors: Forbidden;
// FieldErrors; NotFound; Conflict when it was decided.
func DeclineQuota(a Actor, book QuotaBook, id, reason string, at int64) (QuotaChange, error) {
	if err := CanManage(a); err != nil {
		return QuotaChange{}, err
	}
	old, err := undecided(book, id)
	if err != nil {
		return QuotaChange{}, err
	}
	reason = strings.TrimSpace(reason)
	if faults := bounded(reason, "err.quota.reason", FieldReason, 500); len(faults) > 0 {
		return QuotaChange{}, faults
	}
	r := old
	r.Status, r.DecidedBy, r.DecidedAt, r.Answer = RequestDeclined, a.UserID, at, reason
	c := QuotaChange{Request: &r}
	c.answer("quota.request.decline", old, r, at)
	return c, nil
}

// undecided returns the request with id if it still waits.
func undecided(book QuotaBook, id string) (QuotaRequest, error) {
	r, err := book.Request(id)
	if err == nil && r.Status != RequestOpen {
		err = Fail(Conflict, "err.quota.request.decided", "by", r.DecidedBy, "at", r.DecidedAt, "status", "quota.request."+string(r.Status))
	}
	return r, err
}

// answer adds what follows from a decision on a request: the event, the card
// as it now is, and a direct message to who asked.
func (c *QuotaChange) answer(action string, old, r QuotaRequest, at int64) {
	card := r.message(QuotaDecided, "quota-decided/"+r.ID, at)
	card.EditOf = QuotaCardKey(r.ID)
	dm := r.message(QuotaAnswer, "quota-answer/"+r.ID, at)
	dm.To = r.AskedBy
	c.Events = append(c.Events, Event{At: at, Actor: r.DecidedBy, Action: action, Kind: "quota_request", Subject: r.ID, Before: old, After: r})
	c.Messages = append(c.Messages, card, dm)
}

// QuotaCardKey is the key of the card of a request in the office's channel.
func QuotaCardKey(id string) string { return "quota-request/" + id }

func (r QuotaRequest) message(kind MessageKind, key string, at int64) Message {
	return Message{Key: key, Kind: kind, BodyID: r.BodyID, DueAt: at, Args: map[string]string{"year": strconv.Itoa(r.Year), "request": r.ID}}
}
