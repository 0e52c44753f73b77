package report

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"graphd/internal/fold"
	"graphd/internal/kg"
)

// line is one line of a text.
type line struct {
	kg.Span        // without the white space at both ends; empty for a blank line
	text    string // the source at the span
	norm    string // folded, in lower case, runs of white space as one space or tab, quotation marks dropped
	key     string // norm without white space
	n       int    // code points in key
}

// lineBreak tells whether r ends a line.
func lineBreak(r rune) bool {
	switch r {
	case '\n', '\r', '\v', '\f', 0x85, 0x2028, 0x2029:
		return true
	}
	return false
}

// splitLines cuts a text into lines; CRLF makes a blank one, which counts for
// nothing.
func splitLines(runes []rune) []line {
	var ls []line
	start := 0
	for i := 0; i <= len(runes); i++ {
		if i == len(runes) || lineBreak(runes[i]) {
			ls = append(ls, newLine(runes, trim(runes, kg.Span{Start: start, End: i})))
			start = i + 1
		}
	}
	return ls
}

// blank tells whether r is white space or has no width; quotation marks, which
// fold ignores too, are none.
func blank(r rune) bool {
	return unicode.IsSpace(r) || fold.Ignored(r) && (unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Mn, r))
}

// trim is s without white space at both ends.
func trim(runes []rune, s kg.Span) kg.Span {
	for s.Start < s.End && blank(runes[s.Start]) {
		s.Start++
	}
	for s.Start < s.End && blank(runes[s.End-1]) {
		s.End--
	}
	return s
}

func newLine(runes []rune, s kg.Span) line {
	l := line{Span: s}
	if s.Len() == 0 {
		return l
	}
	l.text = string(runes[s.Start:s.End])
	var norm, key strings.Builder
	gap := byte(0)
	for _, r := range runes[s.Start:s.End] {
		if fold.Ignored(r) {
			switch {
			case r == '\t':
				gap = '\t'
			case unicode.IsSpace(r) && gap == 0:
				gap = ' '
			}
			continue
		}
		if gap != 0 && norm.Len() > 0 {
			norm.WriteByte(gap)
		}
		gap = 0
		r = unicode.ToLower(fold.Rune(r))
		norm.WriteRune(r)
		key.WriteRune(r)
		l.n++
	}
	l.norm, l.key = norm.String(), key.String()
	return l
}

// maxFormLine is the length above which a line is too long to be known by its
// form alone.
const maxFormLine = 160

// is tells whether a line has the form of a kind.
func (l line) is(kind lineKind) bool {
	return l.n > 0 && l.n <= maxFormLine && known.lines[kind].MatchString(l.key)
}

// sentences tells whether a line is running text.
func (l line) sentences() bool {
	return strings.ContainsRune(l.key, '。') || l.n >= 40 && strings.ContainsAny(l.key, ",、;")
}

// labelled tells whether a line begins with a label of data/labels.tsv, in
// square brackets, in a cell of a table, or with nothing around it.
func (l line) labelled() bool {
	fs := fields(l.norm)
	return len(fs) > 0 && strings.Trim(l.norm[:fs[0].start], "【[| ") == ""
}

// field is a label on a line with its value.
type field struct {
	use   use
	value string // as folded in line.norm, trimmed
	start int    // byte in norm
}

// maxFields is how many bytes of a line are searched for labels; a line that
// goes on is text.
const maxFields = 2048

// fields are the labels on a folded line with their values: a label stands at
// the line's beginning or after a separator, and a colon, a bar or white space
// follows it. The value reaches to the next label.
func fields(norm string) []field {
	if len(norm) > maxFields {
		norm = strings.ToValidUTF8(norm[:maxFields], "")
	}
	var fs []field
	end := 0 // of the last label with its separator
	closeLast := func(at int) {
		if len(fs) > 0 {
			fs[len(fs)-1].value = strings.Trim(norm[end:at], " \t|:;,[]()【】")
		}
	}
	separated := true
	for i, r := range norm {
		if separated && i >= end {
			if u, n := labelAt(norm[i:]); n > 0 {
				closeLast(i)
				fs = append(fs, field{use: u, start: i})
				end = i + n
			}
		}
		separated = strings.ContainsRune(" \t|;,([【]】)>·-", r)
	}
	closeLast(len(norm))
	return fs
}

// labelAt is the use and the length in bytes of the longest label that s
// begins with and that a separator follows; zero if none.
func labelAt(s string) (u use, length int) {
	var key strings.Builder
	for i, r := range s {
		if r == ' ' || r == '\t' {
			continue
		}
		if key.Len() >= known.longestLabel {
			break
		}
		key.WriteRune(r)
		end := i + utf8.RuneLen(r)
		if found, ok := known.useOf[key.String()]; ok && (end == len(s) || strings.IndexAny(s[end:], " \t|:]】)") == 0) {
			u, length = found, end
		}
	}
	return u, length
}

// headings are the forms of a numbered heading, outermost first. What follows
// the number up to the first full stop is the heading.
var headings = []*regexp.Regexp{
	regexp.MustCompile(`^第[一二三四五六七八九十百]{1,4}(部分|章|篇)`),
	regexp.MustCompile(`^(第[一二三四五六七八九十百]{1,4}节|[一二三四五六七八九十]{1,3}[、.,:])`),
	regexp.MustCompile(`^\([一二三四五六七八九十]{1,3}\)`),
	regexp.MustCompile(`^\d{1,2}([、,)]|\.(?:\D|$))`),
	regexp.MustCompile(`^(\(\d{1,2}\)|[①-⑳])`),
}

// Levels of headings.
const (
	noHeading       = -1
	itemLevel       = 3  // from here on numbers in figures, which forms have as well
	unnumberedLevel = 10 // what ranks marked headings above numbered ones
)

// headingLevel is the rank of a heading's form, 0 for the outermost, or
// noHeading.
func headingLevel(key string) int {
	for level, re := range headings {
		if re.MatchString(key) {
			return level
		}
	}
	return noHeading
}
