package measure_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"graphd/internal/eval"
	"graphd/internal/linker"
	"graphd/internal/linker/registry"
	"graphd/internal/quality"
	"graphd/internal/quality/measure"
	"graphd/internal/report"
)

func folder(set quality.Set) string { return filepath.Join("..", "testdata", string(set)) }

// The committed figures are those that measuring gives.
func TestFiguresAreMeasured(t *testing.T) {
	reg, err := registry.Load()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, set := range quality.Sets {
		figures, err := measure.Folder(context.Background(), linker.New(reg), set, folder(set))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range figures {
			got = append(got, f.Line())
		}
	}
	var want []string
	for _, f := range quality.Figures() {
		want = append(want, f.Line())
	}
	if !slices.Equal(got, want) {
		t.Errorf("the figures are not those of this extractor: run go generate ./internal/quality and look at the difference")
	}
}

// What the annotators say is there stands in the text: each quote, and each
// figure at one place.
func TestAnnotationsQuoteTheirTexts(t *testing.T) {
	for _, set := range quality.Sets {
		golds, err := eval.ReadGold(folder(set))
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range golds {
			data, err := os.ReadFile(filepath.Join(folder(set), g.File))
			if err != nil {
				t.Fatal(err)
			}
			doc, err := report.Read(g.File, "", data)
			if err != nil {
				t.Fatal(err)
			}
			text := doc.Report.Text
			for _, item := range slices.Concat(g.Jurisdictions, g.Laws, g.Practices, g.Firms) {
				if item.Quote == "" || !strings.Contains(text, item.Quote) {
					t.Errorf("%s does not hold the quote %q", g.File, item.Quote)
				}
			}
			for _, item := range g.Metrics {
				if n := strings.Count(text, item.Context); n != 1 || !strings.Contains(item.Context, item.Quote) || item.Quote == "" {
					t.Errorf("%s holds %q %d times; its quote is %q", g.File, item.Context, n, item.Quote)
				}
			}
		}
	}
}

// The bounds hold what they bound, and certainty where all reports are alike.
func TestBootstrap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one := rapid.Custom(func(t *rapid.T) eval.Score {
			n := rapid.IntRange(0, 30)
			return eval.Score{Right: n.Draw(t, "right"), False: n.Draw(t, "false"), Missed: n.Draw(t, "missed")}
		}).Draw(t, "score")
		alike := slices.Repeat([]eval.Score{one}, rapid.IntRange(1, 12).Draw(t, "reports"))
		if low, high := measure.Bootstrap(alike); low != high || low-one.F1() > 1e-9 || one.F1()-low > 1e-9 {
			t.Fatalf("%d reports like %+v: %v to %v, want %v", len(alike), one, low, high, one.F1())
		}
	})
	mixed := slices.Repeat([]eval.Score{{Right: 9, False: 1, Missed: 1}, {Right: 5, False: 5, Missed: 5}}, 10)
	low, high := measure.Bootstrap(mixed)
	if low <= 0.5 || low >= 0.7 || high <= 0.7 || high >= 0.9 {
		t.Errorf("%v to %v", low, high)
	}
}
