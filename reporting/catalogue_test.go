package reporting

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func listed(list, id, name, parent string, place int, aliases ...string) Entry {
	return Entry{List: list, ID: id, Name: Names{ZhCN: name}, Parent: parent, Position: place * step, Aliases: aliases, Version: 1}
}

// testCatalogue holds some of the plan's lists.
var testCatalogue = NewCatalogue([]Entry{
	listed(ListPlatform, "base", "津长双创示范基地", "tianjin", 1), listed(ListPlatform, "park", "津长合作产业园", "tianjin", 2),
	listed(ListPlatform, "zone", "浙江吉林净月服务业示范区", "hangzhou", 3),
	listed(ListPartner, "tianjin", "天津", "", 1), listed(ListPartner, "hangzhou", "杭州", "", 2),
	listed(ListIndustry, "auto", "汽车", "", 1), listed(ListIndustry, "nev", "新能源汽车", "", 2), listed(ListIndustry, "equipment", "先进装备制造", "", 4), listed(ListIndustry, "biomed", "生物及医药健康", "", 3, "生物医药"),
	listed(ListWorkingGroup, "group1", "第一产业招商工作组", "", 1), listed(ListRegion, "yangtze", "长三角", "", 1), listed(ListRegion, "pearl", "珠三角", "", 2),
	listed(ListExhibition, "dongbo", "东博会", "", 1), listed(ListExhibition, "canton", "广交会", "", 2),
	listed(ListPlanClass, "metro", "地铁经济类", "", 1), listed(ListPolicy, "northeast", "新一轮东北振兴", "", 1),
	listed(ListMode, "ppp", "PPP", "", 1), listed(ListPilot, "made", "中国制造2025试点", "", 1, "中国制造2025"),
	listed(ListInstitution, "jlu", "吉林大学", "", 1), listed(ListSupportTool, "equity", "股权投资基金", "", 1), listed(ListSupportTool, "interest", "贷款贴息", "", 2),
})

func TestCatalogueFinds(t *testing.T) {
	c := testCatalogue
	for _, tt := range []struct{ list, name, want string }{
		{ListIndustry, "汽车", "auto"}, {ListIndustry, "nev", "nev"}, {ListIndustry, "生物医药", "biomed"},
		{ListIndustry, "造船", ""}, {ListIndustry, "", ""}, {ListPartner, "汽车", ""}, {"no list", "汽车", ""},
	} {
		if e, ok := c.Named(tt.list, tt.name); e.ID != tt.want || ok != (tt.want != "") {
			t.Errorf("%s %q: %q %v, want %q", tt.list, tt.name, e.ID, ok, tt.want)
		}
	}
	if got := c.Label(ListPartner, "tianjin", En) + c.Label(ListPartner, "gone", ZhCN); got != "天津gone" {
		t.Errorf("labels %q", got)
	}
	var none *Catalogue
	if len(none.Of(ListIndustry)) > 0 || len(none.Offered(ListIndustry)) > 0 {
		t.Error("a nil catalogue holds something")
	}
}

func TestRetiredEntriesAreOfferedToThoseWhoHaveThem(t *testing.T) {
	old := listed(ListExhibition, "old", "华博会", "", 3)
	old.Retired = true
	c := NewCatalogue([]Entry{old, listed(ListExhibition, "new", "东博会", "", 1)})
	ids := func(all []Entry) (out []string) {
		for _, e := range all {
			out = append(out, e.ID)
		}
		return out
	}
	if diff := cmp.Diff([]string{"new"}, ids(c.Offered(ListExhibition, ""))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"new", "old"}, ids(c.Offered(ListExhibition, "old"))); diff != "" {
		t.Error(diff)
	}
}

// seenEntry is what a form of an entry, or with an empty id of a new one, saw.
func seenEntry(c *Catalogue, list, id string) Entry {
	if id == "" {
		return Entry{List: list, ID: c.FreeID(list)}
	}
	e, ok := c.Find(list, id)
	if !ok {
		return Entry{List: list, ID: id, Version: 1}
	}
	return e
}

func TestEditEntry(t *testing.T) {
	named := func(name string, more ...string) map[string]string {
		v := map[string]string{EntryNameCN: name}
		for i := 0; i+1 < len(more); i += 2 {
			v[more[i]] = more[i+1]
		}
		return v
	}
	office, other := Actor{UserID: "U1", Role: Reviewer}, Actor{UserID: "U2", Role: Official, BodyID: "jingyue"}
	long := string(make([]rune, EntryLimit+1))
	for _, tt := range []struct {
		name     string
		actor    Actor
		v        map[string]string
		list, id string
		want     string // faults, or action and position
	}{
		{"new", office, named("兰洽会"), ListExhibition, "", "catalogue.add 3000"},
		{"new at the front", office, named("兰洽会", EntryPlace, "１"), ListExhibition, "", "catalogue.add 0"},
		{"new between", office, named("兰洽会", EntryPlace, "2"), ListExhibition, "", "catalogue.add 1500"},
		{"new far behind", office, named("兰洽会", EntryPlace, "99"), ListExhibition, "", "catalogue.add 3000"},
		{"first of its list", office, named("项目备案", EntryPlace, "1"), ListRecord, "", "catalogue.add 1000"},
		{"renamed", office, named("东北亚博览会"), ListExhibition, "dongbo", "catalogue.edit 1000"},
		{"its own name", office, named("东博会", EntryPlace, "1"), ListExhibition, "dongbo", "catalogue.edit 1000"},
		{"stays in its place", office, named("津长合作产业园", EntryPlace, "2", EntryParent, "tianjin"), ListPlatform, "park", "catalogue.edit 2000"},
		{"moved behind", office, named("东博会", EntryPlace, "2"), ListExhibition, "dongbo", "catalogue.edit 3000"},
		{"retired", office, named("东博会", EntryRetired, Retire), ListExhibition, "dongbo", "catalogue.retire 1000"},
		{"an official", other, named("兰洽会"), ListExhibition, "", "err.forbidden"},
		{"no such list", office, named("兰洽会"), "fairs", "", "err.catalogue.unknown"},
		{"no such entry", office, named("兰洽会"), ListExhibition, "gone", "err.catalogue.unknown"},
		{"no name", office, named(" "), ListExhibition, "", "err.required name_zh_cn"},
		{"name of another", office, named("广交会"), ListExhibition, "dongbo", "err.catalogue.name name_zh_cn"},
		{"alias of another", office, named("x", EntryAliases, "生物医药"), ListIndustry, "", "err.catalogue.name aliases"},
		{"with a joint", office, named("天津·北京"), ListPartner, "", "err.catalogue.joint name_zh_cn"},
		{"too long", office, named(long), ListPartner, "", "err.too_long name_zh_cn"},
		{"no place", office, named("x", EntryPlace, "前"), ListPartner, "", "err.catalogue.place place"},
		{"platform without city", office, named("x"), ListPlatform, "", "err.required parent"},
		{"platform of no city", office, named("x", EntryParent, "auto"), ListPlatform, "", "err.choice parent"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e, event, err := EditEntry(tt.actor, tt.v, seenEntry(testCatalogue, tt.list, tt.id), testCatalogue, 7)
			got := fault(err)
			if err == nil {
				got = event.Action + " " + strconv.Itoa(e.Position)
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if err == nil && (event.Subject != e.Subject() || event.Actor != "U1" || event.At != 7 || (event.Before == nil) != (tt.id == "")) {
				t.Errorf("event %+v", event)
			}
		})
	}
	e, _, err := EditEntry(office, named("兰洽会"), seenEntry(testCatalogue, ListExhibition, ""), testCatalogue, 7)
	if _, taken := testCatalogue.Find(ListExhibition, e.ID); err != nil || taken || e.ID == "" {
		t.Errorf("new id %q, %v", e.ID, err)
	}
	retired := e
	retired.Version = 1
	retired.Retired = true
	c := NewCatalogue(append(testCatalogue.All, retired))
	if _, event, err := EditEntry(office, EntryValues(retired, c), retired, c, 7); err != nil || event.Action != "catalogue.edit" {
		t.Errorf("saved as shown: %v %v", event.Action, err)
	}
	if got, event, err := EditEntry(office, named("兰洽会", EntryRetired, InUse), retired, c, 7); err != nil || event.Action != "catalogue.restore" || got.Retired {
		t.Errorf("restored: %+v %v %v", got, event.Action, err)
	}
}
