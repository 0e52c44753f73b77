package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"graphd/internal/kg"
	"graphd/internal/store"
	"graphd/internal/store/neo4jstore"
	"graphd/internal/store/sqlitestore"
)

func storeFlag(cmd *cobra.Command) *string {
	return cmd.Flags().String("store", "sqlite:graphd.db",
		"the `URI` of the store: sqlite:PATH, sqlite::memory:, or neo4j://HOST:PORT (also neo4j+s, bolt, …)")
}

// openStore opens the store at uri. Errors are *kg.Error with a code STORE_….
func openStore(ctx context.Context, uri string) (store.Store, error) {
	if path, ok := strings.CutPrefix(uri, "sqlite:"); ok && path != "" {
		return sqlitestore.Open(ctx, path)
	}
	if !strings.HasPrefix(uri, "neo4j") && !strings.HasPrefix(uri, "bolt") {
		return nil, &kg.Error{Op: "open", Code: kg.CodeStoreURI, Subject: uri,
			Err: fmt.Errorf("this names no store; write sqlite:PATH or neo4j://HOST:PORT")}
	}
	return neo4jstore.Open(ctx, uri, neo4jstore.Auth{
		Username: os.Getenv("NEO4J_USERNAME"), Password: os.Getenv("NEO4J_PASSWORD"), Database: os.Getenv("NEO4J_DATABASE"),
	})
}

// inStore runs do with the store at uri and closes it. That it could not be
// closed is an error only where do had none.
func inStore(ctx context.Context, uri string, do func(store.Store) error) (err error) {
	s, err := openStore(ctx, uri)
	if err != nil {
		return err
	}
	defer func() {
		// Closing has to happen after an interruption, too.
		if closed := s.Close(context.WithoutCancel(ctx)); err == nil {
			err = closed
		}
	}()
	return do(s)
}
