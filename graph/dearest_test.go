//go:build !race

// The race detector makes processor time tell of other things.

package graph_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"graphd/graph"
	"graphd/internal/admission"
)

// selection is one field asked for, or the whole query where field is nil.
type selection struct {
	field     *ast.FieldDefinition
	alias     int // 0 for none
	arguments map[string]string
	of        *ast.Definition // what the selections below are of; nil at a leaf
	below     []*selection
}

func (s *selection) clone() *selection {
	c := *s
	c.below = nil
	for _, b := range s.below {
		c.below = append(c.below, b.clone())
	}
	return &c
}

func (s *selection) write(b *strings.Builder) {
	if s.field != nil {
		if s.alias != 0 {
			fmt.Fprintf(b, "a%d: ", s.alias)
		}
		b.WriteString(s.field.Name)
		var given []string
		for name, value := range s.arguments {
			given = append(given, name+": "+value)
		}
		slices.Sort(given)
		if len(given) > 0 {
			b.WriteString("(" + strings.Join(given, ", ") + ")")
		}
	}
	if s.of != nil {
		b.WriteString(" { __typename ")
		for _, c := range s.below {
			c.write(b)
		}
		b.WriteString("}")
	}
	b.WriteByte(' ')
}

func (s *selection) String() string {
	var b strings.Builder
	s.write(&b)
	return b.String()
}

// all lists a selection and those below it, and the one each stands in.
func (s *selection) all() (list []*selection, in map[*selection]*selection) {
	in = map[*selection]*selection{}
	var visit func(*selection)
	visit = func(s *selection) {
		list = append(list, s)
		for _, b := range s.below {
			in[b] = s
			visit(b)
		}
	}
	visit(s)
	return list, in
}

// asking draws and changes queries of the whole schema.
type asking struct {
	*rand.Rand
	schema *ast.Schema
	// values are what an argument may be, by its name.
	values map[string][]string
	alias  int
}

// query draws a query; the deeper, the fewer fields.
func (a *asking) query(depth int) *selection {
	root := &selection{of: a.schema.Query}
	for range 1 + a.IntN(3) {
		a.grow(root, a.schema.Query.Fields[a.IntN(len(a.schema.Query.Fields))], depth)
	}
	return root
}

// grow adds a field that is not there to a set of selections, with what is
// below it.
func (a *asking) grow(s *selection, f *ast.FieldDefinition, depth int) {
	of := a.schema.Types[f.Type.Name()]
	arguments, ok := a.arguments(f)
	if strings.HasPrefix(f.Name, "__") || !ok || of.IsCompositeType() && depth == 0 ||
		slices.ContainsFunc(s.below, func(b *selection) bool { return b.field == f }) {
		return
	}
	c := &selection{field: f, arguments: arguments}
	if of.IsCompositeType() {
		c.of = of
		for _, i := range a.Perm(len(of.Fields)) {
			if a.IntN(3) > 0 {
				a.grow(c, of.Fields[i], depth-1)
			}
		}
	}
	s.below = append(s.below, c)
}

func (a *asking) arguments(f *ast.FieldDefinition) (map[string]string, bool) {
	given := map[string]string{}
	for _, arg := range f.Arguments {
		values, known := a.values[arg.Name]
		if arg.Type.NonNull && !known {
			return nil, false
		}
		if known && (arg.Type.NonNull || arg.Name == "first" || a.IntN(3) == 0) {
			given[arg.Name] = values[a.IntN(len(values))]
		}
	}
	return given, true
}

// change makes another query of one: with more, with less, with other arguments
// or with a part of it twice.
func (a *asking) change(query *selection) *selection {
	query = query.clone()
	for range 1 + a.IntN(3) {
		list, in := query.all()
		s := list[a.IntN(len(list))]
		switch a.IntN(5) {
		case 0, 1:
			if s.of != nil {
				a.grow(s, s.of.Fields[a.IntN(len(s.of.Fields))], 1+a.IntN(4))
			}
		case 2:
			if parent := in[s]; parent != nil && len(parent.below) > 1 {
				parent.below = slices.DeleteFunc(parent.below, func(b *selection) bool { return b == s })
			}
		case 3:
			if s.field != nil {
				if arguments, ok := a.arguments(s.field); ok {
					s.arguments = arguments
				}
			}
		case 4:
			if parent := in[s]; parent != nil {
				twin := s.clone()
				a.alias++
				twin.alias = a.alias
				parent.below = append(parent.below, twin)
			}
		}
	}
	return query
}

// maxDearest is how many times as dear as the playground's first question an
// admitted query may be, in processor time. A query without bounds exceeds it by far.
const maxDearest = 500

// TestDearestQuery climbs from query to dearer query within what is admitted, from
// several beginnings, and holds the dearest of all against the first question of
// the playground, in processor time.
func TestDearestQuery(t *testing.T) {
	s := openSQLite(t)
	ingestSamples(t, s)
	c := config(t, s)
	c.Limits = nil
	var tally admission.Tally
	c.Admitted = func(_ context.Context, seen admission.Tally, _ error) error {
		tally = seen
		return nil
	}
	h := graph.NewHandler(c)
	id := func(list string) string {
		edges := data(t, c, `{ list: `+list+`(first: 1) { edges { node { id } } } }`, nil)["list"].(map[string]any)["edges"].([]any)
		return fmt.Sprintf("%q", edges[0].(map[string]any)["node"].(map[string]any)["id"])
	}
	report, practice := id("reports"), id("practices")
	a := &asking{Rand: rand.New(rand.NewPCG(1, 2)), schema: gqlparser.MustLoadSchema(&ast.Source{Input: graph.SDL}), values: map[string][]string{
		"first": {"1", "5", "20", "100"}, "practice": {practice}, "jurisdiction": {`"德清县"`}, "name": {`"枫桥经验"`},
		"indicator": {`"行政复议案件"`}, "title": {`"行政处罚法"`}, "report": {report}, "id": {report, practice}, "ids": {"[" + report + "]", "[" + report + ", " + practice + "]"},
		"text": {`"法"`, `"依法行政"`}, "from": {"2018", "2020"}, "to": {"2024"}, "minStatus": {"PLANNED", "QUANTIFIED"}, "includeVariants": {"true", "false"},
	}}
	first, err := os.ReadFile("../web/playground/src/questions/01-adopters.graphql")
	if err != nil {
		t.Fatal(err)
	}
	type measured struct {
		query *selection
		took  time.Duration
		cost  int
	}
	admitted := 0
	measure := func(q *selection) (m measured) {
		if _, err := admission.Default.Check(a.schema, admission.Request{Query: q.String()}); err != nil {
			return m
		}
		admitted++
		m.took = processor(t, h, q.String(), 1)
		return measured{q, m.took, tally.Cost}
	}
	dearer := func(a, b measured) int { return int(b.took - a.took) }
	var beginnings []measured
	for range 200 {
		beginnings = append(beginnings, measure(a.query(3+a.IntN(5))))
	}
	slices.SortStableFunc(beginnings, dearer)
	begun := beginnings[0]
	tops, steps := beginnings[:3], 0
	for i, top := range tops {
		for range 120 {
			if next := measure(a.change(top.query)); next.took > top.took {
				top = next
				steps++
			}
		}
		tops[i] = top
	}
	slices.SortStableFunc(tops, dearer)
	top := tops[0]
	unit := processor(t, h, string(first), 20)
	took := processor(t, h, top.query.String(), 3)
	times := func(d time.Duration) float64 { return float64(d) / float64(unit) }
	t.Logf("of %d admitted queries the dearest took %.0f times as long as the first question (%v, %v), at %d points, after %d steps of climbing from %.0f times: %.1500s",
		admitted, times(took), took, unit, top.cost, steps, times(begun.took), top.query)
	if admitted < 200 || steps == 0 {
		t.Errorf("%d queries were admitted, and %d steps led to dearer ones: the search looks at too little", admitted, steps)
	}
	if times(took) > maxDearest {
		t.Errorf("more than %d times", maxDearest)
	}
}

// processor is the processor time that one of n answers takes on average; the
// handler answers nothing else meanwhile.
func processor(t *testing.T, h http.Handler, query string, n int) time.Duration {
	t.Helper()
	before := used(t)
	for range n {
		askThrough(t, h, query, nil)
	}
	return (used(t) - before) / time.Duration(n)
}

// used is the processor time that this process has used.
func used(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
