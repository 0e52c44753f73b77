package storetest

import (
	"cmp"
	"context"
	"maps"
	"reflect"
	"slices"
	"sync"

	"graphd/internal/kg"
	"graphd/internal/reuse"
	"graphd/internal/store"
)

// oracle is what the promises of store.Store say, written down in the most
// naive way: maps, and loops over everything. Stores are compared with it. It
// takes valid facts only.
type oracle struct {
	mu       sync.Mutex
	revision int64
	reports  map[string]*heldReport
	entities map[string]kg.Entity
	decided  []kg.Decision
}

type heldReport struct {
	report   kg.Report // without sources
	mentions []kg.Mention
	// own are the entities as the document gave them, raw all of its facts,
	// before decisions.
	own     []kg.Entity
	raw     kg.Facts
	sources map[string]kg.Source
}

func newOracle() *oracle {
	return &oracle{reports: map[string]*heldReport{}, entities: map[string]kg.Entity{}}
}

func (o *oracle) Apply(_ context.Context, batch []kg.Facts) ([]store.Outcome, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	firstBefore := map[string]string{}
	for id, r := range o.reports {
		firstBefore[id] = slices.Min(slices.Collect(maps.Keys(r.sources)))
	}
	given := map[string]int{} // location → the document that counts
	for i, f := range batch {
		given[f.Report.Sources[0].Location] = i
	}
	changed := make([]bool, len(batch))
	for i, f := range batch {
		s := f.Report.Sources[0]
		if given[s.Location] != i {
			continue
		}
		to := o.reports[f.Report.ID]
		if to == nil {
			to = &heldReport{sources: map[string]kg.Source{}}
			o.reports[f.Report.ID] = to
		}
		if old, ok := to.sources[s.Location]; ok {
			old.IngestedAt = s.IngestedAt
			if old == s {
				continue
			}
		}
		for _, r := range o.reports {
			delete(r.sources, s.Location)
		}
		to.sources[s.Location] = s
		changed[i] = true
	}
	for id, r := range o.reports {
		if len(r.sources) == 0 {
			delete(o.reports, id)
		}
	}
	for i, f := range batch {
		s := f.Report.Sources[0]
		r := o.reports[f.Report.ID]
		if given[s.Location] != i || slices.Min(slices.Collect(maps.Keys(r.sources))) != s.Location {
			continue
		}
		raw := normal(f)
		f = store.Decided(raw, o.decided)
		r.raw = raw
		if reflect.DeepEqual(r.report, f.Report) && reflect.DeepEqual(r.mentions, f.Mentions) && reflect.DeepEqual(r.own, f.Entities) {
			continue
		}
		r.report, r.mentions, r.own = f.Report, f.Mentions, f.Entities
		for _, e := range f.Entities {
			o.entities[e.ID] = store.Named(e, o.decided)
		}
		changed[i] = true
	}
	for id, r := range o.reports {
		first := slices.Min(slices.Collect(maps.Keys(r.sources)))
		_, lost := r.sources[firstBefore[id]]
		if _, ok := given[first]; !ok && firstBefore[id] != "" && !lost {
			s := r.sources[first]
			s.ContentHash = ""
			r.sources[first] = s
		}
	}
	outcomes := make([]store.Outcome, len(batch))
	for i := range batch {
		outcomes[i] = store.Unchanged
		if changed[i] {
			outcomes[i] = store.Stored
			o.revision++
		}
	}
	o.sweep()
	return outcomes, nil
}

// normal is f without what makes no difference.
func normal(f kg.Facts) kg.Facts {
	f.Report.Sources = nil
	f.Entities = slices.Clone(f.Entities)
	for i, e := range f.Entities {
		seen := map[string]bool{e.Name: true}
		var aliases []string
		for _, a := range slices.Sorted(slices.Values(e.Aliases)) {
			if !seen[a] {
				aliases = append(aliases, a)
			}
			seen[a] = true
		}
		f.Entities[i].Aliases = aliases
	}
	slices.SortFunc(f.Entities, byID)
	f.Mentions = slices.Clone(f.Mentions)
	slices.SortFunc(f.Mentions, store.CompareMentions)
	return f
}

// sweep keeps the entities that can be reached from a report, and counts them.
func (o *oracle) sweep() {
	kept := map[string]kg.Entity{}
	var keep func(id string)
	keep = func(id string) {
		if _, done := kept[id]; done || id == "" {
			return
		}
		e := o.entities[id]
		e.ReportCount, e.MentionCount = 0, 0
		kept[id] = e
		for _, r := range e.References() {
			keep(r)
		}
	}
	for _, r := range o.reports {
		keep(r.report.IssuerID)
		for _, m := range r.mentions {
			keep(m.EntityID)
			for _, c := range m.Candidates {
				keep(c)
			}
		}
	}
	for _, r := range o.reports {
		seen := map[string]bool{}
		for _, m := range r.mentions {
			if m.EntityID == "" {
				continue
			}
			e := kept[m.EntityID]
			e.MentionCount++
			if !seen[e.ID] {
				e.ReportCount++
			}
			seen[e.ID] = true
			kept[e.ID] = e
		}
	}
	o.entities = kept
}

func (o *oracle) Remove(_ context.Context, ids []string) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := 0
	for _, id := range ids {
		if _, ok := o.reports[id]; ok {
			delete(o.reports, id)
			n++
		}
	}
	o.revision += int64(n)
	o.sweep()
	return n, nil
}

func (o *oracle) Revision(context.Context) (int64, error) { return o.revision, nil }
func (o *oracle) Ping(context.Context) error              { return nil }
func (o *oracle) Close(context.Context) error             { return nil }

func (o *oracle) Sources(_ context.Context, locations []string) (map[string]store.SourceState, error) {
	found := map[string]store.SourceState{}
	for id, r := range o.reports {
		for _, l := range locations {
			if s, ok := r.sources[l]; ok {
				found[l] = store.SourceState{ReportID: id, ContentHash: s.ContentHash, Extractor: s.Extractor}
			}
		}
	}
	return found, nil
}

func (o *oracle) sorted() []*heldReport {
	return slices.SortedFunc(maps.Values(o.reports), func(a, b *heldReport) int { return cmp.Compare(a.report.ID, b.report.ID) })
}

func (o *oracle) Postings(context.Context) (*store.Postings, error) {
	p := &store.Postings{Mark: store.Mark{Revision: o.revision}}
	p.Entities = slices.SortedFunc(maps.Values(o.entities), byID)
	for _, r := range o.sorted() {
		strongest := map[string]kg.Status{}
		for _, m := range r.mentions {
			if m.EntityID != "" {
				strongest[m.EntityID] = max(strongest[m.EntityID], m.Status)
			}
		}
		posting := store.Posting{ReportID: r.report.ID, IssuerID: r.report.IssuerID, Department: r.report.Department, Year: r.report.Year}
		for _, id := range slices.Sorted(maps.Keys(strongest)) {
			posting.Terms = append(posting.Terms, store.Term{EntityID: id, Status: strongest[id]})
		}
		p.Reports = append(p.Reports, posting)
	}
	return p, nil
}

func (o *oracle) Decisions(context.Context) ([]kg.Decision, error) { return o.decided, nil }

func (o *oracle) Originals(_ context.Context, ids []string) (map[string]kg.Facts, error) {
	found := map[string]kg.Facts{}
	for id, r := range o.reports {
		if (ids == nil || slices.Contains(ids, id)) && !reflect.DeepEqual(store.Decided(r.raw, o.decided), r.raw) {
			found[id] = r.raw
		}
	}
	return found, nil
}

func (o *oracle) Referring(_ context.Context, ids []string) ([]string, error) {
	var found []string
	for _, r := range o.sorted() {
		if slices.ContainsFunc(r.mentions, func(m kg.Mention) bool {
			return slices.ContainsFunc(append([]string{m.EntityID}, m.Candidates...), func(id string) bool { return slices.Contains(ids, id) })
		}) {
			found = append(found, r.report.ID)
		}
	}
	return found, nil
}

// Amend decides everything anew.
func (o *oracle) Amend(_ context.Context, a store.Amendment) (bool, error) {
	if a.Revision != o.revision {
		return false, nil
	}
	if i := slices.IndexFunc(o.decided, func(d kg.Decision) bool { return d.ID == a.Decision.ID }); i >= 0 {
		o.decided = slices.Clone(o.decided)
		o.decided[i] = a.Decision
	} else {
		o.decided = append(o.decided, a.Decision)
	}
	for _, r := range o.reports {
		f := store.Decided(r.raw, o.decided)
		r.report, r.mentions, r.own = f.Report, f.Mentions, f.Entities
	}
	for _, e := range a.Plan(o.decided).Entities {
		o.entities[e.ID] = e
	}
	o.revision++
	o.sweep()
	return true, nil
}

// PostingsSince always answers with everything, as a store may.
func (o *oracle) PostingsSince(ctx context.Context, _ store.Mark) (*store.Delta, error) {
	p, err := o.Postings(ctx)
	return &store.Delta{Postings: *p, Whole: true}, err
}

func (o *oracle) Sharing(_ context.Context, fingerprints []uint64, limit int) (map[uint64]store.Holders, error) {
	if err := store.CheckSharing(limit); err != nil {
		return nil, err
	}
	found := map[uint64]store.Holders{}
	for _, f := range fingerprints {
		var ids []string
		for _, r := range o.sorted() {
			if slices.Contains(reuse.Fingerprints(r.report), f) {
				ids = append(ids, r.report.ID)
			}
		}
		if len(ids) > limit {
			found[f] = store.Holders{Common: true}
		} else if len(ids) > 0 {
			found[f] = store.Holders{ReportIDs: ids}
		}
	}
	return found, nil
}

func (o *oracle) Reports(_ context.Context, ids []string, full bool) ([]kg.Report, error) {
	var list []kg.Report
	for _, id := range ids {
		r, ok := o.reports[id]
		if !ok {
			continue
		}
		report := r.report
		if !full {
			report.Text, report.Passages = "", nil
		}
		for _, l := range slices.Sorted(maps.Keys(r.sources)) {
			report.Sources = append(report.Sources, r.sources[l])
		}
		list = append(list, report)
	}
	return list, nil
}

func (o *oracle) Entities(_ context.Context, ids []string) ([]kg.Entity, error) {
	var list []kg.Entity
	for _, id := range ids {
		if e, ok := o.entities[id]; ok {
			list = append(list, e)
		}
	}
	return list, nil
}

func (o *oracle) Mentions(_ context.Context, q store.MentionQuery) ([]store.Evidence, error) {
	if err := q.Check(); err != nil {
		return nil, err
	}
	var list []store.Evidence
	for _, r := range o.sorted() {
		for _, m := range r.mentions {
			if q.IDs != nil && !slices.Contains(q.IDs, m.ID) || q.Reports != nil && !slices.Contains(q.Reports, m.ReportID) ||
				q.Entities != nil && !slices.Contains(q.Entities, m.EntityID) ||
				len(q.Kinds) > 0 && !slices.Contains(q.Kinds, m.Kind) || q.Unresolved && !m.Unresolved() {
				continue
			}
			list = append(list, o.evidence(r, m))
		}
	}
	return list, nil
}

func (o *oracle) evidence(r *heldReport, m kg.Mention) store.Evidence {
	p := r.report.Passages[m.Passage]
	return store.Evidence{Mention: m, Passage: p, PassageText: string([]rune(r.report.Text)[p.Start:p.End])}
}

func (o *oracle) reportIDs() []string { return slices.Sorted(maps.Keys(o.reports)) }
