package linker

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"

	"graphd/internal/kg"
)

//go:embed law-forms.tsv
var lawFormsFile string

// lawForm is one line of law-forms.tsv. An empty type marks what is no
// document.
type lawForm struct {
	where, text, scope string
	lawType            kg.LawType
}

const lawTypeNone = "NONE"

var lawForms = mustParseLawForms(lawFormsFile)

func mustParseLawForms(data string) []lawForm {
	var forms []lawForm
	for line := range strings.Lines(data) {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != 4 {
			panic(fmt.Sprintf("law-forms.tsv: bad line %q", line))
		}
		forms = append(forms, lawForm{f[0], f[1], f[2], kg.LawType(f[3])})
	}
	return forms
}

// titleNote is what may follow a title's proper end: (试行), (2021-2025年),
// a cut-off.
var titleNote = regexp.MustCompile(`(\([^()]*\)|…+|\.{3,}|\d{4}年?(版|修订版?|修正)|(19|20)\d{2}年?|试行|暂行)$`)

// numberedTitle matches titles that end with how many clauses the document has:
// 优化营商环境20条.
var numberedTitle = regexp.MustCompile(`[\d一二三四五六七八九十百]条$`)

// lawTypeOf tells by its form what a document is; ok is false where the title
// has the form of none. scope is national, upper or lower.
func lawTypeOf(title, scope string) (_ kg.LawType, ok bool) {
	title = plainTitle(title)
	if numberedTitle.MatchString(title) {
		return kg.LawPolicy, true
	}
	var best lawForm
	for _, f := range lawForms {
		if f.scope != "any" && f.scope != scope {
			continue
		}
		switch {
		case f.where == "frame" && framed(title, f.text):
			return f.lawType, f.lawType != lawTypeNone
		case f.where == "prefix" && strings.HasPrefix(title, f.text), f.where == "contains" && strings.Contains(title, f.text):
			return f.lawType, f.lawType != lawTypeNone
		case f.where == "suffix" && strings.HasSuffix(title, f.text) && len(f.text) > len(best.text):
			best = f
		}
	}
	return best.lawType, best.text != "" && best.lawType != lawTypeNone
}

// framed tells whether a title begins and ends with the two halves of a frame
// (浦东新区…若干规定).
func framed(title, frame string) bool {
	head, tail, _ := strings.Cut(frame, "…")
	rest, ok := strings.CutPrefix(title, head)
	return ok && strings.HasSuffix(rest, tail)
}

// plainTitle is a title without its notes.
func plainTitle(title string) string {
	for {
		rest := titleNote.ReplaceAllString(title, "")
		if rest == title || rest == "" {
			return title
		}
		title = rest
	}
}
