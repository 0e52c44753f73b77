package linker

import (
	"slices"
	"strings"
	"unicode/utf8"

	"graphd/internal/fold"
	"graphd/internal/kg"
)

// sentence is one passage prepared for reading in order: folded, without white
// space but with its quotation marks, which tell names from ordinary words.
type sentence struct {
	// chars are the folded code points; a tab stands for a cell boundary,
	// “ and ” for any pair of quotation marks, ‘ and ’ for those within.
	chars  []rune
	at     []int // place of each char in the source
	quoted []quotation
	// paragraph counts the lines of the source that begin a sentence.
	paragraph int
	section   section
	year      int // that the document reports on; 0 if untold
	// planYear is the year that a section of plans is for; empty if untold.
	planYear string
	// ahead is where the sentence begins to look ahead, to its end;
	// len(chars) if it does not.
	ahead int
}

// section is what the part of a report that a sentence stands in is about.
type section uint8

const (
	sectionOpening section = iota // before the first heading
	sectionResults
	sectionProblems
	sectionPlans
)

// span is the source span of chars[from:to], to > from.
func (s *sentence) span(from, to int) kg.Span {
	return kg.Span{Start: s.at[from], End: s.at[to-1] + 1}
}

// within are the indices of the chars that a source span covers.
func (s *sentence) within(sp kg.Span) (from, to int) {
	from, _ = slices.BinarySearch(s.at, sp.Start)
	to, _ = slices.BinarySearch(s.at, sp.End)
	return from, to
}

// text is chars[from:to] without quotation marks and cell boundaries; a list of
// quotations is parted by 、.
func (s *sentence) text(from, to int) string {
	var b strings.Builder
	b.Grow(utf8.UTFMax * (to - from))
	var last rune
	for _, r := range s.chars[from:to] {
		switch {
		case r == '“' && last == '”':
			b.WriteRune('、')
		case !isQuote(r) && r != '\t':
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

func isQuote(r rune) bool { return r == '“' || r == '”' || r == '‘' || r == '’' }

// sentences reads the passages of a document in order.
func sentences(t *text) []sentence {
	ss := make([]sentence, 0, len(t.doc.Report.Passages))
	// All sentences share two arrays, of which each has a stretch of its own.
	chars, at := make([]rune, 0, len(t.runes)), make([]int, 0, len(t.runes))
	paragraph, from := 0, 0
	for _, p := range t.doc.Report.Passages {
		first := false // on its line
		for ; from < p.Start; from++ {
			switch r := t.runes[from]; {
			case r == '\n':
				first = true
			case !fold.Ignored(r):
				first = false
			}
		}
		if first {
			paragraph++
		}
		s := sentence{paragraph: paragraph, year: t.doc.Report.Year}
		start := p.Start
		for start > 0 && t.runes[start-1] == '\t' {
			start-- // empty cells before a row's first words keep their places
		}
		begin := len(chars)
		for i := start; i < p.End; i++ {
			r := t.runes[i]
			form := quoteForm(r)
			switch {
			case r == '\t' || t.folded[i] == '|':
				r = '\t'
			case form != 0:
				r = form
			case fold.Ignored(r):
				continue
			default:
				r = t.folded[i]
			}
			chars, at = append(chars, r), append(at, i)
		}
		s.chars, s.at = chars[begin:len(chars):len(chars)], at[begin:len(at):len(at)]
		pairQuotes(s.chars)
		s.quoted = quotations(s.chars)
		ss = append(ss, s)
	}
	readSections(ss, t.doc.Report.Passages, t.doc.Report.Year)
	return ss
}

// quoteForm is the form that counts of a quotation mark; 0 of anything else.
// Other ignored marks are dropped with white space.
func quoteForm(r rune) rune {
	switch r {
	case '"', '\uFF02':
		return '"'
	case '“', '「', '〝', '﹁', '„', '‟':
		return '“'
	case '”', '」', '〞', '﹂':
		return '”'
	case '‘', '『':
		return '‘'
	case '’', '』':
		return '’'
	}
	return 0
}

// pairQuotes makes quotation marks alternate, for they are often typed wrong:
// two closing ones, two opening ones, or straight ones. A closing mark with no
// opening one, of a quotation that began in an earlier sentence, stays as it is.
func pairQuotes(chars []rune) {
	open := false
	for i, r := range chars {
		if r != '“' && r != '”' && r != '"' {
			continue
		}
		if r == '”' && !open {
			next := slices.IndexFunc(chars[i+1:], func(r rune) bool { return r == '“' || r == '”' || r == '"' })
			if next < 0 || chars[i+1+next] == '“' {
				continue
			}
		}
		if open {
			chars[i] = '”'
		} else {
			chars[i] = '“'
		}
		open = !open
	}
}

// quotation is a stretch in double quotation marks: chars[from:to], marks not
// included.
type quotation struct{ from, to int }

func quotations(chars []rune) []quotation {
	var qs []quotation
	open := -1
	for i, r := range chars {
		switch {
		case r == '“':
			open = i + 1
		case r == '”' && open >= 0:
			qs = append(qs, quotation{open, i})
			open = -1
		}
	}
	return qs
}

// clauseReach bounds the work on a clause without end.
const clauseReach = 300

// clause is the stretch around place i between marks of punctuation, or as far
// as clauseReach.
func (s *sentence) clause(i int) (from, to int) {
	for from = i; from > max(0, i-clauseReach) && !s.breaks(from-1); from-- {
	}
	for to = i; to < min(len(s.chars), i+clauseReach) && !s.breaks(to); to++ {
	}
	return from, to
}

// goesOn are words after which a comma ends no clause.
var goesOn = newLexicon("其中")

// breaks tells whether a clause ends at place i.
func (s *sentence) breaks(i int) bool {
	switch s.chars[i] {
	case ',', ':':
		// 其中, goes on.
		if longestSuffix(s.chars[:i], goesOn) > 0 {
			return false
		}
		// 1,476 and 9:30 are one.
		return !(i > 0 && i+1 < len(s.chars) && isDigit(s.chars[i-1]) && isDigit(s.chars[i+1]))
	case ';', '。', '!', '?', '\t':
		return true
	case '(':
		// A remark with a figure is a clause; (居) is part of a word.
		for j := i + 1; j < len(s.chars) && s.chars[j] != ')'; j++ {
			if isDigit(s.chars[j]) {
				return true
			}
		}
	case ')':
		for j := i - 1; j >= 0 && s.chars[j] != '('; j-- {
			if isDigit(s.chars[j]) {
				return true
			}
		}
	}
	return false
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }
