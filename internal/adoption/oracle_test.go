package adoption_test

import (
	"cmp"
	"slices"

	"graphd/internal/adoption"
	"graphd/internal/kg"
	"graphd/internal/store"
)

// oracle answers from the postings by the words of the definitions, one loop
// after another, with no index.
type oracle struct{ *store.Postings }

func (o oracle) entity(id string) kg.Entity {
	for _, e := range o.Entities {
		if e.ID == id {
			return e
		}
	}
	panic("no entity " + id)
}

func (o oracle) family(id string, variants bool) map[string]bool {
	family := map[string]bool{id: true}
	for grown := variants; grown; {
		grown = false
		for _, e := range o.Entities {
			if e.VariantOf != "" && family[e.VariantOf] && !family[e.ID] {
				family[e.ID], grown = true, true
			}
		}
	}
	return family
}

func strongest(p store.Posting, family map[string]bool) (best kg.Status, mentioned bool) {
	for _, t := range p.Terms {
		if family[t.EntityID] {
			best, mentioned = max(best, t.Status), true
		}
	}
	return best, mentioned
}

func (o oracle) reports(q adoption.RelationQuery) []adoption.Relation {
	found := []adoption.Relation{}
	for _, p := range o.Reports {
		best, mentioned := strongest(p, o.family(q.EntityID, q.IncludeVariants))
		inside := q.Within == "" || p.IssuerID != "" && kg.Within(p.IssuerID, q.Within)
		inTime := (q.From == 0 || p.Year != 0 && p.Year >= q.From) && (q.To == 0 || p.Year != 0 && p.Year <= q.To)
		if mentioned && best >= q.MinStatus && inside && inTime {
			found = append(found, adoption.Relation{ReportID: p.ReportID, Year: p.Year, IssuerID: p.IssuerID, Status: best, Departmental: p.Department != ""})
		}
	}
	slices.SortFunc(found, func(a, b adoption.Relation) int {
		return cmp.Or(b.Year-a.Year, cmp.Compare(a.ReportID, b.ReportID))
	})
	return found
}

// asked are the jurisdictions that a spread is about.
func (o oracle) asked(q adoption.SpreadQuery) []string {
	var ids []string
	for _, p := range o.Reports {
		if p.IssuerID != "" && p.Year != 0 && (q.Within == "" || kg.Within(p.IssuerID, q.Within)) &&
			(q.Level == "" || o.entity(p.IssuerID).Level == q.Level) {
			ids = append(ids, p.IssuerID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

const (
	noReport = iota
	silent
	mentionedOnly
	adopting
)

func (o oracle) state(q adoption.SpreadQuery, id string, year int) int {
	own, mentioned := false, false
	for _, p := range o.Reports {
		if p.IssuerID != id || p.Year != year {
			continue
		}
		best, named := strongest(p, o.family(q.PracticeID, q.IncludeVariants))
		if named && best >= q.MinStatus {
			return adopting
		}
		own = own || p.Department == ""
		mentioned = mentioned || named
	}
	switch {
	case !own:
		return noReport
	case mentioned:
		return mentionedOnly
	default:
		return silent
	}
}

func (o oracle) years() []int {
	var years []int
	for _, p := range o.Reports {
		if p.Year != 0 {
			years = append(years, p.Year)
		}
	}
	slices.Sort(years)
	return slices.Compact(years)
}

func (o oracle) adoption(q adoption.SpreadQuery, id string) (a adoption.Adoption, ok bool) {
	a = adoption.Adoption{JurisdictionID: id, PracticeID: q.PracticeID, LeftCensored: true}
	for _, year := range o.years() {
		if o.state(q, id, year) == adopting {
			if a.Since == 0 {
				a.Since = year
			}
			a.LastSeen = year
		}
	}
	for _, p := range o.Reports {
		if p.IssuerID != id {
			continue
		}
		if _, named := strongest(p, o.family(q.PracticeID, q.IncludeVariants)); named && p.Year != 0 && (a.FirstMentioned == 0 || p.Year < a.FirstMentioned) {
			a.FirstMentioned = p.Year
		}
		if p.Department == "" && p.Year != 0 && p.Year < a.Since {
			a.LeftCensored = false
		}
		best, named := strongest(p, o.family(q.PracticeID, q.IncludeVariants))
		if p.Year == a.Since && named && best >= q.MinStatus {
			a.Status = max(a.Status, best)
			a.ReportIDs = append(a.ReportIDs, p.ReportID)
			for _, t := range p.Terms {
				if o.family(q.PracticeID, q.IncludeVariants)[t.EntityID] && t.Status >= q.MinStatus {
					a.PracticeIDs = append(a.PracticeIDs, t.EntityID)
				}
			}
		}
	}
	slices.Sort(a.ReportIDs)
	slices.Sort(a.PracticeIDs)
	a.PracticeIDs = slices.Compact(a.PracticeIDs)
	return a, a.Since != 0
}

func (o oracle) adopters(q adoption.SpreadQuery) []adoption.Adoption {
	found := []adoption.Adoption{}
	for _, id := range o.asked(q) {
		a, ok := o.adoption(q, id)
		if ok && (q.From == 0 || a.Since >= q.From) && (q.To == 0 || a.Since <= q.To) {
			found = append(found, a)
		}
	}
	slices.SortStableFunc(found, func(a, b adoption.Adoption) int { return a.Since - b.Since })
	return found
}

func (o oracle) timeline(q adoption.SpreadQuery) []adoption.SpreadYear {
	timeline := []adoption.SpreadYear{}
	years := o.years()
	if len(years) == 0 {
		if q.From == 0 {
			return timeline
		}
		years = []int{q.From, q.To}
	}
	from, to := cmp.Or(q.From, years[0]), cmp.Or(q.To, years[len(years)-1])
	for year := from; year <= to; year++ {
		y := adoption.SpreadYear{Year: year, NewAdopters: []adoption.Adoption{}}
		for _, id := range o.asked(q) {
			switch o.state(q, id, year) {
			case noReport:
				y.NoReport++
			case silent:
				y.Silent++
			case mentionedOnly:
				y.MentionedOnly++
			case adopting:
				y.Adopting++
			}
			if a, ok := o.adoption(q, id); ok {
				if a.Since <= year {
					y.Cumulative++
				}
				if a.Since == year {
					y.NewAdopters = append(y.NewAdopters, a)
				}
			}
		}
		y.Observed = y.Adopting + y.MentionedOnly + y.Silent
		timeline = append(timeline, y)
	}
	return timeline
}

// share counts the jurisdictions asked about that match, in the given years.
func (o oracle) share(q adoption.SpreadQuery, timeline []adoption.SpreadYear, match func(id string) bool) (asked, observed, adopts int) {
	for _, id := range o.asked(q) {
		if !match(id) {
			continue
		}
		asked++
		best := noReport
		for _, y := range timeline {
			best = max(best, o.state(q, id, y.Year))
		}
		if best > noReport {
			observed++
		}
		if best == adopting {
			adopts++
		}
	}
	return asked, observed, adopts
}

func (o oracle) shared(a, b string) []string {
	names := func(id, entity string) bool {
		for _, p := range o.Reports {
			for _, t := range p.Terms {
				if (p.ReportID == id || p.IssuerID == id) && t.EntityID == entity &&
					(o.entity(entity).Kind != kg.KindPractice || t.Status >= kg.StatusImplemented) {
					return true
				}
			}
		}
		return false
	}
	both := []string{}
	for _, kind := range []kg.Kind{kg.KindIndicator, kg.KindJurisdiction, kg.KindLaw, kg.KindLawFirm, kg.KindPractice} {
		for _, e := range o.Entities {
			if e.Kind == kind && names(a, e.ID) && names(b, e.ID) {
				both = append(both, e.ID)
			}
		}
	}
	return both
}
