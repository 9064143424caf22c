package reporting

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestParseCreditCode(t *testing.T) {
	for in, want := range map[string]string{
		"91350100M000100Y43": "91350100M000100Y43", // the example of GB 32100-2015
		"91110000802100433B": "91110000802100433B", "9144030071526726XG": "9144030071526726XG", "91330100716105852F": "91330100716105852F",
		"９１３５０１００ｍ０００１００ｙ４３": "91350100M000100Y43", " 9135 0100 M000 100Y 43 ": "91350100M000100Y43",
		"91350100M000100Y4": "err.credit.form", "91350100M000100Y433": "err.credit.form", "91350100O000100Y43": "err.credit.form",
		"9135A100M000100Y43": "err.credit.form", "": "err.credit.form", "<!channel>": "err.credit.form",
		"91350100M000100Y44": "err.credit.check", "91350100M000010Y43": "err.credit.check",
	} {
		got, err := ParseCreditCode(in)
		if err != nil {
			got = fault(err)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// TestCreditCheckFindsSlips changes one sign, or two neighbours, of any code
// that is right.
func TestCreditCheckFindsSlips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.StringMatching(`[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{9}`).Draw(t, "code")
		code += string(creditCheck(code + "0"))
		if got, err := ParseCreditCode(strings.ToLower(code)); got != code || err != nil {
			t.Fatalf("%s: %q %v", code, got, err)
		}
		i := rapid.IntRange(0, 17).Draw(t, "place")
		signs := creditSigns
		if i >= 2 && i < 8 {
			signs = creditSigns[:10]
		}
		wrong := []byte(code)
		wrong[i] = signs[rapid.IntRange(0, len(signs)-1).Draw(t, "sign")]
		if _, err := ParseCreditCode(string(wrong)); (err == nil) != (string(wrong) == code) {
			t.Fatalf("%s for %s: %v", wrong, code, err)
		}
		j := rapid.IntRange(8, 15).Draw(t, "swap")
		swapped := []byte(code)
		swapped[j], swapped[j+1] = swapped[j+1], swapped[j]
		if _, err := ParseCreditCode(string(swapped)); (err == nil) != (string(swapped) == code) {
			t.Fatalf("%s for %s: %v", swapped, code, err)
		}
	})
}

func TestParseSector(t *testing.T) {
	for in, want := range map[string]string{
		"C36": "C36", "36": "C36", "ｃ３６": "C36", "A01": "A01", "05": "A05", "06": "B06", "T97": "T97", "97": "T97", "K70": "K70", "13": "C13", "43": "C43", "44": "D44",
		"D36": "err.gb4754.section", "98": "err.gb4754.none", "00": "err.gb4754.none", "C": "err.gb4754.form", "C3670": "err.gb4754.form", "U01": "err.gb4754.form", "": "err.gb4754.form",
	} {
		got, err := ParseSector(in)
		if err != nil {
			got = fault(err)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	for i, r := range sections[1:] {
		if last := sections[i][1]; r[0] <= last || r[1] < r[0] {
			t.Errorf("section %c begins at %s after %s", 'B'+i, r[0], last)
		}
	}
}

func TestParseLocationCode(t *testing.T) {
	for in, want := range map[string]string{"220102": "220102 here", "２２０１８２": "220182 here", "220381": "220381 away", "110105": "110105 away", "22010": "bad", "020102": "bad", "南关": "bad"} {
		code, away, err := ParseLocationCode(in)
		got := code + map[bool]string{true: " away", false: " here"}[away]
		if err != nil {
			got = "bad"
		}
		if got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestConvert(t *testing.T) {
	for _, tt := range []struct {
		amount Wan
		rate   string
		want   Wan
		same   string
	}{
		{5000, "6.8125", 34063, "6.8125"}, {5000, "6.81250", 34063, "6.8125"}, {1, "0.4", 0, "0.4"}, {1, "0.5", 1, "0.5"}, {100000, "0.0617", 6170, "0.0617"},
		{3, "007", 21, "7"}, {2, ".5", 0, ""}, {2, "0", 0, ""}, {2, "0.0", 0, ""}, {2, "6.8.1", 0, ""}, {2, "1e3", 0, ""}, {2, "0.0000001", 0, ""}, {10, "10", 100, "10"},
	} {
		rate, err := ParseRate(tt.rate)
		if rate != tt.same || (err == nil) != (tt.same != "") {
			t.Errorf("rate %q: %q %v", tt.rate, rate, err)
		}
		if got := convert(tt.amount, rate); got != tt.want {
			t.Errorf("%d at %s: %d, want %d", tt.amount, tt.rate, got, tt.want)
		}
	}
}

func recorded() Project {
	return Project{
		ID: "CC-2018-0007", ReporterBody: "kuancheng", Status: Verified, InvestTotal: 32000, Version: 4, Path: "R1.3",
		Record: Record{Sector: "C36", FundLoan: 32000},
	}
}

func TestComplete(t *testing.T) {
	mine, admin := Actor{UserID: "U1", Role: Official, BodyID: "kuancheng"}, Actor{UserID: "U2", Role: Admin}
	full := map[string]string{
		FieldLocationCode: "220103", FieldOwnerCode: "91350100m000100y43", FieldSector: "36", FieldPlanning: "brains", FieldBrain: " 某设计院 ", FieldIntroducer: "吉商联合会", FieldDrive: "new",
		FieldFundGovernment: "0.5亿", FieldFundEnterprise: "2亿", FieldFundLoan: "7000万", FieldFundSocial: "0", FieldFundOther: "",
		FieldFXCurrency: "USD", FieldFXAmount: "1,000", FieldFXRate: "6.8125", FieldFXOn: "2018-07-01",
		FieldLibrary: "nation|city", FieldApplied: "500万", FieldReceived: "300万", FieldOutput: "3亿", FieldTax: "2000万", FieldJobs: "1,200",
		FieldTags: "local", FieldTools: "interest|equity",
	}
	with := func(pairs ...string) map[string]string {
		v := maps.Clone(full)
		for i := 0; i < len(pairs); i += 2 {
			v[pairs[i]] = pairs[i+1]
		}
		return v
	}
	for _, tt := range []struct {
		name  string
		actor Actor
		edit  func(*Project)
		s     Section
		seen  int
		v     map[string]string
		want  string
	}{
		{"identity", mine, nil, SectionIdentity, 4, full, ""},
		{"money", admin, nil, SectionMoney, 0, full, ""},
		{"effect", mine, nil, SectionEffect, 4, full, ""},
		{"returned", mine, func(p *Project) { p.Status = Returned }, SectionEffect, 4, full, ""},
		{"suspended", mine, func(p *Project) { p.Status = Suspended }, SectionEffect, 4, full, ""},
		{"carried", mine, func(p *Project) { p.Status = Carried }, SectionEffect, 4, full, ""},
		{"all emptied", mine, nil, SectionIdentity, 4, map[string]string{}, ""},

		{"another body", Actor{UserID: "U3", Role: Official, BodyID: "jingyue"}, nil, SectionIdentity, 4, full, "err.forbidden"},
		{"a reviewer", Actor{UserID: "U3", Role: Reviewer}, nil, SectionIdentity, 4, full, "err.forbidden"},
		{"a leader", Actor{UserID: "U3", Role: Leader}, nil, SectionIdentity, 4, full, "err.forbidden"},
		{"submitted", mine, func(p *Project) { p.Status = Submitted }, SectionIdentity, 4, full, "err.record.status"},
		{"withdrawn", mine, func(p *Project) { p.Status = Withdrawn }, SectionIdentity, 4, full, "err.record.status"},
		{"completed", mine, func(p *Project) { p.Status = Completed }, SectionIdentity, 4, full, "err.record.status"},
		{"merged", mine, func(p *Project) { p.Status = Merged }, SectionIdentity, 4, full, "err.record.status"},
		{"changed since", mine, nil, SectionIdentity, 3, full, "err.project.changed"},
		{"nothing changed", mine, nil, SectionEffect, 4, map[string]string{}, "err.record.same"},
		{"no such section", mine, nil, "rest", 4, full, "err.form.unknown"},

		{"location", mine, nil, SectionIdentity, 4, with(FieldLocationCode, "2201"), "err.location_code location_code"},
		{"credit code", mine, nil, SectionIdentity, 4, with(FieldOwnerCode, "91350100M000100Y44"), "err.credit.check owner_code"},
		{"sector", mine, nil, SectionIdentity, 4, with(FieldSector, "D36"), "err.gb4754.section gb4754"},
		{"planning", mine, nil, SectionIdentity, 4, with(FieldPlanning, "both"), "err.choice planning_mode, err.record.brain outside_brain"},
		{"no brain named", mine, nil, SectionIdentity, 4, with(FieldBrain, " "), "err.required outside_brain"},
		{"a brain all the same", mine, nil, SectionIdentity, 4, with(FieldPlanning, "self"), "err.record.brain outside_brain"},
		{"introducer too long", mine, nil, SectionIdentity, 4, with(FieldIntroducer, strings.Repeat("长", 101)), "err.too_long introducer"},
		{"drive", mine, nil, SectionIdentity, 4, with(FieldDrive, "old"), "err.choice drive"},

		{"funding 1% above", mine, nil, SectionMoney, 4, with(FieldFundOther, "320万"), ""},
		{"funding more above", mine, nil, SectionMoney, 4, with(FieldFundOther, "321万"), "err.record.funding fund_other"},
		{"funding 1% below", mine, nil, SectionMoney, 4, with(FieldFundLoan, "6680万"), ""},
		{"funding more below", mine, nil, SectionMoney, 4, with(FieldFundLoan, "6679万"), "err.record.funding fund_other"},
		{"funding no number", mine, nil, SectionMoney, 4, with(FieldFundLoan, "许多"), "err.money.form fund_loan"},
		{"currency missing", mine, nil, SectionMoney, 4, with(FieldFXCurrency, ""), "err.required fx_currency"},
		{"currency unknown", mine, nil, SectionMoney, 4, with(FieldFXCurrency, "XAU"), "err.choice fx_currency"},
		{"amount missing", mine, nil, SectionMoney, 4, with(FieldFXAmount, ""), "err.required fx_amount"},
		{"amount of nothing", mine, nil, SectionMoney, 4, with(FieldFXAmount, "0"), "err.whole fx_amount"},
		{"amount no number", mine, nil, SectionMoney, 4, with(FieldFXAmount, "1.5"), "err.whole fx_amount"},
		{"rate missing", mine, nil, SectionMoney, 4, with(FieldFXRate, ""), "err.required fx_rate"},
		{"rate", mine, nil, SectionMoney, 4, with(FieldFXRate, "-1"), "err.fx.rate fx_rate"},
		{"day missing", mine, nil, SectionMoney, 4, with(FieldFXOn, ""), "err.required fx_on"},
		{"day to come", mine, nil, SectionMoney, 4, with(FieldFXOn, "2018-08-01"), "err.date.future fx_on"},
		{"no foreign money", mine, nil, SectionMoney, 4, with(FieldFXCurrency, "", FieldFXAmount, "", FieldFXRate, "", FieldFXOn, ""), ""},

		{"library", mine, nil, SectionEffect, 4, with(FieldLibrary, "county"), "err.choice library_level"},
		{"library and none", mine, nil, SectionEffect, 4, with(FieldLibrary, "city|none"), "err.record.none library_level"},
		{"more received than applied for", mine, nil, SectionEffect, 4, with(FieldReceived, "501万"), "err.record.received funds_received"},
		{"output below zero", mine, nil, SectionEffect, 4, with(FieldOutput, "-3亿"), "err.money.positive output"},
		{"jobs", mine, nil, SectionEffect, 4, with(FieldJobs, "-1"), "err.whole jobs"},
		{"jobs of a province", mine, nil, SectionEffect, 4, with(FieldJobs, "1000001"), "err.whole jobs"},
		{"tags", mine, nil, SectionEffect, 4, with(FieldTags, "local|global"), "err.choice tags"},
		{"tools", mine, nil, SectionEffect, 4, with(FieldTools, "equity|gift"), "err.choice support_tools"},
		{"tools and none", mine, nil, SectionEffect, 4, with(FieldTools, "equity|none"), "err.record.none support_tools"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := recorded()
			if tt.edit != nil {
				tt.edit(&p)
			}
			c, err := Complete(tt.actor, p, tt.s, tt.seen, tt.v, testCatalogue, day, 9)
			if got := fault(err); got != tt.want {
				t.Fatalf("got %q, want %q", got, tt.want)
			}
			if err == nil && (c.Project.UpdatedAt != 9 || c.Event.Action != "project.complete" || c.Event.Before != p || len(c.Messages) > 0 || c.Project.Status != p.Status) {
				t.Errorf("makes %+v", c)
			}
		})
	}

	p := recorded()
	for _, s := range Sections {
		c, err := Complete(mine, p, s, 0, full, testCatalogue, day, 9)
		if err != nil {
			t.Fatal(err)
		}
		p = c.Project
	}
	want := Record{
		LocationCode: "220103", OwnerCode: "91350100M000100Y43", Sector: "C36", PlanningMode: "brains", OutsideBrain: "某设计院", Introducer: "吉商联合会", Drive: "new",
		FundGovernment: 5000, FundEnterprise: 20000, FundLoan: 7000, FXCurrency: "USD", FXAmount: 1000, FXRate: "6.8125", FXOn: Date{2018, 7, 1},
		Library: "city|nation", FundsApplied: 500, FundsReceived: 300, Output: 30000, Tax: 2000, Jobs: 1200, Tags: "local", Tools: "equity|interest",
	}
	if diff := cmp.Diff(want, p.Record); diff != "" {
		t.Error(diff)
	}
	if p.Converted() != 6813 {
		t.Errorf("converted: %d", p.Converted())
	}
	for _, s := range Sections {
		if _, err := Complete(mine, p, s, 0, RecordValues(p), testCatalogue, day, 9); fault(err) != "err.record.same" {
			t.Errorf("%s saved as shown: %v", s, err)
		}
	}
}

// TestRecordStays edits and submits again a project whose record is filled.
func TestRecordStays(t *testing.T) {
	for _, status := range []Status{Returned, Verified} {
		old := submitted(t)
		old.Status, old.Version, old.Record = status, 2, Record{Sector: "C36", Tools: "equity", FundLoan: 5}
		v := goodValues()
		v[FieldEvidence] = "另一份纪要"
		d := Draft{ID: "D", BodyID: "kuancheng", ProjectID: old.ID, BaseVer: 2, Values: v}
		c, err := Submit(Actor{UserID: "U1", Role: Official, BodyID: "kuancheng"}, d, old, old.ID, testBodies["kuancheng"], register, day, 3)
		if err != nil || c.Project.Record != old.Record {
			t.Errorf("%s: %+v %v", status, c.Project.Record, err)
		}
	}
}

func TestCompleteness(t *testing.T) {
	var p Project
	if n, of := p.Completeness(); n != 0 || of != 21 {
		t.Errorf("empty: %d/%d", n, of)
	}
	for name, tt := range map[string]struct {
		edit   func(*Project)
		filled int
		outOf  int
	}{
		"investors are brought": {func(p *Project) { p.Path = "R1.3" }, 0, 22},
		"and by whom":           {func(p *Project) { p.Path, p.Introducer = "R1.3", "x" }, 1, 22},
		"from abroad":           {func(p *Project) { p.InvestorOrigin = "abroad" }, 1, 22},
		"outside brains":        {func(p *Project) { p.PlanningMode = "brains" }, 1, 22},
		"in no library":         {func(p *Project) { p.Library = None }, 1, 21},
		"in one":                {func(p *Project) { p.Library, p.FundsApplied = "city", 3 }, 2, 22},
		"what does not apply":   {func(p *Project) { p.Introducer, p.OutsideBrain = "x", "y" }, 0, 21},
		"funding is one thing":  {func(p *Project) { p.FundLoan, p.FundOther = 1, 2 }, 1, 21},
	} {
		var p Project
		tt.edit(&p)
		if n, of := p.Completeness(); n != tt.filled || of != tt.outOf {
			t.Errorf("%s: %d/%d, want %d/%d", name, n, of, tt.filled, tt.outOf)
		}
	}
}

func TestCanonicalTools(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "贷款贴息|equity": "equity|interest", "equity|equity": "equity", "none": "none", "gift|equity": "! gift",
	} {
		got, unknown := testCatalogue.CanonicalTools(in)
		if unknown != "" {
			got = "! " + unknown
		}
		if got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestUpdateMovesTheMilestone(t *testing.T) {
	mine := Actor{UserID: "U1", Role: Official, BodyID: "kuancheng"}
	p := recorded()
	p.Milestone = "permit"
	for milestone, want := range map[string]string{"begun": "begun", "eia": "eia", "": "permit", "next": "err.choice milestone"} {
		c, err := Update(mine, p, map[string]string{FieldNote: "见说明", FieldInvested: "0", FieldMilestone: milestone}, 9)
		got := c.Project.Milestone
		if err != nil {
			got = fault(err)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", milestone, got, want)
		}
		if err == nil && c.Event.Before.(Project).Milestone != "permit" {
			t.Errorf("the event begins with %v", c.Event.Before)
		}
	}
	if !slices.IsSortedFunc(Milestones, func(a, b string) int { return slices.Index(Milestones, a) - slices.Index(Milestones, b) }) {
		t.Error("milestones name one twice")
	}
}
