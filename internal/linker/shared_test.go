//go:build shared

package linker_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"graphd/internal/kg"
	"graphd/internal/report"
)

// TestLines is a tool for development: it writes what the linker finds in real
// reports, which are not part of the project, as JSON lines to the file that
// GRAPHD_LINES names, for a scorer to compare with gold answers. GRAPHD_SHARED
// names the folder that holds reports/*.txt.
func TestLines(t *testing.T) {
	dir, to := os.Getenv("GRAPHD_SHARED"), os.Getenv("GRAPHD_LINES")
	if dir == "" || to == "" {
		t.Fatal("GRAPHD_SHARED and GRAPHD_LINES must be set")
	}
	out, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	w := bufio.NewWriter(out)
	defer w.Flush()
	enc := json.NewEncoder(w)
	files, _ := filepath.Glob(filepath.Join(dir, "reports", "*.txt"))
	if len(files) == 0 {
		t.Fatalf("no reports in %s", dir)
	}
	l := newLinker(t)
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := report.Read(file, "", data)
		if err != nil {
			t.Fatal(err)
		}
		f := l.Link(doc)
		name := filepath.Base(file)
		line := map[string]any{"kind": "report", "file": name, "title": f.Report.Title, "year": f.Report.Year, "published": f.Report.Published,
			"issuer": map[string]any{"name": f.Issuer.Name, "code": f.Issuer.Code, "path": f.Issuer.Path, "ambiguous": len(f.Issuer.Candidates) > 0}}
		if err := enc.Encode(line); err != nil {
			t.Fatal(err)
		}
		entities := map[string]kg.Entity{}
		for _, e := range f.Entities {
			entities[e.ID] = e
		}
		for _, m := range f.Mentions {
			e := entities[m.EntityID]
			line := map[string]any{"file": name, "start": m.Start, "end": m.End, "quote": m.Quote, "rule": m.Rule,
				"section": doc.Report.Passages[m.Passage].Section}
			switch m.Kind {
			case kg.KindJurisdiction:
				line["kind"], line["name"], line["code"] = "jurisdiction", e.Name, e.Code
			case kg.KindLaw:
				line["kind"], line["title"], line["type"] = "law", e.Name, e.LawType
			case kg.KindPractice:
				line["kind"], line["name"], line["status"], line["scope"] = "practice", e.Name, m.Status.String(), e.Scope
			case kg.KindLawFirm:
				line["kind"], line["name"] = "firm", e.Name
			case kg.KindMetric:
				line["kind"], line["label"], line["value"], line["unit"] = "metric", m.Metric.Label, m.Metric.Value, m.Metric.Unit
				line["approximate"], line["target"], line["period"] = m.Metric.Approximate, m.Metric.Target, m.Metric.Period
				line["indicator"] = e.Name
			}
			if err := enc.Encode(line); err != nil {
				t.Fatal(err)
			}
		}
	}
}
