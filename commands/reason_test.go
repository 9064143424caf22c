package commands

import (
	"maps"
	"strings"
	"testing"
)

// Only what is returned has a reason for being returned.
func TestReasonGiven(t *testing.T) {
	a, s := office(t)
	put(s, 1, verified)
	r := drawn(said(t, a, "UJY", "project", "suspend 0001 投资方调整").Reply)
	wants(t, "suspended", r, "已暂停", "原因：投资方调整")
	if strings.Contains(r, "退回原因") {
		t.Errorf("a suspension calls its reason one of a return:\n%s", r)
	}
}

// A draft that lacks only what is optional lacks nothing.
func TestFilled(t *testing.T) {
	all := maps.Clone(goodPage1)
	maps.Copy(all, goodPage2)
	delete(all, "lead_dept")
	delete(all, "programme")
	for _, tt := range []struct {
		name, evidence, files, want string
	}{
		{"text", "会议纪要", "", "16/16"}, {"file", "", `[{"id":"F1","name":"a.pdf"}]`, "16/16"}, {"neither", "", "", "15/16"},
	} {
		v := maps.Clone(all)
		v["evidence"], v["files"] = tt.evidence, tt.files
		if got := filled(v); got != tt.want {
			t.Errorf("%s: %s of the draft is there, want %s", tt.name, got, tt.want)
		}
	}
}
