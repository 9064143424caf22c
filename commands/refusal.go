package commands

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/mouhua/mouhua/reporting"
)

// maxNamed is how many people a refusal names.
const maxNamed = 3

// naming adds to a refusal the names of the people who could do what was
// refused: whoever is turned away must know whom to ask.
func (a *App) naming(ctx context.Context, err error) error {
	var e *reporting.Error
	if !errors.As(err, &e) || e.Code != reporting.Forbidden {
		return err
	}
	who, _ := e.Args["who"].(string)
	body, _ := e.Args["body"].(string)
	people, failed := a.store.People(ctx)
	if who == "" || failed != nil {
		return err //nolint:nilerr // the refusal stands, without names
	}
	people = slices.Clone(people)
	for _, id := range a.cfg.Admins { // admins by configuration need not be in the database
		i := slices.IndexFunc(people, func(p reporting.Person) bool { return p.UserID == id })
		if i < 0 {
			people = append(people, reporting.Person{UserID: id, Role: reporting.Admin})
		} else {
			people[i].Role = reporting.Admin
		}
	}
	named := *e
	named.Err = err
	named.Args = maps.Clone(e.Args)
	but, _ := e.Args["but"].(string) // who could, had they not done something else before
	could := slices.DeleteFunc(reporting.Could(who, body, people), func(p reporting.Person) bool {
		return slices.Contains(strings.Fields(but), p.UserID)
	})
	var names []string
	for _, p := range could {
		if p.Name != "" && len(names) < maxNamed {
			names = append(names, p.Name)
		}
	}
	named.Args["names"], named.Args["n"] = names, len(could)
	return &named
}

// whoCould is the text of Args["who"] with the names that naming added.
func (w *Words) whoCould(l reporting.Locale, who string, args map[string]any) string {
	text := w.Say(l, who)
	names, _ := args["names"].([]string)
	if len(names) == 0 {
		return text
	}
	n, _ := args["n"].(int)
	key := "who.named"
	if n > len(names) {
		key = "who.named_more"
	}
	return text + w.Say(l, key, "names", strings.Join(names, w.Say(l, "word.list_separator")), "n", n)
}
