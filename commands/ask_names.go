package commands

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"golang.org/x/sync/singleflight"

	"github.com/mouhua/mouhua/lexicon"
	"github.com/mouhua/mouhua/question"
	"github.com/mouhua/mouhua/reporting"
)

const (
	maxNames      = 50_000           // names that are kept, the last submitted first
	namesAge      = 5 * time.Second  // after which what changed is read
	namesOverlap  = time.Minute      // before the newest, for what was written at the same time
	namesPatience = 10 * time.Second // for which a reading in the background may take
)

// nameBook keeps what projects are called, for questions that name one. It is
// read anew beside the answers: only the first waits for it.
type nameBook struct {
	flight singleflight.Group
	kept   atomic.Pointer[nameList]
	index  *question.Names // of the same names, by which sentences are read
}

// nameList are the names at a moment, the newest number first.
type nameList struct {
	at     time.Time
	newest int64 // UTC ms of the last change
	names  []namedProject
}

// namedProject is a project by its name.
type namedProject struct {
	reporting.ProjectName
	folded string
}

// projectNames returns the names as they were at most some seconds ago, when
// somebody asked.
func (a *App) projectNames(c *call) ([]namedProject, error) {
	k := a.names.kept.Load()
	if k != nil && c.now.Sub(k.at) < namesAge {
		return k.names, nil
	}
	read := a.names.flight.DoChan("names", func() (any, error) {
		// Who gives up must not spoil it for the others.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(c.ctx), namesPatience)
		defer cancel()
		old := a.names.kept.Load()
		if old == nil {
			old = &nameList{}
		}
		next, err := a.readNames(ctx, *old, c.now)
		if err == nil {
			a.names.kept.Store(next)
		}
		return next, err
	})
	if k != nil {
		return k.names, nil
	}
	select {
	case r := <-read:
		if r.Err != nil {
			return nil, r.Err
		}
		return r.Val.(*nameList).names, nil
	case <-c.ctx.Done():
		return nil, c.ctx.Err()
	}
}

// readNames returns old with what was written since.
func (a *App) readNames(ctx context.Context, old nameList, now time.Time) (*nameList, error) {
	changed, err := a.store.ProjectNames(ctx, max(0, old.newest-namesOverlap.Milliseconds()), maxNames)
	if err != nil {
		return nil, err
	}
	next := &nameList{at: now, newest: old.newest, names: old.names}
	if len(changed) == 0 {
		return next, nil
	}
	by := make(map[string]namedProject, len(old.names)+len(changed))
	for _, n := range old.names {
		by[n.ID] = n
	}
	same := true
	for _, n := range changed {
		next.newest = max(next.newest, n.UpdatedAt)
		if by[n.ID].Name != n.Name {
			same = false
			by[n.ID] = namedProject{n, lexicon.Fold(n.Name)}
			a.names.index.Put(n.ID, n.Name)
		}
	}
	if same { // something else of them was written
		return next, nil
	}
	next.names = make([]namedProject, 0, len(by))
	for _, n := range by {
		next.names = append(next.names, n)
	}
	slices.SortFunc(next.names, func(x, y namedProject) int { return reporting.Older(y.ID, x.ID) })
	for _, n := range next.names[min(len(next.names), maxNames):] {
		a.names.index.Drop(n.ID)
	}
	next.names = next.names[:min(len(next.names), maxNames)]
	return next, nil
}

// shortestPart is from how many characters on a part of a name means a project.
const shortestPart = 2

// findNamed returns the projects whose name is text, else those that have it in
// theirs, and with alike also those whose name is like it; at most n.
func findNamed(names []namedProject, text string, alike bool, n int) []namedProject {
	typed := lexicon.Fold(text)
	if utf8.RuneCountInString(typed) < shortestPart {
		return nil
	}
	var exact, part, like []namedProject
	for _, p := range names {
		switch {
		case p.folded == typed:
			exact = append(exact, p)
		case strings.Contains(p.folded, typed):
			part = append(part, p)
		case alike && mayBeAlike(typed, p.folded) && reporting.AlikeNames(typed, p.folded):
			like = append(like, p)
		}
	}
	if len(exact) > 0 && !alike {
		return exact[:min(len(exact), n)]
	}
	all := slices.Concat(exact, part, like)
	return all[:min(len(all), n)]
}

// mayBeAlike is a cheap test that names which are alike pass.
func mayBeAlike(a, b string) bool {
	if len(a) > 2*len(b) || len(b) > 2*len(a) {
		return false
	}
	shared, all := 0, 0
	for _, r := range a {
		all++
		if strings.ContainsRune(b, r) {
			shared++
		}
	}
	return 3*shared >= 2*all
}
