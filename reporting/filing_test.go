package reporting

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var testBodies = map[string]Body{
	"jingyue":   {ID: "jingyue", Kind: DevZone},
	"kuancheng": {ID: "kuancheng", Kind: District},
	"gxj":       {ID: "gxj", Kind: Department},
}

func lookup(id string) (Body, bool) { b, ok := testBodies[id]; return b, ok }

// register is what the tests' projects refer to.
var register = Register{Body: lookup, Catalogue: testCatalogue}

func goodValues() map[string]string {
	return map[string]string{
		FieldName: "智能轴承产业园", FieldTerritory: "kuancheng", FieldLeadDept: "gxj", FieldLocation: "宽城经开区",
		FieldOwner: "示例·宽轴科技公司", FieldRoute: "R1", FieldPath: "R1.4", FieldPathDetail: "宽城经济开发区", FieldInvest: "3.2亿",
		FieldContent: strings.Repeat("建设内容", 6), FieldNature: "new", FieldIndustry: "equipment", FieldStart: "2018-07",
		FieldFinish: "2020-07", FieldMilestone: "lead", FieldEvidence: "会议纪要", FieldContact: "张工 13900001111",
	}
}

func faults(err error) map[string]string {
	var f FieldErrors
	if !errors.As(err, &f) {
		return nil
	}
	out := map[string]string{}
	for _, e := range f {
		out[e.Field] = e.Key
	}
	return out
}

func TestReadDraftFaults(t *testing.T) {
	set := func(kv ...string) map[string]string {
		v := goodValues()
		for i := 0; i < len(kv); i += 2 {
			v[kv[i]] = kv[i+1]
		}
		return v
	}
	for _, tt := range []struct {
		name     string
		values   map[string]string
		reporter string
		want     map[string]string
	}{
		{"all right", goodValues(), "kuancheng", nil},
		{"nothing typed", map[string]string{}, "kuancheng", map[string]string{
			FieldName: "err.required", FieldTerritory: "err.required", FieldLocation: "err.required", FieldOwner: "err.required",
			FieldRoute: "err.required", FieldPath: "err.required", FieldInvest: "err.required", FieldContent: "err.required",
			FieldNature: "err.required", FieldIndustry: "err.required", FieldStart: "err.required", FieldFinish: "err.required",
			FieldMilestone: "err.required", FieldEvidence: "err.evidence.either", FieldContact: "err.required"}},
		{"10,000 characters", set(FieldName, strings.Repeat("长", 10000)), "kuancheng", map[string]string{FieldName: "err.too_long"}},
		{"60 characters fit", set(FieldName, strings.Repeat("长", 60)), "kuancheng", nil},
		{"only digits", set(FieldName, "２０１８ 001"), "kuancheng", map[string]string{FieldName: "err.name.digits"}},
		{"scope too short", set(FieldContent, "太短"), "kuancheng", map[string]string{FieldContent: "err.too_short"}},
		{"territory is a department", set(FieldTerritory, "gxj"), "kuancheng", map[string]string{FieldTerritory: "err.territory.kind"}},
		{"territory open, reporter territorial", set(FieldTerritory, TerritoryOpen), "kuancheng", map[string]string{FieldTerritory: "err.territory.open"}},
		{"territory open, reporter a department", set(FieldTerritory, TerritoryOpen), "gxj", nil},
		{"lead department is a district", set(FieldLeadDept, "jingyue"), "kuancheng", map[string]string{FieldLeadDept: "err.lead_dept.kind"}},
		{"path of another route", set(FieldRoute, "R2"), "kuancheng", map[string]string{FieldPath: "err.path.route"}},
		{"detail missing", set(FieldPathDetail, " "), "kuancheng", map[string]string{FieldPathDetail: "err.required"}},
		{"detail not needed", set(FieldRoute, "R3", FieldPath, "R3.2", FieldPathDetail, ""), "kuancheng", nil},
		{"money unclear", set(FieldInvest, "3.2"), "kuancheng", map[string]string{FieldInvest: "err.money.unit"}},
		{"unknown industry", set(FieldIndustry, "chips"), "kuancheng", map[string]string{FieldIndustry: "err.choice"}},
		{"finish before start", set(FieldFinish, "2018-06"), "kuancheng", map[string]string{FieldFinish: "err.finish_before_start"}},
		{"month unreadable", set(FieldStart, "明年"), "kuancheng", map[string]string{FieldStart: "err.month"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ReadDraft(tt.values, testBodies[tt.reporter], register)
			if diff := cmp.Diff(faults(err), tt.want); diff != "" {
				t.Errorf("faults (got -, want +):\n%s", diff)
			}
		})
	}
}

func TestDraftValuesRoundTrip(t *testing.T) {
	p, err := ReadDraft(goodValues(), testBodies["kuancheng"], register)
	if err != nil {
		t.Fatal(err)
	}
	again, err := ReadDraft(DraftValues(p, testCatalogue), testBodies["kuancheng"], register)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(again, p); diff != "" {
		t.Error(diff)
	}
}

var (
	official = Actor{UserID: "U1", Role: Official, BodyID: "kuancheng"}
	other    = Actor{UserID: "U2", Role: Official, BodyID: "jingyue"}
	reviewer = Actor{UserID: "U3", Role: Reviewer}
	leader   = Actor{UserID: "U4", Role: Leader}
	nobody   = Actor{UserID: "U5"}
	day      = Date{2018, 7, 31}
)

func submitted(t *testing.T) Project {
	t.Helper()
	c, err := Submit(official, Draft{ID: "D1", BodyID: "kuancheng", Values: goodValues()}, Project{}, "CC-2018-0007", testBodies["kuancheng"], register, day, 1)
	if err != nil {
		t.Fatal(err)
	}
	if c.Drop != "D1" || len(c.Messages) != 1 || c.Messages[0].Key != "review/CC-2018-0007/1" || c.Event.Action != "project.submit" {
		t.Fatalf("change %+v", c)
	}
	c.Project.Version++
	return c.Project
}

func TestFilingLife(t *testing.T) {
	p := submitted(t)
	if p.Status != Submitted || p.InvestTotal != 32000 || p.PlanYear != 2018 || len(CreditsFor(p, Rules{Threshold: Yi})) != 0 {
		t.Fatalf("submitted: %+v", p)
	}
	back, err := Return(reviewer, p, p.Version, " 请补充用地依据 ", day.AddDays(1), 2)
	if err != nil {
		t.Fatal(err)
	}
	q := back.Project
	q.Version++
	if q.Status != Returned || q.ReturnReason != "请补充用地依据" || q.ReturnedOn != day.AddDays(1) {
		t.Fatalf("returned: %+v", q)
	}
	if m := back.Messages; m[0].EditOf != "review/CC-2018-0007/1" || m[1].To != "U1" || m[1].Kind != SentBack {
		t.Fatalf("messages %+v", m)
	}
	again, err := Submit(official, Draft{ID: "D2", BodyID: "kuancheng", ProjectID: p.ID, BaseVer: q.Version, Values: goodValues()}, q, "", testBodies["kuancheng"], register, day.AddDays(2), 3)
	if err != nil {
		t.Fatal(err)
	}
	r := again.Project
	r.Version++
	if r.ID != p.ID || r.Status != Submitted || r.ReturnReason != "" || again.Event.Action != "project.resubmit" {
		t.Fatalf("resubmitted: %+v", r)
	}
	yes, err := Approve(reviewer, r, r.Version, day.AddDays(3), 4)
	if err != nil {
		t.Fatal(err)
	}
	want := []Credit{
		{ProjectID: p.ID, Year: 2018, Role: CityCredit, From: day.AddDays(3)},
		{ProjectID: p.ID, Year: 2018, BodyID: "kuancheng", Role: TerritoryCredit, From: day.AddDays(3)},
		{ProjectID: p.ID, Year: 2018, BodyID: "gxj", Role: DepartmentCredit, From: day.AddDays(3)},
	}
	if diff := cmp.Diff(CreditsFor(yes.Project, Rules{Threshold: Yi}), want); diff != "" {
		t.Error(diff)
	}
}

func TestFilingRefusals(t *testing.T) {
	p := submitted(t)
	verified := p
	verified.Status = Verified
	sentBack := p
	sentBack.Status = Returned
	submitAs := func(a Actor, d Draft, old Project) error {
		_, err := Submit(a, d, old, "X", testBodies["kuancheng"], register, day, 1)
		return err
	}
	review := func(a Actor, p Project, seen int) error { _, err := Approve(a, p, seen, day, 1); return err }
	edit := Draft{BodyID: "kuancheng", ProjectID: p.ID, BaseVer: p.Version, Values: goodValues()}
	stale := edit
	stale.BaseVer--
	for name, tt := range map[string]struct {
		err  error
		code Code
		key  string
	}{
		"file for another body":         {submitAs(other, Draft{BodyID: "kuancheng", Values: goodValues()}, Project{}), Forbidden, "err.forbidden"},
		"a leader files":                {submitAs(leader, Draft{BodyID: "kuancheng", Values: goodValues()}, Project{}), Forbidden, "err.forbidden"},
		"resubmit a locked one":         {submitAs(official, edit, p), Conflict, "err.project.locked"},
		"resubmit after another's edit": {submitAs(official, stale, sentBack), Conflict, "err.project.changed"},
		"edit a submitted one":          {BeginEdit(official, p), Conflict, "err.project.locked"},
		"edit another body's":           {BeginEdit(other, sentBack), Forbidden, "err.forbidden"},
		"official approves":             {review(official, p, 0), Forbidden, "err.forbidden"},
		"leader approves":               {review(leader, p, 0), Forbidden, "err.forbidden"},
		"approve twice":                 {review(reviewer, verified, 0), Conflict, "err.review.decided"},
		"approve an older version":      {review(reviewer, p, p.Version+1), Conflict, "err.project.changed"},
		"read another body's project":   {CanReadProject(other, p), Forbidden, "err.forbidden"},
		"nobody reads":                  {CanReadProject(nobody, p), Forbidden, "err.forbidden"},
		"another body's figures":        {CanReadQuota(other, "kuancheng"), Forbidden, "err.forbidden"},
		"the city for an official":      {CanReadCity(official), Forbidden, "err.forbidden"},
		"reviewer makes a leader":       {CanGrant(reviewer, Leader), Forbidden, "err.forbidden"},
		"official manages":              {CanManage(official), Forbidden, "err.forbidden"},
		"another body's nudge":          {CanNudge(other, "kuancheng"), Forbidden, "err.forbidden"},
	} {
		t.Run(name, func(t *testing.T) {
			var e *Error
			if !errors.As(tt.err, &e) || e.Code != tt.code || e.Key != tt.key {
				t.Errorf("got %v, want %s %s", tt.err, tt.code, tt.key)
			}
		})
	}
	for reason, key := range map[string]string{"": "err.reason.required", strings.Repeat("长", 501): "err.too_long"} {
		_, err := Return(reviewer, p, 0, reason, day, 1)
		var e *Error
		if !errors.As(err, &e) || e.Key != key {
			t.Errorf("return with %d characters: %v, want %s", len(reason), err, key)
		}
	}
}

func TestCreditsFor(t *testing.T) {
	base := Project{ID: "X", Status: Verified, InvestTotal: 10000, VerifiedOn: day, PlanYear: 2018, TerritoryBody: "kuancheng"}
	for _, tt := range []struct {
		name string
		edit func(*Project)
		want int
	}{
		{"exactly at the threshold", func(*Project) {}, 2},
		{"one below", func(p *Project) { p.InvestTotal = 9999 }, 0},
		{"with a department", func(p *Project) { p.LeadDept = "gxj" }, 3},
		{"territory open", func(p *Project) { p.TerritoryBody = "" }, 1},
		{"submitted", func(p *Project) { p.Status = Submitted }, 0},
		{"suspended keeps it", func(p *Project) { p.Status = Suspended }, 2},
		{"withdrawn", func(p *Project) { p.Status = Withdrawn }, 0},
		{"merged", func(p *Project) { p.Status = Merged }, 0},
	} {
		p := base
		tt.edit(&p)
		if got := len(CreditsFor(p, Rules{Threshold: Yi})); got != tt.want {
			t.Errorf("%s: %d credits, want %d", tt.name, got, tt.want)
		}
	}
}

func TestPlanYear(t *testing.T) {
	for _, tt := range []struct {
		submitted, verified string
		want                int
	}{
		{"2018-12-31", "2018-12-31", 2018}, {"2018-12-31", "2019-01-15", 2018}, {"2018-12-31", "2019-01-16", 2019},
		{"2019-01-01", "2019-01-02", 2019}, {"2017-06-01", "2019-01-02", 2019},
	} {
		s, _ := ParseDate(tt.submitted)
		v, _ := ParseDate(tt.verified)
		if got := PlanYear(s, v); got != tt.want {
			t.Errorf("%s → %s: %d, want %d", tt.submitted, tt.verified, got, tt.want)
		}
	}
}

func TestParseProjectID(t *testing.T) {
	for in, want := range map[string]string{
		"CC-2018-0037": "CC-2018-0037", "cc-2018-0037": "CC-2018-0037", "ＣＣ－２０１８－００３７": "CC-2018-0037",
		"0037": "CC-2018-0037", "37": "CC-2018-0037", "#37": "CC-2018-0037", "12345": "CC-2018-12345", "CC-2017-S040": "CC-2017-S040",
		"": "", "CC-18-1": "", "<!channel>": "", "37; drop": "",
	} {
		got, err := ParseProjectID(in, 2018)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q %v, want %q", in, got, err, want)
		}
	}
}

func TestMaskedContact(t *testing.T) {
	p := Project{Contact: "张工 13900001111，0431-88887777"}
	if got, want := p.MaskedContact(), "张工 139******11，0431-888***77"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestProjectReadsBackFromAudit(t *testing.T) {
	p := submitted(t)
	b, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(b), `"SubmittedOn":"2018-07-31"`) || !strings.Contains(string(b), `"Start":"2018-07"`) {
		t.Errorf("days and months cannot be read: %s", b)
	}
	var q Project
	if err := json.Unmarshal(b, &q); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(q, p); diff != "" {
		t.Error(diff)
	}
}
