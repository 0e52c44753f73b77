package neo4jstore

import "strings"

// lockMeta makes writers take turns: the node stays locked until the end of
// the transaction. It creates the node where somebody emptied the database.
const (
	lockMeta = `
MERGE (g:Graphd {id: 'graphd'})
ON CREATE SET g.schema = $schema, g.revision = 0, g.epoch = $epoch
SET g.lock = true
REMOVE g.lock`

	// noteRemoved remembers the last removed reports, and up to which revision
	// they are forgotten.
	noteRemoved = `
MATCH (g:Graphd {id: 'graphd'})
SET g.removed = $removed, g.removedIn = $removedIn, g.forgotten = $forgotten`

	raiseRevision = `MATCH (g:Graphd {id: 'graphd'}) SET g.revision = g.revision + $changes`
)

// Before the contents of reports are replaced.
const (
	// readTally counts, by entity, the mentions in the given reports and the
	// reports among them that mention it; it lists candidates and issuers too,
	// as entities that may lose their last reference.
	readTally = `
MATCH (r:Report)-[m:NAMES|MENTIONS|CITES|RETAINS]->(e) WHERE r.id IN $reports
RETURN e.id AS id, count(m) AS mentions, count(DISTINCT r) AS reports, false AS issuer
UNION ALL
MATCH (r:Report)-[m:STATES]->(:Metric)-[:MEASURES]->(e) WHERE r.id IN $reports
RETURN e.id AS id, count(m) AS mentions, count(DISTINCT r) AS reports, false AS issuer
UNION ALL
MATCH (r:Report)-[:LEAVES_OPEN]->(:Unresolved)-[:CANDIDATE]->(e) WHERE r.id IN $reports
RETURN DISTINCT e.id AS id, 0 AS mentions, 0 AS reports, false AS issuer
UNION ALL
MATCH (r:Report)-[:ISSUED_BY]->(e) WHERE r.id IN $reports
RETURN DISTINCT e.id AS id, 0 AS mentions, 0 AS reports, true AS issuer`

	deleteParts = `
MATCH (r:Report)-[:HAS_PASSAGE|STATES|LEAVES_OPEN]->(n) WHERE r.id IN $reports
DETACH DELETE n`

	deleteLinks = `
MATCH (r:Report)-[m:NAMES|MENTIONS|CITES|RETAINS|ISSUED_BY]->() WHERE r.id IN $reports
DELETE m`

	deleteReports = `
MATCH (r:Report) WHERE r.id IN $reports
OPTIONAL MATCH (r)-[:READ_FROM]->(s:Source)
DETACH DELETE r, s`
)

// Writing. LABEL, FROM, TYPE and TO are replaced by names of the schema.
const (
	// mergeNodes makes nodes have exactly the given properties.
	mergeNodes = `
UNWIND $rows AS row
MERGE (n:LABEL {id: row.id})
SET n = row`

	deleteRefs = `
MATCH (e:LABEL)-[x:` + refTypes + `]->() WHERE e.id IN $ids
DELETE x`

	// createLinks joins nodes that are there.
	createLinks = `
UNWIND $rows AS row
MATCH (a:FROM {id: row.from})
MATCH (b:TO {id: row.to})
CREATE (a)-[m:TYPE]->(b)
SET m = row.props`

	// createParts makes nodes that belong to one that is there.
	createParts = `
UNWIND $rows AS row
MATCH (a:FROM {id: row.from})
CREATE (a)-[m:TYPE]->(b:TO)
SET m = row.props, b = row.node`

	placeSources = `
UNWIND $rows AS row
MERGE (s:Source {location: row.props.location})
SET s = row.props
WITH s, row
OPTIONAL MATCH (s)<-[old:READ_FROM]-(:Report)
DELETE old
WITH DISTINCT s, row
MATCH (r:Report {id: row.from})
CREATE (r)-[:READ_FROM]->(s)`

	addCounts = `
UNWIND $rows AS row
MATCH (e:LABEL {id: row.id})
SET e.reportCount = e.reportCount + row.reports, e.mentionCount = e.mentionCount + row.mentions`
)

// After the contents of reports were replaced.
const (
	deleteAdopted = `
MATCH (j:Jurisdiction)-[a:ADOPTED]->(:Practice) WHERE j.id IN $issuers
DELETE a`

	createAdopted = `
MATCH (j:Jurisdiction)<-[:ISSUED_BY]-(r:Report)-[m:MENTIONS]->(p:Practice)
WHERE j.id IN $issuers AND r.year IS NOT NULL AND m.status IN $adopting
WITH j, p, min(r.year) AS since
CREATE (j)-[:ADOPTED {since: since}]->(p)`

	// deleteOrphans deletes entities that nothing refers to, and returns those
	// that they referred to.
	deleteOrphans = `
MATCH (e:LABEL)
WHERE e.id IN $ids AND NOT EXISTS {
  (e)<-[:NAMES|MENTIONS|CITES|RETAINS|MEASURES|CANDIDATE|` + refTypes + `]-()
}
WITH e, [(e)-[:` + refTypes + `]->(o) | o.id] AS refs
DETACH DELETE e
RETURN refs`
)

// naming puts names of the schema in place.
func naming(statement string, pairs ...string) string {
	return strings.NewReplacer(pairs...).Replace(statement)
}
