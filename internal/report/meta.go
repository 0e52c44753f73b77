package report

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"graphd/internal/fold"
)

const (
	// maxFallbackTitle is the length of a title made of a text's first words.
	maxFallbackTitle = 40
	// headReach is how many lines above the title are searched for what is
	// printed at the head of a document.
	headReach = 12
)

// title is the report's title as written: of its title lines, else as the page
// names it, else the first words of the text.
func (p *page) title() string {
	var parts []string
	for i, l := range p.lines {
		if p.roles[i] == roleTitle {
			text, _ := l.cutTail()
			parts = append(parts, oneLine(strings.Trim(text, "#* \t")))
		}
	}
	if len(parts) > 0 {
		return strings.Join(parts, "")
	}
	for _, kind := range []lineKind{titleLine, titleish} {
		for _, h := range p.hints.titles {
			for _, part := range titleParts(h) {
				if newLineOf(part).is(kind) {
					return oneLine(part)
				}
			}
		}
	}
	for i, l := range p.lines {
		if p.roles[i] != roleChrome {
			continue
		}
		for _, f := range fields(l.norm) {
			if f.use == useTitle && f.value != "" && p.labelIsOfHead(i) {
				return f.value
			}
		}
	}
	return p.firstWords()
}

// firstWords are the leading clauses of the first sentence of the report, or
// of the page where there is none.
func (p *page) firstWords() string {
	for _, anywhere := range []bool{false, true} {
		for i, l := range p.lines {
			if !anywhere && p.roles[i] != roleBody && p.roles[i] != roleSign {
				continue
			}
			if words := leadingClauses([]rune(oneLine(strings.TrimLeft(l.text, "#* ")))); words != "" {
				return words
			}
		}
	}
	return oneLine(string(p.runes[:min(len(p.runes), maxFallbackTitle)]))
}

// leadingClauses are the first clauses of a sentence: up to its end, to the
// first comma that leaves enough to be told by, or to the length of a title.
func leadingClauses(words []rune) string {
	end := min(len(words), maxFallbackTitle)
	for i, r := range words[:end] {
		switch r := fold.Rune(r); {
		case i == 0:
		case strings.ContainsRune("。;!?:", r), r == ',' && i >= minShort:
			return string(words[:i])
		}
	}
	return string(words[:end])
}

// oneLine is s with runs of white space as one space, and none at its ends.
func oneLine(s string) string { return strings.Join(strings.FieldsFunc(s, blank), " ") }

// labelIsOfHead tells whether a label on line i speaks of this document: what
// follows the body may speak of others.
func (p *page) labelIsOfHead(i int) bool { return i < p.first }

// published is the date of publication that the page states, else the date
// signed, else empty.
func (p *page) published() string {
	found := map[use]string{}
	note := func(u use, d date, ok bool) {
		if ok && found[u] == "" {
			found[u] = d.iso
		}
	}
	from := p.stampsFrom()
	for i, l := range p.lines {
		if p.roles[i] == roleTitle {
			_, tail := l.cutTail()
			d, ok := firstDate(tail)
			note(useDated, d, ok)
		}
		if p.roles[i] != roleChrome || l.n == 0 {
			continue
		}
		fs := fields(l.norm)
		for _, f := range fs {
			if !p.labelIsOfHead(i) && f.use != usePublished {
				continue
			}
			value := f.value
			if value == "" {
				value = p.nextValue(i)
			}
			d, ok := firstDate(value)
			note(f.use, d, ok && d.at < maxTitleLine)
		}
		if i < from || !p.labelIsOfHead(i) || l.is(pageLine) {
			continue
		}
		stamp := l.norm
		if len(fs) > 0 {
			stamp = l.norm[:fs[0].start]
		}
		d, ok := firstDate(stamp)
		note(useDated, d, ok && (d.at == 0 || i > from && l.stamped()))
	}
	if d, ok := firstDate(newLineOf(p.hints.published).norm); ok {
		note(usePublished, d, true)
	}
	for _, u := range []use{usePublished, useDated} {
		if found[u] != "" {
			return found[u]
		}
	}
	if d, ok := p.signed(); ok {
		return d.iso
	}
	return found[useSigned]
}

// stampsFrom is the line from which a date that begins a line without a label
// is the page's stamp on the document: the last one above the title.
func (p *page) stampsFrom() int {
	for i := slices.Index(p.roles, roleTitle) - 1; i >= 0; i-- {
		if p.lines[i].n > 0 {
			return i
		}
	}
	return 0
}

// signed is the date in the report's signature, below the body or right under
// the title.
func (p *page) signed() (date, bool) {
	for _, below := range []bool{true, false} {
		for i := len(p.lines) - 1; i >= 0; i-- {
			if p.roles[i] == roleSign && (i > p.last) == below {
				if d, ok := lastDate(p.lines[i].norm); ok {
					return d, true
				}
			}
		}
	}
	return date{}, false
}

// nextValue is the text of the next line that is not blank, the value of a
// label that stands alone; empty if a label begins it.
func (p *page) nextValue(i int) string {
	for j := i + 1; j < len(p.lines); j++ {
		if p.lines[j].n == 0 {
			continue
		}
		if p.lines[j].labelled() || p.roles[j] != roleChrome {
			return ""
		}
		return strings.TrimLeft(p.lines[j].norm, ":| ")
	}
	return ""
}

// noPublisher are values that name the site itself, or nobody.
var noPublisher = regexp.MustCompile(`^(本(网|站|网站|单位)|原创|网站|无|未知|其他|互联网|.*(网|网站|平台|公众号))$`)

// publisher is who the page names as the report's publisher, in canonical
// form; empty if it names only itself.
func (p *page) publisher() string {
	for i, l := range p.lines {
		if p.roles[i] != roleChrome || !p.labelIsOfHead(i) {
			continue
		}
		for _, f := range fields(l.norm) {
			if f.use != usePublisher {
				continue
			}
			value := f.value
			if value == "" {
				value = p.nextValue(i)
			}
			if v, ok := publisherName(value); ok {
				return v
			}
		}
	}
	v, _ := publisherName(newLineOf(p.hints.publisher).norm)
	return v
}

// publisherName is the name that a label's folded value begins with.
func publisherName(value string) (string, bool) {
	name, _, _ := strings.Cut(value, "|")
	if words := strings.Fields(name); len(words) > 0 {
		name = words[0]
	}
	name = fold.Name(name)
	if n := utf8.RuneCountInString(name); n < 2 || n > maxFallbackTitle || noPublisher.MatchString(name) {
		return "", false
	}
	if _, dated := firstDate(name); dated {
		return "", false
	}
	return name, true
}

// number matches a document number: an organ's short name, the year in
// brackets, the running number.
var number = regexp.MustCompile(`^([\p{Han}]{2,16}?)[〔\[(【]((?:19|20)\d{2})[〕\])】](第?\d{1,5}号)$`)

// documentNumber is a document number, alone or in round brackets, in
// canonical brackets.
func documentNumber(key string) (string, bool) {
	if inner, ok := strings.CutPrefix(key, "("); ok && strings.HasSuffix(inner, ")") {
		key = strings.TrimSuffix(inner, ")")
	}
	m := number.FindStringSubmatch(key)
	if m == nil {
		return "", false
	}
	return m[1] + "〔" + m[2] + "〕" + m[3], true
}

// isNumber tells whether line i is a document number and nothing else.
func (p *page) isNumber(i int) bool {
	_, ok := documentNumber(p.lines[i].key)
	return ok
}

// titleNumber matches a document number in brackets at a title's end.
var titleNumber = regexp.MustCompile(`[(]([\p{Han}]{2,16}[〔\[(【](?:19|20)\d{2}[〕\])】]第?\d{1,5}号)[)]$`)

// docNumber is the report's own number, which stands at its head: alone on a
// line, after a label, or in brackets after the title. Numbers that the text
// cites are none.
func (p *page) docNumber() string {
	titleAt := slices.Index(p.roles, roleTitle)
	for i, l := range p.lines {
		if !p.labelIsOfHead(i) {
			break
		}
		if p.roles[i] == roleTitle {
			if m := titleNumber.FindStringSubmatch(l.key); m != nil {
				n, _ := documentNumber(m[1])
				return n
			}
		}
		if n, ok := documentNumber(l.key); ok && (titleAt < 0 || i > titleAt-headReach) {
			return n
		}
		for _, f := range fields(l.norm) {
			if f.use != useNumber {
				continue
			}
			value := f.value
			if value == "" {
				value = p.nextValue(i)
			}
			if n, ok := documentNumber(newLineOf(value).key); ok {
				return n
			}
		}
	}
	return ""
}

// addressee is who the report is sent to, in canonical form.
func (p *page) addressee() string {
	if i := slices.Index(p.roles, roleAddressee); i >= 0 {
		return strings.TrimSuffix(fold.Name(p.lines[i].text), ":")
	}
	return ""
}
