package linker

import (
	"strings"
	"unicode/utf8"
)

// mask marks the chars in which a number is part of a name or a reference:
// titles, document numbers, short quotations, dates, hotlines, idioms, words
// with letters.
func (s *sentence) mask(masked []bool) {
	cs := s.chars
	fill := func(from, to int) {
		for i := max(0, from); i < min(to, len(cs)); i++ {
			masked[i] = true
		}
	}
	for _, q := range s.quoted {
		if q.to-q.from <= 24 {
			fill(q.from, q.to)
		}
	}
	title := -1
	for i := 0; i < len(cs); i++ {
		switch {
		case cs[i] == '《':
			title = i
		case cs[i] == '》' && title >= 0:
			fill(title, i)
			title = -1
		case cs[i] == '〔' || cs[i] == '[' || cs[i] == '﹝' || cs[i] == '【':
			fill(i, i+5)
		}
		if idiom := hasAt(cs, i, noNumberIn); idiom != "" && !(i > 0 && (isDigit(cs[i-1]) || isNumeral(cs[i-1])) && isNumeral(cs[i])) {
			fill(i, i+utf8.RuneCountInString(idiom))
		}
		if !isDigit(cs[i]) || i > 0 && (isDigit(cs[i-1]) || cs[i-1] == '.' && i > 1 && isDigit(cs[i-2])) {
			continue
		}
		end := i
		for end < len(cs) && isDigit(cs[end]) {
			end++
		}
		if s.namesWith(i, end) {
			fill(i, end)
		}
		if !endsWithAny(cs[:i], metricWords.DayAfter) && !startsWith(cs[end:], "日内") {
			fill(i, s.dateEnd(i))
		}
	}
}

// namesWith tells whether the digits chars[i:end] are part of a name: a
// hotline, 1+10, G60, 5S, 9:30, 7×24, 3/5, 3.15 or 12·4 with no unit.
func (s *sentence) namesWith(i, end int) bool {
	cs := s.chars
	cell := i > 0 && cs[i-1] == '\t' && (end == len(cs) || cs[end] == '\t')
	if !cell && metricWords.Hotline.has(string(cs[i:end])) && !hasUnit(cs, end) && (end == len(cs) || chinesePower(cs[end]) == 0 && cs[end] != '余') {
		return true
	}
	joins := func(r rune) bool { return strings.ContainsRune("+×:/·*#_@", r) }
	if i > 0 && (joins(cs[i-1]) && (cs[i-1] != ':' || i > 1 && isDigit(cs[i-2])) || isLatin(cs[i-1])) {
		return true
	}
	if end == len(cs) || hasUnit(cs, end) {
		return false
	}
	if end+1 < len(cs) && cs[end] == '.' && isDigit(cs[end+1]) {
		n, _ := readNumber(cs, i) // 1.2-1.5%
		if _, shared := s.sharedUnit(n.to); shared {
			return false // 0.32、0.41个百分点
		}
		return !hasUnit(cs, n.to) && i > 0 && cs[i-1] != '\t' && cs[i-1] != '共' && !endsWithAny(cs[:i], metricWords.AmountsTo)
	}
	return joins(cs[end]) && (cs[end] != ':' || end+1 < len(cs) && isDigit(cs[end+1])) || isLatin(cs[end])
}

// dateEnd is where the date, year, time or range of them ends that begins at
// the digits at place i; i if there is none.
func (s *sentence) dateEnd(i int) int {
	cs := s.chars
	at, end := i, i
	for at < len(cs) && isDigit(cs[at]) {
		digits := at
		for at < len(cs) && isDigit(cs[at]) {
			at++
		}
		n := at - digits
		if at == len(cs) {
			// 2023-12-24: the last of several numbers.
			if end > i || n == 4 && s.yearAt(digits) && strings.ContainsRune("-—至~", before(cs, i)) {
				end = at
			}
			break
		}
		switch r := cs[at]; {
		case r == '年' && (n == 4 || n == 2 && digits == i && s.yearWord(at)),
			r == '月' && n <= 2, r == '日' && n <= 2, r == '号' && n <= 2 && end > i:
			at++
			end = at
		case (strings.ContainsRune("-—–~～至到./", r)) && at+1 < len(cs) && isDigit(cs[at+1]) && (n == 4 && s.yearAt(digits) || n <= 2):
			// A range or a dotted date; it is one if a date word follows.
			if n == 4 || end > i && r != '.' {
				end = at
			}
			at++
		default:
			if end > i && n <= 2 && strings.ContainsRune("-./", cs[digits-1]) && n > 0 {
				end = at
			}
			if n == 4 && s.yearAt(digits) && digits > i && strings.ContainsRune("-—–~～至到", cs[digits-1]) {
				end = at
			}
			return end
		}
		if at < len(cs) && end == at && strings.ContainsRune("-—–~～至到", cs[at]) && at+1 < len(cs) && isDigit(cs[at+1]) {
			at++
		}
	}
	return end
}

func before(cs []rune, i int) rune {
	if i == 0 {
		return 0
	}
	return cs[i-1]
}

// yearAt tells whether four digits at place i can be a year.
func (s *sentence) yearAt(i int) bool {
	return i+4 <= len(s.chars) && (s.chars[i] == '1' && s.chars[i+1] == '9' || s.chars[i] == '2' && s.chars[i+1] == '0')
}

// yearWord tells whether the year after two digits is a calendar year's: 22年度.
func (s *sentence) yearWord(at int) bool {
	return at+1 < len(s.chars) && s.chars[at+1] == '度'
}
