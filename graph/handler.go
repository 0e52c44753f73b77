package graph

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"

	"graphd"
	"graphd/graph/generated"
	"graphd/graph/model"
	"graphd/internal/admission"
	"graphd/internal/adoption"
	"graphd/internal/kg"
	"graphd/internal/store"
	"graphd/internal/transport"
)

// SDL is the text of the schema, with its descriptions.
var SDL = graphd.SDL

// Reader is the part of a store that answers are made from; its methods keep
// what store.Store promises.
type Reader interface {
	Revision(ctx context.Context) (int64, error)
	Reports(ctx context.Context, ids []string, full bool) ([]kg.Report, error)
	Mentions(ctx context.Context, q store.MentionQuery) ([]store.Evidence, error)
	Page(ctx context.Context, q store.PageQuery) (store.Page, error)
	Decisions(ctx context.Context) ([]kg.Decision, error)
	Sharing(ctx context.Context, fingerprints []uint64, limit int) (map[uint64]store.Holders, error)
	Search(ctx context.Context, q store.SearchQuery) (store.SearchPage, error)
}

// Editor makes and undoes decisions; it is store.Editor.
type Editor interface {
	Decide(ctx context.Context, d kg.Decision, mentionIDs []string) (kg.Decision, error)
	Undo(ctx context.Context, id, by, at, reason string) (kg.Decision, error)
}

// Index gives the adoption index of the store's present revision; it is
// *adoption.Live.
type Index interface {
	Current(ctx context.Context) (*adoption.Index, error)
}

// Config is what answers are made from. Store, Index, Extractor and Registered
// are required.
type Config struct {
	Store Reader
	Index Index
	// Extractor is what read the reports.
	Extractor *model.Extractor
	// Registered counts the divisions in the official register that are the
	// jurisdiction with ID within or lie inside it (all, if it is empty), of
	// one level (of all levels, if it is empty).
	Registered func(within string, level kg.Level) int
	// Editor may be nil: then nothing can be changed.
	Editor Editor
	// Ingester may be nil: then no report comes in.
	Ingester Ingester
	// Origins are the exact origins whose pages may open a WebSocket, beside the
	// server's own.
	Origins []string
	// Authenticate marks ctx as an editor's by what an Authorization header would
	// say, for connections whose client cannot send one; false means that it is
	// nobody's. nil means that nobody edits so.
	Authenticate func(ctx context.Context, authorization string) (context.Context, bool)
	// Timeout is how long a query or a mutation may take; 0 means no limit.
	Timeout time.Duration
	// Enter lets an operation begin until leave is called. Its error, for clients to
	// see, is that they must come again. nil lets everything begin.
	Enter func(ctx context.Context) (leave func(), err error)
	// Serving, if not nil, is done when the program is to stop: then WebSockets end
	// as soon as what runs has been answered.
	Serving context.Context
	// Now is the time of decisions; nil means time.Now.
	Now func() time.Time
	// Limits are what a query may ask for; nil means admission.Default.
	Limits *admission.Limits
	// Admitted, if not nil, is told the tally of each query looked at, and why
	// it was refused, if it was. Its error refuses the query, before that.
	Admitted func(ctx context.Context, t admission.Tally, refused error) error
	// Trusted are queries that clients may name by the SHA-256 of their text,
	// in hexadecimal, without having sent them. TrustedOnly refuses all others.
	Trusted     map[string]string
	TrustedOnly bool
	// Closed keeps the schema to itself: no introspection, and no suggestions
	// in errors.
	Closed bool
	// Tracer, if not nil, sees every operation.
	Tracer graphql.HandlerExtension
	// Logger gets the errors that clients may not see; nil means
	// slog.Default.
	Logger *slog.Logger
	// RequestID names the request in ctx, for errors; nil means a random
	// name.
	RequestID func(ctx context.Context) string
}

// queryCacheBytes is the length of the texts whose parsed queries are kept, maxBody
// the size in bytes of the largest request, maxUploadBytes that of the largest with
// files.
const (
	queryCacheBytes = 512 << 10
	maxBody         = 1 << 20
	maxUploadBytes  = 32 << 20
)

// NewHandler returns a handler that answers GraphQL over POST and GET.
func NewHandler(c Config) http.Handler {
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	if c.RequestID == nil {
		c.RequestID = randomID
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	root := &Resolver{store: c.Store, index: c.Index, editor: c.Editor, ingester: c.Ingester, now: c.Now, extractor: c.Extractor, registered: c.Registered}
	schema := steady{
		ExecutableSchema: generated.NewExecutableSchema(generated.Config{Resolvers: root}),
		index:            c.Index, store: c.Store,
	}
	limits := or(c.Limits, admission.Default)
	h := handler.New(schema)
	bounds := transport.Bounds{Timeout: c.Timeout, MaxValues: limits.Variables, Enter: c.Enter}
	h.AddTransport(transport.NewWebSocket(transport.WebSocket{Bounds: bounds, MaxMessage: maxBody, Origins: c.Origins, Authenticate: c.Authenticate, Serving: c.Serving}))
	h.AddTransport(transport.HTTP{Bounds: bounds, MaxBody: maxBody, MaxUpload: maxUploadBytes, MayUpload: root.mayIngest})
	h.SetQueryCache(newParsed(queryCacheBytes))
	h.SetErrorPresenter(presenter{c.Logger, c.RequestID, c.Closed}.present)
	h.SetRecoverFunc(recovered)
	h.AroundResponses(respond)
	h.SetParserTokenLimit(limits.Tokens + 1)
	h.Use(newDocuments(c, limits))
	if c.Tracer != nil {
		h.Use(c.Tracer)
	}
	if c.Closed {
		h.AroundFields(withoutSchema)
	} else {
		h.Use(extension.Introspection{})
	}
	return h
}
