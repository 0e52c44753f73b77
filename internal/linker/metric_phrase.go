package linker

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// phrases are what stands before and after the figure in its clause, up to
// the figures beside it.
func (s *sentence) phrases(all []figure, i int) (before, after string) {
	f := &all[i]
	from, to := s.clause(f.from)
	from, to = max(from, min(f.from, s.enumerator())), max(to, f.to)
	end := to
	if i > 0 && all[i-1].sentence == f.sentence && all[i-1].to > from {
		from = min(s.afterBound(all[i-1].to), f.from)
	}
	next := i+1 < len(all) && all[i+1].sentence == f.sentence && all[i+1].from < to
	if next {
		end = all[i+1].from
	}
	before = s.text(from, f.from)
	if i > 0 && all[i-1].sentence == f.sentence && all[i-1].to == from {
		before = afterAmong(before)
	}
	if i > 0 && all[i-1].sentence == f.sentence && all[i-1].to <= from {
		before = afterPredicate(before)
	}
	// 为18个社区和13个企业配备…: what stands before the first and after the
	// last holds for each.
	for j := i; j > 0 && all[j-1].sentence == f.sentence && s.joinedAt(all[j].from); j-- {
		start, _ := s.clause(all[j].from)
		if all[j-1].from < start {
			break
		}
		if j > 1 && all[j-2].sentence == f.sentence {
			start = max(start, all[j-2].to)
		}
		before = s.text(start, all[j-1].from)
	}
	if f.none {
		return s.nothing(f, end, to)
	}
	before = withoutBecoming(before)
	start := min(s.afterBound(f.to), end)
	after = afterFigure(s.text(start, end), next)
	if next && all[i+1].was == i {
		head, _, _ := becomes(s.chars[start:end])
		after = afterFigure(string(head), next)
	}
	if next {
		after = trimTrail(after)
	}
	after = strings.TrimRight(after, "的、")
	if next && after == "" && metricWords.LabelCut.has(s.text(start, end)) && s.chars[min(all[i+1].to, to-1)] == '的' {
		after = s.text(all[i+1].to+1, to) // 2场共180人次的业务培训
	}
	if next && after != "" && s.joinedAt(end) {
		after = trimTrail(after)
		if metricWords.Level.has(after) {
			after += s.sharedAfter(all, i, to) // 2个省级、4个县级基地
		}
		if !textHolds(after, metricWords.Predicate) {
			after += s.predicate(end, to)
		}
	}
	return before, after
}

// sharedAfter is what the last figure of the list that figure i stands in has
// after its level.
func (s *sentence) sharedAfter(all []figure, i, to int) string {
	for i+1 < len(all) && all[i+1].sentence == all[i].sentence && all[i+1].from < to && s.joinedAt(all[i+1].from) {
		i++
	}
	rs := []rune(s.text(min(all[i].to, to), to))
	level := utf8.RuneCountInString(hasAt(rs, 0, metricWords.Level))
	if level == 0 && len(rs) > 0 && strings.ContainsRune("省市县区旗镇乡村", rs[0]) {
		level = 1
	}
	return string(rs[level:])
}

// afterBound is the place after the words that make the number before place i
// an approximate one or a bound: 以上, 左右, 以内.
func (s *sentence) afterBound(i int) int {
	w := hasAt(s.chars, i, metricWords.AboutAfter)
	if w == "" && hasAt(s.chars, i, metricWords.NoBound) == "" {
		w = hasAt(s.chars, i, metricWords.BoundAfter)
	}
	return i + utf8.RuneCountInString(w)
}

// nothing are the phrases around a statement that there was none of something,
// whose clause ends at to; the next figure begins at end.
func (s *sentence) nothing(f *figure, end, to int) (before, after string) {
	from, _ := s.clause(f.from)
	if s.chars[f.from] != '零' && s.chars[f.from] != '0' {
		from, to = s.denial(f.from)
	}
	head := trimLabel(s.text(from, f.from))
	if metricWords.NoneLead.has(head) || metricWords.LabelTrail.has(head) {
		head = ""
	}
	if s.chars[f.from] != '零' && s.chars[f.from] != '0' {
		// 无政府采购、招标投标等领域的失信行为: all of it did not happen.
		if s.chars[f.from] == '无' {
			before = head // 市政府连续五年无败诉案件
		}
		return before, s.text(f.to, to)
	}
	after = s.text(f.to, end)
	for _, mark := range []string{"、", "和", "及"} {
		after, _, _ = strings.Cut(after, mark)
	}
	if !strings.Contains(after, "(") {
		after = strings.TrimRight(after, ")")
	}
	if after = strings.TrimSuffix(after, "的"); after == "" || !strings.ContainsAny(head, "零0") {
		before = head
	}
	return before, after
}

// listConjunctions stand between things of one list.
var listConjunctions = newLexicon("和", "及", "与", "、", "以及")

// joinedAt tells whether a conjunction of a list stands before place i.
func (s *sentence) joinedAt(i int) bool {
	return endsWithAny(s.chars[:i], listConjunctions) && !endsWithAny(s.chars[:i], metricWords.LabelKeep)
}

// predicate is the end of a clause, chars[from:to], from its verb on, up to a
// figure of its own.
func (s *sentence) predicate(from, to int) string {
	for at := from; at < to; at++ {
		if hasAt(s.chars, at, metricWords.Predicate) != "" {
			n := slices.IndexFunc(s.chars[at:to], isDigit)
			if n < 0 {
				return s.text(at, to)
			}
			if text := trimTrail(s.text(at, at+n)); !metricWords.LabelTrail.has(text) {
				return text
			}
			return ""
		}
	}
	return ""
}

// afterFigure is the phrase after a figure; what leads to the next figure is
// cut off.
func afterFigure(after string, next bool) string {
	if _, rest, ok := strings.Cut(after, ")"); ok && strings.HasPrefix(after, "(") {
		after = rest // 2件(均胜诉)
	}
	if strings.HasPrefix(after, "、") || strings.HasPrefix(after, "/") || strings.HasPrefix(after, "和") && next {
		return ""
	}
	if rest := afterPredicate(after); next && rest != after {
		after = strings.TrimSuffix(after, "、"+rest)
	}
	if next {
		rs := []rune(after)
		if hasAt(rs, 0, metricWords.Change) != "" || hasAt(rs, 0, metricWords.NextLead) != "" || afterAmong(after) != after {
			return ""
		}
		for at := 1; at < len(rs); at++ {
			if hasAt(rs, at, metricWords.LabelCut) != "" && hasAt(rs, at-1, metricWords.NoCut) == "" && hasAt(rs, at, metricWords.NoCut) == "" {
				after = string(rs[:at])
				break
			}
		}
	}
	return strings.TrimPrefix(after, "的")
}

// afterAmong is what follows the word right after a figure that says that the
// next one counts some of these: of 里已查结 the 已查结.
func afterAmong(phrase string) string {
	rs := []rune(phrase)
	w := hasAt(rs, 0, metricWords.Among)
	if w == "" || hasAt(rs, 0, metricWords.LeadKeep) != "" {
		return phrase
	}
	return strings.TrimPrefix(phrase, w)
}

// afterPredicate is what follows the 、 after a predicate that ends what is said
// of the figure before: of 内完成、不动产登记 the registration.
func afterPredicate(phrase string) string {
	if head, rest, ok := strings.Cut(phrase, "、"); ok && endsWithAny([]rune(head), metricWords.Done) {
		return rest
	}
	return phrase
}

// joinPhrases joins what stands around a figure: 审查 + 合同.
func joinPhrases(before, after string) string {
	if after == "" {
		return before
	}
	if before = strings.TrimRight(trimTrail(before), "("); metricWords.LabelTrail.has(before) {
		before = ""
	}
	return before + after
}
