package bot

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/slack-go/slack"
)

func TestAnswersAreTriedAgain(t *testing.T) {
	down := slack.StatusCodeError{Code: 500, Status: "500"}
	limited := &slack.RateLimitedError{RetryAfter: 7 * time.Second}
	gone := slack.StatusCodeError{Code: 404, Status: "404"}
	tests := []struct {
		name    string
		results []error
		want    error
		calls   int
		took    time.Duration
	}{
		{"at once", []error{nil}, nil, 1, 0},
		{"after a fault", []error{down, nil}, nil, 2, answerPause},
		{"after no answer", []error{errors.New("connection reset"), nil}, nil, 2, answerPause},
		{"after the wait that Slack asks for", []error{limited, nil}, nil, 2, 7 * time.Second},
		{"never", []error{down, down, down, nil}, down, 3, 2 * answerPause},
		{"not what is refused", []error{gone, nil}, gone, 1, 0},
		{"not longer than there is time", []error{&slack.RateLimitedError{RetryAfter: time.Hour}}, nil, 1, workTime},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), workTime)
				defer cancel()
				start, calls := time.Now(), 0
				err := again(ctx, func() error {
					calls++
					return tt.results[calls-1]
				})
				if tt.want != nil && !errors.Is(err, tt.want) || calls != tt.calls || time.Since(start) != tt.took {
					t.Errorf("%v after %d calls and %s", err, calls, time.Since(start))
				}
			})
		})
	}
}

func TestLocaleOfBrokenState(t *testing.T) {
	r := newRig(t, nil)
	tests := []struct{ name, metadata, user, want string }{
		{"ours", `{"state":"s","locale":"zh-TW"}`, "U1", "zh-TW"},
		{"none, person known", "", "U1", "en"},
		{"not ours, person unknown", "{", "U2", "en"},
		{"a language that we do not speak", `{"locale":"fr-FR"}`, "U2", "en"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cb := slack.InteractionCallback{User: slack.User{ID: tt.user}, View: slack.View{PrivateMetadata: tt.metadata}}
			if got := r.stateOf(cb).Locale; string(got) != tt.want {
				t.Errorf("language %s, want %s", got, tt.want)
			}
		})
	}
}
