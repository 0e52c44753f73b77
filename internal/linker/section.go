package linker

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"graphd/internal/fold"
	"graphd/internal/kg"
)

// readSections tells for each sentence what its part of the report is about,
// from the headings above it and from sentences that announce plans.
func readSections(ss []sentence, passages []kg.Passage, year int) {
	// What stands above the first heading is an opening, unless it is so much
	// that a heading must be missing.
	const maxOpening = 12 // sentences
	first := slices.IndexFunc(passages, func(p kg.Passage) bool { return p.Section != "" })
	headed := first >= 0 && first <= maxOpening
	announced := ""                    // outermost heading under which plans were announced
	line, lineAt := sectionOpening, -1 // what the rest of the line of this number is about
	path, headings := "", []string{""} // of the passage before
	sec, planYear := sectionOf(headings, headed, year)
	inline := sectionResults // of the last heading in the middle of a line
	for i := range ss {
		s := &ss[i]
		own := passages[i].Section
		// A heading belongs to the part that it opens.
		if i+1 < len(passages) && passages[i+1].Section != own && strings.HasPrefix(passages[i+1].Section, own) && isHeading(passages[i+1], s) {
			own = passages[i+1].Section
		}
		if own != path {
			outermost := headings[0]
			path, headings = own, strings.Split(fold.Name(own), "/")
			sec, planYear = sectionOf(headings, headed, year)
			if headings[0] != outermost {
				inline = sectionResults
			}
		}
		s.section, s.planYear = sec, planYear
		opensLine := i == 0 || ss[i-1].paragraph != s.paragraph
		if h := s.numberedHeading(); h != "" && !opensLine {
			inline, _ = sectionOf([]string{h}, false, year)
		}
		if inline != sectionResults {
			s.section = inline
		}
		s.ahead = s.looksAhead(year)
		if s.section == sectionPlans {
			continue
		}
		opens := s.section != sectionOpening && hasAt(s.chars, 0, practiceWords.PlanOpening) != ""
		if opensLine {
			if sec, _ := sectionOf([]string{s.runInHeading()}, false, year); sec != sectionResults {
				line, lineAt = sec, s.paragraph
			}
		}
		switch {
		case s.section == sectionProblems && s.ahead == 0 && announcesPlans(headings, year),
			s.section != sectionOpening && holdsAny(s.chars, practiceWords.PlanIntro), opens && holdsAny(s.chars, practiceWords.PlanList):
			announced = headings[0] + "/"
		case opens:
			line, lineAt = sectionPlans, s.paragraph
		case !opensLine && line == sectionPlans && holdsAny(s.chars, practiceWords.LooksBack):
			lineAt = -1
		}
		switch {
		case s.section != sectionOpening && announced == headings[0]+"/":
			s.section = sectionPlans
		case lineAt == s.paragraph:
			s.section = line
		}
	}
}

// numberedHeading is the clause that a sentence begins with where that has the
// form of an outermost heading: 三、下一步打算; empty if it has not.
func (s *sentence) numberedHeading() string {
	const longest, word = 30, "部分"
	from := s.enumerator()
	if part := index(s.chars[:min(len(s.chars), longest)], word, 0); part > 1 && s.chars[0] == '第' && isNumeral(s.chars[1]) {
		from = part + utf8.RuneCountInString(word)
	} else if from < 2 || !isNumeral(s.chars[0]) || s.chars[from-1] != '、' {
		return ""
	}
	_, to := s.clause(from)
	if to-from > longest {
		return ""
	}
	return s.text(from, to)
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
		case textHolds(h, practiceWords.ProblemHeading) || practiceWords.ProblemLabel.has(h):
			sec = sectionProblems
		case forNext || textHolds(h, practiceWords.PlanHeading) || practiceWords.PlanLabel.has(h):
			sec = sectionPlans
			if forNext {
				planYear = next
			}
		}
	}
	return sec, planYear
}

// announcesPlans tells whether one of the headings has plans, whatever else it
// has.
func announcesPlans(headings []string, year int) bool {
	return slices.ContainsFunc(headings, func(h string) bool {
		return year > 0 && strings.Contains(h, strconv.Itoa(year+1)+"年") || textHolds(h, practiceWords.PlanHeading)
	})
}

// runInHeading is the heading that stands on the line of what it heads:
// 【打算】…, 不足:…; empty if there is none.
func (s *sentence) runInHeading() string {
	const longest = 10
	if len(s.chars) > 0 && s.chars[0] == '【' {
		if end := slices.Index(s.chars, '】'); end > 0 && end <= longest {
			return s.text(1, end)
		}
		return ""
	}
	if _, end := s.clause(0); end < len(s.chars) && end <= longest && s.chars[end] == ':' {
		return s.text(0, end)
	}
	return ""
}

// looksAhead is where a clause begins that opens with a word for what is to
// come or with a year after the one reported on; len(chars) if none does.
func (s *sentence) looksAhead(year int) int {
	text := s.enumerator() // 八、2015年,…
	for i := range s.chars {
		if i > 0 && i != text && !s.breaks(i-1) && s.chars[i-1] != '】' {
			continue
		}
		if hasAt(s.chars, i, practiceWords.PlanOpening) != "" {
			return i
		}
		at := i
		for at < len(s.chars) && strings.ContainsRune("在到从自至", s.chars[at]) {
			at++
		}
		// A day of a later year is often one of the report's own year's end.
		n, ok := readNumber(s.chars, at)
		if ok && year > 0 && !n.chinese && n.to == at+4 && int(n.value) > year && n.value < 2100 &&
			n.to < len(s.chars) && s.chars[n.to] == '年' && (n.to+1 == len(s.chars) || !isDigit(s.chars[n.to+1])) {
			return i
		}
	}
	return len(s.chars)
}
