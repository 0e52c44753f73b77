package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"graphd/internal/kg"
	"graphd/internal/reuse"
	"graphd/internal/store"
)

// T is what Compare needs of a test; *testing.T and *rapid.T have it.
type T interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Compare fails the test where two stores do not answer alike: every method,
// every field with every operator and in every order, pages walked in both
// directions, and searches, with values that stand in a. It asks thousands of
// questions. The revisions must be equal as well.
func Compare(t T, a, b store.Store) {
	t.Helper()
	ask(t, a, b, questions(t, a))
}

// question is something to ask a store. The answer is compared as JSON.
type question struct {
	name string
	ask  func(context.Context, store.Store) (any, error)
}

// ask puts questions to both stores, and reports the first few differences.
func ask(t T, a, b store.Store, list []question) {
	t.Helper()
	ctx := context.Background()
	different := 0
	for _, q := range list {
		want, wrongA := answer(ctx, a, q)
		got, wrongB := answer(ctx, b, q)
		if want != got {
			t.Errorf("%s:\none says   %s (%v)\nother says %s (%v)", q.name, want, wrongA, got, wrongB)
			if different++; different == 5 {
				t.Fatalf("more answers may differ")
			}
		}
	}
}

// answer is the answer in one form; of an error, its code.
func answer(ctx context.Context, s store.Store, q question) (string, error) {
	v, err := q.ask(ctx, s)
	if err != nil {
		return "error " + string(kg.CodeOf(err)), err
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	var plain any
	if err := json.Unmarshal(raw, &plain); err != nil {
		return "", err
	}
	raw, err = json.Marshal(withoutEmpty(plain))
	return string(raw), err
}

// withoutEmpty makes no difference between nil and an empty list.
func withoutEmpty(v any) any {
	switch v := v.(type) {
	case []any:
		if len(v) == 0 {
			return nil
		}
		for i := range v {
			v[i] = withoutEmpty(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = withoutEmpty(v[k])
		}
	}
	return v
}

// questions are all that can be asked about what is in s, and a little more.
func questions(t T, s store.Store) []question {
	t.Helper()
	ctx := context.Background()
	postings, err := s.Postings(ctx)
	if err != nil {
		t.Fatalf("postings: %v", err)
	}
	reports := []string{"report:none"}
	for _, r := range postings.Reports {
		reports = append(reports, r.ReportID)
	}
	entities := []string{kg.PracticeID("没有")}
	for _, e := range postings.Entities {
		entities = append(entities, e.ID)
	}
	slices.Reverse(reports)
	held, err := s.Reports(ctx, reports, true)
	if err != nil {
		t.Fatalf("reports: %v", err)
	}
	evidence, err := s.Mentions(ctx, store.MentionQuery{Reports: reports})
	if err != nil {
		t.Fatalf("mentions: %v", err)
	}
	list := lookups(reports, entities, held, evidence)
	for _, of := range slices.Sorted(maps.Keys(store.Fields)) {
		list = append(list, pageQuestions(t, s, of, store.Fields[of])...)
	}
	return append(list, searchQuestions(postings.Entities, held)...)
}

func lookups(reports, entities []string, held []kg.Report, evidence []store.Evidence) []question {
	var locations []string
	for _, r := range held {
		for _, s := range r.Sources {
			locations = append(locations, s.Location)
		}
	}
	locations = append(locations, "nowhere")
	list := []question{
		{"revision", func(ctx context.Context, s store.Store) (any, error) { return s.Revision(ctx) }},
		{"postings", func(ctx context.Context, s store.Store) (any, error) {
			p, err := s.Postings(ctx)
			if err == nil {
				p.Epoch = 0 // every store has its own
			}
			return p, err
		}},
		{"decisions", func(ctx context.Context, s store.Store) (any, error) { return s.Decisions(ctx) }},
		{"sources", func(ctx context.Context, s store.Store) (any, error) { return s.Sources(ctx, locations) }},
		{"reports", func(ctx context.Context, s store.Store) (any, error) { return s.Reports(ctx, reports, true) }},
		{"reports in brief", func(ctx context.Context, s store.Store) (any, error) { return s.Reports(ctx, reports, false) }},
		{"entities", func(ctx context.Context, s store.Store) (any, error) { return s.Entities(ctx, entities) }},
	}
	fingerprints := []uint64{1}
	for _, r := range held {
		fingerprints = append(fingerprints, reuse.Fingerprints(r)...)
	}
	for _, limit := range []int{0, 1, 2, 100} {
		list = append(list, question{fmt.Sprint("sharing, at most ", limit), func(ctx context.Context, s store.Store) (any, error) {
			return s.Sharing(ctx, fingerprints, limit)
		}})
	}
	mentions := func(name string, q store.MentionQuery) {
		list = append(list, question{"mentions " + name, func(ctx context.Context, s store.Store) (any, error) { return s.Mentions(ctx, q) }})
	}
	mentions("of reports", store.MentionQuery{Reports: reports})
	mentions("of entities", store.MentionQuery{Entities: entities})
	mentions("of nothing", store.MentionQuery{})
	mentions("of none", store.MentionQuery{IDs: []string{}})
	mentions("undecided", store.MentionQuery{Reports: reports, Unresolved: true})
	var ids []string
	for i, e := range evidence {
		if i%2 == 0 {
			ids = append(ids, e.Mention.ID)
		}
	}
	mentions("by ID", store.MentionQuery{IDs: append(ids, "mention:none")})
	mentions("by ID and kind", store.MentionQuery{IDs: append(ids, ids...), Kinds: []kg.Kind{kg.KindMetric, kg.KindPractice}})
	for _, k := range []kg.Kind{kg.KindJurisdiction, kg.KindLaw, kg.KindPractice, kg.KindLawFirm, kg.KindMetric, "NONE"} {
		mentions("of kind "+string(k), store.MentionQuery{Reports: reports, Kinds: []kg.Kind{k}})
	}
	for i, e := range entities {
		mentions("of "+e, store.MentionQuery{Entities: []string{e}, Reports: reports[:1+i%len(reports)]})
	}
	return list
}

// fieldValues are some values that a field has in s, and some that it has not.
func fieldValues(t T, s store.Store, of store.Collection, field string, typ store.FieldType) []any {
	t.Helper()
	var values []any
	switch typ {
	case store.FieldBool:
		return []any{true, false, nil}
	case store.FieldString:
		values = []any{nil, "", "没有"}
	case store.FieldInt:
		values = []any{nil, int64(2021), int64(-1)}
	case store.FieldFloat:
		values = []any{nil, 0.5, int64(474)}
	}
	by := []store.Order{{Field: field}}
	if typ == store.FieldNames {
		values, by = []any{"", "没有", "“东　岸”"}, []store.Order{{Field: "name"}}
	}
	seen := map[any]bool{}
	for k, err := range store.Seq(context.Background(), s, store.PageQuery{Of: of, OrderBy: by}, 100) {
		if err != nil {
			t.Fatalf("%s by %s: %v", of, field, err)
		}
		if v := k.Values[0]; v != nil && !seen[v] && len(seen) < 4 {
			seen[v] = true
			values = append(values, v)
		}
	}
	return values
}

func pageQuestions(t T, s store.Store, of store.Collection, fields map[string]store.FieldType) []question {
	t.Helper()
	var list []question
	walk := func(where *store.Filter, by ...store.Order) {
		for _, backward := range []bool{false, true} {
			q := store.PageQuery{Of: of, Where: where, OrderBy: by, Limit: 3, Backward: backward}
			list = append(list, question{fmt.Sprintf("pages of %s where %s by %v backward %v", of, show(where), by, backward), walker(q)})
		}
	}
	walk(nil)
	var some []store.Filter
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		typ := fields[field]
		if typ == store.FieldString || typ == store.FieldInt || typ == store.FieldFloat {
			walk(nil, store.Order{Field: field})
			walk(nil, store.Order{Field: field, Desc: true}, store.Order{Field: "id", Desc: true})
		}
		values := fieldValues(t, s, of, field, typ)
		for _, op := range typ.Ops() {
			for i, v := range values {
				f := store.Filter{Field: field, Op: op, Value: v}
				if op == store.OpIn {
					f.Value = values[i:]
				}
				if text, ok := v.(string); ok && (op == store.OpContains || op == store.OpStartsWith) {
					f.Value = cut(text, op == store.OpContains)
				}
				some = append(some, f)
				q := store.PageQuery{Of: of, Where: &f, Limit: 1000}
				list = append(list, question{fmt.Sprintf("%s where %s", of, show(&f)), func(ctx context.Context, s store.Store) (any, error) { return s.Page(ctx, q) }})
			}
		}
	}
	for i := range some {
		a, b, c := some[i], some[(i*7+1)%len(some)], some[(i*3+2)%len(some)]
		switch i % 5 {
		case 0:
			walk(&store.Filter{And: []store.Filter{a, {Not: &b}}}, store.Order{Field: "id", Desc: true})
		case 1:
			walk(&store.Filter{Or: []store.Filter{a, b, {And: []store.Filter{b, c}}}})
		case 2:
			walk(&store.Filter{Not: &store.Filter{Or: []store.Filter{a, b}}})
		}
	}
	walk(&store.Filter{})
	walk(&store.Filter{Or: []store.Filter{}})
	return list
}

// cut is a part of s: its middle, or its beginning.
func cut(s string, middle bool) string {
	runes := []rune(s)
	if middle && len(runes) > 2 {
		return string(runes[1 : len(runes)-1])
	}
	return string(runes[:(len(runes)+1)/2])
}

func show(f *store.Filter) string {
	raw, err := json.Marshal(f)
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

// showPage is a page with the types of its values.
func showPage(p store.Page) string {
	s := fmt.Sprintf("%d elements, before %v, after %v", p.Total, p.HasPrevious, p.HasNext)
	for _, k := range p.Keys {
		s += " | " + k.ID
		for _, v := range k.Values {
			s += fmt.Sprintf(" %T(%v)", v, v)
		}
	}
	return s
}

// walker walks the whole answer in pages.
func walker(q store.PageQuery) func(context.Context, store.Store) (any, error) {
	return func(ctx context.Context, s store.Store) (any, error) {
		var pages []string
		for q := q; ; {
			p, err := s.Page(ctx, q)
			if err != nil {
				return nil, err
			}
			pages = append(pages, showPage(p))
			if len(p.Keys) == 0 || len(pages) > 1000 {
				return pages, nil
			}
			if q.Backward {
				q.Before = &p.Keys[0]
			} else {
				q.After = &p.Keys[len(p.Keys)-1]
			}
		}
	}
}

func searchQuestions(entities []kg.Entity, held []kg.Report) []question {
	var list []question
	search := func(q store.SearchQuery) {
		list = append(list, question{fmt.Sprintf("search %+v", q), searcher(q)})
	}
	texts := []string{"依法", "依法行政", "依法行政推", "枫桥经验", "楓橋", "行依", "法", "😀", "100%", `*"`, `\e`, "_", "OR", " ", "“”", "没有这样的话"}
	for i, r := range held {
		for _, p := range r.Passages {
			runes := []rune(r.Text)[p.Start:p.End]
			if len(runes) > 0 {
				at := i % len(runes)
				texts = append(texts, string(runes[at:min(at+2+i%3, len(runes))]), string(runes))
			}
		}
	}
	within := []string{"", kg.JurisdictionID("没有")}
	for _, e := range entities {
		texts = append(texts, e.Name, cut(e.Name, true))
		if e.Kind == kg.KindJurisdiction {
			within = append(within, e.ID)
			texts = append(texts, e.FullName, cut(e.FullName, true))
		}
	}
	kinds := [][]store.SearchKind{nil, {store.SearchPassage}, {store.SearchReport, store.SearchPractice}, {store.SearchJurisdiction, store.SearchLaw}, {"NONE"}}
	years := [][2]int{{0, 0}, {2021, 2022}, {0, 2021}, {2022, 0}}
	slices.Sort(texts)
	texts = slices.Compact(texts)
	for i, text := range texts {
		search(store.SearchQuery{Text: text, Limit: 3, Count: true})
		search(store.SearchQuery{Text: text, Limit: 2 + i%2, Backward: true, Count: i%5 == 0})
		search(store.SearchQuery{Text: text, Limit: 1 + i%4, Kinds: kinds[i%len(kinds)], Within: within[i%len(within)], Backward: i%3 == 0})
		y := years[i%len(years)]
		search(store.SearchQuery{Text: text, Limit: 2, FromYear: y[0], ToYear: y[1], Within: within[(i/2)%len(within)]})
	}
	return list
}

// searcher walks all hits of a search, forward or backward, and then asks for
// what lies between the first and the last one. It leaves out the cursors, which
// each store makes for itself.
func searcher(q store.SearchQuery) func(context.Context, store.Store) (any, error) {
	return func(ctx context.Context, s store.Store) (any, error) {
		var pages []store.SearchPage
		first, last := "", ""
		ask := func(q store.SearchQuery) (store.SearchPage, error) {
			p, err := s.Search(ctx, q)
			if len(p.Hits) > 0 && first == "" {
				first = p.Hits[0].Cursor
			}
			if len(p.Hits) > 0 {
				last = p.Hits[len(p.Hits)-1].Cursor
			}
			shown := p
			shown.Hits = slices.Clone(p.Hits)
			for i := range shown.Hits {
				shown.Hits[i].Cursor = ""
			}
			pages = append(pages, shown)
			return p, err
		}
		for q := q; ; {
			p, err := ask(q)
			if err != nil {
				return nil, err
			}
			more := p.HasNext
			if q.Backward {
				more = p.HasPrevious
			}
			if !more || len(p.Hits) == 0 || len(pages) > 1000 {
				break
			}
			if q.Backward {
				q.Before = p.Hits[0].Cursor
			} else {
				q.After = last
			}
		}
		between := q
		between.After, between.Before = first, last
		_, err := ask(between)
		return pages, err
	}
}
