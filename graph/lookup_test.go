package graph_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"graphd/internal/kg"
)

func opaque(id string) string { return base64.RawURLEncoding.EncodeToString([]byte(id)) }

// TestByCode finds a place by every writing of its code.
func TestByCode(t *testing.T) {
	s := openSQLite(t)
	apply(t, s, reportOf(county, 2023))
	c := config(t, s)
	for code, want := range map[string]any{
		"92": "南岭省", "920000": "南岭省", "920000000": "南岭省", "920000000000": "南岭省", "9200": "南岭省",
		"9201": "白石市", "920100": "白石市", "920101": "白石县", "920101000": "白石县", "９２０１０１": "白石县", " 92 ": "南岭省",
	} {
		got := data(t, c, `query($c: String!) { jurisdiction(code: $c) { name } }`, map[string]any{"c": code})
		if name := at(t, got, "jurisdiction", "name"); name != want {
			t.Errorf("%q: %v, want %v", code, name, want)
		}
	}
	for code, want := range map[string]any{
		"": "BAD_USER_INPUT", "9": "BAD_USER_INPUT", "92010": "BAD_USER_INPUT", "ab": "BAD_USER_INPUT", "93": "NOT_FOUND",
		"920101001": "NOT_FOUND", "920101001001": "NOT_FOUND",
	} {
		got := decode(t, ask(t, c, `query($c: String!) { jurisdiction(code: $c) { name } }`, map[string]any{"c": code}))
		if codes(got)["jurisdiction"] != want || got.Data["jurisdiction"] != nil {
			t.Errorf("%q: %+v, want %v", code, got, want)
		}
	}
}

// TestHomonyms: a name of several things is never decided by guessing, and the
// error has what it takes to ask again.
func TestHomonyms(t *testing.T) {
	s := openSQLite(t)
	apply(t, s, reportOf(county, 2023, names(northAct, 0), names(southAct, 0)), reportOf(northCity, 2023))
	c := config(t, s)

	got := decode(t, ask(t, c, `{ jurisdiction(name: "白石市") { name } }`, nil))
	if len(got.Errors) != 1 || got.Errors[0].Extensions["code"] != "AMBIGUOUS" {
		t.Fatalf("%+v", got)
	}
	want := fmt.Sprint([]any{
		map[string]any{"id": opaque(northCity.ID), "name": "白石市", "path": []any{"北岭省", "白石市"}},
		map[string]any{"id": opaque(southCity.ID), "name": "白石市", "path": []any{"南岭省", "白石市"}},
	})
	if got := fmt.Sprint(got.Errors[0].Extensions["candidates"]); got != want {
		t.Errorf("candidates %s, want %s", got, want)
	}
	if got := decode(t, ask(t, c, `{ jurisdiction(name: "白石") { name } }`, nil)); len(got.Errors[0].Extensions["candidates"].([]any)) != 3 {
		t.Errorf("of the alias: %+v", got)
	}

	inSouth := data(t, c, `query($w: ID!) { jurisdiction(name: "白石市", within: $w) { fullName } }`, map[string]any{"w": opaque(south.ID)})
	if at(t, inSouth, "jurisdiction", "fullName") != "南岭省白石市" {
		t.Errorf("within: %v", inSouth)
	}
	full := data(t, c, `{ jurisdiction(name: "北嶺省白石市") { fullName } }`, nil)
	if at(t, full, "jurisdiction", "fullName") != "北岭省白石市" {
		t.Errorf("full name: %v", full)
	}

	got = decode(t, ask(t, c, `{ law(title: "《工作规则》") { title } }`, nil))
	if codes(got)["law"] != "AMBIGUOUS" || !strings.Contains(fmt.Sprint(got.Errors[0].Extensions["candidates"]), "北岭省 白石市") {
		t.Errorf("two cities' law: %+v", got)
	}
}

// TestOwnNameBeforeAlias: what a name belongs to goes before what it is also
// used for.
func TestOwnNameBeforeAlias(t *testing.T) {
	s := openSQLite(t)
	apply(t, s, reportOf(county, 2023, names(maple, kg.StatusPlanned), names(bridge, kg.StatusPlanned), names(replaced, 0)))
	c := config(t, s)
	for name, want := range map[string]string{"枫桥": "枫桥", "“楓橋”": "枫桥", "枫桥经验": "枫桥经验"} {
		got := data(t, c, `query($n: String!) { practice(name: $n) { name } }`, map[string]any{"n": name})
		if at(t, got, "practice", "name") != want {
			t.Errorf("%s: %v", name, got)
		}
	}
	for _, title := range []string{"调解法", "《调解法》", "《中华人民共和国调解法》", "中華人民共和國調解法"} {
		got := data(t, c, `query($n: String!) { law(title: $n) { title } }`, map[string]any{"n": title})
		if at(t, got, "law", "title") != "调解法" {
			t.Errorf("%s: %v", title, got)
		}
	}
}

// TestInForce: a law holds in a year if a version does at some time in it; what
// the versions do not tell is unknown, as it is before the first of them.
func TestInForce(t *testing.T) {
	s := openSQLite(t)
	var facts []kg.Facts
	for _, year := range []int{0, 2010, 2011, 2021, 2022} {
		facts = append(facts, reportOf(county, year, names(replaced, 0), names(undated, 0), names(northAct, 0)))
	}
	apply(t, s, facts...)
	c := config(t, s)
	got := data(t, c, `{ reports(orderBy: [{field: YEAR}]) { edges { node { laws { edges { inForce node { title } } } } } } }`, nil)
	want := map[string][]any{
		"调解法": {nil, nil, true, true, false}, "信访法": {nil, nil, nil, nil, nil}, "工作规则": {nil, nil, nil, nil, nil},
	}
	for i, laws := range pluck(t, got["reports"], "node", "laws") {
		for k, title := range pluck(t, laws, "node", "title") {
			if inForce := pluck(t, laws, "inForce")[k]; inForce != want[title.(string)][i] {
				t.Errorf("%v in year %d of the list: %v", title, i, inForce)
			}
		}
	}
}

// TestHighlightIsSafe: what a page shows of a hit is escaped but for the marks.
func TestHighlightIsSafe(t *testing.T) {
	s := openSQLite(t)
	apply(t, s, reportOf(county, 2023, says(`<b>"A&B"</b>依 法行政,再说依法`, "枫桥", kg.Mention{Kind: kg.KindPractice, EntityID: maple.ID, Status: kg.StatusPlanned})))
	got := data(t, config(t, s), `{ search(text: "依法") { edges { node { highlight evidence { quote start end report { text } } } } } }`, nil)
	hit := at(t, got, "search", "edges", 0, "node")
	want := "&lt;b&gt;&#34;A&amp;B&#34;&lt;/b&gt;<mark>依 法</mark>行政,再说<mark>依法</mark>枫桥。"
	if at(t, hit, "highlight") != want {
		t.Errorf("highlight %v, want %s", at(t, hit, "highlight"), want)
	}
	text := []rune(at(t, hit, "evidence", "report", "text").(string))
	start, end := int(at(t, hit, "evidence", "start").(float64)), int(at(t, hit, "evidence", "end").(float64))
	if quote := at(t, hit, "evidence", "quote"); quote != "依 法" || string(text[start:end]) != quote {
		t.Errorf("quote %v at [%d, %d)", quote, start, end)
	}
}
