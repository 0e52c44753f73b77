package linker_test

import (
	"slices"
	"strings"
	"testing"

	"graphd/internal/kg"
	"graphd/internal/linker"
	"graphd/internal/linker/registry"
)

func newLinker(t testing.TB) *linker.Linker {
	t.Helper()
	reg, err := registry.Load()
	if err != nil {
		t.Fatal(err)
	}
	return linker.New(reg)
}

// document is a composed text as a document: all of it is the report proper,
// each sentence or line is a passage, and the first line is the title if it
// ends without a full stop and a second line follows.
func document(text string) kg.Document {
	doc := kg.Document{Report: kg.Report{ID: "report:test", Year: 2023, Text: text}}
	if first, rest, ok := strings.Cut(text, "\n"); ok && rest != "" && !strings.HasSuffix(first, "。") {
		doc.Report.Title = first
	}
	start, at := 0, 0
	for _, r := range text {
		at++
		if r == '。' || r == '\n' {
			doc.Report.Passages = append(doc.Report.Passages, kg.Passage{Span: kg.Span{Start: start, End: at}})
			start = at
		}
	}
	if at > start {
		doc.Report.Passages = append(doc.Report.Passages, kg.Passage{Span: kg.Span{Start: start, End: at}})
	}
	doc.Main = []kg.Span{{Start: 0, End: at}}
	doc.Report.Sources = []kg.Source{{Location: "composed.txt"}}
	return doc
}

// mentioned lists the mentions of a kind in the order of the text, as the
// given function writes them; without repetitions.
func mentioned(f kg.Facts, kind kg.Kind, write func(kg.Mention, kg.Entity) string) []string {
	entities := map[string]kg.Entity{}
	for _, e := range f.Entities {
		entities[e.ID] = e
	}
	var found []string
	for _, m := range f.Mentions {
		if m.Kind == kind {
			if s := write(m, entities[m.EntityID]); !slices.Contains(found, s) {
				found = append(found, s)
			}
		}
	}
	return found
}
