package report

import (
	"fmt"
	"slices"
	"strings"

	"graphd/internal/fold"
	"graphd/internal/kg"
)

// enough is the score from which a text is a report.
const enough = 5

// IsReport tells whether a document is a yearly report on rule-of-law work: it
// is nil, or an error with the code NOT_A_REPORT that says why not. The score
// is a sum over the features in data/genre.tsv.
func IsReport(doc kg.Document) error {
	score, against := judge(doc)
	if score >= enough {
		return nil
	}
	if len(against) == 0 {
		return notAReport(doc, "the text is no yearly report on rule-of-law work: neither its title nor its opening nor its headings say so")
	}
	return notAReport(doc, fmt.Sprintf("the text is no yearly report on rule-of-law work: it %s", strings.Join(against, " and ")))
}

// judge is a document's score and what speaks against it, weightiest first.
func judge(doc kg.Document) (score int, against []string) {
	parts := partsOf(doc)
	var contra []feature
	for _, f := range known.features {
		if !f.holds(parts[f.part]) {
			continue
		}
		score += f.weight
		if f.weight < 0 {
			contra = append(contra, f)
		}
	}
	slices.SortStableFunc(contra, func(a, b feature) int { return a.weight - b.weight })
	for _, f := range contra {
		against = append(against, f.meaning)
	}
	return score, against
}

// holds tells whether the pattern occurs in a part as often as it must, or, where
// that is negative, less often.
func (f feature) holds(part string) bool {
	if f.min < 0 {
		return len(f.pattern.FindAllStringIndex(part, -f.min)) < -f.min
	}
	return len(f.pattern.FindAllStringIndex(part, f.min)) >= f.min
}

// maxOpening is how many code points of running text are the opening.
const maxOpening = 600

// partsOf are the parts of a document that features look at, folded.
func partsOf(doc kg.Document) map[string]string {
	runes := []rune(doc.Report.Text)
	var body, headings, opening strings.Builder
	n := 0
	title := fold.Key(doc.Report.Title)
	for _, s := range doc.Main {
		for _, l := range splitLines(runes[s.Start:s.End]) {
			if l.n == 0 {
				continue
			}
			// A title that is but the text's first words tells nothing.
			if body.Len() == 0 && l.key != title && strings.HasPrefix(l.key, title) {
				title = ""
			}
			body.WriteString(l.key)
			body.WriteByte('\n')
			key := strings.TrimLeft(l.key, "#")
			switch head, _, _ := strings.Cut(key, "。"); {
			case headingLevel(key) != noHeading && len([]rune(head)) <= maxHeading || key != l.key:
				headings.WriteString(head)
				headings.WriteByte('\n')
			case l.sentences() && n < maxOpening:
				opening.WriteString(key)
				opening.WriteByte('\n')
				n += l.n
			}
		}
	}
	return map[string]string{
		"title":    title,
		"opening":  opening.String(),
		"headings": headings.String(),
		"body":     body.String(),
	}
}
