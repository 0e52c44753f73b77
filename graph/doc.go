// Package graph answers GraphQL: it turns a query into questions to the store
// and to the adoption index, and their answers into objects with evidence.
// Resolvers take all objects of a field at once and ask the store at most one
// question for them; what a question of spread means is in package adoption,
// what a page or a search means in package store. It serves no page, keeps
// nothing between queries, and knows no engine.
package graph

//go:generate sh -c "cd .. && go tool gqlgen generate"
