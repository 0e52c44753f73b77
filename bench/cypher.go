package main

import (
	"cmp"
	"context"
	"slices"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"graphd/internal/kg"
	"graphd/internal/store/neo4jtest"
)

// server is the Neo4j that both sides are measured on, asked directly.
type server struct {
	driver neo4j.DriverWithContext
	db     string
}

func connect(cfg neo4jtest.Config) (*server, error) {
	token := neo4j.NoAuth()
	if cfg.Username != "" {
		token = neo4j.BasicAuth(cfg.Username, cfg.Password, "")
	}
	driver, err := neo4j.NewDriverWithContext(cfg.URI, token)
	if err != nil {
		return nil, err
	}
	return &server{driver, cfg.Database}, nil
}

func (s *server) close(ctx context.Context) { s.driver.Close(ctx) }

func (s *server) ask(ctx context.Context, cypher string, params map[string]any) ([]map[string]any, error) {
	values, keys, err := s.rows(ctx, cypher, params)
	rows := make([]map[string]any, len(values))
	for i, row := range values {
		rows[i] = map[string]any{}
		for k, v := range row {
			rows[i][keys[k]] = v
		}
	}
	return rows, err
}

// rows are the records of a query, and the names of their fields.
func (s *server) rows(ctx context.Context, cypher string, params map[string]any) (rows [][]any, keys []string, err error) {
	session := s.driver.NewSession(ctx, neo4j.SessionConfig{DatabaseName: s.db})
	defer session.Close(ctx)
	result, err := session.Run(ctx, cypher, params)
	if err != nil {
		return nil, nil, err
	}
	for result.Next(ctx) {
		rows, keys = append(rows, result.Record().Values), result.Record().Keys
	}
	return rows, keys, result.Err()
}

var adoptingStatuses = []string{kg.StatusImplemented.String(), kg.StatusQuantified.String(), kg.StatusHonoured.String()}

const (
	// timelineByReport looks at every report.
	timelineByReport = `
MATCH (r:Report)-[:ISSUED_BY]->(j:Jurisdiction) WHERE r.year IS NOT NULL
OPTIONAL MATCH (r)-[m:MENTIONS]->(p:Practice) WHERE p.id IN $family
WITH j, r.year AS year, max(CASE WHEN r.department IS NULL THEN 1 ELSE 0 END) AS own,
  max(CASE WHEN m.status IN $adopting THEN 2 WHEN m IS NOT NULL THEN 1 ELSE 0 END) AS best
WITH j, collect({year: year, own: own, best: best}) AS years, min(CASE WHEN best = 2 THEN year END) AS since
UNWIND years AS y
RETURN y.year AS year,
  sum(CASE WHEN y.own = 1 OR y.best = 2 THEN 1 ELSE 0 END) AS observed,
  sum(CASE WHEN y.best = 2 THEN 1 ELSE 0 END) AS adopting,
  sum(CASE WHEN y.best = 1 AND y.own = 1 THEN 1 ELSE 0 END) AS mentionedOnly,
  sum(CASE WHEN since = y.year THEN 1 ELSE 0 END) AS new`

	// timelineByPractice looks at the reports that name the practice, and counts
	// the others.
	timelineByPractice = `
CALL () {
  MATCH (r:Report)-[:ISSUED_BY]->(j:Jurisdiction) WHERE r.year IS NOT NULL AND r.department IS NULL
  WITH DISTINCT r.year AS year, j
  RETURN year, count(j) AS observed, 0 AS adopting, 0 AS mentionedOnly, 0 AS new
  UNION ALL
  MATCH (p:Practice)<-[m:MENTIONS]-(r:Report)-[:ISSUED_BY]->(j:Jurisdiction) WHERE p.id IN $family AND r.year IS NOT NULL
  WITH j, r.year AS year, max(CASE WHEN m.status IN $adopting THEN 2 ELSE 1 END) AS best
  WITH j, year, best, EXISTS { (j)<-[:ISSUED_BY]-(o:Report {year: year}) WHERE o.department IS NULL } AS own
  WITH j, collect({year: year, own: own, best: best}) AS years, min(CASE WHEN best = 2 THEN year END) AS since
  UNWIND years AS y
  RETURN y.year AS year,
    sum(CASE WHEN y.best = 2 AND NOT y.own THEN 1 ELSE 0 END) AS observed,
    sum(CASE WHEN y.best = 2 THEN 1 ELSE 0 END) AS adopting,
    sum(CASE WHEN y.best = 1 AND y.own THEN 1 ELSE 0 END) AS mentionedOnly,
    sum(CASE WHEN since = y.year THEN 1 ELSE 0 END) AS new
}
RETURN year, sum(observed) AS observed, sum(adopting) AS adopting, sum(mentionedOnly) AS mentionedOnly, sum(new) AS new`

	// coAdoptionCypher stands on ADOPTED, which the store sums up when it
	// writes.
	coAdoptionCypher = `
CALL () {
  MATCH (r:Report)-[:ISSUED_BY]->(j:Jurisdiction) WHERE r.year IS NOT NULL AND r.department IS NULL
  RETURN count(DISTINCT j) AS reporting
}
CALL () {
  MATCH (p:Practice)<-[a:ADOPTED]-(j:Jurisdiction) WHERE p.id IN $family
  WITH j, min(a.since) AS since
  RETURN collect({j: j, since: since}) AS ours, count(j) AS adopters,
    sum(CASE WHEN EXISTS { (j)<-[:ISSUED_BY]-(o:Report) WHERE o.department IS NULL AND o.year IS NOT NULL } THEN 0 ELSE 1 END) AS silent
}
WITH reporting, ours, adopters, silent
UNWIND ours AS our
WITH reporting, adopters, silent, our.j AS j, our.since AS since
MATCH (j)-[b:ADOPTED]->(v:Practice)
MATCH (v)-[:VARIANT_OF*0..]->(q:Practice) WHERE NOT q.id IN $family
WITH reporting, adopters, silent, q, j, since, min(b.since) AS other
WITH reporting, adopters, silent, q, count(j) AS both,
  sum(CASE WHEN since < other THEN 1 ELSE 0 END) AS thisFirst, sum(CASE WHEN since > other THEN 1 ELSE 0 END) AS otherFirst
CALL (q) {
  MATCH (k:Jurisdiction)-[:ADOPTED]->(v:Practice)-[:VARIANT_OF*0..]->(q)
  WITH DISTINCT k
  RETURN count(k) AS all
}
CALL (q) {
  MATCH (k:Jurisdiction)-[:ADOPTED]->(v:Practice)-[:VARIANT_OF*0..]->(q)
  WHERE NOT EXISTS { (k)<-[:ISSUED_BY]-(o:Report) WHERE o.department IS NULL AND o.year IS NOT NULL }
    AND NOT EXISTS { (k)-[:ADOPTED]->(f:Practice) WHERE f.id IN $family }
  WITH DISTINCT k
  RETURN count(k) AS others
}
RETURN q.id AS practice, both, adopters - both AS onlyThis, all - both AS onlyOther,
  reporting + silent + others - adopters - all + both AS neither, thisFirst, otherFirst`
)

func (s *server) timeline(ctx context.Context, cypher string, family []string) (any, error) {
	rows, err := s.ask(ctx, cypher, map[string]any{"family": family, "adopting": adoptingStatuses})
	if err != nil {
		return nil, err
	}
	var list []yearCount
	gained := map[int]int{}
	for _, row := range rows {
		n := func(name string) int { return int(row[name].(int64)) }
		y := yearCount{Year: n("year"), Observed: n("observed"), Adopting: n("adopting"), MentionedOnly: n("mentionedOnly")}
		y.Silent = y.Observed - y.Adopting - y.MentionedOnly
		gained[y.Year] = n("new")
		list = append(list, y)
	}
	slices.SortFunc(list, func(a, b yearCount) int { return cmp.Compare(a.Year, b.Year) })
	all := 0
	for i, y := range list {
		all += gained[y.Year]
		list[i].Cumulative = all
	}
	return list, nil
}

func (s *server) coAdoption(ctx context.Context, practice string, family []string) (any, error) {
	rows, err := s.ask(ctx, coAdoptionCypher, map[string]any{"family": family})
	if err != nil {
		return nil, err
	}
	var list []pair
	for _, row := range rows {
		n := func(name string) int { return int(row[name].(int64)) }
		list = append(list, pair{row["practice"].(string), n("both"), n("onlyThis"), n("onlyOther"), n("neither"), n("thisFirst"), n("otherFirst")})
	}
	slices.SortFunc(list, func(a, b pair) int { return cmp.Compare(a.Practice, b.Practice) })
	return list, nil
}
