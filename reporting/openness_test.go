package reporting

import "testing"

// TestOpenness: opened figures are read by officials, not by strangers, and open no
// list of projects.
func TestOpenness(t *testing.T) {
	t.Parallel()
	own := Actor{UserID: "U1", Role: Official, BodyID: "jingyue"}
	open, stranger, leader := own, Actor{UserID: "U2", Openness: Open}, Actor{UserID: "U3", Role: Leader}
	open.Openness = Open
	for name, tt := range map[string]struct {
		a                     Actor
		own, other, city      bool
		ownList, list, cities bool
	}{
		"closed":   {own, true, false, false, true, false, false},
		"open":     {open, true, true, true, true, false, false},
		"stranger": {stranger, false, false, false, false, false, false},
		"leader":   {leader, true, true, true, true, true, true},
	} {
		got := []bool{
			CanReadQuota(tt.a, "jingyue") == nil, CanReadQuota(tt.a, "kuancheng") == nil, CanReadCity(tt.a) == nil,
			CanListProjects(tt.a, "jingyue") == nil, CanListProjects(tt.a, "kuancheng") == nil, CanListProjects(tt.a, City) == nil,
		}
		for i, want := range []bool{tt.own, tt.other, tt.city, tt.ownList, tt.list, tt.cities} {
			if got[i] != want {
				t.Errorf("%s, question %d: %v", name, i, got[i])
			}
		}
	}
	for _, err := range []error{CanReadCity(own), CanReadQuota(own, "kuancheng"), CanListProjects(open, City)} {
		if CodeOf(err) != Forbidden {
			t.Errorf("refused with %v", err)
		}
	}
}
