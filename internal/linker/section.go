package linker

import (
	"strconv"
	"strings"

	"graphd/internal/fold"
	"graphd/internal/kg"
)

// readSections tells for each sentence what its part of the report is about,
// from the headings above it and from sentences that announce plans.
func readSections(ss []sentence, passages []kg.Passage, year int) {
	headed := false
	for _, p := range passages {
		headed = headed || p.Section != ""
	}
	announced := "" // outermost heading under which plans were announced
	plansParagraph := -1
	for i := range ss {
		s := &ss[i]
		headings := strings.Split(fold.Name(passages[i].Section), "/")
		// A heading belongs to the part that it opens.
		if i+1 < len(passages) && strings.HasPrefix(passages[i+1].Section, passages[i].Section) && isHeading(passages[i+1], s) {
			headings = strings.Split(fold.Name(passages[i+1].Section), "/")
		}
		s.section, s.planYear = sectionOf(headings, headed, year)
		if s.section == sectionResults || s.section == sectionProblems {
			text := string(s.chars)
			opens := hasAt(s.chars, 0, practiceWords["planOpening"]) != ""
			switch {
			case holdsAny(text, practiceWords["planIntro"]) || opens && holdsAny(text, practiceWords["planList"]):
				announced = headings[0] + "/"
			case opens:
				plansParagraph = s.paragraph
			}
			if announced == headings[0]+"/" || plansParagraph == s.paragraph {
				s.section = sectionPlans
			}
		}
	}
}

// isHeading tells whether s is the innermost heading above p.
func isHeading(p kg.Passage, s *sentence) bool {
	path := strings.Split(fold.Name(p.Section), "/")
	own := strings.TrimRight(s.text(0, len(s.chars)), "。:;")
	return own != "" && path[len(path)-1] == own
}

// sectionOf decides by the headings from the outermost in; an inner one that
// says something decides over an outer one.
func sectionOf(headings []string, headed bool, year int) (section, string) {
	sec, planYear := sectionResults, ""
	if headed && headings[0] == "" {
		return sectionOpening, ""
	}
	for _, h := range headings {
		next := strconv.Itoa(year+1) + "年"
		forNext := year > 0 && strings.Contains(h, next)
		switch {
		case holdsAny(h, practiceWords["problemHeading"]):
			sec = sectionProblems
		case forNext || holdsAny(h, practiceWords["planHeading"]):
			sec = sectionPlans
			if forNext {
				planYear = next
			}
		}
	}
	return sec, planYear
}

// holdsAny tells whether text holds one of the words.
func holdsAny(text string, words []string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}
