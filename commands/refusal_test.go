package commands

import (
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

// Whoever is turned away is told by name whom to ask.
func TestRefusalsNameWhoCould(t *testing.T) {
	a, s := office(t)
	put(s, 1, nil)
	put(s, 2, verified)
	s.people = map[string]reporting.Person{
		"UJY": {UserID: "UJY", Name: "王工", Role: reporting.Official, BodyID: "jingyue"},
		"UKC": {UserID: "UKC", Name: "李工", Role: reporting.Official, BodyID: "kuancheng"},
		"URE": {UserID: "URE", Name: "赵审", Role: reporting.Reviewer},
		"UR2": {UserID: "UR2", Name: "钱审", Role: reporting.Reviewer},
		"UR3": {UserID: "UR3", Name: "孙审", Role: reporting.Reviewer},
		"UR4": {UserID: "UR4", Name: "周审", Role: reporting.Reviewer},
		"UR5": {UserID: "UR5", Role: reporting.Reviewer}, // whose name nobody wrote down
	}
	tests := []struct{ name, user, command, text, want string }{
		{"another body's official", "UKC", "project", "edit 0001", "申报单位的经办人（王工）"},
		{"the office is many", "UJY", "review", "approve 0001", "领导小组办公室（钱审、孙审、周审等 6 人）"},
		{"an admin by configuration has no name", "URE", "body", "assign <@U1> 领导", "请联系系统管理员。"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := a.Command(t.Context(), Request{User: tt.user, Command: tt.command, Text: tt.text, Locale: reporting.ZhCN})
			text, _ := a.words.Explain(reporting.ZhCN, err, "")
			wants(t, tt.name, text, tt.want)
		})
	}
	f := said(t, a, "UJY", "project", "suspend 0002").Form
	r, err := a.Submit(t.Context(), input("UKC", f, "x", map[string]string{"reason": "停工"}))
	if err != nil {
		t.Fatal(err)
	}
	wants(t, "at a field", r.Errors["reason"], "（王工）")
}
