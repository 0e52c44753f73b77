package neo4jstore

import (
	"cmp"
	"context"
	"slices"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"graphd/internal/kg"
	"graphd/internal/store"
)

// Revision implements store.Store.
func (s *Store) Revision(ctx context.Context) (revision int64, err error) {
	err = s.read(ctx, "revision", func(tx neo4j.ManagedTransaction) error {
		revision, err = revisionIn(ctx, tx)
		return err
	})
	return revision, err
}

func revisionIn(ctx context.Context, tx neo4j.ManagedTransaction) (int64, error) {
	rows, err := collect(ctx, tx, readRevision, nil)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	return int64(integer(rows[0]["revision"])), nil
}

// Sources implements store.Store.
func (s *Store) Sources(ctx context.Context, locations []string) (map[string]store.SourceState, error) {
	var found map[string]store.SourceState
	err := s.read(ctx, "sources", func(tx neo4j.ManagedTransaction) error {
		rows, err := collect(ctx, tx, readSources, props{"locations": locations})
		found = map[string]store.SourceState{}
		for _, row := range rows {
			found[text(row["location"])] = store.SourceState{
				ReportID: text(row["report"]), ContentHash: text(row["contentHash"]), Extractor: text(row["extractor"]),
			}
		}
		return err
	})
	return found, err
}

// Reports implements store.Store.
func (s *Store) Reports(ctx context.Context, ids []string, full bool) ([]kg.Report, error) {
	var byID map[string]kg.Report
	err := s.read(ctx, "reports", func(tx neo4j.ManagedTransaction) error {
		byID = map[string]kg.Report{}
		rows, err := collect(ctx, tx, readReports, props{"ids": ids, "full": full})
		if err != nil {
			return err
		}
		passages := map[string][]kg.Passage{}
		if full {
			held, err := collect(ctx, tx, readPassages, props{"ids": ids})
			if err != nil {
				return err
			}
			for _, row := range held {
				id := text(row["report"])
				passages[id] = append(passages[id], passage(row))
			}
		}
		for _, row := range rows {
			p, _ := row["props"].(props)
			id := text(p["id"])
			byID[id] = kg.Report{
				ID: id, Title: text(p["title"]), IssuerID: text(row["issuer"]), Department: text(p["department"]),
				Year: integer(p["year"]), Published: text(p["published"]), DocNumber: text(p["docNumber"]),
				Addressee: text(p["addressee"]), Composed: p["composed"] == true, Text: text(row["text"]),
				Passages: passages[id], Sources: sources(row["sources"]),
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return store.Arrange(ids, byID), nil
}

// Entities implements store.Store.
func (s *Store) Entities(ctx context.Context, ids []string) ([]kg.Entity, error) {
	var byID map[string]kg.Entity
	err := s.read(ctx, "entities", func(tx neo4j.ManagedTransaction) error {
		rows, err := collect(ctx, tx, readEntities, props{"ids": ids})
		byID = map[string]kg.Entity{}
		for _, row := range rows {
			e := entity(row)
			byID[e.ID] = e
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return store.Arrange(ids, byID), nil
}

// kindOfType is the kind of mention that each type of relationship is.
var kindOfType = func() props {
	kinds := props{}
	for k, t := range mentionTypes {
		kinds[t] = string(k)
	}
	return kinds
}()

// Mentions implements store.Store.
func (s *Store) Mentions(ctx context.Context, q store.MentionQuery) ([]store.Evidence, error) {
	if err := q.Check(); err != nil {
		return nil, err
	}
	cypher := mentionsByEntities
	switch {
	case q.IDs != nil:
		cypher = mentionsByID
	case q.Reports != nil:
		cypher = mentionsByReport
	}
	// A nil list is a null, which does not restrict.
	params := props{"kindOf": kindOfType, "unresolved": q.Unresolved, "ids": nil, "reports": nil, "entities": nil, "kinds": nil}
	for name, l := range map[string][]string{"ids": q.IDs, "reports": q.Reports, "entities": q.Entities} {
		if l != nil {
			params[name] = l
		}
	}
	if len(q.Kinds) > 0 {
		var kinds []string
		for _, k := range q.Kinds {
			kinds = append(kinds, string(k))
		}
		params["kinds"] = kinds
	}
	var found []store.Evidence
	err := s.read(ctx, "mentions", func(tx neo4j.ManagedTransaction) error {
		rows, err := collect(ctx, tx, cypher, params)
		found = make([]store.Evidence, 0, len(rows))
		for _, row := range rows {
			found = append(found, evidence(row))
		}
		return err
	})
	slices.SortFunc(found, func(a, b store.Evidence) int { return store.CompareMentions(a.Mention, b.Mention) })
	return found, err
}

// Postings implements store.Store. Neo4j shows a reader what others commit
// meanwhile, so the revision is compared at the end, when no writer is at
// work: where it moved, everything is read again, while writers wait.
func (s *Store) Postings(ctx context.Context) (*store.Postings, error) {
	var p *store.Postings
	err := s.write(ctx, "postings", func(tx neo4j.ManagedTransaction) error {
		var err error
		if p, err = readAll(ctx, tx); err != nil {
			return err
		}
		if _, err := collect(ctx, tx, lockMeta, props{"schema": int64(schemaVersion)}); err != nil {
			return err
		}
		now, err := revisionIn(ctx, tx)
		if err == nil && now != p.Revision {
			p, err = readAll(ctx, tx)
		}
		return err
	})
	return p, err
}

func readAll(ctx context.Context, tx neo4j.ManagedTransaction) (*store.Postings, error) {
	revision, err := revisionIn(ctx, tx)
	if err != nil {
		return nil, err
	}
	p := &store.Postings{Revision: revision}
	each := func(cypher string, do func(props)) {
		if err != nil {
			return
		}
		var result neo4j.ResultWithContext
		if result, err = tx.Run(ctx, cypher, nil); err != nil {
			return
		}
		for result.Next(ctx) {
			do(result.Record().AsMap())
		}
		err = result.Err()
	}
	each(allEntities, func(row props) { p.Entities = append(p.Entities, entity(row)) })
	terms := map[string][]store.Term{}
	each(readPracticeTerms, func(row props) {
		t := store.Term{EntityID: text(row["entity"])}
		for _, name := range texts(row["statuses"]) {
			status, _ := kg.ParseStatus(name)
			t.Status = max(t.Status, status)
		}
		report := text(row["report"])
		terms[report] = append(terms[report], t)
	})
	each(readOtherTerms, func(row props) {
		report := text(row["report"])
		for _, id := range texts(row["entities"]) {
			terms[report] = append(terms[report], store.Term{EntityID: id})
		}
	})
	each(readPostings, func(row props) {
		id := text(row["id"])
		slices.SortFunc(terms[id], func(a, b store.Term) int { return cmp.Compare(a.EntityID, b.EntityID) })
		p.Reports = append(p.Reports, store.Posting{
			ReportID: id, IssuerID: text(row["issuer"]), Department: text(row["department"]),
			Year: integer(row["year"]), Terms: terms[id],
		})
	})
	slices.SortFunc(p.Reports, func(a, b store.Posting) int { return cmp.Compare(a.ReportID, b.ReportID) })
	slices.SortFunc(p.Entities, func(a, b kg.Entity) int { return cmp.Compare(a.ID, b.ID) })
	return p, err
}
