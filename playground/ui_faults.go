package playground

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

// overShown is how many faults that are over the page still lists.
const overShown = 5

// faultCalls are the page's calls that break things, mend them and change channels.
func (s *Server) faultCalls() map[string]func(context.Context, *Person, uiRequest) (object, error) {
	return map[string]func(context.Context, *Person, uiRequest) (object, error){
		"fault": func(_ context.Context, _ *Person, r uiRequest) (object, error) {
			switch r.ActionRaw {
			case "break":
				id, err := s.Break(r.Fault)
				return object{"id": id}, err
			case "mend":
				return object{"hits": s.Mend(r.ID)}, nil
			case "mend_all":
				s.MendAll()
				return nil, nil
			}
			return nil, fmt.Errorf("fault: unknown action %v", r.ActionRaw)
		},
		"switch": func(_ context.Context, _ *Person, r uiRequest) (object, error) { return nil, s.Switch(r.Name, r.On) },
		"channel": func(_ context.Context, p *Person, r uiRequest) (object, error) {
			name, _ := r.ActionRaw.(string)
			do := map[string]func(string) error{
				"archive": p.Archive, "unarchive": p.Unarchive, "remove_bot": p.RemoveBot, "invite_bot": p.InviteBot,
			}[name]
			if do == nil {
				return nil, fmt.Errorf("channel: unknown action %v", r.ActionRaw)
			}
			return nil, do(r.Channel)
		},
		"delete": func(_ context.Context, p *Person, r uiRequest) (object, error) {
			return nil, p.DeleteMessage(r.Channel, r.TS)
		},
	}
}

// shownFaults returns the faults as the page shows them: those at work, the newest of
// those that are over, and the switches. The caller holds mu.
func (s *Server) shownFaults() object {
	broken, over := []Broken{}, 0
	for _, b := range slices.Backward(s.faults) {
		if b.Over {
			over++
		}
		if !b.Over || over <= overShown {
			broken = append(broken, b.Broken)
		}
	}
	switches := []object{}
	for _, b := range blockSwitches {
		switches = append(switches, object{"name": b.name, "labels": b.labels, "on": s.refuses(b.block)})
	}
	for _, sw := range s.cfg.Switches {
		switches = append(switches, object{"name": sw.Name, "labels": sw.Labels, "on": s.running[sw.Name] != nil})
	}
	if s.cfg.paned() {
		switches = append(switches, object{"name": noPane, "labels": noPaneLabels, "on": s.planless})
	}
	return object{"broken": broken, "switches": switches}
}

// choices returns what a fault can be made of, for the page.
func (s *Server) choices(faults object) object {
	faults["kinds"], faults["methods"] = faultKinds, slices.Sorted(maps.Keys(s.methods))
	return faults
}
