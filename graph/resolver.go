package graph

import (
	"time"

	"graphd/graph/model"
	"graphd/internal/kg"
)

// Resolver resolves the fields of the schema that are looked up. Its methods
// per type are in schema.resolvers.go, whose frame gqlgen writes.
type Resolver struct {
	store      Reader
	index      Index
	editor     Editor
	ingester   Ingester
	now        func() time.Time
	extractor  *model.Extractor
	registered func(within string, level kg.Level) int
}
