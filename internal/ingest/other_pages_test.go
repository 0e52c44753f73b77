package ingest_test

import (
	"path/filepath"
	"testing"

	"graphd/internal/kg"
)

// Pages that stand beside reports and are none are refused by name, and taken
// only by who asks for any page.
func TestPagesOfOtherKinds(t *testing.T) {
	pages, err := filepath.Glob("testdata/other-pages/*.txt")
	if err != nil || len(pages) < 15 {
		t.Fatalf("%d pages: %v", len(pages), err)
	}
	s := newStore(t)
	c := config(t, s, pages...)
	sum := mustRun(t, c)
	refused := map[string]bool{}
	for _, f := range sum.Errors {
		if refused[f.Path] = true; f.Code != kg.CodeNotAReport {
			t.Errorf("%s: %s: %s", f.Path, f.Code, f.Message)
		}
	}
	for _, page := range pages {
		if !refused[page] {
			t.Errorf("%s is taken for a report", page)
		}
	}
	if got := len(reports(t, s)); got != 0 {
		t.Errorf("%d are stored", got)
	}
	c.Any = true
	if sum := mustRun(t, c); sum.Failed != 0 || len(reports(t, s)) != len(pages) {
		t.Errorf("any page: %+v", sum)
	}
}
