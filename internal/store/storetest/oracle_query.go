package storetest

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"graphd/internal/fold"
	"graphd/internal/kg"
	"graphd/internal/store"
)

// row is one element of a collection: its ID and its fields. Absent values are
// nil; names is a []string.
type row map[string]any

func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func number(n int) any {
	if n == 0 {
		return nil
	}
	return int64(n)
}

func (o *oracle) rows(of store.Collection) []row {
	var rows []row
	for _, h := range o.sorted() {
		r := h.report
		if of == store.Reports {
			rows = append(rows, row{"id": r.ID, "title": text(r.Title), "issuer": text(r.IssuerID), "department": text(r.Department),
				"year": number(r.Year), "published": text(r.Published), "docNumber": text(r.DocNumber), "composed": r.Composed})
		}
		for _, m := range h.mentions {
			if of == store.Metrics && m.Metric != nil {
				rows = append(rows, row{"id": m.ID, "report": r.ID, "indicator": text(m.EntityID), "label": text(m.Metric.Label),
					"value": m.Metric.Value, "unit": text(m.Metric.Unit), "approximate": m.Metric.Approximate, "target": m.Metric.Target,
					"period": text(m.Metric.Period), "year": number(r.Year), "issuer": text(r.IssuerID), "start": int64(m.Start)})
			}
		}
	}
	known := o.known()
	for _, e := range o.entities {
		if string(e.Kind)+"S" != string(of) || !known[e.ID] {
			continue
		}
		r := row{"id": e.ID, "name": text(e.Name), "reportCount": int64(e.ReportCount), "mentionCount": int64(e.MentionCount),
			"code": text(e.Code), "level": text(string(e.Level)), "parent": text(e.ParentID),
			"scope": text(string(e.Scope)), "category": text(e.Category), "variantOf": text(e.VariantOf), "partOf": text(e.PartOf),
			"type": text(string(e.LawType)), "issuer": text(e.IssuedBy), "unit": text(e.Unit)}
		keys := []string{fold.Key(e.Name)}
		if e.FullName != "" {
			keys = append(keys, fold.Key(e.FullName))
		}
		for _, a := range e.Aliases {
			keys = append(keys, fold.Key(a))
		}
		r["names"] = keys
		rows = append(rows, r)
	}
	return rows
}

// known are the entities that reports name or that issued one, and those that
// such refer to.
func (o *oracle) known() map[string]bool {
	known := map[string]bool{}
	var add func(id string)
	add = func(id string) {
		if id != "" && !known[id] {
			known[id] = true
			for _, of := range o.entities[id].References() {
				add(of)
			}
		}
	}
	for _, h := range o.reports {
		add(h.report.IssuerID)
		for _, m := range h.mentions {
			add(m.EntityID)
		}
	}
	return known
}

// compare orders values of one type; absent ones come first.
func compare(a, b any) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	switch x := a.(type) {
	case string:
		return slices.Compare([]rune(x), []rune(b.(string)))
	case int64:
		return cmp.Compare(x, b.(int64))
	case float64:
		return cmp.Compare(x, b.(float64))
	}
	panic(fmt.Sprintf("%T cannot be ordered", a))
}

func matches(r row, f store.Filter) bool {
	switch {
	case f.Not != nil:
		return !matches(r, *f.Not)
	case f.Or != nil:
		return slices.ContainsFunc(f.Or, func(f store.Filter) bool { return matches(r, f) })
	case f.Field == "":
		return !slices.ContainsFunc(f.And, func(f store.Filter) bool { return !matches(r, f) })
	}
	if keys, ok := r[f.Field].([]string); ok {
		if f.Op == store.OpNe {
			return !slices.Contains(keys, f.Value.(string))
		}
		return slices.ContainsFunc(keys, func(k string) bool { return holds(k, f.Op, f.Value) })
	}
	return holds(r[f.Field], f.Op, f.Value)
}

func holds(v any, op store.Op, value any) bool {
	if v == nil {
		return op == store.OpEq && value == nil || op == store.OpNe && value != nil
	}
	switch op {
	case store.OpEq:
		return v == value
	case store.OpNe:
		return v != value
	case store.OpIn:
		return slices.Contains(value.([]any), v)
	case store.OpContains:
		return strings.Contains(v.(string), value.(string))
	case store.OpStartsWith:
		return strings.HasPrefix(v.(string), value.(string))
	case store.OpWithin:
		return kg.Within(v.(string), value.(string))
	}
	c := compare(v, value)
	return op == store.OpLt && c < 0 || op == store.OpLte && c <= 0 || op == store.OpGt && c > 0 || op == store.OpGte && c >= 0
}

func (o *oracle) Page(_ context.Context, q store.PageQuery) (store.Page, error) {
	q, err := q.Check()
	if err != nil {
		return store.Page{}, err
	}
	var keys []store.Key
	for _, r := range o.rows(q.Of) {
		if q.Where != nil && !matches(r, *q.Where) {
			continue
		}
		k := store.Key{ID: r["id"].(string)}
		for _, by := range q.OrderBy {
			k.Values = append(k.Values, r[by.Field])
		}
		keys = append(keys, k)
	}
	order := func(a, b store.Key) int {
		for i, by := range q.OrderBy {
			c := compare(a.Values[i], b.Values[i])
			if by.Desc {
				c = -c
			}
			if c != 0 {
				return c
			}
		}
		return compare(a.ID, b.ID)
	}
	slices.SortFunc(keys, order)
	start, end := 0, len(keys)
	for i, k := range keys {
		if q.After != nil && order(k, *q.After) <= 0 {
			start = i + 1
		}
		if q.Before != nil && order(k, *q.Before) >= 0 {
			end = min(end, i)
		}
	}
	end = max(start, end)
	if q.Backward {
		start = max(start, end-q.Limit)
	} else {
		end = min(end, start+q.Limit)
	}
	page := store.Page{Keys: keys[start:end], Total: len(keys), HasPrevious: start > 0, HasNext: end < len(keys)}
	return page, nil
}

// Search looks at everything there is. Its cursors are places in the whole
// answer.
func (o *oracle) Search(_ context.Context, q store.SearchQuery) (store.SearchPage, error) {
	if _, err := (store.SearchQuery{Text: q.Text, Kinds: q.Kinds, Limit: q.Limit}).Prepare(); err != nil {
		return store.SearchPage{}, err
	}
	wants := func(k store.SearchKind) bool { return len(q.Kinds) == 0 || slices.Contains(q.Kinds, k) }
	inYears := func(r kg.Report) bool {
		return (q.FromYear == 0 || r.Year >= q.FromYear) && (q.ToYear == 0 || r.Year != 0 && r.Year <= q.ToYear)
	}
	var equal, named, texts []store.SearchHit
	mentioned := map[string]bool{} // entities named by a report that passes
	held := o.sorted()
	slices.SortStableFunc(held, func(a, b *heldReport) int { return cmp.Compare(b.report.Year, a.report.Year) })
	for _, h := range held {
		r := h.report
		if q.Within != "" && !kg.Within(r.IssuerID, q.Within) || !inYears(r) {
			continue
		}
		for _, m := range h.mentions {
			mentioned[m.EntityID] = true
		}
		if spans := occurrences(r.Title, q.Text); wants(store.SearchReport) && spans != nil {
			texts = append(texts, store.SearchHit{Kind: store.SearchReport, ReportID: r.ID, Name: r.Title, Spans: spans})
		}
		for i := range r.Passages {
			e := o.evidence(h, kg.Mention{Passage: i})
			if spans := occurrences(e.PassageText, q.Text); wants(store.SearchPassage) && spans != nil {
				texts = append(texts, store.SearchHit{Kind: store.SearchPassage, ReportID: r.ID, Name: r.Title,
					Passage: e.Passage, PassageText: e.PassageText, Spans: spans})
			}
		}
	}
	entities := slices.SortedFunc(maps.Values(o.entities), func(a, b kg.Entity) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
	})
	known := o.known()
	for _, e := range entities {
		byYears := q.FromYear != 0 || q.ToYear != 0
		isPlace := e.Kind == kg.KindJurisdiction
		switch {
		case !known[e.ID], !wants(store.SearchKind(e.Kind)),
			q.Within != "" && isPlace && !kg.Within(e.ID, q.Within),
			(byYears || q.Within != "" && !isPlace) && !mentioned[e.ID]:
			continue
		}
		hit := store.SearchHit{Kind: store.SearchKind(e.Kind), EntityID: e.ID, Name: e.Name, Spans: occurrences(e.Name, q.Text)}
		list := append([]string{e.Name}, e.Aliases...)
		// A full name is found by what begins among those above and ends in the
		// place's own name.
		fromAbove, key := false, fold.Key(q.Text)
		of, _ := strings.CutSuffix(e.FullName, e.Name)
		for i := range of {
			fromAbove = fromAbove || len(key) > len(fold.Key(of[i:])) && strings.HasPrefix(fold.Key(of[i:]+e.Name), key)
		}
		if slices.ContainsFunc(list, func(n string) bool { return fold.Key(n) == key }) || key == fold.Key(e.FullName) {
			equal = append(equal, hit)
		} else if slices.ContainsFunc(list, func(n string) bool { return strings.Contains(fold.Key(n), key) }) || fromAbove {
			named = append(named, hit)
		}
	}
	all := slices.Concat(equal, named, texts)
	for i := range all {
		all[i].Cursor = strconv.Itoa(i + 1)
	}
	from, to := 0, len(all)
	if q.After != "" {
		from, _ = strconv.Atoi(q.After)
	}
	if q.Before != "" {
		to, _ = strconv.Atoi(q.Before)
		to--
	}
	page := store.SearchPage{HasPrevious: q.After != "", HasNext: q.Before != ""}
	if q.Count {
		page.Total = len(all)
	}
	if rest := to - from; rest > q.Limit && q.Backward {
		from, page.HasPrevious = to-q.Limit, true
	} else if rest > q.Limit {
		to, page.HasNext = from+q.Limit, true
	}
	page.Hits = all[from:max(from, to)]
	return page, nil
}

// occurrences are the places of part in whole, both folded, by trying each.
func occurrences(whole, part string) []kg.Span {
	runes := []rune(whole)
	var spans []kg.Span
	for start := 0; start < len(runes); start++ {
		if fold.Ignored(runes[start]) {
			continue
		}
		for end := start + 1; end <= len(runes); end++ {
			if fold.Key(string(runes[start:end])) == fold.Key(part) {
				spans = append(spans, kg.Span{Start: start, End: end})
				start = end - 1
				break
			}
		}
	}
	return spans
}
