package graph_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"graphd/graph"
	"graphd/internal/kg"
	"graphd/internal/store"
)

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// named posts a text, or none, under a hash, and returns the answer.
func named(t *testing.T, h http.Handler, text, hash string) answer {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, post(attack{query: text}, map[string]any{"persistedQuery": map[string]any{"version": 1, "sha256Hash": hash}}))
	return decode(t, w.Body.Bytes())
}

func codeOf(a answer) any {
	if len(a.Errors) == 0 {
		return nil
	}
	return a.Errors[0].Extensions["code"]
}

// A text is asked for once, and known by its hash from then on; one that may not
// run is never kept.
func TestPersistedQueries(t *testing.T) {
	h := graph.NewHandler(config(t, openSQLite(t)))
	const text = "{ corpus { reportCount } }"
	first := named(t, h, "", hashOf(text))
	if codeOf(first) != "PERSISTED_QUERY_NOT_FOUND" || first.Errors[0].Message != "PersistedQueryNotFound" {
		t.Errorf("not yet known: %+v", first)
	}
	if got := named(t, h, text, hashOf(text)); codeOf(got) != nil {
		t.Errorf("with its text: %+v", got)
	}
	if got := named(t, h, "", strings.ToUpper(hashOf(text))); codeOf(got) != nil || got.Data["corpus"] == nil {
		t.Errorf("known: %+v", got)
	}
	costly := attacks[0].query
	if got := named(t, h, costly, hashOf(costly)); codeOf(got) != tooCostly {
		t.Errorf("too costly: %+v", got)
	}
	if got := named(t, h, "", hashOf(costly)); codeOf(got) != "PERSISTED_QUERY_NOT_FOUND" {
		t.Errorf("what was refused is kept: %+v", got)
	}
}

func TestTrustedDocuments(t *testing.T) {
	const text, other = "{ corpus { reportCount } }", "{ corpus { revision } }"
	c := config(t, openSQLite(t))
	c.Trusted = map[string]string{hashOf(text): text}
	open := graph.NewHandler(c)
	c.TrustedOnly = true
	strict := graph.NewHandler(c)
	for name, tt := range map[string]struct {
		h          http.Handler
		text, hash string
		code       any
	}{
		"by its hash":              {open, "", hashOf(text), nil},
		"another":                  {open, other, hashOf(other), nil},
		"by its hash, strict":      {strict, "", hashOf(text), nil},
		"by its text, strict":      {strict, text, hashOf(text), nil},
		"another, strict":          {strict, other, hashOf(other), "FORBIDDEN"},
		"another's hash, strict":   {strict, "", hashOf(other), "PERSISTED_QUERY_NOT_FOUND"},
		"another's text, its hash": {strict, other, hashOf(text), badInput},
	} {
		if got := codeOf(named(t, tt.h, tt.text, tt.hash)); got != tt.code {
			t.Errorf("%s: %v, want %v", name, got, tt.code)
		}
	}
	if got := decode(t, askThrough(t, strict, other, nil)); codeOf(got) != "FORBIDDEN" {
		t.Errorf("another without a hash: %+v", got)
	}
}

// A server that is closed tells nothing of its schema, by errors neither.
func TestClosed(t *testing.T) {
	c := config(t, openSQLite(t))
	const misspelt, introspection = "{ corpuss { reportCount } }", "{ __schema { queryType { name } } }"
	if got := decode(t, ask(t, c, misspelt, nil)); codeOf(got) != invalid || !strings.Contains(got.Errors[0].Message, "Did you mean") {
		t.Errorf("open: %+v", got)
	}
	c.Closed = true
	if got := decode(t, ask(t, c, misspelt, nil)); codeOf(got) != invalid || strings.Contains(got.Errors[0].Message, "Did you mean") {
		t.Errorf("closed: %+v", got)
	}
	if got := decode(t, ask(t, c, introspection, nil)); len(got.Errors) == 0 {
		t.Errorf("closed, and tells %+v", got)
	}
}

// slow is a store that answers when nobody waits any more.
type slow struct{ graph.Reader }

func (slow) Page(ctx context.Context, _ store.PageQuery) (store.Page, error) {
	<-ctx.Done()
	return store.Page{}, &kg.Error{Op: "page", Code: kg.CodeInternal, Err: ctx.Err()}
}

func TestTimeLimit(t *testing.T) {
	c := config(t, openSQLite(t))
	c.Store, c.Timeout = slow{c.Store}, time.Millisecond
	if got := decode(t, ask(t, c, "{ reports { totalCount } }", nil)); codeOf(got) != "TIMEOUT" || got.Errors[0].Extensions["requestId"] != "request-1" {
		t.Errorf("%+v", got)
	}
}
