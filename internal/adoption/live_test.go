package adoption_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"graphd/internal/adoption"
	"graphd/internal/store"
)

// source counts how often it is read.
type source struct {
	revision  atomic.Int64
	loads     atomic.Int64
	fail      atomic.Pointer[error]
	hold      chan struct{} // Postings waits for it if not nil
	revisions atomic.Int64
	since     atomic.Int64 // the revision asked from last
}

func (s *source) Revision(context.Context) (int64, error) {
	s.revisions.Add(1)
	if err := s.fail.Load(); err != nil {
		return 0, *err
	}
	return s.revision.Load(), nil
}

func (s *source) PostingsSince(ctx context.Context, since store.Mark) (*store.Delta, error) {
	s.loads.Add(1)
	s.since.Store(since.Revision)
	if s.hold != nil {
		select {
		case <-s.hold:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return &store.Delta{Postings: store.Postings{Mark: store.Mark{Epoch: 1, Revision: s.revision.Load()}}, Whole: since.Epoch == 0}, nil
}

func TestLiveFollowsTheStore(t *testing.T) {
	ctx, src := t.Context(), &source{}
	live := adoption.NewLive(src)
	var before int64
	for _, revision := range []int64{0, 0, 3, 3, 2} {
		src.revision.Store(revision)
		x, err := live.Current(ctx)
		if err != nil || x.Revision() != revision {
			t.Fatalf("revision %d: %v, %v", revision, x, err)
		}
		if since := src.since.Load(); revision != before && since != before {
			t.Errorf("from %d to %d it asked what changed since %d", before, revision, since)
		}
		before = revision
	}
	if n := src.loads.Load(); n != 3 {
		t.Errorf("%d loads for 3 revisions", n)
	}
	down := errors.New("store is down")
	src.fail.Store(&down)
	if x, err := live.Current(ctx); x != nil || !errors.Is(err, down) {
		t.Errorf("an index that may be stale instead of the error: %v, %v", x, err)
	}
}

func TestLiveLoadsOnce(t *testing.T) {
	src := &source{hold: make(chan struct{})}
	live := adoption.NewLive(src)
	const callers = 20
	var wg sync.WaitGroup
	for range callers {
		wg.Go(func() {
			if _, err := live.Current(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	// A caller that gives up does not disturb the others.
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := live.Current(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled caller got %v", err)
	}
	for src.revisions.Load() < callers+1 { // until all have seen that they must wait
		runtime.Gosched()
	}
	close(src.hold)
	wg.Wait()
	if n := src.loads.Load(); n > 2 { // the cancelled caller may have been the first to load
		t.Errorf("%d loads of one revision", n)
	}
}
