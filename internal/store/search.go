package store

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"iter"
	"slices"

	"graphd/internal/fold"
	"graphd/internal/kg"
)

// Search is a search query made ready. An engine narrows, this decides: the
// engine yields candidates, Page confirms, orders, marks and pages them.
type Search struct {
	SearchQuery
	// Key is what is looked for: the folded text, never empty.
	Key []rune

	after, before *position
}

// position is the place of a hit in the order of hits.
type position struct {
	Group int    `json:"g"`
	Kind  string `json:"k,omitempty"` // of an entity
	ID    string `json:"i"`           // of the entity or the report
	Year  int    `json:"y,omitempty"`
	Start int    `json:"s,omitempty"` // of a passage; -1 for a title
}

const (
	groupEqual = iota // a name is the text
	groupName         // a name holds the text
	groupText         // a title or a passage does
)

func (p position) compare(o position) int {
	return cmp.Or(cmp.Compare(p.Group, o.Group), cmp.Compare(p.Kind, o.Kind), cmp.Compare(o.Year, p.Year),
		cmp.Compare(p.ID, o.ID), cmp.Compare(p.Start, o.Start))
}

// TextCandidate is a title, or a passage, that may hold the text.
type TextCandidate struct {
	ReportID, Title string
	Year            int
	// Passage and PassageText are set for a passage; Passage is nil for a
	// title.
	Passage     *kg.Passage
	PassageText string
}

var searchKinds = []SearchKind{
	SearchPassage, SearchReport, SearchJurisdiction, SearchPractice, SearchLaw, SearchLawFirm, SearchIndicator,
}

// Prepare checks the query (else CodeUsage): there is something to look for
// once white space and quotation marks are gone, the limit is positive, the
// kinds are known, and the cursor is one of ours.
func (q SearchQuery) Prepare() (*Search, error) {
	s := &Search{SearchQuery: q, Key: []rune(fold.Key(q.Text))}
	if !storable(q.Text, q.Within) {
		return nil, usage("search", "the text is no valid UTF-8 or holds a NUL")
	}
	if len(s.Key) == 0 {
		return nil, usage("search", "there is nothing to look for in %q", q.Text)
	}
	if q.Limit <= 0 {
		return nil, usage("search", "the limit %d is not positive", q.Limit)
	}
	for _, k := range q.Kinds {
		if !slices.Contains(searchKinds, k) {
			return nil, usage("search", "%q is no kind of hit", k)
		}
	}
	var err error
	if s.after, err = parsePosition(q.After); err != nil {
		return nil, err
	}
	s.before, err = parsePosition(q.Before)
	return s, err
}

func parsePosition(cursor string) (*position, error) {
	if cursor == "" {
		return nil, nil
	}
	p := new(position)
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		err = json.Unmarshal(raw, p)
	}
	if err != nil {
		return nil, usage("search", "%q is no cursor", cursor)
	}
	return p, nil
}

func (p position) cursor() (string, error) {
	raw, err := json.Marshal(p)
	return base64.RawURLEncoding.EncodeToString(raw), err
}

// Wants tells whether hits of kind k are asked for.
func (s *Search) Wants(k SearchKind) bool { return len(s.Kinds) == 0 || slices.Contains(s.Kinds, k) }

// EntityKinds lists the kinds of entities that are asked for.
func (s *Search) EntityKinds() []kg.Kind {
	var kinds []kg.Kind
	for _, k := range searchKinds[2:] {
		if s.Wants(k) {
			kinds = append(kinds, kg.Kind(k))
		}
	}
	return kinds
}

// TextPlace is the place of a title or a passage in the order of hits.
type TextPlace struct {
	Year     int
	ReportID string
	Start    int // -1 for a title
}

// TextBounds tells which texts the page needs: those after one place and before
// the other; nil is no bound.
func (s *Search) TextBounds() (after, before *TextPlace) {
	bound := func(p *position) *TextPlace {
		if s.Count || p == nil || p.Group != groupText {
			return nil
		}
		return &TextPlace{p.Year, p.ID, p.Start}
	}
	return bound(s.after), bound(s.before)
}

// Page makes the page. entities yields, in any order, every entity of
// EntityKinds that passes the filters and may have the text in its name, its
// full name or an alias; texts yields every title and passage within TextBounds, of the kinds
// wanted, of the reports that pass the filters, that may hold the text, ordered
// by year descending, report ID, start, the title first; all this the other way
// round if Backward. Each is read at most once, and only as far as needed.
func (s *Search) Page(entities iter.Seq2[kg.Entity, error], texts iter.Seq2[TextCandidate, error]) (SearchPage, error) {
	var sources []iter.Seq2[placedHit, error]
	if s.Count || s.after == nil || s.after.Group != groupText {
		sources = append(sources, s.named(entities))
	}
	if s.Count || s.before == nil || s.before.Group == groupText {
		sources = append(sources, s.written(texts))
	}
	if s.Backward {
		slices.Reverse(sources)
	}
	var page SearchPage
	more := false
	for h, err := range concat(sources...) {
		if err != nil {
			return SearchPage{}, err
		}
		if s.Count {
			page.Total++
		}
		switch {
		case !s.bounded(h.at):
		case len(page.Hits) == s.Limit:
			more = true
		default:
			if h.Cursor, err = h.at.cursor(); err != nil {
				return SearchPage{}, err
			}
			page.Hits = append(page.Hits, h.SearchHit)
		}
		if more && !s.Count {
			break
		}
	}
	if s.Backward {
		slices.Reverse(page.Hits)
	}
	page.HasPrevious, page.HasNext = s.after != nil || more && s.Backward, s.before != nil || more && !s.Backward
	return page, nil
}

func concat[T any](sources ...iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, source := range sources {
			for v, err := range source {
				if !yield(v, err) {
					return
				}
			}
		}
	}
}

type placedHit struct {
	SearchHit
	at position
}

func (s *Search) bounded(p position) bool {
	return (s.after == nil || p.compare(*s.after) > 0) && (s.before == nil || p.compare(*s.before) < 0)
}

// named yields the hits among entities, in the order that is asked for.
func (s *Search) named(entities iter.Seq2[kg.Entity, error]) iter.Seq2[placedHit, error] {
	return func(yield func(placedHit, error) bool) {
		var hits []placedHit
		for e, err := range entities {
			if err != nil {
				yield(placedHit{}, err)
				return
			}
			if h, ok := s.entity(e); ok {
				hits = append(hits, h)
			}
		}
		slices.SortFunc(hits, func(a, b placedHit) int { return a.at.compare(b.at) })
		if s.Backward {
			slices.Reverse(hits)
		}
		for _, h := range hits {
			if !yield(h, nil) {
				return
			}
		}
	}
}

// written yields the hits among titles and passages, in their order.
func (s *Search) written(texts iter.Seq2[TextCandidate, error]) iter.Seq2[placedHit, error] {
	return func(yield func(placedHit, error) bool) {
		for t, err := range texts {
			if err != nil {
				yield(placedHit{}, err)
				return
			}
			if h, ok := s.text(t); ok && !yield(h, nil) {
				return
			}
		}
	}
}

func (s *Search) entity(e kg.Entity) (h placedHit, ok bool) {
	h.at = position{Group: groupName, Kind: string(e.Kind), ID: e.ID}
	h.SearchHit = SearchHit{Kind: SearchKind(e.Kind), EntityID: e.ID, Name: e.Name, Spans: s.Find(e.Name)}
	for _, name := range append([]string{e.Name}, e.Aliases...) {
		key := []rune(fold.Key(name))
		if slices.Equal(key, s.Key) {
			h.at.Group = groupEqual
		}
		ok = ok || index(key, s.Key) >= 0
	}
	full := []rune(fold.Key(e.FullName))
	if slices.Equal(full, s.Key) {
		h.at.Group = groupEqual
	}
	// What stands wholly in the names of those above is no find of this one.
	above := len(full) - len([]rune(fold.Key(e.Name)))
	ok = ok || index(full[max(0, above-len(s.Key)+1):], s.Key) >= 0
	return h, ok && s.Wants(h.Kind)
}

func (s *Search) text(t TextCandidate) (h placedHit, ok bool) {
	h.at = position{Group: groupText, ID: t.ReportID, Year: t.Year, Start: -1}
	h.SearchHit = SearchHit{Kind: SearchReport, ReportID: t.ReportID, Name: t.Title}
	if t.Passage == nil {
		h.Spans = s.Find(t.Title)
	} else {
		h.at.Start = t.Passage.Start
		h.Kind, h.Passage, h.PassageText = SearchPassage, *t.Passage, t.PassageText
		h.Spans = s.Find(t.PassageText)
	}
	return h, len(h.Spans) > 0 && s.Wants(h.Kind)
}

// Find returns the places of the search text in text, from left to right
// without overlap, in code points of text; nil if there is none.
func (s *Search) Find(text string) []kg.Span {
	key, at := fold.KeyMap(text)
	var spans []kg.Span
	for from := 0; ; {
		i := index(key[from:], s.Key)
		if i < 0 {
			return spans
		}
		from += i
		spans = append(spans, kg.Span{Start: at[from], End: at[from+len(s.Key)-1] + 1})
		from += len(s.Key)
	}
}

// index is the first place of part in whole, or -1.
func index(whole, part []rune) int {
	for i := 0; i+len(part) <= len(whole); i++ {
		if slices.Equal(whole[i:i+len(part)], part) {
			return i
		}
	}
	return -1
}
