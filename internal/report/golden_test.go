package report_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"graphd/internal/kg"
	"graphd/internal/report"
)

var update = flag.Bool("update", false, "write what is read into testdata as what is wanted")

// Each archive in testdata has one page, composed for the test its comment
// tells of, and the document that it is read as.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no archives in testdata: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if len(ar.Comment) == 0 || len(ar.Files) != 2 || ar.Files[1].Name != "want.txt" {
				t.Fatalf("%s: want a comment, a page and want.txt", file)
			}
			doc, err := report.Read(ar.Files[0].Name, "", ar.Files[0].Data)
			if err != nil {
				t.Fatal(err)
			}
			got := describe(doc)
			if *update {
				ar.Files[1].Data = []byte(got)
				if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if want := string(ar.Files[1].Data); got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
			checkDocument(t, doc)
		})
	}
}

// describe is a document as text: what the page says, then the report by
// passages with their sections, then the chrome.
func describe(doc kg.Document) string {
	var b strings.Builder
	r := doc.Report
	verdict := "yes"
	if err := report.IsReport(doc); err != nil {
		verdict = err.Error()
	}
	fmt.Fprintf(&b, "report: %s\n", verdict)
	for _, f := range []struct{ name, value string }{
		{"title", r.Title}, {"published", r.Published}, {"number", r.DocNumber}, {"to", r.Addressee}, {"publisher", doc.Publisher},
	} {
		if f.value != "" {
			fmt.Fprintf(&b, "%s: %s\n", f.name, f.value)
		}
	}
	fmt.Fprintf(&b, "year: %d\n", r.Year)
	if r.Composed {
		b.WriteString("composed\n")
	}
	runes := []rune(r.Text)
	section := ""
	b.WriteString("\n")
	for _, p := range r.Passages {
		if p.Section != section {
			section = p.Section
			fmt.Fprintf(&b, "[%s]\n", section)
		}
		fmt.Fprintf(&b, "%s\n", string(runes[p.Start:p.End]))
	}
	b.WriteString("\nchrome:\n")
	for _, c := range doc.Chrome {
		fmt.Fprintf(&b, "%s\n", c)
	}
	return b.String()
}

// checkDocument checks what holds for every document.
func checkDocument(t interface {
	Helper()
	Errorf(string, ...any)
}, doc kg.Document) {
	t.Helper()
	runes := []rune(doc.Report.Text)
	last := 0
	for i, s := range doc.Main {
		if s.Start < last || s.End <= s.Start || s.End > len(runes) {
			t.Errorf("main span %d is %v, after %d, in a text of %d code points", i, s, last, len(runes))
			return
		}
		last = s.End
	}
	last = 0
	for i, p := range doc.Report.Passages {
		if p.Start < last || p.End <= p.Start || p.End > len(runes) {
			t.Errorf("passage %d is %v, after %d, in a text of %d code points", i, p.Span, last, len(runes))
			return
		}
		last = p.End
		inside := false
		for _, s := range doc.Main {
			inside = inside || s.Contains(p.Span)
		}
		if !inside {
			t.Errorf("passage %d, %q, is not in the main text", i, string(runes[p.Start:p.End]))
		}
		if text := string(runes[p.Start:p.End]); strings.TrimSpace(text) != text {
			t.Errorf("passage %d, %q, has white space at an end", i, text)
		}
	}
	if doc.Report.Title == "" {
		t.Errorf("a document has no title")
	}
}
