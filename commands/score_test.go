package commands

import (
	"context"
	"strings"
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

func (s *shelf) Upkeep(_ context.Context, bodies []string, _ int, _ int64) ([]reporting.Upkeep, error) {
	var out []reporting.Upkeep
	for _, b := range bodies {
		out = append(out, reporting.Upkeep{BodyID: b, Open: 10, Fresh: 8, Filed: 40, Returned: 1})
	}
	return out, s.away
}

func TestScore(t *testing.T) {
	a, l := city(t)
	r := said(t, a, "ULE", "report", "评分").Reply
	text := drawn(r)
	wants(t, "off", text, "评分尚未启用", "数量=60 分", "adopted = true", "[score]")
	if r.InChannel || strings.Contains(text, "| ") {
		t.Errorf("off, and yet: %s", text)
	}
	a.cfg.Score.Adopted = true
	l.tallies[yearKey("jingyue", 2018)] = reporting.Tally{Credited: 30, ByStage: [4]int{15, 10, 4, 1}, Large: 12, Complete: 24}
	r = said(t, a, "URE", "report", "score").Reply
	text = drawn(r)
	tables := 0
	for _, p := range r.Parts {
		if _, ok := p.(Table); ok {
			tables++
		}
	}
	if tables != 1 {
		t.Errorf("%d tables; a message takes one", tables)
	}
	wants(t, "on", text, "试算结果", "2018年评分", "质量=15 分", "数据截至 2018年", "组内")
	wants(t, "parts", text, "| 净月高新区 | 27.7 | 9.0 | 7.5 | 9.0 | 0.0 | 53.2")
	if r.InChannel {
		t.Error("what is provisional went to the channel")
	}
	wants(t, "one group", drawn(said(t, a, "ULE", "report", "score 开发区 2018").Reply), "净月高新区")
	lacks(t, "one group", drawn(said(t, a, "ULE", "report", "score 开发区").Reply), "市工信局")
	for _, tt := range []struct{ user, text, want string }{
		{"UJY", "score", "err.forbidden"}, {"ULE", "score 火星", "err.group"}, {"ULE", "score 1990", "err.year"},
	} {
		if _, err := say(t, a, tt.user, "report", tt.text); key(err) != tt.want {
			t.Errorf("%s %s: %v, want %s", tt.user, tt.text, err, tt.want)
		}
	}
	l.quotas = map[string]reporting.Quota{}
	wants(t, "no quota", drawn(said(t, a, "ULE", "report", "score").Reply), "没有承担任务的单位")
}
