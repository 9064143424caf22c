package commands

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

// clerk is Files and an Exchange for tests: files by id, and what is found in
// them.
type clerk struct {
	files    map[string]File
	contents map[string]string
	kinds    []string
	found    Imported
	fails    error
	orders   []ImportOrder
	listed   []reporting.Project
	calendar CalendarFile
	papers   []reporting.Paper
}

func (k *clerk) File(_ context.Context, id string) (File, error) {
	f, ok := k.files[id]
	if !ok {
		return f, reporting.Fail(reporting.NotFound, "err.file.gone")
	}
	return f, nil
}

func (k *clerk) Content(_ context.Context, f File) ([]byte, error) {
	return []byte(k.contents[f.ID]), nil
}

func (k *clerk) Kinds([]byte) []string { return k.kinds }

func (k *clerk) Import(_ context.Context, _ []byte, o ImportOrder) (Imported, error) {
	o.Tell = nil
	k.orders = append(k.orders, o)
	if k.fails != nil {
		return Imported{}, k.fails
	}
	return k.found, nil
}

func (k *clerk) Calendar(context.Context, []byte) (CalendarFile, error) { return k.calendar, k.fails }

func (k *clerk) ExportProjects(_ context.Context, w io.Writer, _ reporting.ProjectFilter, shown func(reporting.Project) reporting.Project) error {
	for _, p := range k.listed {
		if _, err := io.WriteString(w, shown(p).Contact+"\n"); err != nil {
			return err
		}
	}
	return k.fails
}

func (k *clerk) WritePaper(w io.Writer, p reporting.Paper, format string) error {
	k.papers = append(k.papers, p)
	_, err := io.WriteString(w, format)
	return errors.Join(err, k.fails)
}

// counter is an office with a clerk who has one sound file of projects.
func counter(t *testing.T) (*App, *shelf, *clerk) {
	a, s := office(t)
	k := &clerk{
		files:    map[string]File{"F1": {ID: "F1", Name: "<!channel>.csv", Size: 2048, Type: "csv"}},
		contents: map[string]string{"F1": "rows"}, kinds: []string{"projects"}, found: Imported{New: 2, Changed: 1, Unchanged: 7},
	}
	a.cfg.Files, a.cfg.Exchange = k, k
	return a, s, k
}

// performed is the answer that a task ends with.
func performed(t *testing.T, r Response, err error) (Response, error) {
	t.Helper()
	if err != nil {
		return Response{}, err
	}
	if r.Later == nil {
		t.Fatalf("nothing is left to do: %+v", r)
	}
	return r.Later.Run(t.Context(), func(int, int) {})
}

func drop(t *testing.T, a *App, user, file string) (Response, error) {
	t.Helper()
	r, err := a.Dropped(t.Context(), Drop{User: user, Channel: "D1", File: file, Locale: reporting.ZhCN})
	return performed(t, r, err)
}

func pressOn(t *testing.T, a *App, user string, b Button) (Response, error) {
	t.Helper()
	r, err := a.Press(t.Context(), Press{User: user, Channel: "D1", Action: b.Action, Value: b.Value, Locale: reporting.ZhCN})
	return performed(t, r, err)
}

// buttonOf returns the first button of an action.
func buttonOf(t *testing.T, r *Reply, action string) Button {
	t.Helper()
	for _, p := range r.Parts {
		row, _ := p.(Buttons)
		if i := slices.IndexFunc(row, func(b Button) bool { return b.Action == action }); i >= 0 {
			return row[i]
		}
	}
	t.Fatalf("no button %s in:\n%s", action, drawn(r))
	return Button{}
}

func TestDropAndImport(t *testing.T) {
	a, _, k := counter(t)
	card, err := drop(t, a, "UAD", "F1")
	if err != nil {
		t.Fatal(err)
	}
	wants(t, "card", drawn(card.Reply), "文件已校验，尚未导入", "<!channel>.csv", "项目", "新增=2", "修改=1", "不变=7", "import.run")
	done, err := pressOn(t, a, "UAD", buttonOf(t, card.Reply, "import.run"))
	if err != nil || !done.Replace {
		t.Fatalf("replaced %v, %v", done.Replace, err)
	}
	wants(t, "result", drawn(done.Reply), "文件已导入", "新增=2")
	lacks(t, "result", drawn(done.Reply), "import.run")
	first, second := k.orders[0], k.orders[1]
	if !first.Dry || second.Dry || second.Actor != "UAD" || second.Kind != "projects" || !strings.HasPrefix(second.Once, "import/F1/projects/") {
		t.Errorf("orders: %+v", k.orders)
	}
	k.fails = reporting.ErrRepeated
	again, err := pressOn(t, a, "UAD", buttonOf(t, card.Reply, "import.run"))
	if err != nil || again.Replace {
		t.Errorf("pressed again: replaced %v, %v", again.Replace, err)
	}
	wants(t, "pressed again", drawn(again.Reply), "此前已导入")
}

func TestDropWithFaults(t *testing.T) {
	a, _, k := counter(t)
	for i := range 20 {
		k.found.Faults = append(k.found.Faults, RowFault{Line: 2 + i/2, Column: "year",
			Err: reporting.Fail(reporting.Invalid, "err.import.number", "value", "*x*", "line", 2+i/2, "column", "year")})
	}
	card, err := drop(t, a, "UAD", "F1")
	if err != nil {
		t.Fatal(err)
	}
	text := drawn(card.Reply)
	wants(t, "card", text, "不能导入的行=10", "第 2 行，year：", "“*x*”不是整数", "第 9 行", "另有 5 处")
	lacks(t, "card", text, "第 10 行", "import.run")

	// The register may have changed between the check and the press.
	k.found.Faults = nil
	if card, err = drop(t, a, "UAD", "F1"); err != nil {
		t.Fatal(err)
	}
	k.found.Faults = []RowFault{{Line: 4, Err: reporting.Fail(reporting.Invalid, "err.import.body", "value", "mu")}}
	r, err := pressOn(t, a, "UAD", buttonOf(t, card.Reply, "import.run"))
	if err != nil || !r.Replace {
		t.Fatal(r, err)
	}
	wants(t, "refused at the press", drawn(r.Reply), "第 4 行：", "尚未导入")
	k.found = Imported{Unchanged: 3}
	if card, err = drop(t, a, "UAD", "F1"); err != nil {
		t.Fatal(err)
	}
	wants(t, "nothing new", drawn(card.Reply), "无需导入")
	lacks(t, "nothing new", drawn(card.Reply), "import.run")
}

func TestDropOfWhichKind(t *testing.T) {
	a, _, k := counter(t)
	k.kinds = nil
	r, err := drop(t, a, "UAD", "F1")
	if err != nil {
		t.Fatal(err)
	}
	wants(t, "no kind", drawn(r.Reply), "都不相符", "slack_user_id")
	k.kinds = []string{"bodies", "quotas"}
	if r, err = drop(t, a, "UAD", "F1"); err != nil {
		t.Fatal(err)
	}
	wants(t, "two kinds", drawn(r.Reply), "[单位→import.check F1|bodies]", "[任务→import.check F1|quotas]")
	card, err := pressOn(t, a, "UAD", buttonOf(t, r.Reply, "import.check"))
	if err != nil || !card.Replace || k.orders[0].Kind != "bodies" {
		t.Fatal(card, err, k.orders)
	}
}

func TestDropRefused(t *testing.T) {
	fresh := checkedFile{"F1", "projects", contentSum([]byte("rows")), filingNow.UnixMilli()}
	old, other := fresh, fresh
	old.at -= (cardLife + time.Minute).Milliseconds()
	other.sum = contentSum([]byte("other rows"))
	tests := []struct {
		name, user, file string // a file dropped, or
		button           Button // a button pressed
		change           func(*clerk)
		want             string
	}{
		{"an official", "UJY", "F1", Button{}, nil, "err.import.forbidden"},
		{"a leader", "ULE", "F1", Button{}, nil, "err.import.forbidden"},
		{"a reviewer", "URE", "F1", Button{}, nil, "err.import.forbidden"},
		{"a stranger", "UXX", "F1", Button{}, nil, "err.stranger"},
		{"no such file", "UAD", "F9", Button{}, nil, "err.file.gone"},
		{"another kind of file", "UAD", "F1", Button{}, func(k *clerk) { k.files["F1"] = File{ID: "F1", Name: "a.pdf", Size: 1, Type: "pdf"} }, "err.import.type"},
		{"too large", "UAD", "F1", Button{}, func(k *clerk) { k.files["F1"] = File{ID: "F1", Name: "a.csv", Size: maxImport + 1} }, "err.import.size"},
		{"database away", "UAD", "F1", Button{}, func(k *clerk) { k.fails = errAway }, "err.database"},
		{"an official presses", "UJY", "", Button{Action: "import.run", Value: fresh.String()}, nil, "err.import.forbidden"},
		{"an official chooses the kind", "UJY", "", Button{Action: "import.check", Value: "F1|bodies"}, nil, "err.import.forbidden"},
		{"no value", "UAD", "", Button{Action: "import.run", Value: "F1"}, nil, "err.action.unknown"},
		{"no time", "UAD", "", Button{Action: "import.run", Value: "F1|projects|x|y"}, nil, "err.action.unknown"},
		{"no kind", "UAD", "", Button{Action: "import.check", Value: "F1"}, nil, "err.action.unknown"},
		{"an old card", "UAD", "", Button{Action: "import.run", Value: old.String()}, nil, "err.import.old"},
		{"other content", "UAD", "", Button{Action: "import.run", Value: other.String()}, nil, "err.import.content"},
		{"deleted meanwhile", "UAD", "", Button{Action: "import.run", Value: fresh.String()}, func(k *clerk) { k.files = nil }, "err.file.gone"},
		{"database away at the press", "UAD", "", Button{Action: "import.run", Value: fresh.String()}, func(k *clerk) { k.fails = errAway }, "err.database"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, _, k := counter(t)
			if tt.change != nil {
				tt.change(k)
			}
			var err error
			if tt.file != "" {
				_, err = drop(t, a, tt.user, tt.file)
			} else {
				_, err = pressOn(t, a, tt.user, tt.button)
			}
			if key(err) != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
			if tt.want == "err.import.forbidden" {
				var e *reporting.Error
				if !errors.As(err, &e) || e.Args["who"] != "who.admin" {
					t.Errorf("%v does not name who could", err)
				}
			}
		})
	}
	a, _, _ := counter(t)
	if _, err := a.Dropped(t.Context(), Drop{User: "UAD", File: "F1", Unsure: true}); key(err) != "err.person.unsure" {
		t.Errorf("somebody unknown: %v", err)
	}
}

// TestListExport: all of a list as a file, for who may see it.
func TestListExport(t *testing.T) {
	a, s, k := counter(t)
	for n := range 12 {
		k.listed = append(k.listed, put(s, n+1, verified))
	}
	r := said(t, a, "UJY", "project", "list 汽车 导出")
	wants(t, "begun", drawn(r.Reply), "净月高新区 · 2018年", "共 12 个项目", "私信")
	done, err := performed(t, r, nil)
	if err != nil || len(done.Files) != 1 || !strings.HasSuffix(done.Files[0].Name, ".xlsx") {
		t.Fatalf("%+v %v", done, err)
	}
	wants(t, "about", done.Reply.Text, "共 12 个项目", "38.40 亿元", "截至")
	wants(t, "own telephone numbers", string(done.Files[0].Data), "13812345678")
	// A button under the list does the same.
	list := said(t, a, "ULE", "project", "list 汽车")
	done, err = pressOn(t, a, "ULE", buttonOf(t, list.Reply, "project.export"))
	if err != nil {
		t.Fatal(err)
	}
	lacks(t, "a leader's file", string(done.Files[0].Data), "13812345678")

	if _, err := say(t, a, "UJY", "project", "list 宽城区 export"); key(err) != "err.forbidden" {
		t.Errorf("another body's list: %v", err)
	}
	wants(t, "nothing", drawn(said(t, a, "URE", "project", "list 50亿以上 匯出").Reply), "没有符合全部条件的项目")
	k.fails = errAway
	if _, err := performed(t, said(t, a, "UJY", "project", "list export"), nil); key(err) != "err.database" {
		t.Errorf("database away: %v", err)
	}
}
