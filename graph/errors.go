package graph

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"graphd/graph/model"
	"graphd/internal/kg"
)

// Codes that clients find in extensions.code, beside those that gqlgen gives
// to queries it cannot parse or validate.
const (
	codeBadInput     = "BAD_USER_INPUT"
	codeNotFound     = "NOT_FOUND"
	codeAmbiguous    = "AMBIGUOUS"
	codeUnauthorized = "UNAUTHENTICATED"
	codeForbidden    = "FORBIDDEN"
	codeUnavailable  = "UNAVAILABLE"
	codeTimeout      = "TIMEOUT"
	codeInternal     = "INTERNAL"
	codeTooCostly    = "QUERY_TOO_COSTLY"
	codeTooLarge     = "PAYLOAD_TOO_LARGE"
	// codePersistedNotFound asks the client to send the text with its hash.
	codePersistedNotFound = "PERSISTED_QUERY_NOT_FOUND"
)

// badInput is the error of arguments that make no sense.
func badInput(format string, args ...any) error { return model.BadInput(fmt.Sprintf(format, args...)) }

// notFound is the error of a name or an ID that stands for nothing.
func notFound(format string, args ...any) error { return coded(codeNotFound, format, args...) }

// errMoved is the error of an answer that would mix two revisions.
func errMoved() error {
	return coded(codeUnavailable, "the corpus was changed while the answer was made; ask again")
}

func coded(code, format string, args ...any) error { return refuse(code, fmt.Sprintf(format, args...)) }

// candidate is one of the things that an ambiguous name stands for.
type candidate struct {
	ID   string   `json:"id"`
	Name string   `json:"name"`
	Path []string `json:"path"`
}

func ambiguous(name string, candidates []candidate) error {
	return &gqlerror.Error{
		Message:    fmt.Sprintf("%q names more than one; extensions.candidates lists them", name),
		Extensions: map[string]any{"code": codeAmbiguous, "candidates": candidates},
	}
}

// presenter turns errors into what clients may see. Of an error of ours that
// is all of it; of anything else only that it happened, with an ID under which
// the log has the rest.
type presenter struct {
	log       *slog.Logger
	requestID func(context.Context) string
	// closed keeps the names of the schema out of errors that would suggest them.
	closed bool
}

func (p presenter) present(ctx context.Context, err error) *gqlerror.Error {
	shown := &gqlerror.Error{Path: graphql.GetPath(ctx)}
	var outer *gqlerror.Error
	if errors.As(err, &outer) {
		shown.Path, shown.Locations = outer.Path, outer.Locations
	}
	input := place(ctx, shown)
	defer func() {
		if input != "" {
			shown.Message = input + ": " + shown.Message
		}
	}()
	if ours := withCode(err); ours != nil {
		shown.Message, shown.Extensions = ours.Message, ours.Extensions
		if p.closed {
			shown.Message, _, _ = strings.Cut(shown.Message, " Did you mean ")
		}
		if shown.Message == "operation  not found" { // gqlgen's, of no name
			shown.Message = "operationName must say which of the document's operations to run"
		}
		return shown
	}
	if outer != nil && outer.Unwrap() == nil {
		// Of the request itself, before any resolver ran.
		shown.Message, shown.Extensions = outer.Message, map[string]any{"code": codeBadInput}
		return shown
	}
	code := codeInternal
	switch {
	case kg.CodeOf(err) == kg.CodeUsage:
		var e *kg.Error
		errors.As(err, &e)
		shown.Message, shown.Extensions = e.Err.Error(), map[string]any{"code": codeBadInput}
		return shown
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		code, shown.Message = codeTimeout, "the answer took too long"
	case kg.CodeOf(err) == kg.CodeStoreUnreachable:
		code, shown.Message = codeUnavailable, "the store cannot be reached"
	default:
		shown.Message = "internal error"
	}
	id := p.requestID(ctx)
	shown.Extensions = map[string]any{"code": code, "requestId": id}
	attrs := []any{"code", code, "requestId", id, "path", shown.Path.String(), "err", err}
	var panicked *panicError
	if errors.As(err, &panicked) {
		attrs = append(attrs, "stack", string(panicked.stack))
	}
	level := slog.LevelError
	if errors.Is(err, context.Canceled) {
		level = slog.LevelDebug // nobody waits for the answer
	}
	p.log.Log(ctx, level, "a query failed", attrs...)
	return shown
}

// withoutSchema answers no question about the schema itself.
func withoutSchema(ctx context.Context, next graphql.Resolver) (any, error) {
	switch graphql.GetFieldContext(ctx).Field.Name {
	case "__schema", "__type":
		return nil, coded(codeForbidden, "this server does not tell its schema")
	}
	return next(ctx)
}

// place makes the error's path one of the response, and its location that of
// the field. Below that gqlgen's path goes on into what was given to the field,
// or leads into a variable alone: that is no path of the response, and is
// returned in words.
func place(ctx context.Context, e *gqlerror.Error) (input string) {
	fc := graphql.GetFieldContext(ctx)
	if fc == nil {
		if len(e.Path) > 1 && e.Path[0] == ast.PathName("variable") {
			input, e.Path = "$"+e.Path[1:].String(), nil
		}
		return input
	}
	field := fc.Path()
	if len(e.Path) < len(field) || !slices.Equal(e.Path[:len(field)], field) {
		return ""
	}
	if at := fc.Field.Position; e.Locations == nil && at != nil {
		e.Locations = []gqlerror.Location{{Line: at.Line, Column: at.Column}}
	}
	if rest := e.Path[len(field):]; len(rest) > 0 {
		if name, ok := rest[0].(ast.PathName); ok && fc.Field.Definition.Arguments.ForName(string(name)) != nil {
			input, e.Path = rest.String(), field
		}
	}
	return input
}

// withCode is the error in err's chain that has a code for clients, if any.
func withCode(err error) *gqlerror.Error {
	for ; err != nil; err = errors.Unwrap(err) {
		if e, ok := err.(*gqlerror.Error); ok && e.Extensions["code"] != nil {
			return e
		}
	}
	return nil
}

// panicError is a panic of a resolver.
type panicError struct {
	value any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v", e.value) }

func recovered(_ context.Context, value any) error { return &panicError{value, debug.Stack()} }

// randomID is the request ID where the server gives none.
func randomID(context.Context) string { return rand.Text() }
