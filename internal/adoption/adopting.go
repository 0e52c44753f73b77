package adoption

import (
	"iter"

	"github.com/RoaringBitmap/roaring/v2"
)

// firstAdoption is a jurisdiction that adopts, with the first year in which it
// did, in the whole corpus.
type firstAdoption struct {
	jurisdiction uint32
	since        int
}

// adopting walks the jurisdictions numbered [lo, hi) that adopt a practice, or a
// variant of it, in one of the years (zero means open), ascending.
func (x *Index) adopting(practice, lo, hi uint32, from, to int) iter.Seq[firstAdoption] {
	return func(yield func(firstAdoption) bool) {
		last := firstAdoption{jurisdiction: noIssuer}
		inside := false
		// Reports come by issuer and year.
		for r := range x.reportsOf(x.implementing(practice), lo, hi) {
			j, year := x.issuer[r], x.year[r]
			if year == 0 {
				continue
			}
			if j != last.jurisdiction {
				if inside && !yield(last) {
					return
				}
				last, inside = firstAdoption{j, year}, false
			}
			inside = inside || inYears(year, from, to)
		}
		if inside {
			yield(last)
		}
	}
}

// implementing is the set of reports that stand behind a practice, or a variant
// of it, with StatusImplemented or more.
func (x *Index) implementing(practice uint32) *roaring.Bitmap {
	return x.implementers[x.entities[practice].ID]
}

// reportsOf walks the members of reports that jurisdictions numbered [lo, hi)
// issued.
func (x *Index) reportsOf(reports *roaring.Bitmap, lo, hi uint32) iter.Seq[uint32] {
	return between(reports, x.firstReport[lo], x.firstReport[hi])
}

// between walks the members of reports that lie in [from, to).
func between(reports *roaring.Bitmap, from, to uint32) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		it := reports.Iterator()
		it.AdvanceIfNeeded(from)
		for it.HasNext() {
			if r := it.Next(); r >= to || !yield(r) {
				return
			}
		}
	}
}
