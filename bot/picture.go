package bot

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"github.com/mouhua/mouhua/reporting"
)

// pictures are the kinds of blocks that not every workspace takes: they are
// young, and a plan or an administrator may keep them out. Whatever is drawn
// with one can be said without it.
var pictures = []slack.MessageBlockType{slack.MBTDataVisualization, slack.MBTDataTable}

// kinds is a set of kinds of blocks.
type kinds map[slack.MessageBlockType]bool

// refusedTime is how long a kind is not tried again once it was refused.
const refusedTime = time.Hour

// refusedKinds remembers the pictures that the workspace refused, for an hour and
// in this process: another replica finds out by itself.
type refusedKinds struct {
	mu sync.Mutex
	at map[slack.MessageBlockType]time.Time
}

// now returns what was refused within the hour.
func (r *refusedKinds) now(now time.Time) kinds {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := kinds{}
	for kind, at := range r.at {
		if now.Sub(at).Abs() < refusedTime {
			out[kind] = true
		}
	}
	return out
}

func (r *refusedKinds) note(refused kinds, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.at == nil {
		r.at = map[slack.MessageBlockType]time.Time{}
	}
	for kind := range refused {
		r.at[kind] = now
	}
}

// pictures are the kinds of pictures that m is drawn with.
func (m *message) pictures() kinds {
	out := kinds{}
	for _, block := range m.Blocks {
		if slices.Contains(pictures, block.BlockType()) {
			out[block.BlockType()] = true
		}
	}
	return out
}

// posted lets post bring m to where it goes. What Slack refuses for its blocks
// was not shown, so the same is posted again without the pictures, in words. Once
// that went through it is known that the pictures were refused, and they are not
// drawn for an hour. Every way out for a drawn Reply leads through here, but for
// the acknowledgement, whose refusal nobody would hear of.
func (b *Bot) posted(m *message, post func(*message) error) error {
	err, refused, reason := post(m), kinds{}, ""
	var details []string
	for refusesBlocks(err) && len(m.pictures()) > 0 {
		reason, details = codeOf(err), detailsOf(err)
		maps.Copy(refused, m.blamed(details))
		plainer := m.redraw(refused)
		plainer.broadcast, plainer.thread = m.broadcast, m.thread
		m = plainer
		err = post(m)
	}
	if len(refused) == 0 || err != nil || !strings.HasPrefix(reason, "invalid_") && !strings.Contains(reason, "unsupported") {
		return err // what was too long is no reason to draw nothing for an hour
	}
	b.refused.note(refused, b.cfg.Now())
	b.log.Warn("pictures refused, saying it in words for an hour",
		"blocks", slices.Sorted(maps.Keys(refused)), "reason", reason, "details", details)
	return nil
}

// refusesBlocks reports whether err is a refusal that may be due to blocks, and
// not to where they go. Nothing was posted then.
func refusesBlocks(err error) bool {
	class, _ := classify(err)
	code := codeOf(err)
	return class == reporting.OurBug || strings.Contains(code, "block") || code == "invalid_payload" || code == "http_400"
}

// blockPointer is where Slack says what is wrong, as [json-pointer:/blocks/2/type].
var blockPointer = regexp.MustCompile(`json-pointer:/blocks/(\d+)`)

// blamed are the pictures of m that a refusal's details point at, all of them
// when it points at none.
func (m *message) blamed(details []string) kinds {
	all, out := m.pictures(), kinds{}
	for _, found := range blockPointer.FindAllStringSubmatch(strings.Join(details, " "), -1) {
		if i, err := strconv.Atoi(found[1]); err == nil && i < len(m.Blocks) && all[m.Blocks[i].BlockType()] {
			out[m.Blocks[i].BlockType()] = true
		}
	}
	if len(out) == 0 {
		return all
	}
	return out
}
