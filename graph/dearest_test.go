package graph_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"graphd/graph"
	"graphd/internal/admission"
)

// asking draws queries of the whole schema that are as dear as is admitted.
type asking struct {
	*rand.Rand
	schema *ast.Schema
	values map[string]string
}

// set draws a selection set on a type; the deeper, the fewer fields.
func (a asking) set(on *ast.Definition, depth int) string {
	var b strings.Builder
	b.WriteString("{ __typename ")
	fields := slices.Clone(on.Fields)
	a.Shuffle(len(fields), func(i, j int) { fields[i], fields[j] = fields[j], fields[i] })
	if on.Name == "Query" {
		fields = fields[:min(len(fields), 1+a.IntN(3))]
	}
	for _, f := range fields {
		of := a.schema.Types[f.Type.Name()]
		if strings.HasPrefix(f.Name, "__") || f.Name == "node" && on.Name == "Query" || of.IsCompositeType() && (depth == 0 || a.IntN(3) == 0) {
			continue
		}
		arguments, ok := a.arguments(f)
		if !ok {
			continue
		}
		b.WriteString(f.Name + arguments)
		if of.IsCompositeType() {
			b.WriteString(a.set(of, depth-1))
		}
		b.WriteByte(' ')
	}
	b.WriteString("} ")
	return b.String()
}

func (a asking) arguments(f *ast.FieldDefinition) (string, bool) {
	var given []string
	for _, arg := range f.Arguments {
		switch value, known := a.values[arg.Name]; {
		case arg.Name == "first":
			given = append(given, fmt.Sprintf("first: %d", []int{1, 5, 20, 100}[a.IntN(4)]))
		case !arg.Type.NonNull:
		case !known:
			return "", false
		default:
			given = append(given, arg.Name+": "+value)
		}
	}
	if len(given) == 0 {
		return "", true
	}
	return "(" + strings.Join(given, ", ") + ")", true
}

// maxDearest is how many times as dear as the playground's first question an
// admitted query may be, in processor time. A query without bounds exceeds it by far.
const maxDearest = 500

// TestDearestQuery looks for the query that is admitted and takes longest, among
// a good many that go to the limits, and holds it against the first question of
// the playground.
func TestDearestQuery(t *testing.T) {
	s := openSQLite(t)
	ingestSamples(t, s)
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: graph.SDL})
	c := config(t, s)
	c.Limits = nil
	var tally admission.Tally
	c.Admitted = func(_ context.Context, seen admission.Tally, _ error) error {
		tally = seen
		return nil
	}
	h := graph.NewHandler(c)
	report := data(t, c, `{ reports(first: 1) { edges { node { id } } } }`, nil)["reports"].(map[string]any)["edges"].([]any)[0].(map[string]any)["node"].(map[string]any)["id"].(string)
	a := asking{rand.New(rand.NewPCG(1, 2)), schema, map[string]string{
		"practice": `"枫桥经验"`, "jurisdiction": `"德清县"`, "name": `"枫桥经验"`, "indicator": `"行政复议案件"`, "title": `"行政处罚法"`,
		"report": fmt.Sprintf("%q", report), "text": `"依法"`, "from": "2018", "to": "2024", "ids": fmt.Sprintf("[%q]", report),
	}}
	first, err := os.ReadFile("../web/playground/src/questions/01-adopters.graphql")
	if err != nil {
		t.Fatal(err)
	}
	unit := took(t, h, string(first))
	var dearest time.Duration
	var query string
	var cost, admitted int
	for range 400 {
		q := a.set(schema.Query, 3+a.IntN(5))
		if _, err := admission.Default.Check(schema, admission.Request{Query: q}); err != nil {
			continue
		}
		admitted++
		if d := took(t, h, q); d > dearest {
			dearest, query, cost = d, q, tally.Cost
		}
	}
	times := float64(dearest) / float64(unit)
	t.Logf("of %d admitted queries the dearest took %.0f times as long as the first question (%v, %v), at %d points: %.2000s", admitted, times, dearest, unit, cost, query)
	if admitted < 50 {
		t.Errorf("only %d queries were admitted: the search looks at too few", admitted)
	}
	if times > maxDearest {
		t.Errorf("more than %d times", maxDearest)
	}
}

// took is the shortest of three answers' times; the handler answers one at a
// time here.
func took(t *testing.T, h http.Handler, query string) time.Duration {
	t.Helper()
	shortest := time.Hour
	for range 3 {
		began := time.Now()
		askThrough(t, h, query, nil)
		shortest = min(shortest, time.Since(began))
	}
	return shortest
}
