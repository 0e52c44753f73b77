// Package transport reads GraphQL requests from HTTP and writes their answers,
// as the specification GraphQL over HTTP asks, and its companion for server-sent
// events. It refuses what is no single well-formed request before anything is
// parsed as GraphQL, and never sends back what it was sent. What a query may ask,
// and who may ask, is not its business.
package transport

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Codes of the errors that are told here.
const (
	codeBadInput = "BAD_USER_INPUT"
	codeTooLarge = "PAYLOAD_TOO_LARGE"
)

// HTTP answers GET and POST.
type HTTP struct {
	// MaxBody is the size in bytes of the largest body that is read, MaxUpload
	// that of the largest form with files.
	MaxBody, MaxUpload int64
	// Timeout is how long a query or a mutation may take; 0 means no limit.
	Timeout time.Duration
}

var _ graphql.Transport = HTTP{}

// Supports takes every request.
func (h HTTP) Supports(*http.Request) bool { return true }

// Do answers one request.
func (h HTTP) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	form, ok := negotiate(r.Header.Values("Accept"))
	if !ok {
		refuse(w, r, exec, asJSON, problem{http.StatusNotAcceptable, codeBadInput,
			"accept application/graphql-response+json, application/json or text/event-stream"})
		return
	}
	params, wrong := h.params(w, r)
	if wrong != nil {
		refuse(w, r, exec, form, *wrong)
		return
	}
	ctx := r.Context()
	operation, errs := exec.CreateOperationContext(ctx, params)
	if errs == nil && r.Method == http.MethodGet && operation.Operation.Operation != ast.Query {
		w.Header().Set("Allow", http.MethodPost)
		refuse(w, r, exec, form, problem{http.StatusMethodNotAllowed, codeBadInput, "GET is for queries: send mutations and subscriptions by POST"})
		return
	}
	if errs != nil {
		response := exec.DispatchError(graphql.WithOperationContext(ctx, operation), few(errs))
		form.write(w, form.status(response.Errors), response, false)
		return
	}
	if form != asEvents && operation.Operation.Operation == ast.Subscription {
		refuse(w, r, exec, form, problem{http.StatusNotAcceptable, codeBadInput, "a subscription's answers are a stream: accept text/event-stream"})
		return
	}
	ctx, cancel := limited(ctx, h.Timeout, operation)
	defer cancel()
	responses, running := exec.DispatchOperation(ctx, operation)
	if form == asEvents {
		stream(running, w, responses)
		return
	}
	form.write(w, http.StatusOK, responses(running), true)
}

// problem is why a request cannot be one of GraphQL.
type problem struct {
	status        int
	code, message string
}

// response tells a problem, before there is an operation.
func (p problem) response(ctx context.Context, exec graphql.GraphExecutor) *graphql.Response {
	err := &gqlerror.Error{Message: p.message, Extensions: map[string]any{"code": p.code}}
	return exec.DispatchError(graphql.WithOperationContext(ctx, &graphql.OperationContext{}), gqlerror.List{err})
}

func refuse(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor, f form, p problem) {
	f.write(w, p.status, p.response(r.Context(), exec), false)
}

// limited is ctx for an operation, with a time limit where it is no
// subscription and there is one.
func limited(ctx context.Context, timeout time.Duration, operation *graphql.OperationContext) (context.Context, context.CancelFunc) {
	if timeout > 0 && operation.Operation.Operation != ast.Subscription {
		return context.WithTimeout(ctx, timeout)
	}
	return context.WithCancel(ctx)
}

// params reads the parameters of a request.
func (h HTTP) params(w http.ResponseWriter, r *http.Request) (*graphql.RawParams, *problem) {
	start := graphql.Now()
	var p *graphql.RawParams
	var wrong *problem
	switch r.Method {
	case http.MethodGet:
		p, wrong = fromURL(r.URL.RawQuery)
	case http.MethodPost:
		p, wrong = h.fromBody(w, r)
	default:
		w.Header().Set("Allow", "GET, POST")
		return nil, &problem{http.StatusMethodNotAllowed, codeBadInput, "send GET or POST"}
	}
	if wrong != nil {
		return nil, wrong
	}
	p.Headers = r.Header
	p.ReadTime = graphql.TraceTiming{Start: start, End: graphql.Now()}
	return p, nil
}

func (h HTTP) fromBody(w http.ResponseWriter, r *http.Request) (*graphql.RawParams, *problem) {
	media, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if media == "multipart/form-data" && parameters["boundary"] != "" {
		return h.fromForm(w, r, parameters["boundary"])
	}
	if err != nil || media != "application/json" || parameters["charset"] != "" && !utf8Name(parameters["charset"]) {
		return nil, &problem{http.StatusUnsupportedMediaType, codeBadInput, "send Content-Type: application/json, in UTF-8"}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, h.MaxBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, &problem{http.StatusRequestEntityTooLarge, codeTooLarge, fmt.Sprintf("the request has more than %d bytes: send a smaller one", h.MaxBody)}
	case err != nil:
		return nil, &problem{http.StatusBadRequest, codeBadInput, "the request ended before its body did"}
	}
	return decode(body)
}

// decode reads a request's JSON.
func decode(body []byte) (*graphql.RawParams, *problem) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil || fields == nil {
		var list []json.RawMessage
		if json.Unmarshal(body, &list) == nil && list != nil {
			return nil, &problem{http.StatusBadRequest, codeBadInput, "send one request at a time: a list of them is not answered"}
		}
		return nil, &problem{http.StatusBadRequest, codeBadInput, "the body is no JSON object"}
	}
	return fromFields(func(name string) ([]byte, bool) { v, ok := fields[name]; return v, ok }, false)
}

// fromURL reads the parameters of a GET request.
func fromURL(raw string) (*graphql.RawParams, *problem) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil, &problem{http.StatusBadRequest, codeBadInput, "the parameters are not well escaped"}
	}
	return fromFields(func(name string) ([]byte, bool) {
		given := values[name]
		if len(given) == 0 || given[0] == "" {
			return nil, false
		}
		return []byte(given[0]), true
	}, true)
}

// fromFields reads the parameters by name: as JSON, or, in an address, texts as
// they are and objects as JSON.
func fromFields(field func(name string) ([]byte, bool), plain bool) (*graphql.RawParams, *problem) {
	p := &graphql.RawParams{}
	for name, to := range map[string]*string{"query": &p.Query, "operationName": &p.OperationName} {
		value, given := field(name)
		switch {
		case !given:
		case plain:
			*to = string(value)
		case string(value) != "null" && json.Unmarshal(value, to) != nil:
			return nil, &problem{http.StatusBadRequest, codeBadInput, "the parameter " + name + " is no text"}
		}
	}
	for name, to := range map[string]*map[string]any{"variables": &p.Variables, "extensions": &p.Extensions} {
		if value, given := field(name); given && decodeObject(value, to) != nil {
			return nil, &problem{http.StatusBadRequest, codeBadInput, "the parameter " + name + " is no JSON object"}
		}
	}
	if p.Query == "" && p.Extensions["persistedQuery"] == nil {
		return nil, &problem{http.StatusBadRequest, codeBadInput, "the parameter query is missing"}
	}
	return p, nil
}

// decodeObject decodes JSON with its numbers as they are written.
func decodeObject(value []byte, to *map[string]any) error {
	d := json.NewDecoder(bytes.NewReader(value))
	d.UseNumber()
	if err := d.Decode(to); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("more than one value")
	}
	return nil
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

// stream writes answers as server-sent events until there are no more.
func stream(ctx context.Context, w http.ResponseWriter, responses graphql.ResponseHandler) {
	writer := events{w}
	writer.begin(http.StatusOK)
	for {
		response := responses(ctx)
		if response == nil {
			break
		}
		writer.next(response, true)
	}
	writer.complete()
}
