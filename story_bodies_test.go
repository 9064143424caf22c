package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestStoryBodies gives a role and a channel by forms in which people and
// channels are picked.
func TestStoryBodies(t *testing.T) {
	t.Run("socket", func(t *testing.T) {
		assigns(t, newMouhua(t, "socket", "sqlite://"+filepath.Join(t.TempDir(), "bodies.db")))
	})
	t.Run("http", func(t *testing.T) { assigns(t, newMouhua(t, "http", freshPostgres(t))) })
}

func assigns(t *testing.T, m *mouhua) {
	prepare(m, time.Now().Year())
	m.serve()
	zhao := m.as(reviewer)
	open := func(command, want string) {
		t.Helper()
		if err := zhao.Say(zhao.ctx, officeRoom, "", command); err != nil {
			t.Fatal(err)
		}
		if v := zhao.form(want); !strings.Contains(flat(v), want) {
			t.Fatalf("%s opened %s", command, flat(v))
		}
	}
	open("/body assign", "users_select")
	if wrong := zhao.submits(); wrong["person"] == "" || wrong["person_role"] == "" {
		t.Fatalf("submitted with nothing: %v", wrong)
	}
	zhao.fills([2]string{"person", stranger}, [2]string{"person_name", "钱工"}, [2]string{"person_role", "official"}, [2]string{"person_body", "JY=jingyue"})
	if wrong := zhao.submits(); len(wrong) != 0 {
		t.Fatalf("assign: %v", wrong)
	}
	zhao.sees(officeRoom, "净月高新区")
	m.as(stranger).types(channelJY, "/project mine", "我的项目")

	open("/body 频道", "conversations_select")
	zhao.fills([2]string{"person_body", "工信=gxj"}, [2]string{"channel", channelKC})
	if wrong := zhao.submits(); !strings.Contains(wrong["channel"], "宽城区") {
		t.Fatalf("took another body's channel: %v", wrong)
	}
	zhao.fills([2]string{"person_body", "宽城=kuancheng"})
	if wrong := zhao.submits(); len(wrong) != 0 {
		t.Fatalf("channel: %v", wrong)
	}
	zhao.sees(officeRoom, "下次提醒")
}
