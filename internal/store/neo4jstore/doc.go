// Package neo4jstore keeps the graph in Neo4j, in a shape that people can read
// and query there with Cypher of their own:
//
//	(:Report)-[:ISSUED_BY]->(:Jurisdiction)-[:PART_OF]->(:Jurisdiction)
//	(:Report)-[:MENTIONS]->(:Practice)-[:VARIANT_OF|PART_OF]->(:Practice)
//	(:Report)-[:CITES]->(:Law)-[:ISSUED_BY]->(:Jurisdiction)
//	(:Report)-[:RETAINS]->(:LawFirm)
//	(:Report)-[:NAMES]->(:Jurisdiction)
//	(:Report)-[:STATES]->(:Metric)-[:MEASURES]->(:Indicator)
//	(:Metric)-[:PART_OF]->(:Metric)
//	(:Report)-[:LEAVES_OPEN]->(:Unresolved)-[:CANDIDATE]->(an entity)
//	(:Report)-[:HAS_PASSAGE]->(:Passage)
//	(:Report)-[:READ_FROM]->(:Source)
//	(:Jurisdiction)-[:ADOPTED {since}]->(:Practice)
//
// A mention is one relationship from its report, MENTIONS to LEAVES_OPEN
// above, with the mention's id, start, end, quote, rule and, of a practice,
// status: the evidence is the edge. ADOPTED sums up the mentions of status
// IMPLEMENTED and above in reports of a known year. A value that is absent is
// an absent property. Where a question has several readings, package store
// decides; this package only speaks Cypher.
package neo4jstore
