package neo4jstore

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strconv"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"graphd/internal/fold"
	"graphd/internal/kg"
	"graphd/internal/store"
)

// Apply implements store.Store.
func (s *Store) Apply(ctx context.Context, facts []kg.Facts) ([]store.Outcome, error) {
	batch, err := store.Prepare(facts)
	if err != nil {
		return nil, err
	}
	var outcomes []store.Outcome
	err = s.write(ctx, "apply", func(tx neo4j.ManagedTransaction) error {
		c := change{ctx: ctx, tx: tx}
		c.lock()
		state := store.State{}
		for _, row := range c.run(readState, props{"reports": batch.Reports, "locations": batch.Locations}) {
			id := text(row["id"])
			state[id] = store.ReportState{Digest: text(row["digest"]), Sources: sources(row["sources"])}
		}
		if c.err != nil {
			return c.err
		}
		plan, err := batch.Plan(state, c.decisions())
		if err != nil || c.err != nil {
			return errors.Join(err, c.err)
		}
		outcomes = plan.Outcomes
		if plan.Changes == 0 {
			return nil
		}
		gone := plan.Delete
		for _, w := range plan.Write {
			if _, ok := state[w.Facts.Report.ID]; ok {
				gone = append(gone, w.Facts.Report.ID)
			}
		}
		c.apply(plan, gone)
		return c.err
	})
	if err != nil {
		return nil, err
	}
	return outcomes, nil
}

// apply carries out a plan; gone are the reports whose contents go first.
func (c *change) apply(plan store.Plan, gone []string) {
	c.revision = c.mark.Revision + plan.Changes
	c.clear(gone)
	c.entities(plan.Entities)
	c.contents(plan.Write)
	c.sources(plan.Sources)
	c.run(deleteReports, props{"reports": plan.Delete})
	c.note(plan)
	c.settle(plan.Changes)
}

// Remove implements store.Store.
func (s *Store) Remove(ctx context.Context, reportIDs []string) (int, error) {
	removed := 0
	err := s.write(ctx, "remove", func(tx neo4j.ManagedTransaction) error {
		c := change{ctx: ctx, tx: tx}
		c.lock()
		var held []string
		for _, row := range c.run(readState, props{"reports": reportIDs, "locations": []string{}}) {
			held = append(held, text(row["id"]))
		}
		if removed = len(held); removed == 0 {
			return c.err
		}
		c.revision = c.mark.Revision + int64(removed)
		c.clear(held)
		c.run(deleteReports, props{"reports": held})
		c.note(store.Plan{Delete: held})
		c.settle(int64(removed))
		return c.err
	})
	if err != nil {
		return 0, err
	}
	return removed, nil
}

// change is one write transaction on its way. After the first error its
// methods do nothing.
type change struct {
	ctx context.Context
	tx  neo4j.ManagedTransaction
	err error

	// mark is where the transaction began, with what is known of removed
	// reports; revision is the one that it makes.
	mark     history
	revision int64

	// counts says how the counts of entities change.
	counts map[string]tally
	// touched are entities that may be left without reference, issuers those
	// whose sums may change.
	touched, issuers set
}

type tally struct{ reports, mentions int }

type set map[string]bool

func (s *set) add(ids ...string) {
	if *s == nil {
		*s = set{}
	}
	for _, id := range ids {
		if id != "" {
			(*s)[id] = true
		}
	}
}

func (s set) list() []string {
	ids := make([]string, 0, len(s))
	for id := range s {
		ids = append(ids, id)
	}
	return ids
}

func (c *change) run(cypher string, params props) []props {
	if c.err != nil {
		return nil
	}
	var rows []props
	rows, c.err = collect(c.ctx, c.tx, cypher, params)
	return rows
}

// lock makes other writers wait, and reads where the history stands.
func (c *change) lock() {
	c.run(lockMeta, meta())
	for _, row := range c.run(readMark, nil) {
		c.mark = newHistory(row)
	}
}

// note remembers which reports are gone, and that others are there.
func (c *change) note(p store.Plan) {
	h := c.mark
	for _, w := range p.Write {
		delete(h.removed, w.Facts.Report.ID)
	}
	for _, id := range p.Delete {
		h.removed[id] = c.revision
	}
	ids := slices.SortedFunc(maps.Keys(h.removed), func(a, b string) int {
		return cmp.Or(cmp.Compare(h.removed[b], h.removed[a]), cmp.Compare(a, b))
	})
	if len(ids) > maxRemoved {
		h.forgotten = max(h.forgotten, h.removed[ids[maxRemoved]])
		ids = ids[:maxRemoved]
	}
	revisions := make([]any, len(ids))
	for i, id := range ids {
		revisions[i] = h.removed[id]
	}
	c.run(noteRemoved, props{"removed": list(ids), "removedIn": revisions, "forgotten": h.forgotten})
}

// rows runs a statement over rows, a chunk at a time.
func (c *change) rows(cypher string, rows []props) {
	for len(rows) > 0 {
		n := min(chunk, len(rows))
		c.run(cypher, props{"rows": rows[:n]})
		rows = rows[n:]
	}
}

// count adds to the counts of an entity.
func (c *change) count(id string, reports, mentions int) {
	if c.counts == nil {
		c.counts = map[string]tally{}
	}
	t := c.counts[id]
	c.counts[id] = tally{t.reports + reports, t.mentions + mentions}
}

// clear deletes the contents of reports, not the reports.
func (c *change) clear(reports []string) {
	if len(reports) == 0 {
		return
	}
	params := props{"reports": reports}
	for _, row := range c.run(readTally, params) {
		id := text(row["id"])
		c.touched.add(id)
		if row["issuer"] == true {
			c.issuers.add(id)
		}
		c.count(id, -integer(row["reports"]), -integer(row["mentions"]))
	}
	c.run(deleteParts, params)
	c.run(deleteLinks, params)
}

// entities makes entities have the given properties and references. Most are
// there already, as they should be.
func (c *change) entities(list []kg.Entity) {
	ids := make([]string, len(list))
	for i, e := range list {
		ids[i] = e.ID
	}
	held := map[string]props{}
	for _, row := range c.run(readEntities, props{"ids": ids}) {
		held[entity(row).ID] = row
	}
	changed := map[kg.Kind][]string{}
	nodes := map[kg.Kind][]props{}
	for _, e := range list {
		c.touched.add(e.ID)
		want := entityProps(e)
		want["reportCount"], want["mentionCount"] = int64(0), int64(0)
		row, ok := held[e.ID]
		if ok {
			old := entity(row)
			want["reportCount"], want["mentionCount"] = int64(old.ReportCount), int64(old.MentionCount)
			if reflect.DeepEqual(row["props"], want) && reflect.DeepEqual(old.References(), e.References()) {
				continue
			}
			c.touched.add(old.References()...)
			changed[e.Kind] = append(changed[e.Kind], e.ID)
		}
		nodes[e.Kind] = append(nodes[e.Kind], want)
	}
	for _, k := range entityKinds {
		c.rows(naming(mergeNodes, "LABEL", labels[k]), nodes[k])
		if len(changed[k]) > 0 {
			c.run(naming(deleteRefs, "LABEL", labels[k]), props{"ids": changed[k]})
		}
	}
	written := map[string]bool{}
	for _, rows := range nodes {
		for _, p := range rows {
			written[text(p["id"])] = true
		}
	}
	for _, r := range refs {
		var rows []props
		for _, e := range list {
			if to := *r.of(&e); e.Kind == r.from && to != "" && written[e.ID] {
				rows = append(rows, props{"from": e.ID, "to": to, "props": props{}})
			}
		}
		c.rows(naming(createLinks, "FROM", labels[r.from], "TYPE", r.typ, "TO", labels[r.to]), rows)
	}
}

// contents writes reports with all that is in them.
func (c *change) contents(write []store.Contents) {
	var reports []props
	size := 0
	for _, w := range write {
		reports = append(reports, reportProps(w, c.revision))
		// Texts are long, so a statement takes fewer of them.
		if size += len(w.Facts.Report.Text); size > 1<<22 {
			c.rows(naming(mergeNodes, "LABEL", "Report"), reports)
			reports, size = nil, 0
		}
	}
	c.rows(naming(mergeNodes, "LABEL", "Report"), reports)
	w := writer{rows: map[statement][]props{}}
	for _, contents := range write {
		w.report(contents.Facts)
		c.tally(contents.Facts)
	}
	for _, st := range w.order {
		c.rows(st.cypher(), w.rows[st])
	}
}

// tally counts what the mentions of a written report add.
func (c *change) tally(f kg.Facts) {
	c.issuers.add(f.Report.IssuerID)
	mentioned := set{}
	for _, m := range f.Mentions {
		if m.EntityID == "" {
			continue
		}
		reports := 1
		if mentioned[m.EntityID] {
			reports = 0
		}
		mentioned.add(m.EntityID)
		c.count(m.EntityID, reports, 1)
	}
}

// statement makes relationships of one type between nodes of two labels; if
// part is set, it makes their end nodes too.
type statement struct {
	from, typ, to string
	part          bool
}

func (s statement) cypher() string {
	cypher := createLinks
	if s.part {
		cypher = createParts
	}
	return naming(cypher, "FROM", s.from, "TYPE", s.typ, "TO", s.to)
}

// writer collects the rows of statements; nodes are made before they are
// linked because a report puts its parts first.
type writer struct {
	order []statement
	rows  map[statement][]props
}

func (w *writer) add(s statement, row props) {
	if _, ok := w.rows[s]; !ok {
		w.order = append(w.order, s)
	}
	w.rows[s] = append(w.rows[s], row)
}

func (w *writer) report(f kg.Facts) {
	r := f.Report
	runes := []rune(r.Text)
	for i, p := range r.Passages {
		content := string(runes[p.Start:p.End])
		w.add(statement{"Report", "HAS_PASSAGE", "Passage", true}, props{"from": r.ID, "props": props{}, "node": present(props{
			"id": passageID(r.ID, i), "start": int64(p.Start), "end": int64(p.End), "section": p.Section,
			"text": content, "folded": fold.Key(content),
		})})
	}
	for _, m := range f.Mentions {
		row := props{"from": r.ID, "to": m.EntityID, "props": mentionProps(m)}
		switch {
		case m.Metric != nil:
			row["node"] = metricProps(m)
			w.add(statement{"Report", mentionTypes[m.Kind], "Metric", true}, row)
		case m.EntityID == "":
			row["node"] = props{"id": m.ID, "kind": string(m.Kind), "quote": m.Quote}
			w.add(statement{"Report", unresolvedType, "Unresolved", true}, row)
		default:
			w.add(statement{"Report", mentionTypes[m.Kind], labels[m.Kind], false}, row)
		}
	}
	if r.IssuerID != "" {
		w.add(statement{"Report", "ISSUED_BY", "Jurisdiction", false}, props{"from": r.ID, "to": r.IssuerID, "props": props{}})
	}
	for _, m := range f.Mentions {
		if m.Metric != nil && m.EntityID != "" {
			w.add(statement{"Metric", "MEASURES", "Indicator", false}, props{"from": m.ID, "to": m.EntityID, "props": props{}})
		}
		if m.Metric != nil && m.Metric.ParentID != "" {
			w.add(statement{"Metric", "PART_OF", "Metric", false}, props{"from": m.ID, "to": m.Metric.ParentID, "props": props{}})
		}
		for _, candidate := range m.Candidates {
			w.add(statement{"Unresolved", "CANDIDATE", labels[m.Kind], false}, props{"from": m.ID, "to": candidate, "props": props{}})
		}
	}
}

// sources puts sources under their reports, and under no other.
func (c *change) sources(list []store.PlacedSource) {
	var rows []props
	for _, s := range list {
		rows = append(rows, props{"from": s.ReportID, "props": sourceProps(s.Source)})
	}
	c.rows(placeSources, rows)
}

// settle brings counts, sums and the revision up to date, and deletes the
// entities that nothing refers to any more.
func (c *change) settle(changes int64) {
	counts := map[kg.Kind][]props{}
	for id, t := range c.counts {
		if t != (tally{}) {
			counts[kindOf(id)] = append(counts[kindOf(id)], props{"id": id, "reports": int64(t.reports), "mentions": int64(t.mentions)})
		}
	}
	for k, rows := range counts {
		c.rows(naming(addCounts, "LABEL", labels[k]), rows)
	}
	var adopting []string
	for s := kg.StatusImplemented; s.String() != ""; s++ {
		adopting = append(adopting, s.String())
	}
	params := props{"issuers": c.issuers.list(), "adopting": adopting}
	c.run(deleteAdopted, params)
	c.run(createAdopted, params)
	for left := c.touched; len(left) > 0 && c.err == nil; {
		var next set
		ids := map[kg.Kind][]string{}
		for id := range left {
			ids[kindOf(id)] = append(ids[kindOf(id)], id)
		}
		for k, of := range ids {
			for _, row := range c.run(naming(deleteOrphans, "LABEL", labels[k]), props{"ids": of}) {
				next.add(texts(row["refs"])...)
			}
		}
		left = next
	}
	c.run(raiseRevision, props{"changes": changes})
}

// passageID is the identifier of a passage, made in mentionRows as well.
func passageID(reportID string, index int) string {
	return reportID + "#" + strconv.Itoa(index)
}
