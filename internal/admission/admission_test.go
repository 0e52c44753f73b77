package admission_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"pgregory.net/rapid"

	"graphd/internal/admission"
)

// The schema is composed: a tree of nodes with a page, a list, a dear object and
// a dear value.
var schema = gqlparser.MustLoadSchema(&ast.Source{Input: `
	directive @listSize(assumedSize: Int, slicingArguments: [String!]) on FIELD_DEFINITION
	directive @cost(weight: Int!) on FIELD_DEFINITION
	type Query { root: Node named(ids: [ID!]!): [Node]! @listSize(slicingArguments: ["ids"]) }
	type Node {
		name: String!
		text: String! @cost(weight: 7)
		child: Node
		dear: Node @cost(weight: 5)
		few: [Node!]! @listSize(assumedSize: 3)
		some: [Node!]!
		page(first: Int, last: Int): NodeConnection!
	}
	type NodeConnection { totalCount: Int! edges: [NodeEdge!]! pageInfo: PageInfo! }
	type NodeEdge { cursor: String! node: Node! }
	type PageInfo { endCursor: String }
`})

// drawn is a selection set in two forms, with what it asks for.
type drawn struct {
	// spread uses fragments, which are in fragments; inlined has their text in
	// their places.
	spread, inlined string
	cost            int
}

// generator draws selections on a Node and keeps the fragments.
type generator struct {
	t         *rapid.T
	fragments []string
	known     []drawn // what each fragment holds
}

func (g *generator) set(depth int) drawn {
	var d drawn
	for range rapid.IntRange(1, 3).Draw(g.t, "selections") {
		s := g.selection(depth)
		d.spread, d.inlined, d.cost = d.spread+" "+s.spread, d.inlined+" "+s.inlined, d.cost+s.cost
	}
	return d
}

func (g *generator) selection(depth int) drawn {
	kinds := 2
	if depth > 0 {
		kinds = 9
	}
	below := func(field string, own, size int) drawn {
		b := g.set(depth - 1)
		return drawn{field + " {" + b.spread + "}", field + " {" + b.inlined + "}", size * (own + b.cost)}
	}
	switch rapid.IntRange(0, kinds-1).Draw(g.t, "kind") {
	case 0:
		return drawn{"name", "name", 0}
	case 1:
		return drawn{"text", "text", 7}
	case 2:
		return below("child", 1, 1)
	case 3:
		return below("dear", 5, 1)
	case 4:
		return below("few", 1, 3)
	case 5:
		return below("some", 1, 10)
	case 6:
		n := rapid.IntRange(1, 100).Draw(g.t, "first")
		b := g.set(depth - 1)
		open := fmt.Sprintf("page(first: %d) { totalCount pageInfo { endCursor } edges { cursor node {", n)
		// The page, its information, and of every item the edge and the node.
		return drawn{open + b.spread + "} } }", open + b.inlined + "} } }", 2 + n*(2+b.cost)}
	case 7:
		b := g.set(depth - 1)
		return drawn{"... on Node {" + b.spread + "}", "... on Node {" + b.inlined + "}", b.cost}
	}
	if len(g.known) > 0 && rapid.Bool().Draw(g.t, "again") {
		i := rapid.IntRange(0, len(g.known)-1).Draw(g.t, "which")
		return drawn{fmt.Sprintf("...f%d", i), g.known[i].inlined, g.known[i].cost}
	}
	b := g.set(depth - 1)
	name := len(g.known)
	g.known = append(g.known, b)
	g.fragments = append(g.fragments, fmt.Sprintf("fragment f%d on Node {%s}", name, b.spread))
	return drawn{fmt.Sprintf("...f%d", name), b.inlined, b.cost}
}

// wide are limits that nothing drawn exceeds.
var wide = admission.Limits{
	Bytes: 1 << 30, Tokens: 1 << 30, String: 1 << 20, Nesting: 1000, Depth: 1000, Fields: 1 << 30, Aliases: 1 << 20, Directives: 1 << 20,
	Repeats: 1 << 30, Paths: 1 << 30, Definitions: 1 << 20, Spreads: 1 << 20, Variables: 1 << 20, VariableDepth: 1000, Cost: 1 << 31,
}

// A query costs what its answer can hold, whether it is written with fragments
// or without them; a fragment is looked at once, however often it is spread.
func TestCostIsWhatTheAnswerCanHold(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		g := &generator{t: rt}
		d := g.set(rapid.IntRange(0, 4).Draw(rt, "depth"))
		spread := "{ root {" + d.spread + "} } " + strings.Join(g.fragments, " ")
		inlined := "{ root {" + d.inlined + "} }"
		want := 1 + d.cost
		a, err := wide.Check(schema, admission.Request{Query: spread})
		if err != nil || a.Cost != want {
			rt.Fatalf("%s: cost %d, want %d (%v)", spread, a.Cost, want, err)
		}
		b, err := wide.Check(schema, admission.Request{Query: inlined})
		if err != nil || b.Cost != want {
			rt.Fatalf("%s: cost %d, want %d (%v)", inlined, b.Cost, want, err)
		}
		if written := strings.Count(spread, "\n") + a.Tokens; a.Visited > written {
			rt.Fatalf("%d selections visited of %d tokens", a.Visited, written)
		}
	})
}

func TestSizes(t *testing.T) {
	for _, tt := range []struct {
		query     string
		variables map[string]any
		cost      int
	}{
		{"{ root { page { edges { node { name } } } } }", nil, 1 + 1 + 20*2},
		{"{ root { page(last: 3) { edges { node { name } } } } }", nil, 1 + 1 + 3*2},
		{"query ($n: Int = 4) { root { page(first: $n) { edges { node { name } } } } }", nil, 1 + 1 + 4*2},
		{"query ($n: Int = 4) { root { page(first: $n) { edges { node { name } } } } }", map[string]any{"n": json.Number("6")}, 1 + 1 + 6*2},
		{"query ($n: Int) { root { page(first: $n) { edges { node { name } } } } }", map[string]any{"n": nil}, 1 + 1 + 20*2},
		// What a variable may hold in place of a number or a list.
		{"query ($n: Int) { root { page(first: $n) { edges { node { name } } } } }", map[string]any{"n": "100"}, 1 + 1 + 100*2},
		{"query ($ids: [ID!]!) { named(ids: $ids) { name } }", map[string]any{"ids": "a"}, 1},
		{`{ named(ids: "a") { name } }`, nil, 1},
		{"{ root { page(first: null) { edges { node { name } } } } }", nil, 1 + 1 + 20*2},
		{`{ named(ids: ["a", "b", "c"]) { name } }`, nil, 3},
		{"query ($ids: [ID!]!) { named(ids: $ids) { name } }", map[string]any{"ids": []any{"a", "b"}}, 2},
		{"{ __typename }", nil, 0},
		{"query a { root { name } } query b { root { child { name } } }", nil, 0},
	} {
		got, err := wide.Check(schema, admission.Request{Query: tt.query, Variables: tt.variables})
		if err != nil || got.Cost != tt.cost {
			t.Errorf("%s %v: cost %d, want %d (%v)", tt.query, tt.variables, got.Cost, tt.cost, err)
		}
	}
}

// Each limit admits what keeps it, and refuses one more.
func TestEachLimit(t *testing.T) {
	for name, tt := range map[string]struct {
		set   func(l *admission.Limits, n int)
		query string
		vars  map[string]any
		uses  int
	}{
		"bytes":         {func(l *admission.Limits, n int) { l.Bytes = n }, "{ root { name } }", nil, 17},
		"tokens":        {func(l *admission.Limits, n int) { l.Tokens = n }, "{ root { name } }", nil, 7},
		"string":        {func(l *admission.Limits, n int) { l.String = n }, `{ named(ids: "abc") { name } }`, nil, 3},
		"nesting":       {func(l *admission.Limits, n int) { l.Nesting = n }, "{ root { name } }", nil, 2},
		"depth":         {func(l *admission.Limits, n int) { l.Depth = n }, "{ ...f } fragment f on Query { root { child { name } } }", nil, 3},
		"fields":        {func(l *admission.Limits, n int) { l.Fields = n }, "{ ...f ...f } fragment f on Query { root { name } }", nil, 4},
		"aliases":       {func(l *admission.Limits, n int) { l.Aliases = n }, "{ a: root { b: name } }", nil, 2},
		"directives":    {func(l *admission.Limits, n int) { l.Directives = n }, "{ root @skip(if: false) { name } }", nil, 1},
		"repeats":       {func(l *admission.Limits, n int) { l.Repeats = n }, "{ ...f root { name } } fragment f on Query { root { name } }", nil, 2},
		"paths":         {func(l *admission.Limits, n int) { l.Paths = n }, "{ ...f root { name name } } fragment f on Query { root { name } }", nil, 3},
		"definitions":   {func(l *admission.Limits, n int) { l.Definitions = n }, "{ ...f } fragment f on Query { root { name } }", nil, 2},
		"spreads":       {func(l *admission.Limits, n int) { l.Spreads = n }, "{ ...f ...f } fragment f on Query { root { name } }", nil, 2},
		"variables":     {func(l *admission.Limits, n int) { l.Variables = n }, "{ root { name } }", map[string]any{"a": []any{1, 2}}, 3},
		"variableDepth": {func(l *admission.Limits, n int) { l.VariableDepth = n }, "{ root { name } }", map[string]any{"a": []any{[]any{1}}}, 3},
		"cost":          {func(l *admission.Limits, n int) { l.Cost = n }, "{ root { few { name } } }", nil, 4},
	} {
		l := wide
		r := admission.Request{Query: tt.query, Variables: tt.vars}
		tt.set(&l, tt.uses)
		if _, err := l.Check(schema, r); err != nil {
			t.Errorf("%s: %d are allowed, and used, and refused: %v", name, tt.uses, err)
		}
		tt.set(&l, tt.uses-1)
		var refusal *admission.Refusal
		if _, err := l.Check(schema, r); !errors.As(err, &refusal) || refusal.Limit != name {
			t.Errorf("%s: more than allowed gives %v", name, err)
		}
	}
}

func FuzzCheck(f *testing.F) {
	for _, seed := range []string{
		"{ root { name } }", "query a($n: Int = 3) { root { page(first: $n) { edges { node { ...f } } } } } fragment f on Node { few { name } }",
		"{ ...f } fragment f on Query { ...f }", "{{{{", `{ named(ids: ["a", """b"""]) { __typename } }`, "mutation { a } subscription { b }", "# c\n{ a @b(c: {d: [1, 2.5, null, E]}) }",
	} {
		f.Add(seed, `{"n": 3, "a": [[1], {"b": null}]}`)
	}
	f.Fuzz(func(t *testing.T, query, variables string) {
		var given map[string]any
		_ = json.Unmarshal([]byte(variables), &given) // what is no JSON stands for none
		tally, err := admission.Default.Check(schema, admission.Request{Query: query, Variables: given})
		var refusal *admission.Refusal
		if err != nil && (!errors.As(err, &refusal) || len(refusal.Message) > 1000) {
			t.Fatalf("%q: %v", query, err)
		}
		if tally.Tokens > admission.Default.Tokens+1 || tally.Visited > tally.Tokens || tally.Cost < 0 {
			t.Fatalf("%q: %+v", query, tally)
		}
		if err == nil && tally.Cost > admission.Default.Cost {
			t.Fatalf("%q is admitted at %d points", query, tally.Cost)
		}
	})
}

// Components that each ask for what they show, with leaves that they share, merge
// into one query that is admitted.
func TestComponentsMayRepeatThemselves(t *testing.T) {
	var cards, fragments strings.Builder
	for i := range 15 {
		fmt.Fprintf(&cards, "...card%d ", i)
		fmt.Fprintf(&fragments, " fragment card%d on Node { __typename name child { __typename name ...leaf0 ...leaf1 } }", i)
	}
	for i := range 2 {
		fmt.Fprintf(&fragments, " fragment leaf%d on Node { __typename name child { __typename name } }", i)
	}
	query := "{ root { page { edges { node { " + cards.String() + "} } } } }" + fragments.String()
	if _, err := admission.Default.Check(schema, admission.Request{Query: query}); err != nil {
		t.Error(err)
	}
}
