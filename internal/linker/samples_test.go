package linker_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"graphd/internal/kg"
	"graphd/internal/report"
)

const samples = "../../samples"

// intended is what the README of the samples says becomes of 枫桥经验: for
// each file of the series its letter.
func intended(t *testing.T) map[string]string {
	t.Helper()
	readme, err := os.ReadFile(filepath.Join(samples, "README"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	var years []string
	row := regexp.MustCompile(`^\s+\S+\s+([a-z]+)\s+((?:[Amv.-]\s*)+)$`)
	for line := range strings.Lines(string(readme)) {
		if f := strings.Fields(line); len(f) == 5 && f[0] == "2020" {
			years = f
			continue
		}
		m := row.FindStringSubmatch(strings.TrimRight(line, "\n"))
		if m == nil || years == nil {
			continue
		}
		for i, letter := range strings.Fields(m[2]) {
			if letter != "." {
				want[fmt.Sprintf("%s-%s.txt", m[1], years[i])] = letter
			}
		}
	}
	return want
}

// No part is greater than the whole that it is said to be of.
func TestNoPartExceedsItsWhole(t *testing.T) {
	parts := 0
	for file, f := range linkedSamples(t) {
		at := map[string]kg.Mention{}
		for _, m := range f.Mentions {
			at[m.ID] = m
		}
		for _, m := range f.Mentions {
			if m.Kind != kg.KindMetric || m.Metric.ParentID == "" {
				continue
			}
			parts++
			whole := at[m.Metric.ParentID]
			if m.Metric.Unit == whole.Metric.Unit && m.Metric.Value > whole.Metric.Value && !whole.Metric.Approximate {
				t.Errorf("%s: %s (%s) is part of %s (%s)", file, m.Quote, m.Metric.Label, whole.Quote, whole.Metric.Label)
			}
		}
	}
	if parts < 5 {
		t.Errorf("%d parts, too few to mean something", parts)
	}
}

// linkedSamples are the facts of all samples.
func linkedSamples(t *testing.T) map[string]kg.Facts {
	t.Helper()
	all := map[string]kg.Facts{}
	l := newLinker(t)
	err := filepath.WalkDir(samples, func(file string, e fs.DirEntry, err error) error {
		switch filepath.Ext(file) {
		case ".txt", ".md", ".html":
		default:
			return err
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		doc, err := report.Read(file, "", data)
		all[file] = l.Link(doc)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// The series says who adopts 枫桥经验, who only names or plans it and who does
// only a variant of it; the linker reads the same from the texts.
func TestSamplesAreReadAsIntended(t *testing.T) {
	want := intended(t)
	files, err := filepath.Glob(filepath.Join(samples, "series", "*"))
	if err != nil || len(files) == 0 || len(files) != len(want) {
		t.Fatalf("%d files, %d in the table: %v", len(files), len(want), err)
	}
	l := newLinker(t)
	fengqiao := kg.PracticeID("枫桥经验")
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
		variants := map[string]bool{}
		for _, e := range f.Entities {
			variants[e.ID] = e.VariantOf == fengqiao
		}
		got := "-"
		var why []string
		for _, m := range f.Mentions {
			letter := ""
			switch done := m.Status >= kg.StatusImplemented; {
			case m.EntityID == fengqiao && done:
				letter = "A"
			case m.EntityID == fengqiao:
				letter = "m"
			case variants[m.EntityID] && done:
				letter = "v"
			default:
				continue
			}
			why = append(why, m.Quote+" "+m.Status.String())
			// From the weakest to the strongest that a report says.
			if strings.Index("-mvA", letter) > strings.Index("-mvA", got) {
				got = letter
			}
		}
		if name := filepath.Base(file); got != want[name] {
			t.Errorf("%s reads as %s, want %s: %q", name, got, want[name], why)
		}
	}
}
