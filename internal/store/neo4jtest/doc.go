// Package neo4jtest hands a real, empty Neo4j server to a test: the one at
// NEO4J_URI, else one it starts itself from the published Java artifact, else
// a container. It is for tests only and no part of graphd; it knows nothing of
// what the store keeps.
package neo4jtest
