//go:build shared

package linker_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"graphd/internal/kg"
	"graphd/internal/linker"
	"graphd/internal/linker/registry"
	"graphd/internal/report"
)

// TestPrintSharedReports prints what the linker finds in the files that
// REPORTS matches, as JSON Lines, to the file that OUT names.
func TestPrintSharedReports(t *testing.T) {
	reg, err := registry.Load()
	if err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob(os.Getenv("REPORTS"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("REPORTS matches nothing: %v", err)
	}
	out, err := os.Create(os.Getenv("OUT"))
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(out)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	l := linker.New(reg)
	codes := func(ids []string) []string {
		var cs []string
		for _, id := range ids {
			cs = append(cs, id[len(kg.JurisdictionID("")):])
		}
		return cs
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := report.Read(path, "", data)
		if err != nil {
			t.Fatal(err)
		}
		f := l.Link(doc)
		file := filepath.Base(path)
		code := any(f.Issuer.Code)
		if code == "" {
			code = nil
		}
		enc.Encode(map[string]any{"kind": "report", "file": file, "title": f.Report.Title, "year": f.Report.Year, "published": f.Report.Published,
			"issuer": map[string]any{"name": f.Issuer.Name, "code": code, "department": f.Issuer.Department, "path": f.Issuer.Path, "ambiguous": len(f.Issuer.Candidates) > 0, "candidates": codes(f.Issuer.Candidates)}})
		entities := map[string]kg.Entity{}
		for _, e := range f.Entities {
			entities[e.ID] = e
		}
		for _, m := range f.Mentions {
			e := entities[m.EntityID]
			line := map[string]any{"file": file, "start": m.Start, "end": m.End, "quote": m.Quote, "name": e.Name, "rule": m.Rule}
			switch m.Kind {
			case kg.KindJurisdiction:
				line["kind"] = "jurisdiction"
				if e.Code != "" {
					line["code"] = e.Code
				}
				if e.ID == "" {
					line["name"] = m.Quote
					line["candidates"] = codes(m.Candidates)
				}
			case kg.KindLaw:
				line["kind"], line["title"], line["type"], line["docNumber"], line["article"], line["by"] = "law", e.Name, e.LawType, m.DocNumber, m.Article, e.IssuedBy
			case kg.KindLawFirm:
				line["kind"] = "firm"
			default:
				continue
			}
			enc.Encode(line)
		}
	}
	w.Flush()
	out.Close()
}
