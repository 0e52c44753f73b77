package linker

import (
	"strings"
	"unicode/utf8"
)

// respectively labels the figures of one list from the list of names before
// 分别: 受理、审结案件分别为10件、9件. It tells whether figure i begins or goes
// on with such a list.
func (l *labeller) respectively(i int) bool {
	const word = "分别"
	f := &l.all[i]
	s := &l.ss[f.sentence]
	from, to := s.clause(f.from)
	n := 1
	for i+n < len(l.all) && l.sameSentence(i, i+n) && l.all[i+n].from < to && listConjunctions.has(s.text(l.all[i+n-1].to, l.all[i+n].from)) {
		n++
	}
	if n < 2 {
		return false
	}
	if i > 0 && l.sameSentence(i, i-1) && l.all[i-1].to > from {
		from = l.all[i-1].to
	}
	lead := s.text(from, f.from)
	head, tail, marked := strings.Cut(lead, word)
	if !marked {
		head, tail = "", lead // 增长5%、3%
	}
	verb := trimLabel(tail)
	if hasAt([]rune(verb), 0, metricWords.Share) == "" {
		if !marked {
			return false
		}
		if verb != "" && !metricWords.LabelTrail.has(verb) {
			return false
		}
		verb = ""
	}
	head, than := cutComparison(head)
	verb = than + verb
	names := listed(trimLabel(head))
	if verb != "" && f.kind == "ratio" && l.counted(i, n) && (len(names) == 0 || startsWithAny(names[0], metricWords.Change)) {
		// 同比分别增长12%、9%: of the figures before, in their order.
		verb = trimLabel(head) + verb
		for k := range n {
			g, about := &l.all[i+k], &l.all[i+k-n]
			g.label, g.base, g.dependent, g.change = joinWhole(about.label, verb), about.base, true, true
		}
		return true
	}
	if marked && len(names) == 1 && l.counted(i, n) && dependent(names[0], f) {
		// 办理建议9件、提案8件,满意率分别为99%、98%
		for k := range n {
			g, about := &l.all[i+k], &l.all[i+k-n]
			g.label, g.base, g.dependent = joinWhole(about.label, names[0]), about.base, true
		}
		return true
	}
	if len(names) < n {
		return false
	}
	names = names[len(names)-n:]
	for k, name := range names {
		g := &l.all[i+k]
		g.label = sharedNoun(trimLabel(name), names[n-1]) + verb
		g.base = g.label
	}
	l.after(i, n, to)
	return true
}

// after labels the figures that the n from the i-th on changed to, in the same
// clause: 分别由85%、80%提升至98%、95%.
func (l *labeller) after(i, n, to int) {
	s := &l.ss[l.all[i].sentence]
	if i+2*n > len(l.all) || !l.sameSentence(i, i+2*n-1) || l.all[i+2*n-1].from >= to {
		return
	}
	verb := s.text(l.all[i+n-1].to, l.all[i+n].from)
	if hasAt([]rune(verb), 0, metricWords.NextLead) == "" {
		return
	}
	if _, _, ok := becomes([]rune(verb)); ok {
		verb = ""
	}
	for k := range n {
		g, from := &l.all[i+n+k], &l.all[i+k]
		g.label, g.base, g.dependent = joinWhole(from.label, trimLabel(verb)), from.base, true
	}
}

// cutComparison cuts what figures are compared with from the names before it:
// 倒塌房屋数量与近5年均值相比.
func cutComparison(lead string) (head, than string) {
	for _, form := range [][2]string{{"与", "相比"}, {"较", ""}, {"同比", ""}, {"环比", ""}} {
		if at := strings.LastIndex(lead, form[0]); at >= 0 && strings.HasSuffix(lead, form[1]) && utf8.RuneCountInString(lead[at:]) <= contextPhrase/2 {
			return lead[:at], lead[at:]
		}
	}
	return lead, ""
}

// listed are the things of a list: 备案率、及时率和规范率.
func listed(list string) []string {
	var names []string
	rs := []rune(list)
	from := 0
	for i := 0; i <= len(rs); i++ {
		if i < len(rs) && (!listConjunctions.has(string(rs[i])) || hasAt(rs, i, metricWords.LeadKeep) != "" || endsWithAny(rs[:i+1], metricWords.LabelKeep)) {
			continue
		}
		if i > from {
			names = append(names, string(rs[from:i]))
		}
		from = i + 1
	}
	return names
}

// counted tells whether n figures before the i-th stand in its sentence.
func (l *labeller) counted(i, n int) bool { return i >= n && l.sameSentence(i, i-n) }

// sharedNoun completes one of several names by the noun that only the last one
// has: 受理、审结行政复议案件.
func sharedNoun(name, last string) string {
	short, long := []rune(name), []rune(last)
	if len(short) <= shortPhrase && len(long) > len(short)+1 {
		return name + string(long[len(short):])
	}
	return name
}
