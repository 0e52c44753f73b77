package graph

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"

	"graphd/graph/model"
	"graphd/internal/adoption"
	"graphd/internal/kg"
	"graphd/internal/reuse"
	"graphd/internal/store"
)

const (
	// maxHolders is how many reports may have a passage before it is
	// boilerplate.
	maxHolders = 30
	// maxCompared bounds the reports that one is compared with word for word:
	// those that share the rarest fingerprints.
	maxCompared = 50
	// reuseRule is the rule of evidence that comparing texts found.
	reuseRule = "shared-text"
)

// holdings are the reports that have each of some fingerprints.
type holdings struct {
	of    map[uint64]store.Holders
	total int // of reports
}

func (r *Resolver) holdings(ctx context.Context, x *adoption.Index, fingerprints []uint64) (holdings, error) {
	of, err := r.reading(ctx).Sharing(ctx, fingerprints, maxHolders)
	return holdings{of, x.ReportCount()}, err
}

// rarity is ln(N/n)/ln(N) for the n of N reports that have a fingerprint; 0 for
// boilerplate.
func (h holdings) rarity(fingerprint uint64) float64 {
	n := len(h.of[fingerprint].ReportIDs)
	if n == 0 || h.total < 2 {
		return 0
	}
	return math.Log(float64(h.total)/float64(n)) / math.Log(float64(h.total))
}

// meanRarity is the mean over the fingerprints of an excerpt.
func (h holdings) meanRarity(excerpt string) float64 {
	fingerprints := reuse.FingerprintsOf(excerpt)
	sum := 0.0
	for _, f := range fingerprints {
		sum += h.rarity(f)
	}
	return sum / float64(max(1, len(fingerprints)))
}

// candidates are the reports that share most with one that has the given
// fingerprints: by the rarities of those shared, then by ID.
func (h holdings) candidates(self string, prints []uint64, n int) []string {
	weight := map[string]float64{}
	for _, f := range prints {
		for _, id := range h.of[f].ReportIDs {
			if id != self {
				weight[id] += h.rarity(f)
			}
		}
	}
	ids := slices.SortedFunc(maps.Keys(weight), func(a, b string) int { return cmp.Or(cmp.Compare(weight[b], weight[a]), cmp.Compare(a, b)) })
	return head(ids, n)
}

// reused is a passage of one report in another.
type reused struct {
	reuse.Run
	other  kg.Report
	rarity float64
}

func (r *Resolver) textReuse(ctx context.Context, report model.ID, first *int) ([]*model.Reuse, error) {
	x, err := indexOf(ctx)
	if err != nil {
		return nil, err
	}
	n, err := upTo(first, 20)
	if err != nil {
		return nil, err
	}
	if _, ok := x.Report(string(report)); !ok {
		return nil, notFound("no report has the ID %q", report.Opaque())
	}
	lists, err := r.reusedBy(ctx, []string{string(report)}, n)
	if err != nil {
		return nil, err
	}
	return lists[0], nil
}

// reusedBy finds the first n passages that each report shares with others, in
// three questions to the store.
func (r *Resolver) reusedBy(ctx context.Context, ids []string, n int) ([][]*model.Reuse, error) {
	x, err := indexOf(ctx)
	if err != nil {
		return nil, err
	}
	asked, err := r.reports(ctx, ids, true)
	if err != nil {
		return nil, err
	}
	prints := each(ids, func(id string) []uint64 { return reuse.Fingerprints(asked[id]) })
	holds, err := r.holdings(ctx, x, slices.Concat(prints...))
	if err != nil {
		return nil, err
	}
	near := eachOf(ids, prints, func(id string, prints []uint64) []string { return holds.candidates(id, prints, maxCompared) })
	others, err := r.reports(ctx, slices.Concat(near...), true)
	if err != nil {
		return nil, err
	}
	lists := make([][]*model.Reuse, len(ids))
	var evidence []*model.Evidence
	for i, id := range ids {
		here, ok := asked[id]
		if !ok {
			return nil, errMoved()
		}
		passages := compareTexts(here, near[i], others, holds)
		superior := newCover(x, here, passages)
		for _, p := range head(passages, n) {
			shown := &model.Reuse{
				OtherID: p.other.ID, Here: runEvidence(here, p.Here), There: runEvidence(p.other, p.There),
				Characters: p.Characters, Rarity: p.rarity, Relation: relation(x, here.IssuerID, p.other.IssuerID), FromSuperior: superior.half(p.Here),
			}
			lists[i] = append(lists[i], shown)
			evidence = append(evidence, shown.Here, shown.There)
		}
	}
	model.Join(evidence)
	model.Join(slices.Concat(lists...))
	return lists, nil
}

// compareTexts finds what a report shares with others and is no boilerplate,
// the most telling first.
func compareTexts(here kg.Report, near []string, others map[string]kg.Report, holds holdings) []reused {
	text := reuse.NewText(here)
	runes := []rune(here.Text)
	var passages []reused
	for _, other := range store.Arrange(near, others) {
		for _, run := range text.Runs(other) {
			p := reused{run, other, holds.meanRarity(string(runes[run.Here.Start:run.Here.End]))}
			if p.rarity > 0 {
				passages = append(passages, p)
			}
		}
	}
	score := func(p reused) float64 { return float64(p.Characters) * p.rarity }
	slices.SortFunc(passages, func(a, b reused) int {
		return cmp.Or(cmp.Compare(score(b), score(a)), cmp.Compare(a.Here.Start, b.Here.Start),
			cmp.Compare(a.other.ID, b.other.ID), cmp.Compare(a.There.Start, b.There.Start))
	})
	return passages
}

// cover marks the code points of a report that stand, in no later year, in a
// report of a jurisdiction above it.
type cover []bool

func newCover(x *adoption.Index, here kg.Report, passages []reused) cover {
	c := make(cover, len([]rune(here.Text)))
	for _, p := range passages {
		if relation(x, here.IssuerID, p.other.IssuerID) != model.ReuseRelationSuperior || p.other.Year == 0 || p.other.Year > here.Year {
			continue
		}
		for i := p.Here.Start; i < p.Here.End; i++ {
			c[i] = true
		}
	}
	return c
}

func (c cover) half(s kg.Span) bool {
	n := 0
	for _, covered := range c[s.Start:s.End] {
		if covered {
			n++
		}
	}
	return 2*n >= s.Len()
}

// relation is how the issuer of another report stands to the issuer of one.
func relation(x *adoption.Index, here, other string) model.ReuseRelation {
	a, _ := x.Entity(here)
	b, _ := x.Entity(other)
	switch {
	case here == "" || other == "":
		return model.ReuseRelationUnknown
	case here == other:
		return model.ReuseRelationSameIssuer
	case kg.Within(here, other):
		return model.ReuseRelationSuperior
	case kg.Within(other, here):
		return model.ReuseRelationInferior
	case a.ParentID == b.ParentID:
		return model.ReuseRelationNeighbour
	}
	return model.ReuseRelationOther
}

// runEvidence shows a stretch of a report's text as evidence; its passage is
// all passages that it touches.
func runEvidence(r kg.Report, s kg.Span) *model.Evidence {
	runes := []rune(r.Text)
	whole := kg.Passage{Span: s}
	for _, p := range r.Passages {
		if !p.Overlaps(s) {
			continue
		}
		if whole.Section == "" {
			whole.Section = p.Section
		}
		whole.Start, whole.End = min(whole.Start, p.Start), max(whole.End, p.End)
	}
	return model.NewEvidence(store.Evidence{
		Mention: kg.Mention{ReportID: r.ID, Span: s, Quote: string(runes[s.Start:s.End]), Rule: reuseRule},
		Passage: whole, PassageText: string(runes[whole.Start:whole.End]),
	})
}
