package adoption

import (
	"context"
	"sync/atomic"

	"graphd/internal/store"
)

// Source is the part of a store that an index is built from.
type Source interface {
	Revision(ctx context.Context) (int64, error)
	PostingsSince(ctx context.Context, since store.Mark) (*store.Delta, error)
}

// Live is the index of a store that others write to. It is safe for concurrent
// use.
type Live struct {
	src Source
	// current is nil until the first call.
	current atomic.Pointer[Index]
	// loading holds one token: whoever has it may load.
	loading chan struct{}
}

// NewLive returns the live index of a store; nothing is read before the first
// call of Current.
func NewLive(src Source) *Live { return &Live{src: src, loading: make(chan struct{}, 1)} }

// Current returns the index as of the store's present revision, reading what
// changed if that moved; callers that come meanwhile wait for the one that loads. An
// error of the store, or of ctx, is returned, never an index that may be stale.
func (l *Live) Current(ctx context.Context) (*Index, error) {
	if x, ok, err := l.fresh(ctx); ok || err != nil {
		return x, err
	}
	select {
	case l.loading <- struct{}{}:
		defer func() { <-l.loading }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	// Another caller may have loaded it.
	if x, ok, err := l.fresh(ctx); ok || err != nil {
		return x, err
	}
	last := l.current.Load()
	if last == nil {
		last = &Index{}
	}
	changed, err := l.src.PostingsSince(ctx, last.mark)
	if err != nil {
		return nil, err
	}
	x := last.Update(changed)
	l.current.Store(x)
	return x, nil
}

// Last returns the index last made, which may be stale; nil before the first call
// of Current. It asks nothing of the store.
func (l *Live) Last() *Index { return l.current.Load() }

// fresh is the index at hand; ok tells whether it shows the store's present
// revision. With an error x is nil.
func (l *Live) fresh(ctx context.Context) (x *Index, ok bool, err error) {
	revision, err := l.src.Revision(ctx)
	if err != nil {
		return nil, false, err
	}
	x = l.current.Load()
	return x, x != nil && x.mark.Revision == revision, nil
}
