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
	// end gives back what the operation holds. It may be called again.
	end func()
}

func (o *operation) kind() ast.Operation { return o.context.Operation.Operation }

// begin admits an operation, and bounds its time. With errors, only the context
// of the operation is to be used.
func (b Bounds) begin(ctx context.Context, exec graphql.GraphExecutor, params *graphql.RawParams) (*operation, gqlerror.List) {
	leave := func() {}
	if b.Enter != nil {
		left, err := b.Enter(ctx)
		if err != nil {
			return &operation{context: &graphql.OperationContext{}}, gqlerror.List{gqlerror.WrapIfUnwrapped(err)}
		}
		leave = sync.OnceFunc(left)
	}
	admitted, errs := exec.CreateOperationContext(ctx, params)
	o := &operation{exec: exec, context: admitted}
	if errs != nil {
		leave()
		return o, few(errs)
	}
	if o.kind() == ast.Subscription && len(graphql.CollectFields(admitted, admitted.Operation.SelectionSet, []string{"Subscription"})) != 1 {
		leave()
		return o, gqlerror.List{{Message: "a subscription asks for one field", Extensions: map[string]any{"code": codeBadInput}}}
	}
	if o.kind() == ast.Subscription || b.Timeout == 0 {
		o.ctx, o.end = context.WithCancel(ctx)
	} else {
		o.ctx, o.end = context.WithTimeout(ctx, b.Timeout)
	}
	cancel := o.end
	o.end = func() { cancel(); leave() }
	if o.kind() == ast.Subscription {
		leave()
	}
	return o, nil
}

// run gives the answers one by one, then nil. A query or a mutation has one, if
// its time was over before it began, too.
func (o *operation) run() func() *graphql.Response {
	responses, ctx := o.exec.DispatchOperation(o.ctx, o.context)
	first := true
	return func() *graphql.Response {
		response := responses(ctx)
		if response == nil && first && o.kind() != ast.Subscription {
			response = o.exec.DispatchError(graphql.WithOperationContext(o.ctx, o.context), gqlerror.List{gqlerror.Wrap(errors.Join(errUnanswered, o.ctx.Err()))})
		}
		first = false
		return response
	}
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
