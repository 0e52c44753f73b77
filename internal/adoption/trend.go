package adoption

import (
	"cmp"
	"math"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"graphd/internal/kg"
)

// TrendQuery asks which practices gained most from one year to another.
type TrendQuery struct {
	// Within and Level restrict as in SpreadQuery.
	Within string
	Level  kg.Level
	// From and To are the two years that are compared.
	From, To  int
	MinStatus kg.Status
}

// Trend is how the share of a practice, its variants counted as it, grew.
type Trend struct {
	PracticeID string
	// First and Last are the shares in the years From and To, counted as
	// SpreadYear counts them.
	First, Last Share
	// Gain is Last less First, as shares, with the bounds of its interval at
	// 95 %: Newcombe's hybrid score interval, which takes the two years for
	// independent samples and so is rather too wide where the same
	// jurisdictions reported in both. Source: R. G. Newcombe, "Interval
	// estimation for the difference between independent proportions",
	// Statistics in Medicine 17 (1998), 873-890, method 10.
	Gain, Low, High float64
	// NewAdopters are those first seen adopting after From and not after To,
	// ordered by Since, then jurisdiction ID.
	NewAdopters func() []Adoption
}

// Trending returns the practices whose share grew, ordered by Gain descending,
// then adopters in the year To descending, then practice ID. Where nothing is
// observed in one of the years there is nothing to compare, and none.
func (x *Index) Trending(q TrendQuery) []Trend {
	found := []Trend{}
	scope := x.scope(q.Within, q.Level)
	lo, hi := x.region(q.Within)
	years := [2]int{q.From, q.To}
	compared := roaring.Or(at(x.reportsFor, q.From), at(x.reportsFor, q.To))
	var reported [2]int
	for i, year := range years {
		reported[i] = int(at(x.reportedIn, year).AndCardinality(scope))
	}
	for _, e := range x.entities {
		if e.Kind != kg.KindPractice {
			continue
		}
		observed, adopting := reported, [2]int{}
		last := [2]uint32{noIssuer, noIssuer}
		for r := range x.reportsOf(roaring.And(x.standingBehind(e.ID, true, q.MinStatus), compared), lo, hi) {
			j := x.issuer[r]
			for i, year := range years {
				if x.year[r] != year || j == last[i] || !scope.Contains(j) {
					continue
				}
				last[i] = j
				adopting[i]++
				if !at(x.reportedIn, year).Contains(j) {
					observed[i]++ // by a department's report alone
				}
			}
		}
		if observed[0] == 0 || observed[1] == 0 {
			continue
		}
		t := Trend{PracticeID: e.ID, First: share(q.Within, adopting[0], observed[0]), Last: share(q.Within, adopting[1], observed[1])}
		if t.Gain = *t.Last.Share - *t.First.Share; t.Gain <= 0 {
			continue
		}
		t.Low = t.Gain - math.Hypot(*t.Last.Share-*t.Last.Low, *t.First.High-*t.First.Share)
		t.High = t.Gain + math.Hypot(*t.Last.High-*t.Last.Share, *t.First.Share-*t.First.Low)
		t.NewAdopters = func() []Adoption {
			return x.Adopters(SpreadQuery{
				PracticeID: e.ID, Within: q.Within, Level: q.Level, From: q.From + 1, To: q.To, MinStatus: q.MinStatus, IncludeVariants: true,
			})
		}
		found = append(found, t)
	}
	slices.SortFunc(found, func(a, b Trend) int {
		return cmp.Or(cmp.Compare(b.Gain, a.Gain), cmp.Compare(b.Last.Adopting, a.Last.Adopting), cmp.Compare(a.PracticeID, b.PracticeID))
	})
	return found
}

// share is the share of k in n of a region.
func share(region string, k, n int) Share {
	s := Share{RegionID: region, Observed: n, Adopting: k}
	s.Share, s.Low, s.High = wilson(k, n)
	return s
}
