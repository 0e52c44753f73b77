package sqlitestore

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"graphd/internal/store"
	"graphd/internal/store/storetest"
)

func open(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(context.Background(), path)
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

func TestFile(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store { return open(t, filepath.Join(t.TempDir(), "库 a?b#c%41.db")) })
}

func TestMemory(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store {
		s := open(t, memory)
		s.many = 0 // searches walk
		return s
	}, storetest.Checks(5), storetest.Questions(30))
}

// TestWalkSortsNothing: a search for a common word reads reports and passages
// in the order of hits, so it ends as soon as a page is full. (The passages of
// one report may be sorted among themselves.)
func TestWalkSortsNothing(t *testing.T) {
	s := open(t, memory)
	q, err := store.SearchQuery{Text: "依法", Limit: 1, FromYear: 2020, Within: "jurisdiction:97"}.Prepare()
	if err != nil {
		t.Fatal(err)
	}
	query := walk(q)
	plan, err := s.pool.Query(`EXPLAIN QUERY PLAN `+query.sql, query.args...)
	if err != nil {
		t.Fatal(err)
	}
	defer plan.Close()
	for plan.Next() {
		var id, parent, unused int
		var detail string
		if err := plan.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(detail, "TEMP B-TREE") && !strings.HasSuffix(detail, "FOR LAST TERM OF ORDER BY") {
			t.Error(detail)
		}
	}
	if err := plan.Err(); err != nil {
		t.Fatal(err)
	}
}
