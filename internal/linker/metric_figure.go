package linker

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// figures reads the quantities of one sentence, in order.
func (s *sentence) figures(masked []bool) []figure {
	cs := s.chars
	var found []figure
	start := s.enumerator()
	for i := start; i < len(cs); i++ {
		if masked[i] && !s.quotedZero(i) {
			continue
		}
		isNumber := isDigit(cs[i]) || isNumeral(cs[i])
		var f figure
		ok := false
		if s.mayDeny(i) {
			f, ok = s.noneAt(i)
		}
		if !ok && isNumber {
			f, ok = s.percentAt(i)
		}
		if !ok && isNumber {
			f, ok = s.quantityAt(i, masked)
		}
		if ok {
			found = append(found, f)
			i = f.to - 1
			if f.none && f.to-f.from > 1 || f.none && cs[f.from] == '无' {
				_, end := s.denial(i)
				i = end - 1 // 未发生3人以上事故 states no three
			}
			continue
		}
		// A number that is no quantity is passed over whole.
		if isDigit(cs[i]) {
			n, _ := readNumber(cs, i)
			i = max(i, n.to-1)
		}
	}
	for i := range found {
		found[i].target = s.isTarget(&found[i])
	}
	return found
}

// quotedZero tells whether place i begins a quotation that says that something
// never happened: “零”投诉, “零登记”. One with several of them is a name.
func (s *sentence) quotedZero(i int) bool {
	const longest = 6
	if s.chars[i] != '零' || i == 0 || s.chars[i-1] != '“' {
		return false
	}
	end := slices.Index(s.chars[i:], '”')
	return end > 0 && end <= longest && !slices.Contains(s.chars[i:i+end], '、')
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

// maxDecimals is how many decimals a percentage in Chinese numerals may have.
const maxDecimals = 4

// percentAt reads 百分之九十点五 and 百分百.
func (s *sentence) percentAt(i int) (figure, bool) {
	const lead, whole = "百分之", "百分百"
	cs := s.chars
	if cs[i] != '百' {
		return figure{}, false
	}
	f := figure{from: i, unit: "%", kind: "ratio", about: s.aboutBefore(i), rule: "metric-percent"}
	if startsWith(cs[i:], whole) && endsWithAny(cs[:i], metricWords.ReachedAll) {
		f.to, f.value = i+utf8.RuneCountInString(whole), 100
		return f, true
	}
	if !startsWith(cs[i:], lead) {
		return f, false
	}
	n, ok := readNumber(cs, i+utf8.RuneCountInString(lead))
	if !ok {
		return f, false
	}
	f.to, f.value, f.max = n.to, n.value, n.max
	if n.chinese && n.to < len(cs) && cs[n.to] == '点' {
		scale := 1.0
		for at := n.to + 1; at < len(cs) && at <= n.to+maxDecimals; at++ {
			d, ok := chineseDigit(cs[at])
			if !ok {
				break
			}
			scale /= 10
			f.to, f.value = at+1, exact(f.value+d*scale)
		}
	}
	f.about = f.about || n.about || hasAt(cs, n.to, metricWords.AboutAfter) != ""
	return f, true
}

// quantityAt reads a number with its unit.
func (s *sentence) quantityAt(i int, masked []bool) (figure, bool) {
	cs := s.chars
	if i > 0 && (isDigit(cs[i-1]) || isNumeral(cs[i-1]) || isLatin(cs[i-1])) {
		return figure{}, false
	}
	n, ok := readNumber(cs, i)
	if !ok || endsWithAny(cs[:i], noNumberBefore) || n.chinese && endsWithAny(cs[:i], noChineseNumberBefore) || slices.Contains(masked[i:n.to], true) {
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
	s.secondUnit(&f)
	s.secondEnd(&f, u)
	if u.name == tenths {
		f.unit, f.value = "%", f.value*10
	}
	if u.numerals == "never" || n.chinese && !s.countsInChinese(n, u, f) || u.kind == "time" && !s.isDuration(f, n, u) || s.isFrequency(f) {
		return figure{}, false
	}
	if hasAt(cs, f.to, metricWords.GroupNounAlways) != "" || u.name == tenths && !s.isTenths(f) || slices.Contains(masked[n.to:f.to], true) {
		return figure{}, false
	}
	if w := hasAt(cs, f.to, metricWords.AboutAfter); w != "" {
		f.about = true
	}
	return f, true
}

// secondUnit reads the rest of a unit with another one in brackets: 幅(条).
func (s *sentence) secondUnit(f *figure) {
	cs := s.chars
	if f.to == len(cs) || cs[f.to] != '(' {
		return
	}
	if u, ok := unitAt(cs, f.to+1); ok && u.numerals != "never" {
		if end := f.to + 1 + utf8.RuneCountInString(u.name); end < len(cs) && cs[end] == ')' {
			f.unit, f.to = f.unit+"("+u.name+")", end+1
			if startsWith(cs[f.to:], "次") { // 台(艘)次
				f.unit, f.to = f.unit+"次", f.to+1
			}
		}
	}
}

// secondEnd reads the second end of a range whose unit stands twice: 30%-50%.
func (s *sentence) secondEnd(f *figure, u unit) {
	cs := s.chars
	if f.max != nil || f.to+1 >= len(cs) || !strings.ContainsRune(rangeSigns, cs[f.to]) {
		return
	}
	from, _ := s.clause(f.from)
	second, ok := readOne(cs, f.to+1)
	if !ok || second.value <= f.value || strings.ContainsAny(string(cs[from:f.from]), "由从") {
		return // 由10件至20件 is a change
	}
	if again, ok := unitAt(cs, second.to); ok && again == u {
		_, most := money(u.name, second.value)
		f.max, f.to, f.about = &most, second.to+utf8.RuneCountInString(u.name), f.about || second.about
	}
}

// tenths is the unit of shares in tenths: 八成 is 80%.
const tenths = "成"

// isTenths tells whether 成 after a number means tenths: 八成以上, 近七成的.
func (s *sentence) isTenths(f figure) bool {
	return f.value > 0 && f.value < 100 && (f.about || s.endsAt(f.to) || s.chars[f.to] == '的' || hasAt(s.chars, f.to, metricWords.AboutAfter) != "")
}

// money resolves a unit that holds a power of ten.
func money(name string, value float64) (string, float64) {
	switch name {
	case "万元":
		return "元", exact(value * 1e4)
	case "亿元":
		return "元", exact(value * 1e8)
	case "块钱":
		return "元", value
	case "万美元":
		return "美元", exact(value * 1e4)
	}
	return name, value
}

// unitless decides on a number that no unit follows: one of a list whose last
// has the unit, money after words of money, or the end of a cell or a clause.
func (s *sentence) unitless(f figure, n number) (figure, bool) {
	if n.chinese {
		return f, false
	}
	from, _ := s.clause(f.from)
	lead := s.chars[from:f.from]
	f.rule = "metric-unitless"
	if f.to < len(s.chars) && s.chars[f.to] == '+' && s.endsAt(f.to+1) {
		f.to++
		f.about = true // 200万+
	}
	if u, ok := s.sharedUnit(n.to); ok && index(lead, "分别", 0) >= 0 {
		f.setUnit(u)
		return f, true
	}
	if holdsAny(lead, metricWords.Money) && (trailingPower(s.chars[n.from:n.to]) > 1 || s.endsAt(f.to)) {
		f.unit, f.kind = "元", "money"
		return f, true
	}
	return f, s.endsAt(f.to) && (s.isCell(f) || endsWithAny(lead, metricWords.AmountsTo) || n.value == 0 && len(lead) > 0 && lead[len(lead)-1] == '率') &&
		!(n.value >= 1900 && n.value < 2100)
}

// sharedUnit is the unit of the last of the numbers listed from place i on:
// 、9、8件.
func (s *sentence) sharedUnit(i int) (unit, bool) {
	for i < len(s.chars) && strings.ContainsRune("、和,", s.chars[i]) {
		n, ok := readOne(s.chars, i+1)
		if !ok {
			return unit{}, false
		}
		if u, ok := unitAt(s.chars, n.to); ok {
			return u, u.numerals != "never"
		}
		i = n.to
	}
	return unit{}, false
}

func (s *sentence) endsAt(i int) bool {
	return i >= len(s.chars) || s.breaks(i) || s.chars[i] == '、'
}

// isCell tells whether the figure fills a cell of a table that is not its
// row's first; the first may be merged with the one above, and then is empty.
func (s *sentence) isCell(f figure) bool {
	cs := s.chars
	merged := cs[0] == '\t' && cs[len(cs)-1] != '\t' // where | frames the row both are tabs
	return f.from > 0 && cs[f.from-1] == '\t' && (f.to == len(cs) || cs[f.to] == '\t') &&
		(merged || slices.ContainsFunc(cs[:f.from], unicode.IsLetter))
}

// aboutBefore tells whether a word before place i makes the number
// approximate.
func (s *sentence) aboutBefore(i int) bool {
	return endsWithAny(s.chars[:i], metricWords.About) && !endsWithAny(s.chars[:i], metricWords.NoAbout)
}

// countsInChinese tells whether a number in Chinese numerals counts: 三家律所
// does; 三项制度, 四套班子, 一系列, 百姓 do not.
func (s *sentence) countsInChinese(n number, u unit, f figure) bool {
	const few, reach = 12, 5
	cs := s.chars
	if u.numerals != "all" && !(u.name == "人" && n.value >= few) || n.bare && !f.about {
		return false
	}
	if f.to < len(cs) && (cs[f.to] == '“' && u.kind != "person" || u.name == "个" && isDigit(cs[f.to])) {
		return false // 两个“责任”, 三个100%
	}
	if u.kind == "money" && n.value < few && !s.endsAt(f.to) {
		return false // 三元里
	}
	if n.value == 1 && n.max == nil {
		// 设立人民调解委员会一个: a noun stands before
		from, _ := s.clause(f.from)
		named := f.from-from > shortPhrase && s.endsAt(f.to) && !slices.Contains(cs[from:f.from], '每')
		return (named || endsWithAny(cs[:f.from], metricWords.OneAfter)) && !startsWith(cs[f.to:], "系列") && !startsWith(cs[f.to:], "批")
	}
	if f.value > few || f.about || u.kind == "person" || u.kind == "time" || u.kind == "ratio" || u.kind == "money" {
		return true
	}
	// 三个重点环节: the noun may have a word before it.
	for at := f.to; at < len(cs) && at < f.to+reach && s.isWordAt(at); at++ {
		if hasAt(cs, at, metricWords.GroupNoun) != "" {
			return false
		}
	}
	from, _ := s.clause(f.from)
	return !s.endsAt(f.to) || f.from-from > shortPhrase || u.kind == "event" || u.kind == "case" || u.kind == "body"
}

// isDuration tells whether a number of units of time is a quantity and no
// date, period or part of a name.
func (s *sentence) isDuration(f figure, n number, u unit) bool {
	cs := s.chars
	if startsWith(cs[f.to:], "来") || startsWith(cs[f.to:], "以来") || startsWith(cs[f.to:], "期") {
		return false
	}
	within := f.to < len(cs) && cs[f.to] == '内' && hasAt(cs, f.to, metricWords.NoBound) == "" // 3日内, 24小时内
	if u.name == "日" {
		return !n.chinese && (within || endsWithAny(cs[:f.from], metricWords.DayAfter))
	}
	from, _ := s.clause(f.from)
	if holdsAny(cs[max(from, f.from-8):f.from], metricWords.Duration) && cs[f.from-1] != '近' && !endsWithAny(cs[:f.from], metricWords.InARow) {
		return true
	}
	if u.name == "年" {
		return n.about
	}
	if n.chinese {
		return false
	}
	// 15分钟调解圈 is a name, and so is a service of 24小时.
	return within || !(n.value == 24 && u.name == "小时") && !strings.Contains(string(cs[f.to:min(f.to+10, len(cs))]), "圈")
}

// isFrequency tells whether the figure says how often something is done.
func (s *sentence) isFrequency(f figure) bool {
	if !metricWords.FrequencyUnit.has(f.unit) {
		return false
	}
	const reach = 14
	from, _ := s.clause(f.from)
	if startsWith(s.chars[f.from:], "一") && from > 1 {
		from, _ = s.clause(from - 2) // 每半年听取一次汇报,召开一次会议
		return holdsAny(s.chars[from:f.from], metricWords.Frequency)
	}
	return holdsAny(s.chars[max(from, f.from-reach):f.from], metricWords.Frequency)
}

// isTarget tells whether the figure is a plan or a requirement.
func (s *sentence) isTarget(f *figure) bool {
	if s.section == sectionPlans || f.from >= s.ahead {
		return true
	}
	from, to := s.clause(f.from)
	before := s.chars[from:f.from]
	switch {
	case holdsAny(before, metricWords.TargetBefore):
		return true
	case holdsAny(before, metricWords.Reached) && !holdsAny(before, metricWords.NotReached):
		return false
	}
	return hasAt(s.chars[:max(f.to, to)], f.to, metricWords.TargetAfter) != ""
}
