package linker

import (
	"slices"
	"strings"
)

// trimLabel takes from both ends of a label what says nothing of what is
// counted: connecting words, adverbs of sum, years and periods.
func trimLabel(l string) string {
	for {
		old := l
		if l = trimTrail(trimLead(l)); l == old {
			return l
		}
	}
}

// trimLead is trimLabel at the beginning alone.
func trimLead(l string) string {
	for {
		old := l
		l = trimEnumerator(strings.TrimLeft(l, "、,. )-—;:"))
		l = trimPeriod(l)
		if rs := []rune(l); hasAt(rs, 0, metricWords.LeadKeep) == "" {
			if w := hasAt(rs, 0, metricWords.LabelLead); len(w) < len(l) {
				l = l[len(w):]
			}
		}
		if l == old {
			return l
		}
	}
}

// trimEnumerator takes away 2. or (三) at the beginning of a label.
func trimEnumerator(l string) string {
	rest := strings.TrimLeft(strings.TrimPrefix(l, "("), "0123456789一二三四五六七八九十")
	if n := len(l) - len(rest); n == 0 || n > len("(二十一") {
		return l
	}
	for _, mark := range []string{".", "、", ")"} {
		if tail, ok := strings.CutPrefix(rest, mark); ok && tail != "" && !isDigit(rune(tail[0])) {
			return tail
		}
	}
	return l
}

func trimTrail(l string) string {
	rs := []rune(l)
	for {
		rs = trimTrailYear(rs)
		n := longestSuffix(rs, metricWords.LabelTrail)
		if n == 0 || n == len(rs) || endsWithAny(rs, metricWords.LabelKeep) {
			return string(rs)
		}
		rs = rs[:len(rs)-n]
	}
}

// trimTrailYear takes away the year of 由2019年 and 提升到2020年.
func trimTrailYear(rs []rune) []rune {
	n := len(rs) - len("2019") - 1
	if n < 2 || rs[len(rs)-1] != '年' || !strings.ContainsRune("由从到至", rs[n-1]) || slices.ContainsFunc(rs[n:len(rs)-1], func(r rune) bool { return !isDigit(r) }) {
		return rs
	}
	return rs[:n-1]
}

// untilDate are the characters of a date up to which something counts.
const untilDate = "0123456789年月日底末初旬"

// trimPeriod takes away the year that a phrase begins with and the date up to
// which it counts.
func trimPeriod(l string) string {
	if rest, ok := trimYear(l); ok {
		l = rest
	}
	for _, w := range periodTos.list {
		// 全县到10月底共调解
		head, rest, ok := strings.Cut(l, w)
		tail := strings.TrimLeft(rest, untilDate)
		if ok && metricWords.NoneLead.has(head) && strings.ContainsRune(rest[:len(rest)-len(tail)], '月') {
			l = head + tail
		}
	}
	if !textHolds(l, periodLeads) {
		return l
	}
	for _, w := range periodLeads.list {
		head, rest, ok := strings.Cut(l, w)
		if tail := strings.TrimLeft(rest, untilDate+"目前"); ok && tail != rest {
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
