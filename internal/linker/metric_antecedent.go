package linker

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// alsoPart tells whether figure i is one more part of a whole: the second of
// 其中街面870起,社区694起.
func (l *labeller) alsoPart(i int, before, phrase string) bool {
	return l.sameSentence(i, i-1) && l.all[i-1].parent >= 0 && l.all[i-1].unit == l.all[i].unit && !l.endsParts(i) &&
		utf8.RuneCountInString(phrase) <= partPhrase &&
		(strings.HasPrefix(before, "、") || hasAt([]rune(phrase), 0, metricWords.ListVerb) == "") && l.ss[l.all[i].sentence].inBrackets(l.all[i].from) == l.ss[l.all[i].sentence].inBrackets(l.all[i-1].from)
}

// endsParts tells whether a semicolon ends the list of parts before figure i,
// whose parts other marks part.
func (l *labeller) endsParts(i int) bool {
	s := &l.ss[l.all[i].sentence]
	semicolon := func(i int) bool { return slices.Contains(s.chars[l.all[i-1].to:l.all[i].from], ';') }
	return semicolon(i) && l.sameSentence(i, i-2) && l.all[i-2].parent == l.all[i-1].parent && !semicolon(i-1)
}

// afterSemicolon tells whether a semicolon begins the clause of place i.
func (s *sentence) afterSemicolon(i int) bool {
	from, _ := s.clause(i)
	return from > 0 && s.chars[from-1] == ';'
}

// remarked tells whether figure i begins a remark in brackets on the figure
// before it: 行政应诉案件51件(一审35件,二审16件).
func (l *labeller) remarked(i int) bool {
	if !l.sameSentence(i, i-1) {
		return false
	}
	cs, end := l.ss[l.all[i].sentence].chars, l.all[i-1].to
	return end < len(cs) && cs[end] == '(' && l.all[i-1].unit == l.all[i].unit && l.ss[l.all[i].sentence].inBrackets(l.all[i].from)
}

// among tells whether figure i counts some of what the figure right before it
// does: 线索27宗里已查结26宗.
func (l *labeller) among(i int) bool {
	if !l.sameSentence(i, i-1) || l.all[i-1].unit != l.all[i].unit {
		return false
	}
	s := &l.ss[l.all[i].sentence]
	from, _ := s.clause(l.all[i].from)
	between := s.text(l.all[i-1].to, l.all[i].from)
	return from <= l.all[i-1].from && afterAmong(between) != between
}

// inBrackets tells whether place i stands in a remark in brackets.
func (s *sentence) inBrackets(i int) bool {
	for at := i - 1; at >= max(0, i-clauseReach); at-- {
		switch s.chars[at] {
		case '(':
			return true
		case ')':
			return false
		}
	}
	return false
}

// reachable tells whether figure i may depend on figure j before it: they stand
// in one paragraph, and at most one sentence apart.
func (l *labeller) reachable(i, j int) bool {
	f, a := &l.all[i], &l.all[j]
	return l.ss[a.sentence].paragraph == l.ss[f.sentence].paragraph && f.sentence-a.sentence <= 1
}

// changed is the figure whose change the i-th states, or -1: the one before it
// that is no change itself and in no remark in brackets.
func (l *labeller) changed(i int) int {
	for j := i - 1; j >= 0 && l.reachable(i, j); j-- {
		a := &l.all[j]
		if a.none || l.aside(i, j) || a.change {
			continue
		}
		l.all[i].change = true
		return j
	}
	return -1
}

// aside tells whether figure j stands in a remark in brackets that figure i is
// no part of.
func (l *labeller) aside(i, j int) bool {
	f, a := &l.all[i], &l.all[j]
	return l.ss[a.sentence].inBrackets(a.from) && !(l.sameSentence(i, j) && l.ss[f.sentence].inBrackets(f.from))
}

// antecedent is the figure before the i-th in its paragraph that it depends
// on, or -1: the nearest that stands for itself and counts the same, for a
// ratio or an amount the nearest that counts something.
func (l *labeller) antecedent(i int, part bool) int {
	f := &l.all[i]
	fallback := -1
	for j := i - 1; j >= 0 && l.reachable(i, j); j-- {
		a := &l.all[j]
		if a.none || !part && l.aside(i, j) {
			continue
		}
		if fallback >= 0 && !l.sameSentence(i, j) {
			break
		}
		if f.kind == "ratio" && a.kind == "ratio" && !a.dependent && !part && l.sameSentence(i, j) {
			return -1 // a rate of its own, after which come others
		}
		counts := !isDerived(a) && a.unit != ""
		switch {
		case part && a.parent < 0 && a.unit == f.unit && (a.value >= f.value || a.about):
			return j // no part is greater than its whole
		case part:
		case isDerived(f):
			if counts && (f.kind != "area" || a.kind != "person") {
				return l.head(i, j)
			}
		case !a.dependent && a.unit == f.unit:
			return j
		case fallback < 0 && !a.dependent && counts && l.sameSentence(i, j):
			fallback = j
		}
	}
	return fallback
}

// head is what an amount after figure j is about: the first of its list, or the
// whole if j is one of several parts.
func (l *labeller) head(i, j int) int {
	for j > 0 && l.all[j].listed {
		j--
	}
	if l.all[i].kind == "money" {
		return l.divided(j)
	}
	return j
}

// divided is the whole that figure j and the one before it are parts of, or j.
func (l *labeller) divided(j int) int {
	if j > 0 && l.all[j].parent >= 0 && l.all[j-1].parent == l.all[j].parent {
		return l.all[j].parent
	}
	return j
}

// topic is the short sentence without a figure that has a heading's form and
// stands before the i-th figure's or opens its paragraph, or that is alone
// before it in its paragraph; empty if there is none.
func (l *labeller) topic(i int) string {
	j := l.all[i].sentence - 1
	for j > 0 && l.ss[j].enumerator() == 0 && l.ss[j-1].paragraph == l.ss[j+1].paragraph {
		j--
	}
	if j < 0 || l.ss[j].enumerator() == 0 && (l.ss[j].paragraph != l.ss[j+1].paragraph || j > 0 && l.ss[j-1].paragraph == l.ss[j].paragraph) || len(l.ss[j].chars) > contextPhrase || slices.ContainsFunc(l.ss[j].chars[l.ss[j].enumerator():], isDigit) {
		return ""
	}
	return strings.TrimRight(trimLabel(l.ss[j].text(0, len(l.ss[j].chars))), "。:")
}

// context is the clause before the i-th figure's, of a long one what follows
// its last verb, if it states no figure.
func (s *sentence) context(all []figure, i int) string {
	f := &all[i]
	from, _ := s.clause(f.from)
	if from < 2 {
		return ""
	}
	start, end := s.clause(from - 2)
	text := trimLabel(afterEveryHas(s.text(start, min(end, from-1))))
	if utf8.RuneCountInString(text) > contextPhrase {
		text = lastDeed([]rune(text))
	}
	if text == "" || holdsNumber(text) || metricWords.LabelLead.has(text) || metricWords.LabelTrail.has(text) || i > 0 && all[i-1].sentence == f.sentence && all[i-1].from >= start {
		return ""
	}
	return text
}

// afterEveryHas is what everyone has, of a clause that says so: of 居委会个个有调委会
// the 调委会, which alone do what the next clause counts.
func afterEveryHas(clause string) string {
	rs := []rune(clause)
	for at := range rs {
		if w := hasAt(rs, at, metricWords.EveryHas); w != "" && at+utf8.RuneCountInString(w) < len(rs) {
			return string(rs[at+utf8.RuneCountInString(w):])
		}
	}
	return clause
}

// holdsNumber tells whether a text holds a number that is no year.
func holdsNumber(text string) bool {
	const year = len("2023")
	for {
		at := strings.IndexFunc(text, isDigit)
		if at < 0 {
			return false
		}
		rest := strings.TrimLeftFunc(text[at:], isDigit)
		if len(text)-at-len(rest) != year || !strings.HasPrefix(rest, "年") {
			return true
		}
		text = rest
	}
}

// lastDeed is the end of a long clause from its last verb on, empty if that is
// too long or too short to say what was done.
func lastDeed(clause []rune) string {
	for at := len(clause) - 1 - shortPhrase; at >= len(clause)-contextPhrase; at-- {
		if v := hasAt(clause, at, metricWords.ListVerb); v != "" && at+utf8.RuneCountInString(v)+shortPhrase <= len(clause) {
			return string(clause[at:])
		}
	}
	return ""
}
