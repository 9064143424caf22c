package lexicon

import (
	"encoding/csv"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/reporting"
)

// cityBodies are the bodies of 2018.
func cityBodies(t testing.TB) *reporting.BodyList {
	t.Helper()
	f, err := os.Open("testdata/bodies.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	list := &reporting.BodyList{Revision: 1}
	for _, r := range rows[1:] {
		list.All = append(list.All, reporting.Body{
			ID: r[0], Kind: reporting.Kind(r[1]), Group: r[2],
			Name:    reporting.Names{ZhCN: r[3], ZhTW: r[4], En: r[5]},
			Short:   reporting.Names{ZhCN: r[6], ZhTW: r[7]},
			Aliases: strings.Split(r[8], "|"),
		})
	}
	return list
}

func found(m []Match) (ids string, how How) {
	var all []string
	for _, x := range m {
		all, how = append(all, x.Body.ID), x.How
	}
	return strings.Join(all, " "), how
}

func TestFind(t *testing.T) {
	x := New(cityBodies(t))
	for _, c := range []struct {
		typed, want string
		how         How
	}{
		// Every kind of name.
		{"净月高新区", "jingyue", Exact},
		{"淨月", "jingyue", Exact},
		{" ＪＹ ", "jingyue", Exact},
		{"jing yue", "jingyue", Exact},
		{"JingYue", "jingyue", Exact},
		{"jìngyuè", "jingyue", Exact},
		{"长春净月高新技术产业开发区", "jingyue", Exact},
		{"Changchun Jingyue High-tech Industrial Development Zone", "jingyue", Exact},
		{"綠園區", "lvyuan", Exact},
		{"lüyuan", "lvyuan", Exact},
		{"luyuanqu", "lvyuan", Exact},
		{"Nong'an", "nongan", Exact},
		{"九臺", "jiutai", Exact},
		{"九台市", "jiutai", Exact},
		{"卫生局", "wjw", Exact},
		{"衛生局", "wjw", Exact},
		{"fgw", "fgw", Exact},
		{"市發改委", "fgw", Exact},
		{"SASAC", "gzw", Exact},
		{"lianhuashan", "lianhuashan", Exact},
		{"chaoyang", "chaoyang", Exact},
		{"北湖", "xinqu", Exact},
		{"长春市净月区", "jingyue", Exact},
		{"朝阳区政府", "chaoyang", Exact},
		{"tiyu", "tyj", Part},
		{"shilinyeju", "lyj", Exact},
		// Parts.
		{"经济技术开发区", "jingkai qikai", Part},
		{"tourism", "lianhuashan lvyou", Part},
		{"Tourism Bureau", "lvyou", Part},
		{"jing", "jingkai jingyue", Part},
		{"科技", "kjj", Part},
		// Slips and sounds.
		{"jignyue", "jingyue", Slip},
		{"lvyun", "lvyuan", Slip},
		{"dahui", "dehui", Slip},
		{"kuanchen", "kuancheng", Part},
		{"双羊区", "shuangyang", Slip},
		{"净悦", "jingyue", Sound},
		// The traps.
		{"LY", "lvyuan lyj lvyou", Exact},
		{"高新", "xinqu jingyue", Part},
		{"gaoxin", "xinqu jingyue", Part},
		{"高新区", "xinqu", Exact},
		{"新区", "xinqu", Exact},
		{"经开", "jingkai", Exact},
		{"二道经开区", "", ""},
		{"朝阳", "chaoyang", Exact},
		{"朝阳市", "", ""},
		{"九台县", "", ""},
		{"南部新城", "", ""},
		{"汽车城", "qikai", Exact},
		{"经委", "", ""},
		{"外经贸局", "", ""},
		{"公主岭", "", ""},
		{"公主岭市", "", ""},
		{"lyj", "lyj", Exact},
		{"GX", "xinqu gxj", Initials},
		{"JT", "jiutai", Exact},
		// Nothing to go by.
		{"", "", ""},
		{"！？", "", ""},
		{"区", "", ""},
		{"市", "", ""},
		{"a", "", ""},
		{"zz", "", ""},
		{"2018", "", ""},
		{strings.Repeat("净月", 40), "", ""},
	} {
		ids, how := found(x.Find(c.typed))
		if ids != c.want || how != c.how {
			t.Errorf("Find(%q) = %q by %q, want %q by %q", c.typed, ids, how, c.want, c.how)
		}
	}
}

func TestFindSaysWhenOthersShareTheName(t *testing.T) {
	x := New(cityBodies(t))
	for typed, want := range map[string]bool{"经开": true, "經開區": true, "jingkai": true, "CETDZ": false, "净月": false} {
		if m := x.Find(typed); len(m) != 1 || m[0].Shared != want {
			t.Errorf("Find(%q) = %+v, want one with Shared %v", typed, m, want)
		}
	}
}

// Whatever a body is officially called finds it and nothing else.
func TestEveryNameFindsItsBody(t *testing.T) {
	list := cityBodies(t)
	x := New(list)
	for _, b := range list.All {
		for _, s := range []string{b.ID, b.Name.ZhCN, b.Name.ZhTW, b.Name.En, b.Short.ZhCN, b.Short.ZhTW} {
			if ids, _ := found(x.Find(s)); ids != b.ID {
				t.Errorf("Find(%q) = %q, want %q", s, ids, b.ID)
			}
		}
	}
}

func TestSearch(t *testing.T) {
	x := New(cityBodies(t))
	for _, c := range []struct {
		typed string
		limit int
		want  string
	}{
		{"净", 5, "jingyue"},
		{"j", 4, "jiutai jingkai jingyue jw"},
		{"ly", 3, "lvyuan lyj lvyou"},
		{"jingyue", 1, "jingyue"},
		{"", 2, "nanguan kuancheng"},
		{"qqqq", 5, ""},
	} {
		var ids []string
		for _, b := range x.Search(c.typed, c.limit) {
			ids = append(ids, b.ID)
		}
		if diff := cmp.Diff(c.want, strings.Join(ids, " ")); diff != "" {
			t.Errorf("Search(%q) (-want +got):\n%s", c.typed, diff)
		}
	}
}

func TestNear(t *testing.T) {
	x := New(cityBodies(t))
	for typed, want := range map[string]string{"朝阳市": "chaoyang", "二道经开区": "jingkai", "南部新城": "xinqu", "jingyuegaoxinzone": "jingyue"} {
		near := x.Near(typed, 3)
		if len(near) == 0 || len(near) > 3 {
			t.Fatalf("Near(%q) = %v", typed, near)
		}
		var ids []string
		for _, b := range near {
			ids = append(ids, b.ID)
		}
		if !strings.Contains(" "+strings.Join(ids, " ")+" ", " "+want+" ") {
			t.Errorf("Near(%q) = %v, want %s among them", typed, ids, want)
		}
	}
	if near := x.Near("@@@@", 3); len(near) != 0 {
		t.Errorf("Near of signs = %v, want none", near)
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"臺後綠淨":     "台后绿净",
		"Ｊｉｎｇ　Ｙｕｅ": "jingyue",
		"Nong'an":  "nongan",
		"Lüyuan":   "luyuan",
		"净月（高新）":   "净月高新",
		"㈱①":       "株1",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestWidth(t *testing.T) {
	for in, want := range map[string]string{
		"ｓｈｏｗ　００３７":      "show 0037",
		"投资额有误，请核对（附件）":  "投资额有误，请核对（附件）",
		"\ufeff净\u200b月": "净月",
		"a\u00a0b\tc":    "a b c",
		"３．２亿元":          "3.2亿元",
		"＃７＠２":           "#7@2",
	} {
		if got := Width(in); got != want {
			t.Errorf("Width(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCacheFollowsTheRevision(t *testing.T) {
	c := NewCache()
	list := cityBodies(t)
	x := c.Of(list)
	if c.Of(list) != x {
		t.Error("the index was made twice for one revision")
	}
	next := &reporting.BodyList{Revision: 2, All: list.All[:1]}
	if m := c.Of(next).Find("净月"); len(m) != 0 {
		t.Errorf("a body that is gone was found: %v", m)
	}
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{"净月", "LY", "jingyue 2018", "\xff", "İ", "ﬁ", "二道經開區", "㍿", "ẞ"} {
		f.Add(s)
	}
	x := New(cityBodies(f))
	f.Fuzz(func(t *testing.T, s string) {
		once := Fold(s)
		if twice := Fold(once); twice != once {
			t.Errorf("Fold is not stable: %q, %q", once, twice)
		}
		if w := Width(s); Width(w) != w {
			t.Errorf("Width is not stable: %q", s)
		}
		a, b := x.Find(s), x.Find(Fold(s))
		if cmp.Diff(a, b) != "" {
			t.Errorf("Find(%q) is not that of its folded form", s)
		}
		for _, m := range a {
			if m.How != a[0].How {
				t.Errorf("Find(%q) mixes %s and %s", s, a[0].How, m.How)
			}
		}
		if n := len(x.Near(s, 3)); n > 3 {
			t.Errorf("Near gave %d", n)
		}
	})
}

func BenchmarkFind(b *testing.B) {
	list := cityBodies(b)
	for i := len(list.All); i < 60; i++ {
		c := list.All[i-39]
		c.ID = fmt.Sprintf("%s%d", c.ID, i)
		list.All = append(list.All, c)
	}
	x := New(list)
	for name, typed := range map[string]string{"exact": "净月", "part": "高新", "slip": "jignyue", "none": "zhengzhoushi", "sound": "净悦", "nothing": strings.Repeat("长朝行乐", 3)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				x.Find(typed)
			}
		})
	}
}
