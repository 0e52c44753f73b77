package report

import (
	"slices"
	"strings"

	"graphd/internal/kg"
)

const (
	// minWrapped is the length from which a line may have been cut at the
	// width of a page.
	minWrapped = 16
	// fullLine is the share of a page's width from which a line fills it.
	fullLine = 0.7
	// A text is wrapped if at least so many of its long lines, and this share of
	// them, break off in the middle of a sentence.
	minBroken   = 3
	brokenShare = 0.3
)

// wrappedFrom is the length from which a line of the body that begins a
// paragraph may be cut at the width of a page; 0 if lines are not cut so, but at
// the ends of paragraphs. The width is what most long lines reach: a heading
// with a comma (一、加强领导,落实责任) is shorter than the text below it.
func (p *page) wrappedFrom() int {
	var lengths []int
	for i, l := range p.lines {
		if p.roles[i] == roleBody && l.n >= minWrapped {
			lengths = append(lengths, l.n)
		}
	}
	if len(lengths) < minBroken {
		return 0
	}
	slices.Sort(lengths)
	width := lengths[len(lengths)*3/4]
	full, broken := max(minWrapped, int(fullLine*float64(width))), 0
	for i, l := range p.lines {
		if p.roles[i] != roleBody || l.n < full {
			continue
		}
		if _, ok := p.goesOn(i, full); ok {
			broken++
		}
	}
	if broken < minBroken || float64(broken) < brokenShare*float64(len(lengths)) {
		return 0
	}
	return full
}

// goesOn is the line that goes on with the sentence that line i, of at least so
// many characters, breaks off in: the next one, unless it is indented, a heading
// or a row of a table.
func (p *page) goesOn(i, least int) (next int, ok bool) {
	const ends = "。!?;:…》】"
	l := p.lines[i]
	if l.n < least || strings.ContainsRune(ends, []rune(l.key)[l.n-1]) || strings.ContainsAny(l.norm, "\t|") ||
		headingLevel(l.key) != noHeading && !strings.ContainsAny(l.key, ",。;") {
		return 0, false
	}
	for next = i + 1; next < len(p.lines) && p.lines[next].n == 0; next++ {
	}
	if next == len(p.lines) || p.roles[next] != roleBody {
		return 0, false
	}
	to := p.lines[next]
	gap := string(p.runes[l.End:to.Start])
	indent := len([]rune(gap[strings.LastIndexAny(gap, "\r\n")+1:]))
	return next, strings.Count(gap, "\n") <= 1 && indent < 2 && headingLevel(to.key) == noHeading && markdownLevel(to.key) == 0 &&
		!to.labelled() && !strings.ContainsAny(to.norm, "\t|")
}

// paragraph is the content of line i and of those that go on with it, the last
// of which is last, where lines are cut that are as long as full; 0 if none are.
func (p *page) paragraph(i, full int) (s kg.Span, last int) {
	s, last = p.content(p.lines[i]), i
	for least := full; full > 0; least = 1 {
		next, ok := p.goesOn(last, least)
		if !ok {
			break
		}
		s.End, last = p.lines[next].End, next
	}
	return s, last
}
