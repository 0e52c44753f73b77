package sqlitestore

import (
	"context"
	"database/sql"
	"encoding/json"

	"graphd/internal/kg"
	"graphd/internal/store"
)

// Decisions returns what editors decided.
func (s *Store) Decisions(ctx context.Context) (found []kg.Decision, err error) {
	err = s.read(ctx, "decisions", func(tx *sql.Tx) error {
		found, err = readDecisions(ctx, tx)
		return err
	})
	return found, err
}

func readDecisions(ctx context.Context, tx *sql.Tx) ([]kg.Decision, error) {
	var found []kg.Decision
	err := each(ctx, tx, `SELECT whole FROM decision ORDER BY num`, func(rows *sql.Rows) error {
		var whole string
		if err := rows.Scan(&whole); err != nil {
			return err
		}
		var d kg.Decision
		err := json.Unmarshal([]byte(whole), &d)
		found = append(found, d)
		return err
	})
	return found, err
}

func (w *writing) decisions() (found []kg.Decision) {
	if w.err == nil {
		found, w.err = readDecisions(w.ctx, w.tx)
	}
	return found
}

// Originals returns what the extractor found where decisions made something
// else of it.
func (s *Store) Originals(ctx context.Context, reportIDs []string) (map[string]kg.Facts, error) {
	found := map[string]kg.Facts{}
	err := s.read(ctx, "originals", func(tx *sql.Tx) error {
		return each(ctx, tx, `SELECT report_id, facts FROM original WHERE ?1 OR report_id IN (SELECT value FROM json_each(?2))`,
			func(rows *sql.Rows) error {
				var id, raw string
				if err := rows.Scan(&id, &raw); err != nil {
					return err
				}
				var facts kg.Facts
				err := json.Unmarshal([]byte(raw), &facts)
				found[id] = facts
				return err
			}, reportIDs == nil, list(reportIDs))
	})
	return found, err
}

// Referring returns the reports that mention entities, or may.
func (s *Store) Referring(ctx context.Context, entityIDs []string) ([]string, error) {
	var found []string
	err := s.read(ctx, "referring", func(tx *sql.Tx) error {
		return each(ctx, tx, `SELECT report_id FROM posting WHERE entity_id IN (SELECT value FROM json_each(?1))
			UNION SELECT m.report_id FROM candidate c JOIN mention m ON m.id = c.mention_id WHERE c.entity_id IN (SELECT value FROM json_each(?1))
			ORDER BY 1`, func(rows *sql.Rows) error {
			var id string
			err := rows.Scan(&id)
			found = append(found, id)
			return err
		}, list(entityIDs))
	})
	return found, err
}

// Amend records a decision, and carries out what follows from it.
func (s *Store) Amend(ctx context.Context, a store.Amendment) (bool, error) {
	ok := false
	err := s.write(ctx, func(tx *sql.Tx) error {
		revision, err := readRevision(ctx, tx)
		if err != nil || revision != a.Revision {
			return err
		}
		w := &writing{ctx: ctx, tx: tx, touched: map[string]bool{}}
		held := w.decisions()
		d := a.Decision
		w.exec(`INSERT INTO decision (id, kind, decided_by, decided_at, reason, undone_by, undone_at, undone_reason, entity_id, into_id, whole)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET undone_by = excluded.undone_by, undone_at = excluded.undone_at,
				undone_reason = excluded.undone_reason, whole = excluded.whole`,
			d.ID, d.Kind, d.By, d.At, d.Reason, null(d.UndoneBy), null(d.UndoneAt), null(d.UndoneReason), null(d.EntityID), null(d.IntoID), object(d))
		w.apply(a.Plan(held))
		ok = w.err == nil
		return w.err
	})
	return ok && err == nil, s.fail(ctx, "amend", err)
}
