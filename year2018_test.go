package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// TestYear2018Socket lives through 2018 over Socket Mode on SQLite, and
// TestYear2018HTTP over HTTP mode on PostgreSQL: bodies, quotas, people and
// projects come from the files, everything else is typed and pressed. At the
// end /quota, /report and a count of the export by nothing but the rule must
// say the same of every body.
func TestYear2018Socket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "2018.db")
	liveThrough(newLived(t, "socket", "sqlite", "sqlite://"+path, path))
}

// TestYear2018HTTP is the same year, see TestYear2018Socket.
func TestYear2018HTTP(t *testing.T) {
	url := freshPostgres(t)
	liveThrough(newLived(t, "http", "postgres", url, url))
}

func liveThrough(y *lived) {
	r := &notebook{}
	begins(y)
	spring(y, r)
	summer(y, r)
	autumn(y, r)
	winter(y, r)
	if y.filed < 30 {
		y.Errorf("%d projects were filed by chat", y.filed)
	}
	lapses(y, r, turns(y, r))
}

// notebook is what the people of the year keep in mind.
type notebook struct {
	spring, summer, autumn, winter []string // numbers, in the order of the lists below
}

// begins imports each file with one command and gives bodies their channels.
func begins(y *lived) {
	for _, f := range []struct{ kind, want string }{{"bodies", "39 new"}, {"quotas", "39 new"}, {"people", "43 new"}} {
		if out := y.m.must("import", f.kind, data2018+f.kind+".csv"); !strings.Contains(out, f.want) {
			y.Errorf("import %s printed %q", f.kind, out)
		}
	}
	y.m.serve()
	for _, b := range rooms {
		y.m.as(boss).types(room(b), "/body channel "+b, "频道已设为")
	}
	y.goesTo("2018-01-29 09:00") // a Monday
	if out := y.m.must("import", "projects", data2018+"projects.csv"); !strings.Contains(out, "40 new, 0 changed, 0 unchanged") {
		y.Errorf("import projects printed %q", out)
	}
	y.nudged("2018-W05")
}

// nudged delivers the nudges of this week and looks for them in every room.
func (y *lived) nudged(week string) {
	y.Helper()
	y.m.must("nudge")
	y.m.must("nudge")
	y.m.told(y.db)
	for _, b := range rooms {
		n := 0
		for _, msg := range y.m.as(boss).Messages(room(b)) {
			if strings.Contains(flat(msg.Metadata), fmt.Sprintf("nudge/%s/%s", b, week)) {
				n++
			}
		}
		if n != 1 {
			y.Errorf("%d nudges of %s for %s, want 1", n, week, b)
		}
	}
}

// filesAll has the bodies file these projects and returns their numbers.
func (y *lived) filesAll(all ...newcomer) []string {
	y.Helper()
	ids := make([]string, len(all))
	for i, n := range all {
		ids[i] = y.files(n, "")
	}
	return ids
}

// spring: the first filings, a return, a project that is suspended and never
// taken up again, one withdrawn, a quota that a body asks for.
func spring(y *lived, r *notebook) {
	y.goesTo("2018-03-05 10:00")
	r.spring = y.filesAll(
		newcomer{"jingyue", "jingyue", "gxj", "光伏玻璃生产线", 32000, ""},
		newcomer{"kuancheng", "kuancheng", "swj", "铁北冷链市场", 15500, ""},
		newcomer{"xinqu", "xinqu", "kjj", "航空复合材料中试基地", 88000, ""},
		newcomer{"qikai", "qikai", "gxj", "变速箱壳体铸造车间", 41000, ""},
		newcomer{"jingkai", "jingkai", "gxj", "车用芯片封装厂", 127000, ""},
		newcomer{"gxj", "nanguan", "gxj", "工业互联网标识节点", 12600, ""},
		newcomer{"swj", "xinqu", "swj", "跨境电商保税仓", 23500, ""},
	)
	y.approvesOnCard(reviewA, r.spring[0])
	y.approves(reviewB, r.spring[1:5]...)
	y.fillsIn(y.m.as(reviewA), officeRoom, "/review return "+r.spring[5], "退回项目", "已退回", [2]string{"reason", "请补充用地依据"})
	y.approves(reviewA, r.spring[6])
	y.says("xinqu", "/project suspend CC-2018-0031 资金未到位", "已暂停")
	y.updates("jingyue", r.spring[0], "完成选址。", "0")

	y.goesTo("2018-04-16 10:00")
	y.fillsIn(y.official("gxj"), room("gxj"), "/project edit "+r.spring[5], "请补充用地依据", "已重新提交", [2]string{"path_detail", "南部新城"})
	y.approves(reviewB, r.spring[5])
	y.withdraws("zongbao", "CC-2018-0009", "投资方撤资")
	y.says("jingyue", "/quota request 60 两个项目移出本区", "已申请把")
	y.fillsIn(y.m.as(boss), officeRoom, "/quota adopt 净月", "两个项目移出本区", "由 65 个调整为 60 个",
		[2]string{"decided_by", "领导小组第三次会议"}, [2]string{"doc_no", "长府办发〔2018〕12号"})
}

// summer: projects that two bodies file, one of which goes; a quota that the
// office sets; stages with evidence; a total that falls below the threshold; a
// body that ends.
func summer(y *lived, r *notebook) {
	y.goesTo("2018-06-04 09:30")
	y.nudged("2018-W23")
	r.summer = y.filesAll(
		newcomer{"nanguan", "nanguan", "jyj", "南部新城职教园", 36500, ""},
		newcomer{"xinqu", "xinqu", "gxj", "生物疫苗分装线", 54000, ""},
		newcomer{"jingkai", "jingkai", "swj", "东北亚会展中心", 203000, ""},
		newcomer{"qikai", "qikai", "gxj", "动力电池回收站", 19800, ""},
		newcomer{"kuancheng", "kuancheng", "jw", "老机车厂房改造", 67000, ""},
		newcomer{"jingyue", "jingyue", "wgx", "影视后期制作基地", 27500, ""},
	)
	y.approves(reviewA, r.summer...)
	twice := y.files(newcomer{"gxj", "xinqu", "gxj", "生物疫苗分装线", 54000, "示例·生物疫苗分装线公司"}, "由本局牵头引进")
	twin := y.files(newcomer{"swj", "jingkai", "swj", "东北亚会展中心二期", 206000, ""}, "二期，地块和投资方不同")
	y.approves(reviewB, twice, twin)
	y.m.as(reviewA).types(officeRoom, "/review queue", "等待裁定的相似项目：2 组")
	y.fillsIn(y.m.as(reviewA), officeRoom, "/project merge "+r.summer[1]+" "+twice+" 同一项目", "合并", "已合并")
	y.m.as(reviewA).types(officeRoom, "/review keep "+twin+" 二期另有用地批复", "已裁定保留")
	y.fillsIn(y.m.as(boss), officeRoom, "/quota set 宽城 30 年中调整", "现行任务 35 个", "由 35 个调整为 30 个",
		[2]string{"quota_from", "2018-07-01"}, [2]string{"decided_by", "领导小组第五次会议"})

	y.goesTo("2018-07-30 10:00")
	y.advances("jingyue", r.spring[0], 2)
	y.advances("jingyue", r.spring[0], 3)
	y.approvesOnCard(reviewA, "申请进入 S3")
	y.advances("qikai", r.spring[3], 2)
	y.edits("kuancheng", r.spring[1], [2]string{"invest", "9000万元"})
	y.approves(reviewB, r.spring[1])
	y.fillsIn(y.m.as(boss), officeRoom, "/body end 莲花山", "莲花山", "的最后一天已定为",
		[2]string{"day", "2018-08-31"}, [2]string{"reason", "并入净月高新区"}, [2]string{"successor", "jingyue=jingyue"})
	y.says("lianhuashan", "/quota 2018", "并入净月高新区")
}

// autumn: credit ends after 90 days of suspension; totals at and below the
// threshold; a territory that changes; a merger; S4.
func autumn(y *lived, r *notebook) {
	y.wakesAt("2018-09-10 09:30")
	y.nudged("2018-W37")
	y.m.as(boss).sees(room("xinqu"), "暂停已满90天")
	r.autumn = y.filesAll(
		newcomer{"jingyue", "jingyue", "swj", "生态大街商业中心", 10000, ""},
		newcomer{"xinqu", "xinqu", "kjj", "无人机检测站", 9999, ""},
		newcomer{"jingkai", "jingkai", "gxj", "玉米淀粉糖扩建", 30500, ""},
		newcomer{"nanguan", "nanguan", "jw", "地下停车综合体", 16800, ""},
		newcomer{"qikai", "qikai", "gxj", "线控底盘试制", 22100, ""},
		newcomer{"kuancheng", "kuancheng", "swj", "建材家居采购城", 25600, ""},
		newcomer{"swj", "kuancheng", "swj", "家居建材集散库", 47000, ""},
		newcomer{"gxj", "erdao", "gxj", "货车轴承试验室", 14200, ""},
		newcomer{"jingyue", "jingyue", "lvyou", "瓦萨滑雪驿站", 38400, ""},
		newcomer{"xinqu", "xinqu", "fgw", "空港分拨中心", 112000, ""},
	)
	y.approves(reviewB, r.autumn...)
	y.says("qikai", "/project suspend "+r.autumn[4]+" 股东变更", "已暂停")
	y.advances("jingyue", r.spring[0], 4)
	y.m.as(reviewA).types(officeRoom, "/review approve "+r.spring[0], "已同意")

	y.goesTo("2018-11-12 09:30")
	y.nudged("2018-W46")
	y.says("qikai", "/project resume "+r.autumn[4]+" 股东已定", "已恢复")
	y.says("jingyue", "/project resume CC-2018-0033 资金到位", "已恢复")
	y.edits("jingyue", r.summer[5], [2]string{"territory", "nanguan=nanguan"})
	y.approves(reviewA, r.summer[5])
	y.fillsIn(y.m.as(reviewB), officeRoom, "/project merge "+r.autumn[5]+" "+r.autumn[6]+" 同一地块", "合并", "已合并")
	y.updates("jingkai", r.spring[4], "设备进场。", "5200万元")
	y.updates("xinqu", r.spring[2], "主体完工。", "1.2亿元")
	y.says("nanguan", "/project suspend CC-2018-0034 等待用地指标", "已暂停") // keeps its credit beyond the year's end
	y.m.as(reviewA).types(officeRoom, "/project stage CC-2018-0002 S2 合同终止", "已调整为 S2")
}

// winter: what is filed in December and decided in January.
func winter(y *lived, r *notebook) {
	y.goesTo("2018-12-28 15:00")
	r.winter = y.filesAll(
		newcomer{"jingyue", "jingyue", "jw", "污泥干化处置厂", 18300, ""},
		newcomer{"xinqu", "xinqu", "gxj", "卫星载荷总装间", 76000, ""},
		newcomer{"nanguan", "nanguan", "swj", "伊通河畔酒店群", 52500, ""},
		newcomer{"qikai", "qikai", "gxj", "充电桩模块组装", 13900, ""},
		newcomer{"jingkai", "jingkai", "nw", "肉鸡熟食加工厂", 20400, ""},
		newcomer{"gxj", "kuancheng", "gxj", "轴承滚子精磨线", 33700, ""},
		newcomer{"kuancheng", "kuancheng", "gxj", "废钢剪切加工站", 11200, ""},
		newcomer{"swj", "nanguan", "swj", "中央厨房配送站", 14800, ""},
	)
}

// turns: the new year, its days of grace, the freeze, a correction, and the
// figures of 2018 everywhere. It returns those of 31 January.
func turns(y *lived, r *notebook) map[string]said {
	y.wakesAt("2019-01-02 09:30")
	y.m.as(boss).sees(room("jingyue"), "请复核确认结转至2019年的项目")
	y.goesTo("2019-01-10 10:00")
	y.approves(reviewA, r.winter[:5]...)
	y.fillsIn(y.m.as(reviewB), officeRoom, "/review return "+r.winter[7], "退回项目", "已退回", [2]string{"reason", "缺可行性研究"})
	y.wakesAt("2019-01-16 09:30")
	y.m.as(boss).sees(officeRoom, "2018年数据已封存")
	y.approves(reviewA, r.winter[5]) // after the days of grace: counts for 2019
	before := y.figures(2018)
	y.compares(before, y.counts(2018, nil))
	if n := figureIn(told(y.m.as(boss).types(officeRoom, "/quota 宽城区 2019", "宽城区：2019年任务进度"))); n != (figure{1, 33700}) {
		y.Errorf("verified on 16 January: %v for 2019", n)
	}

	y.goesTo("2019-01-20 10:00")
	y.withdraws("jingkai", "CC-2018-0016", "路线取消")
	after := y.figures(2018)
	y.unchanged(before, after)
	y.compares(after, y.counts(2018, []string{"CC-2018-0016"}))
	y.corrected("CC-2018-0016", "jingkai", "jw")

	y.goesTo("2019-01-28 10:00")
	for _, c := range [][2]string{{"jingyue", "CC-2018-0007"}, {"jingyue", r.autumn[0]}, {"jingyue", r.winter[0]}, {"xinqu", "CC-2018-0005"}, {"dehui", "CC-2017-S040"}} {
		y.confirms(c[0], c[1])
	}
	y.goesTo("2019-01-31 18:00")
	last := y.figures(2018)
	y.unchanged(before, last)
	counted := y.counts(2018, []string{"CC-2018-0016"})
	y.compares(last, counted)
	y.prints(last, counted)
	y.readsBack()
	return last
}

// lapses: on 1 February what nobody confirmed is suspended, and the figures of
// 2018 are what they were.
func lapses(y *lived, r *notebook, before map[string]said) {
	y.wakesAt("2019-02-01 09:30")
	y.m.as(boss).sees(room("jingyue"), "逾期未作2019年复核确认")
	y.m.told(y.db)
	status := map[string]string{}
	for _, row := range rowsOfCSV(y.T, []byte(y.m.must("export", "projects"))) {
		status[row["project_id"]] = row["status"]
	}
	for id, want := range map[string]string{
		"CC-2018-0007": "verified", r.autumn[0]: "verified", "CC-2017-S040": "verified", // confirmed
		"CC-2018-0017": "suspended", "CC-2018-0006": "suspended", // not
		"CC-2018-0024": "verified", r.spring[0]: "verified", // S4 needs no word
		r.winter[5]: "verified", // of 2019
	} {
		if status[id] != want {
			y.Errorf("%s is %s on 1 February, want %s", id, status[id], want)
		}
	}
	after := y.figures(2018)
	y.unchanged(before, after)
	y.compares(after, y.counts(2018, []string{"CC-2018-0016"}))
	y.readsBack()
}
