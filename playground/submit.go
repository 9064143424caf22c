package playground

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Submit presses a modal's submit button. The values (block id → action id → state value in
// Slack's shape) are laid over what was typed before. The errors returned stand under
// the fields of their block ids; err says that the form could not be sent or that the
// bot's answer made no sense, and is a *TimeoutError when none came in time.
func (p *Person) Submit(ctx context.Context, viewID string, given map[string]map[string]any) (map[string]string, error) {
	var in values
	if err := recode(given, &in); err != nil {
		return nil, fmt.Errorf("submit: %w", err)
	}
	return p.submit(ctx, viewID, in)
}

func (p *Person) submit(ctx context.Context, viewID string, given values) (map[string]string, error) {
	s := p.s
	s.mu.Lock()
	at, err := p.find(Ref{Type: "view", ViewID: viewID})
	if err != nil {
		s.mu.Unlock()
		return nil, fmt.Errorf("submit: %w", err)
	}
	v := at.v
	v.remember(s.ownFiles(p.id, given))
	if v.Submit == nil || v.SubmitDisabled {
		s.mu.Unlock()
		return nil, fmt.Errorf("submit: view %s cannot be submitted", viewID)
	}
	if wrong := complaints(v); len(wrong) > 0 {
		s.mu.Unlock()
		return wrong, nil
	}
	payload := p.payload("view_submission")
	payload["trigger_id"] = s.newTrigger(p.id, v.ID)
	s.handFiles(v)
	payload["view"] = v.export()
	payload["response_urls"] = p.responseURLs(v)
	s.mu.Unlock()

	body, err := s.deliver(ctx, delivery{envelope: "interactive", path: "interactions", payload: payload, answered: true})
	if err != nil {
		return nil, p.slip("", trouble, err)
	}
	wrong, err := p.settle(v, string(body))
	if err != nil {
		s.cfg.Log.Warn("answer to a submission was refused", "err", err)
		return nil, p.slip("", trouble, err)
	}
	return wrong, nil
}

// responseURLs returns one for every input that asked for it and names a channel.
// The caller holds mu.
func (p *Person) responseURLs(v *view) []object {
	all, state := []object{}, stateOf(v.Blocks, v.typed)
	for _, block := range v.Blocks {
		el, _ := block["element"].(object)
		if el["response_url_enabled"] != true {
			continue
		}
		kind, blockID, actionID := el["type"].(string), block["block_id"].(string), el["action_id"].(string)
		value, _ := state[blockID][actionID].(object)
		id, _ := value[slots[kind].key].(string)
		if _, err := p.channel(id); err != nil {
			continue
		}
		address, _ := p.s.newResponseURL(responseURL{channel: id, user: p.id})
		all = append(all, object{"response_url": address, "block_id": blockID, "action_id": actionID, "channel_id": id})
	}
	return all
}

// settle does what the answer to a submission says: close, clear, update, push or errors.
// https://docs.slack.dev/surfaces/modals
func (p *Person) settle(v *view, body string) (map[string]string, error) {
	s := p.s
	body = strings.TrimSpace(body)
	s.mu.Lock()
	defer s.mu.Unlock()
	if body == "" || body == "null" {
		p.closeFrom(slices.Index(s.stacks[p.id], v))
		return nil, nil
	}
	var answer object
	if err := decode(strings.NewReader(body), &answer); err != nil {
		return nil, fmt.Errorf("read answer: %w", err)
	}
	action := answer["response_action"]
	if !slices.Contains(s.stacks[p.id], v) {
		return nil, fmt.Errorf("response_action %v: the view was closed meanwhile", action)
	}
	switch action {
	case "clear":
		p.closeFrom(0)
		return nil, nil
	case "errors":
		return fieldErrors(v, answer["errors"])
	case "update", "push":
		spec, err := ackView(answer["view"])
		if err == nil {
			err = s.scopeOf(spec)
		}
		if err != nil {
			return nil, err
		}
		if action == "update" {
			return nil, s.replace(v, spec)
		}
		if err := s.checkExternalID(spec.ExternalID, nil); err != nil {
			return nil, err
		}
		if _, err := s.push(p.id, spec); err != nil {
			return nil, err
		}
		s.showViews(p.id)
		return nil, nil
	default:
		return nil, fmt.Errorf("response_action %v is unknown", action)
	}
}

// closeFrom closes the view at i and those above it; -1 means it is gone already.
// The caller holds mu.
func (p *Person) closeFrom(i int) {
	stack := p.s.stacks[p.id]
	if i < 0 || i >= len(stack) {
		return
	}
	p.s.stacks[p.id] = stack[:i:i]
	p.s.showViews(p.id)
}

// fieldErrors accepts errors only under ids of input blocks, as Slack does.
func fieldErrors(v *view, raw any) (map[string]string, error) {
	given, _ := raw.(object)
	wrong := map[string]string{}
	for blockID, text := range given {
		sentence, _ := text.(string)
		if sentence == "" || !v.hasInput(blockID) {
			return nil, fmt.Errorf("errors: %q is no input block of the view or has no text", blockID)
		}
		wrong[blockID] = sentence
	}
	if len(wrong) == 0 {
		return nil, errors.New("errors: there are none")
	}
	return wrong, nil
}

// keep remembers what the person has typed into a modal so far.
func (p *Person) keep(viewID string, given values) error {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	i := slices.IndexFunc(p.s.stacks[p.id], func(v *view) bool { return v.ID == viewID })
	if i < 0 {
		return fmt.Errorf("keep: view %q is not open", viewID)
	}
	p.s.stacks[p.id][i].remember(p.s.ownFiles(p.id, given))
	return nil
}

// CloseView cancels the top modal, or with all (the cross in its corner) the whole stack. The bot
// is told if the view asked for it; its answer does not matter, so an error means only
// that there is no such view.
func (p *Person) CloseView(ctx context.Context, viewID string, all bool) error {
	s := p.s
	s.mu.Lock()
	at, err := p.find(Ref{Type: "view", ViewID: viewID})
	if err != nil {
		s.mu.Unlock()
		return fmt.Errorf("close: %w", err)
	}
	stack, closed := s.stacks[p.id], at.v
	all = all || closed.ClearOnClose
	if all {
		closed = stack[0]
		p.closeFrom(0)
	} else {
		p.closeFrom(len(stack) - 1)
	}
	payload := p.payload("view_closed")
	shown := closed.export()
	shown.State.Values = values{}
	payload["view"], payload["is_cleared"] = shown, all
	s.mu.Unlock()
	if !closed.NotifyOnClose {
		return nil
	}
	if _, err := s.deliver(ctx, delivery{envelope: "interactive", path: "interactions", payload: payload}); err != nil {
		s.cfg.Log.Warn("closing of a view was not acknowledged", "err", err)
	}
	return nil
}
