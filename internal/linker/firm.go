package linker

import (
	"slices"
	"strings"

	"graphd/internal/kg"
	"graphd/internal/linker/registry"
)

const firmEnding = "律师事务所"

// lawFirms records every law firm named in full. Its name begins with a place
// or after a word that cannot be part of it, and ends with 律师事务所 or the
// branch office after that. A phrase that only says what kind of firm it is
// (专业律师事务所, 三家律师事务所) names none.
func (l *Linker) lawFirms(t *text, g *gathering) {
	for _, s := range l.firmsIn(t.key) {
		name := string(t.key[s.From:s.To])
		id := kg.LawFirmID(name)
		if g.mention(kg.Mention{Kind: kg.KindLawFirm, EntityID: id, Span: t.span(s.From, s.To), Rule: "firm"}) {
			g.entity(kg.Entity{ID: id, Kind: kg.KindLawFirm, Name: name})
		}
	}
}

// firmsIn finds the names of law firms in a folded text.
func (l *Linker) firmsIn(key []rune) []registry.Match {
	var found []registry.Match
	left := 0
	for i := 0; i+5 <= len(key); i++ {
		to := firmEnd(key, i)
		if to < 0 {
			continue
		}
		if from := l.firmStart(key, left, i); from >= 0 && !countsFirms(key[to:]) {
			found = append(found, registry.Match{From: from, To: branchEnd(key, to)})
		}
		left = to
		i = to - 1
	}
	return found
}

// firmEnd is where the ending that begins at i ends: 律师事务所, or with a
// place between, as in 律师(上海)事务所; -1 if none begins there.
func firmEnd(key []rune, i int) int {
	if startsWith(key[i:], firmEnding) {
		return i + 5
	}
	if startsWith(key[i:], "律师(") {
		for j := i + 3; j < min(i+8, len(key)); j++ {
			if startsWith(key[j:], ")事务所") {
				return j + 4
			}
		}
	}
	return -1
}

// branchEnd adds a branch office: …律师事务所上海分所, …律师事务所(上海)分所.
func branchEnd(key []rune, to int) int {
	for j := to; j < min(to+8, len(key)); j++ {
		if j > to && startsWith(key[j:], "分所") {
			return j + 2
		}
		if !isHan(key[j]) && key[j] != '(' && key[j] != ')' {
			break
		}
	}
	return to
}

var (
	firmGeneric   = registry.Build(words.FirmGeneric.list)
	firmStops     = registry.Build(words.FirmStop.list)
	longFirmStops = newLexicon(slices.DeleteFunc(slices.Clone(words.FirmStop.list), func(w string) bool { return len([]rune(w)) < 2 })...)
)

// maxFirm is the most code points before 律师事务所 in a firm's name.
const maxFirm = 18

// firmStart is where the name whose ending begins at end starts, not before
// left; -1 if the words there name no firm.
func (l *Linker) firmStart(key []rune, left, end int) int {
	from := end
	depth := 0
	for from > left && end-from < maxFirm {
		r := key[from-1]
		switch {
		case r == ')':
			depth++
		case r == '(' && depth > 0:
			depth--
		case !isHan(r) && !(depth == 0 && (r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z')):
			goto bounded
		}
		from--
	}
bounded:
	// After the last word of two characters or more that cannot be in a name.
	for i := from; i < end; i++ {
		if w := hasAt(key[:end], i, longFirmStops); w != "" && key[min(i+len([]rune(w)), end-1)] != '(' {
			from = i + len([]rune(w)) // not 天衡联合(福州)律师事务所
		}
	}
	if at := l.firmPlace(key, from, end); at >= 0 {
		from = at
	} else {
		for m := range firmStops.FindAll(key[from:end]) {
			if from+m.To > from && end-(from+m.To) >= 2 {
				from += m.To
				break
			}
		}
	}
	brand := key[from:end]
	if len(brand) < 2 || l.generic(brand) || depth != 0 && !strings.ContainsRune(string(brand), '(') {
		return -1
	}
	return from
}

// firmPlace is where the place begins that a firm's name starts with: the
// leftmost name of a province, prefecture or county from which a brand of at
// least two characters is left.
func (l *Linker) firmPlace(key []rune, from, end int) int {
	for i := from; i < end-2; i++ {
		for m, ns := range l.reg.Divisions.FindAt(key[:end], i) {
			if end-m.To >= 2 && slices.ContainsFunc(ns, func(n registry.Naming) bool {
				return n.Level != kg.LevelTownship && !(n.Bare && n.Level == kg.LevelCounty && commonBare.has(string(key[m.From:m.To])))
			}) {
				return i
			}
		}
	}
	return -1
}

// generic tells whether the words before 律师事务所 say only what kind of
// firm it is, or where, or how many: they are made up of nothing but such
// words.
func (l *Linker) generic(brand []rune) bool {
	reach := make([]bool, len(brand)+1)
	reach[0] = true
	for i := range brand {
		if !reach[i] {
			continue
		}
		if n := counted(brand[i:]); n > 0 {
			reach[i+n] = true
		}
		for m := range firmGeneric.FindAt(brand, i) {
			reach[m.To] = true
		}
		for m, ns := range l.reg.Divisions.FindAt(brand, i) {
			if slices.ContainsFunc(ns, func(n registry.Naming) bool { return !n.Bare || len(n.Code) <= 4 }) {
				reach[m.To] = true
			}
		}
	}
	return reach[len(brand)]
}

// counted is the length of a number with its measure word (三家, 10余名) that
// text begins with; 0 if it begins with none.
func counted(text []rune) int {
	n := 0
	for n < len(text) && strings.ContainsRune("0123456789一二两三四五六七八九十百几数多余", text[n]) {
		n++
	}
	if n > 0 && n < len(text) && strings.ContainsRune("家名个所", text[n]) {
		return n + 1
	}
	return 0
}

// countsFirms tells whether text begins with a number of firms, so that the words
// before it name a kind of them: 合伙联营律师事务所25家.
func countsFirms(text []rune) bool {
	n := counted(text)
	return n > 0 && text[n-1] == '家'
}

func isHan(r rune) bool { return r >= 0x3400 && r <= 0x9FFF || r >= 0x20000 && r <= 0x3FFFF }
