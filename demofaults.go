package main

import (
	"context"
	"strings"
	"time"

	"github.com/mouhua/mouhua/playground"
	"github.com/mouhua/mouhua/storage"
)

// databaseAway is how long the demo's database stays away unless somebody
// switches it back on.
const databaseAway = time.Minute

// demoSwitches are the faults of the demo that are not Slack's, with its data
// at the database where. A PostgreSQL server is not ours to stop.
func demoSwitches(where string) []playground.Switch {
	if !strings.HasPrefix(where, "sqlite://") {
		return nil
	}
	return []playground.Switch{{
		Name: "database", Labels: map[string]string{
			"zh-CN": "数据库一分钟内无法写入", "zh-TW": "資料庫一分鐘內無法寫入", "en-US": "Nothing can be written to the database for a minute",
		},
		Run: func(ctx context.Context) error {
			ctx, cancel := context.WithTimeout(ctx, databaseAway)
			defer cancel()
			return storage.Hold(ctx, where)
		},
	}}
}
