package neo4jstore

import (
	"context"
	"encoding/json"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"graphd/internal/kg"
	"graphd/internal/store"
)

// Decisions implements store.Store.
func (s *Store) Decisions(ctx context.Context) (found []kg.Decision, err error) {
	err = s.read(ctx, "decisions", func(tx neo4j.ManagedTransaction) error {
		found, err = decisionsIn(ctx, tx)
		return err
	})
	return found, err
}

func decisionsIn(ctx context.Context, tx neo4j.ManagedTransaction) ([]kg.Decision, error) {
	rows, err := collect(ctx, tx, readDecisions, nil)
	if err != nil {
		return nil, err
	}
	var found []kg.Decision
	for _, row := range rows {
		var d kg.Decision
		if err := json.Unmarshal([]byte(text(row["whole"])), &d); err != nil {
			return nil, err
		}
		found = append(found, d)
	}
	return found, nil
}

func (c *change) decisions() (found []kg.Decision) {
	if c.err == nil {
		found, c.err = decisionsIn(c.ctx, c.tx)
	}
	return found
}

// Originals implements store.Store.
func (s *Store) Originals(ctx context.Context, reportIDs []string) (map[string]kg.Facts, error) {
	cypher, params := readOriginals, props{"ids": reportIDs}
	if reportIDs == nil {
		cypher, params = allOriginals, nil
	}
	var found map[string]kg.Facts
	err := s.read(ctx, "originals", func(tx neo4j.ManagedTransaction) error {
		found = map[string]kg.Facts{}
		rows, err := collect(ctx, tx, cypher, params)
		if err != nil {
			return err
		}
		for _, row := range rows {
			var facts kg.Facts
			if err := json.Unmarshal([]byte(text(row["facts"])), &facts); err != nil {
				return err
			}
			found[text(row["id"])] = facts
		}
		return nil
	})
	return found, err
}

// Referring implements store.Store.
func (s *Store) Referring(ctx context.Context, entityIDs []string) ([]string, error) {
	var found []string
	err := s.read(ctx, "referring", func(tx neo4j.ManagedTransaction) error {
		rows, err := collect(ctx, tx, readReferring, props{"ids": entityIDs})
		found = nil
		for _, row := range rows {
			found = append(found, text(row["id"]))
		}
		return err
	})
	return found, err
}

// Amend implements store.Store.
func (s *Store) Amend(ctx context.Context, a store.Amendment) (bool, error) {
	ok := false
	err := s.write(ctx, "amend", func(tx neo4j.ManagedTransaction) error {
		ok = false
		c := change{ctx: ctx, tx: tx}
		c.lock()
		if c.err != nil || c.mark.Revision != a.Revision {
			return c.err
		}
		held := c.decisions()
		d := a.Decision
		c.run(mergeDecision, props{"props": present(props{
			"id": d.ID, "kind": string(d.Kind), "by": d.By, "at": d.At, "reason": d.Reason, "undoneBy": d.UndoneBy, "undoneAt": d.UndoneAt,
			"undoneReason": d.UndoneReason, "entity": d.EntityID, "into": d.IntoID, "whole": object(d),
		}), "id": d.ID})
		var gone []string
		for _, w := range a.Write {
			gone = append(gone, w.Facts.Report.ID)
		}
		c.apply(a.Plan(held), gone)
		ok = c.err == nil
		return c.err
	})
	return ok && err == nil, err
}
