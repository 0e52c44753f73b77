package graph_test

import (
	"net/http"
	"testing"
	"time"

	"graphd/graph"
	"graphd/internal/kg"
	"graphd/internal/store"
	"graphd/internal/store/storetest"
)

// TestDecisions edits as a front end does: an answer shows what the decision
// made of the corpus, and undoing it shows what was before.
func TestDecisions(t *testing.T) {
	s := openSQLite(t)
	linkage := kg.Entity{ID: kg.PracticeID("枫桥三所"), Kind: kg.KindPractice, Name: "枫桥三所"}
	other := reportOf(county, 2022, storetest.Sentence{{Text: "推行"}, {Text: "枫桥三所", Mention: kg.Mention{Kind: kg.KindPractice, EntityID: linkage.ID, Status: kg.StatusImplemented, Rule: "composed"}}})
	other.Entities = append(other.Entities, linkage)
	apply(t, s, reportOf(county, 2023, names(maple, kg.StatusImplemented)), other)
	c := config(t, s)
	c.Editor, c.Now = store.Editor{Store: s}, func() time.Time { return time.Date(2024, 7, 1, 8, 0, 0, 0, time.UTC) }

	adopters := `{ practices { edges { node { name aliases adopters { edges { node { since } } } } } } }`
	before := data(t, c, adopters, nil)
	ids := data(t, c, `{ a: practice(name: "枫桥经验") { id } b: practice(name: "枫桥三所") { id } }`, nil)
	variables := map[string]any{"into": at(t, ids, "a", "id"), "from": at(t, ids, "b", "id")}
	merge := `mutation ($into: ID!, $from: ID!) { mergeEntities(into: $into, from: $from, reason: "同一做法") {
		id kind by at reason undone { by } entity { id } into { ... on Practice { name aliases reportCount } } } }`

	if got := decode(t, ask(t, c, merge, variables)); codes(got)["mergeEntities"] != "UNAUTHENTICATED" {
		t.Fatalf("without an editor: %+v", got)
	}
	readOnly := c
	readOnly.Editor = nil
	if got := decode(t, askAs(t, readOnly, "li", merge, variables)); codes(got)["mergeEntities"] != "FORBIDDEN" {
		t.Fatalf("where nothing can be changed: %+v", got)
	}
	revision := decode(t, ask(t, c, `{ corpus { revision } }`, nil)).Extensions["corpusRevision"].(float64)
	merged := decode(t, askAs(t, c, "li", merge, variables))
	if len(merged.Errors) > 0 || merged.Extensions["corpusRevision"] != revision+1 {
		t.Fatalf("%+v", merged)
	}
	d := at(t, merged.Data, "mergeEntities")
	if at(t, d, "by") != "li" || at(t, d, "at") != "2024-07-01T08:00:00Z" || at(t, d, "undone") != nil || at(t, d, "entity") != nil ||
		at(t, d, "into", "name") != "枫桥经验" || at(t, d, "into", "reportCount") != 2.0 {
		t.Errorf("%v", d)
	}
	if since := at(t, data(t, c, `{ practice(name: "枫桥三所") { name adopters { edges { node { since } } } } }`, nil), "practice", "adopters", "edges", 0, "node", "since"); since != 2022.0 {
		t.Errorf("adopted since %v", since)
	}
	if got := at(t, data(t, c, `query ($id: ID!) { node(id: $id) { ... on Decision { reason } } decisions { reason } }`, map[string]any{"id": at(t, d, "id")}), "node", "reason"); got != "同一做法" {
		t.Errorf("%v", got)
	}
	undone := decode(t, askAs(t, c, "wang", `mutation ($id: ID!) { undo(decision: $id) { undone { by at reason } } }`, map[string]any{"id": at(t, d, "id")}))
	if len(undone.Errors) > 0 || at(t, undone.Data, "undo", "undone", "by") != "wang" {
		t.Fatalf("%+v", undone)
	}
	if after := data(t, c, adopters, nil); !same(before, after) {
		t.Errorf("undone, there is %v, and was %v", after, before)
	}

	mention := at(t, data(t, c, `{ reports(where: { year: { eq: 2023 } }) { edges { node { mentions { edges { node { id } } } } } } }`, nil), "reports", "edges", 0, "node", "mentions", "edges", 0, "node", "id")
	for name, tc := range map[string]struct {
		query string
		code  any
	}{
		"unknown mention":  {`mutation { rejectMention(id: "bm90aGluZw", reason: "x") { id } }`, "NOT_FOUND"},
		"unknown entity":   {`mutation { mergeEntities(into: "bm90aGluZw", from: "bm90aGluZw", reason: "x") { id } }`, "NOT_FOUND"},
		"unknown decision": {`mutation { undo(decision: "bm90aGluZw") { id } }`, "NOT_FOUND"},
		"no reason":        {`mutation { rejectMention(id: "` + mention.(string) + `", reason: " ") { id } }`, "BAD_USER_INPUT"},
	} {
		got := decode(t, askAs(t, c, "li", tc.query, nil))
		if len(got.Errors) != 1 || got.Errors[0].Extensions["code"] != tc.code {
			t.Errorf("%s: %+v", name, got.Errors)
		}
	}
	rejected := decode(t, askAs(t, c, "li", `mutation ($id: ID!) { rejectMention(id: $id, reason: "地名") { kind mentions { quote context } entity { ... on Practice { name } } } }`, map[string]any{"id": mention}))
	if len(rejected.Errors) > 0 || at(t, rejected.Data, "rejectMention", "mentions", 0, "quote") != "枫桥经验" {
		t.Fatalf("%+v", rejected)
	}
	// A query sent by GET changes nothing.
	if n := at(t, data(t, c, `{ decisions { id } }`, nil), "decisions").([]any); len(n) != 2 {
		t.Errorf("%d decisions on record", len(n))
	}
}

func same(a, b map[string]any) bool { return mustJSON(a) == mustJSON(b) }

// askAs asks as an editor.
func askAs(t testing.TB, c graph.Config, editor, query string, variables map[string]any) []byte {
	t.Helper()
	return askThrough(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		graph.NewHandler(c).ServeHTTP(w, r.WithContext(graph.WithEditor(r.Context(), editor)))
	}), query, variables)
}
