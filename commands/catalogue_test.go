package commands

import (
	"maps"
	"strings"
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

func TestCatalogueIsRead(t *testing.T) {
	a, _ := office(t)
	for _, user := range []string{"UJY", "ULE", "URE"} {
		all := drawn(said(t, a, user, "project", "目录").Reply)
		wants(t, user+": all lists", all, "# 目录", "展会：12 项", "审批事项：15 项", "[展会→catalogue.show exhibition]")
	}
	list := drawn(pressed(t, a, "UJY", "catalogue.show", "platform").Reply)
	wants(t, "platforms", list, "# 对口合作平台", "1. 津长双创示范基地 · 天津", "3. 浙江吉林净月服务业示范区 · 杭州")
	lacks(t, "what an official may press", list, "catalogue.edit", "catalogue.add")
	for _, name := range []string{"exhibition", "展会", "展會", "Exhibitions", "EXHIBITIONS"} {
		wants(t, name, drawn(said(t, a, "URE", "project", "catalogue "+name).Reply), "# 展会", "[12 全球吉商大会→catalogue.edit exhibition jishang]", "[新增一项→catalogue.add exhibition]")
	}
	wants(t, "by alias", drawn(said(t, a, "URE", "project", "catalogue industry").Reply), "又称 生物医药")
	_, err := say(t, a, "UJY", "project", "目录 展览")
	if key(err) != "err.catalogue.list" {
		t.Errorf("an unknown list: %v", err)
	}
}

func TestCatalogueIsKept(t *testing.T) {
	a, s := office(t)
	f := pressed(t, a, "URE", "catalogue.add", "exhibition").Form
	v := map[string]string{"name_zh_cn": "长春农博会", "name_en": "Changchun Agricultural Fair", "place": "1"}
	r := submitted(t, a, "URE", f, "k1", v)
	wants(t, "added", drawn(r.Tell), "“长春农博会”已存入展会目录", "1. 长春农博会")
	if again := submitted(t, a, "URE", f, "k1", v); again.Tell == nil || len(s.catalogue.Of("exhibition")) != 13 {
		t.Errorf("delivered again: %d entries", len(s.catalogue.Of("exhibition")))
	}
	id := s.catalogue.Of("exhibition")[0].ID

	edit := pressed(t, a, "URE", "catalogue.edit", "exhibition "+id).Form
	rival := pressed(t, a, "UAD", "catalogue.edit", "exhibition "+id).Form
	shown := map[string]string{}
	for _, x := range edit.Fields {
		shown[x.ID] = x.Value
	}
	if shown["name_zh_cn"] != "长春农博会" || shown["place"] != "1" || shown["retired"] != "no" {
		t.Errorf("the form shows %v", shown)
	}
	retire := map[string]string{"name_zh_cn": "长春农博会", "place": "1", "retired": "yes"}
	wants(t, "retired", drawn(submitted(t, a, "URE", edit, "k2", retire).Tell), "长春农博会", "（已停用）")
	typed := map[string]string{"name_zh_cn": "农业博览会"}
	late := submitted(t, a, "UAD", rival, "k3", typed)
	if late.Next == nil || late.Next.Fields[0].ID != "conflict" || late.Next.Fields[2].Value != "农业博览会" {
		t.Fatalf("who comes second sees %+v", late)
	}
	wants(t, "taken up again", drawn(submitted(t, a, "UAD", late.Next, "k4", typed).Tell), "“农业博览会”已存入")
	if e, _ := s.catalogue.Find("exhibition", id); e.Retired || e.Name.ZhCN != "农业博览会" || e.Version != 3 {
		t.Errorf("kept: %+v", e)
	}
	if n := len(s.events); n != 3 || s.events[1].Action != "catalogue.retire" || s.events[2].Action != "catalogue.restore" {
		t.Errorf("events %+v", s.events)
	}

	bad := submitted(t, a, "URE", f, "k5", map[string]string{"name_zh_cn": "广交会"})
	if !strings.Contains(bad.Errors["name_zh_cn"], "已经指“广交会”") {
		t.Errorf("a name that is taken: %v", bad.Errors)
	}
}

func TestCatalogueRefusals(t *testing.T) {
	a, s := office(t)
	form := pressed(t, a, "URE", "catalogue.edit", "exhibition canton").Form
	for _, user := range []string{"UJY", "ULE"} {
		for action, value := range map[string]string{"catalogue.edit": "exhibition canton", "catalogue.add": "exhibition"} {
			_, err := a.Press(t.Context(), Press{User: user, Action: action, Value: value, Locale: reporting.ZhCN})
			if key(err) != "err.forbidden" {
				t.Errorf("%s pressed %s: %v", user, action, err)
			}
		}
		if _, err := a.Submit(t.Context(), input(user, form, "k", map[string]string{"name_zh_cn": "x"})); key(err) != "err.forbidden" {
			t.Errorf("%s submitted: %v", user, err)
		}
	}
	for _, value := range []string{"exhibition gone", "fairs", ""} {
		if _, err := a.Press(t.Context(), Press{User: "URE", Action: "catalogue.edit", Value: value, Locale: reporting.ZhCN}); key(err) != "err.catalogue.unknown" {
			t.Errorf("pressed %q: %v", value, err)
		}
	}
	if len(s.events) > 0 {
		t.Errorf("written all the same: %+v", s.events)
	}
}

// TestFormOffersTheCatalogue retires an industry: it is offered no more, but to
// a project that has it.
func TestFormOffersTheCatalogue(t *testing.T) {
	a, s := office(t)
	all := s.catalogue.All
	for i := range all {
		if all[i].List == reporting.ListIndustry && all[i].ID == "auto" {
			all[i].Retired = true
		}
	}
	put(s, 1, verified)
	put(s, 2, func(p *reporting.Project) { verified(p); p.Industry = "nev" })
	offered := func(id string) map[string]string {
		f := said(t, a, "UJY", "project", "edit "+id).Form
		values := map[string]string{}
		for _, x := range f.Fields {
			values[x.ID] = x.Value
		}
		c, err := a.call(t.Context(), "UJY", "", reporting.ZhCN, "")
		if err != nil {
			t.Fatal(err)
		}
		st, err := readFiling(f.State)
		if err != nil {
			t.Fatal(err)
		}
		v := maps.Clone(reporting.DraftValues(s.projects[st.Project], s.catalogue))
		page, err := a.projectForm(c, st, 2, v)
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]string{}
		for _, x := range page.Fields {
			if x.ID == reporting.FieldIndustry {
				for _, o := range x.Options {
					out[o.Value] = o.Label
				}
			}
		}
		return out
	}
	if got := offered("1"); got["auto"] != "汽车" || got["nev"] != "新能源汽车" {
		t.Errorf("a project of a retired industry is offered %v", got)
	}
	if got := offered("2"); got["auto"] != "" || len(got) != 14 {
		t.Errorf("another is offered %v", got)
	}
}
