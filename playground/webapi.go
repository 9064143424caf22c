package playground

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxBody bounds every request body the workspace reads.
const maxBody = 4 << 20

// apiError is a refusal in Slack's terms.
type apiError struct {
	code     string
	messages []string // response_metadata.messages
	needed   string   // of missing_scope: the scope
}

func (e *apiError) Error() string {
	return strings.Join(append([]string{e.code}, e.messages...), "; ")
}

func refuse(code string) error { return &apiError{code: code} }

// grant says which token a method takes.
type grant int

const (
	anybody grant = iota
	botToken
	appToken
)

// method is one Web API method.
type method struct {
	takes grant
	run   func(c *call) (object, error)
	scope string // that the bot's token needs; "" = none, or one of several
}

// webAPI is the table of methods. https://docs.slack.dev/reference/methods
func (s *Server) webAPI() map[string]method {
	return map[string]method{
		"api.test":              {anybody, s.apiTest, ""},
		"blocks.validate":       {anybody, s.blocksValidate, ""},
		"apps.connections.open": {appToken, s.connectionsOpen, ""},
		"auth.test":             {botToken, s.authTest, ""},
		"users.info":            {botToken, s.usersInfo, "users:read"},
		"conversations.info":    {botToken, s.conversationsInfo, ""},
		"conversations.list":    {botToken, s.conversationsList, ""},
		"conversations.open":    {botToken, s.conversationsOpen, "im:write"},
		"conversations.join":    {botToken, s.conversationsJoin, "channels:join"},
		"conversations.members": {botToken, s.conversationsMembers, ""},
		"conversations.history": {botToken, s.conversationsHistory, ""},
		"conversations.replies": {botToken, s.conversationsReplies, ""},
		"chat.postMessage":      {botToken, s.chatPostMessage, "chat:write"},
		"chat.postEphemeral":    {botToken, s.chatPostEphemeral, "chat:write"},
		"chat.update":           {botToken, s.chatUpdate, "chat:write"},
		"chat.delete":           {botToken, s.chatDelete, "chat:write"},
		"chat.getPermalink":     {botToken, s.chatGetPermalink, ""},
		"views.open":            {botToken, s.viewsOpen, ""},
		"views.push":            {botToken, s.viewsPush, ""},
		"views.update":          {botToken, s.viewsUpdate, ""},
		"views.publish":         {botToken, s.viewsPublish, ""},

		"assistant.threads.setStatus":           {botToken, s.assistantSetStatus, "chat:write"},
		"assistant.threads.setTitle":            {botToken, s.assistantSetTitle, "assistant:write"},
		"assistant.threads.setSuggestedPrompts": {botToken, s.assistantSetSuggestedPrompts, "assistant:write"},

		"files.info":                   {botToken, s.filesInfo, "files:read"},
		"files.getUploadURLExternal":   {botToken, s.filesGetUploadURL, "files:write"},
		"files.completeUploadExternal": {botToken, s.filesCompleteUpload, "files:write"},
	}
}

// call is one request to the Web API.
type call struct {
	name  string
	token string
	args  object // form fields as strings, JSON fields as they are
	host  string // scheme and host the caller used, with http or https
}

// serveAPI is the one door for Web API calls.
func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	c, err := readCall(w, r)
	s.base.Store(&c.host)
	fault := s.struck(c)
	if fault != nil && fault.Fault.Kind != AnswerLost && !fault.Fault.After {
		s.spoil(w, r, fault)
		return
	}
	var answer object
	if err == nil {
		answer, err = s.answer(c)
	}
	if fault != nil {
		s.spoil(w, r, fault)
		return
	}
	var refusal *apiError
	switch {
	case errors.As(err, &refusal):
		answer = object{"ok": false, "error": refusal.code}
		if len(refusal.messages) > 0 {
			answer["response_metadata"] = object{"messages": refusal.messages}
		}
		if refusal.needed != "" {
			answer["needed"], answer["provided"] = refusal.needed, s.granted()
		}
	case err != nil:
		s.cfg.Log.Error("web api call was not answered", "method", c.name, "err", err)
		answer = object{"ok": false, "error": "internal_error"}
	default:
		answer["ok"] = true
	}
	s.cfg.Log.Debug("web api call was answered", "method", c.name, "error", answer["error"], "took", time.Since(start))
	if s.methods[c.name].takes == botToken && (refusal == nil || !isAuthError(refusal.code)) {
		w.Header().Set("X-OAuth-Scopes", s.granted())
	}
	writeJSON(w, http.StatusOK, answer)
}

// answer judges the token and runs the method.
func (s *Server) answer(c *call) (object, error) {
	m, known := s.methods[c.name]
	if !known {
		return nil, refuse("unknown_method")
	}
	if err := s.admit(c.token, m.takes); err != nil {
		return nil, err
	}
	if err := s.needs(m.scope); err != nil {
		return nil, err
	}
	return m.run(c)
}

func (s *Server) admit(token string, takes grant) error {
	is := func(secret string) bool {
		return secret != "" && subtle.ConstantTimeCompare([]byte(token), []byte(secret)) == 1
	}
	bot, app := is(s.cfg.BotToken), is(s.cfg.AppToken)
	switch {
	case takes == anybody || takes == botToken && bot || takes == appToken && app:
		return nil
	case token == "":
		return refuse("not_authed")
	case bot || app:
		return refuse("not_allowed_token_type")
	}
	return refuse("invalid_auth")
}

func isAuthError(code string) bool {
	return code == "not_authed" || code == "invalid_auth" || code == "not_allowed_token_type"
}

// readCall reads the arguments from the query, a form or a JSON body.
// https://docs.slack.dev/apis/web-api
func readCall(w http.ResponseWriter, r *http.Request) (*call, error) {
	c := &call{name: r.PathValue("method"), args: object{}, host: "http://" + r.Host}
	if r.TLS != nil {
		c.host = "https://" + r.Host
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch kind {
	case "application/json":
		if err := decode(r.Body, &c.args); err != nil && !errors.Is(err, io.EOF) { // no body: no arguments
			return c, refuse("invalid_json")
		}
		if c.args == nil {
			c.args = object{}
		}
	case "multipart/form-data":
		if err := r.ParseMultipartForm(maxBody); err != nil {
			return c, refuse("invalid_form_data")
		}
	default:
		if err := r.ParseForm(); err != nil {
			return c, refuse("invalid_form_data")
		}
	}
	for name, all := range r.Form {
		c.args[name] = all[0]
	}
	c.token, _ = c.args["token"].(string)
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		c.token = strings.TrimSpace(bearer)
	}
	delete(c.args, "token")
	return c, nil
}

// str returns an argument as text, "" if it is absent.
func (c *call) str(name string) string {
	switch v := c.args[name].(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

func (c *call) flag(name string) bool {
	s := c.str(name)
	return s == "true" || s == "1"
}

// limit returns a page size from 1 to most, or the default when none was asked for.
func (c *call) limit(absent, most int) (int, error) {
	s := c.str("limit")
	if s == "" || s == "0" {
		return absent, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > most {
		return 0, refuse("invalid_limit")
	}
	return n, nil
}

// value returns a structured argument, which forms carry as JSON text.
func (c *call) value(name string) (v any, given bool, err error) {
	switch raw := c.args[name].(type) {
	case nil:
		return nil, false, nil
	case string:
		if raw == "" {
			return nil, false, nil
		}
		if err := decode(strings.NewReader(raw), &v); err != nil {
			return nil, true, fmt.Errorf("argument %s: %w", name, err)
		}
		return v, v != nil, nil
	default:
		return raw, true, nil
	}
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the caller has gone: nobody is left to tell
}

func (s *Server) apiTest(c *call) (object, error) {
	if code := c.str("error"); code != "" {
		return nil, refuse(code)
	}
	return object{"args": c.args}, nil
}

func (s *Server) authTest(c *call) (object, error) {
	return object{
		"url": c.host + "/", "team": s.cfg.Workspace, "user": s.cfg.BotUser.Name, "team_id": s.teamID,
		"user_id": s.cfg.BotUser.ID, "bot_id": s.botID, "is_enterprise_install": false,
	}, nil
}

func (s *Server) connectionsOpen(c *call) (object, error) {
	return object{"url": "ws" + strings.TrimPrefix(c.host, "http") + "/socket?ticket=" + s.sockets.ticket()}, nil
}

// blocksValidate judges blocks, a message or a view without doing anything with it.
func (s *Server) blocksValidate(c *call) (object, error) {
	for _, name := range []string{"blocks", "message", "view"} {
		v, given, err := c.value(name)
		if err != nil {
			return nil, refuse("invalid_json")
		}
		if !given {
			continue
		}
		o, _ := v.(object)
		switch name {
		case "view":
			kind, _ := o["type"].(string)
			if kind != "home" {
				kind = "modal"
			}
			_, err = checkView(v, kind)
		case "message":
			_, err = s.checkMessageBlocks(o["blocks"])
		default:
			_, err = s.checkMessageBlocks(v)
		}
		return object{}, err
	}
	return nil, refuse("invalid_arguments")
}
