package adoption

import (
	"cmp"
	"slices"

	"graphd/internal/kg"
)

// CoAdoptionQuery asks which practices are adopted by those that adopt one.
type CoAdoptionQuery struct {
	PracticeID string
	// Within restricts to this jurisdiction and those inside it; empty means
	// all.
	Within string
	// From and To are the first and the last year that count, inclusive; zero
	// means open.
	From, To int
}

// CoAdoption compares two practices, each with its variants, over the distinct
// jurisdictions that are observed in the years asked for: those with a report
// of their own, or a department's that adopts either. Adopting is to stand
// behind a practice with StatusImplemented or more in one of these years.
type CoAdoption struct {
	// PracticeID is the other practice.
	PracticeID string
	// Both adopt the two, OnlyThis the one asked about alone, OnlyOther the
	// other alone, Neither none of them: together they are the observed.
	Both, OnlyThis, OnlyOther, Neither int
	// Jaccard is Both over all that adopt either.
	Jaccard float64
	// Lift is how many times as many adopt both as would if the two were
	// independent: Both × observed / (adopters of this × adopters of other).
	Lift float64
	// ThisFirst and OtherFirst count those of Both whose first year of
	// adopting, in the whole corpus, is earlier for one than for the other.
	ThisFirst, OtherFirst int
	// Jurisdictions are those of Both, ascending.
	Jurisdictions []string
}

// CoAdoptions returns the practices that share an adopter with the one asked
// about, but for its variants and those it is a variant of, ordered by Jaccard
// descending, then Both descending, then practice ID.
func (x *Index) CoAdoptions(q CoAdoptionQuery) []CoAdoption {
	found := []CoAdoption{}
	this, ok := x.entityAt[q.PracticeID]
	if !ok {
		return found
	}
	lo, hi := x.region(q.Within)
	// Of jurisdictions in the region, by number from lo: the year of first
	// adopting, if they adopt in the years asked for.
	since := make([]int, hi-lo)
	adopters := 0
	for a := range x.adopting(this, lo, hi, q.From, q.To) {
		since[a.jurisdiction-lo] = a.since
		adopters++
	}
	observed := make([]bool, hi-lo)
	size := 0
	for j := range observed {
		observed[j] = since[j] != 0 || x.reportedBetween(lo+uint32(j), q.From, q.To)
		if observed[j] {
			size++
		}
	}
	related := x.kin(q.PracticeID)
	for other, e := range x.entities {
		if e.Kind != kg.KindPractice || related[e.ID] {
			continue
		}
		c := CoAdoption{PracticeID: e.ID}
		n := size
		for a := range x.adopting(uint32(other), lo, hi, q.From, q.To) {
			j := a.jurisdiction - lo
			if !observed[j] {
				n++
			}
			first := since[j]
			if first == 0 {
				c.OnlyOther++
				continue
			}
			c.Both++
			c.Jurisdictions = append(c.Jurisdictions, x.jurisdictionID(a.jurisdiction))
			if first < a.since {
				c.ThisFirst++
			} else if first > a.since {
				c.OtherFirst++
			}
		}
		if c.Both == 0 {
			continue
		}
		c.OnlyThis = adopters - c.Both
		c.Neither = n - c.Both - c.OnlyThis - c.OnlyOther
		c.Jaccard = float64(c.Both) / float64(c.Both+c.OnlyThis+c.OnlyOther)
		c.Lift = float64(c.Both) * float64(n) / (float64(adopters) * float64(c.Both+c.OnlyOther))
		slices.Sort(c.Jurisdictions)
		found = append(found, c)
	}
	slices.SortFunc(found, func(a, b CoAdoption) int {
		return cmp.Or(cmp.Compare(b.Jaccard, a.Jaccard), cmp.Compare(b.Both, a.Both), cmp.Compare(a.PracticeID, b.PracticeID))
	})
	return found
}

// kin is a practice, its variants, and the practices it is a variant of,
// directly or through others.
func (x *Index) kin(practiceID string) map[string]bool {
	kin := map[string]bool{}
	for id := practiceID; id != "" && !kin[id]; id = x.entities[x.entityAt[id]].VariantOf {
		kin[id] = true
	}
	for _, v := range x.Variants(practiceID) {
		kin[v] = true
	}
	return kin
}

// reportedBetween tells whether a jurisdiction has a report of its own, not a
// department's, of one of the years; zero means open.
func (x *Index) reportedBetween(j uint32, from, to int) bool {
	for r := x.firstReport[j]; r < x.firstReport[j+1]; r++ {
		if year := x.year[r]; year != 0 && x.department[r] == 0 && inYears(year, from, to) {
			return true
		}
	}
	return false
}
