package admission

import (
	"errors"
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/lexer"
	"github.com/vektah/gqlparser/v2/parser"
)

// Tally is what a document asks for, and how much of it was looked at.
type Tally struct {
	// Cost is that of the operation to run, in points: one for every object
	// that the answer can hold, or as many as its field's @cost says. A list
	// counts as long as its `first`, `last` or other slicing argument asks, or as
	// @listSize assumes.
	Cost int
	// Tokens is how many tokens were read, Visited how many selections.
	Tokens, Visited int
}

// Request is a document with what decides its cost.
type Request struct {
	Query         string
	OperationName string
	Variables     map[string]any
}

// Check tells whether a request keeps within the limits. The error is a
// *Refusal. The tally is filled as far as the check came.
func (l Limits) Check(schema *ast.Schema, r Request) (Tally, error) {
	var t Tally
	if len(r.Query) > l.Bytes {
		return t, &Refusal{Kind: TooLarge, Limit: "bytes", Message: fmt.Sprintf("the query has more than %d bytes: send a shorter one", l.Bytes)}
	}
	if err := l.scan(r.Query, &t); err != nil {
		return t, err
	}
	if err := l.checkVariables(r.Variables); err != nil {
		return t, err
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: r.Query}, l.Tokens+1)
	if err != nil {
		return t, unparsable(err)
	}
	w := walker{limits: l, schema: schema, doc: doc, tally: &t, fragments: map[string]*weight{}}
	return t, w.walk(r)
}

// scan reads the tokens, before a parser builds anything of them.
func (l Limits) scan(query string, t *Tally) error {
	lex := lexer.New(&ast.Source{Input: query})
	nesting, directives := 0, 0
	for {
		token, err := lex.ReadToken()
		if err != nil {
			return unparsable(err)
		}
		t.Tokens++
		if t.Tokens > l.Tokens {
			return exceeded("tokens", "tokens", l.Tokens)
		}
		switch token.Kind {
		case lexer.EOF:
			return nil
		case lexer.BraceL, lexer.BracketL, lexer.ParenL:
			if nesting++; nesting > l.Nesting {
				return exceeded("nesting", "levels of brackets", l.Nesting)
			}
		case lexer.BraceR, lexer.BracketR, lexer.ParenR:
			nesting--
		case lexer.At:
			if directives++; directives > l.Directives {
				return exceeded("directives", "directives", l.Directives)
			}
		case lexer.String, lexer.BlockString:
			if len(token.Value) > l.String {
				return exceeded("string", "bytes in one string", l.String)
			}
		}
	}
}

// maxErrorText bounds what is told of a text that is no GraphQL: a parser's
// message may quote it.
const maxErrorText = 200

func unparsable(err error) *Refusal {
	r := &Refusal{Kind: Unparsable, Message: err.Error()}
	var g *gqlerror.Error
	if errors.As(err, &g) {
		r.Message = g.Message
		if len(g.Locations) > 0 {
			r.Line, r.Column = g.Locations[0].Line, g.Locations[0].Column
		}
	}
	r.Message = cut(r.Message, maxErrorText)
	return r
}

// cut shortens a text to at most n code points.
func cut(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i] + "…"
		}
	}
	return s
}

func (l Limits) checkVariables(variables map[string]any) error {
	seen := 0
	var check func(v any, depth int) error
	check = func(v any, depth int) error {
		if seen++; seen > l.Variables {
			return exceeded("variables", "values in its variables", l.Variables)
		}
		if depth > l.VariableDepth {
			return exceeded("variableDepth", "levels in its variables", l.VariableDepth)
		}
		switch v := v.(type) {
		case map[string]any:
			for _, e := range v {
				if err := check(e, depth+1); err != nil {
					return err
				}
			}
		case []any:
			for _, e := range v {
				if err := check(e, depth+1); err != nil {
					return err
				}
			}
		}
		return nil
	}
	for _, v := range variables {
		if err := check(v, 1); err != nil {
			return err
		}
	}
	return nil
}
