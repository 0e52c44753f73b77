package graph

import (
	"context"
	"html"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"

	"graphd/graph/model"
	"graphd/internal/kg"
	"graphd/internal/store"
)

// maxSearchText bounds the text searched for, in code points.
const maxSearchText = 200

// searchRule is the rule of evidence that a search found.
const searchRule = "search"

func (r *Resolver) search(ctx context.Context, q store.SearchQuery, within *model.ID, from, to *int, p paging) (*model.SearchConnection, error) {
	if utf8.RuneCountInString(q.Text) > maxSearchText {
		return nil, badInput("the text is longer than %d characters", maxSearchText)
	}
	var err error
	if q.Within, err = r.region(ctx, within); err != nil {
		return nil, err
	}
	if err := checkYears(from, to); err != nil {
		return nil, err
	}
	q.FromYear, q.ToYear = or(from, 0), or(to, 0)
	if len(q.Kinds) == 0 {
		q.Kinds = nil // as if left out, to the mark too
	}
	mark := mark("search", q)
	bounds := store.PageQuery{}
	if err := p.bound(&bounds); err != nil {
		return nil, err
	}
	q.Limit, q.Backward = bounds.Limit, bounds.Backward
	if q.After, err = searchCursor(p.after, mark); err != nil {
		return nil, err
	}
	if q.Before, err = searchCursor(p.before, mark); err != nil {
		return nil, err
	}
	q.Count = slices.ContainsFunc(graphql.CollectFieldsCtx(ctx, nil), func(f graphql.CollectedField) bool { return f.Name == "totalCount" })
	page, err := r.reading(ctx).Search(ctx, q)
	if err != nil {
		return nil, err
	}
	hits := model.Join(each(page.Hits, newHit))
	var evidence []*model.Evidence
	for _, h := range hits {
		evidence = append(evidence, h.Evidence)
	}
	model.Join(evidence)
	cursors := each(page.Hits, func(h store.SearchHit) string { return cursor{Mark: mark, Search: h.Cursor}.String() })
	return connection(cursors, page.HasPrevious, page.HasNext, page.Total, func(i int, cursor string) *model.SearchEdge {
		return &model.SearchEdge{Cursor: cursor, Node: hits[i]}
	}), nil
}

// searchCursor is the store's cursor in a client's; empty if there is none.
func searchCursor(s *string, mark string) (string, error) {
	if s == nil {
		return "", nil
	}
	c, err := parseCursor(*s, mark)
	return c.Search, err
}

func newHit(h store.SearchHit) *model.SearchHit {
	hit := &model.SearchHit{Kind: h.Kind, NodeID: h.EntityID + h.ReportID}
	if h.Kind != store.SearchPassage {
		hit.Highlight = highlight(h.Name, h.Spans)
	} else {
		first := h.Spans[0]
		hit.Highlight = highlight(h.PassageText, h.Spans)
		hit.Evidence = model.NewEvidence(store.Evidence{
			Mention: kg.Mention{
				ReportID: h.ReportID, Rule: searchRule, Quote: string([]rune(h.PassageText)[first.Start:first.End]),
				Span: kg.Span{Start: h.Passage.Start + first.Start, End: h.Passage.Start + first.End},
			},
			Passage: h.Passage, PassageText: h.PassageText,
		})
	}
	return hit
}

// highlight is text as HTML with the spans marked. Where spans overlap, the
// later one begins where the earlier ends.
func highlight(text string, spans []kg.Span) string {
	runes := []rune(text)
	var b strings.Builder
	at := 0
	for _, s := range spans {
		start := max(s.Start, at)
		if start >= s.End {
			continue
		}
		b.WriteString(html.EscapeString(string(runes[at:start])))
		b.WriteString("<mark>" + html.EscapeString(string(runes[start:s.End])) + "</mark>")
		at = s.End
	}
	b.WriteString(html.EscapeString(string(runes[at:])))
	return b.String()
}
