package playground

import (
	"maps"
	"slices"
)

// blockSwitch is a kind of block that a workspace can be made to refuse, as one does
// that has no such blocks yet or whose administrators keep them out.
type blockSwitch struct {
	name, block string
	labels      map[string]string
}

// blockSwitches are switches like Config.Switches, which every workspace has.
var blockSwitches = []blockSwitch{
	{"no_charts", "data_visualization", map[string]string{
		"en-US": "This workspace refuses charts", "zh-CN": "本工作区不接受图表", "zh-TW": "本工作區不接受圖表",
	}},
	{"no_data_tables", "data_table", map[string]string{
		"en-US": "This workspace refuses tables with pages", "zh-CN": "本工作区不接受分页表格", "zh-TW": "本工作區不接受分頁表格",
	}},
}

func blockSwitchNamed(name string) (blockSwitch, bool) {
	i := slices.IndexFunc(blockSwitches, func(b blockSwitch) bool { return b.name == name })
	if i < 0 {
		return blockSwitch{}, false
	}
	return blockSwitches[i], true
}

// switchBlock makes the workspace refuse a kind of block in messages, or take it again.
func (s *Server) switchBlock(b blockSwitch, on bool) {
	if on {
		s.blocked.Store(b.block, true)
	} else {
		s.blocked.Delete(b.block)
	}
	s.cfg.Log.Info("switch was turned", "switch", b.name, "on", on)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faultsChanged()
}

func (s *Server) refuses(block string) bool {
	_, refused := s.blocked.Load(block)
	return refused
}

// messageShapes are the blocks that the workspace takes in a message.
func (s *Server) messageShapes() map[string]shape {
	taken := maps.Clone(blockShapes)
	for _, b := range blockSwitches {
		if s.refuses(b.block) {
			delete(taken, b.block)
		}
	}
	return taken
}
