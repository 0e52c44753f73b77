package linker

import (
	_ "embed"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

//go:embed words.tsv
var wordsFile string

// words is words.tsv: a field a category.
var words = mustParseWords[struct {
	Common, CommonFull, Phrase, BareLead, BareStop, FullStop, Organ, ListEnd, TownshipStop, Government          *lexicon
	Level, Self, Body, CountyBody, NoCountyBody, Elsewhere, Bureau, Office, NoBureau, FirmStop, Zone, TownOrgan *lexicon
	FirmGeneric, TitleOuter, TitleTail, TitleShort, LawMade, LawFollowed, Regulation, StateLead                 *lexicon
	Work, LawStop, LawPhrase, NumberStop, NameLead                                                              *lexicon
}](wordsFile)

// mustParseWords reads lines of a category and its words into a struct that
// has a field for each category, of the same name with a capital. The data is
// part of the program, so that a bad line is a bug a test finds.
func mustParseWords[T any](data string) T {
	lists := map[string][]string{}
	for line := range strings.Lines(data) {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		category, list, ok := strings.Cut(line, "\t")
		if !ok {
			panic(fmt.Sprintf("bad line of words %q", line))
		}
		lists[category] = append(lists[category], strings.Fields(list)...)
	}
	var w T
	fields := reflect.ValueOf(&w).Elem()
	for category, list := range lists {
		field := fields.FieldByName(strings.ToUpper(category[:1]) + category[1:])
		if !field.IsValid() {
			panic(fmt.Sprintf("nobody asks for the words of %s", category))
		}
		field.Set(reflect.ValueOf(newLexicon(list...)))
	}
	for i := range fields.NumField() {
		if fields.Field(i).IsNil() {
			panic(fmt.Sprintf("no words for %s", fields.Type().Field(i).Name))
		}
	}
	return w
}

// lexicon is a set of words that texts are searched for. Few places of a text
// begin or end one, so that most cost one look into a filter. It is immutable.
type lexicon struct {
	list []string // in the order given
	// heads and tails hold the words by their first and last code points,
	// longest first.
	heads, tails runeTable
}

func newLexicon(list ...string) *lexicon {
	l := &lexicon{list: list}
	for _, w := range list {
		rs := []rune(w)
		l.heads.add(rs[0], w, rs)
		l.tails.add(rs[len(rs)-1], w, rs)
	}
	l.heads.sort()
	l.tails.sort()
	return l
}

// longest is the length of the longest word, in code points.
func longest(l *lexicon) int {
	n := 0
	for _, w := range l.list {
		n = max(n, utf8.RuneCountInString(w))
	}
	return n
}

// has tells whether s is one of the words.
func (l *lexicon) has(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return slices.ContainsFunc(l.heads.at(r), func(w word) bool { return w.text == s })
}

// word is one word of a lexicon, in both forms that texts have.
type word struct {
	text  string
	runes []rune
}

// runeTable finds words by one of their code points.
type runeTable struct {
	filter [filterBits / 64]uint64
	words  map[rune][]word
}

const filterBits = 2048 // few of the some thousand characters of a text share a bit

func (t *runeTable) add(r rune, text string, runes []rune) {
	if t.words == nil {
		t.words = map[rune][]word{}
	}
	t.filter[uint32(r)%filterBits/64] |= 1 << (uint32(r) % 64)
	t.words[r] = append(t.words[r], word{text, runes})
}

func (t *runeTable) sort() {
	for _, ws := range t.words {
		slices.SortStableFunc(ws, func(a, b word) int { return len(b.runes) - len(a.runes) })
	}
}

func (t *runeTable) at(r rune) []word {
	if t.filter[uint32(r)%filterBits/64]&(1<<(uint32(r)%64)) == 0 {
		return nil
	}
	return t.words[r]
}

// hasAt tells which of the words text has at from; empty if none. The longest
// wins.
func hasAt(text []rune, from int, l *lexicon) string {
	if from >= len(text) {
		return ""
	}
	for _, w := range l.heads.at(text[from]) {
		if from+len(w.runes) <= len(text) && slices.Equal(text[from:from+len(w.runes)], w.runes) {
			return w.text
		}
	}
	return ""
}

// covered tells of each code point of text whether it lies in one of the words.
func covered(text []rune, l *lexicon) []bool {
	mask := make([]bool, len(text))
	for i := range text {
		for j := range utf8.RuneCountInString(hasAt(text, i, l)) {
			mask[i+j] = true
		}
	}
	return mask
}

// longestSuffix is the length of the longest of the words that text ends with.
func longestSuffix(text []rune, l *lexicon) int {
	if len(text) == 0 {
		return 0
	}
	for _, w := range l.tails.at(text[len(text)-1]) {
		if n := len(w.runes); n <= len(text) && slices.Equal(text[len(text)-n:], w.runes) {
			return n
		}
	}
	return 0
}

// endsWithAny tells whether text ends with one of the words.
func endsWithAny(text []rune, l *lexicon) bool { return longestSuffix(text, l) > 0 }

// startsWithAny tells whether text begins with one of the words.
func startsWithAny(text string, l *lexicon) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return slices.ContainsFunc(l.heads.at(r), func(w word) bool { return strings.HasPrefix(text, w.text) })
}

// holdsAny tells whether text holds one of the words.
func holdsAny(text []rune, l *lexicon) bool {
	for i, r := range text {
		for _, w := range l.heads.at(r) {
			if i+len(w.runes) <= len(text) && slices.Equal(text[i:i+len(w.runes)], w.runes) {
				return true
			}
		}
	}
	return false
}

// textHolds is holdsAny for a string.
func textHolds(text string, l *lexicon) bool {
	for i, r := range text {
		for _, w := range l.heads.at(r) {
			if strings.HasPrefix(text[i:], w.text) {
				return true
			}
		}
	}
	return false
}

// startsWith tells whether text begins with prefix.
func startsWith(text []rune, prefix string) bool {
	i := 0
	for _, r := range prefix {
		if i == len(text) || text[i] != r {
			return false
		}
		i++
	}
	return true
}

// index is where s first stands in text at or after from, or -1.
func index(text []rune, s string, from int) int {
	for i := from; i < len(text); i++ {
		if startsWith(text[i:], s) {
			return i
		}
	}
	return -1
}
