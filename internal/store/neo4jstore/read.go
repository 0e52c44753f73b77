package neo4jstore

import (
	"cmp"
	"context"
	"maps"
	"math"
	"math/rand/v2"
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

// maxRemoved is how many removed reports are remembered.
const maxRemoved = 1000

// history is where the graph stands, and which reports left it.
type history struct {
	store.Mark
	removed map[string]int64 // the revision in which each went
	// forgotten is the last revision of which it is not known any more which
	// reports went.
	forgotten int64
}

func newHistory(row props) history {
	h := history{
		Mark:    store.Mark{Revision: int64(integer(row["revision"])), Epoch: int64(integer(row["epoch"]))},
		removed: map[string]int64{}, forgotten: int64(integer(row["forgotten"])),
	}
	revisions, _ := row["removedIn"].([]any)
	for i, id := range texts(row["removed"]) {
		h.removed[id] = int64(integer(revisions[i]))
	}
	return h
}

// meta are the parameters of a statement that may make the meta node.
func meta() props {
	return props{"schema": int64(schemaVersion), "epoch": rand.Int64N(math.MaxInt64-1) + 1}
}

// Postings implements store.Store.
func (s *Store) Postings(ctx context.Context) (*store.Postings, error) {
	d, err := s.PostingsSince(ctx, store.Mark{})
	if err != nil {
		return nil, err
	}
	return &d.Postings, nil
}

// PostingsSince implements store.Store. Neo4j shows a reader what others commit
// meanwhile, so the revision is compared at the end, when no writer is at
// work: where it moved, everything is read again, while writers wait; so it is
// where somebody emptied the database, and its new history just began.
func (s *Store) PostingsSince(ctx context.Context, since store.Mark) (*store.Delta, error) {
	var d *store.Delta
	err := s.write(ctx, "postings", func(tx neo4j.ManagedTransaction) error {
		var err error
		if d, err = readDelta(ctx, tx, since); err != nil {
			return err
		}
		if _, err := collect(ctx, tx, lockMeta, meta()); err != nil {
			return err
		}
		now, err := revisionIn(ctx, tx)
		if err == nil && (now != d.Revision || d.Epoch == 0) {
			d, err = readDelta(ctx, tx, since)
		}
		return err
	})
	return d, err
}

func readDelta(ctx context.Context, tx neo4j.ManagedTransaction, since store.Mark) (*store.Delta, error) {
	rows, err := collect(ctx, tx, readMark, nil)
	if err != nil {
		return nil, err
	}
	h := history{}
	if len(rows) > 0 {
		h = newHistory(rows[0])
	}
	d := &store.Delta{Whole: since.Epoch != h.Epoch || since.Revision > h.Revision || since.Revision < h.forgotten || h.Epoch == 0}
	d.Mark = h.Mark
	after := int64(-1)
	if !d.Whole {
		after = since.Revision
		for id, in := range h.removed {
			if in > after {
				d.Gone = append(d.Gone, id)
			}
		}
		slices.Sort(d.Gone)
	}
	each := func(cypher string, do func(props)) {
		if err != nil {
			return
		}
		var result neo4j.ResultWithContext
		if result, err = tx.Run(ctx, cypher, props{"after": after}); err != nil {
			return
		}
		for result.Next(ctx) {
			do(result.Record().AsMap())
		}
		err = result.Err()
	}
	each(allEntities, func(row props) { d.Entities = append(d.Entities, entity(row)) })
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
		d.Reports = append(d.Reports, store.Posting{
			ReportID: id, IssuerID: text(row["issuer"]), Department: text(row["department"]),
			Year: integer(row["year"]), Terms: terms[id],
		})
	})
	slices.SortFunc(d.Reports, func(a, b store.Posting) int { return cmp.Compare(a.ReportID, b.ReportID) })
	slices.SortFunc(d.Entities, func(a, b kg.Entity) int { return cmp.Compare(a.ID, b.ID) })
	return d, err
}

// Sharing implements store.Store.
func (s *Store) Sharing(ctx context.Context, fingerprints []uint64, limit int) (map[uint64]store.Holders, error) {
	if err := store.CheckSharing(limit); err != nil {
		return nil, err
	}
	asked := map[string]uint64{}
	for _, f := range fingerprints {
		asked[word(f)] = f
	}
	found := map[uint64]store.Holders{}
	err := s.read(ctx, "sharing", func(tx neo4j.ManagedTransaction) error {
		rows, err := collect(ctx, tx, readSharing, props{"words": slices.Collect(maps.Keys(asked)), "limit": int64(limit)})
		clear(found)
		for _, row := range rows {
			h := store.Holders{ReportIDs: texts(row["reports"])}
			if slices.Sort(h.ReportIDs); len(h.ReportIDs) > limit {
				h = store.Holders{Common: true}
			}
			found[asked[text(row["word"])]] = h
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}
