package linker

import (
	"sort"
	"unicode/utf8"

	"graphd/internal/fold"
	"graphd/internal/kg"
)

// text is a document prepared for matching. Matching runs over key, the folded
// main text without white space and quotation marks; at maps a place in key
// back to the source.
type text struct {
	doc    kg.Document
	runes  []rune // the source, one element a code point
	bytes  []int  // where each code point begins in the source, and where the last ends
	folded []rune // fold.Rune of each, same indices as runes
	key    []rune // fold.Rune of the code points of the main text that count
	at     []int  // index in runes of each element of key
}

func newText(doc kg.Document) *text {
	source := doc.Report.Text
	n := utf8.RuneCountInString(source)
	t := &text{doc: doc, runes: make([]rune, 0, n), bytes: make([]int, 0, n+1), folded: make([]rune, 0, n)}
	for i, r := range source {
		t.runes = append(t.runes, r)
		t.bytes = append(t.bytes, i)
		t.folded = append(t.folded, fold.Rune(r))
	}
	t.bytes = append(t.bytes, len(source))
	length := 0
	for _, s := range doc.Main {
		length += s.Len()
	}
	t.key, t.at = make([]rune, 0, length), make([]int, 0, length)
	for _, s := range doc.Main {
		for i := s.Start; i < s.End; i++ {
			if !fold.Ignored(t.runes[i]) {
				t.key = append(t.key, t.folded[i])
				t.at = append(t.at, i)
			}
		}
	}
	return t
}

// span is the source span of key[from:to], to > from.
func (t *text) span(from, to int) kg.Span {
	return kg.Span{Start: t.at[from], End: t.at[to-1] + 1}
}

// source is the text at s, as it stands in the source.
func (t *text) source(s kg.Span) string {
	return t.doc.Report.Text[t.bytes[s.Start]:t.bytes[s.End]]
}

// passageOf is the index of the passage that holds s wholly.
func (t *text) passageOf(s kg.Span) (int, bool) {
	ps := t.doc.Report.Passages
	i := sort.Search(len(ps), func(i int) bool { return ps[i].End >= s.End })
	return i, i < len(ps) && ps[i].Contains(s)
}
