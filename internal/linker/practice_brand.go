package linker

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// reach is how far from a quoted name a word may stand that tells what it is.
const (
	modifierReach = 10 // between a name and its form
	verbReach     = 4  // between a verb and a name
	negativeReach = 14 // between a name and what makes it none
	maxBrand      = 32 // length of a name
)

// quotedBrands finds local brands in quotation marks: names with a form after
// them (“…”工作法), with an ending that is one (“…驿站”), or right after what a
// government does with a practice of its own (打造“…”).
func (l *Linker) quotedBrands(s *sentence) []naming {
	qs := s.quoted
	var found []naming
	for i, q := range qs {
		// Of “A”“B”和“C”等活动 each has what stands before the first and
		// after the last.
		first, last := i, i
		for first > 0 && l.joins(s.chars[qs[first-1].to+1:qs[first].from-1]) {
			first--
		}
		for last+1 < len(qs) && l.joins(s.chars[qs[last].to+1:qs[last+1].from-1]) {
			last++
		}
		if n, ok := s.brand(q, qs[first].from-1, qs[last].to+1); ok {
			found = append(found, n)
		}
	}
	return found
}

// maxOwner is the most code points between two quotations of one list.
const maxOwner = 9

// joins tells whether what stands between two quotations only links them, or
// says as well whose the second is.
func (l *Linker) joins(gap []rune) bool {
	if len(gap) > maxOwner || len(gap) > 0 && !strings.ContainsRune("、和与及以或", gap[0]) {
		return false
	}
	switch string(gap) {
	case "", "、", "和", "与", "及", "以及", "或":
		return true
	}
	if l.reg.Divisions.Named(string(gap[1:])) != nil {
		return true // “…”、东莞“…”
	}
	return endsWithAny(gap, practiceWords.ListOwner) && !slices.ContainsFunc(gap, func(r rune) bool { return r == ',' || r == ';' || r == '。' })
}

// brand decides on one quotation; head and tail are where the quotations
// listed with it begin and end.
func (s *sentence) brand(q quotation, head, tail int) (naming, bool) {
	name := []rune(s.text(q.from, q.to))
	if tail < len(s.chars) && s.chars[tail] == '等' {
		tail++
	}
	form := s.formAfter(tail)
	if len(name) < 2 || len(name) > maxBrand || s.inTitle(q.from) || !nameable(name, form > tail) {
		return naming{}, false
	}
	predicated := hasAt(s.chars, tail, practiceWords.BrandPredicate) != ""
	named := endsWithAny(name, practiceWords.BrandEnding)
	if !predicated && s.negated(tail, form, named) && !s.campaigns(head, tail) {
		return naming{}, false
	}
	adjective := endsWithAny(name, practiceWords.Adjective) && !endsWithAny(name, practiceWords.NoAdjective)
	n := naming{from: q.from - 1, to: q.to + 1, name: string(name), quoted: string(name)}
	switch {
	case endsWithAny(name, practiceWords.NoBrandEnding), hasAt(name, 0, practiceWords.NoBrandLead) != "", endsWithAny(s.chars[:head], practiceWords.NoBrandBefore):
		return naming{}, false
	case named:
		n.rule = "practice-brand-ending"
	case adjective:
		return naming{}, false
	case form > tail:
		n.rule, n.form = "practice-brand-form", s.text(tail, form)
		// Letters or two characters alone name nothing; neither do steps
		// without the word that makes them one.
		if q.to+1 == tail && (hanCount(name) < 3 && len(name) < 5 || hanCount(name) == 0 || strings.ContainsAny(string(name), "—、")) {
			n.name, n.to = string(name)+s.text(tail, form), form
		}
	case len(name) >= 3 && (endsWithAny(s.chars[:head], practiceWords.BrandLead) || predicated || s.glosses(head, tail)), s.campaigns(head, tail):
		n.rule = "practice-brand-apposition"
	case len(name) >= 3 && !slices.Contains(name, '的') && !endsWithAny(name, practiceWords.Figurative) && s.verbBefore(head) && s.stopsAt(tail):
		n.rule = "practice-brand-verb"
	case len(name) >= 3 && !endsWithAny(name, practiceWords.Figurative) && s.heldTimes(tail):
		n.rule = "practice-brand-count"
	default:
		return naming{}, false
	}
	return n, true
}

// campaigns tells whether the quotations at chars[head:tail] name what the clause
// goes on to call a campaign, after a verb.
func (s *sentence) campaigns(head, tail int) bool {
	const reach = 40
	if !s.verbBefore(head) {
		return false
	}
	for at := tail; at < min(tail+reach, len(s.chars)) && !s.breaks(at); at++ {
		if hasAt(s.chars, at, practiceWords.Campaign) != "" {
			return true
		}
	}
	return false
}

// glosses tells whether the quotations at chars[head:tail] stand in brackets
// right after what they are: 监督平台(“…”).
func (s *sentence) glosses(head, tail int) bool {
	return head > 0 && s.chars[head-1] == '(' && tail < len(s.chars) && s.chars[tail] == ')' && endsWithAny(s.chars[:head-1], practiceWords.BrandForm)
}

// nameable tells whether quoted words may name a practice at all. formed tells
// that a form follows, which makes even steps and numbers a name.
func nameable(name []rune, formed bool) bool {
	text := string(name)
	if strings.ContainsAny(text, ";:。!?《》") || !formed && (strings.Contains(text, ",") || hanCount(name) == 0 && !strings.ContainsAny(text, "+＋") && !hasLatin(name)) {
		return false
	}
	if hanCount(name) == 0 && strings.ContainsAny(text, "·.•") {
		return false // 3·15 is a day
	}
	if practiceWords.Slogan.has(text) {
		return false
	}
	if textHolds(text, practiceWords.Creed) {
		return false
	}
	// 听、辨、劝 are steps.
	if !formed && !slices.ContainsFunc(strings.Split(text, "、"), func(part string) bool { return utf8.RuneCountInString(part) > 1 }) {
		return false
	}
	// 应考尽考 and 早发现、早处置 are ways to act.
	if name[0] == '应' && len(name) == 4 && name[2] == '尽' || strings.Count(text, "早") > 1 {
		return false
	}
	return true
}

// inTitle tells whether place i lies between 《 and 》.
func (s *sentence) inTitle(i int) bool {
	for i--; i >= 0; i-- {
		switch s.chars[i] {
		case '《':
			return true
		case '》':
			return false
		}
	}
	return false
}

// titleAround is the title in 《》 around place i, up to its end.
func (s *sentence) titleAround(i int) []rune {
	end := i
	for end < len(s.chars) && s.chars[end] != '》' {
		end++
	}
	return s.chars[i:end]
}

// formAfter is where the form ends that says what the name before place i is,
// or i.
func (s *sentence) formAfter(i int) int {
	for at := i; at < len(s.chars) && at-i <= modifierReach; at++ {
		if w := hasAt(s.chars, at, practiceWords.BrandForm); w != "" {
			end := at + len([]rune(w))
			// 志愿服务活动: the last of forms that follow each other counts.
			for {
				w := hasAt(s.chars, end, practiceWords.BrandForm)
				if w == "" {
					return end
				}
				end += len([]rune(w))
			}
		}
		if !s.isWordAt(at) || hasAt(s.chars, at, practiceWords.NoModifier) != "" {
			return i
		}
	}
	return i
}

// negated tells whether what follows place i makes the quotation before it no
// practice; only what stands before its form counts, if it has one, and only
// the next word if it is named as one.
func (s *sentence) negated(i, form int, named bool) bool {
	end := i + negativeReach
	switch {
	case form > i:
		end = form
	case named:
		end = i + 1
	}
	for at := i; at < min(end, len(s.chars)) && s.isWordAt(at); at++ {
		if form == i && hasAt(s.chars, at, practiceWords.NoBrandPeople) != "" {
			return true
		}
		if w := hasAt(s.chars, at, practiceWords.NoBrandAfter); w != "" && (at == i || len([]rune(w)) > 1) && len(hasAt(s.chars, at, practiceWords.BrandForm)) <= len(w) {
			return true
		}
	}
	return false
}

// verbBefore tells whether a verb of adopting stands close before place i, in
// its clause.
func (s *sentence) verbBefore(i int) bool {
	for end := i; end > 0 && i-end <= verbReach && !s.breaks(end-1); end-- {
		if endsWithAny(s.chars[:end], practiceWords.BrandVerb) {
			return true
		}
	}
	return false
}

// stopsAt tells whether a noun phrase ends at place i.
func (s *sentence) stopsAt(i int) bool {
	return i >= len(s.chars) || s.breaks(i) || s.chars[i-1] == '等' || strings.ContainsRune("、()和与及并", s.chars[i]) ||
		isDigit(s.chars[i]) || isNumeral(s.chars[i])
}

// heldTimes tells whether place i states how often something was held: 54场次.
func (s *sentence) heldTimes(i int) bool {
	n, ok := readOne(s.chars, i)
	if !ok || n.chinese {
		return false
	}
	u, ok := unitAt(s.chars, n.to)
	return ok && u.kind == "event"
}

// isWordAt tells whether place i holds a part of a word, no mark.
func (s *sentence) isWordAt(i int) bool {
	r := s.chars[i]
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("+·()-—", r)
}

// bareBrands finds practices named without quotation marks: by endings that
// only such names have, and sums with a form after them (1+6+N网络).
func bareBrands(s *sentence) []naming {
	var found []naming
	for at := range s.chars {
		if to := s.sumAt(at); to > at {
			if form := s.formAfter(to); form > to && !s.inTitle(at) {
				found = append(found, naming{from: at, to: form, name: s.text(at, form), rule: "practice-brand-sum"})
			}
		}
		ending := hasAt(s.chars, at, practiceWords.BareEnding)
		if ending == "" || hasAt(s.chars, at, practiceWords.BareNot) != "" {
			continue
		}
		from := at
		for from > 0 && at-from < 14 && s.isWordAt(from-1) && s.chars[from-1] != ')' &&
			!endsWithAny(s.chars[:from], practiceWords.BareStop) && !endsWithAny(s.chars[:from], practiceWords.BrandVerb) {
			from--
		}
		own := string(s.chars[from:at])
		for _, w := range practiceWords.BareGeneric.list {
			own = strings.ReplaceAll(own, w, "")
		}
		if len([]rune(own)) < 3 || s.inTitle(from) {
			continue
		}
		to := at + len([]rune(ending))
		found = append(found, naming{from: from, to: to, name: s.text(from, to), rule: "practice-brand-bare"})
	}
	return found
}

// sumAt is where a sum such as 1+6+N ends that begins at place i, or i.
func (s *sentence) sumAt(i int) int {
	if !isDigit(s.chars[i]) || i > 0 && (isDigit(s.chars[i-1]) || s.chars[i-1] == '+') {
		return i
	}
	to, plus := i, false
	for to < len(s.chars) && (isDigit(s.chars[to]) || isLatin(s.chars[to]) || s.chars[to] == '+') {
		plus = plus || s.chars[to] == '+'
		to++
	}
	if !plus {
		return i
	}
	return to
}

func hanCount(text []rune) int {
	n := 0
	for _, r := range text {
		if unicode.Is(unicode.Han, r) {
			n++
		}
	}
	return n
}

func hasLatin(text []rune) bool {
	for _, r := range text {
		if isLatin(r) {
			return true
		}
	}
	return false
}

func isLatin(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' }
