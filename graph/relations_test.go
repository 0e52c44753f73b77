package graph_test

import (
	"fmt"
	"testing"

	"graphd/graph"
	"graphd/internal/kg"
	"graphd/internal/store/storetest"
)

// twoTowns is a handler over a county and a city that share some things.
func twoTowns(t *testing.T) graph.Config {
	t.Helper()
	s := openSQLite(t)
	apply(t, s,
		reportOf(county, 2021, names(maple, kg.StatusReferred), names(firm, 0), counts(80)),
		reportOf(county, 2022,
			names(maple, kg.StatusReferred), names(maple, kg.StatusImplemented), names(bridge, kg.StatusQuantified), names(firm, 0),
			names(replaced, 0), counts(90)),
		reportOf(northCity, 2022, names(maple, kg.StatusHonoured), names(bridge, kg.StatusPlanned), names(replaced, 0), names(firm, 0), names(undated, 0), counts(7),
			says("来到", "白石", kg.Mention{Kind: kg.KindJurisdiction, Candidates: []string{northCity.ID, southCity.ID}})),
	)
	return config(t, s)
}

// TestEvidenceOfAnEdge: an edge from a report shows every place that names the
// entity, and the strongest status; an adoption only what adopts.
func TestEvidenceOfAnEdge(t *testing.T) {
	c := twoTowns(t)
	got := data(t, c, `{ reports(where: {year: {eq: 2022}}, orderBy: [{field: ISSUER, direction: DESC}], first: 1) { edges { node {
		practices { edges { status node { name } evidence { start quote passage } } } } } } }`, nil)
	practices := pluck(t, at(t, got, "reports", "edges", 0, "node", "practices"))
	if len(practices) != 2 {
		t.Fatalf("%v", got)
	}
	for _, p := range practices {
		if at(t, p, "node", "name") != "枫桥经验" {
			continue
		}
		if at(t, p, "status") != "IMPLEMENTED" || len(at(t, p, "evidence").([]any)) != 2 ||
			at(t, p, "evidence", 0, "start").(float64) >= at(t, p, "evidence", 1, "start").(float64) {
			t.Errorf("%v", p)
		}
	}

	const adopters = `{ practice(name: "枫桥经验") { adopters(minStatus: %s) { totalCount edges { node { since leftCensored status jurisdiction { name } evidence { quote } } } } } }`
	for min, want := range map[string]string{
		"IMPLEMENTED": "[[北岭省白石市 2022 true HONOURED [枫桥经验]] [南岭省白石市白石县 2022 false QUANTIFIED [枫桥经验 枫桥]]]",
		"HONOURED":    "[[北岭省白石市 2022 true HONOURED [枫桥经验]]]",
		"REFERRED":    "[[南岭省白石市白石县 2021 true REFERRED [枫桥经验]] [北岭省白石市 2022 true HONOURED [枫桥经验]]]",
	} {
		var lines []any
		list := at(t, data(t, c, fmt.Sprintf(adopters, min), nil), "practice", "adopters")
		for _, n := range pluck(t, list, "node") {
			place := map[any]string{"白石市": "北岭省白石市", "白石县": "南岭省白石市白石县"}[at(t, n, "jurisdiction", "name")]
			var quotes []any
			for _, e := range at(t, n, "evidence").([]any) {
				quotes = append(quotes, at(t, e, "quote"))
			}
			lines = append(lines, []any{place, at(t, n, "since"), at(t, n, "leftCensored"), at(t, n, "status"), quotes})
		}
		if fmt.Sprint(lines) != want {
			t.Errorf("%s: %v, want %s", min, lines, want)
		}
	}
}

// TestClients: a firm's clients come with their years, and only those asked for.
func TestClients(t *testing.T) {
	c := twoTowns(t)
	const query = `{ lawFirm(name: "白石律师事务所") { clients%s { totalCount edges { years node { fullName } evidence { quote report { year } } } } } }`
	for args, want := range map[string]string{
		"":             "[北岭省白石市 [2022] 1 南岭省白石市白石县 [2021 2022] 2]",
		"(to: 2021)":   "[南岭省白石市白石县 [2021] 1]",
		"(from: 2022)": "[北岭省白石市 [2022] 1 南岭省白石市白石县 [2022] 1]",
	} {
		var got []any
		for _, e := range pluck(t, at(t, data(t, c, fmt.Sprintf(query, args), nil), "lawFirm", "clients")) {
			got = append(got, at(t, e, "node", "fullName"), at(t, e, "years"), len(at(t, e, "evidence").([]any)))
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%s: %v, want %s", args, got, want)
		}
	}
}

// TestSharedBetween counts what both stand behind, for places and for reports.
func TestSharedBetween(t *testing.T) {
	c := twoTowns(t)
	const fields = `{ practices { name } laws { title } lawFirms { name } indicators { name } }`
	query := func(a, b string) string { return fmt.Sprintf("{ sharedBetween(a: %q, b: %q) %s }", a, b, fields) }
	want := "map[indicators:[map[name:调解纠纷]] lawFirms:[map[name:白石律师事务所]] laws:[map[title:调解法]] practices:[map[name:枫桥经验]]]"
	if got := fmt.Sprint(data(t, c, query(opaque(county.ID), opaque(northCity.ID)), nil)["sharedBetween"]); got != want {
		t.Errorf("places: %s, want %s", got, want)
	}
	if got := fmt.Sprint(data(t, c, query("白石縣", "北岭省白石市"), nil)["sharedBetween"]); got != want {
		t.Errorf("places by name: %s, want %s", got, want)
	}
	reports := pluck(t, data(t, c, `{ reports(where: {year: {eq: 2022}}) { edges { node { id } } } }`, nil)["reports"], "node", "id")
	if got := fmt.Sprint(data(t, c, query(reports[0].(string), reports[1].(string)), nil)["sharedBetween"]); got != want {
		t.Errorf("reports: %s, want %s", got, want)
	}
	for _, tc := range []struct{ a, b, code string }{
		{opaque(county.ID), reports[0].(string), "BAD_USER_INPUT"}, {opaque(county.ID), opaque(maple.ID), "NOT_FOUND"}, {"x", "y", "NOT_FOUND"},
		{"白石市", "白石县", "AMBIGUOUS"}, {reports[0].(string), opaque("report:x"), "NOT_FOUND"},
	} {
		if got := codes(decode(t, ask(t, c, query(tc.a, tc.b), nil)))["sharedBetween"]; got != tc.code {
			t.Errorf("%v: %v", tc, got)
		}
	}
}

// TestEveryNodeIsFoundAgain asks for each kind of node by the ID that an answer
// gave it. A figure and the mention that states it are two nodes.
func TestEveryNodeIsFoundAgain(t *testing.T) {
	c := twoTowns(t)
	got := data(t, c, `{ reports { edges { node { id
		mentions(first: 100) { edges { node { id entity { id } } } }
		metrics { edges { node { id indicator { id } } } }
		issuer { id }
		unresolved { candidates { id } }
	} } } }`, nil)
	ids := map[string]bool{}
	var collect func(v any)
	collect = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if id, ok := v["id"].(string); ok {
				ids[id] = true
			}
			for _, w := range v {
				collect(w)
			}
		case []any:
			for _, w := range v {
				collect(w)
			}
		}
	}
	collect(got)
	var list []any
	for id := range ids {
		list = append(list, id)
	}
	again := at(t, data(t, c, `query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }`, map[string]any{"ids": list}), "nodes").([]any)
	types := map[any]int{}
	for i, n := range again {
		if at(t, n, "id") != list[i] {
			t.Errorf("asked for %v, got %v", list[i], n)
		}
		types[at(t, n, "__typename")]++
	}
	// 3 reports, each figure twice: as itself and as a mention.
	for typ, want := range map[any]int{"Report": 3, "Metric": 3, "Mention": 16, "Practice": 2, "Law": 2, "LawFirm": 1, "Indicator": 1, "Jurisdiction": 3} {
		if types[typ] != want {
			t.Errorf("%d of type %v, want %d (%v)", types[typ], typ, want, types)
		}
	}
	if got := decode(t, ask(t, c, `query($ids: [ID!]!) { nodes(ids: $ids) { id } }`, map[string]any{"ids": make([]string, 101)})); codes(got)["nodes"] != "BAD_USER_INPUT" {
		t.Errorf("101 IDs: %+v", got)
	}
}

// TestUnresolved: what was not decided is shown with what it may be.
func TestUnresolved(t *testing.T) {
	c := twoTowns(t)
	got := data(t, c, `{ jurisdiction(code: "9101") { reports { edges { node {
		unresolved { kind quote start end candidates { id } } mentions(kinds: [JURISDICTION]) { totalCount edges { node { entity { id } } } } } } } } }`, nil)
	node := at(t, got, "jurisdiction", "reports", "edges", 0, "node")
	want := fmt.Sprint([]any{map[string]any{"id": opaque(northCity.ID)}, map[string]any{"id": opaque(southCity.ID)}})
	if fmt.Sprint(at(t, node, "unresolved", 0, "candidates")) != want || at(t, node, "unresolved", 0, "quote") != "白石" {
		t.Errorf("%v", node)
	}
	if at(t, node, "mentions", "totalCount") != 1. || at(t, node, "mentions", "edges", 0, "node", "entity") != nil {
		t.Errorf("%v", node)
	}
}

// TestCandidatesAreNotNamed: what an undecided mention may mean is shown with it,
// and is in no list, count or search, for no report names it.
func TestCandidatesAreNotNamed(t *testing.T) {
	s := openSQLite(t)
	apply(t, s, reportOf(south, 2022, says("来到", "白石", kg.Mention{Kind: kg.KindJurisdiction, Candidates: []string{northCity.ID, county.ID}})))
	c := config(t, s)
	got := data(t, c, `{
		corpus { jurisdictionCount } jurisdictions { totalCount edges { node { name children { totalCount } } } }
		search(text: "白石", kinds: [JURISDICTION]) { totalCount }
		reports { edges { node { unresolved { candidates { ... on Jurisdiction { fullName ancestors { name } } } } } } }
		jurisdiction(code: "9101") { fullName }
	}`, nil)
	want := "map[corpus:map[jurisdictionCount:1] jurisdiction:map[fullName:北岭省白石市] " +
		"jurisdictions:map[edges:[map[node:map[children:map[totalCount:0] name:南岭省]]] totalCount:1] " +
		"reports:map[edges:[map[node:map[unresolved:[map[candidates:[map[ancestors:[map[name:北岭省]] fullName:北岭省白石市] " +
		"map[ancestors:[map[name:南岭省] map[name:白石市]] fullName:南岭省白石市白石县]]]]]]]] search:map[totalCount:0]]"
	if fmt.Sprint(got) != want {
		t.Errorf("got  %v\nwant %s", got, want)
	}
	if got := decode(t, ask(t, c, `{ jurisdiction(name: "白石市") { name } }`, nil)); codes(got)["jurisdiction"] != "NOT_FOUND" {
		t.Errorf("%+v", got)
	}
}

// TestDocNumber: the number that most citations give, else the first in order.
func TestDocNumber(t *testing.T) {
	s := openSQLite(t)
	rule := func(number string, law kg.Entity) storetest.Sentence {
		return says("依据", "《工作规则》", kg.Mention{Kind: kg.KindLaw, EntityID: law.ID, DocNumber: number})
	}
	apply(t, s,
		reportOf(northCity, 2021, rule("白政〔2020〕2号", northAct), rule("白政〔2020〕1号", northAct), rule("", northAct),
			rule("白政〔2020〕4号", southAct), rule("白政〔2020〕3号", southAct), names(replaced, 0)),
		reportOf(northCity, 2022, rule("白政〔2020〕2号", northAct)))
	got := data(t, config(t, s), `{ laws { edges { node { title docNumber issuer { name } } } } }`, nil)
	want := "[map[docNumber:白政〔2020〕2号 issuer:map[name:白石市] title:工作规则] map[docNumber:白政〔2020〕3号 issuer:map[name:白石市] title:工作规则] map[docNumber:<nil> issuer:<nil> title:调解法]]"
	if got := fmt.Sprint(pluck(t, got["laws"], "node")); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
