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

// Questions across reports: the index answers them, the store is asked for the
// words that prove the part of the answer that is shown.

// upTo is how many elements of a list are asked for.
func upTo(first *int, otherwise int) (int, error) {
	n := or(first, otherwise)
	if n < 1 || n > maxPage {
		return 0, badInput("first must be from 1 to %d", maxPage)
	}
	return n, nil
}

// head is the first n elements of a list.
func head[T any](list []T, n int) []T { return list[:min(n, len(list))] }

// asking is what questions across reports have in common: a region, years, and
// how much is wanted.
func (r *Resolver) asking(ctx context.Context, within *model.ID, from, to, first *int, otherwise int) (x *adoption.Index, q adoption.UseQuery, n int, err error) {
	if x, err = indexOf(ctx); err != nil {
		return nil, q, 0, err
	}
	if n, err = upTo(first, otherwise); err != nil {
		return nil, q, 0, err
	}
	if err = checkYears(from, to); err != nil {
		return nil, q, 0, err
	}
	q = adoption.UseQuery{From: or(from, 0), To: or(to, 0)}
	q.Within, err = r.region(ctx, within)
	return x, q, n, err
}

func (r *Resolver) trending(ctx context.Context, within *model.ID, level *kg.Level, from, to int, minStatus *kg.Status, first *int) ([]*model.Trend, error) {
	x, q, n, err := r.asking(ctx, within, &from, &to, first, 20)
	if err != nil {
		return nil, err
	}
	if from == to {
		return nil, badInput("from must be before to: a gain takes two years")
	}
	min := or(minStatus, kg.StatusImplemented)
	found := head(x.Trending(adoption.TrendQuery{Within: q.Within, Level: or(level, ""), From: from, To: to, MinStatus: min}), n)
	var shares []*model.Share
	trends := each(found, func(t adoption.Trend) *model.Trend {
		m := &model.Trend{
			PracticeID: t.PracticeID, First: newShare(t.First), Last: newShare(t.Last), Gain: t.Gain, GainLow: t.Low, GainHigh: t.High,
			MinStatus: min, Adopters: t.NewAdopters,
		}
		shares = append(shares, m.First, m.Last)
		return m
	})
	model.Join(shares)
	return model.Join(trends), nil
}

func newShare(s adoption.Share) *model.Share {
	return &model.Share{RegionID: s.RegionID, Observed: s.Observed, Adopting: s.Adopting, Share: s.Share, Low: s.Low, High: s.High}
}

func (r *Resolver) coAdoption(ctx context.Context, practice model.ID, within *model.ID, from, to, first *int) ([]*model.CoAdoption, error) {
	x, q, n, err := r.asking(ctx, within, from, to, first, 20)
	if err != nil {
		return nil, err
	}
	e, err := r.asked(ctx, kg.KindPractice, practice)
	if err != nil {
		return nil, err
	}
	found := x.CoAdoptions(adoption.CoAdoptionQuery{PracticeID: e.ID, Within: q.Within, From: q.From, To: q.To})
	return model.Join(each(head(found, n), func(c adoption.CoAdoption) *model.CoAdoption {
		return &model.CoAdoption{CoAdoption: c, ThisID: e.ID}
	})), nil
}

// coAdopters shows the first n jurisdictions that adopt both practices.
func coAdopters(ctx context.Context, all []*model.CoAdoption, n int) ([][]*model.CoAdopter, error) {
	x, err := indexOf(ctx)
	if err != nil {
		return nil, err
	}
	lists := each(all, func(c *model.CoAdoption) []*model.CoAdopter {
		return each(head(c.Jurisdictions, n), func(id string) *model.CoAdopter {
			return &model.CoAdopter{JurisdictionID: id, This: implemented(x, c.ThisID, id), Other: implemented(x, c.PracticeID, id)}
		})
	})
	flat := model.Join(slices.Concat(lists...))
	var adoptions []*model.Adoption
	for _, c := range flat {
		adoptions = append(adoptions, c.This, c.Other)
	}
	model.Join(adoptions)
	return lists, nil
}

// implemented is a jurisdiction's adoption of a practice or a variant of it.
func implemented(x *adoption.Index, practiceID, jurisdictionID string) *model.Adoption {
	q := adoption.SpreadQuery{PracticeID: practiceID, Within: jurisdictionID, MinStatus: kg.StatusImplemented, IncludeVariants: true}
	for _, a := range x.Adopters(q) {
		if a.JurisdictionID == jurisdictionID {
			return &model.Adoption{Adoption: a, MinStatus: q.MinStatus}
		}
	}
	return nil
}

func (r *Resolver) similarTo(ctx context.Context, jurisdiction model.ID, first *int) ([]*model.Similarity, error) {
	x, err := indexOf(ctx)
	if err != nil {
		return nil, err
	}
	n, err := upTo(first, 10)
	if err != nil {
		return nil, err
	}
	e, err := r.asked(ctx, kg.KindJurisdiction, jurisdiction)
	if err != nil {
		return nil, err
	}
	return model.Join(each(x.SimilarTo(e.ID, n), func(s adoption.Similarity) *model.Similarity {
		return &model.Similarity{Similarity: s, OfID: e.ID}
	})), nil
}

// sharedItems shows what the two sides of each pair name.
func sharedItems(ctx context.Context, pairs [][2]string, shared [][]adoption.Rarity) ([][]*model.SharedItem, error) {
	x, err := indexOf(ctx)
	if err != nil {
		return nil, err
	}
	lists := make([][]*model.SharedItem, len(pairs))
	for i, pair := range pairs {
		reports := append(reportsOf(x, pair[0]), reportsOf(x, pair[1])...)
		lists[i] = each(shared[i], func(s adoption.Rarity) *model.SharedItem {
			claim := model.Claim{Reports: reports, Entities: []string{s.EntityID}}
			if t, _ := kg.TypeOf(s.EntityID); t == kg.NodePractice {
				claim.MinStatus = kg.StatusImplemented
			}
			return &model.SharedItem{Claim: claim, EntityID: s.EntityID, Jurisdictions: s.Jurisdictions, Rarity: s.Rarity}
		})
	}
	model.Join(slices.Concat(lists...))
	return lists, nil
}

// reportsOf is the report with the given ID, or the reports that the
// jurisdiction with it issued.
func reportsOf(x *adoption.Index, id string) []string {
	if t, _ := kg.TypeOf(id); t == kg.NodeReport {
		return []string{id}
	}
	return each(x.Issued(id), func(r adoption.Relation) string { return r.ReportID })
}

func (r *Resolver) lawUse(ctx context.Context, within *model.ID, from, to, first *int) ([]*model.LawUse, error) {
	x, q, n, err := r.asking(ctx, within, from, to, first, 20)
	if err != nil {
		return nil, err
	}
	return model.Join(each(x.LawUses(q, n), func(u adoption.LawUse) *model.LawUse { return &model.LawUse{LawUse: u} })), nil
}

// articleUses counts the articles that the reports of each use cite.
func (r *Resolver) articleUses(ctx context.Context, uses []*model.LawUse, n int) ([][]*model.ArticleUse, error) {
	proofs, err := r.mentions(ctx, each(uses, func(u *model.LawUse) model.Claim {
		return model.Claim{Reports: u.ReportIDs, Entities: []string{u.LawID}}
	}))
	if err != nil {
		return nil, err
	}
	return each(proofs, func(citations []store.Evidence) []*model.ArticleUse {
		byArticle := map[string]int{}
		for _, c := range citations {
			if c.Mention.Article != "" {
				byArticle[c.Mention.Article]++
			}
		}
		articles := []*model.ArticleUse{}
		for article, citations := range byArticle {
			articles = append(articles, &model.ArticleUse{Article: article, Citations: citations})
		}
		slices.SortFunc(articles, func(a, b *model.ArticleUse) int {
			return cmp.Or(cmp.Compare(b.Citations, a.Citations), cmp.Compare(a.Article, b.Article))
		})
		return head(articles, n)
	}), nil
}

// firstEvidence shows the first n words with which any of reports names the
// entity, list by list. As many reports are read, for each has some.
func (r *Resolver) firstEvidence(ctx context.Context, reports [][]string, entities []string, n int) ([][]*model.Evidence, error) {
	claims := make([]model.Claim, len(reports))
	for i, ids := range reports {
		claims[i] = model.Claim{Reports: head(distinct(ids), n), Entities: entities[i : i+1]}
	}
	proofs, err := r.mentions(ctx, claims)
	if err != nil {
		return nil, err
	}
	return showEvidence(each(proofs, func(found []store.Evidence) []store.Evidence { return head(found, n) })), nil
}

// showEvidence shows mentions as evidence, list by list.
func showEvidence(lists [][]store.Evidence) [][]*model.Evidence {
	return regroup(lists, model.Join(each(slices.Concat(lists...), model.NewEvidence)))
}

func (r *Resolver) lawFirmUse(ctx context.Context, within *model.ID, from, to, first *int) ([]*model.LawFirmUse, error) {
	x, q, n, err := r.asking(ctx, within, from, to, first, 20)
	if err != nil {
		return nil, err
	}
	return model.Join(each(head(x.FirmUses(q), n), func(u adoption.FirmUse) *model.LawFirmUse { return &model.LawFirmUse{FirmUse: u} })), nil
}

func (r *Resolver) lawFirmChanges(ctx context.Context, within *model.ID, from, to, first *int) ([]*model.LawFirmChange, error) {
	x, q, n, err := r.asking(ctx, within, from, to, first, 20)
	if err != nil {
		return nil, err
	}
	return model.Join(each(head(x.FirmChanges(q), n), func(c adoption.FirmChange) *model.LawFirmChange { return &model.LawFirmChange{FirmChange: c} })), nil
}

func (r *Resolver) path(ctx context.Context, from, to model.ID, maxLength *int) (*model.Path, error) {
	x, err := indexOf(ctx)
	if err != nil {
		return nil, err
	}
	n := or(maxLength, 6)
	if n < 1 || n > maxPath {
		return nil, badInput("maxLength must be from 1 to %d", maxPath)
	}
	ends := [2]string{}
	for i, arg := range []model.ID{from, to} {
		if ends[i], err = r.member(ctx, x, arg); err != nil {
			return nil, err
		}
	}
	found, ok := x.Path(ends[0], ends[1], n)
	if !ok {
		return nil, nil
	}
	p := single(&model.Path{IDs: found.IDs, Links: []*model.PathLink{}})
	for i, l := range found.Links {
		p.Links = append(p.Links, &model.PathLink{
			From: model.ID(found.IDs[i]), To: model.ID(found.IDs[i+1]), Kind: l.Kind(),
			Claim: model.Claim{Reports: []string{l.ReportID}, Entities: []string{l.EntityID}},
		})
	}
	model.Join(p.Links)
	return p, nil
}

// maxPath bounds the links of a path.
const maxPath = 12

// member is the ID of the report or entity that an end of a path stands for.
func (r *Resolver) member(ctx context.Context, x *adoption.Index, arg model.ID) (string, error) {
	if _, ok := x.Report(string(arg)); ok {
		return string(arg), nil
	}
	if _, ok := x.Entity(string(arg)); ok {
		return string(arg), nil
	}
	name, ok := arg.Name()
	if !ok {
		return "", notFound("no report and no entity has the ID %q", arg.Opaque())
	}
	// Of things of different kinds with one name, the first kind's is meant:
	// a client who means another has its ID.
	for _, kind := range []kg.Kind{kg.KindPractice, kg.KindJurisdiction, kg.KindLaw, kg.KindLawFirm, kg.KindIndicator} {
		e, err := r.asked(ctx, kind, arg)
		if err == nil {
			return e.ID, nil
		}
		if coded := withCode(err); coded == nil || coded.Extensions["code"] != codeNotFound {
			return "", err
		}
	}
	return "", notFound("nothing in the corpus is called %q", name)
}

// shared is what two jurisdictions, or two reports, have in common.
func (r *Resolver) shared(ctx context.Context, a, b model.ID) (*model.Shared, error) {
	x, err := indexOf(ctx)
	if err != nil {
		return nil, err
	}
	side := func(arg model.ID) (id string, report bool, err error) {
		if _, ok := x.Report(string(arg)); ok {
			return string(arg), true, nil
		}
		if t, _ := kg.TypeOf(string(arg)); t == kg.NodeReport {
			return "", false, notFound("no report has the ID %q", arg.Opaque())
		}
		e, err := r.asked(ctx, kg.KindJurisdiction, arg)
		return e.ID, false, err
	}
	thisID, thisReport, err := side(a)
	if err != nil {
		return nil, err
	}
	otherID, otherReport, err := side(b)
	if err != nil {
		return nil, err
	}
	if thisReport != otherReport {
		return nil, badInput("a and b must both be jurisdictions, or both be reports")
	}
	byKind := map[kg.Kind][]string{}
	for _, id := range x.Shared(thisID, otherID) {
		e, _ := x.Entity(id)
		byKind[e.Kind] = append(byKind[e.Kind], id)
	}
	s := single(&model.Shared{A: thisID, B: otherID})
	s.Common = x.Rarities(slices.Concat(byKind[kg.KindPractice], byKind[kg.KindLaw], byKind[kg.KindLawFirm]))
	if s.Practices, err = entities[model.Practice](ctx, byKind[kg.KindPractice]); err != nil {
		return nil, err
	}
	if s.Laws, err = entities[model.Law](ctx, byKind[kg.KindLaw]); err != nil {
		return nil, err
	}
	if s.LawFirms, err = entities[model.LawFirm](ctx, byKind[kg.KindLawFirm]); err != nil {
		return nil, err
	}
	s.Indicators, err = entities[model.Indicator](ctx, byKind[kg.KindIndicator])
	return s, err
}
