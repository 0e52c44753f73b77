// Package graphd holds the GraphQL schema, which is the project's contract with
// its clients and so stands at the root. It holds no code.
package graphd

import _ "embed"

// SDL is the text of the GraphQL schema, with its descriptions.
//
//go:embed schema.graphqls
var SDL string
