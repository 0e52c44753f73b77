package neo4jstore

import (
	"fmt"
	"strings"

	"graphd/internal/kg"
	"graphd/internal/store"
)

// compiler turns a checked page query into Cypher. Only names of collections
// become part of the text; values become parameters. The text is kept short,
// since the server's time for a new question goes into planning it.
type compiler struct {
	q  store.PageQuery
	of collection
	// params are one parameter, $q, because the server plans anew for every
	// new combination of its parameters' types and of the lengths of strings.
	params props
	match  string // the elements n that match
}

func newCompiler(q store.PageQuery) *compiler {
	c := &compiler{q: q, of: collections[q.Of], params: props{}}
	c.match = c.of.match
	var conditions []string
	if q.Of.Kind() != "" {
		conditions = append(conditions, naming(knownEntity, "(e)", "(n)"))
	}
	if q.Where != nil {
		if field, values, ok := anchor(*q.Where, c.of.anchors); ok {
			c.match = c.of.anchors[field]
			conditions = append(conditions, "anchor.id IN "+c.param(values))
		}
		conditions = append(conditions, c.conditions(*q.Where)...)
	}
	if len(conditions) > 0 {
		c.match += "\nWHERE " + strings.Join(conditions, "\n  AND ")
	}
	return c
}

// anchor finds a condition that must hold and that one of the anchors serves.
func anchor(f store.Filter, anchors map[string]string) (field string, values []any, ok bool) {
	for _, part := range f.And {
		if field, values, ok = anchor(part, anchors); ok {
			return field, values, ok
		}
	}
	if _, served := anchors[f.Field]; !served || f.Value == nil {
		return "", nil, false
	}
	switch f.Op {
	case store.OpEq:
		return f.Field, []any{f.Value}, true
	case store.OpIn:
		values, ok = f.Value.([]any)
		return f.Field, values, ok
	}
	return "", nil, false
}

func (c *compiler) param(v any) string {
	name := fmt.Sprintf("p%d", len(c.params))
	c.params[name] = v
	return "$q." + name
}

// operators that Cypher writes between two values.
var operators = map[store.Op]string{
	store.OpEq: "=", store.OpIn: "IN", store.OpLt: "<", store.OpLte: "<=", store.OpGt: ">", store.OpGte: ">=",
	store.OpContains: "CONTAINS", store.OpStartsWith: "STARTS WITH",
}

// conditions are the conditions that f sets for all. They are plain, so that an
// index can serve them.
func (c *compiler) conditions(f store.Filter) []string {
	if f.Field != "" {
		return []string{c.comparison(f)}
	}
	if f.Not != nil || f.Or != nil {
		return []string{c.filter(f)}
	}
	var all []string
	for _, part := range f.And {
		all = append(all, c.conditions(part)...)
	}
	return all
}

// filter is f as an expression that is true or false, never null. Connectives
// become CASE, because the planner would multiply AND and OR out.
func (c *compiler) filter(f store.Filter) string {
	switch {
	case f.Not != nil:
		return "NOT " + c.filter(*f.Not)
	case f.Or != nil:
		return c.cases(f.Or, "", "true", "false")
	case f.Field == "":
		return c.cases(f.And, "NOT ", "false", "true")
	}
	return "coalesce(" + c.comparison(f) + ", false)"
}

func (c *compiler) cases(parts []store.Filter, not, then, otherwise string) string {
	if len(parts) == 0 {
		return otherwise
	}
	var b strings.Builder
	b.WriteString("CASE")
	for _, p := range parts {
		b.WriteString(" WHEN " + not + c.filter(p) + " THEN " + then)
	}
	return b.String() + " ELSE " + otherwise + " END"
}

func (c *compiler) comparison(f store.Filter) string {
	field := c.of.fields[f.Field].value()
	if f.Value == nil {
		if f.Op == store.OpEq {
			return "(" + field + " IS NULL)"
		}
		return "(" + field + " IS NOT NULL)"
	}
	switch f.Op {
	case store.OpLt, store.OpLte, store.OpGt, store.OpGte:
		if s, ok := f.Value.(string); ok {
			return "(" + c.of.fields[f.Field].order() + " " + operators[f.Op] + " " + c.param(orderKey(s)) + ")"
		}
	}
	value := c.param(f.Value)
	if store.Fields[c.q.Of][f.Field] == store.FieldNames {
		switch f.Op {
		case store.OpNe:
			return "none(x IN coalesce(" + field + ", []) WHERE x = " + value + ")"
		default:
			return "any(x IN coalesce(" + field + ", []) WHERE x " + operators[f.Op] + " " + value + ")"
		}
	}
	switch f.Op {
	case store.OpNe:
		return "coalesce(" + field + " <> " + value + ", true)"
	case store.OpWithin:
		within := c.param(kg.WithinPrefix(f.Value.(string)))
		return "(" + field + " = " + value + " OR " + field + " STARTS WITH " + within + ")"
	}
	return "(" + field + " " + operators[f.Op] + " " + value + ")"
}

// counts counts the elements that match, those up to After and those from
// Before on. The bound of the query's direction is always among the
// conditions, so that the first page is planned for all that follow.
func (c *compiler) counts() string {
	columns := "count(*) AS total"
	if c.q.After != nil || !c.q.Backward {
		columns += ", sum(CASE WHEN " + c.beyond("after", c.q.After, false) + " THEN 0 ELSE 1 END) AS upto"
	}
	if c.q.Before != nil || c.q.Backward {
		columns += ", sum(CASE WHEN " + c.beyond("before", c.q.Before, true) + " THEN 0 ELSE 1 END) AS from"
	}
	return c.match + c.sortKeys() + "\nRETURN " + columns
}

// keys returns the sort keys of the page; of a backward page from its end.
func (c *compiler) keys() string {
	where := c.beyond("after", c.q.After, false)
	if c.q.Backward {
		where = c.beyond("before", c.q.Before, true)
	}
	direction := map[bool]string{true: " DESC"}
	var order []string
	for i, o := range c.q.OrderBy {
		order = append(order, fmt.Sprintf("k%d", i)+direction[o.Desc != c.q.Backward])
	}
	order = append(order, "id"+direction[c.q.Backward])
	return c.match + c.sortKeys() + "\nWHERE " + where + "\nRETURN * ORDER BY " + strings.Join(order, ", ") + " LIMIT $limit"
}

// sortKeys names the sort keys, in the form of toOrder.
func (c *compiler) sortKeys() string {
	columns := []string{c.of.fields["id"].order() + " AS id"}
	for i, o := range c.q.OrderBy {
		f := c.of.fields[o.Field]
		column := f.value()
		switch store.Fields[c.q.Of][o.Field] {
		case store.FieldString:
			column = "coalesce(" + f.order() + ", '')"
		case store.FieldInt:
			column = fmt.Sprintf("coalesce(%s, %d)", column, leastInt)
		}
		columns = append(columns, fmt.Sprintf("%s AS k%d", column, i))
	}
	return "\nWITH " + strings.Join(columns, ", ")
}

// beyond is the condition that an element stands after the key k, or before
// it; without a key it holds for all. The key becomes parameters of that name.
func (c *compiler) beyond(name string, k *store.Key, before bool) string {
	operator := map[bool]string{false: " > $q.", true: " < $q."}
	condition := "id" + operator[before] + name
	for i := len(c.q.OrderBy) - 1; i >= 0; i-- {
		o := c.q.OrderBy[i]
		column, p := fmt.Sprintf("k%d", i), fmt.Sprintf("%s%d", name, i)
		condition = "(" + column + operator[o.Desc != before] + p + " OR " + column + " = $q." + p + " AND " + condition + ")"
		if k != nil {
			c.params[p] = toOrder(k.Values[i], store.Fields[c.q.Of][o.Field])
		}
	}
	if k != nil {
		c.params[name] = orderKey(k.ID)
	}
	return "($q." + name + " IS NULL OR " + condition + ")"
}
