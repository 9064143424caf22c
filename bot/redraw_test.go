package bot

import (
	"testing"

	"github.com/mouhua/mouhua/commands"
)

func TestChangesOutdated(t *testing.T) {
	var c changes
	stamped := func(n int64) change { return change{in: commands.Input{Stamp: n}} }
	if !c.add("V1", stamped(1)) || c.add("V1", stamped(2)) {
		t.Fatal("the first change is not handled, or the second is beside it")
	}
	if n, ok := c.next("V1"); !ok || n.in.Stamp != 2 {
		t.Fatalf("next is %d, %v; want the newest", n.in.Stamp, ok)
	}
	c.add("V1", stamped(3))
	c.outdate("V1", "V2")
	if n, ok := c.next("V1"); ok {
		t.Errorf("change %d outlived the submission", n.in.Stamp)
	}
	if !c.add("V1", stamped(4)) {
		t.Error("a change after going back is not handled")
	}
	if n, ok := c.next("V1"); !ok || n.in.Stamp != 4 {
		t.Errorf("next is %d, %v; want the one after going back", n.in.Stamp, ok)
	}
}
