package ingest

import (
	"context"
	"sync"
)

// Feed passes the progress of runs on to whoever watches. The zero value is
// ready; it is safe for concurrent use.
type Feed struct {
	mu       sync.Mutex
	watchers map[chan Progress]struct{}
}

// MaxWatchers is how many may watch a feed at once. It is a backstop: the streams
// that a server lets run hold fewer.
const MaxWatchers = 512

// Tell passes progress on. It never waits: a watcher that has not taken the last
// one gets this one in its place.
func (f *Feed) Tell(p Progress) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for w := range f.watchers {
		select {
		case <-w:
		default:
		}
		w <- p
	}
}

// Watch gives the progress told from now on until ctx is done, when the channel
// is closed. ok is false where too many watch already.
func (f *Feed) Watch(ctx context.Context) (progress <-chan Progress, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.watchers) == MaxWatchers {
		return nil, false
	}
	w := make(chan Progress, 1)
	if f.watchers == nil {
		f.watchers = map[chan Progress]struct{}{}
	}
	f.watchers[w] = struct{}{}
	context.AfterFunc(ctx, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.watchers, w)
		close(w)
	})
	return w, true
}
