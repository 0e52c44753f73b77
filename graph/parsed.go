package graph

import (
	"context"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// parsed keeps the parsed queries that were asked for last. What one takes in
// memory goes with the length of its text, at up to some hundred bytes for each
// byte, so that all texts together are bounded, and not their number alone.
type parsed struct {
	mu   sync.Mutex
	most int
	// bytes is the length of the texts that are kept.
	bytes int
	kept  *lru.Cache[string, *ast.QueryDocument]
}

var _ graphql.Cache[*ast.QueryDocument] = (*parsed)(nil)

// newParsed keeps texts of so many bytes in all.
func newParsed(bytes int) *parsed {
	p := &parsed{most: bytes}
	kept, err := lru.NewWithEvict(bytes, func(text string, _ *ast.QueryDocument) { p.bytes -= len(text) })
	if err != nil {
		panic(err) // only for a size below 1
	}
	p.kept = kept
	return p
}

// Get finds a parsed query by its text.
func (p *parsed) Get(_ context.Context, text string) (*ast.QueryDocument, bool) {
	return p.kept.Get(text)
}

// Add keeps a parsed query in place of those not asked for longest.
func (p *parsed) Add(_ context.Context, text string, doc *ast.QueryDocument) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(text) > p.most || p.kept.Contains(text) {
		return
	}
	p.bytes += len(text)
	p.kept.Add(text, doc)
	for p.bytes > p.most {
		p.kept.RemoveOldest()
	}
}
