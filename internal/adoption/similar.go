package adoption

import (
	"cmp"
	"math"
	"slices"

	"graphd/internal/kg"
)

// Similarity is how much of what two jurisdictions name they have in common.
type Similarity struct {
	JurisdictionID string
	// Score is the weighted Jaccard index, in (0, 1]: the rarities of what both
	// name, over those of what either names.
	Score float64
	// Shared is what both name, the rarest first, then by ID.
	Shared []Rarity
}

// Rarity says how rare an entity is among jurisdictions.
type Rarity struct {
	EntityID string
	// Jurisdictions is how many name it in reports of their own or their
	// departments'.
	Jurisdictions int
	// Rarity is ln(N/Jurisdictions)/ln(N), where N is the number of
	// jurisdictions with a report: 1 for what one alone names, 0 for what all
	// do.
	Rarity float64
}

// compared tells whether similarity looks at a term: practices from
// StatusImplemented on, laws and law firms.
func (x *Index) compared(t term) bool {
	switch x.entities[t.entity()].Kind {
	case kg.KindPractice:
		return t.status() >= kg.StatusImplemented
	case kg.KindLaw, kg.KindLawFirm:
		return true
	}
	return false
}

// comparedBy is what a jurisdiction names of that, ascending by number.
func (x *Index) comparedBy(j uint32) []uint32 {
	var named []uint32
	for r := x.firstReport[j]; r < x.firstReport[j+1]; r++ {
		for _, t := range x.termsOf(r) {
			if x.compared(t) {
				named = append(named, t.entity())
			}
		}
	}
	slices.Sort(named)
	return slices.Compact(named)
}

// weigh counts, for each entity, the jurisdictions that name it, and sums up,
// for each jurisdiction, the rarities of what it names.
func (x *Index) weigh() {
	x.namers = make([]uint32, len(x.entities))
	reporting := 0
	for j := range uint32(len(x.jurisdictions)) {
		if x.firstReport[j] < x.firstReport[j+1] {
			reporting++
		}
		for _, e := range x.comparedBy(j) {
			x.namers[e]++
		}
	}
	x.reporting = reporting
	x.weight = make([]float64, len(x.jurisdictions))
	for j := range uint32(len(x.jurisdictions)) {
		for _, e := range x.comparedBy(j) {
			x.weight[j] += x.rarity(e)
		}
	}
}

func (x *Index) rarity(e uint32) float64 {
	if x.reporting < 2 {
		return 0
	}
	return math.Log(float64(x.reporting)/float64(x.namers[e])) / math.Log(float64(x.reporting))
}

// SimilarTo returns the first jurisdictions that share with the given one
// anything that not all name, ordered by Score descending, then jurisdiction
// ID. Practices count from StatusImplemented on.
func (x *Index) SimilarTo(jurisdictionID string, first int) []Similarity {
	found := []Similarity{}
	self, ok := x.jurisdictionAt[jurisdictionID]
	if !ok {
		return found
	}
	common := make([]float64, len(x.jurisdictions))
	var touched []uint32
	for _, e := range x.comparedBy(self) {
		rarity := x.rarity(e)
		if rarity == 0 {
			continue
		}
		for j := range x.naming(e) {
			if j == self {
				continue
			}
			if common[j] == 0 {
				touched = append(touched, j)
			}
			common[j] += rarity
		}
	}
	for _, j := range touched {
		score := min(common[j]/(x.weight[self]+x.weight[j]-common[j]), 1)
		found = append(found, Similarity{JurisdictionID: x.jurisdictionID(j), Score: score})
	}
	slices.SortFunc(found, func(a, b Similarity) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.JurisdictionID, b.JurisdictionID))
	})
	found = found[:min(first, len(found))]
	for i, s := range found {
		found[i].Shared = x.Rarities(x.common(self, x.jurisdictionAt[s.JurisdictionID]))
	}
	return found
}

// naming walks the jurisdictions that name an entity that similarity looks at,
// ascending.
func (x *Index) naming(e uint32) func(func(uint32) bool) {
	min := kg.StatusNone
	if x.entities[e].Kind == kg.KindPractice {
		min = kg.StatusImplemented
	}
	return func(yield func(uint32) bool) {
		last := noIssuer
		for r := range x.reportsOf(x.mentioning([]uint32{e}, min), 0, uint32(len(x.jurisdictions))) {
			if j := x.issuer[r]; j != last {
				if last = j; !yield(j) {
					return
				}
			}
		}
	}
}

func (x *Index) common(a, b uint32) []string {
	ids := []string{}
	theirs := x.comparedBy(b)
	for _, e := range x.comparedBy(a) {
		if _, ok := slices.BinarySearch(theirs, e); ok {
			ids = append(ids, x.entities[e].ID)
		}
	}
	return ids
}

// Rarities tells how rare practices, laws and law firms are, the rarest first,
// then by ID. Unknown IDs, and entities that no jurisdiction names, are left
// out.
func (x *Index) Rarities(ids []string) []Rarity {
	rarities := []Rarity{}
	for _, id := range ids {
		if e, ok := x.entityAt[id]; ok && x.namers[e] > 0 {
			rarities = append(rarities, Rarity{EntityID: id, Jurisdictions: int(x.namers[e]), Rarity: x.rarity(e)})
		}
	}
	slices.SortFunc(rarities, func(a, b Rarity) int {
		return cmp.Or(cmp.Compare(a.Jurisdictions, b.Jurisdictions), cmp.Compare(a.EntityID, b.EntityID))
	})
	return rarities
}
