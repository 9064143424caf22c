package commands

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/reporting"
)

// texts returns key → text of every locale file, by language, and the file
// that each key is in.
func texts(t *testing.T) (byLocale map[reporting.Locale]map[string]string, area map[string]string) {
	t.Helper()
	byLocale, area = map[reporting.Locale]map[string]string{}, map[string]string{}
	for _, l := range reporting.Locales {
		byLocale[l] = map[string]string{}
		files, err := filepath.Glob("locales/*." + string(l) + ".toml")
		if err != nil || len(files) == 0 {
			t.Fatalf("no locale files of %s: %v", l, err)
		}
		for _, f := range files {
			var in map[string]string
			if _, err := toml.DecodeFile(f, &in); err != nil {
				t.Fatalf("%s: %v", f, err)
			}
			name, _, _ := strings.Cut(filepath.Base(f), ".")
			for k, v := range in {
				if other, taken := byLocale[l][k]; taken {
					t.Errorf("%s: %s is in two files (%q and %q)", l, k, other, v)
				}
				byLocale[l][k], area[k] = v, name
			}
		}
	}
	return byLocale, area
}

var slot = regexp.MustCompile(`\{\{\.(\w+)\}\}`)

func slots(s string) []string {
	var out []string
	for _, m := range slot.FindAllStringSubmatch(s, -1) {
		out = append(out, m[1])
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestEveryTextIsInAllLanguages(t *testing.T) {
	all, _ := texts(t)
	keys := slices.Sorted(maps.Keys(all[reporting.ZhCN]))
	for _, l := range reporting.Locales[1:] {
		if diff := cmp.Diff(keys, slices.Sorted(maps.Keys(all[l]))); diff != "" {
			t.Errorf("keys of zh-CN (-) and %s (+) differ:\n%s", l, diff)
		}
	}
	for _, k := range keys {
		for _, l := range reporting.Locales {
			if strings.TrimSpace(all[l][k]) == "" {
				t.Errorf("%s: %s is empty", l, k)
			}
			// Only English dates say the month by name.
			if k == "word.day" {
				continue
			}
			if diff := cmp.Diff(slots(all[reporting.ZhCN][k]), slots(all[l][k])); diff != "" {
				t.Errorf("%s: %s is filled differently from zh-CN:\n%s", l, k, diff)
			}
		}
	}
}

// simplified are characters that no text in the traditional script has.
var simplified = regexp.MustCompile(`[个项这请权该单总资额报审实开关时间们划业务办传达应产发过还进运远连选边录书长东车专让认识记读没见观规视员贵费质买卖红约级纪线组细终经结给绝统继续维缩罗网联聪与为举义乌习乡亲仅从仓众会伟传伤价优体佣侧侨侦俭债倾偿储儿党兰兴养兽内册写军农冲决况冻净凉减凤凭击则刚创删别剂剑剧劝动励劳势匀区医华协卢卫厅厂历压厌县参双变叙号叹吓员听启吴呐响哑唤喷团园围国图圆圣场坏块坚坛坝坟垄垒垦埘处备复够头夹夺奋奖妆妇妈娱学孙宁宝宠审宪宫宽宾对寻导寿将尔尘尝层届属岁岂岛岭岳币师帐带帮库庆废异弃张弥弯弹强归当彻径忆忧怀态怜总恋恳恶悬惊惯愤愿戏战户扑执扩扫扬扰抚抛抢护报担拟拥择挂挡挤挥损换据捞捡掷掺揽摆摇撑敌数断无旧旷昼显晋晒晓暂术机杀杂权条来杨极构枪柜标栈栋栏树样桥检楼横欢欧残毁毕气汇汉汤沟沪泪泽洁浅浆测济浏浓涛涨渐渔温湾湿满滚滞滤滥灭灯灵灾炉点炼烂热爱爷牵状独狭狱猎环现瑶电畅疗疯痒皱盏盐监盖盘着睁矿码砖确础礼祸离种积称稳穷窃窝竖竞笔签简籴类粮紧纠纤纳纵纷纸纹纺纽练绍绑绕绘络绳绵绿缓编缘缝缠缴]`)

func TestTraditionalTextsHaveNoSimplifiedCharacters(t *testing.T) {
	all, _ := texts(t)
	for k, v := range all[reporting.ZhTW] {
		if found := simplified.FindAllString(v, -1); len(found) > 0 {
			t.Errorf("%s: %v in %q", k, found, v)
		}
	}
}

// In Go sources: whole keys of errors, keys said, and the last part of the
// keys that button, asking and told complete.
var (
	errorKeys  = regexp.MustCompile(`"(err\.[a-z0-9_.]*[a-z0-9_])"`)
	saidKeys   = regexp.MustCompile(`\b[sS]ay\([^"\n]*"([a-z_]+\.[A-Za-z0-9_.]*[A-Za-z0-9_])"\s*[,)]`)
	buttonKeys = regexp.MustCompile(`a\.button\(c, [^\n]*?, "([a-z_]+)"\)`)
	askingKeys = regexp.MustCompile(`a\.asking\(c, a\.button\([^\n]*?\), "([a-z_]+)"`)
	toldKeys   = regexp.MustCompile(`a\.told\(c, "([a-z_]+)"`)
)

func usedKeys(t *testing.T) map[string]string {
	t.Helper()
	used := map[string]string{}
	for _, dir := range []string{"../reporting", "../storage", "../exchange", "../bot", ".", ".."} {
		files, err := filepath.Glob(dir + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") {
				continue
			}
			source, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			text := string(source)
			collect := func(re *regexp.Regexp, before string, after ...string) {
				for _, m := range re.FindAllStringSubmatch(text, -1) {
					for _, end := range append(after, "")[:max(1, len(after))] {
						used[before+m[1]+end] = f
					}
				}
			}
			collect(errorKeys, "")
			collect(saidKeys, "")
			collect(buttonKeys, "button.")
			collect(askingKeys, "confirm.", ".title", ".text")
			collect(toldKeys, "field.", ".label")
		}
	}
	return used
}

// builtKeys are the keys that code puts together from a value of the domain.
func builtKeys() []string {
	var out []string
	add := func(prefix string, values ...string) {
		for _, v := range values {
			out = append(out, prefix+v)
		}
	}
	for _, s := range reporting.Statuses {
		add("status.", string(s))
	}
	for _, s := range reporting.Stages {
		add("stage.", string(s))
	}
	for _, r := range reporting.Roles {
		add("role.", string(r))
	}
	for _, k := range reporting.Kinds {
		add("kind.", string(k))
	}
	for _, p := range reporting.Paths {
		add("path.", string(p))
		add("path_detail.", string(p)+".label", string(p)+".hint")
	}
	for field, choices := range selects {
		add(field+".", choices...)
	}
	for _, page := range reporting.FormPages {
		for _, id := range page {
			add("field.", id+".label")
			if !slices.Contains(hintless, id) && id != reporting.FieldPathDetail {
				add("field.", id+".hint")
			}
		}
	}
	add("who.", "official", "leader", "office", "admin")
	add("credit.", string(reporting.TerritoryCredit), string(reporting.DepartmentCredit), string(reporting.ReporterCredit))
	for _, p := range reporting.CreditPolicies {
		for _, text := range []string{"credit.note.", "credit.city.", "quota.distinct.", "quota.counting."} {
			add(text, string(p))
		}
	}
	for _, id := range []string{reporting.FieldQuotaCount, reporting.FieldQuotaFrom, reporting.FieldReason, reporting.FieldDecidedBy, reporting.FieldDocNo} {
		add("field.quota.", id+".label", id+".hint")
	}
	for _, r := range []reporting.RequestStatus{reporting.RequestOpen, reporting.RequestAdopted, reporting.RequestDeclined} {
		add("quota.request.", string(r))
		add("quota.answer.", string(r))
	}
	add("path_detail.", "none.label", "none.hint")
	for _, id := range reporting.DetailFields {
		add("field.", id+".label", id+".hint")
	}
	for _, list := range reporting.Lists {
		add("catalogue.", list)
	}
	return out
}

func TestEveryKeyInCodeHasATextInAllLanguages(t *testing.T) {
	all, _ := texts(t)
	used := usedKeys(t)
	if len(used) < 100 {
		t.Fatalf("found only %d keys in the sources: the search is broken", len(used))
	}
	for _, k := range builtKeys() {
		used[k] = "built"
	}
	for _, k := range slices.Sorted(maps.Keys(used)) {
		for _, l := range reporting.Locales {
			if _, ok := all[l][k]; !ok {
				t.Errorf("%s: %s (%s) has no text", l, k, used[k])
			}
		}
	}
}
