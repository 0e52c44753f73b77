package transport

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Bounds are those of every operation, whatever it comes by.
type Bounds struct {
	// Timeout is how long a query or a mutation may take; 0 means no limit.
	Timeout time.Duration
	// MaxValues is how many values the variables may have, about: what is admitted
	// is counted exactly, and no more than a few times as many are decoded.
	MaxValues int
	// Enter lets an operation begin until leave is called; a subscription leaves as
	// soon as it was begun, for it is idle then. The error, for clients to see, is
	// that it must come again. nil lets everything begin.
	Enter func(ctx context.Context) (leave func(), err error)
}

var errUnanswered = errors.New("the operation has no answer")

// operation is one that was admitted and is to be run.
type operation struct {
	ctx     context.Context
	exec    graphql.GraphExecutor
	context *graphql.OperationContext
	// cancel tells the operation that nobody waits for it; end gives back what it
	// holds, when it runs no more. They may be called again.
	cancel, end func()
}

func (o *operation) kind() ast.Operation { return o.context.Operation.Operation }

// begin admits an operation, and bounds its time; refused is the answer to one
// that is not admitted.
func (b Bounds) begin(ctx context.Context, exec graphql.GraphExecutor, params *graphql.RawParams) (o *operation, refused *graphql.Response) {
	leave := func() {}
	if b.Enter != nil {
		left, err := b.Enter(ctx)
		if err != nil {
			return nil, failure(ctx, exec, &graphql.OperationContext{}, gqlerror.WrapIfUnwrapped(err))
		}
		leave = sync.OnceFunc(left)
	}
	stays := false // not after a panic either
	defer func() {
		if !stays {
			leave()
		}
	}()
	admitted, errs := exec.CreateOperationContext(ctx, params)
	if errs != nil {
		return nil, failure(ctx, exec, admitted, few(errs)...)
	}
	o = &operation{exec: exec, context: admitted}
	subscribes := o.kind() == ast.Subscription
	if subscribes && len(graphql.CollectFields(admitted, admitted.Operation.SelectionSet, []string{"Subscription"})) != 1 {
		return nil, failure(ctx, exec, admitted, coded(codeBadInput, "a subscription asks for one field"))
	}
	if subscribes || b.Timeout == 0 {
		o.ctx, o.cancel = context.WithCancel(ctx)
	} else {
		o.ctx, o.cancel = context.WithTimeout(ctx, b.Timeout)
	}
	o.end = func() { o.cancel(); leave() }
	stays = !subscribes
	return o, nil
}

// run gives the answers one by one, then nil. A query or a mutation has one, even
// if its time was over before it began, and has ended before the client takes it.
func (o *operation) run() func() *graphql.Response {
	responses, ctx := o.exec.DispatchOperation(o.ctx, o.context)
	if o.kind() == ast.Subscription {
		return func() *graphql.Response { return responses(ctx) }
	}
	answered := false
	return func() *graphql.Response {
		if answered {
			return nil
		}
		answered = true
		defer o.end()
		response := responses(ctx)
		if response == nil {
			response = failure(o.ctx, o.exec, o.context, gqlerror.Wrap(errors.Join(errUnanswered, o.ctx.Err())))
		}
		return response
	}
}

// failure is the answer of an operation that has only errors.
func failure(ctx context.Context, exec graphql.GraphExecutor, of *graphql.OperationContext, errs ...*gqlerror.Error) *graphql.Response {
	return exec.DispatchError(graphql.WithOperationContext(ctx, of), errs)
}

func coded(code, message string) *gqlerror.Error {
	return &gqlerror.Error{Message: message, Extensions: map[string]any{"code": code}}
}

// Bounds of what is told about a request that cannot be run, so that the answer
// does not grow with the request.
const (
	maxErrors  = 8
	maxMessage = 300
)

// few shortens the errors of a request.
func few(errs gqlerror.List) gqlerror.List {
	short := make(gqlerror.List, 0, maxErrors)
	for i, e := range errs {
		if i == maxErrors {
			break
		}
		s := *e
		if runes := []rune(s.Message); len(runes) > maxMessage {
			s.Message = string(runes[:maxMessage]) + "…"
		}
		if len(s.Locations) > maxErrors {
			s.Locations = s.Locations[:maxErrors]
		}
		short = append(short, &s)
	}
	return short
}
