package graph

import (
	"context"
	"slices"

	"graphd/graph/model"
	"graphd/internal/adoption"
	"graphd/internal/fold"
	"graphd/internal/kg"
	"graphd/internal/reuse"
	"graphd/internal/store"
)

// Edges of shared text: the words with which a report names a practice, in an
// earlier report of another jurisdiction that names it too.

// sharedText is what two passages that name a practice have in common.
type sharedText struct {
	here, there adoption.Relation
	proof       []store.Evidence // there, then here
}

// sharedTexts finds, for each list of mentions of a practice, what of their
// passages stands in earlier reports of others and is no boilerplate.
func (r *Resolver) sharedTexts(ctx context.Context, x *adoption.Index, all []*model.Spread, naming [][]store.Evidence) ([][]sharedText, error) {
	var fingerprints []uint64
	for _, e := range slices.Concat(naming...) {
		fingerprints = append(fingerprints, reuse.FingerprintsOf(e.PassageText)...)
	}
	if len(fingerprints) == 0 {
		return make([][]sharedText, len(all)), nil
	}
	holds, err := r.holdings(ctx, x, fingerprints)
	if err != nil {
		return nil, err
	}
	earlier := func(here, there adoption.Relation) bool {
		return there.IssuerID != "" && there.IssuerID != here.IssuerID && there.Year != 0 && there.Year < here.Year
	}
	claims := eachOf(all, naming, func(s *model.Spread, naming []store.Evidence) model.Claim {
		claim := model.Claim{Entities: family(x, s.Query)}
		for _, e := range naming {
			here, _ := x.Report(e.Mention.ReportID)
			for _, f := range reuse.FingerprintsOf(e.PassageText) {
				for _, id := range holds.of[f].ReportIDs {
					if there, _ := x.Report(id); earlier(here, there) {
						claim.Reports = append(claim.Reports, id)
					}
				}
			}
		}
		claim.Reports = distinct(claim.Reports)
		return claim
	})
	sources, err := r.mentions(ctx, claims)
	if err != nil {
		return nil, err
	}
	return eachOf(naming, sources, func(naming, sources []store.Evidence) []sharedText {
		var found []sharedText
		byFingerprint := map[uint64][]store.Evidence{}
		for _, e := range passagesOf(sources) {
			for _, f := range reuse.FingerprintsOf(e.PassageText) {
				byFingerprint[f] = append(byFingerprint[f], e)
			}
		}
		named := spansIn(naming)
		for _, e := range passagesOf(naming) {
			here, _ := x.Report(e.Mention.ReportID)
			var near []store.Evidence
			for _, f := range reuse.FingerprintsOf(e.PassageText) {
				near = append(near, byFingerprint[f]...)
			}
			for _, source := range passagesOf(near) {
				there, _ := x.Report(source.Mention.ReportID)
				if !earlier(here, there) {
					continue
				}
				if proof := commonWords(source, e, named[placeOf(e)], holds); proof != nil {
					found = append(found, sharedText{here, there, proof})
				}
			}
		}
		return found
	}), nil
}

// family is the IDs of a practice and, where they count, its variants.
func family(x *adoption.Index, q adoption.SpreadQuery) []string {
	ids := []string{q.PracticeID}
	if q.IncludeVariants {
		ids = append(ids, x.Variants(q.PracticeID)...)
	}
	return ids
}

// passagesOf is one mention for each passage, in the order of reports and
// texts.
func passagesOf(mentions []store.Evidence) []store.Evidence {
	mentions = slices.Clone(mentions)
	slices.SortStableFunc(mentions, func(a, b store.Evidence) int { return store.CompareMentions(a.Mention, b.Mention) })
	return slices.CompactFunc(mentions, func(a, b store.Evidence) bool {
		return a.Mention.ReportID == b.Mention.ReportID && a.Passage.Span == b.Passage.Span
	})
}

// passagePlace is where a passage stands.
type passagePlace struct {
	reportID string
	start    int
}

func placeOf(e store.Evidence) passagePlace { return passagePlace{e.Mention.ReportID, e.Passage.Start} }

// spansIn are the spans of mentions by passage, in code points of the passage.
func spansIn(mentions []store.Evidence) map[passagePlace][]kg.Span {
	spans := map[passagePlace][]kg.Span{}
	for _, e := range mentions {
		at := placeOf(e)
		spans[at] = append(spans[at], kg.Span{Start: e.Mention.Start - e.Passage.Start, End: e.Mention.End - e.Passage.Start})
	}
	return spans
}

// commonWords are the runs that two passages share and that few reports have, in
// the one, then in the other; nil if there are none. A run must be long enough
// without the names of the practice, which stand at the spans named of the
// second passage, and without titles of documents: to call a thing by its name
// is to copy nobody.
func commonWords(there, here store.Evidence, named []kg.Span, holds holdings) []store.Evidence {
	alone := func(e store.Evidence) kg.Report {
		return kg.Report{Text: e.PassageText, Passages: []kg.Passage{{Span: kg.Span{End: len([]rune(e.PassageText))}}}}
	}
	cut := func(e store.Evidence, s kg.Span) store.Evidence {
		e.Mention.Quote = string([]rune(e.PassageText)[s.Start:s.End])
		e.Mention.Span = kg.Span{Start: e.Passage.Start + s.Start, End: e.Passage.Start + s.End}
		e.Mention.Rule = reuseRule
		return e
	}
	var first, second []store.Evidence
	for _, run := range reuse.NewText(alone(there)).Runs(alone(here)) {
		theirs, ours := cut(there, run.Here), cut(here, run.There)
		if ownWords(here.PassageText, run.There, named) >= reuse.MinRun && holds.meanRarity(theirs.Mention.Quote) > 0 {
			first, second = append(first, theirs), append(second, ours)
		}
	}
	return append(first, second...)
}

// ownWords counts the code points of a run that count, without names and titles.
func ownWords(text string, run kg.Span, named []kg.Span) int {
	n, depth := 0, 0
	for i, r := range []rune(text) {
		if r == '《' {
			depth++
		}
		isName := slices.ContainsFunc(named, func(s kg.Span) bool { return s.Start <= i && i < s.End })
		if i >= run.Start && i < run.End && depth == 0 && !isName && !fold.Ignored(r) {
			n++
		}
		if r == '》' {
			depth = max(0, depth-1)
		}
	}
	return n
}
