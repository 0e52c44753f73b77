package sqlitestore

import (
	"context"
	"database/sql"
	"encoding/json"
	"maps"
	"slices"

	"graphd/internal/kg"
	"graphd/internal/store"
)

// each runs a query and scans its rows one by one.
func each(ctx context.Context, tx *sql.Tx, query string, scan func(*sql.Rows) error, args ...any) (err error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() {
		if closing := rows.Close(); err == nil {
			err = closing
		}
	}()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Sources returns what is known about locations.
func (s *Store) Sources(ctx context.Context, locations []string) (map[string]store.SourceState, error) {
	found := map[string]store.SourceState{}
	err := s.read(ctx, "sources", func(tx *sql.Tx) error {
		return each(ctx, tx, `SELECT location, report_id, content_hash, extractor FROM source
			WHERE location IN (SELECT value FROM json_each(?))`, func(rows *sql.Rows) error {
			var location string
			var state store.SourceState
			err := rows.Scan(&location, &state.ReportID, &state.ContentHash, &state.Extractor)
			found[location] = state
			return err
		}, list(locations))
	})
	return found, err
}

// Postings reads the whole graph in brief.
func (s *Store) Postings(ctx context.Context) (*store.Postings, error) {
	d, err := s.PostingsSince(ctx, store.Mark{})
	if err != nil {
		return nil, err
	}
	return &d.Postings, nil
}

// PostingsSince reads what changed after a mark.
func (s *Store) PostingsSince(ctx context.Context, since store.Mark) (*store.Delta, error) {
	d := &store.Delta{}
	err := s.read(ctx, "postings", func(tx *sql.Tx) (err error) {
		if d.Mark, err = readMark(ctx, tx); err != nil {
			return err
		}
		after := since.Revision
		if d.Whole = since.Epoch != d.Epoch || since.Revision > d.Revision; d.Whole {
			after = -1
		}
		if err := eachEntity(ctx, tx, `ORDER BY e.id`, func(e kg.Entity) { d.Entities = append(d.Entities, e) }); err != nil {
			return err
		}
		err = each(ctx, tx, `SELECT id, coalesce(issuer_id, ''), coalesce(department, ''), coalesce(year, 0) FROM report
			WHERE revision > ? ORDER BY id`, func(rows *sql.Rows) error {
			var r store.Posting
			err := rows.Scan(&r.ReportID, &r.IssuerID, &r.Department, &r.Year)
			d.Reports = append(d.Reports, r)
			return err
		}, after)
		if err != nil {
			return err
		}
		i := 0 // both queries are ordered by report
		err = each(ctx, tx, `SELECT p.report_id, p.entity_id, coalesce(p.status, '') FROM report r CROSS JOIN posting p ON p.report_id = r.id
			WHERE r.revision > ? ORDER BY p.report_id, p.entity_id`, func(rows *sql.Rows) error {
			var report, status string
			var term store.Term
			if err := rows.Scan(&report, &term.EntityID, &status); err != nil {
				return err
			}
			term.Status, _ = kg.ParseStatus(status)
			for d.Reports[i].ReportID != report {
				i++
			}
			d.Reports[i].Terms = append(d.Reports[i].Terms, term)
			return nil
		}, after)
		if err != nil || d.Whole {
			return err
		}
		return each(ctx, tx, `SELECT report_id FROM removed WHERE revision > ? ORDER BY report_id`, func(rows *sql.Rows) error {
			var id string
			err := rows.Scan(&id)
			d.Gone = append(d.Gone, id)
			return err
		}, after)
	})
	if err != nil {
		return nil, err
	}
	return d, nil
}

// Sharing tells which reports have fingerprints.
func (s *Store) Sharing(ctx context.Context, fingerprints []uint64, limit int) (map[uint64]store.Holders, error) {
	if err := store.CheckSharing(limit); err != nil {
		return nil, err
	}
	found := map[uint64]store.Holders{}
	err := s.read(ctx, "sharing", func(tx *sql.Tx) error {
		return each(ctx, tx, `WITH counted AS MATERIALIZED (
				SELECT h.value AS hash, (SELECT count(*) FROM (SELECT 1 FROM fingerprint f WHERE f.hash = h.value LIMIT ?2 + 1)) AS n FROM json_each(?1) h)
			SELECT c.hash, c.n > ?2, coalesce(r.id, '') FROM counted c
				LEFT JOIN fingerprint f ON c.n <= ?2 AND f.hash = c.hash LEFT JOIN report r ON r.num = f.report
			WHERE c.n > 0 ORDER BY r.id`, func(rows *sql.Rows) error {
			var hash int64
			var common bool
			var report string
			if err := rows.Scan(&hash, &common, &report); err != nil {
				return err
			}
			h := store.Holders{Common: common}
			if !common {
				h.ReportIDs = append(found[uint64(hash)].ReportIDs, report)
			}
			found[uint64(hash)] = h
			return nil
		}, list(signed(slices.Compact(slices.Sorted(slices.Values(fingerprints))))), limit)
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}

// eachEntity reads the entities e that rest selects.
func eachEntity(ctx context.Context, tx *sql.Tx, rest string, yield func(kg.Entity), args ...any) error {
	return each(ctx, tx, `SELECT `+entityColumns+` FROM entity e `+rest, func(rows *sql.Rows) error {
		e, err := scanEntity(rows)
		yield(e)
		return err
	}, args...)
}

const entityColumns = `e.id, e.kind, e.name, coalesce(e.code, ''), coalesce(e.level, ''), coalesce(e.full_name, ''), coalesce(e.parent_id, ''),
	coalesce(e.scope, ''), coalesce(e.category, ''), coalesce(e.variant_of, ''), coalesce(e.part_of, ''), coalesce(e.law_type, ''),
	coalesce(e.issued_by, ''), coalesce(e.versions, '[]'), coalesce(e.unit, ''), e.report_count, e.mention_count,
	(SELECT json_group_array(name ORDER BY name) FROM entity_name WHERE entity_id = e.id AND role = 'ALIAS')`

func scanEntity(rows *sql.Rows) (e kg.Entity, err error) {
	var versions, aliases string
	if err := rows.Scan(&e.ID, &e.Kind, &e.Name, &e.Code, &e.Level, &e.FullName, &e.ParentID, &e.Scope, &e.Category, &e.VariantOf, &e.PartOf,
		&e.LawType, &e.IssuedBy, &versions, &e.Unit, &e.ReportCount, &e.MentionCount, &aliases); err != nil {
		return e, err
	}
	if aliases != "[]" {
		err = json.Unmarshal([]byte(aliases), &e.Aliases)
	}
	if err == nil && versions != "[]" {
		err = json.Unmarshal([]byte(versions), &e.Versions)
	}
	return e, err
}

// Entities returns entities in the order asked.
func (s *Store) Entities(ctx context.Context, ids []string) ([]kg.Entity, error) {
	found := map[string]kg.Entity{}
	err := s.read(ctx, "entities", func(tx *sql.Tx) error {
		return eachEntity(ctx, tx, `WHERE e.id IN (SELECT value FROM json_each(?))`, func(e kg.Entity) { found[e.ID] = e }, list(ids))
	})
	return store.Arrange(ids, found), err
}

// Reports returns reports in the order asked.
func (s *Store) Reports(ctx context.Context, ids []string, full bool) ([]kg.Report, error) {
	found := map[string]kg.Report{}
	err := s.read(ctx, "reports", func(tx *sql.Tx) error {
		err := each(ctx, tx, `SELECT id, coalesce(title, ''), coalesce(issuer_id, ''), coalesce(department, ''), coalesce(year, 0),
			coalesce(published, ''), coalesce(doc_number, ''), coalesce(addressee, ''), composed, iif(?1, text, '')
			FROM report WHERE id IN (SELECT value FROM json_each(?2))`, func(rows *sql.Rows) error {
			var r kg.Report
			err := rows.Scan(&r.ID, &r.Title, &r.IssuerID, &r.Department, &r.Year, &r.Published, &r.DocNumber, &r.Addressee, &r.Composed, &r.Text)
			found[r.ID] = r
			return err
		}, full, list(ids))
		if err != nil {
			return err
		}
		held := list(slices.Collect(maps.Keys(found)))
		err = each(ctx, tx, `SELECT report_id, location, content_hash, extractor, media_type, encoding, lost_characters, ingested_at
			FROM source WHERE report_id IN (SELECT value FROM json_each(?)) ORDER BY location`, func(rows *sql.Rows) error {
			var id string
			var src kg.Source
			err := rows.Scan(&id, &src.Location, &src.ContentHash, &src.Extractor, &src.MediaType, &src.Encoding, &src.LostCharacters, &src.IngestedAt)
			r := found[id]
			r.Sources = append(r.Sources, src)
			found[id] = r
			return err
		}, held)
		if err != nil || !full {
			return err
		}
		return each(ctx, tx, `SELECT report_id, start_at, end_at, coalesce(section, '')
			FROM passage WHERE report_id IN (SELECT value FROM json_each(?)) ORDER BY report_id, idx`, func(rows *sql.Rows) error {
			var id string
			var p kg.Passage
			err := rows.Scan(&id, &p.Start, &p.End, &p.Section)
			r := found[id]
			r.Passages = append(r.Passages, p)
			found[id] = r
			return err
		}, held)
	})
	return store.Arrange(ids, found), err
}

// Mentions returns mentions with their passages.
func (s *Store) Mentions(ctx context.Context, q store.MentionQuery) ([]store.Evidence, error) {
	if err := q.Check(); err != nil {
		return nil, err
	}
	where, args := "TRUE", []any(nil)
	in := func(column string, values any, set bool) {
		if set {
			where += ` AND ` + column + ` IN (SELECT value FROM json_each(?))`
			args = append(args, values)
		}
	}
	in("m.id", list(q.IDs), q.IDs != nil)
	in("m.report_id", list(q.Reports), q.Reports != nil)
	in("m.entity_id", list(q.Entities), q.Entities != nil)
	in("m.kind", list(q.Kinds), len(q.Kinds) > 0)
	if q.Unresolved {
		where += ` AND m.entity_id IS NULL AND m.kind <> 'METRIC'`
	}
	var found []store.Evidence
	err := s.read(ctx, "mentions", func(tx *sql.Tx) error {
		undecided := map[string]int{}
		err := each(ctx, tx, `SELECT m.id, m.report_id, m.kind, coalesce(m.entity_id, ''), m.start_at, m.end_at, m.quote, m.passage, m.rule,
				coalesce(m.status, ''), coalesce(m.article, ''), coalesce(m.doc_number, ''),
				coalesce(x.label, ''), x.value, x.value_max, coalesce(x.unit, ''), coalesce(x.approximate, FALSE), coalesce(x.target, FALSE),
				coalesce(x.period, ''), coalesce(x.parent_id, ''), p.start_at, p.end_at, coalesce(p.section, ''), p.text
			FROM mention m JOIN passage p ON p.report_id = m.report_id AND p.idx = m.passage LEFT JOIN metric x ON x.mention_id = m.id
			WHERE `+where+` ORDER BY m.report_id, m.start_at, m.end_at, m.kind`, func(rows *sql.Rows) error {
			e, err := scanEvidence(rows)
			if e.Mention.Unresolved() {
				undecided[e.Mention.ID] = len(found)
			}
			found = append(found, e)
			return err
		}, args...)
		if err != nil || len(undecided) == 0 {
			return err
		}
		ids := make([]string, 0, len(undecided))
		for id := range undecided {
			ids = append(ids, id)
		}
		return each(ctx, tx, `SELECT mention_id, entity_id FROM candidate WHERE mention_id IN (SELECT value FROM json_each(?)) ORDER BY entity_id`,
			func(rows *sql.Rows) error {
				var mention, entity string
				err := rows.Scan(&mention, &entity)
				m := &found[undecided[mention]].Mention
				m.Candidates = append(m.Candidates, entity)
				return err
			}, list(ids))
	})
	if err != nil {
		return nil, err
	}
	return slices.Clip(found), nil
}

func scanEvidence(rows *sql.Rows) (e store.Evidence, err error) {
	m, p := &e.Mention, &e.Passage
	var status string
	var value sql.NullFloat64
	var x kg.Metric
	err = rows.Scan(&m.ID, &m.ReportID, &m.Kind, &m.EntityID, &m.Start, &m.End, &m.Quote, &m.Passage, &m.Rule, &status, &m.Article, &m.DocNumber,
		&x.Label, &value, &x.ValueMax, &x.Unit, &x.Approximate, &x.Target, &x.Period, &x.ParentID, &p.Start, &p.End, &p.Section, &e.PassageText)
	m.Status, _ = kg.ParseStatus(status)
	if value.Valid {
		x.Value = value.Float64
		m.Metric = &x
	}
	return e, err
}
