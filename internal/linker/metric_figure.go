package linker

import (
	"slices"
	"strings"
	"unicode"
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
		if idiom := hasAt(cs, i, metricWords["noNumberIn"]); idiom != "" {
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
		fill(i, s.dateEnd(i))
	}
}

// namesWith tells whether the digits chars[i:end] are part of a name: a
// hotline, 1+10, G60, 5S, 9:30, 7×24, 3/5, 3.15 or 12·4 with no unit.
func (s *sentence) namesWith(i, end int) bool {
	cs := s.chars
	if metricWords["hotline"].has(string(cs[i:end])) && !hasUnit(cs, end) && (end == len(cs) || chinesePowers[cs[end]] == 0 && cs[end] != '余') {
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
		n, _ := readArabic(cs, i)
		return !hasUnit(cs, n.to) && i > 0 && !strings.ContainsRune("达为至到共\t", cs[i-1])
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

// figures reads the quantities of one sentence, in order.
func (s *sentence) figures(masked []bool) []figure {
	cs := s.chars
	var found []figure
	start := s.enumerator()
	for i := start; i < len(cs); i++ {
		if masked[i] {
			continue
		}
		f, ok := s.percentAt(i)
		if !ok {
			f, ok = s.noneAt(i)
		}
		if !ok {
			f, ok = s.quantityAt(i, masked)
		}
		if ok {
			found = append(found, f)
			i = f.to - 1
			if f.none && cs[f.from] != '零' {
				_, end := s.clause(i)
				i = end - 1 // 未发生3人以上事故 states no three
			}
			continue
		}
		// A number that is no quantity is passed over whole.
		if n, isNumber := readNumber(cs, i); isNumber && !n.chinese {
			i = max(i, n.to-1)
		}
	}
	for i := range found {
		found[i].target = s.isTarget(&found[i])
	}
	return found
}

// enumerator is where the text begins after 1. or (一) or 3、.
func (s *sentence) enumerator() int {
	cs := s.chars
	i := 0
	if i < len(cs) && cs[i] == '(' {
		i++
	}
	from := i
	for i < len(cs) && (isDigit(cs[i]) || isNumeral(cs[i])) && i-from < 3 {
		i++
	}
	if i == from || i == len(cs) || !strings.ContainsRune(".、)．:", cs[i]) {
		return 0
	}
	if cs[i] == '.' && i+1 < len(cs) && isDigit(cs[i+1]) && i-from > 1 {
		return 0
	}
	return i + 1
}

// percentAt reads 百分之九十.
func (s *sentence) percentAt(i int) (figure, bool) {
	const lead = "百分之"
	if !startsWith(s.chars[i:], lead) {
		return figure{}, false
	}
	n, ok := readNumber(s.chars, i+3)
	if !ok {
		return figure{}, false
	}
	return figure{from: i, to: n.to, value: n.value, max: n.max, unit: "%", kind: "ratio", about: n.about || s.aboutBefore(i), rule: "metric-percent"}, true
}

// quantityAt reads a number with its unit.
func (s *sentence) quantityAt(i int, masked []bool) (figure, bool) {
	cs := s.chars
	if i > 0 && (isDigit(cs[i-1]) || isNumeral(cs[i-1]) || isLatin(cs[i-1])) {
		return figure{}, false
	}
	n, ok := readNumber(cs, i)
	if !ok || endsWithAny(cs[:i], metricWords["noNumberBefore"]) || n.chinese && endsWithAny(cs[:i], metricWords["noChineseNumberBefore"]) || slices.Contains(masked[i:n.to], true) {
		return figure{}, false
	}
	f := figure{from: i, to: n.to, value: n.value, max: n.max, about: n.about || s.aboutBefore(i), rule: "metric-quantity"}
	if n.chinese && i > 0 && trailingPower(cs[i:n.to]) == n.value {
		switch cs[i-1] {
		case '上': // 上百
			f.about = true
		case '数', '几': // 数十, 几千: the number has no other digit
			f.about = true
			f.from--
		}
	}
	u, ok := unitAt(cs, n.to)
	if !ok {
		return s.unitless(f, n)
	}
	// 38万元: the power of ten has been read with the number.
	f.unit, f.kind, f.to = u.name, u.kind, n.to+len([]rune(u.name))
	if u.kind == "money" {
		f.unit, f.value = money(u.name, f.value)
	}
	if u.numerals == "never" || n.chinese && !s.countsInChinese(n, u, f) || u.kind == "time" && !s.isDuration(f, n, u) || s.isFrequency(f) {
		return figure{}, false
	}
	if hasAt(cs, f.to, metricWords["groupNounAlways"]) != "" || slices.Contains(masked[n.to:f.to], true) {
		return figure{}, false
	}
	if w := hasAt(cs, f.to, metricWords["aboutAfter"]); w != "" {
		f.about = true
	}
	return f, true
}

// money resolves a unit that holds a power of ten.
func money(name string, value float64) (string, float64) {
	switch name {
	case "万元":
		return "元", value * 1e4
	case "亿元":
		return "元", value * 1e8
	case "块钱":
		return "元", value
	}
	return name, value
}

// sumVerbs lead to a number that needs no unit.
var sumVerbs = newLexicon("达", "达到", "为", "共计", "共", "计")

// unitless decides on a number that no unit follows: money after words of
// money, or the end of a cell or a clause.
func (s *sentence) unitless(f figure, n number) (figure, bool) {
	if n.chinese {
		return f, false
	}
	from, _ := s.clause(f.from)
	lead := string(s.chars[from:f.from])
	f.rule = "metric-unitless"
	if holdsAny(lead, metricWords["money"]) && (trailingPower(s.chars[n.from:n.to]) > 1 || s.endsAt(f.to)) {
		f.unit, f.kind = "元", "money"
		return f, true
	}
	return f, s.endsAt(f.to) && (s.isCell(f) || endsWithAny(s.chars[from:f.from], sumVerbs)) &&
		!(n.value >= 1900 && n.value < 2100)
}

func (s *sentence) endsAt(i int) bool {
	return i >= len(s.chars) || s.breaks(i) || s.chars[i] == '、'
}

// isCell tells whether the figure fills a cell of a table that is not its
// row's first.
func (s *sentence) isCell(f figure) bool {
	return f.from > 0 && s.chars[f.from-1] == '\t' && (f.to == len(s.chars) || s.chars[f.to] == '\t') &&
		slices.ContainsFunc(s.chars[:f.from], unicode.IsLetter)
}

// aboutBefore tells whether a word before place i makes the number
// approximate.
func (s *sentence) aboutBefore(i int) bool {
	return endsWithAny(s.chars[:i], metricWords["about"]) && !endsWithAny(s.chars[:i], metricWords["noAbout"])
}

// countsInChinese tells whether a number in Chinese numerals counts: 三家律所
// does; 三项制度, 一系列, 百姓 do not.
func (s *sentence) countsInChinese(n number, u unit, f figure) bool {
	cs := s.chars
	if u.numerals != "all" || n.bare && !f.about {
		return false
	}
	if u.name == "个" && f.to < len(cs) && cs[f.to] == '“' {
		return false // 两个“责任”
	}
	if n.value == 1 && n.max == nil {
		return endsWithAny(cs[:f.from], metricWords["oneAfter"]) && !startsWith(cs[f.to:], "系列") && !startsWith(cs[f.to:], "批")
	}
	// 三个重点环节: the noun may have a word before it.
	if f.value <= 12 && (u.name == "个" || u.name == "项" || u.name == "条" || u.name == "面") && !f.about {
		for at := f.to; at < len(cs) && at < f.to+4 && s.isWordAt(at); at++ {
			if hasAt(cs, at, metricWords["groupNoun"]) != "" {
				return false
			}
		}
		if s.endsAt(f.to) {
			return false
		}
	}
	return true
}

// isDuration tells whether a number of units of time is a quantity and no
// date, period or part of a name.
func (s *sentence) isDuration(f figure, n number, u unit) bool {
	cs := s.chars
	if startsWith(cs[f.to:], "来") || startsWith(cs[f.to:], "以来") || startsWith(cs[f.to:], "期") {
		return false
	}
	from, _ := s.clause(f.from)
	if holdsAny(string(cs[max(from, f.from-8):f.from]), metricWords["duration"]) && cs[f.from-1] != '近' {
		return true
	}
	if u.name == "年" {
		return n.about
	}
	if n.chinese {
		return false
	}
	// 15分钟调解圈 is a name.
	return !strings.Contains(string(cs[f.to:min(f.to+10, len(cs))]), "圈")
}

// isFrequency tells whether the figure says how often something is done.
func (s *sentence) isFrequency(f figure) bool {
	if !metricWords["frequencyUnit"].has(f.unit) {
		return false
	}
	from, _ := s.clause(f.from)
	return holdsAny(string(s.chars[max(from, f.from-14):f.from]), metricWords["frequency"])
}

// noneAt reads a statement that nothing happened: 未发生…, 无…事故, 零投诉.
func (s *sentence) noneAt(i int) (figure, bool) {
	cs := s.chars
	f := figure{from: i, none: true, rule: "metric-none"}
	if s.section == sectionProblems {
		return f, false
	}
	if w := hasAt(cs, i, metricWords["noneVerb"]); w != "" {
		_, to := s.clause(i)
		f.to = i + len([]rune(w))
		return f, f.to < to || i > 0
	}
	if cs[i] == '零' && hasAt(cs, i+1, metricWords["zeroNoun"]) != "" && (i == 0 || !isNumeral(cs[i-1])) {
		f.to = i + 1
		return f, true
	}
	if cs[i] == '零' && i > 0 && cs[i-1] == '为' && s.endsAt(i+1) {
		f.to = i + 1
		return f, true
	}
	lead := ""
	if startsWith(cs[i:], "没有") {
		lead = "没有"
	} else if cs[i] == '无' && hasAt(cs, i, metricWords["noneNot"]) == "" {
		lead = "无"
	}
	if lead == "" {
		return f, false
	}
	f.to = i + len([]rune(lead))
	from, to := s.clause(i)
	rest := string(cs[f.to:to])
	if lead == "没有" {
		// 没有因…引发的…事件发生: the happening ends the clause.
		return f, strings.HasSuffix(rest, "发生") || strings.HasSuffix(rest, "出现")
	}
	head := string(cs[from:i])
	for _, w := range metricWords["noneLead"].list {
		if head == w {
			head = ""
		}
	}
	return f, head == "" && holdsAny(rest, metricWords["noneNoun"])
}

// isTarget tells whether the figure is a plan or a requirement.
func (s *sentence) isTarget(f *figure) bool {
	if s.section == sectionPlans || f.from >= s.ahead {
		return true
	}
	from, to := s.clause(f.from)
	before, after := string(s.chars[from:f.from]), string(s.chars[f.to:max(f.to, to)])
	switch {
	case holdsAny(before, metricWords["targetBefore"]):
		return true
	case holdsAny(before, metricWords["reached"]) && !holdsAny(before, metricWords["notReached"]):
		return false
	}
	return startsWithAny(after, metricWords["targetAfter"])
}
