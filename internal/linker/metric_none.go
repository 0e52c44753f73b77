package linker

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// mayDeny tells whether place i may begin a statement that nothing happened.
func (s *sentence) mayDeny(i int) bool {
	switch s.chars[i] {
	case '零', '0', '无', '没':
		return true
	}
	return hasAt(s.chars, i, noneVerbs) != ""
}

// noneAt reads a statement that nothing happened: 未发生…, 无…事故, 零投诉.
func (s *sentence) noneAt(i int) (figure, bool) {
	f := figure{from: i, none: true, rule: "metric-none"}
	if s.section == sectionProblems {
		return f, false
	}
	switch s.chars[i] {
	case '零', '0':
		f.to = i + 1
		return f, s.isZero(i)
	case '无', '没':
		if ok := s.nothingAt(&f); ok {
			return f, true
		}
	}
	w := hasAt(s.chars, i, noneVerbs)
	if w == "" {
		return f, false
	}
	f.to = i + utf8.RuneCountInString(w)
	from, to := s.denial(i)
	return f, (f.to < to || i > 0) && !s.isAttribute(from, i, f.to, to)
}

// denial is the part of a clause that a denial at place i is about: one of
// 无行政复议、无行政诉讼案件.
func (s *sentence) denial(i int) (from, to int) {
	from, to = s.clause(i)
	if i > from && s.chars[i-1] == '、' {
		from = i
	}
	for at := i + 1; at+1 < to; at++ {
		if s.chars[at] == '、' && strings.ContainsRune("无未没零", s.chars[at+1]) {
			return from, at
		}
	}
	return from, to
}

// isZero tells whether 零 or 0 at place i counts what never happened: 零投诉,
// 行政复议为零.
func (s *sentence) isZero(i int) bool {
	const reach = 5 // 零越级上访, 零非正常上访
	cs := s.chars
	if i > 0 && (isNumeral(cs[i-1]) || isDigit(cs[i-1]) || cs[i-1] == '.') {
		return false
	}
	if cs[i] == '零' && s.endsAt(i+1) && endsWithAny(cs[:i], metricWords.ZeroAfter) {
		return true
	}
	if cs[i] == '零' && i+1 < len(cs) && cs[i+1] == '”' {
		i++ // “零”投诉
	}
	for at := i + 1; at < len(cs) && at <= i+reach && isHan(cs[at]); at++ {
		if hasAt(cs, at, metricWords.ZeroNot) != "" {
			return false
		}
		if hasAt(cs, at, metricWords.ZeroNoun) != "" {
			return cs[i] != '0' || at == i+1
		}
	}
	return false
}

// nothingAt reads 无 or 没有 with what there was none of, or what did not
// happen, to the end of its clause.
func (s *sentence) nothingAt(f *figure) bool {
	cs, i := s.chars, f.from
	from, to := s.denial(i)
	if startsWith(cs[i:], "没有") {
		f.to = i + 2
		// 没有因…引发的…事件发生: the happening ends the clause.
		rest := string(cs[f.to:to])
		return strings.HasSuffix(rest, "发生") || strings.HasSuffix(rest, "出现")
	}
	if cs[i] != '无' || hasAt(cs, i, metricWords.NoneNot) != "" {
		return false
	}
	f.to = i + 1
	rest := cs[f.to:to]
	if head := string(cs[from:i]); head == "" || metricWords.NoneLead.has(head) {
		return holdsAny(rest, metricWords.NoneNoun)
	}
	// 市政府连续五年无败诉案件: after a subject what there was none of ends the
	// clause.
	for _, end := range []string{"发生", "出现", "情况", "现象"} {
		if n := len(rest) - utf8.RuneCountInString(end); n > 1 && startsWith(rest[n:], end) {
			rest = rest[:n]
			break
		}
	}
	return endsWithAny(rest, metricWords.NoneNoun) && !endsWithAny(cs[:i], metricWords.NoneNotAfter) &&
		!s.isAttribute(from, i, f.to, to)
}

// isAttribute tells whether words that deny something only describe what
// follows or what the clause is about: 对未办理许可证的企业. The denial is at
// chars[i:after] of the clause chars[from:to].
func (s *sentence) isAttribute(from, i, after, to int) bool {
	if hasAt(s.chars, from, metricWords.NoneCondition) != "" && from < i {
		return true
	}
	of := slices.Index(s.chars[after:to], '的')
	return of >= 0 && slices.ContainsFunc(s.chars[after+of:to], isDigit) && !slices.ContainsFunc(s.chars[after:after+of], isDigit)
}
