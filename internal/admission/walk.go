package admission

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// weight is what a selection set asks for, fragments spread.
type weight struct {
	fields, depth int
	// fixed is asked for once, perItem for every item of the page, where the
	// set is a connection's.
	fixed, perItem int
	// names counts how often each field stands in the set itself.
	names map[string]int
	// paths counts, for each key of the answer, how often one path that begins
	// with it stands at most. What stands more than once is merged by comparing
	// each with each.
	paths map[string]int
}

func (w *weight) add(o weight) {
	w.fields, w.depth = plus(w.fields, o.fields), max(w.depth, o.depth)
	w.fixed, w.perItem = plus(w.fixed, o.fixed), plus(w.perItem, o.perItem)
	for name, n := range o.names {
		w.names[name] = plus(w.names[name], n)
	}
	for key, n := range o.paths {
		w.paths[key] = plus(w.paths[key], n)
	}
}

// Sums and products stay at the greatest number instead of wrapping round:
// doubling fragments ask for more than a number holds.
const most = math.MaxInt32

func plus(a, b int) int { return min(a+b, most) }

func times(a, b int) int {
	if a > 0 && b > most/a {
		return most
	}
	return a * b
}

type walker struct {
	limits    Limits
	schema    *ast.Schema
	doc       *ast.QueryDocument
	tally     *Tally
	variables map[string]any
	defaults  ast.VariableDefinitionList
	// fragments are those weighed; nil stands for one that is being weighed.
	fragments        map[string]*weight
	aliases, spreads int
}

func (w *walker) walk(r Request) error {
	if n := len(w.doc.Operations) + len(w.doc.Fragments); n > w.limits.Definitions {
		return exceeded("definitions", "operations and fragments", w.limits.Definitions)
	}
	w.variables = r.Variables
	asked := w.doc.Operations.ForName(r.OperationName)
	if asked != nil {
		w.defaults = asked.VariableDefinitions
	}
	// Fragments that no operation spreads are validated as well.
	for _, f := range w.doc.Fragments {
		if _, err := w.fragment(f.Name); err != nil {
			return err
		}
	}
	fields := 0
	for _, op := range w.doc.Operations {
		set, err := w.set(op.SelectionSet, w.root(op.Operation))
		if err != nil {
			return err
		}
		if fields = plus(fields, set.fields); fields > w.limits.Fields {
			return exceeded("fields", "fields, fragments spread", w.limits.Fields)
		}
		if op == asked {
			w.tally.Cost = plus(set.fixed, set.perItem)
		}
	}
	if w.tally.Cost > w.limits.Cost {
		return &Refusal{Kind: TooCostly, Limit: "cost", Message: fmt.Sprintf(
			"the query may cost %d points, more than %d: ask for shorter pages or fewer fields", w.tally.Cost, w.limits.Cost)}
	}
	return nil
}

func (w *walker) root(op ast.Operation) *ast.Definition {
	switch op {
	case ast.Mutation:
		return w.schema.Mutation
	case ast.Subscription:
		return w.schema.Subscription
	}
	return w.schema.Query
}

// fragment weighs a fragment, once.
func (w *walker) fragment(name string) (*weight, error) {
	if known, seen := w.fragments[name]; known != nil {
		return known, nil
	} else if seen {
		return nil, &Refusal{Kind: Invalid, Message: fmt.Sprintf("the fragment %q spreads itself", cut(name, maxErrorText))}
	}
	def := w.doc.Fragments.ForName(name)
	if def == nil {
		return nil, &Refusal{Kind: Invalid, Message: fmt.Sprintf("there is no fragment %q", cut(name, maxErrorText))}
	}
	w.fragments[name] = nil
	set, err := w.set(def.SelectionSet, w.schema.Types[def.TypeCondition])
	if err != nil {
		return nil, err
	}
	w.fragments[name] = &set
	return &set, nil
}

// set weighs a selection set on an object of the type parent, which may be nil
// where the document names something that the schema does not have.
func (w *walker) set(selections ast.SelectionSet, parent *ast.Definition) (weight, error) {
	total := weight{names: map[string]int{}, paths: map[string]int{}}
	for _, s := range selections {
		w.tally.Visited++
		var part weight
		var err error
		switch s := s.(type) {
		case *ast.Field:
			part, err = w.field(s, parent)
		case *ast.InlineFragment:
			on := parent
			if s.TypeCondition != "" {
				on = w.schema.Types[s.TypeCondition]
			}
			part, err = w.set(s.SelectionSet, on)
		case *ast.FragmentSpread:
			if w.spreads++; w.spreads > w.limits.Spreads {
				return total, exceeded("spreads", "spreads of fragments", w.limits.Spreads)
			}
			var f *weight
			if f, err = w.fragment(s.Name); err == nil {
				part = *f
			}
		}
		if err != nil {
			return total, err
		}
		total.add(part)
	}
	for name, n := range total.names {
		if n > w.limits.Repeats {
			return total, exceeded("repeats", fmt.Sprintf("times the field %q in one place", cut(name, maxErrorText)), w.limits.Repeats)
		}
	}
	for key, n := range total.paths {
		if n > w.limits.Paths {
			return total, exceeded("paths", fmt.Sprintf("times one path that begins with %q", cut(key, maxErrorText)), w.limits.Paths)
		}
	}
	if total.fields > w.limits.Fields {
		return total, exceeded("fields", "fields, fragments spread", w.limits.Fields)
	}
	if total.depth > w.limits.Depth {
		return total, exceeded("depth", "levels of fields", w.limits.Depth)
	}
	return total, nil
}

// field weighs a field with what is selected below it.
func (w *walker) field(f *ast.Field, parent *ast.Definition) (weight, error) {
	if f.Alias != f.Name {
		if w.aliases++; w.aliases > w.limits.Aliases {
			return weight{}, exceeded("aliases", "aliases", w.limits.Aliases)
		}
	}
	var def *ast.FieldDefinition
	var of *ast.Definition
	if parent != nil {
		def = parent.Fields.ForName(f.Name)
	}
	if def != nil {
		of = w.schema.Types[def.Type.Name()]
	}
	below, err := w.set(f.SelectionSet, of)
	if err != nil {
		return weight{}, err
	}
	own := 1
	if len(f.SelectionSet) == 0 {
		own = 0
	}
	if def != nil {
		own = number(def.Directives.ForName("cost"), "weight", own)
	}
	each := plus(own, plus(below.fixed, below.perItem))
	repeated := 1
	for _, n := range below.paths {
		repeated = max(repeated, n)
	}
	result := weight{fields: plus(below.fields, 1), depth: below.depth + 1,
		names: map[string]int{f.Name: 1}, paths: map[string]int{f.Alias: repeated}}
	switch {
	case def == nil:
		result.fixed = each
	case isConnection(of):
		result.fixed = plus(own, plus(below.fixed, times(w.size(f, def), below.perItem)))
	case def.Type.Elem != nil && isConnection(parent):
		result.perItem = each
	case def.Type.Elem != nil:
		result.fixed = times(w.size(f, def), each)
	default:
		result.fixed = each
	}
	return result, nil
}

// isConnection tells whether the fields of a type are a page and what goes with
// it, as Relay's specification names such types.
func isConnection(d *ast.Definition) bool {
	return d != nil && d.Name != "Connection" && strings.HasSuffix(d.Name, "Connection")
}

// What a list without a size of its own is taken for.
const (
	assumedPage = 20
	assumedList = 10
)

// introspected are the lengths of lists about the schema itself, rounded up
// from what it has.
var introspected = map[string]int{"types": 150, "fields": 8, "args": 2, "inputFields": 2, "interfaces": 1, "possibleTypes": 1, "enumValues": 1, "directives": 8}

// size is how many items a field that gives a list or a page may have.
func (w *walker) size(f *ast.Field, def *ast.FieldDefinition) int {
	list := def.Directives.ForName("listSize")
	slicing := []string{"first", "last"}
	if list != nil {
		if names := list.Arguments.ForName("slicingArguments"); names != nil {
			slicing = nil
			for _, n := range names.Value.Children {
				slicing = append(slicing, n.Value.Raw)
			}
		}
	}
	asked, slices := -1, false
	for _, name := range slicing {
		if def.Arguments.ForName(name) == nil {
			continue
		}
		slices = true
		if a := f.Arguments.ForName(name); a != nil {
			if n, ok := w.length(a.Value); ok {
				asked = max(asked, n)
			}
		}
	}
	if asked >= 0 {
		return min(asked, most)
	}
	if slices {
		return assumedPage
	}
	if n, ok := introspected[f.Name]; ok && strings.HasPrefix(def.Type.Name(), "__") {
		return n
	}
	return number(list, "assumedSize", assumedList)
}

// length is the number that a value is, or that of the items it has. A value
// that is no list stands for a list of itself, and a number in quotes for the
// number, where it comes in a variable.
func (w *walker) length(v *ast.Value) (n int, ok bool) {
	switch v.Kind {
	case ast.IntValue:
		n, err := strconv.Atoi(v.Raw)
		return n, err == nil
	case ast.ListValue:
		return len(v.Children), true
	case ast.NullValue:
		return 0, false
	case ast.Variable:
		given, has := w.variables[v.Raw]
		if !has {
			if d := w.defaults.ForName(v.Raw); d != nil && d.DefaultValue != nil && d.DefaultValue.Kind != ast.Variable {
				return w.length(d.DefaultValue)
			}
			return 0, false
		}
		switch g := given.(type) {
		case int:
			return g, true
		case int64:
			return int(g), true
		case float64:
			return int(min(g, most)), true
		case json.Number:
			n, err := strconv.Atoi(g.String())
			return n, err == nil
		case string:
			if n, err := strconv.Atoi(g); err == nil {
				return n, true
			}
		case []any:
			return len(g), true
		case nil:
			return 0, false
		}
	}
	return 1, true
}

// number is a directive's argument, or else.
func number(d *ast.Directive, name string, otherwise int) int {
	if d == nil {
		return otherwise
	}
	a := d.Arguments.ForName(name)
	if a == nil {
		return otherwise
	}
	n, err := strconv.Atoi(a.Value.Raw)
	if err != nil {
		return otherwise
	}
	return n
}
