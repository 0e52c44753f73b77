package adoption

import (
	"cmp"
	"slices"

	"graphd/internal/kg"
)

// Changes is what a report says of practices, against an earlier report of the
// same issuer. A practice that a report does not name may go on all the same:
// silence is no end.
type Changes struct {
	// PreviousID is the report compared with.
	PreviousID string
	// Gained are the practices that only the report names, Kept those that
	// both name, NoLongerMentioned those that only the earlier one names, at
	// whatever status; by ID.
	Gained, Kept, NoLongerMentioned []string
	// StatusChanges are those of Kept whose strongest status differs, by ID.
	StatusChanges []StatusChange
}

// StatusChange is a practice that two reports stand behind differently.
type StatusChange struct {
	PracticeID string
	From, To   kg.Status
}

// Changes compares a report with its issuer's report of the latest year before;
// a department's report with one of the same department. Of several reports of that
// year it takes the one with the least ID. ok is false if there is none, or the
// report is unknown, or its issuer or its year is.
func (x *Index) Changes(reportID string) (c Changes, ok bool) {
	r, ok := x.reportAt[reportID]
	if !ok || x.issuer[r] == noIssuer || x.year[r] == 0 {
		return c, false
	}
	previous, ok := r, false
	// Reports of an issuer come by year and ID.
	for p := x.firstReport[x.issuer[r]]; x.year[p] < x.year[r]; p++ {
		if x.year[p] != 0 && x.department[p] == x.department[r] && (!ok || x.year[p] > x.year[previous]) {
			previous, ok = p, true
		}
	}
	if !ok {
		return c, false
	}
	c = Changes{PreviousID: x.reportIDs[previous], Gained: []string{}, Kept: []string{}, NoLongerMentioned: []string{}, StatusChanges: []StatusChange{}}
	before, after := x.practicesOf(previous), x.practicesOf(r)
	for e, now := range after {
		id := x.entities[e].ID
		was, named := before[e]
		switch {
		case !named:
			c.Gained = append(c.Gained, id)
			continue
		case was != now:
			c.StatusChanges = append(c.StatusChanges, StatusChange{id, was, now})
		}
		c.Kept = append(c.Kept, id)
	}
	for e := range before {
		if _, named := after[e]; !named {
			c.NoLongerMentioned = append(c.NoLongerMentioned, x.entities[e].ID)
		}
	}
	for _, list := range [][]string{c.Gained, c.Kept, c.NoLongerMentioned} {
		slices.Sort(list)
	}
	slices.SortFunc(c.StatusChanges, func(a, b StatusChange) int { return cmp.Compare(a.PracticeID, b.PracticeID) })
	return c, true
}

// practicesOf is the practices that a report names, with their statuses.
func (x *Index) practicesOf(r uint32) map[uint32]kg.Status {
	practices := map[uint32]kg.Status{}
	for _, t := range x.termsOf(r) {
		if x.entities[t.entity()].Kind == kg.KindPractice {
			practices[t.entity()] = t.status()
		}
	}
	return practices
}
