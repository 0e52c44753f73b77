package adoption

import (
	"cmp"
	"maps"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"graphd/internal/kg"
)

// FirmUse is whom a law firm serves.
type FirmUse struct {
	FirmID string
	// Clients are the jurisdictions whose reports name it, ascending; a report
	// of unknown issuer has none.
	Clients []string
	// Years are the years of these reports, ascending.
	Years []int
	// ReportIDs are these reports, by issuer, year and ID.
	ReportIDs []string
}

// FirmUses returns the law firms that reports asked for, of known issuer, name,
// ordered by the number of clients descending, then firm ID.
func (x *Index) FirmUses(q UseQuery) []FirmUse {
	found := []FirmUse{}
	for i, e := range x.entities {
		if e.Kind != kg.KindLawFirm {
			continue
		}
		u := FirmUse{FirmID: e.ID, Years: []int{}}
		last := noIssuer
		for r := range x.reportsIn(x.mentioning([]uint32{uint32(i)}, kg.StatusNone), q.Within) {
			j := x.issuer[r]
			if j == noIssuer || !inYears(x.year[r], q.From, q.To) {
				continue
			}
			u.ReportIDs = append(u.ReportIDs, x.reportIDs[r])
			if x.year[r] != 0 {
				u.Years = append(u.Years, x.year[r])
			}
			if j != last {
				last = j
				u.Clients = append(u.Clients, x.jurisdictionID(j))
			}
		}
		if len(u.Clients) > 0 {
			slices.Sort(u.Clients)
			slices.Sort(u.Years)
			u.Years = slices.Compact(u.Years)
			found = append(found, u)
		}
	}
	slices.SortFunc(found, func(a, b FirmUse) int {
		return cmp.Or(cmp.Compare(len(b.Clients), len(a.Clients)), cmp.Compare(a.FirmID, b.FirmID))
	})
	return found
}

// FirmChange is that a jurisdiction's reports of two years name different law
// firms.
type FirmChange struct {
	JurisdictionID string
	// FromYear is the last year before ToYear in which its reports name any
	// firm; those that name none say nothing, and are passed over.
	FromYear, ToYear int
	// Left are the firms named in FromYear and not in ToYear, Joined those
	// named in ToYear and not in FromYear, ascending.
	Left, Joined []string
	// Before and After are the reports of the two years that name a firm.
	Before, After []string
}

// FirmChanges returns the changes of law firm that reports of years asked for
// show, ordered by ToYear descending, then jurisdiction ID. Both years must be
// asked for.
func (x *Index) FirmChanges(q UseQuery) []FirmChange {
	// Reports that name a firm, in the order of issuers and years.
	naming := x.namingFirms()
	changes := []FirmChange{}
	var before, now firmYear
	for r := range x.reportsIn(naming, q.Within) {
		year, j := x.year[r], x.issuer[r]
		if j == noIssuer || year == 0 || !inYears(year, q.From, q.To) {
			continue
		}
		if now.issuer != j || now.year != year {
			changes = appendChange(changes, x, before, now)
			before, now = now, firmYear{issuer: j, year: year, firms: map[string]bool{}}
		}
		for _, t := range x.termsOf(r) {
			if e := x.entities[t.entity()]; e.Kind == kg.KindLawFirm {
				now.firms[e.ID] = true
			}
		}
		now.reports = append(now.reports, x.reportIDs[r])
	}
	changes = appendChange(changes, x, before, now)
	slices.SortFunc(changes, func(a, b FirmChange) int {
		return cmp.Or(cmp.Compare(b.ToYear, a.ToYear), cmp.Compare(a.JurisdictionID, b.JurisdictionID))
	})
	return changes
}

// firmYear is the firms that a jurisdiction's reports of a year name.
type firmYear struct {
	issuer  uint32
	year    int
	firms   map[string]bool
	reports []string
}

// appendChange appends what changed from one year of a jurisdiction to the next.
func appendChange(changes []FirmChange, x *Index, before, now firmYear) []FirmChange {
	if before.year == 0 || now.issuer != before.issuer {
		return changes
	}
	c := FirmChange{
		JurisdictionID: x.jurisdictionID(now.issuer), FromYear: before.year, ToYear: now.year,
		Left: without(before.firms, now.firms), Joined: without(now.firms, before.firms), Before: before.reports, After: now.reports,
	}
	if len(c.Left)+len(c.Joined) == 0 {
		return changes
	}
	return append(changes, c)
}

func (x *Index) namingFirms() *roaring.Bitmap {
	var firms []uint32
	for i, e := range x.entities {
		if e.Kind == kg.KindLawFirm {
			firms = append(firms, uint32(i))
		}
	}
	return x.mentioning(firms, kg.StatusNone)
}

// without lists the members of a that b lacks, ascending.
func without(a, b map[string]bool) []string {
	list := []string{}
	for _, id := range slices.Sorted(maps.Keys(a)) {
		if !b[id] {
			list = append(list, id)
		}
	}
	return list
}
