package graph

import (
	"cmp"
	"context"
	"slices"

	"graphd/graph/model"
	"graphd/internal/adoption"
	"graphd/internal/kg"
	"graphd/internal/store"
)

// Lists of the query itself are paged by the store, those of a report or an
// entity in memory.

func (r *Resolver) reportPage(ctx context.Context, l list) (*model.ReportConnection, error) {
	page, err := r.reading(ctx).Page(ctx, l.PageQuery)
	if err != nil {
		return nil, err
	}
	nodes, err := r.reportNodes(ctx, each(page.Keys, keyID))
	if err != nil {
		return nil, err
	}
	return connectNodes(l, page, nodes), nil
}

func keyID(k store.Key) string { return k.ID }

func entityPage[T any, P entityMember[T]](ctx context.Context, r *Resolver, q store.PageQuery, p paging) (*model.Connection[model.Edge[P]], error) {
	l, err := r.newList(ctx, string(q.Of), q, p)
	if err != nil {
		return nil, err
	}
	page, err := r.reading(ctx).Page(ctx, l.PageQuery)
	if err != nil {
		return nil, err
	}
	nodes, err := entities[T, P](ctx, each(page.Keys, keyID))
	if err != nil {
		return nil, err
	}
	return connectNodes(l, page, nodes), nil
}

func (r *Resolver) metricPage(ctx context.Context, l list) (*model.MetricConnection, error) {
	page, err := r.reading(ctx).Page(ctx, l.PageQuery)
	if err != nil {
		return nil, err
	}
	found, err := r.mentionsByID(ctx, each(page.Keys, keyID))
	if err != nil {
		return nil, err
	}
	figures := store.Arrange(each(page.Keys, keyID), found)
	if len(figures) < len(page.Keys) {
		return nil, errMoved()
	}
	return connectNodes(l, page, model.NewMetrics(figures)), nil
}

// indicatorMetrics pages through the figures of each indicator. Those of one
// indicator may be very many, so the store pages them; those of several it
// gives in one answer.
func (r *Resolver) indicatorMetrics(ctx context.Context, l list, indicators []*model.Indicator) ([]*model.MetricConnection, error) {
	ids := each(indicators, func(i *model.Indicator) string { return i.Entity.ID })
	if len(ids) == 1 {
		l.Where = &store.Filter{And: []store.Filter{{Field: "indicator", Op: store.OpEq, Value: ids[0]}, *l.Where}}
		c, err := r.metricPage(ctx, l)
		return []*model.MetricConnection{c}, err
	}
	found, err := r.reading(ctx).Mentions(ctx, store.MentionQuery{Entities: ids, Kinds: []kg.Kind{kg.KindMetric}})
	if err != nil {
		return nil, err
	}
	return figures(ctx, l, group(ids, found, func(e store.Evidence) string { return e.Mention.EntityID }))
}

// group picks, for each ID, the elements that have it.
func group[T any](ids []string, elements []T, id func(T) string) [][]T {
	byID := map[string][]T{}
	for _, e := range elements {
		byID[id(e)] = append(byID[id(e)], e)
	}
	return each(ids, func(id string) []T { return byID[id] })
}

// mentionsIn reads the mentions of each report that q selects.
func (r *Resolver) mentionsIn(ctx context.Context, reports []*model.Report, q store.MentionQuery) ([][]store.Evidence, error) {
	q.Reports = each(reports, func(o *model.Report) string { return o.Report.ID })
	found, err := r.reading(ctx).Mentions(ctx, q)
	return group(q.Reports, found, func(e store.Evidence) string { return e.Mention.ReportID }), err
}

// byPlace is the order of mentions in one report.
var byPlace = []store.Order{{Field: "start"}, {Field: "end"}, {Field: "kind"}}

func (r *Resolver) mentionPages(ctx context.Context, l list, reports []*model.Report, kinds []kg.Kind) ([]*model.MentionConnection, error) {
	found, err := r.mentionsIn(ctx, reports, store.MentionQuery{Kinds: kinds})
	if err != nil {
		return nil, err
	}
	pages, picked := make([]store.Page, len(reports)), make([][]store.Evidence, len(reports))
	for i := range reports {
		pages[i], picked[i] = pick(l, found[i], func(e store.Evidence, field string) any {
			switch field {
			case "start":
				return int64(e.Mention.Start)
			case "end":
				return int64(e.Mention.End)
			case "kind":
				return string(e.Mention.Kind)
			}
			return e.Mention.ID
		})
	}
	nodes := regroup(picked, model.Join(each(slices.Concat(picked...), func(e store.Evidence) *model.Mention {
		return &model.Mention{Mention: e.Mention}
	})))
	connections := make([]*model.MentionConnection, len(reports))
	for i := range reports {
		connections[i] = connectNodes(l, pages[i], nodes[i])
	}
	return connections, nil
}

func (r *Resolver) unresolved(ctx context.Context, reports []*model.Report) ([][]*model.Unresolved, error) {
	found, err := r.mentionsIn(ctx, reports, store.MentionQuery{Unresolved: true})
	if err != nil {
		return nil, err
	}
	return regroup(found, model.Join(each(slices.Concat(found...), func(e store.Evidence) *model.Unresolved {
		return &model.Unresolved{Mention: e.Mention}
	}))), nil
}

// passages are a report's passages with their words.
func passages(r kg.Report) []*model.Passage {
	text := []rune(r.Text)
	return each(r.Passages, func(p kg.Passage) *model.Passage {
		return &model.Passage{Passage: p, Text: string(text[p.Start:p.End])}
	})
}

// parents are the figures with the given IDs; nil for an empty one.
func (r *Resolver) parents(ctx context.Context, ids []string) ([]*model.Metric, error) {
	found, err := r.mentionsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	var figures []store.Evidence
	for _, id := range ids {
		e, ok := found[id]
		if id != "" && !ok {
			return nil, errMoved()
		} else if ok {
			figures = append(figures, e)
		}
	}
	shown := model.NewMetrics(figures)
	parents := make([]*model.Metric, len(ids))
	for i, id := range ids {
		if id != "" {
			parents[i], shown = shown[0], shown[1:]
		}
	}
	return parents, nil
}

// children pages through the divisions right below each jurisdiction.
func children(ctx context.Context, l list, jurisdictions []*model.Jurisdiction) ([]*model.JurisdictionConnection, error) {
	x, err := indexOf(ctx)
	if err != nil {
		return nil, err
	}
	pages, picked := make([]store.Page, len(jurisdictions)), make([][]string, len(jurisdictions))
	for i, j := range jurisdictions {
		pages[i], picked[i] = pick(l, x.Children(j.Entity.ID), func(id, _ string) any { return id })
	}
	nodes, err := entityLists[model.Jurisdiction](ctx, picked)
	if err != nil {
		return nil, err
	}
	connections := make([]*model.JurisdictionConnection, len(jurisdictions))
	for i := range jurisdictions {
		connections[i] = connectNodes(l, pages[i], nodes[i])
	}
	return connections, nil
}

// issued pages through the reports that each jurisdiction issued.
func (r *Resolver) issued(ctx context.Context, l list, jurisdictions []*model.Jurisdiction) ([]*model.ReportConnection, error) {
	x, err := indexOf(ctx)
	if err != nil {
		return nil, err
	}
	pages, err := r.reportPages(ctx, l, each(jurisdictions, func(j *model.Jurisdiction) []adoption.Relation { return x.Issued(j.Entity.ID) }))
	return each(pages, func(p stretch) *model.ReportConnection { return connectNodes(l, p.page, p.nodes) }), err
}

// docNumbers tells, for each law, which document number its citations give
// most often, the first in order of equally frequent ones.
func (r *Resolver) docNumbers(ctx context.Context, ids []string) ([]*string, error) {
	found, err := r.reading(ctx).Mentions(ctx, store.MentionQuery{Entities: distinct(ids), Kinds: []kg.Kind{kg.KindLaw}})
	if err != nil {
		return nil, err
	}
	return each(group(ids, found, func(e store.Evidence) string { return e.Mention.EntityID }), func(citations []store.Evidence) *string {
		count := map[string]int{}
		for _, e := range citations {
			if n := e.Mention.DocNumber; n != "" {
				count[n]++
			}
		}
		var best *string
		for n := range count {
			if best == nil || cmp.Or(cmp.Compare(count[*best], count[n]), cmp.Compare(n, *best)) < 0 {
				best = &n
			}
		}
		return best
	}), nil
}

// client is a jurisdiction whose reports name a law firm.
type client struct {
	id      string
	years   []int
	reports []string
}

// clientsOf groups the reports that name a firm by issuer.
func clientsOf(x *adoption.Index, firmID string, q adoption.RelationQuery) []client {
	var clients []client
	at := map[string]int{}
	q.EntityID = firmID
	for _, rel := range x.Reports(q) {
		if rel.IssuerID == "" {
			continue
		}
		i, ok := at[rel.IssuerID]
		if !ok {
			i = len(clients)
			at[rel.IssuerID] = i
			clients = append(clients, client{id: rel.IssuerID})
		}
		clients[i].reports = append(clients[i].reports, rel.ReportID)
		if rel.Year != 0 && !slices.Contains(clients[i].years, rel.Year) {
			clients[i].years = append(clients[i].years, rel.Year)
		}
	}
	for _, c := range clients {
		slices.Sort(c.years)
	}
	return clients
}

// clientPages pages through the clients of each law firm.
func clientPages(ctx context.Context, l list, firms []*model.LawFirm, q adoption.RelationQuery) ([]*model.LawFirmClientConnection, error) {
	x, err := indexOf(ctx)
	if err != nil {
		return nil, err
	}
	pages, picked := make([]store.Page, len(firms)), make([][]client, len(firms))
	for i, f := range firms {
		pages[i], picked[i] = pick(l, clientsOf(x, f.Entity.ID, q), func(c client, _ string) any { return c.id })
	}
	nodes, err := entityLists[model.Jurisdiction](ctx, each(picked, func(cs []client) []string {
		return each(cs, func(c client) string { return c.id })
	}))
	if err != nil {
		return nil, err
	}
	connections := make([]*model.LawFirmClientConnection, len(firms))
	for i, f := range firms {
		connections[i] = connect(l, pages[i], func(k int, cursor string) *model.LawFirmClientEdge {
			c := picked[i][k]
			return &model.LawFirmClientEdge{
				Edge:  model.Edge[*model.Jurisdiction]{Cursor: cursor, Node: nodes[i][k]},
				Claim: model.Claim{Reports: c.reports, Entities: []string{f.Entity.ID}}, Years: c.years,
			}
		})
	}
	return joinEdges(connections), nil
}
