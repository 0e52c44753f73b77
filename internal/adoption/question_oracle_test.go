package adoption_test

import (
	"cmp"
	"math"
	"slices"

	"graphd/internal/adoption"
	"graphd/internal/kg"
	"graphd/internal/store"
)

func within(p store.Posting, region string) bool {
	return region == "" || p.IssuerID != "" && kg.Within(p.IssuerID, region)
}

func inTime(year, from, to int) bool {
	if from == 0 && to == 0 {
		return true
	}
	return year != 0 && year >= from && (to == 0 || year <= to)
}

func (o oracle) ofKind(kind kg.Kind) []string {
	var list []string
	for _, e := range o.Entities {
		if e.Kind == kind {
			list = append(list, e.ID)
		}
	}
	return list
}

func has(list []string, s string) bool { return slices.Contains(list, s) }

func mentions(p store.Posting, id string) bool {
	return slices.ContainsFunc(p.Terms, func(t store.Term) bool { return t.EntityID == id })
}

// adoptersBetween are the jurisdictions of a region that adopt in some of the
// years, and reporters those with a report of their own.
func (o oracle) adoptersBetween(practice, region string, from, to int) (ids []string) {
	family := o.family(practice, true)
	for _, p := range o.Reports {
		best, named := strongest(p, family)
		if p.IssuerID != "" && p.Year != 0 && within(p, region) && inTime(p.Year, from, to) && named && best >= kg.StatusImplemented {
			ids = append(ids, p.IssuerID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func (o oracle) reporters(region string, from, to int) (ids []string) {
	for _, p := range o.Reports {
		if p.IssuerID != "" && p.Year != 0 && p.Department == "" && within(p, region) && inTime(p.Year, from, to) {
			ids = append(ids, p.IssuerID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func (o oracle) coAdoptions(q adoption.CoAdoptionQuery) []adoption.CoAdoption {
	found := []adoption.CoAdoption{}
	a := o.adoptersBetween(q.PracticeID, q.Within, q.From, q.To)
	since := func(practice, id string) int {
		ad, _ := o.adoption(adoption.SpreadQuery{PracticeID: practice, MinStatus: kg.StatusImplemented, IncludeVariants: true}, id)
		return ad.Since
	}
	for _, other := range o.ofKind(kg.KindPractice) {
		if o.family(q.PracticeID, true)[other] || o.family(other, true)[q.PracticeID] {
			continue
		}
		b := o.adoptersBetween(other, q.Within, q.From, q.To)
		everyone := append(append(o.reporters(q.Within, q.From, q.To), a...), b...)
		slices.Sort(everyone)
		c := adoption.CoAdoption{PracticeID: other}
		n := 0
		for _, id := range slices.Compact(everyone) {
			n++
			switch {
			case has(a, id) && has(b, id):
				c.Both++
				c.Jurisdictions = append(c.Jurisdictions, id)
				if since(q.PracticeID, id) < since(other, id) {
					c.ThisFirst++
				}
				if since(q.PracticeID, id) > since(other, id) {
					c.OtherFirst++
				}
			case has(a, id):
				c.OnlyThis++
			case has(b, id):
				c.OnlyOther++
			default:
				c.Neither++
			}
		}
		if c.Both == 0 {
			continue
		}
		c.Jaccard = float64(c.Both) / float64(n-c.Neither)
		c.Lift = float64(c.Both) * float64(n) / (float64(len(a)) * float64(len(b)))
		found = append(found, c)
	}
	slices.SortStableFunc(found, func(a, b adoption.CoAdoption) int {
		return cmp.Or(cmp.Compare(b.Jaccard, a.Jaccard), b.Both-a.Both)
	})
	return found
}

// trend is the counts of a trend: observed and adopting in either year.
type trend struct {
	practice string
	counts   [4]int
}

func (o oracle) trending(q adoption.TrendQuery) []trend {
	var found []trend
	gain := func(t trend) float64 {
		return float64(t.counts[3])/float64(t.counts[2]) - float64(t.counts[1])/float64(t.counts[0])
	}
	for _, id := range o.ofKind(kg.KindPractice) {
		s := adoption.SpreadQuery{PracticeID: id, Within: q.Within, Level: q.Level, From: q.From, To: q.To, MinStatus: q.MinStatus, IncludeVariants: true}
		t := trend{practice: id}
		for i, year := range []int{q.From, q.To} {
			for _, j := range o.asked(s) {
				switch o.state(s, j, year) {
				case adopting:
					t.counts[2*i+1]++
					t.counts[2*i]++
				case silent, mentionedOnly:
					t.counts[2*i]++
				}
			}
		}
		if t.counts[0] > 0 && t.counts[2] > 0 && gain(t) > 0 {
			found = append(found, t)
		}
	}
	slices.SortStableFunc(found, func(a, b trend) int { return cmp.Or(cmp.Compare(gain(b), gain(a)), b.counts[3]-a.counts[3]) })
	return found
}

// compared is what a jurisdiction names that similarity looks at.
func (o oracle) compared(id string) map[string]bool {
	named := map[string]bool{}
	for _, p := range o.Reports {
		for _, t := range p.Terms {
			kind := o.entity(t.EntityID).Kind
			if p.IssuerID == id && (kind == kg.KindLaw || kind == kg.KindLawFirm || kind == kg.KindPractice && t.Status >= kg.StatusImplemented) {
				named[t.EntityID] = true
			}
		}
	}
	return named
}

func (o oracle) similarTo(id string) map[string]adoption.Similarity {
	sets := map[string]map[string]bool{}
	for _, p := range o.Reports {
		if p.IssuerID != "" {
			sets[p.IssuerID] = o.compared(p.IssuerID)
		}
	}
	jurisdictions := func(entity string) (n int) {
		for _, s := range sets {
			if s[entity] {
				n++
			}
		}
		return n
	}
	rarity := func(entity string) float64 {
		if len(sets) < 2 {
			return 0
		}
		return math.Log(float64(len(sets))/float64(jurisdictions(entity))) / math.Log(float64(len(sets)))
	}
	found := map[string]adoption.Similarity{}
	for other, theirs := range sets {
		if other == id || len(sets[id]) == 0 {
			continue
		}
		both, either := 0.0, 0.0
		s := adoption.Similarity{JurisdictionID: other, Shared: []adoption.Rarity{}}
		for _, e := range o.Entities {
			if sets[id][e.ID] || theirs[e.ID] {
				either += rarity(e.ID)
			}
			if sets[id][e.ID] && theirs[e.ID] {
				both += rarity(e.ID)
				s.Shared = append(s.Shared, adoption.Rarity{EntityID: e.ID, Jurisdictions: jurisdictions(e.ID), Rarity: rarity(e.ID)})
			}
		}
		if both > 0 {
			s.Score = both / either
			slices.SortStableFunc(s.Shared, func(a, b adoption.Rarity) int { return a.Jurisdictions - b.Jurisdictions })
			found[other] = s
		}
	}
	return found
}

// reportsNaming are the reports asked for that name an entity, by ID.
func (o oracle) reportsNaming(q adoption.UseQuery, id string) []store.Posting {
	var found []store.Posting
	for _, p := range o.Reports {
		if mentions(p, id) && within(p, q.Within) && inTime(p.Year, q.From, q.To) {
			found = append(found, p)
		}
	}
	return found
}

func (o oracle) lawUses(q adoption.UseQuery) []adoption.LawUse {
	found := []adoption.LawUse{}
	for _, law := range o.ofKind(kg.KindLaw) {
		u := adoption.LawUse{LawID: law}
		issuers := map[string]bool{}
		for _, p := range o.reportsNaming(q, law) {
			u.ReportIDs = append(u.ReportIDs, p.ReportID)
			if p.IssuerID != "" {
				issuers[p.IssuerID] = true
			}
			// By the words of the versions in others: the one ended in 2021, the
			// other began in it, of the third the beginning is unknown.
			switch {
			case p.Year == 0:
			case law == kg.LawID("行政处罚法", "") && p.Year > 2021,
				law == kg.LawID("民法典", "") && p.Year < 2021,
				law == kg.LawID("信访条例", "") && p.Year >= 2021:
				u.SupersededIDs = append(u.SupersededIDs, p.ReportID)
			}
		}
		u.Jurisdictions = len(issuers)
		if len(u.ReportIDs) > 0 {
			found = append(found, u)
		}
	}
	slices.SortStableFunc(found, func(a, b adoption.LawUse) int { return len(b.ReportIDs) - len(a.ReportIDs) })
	return found
}

func (o oracle) firmUses(q adoption.UseQuery) []adoption.FirmUse {
	found := []adoption.FirmUse{}
	for _, firm := range o.ofKind(kg.KindLawFirm) {
		u := adoption.FirmUse{FirmID: firm, Years: []int{}}
		for _, p := range o.reportsNaming(q, firm) {
			if p.IssuerID == "" {
				continue
			}
			u.ReportIDs = append(u.ReportIDs, p.ReportID)
			u.Clients = append(u.Clients, p.IssuerID)
			if p.Year != 0 {
				u.Years = append(u.Years, p.Year)
			}
		}
		slices.Sort(u.Clients)
		u.Clients = slices.Compact(u.Clients)
		slices.Sort(u.Years)
		u.Years = slices.Compact(u.Years)
		if len(u.Clients) > 0 {
			found = append(found, u)
		}
	}
	slices.SortStableFunc(found, func(a, b adoption.FirmUse) int { return len(b.Clients) - len(a.Clients) })
	return found
}

func (o oracle) firmChanges(q adoption.UseQuery) []adoption.FirmChange {
	changes := []adoption.FirmChange{}
	years := o.years()
	slices.Reverse(years)
	firms := func(id string, year int) (named, reports []string) {
		for _, p := range o.Reports {
			if p.IssuerID != id || p.Year != year || !inTime(year, q.From, q.To) {
				continue
			}
			for _, firm := range o.ofKind(kg.KindLawFirm) {
				if mentions(p, firm) {
					named, reports = append(named, firm), append(reports, p.ReportID)
				}
			}
		}
		slices.Sort(named)
		slices.Sort(reports)
		return slices.Compact(named), slices.Compact(reports)
	}
	for _, year := range years {
		for _, id := range o.asked(adoption.SpreadQuery{Within: q.Within}) {
			after, now := firms(id, year)
			if len(after) == 0 {
				continue
			}
			for _, earlier := range years {
				before, then := firms(id, earlier)
				if earlier >= year || len(before) == 0 {
					continue
				}
				c := adoption.FirmChange{JurisdictionID: id, FromYear: earlier, ToYear: year, Left: []string{}, Joined: []string{}, Before: then, After: now}
				for _, f := range before {
					if !has(after, f) {
						c.Left = append(c.Left, f)
					}
				}
				for _, f := range after {
					if !has(before, f) {
						c.Joined = append(c.Joined, f)
					}
				}
				if len(c.Left)+len(c.Joined) > 0 {
					changes = append(changes, c)
				}
				break
			}
		}
	}
	return changes
}

func (o oracle) report(id string) store.Posting {
	for _, p := range o.Reports {
		if p.ReportID == id {
			return p
		}
	}
	panic("no report " + id)
}

func (o oracle) changes(id string) (c adoption.Changes, ok bool) {
	now := o.report(id)
	var then store.Posting
	for _, p := range o.Reports {
		if now.IssuerID != "" && p.IssuerID == now.IssuerID && p.Department == now.Department && p.Year != 0 && p.Year < now.Year && p.Year > then.Year {
			then, ok = p, true
		}
	}
	if !ok {
		return c, false
	}
	c = adoption.Changes{PreviousID: then.ReportID, Gained: []string{}, Kept: []string{}, NoLongerMentioned: []string{}, StatusChanges: []adoption.StatusChange{}}
	for _, e := range o.ofKind(kg.KindPractice) {
		only := map[string]bool{e: true}
		was, before := strongest(then, only)
		is, after := strongest(now, only)
		switch {
		case before && after:
			c.Kept = append(c.Kept, e)
			if was != is {
				c.StatusChanges = append(c.StatusChanges, adoption.StatusChange{PracticeID: e, From: was, To: is})
			}
		case after:
			c.Gained = append(c.Gained, e)
		case before:
			c.NoLongerMentioned = append(c.NoLongerMentioned, e)
		}
	}
	return c, true
}

// linked tells whether one of the IDs is a report that names, or was issued by,
// the other.
func (o oracle) linked(a, b string) bool {
	for _, p := range o.Reports {
		if p.ReportID == a && (mentions(p, b) || p.IssuerID == b) || p.ReportID == b && (mentions(p, a) || p.IssuerID == a) {
			return true
		}
	}
	return false
}

// path walks all chains, shorter ones first and by ID among those of a length.
func (o oracle) path(from, to string, maxLength int) []string {
	var all []string
	for _, e := range o.Entities {
		all = append(all, e.ID)
	}
	for _, p := range o.Reports {
		all = append(all, p.ReportID)
	}
	slices.Sort(all)
	chains := [][]string{{from}}
	seen := map[string]bool{from: true}
	for range maxLength + 1 {
		for _, c := range chains {
			if c[len(c)-1] == to {
				return c
			}
		}
		var longer [][]string
		reached := map[string]bool{}
		for _, c := range chains {
			for _, next := range all {
				if !seen[next] && !reached[next] && o.linked(c[len(c)-1], next) {
					reached[next] = true
					longer = append(longer, append(slices.Clone(c), next))
				}
			}
		}
		for id := range reached {
			seen[id] = true
		}
		chains = longer
	}
	return nil
}

func (o oracle) order(q adoption.SpreadQuery) (successions []adoption.Succession, known, vertical, horizontal int) {
	everywhere := q
	everywhere.Within, everywhere.Level, everywhere.From, everywhere.To = "", "", 0, 0
	all := o.adopters(everywhere)
	parent := func(id string) string { return o.entity(id).ParentID }
	add := func(from, to adoption.Adoption, vertical bool) {
		successions = append(successions, adoption.Succession{
			FromID: from.JurisdictionID, ToID: to.JurisdictionID, FromYear: from.Since, ToYear: to.Since, Vertical: vertical,
			FromReports: from.ReportIDs, ToReports: to.ReportIDs, FromPractices: from.PracticeIDs, ToPractices: to.PracticeIDs,
		})
	}
	for _, a := range o.adopters(q) {
		if a.LeftCensored {
			continue
		}
		known++
		var above []adoption.Adoption
		latest := 0
		for _, b := range all {
			if b.Since < a.Since && b.JurisdictionID != a.JurisdictionID {
				if kg.Within(a.JurisdictionID, b.JurisdictionID) {
					above = append(above, b)
				}
				if parent(b.JurisdictionID) == parent(a.JurisdictionID) {
					latest = max(latest, b.Since)
				}
			}
		}
		if len(above) > 0 {
			vertical++
			add(slices.MaxFunc(above, func(a, b adoption.Adoption) int { return len(a.JurisdictionID) - len(b.JurisdictionID) }), a, true)
		}
		if latest > 0 {
			horizontal++
			for _, b := range all {
				if b.Since == latest && parent(b.JurisdictionID) == parent(a.JurisdictionID) {
					add(b, a, false)
				}
			}
		}
	}
	return successions, known, vertical, horizontal
}
