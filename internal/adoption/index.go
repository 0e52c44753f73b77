// Package adoption answers what spread where and when: which jurisdictions
// adopted a practice, since which year, how many were observed and how many
// were silent, what two of them share. It holds the whole graph as posting
// lists in memory (one compressed bitmap an entity and status over reports,
// columns for year and issuer), so a question costs what its answer is made
// of. It is not a store: it keeps no text and no quotes, forgets nothing it was
// given and never changes after it was built.
package adoption

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"graphd/internal/kg"
	"graphd/internal/store"
)

// noIssuer stands in the issuer column for a report whose issuer is unknown.
// It sorts behind every jurisdiction.
const noIssuer = ^uint32(0)

// Index is the graph as of one revision of a store. It is immutable and safe
// for concurrent use; what it returns belongs to the caller, save entities,
// whose slices must not be changed.
//
// Jurisdictions are numbered in tree order, so that a region is a range of
// numbers, and reports by issuer, year and ID, so that a region is a range of
// reports too, with the reports of unknown issuer last.
type Index struct {
	mark  store.Mark
	years []int

	entities   []kg.Entity // ordered by ID
	entityAt   map[string]uint32
	known      []bool // by entity: see know
	countOf    map[kg.Kind]int
	variants   map[string][]string // practice ID to the IDs of its direct variants, ascending
	children   map[string][]uint32 // jurisdiction ID to its children, ascending; "" to those without parent
	reportedIn map[int]*roaring.Bitmap

	// Of jurisdictions, by their number.
	jurisdictions  []uint32 // as entity
	jurisdictionAt map[string]uint32
	firstReport    []uint32 // its first report; one element more than there are jurisdictions
	firstObserved  []int    // year of its first report that is not a department's; 0 if none
	universe       *roaring.Bitmap
	levels         map[kg.Level]*roaring.Bitmap

	// Of reports, by their number.
	reportIDs  []string
	reportAt   map[string]uint32
	reportsFor map[int]*roaring.Bitmap // by year, those of known year
	year       []int
	issuer     []uint32
	department []uint32 // as department name; 0 for the government itself
	firstTerm  []uint32 // one element more than there are reports
	terms      []term
	// departments are names, the first one empty.
	departments []string

	// Of what similarity looks at: by entity, how many jurisdictions name it;
	// by jurisdiction, the rarities of what it names together. reporting counts
	// the jurisdictions with a report.
	// implementers has, for each practice, the reports that stand behind it or a
	// variant of it with StatusImplemented or more: what is asked most.
	implementers map[string]*roaring.Bitmap

	namers    []uint32
	weight    []float64
	reporting int

	// postings has, for each entity, the reports that mention it, by the
	// strongest status they give it.
	postings [][kg.StatusHonoured + 1]*roaring.Bitmap
}

// term is an entity mentioned in a report: its number, and in the last three
// bits the strongest status.
type term uint32

const statusBits = 3

func newTerm(entity uint32, status kg.Status) term { return term(entity<<statusBits | uint32(status)) }

func (t term) entity() uint32    { return uint32(t >> statusBits) }
func (t term) status() kg.Status { return kg.Status(t & (1<<statusBits - 1)) }

// Build indexes the postings of a store. They must keep what store.Postings
// promises: an entity that a report refers to and that is not listed is a
// fault of the store, and Build panics.
func Build(p *store.Postings) *Index {
	x := newIndex(p)
	rows := make([]row, 0, len(p.Reports))
	for _, r := range p.Reports {
		rows = append(rows, x.row(r))
	}
	return x.build(rows)
}

// Update is the index that Build would make of all postings, made of x and what
// changed after its Mark. x stays as it is.
func (x *Index) Update(d *store.Delta) *Index {
	if d.Whole {
		return Build(&d.Postings)
	}
	y := newIndex(&d.Postings)
	replaced := map[string]bool{}
	for _, id := range d.Gone {
		replaced[id] = true
	}
	rows := make([]row, 0, len(x.reportIDs)+len(d.Reports))
	for _, r := range d.Reports {
		replaced[r.ReportID] = true
		rows = append(rows, y.row(r))
	}
	// What an entity of x is numbered in y; one that went is in no report left.
	now := make([]uint32, len(x.entities))
	for e := range x.entities {
		now[e] = y.entityAt[x.entities[e].ID]
	}
	for r, id := range x.reportIDs {
		if replaced[id] {
			continue
		}
		kept := row{id: id, issuer: noIssuer, year: x.year[r], department: x.departments[x.department[r]], terms: make([]term, 0, len(x.termsOf(uint32(r))))}
		if j := x.issuer[r]; j != noIssuer {
			kept.issuer = mustFind(y.jurisdictionAt, x.jurisdictionID(j))
		}
		for _, t := range x.termsOf(uint32(r)) {
			kept.terms = append(kept.terms, newTerm(now[t.entity()], t.status()))
		}
		rows = append(rows, kept)
	}
	return y.build(rows)
}

// row is a report on its way into an index; its terms are in the order of
// entities.
type row struct {
	id, department string
	issuer         uint32
	year           int
	terms          []term
}

func (x *Index) row(p store.Posting) row {
	r := row{id: p.ReportID, issuer: noIssuer, year: p.Year, department: p.Department, terms: make([]term, 0, len(p.Terms))}
	if p.IssuerID != "" {
		r.issuer = mustFind(x.jurisdictionAt, p.IssuerID)
	}
	for _, t := range p.Terms {
		r.terms = append(r.terms, newTerm(mustFind(x.entityAt, t.EntityID), t.Status))
	}
	return r
}

// newIndex knows the entities, and no report yet.
func newIndex(p *store.Postings) *Index {
	x := &Index{
		mark:     p.Mark,
		entities: p.Entities,
		entityAt: make(map[string]uint32, len(p.Entities)),
		variants: map[string][]string{},
		postings: make([][kg.StatusHonoured + 1]*roaring.Bitmap, len(p.Entities)),
	}
	for i, e := range x.entities {
		x.entityAt[e.ID] = uint32(i)
		if e.VariantOf != "" {
			x.variants[e.VariantOf] = append(x.variants[e.VariantOf], e.ID)
		}
	}
	x.numberJurisdictions()
	return x
}

func (x *Index) build(rows []row) *Index {
	x.numberReports(rows)
	x.know()
	x.observe()
	x.weigh()
	x.implementers = map[string]*roaring.Bitmap{}
	for _, e := range x.entities {
		if e.Kind == kg.KindPractice {
			x.implementers[e.ID] = x.mentioning(x.family(e.ID, true), kg.StatusImplemented)
		}
	}
	for _, byStatus := range x.postings {
		for _, b := range byStatus {
			if b != nil {
				b.RunOptimize()
			}
		}
	}
	return x
}

// treeKey orders jurisdiction IDs so that a division is directly followed by
// all that lie within it. The separator must sort before anything a name can
// hold.
func treeKey(id string) string { return strings.ReplaceAll(id, "/", "\x00") }

func (x *Index) numberJurisdictions() {
	for i, e := range x.entities {
		if e.Kind == kg.KindJurisdiction {
			x.jurisdictions = append(x.jurisdictions, uint32(i))
		}
	}
	slices.SortFunc(x.jurisdictions, func(a, b uint32) int {
		return cmp.Compare(treeKey(x.entities[a].ID), treeKey(x.entities[b].ID))
	})
	x.jurisdictionAt = make(map[string]uint32, len(x.jurisdictions))
	x.children = map[string][]uint32{}
	x.levels = map[kg.Level]*roaring.Bitmap{}
	for j, i := range x.jurisdictions {
		e := x.entities[i]
		x.jurisdictionAt[e.ID] = uint32(j)
		x.children[e.ParentID] = append(x.children[e.ParentID], uint32(j))
		if x.levels[e.Level] == nil {
			x.levels[e.Level] = roaring.New()
		}
		x.levels[e.Level].Add(uint32(j))
	}
}

func (x *Index) numberReports(rows []row) {
	slices.SortFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.issuer, b.issuer), cmp.Compare(a.year, b.year), cmp.Compare(a.id, b.id))
	})
	n := 0
	for _, r := range rows {
		n += len(r.terms)
	}
	x.terms = make([]term, 0, n)
	x.reportAt = make(map[string]uint32, len(rows))
	x.reportsFor = map[int]*roaring.Bitmap{}
	x.departments = []string{""}
	departments := map[string]uint32{"": 0}
	for i, r := range rows {
		x.reportIDs = append(x.reportIDs, r.id)
		x.reportAt[r.id] = uint32(i)
		x.year = append(x.year, r.year)
		x.issuer = append(x.issuer, r.issuer)
		if _, ok := departments[r.department]; !ok {
			departments[r.department] = uint32(len(departments))
			x.departments = append(x.departments, r.department)
		}
		x.department = append(x.department, departments[r.department])
		x.firstTerm = append(x.firstTerm, uint32(len(x.terms)))
		x.terms = append(x.terms, r.terms...)
		for _, t := range r.terms {
			b := &x.postings[t.entity()][t.status()]
			if *b == nil {
				*b = roaring.New()
			}
			(*b).Add(uint32(i))
		}
		if r.year != 0 {
			if x.reportsFor[r.year] == nil {
				x.reportsFor[r.year] = roaring.New()
				x.years = append(x.years, r.year)
			}
			x.reportsFor[r.year].Add(uint32(i))
		}
	}
	x.firstTerm = append(x.firstTerm, uint32(len(x.terms)))
	slices.Sort(x.years)
}

// know notes which entities reports name or have as issuers, and what those
// refer to. Of the others a report says only that it may mean them.
func (x *Index) know() {
	x.known = make([]bool, len(x.entities))
	x.countOf = map[kg.Kind]int{}
	var know func(i uint32)
	know = func(i uint32) {
		if x.known[i] {
			return
		}
		x.known[i] = true
		x.countOf[x.entities[i].Kind]++
		for _, id := range x.entities[i].References() {
			know(mustFind(x.entityAt, id))
		}
	}
	for _, t := range x.terms {
		know(t.entity())
	}
	for _, j := range x.issuer {
		if j != noIssuer {
			know(x.jurisdictions[j])
		}
	}
}

// observe notes who reported when. A department's report makes its division
// one that has reports, but does not show what the division keeps silent about.
func (x *Index) observe() {
	x.universe = roaring.New()
	x.reportedIn = map[int]*roaring.Bitmap{}
	x.firstObserved = make([]int, len(x.jurisdictions))
	for j := range uint32(len(x.jurisdictions)) {
		x.firstReport = append(x.firstReport, uint32(sort.Search(len(x.issuer), func(r int) bool { return x.issuer[r] >= j })))
	}
	x.firstReport = append(x.firstReport, uint32(sort.Search(len(x.issuer), func(r int) bool { return x.issuer[r] == noIssuer })))
	for r, j := range x.issuer {
		year := x.year[r]
		if j == noIssuer || year == 0 {
			continue
		}
		x.universe.Add(j)
		if x.department[r] != 0 {
			continue
		}
		if x.reportedIn[year] == nil {
			x.reportedIn[year] = roaring.New()
		}
		x.reportedIn[year].Add(j)
		if x.firstObserved[j] == 0 { // reports of an issuer come by year
			x.firstObserved[j] = year
		}
	}
}

func mustFind(at map[string]uint32, id string) uint32 {
	n, ok := at[id]
	if !ok {
		panic(fmt.Sprintf("adoption: the store's postings refer to %q and do not list it", id))
	}
	return n
}

// Revision is the store's revision that the index shows.
func (x *Index) Revision() int64 { return x.mark.Revision }

// ReportCount is the number of reports, whatever is known about them.
func (x *Index) ReportCount() int { return len(x.reportIDs) }

// Years are the years reported on, ascending, without gaps filled. Reports of
// unknown year are left out.
func (x *Index) Years() []int { return slices.Clone(x.years) }

// CountOf is the number of entities of a kind that reports name, or that issued
// one, and of those that such refer to.
func (x *Index) CountOf(k kg.Kind) int { return x.countOf[k] }

// IDsOf lists the entities that CountOf counts, ascending.
func (x *Index) IDsOf(k kg.Kind) []string {
	ids := []string{}
	for i, e := range x.entities {
		if e.Kind == k && x.known[i] {
			ids = append(ids, e.ID)
		}
	}
	return ids
}

// Entity returns the entity with the given ID; ok is false if there is none.
func (x *Index) Entity(id string) (e kg.Entity, ok bool) {
	i, ok := x.entityAt[id]
	if !ok {
		return kg.Entity{}, false
	}
	return x.entities[i], true
}

// Children returns the IDs of the jurisdictions directly below the given one,
// ascending, of those that CountOf counts; of "", those without a parent.
func (x *Index) Children(jurisdictionID string) []string {
	ids := []string{}
	for _, j := range x.children[jurisdictionID] {
		if x.known[x.jurisdictions[j]] {
			ids = append(ids, x.jurisdictionID(j))
		}
	}
	slices.Sort(ids)
	return ids
}

// Variants returns the IDs of all practices that are variants of the given
// one, directly or through others, ascending and without itself.
func (x *Index) Variants(practiceID string) []string {
	seen := map[string]bool{practiceID: true}
	all := []string{}
	for queue := []string{practiceID}; len(queue) > 0; queue = queue[1:] {
		for _, v := range x.variants[queue[0]] {
			if !seen[v] {
				seen[v] = true
				all = append(all, v)
				queue = append(queue, v)
			}
		}
	}
	slices.Sort(all)
	return all
}

// Terms returns what a report mentions, ordered by entity ID; nil for an
// unknown report.
func (x *Index) Terms(reportID string) []store.Term {
	r, ok := x.reportAt[reportID]
	if !ok {
		return nil
	}
	terms := []store.Term{}
	for _, t := range x.termsOf(r) {
		terms = append(terms, store.Term{EntityID: x.entities[t.entity()].ID, Status: t.status()})
	}
	return terms
}

func (x *Index) termsOf(r uint32) []term { return x.terms[x.firstTerm[r]:x.firstTerm[r+1]] }

func (x *Index) jurisdictionID(j uint32) string { return x.entities[x.jurisdictions[j]].ID }

// region is the range of numbers of the jurisdictions that are id or lie
// inside it; all of them for "".
func (x *Index) region(id string) (from, to uint32) {
	n := len(x.jurisdictions)
	if id == "" {
		return 0, uint32(n)
	}
	key := treeKey(id)
	lo := sort.Search(n, func(j int) bool { return treeKey(x.jurisdictionID(uint32(j))) >= key })
	hi := lo + sort.Search(n-lo, func(d int) bool { return !kg.Within(x.jurisdictionID(uint32(lo+d)), id) })
	return uint32(lo), uint32(hi)
}

// family is the entity alone or with its variants.
func (x *Index) family(id string, variants bool) []uint32 {
	ids := []string{id}
	if variants {
		ids = append(ids, x.Variants(id)...)
	}
	var family []uint32
	for _, id := range ids {
		if e, ok := x.entityAt[id]; ok {
			family = append(family, e)
		}
	}
	return family
}

// mentioning is the set of reports that give one of the entities at least the
// status min. It must not be changed.
func (x *Index) mentioning(entities []uint32, min kg.Status) *roaring.Bitmap {
	var sets []*roaring.Bitmap
	for _, e := range entities {
		for s := min; int(s) < len(x.postings[e]); s++ {
			if b := x.postings[e][s]; b != nil {
				sets = append(sets, b)
			}
		}
	}
	if len(sets) == 1 {
		return sets[0]
	}
	return roaring.FastOr(sets...)
}

// standingBehind is the set of reports that give a practice, or with variants
// one of its family, at least the status min. It must not be changed.
func (x *Index) standingBehind(practiceID string, variants bool, min kg.Status) *roaring.Bitmap {
	if b, ok := x.implementers[practiceID]; ok && variants && min == kg.StatusImplemented {
		return b
	}
	return x.mentioning(x.family(practiceID, variants), min)
}

// status is the strongest status that report r gives one of the entities, and
// the IDs of those that have at least min there, ascending.
func (x *Index) status(r uint32, entities []uint32, min kg.Status) (best kg.Status, ids []string) {
	for _, e := range entities {
		for s := kg.StatusHonoured; ; s-- {
			if b := x.postings[e][s]; b != nil && s >= min && b.Contains(r) {
				best = max(best, s)
				ids = append(ids, x.entities[e].ID)
				break
			}
			if s == kg.StatusNone {
				break
			}
		}
	}
	slices.Sort(ids)
	return best, ids
}
