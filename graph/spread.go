package graph

import (
	"context"
	"slices"

	"graphd/graph/model"
	"graphd/internal/adoption"
	"graphd/internal/kg"
	"graphd/internal/store"
)

// Years outside these are mistakes; inside them a timeline stays short.
const minYear, maxYear = 1900, 2100

func checkYears(from, to *int) error {
	for _, year := range []*int{from, to} {
		if year != nil && (*year < minYear || *year > maxYear) {
			return badInput("from and to must be years from %d to %d", minYear, maxYear)
		}
	}
	if from != nil && to != nil && *from > *to {
		return badInput("from must not be after to")
	}
	return nil
}

// spreadArgs is what a client says about a spread. What it leaves out, or
// gives as null, has the default of the schema.
type spreadArgs struct {
	within          *model.ID
	level           *kg.Level
	from, to        *int
	minStatus       *kg.Status
	includeVariants *bool
}

// spreadQuery is the query without its practice.
func (r *Resolver) spreadQuery(ctx context.Context, a spreadArgs) (adoption.SpreadQuery, error) {
	x, err := indexOf(ctx)
	if err != nil {
		return adoption.SpreadQuery{}, err
	}
	// A time line without years would look like years of which nothing is told.
	switch years := x.Years(); {
	case len(years) == 0:
	case a.from != nil && a.to == nil && *a.from > years[len(years)-1]:
		return adoption.SpreadQuery{}, badInput("from is after %d, the corpus's last year: give to as well", years[len(years)-1])
	case a.to != nil && a.from == nil && *a.to < years[0]:
		return adoption.SpreadQuery{}, badInput("to is before %d, the corpus's first year: give from as well", years[0])
	}
	within, err := r.region(ctx, a.within)
	if err != nil {
		return adoption.SpreadQuery{}, err
	}
	return adoption.SpreadQuery{
		Within: within, Level: or(a.level, ""), From: or(a.from, 0), To: or(a.to, 0),
		MinStatus: or(a.minStatus, kg.StatusImplemented), IncludeVariants: or(a.includeVariants, true),
	}, checkYears(a.from, a.to)
}

// spreads answers the query for each practice.
func spreads(ctx context.Context, q adoption.SpreadQuery, practiceIDs []string) ([]*model.Spread, error) {
	x, err := indexOf(ctx)
	if err != nil {
		return nil, err
	}
	return model.Join(each(practiceIDs, func(id string) *model.Spread {
		q := q
		q.PracticeID = id
		return &model.Spread{Spread: x.Spread(q), Query: q}
	})), nil
}

// adoptions shows adoptions, list by list, as siblings.
func adoptions(lists [][]adoption.Adoption, min kg.Status) [][]*model.Adoption {
	return regroup(lists, model.Join(each(slices.Concat(lists...), func(a adoption.Adoption) *model.Adoption {
		return &model.Adoption{Adoption: a, MinStatus: min}
	})))
}

// timelines shows the years of each spread; their new adopters are siblings.
func timelines(all []*model.Spread) [][]*model.SpreadYear {
	var years []*model.SpreadYear
	var adopters [][]adoption.Adoption
	for _, s := range all {
		for _, y := range s.Timeline {
			years, adopters = append(years, &model.SpreadYear{SpreadYear: y}), append(adopters, y.NewAdopters)
		}
	}
	for i, list := range adoptions(adopters, all[0].Query.MinStatus) {
		years[i].NewAdopters = list
	}
	return regroup(each(all, func(s *model.Spread) []adoption.SpreadYear { return s.Timeline }), years)
}

// firstAdopters shows the first n adopters of each spread.
func firstAdopters(all []*model.Spread, n int) [][]*model.Adoption {
	return adoptions(each(all, func(s *model.Spread) []adoption.Adoption {
		return s.FirstAdopters[:min(n, len(s.FirstAdopters))]
	}), all[0].Query.MinStatus)
}

func byRegion(all []*model.Spread) [][]*model.Share {
	lists := each(all, func(s *model.Spread) []adoption.Share { return s.ByRegion })
	return regroup(lists, model.Join(each(slices.Concat(lists...), func(s adoption.Share) *model.Share {
		return &model.Share{RegionID: s.RegionID, Observed: s.Observed, Adopting: s.Adopting, Share: s.Share, Low: s.Low, High: s.High}
	})))
}

// bySince is the order of lists of adoptions.
var bySince = []store.Order{{Field: "since"}}

// adopters pages through the adoptions of each practice.
func adopters(ctx context.Context, l list, q adoption.SpreadQuery, practices []*model.Practice) ([]*model.AdoptionConnection, error) {
	x, err := indexOf(ctx)
	if err != nil {
		return nil, err
	}
	found := each(practices, func(p *model.Practice) []adoption.Adoption {
		q := q
		q.PracticeID = p.Entity.ID
		return x.Adopters(q)
	})
	return adoptionPages(l, found, q.MinStatus, func(a adoption.Adoption) string { return a.JurisdictionID }), nil
}

// adoptionPages makes connections of adoptions, list by list. Each list is
// ordered by year, then by what id tells of an adoption.
func adoptionPages(l list, lists [][]adoption.Adoption, min kg.Status, id func(adoption.Adoption) string) []*model.AdoptionConnection {
	pages, picked := make([]store.Page, len(lists)), make([][]adoption.Adoption, len(lists))
	for i, found := range lists {
		pages[i], picked[i] = pick(l, found, func(a adoption.Adoption, field string) any {
			if field == "since" {
				return int64(a.Since)
			}
			return id(a)
		})
	}
	connections := make([]*model.AdoptionConnection, len(lists))
	for i, nodes := range adoptions(picked, min) {
		connections[i] = connectNodes(l, pages[i], nodes)
	}
	return connections
}

func (r *Resolver) corpus(ctx context.Context) (*model.Corpus, error) {
	x, err := indexOf(ctx)
	if err != nil {
		return nil, err
	}
	return single(&model.Corpus{
		Revision: int(x.Revision()), ReportCount: x.ReportCount(), JurisdictionCount: x.CountOf(kg.KindJurisdiction),
		Years: x.Years(), Extractor: r.extractor,
	}), nil
}

func (r *Resolver) coverage(ctx context.Context, within *model.ID, level *kg.Level) ([]*model.Coverage, error) {
	x, err := indexOf(ctx)
	if err != nil {
		return nil, err
	}
	inside, err := r.region(ctx, within)
	if err != nil {
		return nil, err
	}
	registered := r.registered(inside, or(level, ""))
	return each(x.Coverage(inside, or(level, "")), func(c adoption.YearCount) *model.Coverage {
		return &model.Coverage{Year: c.Year, WithReport: c.WithReport, Registered: registered}
	}), nil
}
