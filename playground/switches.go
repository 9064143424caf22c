package playground

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// Switch is a fault of something that the workspace knows nothing of, such as the bot's
// database. The program that embeds the workspace supplies it.
type Switch struct {
	Name string // for calls
	// Labels name it for people, by locale such as zh-CN; en-US stands for those missing.
	Labels map[string]string
	// Run is the fault: it lasts until Run returns, at the latest when ctx ends, which
	// is when somebody switches it off.
	Run func(ctx context.Context) error
}

// noPane is the switch of a workspace whose app has a pane: its plan has none.
const noPane = "no_pane"

var noPaneLabels = map[string]string{
	"en-US": "No assistant pane on this plan", "zh-CN": "此套餐不含助手窗格", "zh-TW": "此方案不含助理窗格",
}

// Switch turns one of Config.Switches, or of those that every workspace has, on or off; on twice is on once. Errors: there is
// no such switch, or the workspace is closed. When its Run fails, the pages are told.
func (s *Server) Switch(name string, on bool) error {
	if b, ok := blockSwitchNamed(name); ok {
		s.switchBlock(b, on)
		return nil
	}
	if name == noPane && s.cfg.paned() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.setPlanless(on)
		return nil
	}
	i := slices.IndexFunc(s.cfg.Switches, func(sw Switch) bool { return sw.Name == name })
	if i < 0 {
		return fmt.Errorf("switch: there is no %q", name)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	off, running := s.running[name]
	switch {
	case !on && running:
		off()
	case on && s.ctx.Err() != nil:
		return fmt.Errorf("switch %s: %w", name, context.Cause(s.ctx))
	case on && !running:
		ctx, cancel := context.WithCancel(s.ctx)
		s.running[name] = cancel
		s.work.Go(func() { s.run(ctx, s.cfg.Switches[i], cancel) })
		s.faultsChanged()
	}
	return nil
}

// run is one time that a switch is on.
func (s *Server) run(ctx context.Context, sw Switch, cancel context.CancelFunc) {
	defer cancel()
	s.cfg.Log.Info("switch was turned on", "switch", sw.Name)
	err := sw.Run(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.running, sw.Name)
	if err != nil && !errors.Is(err, context.Canceled) {
		s.cfg.Log.Warn("switch failed", "switch", sw.Name, "err", err)
		s.publish(nil, object{"type": "notice", "level": "error", "channel": "", "text": sw.Name + ": " + err.Error()})
	}
	s.cfg.Log.Info("switch was turned off", "switch", sw.Name)
	s.faultsChanged()
}

// Switched tells whether a switch is on.
func (s *Server) Switched(name string) bool {
	if b, ok := blockSwitchNamed(name); ok {
		return s.refuses(b.block)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.running[name] != nil || name == noPane && s.planless
}
