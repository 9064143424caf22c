package commands

import (
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
