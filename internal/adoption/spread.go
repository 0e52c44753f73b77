package adoption

import (
	"math"

	"github.com/RoaringBitmap/roaring/v2"

	"graphd/internal/kg"
)

// SpreadYear counts distinct jurisdictions in one year.
//
// The jurisdictions asked about are those of the region (and level) that have
// some report of known year in the corpus. In a year, one is observed if it has
// a report of its own for it, or a department's that adopts; a department's
// report cannot show that its division is silent. One is adopting if a report
// gives the practice at least the status asked for, else mentionedOnly if a
// report names it, else silent.
// Observed = Adopting + MentionedOnly + Silent; the rest are NoReport.
type SpreadYear struct {
	Year                                                int
	Observed, Adopting, MentionedOnly, Silent, NoReport int
	// Cumulative counts those that adopted in this year or any before it,
	// years before the first one asked for included.
	Cumulative int
	// NewAdopters are those first seen adopting in this year, by jurisdiction
	// ID.
	NewAdopters []Adoption
}

// Share is the part of the observed that adopts, with its Wilson interval at
// 95 %; the three are nil where nothing is observed.
type Share struct {
	// RegionID is the jurisdiction inside which (itself included) was counted.
	RegionID           string
	Observed, Adopting int
	Share, Low, High   *float64
}

// LevelShare is the share among the jurisdictions of one level.
type LevelShare struct {
	Level              kg.Level
	Observed, Adopting int
	Share, Low, High   *float64
}

// Spread tells how a practice spread.
type Spread struct {
	// Timeline has every year asked for, ascending, those without any report
	// too; it is empty if the corpus is.
	Timeline []SpreadYear
	// FirstAdopters are the new adopters of all those years, ordered by
	// Since, then jurisdiction ID.
	FirstAdopters []Adoption
	// ByRegion has one share for each jurisdiction directly below the one
	// asked about (each province, if none was), ordered by ID; ByLevel one for
	// each level with jurisdictions asked about, from the top. Here one is
	// observed, or adopting, if it is so in any of the years.
	ByRegion []Share
	ByLevel  []LevelShare
}

// Spread tells how a practice spread over the years asked for. The caller
// bounds the years: the timeline is as long as From and To are apart.
func (x *Index) Spread(q SpreadQuery) Spread {
	family := x.family(q.PracticeID, q.IncludeVariants)
	scope := x.scope(q.Within, q.Level)
	adopting := x.byYear(x.standingBehind(q.PracticeID, q.IncludeVariants, q.MinStatus), scope)
	mentioning := x.byYear(x.mentioning(family, kg.StatusNone), scope)

	s := Spread{Timeline: []SpreadYear{}, FirstAdopters: x.Adopters(q), ByRegion: []Share{}, ByLevel: []LevelShare{}}
	newIn := map[int][]Adoption{}
	for _, a := range s.FirstAdopters {
		newIn[a.Since] = append(newIn[a.Since], a)
	}
	ever, observedEver, adoptingEver := roaring.New(), roaring.New(), roaring.New()
	from, to := x.window(q)
	for _, year := range x.years {
		if year < from {
			ever.Or(at(adopting, year))
		}
	}
	for year := from; year <= to && from != 0; year++ {
		reported := roaring.And(at(x.reportedIn, year), scope)
		adopts := at(adopting, year)
		observed := roaring.Or(reported, adopts)
		mentions := roaring.AndNot(roaring.And(at(mentioning, year), reported), adopts)
		ever.Or(adopts)
		observedEver.Or(observed)
		adoptingEver.Or(adopts)

		y := SpreadYear{
			Year: year, Observed: size(observed), Adopting: size(adopts), MentionedOnly: size(mentions),
			NoReport: size(scope) - size(observed), Cumulative: size(ever), NewAdopters: newIn[year],
		}
		y.Silent = y.Observed - y.Adopting - y.MentionedOnly
		if y.NewAdopters == nil {
			y.NewAdopters = []Adoption{}
		}
		s.Timeline = append(s.Timeline, y)
	}

	for _, id := range x.Children(q.Within) {
		lo, hi := x.region(id)
		n, k := sizeIn(observedEver, lo, hi), sizeIn(adoptingEver, lo, hi)
		share := Share{RegionID: id, Observed: n, Adopting: k}
		share.Share, share.Low, share.High = wilson(k, n)
		s.ByRegion = append(s.ByRegion, share)
	}
	for _, level := range []kg.Level{kg.LevelProvince, kg.LevelPrefecture, kg.LevelCounty, kg.LevelTownship, kg.LevelVillage} {
		b := x.levels[level]
		if b == nil || !b.Intersects(scope) {
			continue
		}
		n, k := int(b.AndCardinality(observedEver)), int(b.AndCardinality(adoptingEver))
		share := LevelShare{Level: level, Observed: n, Adopting: k}
		share.Share, share.Low, share.High = wilson(k, n)
		s.ByLevel = append(s.ByLevel, share)
	}
	return s
}

// window is the first and the last year of the answer; 0, 0 if there is none.
func (x *Index) window(q SpreadQuery) (from, to int) {
	from, to = q.From, q.To
	if len(x.years) > 0 {
		if from == 0 {
			from = x.years[0]
		}
		if to == 0 {
			to = x.years[len(x.years)-1]
		}
	}
	return from, to
}

// byYear turns reports into the jurisdictions in scope that issued them, by
// year.
func (x *Index) byYear(reports, scope *roaring.Bitmap) map[int]*roaring.Bitmap {
	byYear := map[int]*roaring.Bitmap{}
	if scope.IsEmpty() {
		return byYear
	}
	// Issuers come in order, so those of a year do.
	issuers := map[int][]uint32{}
	from, to := x.firstReport[scope.Minimum()], x.firstReport[scope.Maximum()+1]
	for r := range between(reports, from, to) {
		if year, j := x.year[r], x.issuer[r]; year != 0 && scope.Contains(j) {
			issuers[year] = append(issuers[year], j)
		}
	}
	for year, list := range issuers {
		byYear[year] = roaring.BitmapOf(list...)
	}
	return byYear
}

var none = roaring.New()

func at(byYear map[int]*roaring.Bitmap, year int) *roaring.Bitmap {
	if b := byYear[year]; b != nil {
		return b
	}
	return none
}

func size(b *roaring.Bitmap) int { return int(b.GetCardinality()) }

// sizeIn counts the members in [from, to).
func sizeIn(b *roaring.Bitmap, from, to uint32) int {
	return int(b.CardinalityInRange(uint64(from), uint64(to)))
}

// wilson is the share k/n with the bounds of its score interval at 95 %, all
// nil if n is 0. Source: E. B. Wilson, "Probable Inference, the Law of
// Succession, and Statistical Inference", Journal of the American Statistical
// Association 22 (1927), 209-212.
func wilson(k, n int) (share, low, high *float64) {
	if n == 0 {
		return nil, nil, nil
	}
	const z = 1.959963984540054 // the standard normal's 97.5th percentile
	p, m := float64(k)/float64(n), float64(n)
	centre := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z * math.Sqrt(p*(1-p)/m+z*z/(4*m*m)) / (1 + z*z/m)
	// At k = 0 and k = n a bound is exactly 0 or 1; rounding must not say else.
	lo, hi := centre-half, centre+half
	if k == 0 {
		lo = 0
	}
	if k == n {
		hi = 1
	}
	return &p, &lo, &hi
}
