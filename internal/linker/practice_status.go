package linker

import (
	"slices"
	"strings"

	"graphd/internal/kg"
)

// plannedReach is how far before a practice a word may stand that puts it off.
const plannedReach = 12

// status is how firmly the sentence stands behind the i-th naming.
func status(ss []sentence, namings []naming, i int, figures []figure) kg.Status {
	n := namings[i]
	s := &ss[n.sentence]
	switch s.section {
	case sectionPlans:
		return kg.StatusPlanned
	case sectionProblems:
		return kg.StatusReferred
	}
	from, to := s.clause(n.from)
	if n.to > to {
		_, to = s.clause(n.to - 1)
	}
	before := string(s.chars[from:n.from])
	switch {
	case s.honoured(from, to):
		return kg.StatusHonoured
	case holdsAny(string(s.chars[max(from, n.from-plannedReach):n.from]), practiceWords["planned"]):
		return kg.StatusPlanned
	case quantified(ss, namings, i, figures, from, to):
		if n.known != nil && slices.Contains(practiceWords["titleCategory"], n.known.Name) {
			return kg.StatusHonoured
		}
		return kg.StatusQuantified
	case s.section == sectionOpening, startsWithAny(before, practiceWords["referred"]),
		hasAt(s.chars, n.to, practiceWords["referredAfter"]) != "":
		return kg.StatusReferred
	}
	return kg.StatusImplemented
}

func startsWithAny(text string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(text, w) })
}

// honoured tells whether an award is spoken of in the clause, or right at the
// beginning of the next one, which then speaks of the same.
func (s *sentence) honoured(from, to int) bool {
	clause := string(s.chars[from:to])
	if holdsAny(clause, practiceWords["noHonour"]) {
		return false
	}
	if holdsAny(clause, practiceWords["honour"]) {
		return true
	}
	if to+1 >= len(s.chars) || s.chars[to] != ',' {
		return false
	}
	next := strings.TrimLeft(string(s.chars[to+1:min(to+9, len(s.chars))]), "并先后成功连续被均已曾")
	return startsWithAny(next, practiceWords["honour"])
}

// quantified tells whether a figure belongs to the i-th naming: one in its
// clause; one in the next clause, if no other practice stands between and the
// clause does not begin with it; or one in its paragraph that counts what the
// register says the practice is counted by.
func quantified(ss []sentence, namings []naming, i int, figures []figure, from, to int) bool {
	n := namings[i]
	for _, f := range figures {
		if f.target || f.value == 0 {
			continue
		}
		if f.sentence == n.sentence {
			if from <= f.from && f.from < to {
				return true
			}
			next, _ := ss[f.sentence].clause(f.from)
			if next == to+1 && !isDigit(ss[f.sentence].chars[next]) && f.from > next && (i+1 == len(namings) || namings[i+1].sentence != n.sentence || namings[i+1].from > f.from) {
				return true
			}
		}
		if n.known != nil && ss[f.sentence].paragraph == ss[n.sentence].paragraph && holdsAny(strings.ToLower(f.label), n.known.Figures) {
			return true
		}
	}
	return false
}
