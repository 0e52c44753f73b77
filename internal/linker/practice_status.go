package linker

import (
	"slices"
	"strings"

	"graphd/internal/kg"
)

// How far from a practice the words may stand that tell its status, which
// bounds the work on a clause without end.
const (
	plannedReach = 12 // before it, of what puts it off
	studiedReach = 40 // before it, of how it is studied
	afterReach   = 60 // after it
	listReach    = 20 // how many practices of its list
)

// status is how firmly the sentence stands behind the i-th naming. wider are the
// words for what is spread beyond the issuer.
func status(ss []sentence, namings []naming, i int, figures []figure, wider *lexicon) kg.Status {
	n := namings[i]
	s := &ss[n.sentence]
	switch s.section {
	case sectionPlans:
		return kg.StatusPlanned
	case sectionProblems:
		if n.from >= s.ahead {
			return kg.StatusPlanned
		}
		return kg.StatusReferred
	}
	// What stands before and after practices that are named in one list holds
	// for each of them.
	head, tail, last := n.from, n.to, i
	for j := i; j > 0 && i-j < listReach && namings[j-1].sentence == n.sentence && s.links(namings[j-1].to, head); j-- {
		head = min(head, namings[j-1].from)
	}
	for j := i; j+1 < len(namings) && j-i < listReach && namings[j+1].sentence == n.sentence && s.links(tail, namings[j+1].from); j++ {
		tail, last = max(tail, namings[j+1].to), j+1
	}
	from, _ := s.clause(head)
	_, to := s.clause(tail - 1)
	to = min(to, tail+afterReach)
	switch {
	case n.from >= s.ahead, s.putOff(max(from, head-plannedReach), head, tail, to):
		return kg.StatusPlanned
	case s.onlyStudied(max(from, head-studiedReach), head, tail, to), s.onlyOccasion(from, head, tail, to):
		return kg.StatusReferred
	}
	own, end := s.clause(n.from)
	if n.to > end {
		_, end = s.clause(n.to - 1)
	}
	switch {
	case s.honoured(own, n.to, end, wider):
		return kg.StatusHonoured
	case quantified(ss, namings, i, last, figures, own, end):
		if n.known != nil && practiceWords.TitleCategory.has(n.known.Name) {
			return kg.StatusHonoured
		}
		return kg.StatusQuantified
	case s.section == sectionOpening, hasAt(s.chars[:min(from+8, head)], from, practiceWords.Referred) != "":
		return kg.StatusReferred
	}
	return kg.StatusImplemented
}

// links tells whether chars[from:to] only links two namings of a list.
func (s *sentence) links(from, to int) bool {
	if from > to {
		return true
	}
	switch s.text(from, to) {
	case "", "、", "和", "与", "及", "以及":
		return true
	}
	for from < to && isQuote(s.chars[from]) {
		from++
	}
	return to-from <= maxListed && from < to && strings.ContainsRune("、和与及", s.chars[from])
}

// maxListed is the most code points of a mark and the words about the next
// practice of a list (、殡葬“…”).
const maxListed = 5

// putOff tells whether a word in chars[from:head] says that the practices at
// chars[head:tail] lie ahead; their clause ends at to.
func (s *sentence) putOff(from, head, tail, to int) bool {
	for at := from; at < head; at++ {
		w := hasAt(s.chars[:head], at, practiceWords.Planned)
		if w != "" && !(strings.HasPrefix(w, "将") && holdsAny(s.chars[tail:to], practiceWords.PutInto)) {
			return true
		}
	}
	return false
}

// onlyStudied tells whether the practices at chars[head:tail], in their clause
// from place from to place to, are studied, passed on, praised or held up as a principle
// and no more.
func (s *sentence) onlyStudied(from, head, tail, to int) bool {
	before := s.chars[from:head]
	if i := slices.Index(before, '《'); i >= 0 {
		before = before[:i] // what a title says is not done
	}
	studied, passedOn, done := false, false, false
	for i := 0; i < len(before); i++ {
		var w string
		at := func(category *lexicon) bool {
			w = hasAt(before, i, category)
			return w != ""
		}
		switch {
		case at(practiceWords.NotStudied):
		case at(practiceWords.PassedOn):
			passedOn = true
		case at(practiceWords.Studied):
			studied = true
		case at(practiceWords.GoesOn):
			passedOn = false
		case at(practiceWords.Doing), at(practiceWords.BrandVerb):
			studied, done = false, true
		}
		i += max(0, len([]rune(w))-1)
	}
	if studied || passedOn {
		return true
	}
	for tail < to && isQuote(s.chars[tail]) {
		tail++
	}
	if hasAt(s.chars, tail, practiceWords.ReferredAfter) != "" {
		return true
	}
	after := s.chars[tail:to]
	if holdsAny(after, practiceWords.TakenAs) && endsWithAny(after, practiceWords.Principle) {
		return true
	}
	rest := s.chars[to:min(to+afterReach, len(s.chars))]
	return !done && holdsAny(rest, practiceWords.Lesson)
}

// onlyOccasion tells whether the clause chars[from:to] says no more than that
// something is done when matters such as the practices at chars[head:tail] come
// up (遇到三清三拆这类事); that which is a rule for such matters is followed then.
func (s *sentence) onlyOccasion(from, head, tail, to int) bool {
	end := tail
	for end < to && isQuote(s.chars[end]) {
		end++
	}
	return holdsAny(s.chars[from:head], practiceWords.Occasion) && endsWithAny(s.chars[end:to], practiceWords.OccasionEnd) &&
		!endsWithAny(s.chars[from:tail], practiceWords.OccasionOwn) && hasAt(s.chars[:to], end, practiceWords.OccasionOwn) == ""
}

// honoured tells whether an award for the practice that ends at place named is
// spoken of in its clause, or right at the beginning of the next one, which
// then speaks of the same.
func (s *sentence) honoured(from, named, to int, wider *lexicon) bool {
	clause := s.chars[from:to]
	if holdsAny(clause, practiceWords.NoHonour) {
		return false
	}
	if holdsAny(clause, practiceWords.Honour) || holdsAny(s.chars[min(named, to):to], wider) {
		return true
	}
	if to+1 >= len(s.chars) || s.chars[to] != ',' {
		return false
	}
	next := strings.TrimLeft(string(s.chars[to+1:min(to+9, len(s.chars))]), "并先后成功连续被均已曾在")
	return startsWithAny(next, practiceWords.Honour) || startsWithAny(next, wider)
}

// quantified tells whether a figure belongs to the i-th naming, whose list ends
// with the last-th and whose clause is chars[from:to]: one in that clause; one in the next clause, if that goes on
// about the same; or one in its paragraph that counts what the register says
// the practice is counted by.
func quantified(ss []sentence, namings []naming, i, last int, figures []figure, from, to int) bool {
	n := namings[i]
	for _, f := range figures {
		if f.target || f.value == 0 {
			continue
		}
		if f.sentence == n.sentence {
			if from <= f.from && f.from < to {
				return true
			}
			s := &ss[f.sentence]
			next, _ := s.clause(f.from)
			if (next == to+1 || next == s.afterNext(to)) && (s.goesOn(next, f.from) || s.counts(f, n.title())) && (last+1 == len(namings) || namings[last+1].sentence != n.sentence || namings[last+1].from > f.from) {
				return true
			}
		}
		if n.known != nil && ss[f.sentence].paragraph == ss[n.sentence].paragraph && n.known.CountedBy(strings.ToLower(f.label)) {
			return true
		}
		if f.sentence == n.sentence && f.from > n.to {
			s := &ss[f.sentence]
			if from, _ := s.clause(f.from); strings.Contains(s.text(from, f.from), n.title()) {
				return true // 实施“首席质量官”制度,培育首席质量官12名
			}
		}
	}
	return false
}

// title is the canonical name of what is named.
func (n naming) title() string {
	if n.known != nil {
		return n.known.Name
	}
	return n.name
}

// afterNext is where the second clause after the one that ends at place to
// begins, if the first states no figure and cites nothing; -1 if not.
func (s *sentence) afterNext(to int) int {
	if to+1 >= len(s.chars) || s.chars[to] != ',' {
		return -1
	}
	_, end := s.clause(to + 1)
	if end >= len(s.chars) || s.chars[end] != ',' || slices.ContainsFunc(s.chars[to+1:end], func(r rune) bool { return isDigit(r) || r == '《' }) {
		return -1
	}
	return end + 1
}

// counts tells whether what f counts is named in a practice's name: 35个“一件事”
// of 高效办成一件事.
func (s *sentence) counts(f figure, name string) bool {
	const shortest = 3
	at := f.to
	for at < len(s.chars) && isQuote(s.chars[at]) {
		at++
	}
	return at+shortest <= len(s.chars) && strings.Contains(name, string(s.chars[at:at+shortest]))
}

// goesOn tells whether the clause that begins at place from and states a
// figure at place to has the subject of the clause before: neither a semicolon
// nor the figure itself nor another body begins it.
func (s *sentence) goesOn(from, to int) bool {
	if s.chars[from-1] == ';' || from == to || isDigit(s.chars[from]) {
		return false
	}
	lead := s.chars[from:to]
	if hasAt(lead, 0, practiceWords.BodyLead) != "" {
		return true
	}
	const subjectReach = 12
	for i := 1; i < min(len(lead), subjectReach); i++ {
		if w := hasAt(lead, i, practiceWords.Body); w != "" {
			next := i + len([]rune(w))
			return next == len(lead) || strings.ContainsRune("的、和及", lead[next])
		}
	}
	return true
}
