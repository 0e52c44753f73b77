package main

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"
	"time"

	"graphd/internal/adoption"
	"graphd/internal/kg"
)

// question is asked of the index, and of Neo4j where one Cypher query can give
// the same counts.
type question struct {
	name  string
	index func() any
	// cypher gives what index gives; there may be several ways to write it, of
	// which the fastest counts.
	cypher []func(context.Context, *server) (any, error)
}

// commonest is the practice that most reports name.
func commonest(x *adoption.Index) string {
	best, most := "", 0
	for _, id := range x.IDsOf(kg.KindPractice) {
		if e, _ := x.Entity(id); e.ReportCount > most && e.VariantOf == "" && len(x.Variants(id)) > 0 {
			best, most = id, e.ReportCount
		}
	}
	return best
}

func spreadOf(x *adoption.Index) adoption.SpreadQuery {
	return adoption.SpreadQuery{PracticeID: commonest(x), MinStatus: kg.StatusImplemented, IncludeVariants: true}
}

// subject is what questions are asked about.
type subject struct {
	spread adoption.SpreadQuery
	// adopterReport proves the first adoption.
	adopterReport string
	jurisdiction  string
	report        string // the latest of the jurisdiction
	from, to      int
}

// subjectOf chooses a subject; an error tells that the corpus is too small to
// have one.
func subjectOf(x *adoption.Index) (subject, error) {
	of := subject{spread: spreadOf(x)}
	adopters, years := x.Adopters(of.spread), x.Years()
	if of.spread.PracticeID == "" || len(adopters) == 0 || len(years) < 4 {
		return subject{}, fmt.Errorf("%d reports are too few to ask about: take more", x.ReportCount())
	}
	of.adopterReport, of.from, of.to = adopters[0].ReportIDs[0], years[1], years[len(years)-2]
	for i, id := range x.IDsOf(kg.KindJurisdiction) {
		// The first few are provinces and large cities, which are like none.
		if issued := x.Issued(id); len(issued) > 0 && (i >= 5 || of.report == "") {
			if of.jurisdiction, of.report = id, issued[0].ReportID; i >= 5 {
				break
			}
		}
	}
	return of, nil
}

func questions(x *adoption.Index, of subject) []question {
	q, jurisdiction, report, from, to := of.spread, of.jurisdiction, of.report, of.from, of.to
	family := append(x.Variants(q.PracticeID), q.PracticeID)
	return []question{
		{"spread: timeline", func() any { return counts(x.Spread(q).Timeline) }, []func(context.Context, *server) (any, error){
			func(ctx context.Context, s *server) (any, error) { return s.timeline(ctx, timelineByReport, family) },
			func(ctx context.Context, s *server) (any, error) { return s.timeline(ctx, timelineByPractice, family) },
		}},
		{"co-adoption", func() any { return pairs(x.CoAdoptions(adoption.CoAdoptionQuery{PracticeID: q.PracticeID})) },
			[]func(context.Context, *server) (any, error){
				func(ctx context.Context, s *server) (any, error) { return s.coAdoption(ctx, q.PracticeID, family) },
			}},
		{"spread: order of time", func() any { return x.Order(q) }, nil},
		{"trending", func() any {
			return x.Trending(adoption.TrendQuery{From: from, To: to, MinStatus: kg.StatusImplemented})
		}, nil},
		{"similar to", func() any { return x.SimilarTo(jurisdiction, 10) }, nil},
		{"law use", func() any { return x.LawUses(adoption.UseQuery{From: from, To: to}, 20) }, nil},
		{"changes", func() any { c, _ := x.Changes(report); return c }, nil},
		{"law firms", func() any { return x.FirmUses(adoption.UseQuery{}) }, nil},
		{"changes of firm", func() any { return x.FirmChanges(adoption.UseQuery{}) }, nil},
		{"path", func() any { p, _ := x.Path(q.PracticeID, jurisdiction, 6); return p }, nil},
	}
}

// yearCount is a year of a timeline, and pair a co-adoption, as both sides
// count them.
type (
	yearCount struct{ Year, Observed, Adopting, MentionedOnly, Silent, Cumulative int }
	pair      struct {
		Practice                                                  string
		Both, OnlyThis, OnlyOther, Neither, ThisFirst, OtherFirst int
	}
)

func counts(timeline []adoption.SpreadYear) []yearCount {
	var list []yearCount
	for _, y := range timeline {
		list = append(list, yearCount{y.Year, y.Observed, y.Adopting, y.MentionedOnly, y.Silent, y.Cumulative})
	}
	return list
}

func pairs(found []adoption.CoAdoption) []pair {
	var list []pair
	for _, c := range found {
		list = append(list, pair{c.PracticeID, c.Both, c.OnlyThis, c.OnlyOther, c.Neither, c.ThisFirst, c.OtherFirst})
	}
	slices.SortFunc(list, func(a, b pair) int { return cmp.Compare(a.Practice, b.Practice) })
	return list
}

// measure asks in turns, index and Cypher, and prints medians and their ratio.
func (q question) measure(ctx context.Context, s *server, rounds int) error {
	var index []time.Duration
	others := make([][]time.Duration, len(q.cypher))
	if s == nil {
		others = nil
	}
	want := q.index()
	for i := range others {
		got, err := q.cypher[i](ctx, s)
		if err != nil {
			return err
		}
		if !reflect.DeepEqual(got, want) {
			return fmt.Errorf("%s: Cypher %d gives\n%v\nand the index\n%v", q.name, i+1, got, want)
		}
	}
	for range rounds {
		begun := time.Now()
		q.index()
		index = append(index, time.Since(begun))
		for i := range others {
			begun := time.Now()
			if _, err := q.cypher[i](ctx, s); err != nil {
				return err
			}
			others[i] = append(others[i], time.Since(begun))
		}
	}
	fmt.Printf("%-22s index %10v", q.name, median(index))
	if len(others) > 0 {
		best := slices.MinFunc(others, func(a, b []time.Duration) int { return cmp.Compare(median(a), median(b)) })
		fmt.Printf("   Cypher %10v   %.0f times", median(best), float64(median(best))/float64(median(index)))
	}
	fmt.Println()
	return nil
}
