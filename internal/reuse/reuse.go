// Package reuse finds passages that reports have in common: fingerprints tell
// which reports may share any, alignment tells where and how much. Both look at
// folded text, so script, width, white space and quotation marks make no
// difference. It is pure: it weighs nothing, chooses no report, and keeps
// nothing.
package reuse

import (
	"cmp"
	"slices"
	"unicode"

	"graphd/internal/fold"
	"graphd/internal/kg"
)

const (
	// gram is the length of what is hashed, in folded code points.
	gram = 14
	// window is how many grams in a row give one fingerprint.
	window = 15
	// MinRun is the least length of a run, in folded code points: two texts
	// that share one share a fingerprint.
	MinRun = gram + window - 1
)

// segment is a stretch of folded text with the place of each code point in the
// text it comes from.
type segment struct {
	key []rune
	at  []int
}

// segments folds the main text: its passages, joined where nothing but white
// space lies between them, so that a line break ends no run and page furniture
// is bridged by none.
func segments(text []rune, passages []kg.Passage) []segment {
	var list []segment
	end := -1
	for _, p := range passages {
		key, at := fold.KeyMap(string(text[p.Start:p.End]))
		for i := range at {
			at[i] += p.Start
		}
		if end < 0 || slices.ContainsFunc(text[end:p.Start], func(r rune) bool { return !unicode.IsSpace(r) }) {
			list = append(list, segment{})
		}
		s := &list[len(list)-1]
		s.key, s.at = append(s.key, key...), append(s.at, at...)
		end = p.End
	}
	return list
}

// Fingerprints are the fingerprints of a report's main text, distinct and
// ascending. Those of any excerpt that it holds are among them. The report must
// have its text and passages.
//
// They are chosen by winnowing: of the hashes of each window of grams the least
// one, the last of several. Source: S. Schleimer, D. S. Wilkerson, A. Aiken,
// "Winnowing: Local Algorithms for Document Fingerprinting", SIGMOD 2003.
func Fingerprints(r kg.Report) []uint64 {
	var all []uint64
	for _, s := range segments([]rune(r.Text), r.Passages) {
		all = winnow(all, s.key)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// FingerprintsOf are the fingerprints of an excerpt, distinct and ascending;
// none of one that is shorter than MinRun.
func FingerprintsOf(excerpt string) []uint64 {
	key, _ := fold.KeyMap(excerpt)
	all := winnow(nil, key)
	slices.Sort(all)
	return slices.Compact(all)
}

// winnow appends the fingerprints of key, one for each time another is chosen.
func winnow(all []uint64, key []rune) []uint64 {
	n := len(key) - gram + 1
	if n < window {
		return all
	}
	hashes := make([]uint64, n)
	for i := range hashes {
		hashes[i] = hash(key[i : i+gram])
	}
	least := -1 // the place of the last one chosen
	for from := 0; from+window <= n; from++ {
		if least < from {
			least = from
			for i := from + 1; i < from+window; i++ {
				if hashes[i] <= hashes[least] {
					least = i
				}
			}
			all = append(all, hashes[least])
		} else if last := from + window - 1; hashes[last] <= hashes[least] {
			least = last
			all = append(all, hashes[least])
		}
	}
	return all
}

// hash is FNV-1a of 64 bits over the code points, low byte first. It is kept in
// stores, so it must not change.
func hash(key []rune) uint64 {
	h := uint64(14695981039346656037)
	for _, r := range key {
		for shift := 0; shift < 24; shift += 8 {
			h ^= uint64(r>>shift) & 0xff
			h *= 1099511628211
		}
	}
	return h
}

// Run is a stretch of text that two reports share.
type Run struct {
	// Here and There are where it stands in either text, in code points; the
	// two slices fold to the same.
	Here, There kg.Span
	// Characters is its length in folded code points.
	Characters int
}

// Text is a report's main text, made ready to be compared with many others.
type Text struct {
	segments []segment
	machine  *automaton
}

// NewText makes a report ready; it must have its text and passages.
func NewText(r kg.Report) *Text {
	t := &Text{segments: segments([]rune(r.Text), r.Passages), machine: newAutomaton()}
	for i, s := range t.segments {
		t.machine.add(i, s.key)
	}
	return t
}

// Runs returns what the other report's main text has in common with this one:
// runs of at least MinRun that can be made longer on neither side, the longest
// first taken, those behind cut where they would overlap it in the other text. A
// run ends before a number that goes on differently: 15 of 156 and 152 is no
// word in common.
// They are ordered by their place in this text, then in the other. Of what
// stands in this text several times the first place is given; what stands in
// the other several times comes several times.
func (t *Text) Runs(other kg.Report) []Run {
	var found []match
	theirs := segments([]rune(other.Text), other.Passages)
	for i, s := range theirs {
		found = append(found, t.machine.matches(i, s.key)...)
	}
	slices.SortFunc(found, func(a, b match) int {
		return cmp.Or(cmp.Compare(b.length, a.length), cmp.Compare(a.there.segment, b.there.segment), cmp.Compare(a.there.end, b.there.end))
	})
	taken := make([][]bool, len(theirs))
	for i, s := range theirs {
		taken[i] = make([]bool, len(s.key))
	}
	runs := []Run{}
	for _, m := range found {
		m = m.cut(taken[m.there.segment])
		m = m.wholeNumbers(t.segments[m.here.segment].key, theirs[m.there.segment].key)
		if m.length < MinRun {
			continue
		}
		for k := m.there.end - m.length; k < m.there.end; k++ {
			taken[m.there.segment][k] = true
		}
		runs = append(runs, Run{
			Here: m.here.span(t.segments, m.length), There: m.there.span(theirs, m.length), Characters: m.length,
		})
	}
	slices.SortFunc(runs, func(a, b Run) int {
		return cmp.Or(cmp.Compare(a.Here.Start, b.Here.Start), cmp.Compare(a.There.Start, b.There.Start))
	})
	return runs
}

// place is the end of a stretch of a segment's key.
type place struct{ segment, end int }

func (p place) span(of []segment, length int) kg.Span {
	at := of[p.segment].at
	return kg.Span{Start: at[p.end-length], End: at[p.end-1] + 1}
}

// match is a stretch of two keys that is the same.
type match struct {
	here, there place
	length      int
}

// wholeNumbers is the match without the digits at its ends that are part of a
// number in either key.
func (m match) wholeNumbers(here, there []rune) match {
	digit := func(key []rune, i int) bool { return i >= 0 && i < len(key) && key[i] >= '0' && key[i] <= '9' }
	if digit(here, m.here.end) || digit(there, m.there.end) {
		for m.length > 0 && digit(here, m.here.end-1) {
			m.length--
			m.here.end--
			m.there.end--
		}
	}
	if digit(here, m.here.end-m.length-1) || digit(there, m.there.end-m.length-1) {
		for m.length > 0 && digit(here, m.here.end-m.length) {
			m.length--
		}
	}
	return m
}

// cut is what is left of a match on the sides where others have taken its
// beginning or its end: those were longer, so none lies inside it.
func (m match) cut(taken []bool) match {
	for m.length > 0 && taken[m.there.end-m.length] {
		m.length--
	}
	for m.length > 0 && taken[m.there.end-1] {
		m.length--
		m.there.end--
		m.here.end--
	}
	return m
}
