package neo4jstore_test

import (
	"context"
	"testing"

	"graphd/internal/store"
	"graphd/internal/store/neo4jstore"
	"graphd/internal/store/neo4jtest"
	"graphd/internal/store/storetest"
)

// open opens the store of a server that a test holds.
func open(t *testing.T, cfg neo4jtest.Config) *neo4jstore.Store {
	t.Helper()
	ctx := context.Background()
	s, err := neo4jstore.Open(ctx, cfg.URI, neo4jstore.Auth{Username: cfg.Username, Password: cfg.Password, Database: cfg.Database})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestPromises(t *testing.T) {
	cfg := neo4jtest.Server(t)
	s := open(t, cfg)
	storetest.Run(t, func(t *testing.T) store.Store {
		cfg.Empty(t)
		return s
	})
}
