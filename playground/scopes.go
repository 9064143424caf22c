package playground

import (
	"slices"
	"strings"
)

// scopes are what the bot's token is granted, unless a test takes one away.
var scopes = []string{
	"app_mentions:read", "channels:history", "channels:join", "channels:read", "chat:write", "commands", "files:read", "files:write",
	"groups:history", "groups:read", "im:history", "im:read", "im:write", "users:read",
}

// Revoke takes a scope from the bot's token, as if the app had been installed
// without it; what needs it is refused with missing_scope.
func (s *Server) Revoke(scope string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.scopes, scope)
}

// Grant gives a scope to the bot's token, as reinstalling the app does.
func (s *Server) Grant(scope string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scopes[scope] = true
}

// granted lists the scopes of the bot's token as Slack's header does.
func (s *Server) granted() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for scope := range s.scopes {
		all = append(all, scope)
	}
	slices.Sort(all)
	return strings.Join(all, ",")
}

// needs refuses what the bot's token is not granted; "" needs nothing.
func (s *Server) needs(scope string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lacks(scope)
}

// lacks is needs for whoever holds mu.
func (s *Server) lacks(scope string) error {
	if scope == "" || s.scopes[scope] {
		return nil
	}
	return &apiError{code: "missing_scope", needed: scope}
}

// mayTakeFiles refuses a view with a file_input from an app that may not read
// files. https://docs.slack.dev/reference/block-kit/block-elements/file-input-element
func (s *Server) mayTakeFiles(v View) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.scopeOf(v)
}

// scopeOf is mayTakeFiles for whoever holds mu.
func (s *Server) scopeOf(v View) error {
	asks := false
	eachElement(v.Blocks, nil, func(_, el object) { asks = asks || el["type"] == "file_input" })
	if !asks {
		return nil
	}
	return s.lacks("files:read")
}
