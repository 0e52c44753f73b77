package neo4jstore

import (
	"fmt"
	"strings"
)

// All Cypher of this package is in this file, in cypher_write.go and, for the
// parts of a page's filter and order, in page.go. Values are parameters always.

// Of the meta node.
const (
	mergeMeta = `
MERGE (g:Graphd {id: 'graphd'})
ON CREATE SET g.schema = $schema, g.revision = 0, g.epoch = $epoch
RETURN g.schema AS schema`

	readMark = `
MATCH (g:Graphd {id: 'graphd'})
RETURN g.revision AS revision, g.epoch AS epoch, g.removed AS removed, g.removedIn AS removedIn, coalesce(g.forgotten, 0) AS forgotten`

	readRevision = `MATCH (g:Graphd {id: 'graphd'}) RETURN g.revision AS revision`
)

// The full-text index narrows, see search.go. The cjk analyzer cuts Chinese
// into pairs of characters, so that every pair of a text is found.
const (
	createSearchIndex = `
CREATE FULLTEXT INDEX graphd_search IF NOT EXISTS
FOR (n:Passage|Report|Jurisdiction|Practice|Law|LawFirm|Indicator) ON EACH [n.folded, n.names]
OPTIONS {indexConfig: {` + "`fulltext.analyzer`: 'cjk', `fulltext.eventually_consistent`" + `: false}}`

	// createFingerprintIndex makes each fingerprint of a report a word that it
	// is found by: a posting list, without a node for each of them.
	createFingerprintIndex = `
CREATE FULLTEXT INDEX graphd_fingerprints IF NOT EXISTS
FOR (n:Report) ON EACH [n.fingerprints]
OPTIONS {indexConfig: {` + "`fulltext.analyzer`: 'whitespace', `fulltext.eventually_consistent`" + `: false}}`

	createRevisionIndex = `CREATE INDEX graphd_report_revision IF NOT EXISTS FOR (r:Report) ON (r.revision)`

	awaitIndexes = `CALL db.awaitIndexes(300)`
)

// Of sources and reports.
const (
	// readState finds the reports that a batch is about, with their sources.
	readState = `
CALL {
  MATCH (r:Report) WHERE r.id IN $reports RETURN r
  UNION
  MATCH (r:Report)-[:READ_FROM]->(s:Source) WHERE s.location IN $locations RETURN r
}
RETURN r.id AS id, r.digest AS digest, [(r)-[:READ_FROM]->(s) | properties(s)] AS sources`

	readSources = `
MATCH (r:Report)-[:READ_FROM]->(s:Source) WHERE s.location IN $locations
RETURN r.id AS report, s.location AS location, s.contentHash AS contentHash, s.extractor AS extractor`

	readReports = `
MATCH (r:Report) WHERE r.id IN $ids
RETURN r {.id, .title, .department, .year, .published, .docNumber, .addressee, .composed} AS props,
  CASE WHEN $full THEN r.text END AS text,
  [(r)-[:ISSUED_BY]->(j) | j.id][0] AS issuer,
  [(r)-[:READ_FROM]->(s) | properties(s)] AS sources`

	readPassages = `
MATCH (r:Report)-[:HAS_PASSAGE]->(p:Passage) WHERE r.id IN $ids
RETURN r.id AS report, p.start AS start, p.end AS end, p.section AS section
ORDER BY report, start`
)

// Of decisions.
const (
	readDecisions = `MATCH (d:Decision) RETURN d.whole AS whole ORDER BY toInteger(split(d.id, ':')[1])`

	mergeDecision = `
MERGE (d:Decision {id: $id})
SET d = $props`

	readOriginals = `
MATCH (r:Report) WHERE r.id IN $ids AND r.original IS NOT NULL
RETURN r.id AS id, r.original AS facts`

	allOriginals = `
MATCH (r:Report) WHERE r.original IS NOT NULL
RETURN r.id AS id, r.original AS facts`

	readReferring = `
CALL () {
  MATCH (e:Practice|Law|LawFirm|Indicator|Jurisdiction)<-[:MENTIONS|CITES|RETAINS|NAMES]-(r:Report) WHERE e.id IN $ids RETURN r
  UNION
  MATCH (e:Indicator)<-[:MEASURES]-(:Metric)<-[:STATES]-(r:Report) WHERE e.id IN $ids RETURN r
  UNION
  MATCH (e:Practice|Law|LawFirm|Jurisdiction)<-[:CANDIDATE]-(:Unresolved)<-[:LEAVES_OPEN]-(r:Report) WHERE e.id IN $ids RETURN r
}
RETURN r.id AS id ORDER BY id`
)

// refTypes are the relationships from one entity to another.
const refTypes = "PART_OF|VARIANT_OF|ISSUED_BY"

// knownEntity holds for an entity e of a collection, see store.Collection: for
// one that reports name or that issued one, and for what such refer to. The way
// begins at e itself, so that for most it is not gone.
const knownEntity = `EXISTS { (e)<-[:` + refTypes + `*0..]-(o) WHERE o:Report OR o.reportCount > 0 }`

const entityColumns = `properties(e) AS props, [(e)-[x:` + refTypes + `]->(o) | {type: type(x), id: o.id}] AS refs`

// Of entities: by ID, and all.
var (
	readEntities = eachLabel(`MATCH (e:LABEL) WHERE e.id IN $ids RETURN ` + entityColumns)
	allEntities  = eachLabel(`MATCH (e:LABEL) RETURN ` + entityColumns)
)

// eachLabel joins the statement for each label of an entity.
func eachLabel(statement string) string {
	var parts []string
	for _, k := range entityKinds {
		parts = append(parts, strings.ReplaceAll(statement, "LABEL", labels[k]))
	}
	return strings.Join(parts, "\nUNION ALL\n")
}

// Of postings. The strongest of the statuses is chosen in Go.
const (
	readPostings = `
MATCH (r:Report) WHERE r.revision > $after
RETURN r.id AS id, [(r)-[:ISSUED_BY]->(j) | j.id][0] AS issuer, r.department AS department, r.year AS year`

	readPracticeTerms = `
MATCH (r:Report) WHERE r.revision > $after
MATCH (r)-[m:MENTIONS]->(e:Practice)
RETURN r.id AS report, e.id AS entity, collect(DISTINCT m.status) AS statuses`

	readOtherTerms = `
MATCH (r:Report) WHERE r.revision > $after
MATCH (r)-[:NAMES|CITES|RETAINS]->(e)
RETURN r.id AS report, collect(DISTINCT e.id) AS entities
UNION ALL
MATCH (r:Report) WHERE r.revision > $after
MATCH (r)-[:STATES]->(:Metric)-[:MEASURES]->(e)
RETURN r.id AS report, collect(DISTINCT e.id) AS entities`

	// readSharing finds one more than the limit, which tells what is common.
	readSharing = `
UNWIND $words AS word
CALL (word) {
  CALL db.index.fulltext.queryNodes('graphd_fingerprints', word, {limit: $limit + 1}) YIELD node
  RETURN collect(node.id) AS reports
}
WITH word, reports WHERE size(reports) > 0
RETURN word, reports`
)

// Of mentions: three ways to find candidates (r)-[m]->(t), and one way to
// filter and return them. A parameter that is null does not restrict.
var (
	mentionsByID       = "CALL {" + mentionsByIDParts() + "}" + mentionRows
	mentionsByReport   = "MATCH (r:Report)-[m:NAMES|MENTIONS|CITES|RETAINS|STATES|LEAVES_OPEN]->(t) WHERE r.id IN $reports" + mentionRows
	mentionsByEntities = `CALL {
  MATCH (t:Jurisdiction)<-[m:NAMES]-(r:Report) WHERE t.id IN $entities RETURN r, m, t
  UNION ALL
  MATCH (t:Practice)<-[m:MENTIONS]-(r:Report) WHERE t.id IN $entities RETURN r, m, t
  UNION ALL
  MATCH (t:Law)<-[m:CITES]-(r:Report) WHERE t.id IN $entities RETURN r, m, t
  UNION ALL
  MATCH (t:LawFirm)<-[m:RETAINS]-(r:Report) WHERE t.id IN $entities RETURN r, m, t
  UNION ALL
  MATCH (i:Indicator)<-[:MEASURES]-(t:Metric)<-[m:STATES]-(r:Report) WHERE i.id IN $entities RETURN r, m, t
}` + mentionRows
)

func mentionsByIDParts() string {
	var parts []string
	for _, t := range []string{"NAMES", "MENTIONS", "CITES", "RETAINS", "STATES", unresolvedType} {
		parts = append(parts, fmt.Sprintf("MATCH (r:Report)-[m:%s]->(t) WHERE m.id IN $ids RETURN r, m, t", t))
	}
	return strings.Join(parts, "\nUNION ALL\n")
}

const mentionRows = `
WITH r, m, t, coalesce(t.kind, $kindOf[type(m)]) AS kind,
  CASE WHEN t:Metric THEN [(t)-[:MEASURES]->(i) | i.id][0] WHEN t:Unresolved THEN null ELSE t.id END AS entity
WHERE ($ids IS NULL OR m.id IN $ids)
  AND ($reports IS NULL OR r.id IN $reports)
  AND ($entities IS NULL OR entity IN $entities)
  AND ($kinds IS NULL OR kind IN $kinds)
  AND (NOT $unresolved OR t:Unresolved)
MATCH (p:Passage {id: r.id + '#' + toString(m.passage)})
RETURN r.id AS report, kind, entity, properties(m) AS props,
  CASE WHEN t:Unresolved THEN [(t)-[:CANDIDATE]->(c) | c.id] END AS candidates,
  CASE WHEN t:Metric THEN properties(t) END AS metric,
  CASE WHEN t:Metric THEN [(t)-[:PART_OF]->(w:Metric) | w.id][0] END AS parent,
  p.start AS start, p.end AS end, p.section AS section, p.text AS text`

// Of search. FIND_… are replaced by a look-up in the index or by a match of
// all; CONTAINS decides either way.
const (
	reportPasses = `coalesce(r.year, 0) >= $from AND ($to = 0 OR r.year <= $to)
  AND ($within IS NULL OR EXISTS { (r)-[:ISSUED_BY]->(j) WHERE j.id = $within OR j.id STARTS WITH $inside })`

	searchEntities = `
FIND_ENTITY
WHERE any(l IN labels(e) WHERE l IN $labels) AND any(x IN e.names WHERE x CONTAINS $key) AND ` + knownEntity + `
  AND ($within IS NULL OR NOT e:Jurisdiction OR e.id = $within OR e.id STARTS WITH $inside)
  AND ($from = 0 AND $to = 0 AND ($within IS NULL OR e:Jurisdiction)
    OR EXISTS { MATCH (e)<-[:NAMES|MENTIONS|CITES|RETAINS]-(r:Report) WHERE ` + reportPasses + ` }
    OR EXISTS { MATCH (e)<-[:MEASURES]-(:Metric)<-[:STATES]-(r:Report) WHERE ` + reportPasses + ` })
RETURN ` + entityColumns

	searchTexts = `
CALL {
  FIND_PASSAGE
  MATCH (r:Report)-[:HAS_PASSAGE]->(p)
  WHERE $passages AND p.folded CONTAINS $key AND ` + reportPasses + `
  RETURN r, p
  UNION ALL
  FIND_REPORT
  WHERE $titles AND r:Report AND r.folded CONTAINS $key AND ` + reportPasses + `
  RETURN r, null AS p
}
WITH r, p, coalesce(r.year, 0) AS year, coalesce(r.idOrder, r.id) AS report, coalesce(p.start, -1) AS position
WHERE ($after IS NULL OR year < $after.year
  OR year = $after.year AND (report > $after.report OR report = $after.report AND position > $after.start))
  AND ($before IS NULL OR year > $before.year
  OR year = $before.year AND (report < $before.report OR report = $before.report AND position < $before.start))
WITH r, p, year, report, position ORDER BY HIT_ORDER LIMIT $limit
RETURN r.id AS report, r.title AS title, year, p IS NOT NULL AS passage,
  p.start AS start, p.end AS end, p.section AS section, p.text AS text`
)
