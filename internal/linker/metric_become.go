package linker

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// readChanges finds the figures of a document that others have become: 由95.6%
// and 100% of 由95.6%提升到100%. The former say how it was at an earlier time.
func readChanges(ss []sentence, all []figure) {
	for i := range all {
		all[i].was = -1
		if s := &ss[all[i].sentence]; s.isBaseline(all[i].from) && hasAt(s.chars, s.afterBound(all[i].to), metricWords.Turn) != "" {
			all[i].baseline = true // 由80%提升了10个百分点
		}
		if i == 0 || all[i-1].sentence != all[i].sentence || all[i].none || all[i-1].none {
			continue
		}
		s := &ss[all[i].sentence]
		a, b := &all[i-1], &all[i]
		if !sameMeasure(a, b) || !s.turnsInto(a, b) {
			continue
		}
		a.baseline, b.was = true, i-1
		if strings.HasPrefix(a.unit, b.unit) {
			b.unit, b.kind = a.unit, a.kind // 由15个工作日压缩至6个
		}
		// 由3类15项, 由85%、80%: what is listed before it was so too
		for j := i - 2; j >= 0 && all[j].sentence == b.sentence && listedWith(s.text(all[j].to, all[j+1].from)); j-- {
			all[j].baseline = true
		}
	}
}

// listedWith tells whether two figures with this text between them are of one
// list or of one thing.
func listedWith(between string) bool { return between == "" || listConjunctions.has(between) }

// sameMeasure tells whether figure b may be what figure a has become.
func sameMeasure(a, b *figure) bool {
	return a.unit == b.unit || a.kind == "time" && b.kind == "time" || b.unit == "个" && strings.HasPrefix(a.unit, b.unit)
}

// turnsInto tells whether figure a of a sentence has become the next one, b:
// 15个工作日压缩至3个, 由80%到90%, 从30件案件,大幅减少到20件.
func (s *sentence) turnsInto(a, b *figure) bool {
	const noun = 6 // 案件
	head, verb, ok := becomes(s.chars[min(s.afterBound(a.to), b.from):b.from])
	if !ok {
		return false
	}
	marked := s.isBaseline(a.from)
	head = slices.DeleteFunc(slices.Clone(head), func(r rune) bool { return r == ',' && marked })
	switch {
	case slices.ContainsFunc(head, isBreak):
		return false
	case len(head) == 0:
		return marked || verb
	}
	return marked && verb && len(head) <= noun
}

func isBreak(r rune) bool { return strings.ContainsRune(",:;。!?\t、()", r) }

// isBaseline tells whether the words before place i say that how it was
// follows: 由, 从原来的, 由2021年的.
func (s *sentence) isBaseline(i int) bool {
	from, _ := s.clause(i)
	rs := withoutTime(s.chars[from:i], metricWords.BaselineTime)
	return endsWithAny(rs, metricWords.Baseline) && !endsWithAny(rs, metricWords.LabelKeep)
}

// withoutTime takes the words that make a number approximate, a year and a word
// of time from the end of a text: of 由原来的 the 由.
func withoutTime(rs []rune, words *lexicon) []rune {
	rs = rs[:len(rs)-longestSuffix(rs, metricWords.About)]
	if n := len(rs); n > 0 && rs[n-1] == '的' {
		rs = rs[:n-1]
	}
	rs = rs[:len(rs)-max(longestSuffix(rs, words), longestSuffix(rs, periodNames))]
	if n := len(rs); n > 0 && rs[n-1] == '年' {
		at := n - 1
		for at > 0 && isDigit(rs[at-1]) {
			at--
		}
		if at < n-1 {
			rs = rs[:at]
		}
	}
	return rs
}

// becomes is what stands before the words at the end of a text that say what it
// has become (大幅提升到, 减少至今年的), and whether these hold a verb.
func becomes(rs []rune) (head []rune, verb, ok bool) {
	rs = withoutTime(rs, metricWords.BecomeTime)
	n := longestSuffix(rs, metricWords.BecomeTo)
	if n == 0 {
		return nil, false, false
	}
	rs = rs[:len(rs)-n]
	n = longestSuffix(rs, metricWords.Become)
	rs = rs[:len(rs)-n]
	for m := longestSuffix(rs, metricWords.BecomeHow); n > 0 && m > 0; m = longestSuffix(rs, metricWords.BecomeHow) {
		rs = rs[:len(rs)-m]
	}
	return rs, n > 0, true
}

// withoutBecoming is a phrase before a figure without the verb that says that
// it came to be so; one that says nothing else stays: 网办率提升到.
func withoutBecoming(before string) string {
	head, verb, ok := becomes([]rune(before))
	if !ok || !verb {
		return before
	}
	if text := trimLabel(string(head)); utf8.RuneCountInString(text) >= shortPhrase && !isBare(text) && hasAt([]rune(text), 0, metricWords.Change) == "" {
		return string(head)
	}
	return before
}

// became labels figure i, which another one has become, like that.
func (l *labeller) became(i int) bool {
	f := &l.all[i]
	if f.was < 0 || l.all[f.was].label == "" {
		return false
	}
	was := &l.all[f.was]
	_, after := l.ss[f.sentence].phrases(l.all, i)
	f.label, f.base, f.dependent, f.parent, f.listed = was.label, was.base, was.dependent, was.parent, was.listed
	if !strings.Contains(f.label, after) {
		f.label = joinPhrases(f.label, after)
	}
	return true
}
