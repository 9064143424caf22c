package playground

import (
	"regexp"
	"strings"
)

const teamDomain = "playground"

var (
	entities = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	// special finds, in escaped text, what Slack turns into a control sequence.
	special = regexp.MustCompile(`https?://[^\s，。；、！？）】」]+|[@#][^\s@#，。；：、！？（）]+`)
)

// escape returns text as Slack passes it on: entities for & < >, and @names, #channels and
// addresses as control sequences.
// https://docs.slack.dev/messaging/formatting-message-text
func (s *Server) escape(typed string) string {
	text := entities.Replace(typed)
	var out strings.Builder
	for {
		at := special.FindStringIndex(text)
		if at == nil {
			out.WriteString(text)
			return out.String()
		}
		found := text[at[0]:at[1]]
		if at[0] > 0 && isWord(text[at[0]-1]) && found[0] != 'h' {
			found = found[:1] // an e-mail address or the like
		}
		name, control := s.control(found)
		out.WriteString(text[:at[0]] + control)
		text = text[at[0]+len(name):]
	}
}

// control returns how much of found is special and what stands for it.
func (s *Server) control(found string) (name, control string) {
	if found[0] == 'h' {
		link := strings.TrimRight(found, ".,;:!?)")
		if i := strings.Index(link, "&gt;"); i >= 0 {
			link = link[:i]
		}
		return link, "<" + link + ">"
	}
	name, control = found[:1], found[:1]
	try := func(candidate, sequence string) {
		if candidate = found[:1] + candidate; len(candidate) > len(name) && begins(found, candidate) {
			name, control = candidate, sequence
		}
	}
	if found[0] == '@' {
		for _, all := range []string{"here", "channel", "everyone"} {
			try(all, "<!"+all+">")
		}
		for _, u := range s.users {
			try(u.Name, "<@"+u.ID+">")
		}
		return name, control
	}
	for _, c := range s.cfg.Channels {
		label := c.Name
		if c.Private {
			label = ""
		}
		try(c.Name, "<#"+c.ID+"|"+label+">")
	}
	return name, control
}

// begins tells whether text starts with name and the name ends there.
func begins(text, name string) bool {
	rest, ok := strings.CutPrefix(text, name)
	return ok && len(name) > 1 && (rest == "" || !isWord(rest[0]))
}

// isWord tells whether a byte could carry a name on. Chinese text may follow without a space.
func isWord(b byte) bool {
	return b == '_' || b == '-' || b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z'
}
