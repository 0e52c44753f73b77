package eval

import (
	"math"
	"slices"
	"strings"

	"graphd/internal/kg"
	"graphd/internal/lines"
)

// metrics scores figures one by one: each gold one takes the first found that
// has its value and stands at its place.
func (c *comparison) metrics(all []*lines.Metric) {
	taken := make([]bool, len(all))
	for _, g := range c.gold.Metrics {
		at := c.place(g)
		values := append([]float64{g.Value}, g.AcceptValue...)
		i := 0
		for i < len(all) && (taken[i] || !hasValue(all[i].Value, values) || !stands(all[i], g, at)) {
			i++
		}
		if i == len(all) {
			if !g.Optional {
				c.count("metric", 0, 0, 1)
				c.count("metric+label", 0, 0, 1)
				c.say(Miss, "metric", at, "%v %s in «%s»", g.Value, g.Unit, g.Context)
			}
			continue
		}
		taken[i] = true
		if g.Optional {
			continue
		}
		c.count("metric", 1, 0, 0)
		m := all[i]
		c.judge("metric+label", described(m, g), &kg.Span{Start: m.Start, End: m.End},
			"«%s» is told as label %s, unit %s, approximate %t, target %t", g.Context, m.Label, m.Unit, m.Approximate, m.Target)
	}
	for i, m := range all {
		if !taken[i] {
			c.count("metric", 0, 1, 0)
			c.count("metric+label", 0, 1, 0)
			c.say(False, "metric", &kg.Span{Start: m.Start, End: m.End}, "%s «%s»", m.Label, m.Quote)
		}
	}
}

// place is where a gold figure stands, nil if its context does not tell.
func (c *comparison) place(g GoldItem) *kg.Span {
	inside := strings.Index(g.Context, g.Quote)
	if isPage(c.gold.File) || inside < 0 || strings.Count(c.text, g.Context) != 1 {
		return nil
	}
	context := c.find(g.Context)
	start := context.Start + len([]rune(g.Context[:inside]))
	return &kg.Span{Start: start, End: start + len([]rune(g.Quote))}
}

func hasValue(value float64, right []float64) bool {
	return slices.ContainsFunc(right, func(v float64) bool { return math.Abs(value-v) <= 1e-6*max(1, math.Abs(v)) })
}

func stands(m *lines.Metric, g GoldItem, at *kg.Span) bool {
	if at != nil {
		return at.Overlaps(kg.Span{Start: m.Start, End: m.End})
	}
	return strings.Contains(m.Quote, g.Quote) || strings.Contains(g.Quote, m.Quote)
}

// described tells whether a figure's label, unit and flags are right.
func described(m *lines.Metric, g GoldItem) bool {
	label := plain(m.Label)
	for _, words := range g.Must {
		if !slices.ContainsFunc(words, func(w string) bool { return strings.Contains(label, plain(w)) }) {
			return false
		}
	}
	units := append([]string{g.Unit}, g.AcceptUnit...)
	return slices.ContainsFunc(units, func(u string) bool { return plain(u) == plain(m.Unit) }) &&
		(g.ApproximateDebatable || m.Approximate == g.Approximate) && m.Target == g.Target
}
