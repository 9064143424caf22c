package commands

import (
	"context"

	"github.com/mouhua/mouhua/reporting"
)

func (s *shelf) SaveBody(_ context.Context, once string, b reporting.Body, e reporting.Event) error {
	defer s.lock()()
	if s.seen[once] != "" {
		return reporting.ErrRepeated
	}
	fresh := &reporting.BodyList{Revision: s.bodies.Revision + 1, All: append([]reporting.Body(nil), s.bodies.All...)}
	at := -1
	for i, x := range fresh.All {
		if x.ID == b.ID {
			at = i
		} else if b.ChannelID != "" && x.ChannelID == b.ChannelID {
			return reporting.Fail(reporting.Conflict, "err.channel.taken", "body", x.ID)
		}
	}
	switch {
	case at < 0:
		fresh.All = append(fresh.All, b)
		at = len(fresh.All) - 1
	case b.Version == 0 && e.Action == "body.add":
		return reporting.Fail(reporting.Conflict, "err.body.exists", "id", b.ID).At(reporting.BodyID)
	case fresh.All[at].Version != b.Version:
		return reporting.Fail(reporting.Conflict, "err.body.changed", "id", b.ID)
	}
	b.Version++
	fresh.All[at] = b
	s.bodies, s.seen[once] = fresh, b.ID
	s.events = append(s.events, e)
	return nil
}

func (s *shelf) HandOver(_ context.Context, once string, p reporting.Person, h reporting.Handover, e reporting.Event) (reporting.Handed, error) {
	defer s.lock()()
	var n reporting.Handed
	switch {
	case s.seen[once] != "":
		return n, reporting.ErrRepeated
	case s.people[p.UserID].Version != p.Version:
		return n, reporting.Fail(reporting.Conflict, "err.person.changed", "user", p.UserID)
	}
	s.seen[once] = p.UserID
	delete(s.people, p.UserID)
	if p.Role != reporting.Stranger {
		p.Version++
		s.people[p.UserID] = p
	}
	for id, d := range s.drafts {
		if d.UserID == h.From && (h.BodyID == "" || d.BodyID == h.BodyID) {
			d.UserID = h.To
			s.drafts[id] = d
			n.Drafts++
		}
	}
	for id, x := range s.projects {
		if x.FiledBy == h.From && x.ReporterBody == h.BodyID && (x.Status == reporting.Returned || x.Status == reporting.Submitted) {
			x.FiledBy = h.To
			s.projects[id] = x
			n.Projects++
		}
	}
	n.Problems = s.handProblems(h)
	s.sent, s.events = append(s.sent, h.Messages...), append(s.events, e)
	return n, nil
}

func (s *shelf) TakeDraft(_ context.Context, id, user string) (reporting.Draft, error) {
	defer s.lock()()
	d, ok := s.drafts[id]
	if !ok || d.UserID != "" && d.UserID != user {
		return d, reporting.Fail(reporting.NotFound, "err.draft.gone")
	}
	d.UserID = user
	s.drafts[id] = d
	return d, nil
}
