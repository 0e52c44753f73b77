package linker

import (
	"slices"
	"strings"
	"unicode/utf8"

	"graphd/internal/fold"
	"graphd/internal/kg"
	"graphd/internal/linker/registry"
)

// numbersIn finds the document numbers in a folded text, each with up to
// twelve characters before the year, of which not all need belong to it.
func numbersIn(key []rune) []registry.Match {
	const reach = 12
	var found []registry.Match
	left := 0
	for i, r := range key {
		lost := isDigit(r) && i > 0 && strings.ContainsRune("发办函文", key[i-1]) // 中发202133号
		if i == 0 || !isHan(key[i-1]) || !lost && !strings.ContainsRune("〔[(【", r) {
			continue
		}
		from := i
		for from > max(left, i-reach) && isHan(key[from-1]) {
			from--
		}
		if m := numberTail.FindString(string(key[i:min(i+14, len(key))])); m != "" && from < i {
			left = i + utf8.RuneCountInString(m)
			found = append(found, registry.Match{From: from, To: left})
		}
	}
	return found
}

// docNumber is the canonical form of a document number: 〔〕 round the year, and
// no word of the sentence in front.
func docNumber(s string) string {
	s = numberYear.ReplaceAllString(fold.Name(s), "〔$1〕")
	s = numberLost.ReplaceAllString(s, "$1〔$2〕$3")
	r := []rune(s)
	for i := 0; i < len(r) && isHan(r[i]); {
		rest := r[i:]
		if w := hasAt(r, i, words.NumberStop); w != "" {
			rest = rest[len([]rune(w)):]
		}
		// What is left begins with the issuer, not with the kind of body
		// after it: 和政发〔2022〕1号 is the number of 和政县.
		if len(rest) < len(r)-i && len(rest) > 0 && !strings.ContainsRune("政府委办发党", rest[0]) {
			r, i = rest, 0
			continue
		}
		i++
	}
	return string(r)
}

// numberAfter is the document number that follows a title, and where it ends.
func numberAfter(key []rune, to int) (string, int) {
	if !hasBracket(key[to:min(to+18, len(key))]) {
		return "", to
	}
	m := afterTitle.FindStringSubmatch(string(key[to:min(to+40, len(key))]))
	if m == nil {
		return "", to
	}
	return docNumber(m[1]), to + len([]rune(m[0]))
}

// numberBefore is the document number that stands right before a title.
func numberBefore(key []rune, from int) string {
	if !slices.Contains(key[max(0, from-6):from], '号') {
		return ""
	}
	m := beforeTitle.FindStringSubmatch(string(key[max(0, from-30):from]))
	if m == nil {
		return ""
	}
	return docNumber(m[1])
}

// bareNumbers records documents that are cited by their number without 《》,
// under the title before it if there is one. The report's own number is none.
func (c *citations) bareNumbers() {
	own := docNumber(c.t.doc.Report.DocNumber)
	for _, m := range numbersIn(c.t.key) {
		from, to := m.From, m.To
		for i := from + 1; i < to; i++ {
			if c.t.passageAt(c.t.at[i]) != c.t.passageAt(c.t.at[i-1]) {
				from = i
			}
		}
		number := docNumber(string(c.t.key[from:to]))
		for from < to && !startsWith(c.t.key[from:to], string([]rune(number)[:2])) {
			from++
		}
		if number == own || c.taken[to-1] || to < len(c.t.key) && c.titleFollows(to) || from >= to {
			continue
		}
		name := number
		if m := numberTitle.FindString(string(c.t.key[max(0, from-64):from])); m != "" {
			name = strings.TrimSuffix(m, "(")
			from -= len([]rune(m))
		}
		e := kg.Entity{Kind: kg.KindLaw, Name: name, LawType: kg.LawPolicy, ID: kg.LawID(name, "")}
		c.record(e, kg.Mention{Span: c.t.spanWithin(from, to), DocNumber: number, Rule: "number"})
	}
}

// titleFollows tells whether a title that takes the number begins there.
func (c *citations) titleFollows(to int) bool {
	for _, between := range []string{"", "文件", "文", ",", ":", "的"} {
		if startsWith(c.t.key[to:], between+"《") {
			return true
		}
	}
	return false
}
