package graph

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"graphd/internal/admission"
)

// Persisted queries are kept up to a number, each up to the limit of bytes.
const persistedQueries = 500

// documents finds the document of each request, by its hash where the client
// sends no more, and admits it before anything is parsed or validated. A text is
// kept under its hash only once it was admitted.
type documents struct {
	limits      admission.Limits
	schema      graphql.ExecutableSchema
	kept        graphql.Cache[string]
	trusted     map[string]string
	trustedOnly bool
	admitted    func(context.Context, admission.Tally, error) error
}

func newDocuments(c Config, limits admission.Limits) *documents {
	return &documents{
		limits: limits, kept: lru.New[string](persistedQueries),
		trusted: c.Trusted, trustedOnly: c.TrustedOnly, admitted: c.Admitted,
	}
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationParameterMutator
	graphql.ResponseInterceptor
} = (*documents)(nil)

// ExtensionName is for gqlgen.
func (d *documents) ExtensionName() string { return "Documents" }

// Validate takes the schema that requests are weighed by.
func (d *documents) Validate(schema graphql.ExecutableSchema) error {
	d.schema = schema
	return nil
}

// costKey is where the cost of an operation is kept, and told.
const costKey = "cost"

// MutateOperationParameters completes and admits one request.
func (d *documents) MutateOperationParameters(ctx context.Context, p *graphql.RawParams) *gqlerror.Error {
	hash, err := d.find(ctx, p)
	if err != nil {
		return err
	}
	tally, refused := d.limits.Check(d.schema.Schema(), admission.Request{Query: p.Query, OperationName: p.OperationName, Variables: p.Variables})
	if d.admitted != nil {
		if err := d.admitted(ctx, tally, refused); err != nil {
			refused = err
		}
	}
	if refused != nil {
		return refusal(refused)
	}
	if hash != "" {
		d.kept.Add(ctx, hash, p.Query)
	}
	graphql.GetOperationContext(ctx).Stats.SetExtension(costKey, tally.Cost)
	return nil
}

// find completes a request that names its text by a hash, and returns the hash
// under which the text may be kept.
func (d *documents) find(ctx context.Context, p *graphql.RawParams) (keep string, err *gqlerror.Error) {
	hash, named, err := persisted(p.Extensions)
	switch {
	case err != nil:
		return "", err
	case p.Query == "":
		text, ok := d.trusted[hash]
		if !ok && !d.trustedOnly {
			text, ok = d.kept.Get(ctx, hash)
		}
		if !ok {
			// The words by which clients know that they must send the text.
			return "", refuse(codePersistedNotFound, "PersistedQueryNotFound")
		}
		p.Query = text
		return "", nil
	}
	sum := sha256.Sum256([]byte(p.Query))
	actual := hex.EncodeToString(sum[:])
	if named && actual != hash {
		return "", refuse(codeBadInput, "sha256Hash is not the hash of the query")
	}
	if d.trustedOnly && d.trusted[actual] == "" {
		return "", refuse(codeForbidden, "this server answers only the queries that it was given: ask its operator")
	}
	if named {
		keep = hash
	}
	return keep, nil
}

// persisted reads the extension by which a client names a query.
func persisted(extensions map[string]any) (hash string, named bool, err *gqlerror.Error) {
	given := extensions["persistedQuery"]
	if given == nil {
		return "", false, nil
	}
	fields, _ := given.(map[string]any)
	hash, _ = fields["sha256Hash"].(string)
	hash = strings.ToLower(hash)
	version, _ := fields["version"].(interface{ String() string })
	if raw, e := hex.DecodeString(hash); e != nil || len(raw) != sha256.Size || version == nil || version.String() != "1" {
		return "", false, refuse(codeBadInput, "extensions.persistedQuery needs the version 1 and a sha256Hash in hexadecimal")
	}
	return hash, true, nil
}

// InterceptResponse tells the cost.
func (d *documents) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	resp := next(ctx)
	if resp == nil || !graphql.HasOperationContext(ctx) {
		return resp
	}
	if cost, ok := graphql.GetOperationContext(ctx).Stats.GetExtension(costKey).(int); ok {
		if resp.Extensions == nil {
			resp.Extensions = map[string]any{}
		}
		resp.Extensions[costKey] = map[string]int{"requested": cost, "limit": d.limits.Cost}
	}
	return resp
}

// codesOfRefusals are what clients are told of each kind.
var codesOfRefusals = map[admission.Kind]string{
	admission.TooLarge: codeTooLarge, admission.TooCostly: codeTooCostly,
	admission.Unparsable: "GRAPHQL_PARSE_FAILED", admission.Invalid: "GRAPHQL_VALIDATION_FAILED",
}

func refusal(err error) *gqlerror.Error {
	var ours *gqlerror.Error
	var r *admission.Refusal
	switch {
	case errors.As(err, &ours):
		return ours
	case !errors.As(err, &r):
		return gqlerror.Wrap(err)
	}
	e := refuse(codesOfRefusals[r.Kind], r.Message)
	if r.Limit != "" {
		e.Extensions["limit"] = r.Limit
	}
	if r.Line > 0 {
		e.Locations = []gqlerror.Location{{Line: r.Line, Column: r.Column}}
	}
	return e
}

func refuse(code, message string) *gqlerror.Error {
	return &gqlerror.Error{Message: message, Extensions: map[string]any{"code": code}}
}
