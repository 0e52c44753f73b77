package graph_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"graphd/internal/kg"
	"graphd/internal/store"
	"graphd/internal/store/storetest"
)

// lists are connections whose pages must fit together, as fields of a query;
// %s stands for their arguments.
func lists(t testing.TB, s store.Store) map[string]string {
	id := func(of store.Collection, field string) string {
		page, err := s.Page(context.Background(), store.PageQuery{Of: of, OrderBy: []store.Order{{Field: field, Desc: true}}, Limit: 1})
		if err != nil || len(page.Keys) == 0 {
			t.Fatalf("no %s: %v", of, err)
		}
		return opaque(page.Keys[0].ID)
	}
	node := func(of store.Collection, typ, field string) string {
		return fmt.Sprintf(`node(id: %q) { ... on %s { list: %s } }`, id(of, "mentionCount"), typ, field)
	}
	report := fmt.Sprintf(`report(id: %q)`, id(store.Reports, "published"))
	return map[string]string{
		"reports":                `list: reports(%s) { ...p edges { cursor node { id } } }`,
		"reports by issuer":      `list: reports(orderBy: [{field: ISSUER, direction: DESC}, {field: TITLE}] %s) { ...p edges { cursor node { id } } }`,
		"laws by count":          `list: laws(orderBy: [{field: REPORT_COUNT, direction: DESC}] %s) { ...p edges { cursor node { id } } }`,
		"metrics by value":       `list: metrics(orderBy: [{field: VALUE, direction: DESC}] %s) { ...p edges { cursor node { id } } }`,
		"metrics":                `list: metrics(where: {unit: {ne: "件"}} %s) { ...p edges { cursor node { id } } }`,
		"Practice.reports":       node(store.Practices, "Practice", `reports(where: {title: {contains: "法治"}} %s) { ...p edges { cursor node { id } } }`),
		"Law.citations":          node(store.Laws, "Law", `citations(%s) { ...p edges { cursor node { id } } }`),
		"Indicator.metrics":      node(store.Indicators, "Indicator", `metrics(where: {value: {gt: 10}} %s) { ...p edges { cursor node { id } } }`),
		"Report.practices":       report + ` { list: practices(%s) { ...p edges { cursor node { id } } } }`,
		"Report.metrics":         report + ` { list: metrics(%s) { ...p edges { cursor node { id } } } }`,
		"Report.mentions":        report + ` { list: mentions(%s) { ...p edges { cursor node { id } } } }`,
		"Practice.adopters":      node(store.Practices, "Practice", `adopters(%s) { ...p edges { cursor node { jurisdiction { id } } } }`),
		"Jurisdiction.practices": `jurisdiction(name: "方松街道") { list: practices(minStatus: PLANNED %s) { ...p edges { cursor node { practice { id } } } } }`,
		"Jurisdiction.reports":   `jurisdiction(name: "松坞镇") { list: reports(orderBy: [{field: PUBLISHED}] %s) { ...p edges { cursor node { id } } } }`,
		"Jurisdiction.children":  `jurisdiction(code: "32") { list: children(%s) { ...p edges { cursor node { id } } } }`,
	}
}

// walk reads a list page by page, forward or backward, and checks that each
// page tells truly where it lies.
func walk(t *testing.T, ask func(args string) map[string]any, size int, backward bool) []string {
	t.Helper()
	var ids []string
	cursor := ""
	for pages := 0; ; pages++ {
		args := fmt.Sprintf("first: %d", size)
		if backward {
			args = fmt.Sprintf("last: %d", size)
		}
		if cursor != "" && backward {
			args += fmt.Sprintf(" before: %q", cursor)
		} else if cursor != "" {
			args += fmt.Sprintf(" after: %q", cursor)
		}
		list := ask(args)
		var page []string
		for _, n := range pluck(t, list, "node") {
			page = append(page, fmt.Sprint(n))
		}
		info := at(t, list, "pageInfo").(map[string]any)
		more, behind, next := info["hasNextPage"], info["hasPreviousPage"], info["endCursor"]
		if backward {
			more, behind, next = behind, more, info["startCursor"]
			ids = append(page, ids...)
		} else {
			ids = append(ids, page...)
		}
		if behind != (pages > 0) {
			t.Errorf("page %d says %v of what it follows", pages, behind)
		}
		if len(page) > size || more == true && len(page) < size {
			t.Errorf("page %d has %d elements of %d", pages, len(page), size)
		}
		if more == false {
			if total := int(at(t, list, "totalCount").(float64)); total != len(ids) {
				t.Errorf("totalCount is %d, and the pages have %d", total, len(ids))
			}
			return ids
		}
		cursor = next.(string)
	}
}

// TestPagesFitTogether walks every kind of list in small steps, both ways.
func TestPagesFitTogether(t *testing.T) {
	s := openSQLite(t)
	ingestSamples(t, s)
	c := config(t, s)
	for name, field := range lists(t, s) {
		t.Run(name, func(t *testing.T) {
			field = strings.ReplaceAll(field, "...p", "pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount")
			ask := func(args string) map[string]any {
				got := data(t, c, "{ "+fmt.Sprintf(strings.ReplaceAll(field, "(%s)", "(%[1]s)"), args)+" }", nil)
				for got["list"] == nil {
					for _, v := range got {
						got = v.(map[string]any)
					}
				}
				return got["list"].(map[string]any)
			}
			whole := walk(t, ask, 100, false)
			if len(whole) < 2 {
				t.Fatalf("only %d elements to page through", len(whole))
			}
			sizes := []int{1, 3}
			if len(whole) > 40 {
				sizes = []int{7}
			}
			for _, size := range sizes {
				if got := walk(t, ask, size, false); !slices.Equal(got, whole) {
					t.Errorf("forward by %d: %v, want %v", size, got, whole)
				}
				if got := walk(t, ask, size, true); !slices.Equal(got, whole) {
					t.Errorf("backward by %d: %v, want %v", size, got, whole)
				}
			}
		})
	}
}

// TestBadPages: what makes no sense, or is of another list, is told and not
// answered.
func TestBadPages(t *testing.T) {
	s := openSQLite(t)
	apply(t, s, reportOf(county, 2022, names(maple, kg.StatusPlanned)), reportOf(county, 2023, names(maple, kg.StatusPlanned)))
	c := config(t, s)
	cursor := at(t, data(t, c, `{ reports(where: {year: {gt: 2000}}) { edges { cursor } } }`, nil), "reports", "edges", 0, "cursor").(string)
	data(t, c, fmt.Sprintf(`{ reports(where: {year: {gt: 2000}}, after: %q, first: 1) { totalCount } }`, cursor), nil)
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		t.Fatal(err)
	}
	forged := base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(raw), `"i2023"`, `"sx"`, 1)))
	short := base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(raw), `"i2023"`, ``, 1)))
	for _, args := range []string{
		"first: 0", "first: 101", "last: 0", "last: 101", "first: -1", "first: 1, last: 1", `after: ""`, `after: "%%"`, `before: "e30"`,
		fmt.Sprintf("after: %q", cursor), fmt.Sprintf("where: {year: {gte: 2000}}, after: %q", cursor),
		fmt.Sprintf("where: {year: {gt: 2000}}, orderBy: [{field: YEAR}], after: %q", cursor),
		fmt.Sprintf("where: {year: {gt: 2000}}, after: %q", forged), fmt.Sprintf("where: {year: {gt: 2000}}, after: %q", short),
	} {
		for _, query := range []string{"{ reports(%s) { totalCount } }", `{ jurisdiction(code: "920101") { reports(%s) { totalCount } } }`} {
			got := decode(t, ask(t, c, fmt.Sprintf(query, args), nil))
			if len(got.Errors) != 1 || got.Errors[0].Extensions["code"] != "BAD_USER_INPUT" {
				t.Errorf("%s: %+v", fmt.Sprintf(query, args), got)
			}
		}
	}
}

// TestNoKindsAreAll: an empty list of kinds makes the list that none makes.
func TestNoKindsAreAll(t *testing.T) {
	s := openSQLite(t)
	apply(t, s, reportOf(county, 2022, names(maple, kg.StatusPlanned)), reportOf(county, 2023, names(maple, kg.StatusPlanned)))
	c := config(t, s)
	for _, list := range []string{`search(text: "枫桥"%s) { edges { cursor } }`, `reports { edges { node { mentions(first: 100%s) { edges { cursor } } } } }`} {
		first := data(t, c, "{ "+fmt.Sprintf(list, "")+" }", nil)
		var cursor any
		if strings.HasPrefix(list, "search") {
			cursor = at(t, first, "search", "edges", 0, "cursor")
		} else {
			cursor = at(t, first, "reports", "edges", 0, "node", "mentions", "edges", 0, "cursor")
		}
		data(t, c, "{ "+fmt.Sprintf(list, fmt.Sprintf(", kinds: [], after: %q", cursor))+" }", nil)
	}
}

// TestListsInMemoryAgreeWithStores draws conditions and sort keys, and asks the
// same of a jurisdiction's reports, which are paged in memory, and of all
// reports restricted to that issuer, which the store pages.
func TestListsInMemoryAgreeWithStores(t *testing.T) {
	s := openSQLite(t)
	for seed := range 250 {
		// Each under a name of its own, so that none replaces another.
		f := storetest.Facts().Example(seed)
		f.Report.Sources[0].Location = fmt.Sprint(seed)
		apply(t, s, f)
	}
	c := config(t, s)
	places, err := s.Page(context.Background(), store.PageQuery{Of: store.Jurisdictions, Limit: 100})
	if err != nil || len(places.Keys) == 0 {
		t.Fatal(err)
	}
	longest := 0
	rapid.Check(t, func(rt *rapid.T) {
		issuer := opaque(rapid.SampledFrom(places.Keys).Draw(rt, "issuer").ID)
		args := fmt.Sprintf("where: {and: [%s] issuer: {eq: %q}}, orderBy: [%s], %s", condition(rt, 2), issuer,
			strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"{field: YEAR}", "{field: PUBLISHED, direction: DESC}", "{field: TITLE}",
				"{field: ISSUER}"}), 0, 3).Draw(rt, "orderBy"), " "),
			rapid.SampledFrom([]string{"first: 2", "last: 3", "first: 100"}).Draw(rt, "page"))
		const shown = "{ totalCount pageInfo { hasNextPage hasPreviousPage } edges { cursor node { id title year published } } }"
		ofStore := data(t, c, fmt.Sprintf("{ reports(%s) %s }", args, shown), nil)
		inMemory := data(t, c, fmt.Sprintf("{ node(id: %q) { ... on Jurisdiction { reports(%s) %s } } }", issuer, args, shown), nil)
		want, got := at(t, ofStore, "reports"), at(t, inMemory, "node", "reports")
		for _, connection := range []any{want, got} {
			for _, e := range at(t, connection, "edges").([]any) {
				delete(e.(map[string]any), "cursor") // each list has its own
			}
		}
		if fmt.Sprint(want) != fmt.Sprint(got) {
			rt.Fatalf("%s:\nstore  %v\nmemory %v", args, want, got)
		}
		longest = max(longest, len(at(t, want, "edges").([]any)))
	})
	if longest < 5 {
		t.Errorf("no list had more than %d elements", longest)
	}
}

// TestFiguresOfOneAndOfMany asks each indicator alone, which the store pages,
// and all of them together, which are paged in memory; a cursor of either is
// good for the other.
func TestFiguresOfOneAndOfMany(t *testing.T) {
	s := openSQLite(t)
	ingestSamples(t, s)
	c := config(t, s)
	first := map[string]any{}
	for _, page := range []string{`first: 2`, `last: 1, where: {or: [{value: {lt: 100}} {period: {ne: null}}]}`, `first: 3, where: {issuer: {ne: null} year: {gt: 2021}}`} {
		list := "metrics(" + page + ") { totalCount pageInfo { hasNextPage hasPreviousPage endCursor } edges { cursor node { id value period } } }"
		together := data(t, c, "{ indicators(first: 100) { edges { node { id "+list+" } } } }", nil)
		for _, i := range pluck(t, together["indicators"], "node") {
			id := at(t, i, "id").(string)
			alone := data(t, c, fmt.Sprintf("{ node(id: %q) { ... on Indicator { %s } } }", id, list), nil)
			want, got := at(t, alone, "node", "metrics"), at(t, i, "metrics")
			if fmt.Sprint(want) != fmt.Sprint(got) {
				t.Errorf("%s:\nalone    %v\ntogether %v", page, want, got)
			}
			first[id] = at(t, got, "totalCount")
		}
	}
	if len(first) < 2 {
		t.Errorf("only %d indicators", len(first))
	}
}

// condition draws the text of a where input of reports.
func condition(t *rapid.T, depth int) string {
	pick := func(list ...string) string { return rapid.SampledFrom(list).Draw(t, "condition") }
	if depth > 0 {
		switch pick("and", "or", "not", "plain", "plain") {
		case "and":
			return fmt.Sprintf("{and: [%s %s]}", condition(t, depth-1), condition(t, depth-1))
		case "or":
			return fmt.Sprintf("{or: [%s %s]}", condition(t, depth-1), condition(t, depth-1))
		case "not":
			return fmt.Sprintf("{not: %s}", condition(t, depth-1))
		}
	}
	year := pick("2020", "2021", "2022")
	return pick(
		"{year: {eq: "+year+"}}", "{year: {ne: "+year+"}}", "{year: {lt: "+year+"}}", "{year: {gte: "+year+"}}", "{year: {in: ["+year+" 2023]}}",
		"{year: {eq: null}}", "{year: {ne: null}}", "{year: {in: []}}", "{or: []}", "{and: []}", "{}",
		`{title: {contains: "法治"}}`, `{title: {startsWith: "𠮷"}}`, `{title: {eq: null}}`, `{title: {ne: "法治政府建设情况报告"}}`,
		`{published: {lte: "2021-01-08"}}`, `{published: {gt: "2021-01-08"}}`, `{published: {ne: null}}`,
		`{department: {eq: "市水利局"}}`, `{department: {ne: null}}`, `{docNumber: {in: ["临政〔2022〕5号"]}}`, `{composed: {eq: true}}`, `{composed: {ne: true}}`,
	)
}
