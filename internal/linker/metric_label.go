package linker

import (
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	// maxLabel is the length from which on a label is cut.
	maxLabel = 60
	// shortPhrase is the length up to which a phrase needs another one to be
	// understood.
	shortPhrase = 3
	// partPhrase is that length for a part of a whole.
	partPhrase = 8
	// dependentPhrase is the length up to which a phrase that goes on from
	// another one (已办结) needs it.
	dependentPhrase = 8
	// contextPhrase is the length up to which the clause before may be the
	// context of a phrase that is too short.
	contextPhrase = 24
)

// label gives every figure its label and period, in the words of the text, and
// its parent. A figure that says nothing alone (涉案金额, 已办结, 其中耕地) takes
// up what the figure before it in its paragraph is about.
func label(ss []sentence, all []figure) {
	l := labeller{ss: ss, all: all, sentence: -1}
	for i := range all {
		f := &all[i]
		s := &ss[f.sentence]
		l.period(f)
		if s.isCell(*f) {
			if l.table == nil || f.sentence >= l.table.to {
				l.table = tableOf(ss, f.sentence)
			}
			l.table.label(f, s)
			f.label = cut(f.label, maxLabel)
			continue
		}
		if f.label == "" {
			l.label(i)
		}
		if f.label == "" {
			f.label = trimLabel(s.text(0, f.from))
			f.base = f.label
		}
		f.label = cut(f.label, maxLabel)
	}
	for i := range all {
		f := &all[i]
		if u := units[f.unit]; u.kind == "body" && u.numerals == "arabic" && !strings.Contains(f.label, f.unit) {
			f.label = joinWhole(f.label, f.unit) // 辖8镇3乡: the unit is what is counted
		}
	}
}

// labeller labels the figures of a document one by one.
type labeller struct {
	ss       []sentence
	all      []figure
	sentence int // whose periods these are
	periods  []namedPeriod
	table    *table
}

// period gives a figure the last period named before it in its sentence.
func (l *labeller) period(f *figure) {
	s := &l.ss[f.sentence]
	if l.sentence != f.sentence {
		l.sentence, l.periods = f.sentence, s.periods()
	}
	if s.section == sectionPlans {
		f.period = s.planYear
	}
	for _, p := range l.periods {
		if p.end <= f.from && (!s.inBrackets(p.end-1) || s.inBrackets(f.from)) {
			f.period = p.text
		}
	}
}

// label labels figure i by the phrase around it and by what that depends on.
func (l *labeller) label(i int) {
	f := &l.all[i]
	s := &l.ss[f.sentence]
	if l.respectively(i) {
		return
	}
	before, after := s.phrases(l.all, i)
	phrase := trimLead(joinPhrases(before, after))
	if after == "" {
		phrase = trimLabel(before)
	}
	if metricWords.LabelTrail.has(phrase) {
		phrase = ""
	}
	n := utf8.RuneCountInString(phrase)
	alone := after == "" && !f.none
	if !f.none && startsWithAny("的"+after, metricWords.TargetAfter) && hasAt([]rune(before), 0, metricWords.Against) != "" {
		// 持证率仅为35%,低于60%的要求
		if about := l.changed(i); about >= 0 {
			f.label, f.base, f.dependent = joinWhole(l.all[about].label, before+after), l.all[about].base, true
			return
		}
	}
	if alone && (isChange(phrase) || f.unit == "倍" && n <= dependentPhrase) {
		if about := l.changed(i); about >= 0 {
			f.dependent = true
			f.base = l.all[about].base
			rs := []rune(l.all[about].label)
			rs = rs[:len(rs)-longestSuffix(rs, metricWords.Turn)] // 起数减少3起,下降7%
			f.label = joinWhole(string(rs), phrase)
			return
		}
	}
	if alone && (startsWithAny(strings.TrimLeft(before, "(,、"), metricWords.PartLead) || l.alsoPart(i, before, phrase) || l.remarked(i)) {
		if whole := l.antecedent(i, true); whole >= 0 {
			f.parent = whole
			f.dependent = n <= partPhrase
			f.label = phrase
			if f.dependent {
				f.label = joinWhole(l.all[whole].label, phrase)
			}
			f.base = f.label
			return
		}
	}
	f.dependent = alone && dependent(phrase, f)
	whole := ""
	switch about := l.antecedent(i, false); {
	case f.dependent && about >= 0 && l.sameSentence(i, about) && slices.Contains(s.chars[l.all[about].to:f.from], ';') && s.context(l.all, i) != "":
		// 化解诉求9件;落实清单,涉及事项8项
		f.base, f.dependent = s.context(l.all, i), false
		f.label = joinWhole(f.base, phrase)
		return
	case n == 0 && alone && l.sameSentence(i, i-1) && l.all[i-1].to == f.from: // 问题5类87个
		f.label, f.base = l.all[i-1].label, l.all[i-1].base
		return
	case f.dependent && (n == 0 || !l.sameSentence(i, about)) && s.context(l.all, i) != "":
		f.base, f.dependent = s.context(l.all, i), false
		f.label = joinWhole(f.base, phrase)
		return
	case f.dependent && about >= 0:
		f.base = l.all[about].base
		whole = f.base
		if strings.HasPrefix(phrase, "占") {
			whole = l.all[about].label // 终止4件,占2%
		} else if f.kind == "ratio" {
			f.base = l.all[l.divided(about)].base
			whole = f.base
		}
		f.label = joinWhole(whole, phrase)
		return
	case f.dependent && l.sameSentence(i, i-1) && l.all[i-1].unit != "" && !(f.kind == "ratio" && l.all[i-1].kind == "ratio"):
		whole = l.all[i-1].base
	case f.dependent && about < 0 && !isDerived(f) && !l.sameSentence(i, i-1) && l.topic(i) != "":
		f.base = l.topic(i)
		f.label = joinWhole(f.base, phrase)
		return
	case strings.HasPrefix(before, "、"):
		if l.sameSentence(i, i-1) {
			phrase = withVerb(l.all[i-1].label, phrase)
			f.listed = true
		}
	case n <= shortPhrase && isDerived(f) && l.sameSentence(i, i-1) && isDerived(&l.all[i-1]) && endsWithAny([]rune(phrase), metricWords.DependentEnd):
		// 满意率…,办结率…: each is a rate of its own
	case n <= shortPhrase:
		from, _ := s.clause(f.from)
		if after == "" && (n < shortPhrase || goesOnFrom(phrase)) && l.sameSentence(i, i-1) && (l.all[i-1].from >= from || l.all[i-1].unit == f.unit) {
			f.base = l.all[i-1].base // 由15天压缩至3天
			f.label = joinWhole(f.base, phrase)
			return
		}
		whole = s.context(l.all, i)
	}
	f.label = joinWhole(whole, phrase)
	f.base = f.label
}

func (l *labeller) sameSentence(i, j int) bool {
	return j >= 0 && l.all[i].sentence == l.all[j].sentence
}

// joinWhole puts what a figure is about before its own phrase, without
// repeating how the phrase begins. Of a label too long the phrase is kept.
func joinWhole(whole, phrase string) string {
	switch {
	case strings.HasPrefix(phrase, whole):
		return phrase
	case strings.HasSuffix(whole, phrase), strings.HasPrefix(whole, phrase):
		return whole
	}
	return cut(whole, max(0, maxLabel-utf8.RuneCountInString(phrase))) + phrase
}

// withVerb puts the verb of the first thing of a list before a later one:
// 发放手册200份、海报50张.
func withVerb(first, phrase string) string {
	const reach = 16
	if hasAt([]rune(phrase), 0, metricWords.ListVerb) != "" {
		return phrase
	}
	rs := []rune(first)
	if metricWords.Level.has(phrase) {
		// 建成区级阵地3处、镇级12处
		for at := range rs {
			if w := hasAt(rs, at, metricWords.Level); w != "" {
				phrase += string(rs[at+utf8.RuneCountInString(w):])
				break
			}
		}
	}
	for at := 0; at < min(reach, len(rs)); at++ {
		if v := hasAt(rs, at, metricWords.ListVerb); v != "" && at+utf8.RuneCountInString(v) < len(rs) {
			return string(rs[:at]) + v + phrase
		}
	}
	return phrase
}

// dependent tells whether a phrase before a figure says nothing alone.
func dependent(phrase string, f *figure) bool {
	n := utf8.RuneCountInString(phrase)
	if n <= 1 || isBare(phrase) {
		return true
	}
	if lead := hasAt([]rune(phrase), 0, metricWords.DependentLead); lead != "" && n <= dependentPhrase {
		rest := phrase[len(lead):] // 办结依申请公开件 has its own
		return utf8.RuneCountInString(rest) <= shortPhrase || !textHolds(rest, metricWords.Independent)
	}
	if isDerived(f) {
		rs := []rune(phrase)
		rs = rs[:len(rs)-longestSuffix(rs, metricWords.Turn)]
		return n <= dependentPhrase && endsWithAny(rs, metricWords.DependentEnd) && !textHolds(phrase, metricWords.Independent)
	}
	return false
}

// goesOnFrom tells whether a short phrase begins with a verb that says nothing
// of what is counted.
func goesOnFrom(phrase string) bool {
	return startsWithAny(phrase, metricWords.Bare) || startsWithAny(phrase, metricWords.Turn)
}

// isBare tells whether a phrase consists of verbs and adverbs alone: 已全部办结.
func isBare(phrase string) bool {
	const longest = 12
	rs := []rune(phrase)
	at := 0
	for at < len(rs) && at < longest {
		w := hasAt(rs, at, metricWords.Bare)
		if w == "" {
			return false
		}
		at += utf8.RuneCountInString(w)
	}
	return at == len(rs)
}

// isDerived tells whether a figure measures something that others count.
func isDerived(f *figure) bool {
	return f.kind == "ratio" || f.kind == "money" || f.kind == "area" || f.kind == "time"
}

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

// remarked tells whether figure i begins a remark in brackets on the figure
// before it: 行政应诉案件51件(一审35件,二审16件).
func (l *labeller) remarked(i int) bool {
	if !l.sameSentence(i, i-1) {
		return false
	}
	cs, end := l.ss[l.all[i].sentence].chars, l.all[i-1].to
	return end < len(cs) && cs[end] == '(' && l.all[i-1].unit == l.all[i].unit && l.ss[l.all[i].sentence].inBrackets(l.all[i].from)
}

// isChange tells whether a phrase states how much more or less something is
// than before; one with a thing of its own does not (减少申请材料).
func isChange(phrase string) bool {
	const most = 2 // 增加了, 提高到
	rs := []rune(phrase)
	w := hasAt(rs, 0, metricWords.Change)
	return w != "" && (metricWords.Turn.has(w) && len(rs) <= utf8.RuneCountInString(w)+most || !metricWords.Turn.has(w))
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
		case part && a.parent < 0 && a.unit == f.unit:
			return j
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
	text := trimLabel(s.text(start, min(end, from-1)))
	if utf8.RuneCountInString(text) > contextPhrase {
		text = lastDeed([]rune(text))
	}
	if text == "" || holdsNumber(text) || metricWords.LabelLead.has(text) || metricWords.LabelTrail.has(text) || i > 0 && all[i-1].sentence == f.sentence && all[i-1].from >= start {
		return ""
	}
	return text
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
