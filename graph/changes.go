package graph

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"graphd/graph/model"
	"graphd/internal/adoption"
	"graphd/internal/comparison"
	"graphd/internal/kg"
	"graphd/internal/store"
)

func (r *Resolver) changes(ctx context.Context, report model.ID) (*model.Changes, error) {
	x, err := indexOf(ctx)
	if err != nil {
		return nil, err
	}
	if _, ok := x.Report(string(report)); !ok {
		return nil, notFound("no report has the ID %q", report.Opaque())
	}
	c := changesOf(x, string(report))
	model.Join([]*model.Changes{c})
	return c, nil
}

// changesOf shows the changes of a report; nil where there is nothing to compare
// it with.
func changesOf(x *adoption.Index, reportID string) *model.Changes {
	c, ok := x.Changes(reportID)
	if !ok {
		return nil
	}
	return &model.Changes{Changes: c, ReportID: reportID}
}

// practiceChanges shows all practices that either report names, by ID.
func practiceChanges(ctx context.Context, all []*model.Changes) ([][]*model.PracticeChange, error) {
	x, err := indexOf(ctx)
	if err != nil {
		return nil, err
	}
	statuses := func(reportID string) map[string]kg.Status {
		found := map[string]kg.Status{}
		for _, t := range x.Terms(reportID) {
			found[t.EntityID] = t.Status
		}
		return found
	}
	lists := each(all, func(c *model.Changes) []*model.PracticeChange {
		was, is := statuses(c.PreviousID), statuses(c.ReportID)
		return each(distinct(slices.Concat(c.Gained, c.Kept, c.NoLongerMentioned)), func(id string) *model.PracticeChange {
			return &model.PracticeChange{PracticeID: id, Earlier: c.PreviousID, Later: c.ReportID, Was: was[id], Is: is[id]}
		})
	})
	model.Join(slices.Concat(lists...))
	return lists, nil
}

// metricChanges sets side by side the figures of which both reports state one
// that may be compared.
func (r *Resolver) metricChanges(ctx context.Context, all []*model.Changes) ([][]*model.MetricChange, error) {
	x, err := indexOf(ctx)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, c := range all {
		ids = append(ids, c.PreviousID, c.ReportID)
	}
	found, err := r.reading(ctx).Mentions(ctx, store.MentionQuery{Reports: distinct(ids), Kinds: []kg.Kind{kg.KindMetric}})
	if err != nil {
		return nil, err
	}
	byIndicator := map[string][]store.Evidence{}
	for _, e := range found {
		if e.Mention.EntityID != "" {
			byIndicator[e.Mention.EntityID] = append(byIndicator[e.Mention.EntityID], e)
		}
	}
	// By report and indicator, the figure of the report's own year.
	type place struct{ report, indicator string }
	own := map[place]store.Evidence{}
	for id, figures := range byIndicator {
		of, verdicts := judged(x, id, figures)
		for i, v := range verdicts {
			if v.Comparable && v.Period.Year == of[i].ReportYear {
				own[place{of[i].Mention.ReportID, id}] = figures[i]
			}
		}
	}
	var shown []store.Evidence
	lists := make([][]*model.MetricChange, len(all))
	for i, c := range all {
		for _, id := range slices.Sorted(maps.Keys(byIndicator)) {
			before, was := own[place{c.PreviousID, id}]
			after, is := own[place{c.ReportID, id}]
			if was && is {
				lists[i] = append(lists[i], &model.MetricChange{IndicatorID: id, Difference: after.Mention.Metric.Value - before.Mention.Metric.Value})
				shown = append(shown, before, after)
			}
		}
	}
	flat := model.Join(slices.Concat(lists...))
	for i, m := range model.NewMetrics(shown) {
		if c := flat[i/2]; i%2 == 0 {
			c.Before = m
		} else {
			c.After = m
		}
	}
	return lists, nil
}

// judged gives the verdicts on figures of one indicator.
func judged(x *adoption.Index, indicatorID string, figures []store.Evidence) ([]comparison.Figure, []comparison.Verdict) {
	of := each(figures, func(e store.Evidence) comparison.Figure {
		report, _ := x.Report(e.Mention.ReportID)
		return comparison.Figure{Mention: e.Mention, IssuerID: report.IssuerID, ReportYear: report.Year, Departmental: report.Departmental}
	})
	indicator, _ := x.Entity(indicatorID)
	return of, comparison.Judge(of, indicator)
}

func (r *Resolver) compareMetric(ctx context.Context, indicator model.ID, within *model.ID, level *kg.Level, from, to *int) (*model.MetricComparison, error) {
	x, q, _, err := r.asking(ctx, within, from, to, nil, 1)
	if err != nil {
		return nil, err
	}
	e, err := r.asked(ctx, kg.KindIndicator, indicator)
	if err != nil {
		return nil, err
	}
	found, err := r.reading(ctx).Mentions(ctx, store.MentionQuery{Entities: []string{e.ID, comparison.Population}, Kinds: []kg.Kind{kg.KindMetric}})
	if err != nil {
		return nil, err
	}
	inScope := func(s store.Evidence) bool {
		report, _ := x.Report(s.Mention.ReportID)
		issuer, known := x.Entity(report.IssuerID)
		return known && (q.Within == "" || kg.Within(issuer.ID, q.Within)) && (level == nil || issuer.Level == *level)
	}
	var figures, people []store.Evidence
	for _, s := range found {
		if s.Mention.EntityID == e.ID && inScope(s) {
			figures = append(figures, s)
		}
		if s.Mention.EntityID == comparison.Population {
			people = append(people, s)
		}
	}
	population := comparison.People(judged(x, comparison.Population, people))
	of, verdicts := judged(x, e.ID, figures)
	metrics := model.NewMetrics(figures)
	c := &model.MetricComparison{Rows: []*model.MetricRow{}, Contradictions: []*model.Contradiction{}}
	if c.Indicator, err = one[model.Indicator](e, nil); err != nil {
		return nil, err
	}
	asked := func(i int) bool {
		year := verdicts[i].Period.Year
		return (from == nil || year >= *from) && (to == nil || year != 0 && year <= *to)
	}
	for i, v := range verdicts {
		if !asked(i) {
			continue
		}
		row := &model.MetricRow{
			JurisdictionID: of[i].IssuerID, Year: v.Period.Year, Metric: metrics[i], Unit: of[i].Mention.Metric.Unit,
			Cumulative: v.Period.Class == comparison.Cumulative, Comparable: v.Comparable, PerTenThousand: population.PerTenThousand(of[i], v),
		}
		row.SetReason(v.Reason)
		c.Rows = append(c.Rows, row)
	}
	slices.SortStableFunc(c.Rows, func(a, b *model.MetricRow) int {
		return cmp.Or(cmp.Compare(a.JurisdictionID, b.JurisdictionID), cmp.Compare(a.Year, b.Year), store.CompareMentions(a.Metric.Mention, b.Metric.Mention))
	})
	model.Join(c.Rows)
	for _, found := range comparison.Contradictions(of, verdicts) {
		if asked(found.Later) {
			c.Contradictions = append(c.Contradictions, &model.Contradiction{
				Earlier: metrics[found.Earlier], Later: metrics[found.Later],
				Claimed: metrics[found.Later].Value, Reported: metrics[found.Earlier].Value,
			})
		}
	}
	return c, nil
}
