package reporting

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	quotaOffice   = Actor{UserID: "URE", Role: Reviewer}
	quotaOfficial = Actor{UserID: "UJY", Role: Official, BodyID: "jingyue"}
)

func quotaBook() QuotaBook {
	return QuotaBook{
		Body: Body{ID: "jingyue"}, Year: 2018,
		Versions: []Quota{{BodyID: "jingyue", Year: 2018, Version: 1, Count: 65, EffectiveFrom: Date{2018, 1, 1}}},
		Requests: []QuotaRequest{
			{ID: "old", BodyID: "jingyue", Year: 2018, Wanted: 60, Status: RequestDeclined, DecidedBy: "UR2", DecidedAt: 5},
			{ID: "new", BodyID: "jingyue", Year: 2018, Wanted: 70, Status: RequestOpen, AskedBy: "UJY"},
		},
	}
}

// fault returns the keys of an error, each with its field.
func fault(err error) string {
	var many FieldErrors
	var e *Error
	switch {
	case errors.As(err, &many):
		var out []string
		for _, e := range many {
			out = append(out, e.Key+" "+e.Field)
		}
		return strings.Join(out, ", ")
	case errors.As(err, &e):
		return e.Key
	case err != nil:
		return err.Error()
	}
	return ""
}

func TestSetQuota(t *testing.T) {
	good := Quota{Count: 72, EffectiveFrom: Date{2018, 7, 1}, Reason: " 追加 ", DecidedBy: "第三次会议", DocNo: "12号"}
	with := func(edit func(*Quota)) Quota {
		q := good
		edit(&q)
		return q
	}
	for _, tt := range []struct {
		name    string
		actor   Actor
		q       Quota
		seen    int
		request string
		want    string
	}{
		{"good", quotaOffice, good, 1, "", ""},
		{"answers a request", quotaOffice, good, 1, "new", ""},
		{"an official", quotaOfficial, good, 1, "", "err.forbidden"},
		{"a leader", Actor{Role: Leader}, good, 1, "", "err.forbidden"},
		{"a version later", quotaOffice, good, 0, "", "err.quota.changed"},
		{"decided before", quotaOffice, good, 1, "old", "err.quota.request.decided"},
		{"no such request", quotaOffice, good, 1, "none", "err.quota.request.unknown"},
		{"another year", quotaOffice, with(func(q *Quota) { q.EffectiveFrom.Year = 2019 }), 1, "", "err.quota.from quota_from"},
		{"too many", quotaOffice, with(func(q *Quota) { q.Count = 10001 }), 1, "", "err.quota.count quota_count"},
		{"nothing said", quotaOffice, Quota{EffectiveFrom: Date{2018, 7, 1}}, 1, "", "err.quota.reason reason, err.quota.decided_by decided_by"},
		{"too long", quotaOffice, with(func(q *Quota) { q.DocNo = strings.Repeat("字", 101) }), 1, "", "err.too_long doc_no"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := SetQuota(tt.actor, quotaBook(), tt.q, tt.seen, tt.request, 9)
			if got := fault(err); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	c, err := SetQuota(quotaOffice, quotaBook(), good, 1, "new", 9)
	if err != nil {
		t.Fatal(err)
	}
	want := Quota{BodyID: "jingyue", Year: 2018, Version: 2, Count: 72, EffectiveFrom: Date{2018, 7, 1}, Reason: "追加", DecidedBy: "第三次会议", DocNo: "12号", SetBy: "URE", SetAt: 9}
	if diff := cmp.Diff(want, *c.Quota); diff != "" {
		t.Error(diff)
	}
	var said []string
	for _, e := range c.Events {
		said = append(said, e.Action+" "+e.Subject)
	}
	for _, m := range c.Messages {
		said = append(said, m.Key+" to "+m.To+" edits "+m.EditOf)
	}
	if diff := cmp.Diff([]string{
		"quota.set jingyue/2018", "quota.request.adopt new", "quota/jingyue/2018/2 to  edits ",
		"quota-decided/new to  edits quota-request/new", "quota-answer/new to UJY edits ",
	}, said); diff != "" {
		t.Error(diff)
	}
	if c.Request.Status != RequestAdopted || c.Request.QuotaVersion != 2 || c.Request.DecidedBy != "URE" {
		t.Errorf("request is %+v", c.Request)
	}
}

func TestAskAndDeclineQuota(t *testing.T) {
	quiet := quotaBook()
	quiet.Requests = nil
	for _, tt := range []struct {
		name   string
		actor  Actor
		book   QuotaBook
		wanted int
		reason string
		want   string
	}{
		{"good", quotaOfficial, quiet, 60, "r", ""},
		{"another body's official", Actor{Role: Official, BodyID: "kuancheng"}, quiet, 60, "r", "err.forbidden"},
		{"the office", quotaOffice, quiet, 60, "r", "err.forbidden"},
		{"as it is", quotaOfficial, quiet, 65, "", "err.quota.same quota_count, err.quota.reason reason"},
		{"one waits", quotaOfficial, quotaBook(), 60, "r", "err.quota.request.open"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, err := AskQuota(tt.actor, tt.book, "id", tt.wanted, tt.reason, Date{2018, 7, 31}, 9)
			if got := fault(err); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if err == nil && (c.Quota != nil || c.Messages[0].Key != "quota-request/id") {
				t.Errorf("a request makes %+v", c)
			}
		})
	}
	for _, tt := range []struct {
		name       string
		actor      Actor
		id, reason string
		want       string
	}{
		{"good", quotaOffice, "new", "r", ""}, {"who asked", quotaOfficial, "new", "r", "err.forbidden"},
		{"no reason", quotaOffice, "new", " ", "err.quota.reason reason"}, {"decided", quotaOffice, "old", "r", "err.quota.request.decided"},
	} {
		t.Run("decline: "+tt.name, func(t *testing.T) {
			c, err := DeclineQuota(tt.actor, quotaBook(), tt.id, tt.reason, 9)
			if got := fault(err); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if err == nil && (c.Quota != nil || c.Request.Status != RequestDeclined || len(c.Messages) != 2) {
				t.Errorf("declining makes %+v", c)
			}
		})
	}
}
