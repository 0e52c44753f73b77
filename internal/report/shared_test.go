//go:build shared

package report_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"graphd/internal/fold"
	"graphd/internal/report"
)

// TestGold is a check for development: it compares what is read from real
// reports, which are not part of the project, with gold answers. It is built
// with the tag shared only and wants GRAPHD_SHARED to name a folder that holds
// reports/*.txt and gold/*.json.
func TestGold(t *testing.T) {
	dir := os.Getenv("GRAPHD_SHARED")
	if dir == "" {
		t.Fatal("GRAPHD_SHARED is not set: it must name the folder with reports and gold")
	}
	files, _ := filepath.Glob(filepath.Join(dir, "reports", "*.txt"))
	if len(files) == 0 {
		t.Fatalf("no reports in %s", dir)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := report.Read(file, "", data)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if err := report.IsReport(doc); err != nil {
			t.Error(err)
		}
		r := doc.Report
		t.Logf("%s\n%s\ntitle %q year %d published %q number %q to %q publisher %q, %d passages\nchrome %q", filepath.Base(file),
			r.ID, r.Title, r.Year, r.Published, r.DocNumber, r.Addressee, doc.Publisher, len(r.Passages), doc.Chrome)
		if os.Getenv("VERBOSE") != "" {
			runes := []rune(r.Text)
			for _, p := range r.Passages {
				t.Logf("[%s] %s", p.Section, string(runes[p.Start:p.End]))
			}
		}

		raw, err := os.ReadFile(filepath.Join(dir, "gold", strings.TrimSuffix(filepath.Base(file), ".txt")+".json"))
		if err != nil {
			continue
		}
		var gold struct {
			Year                            int
			Published, DocNumber, Addressee *string
			Metrics                         []struct{ Context string }
		}
		if err := json.Unmarshal(raw, &gold); err != nil {
			t.Fatal(err)
		}
		want := func(s *string) string {
			if s == nil {
				return ""
			}
			return fold.Name(*s)
		}
		if r.Year != gold.Year || r.Published != want(gold.Published) || r.DocNumber != want(gold.DocNumber) || r.Addressee != want(gold.Addressee) {
			t.Errorf("%s: year %d, published %q, number %q, addressee %q; gold says %d, %q, %q, %q", file,
				r.Year, r.Published, r.DocNumber, r.Addressee, gold.Year, want(gold.Published), want(gold.DocNumber), want(gold.Addressee))
		}
		runes := []rune(r.Text)
		var main strings.Builder
		for _, s := range doc.Main {
			main.WriteString(string(runes[s.Start:s.End]))
			main.WriteByte('\n')
		}
		for _, m := range gold.Metrics {
			if !strings.Contains(main.String(), m.Context) {
				t.Errorf("%s: the main text lacks %q", file, m.Context)
			}
		}
	}
}
