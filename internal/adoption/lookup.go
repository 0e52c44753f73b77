package adoption

import (
	"cmp"
	"slices"
)

// Report returns a report's year and issuer as a relation without status; ok
// is false if there is no such report.
func (x *Index) Report(id string) (rel Relation, ok bool) {
	r, ok := x.reportAt[id]
	if !ok {
		return Relation{}, false
	}
	return x.relation(r), true
}

// Issued returns the reports that a jurisdiction itself issued, its
// departments' among them, ordered by year descending (unknown last), then
// report ID.
func (x *Index) Issued(jurisdictionID string) []Relation {
	relations := []Relation{}
	if j, ok := x.jurisdictionAt[jurisdictionID]; ok {
		for r := x.firstReport[j]; r < x.firstReport[j+1]; r++ {
			relations = append(relations, x.relation(r))
		}
	}
	slices.SortFunc(relations, func(a, b Relation) int {
		return cmp.Or(cmp.Compare(b.Year, a.Year), cmp.Compare(a.ReportID, b.ReportID))
	})
	return relations
}

func (x *Index) relation(r uint32) Relation {
	rel := Relation{ReportID: x.reportIDs[r], Year: x.year[r], Departmental: x.department[r] != 0}
	if j := x.issuer[r]; j != noIssuer {
		rel.IssuerID = x.jurisdictionID(j)
	}
	return rel
}
