// Package transport reads GraphQL requests from HTTP and writes their answers,
// as the specification GraphQL over HTTP asks, and its companion for server-sent
// events. It refuses what is no single well-formed request before anything is
// parsed as GraphQL, and never sends back what it was sent. What a query may ask,
// and who may ask, is not its business.
package transport

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Codes of the errors that are told here.
const (
	codeBadInput  = "BAD_USER_INPUT"
	codeTooLarge  = "PAYLOAD_TOO_LARGE"
	codeTooCostly = "QUERY_TOO_COSTLY"
)

// HTTP answers GET and POST.
type HTTP struct {
	Bounds
	// MaxBody is the size in bytes of the largest body that is read, MaxUpload
	// that of the largest form with files from a client that MayUpload.
	MaxBody, MaxUpload int64
	// MayUpload tells whether ctx is that of a client whose files are wanted;
	// nil means that nobody's are.
	MayUpload func(ctx context.Context) bool
}

var _ graphql.Transport = HTTP{}

// Supports takes every request.
func (h HTTP) Supports(*http.Request) bool { return true }

// Do answers one request.
func (h HTTP) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	// What is read is held until it has been answered, whether the client waits or not.
	held, release := context.WithCancel(context.WithoutCancel(r.Context()))
	defer release()
	form, ok := negotiate(r.Header.Values("Accept"))
	if !ok {
		refuse(w, r, exec, asJSON, problem{http.StatusNotAcceptable, codeBadInput,
			"accept application/graphql-response+json, application/json or text/event-stream"})
		return
	}
	params, wrong := h.params(w, r.WithContext(held))
	if wrong != nil {
		refuse(w, r, exec, form, *wrong)
		return
	}
	o, refused := h.begin(r.Context(), exec, params)
	if refused != nil {
		status := form.status(refused.Errors)
		if status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests {
			w.Header().Set("Retry-After", cmp.Or(w.Header().Get("Retry-After"), "1"))
		}
		form.write(w, status, refused, false)
		return
	}
	defer o.end()
	switch {
	case r.Method == http.MethodGet && o.kind() != ast.Query:
		w.Header().Set("Allow", http.MethodPost)
		refuse(w, r, exec, form, problem{http.StatusMethodNotAllowed, codeBadInput, "GET is for queries: send mutations and subscriptions by POST"})
	case form != asEvents && o.kind() == ast.Subscription:
		refuse(w, r, exec, form, problem{http.StatusNotAcceptable, codeBadInput, "a subscription's answers are a stream: accept text/event-stream"})
	case form == asEvents:
		stream(w, o.run())
	default:
		form.write(w, http.StatusOK, o.run()(), true)
	}
}

// problem is why a request cannot be one of GraphQL, or, without a status, cannot
// be run.
type problem struct {
	status        int
	code, message string
}

// response tells a problem, before there is an operation.
func (p problem) response(ctx context.Context, exec graphql.GraphExecutor) *graphql.Response {
	return failure(ctx, exec, &graphql.OperationContext{}, coded(p.code, p.message))
}

func refuse(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor, f form, p problem) {
	response := p.response(r.Context(), exec)
	f.write(w, cmp.Or(p.status, f.status(response.Errors)), response, false)
}

// params reads the parameters of a request.
func (h HTTP) params(w http.ResponseWriter, r *http.Request) (*graphql.RawParams, *problem) {
	start := graphql.Now()
	var p *graphql.RawParams
	var wrong *problem
	switch r.Method {
	case http.MethodGet:
		p, wrong = fromURL(r.URL.RawQuery, h.MaxValues)
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
	return decode(body, h.MaxValues)
}

// decode reads a request's JSON.
func decode(body []byte, maxValues int) (*graphql.RawParams, *problem) {
	fields, err := members(body)
	switch {
	case errors.Is(err, errList):
		return nil, &problem{http.StatusBadRequest, codeBadInput, "send one request at a time: a list of them is not answered"}
	case err != nil:
		return nil, &problem{http.StatusBadRequest, codeBadInput, "the body is no JSON object, or one of too many members"}
	}
	return fromFields(func(name string) ([]byte, bool) { v, ok := fields[name]; return v, ok }, false, maxValues)
}

// maxMembers is how many members a request may have, unknown ones too.
const maxMembers = 100

var (
	errList   = errors.New("a list")
	errObject = errors.New("no object, or one of too many members")
)

// members reads the members of a JSON object one after another: all at once they
// may take many times the room of their text.
func members(body []byte) (map[string]json.RawMessage, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	switch opening, err := d.Token(); {
	case err != nil:
		return nil, err
	case opening == json.Delim('['):
		return nil, errList
	case opening != json.Delim('{'):
		return nil, errObject
	}
	read := map[string]json.RawMessage{}
	for n := 0; d.More(); n++ {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, err
		}
		text, named := name.(string)
		if !named || n == maxMembers {
			return nil, errObject
		}
		read[text] = value
	}
	if closing, err := d.Token(); err != nil || closing != json.Delim('}') {
		return nil, errObject
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errObject
	}
	return read, nil
}

// fromURL reads the parameters of a GET request.
func fromURL(raw string, maxValues int) (*graphql.RawParams, *problem) {
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
	}, true, maxValues)
}

// fromFields reads the parameters by name: as JSON, or, in an address, texts as
// they are and objects as JSON.
func fromFields(field func(name string) ([]byte, bool), plain bool, maxValues int) (*graphql.RawParams, *problem) {
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
		value, given := field(name)
		if !given {
			continue
		}
		switch err := decodeObject(value, maxValues, to); {
		case errors.Is(err, errValues):
			return nil, &problem{0, codeTooCostly, fmt.Sprintf("the parameter %s has more than %d values", name, maxValues)}
		case err != nil:
			return nil, &problem{http.StatusBadRequest, codeBadInput, "the parameter " + name + " is no JSON object"}
		}
	}
	if p.Query == "" && p.Extensions["persistedQuery"] == nil {
		return nil, &problem{http.StatusBadRequest, codeBadInput, "the parameter query is missing"}
	}
	return p, nil
}

// errValues tells of JSON with more values than are taken.
var errValues = errors.New("too many values")

// decodeObject decodes JSON with its numbers as they are written. Its values are
// counted first, for they take many times the room of their text.
func decodeObject(value []byte, most int, to *map[string]any) error {
	scan := json.NewDecoder(bytes.NewReader(value))
	scan.UseNumber()
	for n := 0; ; n++ {
		_, err := scan.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if n == 2+tokensPerValue*most { // the object's own brackets, and its values
			return errValues
		}
	}
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

// tokensPerValue is how many tokens a value has at most: a name, and two brackets.
const tokensPerValue = 3

// stream writes answers as server-sent events until there are no more.
func stream(w http.ResponseWriter, next func() *graphql.Response) {
	writer := events{w}
	writer.begin(http.StatusOK)
	for response := next(); response != nil; response = next() {
		writer.next(response, true)
	}
	writer.complete()
}
