package graph

import (
	"context"
	"slices"

	"graphd/graph/model"
	"graphd/internal/adoption"
	"graphd/internal/kg"
	"graphd/internal/store"
)

// Relations between reports and entities are paged over the index; the store is
// asked for what the page shows, in one question for all parents.

// entityField tells the fields of an entity as package store does.
func entityField(e kg.Entity, field string) any {
	switch field {
	case "id":
		return e.ID
	case "name":
		return text(e.Name)
	case "names":
		return store.Names(e)
	case "reportCount":
		return int64(e.ReportCount)
	case "mentionCount":
		return int64(e.MentionCount)
	case "scope":
		return text(e.Scope)
	case "category":
		return text(e.Category)
	case "variantOf":
		return text(e.VariantOf)
	case "partOf":
		return text(e.PartOf)
	}
	panic("graph: an entity in memory has no field " + field)
}

// reportField tells the fields of a report as package store does.
func reportField(r kg.Report, field string) any {
	switch field {
	case "id":
		return r.ID
	case "title":
		return text(r.Title)
	case "issuer":
		return text(r.IssuerID)
	case "department":
		return text(r.Department)
	case "year":
		return number(r.Year)
	case "published":
		return text(r.Published)
	case "docNumber":
		return text(r.DocNumber)
	case "composed":
		return r.Composed
	}
	panic("graph: a report in memory has no field " + field)
}

// indexed tells whether the index alone can answer the list of reports.
func (l list) indexed() bool {
	ok := func(field string) bool { return slices.Contains([]string{"", "id", "issuer", "year"}, field) }
	var all func(f store.Filter) bool
	all = func(f store.Filter) bool {
		other := func(f store.Filter) bool { return !all(f) }
		return ok(f.Field) && !slices.ContainsFunc(f.And, other) && !slices.ContainsFunc(f.Or, other) && (f.Not == nil || all(*f.Not))
	}
	return (l.Where == nil || all(*l.Where)) && !slices.ContainsFunc(l.OrderBy, func(o store.Order) bool { return !ok(o.Field) })
}

// stretch is one parent's page of relations.
type stretch struct {
	page      store.Page
	relations []adoption.Relation
	nodes     []*model.Report
}

// reportPages pages through relations, list by list, and makes the reports of
// all pages siblings.
func (r *Resolver) reportPages(ctx context.Context, l list, lists [][]adoption.Relation) ([]stretch, error) {
	reportOf := func(rel adoption.Relation) kg.Report {
		return kg.Report{ID: rel.ReportID, IssuerID: rel.IssuerID, Year: rel.Year}
	}
	idOf := func(rel adoption.Relation) string { return rel.ReportID }
	var found map[string]kg.Report
	var err error
	if !l.indexed() {
		if found, err = r.reports(ctx, each(slices.Concat(lists...), idOf), false); err != nil {
			return nil, err
		}
		reportOf = func(rel adoption.Relation) kg.Report { return found[rel.ReportID] }
		for _, rel := range slices.Concat(lists...) {
			if _, ok := found[rel.ReportID]; !ok {
				return nil, errMoved()
			}
		}
	}
	pages := make([]stretch, len(lists))
	picked := make([][]adoption.Relation, len(lists))
	for i, relations := range lists {
		pages[i].page, picked[i] = pick(l, relations, func(rel adoption.Relation, field string) any { return reportField(reportOf(rel), field) })
	}
	ids := each(slices.Concat(picked...), idOf)
	if found == nil {
		if found, err = r.reports(ctx, ids, false); err != nil {
			return nil, err
		}
	}
	nodes, err := showReports(ids, found)
	if err != nil {
		return nil, err
	}
	for i, nodes := range regroup(picked, nodes) {
		pages[i].relations, pages[i].nodes = picked[i], nodes
	}
	return pages, nil
}

// naming makes, for each entity, the connection to the reports that name it.
func (r *Resolver) naming(ctx context.Context, l list, of []kg.Entity, min kg.Status) ([]*model.Connection[model.NamingEdge[*model.Report]], error) {
	x, err := indexOf(ctx)
	if err != nil {
		return nil, err
	}
	pages, err := r.reportPages(ctx, l, each(of, func(e kg.Entity) []adoption.Relation {
		return x.Reports(adoption.RelationQuery{EntityID: e.ID, MinStatus: min})
	}))
	if err != nil {
		return nil, err
	}
	connections := make([]*model.Connection[model.NamingEdge[*model.Report]], len(of))
	for i, p := range pages {
		connections[i] = connect(l, p.page, func(k int, cursor string) *model.NamingEdge[*model.Report] {
			return &model.NamingEdge[*model.Report]{
				Edge:    model.Edge[*model.Report]{Cursor: cursor, Node: p.nodes[k]},
				Claim:   model.Claim{Reports: []string{p.relations[k].ReportID}, Entities: []string{of[i].ID}},
				Status:  p.relations[k].Status,
				InForce: inForce(of[i], p.relations[k].Year),
			}
		})
	}
	return joinEdges(connections), nil
}

// joinEdges makes the edges of all connections siblings.
func joinEdges[E any, P model.Member[E]](connections []*model.Connection[E]) []*model.Connection[E] {
	var edges []P
	for _, c := range connections {
		for _, e := range c.Edges {
			edges = append(edges, e)
		}
	}
	model.Join(edges)
	return connections
}

// namedBy makes, for each report, the connection to the entities of a kind that
// it names.
func namedBy[T any, P entityMember[T]](ctx context.Context, l list, reports []*model.Report, kind kg.Kind) ([]*model.Connection[model.NamingEdge[P]], error) {
	x, err := indexOf(ctx)
	if err != nil {
		return nil, err
	}
	type naming struct {
		kg.Entity
		status kg.Status
	}
	pages, picked := make([]store.Page, len(reports)), make([][]naming, len(reports))
	for i, report := range reports {
		var terms []naming
		for _, t := range x.Terms(report.Report.ID) {
			if e, _ := x.Entity(t.EntityID); e.Kind == kind {
				terms = append(terms, naming{e, t.Status})
			}
		}
		pages[i], picked[i] = pick(l, terms, func(n naming, field string) any { return entityField(n.Entity, field) })
	}
	var ids []string
	for _, n := range slices.Concat(picked...) {
		ids = append(ids, n.ID)
	}
	flat, err := entities[T, P](ctx, ids)
	if err != nil {
		return nil, err
	}
	nodes := regroup(picked, flat)
	connections := make([]*model.Connection[model.NamingEdge[P]], len(reports))
	for i, report := range reports {
		connections[i] = connect(l, pages[i], func(k int, cursor string) *model.NamingEdge[P] {
			n := picked[i][k]
			return &model.NamingEdge[P]{
				Edge:    model.Edge[P]{Cursor: cursor, Node: nodes[i][k]},
				Claim:   model.Claim{Reports: []string{report.Report.ID}, Entities: []string{n.ID}},
				Status:  n.status,
				InForce: inForce(n.Entity, report.Report.Year),
			}
		})
	}
	return joinEdges(connections), nil
}

// figures makes connections of figures found, list by list.
func figures(ctx context.Context, l list, lists [][]store.Evidence) ([]*model.MetricConnection, error) {
	x, err := indexOf(ctx)
	if err != nil {
		return nil, err
	}
	value := func(e store.Evidence, field string) any {
		report, _ := x.Report(e.Mention.ReportID)
		m := e.Mention
		switch field {
		case "id":
			return m.ID
		case "report":
			return m.ReportID
		case "indicator":
			return text(m.EntityID)
		case "label":
			return text(m.Metric.Label)
		case "value":
			return m.Metric.Value
		case "unit":
			return text(m.Metric.Unit)
		case "approximate":
			return m.Metric.Approximate
		case "target":
			return m.Metric.Target
		case "period":
			return text(m.Metric.Period)
		case "year":
			return number(report.Year)
		case "issuer":
			return text(report.IssuerID)
		case "start":
			return int64(m.Start)
		}
		panic("graph: a figure in memory has no field " + field)
	}
	pages, picked := make([]store.Page, len(lists)), make([][]store.Evidence, len(lists))
	for i, found := range lists {
		pages[i], picked[i] = pick(l, found, value)
	}
	nodes := regroup(picked, model.NewMetrics(slices.Concat(picked...)))
	connections := make([]*model.MetricConnection, len(lists))
	for i := range lists {
		connections[i] = connectNodes(l, pages[i], nodes[i])
	}
	return connections, nil
}
