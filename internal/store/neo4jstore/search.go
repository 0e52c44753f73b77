package neo4jstore

import (
	"context"
	"iter"
	"math"
	"strings"
	"unicode"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"graphd/internal/kg"
	"graphd/internal/store"
)

// Search implements store.Store. The full-text index narrows by pairs of
// characters, Cypher keeps what holds the whole text, package store confirms
// and orders.
func (s *Store) Search(ctx context.Context, q store.SearchQuery) (store.SearchPage, error) {
	search, err := q.Prepare()
	if err != nil {
		return store.SearchPage{}, err
	}
	terms := lucene(search.Key)
	params := props{
		"query": terms, "key": string(search.Key), "within": nil, "inside": nil,
		"from": int64(q.FromYear), "to": int64(q.ToYear), "limit": int64(q.Limit) + 1,
	}
	if q.Within != "" {
		params["within"], params["inside"] = q.Within, kg.WithinPrefix(q.Within)
	}
	var names []string
	for _, k := range search.EntityKinds() {
		names = append(names, labels[k])
	}
	params["labels"] = names
	params["passages"], params["titles"] = search.Wants(store.SearchPassage), search.Wants(store.SearchReport)
	after, before := search.TextBounds()
	params["after"], params["before"] = textPlace(after), textPlace(before)
	if q.Count {
		params["limit"] = int64(math.MaxInt64)
	}
	order := "year DESC, report, position"
	if q.Backward {
		order = "year, report DESC, position DESC"
	}

	var page store.SearchPage
	err = s.read(ctx, "search", func(tx neo4j.ManagedTransaction) (err error) {
		page, err = search.Page(
			stream(ctx, tx, narrowed(searchEntities, terms), params, entity),
			stream(ctx, tx, naming(narrowed(searchTexts, terms), "HIT_ORDER", order), params, textCandidate))
		return err
	})
	return page, err
}

// stream yields the records of a statement, which is run when the first one is
// asked for.
func stream[T any](ctx context.Context, tx neo4j.ManagedTransaction, cypher string, params props, of func(props) T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		result, err := tx.Run(ctx, cypher, params)
		if err == nil {
			for result.Next(ctx) {
				if !yield(of(result.Record().AsMap()), nil) {
					return
				}
			}
			err = result.Err()
		}
		if err != nil {
			var none T
			yield(none, err)
		}
	}
}

func textPlace(p *store.TextPlace) any {
	if p == nil {
		return nil
	}
	return props{"year": int64(p.Year), "report": orderKey(p.ReportID), "start": int64(p.Start)}
}

func textCandidate(row props) store.TextCandidate {
	t := store.TextCandidate{ReportID: text(row["report"]), Title: text(row["title"]), Year: integer(row["year"])}
	if row["passage"] == true {
		p := passage(row)
		t.Passage, t.PassageText = &p, text(row["text"])
	}
	return t
}

// maxTerms bounds the pairs asked of the index; a few narrow well enough.
const maxTerms = 32

// lucene is the query that finds at least all nodes whose folded text holds
// key: every pair of neighbouring Chinese characters, or the only one. It is
// empty where the index cannot narrow. Nothing but Chinese characters goes in,
// so there is nothing to escape.
func lucene(key []rune) string {
	var terms []string
	for i := 0; i+1 < len(key) && len(terms) < maxTerms; i++ {
		if paired(key[i]) && paired(key[i+1]) {
			terms = append(terms, "+"+string(key[i:i+2]))
		}
	}
	if len(terms) == 0 {
		for _, r := range key {
			if paired(r) {
				return "*" + string(r) + "*"
			}
		}
	}
	return strings.Join(terms, " ")
}

// paired tells whether the cjk analyzer surely makes pairs of r with its
// neighbours: characters that have long been in Unicode.
func paired(r rune) bool { return unicode.Is(pairedCharacters, r) }

var pairedCharacters = &unicode.RangeTable{
	R16: []unicode.Range16{{Lo: 0x3400, Hi: 0x4DB5, Stride: 1}, {Lo: 0x4E00, Hi: 0x9FA5, Stride: 1}},
	R32: []unicode.Range32{{Lo: 0x20000, Hi: 0x2A6D6, Stride: 1}},
}

// narrowed makes a statement start from the index, or else from all nodes.
func narrowed(statement, terms string) string {
	if terms == "" {
		return naming(statement, "FIND_ENTITY", "MATCH (e:Jurisdiction|Practice|Law|LawFirm|Indicator)",
			"FIND_PASSAGE", "MATCH (p:Passage)", "FIND_REPORT", "MATCH (r:Report)")
	}
	const index = "CALL db.index.fulltext.queryNodes('graphd_search', $query) YIELD node AS "
	return naming(statement, "FIND_ENTITY", index+"e WITH e", "FIND_PASSAGE", index+"p WITH p", "FIND_REPORT", index+"r WITH r")
}
