package commands

import (
	"testing"
)

// Slack takes no form that has a field twice: the notes above the fields of an
// edit are fields, too.
func TestNoFieldTwice(t *testing.T) {
	a, s := office(t)
	put(s, 2, verified)
	first := said(t, a, "UJY", "project", "edit 0002").Form
	r := handedIn(t, a, "UJY", first, "once", with(goodPage1, "invest", "8000万"))
	if r.Next == nil {
		t.Fatalf("no second page: %v", r.Errors)
	}
	for _, f := range []*Form{first, r.Next} {
		seen := map[string]bool{}
		for _, field := range f.Fields {
			if seen[field.ID] {
				t.Errorf("form %s has field %s twice", f.ID, field.ID)
			}
			seen[field.ID] = true
		}
	}
}
