package reporting

import (
	"errors"
	"testing"
)

var approvals = NewCatalogue([]Entry{{List: ListRecord, ID: "land", Name: Names{ZhCN: "用地"}}})

// TestRefusalsAtFields produces refusals that no other test names.
func TestRefusalsAtFields(t *testing.T) {
	p := submitted(t)
	p.Status, p.VerifiedOn = Verified, day
	staged := func(s Stage) Project { q := p; q.Stage = s; return q }
	advance := func(from Stage, field, value string) error {
		v := map[string]string{
			FieldOwner: "示例集团", FieldLeader: "陈副市长", FieldOrigin: "abroad", FieldInvestYear: "300万", FieldContract: "投资合同", FieldProofText: "见附件",
			FieldProof:     map[Stage]string{S1: "study", S2: "land", S3: "output"}[from],
			FieldCompleted: "2018-03-01", FieldCapacity: "2018-03-02", FieldBenefit: "2018-03-03",
		}
		v[field] = value
		_, err := Advance(official, staged(from), 0, v, day, 1)
		return err
	}
	list := &BodyList{All: []Body{
		{ID: "chaoyang", Kind: District, Name: Names{ZhCN: "朝阳区"}, EndsOn: day}, {ID: "kuancheng", Kind: District, Name: Names{ZhCN: "宽城区"}},
		{ID: "jingyue", Kind: DevZone, Name: Names{ZhCN: "净月高新区"}, ParentID: "kuancheng"},
	}}
	kuancheng, _ := list.Find("kuancheng")
	ends := func(day, successor string) error {
		_, _, err := EndBody(reviewer, map[string]string{BodyLastDay: day, BodyWhy: "合并", BodySuccessor: successor}, kuancheng, list, 1)
		return err
	}
	above := BodyValues(kuancheng)
	above[BodyParent] = "jingyue" // which stands below it
	_, _, parent := EditBody(reviewer, above, kuancheng, list, 1)
	unseen, early := p, p
	unseen.ID, early.ID, early.Status = "CC-2018-0001", "CC-2018-0001", Submitted
	merge := func(x, y Project) error { _, err := Merge(reviewer, x, y, "重复", day, 1); return err }
	later := p
	later.ID = "CC-2018-0002"
	same := Draft{BodyID: p.ReporterBody, ProjectID: p.ID, BaseVer: p.Version, Values: DraftValues(p, testCatalogue)}
	_, unchanged := Submit(official, same, p, p.ID, testBodies["kuancheng"], register, day, 1)
	stuck := Problem{ProjectID: p.ID, No: 1, BodyID: p.ReporterBody, Text: "用地", Owner: official.UserID, DueOn: day, OpenedBy: official.UserID, Version: 3}
	values := func(owner, due string) map[string]string {
		return map[string]string{FieldProblemText: "用地", FieldProblemOwner: owner, FieldProblemDue: due}
	}
	open := func(owner Person, due string) error {
		_, err := OpenProblem(official, p, Problem{ProjectID: p.ID, No: 2}, values(owner.UserID, due), owner, day, 1)
		return err
	}
	_, unmoved := EditProblem(official, p, stuck, 3, values(official.UserID, day.String()), Person{UserID: official.UserID, Role: Official}, day, 1)
	_, overtaken := CloseProblem(official, p, stuck, 2, "已解决", 1)
	listed := p
	listed.ApprovalKind = "record"
	_, sameKind := ChooseApproval(official, listed, nil, 0, "record", approvals, day, 1)
	_, ticked := TickApproval(official, listed, []Tick{{ProjectID: p.ID, Item: "land"}}, 0, map[string]string{FieldApprovalItem: "land", FieldApprovalDone: day.String()}, approvals, day, 1)
	_, noDay := ParseDate("五月")
	_, noWeek := ParseWeek("2018-W60")

	for name, tt := range map[string]struct {
		err        error
		key, field string
	}{
		"a body's last day that is none":     {ends("月底", ""), "err.body.day", BodyLastDay},
		"a body that follows itself":         {ends("2018-12-31", "kuancheng"), "err.body.own_successor", BodySuccessor},
		"a successor that has ended":         {ends("2018-12-31", "chaoyang"), "err.body.successor_ended", BodySuccessor},
		"a body below itself":                {parent, "err.body.own_parent", BodyParent},
		"an owner that is still to be found": {advance(S1, FieldOwner, "拟引进"), "err.owner.open", FieldOwner},
		"more in a year than in all":         {advance(S1, FieldInvestYear, "900亿"), "err.invest_year.above", FieldInvestYear},
		"a day to come":                      {advance(S3, FieldBenefit, "2030-01-01"), "err.date.future", FieldBenefit},
		"capacity before completion":         {advance(S3, FieldCapacity, "2018-02-01"), "err.date.order", FieldCapacity},
		"an edit that changes nothing":       {unchanged, "err.edit.same", ""},
		"merged with itself":                 {merge(p, p), "err.merge.self", "other"},
		"merged into what is not verified":   {merge(early, later), "err.merge.keep", ""},
		"a problem of somebody without role": {open(Person{UserID: "UGUEST", Role: Stranger}, "2018-08-10"), "err.problem.owner", FieldProblemOwner},
		"a problem due before today":         {open(Person{UserID: "U2", Role: Leader}, "2018-07-30"), "err.problem.past", FieldProblemDue},
		"a problem that stays as it is":      {unmoved, "err.problem.same", FieldProblemDue},
		"a problem that was changed since":   {overtaken, "err.problem.changed", ""},
		"approved as it is already":          {sameKind, "err.approval.same", FieldApprovalKind},
		"an item that is ticked":             {ticked, "err.approval.ticked", FieldApprovalItem},
		"no day":                             {noDay, "err.date", ""},
		"no week":                            {noWeek, "err.week", ""},
	} {
		t.Run(name, func(t *testing.T) {
			var at FieldErrors
			if errors.As(tt.err, &at) && at[0].Key == tt.key && at[0].Field == tt.field && len(at) == 1 {
				return
			}
			var e *Error
			if !errors.As(tt.err, &e) || e.Key != tt.key || e.Field != tt.field {
				t.Errorf("got %v, want %s at %q", tt.err, tt.key, tt.field)
			}
		})
	}
}
