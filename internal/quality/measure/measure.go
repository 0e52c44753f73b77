// Package measure links annotated reports and compares what was found with
// what people say is there. It makes the figures that package quality serves;
// the program that users run does not hold it.
package measure

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"

	"graphd/internal/eval"
	"graphd/internal/ingest"
	"graphd/internal/lines"
	"graphd/internal/linker"
	"graphd/internal/quality"
)

// Folder measures a set of annotated reports in one folder: for each report
// FILE its gold answers, NAME.json. The figures are those of the whole set,
// then those of each report, ordered by its name. Aspects that a report has no
// item of are left out there.
func Folder(ctx context.Context, l *linker.Linker, set quality.Set, dir string) ([]quality.Figure, error) {
	golds, err := eval.ReadGold(dir)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(golds, func(a, b eval.Gold) int { return strings.Compare(a.File, b.File) })
	var paths []string
	for _, g := range golds {
		paths = append(paths, filepath.Join(dir, g.File))
	}
	var reports []scores
	i := 0
	for linked, err := range ingest.Link(ctx, ingest.Config{Linker: l, Paths: paths}) {
		if err != nil {
			return nil, err
		}
		if linked.Failure != nil {
			return nil, fmt.Errorf("%s: %s", linked.Path, linked.Failure.Message)
		}
		answer := eval.Answer{Document: lines.Of(linked.Path, linked.Facts), Text: linked.Facts.Report.Text}
		reports = append(reports, eval.Compare(golds[i:i+1], []eval.Answer{answer}).Scores)
		i++
	}
	return table(set, golds, reports), nil
}

// scores are those of one report, by aspect.
type scores = map[string]eval.Score

func table(set quality.Set, golds []eval.Gold, reports []scores) []quality.Figure {
	var figures []quality.Figure
	for _, aspect := range eval.Aspects {
		var each []eval.Score
		for _, r := range reports {
			each = append(each, r[aspect])
		}
		f := quality.Figure{Set: set, Aspect: aspect, Score: sum(each)}
		f.Low, f.High = Bootstrap(each)
		figures = append(figures, f)
	}
	for i, g := range golds {
		for _, aspect := range eval.Aspects {
			if s := reports[i][aspect]; s != (eval.Score{}) {
				name := strings.TrimSuffix(g.File, filepath.Ext(g.File))
				figures = append(figures, quality.Figure{Set: set, Report: name, Aspect: aspect, Score: s})
			}
		}
	}
	return figures
}

func sum(all []eval.Score) (total eval.Score) {
	for _, s := range all {
		total.Right += s.Right
		total.False += s.False
		total.Missed += s.Missed
	}
	return total
}

// Bootstrap bounds the F1 of sets of reports like these: of many sets drawn
// from the reports with replacement, 95 of 100 lie within (percentile
// bootstrap, Efron 1979). Reports, not items, are drawn, for the items of one
// report stand and fall together. The draws are the same each time.
func Bootstrap(reports []eval.Score) (low, high float64) {
	const draws, tail = 2000, 0.025
	if len(reports) == 0 {
		return 0, 0
	}
	random := rand.New(rand.NewPCG(1979, 7))
	f1s := make([]float64, draws)
	drawn := make([]eval.Score, len(reports))
	for i := range f1s {
		for j := range drawn {
			drawn[j] = reports[random.IntN(len(reports))]
		}
		f1s[i] = sum(drawn).F1()
	}
	slices.Sort(f1s)
	return f1s[int(tail*draws)], f1s[draws-1-int(tail*draws)]
}
