package graph

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"graphd/internal/adoption"
)

// snapshot is what one operation is answered from.
type snapshot struct {
	index *adoption.Index
	err   error
	// read tells that the store was asked as well.
	read atomic.Bool
	// called holds what names stand for, once they were looked up, see
	// Resolver.asked.
	called sync.Map
}

type snapshotKey struct{}

// indexOf is the index that the running operation is answered from.
func indexOf(ctx context.Context) (*adoption.Index, error) {
	s := ctx.Value(snapshotKey{}).(*snapshot)
	return s.index, s.err
}

// renew makes the rest of the running operation one of the store's present
// revision, which the operation itself changed.
func (r *Resolver) renew(ctx context.Context) error {
	s := ctx.Value(snapshotKey{}).(*snapshot)
	s.index, s.err = r.index.Current(ctx)
	s.called.Clear()
	return s.err
}

// reading is the store, for a question of the running operation.
func (r *Resolver) reading(ctx context.Context) Reader {
	ctx.Value(snapshotKey{}).(*snapshot).read.Store(true)
	return r.store
}

// maxAttempts is how often an operation is tried on a corpus that changes
// while it runs.
const maxAttempts = 5

// steady runs each operation on one revision: where the store was changed
// between the index it began with and its last answer, the operation, which
// only reads, is run again from the start.
type steady struct {
	graphql.ExecutableSchema
	index Index
	store Reader
}

// Exec answers the operation in ctx.
func (s steady) Exec(ctx context.Context) graphql.ResponseHandler {
	if graphql.GetOperationContext(ctx).Operation.Operation == ast.Subscription {
		return s.ExecutableSchema.Exec(ctx) // it tells of the work, not of the corpus
	}
	answered := false
	return func(ctx context.Context) *graphql.Response {
		if answered {
			return nil
		}
		answered = true
		for attempt := 1; ; attempt++ {
			snap := &snapshot{}
			snap.index, snap.err = s.index.Current(ctx)
			run := context.WithValue(graphql.WithFreshResponseContext(ctx), snapshotKey{}, snap)
			resp := s.ExecutableSchema.Exec(run)(run)
			// What a mutation changed must not be changed twice.
			if changes := graphql.GetOperationContext(ctx).Operation.Operation == ast.Mutation; !changes && s.moved(ctx, snap) {
				if attempt < maxAttempts {
					continue
				}
				graphql.AddError(ctx, errMoved())
				return &graphql.Response{Data: []byte("null")}
			}
			if resp == nil {
				resp = &graphql.Response{}
			}
			resp.Errors = append(resp.Errors, graphql.GetErrors(run)...)
			if snap.err == nil {
				graphql.RegisterExtension(ctx, revisionKey, snap.index.Revision())
			}
			return resp
		}
	}
}

// moved tells whether the store left the revision of the index. If it cannot
// tell, the answer stands: it was complete by then.
func (s steady) moved(ctx context.Context, snap *snapshot) bool {
	if snap.err != nil || !snap.read.Load() {
		return false
	}
	revision, err := s.store.Revision(ctx)
	return err == nil && revision != snap.index.Revision()
}

const revisionKey = "corpusRevision"

// respond puts the errors of a response in the order of their paths, whichever
// resolver was faster.
func respond(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	resp := next(ctx)
	if resp == nil {
		return nil
	}
	slices.SortStableFunc(resp.Errors, func(a, b *gqlerror.Error) int {
		return cmp.Or(comparePaths(a, b), cmp.Compare(a.Message, b.Message))
	})
	return resp
}
