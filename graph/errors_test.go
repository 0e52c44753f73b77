package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"graphd/graph"
	"graphd/internal/adoption"
	"graphd/internal/kg"
	"graphd/internal/store"
)

// failing is a store whose reports cannot be read.
type failing struct {
	graph.Reader
	err error // panics if nil
}

func (f failing) Reports(context.Context, []string, bool) ([]kg.Report, error) {
	if f.err == nil {
		panic("secret of a bug")
	}
	return nil, f.err
}

// TestFailuresTellNothingOfTheInside: a client gets a code and a request ID, the
// log has the rest, and no failure looks like an empty list.
func TestFailuresTellNothingOfTheInside(t *testing.T) {
	s := openSQLite(t)
	apply(t, s, reportOf(county, 2023, names(maple, kg.StatusImplemented)), reportOf(county, 2022))
	for want, err := range map[string]error{
		"UNAVAILABLE": &kg.Error{Op: "reports", Code: kg.CodeStoreUnreachable, Subject: "neo4j://secret", Err: errors.New("connection refused: secret")},
		"INTERNAL":    errors.New("secret of the store"),
		"TIMEOUT":     &kg.Error{Op: "reports", Code: kg.CodeInternal, Err: context.DeadlineExceeded},
		"PANIC":       nil,
	} {
		var log bytes.Buffer
		c := config(t, s)
		c.Store, c.Logger = failing{s, err}, slog.New(slog.NewTextHandler(&log, nil))
		if want == "PANIC" {
			want = "INTERNAL"
		}
		for _, query := range []string{
			`{ corpus { reportCount } reports { edges { node { title } } } }`,
			`{ practice(name: "枫桥经验") { name adopters { edges { node { since evidence { report { title } } } } } } }`,
		} {
			log.Reset()
			body := ask(t, c, query, nil)
			got := decode(t, body)
			if len(got.Errors) != 1 || got.Errors[0].Extensions["code"] != want || got.Errors[0].Extensions["requestId"] != "request-1" {
				t.Errorf("%v: %s", err, body)
			}
			if bytes.Contains(body, []byte("secret")) {
				t.Errorf("%v: the answer tells of the inside: %s", err, body)
			}
			if !strings.Contains(log.String(), "secret") && want != "TIMEOUT" || !strings.Contains(log.String(), "request-1") {
				t.Errorf("%v: the log lacks it: %s", err, log.String())
			}
		}
	}
}

// TestEverySiblingFails: what fails for all parents fails at each of them.
func TestEverySiblingFails(t *testing.T) {
	s := openSQLite(t)
	apply(t, s, reportOf(county, 2023), reportOf(county, 2022))
	got := decode(t, ask(t, config(t, s), `{ reports { edges { node { year practices(first: 0) { totalCount } } } } }`, nil))
	for _, path := range []string{"reports.edges.0.node.practices", "reports.edges.1.node.practices"} {
		if codes(got)[path] != "BAD_USER_INPUT" {
			t.Errorf("%s: %+v", path, got.Errors)
		}
	}
}

// TestWhereErrorsAre: an error of a field has its path in the response and its
// place in the query, also where it is about what was given to the field, and
// that of a variable names the variable.
func TestWhereErrorsAre(t *testing.T) {
	s := openSQLite(t)
	apply(t, s, reportOf(county, 2022, names(maple, kg.StatusPlanned)))
	c := config(t, s)
	for _, tc := range []struct {
		query, variables, message string
		path                      []any
		column                    int
	}{
		{`{ reports(where: {published: {eq: "2023-02-30"}}) { totalCount } }`, "", "where.published.eq: a date must have the form YYYY-MM-DD", []any{"reports"}, 3},
		{`{ a: reports(where: {and: [{published: {in: ["x"]}}]}) { totalCount } }`, "", "where.and[0].published.in[0]: a date", []any{"a"}, 3},
		{`query($w: ReportWhere) { reports(where: $w) { totalCount } }`, `{"published": {"eq": "x"}}`, "where.published.eq: a date", []any{"reports"}, 26},
		{`query($w: ReportWhere) { reports(where: $w) { totalCount } }`, `{"year": {"eq": "x"}}`, "$w.year.eq: cannot use", nil, 0},
		{`query($w: ReportWhere) { reports(where: $w) { totalCount } }`, `{"and": [{"ear": {}}]}`, "$w.and[0].ear: unknown field", nil, 0},
		{`query($w: ID!) { spread(practice: $w) { minStatus } }`, "null", "$w: cannot be null", nil, 0},
		{`query($w: ID!) { spread(practice: $w) { minStatus } }`, "", "$w: must be defined", nil, 0},
		{`{ practice(name: "枫桥经验") { adopters(within: "不存在") { totalCount } } }`, "", "no jurisdiction", []any{"practice", "adopters"}, 28},
		{`{ nodes(ids: ["x"]) { id } }`, "", "nothing has the ID", []any{"nodes", 0.}, 3},
		{`{ reports { edges { node { mentions(first: 0) { totalCount } } } } }`, "", "first must", []any{"reports", "edges", 0., "node", "mentions"}, 28},
		{`query($w: String) { practices(where: {name: {eq: $w}}) { totalCount } }`, `"a\u0000"`, "a text to compare with", []any{"practices"}, 21},
		{`query($w: [String!]) { practices(where: {name: {in: $w}}) { totalCount } }`, `["a\u0000"]`, "a text to compare with", []any{"practices"}, 24},
		{`query A { corpus { revision } } query B { corpus { revision } }`, "", "operationName must say which", nil, 0},
	} {
		variables := map[string]any{}
		if tc.variables != "" {
			variables["w"] = json.RawMessage(tc.variables)
		}
		got := decode(t, ask(t, c, tc.query, variables))
		if len(got.Errors) != 1 {
			t.Errorf("%s: %+v", tc.query, got)
			continue
		}
		e := got.Errors[0]
		var want []location
		if tc.column > 0 {
			want = []location{{1, tc.column}}
		}
		if !strings.HasPrefix(e.Message, tc.message) || !reflect.DeepEqual(e.Path, tc.path) || !slices.Equal(e.Locations, want) {
			t.Errorf("%s: %+v, want %q at %v, %v", tc.query, e, tc.message, tc.path, want)
		}
	}
}

// TestNoStore: without a store every question fails by itself, and the schema
// can still be read.
func TestNoStore(t *testing.T) {
	s := openSQLite(t)
	c := config(t, s)
	c.Index = unreachable{}
	for _, query := range []string{
		`{ corpus { revision } }`, `{ node(id: "cmVwb3J0OjA") { id } }`, `{ practice(name: "枫桥经验") { name } }`,
		`{ jurisdiction(code: "31") { name } }`, `{ search(text: "依法") { edges { cursor } } }`,
		`{ spread(practice: "cmVwb3J0OjA") { minStatus } }`, `{ sharedBetween(a: "cmVwb3J0OjA", b: "cmVwb3J0OjA") { practices { id } } }`,
	} {
		got := decode(t, ask(t, c, query, nil))
		if len(got.Errors) != 1 || got.Errors[0].Extensions["code"] != "UNAVAILABLE" {
			t.Errorf("%s: %+v", query, got)
		}
	}
	data(t, c, `{ __schema { queryType { name } } }`, nil)
}

type unreachable struct{}

func (unreachable) Current(context.Context) (*adoption.Index, error) {
	return nil, &kg.Error{Op: "revision", Code: kg.CodeStoreUnreachable, Err: errors.New("no route")}
}

// TestBadYears: years that cannot be meant are refused wherever they are asked
// for.
func TestBadYears(t *testing.T) {
	s := openSQLite(t)
	apply(t, s, reportOf(county, 2023, names(maple, kg.StatusImplemented), names(firm, 0)))
	c := config(t, s)
	for _, years := range []string{"from: 1899", "to: 2101", "from: 2023, to: 2022", "from: 0, to: 99999"} {
		for _, query := range []string{
			`{ spread(practice: "` + opaque(maple.ID) + `", %s) { minStatus } }`, `{ practice(name: "枫桥经验") { spread(%s) { minStatus } } }`,
			`{ lawFirm(name: "白石律师事务所") { clients(%s) { totalCount } } }`, `{ search(text: "依法", %s) { edges { cursor } } }`,
		} {
			query = strings.ReplaceAll(query, "%s", years)
			if got := decode(t, ask(t, c, query, nil)); len(got.Errors) != 1 || got.Errors[0].Extensions["code"] != "BAD_USER_INPUT" {
				t.Errorf("%s: %+v", query, got)
			}
		}
	}
}

// TestYearsBeyondTheCorpus: a time line never lacks the years asked for without
// saying why.
func TestYearsBeyondTheCorpus(t *testing.T) {
	s := openSQLite(t)
	c := config(t, s)
	const query = `{ spread(practice: "枫桥经验", %s) { timeline { year noReport } } }`
	apply(t, s, reportOf(county, 2022, names(maple, kg.StatusImplemented)), reportOf(county, 2023))
	for _, years := range []string{"from: 2024", "to: 2021"} {
		got := decode(t, ask(t, c, fmt.Sprintf(query, years), nil))
		if len(got.Errors) != 1 || codes(got)["spread"] != "BAD_USER_INPUT" {
			t.Errorf("%s: %+v", years, got)
		}
	}
	got := data(t, c, fmt.Sprintf(query, "from: 2024, to: 2025"), nil)
	if want := "[map[noReport:1 year:2024] map[noReport:1 year:2025]]"; fmt.Sprint(at(t, got, "spread", "timeline")) != want {
		t.Errorf("%v, want %s", got, want)
	}
}

// TestGet answers queries in a URL.
func TestGet(t *testing.T) {
	s := openSQLite(t)
	w := httptest.NewRecorder()
	graph.NewHandler(config(t, s)).ServeHTTP(w, httptest.NewRequest("GET", "/graphql?query="+url.QueryEscape("{corpus{reportCount}}"), nil))
	if want := `{"data":{"corpus":{"reportCount":0}},"extensions":{"corpusRevision":0,"cost":{"limit":10000000,"requested":1}}}`; strings.TrimSpace(w.Body.String()) != want {
		t.Errorf("got %s, want %s", w.Body, want)
	}
}

// changing is a store that another process changes while questions are asked.
type changing struct {
	store.Store
	changes []kg.Facts
	always  func(n int) kg.Facts
	n       int
}

func (c *changing) Page(ctx context.Context, q store.PageQuery) (store.Page, error) {
	page, err := c.Store.Page(ctx, q)
	c.n++
	var next []kg.Facts
	if len(c.changes) > 0 {
		next, c.changes = c.changes[:1], c.changes[1:]
	} else if c.always != nil {
		next = []kg.Facts{c.always(c.n)}
	}
	if next != nil && err == nil {
		_, err = c.Apply(ctx, next)
	}
	return page, err
}

// TestOneRevision: an operation whose store changes under it starts anew, so
// that index and store never tell of two revisions.
func TestOneRevision(t *testing.T) {
	s := openSQLite(t)
	apply(t, s, reportOf(county, 2021))
	moving := &changing{Store: s, changes: []kg.Facts{reportOf(county, 2022), reportOf(county, 2023)}}
	c := config(t, moving)
	got := decode(t, ask(t, c, `{ reports { totalCount } corpus { revision reportCount } }`, nil))
	if len(got.Errors) > 0 || at(t, got.Data, "reports", "totalCount") != 3. || at(t, got.Data, "corpus", "reportCount") != 3. ||
		at(t, got.Data, "corpus", "revision") != 3. || got.Extensions["corpusRevision"] != 3. {
		t.Errorf("%+v", got)
	}

	moving.always = func(n int) kg.Facts { return reportOf(county, 1900+n) }
	got = decode(t, ask(t, c, `{ reports { totalCount } }`, nil))
	if len(got.Errors) != 1 || got.Errors[0].Extensions["code"] != "UNAVAILABLE" || got.Data != nil {
		t.Errorf("a store that never rests: %+v", got)
	}
}
