package graph

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"graphd/graph/model"
	"graphd/internal/kg"
	"graphd/internal/store"
)

const defaultPage, maxPage = 20, 100

// paging is what a client says about which page it wants.
type paging struct {
	first  *int
	after  *string
	last   *int
	before *string
}

// list is a connection asked for: a checked query for one page of it, and a
// mark by which it knows its own cursors.
type list struct {
	store.PageQuery
	mark string
}

// newList checks a connection's arguments. name is the field's, and args are
// those beside where, order and paging that decide what is in the list. What
// where refers to is settled first, so that the list is the same however its
// client names a thing.
func (r *Resolver) newList(ctx context.Context, name string, q store.PageQuery, p paging, args ...any) (list, error) {
	if q.Where != nil {
		if err := r.settle(ctx, q.Where); err != nil {
			return list{}, err
		}
	}
	l := list{q, mark(name, q.Where, q.OrderBy, args)}
	if err := p.bound(&l.PageQuery); err != nil {
		return l, err
	}
	var err error
	if l.After, err = l.key(p.after); err != nil {
		return l, err
	}
	if l.Before, err = l.key(p.before); err != nil {
		return l, err
	}
	if l.Of != "" {
		l.PageQuery, err = l.Check()
	}
	return l, err
}

func (p paging) bound(q *store.PageQuery) error {
	if p.first != nil && p.last != nil {
		return badInput("give first or last, not both")
	}
	q.Limit, q.Backward = defaultPage, p.last != nil
	for name, n := range map[string]*int{"first": p.first, "last": p.last} {
		if n == nil {
			continue
		}
		if *n < 1 || *n > maxPage {
			return badInput("%s must be from 1 to %d", name, maxPage)
		}
		q.Limit = *n
	}
	return nil
}

func mark(parts ...any) string {
	encoded, err := json.Marshal(parts)
	if err != nil {
		panic(err) // filters hold strings and numbers only
	}
	sum := sha256.Sum256(encoded)
	return hex.EncodeToString(sum[:6])
}

// cursor is what a client's cursor holds: the mark of its list, and either a
// key or a place in a search. Values are written as a letter for their type and
// the value, so that they come back as they were; an absent one is empty.
type cursor struct {
	Mark   string   `json:"m"`
	Values []string `json:"v,omitempty"`
	ID     string   `json:"i,omitempty"`
	Search string   `json:"s,omitempty"`
}

func (c cursor) String() string {
	encoded, _ := json.Marshal(c) // strings only
	return base64.RawURLEncoding.EncodeToString(encoded)
}

func parseCursor(s, mark string) (cursor, error) {
	var c cursor
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	if err != nil {
		return c, badInput("this is no cursor: %q", s)
	}
	if c.Mark != mark {
		return c, badInput("the cursor is of another list: keep the other arguments as they were when it was given")
	}
	return c, nil
}

func (l list) cursor(k store.Key) string {
	c := cursor{Mark: l.mark, ID: k.ID}
	for _, v := range k.Values {
		switch v := v.(type) {
		case nil:
			c.Values = append(c.Values, "")
		case string:
			c.Values = append(c.Values, "s"+v)
		case int64:
			c.Values = append(c.Values, "i"+strconv.FormatInt(v, 10))
		case float64:
			c.Values = append(c.Values, "f"+strconv.FormatFloat(v, 'g', -1, 64))
		}
	}
	return c.String()
}

func (l list) key(s *string) (*store.Key, error) {
	if s == nil {
		return nil, nil
	}
	c, err := parseCursor(*s, l.mark)
	if err != nil {
		return nil, err
	}
	k := &store.Key{ID: c.ID, Values: make([]any, len(c.Values))}
	for i, v := range c.Values {
		switch {
		case v == "":
		case v[0] == 's':
			k.Values[i] = v[1:]
		case v[0] == 'i':
			k.Values[i], err = strconv.ParseInt(v[1:], 10, 64)
		default:
			k.Values[i], err = strconv.ParseFloat(strings.TrimPrefix(v, "f"), 64)
		}
		if err != nil {
			break
		}
	}
	if err != nil || len(k.Values) != len(l.OrderBy) {
		return nil, badInput("this is no cursor: %q", *s)
	}
	return k, nil
}

// fields tells the value of an element's field as package store does: nil where
// absent, int64 for whole numbers, []string of folded names for "names".
type fields[T any] func(element T, field string) any

// text and number are values that are absent when empty or zero.
func text[S ~string](s S) any {
	if s == "" {
		return nil
	}
	return string(s)
}

func number(n int) any {
	if n == 0 {
		return nil
	}
	return int64(n)
}

// pick answers the list's query from elements held in memory, as a store
// answers it from a collection.
func pick[T any](l list, elements []T, value fields[T]) (store.Page, []T) {
	type row struct {
		key     store.Key
		element T
	}
	var rows []row
	for _, e := range elements {
		if l.Where != nil && !matches(*l.Where, func(field string) any { return value(e, field) }) {
			continue
		}
		k := store.Key{Values: make([]any, len(l.OrderBy)), ID: value(e, "id").(string)}
		for i, o := range l.OrderBy {
			k.Values[i] = value(e, o.Field)
		}
		rows = append(rows, row{k, e})
	}
	slices.SortFunc(rows, func(a, b row) int { return l.compare(a.key, b.key) })
	after, before := 0, len(rows)
	if l.After != nil {
		for after < len(rows) && l.compare(rows[after].key, *l.After) <= 0 {
			after++
		}
	}
	if l.Before != nil {
		for before > 0 && l.compare(rows[before-1].key, *l.Before) >= 0 {
			before--
		}
	}
	start, end := l.Window(len(rows), after, before)
	page := store.Page{Total: len(rows), HasPrevious: start > 0, HasNext: end < len(rows)}
	var picked []T
	for _, r := range rows[start:end] {
		page.Keys = append(page.Keys, r.key)
		picked = append(picked, r.element)
	}
	return page, picked
}

func (l list) compare(a, b store.Key) int {
	for i, o := range l.OrderBy {
		c := compareValues(a.Values[i], b.Values[i])
		if o.Desc {
			c = -c
		}
		if c != 0 {
			return c
		}
	}
	return cmp.Compare(a.ID, b.ID)
}

// compareValues orders values of one type, absent ones first. UTF-8 orders
// strings by code point.
func compareValues(a, b any) int {
	if a == nil || b == nil {
		return cmp.Compare(btoi(a != nil), btoi(b != nil))
	}
	switch a := a.(type) {
	case int64:
		b, _ := b.(int64)
		return cmp.Compare(a, b)
	case float64:
		b, _ := b.(float64)
		return cmp.Compare(a, b)
	}
	s, _ := a.(string)
	t, _ := b.(string)
	return cmp.Compare(s, t)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// matches tells whether a checked filter holds, as package store defines it.
func matches(f store.Filter, value func(field string) any) bool {
	holds := func(f store.Filter) bool { return matches(f, value) }
	switch {
	case f.Not != nil:
		return !holds(*f.Not)
	case f.Or != nil:
		return slices.ContainsFunc(f.Or, holds)
	case f.Field == "":
		return !slices.ContainsFunc(f.And, func(f store.Filter) bool { return !holds(f) })
	}
	v := value(f.Field)
	if names, ok := v.([]string); ok {
		return slices.ContainsFunc(names, func(n string) bool { return satisfies(n, f.Op, f.Value) })
	}
	return satisfies(v, f.Op, f.Value)
}

func satisfies(v any, op store.Op, operand any) bool {
	if v == nil {
		return op == store.OpEq && operand == nil || op == store.OpNe && operand != nil
	}
	switch op {
	case store.OpEq:
		return v == operand
	case store.OpNe:
		return v != operand
	case store.OpIn:
		return slices.Contains(operand.([]any), v)
	case store.OpContains:
		return strings.Contains(v.(string), operand.(string))
	case store.OpStartsWith:
		return strings.HasPrefix(v.(string), operand.(string))
	case store.OpWithin:
		return kg.Within(v.(string), operand.(string))
	}
	c := compareValues(v, operand)
	return op == store.OpLt && c < 0 || op == store.OpLte && c <= 0 || op == store.OpGt && c > 0 || op == store.OpGte && c >= 0
}

// connect makes a connection of a page's edges.
func connect[E any](l list, page store.Page, edge func(i int, cursor string) *E) *model.Connection[E] {
	cursors := make([]string, len(page.Keys))
	for i, k := range page.Keys {
		cursors[i] = l.cursor(k)
	}
	return connection(cursors, page.HasPrevious, page.HasNext, page.Total, edge)
}

func connection[E any](cursors []string, previous, next bool, total int, edge func(i int, cursor string) *E) *model.Connection[E] {
	c := &model.Connection[E]{
		PageInfo: &model.PageInfo{HasPreviousPage: previous, HasNextPage: next}, TotalCount: total,
	}
	for i := range cursors {
		c.Edges = append(c.Edges, edge(i, cursors[i]))
	}
	if n := len(cursors); n > 0 {
		c.PageInfo.StartCursor, c.PageInfo.EndCursor = &cursors[0], &cursors[n-1]
	}
	return c
}

// connectNodes makes a connection whose edges have nothing but nodes.
func connectNodes[N any](l list, page store.Page, nodes []N) *model.Connection[model.Edge[N]] {
	return connect(l, page, func(i int, cursor string) *model.Edge[N] { return &model.Edge[N]{Cursor: cursor, Node: nodes[i]} })
}

// comparePaths orders errors by where in the answer they are.
func comparePaths(a, b *gqlerror.Error) int {
	return slices.CompareFunc(a.Path, b.Path, func(a, b ast.PathElement) int {
		i, indexed := a.(ast.PathIndex)
		j, alsoIndexed := b.(ast.PathIndex)
		if indexed && alsoIndexed {
			return cmp.Compare(i, j)
		}
		return cmp.Compare(ast.Path{a}.String(), ast.Path{b}.String())
	})
}
