// Package linker finds what a report names (jurisdictions, laws, practices,
// law firms, figures) and links each mention to one entity, with its quote as
// evidence. It is pure: the same document gives the same facts, with no clock,
// disk or network. It does not read files, decide what is a report, or store
// anything; the knowledge it links to is data in package registry.
package linker

import (
	"cmp"
	"slices"

	"graphd/internal/kg"
	"graphd/internal/linker/registry"
)

// Version changes whenever the same document could give other facts.
const Version = "5"

// Linker links documents to the entities of a registry. It is safe for
// concurrent use.
type Linker struct {
	reg *registry.Registry
}

// New returns a linker for the given registry.
func New(reg *registry.Registry) *Linker { return &Linker{reg: reg} }

// Link returns what the document says. Every mention's quote is the slice of
// the document's text at its span; mentions lie in the document's main text
// and each inside one passage. Where one candidate is left a mention is
// linked, else it stays unresolved with its candidates.
func (l *Linker) Link(doc kg.Document) kg.Facts {
	t := newText(doc)
	g := newGathering(t)

	issuer := l.issuer(t)
	g.issuer(l, issuer)
	l.jurisdictions(t, issuer, g)
	l.laws(t, issuer, g)
	l.lawFirms(t, g)
	ss := sentences(t)
	namings := l.findPractices(t, issuer, ss)
	figures := readFigures(ss, namings)
	l.practices(ss, namings, figures, g)
	l.metrics(ss, figures, g)
	return g.facts()
}

// gathering collects the facts of one document: mentions once each, entities
// with everything they refer to.
type gathering struct {
	t        *text
	report   kg.Report
	iss      kg.Issuer
	entities []kg.Entity
	known    map[string]bool // IDs of entities
	mentions []kg.Mention
	taken    map[taken]bool
}

// taken is what no two mentions of a document share.
type taken struct {
	kind kg.Kind
	span kg.Span
}

func newGathering(t *text) *gathering {
	// Reports that are dense in facts have one in twenty characters.
	most := len(t.key)/20 + 8
	return &gathering{
		t: t, report: t.doc.Report,
		entities: make([]kg.Entity, 0, most/2), known: make(map[string]bool, most/2),
		mentions: make([]kg.Mention, 0, most), taken: make(map[taken]bool, most),
	}
}

// entity records an entity; what it refers to must be recorded as well.
func (g *gathering) entity(e kg.Entity) {
	if !g.known[e.ID] {
		g.known[e.ID] = true
		g.entities = append(g.entities, e)
	}
}

// issuer records who issued the report, with the entities it needs.
func (g *gathering) issuer(l *Linker, is issuer) {
	g.iss = is.Issuer
	g.report.IssuerID = is.id
	g.report.Department = is.Department
	for _, e := range l.issuerEntities(is) {
		g.entity(e)
	}
}

// mention completes m (ID, report, quote, passage) from its span and records
// it. A mention outside every passage, or a second one of its kind at its
// span, is dropped; it tells whether m was recorded.
func (g *gathering) mention(m kg.Mention) bool {
	p, ok := g.t.passageOf(m.Span)
	if !ok || g.taken[taken{m.Kind, m.Span}] {
		return false
	}
	g.taken[taken{m.Kind, m.Span}] = true
	m.Passage = p
	m.ReportID = g.report.ID
	m.ID = kg.MentionID(m.ReportID, m.Kind, m.Span)
	m.Quote = g.t.source(m.Span)
	slices.Sort(m.Candidates)
	g.mentions = append(g.mentions, m)
	return true
}

func (g *gathering) facts() kg.Facts {
	f := kg.Facts{Report: g.report, Issuer: g.iss, Entities: g.entities, Mentions: g.mentions}
	slices.SortFunc(f.Entities, func(a, b kg.Entity) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(f.Mentions, func(a, b kg.Mention) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), cmp.Compare(a.Kind, b.Kind))
	})
	return f
}
