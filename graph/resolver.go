package graph

import "graphd/internal/kg"

// Resolver resolves the fields of the schema that are looked up. Its methods
// per type are in schema.resolvers.go, whose frame gqlgen writes.
type Resolver struct {
	store      Reader
	extractor  string
	registered func(within string, level kg.Level) int
}
