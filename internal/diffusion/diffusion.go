package diffusion

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"graphd/internal/fold"
	"graphd/internal/kg"
)

// Kind is what a sentence says about where something came from.
type Kind string

const (
	// Stated: the reporting place says that it learnt from another.
	Stated Kind = "STATED"
	// Ordered: it says that a superior asked for it.
	Ordered Kind = "ORDERED"
	// given is the kind of cues for what a sentence takes for granted.
	given Kind = "GIVEN"
)

const (
	// cueDistance bounds how far a cue may stand from the name, in code points.
	cueDistance = 12
	// placeReach and documentReach bound how far the practice may stand from the
	// name of a place, on either side, and behind a document.
	placeReach, documentReach = 40, 20
)

// subject is what a cue stands around.
type subject string

const (
	place    subject = "PLACE"
	document subject = "DOCUMENT"
)

//go:embed cues.tsv
var cuesFile string

type cue struct {
	kind                  Kind
	of                    subject
	before, after, unless []string
	example               string
}

var cues = mustParseCues(cuesFile)

func mustParseCues(data string) []cue {
	var list []cue
	words := func(field string) []string {
		return strings.FieldsFunc(field, func(r rune) bool { return r == ';' })
	}
	for line := range strings.Lines(data) {
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != 6 {
			panic(fmt.Sprintf("diffusion: %q has %d fields, not 6", line, len(f)))
		}
		list = append(list, cue{Kind(f[0]), subject(f[1]), words(f[2]), words(f[3]), words(f[4]), f[5]})
	}
	return list
}

// Origin is a place that a sentence names as where something came from.
type Origin struct {
	Kind           Kind
	JurisdictionID string
	// Mention is the place's name, or the document's title, in the sentence.
	Mention kg.Mention
}

// Origins reads a passage that names a practice, at the span given, in a report
// issued by issuer. mentions are the report's mentions of places and documents,
// at least those in the passage; issuedBy tells the jurisdiction that issued a
// document, by entity ID. A place above the issuer can have ordered, any other
// outside it can have been learnt from; the issuer, and what lies inside it,
// never. Of names that run on into a place inside the one before (上海市松江区)
// the last is meant. Each place comes once a kind, at its first mention, in the
// order of the text.
func Origins(passage kg.Passage, text string, practice kg.Span, issuer string, mentions []kg.Mention, issuedBy func(lawID string) string) []Origin {
	var found []Origin
	runes := []rune(text)
	type origin struct {
		kind Kind
		from string
	}
	seen := map[origin]bool{}
	for _, m := range mentions {
		if !passage.Contains(m.Span) || m.EntityID == "" || runsOn(m, mentions) {
			continue
		}
		from, of, near := m.EntityID, place, reaches(m.Span, practice, placeReach)
		if m.Kind == kg.KindLaw {
			from, of = issuedBy(m.EntityID), document
			near = m.Contains(practice) || practice.Start >= m.End && reaches(m.Span, practice, documentReach)
		}
		if from == "" || !near || kg.Within(from, issuer) {
			continue
		}
		above := kg.Within(issuer, from)
		kind, ok := read(of, clauseBefore(runes[:begin(m, mentions)-passage.Start]), clauseAfter(runes[m.End-passage.Start:]), above)
		if ok && apart(passage, runes, practice, m.Span) || ok && kind == Ordered && apart(passage, runes, m.Span, practice) {
			ok = false
		}
		if of == document && m.Contains(practice) {
			kind, ok = Ordered, above
		}
		if !ok || seen[origin{kind, from}] {
			continue
		}
		seen[origin{kind, from}] = true
		found = append(found, Origin{Kind: kind, JurisdictionID: from, Mention: m})
	}
	return found
}

// leads tells whether the name of a place runs on into the next, of one inside it.
func leads(m, next kg.Mention) bool {
	return m.Kind == kg.KindJurisdiction && next.Kind == kg.KindJurisdiction && m.End == next.Start &&
		m.EntityID != "" && m.EntityID != next.EntityID && kg.Within(next.EntityID, m.EntityID)
}

func runsOn(m kg.Mention, mentions []kg.Mention) bool {
	return slices.ContainsFunc(mentions, func(next kg.Mention) bool { return leads(m, next) })
}

// begin is where a name begins with all that run on into it.
func begin(m kg.Mention, mentions []kg.Mention) int {
	for {
		i := slices.IndexFunc(mentions, func(before kg.Mention) bool { return leads(before, m) })
		if i < 0 {
			return m.Start
		}
		m = mentions[i]
	}
}

// apart tells whether the clause takes for granted what stands at a span, and
// does not hold the other.
func apart(passage kg.Passage, runes []rune, s, other kg.Span) bool {
	ends := func(r rune) bool { return strings.ContainsRune(clauseEnds, r) }
	clause := s
	for clause.Start > passage.Start && !ends(runes[clause.Start-1-passage.Start]) {
		clause.Start--
	}
	for clause.End < passage.Start+len(runes) && !ends(runes[clause.End-passage.Start]) {
		clause.End++
	}
	before := fold.Key(string(runes[clause.Start-passage.Start : s.Start-passage.Start]))
	after := fold.Key(string(runes[s.End-passage.Start : clause.End-passage.Start]))
	return !clause.Contains(other) && slices.ContainsFunc(cues, func(c cue) bool {
		return c.kind == given && contains(before, c.before) && contains(after, c.after)
	})
}

// reaches tells whether no more than so many code points lie between two spans.
func reaches(a, b kg.Span, most int) bool {
	return max(a.Start-b.End, b.Start-a.End) <= most
}

// read tells what the words before and after a name say.
func read(of subject, before, after string, above bool) (Kind, bool) {
	for _, c := range cues {
		if c.of != of || c.kind == given || (c.kind == Ordered) != above {
			continue
		}
		b, ok := last(before, c.before)
		if !ok {
			continue
		}
		a, ok := first(after, c.after)
		if !ok || contains(b+"\x00"+a, c.unless) {
			continue
		}
		return c.kind, true
	}
	return "", false
}

// last returns what stands between the last of the words and the end of s, with
// the word's forerunner, and whether there is one; with no words, nothing.
func last(s string, words []string) (between string, ok bool) {
	if len(words) == 0 {
		return "", true
	}
	at, end := -1, 0
	for _, w := range words {
		if i := strings.LastIndex(s, w); i >= 0 && i+len(w) > end {
			at, end = i, i+len(w)
		}
	}
	if at < 0 {
		return "", false
	}
	forerunner := []rune(s[:at])
	return string(forerunner[max(0, len(forerunner)-1):]) + s[end:], true
}

// first returns what stands before the first of the words in s, and whether
// there is one; with no words, nothing.
func first(s string, words []string) (between string, ok bool) {
	if len(words) == 0 {
		return "", true
	}
	at := -1
	for _, w := range words {
		if i := strings.Index(s, w); i >= 0 && (at < 0 || i < at) {
			at = i
		}
	}
	if at < 0 {
		return "", false
	}
	return s[:at], true
}

func contains(s string, words []string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// clauseEnds part a sentence into clauses.
const clauseEnds = "，,。；;！!？?：:\n"

// clauseBefore is the end of the clause that stands before a name, folded. The
// titles that a document is listed behind are passed over.
func clauseBefore(text []rune) string {
	for len(text) > 0 && text[len(text)-1] == '》' {
		open := len(text) - 1
		for open >= 0 && text[open] != '《' {
			open--
		}
		if open < 0 {
			break
		}
		text = text[:open]
		if n := len(text); n > 0 && strings.ContainsRune("、和及", text[n-1]) {
			text = text[:n-1]
		}
	}
	from := max(0, len(text)-cueDistance)
	for i := len(text) - 1; i >= from; i-- {
		if strings.ContainsRune(clauseEnds, text[i]) {
			from = i + 1
			break
		}
	}
	return fold.Key(string(text[from:]))
}

// clauseAfter is the beginning of the clause that stands behind a name, folded.
func clauseAfter(text []rune) string {
	to := min(len(text), cueDistance)
	for i := range to {
		if strings.ContainsRune(clauseEnds, text[i]) {
			to = i
			break
		}
	}
	return fold.Key(string(text[:to]))
}

var begun = regexp.MustCompile(`(?:自|从)?([12][0-9]{3})年(?:[0-9]{1,2}月)?(?:份|底|初)?(?:起|以来|开始|始)`)

// ClaimedSince is the year in which a sentence of a report of the given year
// says that something began (自2019年起). ok is false where it names none
// before that year, or several.
func ClaimedSince(text string, reportYear int) (year int, ok bool) {
	for _, found := range begun.FindAllStringSubmatch(fold.Key(text), -1) {
		y, _ := strconv.Atoi(found[1])
		if y >= reportYear && reportYear != 0 || ok && y != year {
			return 0, false
		}
		year, ok = y, true
	}
	return year, ok
}

// MayTell tells whether a passage holds a word that Origins looks for, or the
// title of a document: without one, there is nothing to read in it.
func MayTell(text string) bool {
	key := fold.Key(text)
	for _, c := range cues {
		if c.kind != given && contains(key, c.before) || len(c.before) == 0 && contains(key, c.after) {
			return true
		}
	}
	return strings.Contains(key, "《")
}
