// Package model holds the Go values behind the types of schema.graphqls. They
// are thin: values of package kg and of the adoption index with methods that
// name a field, hide what is absent, and show IDs in their opaque form. Values
// that one field of a query yielded know each other as siblings, so that a
// field of theirs can be resolved for all of them at once. Nothing is looked
// up here; that is package graph.
package model
