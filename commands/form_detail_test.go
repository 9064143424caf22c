package commands

import (
	"encoding/csv"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/reporting"
)

// TestEachPathAsksForItsOwn chooses every path and says which fields follow.
func TestEachPathAsksForItsOwn(t *testing.T) {
	a, _ := office(t)
	stamp := int64(0)
	asked := func(v map[string]string) []string {
		f := said(t, a, "UJY", "project", "register").Form
		if f == nil { // a draft waits: begin another
			f = pressed(t, a, "UJY", "project.new", "jingyue|").Form
		}
		stamp++
		in := input("UJY", f, "", v)
		in.Field, in.Stamp = "path", stamp
		g, err := a.Changed(t.Context(), in)
		if err != nil || g == nil {
			t.Fatalf("%v: %v", v, err)
		}
		var out []string
		for _, x := range g.Fields {
			if x.ID == reporting.FieldPathDetail || slices.Contains(reporting.DetailFields, x.ID) {
				id := strings.TrimPrefix(x.ID, "detail_")
				if x.Optional {
					id += "?"
				}
				out = append(out, id)
			}
		}
		return out
	}
	for path, want := range map[string]string{
		"R1.1": "group? region", "R1.2": "partner", "R1.3": "exhibition? path_detail?", "R1.4": "path_detail",
		"R2.1": "class path_detail?", "R2.2": "policy? mode", "R2.3": "pilot? path_detail?",
		"R3.1": "path_detail?", "R3.2": "path_detail?", "R3.3": "path_detail?",
		"R4.1": "institution? path_detail?", "R4.2": "institution? path_detail?", "R4.3": "institution? path_detail?",
		"R5.1": "path_detail", "R5.2": "path_detail", "R5.3": "path_detail", "R5.4": "path_detail from?",
	} {
		if diff := cmp.Diff(strings.Fields(want), asked(map[string]string{"path": path})); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
	got := asked(map[string]string{"path": "R1.2", "detail_partner": "tianjin"})
	if diff := cmp.Diff([]string{"partner", "platform"}, got); diff != "" {
		t.Errorf("a city chosen: %s", diff)
	}
}

func TestPlatformsOfTheChosenCity(t *testing.T) {
	a, s := office(t)
	f := said(t, a, "UJY", "project", "register").Form
	choose := func(f *Form, stamp int64, partner, platform string) *Form {
		in := input("UJY", f, "", map[string]string{"route": "R1", "path": "R1.2", "detail_partner": partner, "detail_platform": platform})
		in.Field, in.Stamp = "detail_partner", stamp
		g, err := a.Changed(t.Context(), in)
		if err != nil || g == nil {
			t.Fatal(g, err)
		}
		return g
	}
	g := choose(f, 1, "tianjin", "")
	if x := field(t, g, "detail_platform"); len(x.Options) != 2 || x.Variant != "tianjin" || !field(t, g, "detail_partner").Live {
		t.Errorf("platforms of 天津: %+v", x)
	}
	g = choose(g, 2, "hangzhou", "jinchang-base")
	if x := field(t, g, "detail_platform"); len(x.Options) != 1 || x.Value != "" || x.Variant != "hangzhou" {
		t.Errorf("the platform of another city stays chosen: %+v", x)
	}
	page1 := with(goodPage1, "path", "R1.2", "path_detail", "", "detail_partner", "hangzhou", "detail_platform", "jinchang-base")
	r, err := a.Submit(t.Context(), input("UJY", g, "p", page1))
	if err != nil || r.Errors["detail_platform"] == "" {
		t.Errorf("a platform of another city: %v %v", r.Errors, err)
	}
	page1["detail_platform"] = "zhejiang-jilin"
	file(t, a, "UJY", g, "v", page1, goodPage2)
	if p := s.projects["CC-2018-0001"]; p.PathDetail != "杭州·浙江吉林净月服务业示范区" {
		t.Errorf("filed %q", p.PathDetail)
	}
	edit := pressed(t, a, "UAD", "project.show", "CC-2018-0001").Reply
	wants(t, "shown", drawn(edit), "R1.2 对口合作招商 · 杭州·浙江吉林净月服务业示范区")
}

// TestEditShowsWhatWasChosen opens a verified project, and says on page 2 that
// the detail has changed only when it has.
func TestEditShowsWhatWasChosen(t *testing.T) {
	a, s := office(t)
	put(s, 1, verified)
	s.projects["CC-2018-0001"] = func(p reporting.Project) reporting.Project {
		p.Path, p.PathDetail = "R4.2", "吉林大学·股权激励"
		return p
	}(s.projects["CC-2018-0001"])
	f := said(t, a, "UJY", "project", "edit 1").Form
	if field(t, f, "detail_institution").Value != "jlu" || field(t, f, "path_detail").Value != "股权激励" {
		t.Errorf("shown: %+v", f.Fields)
	}
	v := map[string]string{}
	for _, x := range f.Fields {
		v[x.ID] = x.Value
		if x.Chosen != nil {
			v[x.ID] = x.Chosen.Value
		}
	}
	reviewed := func(v map[string]string, once string) string {
		r, err := a.Submit(t.Context(), input("UJY", f, once, v))
		if err != nil || r.Next == nil {
			t.Fatal(r.Errors, err)
		}
		var notes string
		for _, x := range r.Next.Fields {
			notes += spans(x.Text) + "\n"
		}
		return notes
	}
	lacks(t, "page 2 of an edit as it was", reviewed(v, "1"), "路径附项")
	v["detail_institution"] = "nenu"
	wants(t, "page 2 of a changed detail", reviewed(v, "2"), "路径附项")
}

// TestFaultsOfTheDetailOnPage2 has the list changed between the pages.
func TestFaultsOfTheDetailOnPage2(t *testing.T) {
	a, s := office(t)
	f := said(t, a, "UJY", "project", "register").Form
	page1 := with(goodPage1, "path_detail", "", "detail_exhibition", "canton")
	r, err := a.Submit(t.Context(), input("UJY", f, "1", page1))
	if err != nil || r.Next == nil {
		t.Fatal(r.Errors, err)
	}
	full := s.catalogue
	s.catalogue = reporting.NewCatalogue(slices.DeleteFunc(slices.Clone(full.All), func(e reporting.Entry) bool { return e.ID == "canton" }))
	r, err = a.Submit(t.Context(), input("UJY", r.Next, "2", goodPage2))
	if err != nil || !strings.Contains(r.Errors["content"], "展会名称") {
		t.Errorf("page 2: %v %v", r.Errors, err)
	}
}

// TestSamplesReadBack parses the detail of every sample project.
func TestSamplesReadBack(t *testing.T) {
	file, err := os.Open("../demo/projects.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	path, detail := slices.Index(rows[0], "subpath"), slices.Index(rows[0], "subpath_detail")
	c := plan(t)
	for _, row := range rows[1:] {
		p := reporting.Path(row[path])
		v := reporting.ParseDetail(p, row[detail], c)
		if got := reporting.ComposeDetail(p, v, c); got != row[detail] {
			t.Errorf("%s %q comes back as %q", p, row[detail], got)
		}
		d := reporting.DetailOf(p)
		if text := v[reporting.FieldPathDetail]; len(d.Parts) > 0 && text == row[detail] {
			t.Errorf("%s %q is found in no list", p, text)
		}
	}
}
