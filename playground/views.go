package playground

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// maxStack is how many modals may lie on top of each other.
// https://docs.slack.dev/surfaces/modals
const maxStack = 3

// View is a modal or an App Home as Slack describes it, with the state of its inputs.
type View struct {
	ID              string           `json:"id"`
	TeamID          string           `json:"team_id"`
	AppID           string           `json:"app_id"`
	BotID           string           `json:"bot_id"`
	Type            string           `json:"type"` // modal or home
	CallbackID      string           `json:"callback_id"`
	ExternalID      string           `json:"external_id"`
	PrivateMetadata string           `json:"private_metadata"`
	Hash            string           `json:"hash"`
	RootViewID      string           `json:"root_view_id"`
	PreviousViewID  *string          `json:"previous_view_id"`
	Title           map[string]any   `json:"title"`
	Submit          map[string]any   `json:"submit"`
	Close           map[string]any   `json:"close"`
	ClearOnClose    bool             `json:"clear_on_close"`
	NotifyOnClose   bool             `json:"notify_on_close"`
	SubmitDisabled  bool             `json:"submit_disabled"`
	Blocks          []map[string]any `json:"blocks"`
	State           ViewState        `json:"state"`
}

// ViewState holds the inputs of a view: block id, action id, value in Slack's shape.
type ViewState struct {
	Values map[string]map[string]any `json:"values"`
}

// export returns a copy of the view that shares nothing that changes.
func (v *view) export() View {
	out := v.View
	out.State.Values = stateOf(v.Blocks, v.typed)
	return out
}

// adopt makes spec a new view of a person's. The caller holds mu.
func (s *Server) adopt(spec View, user string) *view {
	v := &view{View: spec, user: user, typed: values{}}
	v.ID, v.TeamID, v.AppID, v.BotID = newID("V"), s.teamID, s.appID, s.botID
	v.RootViewID = v.ID
	s.renew(v)
	return v
}

// renew gives a view the hash of a new version. The caller holds mu.
func (s *Server) renew(v *view) { v.Hash = fmt.Sprintf("%d.%s", s.cfg.Now().Unix(), newID("")) }

// checkExternalID refuses an external id that another view has. The caller holds mu.
func (s *Server) checkExternalID(id string, own *view) error {
	taken := id != "" && s.findView(func(v *view) bool { return v != own && v.ExternalID == id }) != nil
	if taken {
		return refuse("duplicate_external_id")
	}
	return nil
}

// showViews tells a person's pages what their stack of modals is now. The caller holds mu.
func (s *Server) showViews(user string) {
	s.publish(only(user), object{"type": "views", "stack": s.exportStack(user)})
	s.touch()
}

func (s *Server) exportStack(user string) []View {
	stack := make([]View, 0, maxStack)
	for _, v := range s.stacks[user] {
		stack = append(stack, v.export())
	}
	return stack
}

func (s *Server) viewsOpen(c *call) (object, error) {
	return s.openView(c, func(t *trigger, spec View) (*view, error) {
		v := s.adopt(spec, t.user)
		s.stacks[t.user] = []*view{v}
		return v, nil
	})
}

func (s *Server) viewsPush(c *call) (object, error) {
	return s.openView(c, func(t *trigger, spec View) (*view, error) {
		inside := slices.ContainsFunc(s.stacks[t.user], func(v *view) bool { return v.ID == t.viewID })
		if !inside {
			return nil, refuse("invalid_trigger_id")
		}
		return s.push(t.user, spec)
	})
}

// openView is what views.open and views.push have in common: checks first, so that a
// malformed view does not cost the trigger.
func (s *Server) openView(c *call, place func(*trigger, View) (*view, error)) (object, error) {
	spec, err := readView(c, "modal")
	if err == nil {
		err = s.mayTakeFiles(spec)
	}
	if err != nil {
		return nil, err
	}
	id := c.str("trigger_id")
	if id == "" {
		return nil, refuse("invalid_trigger_id")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.checkExternalID(spec.ExternalID, nil); err != nil {
		return nil, err
	}
	t, err := s.useTrigger(id)
	if err != nil {
		return nil, err
	}
	v, err := place(t, spec)
	if err != nil {
		return nil, err
	}
	s.showViews(t.user)
	return object{"view": v.export()}, nil
}

// push lays a view on a person's stack. The caller holds mu.
func (s *Server) push(user string, spec View) (*view, error) {
	stack := s.stacks[user]
	if len(stack) >= maxStack {
		return nil, refuse("push_limit_reached")
	}
	v := s.adopt(spec, user)
	if len(stack) > 0 {
		below := stack[len(stack)-1].ID
		v.RootViewID, v.PreviousViewID = stack[0].ID, &below
	}
	s.stacks[user] = append(stack, v)
	return v, nil
}

func readView(c *call, kind string) (View, error) {
	spec, _, err := c.value("view")
	if err != nil {
		return View{}, refuse("invalid_json")
	}
	return checkView(spec, kind)
}

func (s *Server) viewsUpdate(c *call) (object, error) {
	id, external := c.str("view_id"), c.str("external_id")
	if (id == "") == (external == "") {
		return nil, refuse("invalid_arguments")
	}
	raw, _, err := c.value("view")
	if err != nil {
		return nil, refuse("invalid_json")
	}
	kind := "modal"
	if o, _ := raw.(object); o["type"] == "home" {
		kind = "home"
	}
	spec, err := checkView(raw, kind)
	if err == nil {
		err = s.mayTakeFiles(spec)
	}
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.findView(func(v *view) bool { return v.ID == id || external != "" && v.ExternalID == external })
	switch {
	case v == nil || v.Type != kind:
		return nil, refuse("not_found")
	case c.str("hash") != "" && c.str("hash") != v.Hash:
		return nil, refuse("hash_conflict")
	}
	if err := s.replace(v, spec); err != nil {
		return nil, err
	}
	return object{"view": v.export()}, nil
}

// replace puts a new version in a view's place. Inputs whose block id, action id and type
// stay keep what was typed. The caller holds mu.
func (s *Server) replace(v *view, spec View) error {
	if err := s.checkExternalID(spec.ExternalID, v); err != nil {
		return err
	}
	kept := stateOf(v.Blocks, v.typed)
	spec.ID, spec.TeamID, spec.AppID, spec.BotID = v.ID, v.TeamID, v.AppID, v.BotID
	spec.RootViewID, spec.PreviousViewID = v.RootViewID, v.PreviousViewID
	v.View, v.typed = spec, values{}
	v.remember(kept)
	s.renew(v)
	if v.Type == "home" {
		s.showHome(v)
		return nil
	}
	s.showViews(v.user)
	return nil
}

// viewsPublish: https://docs.slack.dev/reference/methods/views.publish
func (s *Server) viewsPublish(c *call) (object, error) {
	spec, err := readView(c, "home")
	if err != nil {
		return nil, err
	}
	u, ok := s.user(c.str("user_id"))
	if !ok || u.Bot {
		return nil, refuse("user_not_found")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	v, hash := s.homes[u.ID], c.str("hash")
	if hash != "" && (v == nil || v.Hash != hash) {
		return nil, refuse("hash_conflict")
	}
	if v != nil {
		err := s.replace(v, spec)
		return object{"view": v.export()}, err
	}
	if err := s.checkExternalID(spec.ExternalID, nil); err != nil {
		return nil, err
	}
	v = s.adopt(spec, u.ID)
	s.homes[u.ID] = v
	s.showHome(v)
	return object{"view": v.export()}, nil
}

func (s *Server) showHome(v *view) {
	s.publish(only(v.user), object{"type": "home", "view": v.export()})
	s.touch()
}

// ackView reads a view that came with the answer to a submission.
func ackView(raw any) (View, error) {
	if raw == nil {
		return View{}, errors.New("answer has no view")
	}
	return checkView(raw, "modal")
}

// hasInput tells whether a view has an input block with this id.
func (v *view) hasInput(blockID string) bool {
	return slices.ContainsFunc(v.Blocks, func(b object) bool { return b["block_id"] == blockID && b["type"] == "input" })
}

// remember takes over what was typed, for the inputs that the view has.
func (v *view) remember(in values) {
	eachElement(v.Blocks, nil, func(block, el object) {
		blockID, actionID := block["block_id"].(string), el["action_id"].(string)
		value, ok := in[blockID][actionID]
		clean := cleanState(el, value)
		if !ok || clean == nil {
			return
		}
		if v.typed[blockID] == nil {
			v.typed[blockID] = map[string]any{}
		}
		v.typed[blockID] = maps.Clone(v.typed[blockID])
		v.typed[blockID][actionID] = clean
	})
}
