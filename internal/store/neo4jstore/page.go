package neo4jstore

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

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

// order is what a string is compared by, see orderKey.
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
	counts, keys := c.counts(), c.keys()
	var page store.Page
	err = s.read(ctx, "page", func(tx neo4j.ManagedTransaction) error {
		rows, err := collect(ctx, tx, counts, props{"q": c.params})
		if err != nil {
			return err
		}
		total := integer(rows[0]["total"])
		start, end := q.Window(total, integer(rows[0]["upto"]), total-integer(rows[0]["from"]))
		page = store.Page{Total: total, HasPrevious: start > 0, HasNext: end < total}
		if start == end {
			return nil
		}
		if rows, err = collect(ctx, tx, keys, props{"q": c.params, "limit": int64(end - start)}); err != nil {
			return err
		}
		for _, row := range rows {
			id, _ := fromOrder(row["id"]).(string)
			k := store.Key{ID: id}
			for i := range q.OrderBy {
				k.Values = append(k.Values, fromOrder(row[fmt.Sprintf("k%d", i)]))
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
