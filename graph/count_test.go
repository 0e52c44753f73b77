package graph_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"graphd/graph"
	"graphd/internal/kg"
	"graphd/internal/store"
)

// counting counts the questions to a store, by what they ask.
type counting struct {
	graph.Reader
	mu    sync.Mutex
	calls map[string]int
}

func (c *counting) count(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls[name]++
}

func (c *counting) total() int {
	n := 0
	for _, k := range c.calls {
		n += k
	}
	return n
}

func (c *counting) Reports(ctx context.Context, ids []string, full bool) ([]kg.Report, error) {
	c.count("Reports")
	return c.Reader.Reports(ctx, ids, full)
}

func (c *counting) Mentions(ctx context.Context, q store.MentionQuery) ([]store.Evidence, error) {
	c.count("Mentions")
	return c.Reader.Mentions(ctx, q)
}

func (c *counting) Page(ctx context.Context, q store.PageQuery) (store.Page, error) {
	c.count("Page")
	return c.Reader.Page(ctx, q)
}

func (c *counting) Decisions(ctx context.Context) ([]kg.Decision, error) {
	c.count("Decisions")
	return c.Reader.Decisions(ctx)
}

func (c *counting) Sharing(ctx context.Context, fingerprints []uint64, limit int) (map[uint64]store.Holders, error) {
	c.count("Sharing")
	return c.Reader.Sharing(ctx, fingerprints, limit)
}

func (c *counting) Search(ctx context.Context, q store.SearchQuery) (store.SearchPage, error) {
	c.count("Search")
	return c.Reader.Search(ctx, q)
}

// TestOneQuestionAField counts what queries that fan out ask the store: for
// each field at most one question, however many objects have it. A field that
// is not looked up asks none.
func TestOneQuestionAField(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { oneQuestionAField(t, openSQLite(t)) })
	t.Run("neo4j", func(t *testing.T) { oneQuestionAField(t, openNeo4j(t)) })
}

func oneQuestionAField(t *testing.T, s store.Store) {
	ingestSamples(t, s)
	evidence := `evidence { quote report { title issuer { name } } }`
	for _, tc := range []struct {
		name, query string
		want        map[string]int
	}{
		{
			"a page of reports", `{ reports(first: $N) { edges { node {
				title
				issuer { name parent { name parent { name } } ancestors { name } }
				practices(first: 100) { edges { status node { name variantOf { name } } ` + evidence + ` } }
				laws(first: 100) { edges { inForce node { title issuer { name } } evidence { quote } } }
				jurisdictions(first: 100) { edges { node { name } } }
				metrics(first: 100) { edges { node { value indicator { name } report { title } parent { label } evidence { quote } } } }
				text passages { text }
			} } } }`,
			// reports, Evidence.report, Metric.report, text with passages;
			// evidence of practices and of laws, metrics and their parents.
			map[string]int{"Page": 1, "Reports": 4, "Mentions": 4},
		},
		{
			"relations of entities", `{ practices(first: $N) { edges { node {
				name
				reports(first: 5) { edges { status node { title issuer { name } } evidence { quote } } }
				adopters(first: 5) { edges { node { jurisdiction { fullName } evidence { quote } } } }
				spread { timeline { newAdopters { evidence { quote } } } firstAdopters { evidence { quote report { year } } } }
			} } } }`,
			// Practice.reports, Evidence.report; four times evidence.
			map[string]int{"Page": 1, "Reports": 2, "Mentions": 4},
		},
		{
			"relations filtered by what only the store knows", `{ laws(first: $N) { edges { node {
				citations(where: { title: { contains: "2023" } }, first: 3) { totalCount edges { articles node { title } } }
			} } } }`,
			map[string]int{"Page": 1, "Reports": 1, "Mentions": 1},
		},
		{
			"places", `{ jurisdictions(first: $N) { edges { node {
				children { edges { node { name children { totalCount } } } }
				reports { edges { node { title mentions(first: 2) { edges { node { entity { id } report { year } } } } } } }
				practices { edges { node { practice { name } } } }
			} } } }`,
			// Jurisdiction.reports, Mention.report; mentions.
			map[string]int{"Page": 1, "Reports": 2, "Mentions": 1},
		},
		{
			"figures of indicators", `{ indicators(first: $N) { edges { node { metrics(first: 3) { edges { node { value report { year } } } } } } } }`,
			map[string]int{"Page": 1, "Reports": 1, "Mentions": 1},
		},
		{
			"names in arguments", `{ practices(first: $N) { edges { node { reports(where: { issuer: { within: "浙江省" } }) { totalCount } adopters(within: "浙江省") { totalCount } } } } }`,
			map[string]int{"Page": 2, "Reports": 1},
		},
		{
			"hits", `{ search(text: "调解", first: $N) { totalCount edges { node { node { ... on Report { title } } evidence { report { year } } } } } }`,
			map[string]int{"Search": 1, "Reports": 2},
		},
		{
			"counts alone", `{ corpus { reportCount coverage { withReport } } practices(first: $N) { edges { node { reportCount reports(minStatus: PLANNED) { totalCount } adopters { totalCount } } } } }`,
			map[string]int{"Page": 1, "Reports": 1},
		},
	} {
		for _, n := range []string{"2", "100"} {
			counted := &counting{Reader: s, calls: map[string]int{}}
			c := config(t, s)
			c.Store = counted
			data(t, c, strings.ReplaceAll(tc.query, "$N", n), nil)
			for name, want := range tc.want {
				if got := counted.calls[name]; got > want {
					t.Errorf("%s, first %s: %s was asked %d times, want at most %d", tc.name, n, name, got, want)
				}
			}
			total := 0
			for _, want := range tc.want {
				total += want
			}
			if counted.total() > total || counted.total() == 0 {
				t.Errorf("%s, first %s: %v, want %v", tc.name, n, counted.calls, tc.want)
			}
		}
	}
}
