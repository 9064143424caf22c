package bot

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/mouhua/mouhua/reporting"
)

// panicked is a panic of a handler.
type panicked struct {
	value any
	stack []byte
}

// Error returns what was panicked with.
func (p *panicked) Error() string { return fmt.Sprintf("panic: %v", p.value) }

// explain is the one place that turns an error into words for a person. What
// they cannot mend is logged under the reference that they get.
func (b *Bot) explain(kind, name string, l reporting.Locale, err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		err = &reporting.Error{Code: reporting.Unavailable, Key: "err.database", Err: err}
	}
	reference := strings.ToLower(rand.Text()[:8])
	text, told := b.words.Explain(l, err, reference)
	if told {
		return text
	}
	attrs := []any{"kind", kind, "command", name, "ref", reference, "error", err}
	var p *panicked
	if errors.As(err, &p) {
		attrs = append(attrs, "stack", string(p.stack))
	}
	b.log.Error("request failed", attrs...)
	return text
}

// classes says what Slack's error codes mean for a message. Codes that are not
// here are refusals that may pass. Source: the error tables of
// https://docs.slack.dev/reference/methods/chat.postMessage, chat.update,
// conversations.open and conversations.history.
var classes = classTable(map[reporting.FailureClass]string{
	reporting.InstallDead: `invalid_auth not_authed account_inactive token_revoked token_expired
		org_login_required missing_scope not_allowed_token_type no_permission access_denied accesslimited
		team_access_not_granted ekm_access_denied two_factor_setup_required enterprise_is_restricted
		messages_tab_disabled not_enabled method_deprecated`,
	reporting.DestinationDead: `channel_not_found not_in_channel is_archived is_inactive user_not_found
		user_not_visible user_not_in_channel user_disabled users_not_found cannot_dm_bot restricted_action
		restricted_action_read_only_channel restricted_action_thread_only_channel
		restricted_action_non_threadable_channel restricted_action_thread_locked posting_to_channel_denied
		message_not_found cant_update_message edit_window_closed cannot_reply_to_message`,
	reporting.OurBug: `invalid_blocks invalid_blocks_format msg_blocks_too_long msg_too_long no_text
		invalid_arguments invalid_arg_name invalid_array_arg too_many_attachments markdown_text_conflict
		invalid_metadata_format invalid_metadata_schema metadata_too_large view_too_large
		duplicate_external_id block_mismatch`,
	reporting.RateLimited: `ratelimited rate_limited message_limit_exceeded`,
	reporting.Unknown:     `internal_error fatal_error service_unavailable request_timeout`,
	reporting.Temporary: `team_added_to_org external_channel_migrating update_failed
		streaming_state_conflict`,
})

func classTable(byClass map[reporting.FailureClass]string) map[string]reporting.FailureClass {
	table := map[string]reporting.FailureClass{}
	for class, codes := range byClass {
		for _, code := range strings.Fields(codes) {
			table[code] = class
		}
	}
	return table
}

// rateWait is how long to wait when Slack does not say.
const rateWait = 30 * time.Second

// classify returns the class of an error of the Web API, and with RateLimited
// how long Slack asked to wait.
func classify(err error) (reporting.FailureClass, time.Duration) {
	var (
		limited *slack.RateLimitedError
		refused slack.SlackErrorResponse
		status  slack.StatusCodeError
	)
	switch {
	case err == nil:
		return reporting.NoFailure, 0
	case errors.As(err, &limited):
		return reporting.RateLimited, max(limited.RetryAfter, time.Second)
	case errors.As(err, &refused):
		class, listed := classes[refused.Err]
		switch {
		case !listed:
			return reporting.Temporary, 0
		case class == reporting.RateLimited:
			return class, rateWait
		}
		return class, 0
	case errors.As(err, &status) && status.Code == http.StatusTooManyRequests:
		return reporting.RateLimited, rateWait
	case errors.As(err, &status) && status.Code < http.StatusInternalServerError:
		return reporting.Temporary, 0
	}
	return reporting.Unknown, 0
}

// codeOf returns Slack's code or a short reason, without addresses: a response
// URL is a secret; "" for no error.
func codeOf(err error) string {
	var (
		limited *slack.RateLimitedError
		refused slack.SlackErrorResponse
		status  slack.StatusCodeError
		address *url.Error
	)
	switch {
	case err == nil:
		return ""
	case errors.As(err, &refused):
		return refused.Err
	case errors.As(err, &limited):
		return "ratelimited"
	case errors.As(err, &status):
		return fmt.Sprintf("http_%d", status.Code)
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case errors.As(err, &address):
		if address.Timeout() {
			return "timeout"
		}
		return address.Err.Error()
	}
	return err.Error()
}

// detailsOf returns what Slack found wrong with what we built.
func detailsOf(err error) []string {
	var refused slack.SlackErrorResponse
	errors.As(err, &refused)
	return refused.ResponseMetadata.Messages
}

// expired reports whether a form could not be opened because its trigger is
// older than three seconds or used. Slack also says so in the details of
// invalid_arguments.
func expired(err error) bool {
	code := codeOf(err)
	return strings.HasSuffix(code, "_trigger_id") ||
		code == "invalid_arguments" && strings.Contains(strings.Join(detailsOf(err), " "), "trigger")
}
