package linker

import (
	"slices"
	"testing"

	"graphd/internal/fold"
)

// lintWords checks a file of words: folded, each once in its category.
func lintWords(t *testing.T, words map[string]*lexicon, used []string) {
	t.Helper()
	for category, l := range words {
		if !slices.Contains(used, category) {
			t.Errorf("%s: nobody asks for this category", category)
		}
		seen := map[string]bool{}
		for _, w := range l.list {
			if w != fold.Name(w) {
				t.Errorf("%s: %q is not folded", category, w)
			}
			if seen[w] {
				t.Errorf("%s: %q stands twice", category, w)
			}
			seen[w] = true
		}
	}
	for _, category := range used {
		if words[category] == nil {
			t.Errorf("%s is empty", category)
		}
	}
}

func TestPracticeWords(t *testing.T) {
	lintWords(t, practiceWords, []string{
		"planHeading", "problemHeading", "planLabel", "problemLabel", "looksBack", "planOpening", "planList", "planIntro", "planned", "putInto", "referred", "referredAfter",
		"studied", "notStudied", "passedOn", "goesOn", "doing", "takenAs", "principle", "lesson", "body", "bodyLead", "honour", "noHonour",
		"titleCategory", "brandForm", "brandEnding", "brandVerb", "noBrandAfter", "slogan", "creed", "adjective", "figurative", "noAdjective", "noModifier",
		"brandLead", "listOwner", "brandPredicate", "campaign", "noBrandEnding", "bareEnding", "bareNot", "bareStop", "bareGeneric", "variantForm", "workingTitle",
	})
}

func TestMetricWords(t *testing.T) {
	lintWords(t, metricWords, []string{
		"about", "noAbout", "aboutAfter", "groupNounAlways", "noNumberBefore", "noChineseNumberBefore", "oneAfter", "groupNoun", "noNumberIn", "hotline", "targetBefore",
		"targetAfter", "reached", "notReached", "duration", "frequency", "frequencyUnit", "money", "noneVerb", "noneNoun", "noneNot", "noneLead",
		"zeroNoun", "labelLead", "labelTrail", "labelKeep", "dependentLead", "dependentEnd", "independent", "partLead", "labelCut", "columnName", "unitColumn",
		"predicate", "periodLead", "period", "change", "leadKeep", "zeroNot", "zeroAfter", "noneNotAfter", "noneCondition", "listVerb", "reachedAll",
		"amountsTo", "nextLead", "dayAfter", "bare", "noCut", "inARow", "against", "turn", "boundAfter", "level", "share", "noBound", "compared",
	})
}

func TestMetricUnits(t *testing.T) {
	kinds := []string{"case", "person", "body", "thing", "event", "time", "money", "area", "length", "mass", "ratio", "none"}
	for name, u := range units {
		if name != fold.Name(name) {
			t.Errorf("%q is not folded", name)
		}
		if !slices.Contains(kinds, u.kind) || !slices.Contains([]string{"all", "arabic", "never"}, u.numerals) {
			t.Errorf("%+v", u)
		}
		if u.kind == "none" && u.numerals != "never" {
			t.Errorf("%s has no kind and makes quantities", name)
		}
	}
}
