// Package admission decides whether a GraphQL document may be validated and
// run, before anything else looks at it: it counts what the document asks for
// and holds that against limits. Its own work is bounded whatever it is given:
// it reads no more tokens than are allowed, walks every selection once, and
// weighs a fragment once, however often it is spread. It runs nothing, and it is
// not validation: what it admits may still be wrong.
package admission
