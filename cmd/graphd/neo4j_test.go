package main

import (
	"path/filepath"
	"strings"
	"testing"

	"graphd/internal/store/neo4jtest"
)

// The command line says the same of both stores, and of a server that refuses
// the user one line.
func TestIngestIntoNeo4j(t *testing.T) {
	cfg := neo4jtest.Server(t)
	t.Setenv("NEO4J_USERNAME", cfg.Username)
	t.Setenv("NEO4J_PASSWORD", cfg.Password)
	t.Setenv("NEO4J_DATABASE", cfg.Database)
	ingest := func(store string) (int, string, string) {
		var stdout, stderr strings.Builder
		code := run(t.Context(), []string{"ingest", "--json", "--store", store, "../../samples/yangshe-2023.txt", "../../samples/zhonghe-2023.html"},
			strings.NewReader(""), &stdout, &stderr)
		return code, stdout.String(), stderr.String()
	}
	sqlite := "sqlite:" + filepath.Join(t.TempDir(), "g.db")
	for _, want := range []string{`"stored":2,"unchanged":0,`, `"stored":0,"unchanged":2,`} {
		code, out, errs := ingest(cfg.URI)
		if code != 0 || !strings.Contains(out, want) || errs != "" {
			t.Errorf("exit %d, %s%s, want %s", code, out, errs, want)
		}
		if _, other, _ := ingest(sqlite); other != out {
			t.Errorf("into Neo4j: %sinto SQLite: %s", out, other)
		}
	}
	t.Setenv("NEO4J_PASSWORD", cfg.Password+"x")
	code, out, errs := ingest(cfg.URI)
	if code != exitStore || out != "" || strings.Count(errs, "\n") != 1 || !strings.HasPrefix(errs, "graphd: STORE_UNAUTHORIZED: ") || strings.Contains(errs, cfg.Password) {
		t.Errorf("with a wrong password: exit %d, %s%s", code, out, errs)
	}
}
