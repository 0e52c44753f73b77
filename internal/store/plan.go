package store

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"graphd/internal/fold"
	"graphd/internal/kg"
	"graphd/internal/reuse"
)

// Batch is a checked batch of documents, ready to be compared with what a
// store holds. It is made once, outside the transaction that applies it.
type Batch struct {
	// Reports and Locations are the distinct IDs and source locations of the
	// documents, in ascending order: what State must be read for.
	Reports, Locations []string

	docs []document
}

type document struct {
	Contents
	source kg.Source
	// superseded marks a document whose location a later one has too.
	superseded bool
}

// Contents is what a store keeps of one report besides its sources.
type Contents struct {
	// Facts is in canonical form: Report without sources, entities ordered by
	// ID without counts, mentions in the order of CompareMentions.
	Facts kg.Facts
	// Digest identifies Facts; a store keeps it with the report.
	Digest string
	// Raw are the extractor's facts where decisions made others of them, see
	// Store.Originals; nil where Facts are the extractor's.
	Raw *kg.Facts
}

// ReportState is what a store holds about one report: the digest of its
// contents, and its sources.
type ReportState struct {
	Digest  string
	Sources []kg.Source
}

// State is the part of a store that a batch is about: by report ID, the
// reports among Batch.Reports and those with a source among Batch.Locations,
// each with all of its sources.
type State map[string]ReportState

// Plan is what makes a store hold what a batch says. A store carries it out in
// the transaction that read the State: it writes Write, then Sources, then
// deletes Delete, then the entities left without reference, brings the counts
// up to date, and adds Changes to the revision. If Changes is zero there is
// nothing to do.
type Plan struct {
	// Write replaces the contents of reports, or makes the reports.
	Write []Contents
	// Entities are those of Write, once each, ordered by ID. Those that exist
	// take the new properties.
	Entities []kg.Entity
	// Sources are to be recorded, each under its report, and under no other.
	Sources []PlacedSource
	// Delete lists the reports that lost their last source.
	Delete []string
	// Outcomes has one element for each document of the batch.
	Outcomes []Outcome
	Changes  int64
}

// PlacedSource is a source with the report that it holds.
type PlacedSource struct {
	ReportID string
	kg.Source
}

// Prepare checks a batch and brings it into the form that stores keep. An
// error names the location of the document that cannot be stored, and why.
func Prepare(batch []kg.Facts) (*Batch, error) {
	b := &Batch{docs: make([]document, len(batch))}
	last := map[string]int{}
	for i, f := range batch {
		err := Check(f)
		d := document{Contents: Contents{Facts: canonical(f)}}
		if err == nil {
			d.source = f.Report.Sources[0]
			d.Digest, err = digest(d.Facts)
		}
		if err != nil {
			return nil, &kg.Error{Op: "store", Code: kg.CodeInternal, Subject: subject(f.Report), Err: err}
		}
		if j, ok := last[d.source.Location]; ok {
			b.docs[j].superseded = true
		}
		last[d.source.Location] = i
		b.docs[i] = d
		b.Reports = append(b.Reports, f.Report.ID)
		b.Locations = append(b.Locations, d.source.Location)
	}
	b.Reports, b.Locations = set(b.Reports), set(b.Locations)
	return b, nil
}

func subject(r kg.Report) string {
	if len(r.Sources) > 0 && r.Sources[0].Location != "" {
		return r.Sources[0].Location
	}
	return r.ID
}

// Plan compares the batch, under the decisions that hold, with the state of a
// store. It changes none of them. An error is that of facts that cannot be
// written as JSON.
func (b *Batch) Plan(state State, decisions []kg.Decision) (Plan, error) {
	p := Plan{Outcomes: make([]Outcome, len(b.docs))}
	t := newTable(state)
	stored := make([]bool, len(b.docs))
	var moved []string // reports that lost their first source
	for i, d := range b.docs {
		if d.superseded {
			continue
		}
		placed := PlacedSource{ReportID: d.Facts.Report.ID, Source: d.source}
		old, known := t.at[d.source.Location]
		if known && old.ReportID == placed.ReportID && sameSource(old.Source, placed.Source) {
			continue
		}
		if known && old.ReportID != placed.ReportID && t.first(old.ReportID) == d.source.Location {
			moved = append(moved, old.ReportID)
		}
		t.place(placed)
		stored[i] = true
		p.Sources = append(p.Sources, placed)
	}

	// All sources stand in their last place now, so what follows does not
	// depend on the order of the batch.
	for i, d := range b.docs {
		id := d.Facts.Report.ID
		if d.superseded || !t.firstOf(b, id, i) {
			continue
		}
		c, err := d.Contents.under(decisions)
		if err != nil {
			return p, err
		}
		if old, ok := state[id]; ok && old.Digest == c.Digest {
			continue
		}
		stored[i] = true
		p.Write = append(p.Write, c)
	}
	p.Entities = entitiesOf(p.Write, nil, decisions)

	for _, id := range slices.Sorted(maps.Keys(t.of)) {
		if _, held := state[id]; held && len(t.of[id]) == 0 {
			p.Delete = append(p.Delete, id)
		}
	}
	for _, id := range set(moved) {
		p.Sources = append(p.Sources, t.unread(b, id)...)
	}
	for i := range b.docs {
		p.Outcomes[i] = Unchanged
		if stored[i] {
			p.Outcomes[i] = Stored
			p.Changes++
		}
	}
	return p, nil
}

// entitiesOf are the entities of contents, and others, with the names that
// decisions give them, once each, ordered by ID.
func entitiesOf(contents []Contents, others []kg.Entity, decisions []kg.Decision) []kg.Entity {
	entities := map[string]kg.Entity{}
	for _, e := range others {
		entities[e.ID] = Named(e, decisions)
	}
	for _, c := range contents {
		for _, e := range c.Facts.Entities {
			entities[e.ID] = Named(e, decisions)
		}
	}
	return slices.SortedFunc(maps.Values(entities), func(a, b kg.Entity) int { return cmp.Compare(a.ID, b.ID) })
}

// under is what decisions make of contents that are the extractor's.
func (c Contents) under(decisions []kg.Decision) (Contents, error) {
	decided := Decided(c.Facts, decisions)
	sum, err := digest(decided)
	if err != nil || sum == c.Digest {
		return c, err
	}
	return Contents{Facts: decided, Digest: sum, Raw: &c.Facts}, nil
}

// table says where the sources stand: by location, and by report.
type table struct {
	at map[string]PlacedSource
	of map[string]map[string]bool
}

func newTable(state State) table {
	t := table{at: map[string]PlacedSource{}, of: map[string]map[string]bool{}}
	for id, r := range state {
		t.of[id] = map[string]bool{}
		for _, s := range r.Sources {
			t.place(PlacedSource{ReportID: id, Source: s})
		}
	}
	return t
}

func (t table) place(s PlacedSource) {
	if old, ok := t.at[s.Location]; ok {
		delete(t.of[old.ReportID], s.Location)
	}
	t.at[s.Location] = s
	if t.of[s.ReportID] == nil {
		t.of[s.ReportID] = map[string]bool{}
	}
	t.of[s.ReportID][s.Location] = true
}

// first is the least location of a report's sources; empty if it has none.
func (t table) first(reportID string) string {
	least := ""
	for l := range t.of[reportID] {
		if least == "" || l < least {
			least = l
		}
	}
	return least
}

// firstOf tells whether document i of the batch is the one that its report's
// contents are taken from.
func (t table) firstOf(b *Batch, reportID string, i int) bool {
	return t.first(reportID) == b.docs[i].source.Location
}

// unread marks the first source of a report that lost the source its contents
// came from, unless the batch brings that source: without a content hash it
// counts as never read, and reading it again makes the contents its own.
func (t table) unread(b *Batch, reportID string) []PlacedSource {
	s, ok := t.at[t.first(reportID)]
	if !ok {
		return nil
	}
	if _, given := slices.BinarySearch(b.Locations, s.Location); given {
		return nil
	}
	s.ContentHash = ""
	return []PlacedSource{s}
}

// sameSource compares sources, whenever they were read.
func sameSource(a, b kg.Source) bool {
	a.IngestedAt = b.IngestedAt
	return a == b
}

// Names is the set of folded names that an entity is found by, see FieldNames.
func Names(e kg.Entity) []string {
	var keys []string
	for _, n := range append([]string{e.Name, e.FullName}, e.Aliases...) {
		if k := fold.Key(n); k != "" {
			keys = append(keys, k)
		}
	}
	return set(keys)
}

// Arrange picks the values of the given IDs, in that order, leaving out those
// that are not there.
func Arrange[T any](ids []string, byID map[string]T) []T {
	found := make([]T, 0, len(ids))
	for _, id := range ids {
		if v, ok := byID[id]; ok {
			found = append(found, v)
		}
	}
	return found
}

// Kind is the kind of a collection's entities; empty for Reports and Metrics.
func (c Collection) Kind() kg.Kind { return collectionKinds[c] }

var collectionKinds = map[Collection]kg.Kind{
	Jurisdictions: kg.KindJurisdiction, Practices: kg.KindPractice, Laws: kg.KindLaw,
	LawFirms: kg.KindLawFirm, Indicators: kg.KindIndicator,
}

// usage is the error of a question that makes no sense.
func usage(op, format string, args ...any) error {
	return &kg.Error{Op: op, Code: kg.CodeUsage, Err: fmt.Errorf(format, args...)}
}

// Tally is a Term with the number of its mentions in the report.
type Tally struct {
	Term
	Mentions int
}

// Fingerprints are the fingerprints of the report's main text, distinct and
// ascending, see reuse.Fingerprints.
func (c Contents) Fingerprints() []uint64 { return reuse.Fingerprints(c.Facts.Report) }

// CheckSharing tells whether a question of Sharing makes sense.
func CheckSharing(limit int) error {
	if limit <= 0 {
		return usage("sharing", "the limit %d is not positive", limit)
	}
	return nil
}

// Postings sums up the mentions, ordered by entity ID.
func (c Contents) Postings() []Tally {
	tallies := map[string]Tally{}
	for _, m := range c.Facts.Mentions {
		if m.EntityID != "" {
			t := tallies[m.EntityID]
			tallies[m.EntityID] = Tally{Term{m.EntityID, max(t.Status, m.Status)}, t.Mentions + 1}
		}
	}
	return slices.SortedFunc(maps.Values(tallies), func(a, b Tally) int { return cmp.Compare(a.EntityID, b.EntityID) })
}
