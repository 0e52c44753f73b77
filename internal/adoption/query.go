package adoption

import (
	"cmp"
	"iter"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"graphd/internal/kg"
)

// RelationQuery asks which reports mention an entity.
type RelationQuery struct {
	EntityID string
	// Within restricts to reports issued by this jurisdiction or inside it.
	Within string
	// From and To restrict to reports of those years, inclusive; zero means
	// open. A report of unknown year is kept only if both are open.
	From, To int
	// MinStatus is the least status that counts; zero means any mention.
	MinStatus kg.Status
	// IncludeVariants counts a practice's variants as the practice.
	IncludeVariants bool
}

// Relation is a report that mentions an entity, with the strongest status it
// gives it (StatusNone for anything but a practice). IssuerID is empty and Year
// zero where unknown.
type Relation struct {
	ReportID string
	Year     int
	IssuerID string
	Status   kg.Status
	// Departmental tells that a department of the issuer reports.
	Departmental bool
}

// Reports returns the reports that mention an entity, departments' reports
// among them, ordered by year descending (unknown last), then report ID.
func (x *Index) Reports(q RelationQuery) []Relation {
	family := x.family(q.EntityID, q.IncludeVariants)
	relations := []Relation{}
	for r := range x.reportsIn(x.mentioning(family, q.MinStatus), q.Within) {
		year := x.year[r]
		if !inYears(year, q.From, q.To) {
			continue
		}
		relation := x.relation(r)
		relation.Status, _ = x.status(r, family, q.MinStatus)
		relations = append(relations, relation)
	}
	slices.SortFunc(relations, func(a, b Relation) int {
		return cmp.Or(cmp.Compare(b.Year, a.Year), cmp.Compare(a.ReportID, b.ReportID))
	})
	return relations
}

// reportsIn walks the members of reports that were issued within a region;
// all of them, those of unknown issuer too, if within is "".
func (x *Index) reportsIn(reports *roaring.Bitmap, within string) iter.Seq[uint32] {
	from, to := uint32(0), uint32(len(x.reportIDs))
	if within != "" {
		lo, hi := x.region(within)
		from, to = x.firstReport[lo], x.firstReport[hi]
	}
	return between(reports, from, to)
}

func inYears(year, from, to int) bool {
	if year == 0 {
		return from == 0 && to == 0
	}
	return year >= from && (to == 0 || year <= to)
}

// SpreadQuery asks where and when a practice was adopted.
type SpreadQuery struct {
	PracticeID string
	// Within restricts to this jurisdiction and those inside it, Level to
	// those of one level; empty means all.
	Within string
	Level  kg.Level
	// From and To are the first and the last year asked for, inclusive; zero
	// means the corpus's first and last.
	From, To int
	// MinStatus is the least status that counts as adopting; zero means any
	// mention.
	MinStatus kg.Status
	// IncludeVariants counts a practice's variants as the practice.
	IncludeVariants bool
}

// Adoption is one jurisdiction's adoption of a practice, as its own reports
// tell it. Reports of places inside it are theirs, not its.
type Adoption struct {
	JurisdictionID, PracticeID string
	// Since and LastSeen are the first and the last year with a report that
	// gives the practice at least the status asked for, in the whole corpus.
	Since, LastSeen int
	// FirstMentioned is the first year with a report that names the practice,
	// at whatever status; it is not after Since.
	FirstMentioned int
	// LeftCensored tells that the jurisdiction has no report before Since
	// (departments' aside), so that it may well have adopted earlier.
	LeftCensored bool
	// Status is the strongest that ReportIDs give.
	Status kg.Status
	// ReportIDs are the reports of year Since that adopt, ascending: the
	// evidence. PracticeIDs are the practice and the variants of it that they
	// adopt, ascending.
	ReportIDs   []string
	PracticeIDs []string
}

// Adopters returns the adoptions of a practice that began in the years asked
// for, ordered by Since, then jurisdiction ID.
func (x *Index) Adopters(q SpreadQuery) []Adoption {
	found := x.adopters(q, x.family(q.PracticeID, q.IncludeVariants))
	return slices.DeleteFunc(found, func(a Adoption) bool { return !inYears(a.Since, q.From, q.To) })
}

func (x *Index) adopters(q SpreadQuery, family []uint32) []Adoption {
	found := []Adoption{}
	adopting := x.standingBehind(q.PracticeID, q.IncludeVariants, q.MinStatus)
	last, mentioned := noIssuer, 0
	adopted := false // that the last issuer is among those found
	// Reports come by issuer, year and ID.
	for r := range x.reportsIn(x.mentioning(family, kg.StatusNone), q.Within) {
		j, year := x.issuer[r], x.year[r]
		if j == noIssuer || year == 0 || !x.atLevel(j, q.Level) {
			continue
		}
		if j != last {
			last, mentioned, adopted = j, year, false
		}
		if !adopting.Contains(r) {
			continue
		}
		if !adopted {
			adopted = true
			found = append(found, Adoption{
				JurisdictionID: x.jurisdictionID(j), PracticeID: q.PracticeID, Since: year, FirstMentioned: mentioned,
				LeftCensored: x.leftCensored(j, year), ReportIDs: []string{}, PracticeIDs: []string{},
			})
		}
		a := &found[len(found)-1]
		a.LastSeen = year
		if year == a.Since {
			status, ids := x.status(r, family, q.MinStatus)
			a.add(x.reportIDs[r], status, ids)
		}
	}
	slices.SortFunc(found, func(a, b Adoption) int {
		return cmp.Or(cmp.Compare(a.Since, b.Since), cmp.Compare(a.JurisdictionID, b.JurisdictionID))
	})
	return found
}

func (a *Adoption) add(reportID string, status kg.Status, practiceIDs []string) {
	a.Status = max(a.Status, status)
	a.ReportIDs = append(a.ReportIDs, reportID)
	a.PracticeIDs = append(a.PracticeIDs, practiceIDs...)
	slices.Sort(a.PracticeIDs)
	a.PracticeIDs = slices.Compact(a.PracticeIDs)
}

func (x *Index) leftCensored(j uint32, since int) bool {
	return x.firstObserved[j] == 0 || x.firstObserved[j] >= since
}

func (x *Index) atLevel(j uint32, level kg.Level) bool {
	return level == "" || x.entities[x.jurisdictions[j]].Level == level
}

// AdoptionsOf returns what a jurisdiction's own reports adopt with at least the
// status min, each practice by itself, ordered by Since, then practice ID.
func (x *Index) AdoptionsOf(jurisdictionID string, min kg.Status) []Adoption {
	j, ok := x.jurisdictionAt[jurisdictionID]
	if !ok {
		return []Adoption{}
	}
	byPractice := map[uint32]*Adoption{}
	mentioned := map[uint32]int{}
	for r := x.firstReport[j]; r < x.firstReport[j+1]; r++ {
		year := x.year[r]
		if year == 0 {
			continue
		}
		for e, status := range x.practicesOf(r) {
			if mentioned[e] == 0 {
				mentioned[e] = year
			}
			if status < min {
				continue
			}
			a, id := byPractice[e], x.entities[e].ID
			if a == nil {
				a = &Adoption{
					JurisdictionID: jurisdictionID, PracticeID: id, Since: year, FirstMentioned: mentioned[e], LeftCensored: x.leftCensored(j, year),
				}
				byPractice[e] = a
			}
			a.LastSeen = year
			if year == a.Since {
				a.add(x.reportIDs[r], status, []string{id})
			}
		}
	}
	found := []Adoption{}
	for _, a := range byPractice {
		found = append(found, *a)
	}
	slices.SortFunc(found, func(a, b Adoption) int {
		return cmp.Or(cmp.Compare(a.Since, b.Since), cmp.Compare(a.PracticeID, b.PracticeID))
	})
	return found
}

// Shared returns the IDs of the entities that both a and b name, ordered by
// kind, then ID. Each of them is a report, or a jurisdiction, which names what
// any of its own reports names. A practice counts from StatusImplemented on.
// An unknown ID names nothing.
func (x *Index) Shared(a, b string) []string {
	other := x.named(b)
	both := []string{}
	for e := range x.named(a) {
		if other[e] {
			both = append(both, x.entities[e].ID)
		}
	}
	kind := func(id string) kg.Kind { return x.entities[x.entityAt[id]].Kind }
	slices.SortFunc(both, func(a, b string) int { return cmp.Or(cmp.Compare(kind(a), kind(b)), cmp.Compare(a, b)) })
	return both
}

func (x *Index) named(id string) map[uint32]bool {
	var from, to uint32
	if r, ok := x.reportAt[id]; ok {
		from, to = r, r+1
	} else if j, ok := x.jurisdictionAt[id]; ok {
		from, to = x.firstReport[j], x.firstReport[j+1]
	}
	named := map[uint32]bool{}
	for r := from; r < to; r++ {
		for _, t := range x.termsOf(r) {
			if x.entities[t.entity()].Kind != kg.KindPractice || t.status() >= kg.StatusImplemented {
				named[t.entity()] = true
			}
		}
	}
	return named
}

// YearCount is the number of jurisdictions that have a report for a year.
type YearCount struct {
	Year, WithReport int
}

// Coverage counts, for each of Years, the jurisdictions in a region (and of a
// level; empty means all) that have a report of their own for the year; a
// department's report does not count.
func (x *Index) Coverage(within string, level kg.Level) []YearCount {
	scope := x.scope(within, level)
	counts := []YearCount{}
	for _, year := range x.years {
		n := 0
		if b := x.reportedIn[year]; b != nil {
			n = int(b.AndCardinality(scope))
		}
		counts = append(counts, YearCount{year, n})
	}
	return counts
}

// scope is the set of jurisdictions with some report of known year, in a
// region and of a level.
func (x *Index) scope(within string, level kg.Level) *roaring.Bitmap {
	from, to := x.region(within)
	scope := roaring.New()
	scope.AddRange(uint64(from), uint64(to))
	scope.And(x.universe)
	if level != "" {
		if b := x.levels[level]; b != nil {
			scope.And(b)
		} else {
			scope.Clear()
		}
	}
	return scope
}
