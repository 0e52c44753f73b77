// Package fold makes two writings of one name equal: traditional and
// simplified characters, full-width and half-width forms, with and without
// spaces and quotation marks. It works code point by code point, so that a
// place in the folded text is a place in the source. It is not a converter for
// people to read: names shown to them come from registers, and words that only
// a phrase dictionary could tell apart stay apart.
package fold

import (
	"strings"
	"unicode"
)

//go:generate go run ./internal/gen -out table.go

// pageSize is how many code points one page of the table covers.
const pageSize = 1 << 8

// pages maps the code points below its reach, one page a block; a nil page maps
// every code point to itself.
var pages = expand()

func expand() *[(tableMax + pageSize) / pageSize]*[pageSize]rune {
	var ps [(tableMax + pageSize) / pageSize]*[pageSize]rune
	set := func(from, to rune) {
		p := ps[from/pageSize]
		if p == nil {
			p = new([pageSize]rune)
			for i := range p {
				p[i] = from/pageSize*pageSize + rune(i)
			}
			ps[from/pageSize] = p
		}
		p[from%pageSize] = to
	}
	from := rune(-1)
	for _, r := range table {
		if from < 0 {
			from = r
			continue
		}
		set(from, r)
		from = -1
	}
	// Full-width ASCII stands 0xFEE0 above ASCII.
	for r := '！'; r <= '～'; r++ {
		set(r, r-0xFEE0)
	}
	set('\u3000', ' ')
	return &ps
}

// Rune is the code point that r is compared as: a traditional character's
// simplified one, a compatibility ideograph's or radical's unified one,
// half-width ASCII for full-width, else r itself. Case stays. Folding twice
// changes nothing more.
//
// Where a traditional character has several simplified ones the commonest is
// taken (於 is 于, 徵 is 征), on both sides of every comparison. 乾 stays, for it
// is the simplified writing in names of places (乾安县).
func Rune(r rune) rune {
	if r < 0x80 || r >= tableMax {
		return r
	}
	if p := pages[r/pageSize]; p != nil {
		return p[r%pageSize]
	}
	return r
}

// Ignored tells whether r counts for nothing in a comparison: white space of
// all kinds, characters without width, and quotation marks.
func Ignored(r rune) bool {
	switch {
	case r == '"' || r == '\'':
		return true
	case r < 0x80:
		return r == ' ' || '\t' <= r && r <= '\r'
	case 0x4E00 <= r && r <= 0x9FFF:
		return false
	case r == 0xAD, r == 0xFEFF, r == 0x180E, r == 0x3000,
		0x200B <= r && r <= 0x200F,   // zero-width, direction marks
		0x202A <= r && r <= 0x202E,   // embeddings
		0x2060 <= r && r <= 0x206F,   // word joiner, invisible operators
		0xFE00 <= r && r <= 0xFE0F,   // variation selectors
		0xE0100 <= r && r <= 0xE01EF: // and their supplement
		return true
	case 0x2018 <= r && r <= 0x201F, // ‘’‚‛“”„‟
		0x300C <= r && r <= 0x300F, // 「」『』
		0x301D <= r && r <= 0x301F, // 〝〞〟
		0xFE41 <= r && r <= 0xFE44, // ﹁﹂﹃﹄
		r == '＂', r == '＇', r == '｢', r == '｣':
		return true
	}
	return unicode.IsSpace(r)
}

// Name is the canonical form of a name: every code point folded, ignored ones
// dropped, case kept.
func Name(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		if !Ignored(r) {
			b.WriteRune(Rune(r))
		}
	}
	return b.String()
}

// Key is what two writings of a name are compared by: Name in lower case.
func Key(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		if !Ignored(r) {
			b.WriteRune(unicode.ToLower(Rune(r)))
		}
	}
	return b.String()
}

// KeyMap is Key as code points, with the place of each in s, counted in code
// points.
func KeyMap(s string) (key []rune, at []int) {
	i := 0
	for _, r := range s {
		if !Ignored(r) {
			key = append(key, unicode.ToLower(Rune(r)))
			at = append(at, i)
		}
		i++
	}
	return key, at
}
