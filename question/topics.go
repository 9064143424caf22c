package question

import "github.com/mouhua/mouhua/reporting"

// The topics of RuleExplain.
const (
	TopicThreshold = "threshold"
	TopicCredit    = "double_credit"
	TopicCarryOver = "carry_over"
	TopicPace      = "pace"
	TopicReview    = "review"
)

// Rules are the topics of RuleExplain.
var Rules = []Subject{
	{TopicThreshold, reporting.Names{ZhCN: "计入标准", ZhTW: "計入標準", En: "threshold"}, []string{"亿元线", "门槛", "算数", "算不算", "够不够", "达标", "多少钱才算", "多大的项目才算", "一个亿", "计入任务", "what counts", "count", "counts", "minimum investment", "qualify"}},
	{TopicCredit, reporting.Names{ZhCN: "双重计入", ZhTW: "雙重計入", En: "double credit"}, []string{"重复计入", "重复计算", "重复统计", "两家都算", "两边都算", "算两次", "算谁的", "记谁的", "归谁", "属地和部门", "共同引进", "双计", "double counting", "counted twice", "both bodies", "credited to"}},
	{TopicCarryOver, reporting.Names{ZhCN: "结转规则", ZhTW: "結轉規則", En: "carry-over"}, []string{"结转", "跨年", "跨年度", "去年的项目", "上年项目", "往年项目", "老项目", "转到明年", "算明年", "滚动到", "封存", "carry over", "carried over", "last year's projects", "next year", "freeze", "frozen"}},
	{TopicPace, reporting.Names{ZhCN: "进度算法", ZhTW: "進度算法", En: "pace"}, []string{"进度怎么算", "序时怎么算", "颜色", "亮灯", "红灯", "黄灯", "蓝灯", "绿灯", "红黄蓝绿", "怎么算落后", "差距怎么算", "曲线", "预计怎么算", "colour", "color", "traffic light", "formula", "curve"}},
	{TopicReview, reporting.Names{ZhCN: "审核规则", ZhTW: "審核規則", En: "review"}, []string{"审核", "审核流程", "审核要多久", "怎么审", "谁审", "谁来审", "什么时候算", "报了就算", "待审核算不算", "退回怎么办", "review", "reviewed", "approval of filings", "returned"}},
}

// PlanTopics are the headings of the plan that PlanExplain explains, beside the
// routes and sub-paths, see PlanPaths.
var PlanTopics = []Subject{
	{"plan", reporting.Names{ZhCN: "工作方案", ZhTW: "工作方案", En: "the plan"}, []string{"方案", "文件", "68号文", "长府办发", "计划", "重大项目谋划生成工作方案", "work plan"}},
	{"themes", reporting.Names{ZhCN: "谋划主题", ZhTW: "謀劃主題", En: "themes"}, []string{"主题", "总体要求", "产业方向", "主导产业", "三大主导产业", "千亿级产业", "现代服务业", "无中生有", "有中生新", "新动能", "industries", "pillar industries"}},
	{"target", reporting.Names{ZhCN: "工作目标", ZhTW: "工作目標", En: "target"}, []string{"目标", "总体目标", "1000个", "一千个", "千个项目", "总目标", "city target", "1,000 projects", "1000 projects"}},
	{"groups", reporting.Names{ZhCN: "四个一批", ZhTW: "四個一批", En: "four groups"}, []string{"四批", "四类项目", "四个阶段", "分几批", "batches", "four stages"}},
	{"bodies", reporting.Names{ZhCN: "实施主体分工", ZhTW: "實施主體分工", En: "who carries it out"}, []string{"主体", "实施主体", "哪些单位", "责任分工", "任务分工", "分工", "三类主体", "implementing bodies"}},
	{"territories", reporting.Names{ZhCN: "县（市）区、开发区的任务", ZhTW: "縣（市）區、開發區的任務", En: "what territories do"}, []string{"县区职责", "开发区职责", "属地职责", "附件1", "附件一", "annex 1"}},
	{"departments", reporting.Names{ZhCN: "市直部门的任务", ZhTW: "市直部門的任務", En: "what departments do"}, []string{"部门职责", "委办局职责", "自主谋划", "借助外脑", "附件2", "附件二", "annex 2"}},
	{"enterprises", reporting.Names{ZhCN: "企业的作用", ZhTW: "企業的作用", En: "what enterprises do"}, []string{"企业职责", "企业主体", "国有企业", "国企", "enterprises role"}},
	{"quotas", reporting.Names{ZhCN: "任务分解", ZhTW: "任務分解", En: "quotas"}, []string{"分解", "附件", "任务怎么分", "指标分解", "annexes"}},
	{"routes", reporting.Names{ZhCN: "五条谋划途径", ZhTW: "五條謀劃途徑", En: "five routes"}, []string{"五条途径", "五条路径", "五大路径", "五大途径", "谋划途径", "谋划路径", "途径", "路径", "routes"}},
	{"programmes", reporting.Names{ZhCN: "三个一百", ZhTW: "三個一百", En: "the three hundreds"}, []string{"三百工程", "三个100", "三百", "three hundreds", "programmes", "programs"}},
	{"institutions", reporting.Names{ZhCN: "院所高校", ZhTW: "院所高校", En: "institutions"}, []string{"高校", "院所", "科研院所", "大学", "吉林大学", "东北师范大学", "光机所", "应化所", "universities", "institutes"}},
	{"safeguards", reporting.Names{ZhCN: "保障措施", ZhTW: "保障措施", En: "safeguards"}, []string{"保障机制", "工作保障", "supporting measures"}},
	{"organisation", reporting.Names{ZhCN: "组织领导", ZhTW: "組織領導", En: "organisation"}, []string{"组织保障", "谁牵头", "谁负责", "领导机制", "分工方案", "organization", "who leads"}},
	{"support", reporting.Names{ZhCN: "资金和政策支持", ZhTW: "資金和政策支持", En: "funds and support"}, []string{"要素保障", "资金支持", "政策支持", "资金保障", "扶持", "funding"}},
	{"services", reporting.Names{ZhCN: "审批服务", ZhTW: "審批服務", En: "approval services"}, []string{"优化环境", "优化服务", "简化审批", "一门式", "一张网", "网上审批", "全流程图", "项目审批事项清单", "解决问题", "营商环境", "one-stop"}},
	{"integrity", reporting.Names{ZhCN: "诚信评估", ZhTW: "誠信評估", En: "integrity assessment"}, []string{"诚信", "信用评估", "诚信评估管理办法", "integrity"}},
	{"supervision", reporting.Names{ZhCN: "督导检查", ZhTW: "督導檢查", En: "supervision"}, []string{"督查考核", "监督", "检查", "跟踪", "督导", "supervise", "inspection"}},
	{"adjustment", reporting.Names{ZhCN: "任务调整", ZhTW: "任務調整", En: "adjustment of quotas"}, []string{"调整任务", "调整指标", "能不能调", "任务能改吗", "adjust quota", "adjustments"}},
	{"evaluation", reporting.Names{ZhCN: "综合评价", ZhTW: "綜合評價", En: "evaluation"}, []string{"评价", "评价制度", "考核办法", "考核", "评分", "怎么考核", "assessment", "scoring"}},
}

// PlanPaths are the routes and sub-paths as topics of PlanExplain.
var PlanPaths = []Subject{
	{"R1", reporting.Names{ZhCN: "招商引资", ZhTW: "招商引資", En: "investment promotion"}, []string{"途径一", "路径一", "第一条途径", "第一条路径", "招商", "route 1"}},
	{"R2", reporting.Names{ZhCN: "规划政策", ZhTW: "規劃政策", En: "plans and policies"}, []string{"途径二", "路径二", "第二条途径", "第二条路径", "规划政策试点", "route 2"}},
	{"R3", reporting.Names{ZhCN: "企业提升", ZhTW: "企業提升", En: "existing enterprises"}, []string{"途径三", "路径三", "第三条途径", "第三条路径", "现有企业", "企业升级", "route 3"}},
	{"R4", reporting.Names{ZhCN: "科技成果转化", ZhTW: "科技成果轉化", En: "research results"}, []string{"途径四", "路径四", "第四条途径", "第四条路径", "成果转化", "科技创新", "technology transfer", "route 4"}},
	{"R5", reporting.Names{ZhCN: "双创载体", ZhTW: "雙創載體", En: "start-up carriers"}, []string{"途径五", "路径五", "第五条途径", "第五条路径", "双创", "创新创业", "大众创业", "载体", "startups", "route 5"}},
	{"R1.1", reporting.Names{ZhCN: "优势产业招商", ZhTW: "優勢產業招商", En: "strong-industry promotion"}, []string{"产业招商", "产业招商工作组", "工作组", "working groups", "industry promotion"}},
	{"R1.2", reporting.Names{ZhCN: "对口合作招商", ZhTW: "對口合作招商", En: "paired-city cooperation"}, []string{"天津合作", "杭州合作", "津长合作", "对口城市", "paired cities", "Tianjin", "Hangzhou"}},
	{"R1.3", reporting.Names{ZhCN: "展会招商", ZhTW: "展會招商", En: "exhibitions"}, []string{"展会", "展览会", "博览会", "exhibition", "fairs", "expo"}},
	{"R1.4", reporting.Names{ZhCN: "园区招商", ZhTW: "園區招商", En: "parks and zones"}, []string{"园区", "工业集中区", "产业园区", "parks", "industrial parks"}},
	{"R2.1", reporting.Names{ZhCN: "依托规划谋划", ZhTW: "依託規劃謀劃", En: "from development plans"}, []string{"规划", "十三五规划", "十三五", "地铁经济", "development plan"}},
	{"R2.2", reporting.Names{ZhCN: "依托政策谋划", ZhTW: "依託政策謀劃", En: "from policies"}, []string{"政策", "东北振兴", "一带一路", "投融资体制改革", "belt and road"}},
	{"R2.3", reporting.Names{ZhCN: "依托试点谋划", ZhTW: "依託試點謀劃", En: "from pilot programmes"}, []string{"试点", "示范区", "国家试点", "项目库", "pilot", "pilots"}},
	{"R3.1", reporting.Names{ZhCN: "规模以上企业谋划", ZhTW: "規模以上企業謀劃", En: "from above-designated-size enterprises"}, []string{"规上", "大企业", "large enterprises"}},
	{"R3.2", reporting.Names{ZhCN: "成长性小微企业", ZhTW: "成長性小微企業", En: "growing small and micro firms"}, []string{"小微", "中小企业", "成长型企业", "small firms", "sme", "smes"}},
	{"R3.3", reporting.Names{ZhCN: "依托供给侧改革谋划", ZhTW: "依託供給側改革謀劃", En: "from supply-side reform"}, []string{"供给侧", "供给侧改革", "延长产业链", "补链", "supply side"}},
	{"R4.1", reporting.Names{ZhCN: "创新机制", ZhTW: "創新機制", En: "innovation mechanisms"}, []string{"科技大市场", "政产学研", "产学研", "中试", "innovation mechanism"}},
	{"R4.2", reporting.Names{ZhCN: "创新政策", ZhTW: "創新政策", En: "innovation policies"}, []string{"股权激励", "作价入股", "innovation policy"}},
	{"R4.3", reporting.Names{ZhCN: "创新服务", ZhTW: "創新服務", En: "innovation services"}, []string{"科技金融", "知识产权质押", "innovation service"}},
	{"R5.1", reporting.Names{ZhCN: "依托众创空间谋划", ZhTW: "依託眾創空間謀劃", En: "from makerspaces"}, []string{"众创"}},
	{"R5.2", reporting.Names{ZhCN: "依托孵化器谋划", ZhTW: "依託孵化器謀劃", En: "from incubators"}, []string{"孵化", "孵化企业"}},
	{"R5.3", reporting.Names{ZhCN: "依托加速器谋划", ZhTW: "依託加速器謀劃", En: "from accelerators"}, []string{"加速"}},
	{"R5.4", reporting.Names{ZhCN: "依托专业园区谋划", ZhTW: "依託專業園區謀劃", En: "from specialised parks"}, []string{"特色园区", "专业园"}},
}

// Audiences are for whom PolicyList lists the tools of the plan.
var Audiences = []Subject{
	{"enterprise", reporting.Names{ZhCN: "企业", ZhTW: "企業", En: "enterprises"}, []string{"规上企业", "规模以上企业", "大企业", "公司", "国企", "民企", "enterprise", "company", "companies", "firms"}},
	{"sme", reporting.Names{ZhCN: "小微企业", ZhTW: "小微企業", En: "small and micro firms"}, []string{"中小企业", "小企业", "小微", "中小微企业", "SME", "SMEs", "small firms", "small business"}},
	{"tech", reporting.Names{ZhCN: "科技型企业", ZhTW: "科技型企業", En: "technology firms"}, []string{"科技企业", "高新技术企业", "科技公司", "tech firms", "tech companies"}},
	{"institution", reporting.Names{ZhCN: "院所高校", ZhTW: "院所高校", En: "institutions"}, []string{"高校院所", "高校", "院所", "科研院所", "大学", "科研人员", "科研团队", "universities", "institutes", "researchers"}},
	{"incubator", reporting.Names{ZhCN: "双创载体", ZhTW: "雙創載體", En: "start-up carriers"}, []string{"孵化器", "众创空间", "加速器", "载体", "创业者", "创业团队", "incubators", "makerspaces", "accelerators", "startups"}},
	{"territory", reporting.Names{ZhCN: "县（市）区和开发区", ZhTW: "縣（市）區和開發區", En: "territories"}, []string{"县区", "开发区", "园区", "区县", "zones", "districts", "counties"}},
	{"department", reporting.Names{ZhCN: "市直部门", ZhTW: "市直部門", En: "departments"}, []string{"部门", "委办局", "局里", "department"}},
	{"investor", reporting.Names{ZhCN: "社会资本", ZhTW: "社會資本", En: "private capital"}, []string{"投资人", "投资方", "投资者", "民间资本", "外来投资", "investors", "investor"}},
}

// Approvals are the kinds of ApprovalChecklist.
var Approvals = []Subject{
	{"审批", reporting.Names{ZhCN: "审批", ZhTW: "審批", En: "approval"}, []string{"政府投资项目", "政府投资", "审批类", "review", "government investment"}},
	{"核准", reporting.Names{ZhCN: "核准", ZhTW: "核准", En: "verification"}, []string{"核准类", "核准目录", "verify"}},
	{"备案", reporting.Names{ZhCN: "备案", ZhTW: "備案", En: "filing"}, []string{"备案类", "备案制", "企业投资项目", "record"}},
}

// ApprovalKind returns the kind of the register (review, verify, record) that a
// value of the slot kind means, "" for none.
func ApprovalKind(value string) string {
	for i, s := range Approvals {
		if value == s.ID || value == reporting.ApprovalKinds[i] {
			return reporting.ApprovalKinds[i]
		}
	}
	return ""
}
