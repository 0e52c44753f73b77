package graph_test

import (
	"net/http/httptest"
	"testing"

	"graphd/graph"
)

// fuzzed asks with any text for a variable: a wrong one is the client's error.
func fuzzed(f *testing.F, query string) {
	s := openSQLite(f)
	ingestSamples(f, s)
	c := config(f, s)
	h := graph.NewHandler(c)
	f.Fuzz(func(t *testing.T, given string) {
		for _, e := range decode(t, askThrough(t, h, query, map[string]any{"given": given})).Errors {
			if code := e.Extensions["code"]; code != badInput && code != "NOT_FOUND" && code != "AMBIGUOUS" && code != tooCostly {
				t.Fatalf("%q: %v %s", given, code, e.Message)
			}
		}
	})
}

func FuzzCursor(f *testing.F) {
	for _, seed := range []string{"", "e30", "eyJtIjoiYSJ9", "eyJtIjoiIiwidiI6WyJpOSJdLCJpIjoiIn0", "===", "枫桥"} {
		f.Add(seed)
	}
	fuzzed(f, `query ($given: String!) {
		reports(first: 2, after: $given) { totalCount }
		laws(last: 2, before: $given) { totalCount }
		search(text: "枫桥", after: $given) { edges { cursor } }
	}`)
}

func FuzzSearchText(f *testing.F) {
	for _, seed := range []string{"枫桥", `"`, `" OR *`, "a AND (", "NEAR(a b)", "枫\x00桥", "*", "-枫", "\\", "枫 桥:", "{}[]^~?!/&|", "'; --"} {
		f.Add(seed)
	}
	fuzzed(f, `query ($given: String!) { search(text: $given, first: 3) { edges { node { highlight evidence { quote } } } } }`)
}

func FuzzName(f *testing.F) {
	for _, seed := range []string{"枫桥经验", "松江", "310117", "practice:枫桥经验", "\x00", "%"} {
		f.Add(seed)
	}
	fuzzed(f, `query ($given: String!, $id: ID! = "x") { practice(name: $given) { name } jurisdiction(name: $given) { name } law(title: $given) { title } node(id: $id) { id } }`)
}

// FuzzForm sends any operations and any map with one file.
func FuzzForm(f *testing.F) {
	for _, places := range []string{`{"0":["variables.f.0"]}`, `{"0":["variables.f.-1"]}`, `{"0":["variables"]}`, `{"0":[".."]}`, `null`} {
		f.Add(`{"query":"mutation($f: [Upload!]!) { uploadReports(files: $f) { stored } }","variables":{"f":[null]}}`, places)
	}
	s := openSQLite(f)
	h := graph.NewHandler(config(f, s))
	f.Fuzz(func(t *testing.T, operations, places string) {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, form(operations, places, "0"))
		if w.Code >= 500 {
			t.Fatalf("%q %q: %d %s", operations, places, w.Code, w.Body)
		}
	})
}
