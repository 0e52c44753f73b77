package main

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"graphd/bench/corpus"
	"graphd/internal/adoption"
	"graphd/internal/kg"
	"graphd/internal/store"
	"graphd/internal/store/neo4jstore"
	"graphd/internal/store/neo4jtest"
	"graphd/internal/store/sqlitestore"
)

// agreement is a question that the index answers and that one query of each
// engine can answer too: rows of numbers and names. Parameters are $practice,
// $family (a list), $from, $to, $report, $previous; SQL has them by position in
// that order, the list as JSON.
type agreement struct {
	name        string
	index       func(x *adoption.Index, p params) [][]any
	sql, cypher string
}

type params struct {
	practice         string
	family           []string
	from, to         int
	report, previous string
}

const adopts = `('IMPLEMENTED', 'QUANTIFIED', 'HONOURED')`

var agreements = []agreement{
	{
		name: "spread: adopters by year",
		index: func(x *adoption.Index, p params) (rows [][]any) {
			q := adoption.SpreadQuery{PracticeID: p.practice, MinStatus: kg.StatusImplemented, IncludeVariants: true, From: p.from, To: p.to}
			for _, y := range x.Spread(q).Timeline {
				rows = append(rows, []any{y.Year, y.Observed, y.Adopting, y.MentionedOnly, y.Silent})
			}
			return rows
		},
		sql: `WITH state AS (
				SELECT r.issuer_id AS j, r.year, max(r.department IS NULL) AS own,
					max(coalesce((SELECT max(iif(t.status IN ` + adopts + `, 2, 1)) FROM posting t
						WHERE t.report_id = r.id AND t.entity_id IN (SELECT value FROM json_each(?2))), 0)) AS best
				FROM report r WHERE r.issuer_id IS NOT NULL AND r.year BETWEEN ?3 AND ?4 GROUP BY 1, 2)
			SELECT year, sum(own OR best = 2), sum(best = 2), sum(own AND best = 1), sum(own AND best = 0) FROM state GROUP BY year`,
		cypher: `MATCH (r:Report)-[:ISSUED_BY]->(j) WHERE $from <= r.year <= $to
			OPTIONAL MATCH (r)-[m:MENTIONS]->(p:Practice) WHERE p.id IN $family
			WITH j, r.year AS year, max(CASE WHEN r.department IS NULL THEN 1 ELSE 0 END) AS own,
				max(CASE WHEN m.status IN ['IMPLEMENTED', 'QUANTIFIED', 'HONOURED'] THEN 2 WHEN m IS NULL THEN 0 ELSE 1 END) AS best
			RETURN year, sum(CASE WHEN own = 1 OR best = 2 THEN 1 ELSE 0 END), sum(CASE WHEN best = 2 THEN 1 ELSE 0 END),
				sum(CASE WHEN own = 1 AND best = 1 THEN 1 ELSE 0 END), sum(CASE WHEN own = 1 AND best = 0 THEN 1 ELSE 0 END)`,
	},
	{
		name: "spread: first adopters",
		index: func(x *adoption.Index, p params) (rows [][]any) {
			for _, a := range x.Adopters(adoption.SpreadQuery{PracticeID: p.practice, MinStatus: kg.StatusImplemented, IncludeVariants: true}) {
				rows = append(rows, []any{a.JurisdictionID, a.Since, a.LastSeen})
			}
			return rows
		},
		sql: `SELECT r.issuer_id, min(r.year), max(r.year) FROM posting t JOIN report r ON r.id = t.report_id
			WHERE t.entity_id IN (SELECT value FROM json_each(?2)) AND t.status IN ` + adopts + ` AND r.issuer_id IS NOT NULL AND r.year IS NOT NULL GROUP BY 1`,
		cypher: `MATCH (p:Practice)<-[m:MENTIONS]-(r:Report)-[:ISSUED_BY]->(j)
			WHERE p.id IN $family AND m.status IN ['IMPLEMENTED', 'QUANTIFIED', 'HONOURED'] AND r.year IS NOT NULL
			RETURN j.id, min(r.year), max(r.year)`,
	},
	{
		name: "trending: the years compared",
		index: func(x *adoption.Index, p params) (rows [][]any) {
			for _, t := range x.Trending(adoption.TrendQuery{From: p.from, To: p.to, MinStatus: kg.StatusImplemented}) {
				if len(x.Variants(t.PracticeID)) == 0 {
					rows = append(rows, []any{t.PracticeID, t.First.Adopting, t.Last.Adopting})
				}
			}
			return rows
		},
		sql: trendSQL, cypher: trendCypher,
	},
	{
		name: "similar: what is shared",
		index: func(x *adoption.Index, p params) (rows [][]any) {
			issuer, _ := x.Report(p.report)
			for _, s := range x.SimilarTo(issuer.IssuerID, 1000) {
				shared := 0
				for _, r := range s.Shared {
					if r.Rarity > 0 {
						shared++
					}
				}
				rows = append(rows, []any{s.JurisdictionID, shared})
			}
			return rows
		},
		sql: `WITH named AS (SELECT DISTINCT r.issuer_id AS j, t.entity_id AS e FROM posting t JOIN report r ON r.id = t.report_id JOIN entity n ON n.id = t.entity_id
				WHERE r.issuer_id IS NOT NULL AND (n.kind IN ('LAW', 'LAW_FIRM') OR n.kind = 'PRACTICE' AND t.status IN ` + adopts + `)),
			rare AS (SELECT e FROM named GROUP BY e HAVING count(*) < (SELECT count(DISTINCT issuer_id) FROM report))
			SELECT b.j, count(*) FROM named a JOIN named b ON b.e = a.e AND b.j <> a.j
			WHERE a.j = (SELECT issuer_id FROM report WHERE id = ?5) AND a.e IN rare GROUP BY b.j`,
		cypher: `MATCH (:Report {id: $report})-[:ISSUED_BY]->(j)
			MATCH (j)<-[:ISSUED_BY]-(:Report)-[m:MENTIONS|CITES|RETAINS]->(e)
			WHERE type(m) <> 'MENTIONS' OR m.status IN ['IMPLEMENTED', 'QUANTIFIED', 'HONOURED']
			WITH DISTINCT j, e
			MATCH (e)<-[m:MENTIONS|CITES|RETAINS]-(:Report)-[:ISSUED_BY]->(k)
			WHERE type(m) <> 'MENTIONS' OR m.status IN ['IMPLEMENTED', 'QUANTIFIED', 'HONOURED']
			WITH j, e, collect(DISTINCT k) AS namers
			WHERE size(namers) < COUNT { MATCH (:Report)-[:ISSUED_BY]->(x) RETURN DISTINCT x }
			UNWIND namers AS k WITH j, k, e WHERE k <> j RETURN k.id, count(e)`,
	},
	{
		name: "law use",
		index: func(x *adoption.Index, p params) (rows [][]any) {
			for _, u := range x.LawUses(adoption.UseQuery{From: p.from, To: p.to}, 1000) {
				rows = append(rows, []any{u.LawID, len(u.ReportIDs), u.Jurisdictions})
			}
			return rows
		},
		sql: `SELECT n.id, count(*), count(DISTINCT r.issuer_id) FROM entity n JOIN posting t ON t.entity_id = n.id JOIN report r ON r.id = t.report_id
			WHERE n.kind = 'LAW' AND r.year BETWEEN ?3 AND ?4 GROUP BY n.id`,
		cypher: `MATCH (l:Law)<-[:CITES]-(r:Report) WHERE $from <= r.year <= $to
			OPTIONAL MATCH (r)-[:ISSUED_BY]->(j) RETURN l.id, count(DISTINCT r), count(DISTINCT j)`,
	},
	{
		name: "law use: superseded",
		index: func(x *adoption.Index, p params) (rows [][]any) {
			for _, u := range x.LawUses(adoption.UseQuery{}, 1000) {
				if len(u.SupersededIDs) > 0 {
					rows = append(rows, []any{u.LawID, len(u.SupersededIDs)})
				}
			}
			return rows
		},
		sql: `SELECT n.id, count(*) FROM entity n JOIN posting t ON t.entity_id = n.id JOIN report r ON r.id = t.report_id
			WHERE n.kind = 'LAW' AND n.versions IS NOT NULL AND r.year IS NOT NULL
				AND NOT EXISTS (SELECT 1 FROM json_each(n.versions) v WHERE coalesce(v.value ->> 'Effective', '') <= r.year || '-12-31'
					AND (coalesce(v.value ->> 'Until', '') = '' OR v.value ->> 'Until' > r.year || '-01-01')) GROUP BY n.id`,
		cypher: `MATCH (l:Law)<-[:CITES]-(r:Report) WHERE l.versionsEffective IS NOT NULL AND r.year IS NOT NULL
			AND NOT any(i IN range(0, size(l.versionsEffective) - 1) WHERE l.versionsEffective[i] <= toString(r.year) + '-12-31'
				AND (l.versionsUntil[i] = '' OR l.versionsUntil[i] > toString(r.year) + '-01-01'))
			RETURN l.id, count(DISTINCT r)`,
	},
	{
		name: "law firms",
		index: func(x *adoption.Index, p params) (rows [][]any) {
			for _, u := range x.FirmUses(adoption.UseQuery{From: p.from, To: p.to}) {
				rows = append(rows, []any{u.FirmID, len(u.Clients), len(u.Years)})
			}
			return rows
		},
		sql: `SELECT n.id, count(DISTINCT r.issuer_id), count(DISTINCT r.year) FROM entity n JOIN posting t ON t.entity_id = n.id JOIN report r ON r.id = t.report_id
			WHERE n.kind = 'LAW_FIRM' AND r.issuer_id IS NOT NULL AND r.year BETWEEN ?3 AND ?4 GROUP BY n.id`,
		cypher: `MATCH (f:LawFirm)<-[:RETAINS]-(r:Report)-[:ISSUED_BY]->(j) WHERE $from <= r.year <= $to
			RETURN f.id, count(DISTINCT j), count(DISTINCT r.year)`,
	},
	{
		name: "changes: gained",
		index: func(x *adoption.Index, p params) (rows [][]any) {
			c, _ := x.Changes(p.report)
			for _, id := range c.Gained {
				rows = append(rows, []any{id})
			}
			return rows
		},
		sql: `SELECT t.entity_id FROM posting t JOIN entity n ON n.id = t.entity_id WHERE n.kind = 'PRACTICE' AND t.report_id = ?5
			EXCEPT SELECT entity_id FROM posting WHERE report_id = ?6`,
		cypher: `MATCH (:Report {id: $report})-[:MENTIONS]->(p) WHERE NOT EXISTS { (:Report {id: $previous})-[:MENTIONS]->(p) } RETURN DISTINCT p.id`,
	},
	{
		name: "changes: no longer mentioned",
		index: func(x *adoption.Index, p params) (rows [][]any) {
			c, _ := x.Changes(p.report)
			for _, id := range c.NoLongerMentioned {
				rows = append(rows, []any{id})
			}
			return rows
		},
		sql: `SELECT t.entity_id FROM posting t JOIN entity n ON n.id = t.entity_id WHERE n.kind = 'PRACTICE' AND t.report_id = ?6
			EXCEPT SELECT entity_id FROM posting WHERE report_id = ?5`,
		cypher: `MATCH (:Report {id: $previous})-[:MENTIONS]->(p) WHERE NOT EXISTS { (:Report {id: $report})-[:MENTIONS]->(p) } RETURN DISTINCT p.id`,
	},
	{
		name: "path: length",
		index: func(x *adoption.Index, p params) [][]any {
			found, ok := x.Path(p.report, p.practice, 8)
			if !ok {
				return nil
			}
			return [][]any{{len(found.Links)}}
		},
		cypher: `MATCH (a:Report {id: $report}), (b:Practice {id: $practice})
			MATCH path = shortestPath((a)-[:MENTIONS|CITES|RETAINS|NAMES|ISSUED_BY|STATES|MEASURES*..16]-(b))
			RETURN size([n IN nodes(path) WHERE NOT n:Metric]) - 1`,
	},
}

// Of practices without variants, whose share is a count of jurisdictions over
// the same observed ones in SQL and in Cypher.
const (
	trendSQL = `WITH RECURSIVE own AS (SELECT DISTINCT issuer_id AS j, year FROM report WHERE department IS NULL AND issuer_id IS NOT NULL AND year IN (?3, ?4)),
		adopting AS (SELECT DISTINCT t.entity_id AS p, r.issuer_id AS j, r.year FROM posting t JOIN report r ON r.id = t.report_id JOIN entity n ON n.id = t.entity_id
			WHERE n.kind = 'PRACTICE' AND t.status IN ` + adopts + ` AND r.issuer_id IS NOT NULL AND r.year IN (?3, ?4)),
		counted AS (SELECT p, sum(a.year = ?3) AS k0, sum(a.year = ?4) AS k1,
			(SELECT count(*) FROM own WHERE year = ?3) + sum(a.year = ?3 AND NOT EXISTS (SELECT 1 FROM own o WHERE o.j = a.j AND o.year = a.year)) AS n0,
			(SELECT count(*) FROM own WHERE year = ?4) + sum(a.year = ?4 AND NOT EXISTS (SELECT 1 FROM own o WHERE o.j = a.j AND o.year = a.year)) AS n1
			FROM adopting a GROUP BY p)
		SELECT p, k0, k1 FROM counted WHERE n0 > 0 AND n1 > 0 AND 1.0 * k1 / n1 > 1.0 * k0 / n0 AND NOT EXISTS (SELECT 1 FROM entity v WHERE v.variant_of = p)`
	trendCypher = `CALL () { MATCH (r:Report)-[:ISSUED_BY]->(j) WHERE r.department IS NULL AND r.year = $from RETURN count(DISTINCT j) AS own0 }
		CALL () { MATCH (r:Report)-[:ISSUED_BY]->(j) WHERE r.department IS NULL AND r.year = $to RETURN count(DISTINCT j) AS own1 }
		MATCH (p:Practice)<-[m:MENTIONS]-(r:Report)-[:ISSUED_BY]->(j)
		WHERE r.year IN [$from, $to] AND m.status IN ['IMPLEMENTED', 'QUANTIFIED', 'HONOURED'] AND NOT EXISTS { (:Practice)-[:VARIANT_OF]->(p) }
		WITH DISTINCT own0, own1, p, j, r.year AS year
		WITH own0, own1, p, year, CASE WHEN EXISTS { (j)<-[:ISSUED_BY]-(o:Report {year: year}) WHERE o.department IS NULL } THEN 0 ELSE 1 END AS alone
		WITH own0, own1, p, sum(CASE year WHEN $from THEN 1 ELSE 0 END) AS k0, sum(CASE year WHEN $to THEN 1 ELSE 0 END) AS k1,
			sum(CASE year WHEN $from THEN alone ELSE 0 END) AS a0, sum(CASE year WHEN $to THEN alone ELSE 0 END) AS a1
		WHERE own0 + a0 > 0 AND own1 + a1 > 0 AND 1.0 * k1 / (own1 + a1) > 1.0 * k0 / (own0 + a0)
		RETURN p.id, k0, k1`
)

// asked are parameters that a corpus has answers for.
func asked(x *adoption.Index) params {
	q := spreadOf(x)
	years := x.Years()
	p := params{practice: q.PracticeID, family: append(x.Variants(q.PracticeID), q.PracticeID), from: years[2], to: years[len(years)-2]}
	for _, id := range x.IDsOf(kg.KindJurisdiction) {
		for _, r := range x.Issued(id) {
			if c, ok := x.Changes(r.ReportID); ok && len(c.Gained) > len(p.report) {
				p.report, p.previous = r.ReportID, c.PreviousID
			} else if ok && p.report == "" {
				p.report, p.previous = r.ReportID, c.PreviousID
			}
		}
	}
	return p
}

// canonical makes rows comparable: numbers as int64, in order.
func canonical(rows [][]any) [][]any {
	out := make([][]any, 0, len(rows))
	for _, row := range rows {
		r := make([]any, len(row))
		for i, v := range row {
			switch n := v.(type) {
			case int:
				v = int64(n)
			case []byte:
				v = string(n)
			}
			r[i] = v
		}
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b []any) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return out
}

func load(t *testing.T, s store.Store, seed uint64, n int) *adoption.Index {
	t.Helper()
	for batch := range batches(corpus.Generate(seed, n), 50) {
		if _, err := s.Apply(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
	}
	x, err := adoption.NewLive(s).Current(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return x
}

var sizes = []struct {
	seed uint64
	n    int
}{{3, 50}, {4, 200}, {5, 500}}

func TestIndexAgreesWithSQL(t *testing.T) {
	for _, size := range sizes {
		path := filepath.Join(t.TempDir(), "graph.db")
		s, err := sqlitestore.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close(context.Background())
		x := load(t, s, size.seed, size.n)
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		p := asked(x)
		for _, a := range agreements {
			if a.sql == "" {
				continue
			}
			want := canonical(a.index(x, p))
			if size.n == 500 && len(want) == 0 {
				t.Errorf("%s has no answer to compare", a.name)
			}
			if got := canonical(query(t, db, a, p)); !reflect.DeepEqual(got, want) {
				t.Errorf("%d reports: %s: SQL gives\n%.900v\nand the index\n%.900v", size.n, a.name, got, want)
			}
		}
	}
}

func query(t *testing.T, db *sql.DB, a agreement, p params) [][]any {
	t.Helper()
	family := `["` + strings.Join(p.family, `","`) + `"]`
	rows, err := db.QueryContext(t.Context(), "SELECT * FROM ("+a.sql+") WHERE coalesce(?1, ?2, ?3, ?4, ?5, ?6) IS NOT NULL", p.practice, family, p.from, p.to, p.report, p.previous)
	if err != nil {
		t.Fatalf("%s: %v", a.name, err)
	}
	defer rows.Close()
	columns, _ := rows.Columns()
	var list [][]any
	for rows.Next() {
		row, to := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			to[i] = &row[i]
		}
		if err := rows.Scan(to...); err != nil {
			t.Fatal(err)
		}
		list = append(list, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", a.name, err)
	}
	return list
}

// On Neo4j the sizes at both ends do: writing is what takes the time.
func TestIndexAgreesWithCypher(t *testing.T) {
	cfg := neo4jtest.Server(t)
	server, err := connect(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer server.close(context.Background())
	for _, size := range []int{0, 2} {
		size := sizes[size]
		cfg.Empty(t)
		s, err := neo4jstore.Open(t.Context(), cfg.URI, neo4jstore.Auth{Username: cfg.Username, Password: cfg.Password, Database: cfg.Database})
		if err != nil {
			t.Fatal(err)
		}
		x := load(t, s, size.seed, size.n)
		p := asked(x)
		of, err := subjectOf(x)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range agreements {
			rows, keys, err := server.rows(t.Context(), a.cypher, map[string]any{
				"practice": p.practice, "family": p.family, "from": p.from, "to": p.to, "report": p.report, "previous": p.previous,
			})
			if err != nil {
				t.Fatalf("%s: %v", a.name, err)
			}
			want := canonical(a.index(x, p))
			if size.n == 500 && len(want) == 0 {
				t.Errorf("%s has no answer to compare", a.name)
			}
			if got := canonical(rows); !reflect.DeepEqual(got, want) {
				t.Errorf("%d reports: %s: Cypher gives %v\n%.900v\nand the index\n%.900v", size.n, a.name, keys, got, want)
			}
		}
		for _, q := range questions(x, of) {
			want := q.index()
			for i, cypher := range q.cypher {
				if got, err := cypher(t.Context(), server); err != nil || !reflect.DeepEqual(got, want) {
					t.Errorf("%d reports: %s: Cypher %d gives\n%.900v\nand the index\n%.900v (%v)", size.n, q.name, i+1, got, want, err)
				}
			}
		}
		// Both stores give one index.
		lite, err := sqlitestore.Open(t.Context(), ":memory:")
		if err != nil {
			t.Fatal(err)
		}
		y := load(t, lite, size.seed, size.n)
		for _, q := range questions(x, of) {
			other := q.index()
			for _, o := range questions(y, of) {
				if o.name == q.name && !sameAnswer(other, o.index()) {
					t.Errorf("%d reports: %s: the stores differ", size.n, q.name)
				}
			}
		}
		for _, s := range []store.Store{s, lite} {
			if err := s.Close(context.Background()); err != nil {
				t.Error(err)
			}
		}
	}
}

// sameAnswer compares answers as they print: some hold functions.
func sameAnswer(a, b any) bool {
	strip := func(v any) string {
		if trends, ok := v.([]adoption.Trend); ok {
			for i := range trends {
				trends[i].NewAdopters = nil
			}
		}
		return fmt.Sprintf("%+v", deref(v))
	}
	return strip(a) == strip(b)
}

// deref shows shares by value.
func deref(v any) any {
	if trends, ok := v.([]adoption.Trend); ok {
		var list []any
		for _, t := range trends {
			list = append(list, t.PracticeID, t.First.Observed, t.First.Adopting, t.Last.Observed, t.Last.Adopting, t.Gain, t.Low, t.High)
		}
		return list
	}
	if o, ok := v.(adoption.Order); ok {
		return []any{o.Successions, o.Vertical.Adopting, o.Vertical.Observed, o.Horizontal.Adopting}
	}
	return v
}
