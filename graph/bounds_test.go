package graph_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"graphd/graph"
	"graphd/internal/admission"
)

// events is what a client is told as server-sent events.
func events(h http.Handler, query string) string {
	r := post(attack{query: query}, nil)
	r.Header.Set("Accept", "text/event-stream")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Body.String()
}

// An operation whose time is over before it begins is answered with that, by every
// transport.
func TestTimeoutBeforeTheBeginning(t *testing.T) {
	c := config(t, openSQLite(t))
	c.Timeout = time.Nanosecond
	h := graph.NewHandler(c)
	const query = "{ corpus { reportCount } }"
	w := httptest.NewRecorder()
	h.ServeHTTP(w, post(attack{query: query}, nil))
	if got := decode(t, w.Body.Bytes()); len(got.Errors) != 1 || got.Errors[0].Extensions["code"] != "TIMEOUT" || w.Code != http.StatusOK {
		t.Errorf("POST: %d %s", w.Code, w.Body)
	}
	if got := events(h, query); strings.Count(got, "TIMEOUT") != 1 || !strings.HasSuffix(got, "event: complete\ndata:\n\n") {
		t.Errorf("SSE: %s", got)
	}
	conn := dial(t, h)
	begin(t, conn)
	tell(t, conn, wsMessage{ID: "a", Type: "subscribe", Payload: asks(query)})
	if m := hear(t, conn); m.Type != "next" || !strings.Contains(string(m.Payload), "TIMEOUT") {
		t.Errorf("WebSocket: %s %s", m.Type, m.Payload)
	}
	if m := hear(t, conn); m.Type != "complete" {
		t.Errorf("after it: %+v", m)
	}
}

// A client that went away before its answer began is nobody to fail for.
func TestClientsThatGoAway(t *testing.T) {
	h := graph.NewHandler(config(t, openSQLite(t)))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, post(attack{query: "{ corpus { reportCount } }"}, nil).WithContext(ctx))
	if got := decode(t, w.Body.Bytes()); len(got.Errors) != 1 || got.Errors[0].Extensions["code"] != "TIMEOUT" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// What may not begin yet is told so by every transport, before anything is looked
// at; what began gives its place back, whatever came of it.
func TestOperationsThatMayNotBegin(t *testing.T) {
	var seen int
	var free bool
	var held int
	c := config(t, openSQLite(t))
	c.Admitted = func(context.Context, admission.Tally, error) error { seen++; return nil }
	c.Enter = func(context.Context) (func(), error) {
		if !free {
			return nil, &gqlerror.Error{Message: "come again", Extensions: map[string]any{"code": "UNAVAILABLE"}}
		}
		held++
		return func() { held-- }, nil
	}
	h := graph.NewHandler(c)
	const query = "{ corpus { reportCount } }"
	for _, by := range carriers {
		if code, w := refused(t, h, by.send(attack{query: query})); code != "UNAVAILABLE" || w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
			t.Errorf("%s: %d %v %s", by.name, w.Code, w.Header(), w.Body)
		}
	}
	conn := dial(t, h)
	begin(t, conn)
	tell(t, conn, wsMessage{ID: "a", Type: "subscribe", Payload: asks(query)})
	if m := hear(t, conn); m.Type != "error" || !strings.Contains(string(m.Payload), "UNAVAILABLE") {
		t.Errorf("WebSocket: %s %s", m.Type, m.Payload)
	}
	if seen != 0 {
		t.Errorf("%d were looked at", seen)
	}
	free = true
	for _, q := range []string{query, "{", "{ nothing }", "mutation { removeReport(id: 1) }", "subscription { ingestProgress { read } }",
		"subscription { a: ingestProgress { read } b: ingestProgress { read } }", "subscription { ingestProgress @skip(if: true) { read } }"} {
		for _, by := range carriers {
			h.ServeHTTP(httptest.NewRecorder(), by.send(attack{query: q}))
		}
	}
	if seen == 0 || held != 0 {
		t.Errorf("%d were looked at, %d places are not given back", seen, held)
	}
}

// A subscription asks for one thing.
func TestSubscriptionsToOneField(t *testing.T) {
	h := graph.NewHandler(config(t, openSQLite(t)))
	for _, query := range []string{
		"subscription { a: ingestProgress { read } b: ingestProgress { read } }",
		"subscription { ingestProgress @skip(if: true) { read } }",
	} {
		if got := events(h, query); !strings.Contains(got, "BAD_USER_INPUT") && !strings.Contains(got, "GRAPHQL_VALIDATION_FAILED") {
			t.Errorf("%s: %s", query, got)
		}
	}
}

// Parsed queries are kept within a bound of memory, however many and however
// large they are.
func TestParsedQueriesAreBounded(t *testing.T) {
	h := graph.NewHandler(config(t, openSQLite(t)))
	ids := strings.Repeat(`"" `, 5000)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range 200 { // some 300 MB, if all were kept
		query := fmt.Sprintf(`{ reports(where: {id: {in: ["%d" %s]}}, first: 1) { totalCount } }`, i, ids)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, post(attack{query: query}, nil))
		if w.Code != http.StatusOK {
			t.Fatalf("%d %.300s", w.Code, w.Body)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 100<<20 {
		t.Errorf("the heap grew by %d bytes", grown)
	}
	runtime.KeepAlive(h)
}

// What was sent is counted before it is decoded, which takes many times the room.
func TestJSONIsCountedFirst(t *testing.T) {
	var seen admission.Tally
	h := armoured(&seen)
	const most = 200_000
	for name, tt := range map[string]struct{ body, code string }{
		"variables": {`{"query":"{ __typename }","variables":{"a":[` + strings.Repeat("{},", most) + `{}]}}`, tooCostly},
		"members":   {`{"query":"{ __typename }"` + times(most/4, func(i int) string { return fmt.Sprintf(`,"a%d":1`, i) }) + "}", badInput},
		"a list":    {"[" + strings.Repeat("1,", most) + "1]", badInput},
	} {
		allocated := testing.AllocsPerRun(3, func() {
			r := httptest.NewRequest("POST", "/graphql", strings.NewReader(tt.body))
			r.Header.Set("Content-Type", "application/json")
			if code, w := refused(t, h, r); code != tt.code {
				t.Errorf("%s: %d %s", name, w.Code, w.Body)
			}
		})
		if allocated > 20_000 {
			t.Errorf("%s: %v allocations", name, allocated)
		}
	}
	h = graph.NewHandler(config(t, openSQLite(t)))
	for body, ok := range map[string]bool{
		`{"query":"{ __typename }","variables":{"a":[` + strings.Repeat("{},", 1997) + `{}]}}`: true,
		`{"query":"{ __typename }"`: false, `{"query":"{ __typename }"}}`: false, `{"query":"{ __typename }",}`: false,
		`{"query":"{ __typename }"} `: true, `{"query":"{","query":"{ __typename }"}`: true,
	} {
		r := httptest.NewRequest("POST", "/graphql", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if (w.Code == http.StatusOK && !strings.Contains(w.Body.String(), "errors")) != ok {
			t.Errorf("%.60s: %d %s", body, w.Code, w.Body)
		}
	}
}

// A server that keeps its schema to itself says nothing of it, in no error either.
func TestClosedSchema(t *testing.T) {
	c := config(t, openSQLite(t))
	c.Closed = true
	for _, query := range []string{
		`{ __schema { types { name } } }`, `{ __type(name: "Query") { name } }`, `{ practic { id } }`, `{ practice(nam: "枫桥经验") { id } }`,
		`{ practices(where: {nam: {eq: "x"}}) { totalCount } }`, `{ adoptions(minStatus: IMPLEMENTE) { totalCount } }`, `{ corpus { reportCoun } }`,
		`query ($w: ReportFilte) { reports(where: $w) { totalCount } }`, `{ ... on Quer { __typename } }`,
	} {
		body := string(ask(t, c, query, nil))
		if !strings.Contains(body, `"errors"`) || strings.Contains(body, "Did you mean") || strings.Contains(body, "INTERNAL") {
			t.Errorf("%s: %s", query, body)
		}
	}
	if body := string(ask(t, c, `{ __typename corpus { __typename } }`, nil)); !strings.Contains(body, `"__typename":"Corpus"`) || strings.Contains(body, "errors") {
		t.Errorf("names of what is asked for: %s", body)
	}
}

// Numbers are numbers of 32 bits, as GraphQL has them, wherever they come from.
func TestInts(t *testing.T) {
	c := config(t, openSQLite(t))
	const query = "query ($n: Int) { reports(first: $n) { totalCount } }"
	for value, ok := range map[any]bool{1: true, nil: true, "1": false, 1.5: false, 101: false, 1 << 40: false, true: false} {
		got := decode(t, ask(t, c, query, map[string]any{"n": value}))
		if (len(got.Errors) == 0) != ok {
			t.Errorf("%v: %+v", value, got.Errors)
		}
		for _, e := range got.Errors {
			if code := e.Extensions["code"]; code != "BAD_USER_INPUT" && code != "GRAPHQL_VALIDATION_FAILED" {
				t.Errorf("%v: %v", value, e)
			}
		}
	}
}

// slowClient is one that takes its answer when it likes.
type slowClient struct {
	*httptest.ResponseRecorder
	held func() int
	most int
}

func (s *slowClient) Write(b []byte) (int, error) {
	s.most = max(s.most, s.held())
	return s.ResponseRecorder.Write(b)
}

// An operation has ended before its answer goes out: a slow client holds no place.
func TestPlacesAreFreeBeforeAnswersGoOut(t *testing.T) {
	held := 0
	c := config(t, openSQLite(t))
	c.Enter = func(context.Context) (func(), error) { held++; return func() { held-- }, nil }
	h := graph.NewHandler(c)
	for _, by := range carriers {
		w := &slowClient{httptest.NewRecorder(), func() int { return held }, 0}
		h.ServeHTTP(w, by.send(attack{query: "{ corpus { reportCount } }"}))
		if w.most != 0 || !strings.Contains(w.Body.String(), `"reportCount":0`) {
			t.Errorf("%s: %d places were held: %s", by.name, w.most, w.Body)
		}
	}
}
