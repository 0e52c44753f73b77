package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"graphd/internal/kg"
)

// TestWhereTakesWhatArgumentsTake: a thing in a where is named as in an
// argument, and what stands for nothing is an error there too, for an empty
// list would say that there is nothing of it.
func TestWhereTakesWhatArgumentsTake(t *testing.T) {
	s := openSQLite(t)
	apply(t, s, reportOf(county, 2022, names(maple, kg.StatusPlanned), names(bridge, kg.StatusPlanned), names(replaced, 0), names(northAct, 0), names(firm, 0), counts(5)),
		reportOf(county, 2023, counts(7)), reportOf(northCity, 2023))
	c := config(t, s)
	report := at(t, data(t, c, `{ reports(where: {issuer: {eq: "白石县"}, year: {eq: 2022}}) { edges { node { id } } } }`, nil), "reports", "edges", 0, "node", "id")
	figure := at(t, data(t, c, `{ metrics(where: {value: {eq: 5}}) { edges { node { id } } } }`, nil), "metrics", "edges", 0, "node", "id")
	for list, want := range map[string]float64{
		`reports(where: {issuer: {within: "南岭省"}})`:                      2,
		`reports(where: {issuer: {within: "南嶺省"}})`:                      2,
		`reports(where: {issuer: {within: "920000"}})`:                   2,
		`reports(where: {issuer: {in: ["白石县", "9101"]}})`:                3,
		`reports(where: {issuer: {ne: "白石县"}})`:                          1,
		`reports(where: {not: {issuer: {eq: "白石县"}}})`:                   1,
		`reports(where: {or: [{issuer: {eq: "白石县"}}, {year: {eq: 1}}]})`: 2,
		`reports(where: {issuer: {eq: null}})`:                           0,
		fmt.Sprintf(`reports(where: {id: {eq: %q}})`, report):            1,
		`jurisdictions(where: {id: {within: "南岭省"}})`:                    3,
		`jurisdictions(where: {parent: {eq: "92"}})`:                     1,
		`practices(where: {variantOf: {eq: "楓橋經驗"}})`:                    1,
		`practices(where: {id: {ne: "枫桥经验"}})`:                           1,
		`laws(where: {id: {in: ["《中华人民共和国调解法》"]}})`:                      1,
		`laws(where: {issuer: {within: "北岭省"}})`:                         1,
		`lawFirms(where: {id: {eq: "白石律师事务所"}})`:                         1,
		`indicators(where: {id: {eq: "调解纠纷"}})`:                          1,
		`metrics(where: {indicator: {eq: "调解纠纷"}})`:                      2,
		`metrics(where: {issuer: {eq: "南岭省白石市白石县"}})`:                    2,
		fmt.Sprintf(`metrics(where: {report: {eq: %q}})`, report):        1,
		fmt.Sprintf(`metrics(where: {id: {in: [%q, %[1]q]}})`, figure):   1,
		`metrics(where: {id: {in: []}})`:                                 0,
		fmt.Sprintf(`metrics(where: {not: {id: {eq: %q}}})`, figure):     1,
	} {
		if got := at(t, data(t, c, "{ list: "+list+" { totalCount } }", nil), "list", "totalCount"); got != want {
			t.Errorf("%s: %v, want %v", list, got, want)
		}
	}
	gone := opaque("report:" + strings.Repeat("0", 32))
	for list, want := range map[string]any{
		`reports(where: {issuer: {within: "zzz"}})`:                                        "NOT_FOUND",
		`reports(where: {issuer: {within: ""}})`:                                           "BAD_USER_INPUT",
		`reports(where: {issuer: {ne: "93"}})`:                                             "NOT_FOUND",
		`reports(where: {not: {and: [{issuer: {in: ["白石县", "黑石县"]}}]}})`:                   "NOT_FOUND",
		`reports(where: {or: [{year: {eq: 2023}}, {issuer: {eq: "白石市"}}]})`:                "AMBIGUOUS",
		fmt.Sprintf(`reports(where: {issuer: {eq: %q}})`, opaque(maple.ID)):                "NOT_FOUND",
		fmt.Sprintf(`reports(where: {issuer: {eq: %q}})`, opaque("jurisdiction:99")):       "NOT_FOUND",
		fmt.Sprintf(`reports(where: {id: {in: [%q]}})`, gone):                              "NOT_FOUND",
		fmt.Sprintf(`reports(where: {id: {eq: %q}})`, figure):                              "NOT_FOUND",
		fmt.Sprintf(`metrics(where: {report: {ne: %q}})`, gone):                            "NOT_FOUND",
		fmt.Sprintf(`metrics(where: {id: {eq: %q}})`, report):                              "NOT_FOUND",
		`metrics(where: {indicator: {eq: "枫桥经验"}})`:                                        "NOT_FOUND",
		`practices(where: {partOf: {eq: "白石县"}})`:                                          "NOT_FOUND",
		`laws(where: {id: {eq: "南岭省"}})`:                                                   "NOT_FOUND",
		fmt.Sprintf(`reports(where: {issuer: {in: [%s]}})`, strings.Repeat(`"白石县" `, 101)): "BAD_USER_INPUT",
	} {
		got := decode(t, ask(t, c, "{ list: "+list+" { totalCount } }", nil))
		if len(got.Errors) != 1 || codes(got)["list"] != want {
			t.Errorf("%s: %+v, want %v", list, got, want)
		}
	}

	// However a thing is named, the list is the same, and so are its cursors.
	named := at(t, data(t, c, `{ reports(where: {issuer: {eq: "白石县"}}) { edges { cursor } } }`, nil), "reports", "edges", 0, "cursor")
	data(t, c, fmt.Sprintf(`{ reports(where: {issuer: {eq: "920101"}}, after: %q) { totalCount } }`, named), nil)
	data(t, c, fmt.Sprintf(`{ reports(where: {issuer: {eq: %q}}, after: %q) { totalCount } }`, opaque(county.ID), named), nil)
}

// TestNullIsNeverPassedOver: where null stands for a value, it asks for what has
// none, be there none such.
func TestNullIsNeverPassedOver(t *testing.T) {
	s := openSQLite(t)
	apply(t, s, reportOf(county, 2022, names(maple, kg.StatusPlanned), names(bridge, kg.StatusPlanned), names(replaced, 0), names(firm, 0), counts(5)))
	c := config(t, s)
	for _, condition := range []string{
		"jurisdictions level", "practices scope", "laws type", "reports composed", "metrics approximate", "metrics target",
		"jurisdictions name", "practices name", "laws title", "lawFirms name", "indicators name",
	} {
		list, field, _ := strings.Cut(condition, " ")
		count := func(where string) any {
			return at(t, data(t, c, fmt.Sprintf("{ list: %s(where: %s) { totalCount } }", list, where), nil), "list", "totalCount")
		}
		all := count("{}")
		if got := count("{" + field + ": {eq: null}}"); got != 0. || all == 0. {
			t.Errorf("%s eq null: %v of %v", condition, got, all)
		}
		if field == "name" || field == "title" {
			continue // there is no ne
		}
		if got := count("{" + field + ": {ne: null}}"); got != all {
			t.Errorf("%s ne null: %v of %v", condition, got, all)
		}
	}
	// In memory as well.
	got := data(t, c, `{ reports { edges { node { practices(where: {scope: {eq: null}}) { totalCount } local: practices(where: {scope: {ne: NATIONAL, gte: NATIONAL}}) { totalCount } } } } }`, nil)
	node := at(t, got, "reports", "edges", 0, "node")
	if at(t, node, "practices", "totalCount") != 0. || at(t, node, "local", "totalCount") != 1. {
		t.Errorf("%v", node)
	}
}

// TestEmptyTextIsNoValue: what an answer shows as an empty text is found as one.
func TestEmptyTextIsNoValue(t *testing.T) {
	s := openSQLite(t)
	bare := says("调解纠纷", "9", kg.Mention{Kind: kg.KindMetric, EntityID: disputes.ID, Metric: &kg.Metric{Label: "调解纠纷", Value: 9}})
	apply(t, s, reportOf(county, 2022, counts(5), counts(6), bare))
	c := config(t, s)
	for condition, want := range map[string]float64{
		`{eq: ""}`: 1, `{ne: ""}`: 2, `{in: [""]}`: 1, `{in: ["", "件"]}`: 3, `{in: ["件"]}`: 2, `{eq: null}`: 1,
	} {
		got := data(t, c, fmt.Sprintf(`{ all: metrics(where: {unit: %s}) { totalCount } indicator(name: "调解纠纷") { metrics(where: {unit: %[1]s}) { totalCount } } }`, condition), nil)
		if at(t, got, "all", "totalCount") != want || at(t, got, "indicator", "metrics", "totalCount") != want {
			t.Errorf("%s: %v, want %v", condition, got, want)
		}
	}
}
