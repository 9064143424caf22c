package reporting

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestParseDetail(t *testing.T) {
	for _, tt := range []struct {
		path Path
		text string
		want map[string]string
	}{
		{"R1.1", "长三角叩门招商", map[string]string{DetailRegion: "yangtze"}},
		{"R1.1", "第一产业招商工作组·珠三角叩门招商", map[string]string{DetailGroup: "group1", DetailRegion: "pearl"}},
		{"R1.1", "汽车产业招商组，长三角", map[string]string{FieldPathDetail: "汽车产业招商组，长三角"}},
		{"R1.1", "第一产业招商工作组·成渝", map[string]string{DetailGroup: "group1", FieldPathDetail: "成渝"}},
		{"R1.2", "天津·津长双创示范基地", map[string]string{DetailPartner: "tianjin", DetailPlatform: "base"}},
		{"R1.2", "杭州·浙江吉林净月服务业示范区", map[string]string{DetailPartner: "hangzhou", DetailPlatform: "zone"}},
		{"R1.2", "杭州·津长双创示范基地", map[string]string{DetailPartner: "hangzhou", FieldPathDetail: "津长双创示范基地"}},
		{"R1.3", "东博会", map[string]string{DetailExhibition: "dongbo"}},
		{"R1.3", "东博会·第十二届", map[string]string{DetailExhibition: "dongbo", FieldPathDetail: "第十二届"}},
		{"R1.3", "进博会", map[string]string{FieldPathDetail: "进博会"}},
		{"R1.4", "合隆园区", map[string]string{FieldPathDetail: "合隆园区"}},
		{"R2.1", "地铁经济类", map[string]string{DetailClass: "metro"}},
		{"R2.1", "地铁经济类·轨道交通规划", map[string]string{DetailClass: "metro", FieldPathDetail: "轨道交通规划"}},
		{"R2.2", "PPP", map[string]string{DetailMode: "ppp"}},
		{"R2.2", "新一轮东北振兴·PPP", map[string]string{DetailPolicy: "northeast", DetailMode: "ppp"}},
		{"R2.3", "中国制造2025试点", map[string]string{DetailPilot: "made"}},
		{"R2.3", "中国制造2025", map[string]string{FieldPathDetail: "中国制造2025"}}, // an alias would change the text
		{"R3.1", "扩能改造", map[string]string{FieldPathDetail: "扩能改造"}},
		{"R4.2", "吉林大学·股权激励", map[string]string{DetailInstitution: "jlu", FieldPathDetail: "股权激励"}},
		{"R4.2", "长春理工大学·股权激励", map[string]string{FieldPathDetail: "长春理工大学·股权激励"}},
		{"R5.1", "众创空间", map[string]string{FieldPathDetail: "众创空间"}},
		{"R5.4", "绿园轨道产业园", map[string]string{FieldPathDetail: "绿园轨道产业园"}},
		{"R5.4", "绿园轨道产业园·来自北湖孵化器", map[string]string{FieldPathDetail: "绿园轨道产业园", DetailFrom: "北湖孵化器"}},
		{"R1.4", "甲园·来自乙", map[string]string{FieldPathDetail: "甲园·来自乙"}},
		{"R1.2", "天津·", map[string]string{FieldPathDetail: "天津·"}},
		{"R1.3", "", map[string]string{}},
	} {
		t.Run(string(tt.path)+" "+tt.text, func(t *testing.T) {
			got := ParseDetail(tt.path, tt.text, testCatalogue)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if back := ComposeDetail(tt.path, got, testCatalogue); back != tt.text {
				t.Errorf("composes %q", back)
			}
		})
	}
}

// TestDetailRoundTrip says of any text, and of anything chosen, that parsing
// and composing give it back.
func TestDetailRoundTrip(t *testing.T) {
	pieces := []string{Joint, "来自", "叩门招商", " ", "甲", "园区"}
	for _, e := range testCatalogue.All {
		pieces = append(pieces, e.Name.ZhCN)
	}
	rapid.Check(t, func(t *rapid.T) {
		path := rapid.SampledFrom(Paths).Draw(t, "path")
		text := strings.TrimSpace(strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 6).Draw(t, "text"), ""))
		if got := ComposeDetail(path, ParseDetail(path, text, testCatalogue), testCatalogue); got != text {
			t.Fatalf("%s %q comes back as %q", path, text, got)
		}

		v := map[string]string{}
		for _, q := range DetailOf(path).Parts {
			if offered := q.Offered(v, testCatalogue); len(offered) > 0 && (q.Required || rapid.Bool().Draw(t, "chosen")) {
				v[q.Field] = rapid.SampledFrom(offered).Draw(t, q.Field).ID
			}
		}
		if rapid.Bool().Draw(t, "with text") {
			v[FieldPathDetail] = rapid.StringMatching(`[甲-癸a-z0-9]{1,9}`).Draw(t, "words")
			if DetailOf(path).From && rapid.Bool().Draw(t, "came") {
				v[DetailFrom] = "孵化器"
			}
		}
		if diff := cmp.Diff(v, ParseDetail(path, ComposeDetail(path, v, testCatalogue), testCatalogue)); diff != "" {
			t.Fatalf("%s: %s", path, diff)
		}
	})
}

func TestDetailIsAskedFor(t *testing.T) {
	read := func(path string, pairs ...string) (string, map[string]string) {
		v := goodValues()
		delete(v, FieldPathDetail)
		v[FieldPath], v[FieldRoute] = path, path[:2]
		for i := 0; i < len(pairs); i += 2 {
			v[pairs[i]] = pairs[i+1]
		}
		p, err := ReadDraft(v, testBodies["kuancheng"], register)
		return p.PathDetail, faults(err)
	}
	long := strings.Repeat("长", 100)
	for _, tt := range []struct {
		path   string
		v      []string
		want   string
		faults map[string]string
	}{
		{"R1.1", nil, "", map[string]string{DetailRegion: "err.required"}},
		{"R1.1", []string{FieldPathDetail, "成渝"}, "", map[string]string{DetailRegion: "err.required"}},
		{"R1.1", []string{DetailRegion, "pearl", DetailGroup, "group1"}, "第一产业招商工作组·珠三角叩门招商", nil},
		{"R1.2", nil, "", map[string]string{DetailPartner: "err.required"}},
		{"R1.2", []string{DetailPartner, "tianjin"}, "", map[string]string{DetailPlatform: "err.required"}},
		{"R1.2", []string{DetailPartner, "hangzhou", DetailPlatform, "base"}, "", map[string]string{DetailPlatform: "err.choice"}},
		{"R1.2", []string{DetailPartner, "tianjin", DetailPlatform, "park"}, "天津·津长合作产业园", nil},
		{"R1.3", nil, "", map[string]string{DetailExhibition: "err.detail.instead"}},
		{"R1.3", []string{FieldPathDetail, "进博会"}, "进博会", nil},
		{"R1.3", []string{DetailExhibition, "gone"}, "", map[string]string{DetailExhibition: "err.choice"}},
		{"R1.4", nil, "", map[string]string{FieldPathDetail: "err.required"}},
		{"R2.1", []string{FieldPathDetail, "规划"}, "", map[string]string{DetailClass: "err.required"}},
		{"R2.2", []string{DetailPolicy, "northeast"}, "", map[string]string{DetailMode: "err.required"}},
		{"R2.3", nil, "", map[string]string{DetailPilot: "err.detail.instead"}},
		{"R3.3", nil, "", nil},
		{"R4.1", nil, "", map[string]string{DetailInstitution: "err.detail.instead"}},
		{"R4.1", []string{DetailInstitution, "jlu", FieldPathDetail, "激光晶体"}, "吉林大学·激光晶体", nil},
		{"R5.3", nil, "", map[string]string{FieldPathDetail: "err.required"}},
		{"R5.4", []string{FieldPathDetail, "绿园轨道产业园", DetailFrom, "北湖孵化器"}, "绿园轨道产业园·来自北湖孵化器", nil},
		{"R4.1", []string{DetailInstitution, "jlu", FieldPathDetail, long}, "", map[string]string{FieldPathDetail: "err.too_long"}},
		{"R4.1", []string{FieldPathDetail, long + "长"}, "", map[string]string{FieldPathDetail: "err.too_long"}},
	} {
		got, bad := read(tt.path, tt.v...)
		if got != tt.want && tt.faults == nil || !maps.Equal(bad, tt.faults) {
			t.Errorf("%s %v: %q %v, want %q %v", tt.path, tt.v, got, bad, tt.want, tt.faults)
		}
	}
}

// TestDetailOfBeforeStaysValid edits a project that was filed when the list
// was not yet asked for.
func TestDetailOfBeforeStaysValid(t *testing.T) {
	p := Project{Path: "R1.1", PathDetail: "汽车产业招商组，长三角"}
	v := goodValues()
	for id, value := range DraftValues(p, testCatalogue) {
		if id == FieldRoute || id == FieldPath || id == FieldPathDetail || id == detailBefore {
			v[id] = value
		}
	}
	if got, err := ReadDraft(v, testBodies["kuancheng"], register); err != nil || got.PathDetail != p.PathDetail {
		t.Errorf("as it was: %q %v", got.PathDetail, err)
	}
	v[FieldPathDetail] = "成渝"
	if _, err := ReadDraft(v, testBodies["kuancheng"], register); faults(err)[DetailRegion] != "err.required" {
		t.Errorf("changed: %v, want the region asked for", err)
	}
}

func TestSpreadDetail(t *testing.T) {
	v := map[string]string{FieldPath: "R1.3", FieldPathDetail: "东博会"}
	SpreadDetail(v, testCatalogue)
	if v[DetailExhibition] != "dongbo" || v[FieldPathDetail] != "" {
		t.Errorf("a draft of before: %v", v)
	}
	v[FieldPathDetail] = "广交会"
	SpreadDetail(v, testCatalogue)
	if v[DetailExhibition] != "dongbo" || v[FieldPathDetail] != "广交会" {
		t.Errorf("what is chosen stays: %v", v)
	}
}
