package linker

import (
	"strings"
	"unicode"
)

const (
	// maxLabel is the length from which on a label is cut.
	maxLabel = 60
	// shortPhrase is the length up to which a phrase needs another one to be
	// understood.
	shortPhrase = 3
	// partPhrase is that length for a part of a whole.
	partPhrase = 5
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
	period, periodSentence := "", -1
	for i := range all {
		f := &all[i]
		s := &ss[f.sentence]
		if periodSentence != f.sentence {
			period, periodSentence = s.planYear, f.sentence
			if s.section != sectionPlans {
				period = ""
			}
		}
		if p := s.periodBefore(f.from); p != "" {
			period = p
		}
		f.period = period

		if s.isCell(*f) {
			s.labelCell(f, columnHeadings(ss, f.sentence))
			continue
		}
		before, after := s.phrases(all, i)
		own := joinPhrases(before, after)
		f.dependent = after == "" && dependent(before, f) && !f.none
		part := after == "" && startsWithAny(before, metricWords["partLead"])
		// 其中街面870起,社区694起: the second is a part as well.
		if !part && after == "" && i > 0 && all[i-1].parent >= 0 && all[i-1].sentence == f.sentence && all[i-1].unit == f.unit &&
			len([]rune(trimLabel(before))) <= partPhrase && !f.dependent {
			part = true
		}
		about := antecedent(ss, all, i, part)
		phrase := trimLabel(own)
		switch {
		case part && about >= 0:
			f.parent = about
			f.dependent = true
			whole := all[about].label
			if n := len([]rune(phrase)); n > partPhrase {
				whole, f.dependent = "", false
			}
			f.label = joinWhole(whole, phrase)
			f.base = f.label
		case f.dependent && about >= 0:
			f.base = all[about].base
			f.label = joinWhole(f.base, phrase)
		default:
			whole := ""
			if len([]rune(phrase)) <= shortPhrase {
				if from, _ := s.clause(f.from); after == "" && i > 0 && all[i-1].sentence == f.sentence && !strings.HasPrefix(before, "、") && (all[i-1].from >= from || all[i-1].unit == f.unit) {
					whole = all[i-1].base // 由15天压缩至3天
				} else {
					whole = s.context(all, i)
				}
			}
			f.label = joinWhole(whole, phrase)
			f.base = f.label
		}
		if f.label == "" {
			f.label = trimLabel(s.text(0, f.from))
			f.base = f.label
		}
		f.label = cut(f.label, maxLabel)
	}
}

// phrases are what stands before and after the figure in its clause, up to
// the figures beside it.
func (s *sentence) phrases(all []figure, i int) (before, after string) {
	f := &all[i]
	from, to := s.clause(f.from)
	to = max(to, f.to)
	end := to
	if i > 0 && all[i-1].sentence == f.sentence && all[i-1].to > from {
		from = all[i-1].to
	}
	next := i+1 < len(all) && all[i+1].sentence == f.sentence && all[i+1].from < to
	if next {
		end = all[i+1].from
	}
	before = s.text(from, f.from)
	// 为18个社区和13个企业配备…: what stands before the first and after the
	// last holds for each.
	for j := i; j > 0 && all[j-1].sentence == f.sentence && endsWithAny(s.chars[:all[j].from], listConjunctions); j-- {
		start, _ := s.clause(all[j-1].from)
		if all[j-1].to <= start {
			break
		}
		if j > 1 && all[j-2].sentence == f.sentence {
			start = max(start, all[j-2].to)
		}
		before = s.text(start, all[j-1].from)
	}
	if f.none && s.chars[f.from] == '零' {
		if before = trimLabel(before); f.to < to {
			before = ""
		}
		return before, strings.TrimRight(s.text(f.to, end), "、和")
	}
	if f.none {
		// 无政府采购、招标投标等领域的失信行为: all of it did not happen.
		return "", s.text(f.to, to)
	}
	start := f.to
	if w := hasAt(s.chars[:end], start, metricWords["aboutAfter"]); w != "" {
		start += len([]rune(w))
	}
	after = strings.TrimPrefix(afterFigure(s.text(start, end), next), "内")
	if next && after != "" && endsWithAny(s.chars[:end], listConjunctions) {
		after = trimTrail(after) + s.predicate(end, to)
	}
	return before, after
}

// listConjunctions stand between things of one list.
var listConjunctions = newLexicon("和", "及", "与", "、", "以及")

// predicate is the end of a clause, chars[from:to], from its verb on.
func (s *sentence) predicate(from, to int) string {
	for at := from; at < to; at++ {
		if hasAt(s.chars, at, metricWords["predicate"]) != "" {
			return s.text(at, to)
		}
	}
	return ""
}

// afterFigure is the phrase after a figure; what leads to the next figure is
// cut off.
func afterFigure(after string, next bool) string {
	if strings.HasPrefix(after, "、") || strings.HasPrefix(after, "和") && next {
		return ""
	}
	if next {
		for _, w := range metricWords["labelCut"].list {
			if head, _, ok := strings.Cut(after, w); ok && head != "" {
				after = head
			}
		}
	}
	return strings.TrimPrefix(after, "的")
}

// joinPhrases joins what stands around a figure: 审查 + 合同.
func joinPhrases(before, after string) string {
	if after == "" {
		return before
	}
	return strings.TrimRight(trimTrail(before), "(") + after
}

// joinWhole puts what a figure is about before its own phrase, without
// repeating how the phrase begins.
func joinWhole(whole, phrase string) string {
	switch {
	case strings.HasPrefix(phrase, whole):
		return phrase
	case strings.HasSuffix(whole, phrase):
		return whole
	}
	return whole + phrase
}

// dependent tells whether a phrase before a figure says nothing alone.
func dependent(before string, f *figure) bool {
	phrase := trimLabel(before)
	n := len([]rune(phrase))
	if n <= 1 || n <= dependentPhrase && startsWithAny(trimPeriod(strings.TrimLeft(before, "、和及以并")), metricWords["dependentLead"]) {
		return true
	}
	if f.kind == "ratio" || f.kind == "money" || f.kind == "area" || f.kind == "time" {
		return n <= dependentPhrase && endsWithAny([]rune(phrase), metricWords["dependentEnd"]) && !holdsAny(phrase, metricWords["independent"])
	}
	return false
}

// antecedent is the figure before the i-th in its paragraph that it depends
// on, or -1: the nearest that stands for itself and counts the same, for a
// ratio or an amount the nearest that counts something.
func antecedent(ss []sentence, all []figure, i int, part bool) int {
	f := &all[i]
	fallback := -1
	for j := i - 1; j >= 0; j-- {
		a := &all[j]
		if ss[a.sentence].paragraph != ss[f.sentence].paragraph || f.sentence-a.sentence > 1 {
			break
		}
		if a.none {
			continue
		}
		counts := a.kind != "ratio" && a.kind != "money" && a.kind != "area" && a.kind != "time"
		switch {
		case part && a.parent < 0 && a.unit == f.unit:
			return j
		case part:
		case f.kind == "ratio" || f.kind == "money" || f.kind == "area" || f.kind == "time":
			if counts && (f.kind != "area" || a.kind != "person") {
				return j
			}
		case !a.dependent && a.unit == f.unit:
			return j
		case fallback < 0 && !a.dependent && counts:
			fallback = j
		}
	}
	return fallback
}

// context is the clause before the i-th figure's, if it is short and states no
// figure.
func (s *sentence) context(all []figure, i int) string {
	f := &all[i]
	from, _ := s.clause(f.from)
	if from < 2 {
		return ""
	}
	start, end := s.clause(from - 2)
	text := trimLabel(s.text(start, min(end, from-1)))
	if len([]rune(text)) > contextPhrase || i > 0 && all[i-1].sentence == f.sentence && all[i-1].from >= start {
		return ""
	}
	return text
}

// labelCell labels a figure in a table: by the first cell of its row that has
// words and by its column's heading. A unit may stand in brackets in either.
func (s *sentence) labelCell(f *figure, headings []string) {
	cells := strings.Split(string(s.chars[:f.from]), "\t")
	names := []string{""}
	for _, cell := range cells {
		if strings.ContainsFunc(cell, unicode.IsLetter) {
			names[0] = cell
			break
		}
	}
	if column := len(cells) - 1; column < len(headings) {
		names = append(names, headings[column])
	}
	for _, name := range names {
		if head, rest, ok := strings.Cut(name, "("); ok {
			if u, known := units[strings.TrimSuffix(rest, ")")]; known {
				name = head
				if f.unit == "" {
					f.unit, f.kind = u.name, u.kind
					f.unit, f.value = money(u.name, f.value)
				}
			}
		}
		if !metricWords["columnName"].has(name) {
			f.label += name
		}
	}
	f.base = f.label
}

// columnHeadings are the cells of the first row of the table that sentence i is
// a row of.
func columnHeadings(ss []sentence, i int) []string {
	width := strings.Count(string(ss[i].chars), "\t")
	first := i
	for first > 0 && strings.Count(string(ss[first-1].chars), "\t") == width {
		first--
	}
	if first == i {
		return nil
	}
	return strings.Split(string(ss[first].chars), "\t")
}

// periodBefore is the last period named before place i in the sentence.
func (s *sentence) periodBefore(i int) string {
	text := s.chars[:i]
	period := ""
	for at := 0; at < len(text); at++ {
		if w := hasAt(text, at, metricWords["periodLead"]); w != "" {
			_, to := s.clause(at)
			end := at + len([]rune(w))
			for end < min(to, i) && (isDigit(text[end]) || strings.ContainsRune("年月日底末初中旬季度目前今-", text[end]) || isNumeral(text[end])) {
				end++
			}
			if p := s.text(at, end); p != w {
				period, at = p, end-1
			}
		} else if w := hasAt(text, at, metricWords["period"]); w != "" {
			period = w
			at += len([]rune(w)) - 1
		}
	}
	// 工作开展以来,…
	if at := strings.LastIndex(string(text), "以来,"); at >= 0 {
		n := len([]rune(string(text)[:at]))
		from, _ := s.clause(max(0, n-1))
		if p := s.text(from, n) + "以来"; !strings.HasPrefix(p, "今年") && len([]rune(p)) <= 24 {
			period = p
		}
	}
	return period
}

// trimLabel takes from both ends of a label what says nothing of what is
// counted: connecting words, adverbs of sum, years and periods.
func trimLabel(l string) string {
	for {
		old := l
		l = strings.TrimLeft(l, "、,. )-—;:")
		l = trimPeriod(l)
		if w := hasAt([]rune(l), 0, metricWords["labelLead"]); w != "" && len(w) < len(l) {
			l = l[len(w):]
		}
		l = trimTrail(l)
		if l == old {
			return l
		}
	}
}

func trimTrail(l string) string {
	for {
		old := l
		for _, w := range metricWords["labelTrail"].list {
			if rest, ok := strings.CutSuffix(old, w); ok && rest != "" && len(rest) < len(l) && !endsWithAny([]rune(old), metricWords["labelKeep"]) {
				l = rest
			}
		}
		if l == old {
			return l
		}
	}
}

// trimPeriod takes away the year that a phrase begins with and the date up to
// which it counts.
func trimPeriod(l string) string {
	if rest, ok := trimYear(l); ok {
		l = rest
	}
	for _, w := range metricWords["periodLead"].list {
		head, rest, ok := strings.Cut(l, w)
		if tail := strings.TrimLeft(rest, "0123456789年月日底末初旬目前"); ok && tail != rest {
			l = head + tail
		}
	}
	return l
}

// trimYear takes away a date, a part or a range of dates that a label begins
// with.
func trimYear(l string) (string, bool) {
	rest := strings.TrimLeft(l, "0123456789年月日份底初末度至到-—~")
	date := l[:len(l)-len(rest)]
	if rest == "" || !strings.ContainsAny(date, "年月日") || !strings.ContainsAny(date, "0123456789") {
		return l, false
	}
	return strings.TrimPrefix(rest, "以来"), true
}

// cut is the first n code points of s.
func cut(s string, n int) string {
	rs := []rune(s)
	return string(rs[:min(n, len(rs))])
}
