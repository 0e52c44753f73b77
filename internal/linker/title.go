package linker

import (
	"sort"
	"strings"

	"graphd/internal/kg"
)

// title is one outermost 《…》 of the main text: key[from:to] with its
// brackets, as far as they are there, and key[in:out] without.
type title struct {
	from, to int
	in, out  int
}

// maxTitle is the most code points that a title has; a bracket without a
// partner within that is a slip of the writer.
const maxTitle = 150

// titles finds the outermost titles of the text, nested ones being part of
// them. Where a closing bracket is missing, the title ends where its sentence
// or clause does, or its own words say.
func (t *text) titles() []title { return titlesIn(t.key) }

func titlesIn(key []rune) []title {
	var found []title
	for i := 0; i < len(key); i++ {
		if key[i] != '《' {
			continue
		}
		s := titleAt(key, i)
		if s.out > s.in {
			found = append(found, s)
		}
		i = max(i, s.to-1)
	}
	return found
}

func titleAt(key []rune, open int) title {
	end := sentenceEnd(key, open)
	depth, inner := 0, -1
	for i := open; i < end; i++ {
		switch key[i] {
		case '《':
			depth++
			if depth == 2 && inner < 0 {
				inner = i
			}
		case '》':
			if depth--; depth == 0 {
				return title{from: open, to: i + 1, in: open + 1, out: i}
			}
		}
	}
	return brokenTitle(key, open, inner, end)
}

// brokenTitle is a title whose closing bracket is missing. inner is where the
// next one opens, if it does before the sentence ends.
func brokenTitle(key []rune, open, inner, end int) title {
	in := open + 1
	if inner >= 0 {
		if hasAt(key, in, words.TitleOuter) == "" {
			// 《甲法、《乙法》: the first was never closed.
			out := trimPunctuation(key, in, inner)
			return title{from: open, to: out, in: in, out: out}
		}
		// 《关于修改《甲法》的决定: the closing bracket is the inner one's.
		for i := inner; i < end; i++ {
			if key[i] != '》' {
				continue
			}
			out := i + 1
			for j := out; j <= min(out+12, end); j++ {
				if n := longestSuffix(key[in:j], words.TitleTail); n > 0 && j > out {
					out = j
					break
				}
			}
			return title{from: open, to: out, in: in, out: out}
		}
		end = inner
	}
	out := in
	for out < end && !strings.ContainsRune(",、;:!?。", key[out]) {
		out++
	}
	// The title ends with the first word that ends titles, if there is one
	// in the clause: 《行政处罚法等法律.
	for i := in + 2; i <= out; i++ {
		if longestSuffix(key[in:i], words.TitleTail) > 0 && longestSuffix(key[in:min(i+1, out)], words.TitleTail) == 0 {
			out = i
			break
		}
	}
	return title{from: open, to: out, in: in, out: out}
}

// sentenceEnd is where the passage that holds key[i] ends in key, at most
// maxTitle on. A title broken over lines goes on in the next passage as long
// as no sentence ends.
func sentenceEnd(key []rune, i int) int {
	end := min(len(key), i+maxTitle)
	for j := i; j < end; j++ {
		if key[j] == '。' || key[j] == '!' || key[j] == '?' {
			// A full stop inside balanced brackets is part of a name.
			return j
		}
	}
	return end
}

func trimPunctuation(key []rune, from, to int) int {
	for to > from && strings.ContainsRune(",、;:和与及", key[to-1]) {
		to--
	}
	return to
}

// titleMask tells for each place in key whether it lies in a title.
func (t *text) titleMask() []bool {
	mask := make([]bool, len(t.key))
	for _, s := range t.titles() {
		for i := s.from; i < s.to; i++ {
			mask[i] = true
		}
	}
	return mask
}

// spanWithin is the source span of key[from:to]. Of a name broken over lines it
// is the longest part that lies in one passage, for that is what can be quoted.
func (t *text) spanWithin(from, to int) kg.Span {
	var best kg.Span
	for start, i := from, from; i < to; i++ {
		if i+1 < to && t.passageAt(t.at[i+1]) == t.passageAt(t.at[start]) {
			continue
		}
		if s := t.span(start, i+1); s.Len() > best.Len() {
			best = s
		}
		start = i + 1
	}
	return best
}

// passageAt is the index of the first passage that ends after the place.
func (t *text) passageAt(at int) int {
	ps := t.doc.Report.Passages
	return sort.Search(len(ps), func(i int) bool { return ps[i].End > at })
}
