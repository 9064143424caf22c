package commands

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

// Without words both commands open a form, and what it lacks is told at its
// fields.
func TestAssignForm(t *testing.T) {
	a, l := city(t)
	good := map[string]string{"person": "U9", "person_name": "钱工", "person_role": "official", "person_body": "jingyue"}
	tests := []struct {
		name, user  string
		edit        map[string]string
		field, want string // of the fault; "" = saved
	}{
		{"nobody", "URE", map[string]string{"person": ""}, "person", "请填写"},
		{"no name", "URE", map[string]string{"person_name": " "}, "person_name", "请填写"},
		{"long name", "URE", map[string]string{"person_name": strings.Repeat("钱", 41)}, "person_name", "41"},
		{"no role", "URE", map[string]string{"person_role": ""}, "person_role", "请填写"},
		{"official of nothing", "URE", map[string]string{"person_body": reporting.NoBody}, "person_body", "请填写"},
		{"leader of a body", "UAD", map[string]string{"person_role": "leader"}, "person_body", "市领导"},
		{"unknown body", "URE", map[string]string{"person_body": "mars"}, "person_body", "mars"},
		{"a reviewer makes a leader", "URE", map[string]string{"person_role": "leader", "person_body": ""}, "person", "系统管理员"},
		{"an official", "UJY", nil, "person", "领导小组办公室"},
		{"saved", "URE", nil, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := shownBy(t, a, "URE", "指派")
			r := submitted(t, a, tt.user, f, "", edited(good, tt.edit))
			if tt.field != "" {
				wants(t, tt.field, r.Errors[tt.field], tt.want)
				return
			}
			wants(t, "told", drawn(r.Tell), "净月高新区")
			if p := l.people["U9"]; p.Role != reporting.Official || p.BodyID != "jingyue" || p.Name != "钱工" {
				t.Errorf("assigned %+v", p)
			}
		})
	}
	if _, err := a.Command(t.Context(), Request{User: "UJY", Command: "body", Text: "assign", Locale: reporting.ZhCN}); key(err) != "err.forbidden" {
		t.Errorf("an official opened the form: %v", err)
	}
}

func TestChannelForm(t *testing.T) {
	a, l := city(t)
	tests := []struct{ name, user, body, channel, field, want string }{
		{"no body", "URE", "", "CNEW", "person_body", "请填写"},
		{"no channel", "URE", "jingyue", "", "channel", "请填写"},
		{"taken", "URE", "jingyue", "CKC", "channel", "宽城区"},
		{"an official", "UJY", "jingyue", "CNEW", "channel", "领导小组办公室"},
		{"saved", "URE", "jingyue", "CNEW", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := shownBy(t, a, "URE", "频道")
			r := submitted(t, a, tt.user, f, "", map[string]string{"person_body": tt.body, "channel": tt.channel})
			if tt.field != "" {
				wants(t, tt.field, r.Errors[tt.field], tt.want)
				return
			}
			wants(t, "told", drawn(r.Tell), "净月高新区")
			if list, _ := l.Bodies(t.Context()); !slices.ContainsFunc(list.All, func(b reporting.Body) bool { return b.ID == "jingyue" && b.ChannelID == "CNEW" }) {
				t.Error("the channel was not set")
			}
		})
	}
}

func edited(v, edit map[string]string) map[string]string {
	out := maps.Clone(v)
	maps.Copy(out, edit)
	return out
}
