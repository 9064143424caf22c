package reporting

import (
	"cmp"
	"errors"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// FieldAnyway is why a project is filed although it looks like another one.
const FieldAnyway = "anyway"

// Names are alike from 85% on. The counts below follow from it without
// fractions: 2·shared ≥ 85%·(a+b), so that shared ≥ 17/23 of either.
const (
	alikePercent   = 85
	sharedOf       = 17
	sharedOutOf    = 23
	moneyTolerance = 50 // totals are like each other within one part in 50
)

// grams returns the pairs of neighbouring letters and digits of a folded name,
// each once, in the order of their hashes, which has nothing to do with how
// common they are.
func grams(folded string) []string {
	letters := []rune(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, folded))
	var out []string
	for i := range max(len(letters)-1, min(len(letters), 1)) {
		out = append(out, string(letters[i:min(i+2, len(letters))]))
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(cmp.Compare(hashOf(a), hashOf(b)), cmp.Compare(a, b)) })
	return slices.Compact(out)
}

func hashOf(s string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(s))
	return h.Sum32()
}

// LikenessKeys returns the keys under which a folded name is filed. Two names
// that are alike share at least one: of the grams in one order, so many shared
// ones cannot all come after the first few.
func LikenessKeys(folded string) []string {
	g := grams(folded)
	if len(g) == 0 {
		return nil
	}
	shared := (sharedOf*len(g) + sharedOutOf - 1) / sharedOutOf
	return g[:len(g)-shared+1]
}

// AlikeNames reports whether two folded names have so many pairs of letters
// in common (Dice's coefficient) that they may mean the same project.
func AlikeNames(a, b string) bool {
	x, y := grams(a), grams(b)
	shared := 0
	for _, g := range x {
		if slices.Contains(y, g) {
			shared++
		}
	}
	return shared > 0 && 200*shared >= alikePercent*(len(x)+len(y))
}

// LikenessOwner returns the owner by which projects of like names are compared,
// "" while it is still to be found.
func LikenessOwner(owner string, fold func(string) string) string {
	if openOwner(owner) {
		return ""
	}
	return strings.Join(strings.Fields(fold(owner)), "")
}

// LikeMoney returns the lowest and highest total that is like w: within 2% of
// the larger of the two.
func LikeMoney(w Wan) (from, to Wan) {
	return w - w/moneyTolerance, w * moneyTolerance / (moneyTolerance - 1)
}

// Duplicates returns those of the projects that may be the same as p, the
// oldest first: the project code is the same, or the name is alike, and so is
// the owner or the total. fold brings names into one form.
func Duplicates(p Project, among []Project, fold func(string) string) []Project {
	var out []Project
	name, owner := fold(p.Name), LikenessOwner(p.OwnerUnit, fold)
	from, to := LikeMoney(p.InvestTotal)
	for _, q := range among {
		like := owner != "" && owner == LikenessOwner(q.OwnerUnit, fold) || from <= q.InvestTotal && q.InvestTotal <= to
		if q.ID != p.ID && !q.Over() && (SameCode(p, q) || like && AlikeNames(name, fold(q.Name))) {
			out = append(out, q)
		}
	}
	slices.SortFunc(out, func(a, b Project) int { return Older(a.ID, b.ID) })
	return out
}

// Foremost returns the one of the projects that p may be the same as which p is
// said to look like when it is filed all the same: another body's before its
// own, the same code before a like name. The zero Project for none.
func Foremost(p Project, like []Project) Project {
	rank := func(q Project) int {
		n := 0
		if q.ReporterBody == p.ReporterBody {
			n += 2
		}
		if !SameCode(p, q) {
			n++
		}
		return n
	}
	if len(like) == 0 {
		return Project{}
	}
	return slices.MinFunc(like, func(a, b Project) int { return cmp.Compare(rank(a), rank(b)) })
}

// Over reports whether p was withdrawn or merged.
func (p Project) Over() bool { return p.Status == Withdrawn || p.Status == Merged }

// FileAnyway adds to the change that files a project that it looks like
// another one and why it was filed all the same. Where the other is another
// body's, the project is held until the office has decided, and both bodies
// are told. Errors: Invalid when the reason is empty or too long.
func FileAnyway(c Change, like Project, why string) (Change, error) {
	why, err := readReason(why)
	var fault *Error
	if errors.As(err, &fault) {
		return Change{}, fault.At(FieldAnyway)
	}
	p := &c.Project
	p.AlikeTo, p.AlikeWhy = like.ID, why
	if like.ReporterBody != p.ReporterBody && !like.Over() {
		p.HeldBy = like.ID
		c.Messages = append(c.Messages, pairOpened(*p, like, c.Event.Actor, why)...)
	}
	c.Event.After = *p
	return c, nil
}

// pairOpened gives the office its card about a pair, and tells both bodies.
func pairOpened(held, other Project, by, why string) []Message {
	return append([]Message{arbitration(Arbitration, held, other, by, "")}, toldOfPair(held, other, by, "filed", why)...)
}

// KeepBoth decides that the held project p and the one that it looked like,
// other, are two: p earns its credits. seen is the version that the person saw,
// 0 = whatever it is now. Errors: Forbidden; Conflict when it is not held, or
// no longer, or was changed; Invalid for the reason.
func KeepBoth(a Actor, p, other Project, seen int, reason string, at int64) (Change, error) {
	if err := CanReview(a); err != nil {
		return Change{}, err
	}
	if p.HeldBy == "" {
		return Change{}, Fail(Conflict, "err.arbitration.decided", "id", p.ID)
	}
	if seen != 0 && seen != p.Version || p.HeldBy != other.ID {
		return Change{}, Fail(Conflict, "err.project.changed", "id", p.ID)
	}
	reason, err := readReason(reason)
	if err != nil {
		return Change{}, err
	}
	before := p
	p.HeldBy, p.UpdatedAt = "", at
	return Change{
		Project: p, Event: eventOf(a, "project.keep_both", before, p, at),
		Messages: append(pairDecided(before, other, a.UserID, "keep", reason), recard(a, before, p)...),
	}, nil
}

// pairDecided tells both bodies what became of a pair, and the office on its card.
func pairDecided(held, other Project, by, outcome, reason string) []Message {
	card := arbitration(ArbitrationUpdate, held, other, by, reason)
	card.Args["outcome"] = outcome
	return append([]Message{card}, toldOfPair(held, other, by, outcome, reason)...)
}

// mergedPair is pairDecided for two projects that become one, nil when neither
// was held by the other.
func mergedPair(x, y Project, by, reason string) []Message {
	if y.HeldBy == x.ID {
		x, y = y, x
	}
	if x.HeldBy != y.ID {
		return nil
	}
	return pairDecided(x, y, by, "merge", reason)
}

// ArbitrationKey is the key of the card about a pair: there is one, whichever
// of the two is held.
func ArbitrationKey(a, b string) string {
	if Older(b, a) < 0 {
		a, b = b, a
	}
	return "arbitration/" + a + "/" + b
}

func arbitration(kind MessageKind, held, other Project, by, reason string) Message {
	m := Message{
		Key: ArbitrationKey(held.ID, other.ID), Kind: kind, BodyID: held.ReporterBody,
		Args: map[string]string{"project": held.ID, "other": other.ID, "by": by, "reason": reason},
	}
	if kind == ArbitrationUpdate {
		m.EditOf, m.Key = m.Key, m.Key+"/"+strconv.Itoa(held.Version+1)
	}
	return m
}

func toldOfPair(held, other Project, by, outcome, reason string) []Message {
	var out []Message
	for _, body := range []string{held.ReporterBody, other.ReporterBody} {
		out = append(out, Message{
			Key:  ArbitrationKey(held.ID, other.ID) + "/" + outcome + "/" + strconv.Itoa(held.Version+1) + "/" + body,
			Kind: PairTold, BodyID: body,
			Args: map[string]string{"project": held.ID, "other": other.ID, "by": by, "reason": reason, "outcome": outcome},
		})
	}
	return out
}
