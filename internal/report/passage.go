package report

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"graphd/internal/fold"
	"graphd/internal/kg"
)

const (
	// maxHeading is the length above which a numbered line's first sentence
	// is text, not a heading.
	maxHeading = 60
	// pathSeparator stands between the headings of a section's path.
	pathSeparator = " / "
	// titleReach is how far a sentence end inside 《》 looks for the closing
	// mark.
	titleReach = 60
)

// passages are the sentences of the report, each with the path of headings
// above it. A heading is a passage; so is every line that ends without a full
// stop, unless lines are cut at the width of a page. Title, addressee, closing
// and signature stand in no section.
func (p *page) passages() []kg.Passage {
	type heading struct {
		level int
		text  string
	}
	var open []heading
	numbered := p.hasTopHeadings()
	path := func() string {
		texts := make([]string, len(open))
		for i, h := range open {
			texts[i] = h.text
		}
		return strings.Join(texts, pathSeparator)
	}
	closeTo := func(level int) {
		for len(open) > 0 && open[len(open)-1].level >= level {
			open = open[:len(open)-1]
		}
	}
	var out []kg.Passage
	full := p.wrappedFrom()
	for i := 0; i < len(p.lines); i++ {
		l := p.lines[i]
		if l.n == 0 || p.roles[i] == roleChrome {
			continue
		}
		if p.roles[i] == roleSign {
			open = nil
		}
		span, last := p.content(l), i
		if p.roles[i] == roleBody {
			span, last = p.paragraph(i, full)
		}
		for j, s := range sentences(p.runes, span) {
			if j == 0 && p.roles[i] == roleBody {
				level, short := p.heading(l, s, numbered)
				if level != noHeading {
					closeTo(level) // numbered text without a heading ends a section too
				}
				if short && level != noHeading {
					out = append(out, kg.Passage{Span: s, Section: path()})
					open = append(open, heading{level, strings.TrimRight(oneLine(string(p.runes[s.Start:s.End])), "。：:；; ")})
					continue
				}
			}
			out = append(out, kg.Passage{Span: s, Section: path()})
		}
		i = last
	}
	return out
}

// content is a line's span without the marks of a markdown heading or of
// emphasis round the whole line.
func (p *page) content(l line) kg.Span {
	s := l.Span
	if markdownLevel(l.key) == 0 && !strings.HasPrefix(l.key, "**") {
		return s
	}
	mark := func(i int) bool { return p.runes[i] == '#' || p.runes[i] == '*' || blank(p.runes[i]) }
	for s.Start < s.End && mark(s.Start) {
		s.Start++
	}
	for s.Start < s.End && mark(s.End-1) {
		s.End--
	}
	return s
}

// markdownLevel is the number of marks that a markdown heading begins with.
func markdownLevel(key string) int {
	return len(key) - len(strings.TrimLeft(key, "#"))
}

// hasTopHeadings tells whether the report's outermost headings are numbered.
func (p *page) hasTopHeadings() bool {
	for i, l := range p.lines {
		if p.roles[i] == roleBody {
			if level := headingLevel(l.key); level == 0 || level == 1 {
				return true
			}
		}
	}
	return false
}

// heading is the level of the heading that the first sentence s of line l is,
// or noHeading, and whether it is short enough for one. An unnumbered line is
// one if it is marked as such, or, where the outermost headings have no
// numbers, if it is short and has no punctuation.
func (p *page) heading(l line, s kg.Span, numbered bool) (level int, short bool) {
	key := fold.Key(string(p.runes[s.Start:s.End]))
	n := utf8.RuneCountInString(key)
	short = n <= maxHeading
	if level = headingLevel(key); level != noHeading {
		return level, short
	}
	if marks := markdownLevel(l.key); marks > 0 {
		return marks - unnumberedLevel, short
	}
	if !numbered && n >= 4 && n <= 30 && s == l.Span && !strings.ContainsAny(key, ",。;:!?、0123456789") {
		return 0, true
	}
	return noHeading, short
}

// closers follow the end of a sentence and belong to it.
const closers = "”’」』\"')）】〕]》〉"

// sentences cuts a line at the marks that end a sentence, with the closing
// quotation marks and brackets after them. A mark inside a title in 《》 ends
// none, and neither does ! or ? inside an address.
func sentences(runes []rune, s kg.Span) []kg.Span {
	var out []kg.Span
	add := func(from, to int) {
		if t := trim(runes, kg.Span{Start: from, End: to}); t.Len() > 0 {
			out = append(out, t)
		}
	}
	start := s.Start
	for i := s.Start; i < s.End; i++ {
		if !endsSentence(runes, i, s) {
			continue
		}
		for i+1 < s.End && (strings.ContainsRune(closers, runes[i+1]) || strings.ContainsRune("。！？!?", runes[i+1])) {
			i++
		}
		add(start, i+1)
		start = i + 1
	}
	add(start, s.End)
	return out
}

func endsSentence(runes []rune, i int, s kg.Span) bool {
	switch runes[i] {
	case '。', '！', '？', '｡':
	case '!', '?':
		if i+1 < s.End && runes[i+1] < 0x80 && ascii.MatchString(string(runes[i+1])) {
			return false
		}
	default:
		return false
	}
	// Inside 《》: an opening mark before, its closing one after.
	for j := i - 1; j >= s.Start && i-j <= titleReach; j-- {
		if runes[j] == '》' {
			break
		}
		if runes[j] == '《' {
			for k := i + 1; k < s.End && k-i <= titleReach && runes[k] != '《'; k++ {
				if runes[k] == '》' {
					return false
				}
			}
			break
		}
	}
	return true
}

var ascii = regexp.MustCompile(`[0-9A-Za-z=&%_/.-]`)
