package bot

import (
	"errors"
	"testing"

	"github.com/slack-go/slack"

	"github.com/mouhua/mouhua/reporting"
)

// TestRefusalsOfTheTransport produces refusals that Slack is the cause of.
func TestRefusalsOfTheTransport(t *testing.T) {
	r := newRig(t, nil)
	r.slack.say("auth.test", `{"ok":true,"user_id":"UBOT","bot_id":"B1","team_id":"T1"}`)
	r.slack.say("users.info", `{"ok":true,"user":{"id":"U7","team_id":"T1","is_restricted":true}}`)
	var e *reporting.Error
	if err := r.writer(t.Context(), "U7", "T1"); !errors.As(err, &e) || e.Key != "err.person.outside" || e.Code != reporting.Forbidden {
		t.Errorf("a guest fills in a form: %v", err)
	}
	late := slack.SlackErrorResponse{Err: "expired_trigger_id"}
	a := answer{locale: reporting.ZhCN, view: &slack.ModalViewRequest{CallbackID: "project.page1"}}
	for retry, key := range map[string]string{"": "err.form.expired", "/project register": "err.form.expired.command"} {
		want, _ := r.words.Explain(reporting.ZhCN, reporting.Fail(reporting.Conflict, key, "command", retry), "")
		if got := r.notOpened(a, target{retry: retry}, late); got != want {
			t.Errorf("a form too late is told %q, want %q", got, want)
		}
	}
}
