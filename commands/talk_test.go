package commands

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mouhua/mouhua/lexicon"
	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

var updateTalks = flag.Bool("update.talks", false, "write the golden dialogues")

// talker is somebody who files by sentences, and what came of it.
type talker struct {
	t      *testing.T
	a      *App
	s      *shelf
	user   string
	locale reporting.Locale
	thread string
	n      int // of the deliveries
	last   *Reply
	form   *Form
}

// talks returns somebody in a direct conversation.
func talks(t *testing.T, user string, l reporting.Locale) *talker {
	t.Helper()
	a, s := office(t)
	s.bodies.All = append(s.bodies.All, testBody("lvyuan", reporting.District, "绿园区"), testBody("xinqu", reporting.DevZone, "长春高新区"), testBody("swj", reporting.Department, "市商务局"))
	s.bodies.Revision++
	s.saidAt = filingNow.UnixMilli()
	return &talker{t: t, a: a, s: s, user: user, locale: l}
}

func (k *talker) once() string { k.n++; return fmt.Sprintf("event/%d", k.n) }

func (k *talker) request(text, once string) Request {
	channel := "D" + k.user
	if k.thread != "" {
		channel = "C1"
	}
	return Request{User: k.user, Channel: channel, Thread: k.thread, Direct: k.thread == "", Text: text, Locale: k.locale, Once: once}
}

func (k *talker) call(text, once string) *call {
	k.t.Helper()
	r := k.request(text, once)
	c, err := k.a.call(k.t.Context(), r.User, r.Channel, r.Locale, once)
	if err != nil {
		k.t.Fatal(err)
	}
	c.thread, c.direct, c.text, c.words = r.Thread, r.Direct, strings.TrimSpace(lexicon.Width(text)), strings.Fields(text)
	return c
}

// begins begins a filing by a sentence that was read so.
func (k *talker) begins(text string, slots question.Slots) (Response, error) {
	k.t.Helper()
	return k.took(k.a.beginTalk(k.call(text, k.once()), question.Reading{Intent: question.ProjectRegister, Slots: slots, Confidence: 1, Locale: k.locale}))
}

func (k *talker) took(r Response, err error) (Response, error) {
	if r.Reply != nil {
		k.last = r.Reply
	}
	k.form = r.Form
	return r, err
}

// says something; the answer is drawn.
func (k *talker) says(text string) string {
	k.t.Helper()
	r, err := k.took(k.a.Ask(k.t.Context(), k.request(text, k.once())))
	if err != nil {
		return "error " + key(err)
	}
	return drawn(r.Reply)
}

func (k *talker) button(label string) Button {
	k.t.Helper()
	for _, p := range k.last.Parts {
		if row, ok := p.(Buttons); ok {
			for _, b := range row {
				if b.Label == label || b.Action == label {
					return b
				}
			}
		}
	}
	k.t.Fatalf("no button %q in\n%s", label, drawn(k.last))
	return Button{}
}

func (k *talker) press(label string) (Response, error) {
	k.t.Helper()
	b, r := k.button(label), k.request("", "")
	return k.took(k.a.Press(k.t.Context(), Press{User: k.user, Channel: r.Channel, Thread: r.Thread, Direct: r.Direct, Action: b.Action, Value: b.Value, Locale: k.locale, Once: k.once()}))
}

func (k *talker) presses(label string) string {
	k.t.Helper()
	r, err := k.press(label)
	switch {
	case err != nil:
		return "error " + key(err)
	case r.Form != nil:
		return "form " + r.Form.ID
	}
	return drawn(r.Reply)
}

// state is the filing that is open where the talker is.
func (k *talker) state() talked {
	k.t.Helper()
	r := k.request("", "")
	c, _ := k.s.Conversation(k.t.Context(), reporting.ConversationKey{Channel: r.Channel, Thread: r.Thread, UserID: k.user})
	t, _ := readTalked(c.State)
	return t
}

// values are those of the one draft.
func (k *talker) values() map[string]string {
	k.t.Helper()
	if len(k.s.drafts) != 1 {
		k.t.Fatalf("%d drafts", len(k.s.drafts))
	}
	for _, d := range k.s.drafts {
		return d.Values
	}
	return nil
}

// dialogue is what one person says, line by line; "[label]" is a button.
type dialogue struct {
	user   string
	locale reporting.Locale
	thread string
	slots  question.Slots // of the first line
	lines  []string
}

var dialogues = map[string]dialogue{
	"zh-CN": {user: "UJY", locale: reporting.ZhCN,
		slots: question.Slots{question.Name: "宽城区智能轴承产业园", question.Invest: "32000", question.SubPath: "R1.4"},
		lines: []string{
			"登记：宽城区智能轴承产业园，总投资3.2亿，园区招商来的", "不对，是3.5亿", "净月大街1号", "业主是长春轨道客车，属地应该是绿园", "还差什么",
			"净月数字经济园", "建厂房", "建设智能轴承生产线四条及检测中心一座，年产轴承两百万套", "新建的", "先进装备", "2018年9月到2020年6月", "[4. 签约]",
			"区管委会会议纪要", "王经办 13812345678", "跳过", "[都不填了]", "[提交]",
		}},
	"zh-TW": {user: "UGX", locale: reporting.ZhTW, slots: question.Slots{},
		lines: []string{
			"我要報一個項目", "淨月生物醫藥基地", "還沒定", "不對，屬地是淨月", "生態大街88號", "擬引進", "科技成果轉化", "創新政策", "吉林大學",
			"5千萬", "投資改成1.5億", "隨便", "建設生物醫藥研發中心一座、中試車間兩座，年產疫苗一百萬支", "擴建", "生物醫藥", "明年3月", "2018年3月", "2021年3月", "洽談", "算了",
			"[接著登記]", "可行性研究報告", "李經辦 0431-12345678", "都跳過", "[提交]",
		}},
	"en": {user: "UAD", locale: reporting.En, slots: question.Slots{question.Body: "jingyue"},
		lines: []string{
			"register for Jingyue: Smart Bearing Park, total investment 320 million yuan, owner is Kuanzhou Bearings",
			"no, it is 350 million", "1 Jingyue Street", "parks", "[R1.4 parks and zones]", "Digital Economy Park", "what is missing", "four production lines for smart bearings and a test centre",
			"skip", "new building", "4", "start is September 2018, finish is June 2020", "contract signed", "minutes of the zone's committee",
			"Mr Wang 13812345678", "lead department is gxj", "programme is P1", "open the form", "summary", "skip the rest", "summary", "[Submit]",
		}},
	"thread": {user: "UJY", locale: reporting.ZhCN, thread: "1.1", slots: question.Slots{question.Name: "轴承园"},
		lines: []string{"登记轴承园", "联系人是王经办 13812345678", "总投资3.2", "亿", "打开表单", "取消"}},
}

func TestDialogues(t *testing.T) {
	for name, d := range dialogues {
		t.Run(name, func(t *testing.T) {
			k := talks(t, d.user, d.locale)
			k.thread = d.thread
			var out strings.Builder
			for i, line := range d.lines {
				var answer string
				switch {
				case i == 0:
					r, err := k.begins(line, d.slots)
					if err != nil {
						t.Fatal(err)
					}
					answer = drawn(r.Reply)
				case strings.HasPrefix(line, "["):
					answer = k.presses(strings.Trim(line, "[]"))
				default:
					answer = k.says(line)
				}
				fmt.Fprintf(&out, "> %s\n%s\n", line, answer)
				if k.last != nil && k.last.InChannel != (d.thread != "") {
					t.Errorf("%q: seen by all %v", line, k.last.InChannel)
				}
			}
			path := filepath.Join("testdata", "talks", name+".txt")
			if *updateTalks {
				if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(out.String()), 0o644)); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), out.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
