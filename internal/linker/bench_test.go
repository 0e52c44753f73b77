package linker_test

import (
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"testing"
	"time"
	"unicode"

	"graphd/internal/fold"
	"graphd/internal/kg"
	"graphd/internal/linker"
	"graphd/internal/linker/registry"
	"graphd/internal/report"
)

// annotated lists the annotated reports of the development set as documents.
func annotated(t testing.TB) []kg.Document {
	t.Helper()
	dir := filepath.Join("..", "quality", "testdata", "development")
	var docs []kg.Document
	for _, pattern := range []string{"*.txt", "*.html"} {
		paths, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
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
			docs = append(docs, doc)
		}
	}
	if len(docs) == 0 {
		t.Fatal("no annotated reports")
	}
	return docs
}

// BenchmarkLink measures the whole linker against one bare pass of the
// dictionaries of divisions, laws and practices over the same texts, by turns
// in one run. It reports the ratio of the two and code points a second.
func BenchmarkLink(b *testing.B) {
	docs := annotated(b)
	reg, err := registry.Load()
	if err != nil {
		b.Fatal(err)
	}
	l := linker.New(reg)
	var keys [][]rune
	points := 0
	for _, doc := range docs {
		points += len([]rune(doc.Report.Text))
		key := []rune(fold.Key(doc.Report.Text))
		for i, r := range key {
			key[i] = unicode.ToLower(r)
		}
		keys = append(keys, key)
	}
	var passing, linking time.Duration
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		start := time.Now()
		found := 0
		for _, key := range keys {
			for range reg.Divisions.Find(key) {
				found++
			}
			for range reg.Laws.FindBare(key) {
				found++
			}
			for range reg.Practices.Find(key) {
				found++
			}
		}
		passing += time.Since(start)
		if found == 0 {
			b.Fatal("the pass found nothing")
		}
		start = time.Now()
		for _, doc := range docs {
			l.Link(doc)
		}
		linking += time.Since(start)
	}
	b.ReportMetric(float64(linking)/float64(passing), "link/pass")
	b.ReportMetric(float64(points)*float64(b.N)/linking.Seconds()/1e6, "Mchar/s")
}

// Linking allocates in proportion to what it finds, not to how often it looks.
func TestAllocations(t *testing.T) {
	docs := annotated(t)
	l := newLinker(t)
	mentions := 0
	for _, doc := range docs {
		mentions += len(l.Link(doc).Mentions)
	}
	const most = 35 // a mention
	allocations := testing.AllocsPerRun(3, func() {
		for _, doc := range docs {
			l.Link(doc)
		}
	})
	if perMention := allocations / float64(mentions); perMention > most {
		t.Errorf("%.1f allocations a mention, want at most %d", perMention, most)
	}
}

// Documents that are linked at the same time share nothing but the registry.
func TestDocumentsShareNoFacts(t *testing.T) {
	docs := annotated(t)
	l := newLinker(t)
	alone := make([]kg.Facts, len(docs))
	for i, doc := range docs {
		alone[i] = l.Link(doc)
	}
	beside := make([]kg.Facts, len(docs))
	var group sync.WaitGroup
	for i, doc := range docs {
		group.Go(func() { beside[i] = l.Link(doc) })
	}
	group.Wait()
	for i := range docs {
		if !reflect.DeepEqual(alone[i], beside[i]) {
			t.Errorf("%s: other facts beside other documents", docs[i].Report.Title)
		}
	}
}
