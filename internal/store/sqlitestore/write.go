package sqlitestore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"graphd/internal/fold"
	"graphd/internal/kg"
	"graphd/internal/store"
)

// Apply carries out the plan that package store makes of the batch.
func (s *Store) Apply(ctx context.Context, batch []kg.Facts) ([]store.Outcome, error) {
	b, err := store.Prepare(batch)
	if err != nil {
		return nil, err
	}
	var outcomes []store.Outcome
	err = s.write(ctx, func(tx *sql.Tx) error {
		w := &writing{ctx: ctx, tx: tx, touched: map[string]bool{}}
		state, decisions := w.state(b), w.decisions()
		if w.err != nil {
			return w.err
		}
		plan, err := b.Plan(state, decisions)
		if err != nil {
			return err
		}
		outcomes = plan.Outcomes
		if plan.Changes > 0 {
			w.apply(plan)
		}
		return w.err
	})
	if err != nil {
		return nil, s.fail(ctx, "apply", err)
	}
	return outcomes, nil
}

// Remove deletes reports.
func (s *Store) Remove(ctx context.Context, reportIDs []string) (int, error) {
	var removed []string
	err := s.write(ctx, func(tx *sql.Tx) error {
		w := &writing{ctx: ctx, tx: tx, touched: map[string]bool{}}
		removed = w.strings(`SELECT id FROM report WHERE id IN (SELECT value FROM json_each(?))`, list(reportIDs))
		if len(removed) > 0 {
			w.raise(int64(len(removed)))
			w.clear(removed)
			w.remove(removed)
			w.sweep()
		}
		return w.err
	})
	if err != nil {
		return 0, s.fail(ctx, "remove", err)
	}
	return len(removed), nil
}

// writing is one transaction that changes the graph. After the first error it
// does nothing more.
type writing struct {
	ctx context.Context
	tx  *sql.Tx
	err error
	// revision is the one that the transaction makes.
	revision int64
	// touched are entities that may have lost their last reference.
	touched map[string]bool
}

func (w *writing) apply(p store.Plan) {
	w.raise(p.Changes)
	written := make([]string, len(p.Write))
	for i, c := range p.Write {
		written[i] = c.Facts.Report.ID
	}
	w.clear(append(slices.Clone(written), p.Delete...))
	w.entities(p.Entities)
	w.contents(p.Write)
	w.count(written, 1)
	source := w.prepare(`INSERT INTO source (location, report_id, content_hash, extractor, media_type, encoding, lost_characters, ingested_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (location) DO UPDATE SET report_id = excluded.report_id, content_hash = excluded.content_hash, extractor = excluded.extractor,
			media_type = excluded.media_type, encoding = excluded.encoding, lost_characters = excluded.lost_characters, ingested_at = excluded.ingested_at`)
	for _, s := range p.Sources {
		source(s.Location, s.ReportID, s.ContentHash, s.Extractor, s.MediaType, s.Encoding, s.LostCharacters, s.IngestedAt)
	}
	w.remove(p.Delete)
	w.sweep()
}

func (w *writing) raise(changes int64) {
	w.rows(`UPDATE meta SET value = value + ? WHERE name = 'revision' RETURNING value`, func(rows *sql.Rows) error {
		return rows.Scan(&w.revision)
	}, changes)
}

// remove deletes reports, and notes that they are gone.
func (w *writing) remove(reportIDs []string) {
	if len(reportIDs) == 0 {
		return
	}
	w.exec(`DELETE FROM report WHERE id IN (SELECT value FROM json_each(?))`, list(reportIDs))
	w.exec(`INSERT INTO removed (report_id, revision) SELECT value, ? FROM json_each(?) WHERE TRUE
		ON CONFLICT (report_id) DO UPDATE SET revision = excluded.revision`, w.revision, list(reportIDs))
}

// state reads what the batch is about.
func (w *writing) state(b *store.Batch) store.State {
	state := store.State{}
	w.rows(`SELECT r.id, r.digest, s.location, s.content_hash, s.extractor, s.media_type, s.encoding, s.lost_characters, s.ingested_at
		FROM report r JOIN source s ON s.report_id = r.id
		WHERE r.id IN (SELECT value FROM json_each(?1)
			UNION SELECT report_id FROM source WHERE location IN (SELECT value FROM json_each(?2)))`,
		func(rows *sql.Rows) error {
			var id, digest string
			var s kg.Source
			if err := rows.Scan(&id, &digest, &s.Location, &s.ContentHash, &s.Extractor, &s.MediaType, &s.Encoding, &s.LostCharacters, &s.IngestedAt); err != nil {
				return err
			}
			state[id] = store.ReportState{Digest: digest, Sources: append(state[id].Sources, s)}
			return nil
		}, list(b.Reports), list(b.Locations))
	return state
}

// clear takes away what reports say, but neither the reports nor their
// sources.
func (w *writing) clear(reportIDs []string) {
	ids := list(reportIDs)
	w.count(reportIDs, -1)
	for _, id := range w.strings(`WITH gone AS (SELECT value AS id FROM json_each(?))
		SELECT entity_id FROM posting WHERE report_id IN gone
		UNION SELECT issuer_id FROM report WHERE id IN gone AND issuer_id IS NOT NULL
		UNION SELECT c.entity_id FROM candidate c JOIN mention m ON m.id = c.mention_id WHERE m.report_id IN gone`, ids) {
		w.touched[id] = true
	}
	w.exec(`DELETE FROM passage_pairs WHERE rowid IN (SELECT p.id FROM passage p WHERE p.report_id IN (SELECT value FROM json_each(?)))`, ids)
	w.exec(`DELETE FROM fingerprint WHERE report IN (SELECT num FROM report WHERE id IN (SELECT value FROM json_each(?)))`, ids)
	for _, table := range []string{"passage", "mention", "posting"} {
		w.exec(`DELETE FROM `+table+` WHERE report_id IN (SELECT value FROM json_each(?))`, ids)
	}
}

// count adds the postings of reports to the counts of their entities, or with
// sign -1 takes them away.
func (w *writing) count(reportIDs []string, sign int) {
	w.exec(`UPDATE entity SET report_count = report_count + ?1 * p.reports, mention_count = mention_count + ?1 * p.mentions
		FROM (SELECT entity_id, count(*) AS reports, sum(mentions) AS mentions FROM posting
			WHERE report_id IN (SELECT value FROM json_each(?2)) GROUP BY entity_id) p
		WHERE entity.id = p.entity_id`, sign, list(reportIDs))
}

func (w *writing) entities(entities []kg.Entity) {
	ids := make([]string, len(entities))
	for i, e := range entities {
		ids[i] = e.ID
		w.touched[e.ID] = true
	}
	// What they referred to before, they may refer to no more.
	for _, id := range w.strings(`SELECT r.value FROM entity e,
			json_each(json_array(e.parent_id, e.variant_of, e.part_of, e.issued_by)) r
		WHERE e.id IN (SELECT value FROM json_each(?)) AND r.value IS NOT NULL`, list(ids)) {
		w.touched[id] = true
	}
	entity := w.prepare(`INSERT INTO entity (id, kind, name, code, level, full_name, parent_id, scope, category, variant_of, part_of, law_type, issued_by, versions, unit)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name, code = excluded.code, level = excluded.level,
			full_name = excluded.full_name, parent_id = excluded.parent_id, scope = excluded.scope, category = excluded.category,
			variant_of = excluded.variant_of, part_of = excluded.part_of, law_type = excluded.law_type, issued_by = excluded.issued_by,
			versions = excluded.versions, unit = excluded.unit`)
	w.exec(`DELETE FROM entity_name WHERE entity_id IN (SELECT value FROM json_each(?))`, list(ids))
	name := w.prepare(`INSERT INTO entity_name (entity_id, role, name, key) VALUES (?, ?, ?, ?)`)
	for _, e := range entities {
		var versions any
		if len(e.Versions) > 0 {
			versions = list(e.Versions)
		}
		entity(e.ID, e.Kind, e.Name, null(e.Code), null(string(e.Level)), null(e.FullName), null(e.ParentID), null(string(e.Scope)), null(e.Category),
			null(e.VariantOf), null(e.PartOf), null(string(e.LawType)), null(e.IssuedBy), versions, null(e.Unit))
		name(e.ID, "NAME", e.Name, fold.Key(e.Name))
		for _, a := range e.Aliases {
			name(e.ID, "ALIAS", a, fold.Key(a))
		}
		if e.FullName != "" {
			name(e.ID, "FULL", e.FullName, fold.Key(e.FullName))
		}
	}
}

func (w *writing) contents(contents []store.Contents) {
	report := w.prepare(`INSERT INTO report (id, title, title_key, issuer_id, department, year, published, doc_number, addressee, composed, text, digest, revision)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET title = excluded.title, title_key = excluded.title_key, issuer_id = excluded.issuer_id,
			department = excluded.department, year = excluded.year, published = excluded.published, doc_number = excluded.doc_number,
			addressee = excluded.addressee, composed = excluded.composed, text = excluded.text, digest = excluded.digest, revision = excluded.revision`)
	back := w.prepare(`DELETE FROM removed WHERE report_id = ?`)
	extracted := w.prepare(`DELETE FROM original WHERE report_id = ?`)
	original := w.prepare(`INSERT INTO original (report_id, facts) VALUES (?, ?)`)
	fingerprint := w.prepare(`INSERT INTO fingerprint (hash, report) SELECT h.value, r.num FROM report r, json_each(?2) h WHERE r.id = ?1`)
	passage := w.prepare(`INSERT INTO passage (report_id, idx, start_at, end_at, section, text) VALUES (?, ?, ?, ?, ?, ?)`)
	index := w.prepare(`INSERT INTO passage_pairs (rowid, pairs) VALUES (last_insert_rowid(), ?)`)
	mention := w.prepare(`INSERT INTO mention (id, report_id, kind, entity_id, start_at, end_at, quote, passage, rule, status, article, doc_number)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
	metric := w.prepare(`INSERT INTO metric (mention_id, label, value, value_max, unit, approximate, target, period, parent_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`)
	candidate := w.prepare(`INSERT INTO candidate (mention_id, entity_id) VALUES (?, ?)`)
	posting := w.prepare(`INSERT INTO posting (report_id, entity_id, status, mentions) VALUES (?, ?, ?, ?)`)
	for _, c := range contents {
		r := c.Facts.Report
		year := any(r.Year)
		if r.Year == 0 {
			year = nil
		}
		report(r.ID, null(r.Title), null(fold.Key(r.Title)), null(r.IssuerID), null(r.Department), year, null(r.Published), null(r.DocNumber),
			null(r.Addressee), r.Composed, r.Text, c.Digest, w.revision)
		back(r.ID)
		extracted(r.ID)
		if c.Raw != nil {
			original(r.ID, object(c.Raw))
		}
		fingerprint(r.ID, list(signed(c.Fingerprints())))
		text := []rune(r.Text)
		for i, p := range r.Passages {
			whole := string(text[p.Start:p.End])
			passage(r.ID, i, p.Start, p.End, null(p.Section), whole)
			index(strings.Join(pairs([]rune(fold.Key(whole))), " "))
		}
		for _, m := range c.Facts.Mentions {
			mention(m.ID, m.ReportID, m.Kind, null(m.EntityID), m.Start, m.End, m.Quote, m.Passage, m.Rule, null(m.Status.String()), null(m.Article), null(m.DocNumber))
			if v := m.Metric; v != nil {
				metric(m.ID, null(v.Label), v.Value, v.ValueMax, null(v.Unit), v.Approximate, v.Target, null(v.Period), null(v.ParentID))
			}
			for _, id := range m.Candidates {
				candidate(m.ID, id)
			}
		}
		for _, p := range c.Postings() {
			posting(r.ID, p.EntityID, null(p.Status.String()), p.Mentions)
		}
	}
}

// sweep deletes the touched entities that nothing refers to, then those that
// only these referred to, and so on.
func (w *writing) sweep() {
	ids := make([]string, 0, len(w.touched))
	for id := range w.touched {
		ids = append(ids, id)
	}
	for len(ids) > 0 && w.err == nil {
		ids = w.strings(`DELETE FROM entity WHERE id IN (SELECT value FROM json_each(?))
			AND NOT EXISTS (SELECT 1 FROM posting WHERE entity_id = entity.id)
			AND NOT EXISTS (SELECT 1 FROM candidate WHERE entity_id = entity.id)
			AND NOT EXISTS (SELECT 1 FROM report WHERE issuer_id = entity.id)
			AND NOT EXISTS (SELECT 1 FROM entity o WHERE o.parent_id = entity.id)
			AND NOT EXISTS (SELECT 1 FROM entity o WHERE o.variant_of = entity.id)
			AND NOT EXISTS (SELECT 1 FROM entity o WHERE o.part_of = entity.id)
			AND NOT EXISTS (SELECT 1 FROM entity o WHERE o.issued_by = entity.id)
			RETURNING json_array(parent_id, variant_of, part_of, issued_by)`, list(ids))
		ids = referred(ids, &w.err)
	}
}

// referred is the IDs in JSON lists that also hold nulls.
func referred(lists []string, err *error) []string {
	seen := map[string]bool{}
	for _, l := range lists {
		var ids []*string
		if e := json.Unmarshal([]byte(l), &ids); e != nil && *err == nil {
			*err = e
		}
		for _, id := range ids {
			if id != nil {
				seen[*id] = true
			}
		}
	}
	var ids []string
	for id := range seen {
		ids = append(ids, id)
	}
	return ids
}

func (w *writing) exec(query string, args ...any) {
	if w.err == nil {
		_, w.err = w.tx.ExecContext(w.ctx, query, args...)
	}
}

// prepare returns a function that executes the statement, which the
// transaction closes.
func (w *writing) prepare(query string) func(args ...any) {
	var stmt *sql.Stmt
	if w.err == nil {
		stmt, w.err = w.tx.PrepareContext(w.ctx, query)
	}
	return func(args ...any) {
		if w.err == nil {
			_, w.err = stmt.ExecContext(w.ctx, args...)
		}
	}
}

func (w *writing) rows(query string, scan func(*sql.Rows) error, args ...any) {
	if w.err == nil {
		w.err = each(w.ctx, w.tx, query, scan, args...)
	}
}

func (w *writing) strings(query string, args ...any) (values []string) {
	w.rows(query, func(rows *sql.Rows) error {
		var v string
		err := rows.Scan(&v)
		values = append(values, v)
		return err
	}, args...)
	return values
}

// signed are fingerprints as SQLite keeps them.
func signed(fingerprints []uint64) []int64 {
	list := make([]int64, len(fingerprints))
	for i, f := range fingerprints {
		list[i] = int64(f)
	}
	return list
}

// null is s, or NULL where it is empty.
func null(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// list is a list as a JSON parameter, so that its length has no limit.
func list[E any](l []E) string { return object(l) }

// object is a value as JSON.
func object(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("%T cannot be written as JSON: %v", v, err))
	}
	return string(raw)
}
