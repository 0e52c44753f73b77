package sqlitestore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"graphd/internal/store"
)

// columns says which column holds each field of each collection. Of names it
// is the entity's ID, which entity_name is asked about.
var columns = map[store.Collection]map[string]string{
	store.Reports: {
		"id": "r.id", "title": "r.title", "issuer": "r.issuer_id", "department": "r.department", "year": "r.year",
		"published": "r.published", "docNumber": "r.doc_number", "composed": "r.composed",
	},
	store.Jurisdictions: entityColumn, store.Practices: entityColumn, store.Laws: entityColumn,
	store.LawFirms: entityColumn, store.Indicators: entityColumn,
	store.Metrics: {
		"id": "m.id", "report": "m.report_id", "indicator": "m.entity_id", "label": "x.label", "value": "x.value", "unit": "x.unit",
		"approximate": "x.approximate", "target": "x.target", "period": "x.period", "year": "r.year", "issuer": "r.issuer_id", "start": "m.start_at",
	},
}

var entityColumn = map[string]string{
	"id": "e.id", "name": "e.name", "names": "e.id", "reportCount": "e.report_count", "mentionCount": "e.mention_count",
	"code": "e.code", "level": "e.level", "parent": "e.parent_id", "scope": "e.scope", "category": "e.category",
	"variantOf": "e.variant_of", "partOf": "e.part_of", "type": "e.law_type", "issuer": "e.issued_by", "unit": "e.unit",
}

// Page counts, then reads one page by its bounds.
func (s *Store) Page(ctx context.Context, q store.PageQuery) (store.Page, error) {
	q, err := q.Check()
	if err != nil {
		return store.Page{}, err
	}
	c := compiler{of: q.Of, columns: columns[q.Of]}
	from, where := c.from()
	if q.Where != nil {
		where = where.and(c.filter(*q.Where))
	}
	after, before := sqlText("FALSE"), sqlText("TRUE")
	if q.After != nil {
		after = c.beyond(q.OrderBy, *q.After, true)
	}
	if q.Before != nil {
		before = c.beyond(q.OrderBy, *q.Before, false)
	}
	var page store.Page
	err = s.read(ctx, "page", func(tx *sql.Tx) error {
		var behind, ahead int
		count := fragment{`SELECT count(*), count(CASE WHEN ` + after.sql + ` THEN 1 END), count(CASE WHEN ` + before.sql + ` THEN 1 END) FROM ` + from,
			slices.Concat(after.args, before.args)}.where(where)
		if err := tx.QueryRowContext(ctx, count.sql, count.args...).Scan(&page.Total, &behind, &ahead); err != nil {
			return err
		}
		afterAfter := 0
		if q.After != nil {
			afterAfter = page.Total - behind
			where = where.and(after)
		}
		if q.Before != nil {
			where = where.and(before)
		}
		start, end := q.Window(page.Total, afterAfter, ahead)
		page.HasPrevious, page.HasNext = start > 0, end < page.Total
		if start == end {
			return nil
		}
		read := c.keys(q, from).where(where)
		read.sql += c.order(q)
		read.args = append(read.args, end-start)
		return each(ctx, tx, read.sql, func(rows *sql.Rows) error {
			key := store.Key{Values: make([]any, len(q.OrderBy))}
			into := make([]any, len(q.OrderBy), len(q.OrderBy)+1)
			for i := range into {
				into[i] = &key.Values[i]
			}
			err := rows.Scan(append(into, &key.ID)...)
			page.Keys = append(page.Keys, key)
			return err
		}, read.args...)
	})
	if q.Backward {
		slices.Reverse(page.Keys)
	}
	return page, err
}

// fragment is a piece of SQL with its parameters.
type fragment struct {
	sql  string
	args []any
}

func sqlText(format string, args ...any) fragment { return fragment{sql: fmt.Sprintf(format, args...)} }

func (f fragment) and(o fragment) fragment {
	return fragment{f.sql + " AND " + o.sql, slices.Concat(f.args, o.args)}
}

func (f fragment) where(o fragment) fragment {
	return fragment{f.sql + " WHERE " + o.sql, slices.Concat(f.args, o.args)}
}

// join joins conditions in parentheses, so that they can stand anywhere.
func join(list []fragment, by, none string) fragment {
	if len(list) == 0 {
		return sqlText("%s", none)
	}
	var joined fragment
	var parts []string
	for _, f := range list {
		parts = append(parts, f.sql)
		joined.args = append(joined.args, f.args...)
	}
	joined.sql = "(" + strings.Join(parts, by) + ")"
	return joined
}

// compiler turns checked questions about one collection into SQL. Only names
// of its own columns become text; every value is a parameter. A condition is
// never NULL, so that NOT may stand before it.
type compiler struct {
	of      store.Collection
	columns map[string]string
}

func (c compiler) from() (tables string, where fragment) {
	switch c.of {
	case store.Reports:
		return "report r", sqlText("TRUE")
	case store.Metrics:
		return "metric x JOIN mention m ON m.id = x.mention_id JOIN report r ON r.id = m.report_id", sqlText("TRUE")
	}
	return "entity e", fragment{"e.kind = ? AND " + known, []any{c.of.Kind()}}
}

// known holds for an entity e of a collection, see store.Collection: for one
// that reports name or that issued one, and for what such refer to.
const known = `(e.report_count > 0 OR EXISTS (
	WITH RECURSIVE below (id) AS (
		SELECT e.id
		UNION SELECT o.id FROM below JOIN entity o ON o.parent_id = below.id
		UNION SELECT o.id FROM below JOIN entity o ON o.variant_of = below.id
		UNION SELECT o.id FROM below JOIN entity o ON o.part_of = below.id
		UNION SELECT o.id FROM below JOIN entity o ON o.issued_by = below.id)
	SELECT 1 FROM below JOIN entity b ON b.id = below.id
	WHERE b.report_count > 0 OR EXISTS (SELECT 1 FROM report WHERE issuer_id = b.id)))`

func (c compiler) keys(q store.PageQuery, from string) fragment {
	var list []string
	for _, o := range q.OrderBy {
		list = append(list, c.columns[o.Field])
	}
	return sqlText("SELECT %s FROM %s", strings.Join(append(list, c.columns["id"]), ", "), from)
}

// order orders so that the page comes first. NULL is the least of all values.
func (c compiler) order(q store.PageQuery) string {
	s := " ORDER BY "
	for _, o := range append(slices.Clone(q.OrderBy), store.Order{Field: "id"}) {
		s += c.columns[o.Field]
		if o.Desc != q.Backward {
			s += " DESC"
		}
		s += ", "
	}
	return strings.TrimSuffix(s, ", ") + " LIMIT ?"
}

// beyond holds for the elements after k, or before it.
func (c compiler) beyond(by []store.Order, k store.Key, after bool) fragment {
	beyond := c.farther(store.Order{Field: "id"}, k.ID, after)
	for i := len(by) - 1; i >= 0; i-- {
		column := c.columns[by[i].Field]
		equal := join([]fragment{{column + " IS ?", []any{k.Values[i]}}, beyond}, " AND ", "")
		beyond = join([]fragment{c.farther(by[i], k.Values[i], after), equal}, " OR ", "")
	}
	return beyond
}

func (c compiler) farther(by store.Order, v any, after bool) fragment {
	column := c.columns[by.Field]
	switch up := by.Desc != after; {
	case v == nil && up:
		return sqlText("(%s IS NOT NULL)", column)
	case v == nil:
		return sqlText("FALSE")
	case up:
		return fragment{"(" + column + " IS NOT NULL AND " + column + " > ?)", []any{v}}
	}
	return fragment{"(" + column + " IS NULL OR " + column + " < ?)", []any{v}}
}

func (c compiler) filter(f store.Filter) fragment {
	switch {
	case f.Not != nil:
		not := c.filter(*f.Not)
		return fragment{"(NOT " + not.sql + ")", not.args}
	case f.Or != nil:
		return join(c.filters(f.Or), " OR ", "FALSE")
	case f.Field == "":
		return join(c.filters(f.And), " AND ", "TRUE")
	case store.Fields[c.of][f.Field] != store.FieldNames:
		return comparison(c.columns[f.Field], f.Op, f.Value)
	}
	op, not := f.Op, ""
	if op == store.OpNe {
		op, not = store.OpEq, "NOT "
	}
	cond := comparison("key", op, f.Value)
	return fragment{"(" + c.columns[f.Field] + " " + not + "IN (SELECT entity_id FROM entity_name WHERE " + cond.sql + "))", cond.args}
}

func (c compiler) filters(list []store.Filter) []fragment {
	var compiled []fragment
	for _, f := range list {
		compiled = append(compiled, c.filter(f))
	}
	return compiled
}

// comparisons are the operators with %s for the column. Those that would be
// NULL for an absent value say that they are false.
var comparisons = map[store.Op]string{
	store.OpEq:         "%s IS ?",
	store.OpNe:         "%s IS NOT ?",
	store.OpIn:         "%[1]s IS NOT NULL AND %[1]s IN (SELECT value FROM json_each(?))",
	store.OpLt:         "%[1]s IS NOT NULL AND %[1]s < ?",
	store.OpLte:        "%[1]s IS NOT NULL AND %[1]s <= ?",
	store.OpGt:         "%[1]s IS NOT NULL AND %[1]s > ?",
	store.OpGte:        "%[1]s IS NOT NULL AND %[1]s >= ?",
	store.OpContains:   "%[1]s IS NOT NULL AND instr(%[1]s, ?) > 0",
	store.OpStartsWith: "%[1]s IS NOT NULL AND substr(%[1]s, 1, length(?)) = ?",
}

func comparison(column string, op store.Op, value any) fragment {
	args := []any{value}
	switch op {
	case store.OpIn:
		args = []any{list(value.([]any))}
	case store.OpStartsWith:
		args = []any{value, value}
	case store.OpWithin:
		return within(column, value.(string))
	}
	return fragment{"(" + fmt.Sprintf(comparisons[op], column) + ")", args}
}
