package linker

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// namedPeriod is a period that a sentence names; it ends before place end.
type namedPeriod struct {
	end  int
	till int // where it ends to hold, if that is within the sentence
	text string
	kind periodKind
}

// periodKind tells what the whole year is that is named after a period.
type periodKind int

const (
	periodYear  periodKind = iota // that year
	periodUntil                   // the same: what began lasts until then
	periodPart                    // the year that it is a part of
)

// periods are the periods that a sentence names, in order: 截至10月底, 上半年,
// 专项行动开展以来, a year; the text of the year reported on is empty.
func (s *sentence) periods() []namedPeriod {
	const longest = 24 // 扫黑除恶专项斗争开展以来
	cs := s.chars
	var found []namedPeriod
	for at := 0; at < len(cs); at++ {
		if w := hasAt(cs, at, periodLeads); w != "" {
			_, to := s.clause(at)
			from := at + utf8.RuneCountInString(w)
			end := from
			for end < to && (isDigit(cs[end]) || strings.ContainsRune("年月日底末初中旬季度目前今-", cs[end]) || isNumeral(cs[end])) {
				end++
			}
			if end > from {
				found = append(found, namedPeriod{end: end, text: s.text(at, end), kind: periodUntil})
				at = end - 1
			}
			continue
		}
		if end := s.untilMonth(at); end > at {
			till := 0
			if from, _ := s.clause(at); from > s.enumerator() {
				till = end + index(cs[end:], ";", 0) // what begins then is of the year again
			}
			found = append(found, namedPeriod{end: end, till: till, text: s.text(at, end), kind: periodUntil})
			at = end - 1
			continue
		}
		if w := hasAt(cs, at, wholeYears); w != "" {
			at += utf8.RuneCountInString(w) - 1
			if n := len(found); n > 0 && found[n-1].kind == periodPart {
				found = append(found, s.wholeYear(found, at+1))
			}
			continue
		}
		if w := hasAt(cs, at, periodNames); w != "" {
			compared := at > 0 && strings.ContainsRune(comparing, cs[at-1]) // 较去年同期
			if at += utf8.RuneCountInString(w) - 1; !compared {
				found = append(found, namedPeriod{end: at + 1, text: w, kind: periodPart})
			}
			continue
		}
		if startsWith(cs[at:], "以来,") {
			from, _ := s.clause(max(0, at-1))
			if p := s.text(from, at) + "以来"; !strings.HasPrefix(p, "今年") && utf8.RuneCountInString(p) <= longest {
				found = append(found, namedPeriod{end: at + 2, text: p, kind: periodPart})
			}
			continue
		}
		if end := s.years(at); end > at {
			text := s.text(at, end)
			if text == strconv.Itoa(s.year)+"年" {
				text = ""
			}
			found = append(found, namedPeriod{end: end, text: text, kind: periodYear})
			at = end - 1
		}
	}
	return found
}

// wholeYear is the period that the name of the whole year begins after these,
// the last of which is a part of one: the year named last, else the one that
// the sentence is about.
func (s *sentence) wholeYear(named []namedPeriod, end int) namedPeriod {
	for _, p := range slices.Backward(named) {
		if p.kind == periodYear {
			return namedPeriod{end: end, text: p.text, kind: periodYear}
		}
	}
	text := ""
	if s.section == sectionPlans {
		text = s.planYear
	}
	return namedPeriod{end: end, text: text, kind: periodYear}
}

// untilMonth is where the date ends up to which a clause counts that begins at
// place i with 到 and a month: 到2023年10月底. It is i if there is none.
func (s *sentence) untilMonth(i int) int {
	cs := s.chars
	w := hasAt(cs, i, periodTos)
	if w == "" || s.section == sectionPlans {
		return i
	}
	if from, _ := s.clause(i); from < i && !metricWords.NoneLead.has(s.text(from, i)) {
		return i
	}
	at := i + utf8.RuneCountInString(w)
	if end := at + len("2023") + 1; end < len(cs) && s.yearAt(at) && cs[end-1] == '年' {
		at = end
	}
	end := at
	for end < len(cs) && (isDigit(cs[end]) || isNumeral(cs[end])) {
		end++
	}
	if n := end - at; n == 0 || n > 2 || end == len(cs) || cs[end] != '月' {
		return i
	}
	for end < len(cs) && (isDigit(cs[end]) || strings.ContainsRune("月份底末日中上下旬", cs[end])) {
		end++
	}
	if cs[end-1] == '中' || isDigit(cs[end-1]) {
		return i // 到10月30件: where the date ends is not told
	}
	return end
}

// comparing are the characters before a period that a figure is compared with.
const comparing = "较比与"

// years is where a year or a range of years ends that begins at place i; i if
// there is none. After 较 it is what the figure is compared with, and in
// brackets part of a name.
func (s *sentence) years(i int) int {
	cs := s.chars
	if !isDigit(cs[i]) || i > 0 && (isDigit(cs[i-1]) || strings.ContainsRune(comparing+"是(〔[", cs[i-1])) || !s.yearAt(i) {
		return i
	}
	end := s.dateEnd(i)
	if end == i || cs[end-1] != '年' || hasAt(cs, end, metricWords.NoPeriodAfter) != "" {
		return i
	}
	return end
}
