package sqlitestore

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"slices"
	"strings"

	"graphd/internal/kg"
	"graphd/internal/store"
)

// maxPairs bounds the words of one full-text query. More would only narrow
// what is narrow enough; package store confirms every hit.
const maxPairs = 64

// pairs are the words under which key is found: every character with its
// follower, the last one with none. So a text of two characters and more is
// found by its pairs, a single character by a prefix.
func pairs(key []rune) []string {
	words := make([]string, len(key))
	for i, r := range key {
		words[i] = fmt.Sprintf("%xg", r)
		if i+1 < len(key) {
			words[i] += fmt.Sprintf("%x", key[i+1])
		}
	}
	return words
}

// match is the full-text query for passages that may hold key.
func match(key []rune) string {
	words := pairs(key)
	if len(words) == 1 {
		return words[0] + "*"
	}
	var query []string
	seen := map[string]bool{}
	for _, w := range words[:len(words)-1] {
		if !seen[w] && len(query) < maxPairs {
			query = append(query, w)
		}
		seen[w] = true
	}
	return strings.Join(query, " ")
}

// Search narrows by the names' keys and the passages' pairs of characters.
func (s *Store) Search(ctx context.Context, q store.SearchQuery) (page store.SearchPage, err error) {
	search, err := q.Prepare()
	if err != nil {
		return page, err
	}
	err = s.read(ctx, "search", func(tx *sql.Tx) error {
		page, err = search.Page(entities(ctx, tx, search), s.texts(ctx, tx, search))
		return err
	})
	return page, err
}

// rows yields what scan makes of each row. The consumer may stop early.
func rows[V any](ctx context.Context, tx *sql.Tx, query fragment, scan func(*sql.Rows) (V, error)) iter.Seq2[V, error] {
	return func(yield func(V, error) bool) {
		stopped := false
		err := each(ctx, tx, query.sql, func(r *sql.Rows) error {
			v, err := scan(r)
			if err == nil && !yield(v, nil) {
				stopped = true
				return errStopped
			}
			return err
		}, query.args...)
		if err != nil && !stopped {
			var none V
			yield(none, err)
		}
	}
}

var errStopped = fmt.Errorf("the reader has enough")

func entities(ctx context.Context, tx *sql.Tx, s *store.Search) iter.Seq2[kg.Entity, error] {
	where := fragment{`e.kind IN (SELECT value FROM json_each(?)) AND e.id IN (SELECT entity_id FROM entity_name WHERE instr(key, ?) > 0) AND ` + known,
		[]any{list(s.EntityKinds()), string(s.Key)}}
	passing := passes(s)
	mentioned := fragment{`EXISTS (SELECT 1 FROM posting p JOIN report r ON r.id = p.report_id WHERE p.entity_id = e.id AND ` + passing.sql + `)`, passing.args}
	if s.Within != "" {
		inside := join([]fragment{{sql: `e.kind <> 'JURISDICTION'`}, within("e.id", s.Within)}, " OR ", "")
		where = where.and(inside)
	}
	if s.FromYear != 0 || s.ToYear != 0 {
		where = where.and(mentioned)
	} else if s.Within != "" {
		where = where.and(join([]fragment{{sql: `e.kind = 'JURISDICTION'`}, mentioned}, " OR ", ""))
	}
	return rows(ctx, tx, fragment{`SELECT ` + entityColumns + ` FROM entity e`, nil}.where(where), scanEntity)
}

// manyPassages is how many passages must match for a walk through the reports
// in the order of hits to be cheaper than finding all matches and ordering
// them.
const manyPassages = 2000

// texts are the titles and passages, in the order of hits.
func (s *Store) texts(ctx context.Context, tx *sql.Tx, q *store.Search) iter.Seq2[store.TextCandidate, error] {
	return func(yield func(store.TextCandidate, error) bool) {
		var matching int
		err := tx.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM passage_pairs WHERE passage_pairs MATCH ? LIMIT ?)`,
			match(q.Key), s.many).Scan(&matching)
		switch {
		case err != nil:
			yield(store.TextCandidate{}, err)
		case matching < s.many:
			rows(ctx, tx, matches(q), scanText)(yield)
		default:
			titled(rows(ctx, tx, walk(q), scanText), q.Backward)(yield)
		}
	}
}

// titled yields each report's title before its passages; after them if
// backward. Each row of texts has its report's title.
func titled(texts iter.Seq2[store.TextCandidate, error], backward bool) iter.Seq2[store.TextCandidate, error] {
	return func(yield func(store.TextCandidate, error) bool) {
		var title store.TextCandidate // of the report that is read
		for t, err := range texts {
			if err != nil {
				yield(t, err)
				return
			}
			if t.ReportID != title.ReportID {
				if backward && title.ReportID != "" && !yield(title, nil) {
					return
				}
				title = store.TextCandidate{ReportID: t.ReportID, Title: t.Title, Year: t.Year}
				if !backward && !yield(title, nil) {
					return
				}
			}
			if t.Passage != nil && !yield(t, nil) {
				return
			}
		}
		if backward && title.ReportID != "" {
			yield(title, nil)
		}
	}
}

func scanText(r *sql.Rows) (t store.TextCandidate, err error) {
	var p kg.Passage
	err = r.Scan(&t.ReportID, &t.Title, &t.Year, &p.Start, &p.End, &p.Section, &t.PassageText)
	if p.Start >= 0 {
		t.Passage = &p
	}
	return t, err
}

// matches finds what may match, and orders it.
func matches(q *store.Search) fragment {
	passing := passes(q)
	query := fragment{`SELECT * FROM (
		SELECT r.id AS report_id, r.title, coalesce(r.year, 0) AS year, -1 AS start_at, 0, '', '' FROM report r
		WHERE instr(r.title_key, ?) > 0 AND ` + passing.sql + `
		UNION ALL SELECT r.id, coalesce(r.title, ''), coalesce(r.year, 0), p.start_at, p.end_at, coalesce(p.section, ''), p.text
		FROM passage_pairs JOIN passage p ON p.id = passage_pairs.rowid JOIN report r ON r.id = p.report_id
		WHERE passage_pairs MATCH ? AND ` + passing.sql + `)`,
		slices.Concat([]any{string(q.Key)}, passing.args, []any{match(q.Key)}, passing.args)}
	const place = `(-year, report_id, start_at)`
	after, before := q.TextBounds()
	where := sqlText("TRUE")
	if after != nil {
		where = where.and(fragment{place + ` > (?, ?, ?)`, []any{-after.Year, after.ReportID, after.Start}})
	}
	if before != nil {
		where = where.and(fragment{place + ` < (?, ?, ?)`, []any{-before.Year, before.ReportID, before.Start}})
	}
	query = query.where(where)
	query.sql += hitOrder(q, "year", "report_id", "start_at")
	return query
}

// hitOrder orders by a report's year and ID and a place in it.
func hitOrder(q *store.Search, year, id, start string) string {
	if q.Backward {
		return fmt.Sprintf(" ORDER BY %s, %s DESC, %s DESC", year, id, start)
	}
	return fmt.Sprintf(" ORDER BY %s DESC, %s, %s", year, id, start)
}

// walk reads all passages of the reports that pass, in an order that indexes
// have, so that nothing is read that is not needed.
func walk(q *store.Search) fragment {
	where := passes(q)
	const year = `coalesce(r.year, 0)`
	after, before := q.TextBounds()
	if after != nil {
		where = where.and(fragment{`(` + year + ` < ? OR ` + year + ` = ? AND r.id >= ?)`, []any{after.Year, after.Year, after.ReportID}})
	}
	if before != nil {
		where = where.and(fragment{`(` + year + ` > ? OR ` + year + ` = ? AND r.id <= ?)`, []any{before.Year, before.Year, before.ReportID}})
	}
	query := fragment{sql: `SELECT r.id, coalesce(r.title, ''), coalesce(r.year, 0), coalesce(p.start_at, -1), coalesce(p.end_at, 0), coalesce(p.section, ''), coalesce(p.text, '')
		FROM report r LEFT JOIN passage p ON p.report_id = r.id`}.where(where)
	query.sql += hitOrder(q, year, "r.id", "p.idx")
	return query
}

// passes holds for the reports r that pass the search's filters.
func passes(s *store.Search) fragment {
	where := sqlText("TRUE")
	if s.Within != "" {
		where = where.and(within("r.issuer_id", s.Within))
	}
	if s.FromYear != 0 {
		where = where.and(fragment{"r.year >= ?", []any{s.FromYear}})
	}
	if s.ToYear != 0 {
		where = where.and(fragment{"r.year <= ?", []any{s.ToYear}})
	}
	return where
}

// within holds where column is region or a jurisdiction inside it.
func within(column, region string) fragment {
	prefix := kg.WithinPrefix(region)
	return fragment{"(" + column + " IS NOT NULL AND (" + column + " = ? OR substr(" + column + ", 1, length(?)) = ?))", []any{region, prefix, prefix}}
}
