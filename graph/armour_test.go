package graph_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"graphd/graph"
	"graphd/internal/admission"
)

// A refusal is short, whatever was sent, and quick; the time is a backstop that
// only an answer without bounds exceeds.
const (
	maxRefusal = 4 << 10
	maxTaken   = 5 * time.Second
	maxGrowth  = 32 << 20
)

const (
	tooCostly = "QUERY_TOO_COSTLY"
	tooLarge  = "PAYLOAD_TOO_LARGE"
	badInput  = "BAD_USER_INPUT"
	noParse   = "GRAPHQL_PARSE_FAILED"
	invalid   = "GRAPHQL_VALIDATION_FAILED"
)

// attack is a document that must be refused.
type attack struct {
	name, query string
	variables   map[string]any
	code        string
}

func nest(open, middle, end string, n int) string {
	return strings.Repeat(open, n) + middle + strings.Repeat(end, n)
}

// bomb is n fragments, each of which spreads the next one twice.
func bomb(n int) string {
	var b strings.Builder
	b.WriteString("{ ...f0 }")
	for i := range n {
		fmt.Fprintf(&b, " fragment f%d on Query { ...f%d ...f%d }", i, i+1, i+1)
	}
	fmt.Fprintf(&b, " fragment f%d on Query { corpus { reportCount } }", n)
	return b.String()
}

func times(n int, each func(i int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(each(i))
		b.WriteByte(' ')
	}
	return b.String()
}

func deepVariable(n int) map[string]any {
	where := map[string]any{"title": map[string]any{"contains": "a"}}
	for range n {
		where = map[string]any{"not": where}
	}
	return map[string]any{"w": where}
}

var attacks = []attack{
	{"deep selection", "{ practice(name: \"a\") " + nest("{ variantOf ", "{ name }", "}", 40) + " }", nil, tooCostly},
	{"deeper than a stack", nest("{a", "", "}", 20_000), nil, tooCostly},
	{"brackets alone", strings.Repeat("{", 50_000), nil, tooCostly},
	{"list literals", "{ nodes(ids: " + nest("[", "", "]", 5_000) + ") { id } }", nil, tooCostly},
	{"object literals", "{ reports(where: " + nest("{not: ", "{}", "}", 3_000) + ") { totalCount } }", nil, tooCostly},
	{"list types", "query ($a: " + nest("[", "Int", "]", 5_000) + ") { __typename }", nil, tooCostly},
	{"deep by fragments", "{ practice(name: \"a\") { ...f0 } } " + times(25, func(i int) string {
		return fmt.Sprintf("fragment f%d on Practice { variantOf { ...f%d } }", i, i+1)
	}) + "fragment f25 on Practice { name }", nil, tooCostly},
	{"aliases", "{ " + times(500, func(i int) string { return fmt.Sprintf("a%d: corpus { reportCount }", i) }) + "}", nil, tooCostly},
	{"aliases of names", "{ " + times(500, func(i int) string { return fmt.Sprintf("a%d: __typename", i) }) + "}", nil, tooCostly},
	{"one path again and again", "{ practices(first: 1) { edges { node { " + times(30, func(int) string { return "variantOf { " + strings.Repeat("variantOf { name } ", 30) + "}" }) + "} } } }", nil, tooCostly},
	{"a length in quotes", "query ($n: Int) { practices(first: $n) { edges { node { reports(first: $n) { edges { node { id practices(first: $n) { edges { node { name } } } } } } } } } }", map[string]any{"n": "100"}, tooCostly},
	{"one field again and again", "{ " + times(500, func(int) string { return "__typename" }) + "}", nil, tooCostly},
	{"one object again and again", "{ " + times(400, func(int) string { return "corpus { reportCount }" }) + "}", nil, tooCostly},
	{"overlapping fields", "{ " + times(31, func(int) string {
		return "corpus { " + times(31, func(int) string { return "reportCount" }) + "}"
	}) + "}", nil, tooCostly},
	{"overlap by fragments", "{ " + times(60, func(int) string { return "...f" }) + "} fragment f on Query { corpus { reportCount } }", nil, tooCostly},
	{"overlap by inline fragments", "{ " + times(60, func(int) string { return "... { corpus { reportCount } }" }) + "}", nil, tooCostly},
	{"directives on a field", "{ __typename " + strings.Repeat("@skip(if: false) ", 500) + "}", nil, tooCostly},
	{"unknown directives", "{ __typename " + strings.Repeat("@a ", 1_000) + "}", nil, tooCostly},
	{"directives on a query", "query " + strings.Repeat("@a ", 1_000) + "{ __typename }", nil, tooCostly},
	{"fragment bomb", bomb(26), nil, tooCostly},
	{"greater fragment bomb", bomb(55), nil, tooCostly},
	{"fragment of itself", "{ ...f } fragment f on Query { ...f }", nil, invalid},
	{"fragments in a ring", "{ ...a } fragment a on Query { ...b } fragment b on Query { ...c } fragment c on Query { ...a }", nil, invalid},
	{"ring that nothing spreads", "{ __typename } fragment a on Query { ...b } fragment b on Query { ...a }", nil, invalid},
	{"fragment of nothing", "{ ...none }", nil, invalid},
	{"many fragments", "{ __typename } " + times(1_000, func(i int) string { return fmt.Sprintf("fragment f%d on Query { __typename }", i) }), nil, tooCostly},
	{"many spreads", "{ " + times(1_000, func(int) string { return "...f" }) + "} fragment f on Query { corpus { reportCount } }", nil, tooCostly},
	{"many operations", times(200, func(i int) string { return fmt.Sprintf("query q%d { __typename }", i) }), nil, tooCostly},
	{"introspection bomb", "{ __schema { types " + nest("{ fields { type ", "{ name }", "} }", 8) + " } }", nil, tooCostly},
	{"introspection by aliases", "{ " + times(40, func(i int) string {
		return fmt.Sprintf("a%d: __schema { types { fields { args { type { ofType { fields { name } } } } } } }", i)
	}) + "}", nil, tooCostly},
	{"introspection of possible types", "{ __schema { types { possibleTypes { fields { type { possibleTypes { fields { type { fields { name } } } } } } } } } }", nil, invalid},
	{"a huge string", `{ search(text: "` + strings.Repeat("a", 30_000) + `") { totalCount } }`, nil, tooCostly},
	{"a huge block string", `{ search(text: """` + strings.Repeat("a", 30_000) + `""") { totalCount } }`, nil, tooCostly},
	{"a huge name", "{ " + strings.Repeat("a", 60_000) + " }", nil, invalid},
	{"a huge number", "{ reports(first: " + strings.Repeat("9", 60_000) + ") { totalCount } }", nil, invalid},
	{"a huge comment", "# " + strings.Repeat("a", 70_000) + "\n{ __typename }", nil, tooLarge},
	{"many comments", strings.Repeat("#\n", 20_000) + "{ __typename }", nil, tooCostly},
	{"many variables", "query (" + times(1_000, func(i int) string { return fmt.Sprintf("$a%d: Int", i) }) + ") { __typename }", nil, invalid},
	{"unknown fields", "{ " + times(1_500, func(i int) string { return fmt.Sprintf("unknown%d", i) }) + "}", nil, invalid},
	{"unknown arguments", "{ corpus(" + times(1_000, func(i int) string { return fmt.Sprintf("a%d: 1", i) }) + ") { reportCount } }", nil, invalid},
	{"pages of pages", "{ reports(first: 100) { edges { node { practices(first: 100) { edges { node { reports(first: 100) { edges { node { title } } } } } } } } } }", nil, tooCostly},
	{"pages of texts", "{ practices(first: 100) { edges { node { reports(first: 100) { edges { node { text } } } } } } }", nil, tooCostly},
	{"pages by variable", "query ($n: Int!) { reports(first: $n) { edges { node { mentions(first: $n) { edges { node { report { mentions(first: $n) { totalCount edges { node { id } } } } } } } } } } }",
		map[string]any{"n": 100}, tooCostly},
	{"many IDs", "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", map[string]any{"ids": make([]int, 5_000)}, tooCostly},
	{"a deep variable", "query ($w: ReportWhere) { reports(where: $w) { totalCount } }", deepVariable(200), tooCostly},
	{"no operation", "fragment f on Query { __typename }", nil, invalid},
	{"garbage", "\x00\xff{", nil, noParse},
	{"an open string", `{ search(text: "`, nil, noParse},
	{"schema for a query", "type Query { a: Int }", nil, noParse},
	{"nothing but blanks", "   ", nil, invalid},
}

// carrier sends a document in one of the ways that clients have.
type carrier struct {
	name string
	// send makes the request, or nil where the way cannot carry it.
	send func(a attack) *http.Request
}

func post(a attack, extensions map[string]any) *http.Request {
	body, err := json.Marshal(map[string]any{"query": a.query, "variables": a.variables, "extensions": extensions})
	if err != nil {
		panic(err)
	}
	r := httptest.NewRequest("POST", "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return r
}

// form is a multipart request with one file.
func form(operations, places string, names ...string) *http.Request {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	write := func(part io.Writer, err error, text string) {
		if err == nil {
			_, err = io.WriteString(part, text)
		}
		if err != nil {
			panic(err) // a buffer takes every write
		}
	}
	for _, field := range [][2]string{{"operations", operations}, {"map", places}} {
		part, err := w.CreateFormField(field[0])
		write(part, err, field[1])
	}
	for _, name := range names {
		part, err := w.CreateFormFile(name, name+".txt")
		write(part, err, "a file")
	}
	w.Close()
	r := httptest.NewRequest("POST", "/graphql", &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("GraphQL-Preflight", "1")
	return r
}

var carriers = []carrier{
	{"multipart", func(a attack) *http.Request {
		variables := map[string]any{"file": nil}
		for name, v := range a.variables {
			variables[name] = v
		}
		return form(mustJSON(map[string]any{"query": a.query, "variables": variables}), `{"0":["variables.file"]}`, "0")
	}},
	{"POST", func(a attack) *http.Request { return post(a, nil) }},
	{"POST for the newer media type", func(a attack) *http.Request {
		r := post(a, nil)
		r.Header.Set("Accept", "application/graphql-response+json")
		return r
	}},
	{"GET", func(a attack) *http.Request {
		query := url.Values{"query": {a.query}}
		if a.variables != nil {
			query.Set("variables", mustJSON(a.variables))
		}
		return httptest.NewRequest("GET", "/graphql?"+query.Encode(), nil)
	}},
	{"SSE", func(a attack) *http.Request {
		r := post(a, nil)
		r.Header.Set("Accept", "text/event-stream")
		return r
	}},
	{"persisted", func(a attack) *http.Request {
		// As it arrives: JSON replaces what is no UTF-8.
		sum := sha256.Sum256([]byte(strings.ToValidUTF8(a.query, "\ufffd")))
		return post(a, map[string]any{"persistedQuery": map[string]any{"version": 1, "sha256Hash": hex.EncodeToString(sum[:])}})
	}},
}

// refused sends a request that must be refused, and returns its code and body.
func refused(t *testing.T, h http.Handler, r *http.Request) (code string, w *httptest.ResponseRecorder) {
	t.Helper()
	w = httptest.NewRecorder()
	began := time.Now()
	h.ServeHTTP(w, r)
	if taken := time.Since(began); taken > maxTaken {
		t.Errorf("it took %v", taken)
	}
	if w.Body.Len() > maxRefusal {
		t.Errorf("the refusal has %d bytes", w.Body.Len())
	}
	body := w.Body.Bytes()
	if strings.HasPrefix(w.Header().Get("Content-Type"), "text/event-stream") {
		_, data, _ := bytes.Cut(body, []byte("data: "))
		body, _, _ = bytes.Cut(data, []byte("\n"))
	}
	a := decode(t, body)
	if len(a.Errors) == 0 || bytes.Contains(body, []byte(`"data"`)) {
		t.Fatalf("it was run: %d %.300s", w.Code, body)
	}
	code, _ = a.Errors[0].Extensions["code"].(string)
	return code, w
}

// armoured is a handler without a store: whatever asks one panics.
func armoured(seen *admission.Tally) http.Handler {
	return graph.NewHandler(graph.Config{
		Extractor: extractor,
		Admitted: func(_ context.Context, tally admission.Tally, _ error) error {
			*seen = tally
			return nil
		},
	})
}

// TestAttacksAreRefused sends every attack in every way. None reaches the store,
// for there is none, and none makes admission look at more than it may.
func TestAttacksAreRefused(t *testing.T) {
	var seen admission.Tally
	h := armoured(&seen)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for _, a := range attacks {
		for _, by := range carriers {
			t.Run(a.name+"/"+by.name, func(t *testing.T) {
				seen = admission.Tally{}
				if code, w := refused(t, h, by.send(a)); code != a.code {
					t.Errorf("code %q, want %q: %d %.300s", code, a.code, w.Code, w.Body)
				}
				if seen.Tokens > admission.Default.Tokens+1 || seen.Visited > admission.Default.Tokens {
					t.Errorf("admission read %d tokens and visited %d selections", seen.Tokens, seen.Visited)
				}
			})
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > maxGrowth {
		t.Errorf("the heap grew by %d bytes", grown)
	}
	runtime.KeepAlive(h)
}

// TestBadForms sends forms whose map does not fit, or that break off.
func TestBadForms(t *testing.T) {
	var seen admission.Tally
	h := armoured(&seen)
	const upload = `{"query":"mutation($f: [Upload!]!) { uploadReports(files: $f) { stored } }","variables":{"f":[null,null],"x":{"y":null},"z":1}}`
	for name, r := range map[string]*http.Request{
		"beyond the end":              form(upload, `{"0":["variables.f.2"]}`, "0"),
		"before the beginning":        form(upload, `{"0":["variables.f.-1"]}`, "0"),
		"no number":                   form(upload, `{"0":["variables.f.first"]}`, "0"),
		"a number in another form":    form(upload, `{"0":["variables.f.01"]}`, "0"),
		"a number beyond all":         form(upload, `{"0":["variables.f.99999999999999999999"]}`, "0"),
		"the list itself":             form(upload, `{"0":["variables.f"]}`, "0"),
		"all variables":               form(upload, `{"0":["variables"]}`, "0"),
		"the query":                   form(upload, `{"0":["query"]}`, "0"),
		"no path":                     form(upload, `{"0":[""]}`, "0"),
		"a variable that is not":      form(upload, `{"0":["variables.g"]}`, "0"),
		"a field that is not":         form(upload, `{"0":["variables.x.z"]}`, "0"),
		"below a number":              form(upload, `{"0":["variables.z.0"]}`, "0"),
		"below null":                  form(upload, `{"0":["variables.f.0.0"]}`, "0"),
		"one place twice":             form(upload, `{"0":["variables.f.0"],"1":["variables.f.0"]}`, "0", "1"),
		"a file that the map lacks":   form(upload, `{"0":["variables.f.0"]}`, "1"),
		"a file twice":                form(upload, `{"0":["variables.f.0"]}`, "0", "0"),
		"a file that does not come":   form(upload, `{"0":["variables.f.0"],"1":["variables.f.1"]}`, "0"),
		"an empty map":                form(upload, `{}`, "0"),
		"a map that is null":          form(upload, `null`, "0"),
		"a map of texts":              form(upload, `{"0":"variables.f.0"}`, "0"),
		"a map that is no JSON":       form(upload, `{`, "0"),
		"operations that are no JSON": form(`{`, `{"0":["variables.f.0"]}`, "0"),
		"a batch":                     form("["+upload+"]", `{"0":["0.variables.f.0"]}`, "0"),
		"no variables":                form(`{"query":"{ __typename }"}`, `{"0":["variables.f"]}`, "0"),
	} {
		t.Run(name, func(t *testing.T) {
			if code, w := refused(t, h, r); code != badInput || w.Code != http.StatusBadRequest {
				t.Errorf("%d %s: %s", w.Code, code, w.Body)
			}
		})
	}
	whole := form(upload, `{"0":["variables.f.0"]}`, "0")
	body, _ := io.ReadAll(whole.Body)
	for n := 0; n < len(body)-4; n += 7 { // the last line's end may be left out
		r := httptest.NewRequest("POST", "/graphql", bytes.NewReader(body[:n]))
		r.Header = whole.Header
		if code, w := refused(t, h, r); code != badInput {
			t.Fatalf("the first %d bytes: %d %s", n, w.Code, w.Body)
		}
	}
}

// TestRequestsThatAreNone sends what is no single GraphQL request.
func TestRequestsThatAreNone(t *testing.T) {
	var seen admission.Tally
	h := armoured(&seen)
	secret := "a-secret-that-must-not-come-back"
	const ok = `{"query":"{ __typename }"}`
	for _, tt := range []struct {
		name, method, target, media, accept, body string
		status                                    int
		code                                      string
	}{
		{"broken JSON", "POST", "/graphql", "application/json", "", `{"query": "` + secret, 400, badInput},
		{"another JSON behind it", "POST", "/graphql", "application/json", "", ok + ok, 400, badInput},
		{"no body", "POST", "/graphql", "application/json", "", "", 400, badInput},
		{"null", "POST", "/graphql", "application/json", "", "null", 400, badInput},
		{"a number", "POST", "/graphql", "application/json", "", "1", 400, badInput},
		{"a batch", "POST", "/graphql", "application/json", "", "[" + ok + "," + ok + "]", 400, badInput},
		{"an empty batch", "POST", "/graphql", "application/json", "", "[]", 400, badInput},
		{"deep JSON", "POST", "/graphql", "application/json", "", nest("[", "", "]", 200_000), 400, badInput},
		{"deep variables", "POST", "/graphql", "application/json", "", `{"query":"{ __typename }","variables":{"a":` + nest("[", "", "]", 5_000) + `}}`, 200, tooCostly},
		{"no query", "POST", "/graphql", "application/json", "", `{"variables":{}}`, 400, badInput},
		{"a query that is no text", "POST", "/graphql", "application/json", "", `{"query":{"` + secret + `":1}}`, 400, badInput},
		{"variables that are a list", "POST", "/graphql", "application/json", "", `{"query":"{ __typename }","variables":[1]}`, 400, badInput},
		{"a large body", "POST", "/graphql", "application/json", "", `{"query":"` + strings.Repeat("a", 2<<20) + `"}`, 413, tooLarge},
		{"a form of a page", "POST", "/graphql", "application/x-www-form-urlencoded", "", "query=" + secret, 415, badInput},
		{"plain text of a page", "POST", "/graphql", "text/plain", "", ok, 415, badInput},
		{"a multipart form of a page", "POST", "/graphql", "multipart/form-data; boundary=a", "", "--a\r\nContent-Disposition: form-data; name=\"map\"\r\n\r\n{\"0\":[\"variables.a.-1\"]}\r\n--a--", 403, "CSRF_PREVENTED"},
		{"no media type", "POST", "/graphql", "", "", ok, 415, badInput},
		{"a media type that is none", "POST", "/graphql", ";;;", "", ok, 415, badInput},
		{"another charset", "POST", "/graphql", "application/json; charset=gb18030", "", ok, 415, badInput},
		{"the text as body", "POST", "/graphql", "application/graphql", "", "{ __typename }", 415, badInput},
		{"another method", "PUT", "/graphql", "application/json", "", ok, 405, badInput},
		{"deleting", "DELETE", "/graphql?query=%7B__typename%7D", "", "", "", 405, badInput},
		{"an answer in another form", "POST", "/graphql", "application/json", "image/png", ok, 406, badInput},
		{"a mutation by GET", "GET", "/graphql?query=mutation%7B__typename%7D", "", "", "", 405, badInput},
		{"bad escapes", "GET", "/graphql?query=%ZZ", "", "", "", 400, badInput},
		{"GET without a query", "GET", "/graphql", "", "", "", 400, badInput},
		{"variables in an address that are no JSON", "GET", "/graphql?query=%7B__typename%7D&variables=" + secret, "", "", "", 400, badInput},
		{"a hash nobody sent", "POST", "/graphql", "application/json", "", `{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"` + strings.Repeat("a", 64) + `"}}}`, 200, "PERSISTED_QUERY_NOT_FOUND"},
		{"a hash of another text", "POST", "/graphql", "application/json", "", `{"query":"{ __typename }","extensions":{"persistedQuery":{"version":1,"sha256Hash":"` + strings.Repeat("a", 64) + `"}}}`, 200, badInput},
		{"a hash that is none", "POST", "/graphql", "application/json", "", `{"query":"{ __typename }","extensions":{"persistedQuery":{"version":1,"sha256Hash":["` + secret + `"]}}}`, 200, badInput},
		{"a persisted query that is a text", "POST", "/graphql", "application/json", "", `{"extensions":{"persistedQuery":"` + secret + `"}}`, 200, badInput},
		{"an operation that is not there", "POST", "/graphql", "application/json", "", `{"query":"query a { __typename }","operationName":"b"}`, 200, invalid},
		{"which operation", "POST", "/graphql", "application/json", "", `{"query":"query a { __typename } query b { __typename }"}`, 200, invalid},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(tt.method, tt.target, strings.NewReader(tt.body))
			if tt.media != "" {
				r.Header.Set("Content-Type", tt.media)
			}
			if tt.accept != "" {
				r.Header.Set("Accept", tt.accept)
			}
			code, w := refused(t, h, r)
			if code != tt.code || w.Code != tt.status {
				t.Errorf("%d %q, want %d %q: %.300s", w.Code, code, tt.status, tt.code, w.Body)
			}
			if strings.Contains(w.Body.String(), secret) {
				t.Errorf("what was sent comes back: %s", w.Body)
			}
		})
	}
}
