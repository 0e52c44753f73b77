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
	// ownPhrase is the length from which on a rate after a semicolon is of
	// something of its own.
	ownPhrase = 5
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
		if f.per = l.isPer(i); f.per {
			f.base = withoutPer(f.base)
		}
		f.base = afterEveryHas(f.base)
		if w := hasAt([]rune(f.label), 0, periodNames); w != "" && w != f.period && w != f.label {
			// 三季度办案12件,全年办案50件: the quarter is the figure's before.
			f.label, f.base = strings.TrimPrefix(f.label, w), strings.TrimPrefix(f.base, w)
		}
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
	spent    int // the one that holds for the baseline before alone, or -1
	table    *table
}

// period gives a figure the last period named before it in its sentence.
func (l *labeller) period(f *figure) {
	s := &l.ss[f.sentence]
	if l.sentence != f.sentence {
		l.sentence, l.periods, l.spent = f.sentence, s.periods(), -1
	}
	if l.spent >= 0 && !f.baseline {
		// 由2021年的30件下降到20件: the year is the baseline's alone.
		l.periods, l.spent = slices.Delete(l.periods, l.spent, l.spent+1), -1
	}
	if s.section == sectionPlans {
		f.period = s.planYear
	}
	const near = 1 // 的
	for i, p := range l.periods {
		if p.end <= f.from && (p.till < p.end || f.from < p.till) && (!s.inBrackets(p.end-1) || s.inBrackets(f.from)) {
			f.period = p.text
			if f.baseline && f.from-p.end <= near {
				l.spent = i
			}
		}
	}
}

// label labels figure i by the phrase around it and by what that depends on.
func (l *labeller) label(i int) {
	f := &l.all[i]
	s := &l.ss[f.sentence]
	if l.respectively(i) || l.became(i) {
		return
	}
	before, after := s.phrases(l.all, i)
	phrase := trimLead(joinPhrases(before, after))
	if after == "" {
		phrase = trimLabel(before)
	}
	if metricWords.LabelTrail.has(phrase) || strings.Trim(phrase, "0123456789年月日度份") == "" {
		phrase = "" // 2020年15件: the year is the period
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
	if alone && (startsWithAny(strings.TrimLeft(before, "(,、"), metricWords.PartLead) || l.alsoPart(i, before, phrase) || l.remarked(i) || l.among(i)) {
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
	f.dependent = alone && dependent(phrase, f) && !(isDerived(f) && n > ownPhrase && s.afterSemicolon(f.from))
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
		} else if f.kind == "area" && n <= shortPhrase {
			whole = l.all[about].label // 整治16宗,面积82亩: the area of these
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

// isPer tells whether figure i says how many there are for each one of
// something (每村6名), and not how many all of them have (每村配备,共84名).
func (l *labeller) isPer(i int) bool {
	f := &l.all[i]
	s := &l.ss[f.sentence]
	from, _ := s.clause(f.from)
	if i > 0 && l.sameSentence(i, i-1) {
		from = max(from, l.all[i-1].to)
	}
	if endsWithAny(s.chars[:f.from], metricWords.PerSum) {
		return false
	}
	for at := from; at < f.from; at++ {
		if hasAt(s.chars, at, metricWords.Per) != "" && hasAt(s.chars, at, metricWords.NoPer) == "" {
			return true
		}
	}
	return false
}

// withoutPer takes from a text the words that say for each one of what a figure
// holds, which do not hold for the figures that go on from it.
func withoutPer(text string) string {
	rs := []rune(text)
	for at := range rs {
		if w := hasAt(rs, at, metricWords.Per); utf8.RuneCountInString(w) > 1 && hasAt(rs, at, metricWords.NoPer) == "" {
			return string(rs[:at]) + string(rs[at+utf8.RuneCountInString(w):])
		}
	}
	return text
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

// isChange tells whether a phrase states how much more or less something is
// than before; one with a thing of its own does not (减少申请材料).
func isChange(phrase string) bool {
	const most = 2 // 增加了, 提高到
	rs := []rune(phrase)
	w := hasAt(rs, 0, metricWords.Change)
	return w != "" && (metricWords.Turn.has(w) && len(rs) <= utf8.RuneCountInString(w)+most || !metricWords.Turn.has(w))
}
