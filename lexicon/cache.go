package lexicon

import (
	"sync"

	"github.com/mouhua/mouhua/reporting"
)

// Cache keeps the index of the list of bodies last asked for. It is safe for
// concurrent use.
type Cache struct {
	mu       sync.Mutex
	index    *Index
	revision int64
}

// NewCache returns an empty cache.
func NewCache() *Cache { return &Cache{} }

// Of returns the index of list, made anew when list's revision is another one.
func (c *Cache) Of(list *reporting.BodyList) *Index {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.index == nil || c.revision != list.Revision {
		c.index, c.revision = New(list), list.Revision
	}
	return c.index
}
