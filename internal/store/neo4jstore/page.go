package neo4jstore

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"graphd/internal/kg"
	"graphd/internal/store"
)

// collection tells how the elements n of a collection are found, and how each
// of their fields is read.
type collection struct {
	match  string
	fields map[string]field
	// anchors are fields by whose value a few elements are found quickly,
	// each with the pattern that does.
	anchors map[string]string
}

// field is a property, of n or of something near n; path leads there, with a
// %s where the property stands.
type field struct{ path, property string }

func (f field) value() string { return fmt.Sprintf(f.path, f.property) }

// order is what a string is ordered by, see orderKey.
func (f field) order() string {
	return fmt.Sprintf(f.path, "coalesce("+f.property+orderSuffix+", "+f.property+")")
}

// fields are the named properties of n itself, and some near n: a name, a path
// and a property for each.
func fields(own string, near ...string) map[string]field {
	all := map[string]field{}
	for name := range strings.FieldsSeq(own) {
		all[name] = field{"%s", "n." + name}
	}
	for i := 0; i < len(near); i += 3 {
		all[near[i]] = field{near[i+1], near[i+2]}
	}
	return all
}

const entityFields = "id name names reportCount mentionCount "

// collections is the closed list of what a page's filter and order may become.
var collections = map[store.Collection]collection{
	store.Reports: {
		match: "MATCH (n:Report)",
		fields: fields("id title department year published docNumber composed",
			"issuer", "[(n)-[:ISSUED_BY]->(a) | %s][0]", "a.id"),
		anchors: map[string]string{
			"issuer": "MATCH (anchor:Jurisdiction)<-[:ISSUED_BY]-(n:Report)",
		},
	},
	store.Jurisdictions: {
		match: "MATCH (n:Jurisdiction)",
		fields: fields(entityFields+"code level",
			"parent", "[(n)-[:PART_OF]->(a) | %s][0]", "a.id"),
		anchors: map[string]string{
			"parent": "MATCH (anchor:Jurisdiction)<-[:PART_OF]-(n:Jurisdiction)",
		},
	},
	store.Practices: {
		match: "MATCH (n:Practice)",
		fields: fields(entityFields+"scope category",
			"variantOf", "[(n)-[:VARIANT_OF]->(a) | %s][0]", "a.id",
			"partOf", "[(n)-[:PART_OF]->(a) | %s][0]", "a.id"),
		anchors: map[string]string{
			"variantOf": "MATCH (anchor:Practice)<-[:VARIANT_OF]-(n:Practice)",
			"partOf":    "MATCH (anchor:Practice)<-[:PART_OF]-(n:Practice)",
		},
	},
	store.Laws: {
		match: "MATCH (n:Law)",
		fields: fields(entityFields+"type",
			"issuer", "[(n)-[:ISSUED_BY]->(a) | %s][0]", "a.id"),
		anchors: map[string]string{
			"issuer": "MATCH (anchor:Jurisdiction)<-[:ISSUED_BY]-(n:Law)",
		},
	},
	store.LawFirms:   {match: "MATCH (n:LawFirm)", fields: fields(entityFields)},
	store.Indicators: {match: "MATCH (n:Indicator)", fields: fields(entityFields + "unit")},
	store.Metrics: {
		match: "MATCH (n:Metric)",
		fields: fields("id label value unit approximate target period",
			"report", "[(a)-[:STATES]->(n) | %s][0]", "a.id",
			"year", "[(a)-[:STATES]->(n) | %s][0]", "a.year",
			"start", "[()-[a:STATES]->(n) | %s][0]", "a.start",
			"issuer", "[(n)<-[:STATES]-(:Report)-[:ISSUED_BY]->(a) | %s][0]", "a.id",
			"indicator", "[(n)-[:MEASURES]->(a) | %s][0]", "a.id"),
		anchors: map[string]string{
			"report":    "MATCH (anchor:Report)-[:STATES]->(n:Metric)",
			"indicator": "MATCH (anchor:Indicator)<-[:MEASURES]-(n:Metric)",
			"issuer":    "MATCH (anchor:Jurisdiction)<-[:ISSUED_BY]-(:Report)-[:STATES]->(n:Metric)",
		},
	},
}

// Page implements store.Store.
func (s *Store) Page(ctx context.Context, q store.PageQuery) (store.Page, error) {
	q, err := q.Check()
	if err != nil {
		return store.Page{}, err
	}
	c := newCompiler(q)
	var page store.Page
	err = s.read(ctx, "page", func(tx neo4j.ManagedTransaction) error {
		rows, err := collect(ctx, tx, c.counts(), c.params)
		if err != nil {
			return err
		}
		total := integer(rows[0]["total"])
		start, end := q.Window(total, integer(rows[0]["upto"]), total-integer(rows[0]["from"]))
		page = store.Page{Total: total, HasPrevious: start > 0, HasNext: end < total}
		if start == end {
			return nil
		}
		c.params["limit"] = int64(end - start)
		if rows, err = collect(ctx, tx, c.keys(), c.params); err != nil {
			return err
		}
		for _, row := range rows {
			k := store.Key{ID: text(row["id"])}
			for i := range q.OrderBy {
				k.Values = append(k.Values, row[fmt.Sprintf("k%d", i)])
			}
			page.Keys = append(page.Keys, k)
		}
		if q.Backward {
			slices.Reverse(page.Keys)
		}
		return nil
	})
	return page, err
}

// compiler turns a checked page query into Cypher. Only names of collections
// become part of the text; values become parameters.
type compiler struct {
	q      store.PageQuery
	of     collection
	params props
	match  string // the elements that match, with their sort keys
}

func newCompiler(q store.PageQuery) *compiler {
	c := &compiler{q: q, of: collections[q.Of], params: props{}}
	c.match = c.of.match
	var conditions []string
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
	c.bound("after", q.After)
	c.bound("before", q.Before)
	columns := []string{"n.id AS id", c.order("id") + " AS o"}
	for i, o := range q.OrderBy {
		columns = append(columns, fmt.Sprintf("%s AS k%d, %s AS o%d", c.of.fields[o.Field].value(), i, c.order(o.Field), i))
	}
	c.match += "\nWITH " + strings.Join(columns, ", ")
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

func (c *compiler) typeOf(name string) store.FieldType { return store.Fields[c.q.Of][name] }

// order is what a field is ordered by.
func (c *compiler) order(name string) string {
	if c.typeOf(name) == store.FieldString {
		return c.of.fields[name].order()
	}
	return c.of.fields[name].value()
}

func (c *compiler) param(v any) string {
	name := fmt.Sprintf("p%d", len(c.params))
	c.params[name] = v
	return "$" + name
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
		return "(" + c.order(f.Field) + " " + operators[f.Op] + " " + c.param(orderValue(f.Value)) + ")"
	}
	value := c.param(f.Value)
	if c.typeOf(f.Field) == store.FieldNames {
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
// Before on.
func (c *compiler) counts() string {
	return c.match + `
RETURN count(*) AS total,
  sum(CASE WHEN ` + c.beyond("after", false) + ` THEN 0 ELSE 1 END) AS upto,
  sum(CASE WHEN ` + c.beyond("before", true) + ` THEN 0 ELSE 1 END) AS from`
}

// keys returns the sort keys of the page; of a backward page from its end.
func (c *compiler) keys() string {
	bound, direction := "after", [2]string{"", " DESC"}
	if c.q.Backward {
		bound, direction = "before", [2]string{" DESC", ""}
	}
	var order []string
	for i, o := range c.q.OrderBy {
		d := direction[0]
		if o.Desc {
			d = direction[1]
		}
		// Cypher has absent values last; here they come first.
		order = append(order, fmt.Sprintf("o%d IS NOT NULL%s, o%d%s", i, d, i, d))
	}
	return c.match + "\nWHERE " + c.beyond(bound, c.q.Backward) +
		"\nRETURN * ORDER BY " + strings.Join(append(order, "o"+direction[0]), ", ") + " LIMIT $limit"
}

// bound makes a key, or none, the parameters that beyond compares with.
func (c *compiler) bound(name string, k *store.Key) {
	c.params[name] = nil
	for i := range c.q.OrderBy {
		c.params[fmt.Sprintf("%s%d", name, i)] = nil
		if k != nil {
			c.params[fmt.Sprintf("%s%d", name, i)] = orderValue(k.Values[i])
		}
	}
	if k != nil {
		c.params[name] = orderKey(k.ID)
	}
}

// beyond is the expression that an element stands after the bound of that
// name, or before it; it is true of all where there is no such bound.
func (c *compiler) beyond(name string, before bool) string {
	operator := map[bool]string{false: " > $", true: " < $"}
	expression := "o" + operator[before] + name
	for i := len(c.q.OrderBy) - 1; i >= 0; i-- {
		column, p := fmt.Sprintf("o%d", i), fmt.Sprintf("%s%d", name, i)
		// An absent value is less than all others.
		falling := c.q.OrderBy[i].Desc != before
		past := column + " IS NOT NULL AND $" + p + " IS NULL"
		if falling {
			past = column + " IS NULL AND $" + p + " IS NOT NULL"
		}
		expression = "CASE WHEN " + past + " OR " + column + operator[falling] + p + " THEN true" +
			" WHEN " + column + " = $" + p + " OR " + column + " IS NULL AND $" + p + " IS NULL THEN " + expression +
			" ELSE false END"
	}
	return "($" + name + " IS NULL OR " + expression + ")"
}
