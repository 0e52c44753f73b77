package main

import (
	"context"
	"path/filepath"
	"testing"

	"graphd/bench/corpus"
	"graphd/internal/adoption"
	"graphd/internal/kg"
	"graphd/internal/store"
	"graphd/internal/store/neo4jstore"
	"graphd/internal/store/neo4jtest"
	"graphd/internal/store/sqlitestore"
)

// counting counts the answers of a store that hold everything.
type counting struct {
	store.Store
	answers, whole int
}

func (c *counting) PostingsSince(ctx context.Context, since store.Mark) (*store.Delta, error) {
	d, err := c.Store.PostingsSince(ctx, since)
	if err == nil {
		c.answers++
		if d.Whole {
			c.whole++
		}
	}
	return d, err
}

func TestLiveFollowsAnotherHandleOnSQLite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.db")
	follow(t, func() (store.Store, error) { return sqlitestore.Open(t.Context(), path) })
}

func TestLiveFollowsAnotherHandleOnNeo4j(t *testing.T) {
	cfg := neo4jtest.Server(t)
	follow(t, func() (store.Store, error) {
		return neo4jstore.Open(t.Context(), cfg.URI, neo4jstore.Auth{Username: cfg.Username, Password: cfg.Password, Database: cfg.Database})
	})
}

// follow demands that an index shows what another handle of its store writes
// and removes, reading everything once only.
func follow(t *testing.T, open func() (store.Store, error)) {
	handle := func() store.Store {
		s, err := open()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Close(context.Background()); err != nil {
				t.Error(err)
			}
		})
		return s
	}
	src, other := &counting{Store: handle()}, handle()
	var reports []kg.Facts
	for f := range corpus.Generate(8, 12) {
		reports = append(reports, f)
	}
	apply := func(batch ...kg.Facts) {
		if _, err := other.Apply(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
	}
	live := adoption.NewLive(src)
	shows := func(step string, want ...kg.Facts) {
		x, err := live.Current(t.Context())
		if err != nil {
			t.Fatalf("%s: %v", step, err)
		}
		if x.ReportCount() != len(want) {
			t.Errorf("%s: %d reports, want %d", step, x.ReportCount(), len(want))
		}
		for _, f := range want {
			if _, ok := x.Report(f.Report.ID); !ok {
				t.Errorf("%s: %s is not shown", step, f.Report.ID)
			}
		}
	}
	apply(reports[:10]...)
	shows("at first", reports[:10]...)
	apply(reports[10])
	shows("after one more", reports[:11]...)
	if _, err := other.Remove(t.Context(), []string{reports[0].Report.ID}); err != nil {
		t.Fatal(err)
	}
	shows("after one less", reports[1:11]...)
	apply(reports[0], reports[11])
	shows("after it came back with another", reports...)
	if src.answers != 4 || src.whole != 1 {
		t.Errorf("%d answers, %d of everything; want 4 and 1", src.answers, src.whole)
	}
}
