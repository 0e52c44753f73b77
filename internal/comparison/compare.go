package comparison

import (
	"cmp"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"graphd/internal/kg"
)

//go:embed units.tsv
var unitsFile string

// canonicalUnits maps each unit to the one that stands for all that count the
// same: under everyIndicator those that always do, by the ID of an indicator
// those that do for it alone.
var canonicalUnits = func() map[string]map[string]string {
	units := map[string]map[string]string{}
	for fields := range rows(unitsFile, 3) {
		for name := range strings.SplitSeq(fields[2], ";") {
			id := name
			if name != everyIndicator {
				id = kg.IndicatorID(name)
			}
			if units[id] == nil {
				units[id] = map[string]string{}
			}
			for same := range strings.SplitSeq(fields[1], ";") {
				units[id][same] = fields[0]
			}
		}
	}
	return units
}()

const everyIndicator = "*"

// canonicalUnit is the unit that stands for all those that count the same thing
// as the given one where they measure the indicator.
func canonicalUnit(indicatorID, unit string) string {
	unit = cmp.Or(canonicalUnits[indicatorID][unit], unit)
	return cmp.Or(canonicalUnits[everyIndicator][unit], unit)
}

//go:embed outcomes.tsv
var outcomesFile string

// outcomes are the words for what became of what a figure counts, and those that
// may stand before them.
var outcomes, beforeOutcomes = func() (words, before []string) {
	for fields := range rows(outcomesFile, 2) {
		list := strings.Split(fields[1], ";")
		if fields[0] == "BEFORE" {
			before = append(before, list...)
		} else {
			words = append(words, list...)
		}
	}
	return words, before
}()

// outcomeOf tells whether a label is another, of a whole, with a word for what
// became of it.
func outcomeOf(label, whole string) bool {
	rest, ok := strings.CutPrefix(label, whole)
	return ok && whole != "" && (slices.Contains(outcomes, rest) || slices.ContainsFunc(beforeOutcomes, func(b string) bool {
		word, ok := strings.CutPrefix(rest, b)
		return ok && slices.Contains(outcomes, word)
	}))
}

// Figure is a stated quantity of an indicator, with what is known of its report.
type Figure struct {
	Mention kg.Mention
	// IssuerID is empty, and ReportYear zero, where unknown.
	IssuerID   string
	ReportYear int
	// Departmental marks the report of a department.
	Departmental bool
}

// Verdict says whether a figure may be compared with those of other places and
// years.
type Verdict struct {
	Period     Period
	Comparable bool
	// Reason says in one clause why not, or with what care; empty where there
	// is nothing to say.
	Reason string
}

// Judge gives the verdict on each figure, in the order given. The figures are
// all those of the indicator that the reports they come from state: whether a
// report states several is part of the verdict.
func Judge(figures []Figure, indicator kg.Entity) []Verdict {
	verdicts := make([]Verdict, len(figures))
	wholes := map[string][]int{} // by report: the candidates for its total
	for i, f := range figures {
		verdicts[i] = judgeAlone(f, indicator)
		if verdicts[i].Comparable {
			key := fmt.Sprint(f.Mention.ReportID, "/", verdicts[i].Period.Year)
			wholes[key] = append(wholes[key], i)
		}
	}
	for _, of := range wholes {
		slices.SortFunc(of, func(a, b int) int { return cmp.Compare(figures[a].Mention.Start, figures[b].Mention.Start) })
		if _, sum := largest(figures, of); !sum {
			of = slices.DeleteFunc(slices.Clone(of), func(i int) bool {
				outcome := isOutcome(figures, i, of)
				if outcome {
					verdicts[i].Comparable, verdicts[i].Reason = false, "what became of another figure"
				}
				return outcome
			})
		}
		first := figures[of[0]].Mention.Metric
		differ := slices.ContainsFunc(of, func(i int) bool { return figures[i].Mention.Metric.Value != first.Value })
		total, sum := largest(figures, of)
		for k, i := range of {
			switch {
			case differ && sum && i == total:
				verdicts[i].Reason = "the sum of the report's other figures"
			case differ && sum:
				verdicts[i].Comparable, verdicts[i].Reason = false, "a part: the report states the sum as well"
			case differ:
				verdicts[i].Comparable = false
				verdicts[i].Reason = fmt.Sprintf("the report states %d different figures of the indicator for the year; which one is the total is not said", len(of))
			case k > 0:
				verdicts[i].Comparable, verdicts[i].Reason = false, "repeats an earlier figure of the report"
			}
		}
	}
	return verdicts
}

// isOutcome tells whether a figure counts what became of one of some others.
func isOutcome(figures []Figure, i int, of []int) bool {
	m := figures[i].Mention.Metric
	return slices.ContainsFunc(of, func(j int) bool {
		whole := figures[j].Mention.Metric
		return m.Value <= whole.Value && outcomeOf(m.Label, whole.Label)
	})
}

// largest is the greatest of some figures, and whether it is the sum of the
// others, of which there are at least two.
func largest(figures []Figure, of []int) (greatest int, sum bool) {
	value := func(i int) float64 { return figures[i].Mention.Metric.Value }
	greatest = slices.MaxFunc(of, func(a, b int) int { return cmp.Compare(value(a), value(b)) })
	rest := 0.0
	for _, i := range of {
		if i != greatest {
			rest += value(i)
		}
	}
	return greatest, len(of) > 2 && rest == value(greatest)
}

func judgeAlone(f Figure, indicator kg.Entity) Verdict {
	m := f.Mention.Metric
	v := Verdict{Period: ParsePeriod(m.Period, f.ReportYear)}
	switch {
	case m.Target:
		v.Reason = "a plan or a requirement, no result"
	case m.ParentID != "":
		v.Reason = "a part of another figure"
	case m.ValueMax != nil:
		v.Reason = "a range"
	case v.Period.Year == 0:
		v.Reason = "the year is not known"
	case canonicalUnit(indicator.ID, m.Unit) != canonicalUnit(indicator.ID, indicator.Unit):
		v.Reason = fmt.Sprintf("counted in %s, not in %s", orNone(m.Unit), orNone(indicator.Unit))
	case v.Period.Class != Year:
		v.Reason = periodReasons[v.Period.Class] + ": " + m.Period
	case f.Departmental:
		v.Reason = "stated by a department, perhaps of its own work alone"
	default:
		v.Comparable = true
		if m.Approximate {
			v.Reason = "approximate"
		}
	}
	return v
}

var periodReasons = map[Class]string{
	Part:       "covers a part of the year",
	Until:      "counted up to a day, from where is not said",
	Cumulative: "cumulative over more than the year",
	Moment:     "as it stood at one time",
	Unclear:    "the time covered is not clear",
}

func orNone(unit string) string {
	if unit == "" {
		return "no unit"
	}
	return unit
}

// Contradiction is that a report gives another figure for the year before than
// the report of that year did.
type Contradiction struct {
	// Earlier and Later are indices of the figures.
	Earlier, Later int
}

// Contradictions finds, among figures and their verdicts, what an issuer's
// report calls the figure of the year before and its own report of that year
// states otherwise. Figures that are approximate contradict nobody. They are
// ordered by Later, then Earlier.
func Contradictions(figures []Figure, verdicts []Verdict) []Contradiction {
	found := []Contradiction{}
	exact := func(i int) bool { return verdicts[i].Comparable && !figures[i].Mention.Metric.Approximate }
	type place struct {
		issuer string
		year   int
	}
	reported := map[place][]int{}
	for i, f := range figures {
		if f.IssuerID != "" && exact(i) && verdicts[i].Period.Year == f.ReportYear {
			at := place{f.IssuerID, f.ReportYear}
			reported[at] = append(reported[at], i)
		}
	}
	for later, f := range figures {
		year := verdicts[later].Period.Year
		if f.IssuerID == "" || !exact(later) || year != f.ReportYear-1 {
			continue
		}
		for _, earlier := range reported[place{f.IssuerID, year}] {
			if figures[earlier].Mention.Metric.Value != f.Mention.Metric.Value {
				found = append(found, Contradiction{earlier, later})
			}
		}
	}
	return found
}

// Population is the ID of the indicator that counts people who live in a place.
var Population = kg.IndicatorID("常住人口")

// Populations is what reports say of how many people live in their place.
type Populations map[string]float64

// People takes the populations from the figures of Population and the verdicts
// on them: of each report the one that it states, at whatever moment of its
// year.
func People(figures []Figure, verdicts []Verdict) Populations {
	people := Populations{}
	several := map[string]bool{}
	for i, f := range figures {
		m := f.Mention.Metric
		usable := !m.Target && m.ParentID == "" && m.ValueMax == nil && m.Value > 0 && canonicalUnit(Population, m.Unit) == "人" &&
			verdicts[i].Period.Year == f.ReportYear && verdicts[i].Period.Class != Cumulative && verdicts[i].Period.Class != Unclear
		if !usable {
			continue
		}
		id := f.Mention.ReportID
		if known, ok := people[id]; ok && known != m.Value {
			several[id] = true
		}
		people[id] = m.Value
	}
	for id := range several {
		delete(people, id)
	}
	return people
}

// PerTenThousand is a figure's value per ten thousand people of its report's
// place; nil where the figure may not be compared, is about another year, counts no
// things (%), or the report states no population, or several.
func (p Populations) PerTenThousand(f Figure, v Verdict) *float64 {
	people, ok := p[f.Mention.ReportID]
	if !ok || !v.Comparable || v.Period.Year != f.ReportYear || f.Mention.Metric.Unit == "%" || f.Mention.Metric.Unit == "" {
		return nil
	}
	per := f.Mention.Metric.Value / people * 10_000
	return &per
}
