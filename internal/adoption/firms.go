package adoption

import (
	"cmp"
	"maps"
	"slices"

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
	type year struct {
		year    int
		firms   map[string]bool
		reports []string
	}
	changes := []FirmChange{}
	lo, hi := x.region(q.Within)
	for j := lo; j < hi; j++ {
		var years []year
		for r := x.firstReport[j]; r < x.firstReport[j+1]; r++ {
			if x.year[r] == 0 || !inYears(x.year[r], q.From, q.To) {
				continue
			}
			named := false
			for _, t := range x.termsOf(r) {
				e := x.entities[t.entity()]
				if e.Kind != kg.KindLawFirm {
					continue
				}
				if len(years) == 0 || years[len(years)-1].year != x.year[r] {
					years = append(years, year{year: x.year[r], firms: map[string]bool{}})
				}
				years[len(years)-1].firms[e.ID] = true
				named = true
			}
			if named {
				last := &years[len(years)-1]
				last.reports = append(last.reports, x.reportIDs[r])
			}
		}
		for i := 1; i < len(years); i++ {
			before, after := years[i-1], years[i]
			c := FirmChange{
				JurisdictionID: x.jurisdictionID(j), FromYear: before.year, ToYear: after.year,
				Left: without(before.firms, after.firms), Joined: without(after.firms, before.firms),
				Before: before.reports, After: after.reports,
			}
			if len(c.Left)+len(c.Joined) > 0 {
				changes = append(changes, c)
			}
		}
	}
	slices.SortFunc(changes, func(a, b FirmChange) int {
		return cmp.Or(cmp.Compare(b.ToYear, a.ToYear), cmp.Compare(a.JurisdictionID, b.JurisdictionID))
	})
	return changes
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
