package store

import (
	"slices"
	"strings"

	"graphd/internal/fold"
	"graphd/internal/kg"
)

// What editors decide is written down here once: which facts become of the
// extractor's under decisions. Stores keep the extractor's facts of a report
// beside those that became of them, where the two differ, so that a decision can
// be undone.

// Decided is what decisions, in the order of their making, make of the
// extractor's facts, both in canonical form. Those that are undone do nothing.
// Names that a merge adds to an entity are not in it, see Named.
func Decided(raw kg.Facts, decisions []kg.Decision) kg.Facts {
	f := raw
	changed := false
	for _, d := range decisions {
		if d.Undone() {
			continue
		}
		var did bool
		switch d.Kind {
		case kg.RejectMention:
			f, did = reject(f, raw, d)
		case kg.MergeEntities:
			f, did = merge(f, d)
		case kg.SplitEntity:
			f, did = split(f, raw, d)
		}
		changed = changed || did
	}
	if !changed {
		return raw
	}
	return canonical(needed(f))
}

// anchored are the IDs of the mentions that the anchors of a decision fit.
func anchored(raw kg.Facts, d kg.Decision) map[string]bool {
	found := map[string]bool{}
	r := raw.Report
	var text []rune
	for _, a := range d.Anchors {
		if a.ReportID != r.ID && (a.IssuerID == "" || a.Year == 0 || a.IssuerID != r.IssuerID || a.Year != r.Year) {
			continue
		}
		nth := map[int]int{} // by passage
		for _, m := range raw.Mentions {
			// Folded, so that a copy in the other script is fitted too.
			if m.Kind != a.Kind || fold.Key(m.Quote) != fold.Key(a.Quote) {
				continue
			}
			n := nth[m.Passage]
			nth[m.Passage]++
			if n != a.Nth || m.EntityID != a.EntityID {
				continue
			}
			if text == nil {
				text = []rune(r.Text)
			}
			if p := r.Passages[m.Passage]; fold.Key(string(text[p.Start:p.End])) == a.Context {
				found[m.ID] = true
			}
		}
	}
	return found
}

// AnchorOf tells a mention of a report by what it says; all are the report's
// mentions, in order, as the extractor found them.
func AnchorOf(r kg.Report, all []kg.Mention, m kg.Mention) kg.Anchor {
	p := r.Passages[m.Passage]
	a := kg.Anchor{
		ReportID: r.ID, IssuerID: r.IssuerID, Year: r.Year, Kind: m.Kind, EntityID: m.EntityID, Quote: m.Quote,
		Context: fold.Key(string([]rune(r.Text)[p.Start:p.End])),
	}
	for _, o := range all {
		if o.Kind == m.Kind && fold.Key(o.Quote) == fold.Key(m.Quote) && o.Passage == m.Passage && o.Start < m.Start {
			a.Nth++
		}
	}
	return a
}

func reject(f, raw kg.Facts, d kg.Decision) (kg.Facts, bool) {
	gone := anchored(raw, d)
	if len(gone) == 0 {
		return f, false
	}
	f.Mentions = slices.DeleteFunc(slices.Clone(f.Mentions), func(m kg.Mention) bool { return gone[m.ID] })
	for i, m := range f.Mentions {
		if m.Metric != nil && gone[m.Metric.ParentID] {
			alone := *m.Metric
			alone.ParentID = ""
			f.Mentions[i].Metric = &alone
		}
	}
	return f, true
}

func merge(f kg.Facts, d kg.Decision) (kg.Facts, bool) {
	at := slices.IndexFunc(f.Entities, func(e kg.Entity) bool { return e.ID == d.EntityID })
	if at < 0 {
		return f, false
	}
	into := func(id string) string {
		if id == d.EntityID {
			return d.IntoID
		}
		return id
	}
	f.Mentions = slices.Clone(f.Mentions)
	for i, m := range f.Mentions {
		f.Mentions[i].EntityID = into(m.EntityID)
		f.Mentions[i].Candidates = each(m.Candidates, into)
	}
	f.Entities = slices.Clone(f.Entities)
	has := slices.ContainsFunc(f.Entities, func(e kg.Entity) bool { return e.ID == d.IntoID })
	for i, e := range f.Entities {
		if e.VariantOf = into(e.VariantOf); e.VariantOf == e.ID {
			e.VariantOf = ""
		}
		if e.PartOf = into(e.PartOf); e.PartOf == e.ID {
			e.PartOf = ""
		}
		f.Entities[i] = e
	}
	if has {
		f.Entities = slices.Delete(f.Entities, at, at+1)
	} else {
		f.Entities = append(slices.Delete(f.Entities, at, at+1), d.Into...)
	}
	return f, true
}

func split(f, raw kg.Facts, d kg.Decision) (kg.Facts, bool) {
	moved := anchored(raw, d)
	if len(moved) == 0 {
		return f, false
	}
	f.Mentions = slices.Clone(f.Mentions)
	for i, m := range f.Mentions {
		// What names another entity now, an earlier merge being undone, was
		// not what the editor saw.
		if moved[m.ID] && m.EntityID == d.EntityID {
			f.Mentions[i].EntityID = d.IntoID
		}
	}
	for _, e := range f.Entities {
		if e.ID == d.EntityID {
			e.ID = d.IntoID
			if d.Name != "" {
				e.Name, e.Aliases = d.Name, nil
			}
			f.Entities = append(slices.Clone(f.Entities), e)
			break
		}
	}
	return f, true
}

// needed is f without the entities that only what went referred to.
func needed(f kg.Facts) kg.Facts {
	byID := map[string]kg.Entity{}
	for _, e := range f.Entities {
		byID[e.ID] = e
	}
	kept := map[string]kg.Entity{}
	var keep func(id string)
	keep = func(id string) {
		e, known := byID[id]
		if _, done := kept[id]; done || !known {
			return
		}
		kept[id] = e
		for _, r := range e.References() {
			keep(r)
		}
	}
	keep(f.Report.IssuerID)
	for _, m := range f.Mentions {
		keep(m.EntityID)
		for _, c := range m.Candidates {
			keep(c)
		}
	}
	f.Entities = nil
	for _, e := range kept {
		f.Entities = append(f.Entities, e)
	}
	return f
}

func each(list []string, f func(string) string) []string {
	if list == nil {
		return nil
	}
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = f(s)
	}
	return out
}

// Named is an entity with the names that merges added to it.
func Named(e kg.Entity, decisions []kg.Decision) kg.Entity {
	added := addedNames(e.ID, decisions)
	if len(added) == 0 {
		return e
	}
	e.Aliases = slices.DeleteFunc(set(append(slices.Clone(e.Aliases), added...)), func(a string) bool { return a == e.Name })
	return e
}

// Unnamed is the inverse of Named: the entity as the extractor gave it.
func Unnamed(e kg.Entity, decisions []kg.Decision) kg.Entity {
	added := addedNames(e.ID, decisions)
	if len(added) > 0 {
		e.Aliases = slices.DeleteFunc(slices.Clone(e.Aliases), func(a string) bool { return slices.Contains(added, a) })
		if len(e.Aliases) == 0 {
			e.Aliases = nil
		}
	}
	return e
}

func addedNames(id string, decisions []kg.Decision) []string {
	var added []string
	for _, d := range decisions {
		if d.Kind != kg.MergeEntities || d.IntoID != id || d.Undone() {
			continue
		}
		for _, n := range d.Names {
			if !slices.Contains(d.OwnNames, n) {
				added = append(added, n)
			}
		}
	}
	return added
}

// checkDecision tells what makes a decision senseless, before any store is
// asked.
func checkDecision(d kg.Decision) error {
	switch {
	case strings.TrimSpace(d.Reason) == "":
		return usage("decide", "a decision needs a reason")
	case d.By == "" || d.At == "":
		return usage("decide", "a decision needs who made it, and when")
	case !storable(d.By, d.At, d.Reason, d.Name):
		return usage("decide", "the reason or the name is no valid UTF-8 or holds a NUL")
	}
	return nil
}

// mergeable tells whether entities of a kind can be merged and split: a
// jurisdiction is what the register says, and IDs tell where it lies.
func mergeable(e kg.Entity) error {
	if e.Kind == kg.KindJurisdiction {
		return usage("decide", "a jurisdiction can be neither merged nor split: its place in the tree is the register's")
	}
	return nil
}

func notThere(what, id string) error { return usage("decide", "%s %q is not in the store", what, id) }
