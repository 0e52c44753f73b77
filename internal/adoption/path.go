package adoption

import (
	"iter"

	"graphd/internal/kg"
)

// Link is one step of a path: between a report and an entity that it names, or
// that issued it.
type Link struct {
	ReportID, EntityID string
	// Issued tells that the entity issued the report; else the report names it.
	Issued bool
}

// Path is a chain of reports and entities, each next to something that it
// names, is named by, issued or was issued by.
type Path struct {
	// IDs are of reports and entities, in the order of the chain; Links are
	// between each and the next.
	IDs   []string
	Links []Link
}

// Path returns a shortest chain between two reports or entities, of at most
// maxLength links; of several, the one whose IDs come first. ok is false if
// there is none, or an ID is unknown.
func (x *Index) Path(from, to string, maxLength int) (p Path, ok bool) {
	start, ok := x.vertex(from)
	if !ok {
		return p, false
	}
	end, ok := x.vertex(to)
	if !ok {
		return p, false
	}
	// distance is one more than the number of links to end; 0 where not seen.
	distance := make([]int, len(x.reportIDs)+len(x.entities))
	distance[end] = 1
	for frontier := []uint32{end}; distance[start] == 0 && len(frontier) > 0 && distance[frontier[0]] <= maxLength; {
		var next []uint32
		for _, v := range frontier {
			for w := range x.neighbours(v) {
				if distance[w] == 0 {
					distance[w] = distance[v] + 1
					next = append(next, w)
				}
			}
		}
		frontier = next
	}
	if distance[start] == 0 {
		return p, false
	}
	p = Path{IDs: []string{from}, Links: []Link{}}
	for v := start; v != end; {
		best, bestID := uint32(0), ""
		for w := range x.neighbours(v) {
			if distance[w] != distance[v]-1 || distance[w] == 0 {
				continue
			}
			if id := x.vertexID(w); bestID == "" || id < bestID {
				best, bestID = w, id
			}
		}
		p.IDs = append(p.IDs, bestID)
		p.Links = append(p.Links, x.link(v, best))
		v = best
	}
	return p, true
}

// A vertex is a report by its number, or an entity by its number behind those
// of all reports.

func (x *Index) vertex(id string) (uint32, bool) {
	if r, ok := x.reportAt[id]; ok {
		return r, true
	}
	e, ok := x.entityAt[id]
	return uint32(len(x.reportIDs)) + e, ok
}

func (x *Index) vertexID(v uint32) string {
	if e, ok := x.asEntity(v); ok {
		return x.entities[e].ID
	}
	return x.reportIDs[v]
}

func (x *Index) asEntity(v uint32) (e uint32, ok bool) {
	n := uint32(len(x.reportIDs))
	return v - n, v >= n
}

// neighbours walks what a vertex is linked with; some of them twice.
func (x *Index) neighbours(v uint32) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		n := uint32(len(x.reportIDs))
		e, ok := x.asEntity(v)
		if !ok {
			for _, t := range x.termsOf(v) {
				if !yield(n + t.entity()) {
					return
				}
			}
			if j := x.issuer[v]; j != noIssuer {
				yield(n + x.jurisdictions[j])
			}
			return
		}
		for _, b := range x.postings[e] {
			if b == nil {
				continue
			}
			for it := b.Iterator(); it.HasNext(); {
				if !yield(it.Next()) {
					return
				}
			}
		}
		if j, ok := x.jurisdictionAt[x.entities[e].ID]; ok {
			for r := x.firstReport[j]; r < x.firstReport[j+1]; r++ {
				if !yield(r) {
					return
				}
			}
		}
	}
}

// link is the link between two neighbours. That a report was issued by an
// entity goes before that it names it.
func (x *Index) link(v, w uint32) Link {
	e, ok := x.asEntity(v)
	r := w
	if !ok {
		e, _ = x.asEntity(w)
		r = v
	}
	j := x.issuer[r]
	return Link{ReportID: x.reportIDs[r], EntityID: x.entities[e].ID, Issued: j != noIssuer && x.jurisdictions[j] == e}
}

// Kind is what a link says, as the graph in Neo4j calls it.
func (l Link) Kind() string {
	if l.Issued {
		return "ISSUED_BY"
	}
	t, _ := kg.TypeOf(l.EntityID)
	return linkKinds[kg.Kind(t)]
}

var linkKinds = map[kg.Kind]string{
	kg.KindJurisdiction: "NAMES", kg.KindPractice: "MENTIONS", kg.KindLaw: "CITES", kg.KindLawFirm: "RETAINS", kg.KindIndicator: "STATES",
}
