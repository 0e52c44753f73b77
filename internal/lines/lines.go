// Package lines gives facts a flat form: one line for the report and one for
// each mention, in the order of the text, with names in place of IDs. It is
// what people read, scripts filter and gold answers are compared with. It is
// not how facts are stored, and nothing is read back from it.
package lines

import (
	"encoding/json"
	"io"
	"path/filepath"
	"slices"

	"graphd/internal/fold"
	"graphd/internal/kg"
)

// Head begins every line. File is the base name, Path the path as given.
type Head struct {
	Kind string `json:"kind"`
	File string `json:"file"`
	Path string `json:"path"`
}

// Place ends the line of every mention: its span in code points of the decoded
// source, and the slice there.
type Place struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Quote string `json:"quote"`
}

// Report is the first line of a file. What is unknown is null.
type Report struct {
	Head
	Title     string  `json:"title"`
	Issuer    Issuer  `json:"issuer"`
	Year      *int    `json:"year"`
	Published *string `json:"published"`
	DocNumber *string `json:"docNumber"`
}

// Issuer is who issued the report. If it is ambiguous it has no code, and
// Candidates are the codes among which no decision was possible.
type Issuer struct {
	Name       string   `json:"name"`
	Code       *string  `json:"code"`
	Department *string  `json:"department"`
	Path       []string `json:"path"`
	Ambiguous  bool     `json:"ambiguous"`
	Candidates []string `json:"candidates"`
}

// Candidates is set for an unresolved mention only: codes of jurisdictions,
// names of anything else.
type Candidates struct {
	Candidates []string `json:"candidates,omitempty"`
}

// Jurisdiction is the line of a named division. Code is null if the mention is
// unresolved or the register has none.
type Jurisdiction struct {
	Head
	Name string  `json:"name"`
	Code *string `json:"code"`
	Candidates
	Place
}

// Law is the line of a cited document.
type Law struct {
	Head
	Title     string     `json:"title"`
	Type      kg.LawType `json:"type"`
	DocNumber *string    `json:"docNumber"`
	Article   *string    `json:"article"`
	Candidates
	Place
}

// Practice is the line of a practice.
type Practice struct {
	Head
	Name   string   `json:"name"`
	Status string   `json:"status"`
	Scope  kg.Scope `json:"scope"`
	Candidates
	Place
}

// Firm is the line of a law firm.
type Firm struct {
	Head
	Name string `json:"name"`
	Candidates
	Place
}

// Metric is the line of a figure. Period is null for the year reported on.
type Metric struct {
	Head
	Label       string   `json:"label"`
	Value       float64  `json:"value"`
	ValueMax    *float64 `json:"valueMax,omitempty"`
	Unit        string   `json:"unit"`
	Approximate bool     `json:"approximate"`
	Period      *string  `json:"period"`
	Target      bool     `json:"target"`
	Place
}

// Document is all lines of one file.
type Document struct {
	Report Report
	// Mentions are *Jurisdiction, *Law, *Practice, *Firm or *Metric, ordered
	// by start, end, kind.
	Mentions []any
}

// Of flattens the facts of the file at path.
func Of(path string, f kg.Facts) Document {
	head := func(kind string) Head { return Head{kind, filepath.Base(path), path} }
	entities := make(map[string]kg.Entity, len(f.Entities))
	for _, e := range f.Entities {
		entities[e.ID] = e
	}
	d := Document{Report: Report{
		Head: head("report"), Title: f.Report.Title,
		Issuer: Issuer{
			Name: f.Issuer.Name, Code: known(f.Issuer.Code), Department: known(f.Issuer.Department),
			Path: append([]string{}, f.Issuer.Path...), Ambiguous: len(f.Issuer.Candidates) > 0,
			Candidates: labels(f.Issuer.Candidates, entities),
		},
		Year: known(f.Report.Year), Published: known(f.Report.Published), DocNumber: known(f.Report.DocNumber),
	}}
	for _, m := range f.Mentions {
		e, among := entities[m.EntityID], Candidates{}
		if m.Unresolved() {
			e.Name, among.Candidates = commonName(m, entities), labels(m.Candidates, entities)
		}
		place := Place{m.Start, m.End, m.Quote}
		var line any
		switch m.Kind {
		case kg.KindJurisdiction:
			line = &Jurisdiction{head("jurisdiction"), e.Name, known(e.Code), among, place}
		case kg.KindLaw:
			line = &Law{head("law"), e.Name, e.LawType, known(m.DocNumber), known(m.Article), among, place}
		case kg.KindPractice:
			line = &Practice{head("practice"), e.Name, m.Status.String(), e.Scope, among, place}
		case kg.KindLawFirm:
			line = &Firm{head("firm"), e.Name, among, place}
		case kg.KindMetric:
			line = &Metric{
				head("metric"), m.Metric.Label, m.Metric.Value, m.Metric.ValueMax, m.Metric.Unit,
				m.Metric.Approximate, known(m.Metric.Period), m.Metric.Target, place,
			}
		}
		d.Mentions = append(d.Mentions, line)
	}
	return d
}

// Write writes the document as JSON Lines.
func (d Document) Write(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(d.Report); err != nil {
		return err
	}
	for _, line := range d.Mentions {
		if err := enc.Encode(line); err != nil {
			return err
		}
	}
	return nil
}

// known is nil for a value that stands for "unknown".
func known[T comparable](v T) *T {
	var unknown T
	if v == unknown {
		return nil
	}
	return &v
}

// labels are the codes of jurisdictions, where they have one, and else names.
func labels(ids []string, entities map[string]kg.Entity) []string {
	labels := []string{}
	for _, id := range ids {
		e := entities[id]
		if e.Code != "" {
			labels = append(labels, e.Code)
		} else {
			labels = append(labels, e.Name)
		}
	}
	slices.Sort(labels)
	return labels
}

// commonName is what an unresolved mention is called: the name that all its
// candidates bear, else its own words.
func commonName(m kg.Mention, entities map[string]kg.Entity) string {
	name := fold.Name(m.Quote)
	for i, id := range m.Candidates {
		if other := entities[id].Name; i == 0 {
			name = other
		} else if other != name {
			return fold.Name(m.Quote)
		}
	}
	return name
}
