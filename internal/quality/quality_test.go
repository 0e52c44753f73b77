package quality_test

import (
	"slices"
	"testing"

	"graphd/internal/eval"
	"graphd/internal/quality"
)

// The figures are of enough reports and facts to mean something, add up, and
// come back from their lines.
func TestFigures(t *testing.T) {
	least := map[quality.Set]int{quality.Development: 20, quality.HeldBack: 10}
	counted := []string{"jurisdiction", "law", "practice", "metric"}
	for set, reports := range least {
		whole, parts, names := map[string]quality.Figure{}, map[string]eval.Score{}, map[string]bool{}
		for _, f := range quality.Figures() {
			switch {
			case f.Set != set:
			case f.Report == "":
				whole[f.Aspect] = f
			default:
				s := parts[f.Aspect]
				parts[f.Aspect] = eval.Score{Right: s.Right + f.Right, False: s.False + f.False, Missed: s.Missed + f.Missed}
				names[f.Report] = true
			}
		}
		if len(names) < reports {
			t.Errorf("%s: %d reports, want %d", set, len(names), reports)
		}
		for _, aspect := range eval.Aspects {
			f, ok := whole[aspect]
			if !ok || f.Score != parts[aspect] {
				t.Errorf("%s %s: %+v, its reports add up to %+v", set, aspect, f.Score, parts[aspect])
			}
			if f.Low > f.F1()+0.001 || f.High < f.F1()-0.001 {
				t.Errorf("%s %s: F1 %.3f lies outside %.3f to %.3f", set, aspect, f.F1(), f.Low, f.High)
			}
			if slices.Contains(counted, aspect) && f.Items() < 150 {
				t.Errorf("%s %s: %d items, want 150", set, aspect, f.Items())
			}
		}
	}
}
