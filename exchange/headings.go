package exchange

// sheet is how a kind is written as a spreadsheet. Its words are part of the
// format, as the names of the columns are: a file has no reader's language.
type sheet struct {
	title    string
	headings map[string]heading // by name of the column
}

// heading explains a column.
type heading struct {
	title   string // in the first row
	meaning string
	unit    string
	values  string
	width   float64 // in characters; 0 = by its form
}

func (h heading) columnWidth(f form) float64 {
	switch {
	case h.width != 0:
		return h.width
	case f == asText:
		return 18
	}
	return 13
}

// explanations is the title of the sheet of definitions, explanationHeads are
// its columns.
const explanations = "填写说明"

var explanationHeads = []heading{
	{title: "列名", width: 22}, {title: "字段", width: 20}, {title: "含义", width: 56},
	{title: "单位", width: 10}, {title: "取值", width: 70}, {title: "是否必填", width: 10},
}

const bodyRef = "单位代码，见单位表"

var bodiesSheet = sheet{"单位", map[string]heading{
	"id":           {title: "单位代码", meaning: "单位的唯一代码，定下后不再改", values: "小写字母开头，小写字母、数字、- 和 _"},
	"kind":         {title: "类别", meaning: "单位的类别", values: "district 城区；county 县（市）；devzone 开发区；department 市直部门；enterprise 企业；office 领导小组办公室"},
	"group":        {title: "分组", meaning: "排名时所在的组，空则与类别相同"},
	"name_zh_cn":   {title: "全称", meaning: "简体全称", width: 36},
	"name_zh_tw":   {title: "全称（繁体）", meaning: "繁体全称", width: 36},
	"name_en":      {title: "全称（英文）", meaning: "英文全称", width: 36},
	"short_zh_cn":  {title: "简称", meaning: "平时的叫法，空则与全称相同"},
	"short_zh_tw":  {title: "简称（繁体）", meaning: "繁体简称"},
	"aliases":      {title: "别名", meaning: "输入时也能认出的叫法", values: `多个以 | 分开；名称本身有 | 时写作 \|`, width: 36},
	"channel_id":   {title: "频道", meaning: "每周提醒所发到的 Slack 频道", values: "频道编号，如 C0123456789"},
	"parent_id":    {title: "上级单位", meaning: "上级单位", values: bodyRef},
	"short_en":     {title: "简称（英文）", meaning: "英文简称"},
	"leader_id":    {title: "包保领导", meaning: "包保领导的 Slack 用户编号", values: "如 U0123456789"},
	"ends_on":      {title: "终止日期", meaning: "单位撤并前的最后一天；空则继续", values: "日期"},
	"end_reason":   {title: "终止原因", meaning: "为什么终止", width: 36},
	"successor_id": {title: "接续单位", meaning: "终止后由谁接续", values: bodyRef},
}}

var quotasSheet = sheet{"任务", map[string]heading{
	"body_id":        {title: "单位代码", meaning: "承担任务的单位", values: bodyRef},
	"year":           {title: "计划年度", meaning: "任务所属年度", unit: "年"},
	"count":          {title: "任务数", meaning: "当年应谋划的亿元以上项目数", unit: "个", values: "0 表示没有任务"},
	"effective_from": {title: "生效日期", meaning: "从这一天起按此任务数考核", values: "日期，如 2018-01-01"},
	"reason":         {title: "调整原因", meaning: "为什么定为此数", width: 36},
	"decided_by":     {title: "决定人", meaning: "由谁决定"},
	"doc_no":         {title: "文号", meaning: "依据的文件"},
	"version":        {title: "版本", meaning: "同一单位同一年度的第几版；空则作为新的一版", values: "1 起的整数"},
}}

var peopleSheet = sheet{"人员", map[string]heading{
	"slack_user_id": {title: "Slack 用户", meaning: "用户编号", values: "如 U0123456789"},
	"name":          {title: "姓名", meaning: "姓名"},
	"role":          {title: "角色", meaning: "能做什么", values: "admin 管理员；reviewer 审核员；leader 市领导；official 经办人"},
	"body_id":       {title: "单位代码", meaning: "经办人所在单位，其他角色为空", values: bodyRef},
}}

var projectsSheet = sheet{"项目", map[string]heading{
	"project_id":          {title: "项目编号", meaning: "项目的唯一编号，定下后不再改", values: "如 CC-2018-0001"},
	"name":                {title: "项目名称", meaning: "项目名称", width: 40},
	"territory_body":      {title: "属地", meaning: "项目所在地的单位；空则不计入属地任务", values: bodyRef},
	"lead_dept":           {title: "行业主管部门", meaning: "主管部门；空则不计入部门任务", values: bodyRef},
	"reporter_body":       {title: "申报单位", meaning: "填报此项目的单位", values: bodyRef},
	"owner_unit":          {title: "建设单位", meaning: "业主", width: 28},
	"industry":            {title: "产业", meaning: "所属产业", values: "产业目录中的代码、名称或别名，如 auto、新能源汽车"},
	"subpath":             {title: "谋划路径", meaning: "五条路径中的子路径", values: "R1.1—R1.4 招商；R2.1—R2.3 规划、政策、试点；R3.1—R3.3 企业；R4.1—R4.3 创新；R5.1—R5.4 载体"},
	"subpath_detail":      {title: "路径附项", meaning: "工作组、合作城市、展会、园区、院所等", values: "几个名称以 · 分开，如 天津·津长双创示范基地", width: 28},
	"programme":           {title: "三个一百", meaning: "所属专项", values: "P1 智能制造；P2 重大创新；P3 融合发展"},
	"invest_total_wan":    {title: "总投资（万元）", meaning: "计划总投资；达到亿元线才计入任务", unit: money, values: "整数"},
	"invest_year_wan":     {title: "年度投资（万元）", meaning: "当年计划投资；空则未填", unit: money, values: "整数"},
	"start":               {title: "开工年月", meaning: "计划开工", values: "月份，如 2018-03"},
	"finish":              {title: "建成年月", meaning: "计划建成", values: "月份，不早于开工"},
	"stage":               {title: "阶段", meaning: "项目进展到哪一批", values: "S1 谋划储备；S2 重点推进；S3 落地转化；S4 达产达效"},
	"status":              {title: "状态", meaning: "记录的审核状态", values: "submitted 待审核；returned 已退回；verified 已核实；suspended 暂停；carried 已结转；completed 已完成；withdrawn 已退库；merged 已合并"},
	"plan_year":           {title: "计划年度", meaning: "计入哪一年的任务", unit: "年"},
	"location":            {title: "建设地点", meaning: "建设地点", width: 28},
	"content":             {title: "建设内容及规模", meaning: "建设内容及规模", width: 56},
	"contact":             {title: "联系人", meaning: "姓名和电话", width: 24},
	"verified_on":         {title: "核实日期", meaning: "首次核实的日期；已核实的项目必填", values: "日期，如 2018-03-05"},
	"nature":              {title: "建设性质", meaning: "建设性质", values: "new 新建；extend 扩建；rebuild 改建；upgrade 技改；relocate 迁建"},
	"milestone":           {title: "前期工作进展", meaning: "前期工作进行到哪一步", values: "lead 线索；packaging 谋划包装；negotiation 对接洽谈；signed 签约；filed 立项、备案或核准；land 用地；planning 规划；eia 环评；permit 施工许可；begun 开工；building 在建；completed 竣工投产；capacity 达产；benefit 达效"},
	"evidence":            {title: "佐证材料", meaning: "链接或说明，一行一项", width: 36},
	"filed_by":            {title: "填报人", meaning: "填报人的 Slack 用户编号，审核结果通知此人", values: "如 U0123456789"},
	"submitted_on":        {title: "提交日期", meaning: "最近一次提交；空则为核实日期", values: "日期"},
	"stage_since":         {title: "进入阶段日期", meaning: "何时进入现在的阶段；空则为核实日期", values: "日期"},
	"return_reason":       {title: "退回原因", meaning: "退回的原因", width: 36},
	"returned_on":         {title: "退回日期", meaning: "退回的日期", values: "日期"},
	"leader":              {title: "包保领导", meaning: "包保领导"},
	"investor_origin":     {title: "投资方来源", meaning: "投资方来自哪里", values: "city 市内；province 省内；country 省外；abroad 境外"},
	"contract":            {title: "正式合同", meaning: "签约各方、编号、日期", width: 36},
	"completed_on":        {title: "竣工投产日期", meaning: "验收并投产", values: "日期"},
	"capacity_on":         {title: "达产日期", meaning: "达到设计产能", values: "日期"},
	"benefit_on":          {title: "达效日期", meaning: "达到预期效益", values: "日期"},
	"proof":               {title: "阶段佐证", meaning: "进入现阶段所凭的佐证", values: "framework 签订框架协议；study 已委托可行性研究；code 已取得项目代码；key_list 列入重点项目名单；company 注册本地公司；land 落实用地；filing 完成立项、备案或核准；begun 已开工；acceptance 竣工验收材料；output 产值或纳税证明"},
	"proof_text":          {title: "佐证内容", meaning: "佐证的链接或说明", width: 36},
	"suspended_on":        {title: "暂停日期", meaning: "从哪天起暂停", values: "日期"},
	"ended_on":            {title: "退出日期", meaning: "退库或合并的日期", values: "日期"},
	"status_reason":       {title: "状态原因", meaning: "暂停、恢复、退库或合并的原因", width: 36},
	"merged_into":         {title: "并入项目", meaning: "合并后保留的项目编号", values: "如 CC-2018-0001"},
	"project_code":        {title: "项目代码", meaning: "投资项目在线审批平台赋予的代码；另一项目已有的，须填相似项目", values: "如 2018-220102-36-03-000001", width: 28},
	"revised_from_wan":    {title: "原总投资（万元）", meaning: "重新申报时改动前的总投资，审核后为空", unit: money, values: "整数"},
	"alike_to":            {title: "相似项目", meaning: "申报时与之相似的项目编号", values: "如 CC-2018-0001，须在台账或本文件中"},
	"alike_why":           {title: "仍要登记的理由", meaning: "为什么不是同一个项目", width: 36},
	"held_by":             {title: "待裁定的另一项目", meaning: "可能与之重复的另一单位项目；裁定前不计入任务，裁定后不能用文件改回", values: "如 CC-2018-0001，须在台账或本文件中"},
	"confirmed_for":       {title: "复核确认年度", meaning: "最近一次确认结转到哪一年", unit: "年"},
	"lapsed_for":          {title: "未确认年度", meaning: "因哪一年没有确认而暂停", unit: "年"},
	"hold_ended_on":       {title: "停止计入日期", meaning: "暂停满90天、不再计入任务的日期", values: "日期"},
	"location_code":       {title: "建设地点代码", meaning: "行政区划代码（GB/T 2260）", values: "六位数字，如 220102"},
	"owner_code":          {title: "统一社会信用代码", meaning: "建设单位的统一社会信用代码", values: "18 位，如 91350100M000100Y43", width: 24},
	"gb4754":              {title: "国民经济行业代码", meaning: "门类和大类（GB/T 4754-2017）", values: "字母加两位数字，如 C36"},
	"planning_mode":       {title: "谋划方式", meaning: "谋划方式", values: "self 自主谋划；brains 借助外脑"},
	"outside_brain":       {title: "外脑名称", meaning: "借助的咨询、设计等机构", width: 28},
	"introducer":          {title: "引荐人", meaning: "谁引来了投资方", width: 28},
	"drive":               {title: "动能", meaning: "动能类别", values: "new 新动能；renewal 改造提升"},
	"fund_government_wan": {title: "政府资金（万元）", meaning: "资金构成：政府", unit: money, values: "整数；各项之和应与总投资相差不超过 1%"},
	"fund_enterprise_wan": {title: "企业自筹（万元）", meaning: "资金构成：企业", unit: money, values: "整数"},
	"fund_loan_wan":       {title: "银行贷款（万元）", meaning: "资金构成：贷款", unit: money, values: "整数"},
	"fund_social_wan":     {title: "社会资本（万元）", meaning: "资金构成：社会资本", unit: money, values: "整数"},
	"fund_other_wan":      {title: "其他资金（万元）", meaning: "资金构成：其他", unit: money, values: "整数"},
	"fx_currency":         {title: "原币种", meaning: "外资项目的币种；四项同填同空", values: "USD、EUR、JPY、GBP、HKD、TWD、KRW、SGD、CAD、AUD、CHF、RUB"},
	"fx_amount_wan":       {title: "原币金额（万）", meaning: "原币种金额，以万为单位", values: "整数"},
	"fx_rate":             {title: "汇率", meaning: "一单位原币合多少元人民币", unit: "元", values: "至多六位小数，如 6.8125"},
	"fx_on":               {title: "汇率日期", meaning: "汇率是哪一天的", values: "日期"},
	"library_level":       {title: "入库层级", meaning: "进入哪些项目库", values: "city 市级；province 省级；nation 国家级；none 未入库；多个以 | 分开"},
	"funds_applied_wan":   {title: "申请资金（万元）", meaning: "通过项目库申请的资金", unit: money, values: "整数"},
	"funds_received_wan":  {title: "到位资金（万元）", meaning: "其中已到位的资金", unit: money, values: "整数，不大于申请资金"},
	"output_wan":          {title: "预期年产值（万元）", meaning: "达产后每年的产值", unit: money, values: "整数"},
	"tax_wan":             {title: "预期年税收（万元）", meaning: "达产后每年的税收", unit: money, values: "整数"},
	"jobs":                {title: "预期就业", meaning: "达产后的就业人数", unit: "人", values: "整数"},
	"tags":                {title: "标记", meaning: "项目标记", values: "double_ten 双十工程；local 成果本地转化；多个以 | 分开"},
	"support_tools":       {title: "支持工具", meaning: "需要或已用的支持工具", values: "支持工具目录中的代码或名称，none 不需要；多个以 | 分开", width: 28},
}}
