package report

import (
	"strings"

	"graphd/internal/kg"
)

const (
	// minWrapped is the length from which a line may have been cut at the
	// width of a page.
	minWrapped = 16
	// A text is wrapped if at least so many of its long lines, and this share of
	// them, break off in the middle of a sentence.
	minBroken   = 3
	brokenShare = 0.3
)

// isWrapped tells whether the lines of the body are cut at the width of a page,
// not at the ends of paragraphs.
func (p *page) isWrapped() bool {
	long, broken := 0, 0
	for i, l := range p.lines {
		if p.roles[i] != roleBody || l.n < minWrapped {
			continue
		}
		long++
		if _, ok := p.goesOn(i, minWrapped); ok {
			broken++
		}
	}
	return broken >= minBroken && float64(broken) >= brokenShare*float64(long)
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
// of which is last.
func (p *page) paragraph(i int, wrapped bool) (s kg.Span, last int) {
	s, last = p.content(p.lines[i]), i
	for least := minWrapped; wrapped; least = 1 {
		next, ok := p.goesOn(last, least)
		if !ok {
			break
		}
		s.End, last = p.lines[next].End, next
	}
	return s, last
}
