package graph

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"graphd/graph/model"
	"graphd/internal/diffusion"
	"graphd/internal/kg"
	"graphd/internal/store"
)

// together resolves the running field for all siblings of objs in one call of
// resolve, which gets them all and returns one result for each.
func together[T, R any, P model.Member[T]](ctx context.Context, objs []P, resolve func(all []P) ([]R, error)) ([]R, error) {
	return model.ForAll(objs, graphql.GetFieldContext(ctx).Field.Alias, resolve)
}

// each maps a list.
func each[T, R any](list []T, f func(T) R) []R {
	out := make([]R, len(list))
	for i, v := range list {
		out[i] = f(v)
	}
	return out
}

// regroup cuts a flat list into pieces as long as those of groups.
func regroup[T, U any](groups [][]U, flat []T) [][]T {
	out := make([][]T, len(groups))
	for i, g := range groups {
		out[i], flat = flat[:len(g):len(g)], flat[len(g):]
	}
	return out
}

// distinct is the members of list in ascending order, each once, without the
// empty string. It is never nil.
func distinct(list []string) []string {
	list = slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == "" })
	slices.Sort(list)
	return slices.Compact(append([]string{}, list...))
}

// entityMember is a pointer to a model of an entity.
type entityMember[T any] interface {
	model.Member[T]
	Show(kg.Entity)
}

// entities makes siblings that show the entities with the given IDs; nil for an
// empty ID.
func entities[T any, P entityMember[T]](ctx context.Context, ids []string) ([]P, error) {
	x, err := indexOf(ctx)
	if err != nil {
		return nil, err
	}
	nodes := make([]P, len(ids))
	for i, id := range ids {
		if id == "" {
			continue
		}
		e, ok := x.Entity(id)
		if !ok {
			return nil, errMoved()
		}
		nodes[i] = new(T)
		nodes[i].Show(e)
	}
	return model.Join(nodes), nil
}

// entityLists is entities for lists.
func entityLists[T any, P entityMember[T]](ctx context.Context, ids [][]string) ([][]P, error) {
	flat, err := entities[T, P](ctx, slices.Concat(ids...))
	if err != nil {
		return nil, err
	}
	return regroup(ids, flat), nil
}

// reports reads the reports with the given IDs; those it does not find are left
// out.
func (r *Resolver) reports(ctx context.Context, ids []string, full bool) (map[string]kg.Report, error) {
	found := map[string]kg.Report{}
	if ids = distinct(ids); len(ids) == 0 {
		return found, nil
	}
	reports, err := r.reading(ctx).Reports(ctx, ids, full)
	for _, r := range reports {
		found[r.ID] = r
	}
	return found, err
}

// reportNodes makes siblings that show the reports with the given IDs.
func (r *Resolver) reportNodes(ctx context.Context, ids []string) ([]*model.Report, error) {
	found, err := r.reports(ctx, ids, false)
	if err != nil {
		return nil, err
	}
	return showReports(ids, found)
}

func showReports(ids []string, found map[string]kg.Report) ([]*model.Report, error) {
	nodes := make([]*model.Report, len(ids))
	for i, id := range ids {
		report, ok := found[id]
		if !ok {
			return nil, errMoved()
		}
		nodes[i] = &model.Report{Report: report}
	}
	return model.Join(nodes), nil
}

// fullReports reads the reports with their text, once for all fields that
// need it.
func (r *Resolver) fullReports(ctx context.Context, objs []*model.Report) ([]kg.Report, error) {
	return model.ForAll(objs, "full", func(all []*model.Report) ([]kg.Report, error) {
		ids := each(all, func(o *model.Report) string { return o.Report.ID })
		found, err := r.reports(ctx, ids, true)
		if err != nil {
			return nil, err
		}
		full := make([]kg.Report, len(ids))
		for i, id := range ids {
			var ok bool
			if full[i], ok = found[id]; !ok {
				return nil, errMoved()
			}
		}
		return full, nil
	})
}

// mentions finds the mentions that prove each claim, ordered by report and
// place in its text.
func (r *Resolver) mentions(ctx context.Context, claims []model.Claim) ([][]store.Evidence, error) {
	var reports, named []string
	for _, c := range claims {
		reports, named = append(reports, c.Reports...), append(named, c.Entities...)
	}
	if len(reports) == 0 || len(named) == 0 {
		return make([][]store.Evidence, len(claims)), nil
	}
	found, err := r.reading(ctx).Mentions(ctx, store.MentionQuery{Reports: distinct(reports), Entities: distinct(named)})
	if err != nil {
		return nil, err
	}
	type pair struct{ report, entity string }
	byPair := map[pair][]store.Evidence{}
	for _, e := range found {
		p := pair{e.Mention.ReportID, e.Mention.EntityID}
		byPair[p] = append(byPair[p], e)
	}
	proofs := make([][]store.Evidence, len(claims))
	for i, c := range claims {
		for _, report := range c.Reports {
			for _, entity := range c.Entities {
				proofs[i] = append(proofs[i], byPair[pair{report, entity}]...)
			}
		}
		proofs[i] = slices.DeleteFunc(proofs[i], func(e store.Evidence) bool { return e.Mention.Status < c.MinStatus })
		slices.SortFunc(proofs[i], func(a, b store.Evidence) int { return store.CompareMentions(a.Mention, b.Mention) })
	}
	return proofs, nil
}

// evidence shows the mentions that prove each claim.
func (r *Resolver) evidence(ctx context.Context, claims []model.Claim) ([][]*model.Evidence, error) {
	proofs, err := r.mentions(ctx, claims)
	if err != nil {
		return nil, err
	}
	return showEvidence(proofs), nil
}

// adoptionProofs are the mentions that prove adoptions, read once for all fields
// that need them.
func (r *Resolver) adoptionProofs(ctx context.Context, objs []*model.Adoption) ([][]store.Evidence, error) {
	return model.ForAll(objs, "proof", func(all []*model.Adoption) ([][]store.Evidence, error) {
		return r.mentions(ctx, each(all, (*model.Adoption).Claim))
	})
}

// claimedSince is, for each adoption, the one year before that of the report in
// which the words that prove it say that it began; nil if they name none, or
// several.
func (r *Resolver) claimedSince(ctx context.Context, adoptions []*model.Adoption) ([]*int, error) {
	proofs, err := r.adoptionProofs(ctx, adoptions)
	if err != nil {
		return nil, err
	}
	claims := make([]*int, len(adoptions))
	for i, a := range adoptions {
		var years []int
		for _, e := range proofs[i] {
			if year, ok := diffusion.ClaimedSince(e.PassageText, a.Since); ok {
				years = append(years, year)
			}
		}
		slices.Sort(years)
		if years = slices.Compact(years); len(years) == 1 {
			claims[i] = &years[0]
		}
	}
	return claims, nil
}

// articles lists the articles that the mentions which prove each claim cite.
func (r *Resolver) articles(ctx context.Context, claims []model.Claim) ([][]string, error) {
	proofs, err := r.mentions(ctx, claims)
	if err != nil {
		return nil, err
	}
	lists := make([][]string, len(claims))
	for i, proof := range proofs {
		for _, e := range proof {
			if a := e.Mention.Article; a != "" && !slices.Contains(lists[i], a) {
				lists[i] = append(lists[i], a)
			}
		}
	}
	return lists, nil
}

// nodes makes the nodes with the given IDs, those of one type siblings; nil
// stands for an unknown one.
func (r *Resolver) nodes(ctx context.Context, ids []model.ID) ([]model.Node, error) {
	nodes := make([]model.Node, len(ids))
	for _, place := range []func(context.Context, []model.ID, []model.Node) error{
		placing[model.Jurisdiction](kg.KindJurisdiction), placing[model.Practice](kg.KindPractice), placing[model.Law](kg.KindLaw),
		placing[model.LawFirm](kg.KindLawFirm), placing[model.Indicator](kg.KindIndicator), r.placeReports, r.placeMentions,
		r.placeDecisions,
	} {
		if err := place(ctx, ids, nodes); err != nil {
			return nil, err
		}
	}
	return nodes, nil
}

// placing places the entities of a kind among nodes.
func placing[T any, P interface {
	entityMember[T]
	model.Entity
}](kind kg.Kind) func(context.Context, []model.ID, []model.Node) error {
	return func(ctx context.Context, ids []model.ID, nodes []model.Node) error {
		x, err := indexOf(ctx)
		if err != nil {
			return err
		}
		var siblings []P
		for i, id := range ids {
			if e, ok := x.Entity(string(id)); ok && e.Kind == kind {
				n := P(new(T))
				n.Show(e)
				nodes[i], siblings = n, append(siblings, n)
			}
		}
		model.Join(siblings)
		return nil
	}
}

// present is nodes where every ID that is not empty must stand for something.
func (r *Resolver) present(ctx context.Context, ids []model.ID) ([]model.Node, error) {
	nodes, err := r.nodes(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i, n := range nodes {
		if n == nil && ids[i] != "" {
			return nil, errMoved()
		}
	}
	return nodes, nil
}

// presentLists is present for lists.
func (r *Resolver) presentLists(ctx context.Context, lists [][]string) ([][]model.Node, error) {
	flat, err := r.present(ctx, each(slices.Concat(lists...), asID))
	if err != nil {
		return nil, err
	}
	return regroup(lists, flat), nil
}

func asID(id string) model.ID { return model.ID(id) }

func ofType(ids []model.ID, types ...kg.NodeType) []string {
	var list []string
	for _, id := range ids {
		if t, ok := kg.TypeOf(string(id)); ok && slices.Contains(types, t) {
			list = append(list, string(id))
		}
	}
	return list
}

func (r *Resolver) placeReports(ctx context.Context, ids []model.ID, nodes []model.Node) error {
	found, err := r.reports(ctx, ofType(ids, kg.NodeReport), false)
	if err != nil {
		return err
	}
	var siblings []*model.Report
	for i, id := range ids {
		if report, ok := found[string(id)]; ok {
			n := &model.Report{Report: report}
			nodes[i], siblings = n, append(siblings, n)
		}
	}
	model.Join(siblings)
	return nil
}

func (r *Resolver) placeMentions(ctx context.Context, ids []model.ID, nodes []model.Node) error {
	asked := ofType(ids, kg.NodeMention, kg.NodeMetric)
	if len(asked) == 0 {
		return nil
	}
	found, err := r.mentionsByID(ctx, each(asked, func(id string) string { return model.MentionID(model.ID(id)) }))
	if err != nil {
		return err
	}
	var figures []store.Evidence
	var figureAt []int
	var mentions []*model.Mention
	for i, id := range ids {
		e, ok := found[model.MentionID(id)]
		switch t, _ := kg.TypeOf(string(id)); {
		case !ok:
		case t == kg.NodeMetric:
			figures, figureAt = append(figures, e), append(figureAt, i)
		default:
			n := &model.Mention{Mention: e.Mention}
			nodes[i], mentions = n, append(mentions, n)
		}
	}
	model.Join(mentions)
	for k, n := range model.NewMetrics(figures) {
		nodes[figureAt[k]] = n
	}
	return nil
}

// mentionsByID reads mentions; those it does not find are left out.
func (r *Resolver) mentionsByID(ctx context.Context, ids []string) (map[string]store.Evidence, error) {
	found := map[string]store.Evidence{}
	if ids = distinct(ids); len(ids) == 0 {
		return found, nil
	}
	evidence, err := r.reading(ctx).Mentions(ctx, store.MentionQuery{IDs: ids})
	for _, e := range evidence {
		found[e.Mention.ID] = e
	}
	return found, err
}

// single is a value without siblings.
func single[T any, P model.Member[T]](v P) P { return model.Join([]P{v})[0] }

// one shows an entity that was looked up alone.
func one[T any, P entityMember[T]](e kg.Entity, err error) (P, error) {
	if err != nil {
		return nil, err
	}
	n := P(new(T))
	n.Show(e)
	return single(n), nil
}

// filter is a pointer to f.
func filter(f store.Filter) *store.Filter { return &f }

// or is what p points to, or else.
func or[T any](p *T, otherwise T) T {
	if p == nil {
		return otherwise
	}
	return *p
}
