package adoption

import (
	"cmp"
	"slices"
)

// Succession is that one jurisdiction adopted a practice in an earlier year
// than another near it. It tells the order of time and no cause.
type Succession struct {
	FromID, ToID     string
	FromYear, ToYear int
	// Vertical tells that From is above To in the tree; else both are directly
	// below the same jurisdiction.
	Vertical bool
	// FromReports and ToReports adopt in FromYear and ToYear, ascending;
	// FromPractices and ToPractices are what they adopt: the practice or
	// variants of it.
	FromReports, ToReports     []string
	FromPractices, ToPractices []string
}

// Order is in what order of time the adopters of a practice follow one another.
type Order struct {
	// Successions lead to each adopter asked about whose beginning is known
	// (it is not LeftCensored): from the nearest jurisdiction above it that
	// adopted in an earlier year, and, of those beside it, from the ones of the
	// latest earlier year. They are ordered by ToYear, ToID, Vertical first,
	// FromID. Where they lead from need not be inside the region or of the
	// level asked about.
	Successions []Succession
	// Vertical is the share of adopters of known beginning that follow someone
	// above them, Horizontal that of those that follow someone beside them;
	// one may follow both.
	Vertical, Horizontal Share
}

// Order tells who followed whom.
func (x *Index) Order(q SpreadQuery) Order {
	everywhere := q
	everywhere.Within, everywhere.Level = "", ""
	all := x.adopters(everywhere, x.family(q.PracticeID, q.IncludeVariants))
	adoptionOf := make(map[string]Adoption, len(all))
	beside := map[string][]Adoption{} // by parent, by year, then ID
	for _, a := range all {
		adoptionOf[a.JurisdictionID] = a
		parent := x.parent(a.JurisdictionID)
		beside[parent] = append(beside[parent], a)
	}
	o := Order{Successions: []Succession{}}
	known, vertical, horizontal := 0, 0, 0
	for _, a := range x.Adopters(q) {
		if a.LeftCensored {
			continue
		}
		known++
		for above := x.parent(a.JurisdictionID); above != ""; above = x.parent(above) {
			if b, ok := adoptionOf[above]; ok && b.Since < a.Since {
				o.Successions = append(o.Successions, succession(b, a, true))
				vertical++
				break
			}
		}
		earlier := beside[x.parent(a.JurisdictionID)]
		earlier = earlier[:firstFrom(earlier, a.Since)]
		if len(earlier) == 0 {
			continue
		}
		horizontal++
		for _, b := range earlier[firstFrom(earlier, earlier[len(earlier)-1].Since):] {
			o.Successions = append(o.Successions, succession(b, a, false))
		}
	}
	o.Vertical, o.Horizontal = share(q.Within, vertical, known), share(q.Within, horizontal, known)
	slices.SortStableFunc(o.Successions, func(a, b Succession) int {
		return cmp.Or(cmp.Compare(a.ToYear, b.ToYear), cmp.Compare(a.ToID, b.ToID))
	})
	return o
}

// firstFrom is the number of adoptions, which are ordered by Since, before the
// first of a year or later.
func firstFrom(adoptions []Adoption, year int) int {
	n, _ := slices.BinarySearchFunc(adoptions, year, func(a Adoption, year int) int { return cmp.Compare(a.Since, year) })
	return n
}

func succession(from, to Adoption, vertical bool) Succession {
	return Succession{
		FromID: from.JurisdictionID, ToID: to.JurisdictionID, FromYear: from.Since, ToYear: to.Since, Vertical: vertical,
		FromReports: from.ReportIDs, ToReports: to.ReportIDs, FromPractices: from.PracticeIDs, ToPractices: to.PracticeIDs,
	}
}

// parent is the ID of the jurisdiction right above; empty for a province.
func (x *Index) parent(jurisdictionID string) string {
	return x.entities[x.entityAt[jurisdictionID]].ParentID
}
