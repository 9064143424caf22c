package question

import "testing"

// A time within the year is read, or figures of another time would be told.
func TestNamedTimes(t *testing.T) {
	c := city(t)
	for said, want := range map[string]Slots{
		"南关6月完成了多少":                             {Body: "nanguan", Period: "6月"},
		"南关截至6月30日完成多少":                         {Body: "nanguan", Period: "6月30日"},
		"全市六月底完成多少":                             {Period: "6月30日"},
		"净月上半年完成情况":                             {Body: "jingyue", Period: "上半年"},
		"淨月第二季度完成多少":                            {Body: "jingyue", Period: "Q2", Lang: "zh-TW"},
		"净月昨天新增几个":                              {Body: "jingyue", Period: "yesterday"},
		"最近三个月净月新增多少":                           {Body: "jingyue", Period: "90d"},
		"去年6月净月完成多少":                            {Body: "jingyue", Period: "6月", Year: "2017"},
		"7月20日到25日新增几个":                         {Period: "7月20日到25日"},
		"Jingyue progress in June":              {Body: "jingyue", Period: "6月", Lang: "en"},
		"how many did Nanguan add in May":       {Body: "nanguan", Period: "5月", Lang: "en"},
		"how does the city stand as of June 30": {Period: "6月30日", Lang: "en"},
		"6月底开发区排名":                              {BodyKind: "devzone", Period: "6月30日"},
	} {
		r := Read(said, c)
		delete(r.Slots, Scope)
		if r.Slots.String() != want.String() {
			t.Errorf("%s: %s %s, want %s", said, r.Intent, r.Slots, want)
		}
	}
}

// What cannot be told is said, rather than the figure of something else.
func TestNoFigureOfSomethingElse(t *testing.T) {
	c := city(t)
	for said, want := range map[string]Intent{
		"深圳完成多少": UnknownBody, "北京 进展": UnknownBody, "一汽今年任务多少": UnknownBody,
		"总投资最大的项目是哪个": Unknown, "除了净月，其他开发区完成多少": Unknown, "不含新区的开发区排名": Unknown,
		"落後的前五名": QuotaRanking, "各部门完成情况": QuotaRanking, "各开发区的任务": QuotaRanking, "净月项目总投资多少": ProjectSum,
	} {
		if r := Read(said, c); r.Intent != want {
			t.Errorf("%s: %s %s, want %s", said, r.Intent, r.Slots, want)
		}
	}
	if r := Read("落後的前五名", c); r.Slots[Order] != "worst" || r.Slots[N] != "5" {
		t.Errorf("the last five: %s", r.Slots)
	}
}

// A follow-up that both scripts share is answered in the script of the thread, and
// few is no initials.
func TestFollowUpKeepsTheScript(t *testing.T) {
	c := city(t)
	before := Read("農安縣今年任務多少", c)
	c.Before = &before
	if r := Read("那德惠呢", c); r.Locale != "zh-TW" {
		t.Errorf("answered in %s", r.Locale)
	}
	before = Read("How many has Nanguan done?", c)
	if r := Read("why so few?", c); r.Intent != Unknown && r.Slots[Body] != "nanguan" {
		t.Errorf("few: %s", r.Slots)
	}
}
