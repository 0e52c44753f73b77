package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"graphd/graph"
	"graphd/graph/model"
	"graphd/internal/admission"
	"graphd/internal/adoption"
	"graphd/internal/ingest"
	"graphd/internal/kg"
	"graphd/internal/linker"
	"graphd/internal/linker/registry"
	"graphd/internal/store"
	"graphd/internal/store/neo4jstore"
	"graphd/internal/store/neo4jtest"
	"graphd/internal/store/sqlitestore"
)

var loadRegistry = sync.OnceValues(registry.Load)

// openSQLite returns an empty store, which t closes.
func openSQLite(t testing.TB) store.Store {
	t.Helper()
	s, err := sqlitestore.Open(context.Background(), filepath.Join(t.TempDir(), "graph.db"))
	return closed(t, s, err)
}

// openNeo4j returns an empty store on the tests' server, which t closes.
func openNeo4j(t *testing.T) store.Store {
	t.Helper()
	cfg := neo4jtest.Server(t)
	cfg.Empty(t)
	s, err := neo4jstore.Open(context.Background(), cfg.URI, neo4jstore.Auth{Username: cfg.Username, Password: cfg.Password, Database: cfg.Database})
	return closed(t, s, err)
}

// closed lets t close a store that was opened, if it was.
func closed(t testing.TB, s store.Store, err error) store.Store {
	t.Helper()
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

// ingestSamples reads the project's samples into s, at a time of its own.
func ingestSamples(t testing.TB, s store.Store) {
	t.Helper()
	reg, err := loadRegistry()
	if err != nil {
		t.Fatal(err)
	}
	sum, err := ingest.Run(context.Background(), ingest.Config{
		Store: s, Linker: linker.New(reg), Paths: []string{filepath.Join("..", "samples")},
		Now: func() time.Time { return time.Date(2024, 6, 1, 0, 0, 0, 0, time.UTC) },
	})
	if err != nil || sum.Failed > 0 || sum.Stored == 0 {
		t.Fatalf("ingesting the samples: %+v, %v", sum, err)
	}
}

// apply stores composed facts.
func apply(t testing.TB, s store.Store, facts ...kg.Facts) {
	t.Helper()
	if _, err := s.Apply(context.Background(), facts); err != nil {
		t.Fatal(err)
	}
}

// extractor is one whose figures no measurement changes.
var extractor = &model.Extractor{
	Version: "test",
	Measured: map[model.QualitySet][]*model.Quality{
		model.QualitySetHeldBack:    {{Kind: "law", Precision: 0.75, Recall: 0.5, F1: 0.6, F1Low: 0.4, F1High: 0.7, Items: 30}},
		model.QualitySetDevelopment: {{Kind: "law", Precision: 1, Recall: 1, F1: 1, F1Low: 1, F1High: 1, Items: 40}},
	},
}

// generous are limits for tests, which ask for more at once than clients may.
var generous = func() admission.Limits {
	l := admission.Default
	l.Cost = 10_000_000
	return l
}()

// config is what a handler over s is made of, with answers that no test run
// changes.
func config(t testing.TB, s store.Store) graph.Config {
	t.Helper()
	reg, err := loadRegistry()
	if err != nil {
		t.Fatal(err)
	}
	return graph.Config{
		Store: s, Index: adoption.NewLive(s), Extractor: extractor,
		Registered: func(within string, level kg.Level) int {
			n := 0
			for d := range reg.Divisions.All() {
				if (level == "" || d.Level == level) && (within == "" || kg.Within(d.ID(), within)) {
					n++
				}
			}
			return n
		},
		Logger:    slog.New(slog.NewTextHandler(testLog{t}, nil)),
		Limits:    &generous,
		RequestID: func(context.Context) string { return "request-1" },
	}
}

// ask posts a query and returns the body of the answer.
func ask(t testing.TB, c graph.Config, query string, variables map[string]any) []byte {
	t.Helper()
	return askThrough(t, graph.NewHandler(c), query, variables)
}

func askThrough(t testing.TB, h http.Handler, query string, variables map[string]any) []byte {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Body.Bytes()
}

func mustJSON(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

type location struct{ Line, Column int }

// answer is a decoded body.
type answer struct {
	Data   map[string]any `json:"data"`
	Errors []struct {
		Message    string         `json:"message"`
		Path       []any          `json:"path"`
		Locations  []location     `json:"locations"`
		Extensions map[string]any `json:"extensions"`
	} `json:"errors"`
	Extensions map[string]any `json:"extensions"`
}

func decode(t testing.TB, body []byte) answer {
	t.Helper()
	var a answer
	if err := json.Unmarshal(body, &a); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return a
}

// data asks and demands an answer without errors.
func data(t testing.TB, c graph.Config, query string, variables map[string]any) map[string]any {
	t.Helper()
	a := decode(t, ask(t, c, query, variables))
	if len(a.Errors) > 0 {
		t.Fatalf("%s: %+v", query, a.Errors)
	}
	return a.Data
}

// at walks into an answer: names of fields and indices of lists.
func at(t testing.TB, v any, path ...any) any {
	t.Helper()
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, ok := v.(map[string]any)
			if !ok {
				t.Fatalf("no object has %q of %v: %v", p, path, v)
			}
			v = m[p]
		case int:
			l, ok := v.([]any)
			if !ok || p >= len(l) {
				t.Fatalf("no list has %d of %v: %v", p, path, v)
			}
			v = l[p]
		}
	}
	return v
}

// pluck walks from each edge of a connection.
func pluck(t testing.TB, connection any, path ...any) []any {
	t.Helper()
	var list []any
	for _, e := range at(t, connection, "edges").([]any) {
		list = append(list, at(t, e, path...))
	}
	return list
}

// codes are the codes of an answer's errors, by their path.
func codes(a answer) map[string]any {
	found := map[string]any{}
	for _, e := range a.Errors {
		var path []string
		for _, p := range e.Path {
			encoded, _ := json.Marshal(p)
			path = append(path, strings.Trim(string(encoded), `"`))
		}
		found[strings.Join(path, ".")] = e.Extensions["code"]
	}
	return found
}

// testLog writes to the log of a test.
type testLog struct{ testing.TB }

func (l testLog) Write(p []byte) (int, error) {
	l.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}
