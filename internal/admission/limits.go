package admission

import "fmt"

// Limits are the greatest numbers of each kind that a document may have. What
// is written counts where it stands; what is spread counts where it would run.
type Limits struct {
	// Bytes is the length of the document in UTF-8.
	Bytes int
	// Tokens counts the document's lexical tokens, comments among them.
	Tokens int
	// String is the length of a literal string in bytes.
	String int
	// Nesting is how deep brackets of all kinds may be nested, as written.
	Nesting int
	// Depth is how deep fields may be nested, fragments spread.
	Depth int
	// Fields counts the fields, fragments spread.
	Fields int
	// Aliases and Directives count those of all fields and fragments as written.
	Aliases, Directives int
	// Repeats is how often one field may stand in one selection set, Paths how often
	// one path of fields in the document, fragments spread.
	Repeats, Paths int
	// Definitions counts operations and fragments, Spreads the places that name
	// a fragment.
	Definitions, Spreads int
	// Variables counts the values in the variables, those inside lists and
	// objects too, and VariableDepth how deep they are nested.
	Variables, VariableDepth int
	// Cost is the cost of the operation to run, in points; see Tally.
	Cost int
}

// Default are the limits that a server begins with: several times what the
// largest question of the playground needs.
var Default = Limits{
	Bytes: 64 << 10, Tokens: 6000, String: 4096, Nesting: 64,
	Depth: 20, Fields: 2000, Aliases: 60, Directives: 60, Repeats: 30, Paths: 120,
	Definitions: 60, Spreads: 200,
	Variables: 2000, VariableDepth: 30,
	Cost: 200_000,
}

// Kind says what a document was refused for.
type Kind string

const (
	// TooLarge: it is longer than may be sent.
	TooLarge Kind = "TOO_LARGE"
	// TooCostly: it asks for too much.
	TooCostly Kind = "TOO_COSTLY"
	// Unparsable: it is no GraphQL.
	Unparsable Kind = "UNPARSABLE"
	// Invalid: a fragment spreads itself, or names what is not there.
	Invalid Kind = "INVALID"
)

// Refusal is why a document may not be run.
type Refusal struct {
	Kind Kind
	// Limit names the limit that is exceeded, if one is.
	Limit   string
	Message string
	// Line and Column tell where, from 1; 0 where that has no sense.
	Line, Column int
}

func (r *Refusal) Error() string { return r.Message }

func exceeded(limit, what string, most int) *Refusal {
	return &Refusal{
		Kind: TooCostly, Limit: limit,
		Message: fmt.Sprintf("the query has more than %d %s: ask for less, or in several queries", most, what),
	}
}
