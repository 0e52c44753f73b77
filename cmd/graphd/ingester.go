package main

import (
	"context"
	"sync"

	"graphd/graph"
	"graphd/graph/model"
	"graphd/internal/ingest"
	"graphd/internal/linker"
	"graphd/internal/store"
)

// ingester takes reports in for graph. Its registers are read when the first one
// comes.
type ingester struct {
	store  store.Store
	linker func() (*linker.Linker, error)
	feed   ingest.Feed
	// serving ends when the program is to stop: then nobody watches on.
	serving context.Context
}

func newIngester(serving context.Context, s store.Store) *ingester {
	return &ingester{store: s, linker: sync.OnceValues(loadLinker), serving: serving}
}

func (i *ingester) Ingest(ctx context.Context, documents []graph.Document) (*model.IngestPayload, error) {
	l, err := i.linker()
	if err != nil {
		return nil, err
	}
	sent := make([]ingest.Document, len(documents))
	for n, d := range documents {
		sent[n] = ingest.Document(d)
	}
	sum, reportIDs, err := ingest.Documents(ctx, ingest.Config{Store: i.store, Linker: l, Progress: i.feed.Tell}, sent)
	if err != nil {
		return nil, err
	}
	p := &model.IngestPayload{Stored: sum.Stored, Unchanged: sum.Unchanged, Failed: sum.Failed, Mentions: sum.Mentions, ReportIDs: reportIDs}
	for _, f := range sum.Errors {
		p.Errors = append(p.Errors, &model.IngestFailure{Path: f.Path, Code: string(f.Code), Message: f.Message})
	}
	return p, nil
}

func (i *ingester) Remove(ctx context.Context, reportID string) (bool, error) {
	n, err := i.store.Remove(ctx, []string{reportID})
	return n > 0, err
}

func (i *ingester) Watch(ctx context.Context) (<-chan *model.IngestProgress, bool) {
	ctx, stop := context.WithCancel(ctx)
	unhook := context.AfterFunc(i.serving, stop)
	told, ok := i.feed.Watch(ctx)
	if !ok {
		unhook()
		stop()
		return nil, false
	}
	shown := make(chan *model.IngestProgress)
	go func() {
		defer close(shown)
		defer stop()
		defer unhook()
		for p := range told {
			progress := &model.IngestProgress{Read: p.Done, Stored: p.Stored, Unchanged: p.Unchanged, Failed: p.Failed, Total: p.Total}
			if p.Current != "" {
				progress.Current = &p.Current
			}
			select {
			case shown <- progress:
			case <-ctx.Done():
				return
			}
		}
	}()
	return shown, true
}
