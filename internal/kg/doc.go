// Package kg is the vocabulary of graphd: reports, the entities they name, the
// mentions that link the two, spans, identifiers and error codes. Everything
// that flows through the program is one of these values. It is not a place for
// behaviour that reads, links, stores or serves: it imports only the standard
// library, and every other package may import it.
package kg
