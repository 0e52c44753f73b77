package transport

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// form is the media type of an answer.
type form string

const (
	asJSON     form = "application/json"
	asResponse form = "application/graphql-response+json"
	asEvents   form = "text/event-stream"
)

// negotiate picks the form that a client likes best; JSON where it does not
// care, for old clients know nothing else.
func negotiate(accept []string) (form, bool) {
	ranges := strings.Join(accept, ",")
	if strings.TrimSpace(ranges) == "" {
		return asJSON, true
	}
	type liked struct {
		form    form
		quality float64
	}
	var all []liked
	for part := range strings.SplitSeq(ranges, ",") {
		media, parameters, err := mime.ParseMediaType(part)
		if err != nil || parameters["charset"] != "" && !utf8Name(parameters["charset"]) {
			continue
		}
		quality := 1.0
		if q := parameters["q"]; q != "" {
			if quality, err = strconv.ParseFloat(q, 64); err != nil {
				continue
			}
		}
		switch media {
		case string(asResponse), string(asJSON), string(asEvents):
			all = append(all, liked{form(media), quality})
		case "*/*", "application/*":
			all = append(all, liked{asJSON, quality})
		}
	}
	all = slices.DeleteFunc(all, func(l liked) bool { return l.quality <= 0 })
	if len(all) == 0 {
		return "", false
	}
	slices.SortStableFunc(all, func(a, b liked) int { return cmp.Compare(b.quality, a.quality) })
	return all[0].form, true
}

func utf8Name(charset string) bool { return strings.EqualFold(charset, "utf-8") }

// statuses are those of codes that tell of the exchange, whatever form the answer has.
var statuses = map[string]int{
	codeTooLarge:      http.StatusRequestEntityTooLarge,
	"RATE_LIMITED":    http.StatusTooManyRequests,
	"UNAVAILABLE":     http.StatusServiceUnavailable,
	"UNAUTHENTICATED": http.StatusUnauthorized,
	"FORBIDDEN":       http.StatusForbidden,
	"INTERNAL":        http.StatusInternalServerError,
}

// status is that of an answer to a request that could not be run. In plain JSON
// it is 200, as the specification asks for the sake of old clients.
func (f form) status(errs gqlerror.List) int {
	for _, e := range errs {
		if code, _ := e.Extensions["code"].(string); statuses[code] != 0 {
			return statuses[code]
		}
	}
	if f == asJSON {
		return http.StatusOK
	}
	return http.StatusBadRequest
}

// answer is a response as it goes out: one to a request that could not be run
// has no data, not even null.
type answer struct {
	Errors     gqlerror.List    `json:"errors,omitempty"`
	Data       *json.RawMessage `json:"data,omitempty"`
	Extensions map[string]any   `json:"extensions,omitempty"`
}

func encode(r *graphql.Response, ran bool) []byte {
	a := answer{Errors: r.Errors, Extensions: r.Extensions}
	if ran {
		if a.Data = &r.Data; len(r.Data) == 0 {
			null := json.RawMessage("null")
			a.Data = &null
		}
	}
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(a); err != nil {
		panic(err) // gqlgen wrote the data, we the rest
	}
	return buffer.Bytes()
}

// write sends an answer whole. ran tells whether the request was run.
func (f form) write(w http.ResponseWriter, status int, r *graphql.Response, ran bool) {
	if f == asEvents {
		e := events{w}
		e.begin(status)
		e.next(r, ran)
		e.complete()
		return
	}
	body := encode(r, ran)
	w.Header().Set("Content-Type", string(f)+"; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.Header().Add("Vary", "Accept")
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that went away is nobody to tell
}

// events writes answers as server-sent events, one exchange a stream.
type events struct{ w http.ResponseWriter }

func (e events) begin(status int) {
	e.extend()
	e.w.Header().Set("Content-Type", string(asEvents)+"; charset=utf-8")
	e.w.Header().Set("Cache-Control", "no-cache")
	e.w.WriteHeader(status)
	e.flush()
}

// eventTimeout is how long a client may take to receive one event.
const eventTimeout = 30 * time.Second

func (e events) next(r *graphql.Response, ran bool) {
	e.extend()
	fmt.Fprintf(e.w, "event: next\ndata: %s\n\n", bytes.TrimSpace(encode(r, ran)))
	e.flush()
}

func (e events) complete() {
	e.extend()
	fmt.Fprint(e.w, "event: complete\ndata:\n\n")
	e.flush()
}

// extend gives the client time for one event more: a stream may last longer than
// other answers. A writer without deadlines has none to exceed.
func (e events) extend() {
	_ = http.NewResponseController(e.w).SetWriteDeadline(time.Now().Add(eventTimeout))
}

func (e events) flush() { _ = http.NewResponseController(e.w).Flush() }
