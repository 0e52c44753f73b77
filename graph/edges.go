package graph

import (
	"cmp"
	"context"
	"slices"

	"graphd/graph/model"
	"graphd/internal/adoption"
	"graphd/internal/diffusion"
	"graphd/internal/kg"
	"graphd/internal/store"
)

// The edges of a spread: the order of time comes from the index, what reports
// say of where a practice came from is read from the sentences that name it.

// evidenceOrder is the order of kinds of evidence, the strongest first.
var evidenceOrder = model.AllSpreadEvidence

// edgesOf finds the first n edges, of the kinds given (all, if none is), of
// each spread.
func (r *Resolver) edgesOf(ctx context.Context, all []*model.Spread, kinds []model.SpreadEvidence, n int) ([][]*model.SpreadEdge, error) {
	x, err := indexOf(ctx)
	if err != nil {
		return nil, err
	}
	wants := func(k model.SpreadEvidence) bool { return len(kinds) == 0 || slices.Contains(kinds, k) }
	lists := make([][]*model.SpreadEdge, len(all))
	if wants(model.SpreadEvidenceTimeOrder) {
		for i, s := range all {
			lists[i] = successions(x, s.Query)
		}
	}
	if slices.ContainsFunc(evidenceOrder[:len(evidenceOrder)-1], wants) {
		told, err := r.toldEdges(ctx, x, all, wants)
		if err != nil {
			return nil, err
		}
		for i := range lists {
			lists[i] = append(lists[i], told[i]...)
		}
	}
	for i, list := range lists {
		slices.SortFunc(list, func(a, b *model.SpreadEdge) int {
			return cmp.Or(cmp.Compare(a.ToYear, b.ToYear), cmp.Compare(a.ToID, b.ToID),
				cmp.Compare(slices.Index(evidenceOrder, a.Kind), slices.Index(evidenceOrder, b.Kind)), cmp.Compare(a.FromID, b.FromID))
		})
		lists[i] = head(list, n)
	}
	model.Join(slices.Concat(lists...))
	return lists, nil
}

func successions(x *adoption.Index, q adoption.SpreadQuery) []*model.SpreadEdge {
	return each(x.Order(q).Successions, func(s adoption.Succession) *model.SpreadEdge {
		return &model.SpreadEdge{
			FromID: s.FromID, ToID: s.ToID, Kind: model.SpreadEvidenceTimeOrder, FromYear: s.FromYear, ToYear: s.ToYear, Vertical: s.Vertical,
			Proof: model.Proof{Claims: []model.Claim{
				{Reports: s.FromReports, Entities: s.FromPractices, MinStatus: q.MinStatus},
				{Reports: s.ToReports, Entities: s.ToPractices, MinStatus: q.MinStatus},
			}},
		}
	})
}

// toldEdges finds what reports themselves tell.
func (r *Resolver) toldEdges(ctx context.Context, x *adoption.Index, all []*model.Spread, wants func(model.SpreadEvidence) bool) ([][]*model.SpreadEdge, error) {
	naming, err := r.namingPassages(ctx, x, all)
	if err != nil {
		return nil, err
	}
	var near map[string][]store.Evidence
	if wants(model.SpreadEvidenceStated) || wants(model.SpreadEvidenceOrdered) {
		if near, err = r.placesIn(ctx, slices.Concat(naming...)); err != nil {
			return nil, err
		}
	}
	shared := make([][]sharedText, len(all))
	if wants(model.SpreadEvidenceSharedText) {
		if shared, err = r.sharedTexts(ctx, x, all, naming); err != nil {
			return nil, err
		}
	}
	issuedBy := func(lawID string) string {
		law, _ := x.Entity(lawID)
		return law.IssuedBy
	}
	lists := make([][]*model.SpreadEdge, len(all))
	for i, s := range all {
		b := edgeBuilder{since: sinceOf(x, s.Query), edges: map[edgeKey]*model.SpreadEdge{}}
		for _, e := range naming[i] {
			report, _ := x.Report(e.Mention.ReportID)
			places := near[e.Mention.ReportID]
			mentions := each(places, func(p store.Evidence) kg.Mention { return p.Mention })
			for _, o := range diffusion.Origins(e.Passage, e.PassageText, e.Mention.Span, report.IssuerID, mentions, issuedBy) {
				kind := model.SpreadEvidence(o.Kind)
				if _, known := x.Entity(o.JurisdictionID); known && wants(kind) {
					at := slices.IndexFunc(places, func(p store.Evidence) bool { return p.Mention.ID == o.Mention.ID })
					b.add(kind, o.JurisdictionID, report, places[at])
				}
			}
		}
		for _, t := range shared[i] {
			b.add(model.SpreadEvidenceSharedText, t.there.IssuerID, t.here, t.proof...)
		}
		lists[i] = b.list()
	}
	return lists, nil
}

// eachOf maps pairs of two lists of one length.
func eachOf[A, B, R any](as []A, bs []B, f func(A, B) R) []R {
	out := make([]R, len(as))
	for i := range as {
		out[i] = f(as[i], bs[i])
	}
	return out
}

// namingPassages reads, for each spread, the mentions that make a jurisdiction
// asked about an adopter, in reports of the years asked for.
func (r *Resolver) namingPassages(ctx context.Context, x *adoption.Index, all []*model.Spread) ([][]store.Evidence, error) {
	claims := each(all, func(s *model.Spread) model.Claim {
		q := s.Query
		claim := model.Claim{Entities: family(x, q), MinStatus: q.MinStatus}
		for _, rel := range x.Reports(adoption.RelationQuery{
			EntityID: q.PracticeID, Within: q.Within, From: q.From, To: q.To, MinStatus: q.MinStatus, IncludeVariants: q.IncludeVariants,
		}) {
			issuer, known := x.Entity(rel.IssuerID)
			if known && rel.Year != 0 && (q.Level == "" || issuer.Level == q.Level) {
				claim.Reports = append(claim.Reports, rel.ReportID)
			}
		}
		return claim
	})
	return r.mentions(ctx, claims)
}

// placesIn reads the places and documents that stand in reports of which some
// passage could tell where something came from, by report.
func (r *Resolver) placesIn(ctx context.Context, passages []store.Evidence) (map[string][]store.Evidence, error) {
	var telling []string
	for _, e := range passages {
		if diffusion.MayTell(e.PassageText) {
			telling = append(telling, e.Mention.ReportID)
		}
	}
	places := map[string][]store.Evidence{}
	if len(telling) == 0 {
		return places, nil
	}
	found, err := r.reading(ctx).Mentions(ctx, store.MentionQuery{
		Reports: distinct(telling), Kinds: []kg.Kind{kg.KindJurisdiction, kg.KindLaw},
	})
	for _, e := range found {
		places[e.Mention.ReportID] = append(places[e.Mention.ReportID], e)
	}
	return places, err
}

// sinceOf is the first year in which each jurisdiction of the corpus adopts.
func sinceOf(x *adoption.Index, q adoption.SpreadQuery) map[string]int {
	q.Within, q.Level, q.From, q.To = "", "", 0, 0
	since := map[string]int{}
	for _, a := range x.Adopters(q) {
		since[a.JurisdictionID] = a.Since
	}
	return since
}

// edgeBuilder collects evidence: one edge a kind and pair, of the earliest
// year that gives any.
type edgeBuilder struct {
	since map[string]int
	edges map[edgeKey]*model.SpreadEdge
}

type edgeKey struct {
	kind     model.SpreadEvidence
	from, to string
}

func (b edgeBuilder) add(kind model.SpreadEvidence, from string, report adoption.Relation, proof ...store.Evidence) {
	key := edgeKey{kind, from, report.IssuerID}
	e := b.edges[key]
	switch {
	case e == nil || report.Year < e.ToYear:
		fromYear := report.Year
		if since := b.since[from]; since != 0 {
			fromYear = min(since, fromYear)
		}
		b.edges[key] = &model.SpreadEdge{
			FromID: from, ToID: report.IssuerID, Kind: kind, FromYear: fromYear, ToYear: report.Year,
			Vertical: kg.Within(report.IssuerID, from), Proof: model.Proof{Found: proof},
		}
	case report.Year == e.ToYear:
		e.Found = append(e.Found, proof...)
	}
}

func (b edgeBuilder) list() []*model.SpreadEdge {
	var list []*model.SpreadEdge
	for _, e := range b.edges {
		slices.SortFunc(e.Found, func(a, b store.Evidence) int { return store.CompareMentions(a.Mention, b.Mention) })
		e.Found = slices.CompactFunc(e.Found, func(a, b store.Evidence) bool {
			return a.Mention.ReportID == b.Mention.ReportID && a.Mention.Span == b.Mention.Span && a.Mention.Kind == b.Mention.Kind
		})
		list = append(list, e)
	}
	return list
}

// edgeEvidence shows what proves each edge.
func (r *Resolver) edgeEvidence(ctx context.Context, edges []*model.SpreadEdge) ([][]*model.Evidence, error) {
	claims := slices.Concat(each(edges, func(e *model.SpreadEdge) []model.Claim { return e.Claims })...)
	proofs, err := r.mentions(ctx, claims)
	if err != nil {
		return nil, err
	}
	return showEvidence(each(edges, func(e *model.SpreadEdge) []store.Evidence {
		own := slices.Concat(proofs[:len(e.Claims)]...)
		proofs = proofs[len(e.Claims):]
		return append(own, e.Found...)
	})), nil
}

// directions are the shares of those that follow someone above them, and
// beside them.
func directions(ctx context.Context, all []*model.Spread) ([]adoption.Order, error) {
	x, err := indexOf(ctx)
	if err != nil {
		return nil, err
	}
	return model.ForAll(all, "order", func(all []*model.Spread) ([]adoption.Order, error) {
		return each(all, func(s *model.Spread) adoption.Order { return x.Order(s.Query) }), nil
	})
}
