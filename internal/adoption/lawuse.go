package adoption

import (
	"cmp"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"graphd/internal/kg"
)

// UseQuery asks which laws, or law firms, reports name.
type UseQuery struct {
	// Within restricts to reports issued by this jurisdiction or inside it;
	// empty means all, those of unknown issuer too.
	Within string
	// From and To restrict to reports of those years, inclusive; zero means
	// open. A report of unknown year is kept only if both are open.
	From, To int
}

// LawUse is how often a law is cited.
type LawUse struct {
	LawID string
	// ReportIDs are the reports that cite it, by issuer, year and ID.
	ReportIDs []string
	// Jurisdictions counts the distinct issuers of these reports.
	Jurisdictions int
	// SupersededIDs are those of ReportIDs in whose year no version of the law
	// was in force. A report of unknown year, and a law of unknown versions,
	// are none of them.
	SupersededIDs []string
}

// LawUses returns the first laws that the reports asked for cite, ordered by the
// number of reports descending, then law ID.
func (x *Index) LawUses(q UseQuery, first int) []LawUse {
	type use struct {
		law     uint32
		reports uint64
	}
	var used []use
	asked := x.asked(q)
	for i, e := range x.entities {
		if e.Kind != kg.KindLaw {
			continue
		}
		if n := x.mentioning([]uint32{uint32(i)}, kg.StatusNone).AndCardinality(asked); n > 0 {
			used = append(used, use{uint32(i), n})
		}
	}
	slices.SortFunc(used, func(a, b use) int {
		return cmp.Or(cmp.Compare(b.reports, a.reports), cmp.Compare(x.entities[a.law].ID, x.entities[b.law].ID))
	})
	found := []LawUse{}
	for _, u := range used[:min(first, len(used))] {
		found = append(found, x.lawUse(q, u.law))
	}
	return found
}

// asked is the set of reports that a question is about.
func (x *Index) asked(q UseQuery) *roaring.Bitmap {
	from, to := uint32(0), uint32(len(x.reportIDs))
	if q.Within != "" {
		lo, hi := x.region(q.Within)
		from, to = x.firstReport[lo], x.firstReport[hi]
	}
	asked := roaring.New()
	asked.AddRange(uint64(from), uint64(to))
	if q.From != 0 || q.To != 0 {
		var years []*roaring.Bitmap
		for year, reports := range x.reportsFor {
			if inYears(year, q.From, q.To) {
				years = append(years, reports)
			}
		}
		asked.And(roaring.FastOr(years...))
	}
	return asked
}

func (x *Index) lawUse(q UseQuery, law uint32) LawUse {
	e := x.entities[law]
	u := LawUse{LawID: e.ID}
	last := noIssuer
	superseded := map[int]bool{} // by year
	for r := range x.reportsIn(x.mentioning([]uint32{law}, kg.StatusNone), q.Within) {
		year := x.year[r]
		if !inYears(year, q.From, q.To) {
			continue
		}
		u.ReportIDs = append(u.ReportIDs, x.reportIDs[r])
		if j := x.issuer[r]; j != noIssuer && j != last {
			last = j
			u.Jurisdictions++
		}
		if _, asked := superseded[year]; !asked {
			inForce, known := e.InForce(year)
			superseded[year] = known && !inForce
		}
		if superseded[year] {
			u.SupersededIDs = append(u.SupersededIDs, x.reportIDs[r])
		}
	}
	return u
}
