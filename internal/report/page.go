package report

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"graphd/internal/fold"
	"graphd/internal/kg"
)

// page is a text laid out: what its lines are.
type page struct {
	runes    []rune
	lines    []line
	roles    []role // of each line
	hints    hints
	composed bool
	first    int // the first line of the body or its addressee
	last     int // the last line of the body, before closing and signature
}

// role is what a line is on its page.
type role uint8

const (
	roleChrome role = iota // or blank
	roleTitle
	roleAddressee
	roleBody
	roleSign // closing, signature, date, annex
)

const (
	// maxTitleLine is the length above which a line is no title.
	maxTitleLine = 80
	// footShare: a foot begins only where at most this share of the running
	// text follows, else the line is a toolbar above the text.
	footShare = 0.2
	// maxHead is the number of lines that are searched for a title.
	maxHead = 400
	// minShort is the length from which an unknown short line after the body
	// is taken for text.
	minShort = 12
)

// isComposed tells whether a text says that it is a composed sample.
func isComposed(s string) bool { return strings.Contains(newLineOf(s).key, "编写的示例") }

// newLineOf is s as a line of its own.
func newLineOf(s string) line {
	runes := []rune(s)
	return newLine(runes, trim(runes, kg.Span{End: len(runes)}))
}

// layOut tells the report from its page. The title is the line of a title's
// form nearest above the first running text; the body reaches from there (or
// from the first running text, where no line is a title) to the last one
// before the page's foot; closing and signature follow.
func layOut(text string, h hints) *page {
	p := &page{runes: []rune(text), hints: h, composed: h.composed}
	p.lines = splitLines(p.runes)
	p.roles = make([]role, len(p.lines))

	marker := -1
	if i := slices.IndexFunc(p.lines, func(l line) bool { return l.n > 0 }); i >= 0 && strings.Contains(p.lines[i].key, "编写的示例") {
		p.composed, marker = true, i
	}

	page := make([]bool, len(p.lines)) // page chrome by its form alone
	foot := make([]bool, len(p.lines))
	weight := make([]int, len(p.lines)) // of running text
	total := 0
	for i, l := range p.lines {
		page[i] = i == marker || l.n == 0 || l.is(pageLine)
		foot[i] = !page[i] && l.is(footLine)
		if !page[i] && !foot[i] && l.sentences() && !(l.n <= maxFormLine && l.labelled()) {
			weight[i] = l.n
			total += l.n
		}
	}

	from, to := p.findTitle(page, weight, total)
	for i := from; i < to; i++ {
		if p.lines[i].n > 0 {
			p.roles[i] = roleTitle
		}
	}
	p.findStart(to, from < to, page, foot, weight)
	cut := p.findFoot(page, foot, weight, total)
	p.findEnd(cut, page, foot)
	for i := p.first; i <= p.last; i++ {
		if !page[i] && !foot[i] && p.roles[i] == roleChrome {
			p.roles[i] = roleBody
		}
	}
	for i := p.first - 1; i >= 0 && p.wrappedFrom() > 0; i-- {
		if _, ok := p.goesOn(i, minWrapped); !ok || page[i] || foot[i] || p.roles[i] != roleChrome {
			break
		}
		p.roles[i] = roleBody // the beginning of the sentence that the body opens with
	}
	return p
}

// findTitle is the range of lines that the title stands on, empty if none.
func (p *page) findTitle(page []bool, weight []int, total int) (from, to int) {
	eligible := func(i int) bool {
		l := p.lines[i]
		return !page[i] && l.n >= 4 && l.n <= maxTitleLine && weight[i] == 0 && headingLevel(l.key) == noHeading && !l.labelled()
	}
	best, seen := 0, 0
	for i := range p.lines[:min(len(p.lines), maxHead)] {
		if weight[i] > 0 {
			seen += weight[i]
			if best > 0 || float64(seen) > footShare*float64(total) {
				break
			}
			continue
		}
		if !eligible(i) {
			continue
		}
		j, text := p.joined(i, eligible)
		switch rank := p.titleRank(text); {
		case rank == 0 || rank < best:
		case rank == best && to == j && from < i: // the rest of a longer one
		default:
			best, from, to = rank, i, j
		}
	}
	return from, to
}

// joined is the text of the title that begins on line i and the line after
// it: one line, or up to four where a title is broken over lines. An organ's
// name belongs to the whole title below it if that begins with 关于, if nothing
// stands above the name, or if the page's head has them in one.
func (p *page) joined(i int, eligible func(int) bool) (end int, text string) {
	whole := known.lines[titleLine].MatchString
	text = p.lines[i].titleKey()
	if whole(text) || !strings.Contains(text, "年") && !strings.Contains(text, "法治") && !p.lines[i].is(signLine) {
		return i + 1, text
	}
	onTop := !slices.ContainsFunc(p.lines[:i], func(l line) bool { return l.n > 0 && !isComposed(l.text) })
	joined, parts := text, 1
	for j := i + 1; j < len(p.lines) && parts < 4; j++ {
		if p.lines[j].n == 0 {
			continue
		}
		next := p.lines[j].titleKey()
		if !eligible(j) || whole(next) && !onTop && !strings.HasPrefix(next, "关于") && p.titleRank(joined+next) < inHead {
			break
		}
		joined += next
		parts++
		if whole(joined) {
			return j + 1, joined
		}
	}
	return i + 1, text
}

// titleKey is the key of the title on a line: without the marks of a markdown
// heading and without what the page states after it.
func (l line) titleKey() string {
	if text, tail := l.cutTail(); tail != "" {
		l = newLineOf(text)
	}
	return strings.TrimLeft(l.key, "#*")
}

// titleTail matches the day on which a page published a document, where it
// stands on the line of the title.
var titleTail = regexp.MustCompile(`[\[(【]?\s*(?:(?:19|20)\d{2}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:19|20)\d{2})\s*(?:\d{1,2}:\d{2}(?::\d{2})?)?\s*[\])】]?\s*$`)

// cutTail splits a line into its text and, folded, what a page states after
// that: a date or labels with their values.
func (l line) cutTail() (text, tail string) {
	if l.n > maxFormLine {
		return l.text, ""
	}
	runes := []rune(l.text)
	folded := make([]rune, len(runes)) // as many as runes, so that places agree
	for i, r := range runes {
		folded[i] = fold.Rune(r)
	}
	s, at := string(folded), -1
	if m := titleTail.FindStringIndex(s); m != nil {
		at = m[0]
	}
	if fs := fields(s); len(fs) > 0 && fs[0].use != useOther {
		at = fs[0].start
	}
	if at <= 0 {
		return l.text, ""
	}
	n := utf8.RuneCountInString(s[:at])
	return string(runes[:n]), s[at:]
}

// stamped tells whether a line is a page's stamp on a document: who published
// it and, at the end, on which day.
func (l line) stamped() bool {
	const longest = 24 // code points of a name
	name, tail := l.cutTail()
	return tail != "" && utf8.RuneCountInString(name) <= longest && !strings.ContainsFunc(name, func(r rune) bool {
		return !unicode.Is(unicode.Han, r) && !unicode.IsSpace(r)
	})
}

// inHead is the rank of a title that the page's head names.
const inHead = 4

// titleRank says how surely a text is a title, from 0, not at all, to inHead.
func (p *page) titleRank(key string) int {
	if len([]rune(key)) > maxTitleLine {
		return 0
	}
	full := known.lines[titleLine].MatchString(key)
	for _, h := range p.hints.titles {
		for _, part := range titleParts(h) {
			if newLineOf(part).key == key && (full || known.lines[titleish].MatchString(key)) {
				return inHead
			}
		}
	}
	switch {
	case full && (strings.Contains(key, "年") || len([]rune(key)) >= minShort):
		return 3
	case full:
		return 2
	case known.lines[titleish].MatchString(key):
		return 1
	}
	return 0
}

// titleParts are a page's title and its parts between the separators that
// sites put before their own names.
func titleParts(s string) []string {
	return append([]string{s}, strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("_|-—–>»·", r) })...)
}

// findStart sets first, and the roles of the lines between the title and the
// body. Without a title everything above the body is chrome.
func (p *page) findStart(from int, titled bool, page, foot []bool, weight []int) {
	p.first = len(p.lines)
	for i := from; i < len(p.lines); i++ {
		l := p.lines[i]
		if page[i] || foot[i] || l.labelled() || l.is(headLine) || p.isNumber(i) {
			continue
		}
		level := headingLevel(strings.TrimLeft(l.key, "#"))
		if level >= 0 && (titled || level < itemLevel) || weight[i] > 0 || l.is(toLine) {
			p.first = i
			break
		}
		switch {
		case !titled:
		case l.is(signLine):
			p.roles[i] = roleSign
		case l.stamped():
		case l.n >= 4:
			p.roles[i] = roleBody
		}
	}
	// A text of short lines only still has a body.
	if p.first == len(p.lines) {
		for i := from; i < len(p.lines); i++ {
			if l := p.lines[i]; !page[i] && !foot[i] && !l.labelled() {
				p.first = i
				break
			}
		}
	}
	for i := p.first; i < len(p.lines) && i < p.first+4; i++ {
		l := p.lines[i]
		if l.n == 0 {
			continue
		}
		if l.is(toLine) && !strings.Contains(l.key, "如下") {
			p.roles[i] = roleAddressee
		}
		break
	}
}

// findFoot is the line at which the page's foot begins: the first of a foot's
// form, or that follows a signature, below the report's last heading.
func (p *page) findFoot(page, foot []bool, weight []int, total int) int {
	heading := p.first
	for i := p.first; i < len(p.lines); i++ {
		if level := headingLevel(p.lines[i].key); level >= 0 && level < itemLevel && !page[i] && !foot[i] {
			heading = i
		}
	}
	after := total
	var above []line // the last two lines that are no page chrome
	for i, l := range p.lines {
		before := after
		after -= weight[i]
		if page[i] {
			continue
		}
		if i > heading && float64(before) <= footShare*float64(total) && (foot[i] || endsSignature(above) && !l.is(signLine)) {
			return i
		}
		above = append(above[max(0, len(above)-1):], l)
	}
	return len(p.lines)
}

// endsSignature tells whether two lines are the end of a signature: who signs,
// or a closing, and the date.
func endsSignature(ls []line) bool {
	if len(ls) < 2 || !ls[0].is(signLine) || !ls[1].is(signLine) || strings.HasPrefix(ls[1].key, "附") {
		return false
	}
	_, dated := lastDate(ls[1].norm)
	return dated
}

// findEnd sets last, and the roles of the lines between the body and the foot.
func (p *page) findEnd(cut int, page, foot []bool) {
	p.last = p.first
	for i := p.first; i < cut; i++ {
		l := p.lines[i]
		if !page[i] && !foot[i] && (l.sentences() || headingLevel(l.key) != noHeading) && !l.is(signLine) {
			p.last = i
		}
	}
	annex, dated := false, false
	for i := p.last + 1; i < cut; i++ {
		l := p.lines[i]
		if page[i] || foot[i] {
			continue
		}
		switch {
		case annex:
			p.roles[i] = roleBody
		case l.is(signLine):
			p.roles[i] = roleSign
			annex = strings.HasPrefix(l.key, "附")
			if _, ok := lastDate(l.norm); ok {
				dated = true
			}
		case !dated && !l.labelled() && (l.n >= minShort || strings.ContainsAny(l.key, "0123456789,、;:")):
			p.roles[i] = roleBody
		}
	}
	if p.last >= len(p.lines) {
		p.last = len(p.lines) - 1
	}
}

// mainSpans are the runs of lines that are no chrome.
func (p *page) mainSpans() []kg.Span {
	var spans []kg.Span
	open := false
	for i, l := range p.lines {
		switch {
		case l.n == 0:
		case p.roles[i] == roleChrome:
			open = false
		case open:
			spans[len(spans)-1].End = l.End
		default:
			spans = append(spans, l.Span)
			open = true
		}
	}
	return spans
}

// chrome is the page's title and the lines outside the report, in order.
func (p *page) chrome() []string {
	var out []string
	out = append(out, p.hints.titles...)
	for i, l := range p.lines {
		if l.n > 0 && p.roles[i] == roleChrome {
			out = append(out, l.text)
		}
	}
	return out
}
