package linker

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"graphd/internal/kg"
)

//go:embed metric-words.tsv
var metricWordsFile string

// metricWords is metric-words.tsv: a field a category.
var metricWords = mustParseWords[struct {
	About, NoAbout, AboutAfter, NoNumberBefore, NoChineseNumberBefore, OneAfter, GroupNoun, GroupNounAlways             *lexicon
	NoNumberIn, Hotline, BoundAfter, NoBound, TargetBefore, TargetAfter, Reached, NotReached, Duration                  *lexicon
	InARow, DayAfter, Frequency, FrequencyUnit, Money, ReachedAll, AmountsTo, NoneVerb, NoneNoun                        *lexicon
	NoneNot, NoneLead, NoneNotAfter, NoneCondition, ZeroNoun, ZeroAfter, ZeroNot, LabelLead, LeadKeep                   *lexicon
	LabelTrail, LabelKeep, DependentLead, DependentEnd, Against, Compared, Level, Share, Turn                           *lexicon
	Change, Bare, Independent, ColumnName, UnitColumn, PartLead, LabelCut, ListVerb, NextLead                           *lexicon
	NoCut, Predicate, PeriodLead, PeriodTo, Period, NoPeriodAfter, Done, WholeYear, Per, NoPer, PerSum, Among, EveryHas *lexicon
	Room, Baseline, BaselineTime, Become, BecomeHow, BecomeTo, BecomeTime                                               *lexicon
}](metricWordsFile)

// Those that every place of a text is looked at for.
var (
	noneVerbs             = metricWords.NoneVerb
	noNumberIn            = metricWords.NoNumberIn
	noNumberBefore        = metricWords.NoNumberBefore
	noChineseNumberBefore = metricWords.NoChineseNumberBefore
	periodLeads           = metricWords.PeriodLead
	periodTos             = metricWords.PeriodTo
	periodNames           = metricWords.Period
	wholeYears            = metricWords.WholeYear
)

//go:embed metric-units.tsv
var metricUnitsFile string

// unit is one row of metric-units.tsv.
type unit struct {
	name     string
	kind     string
	numerals string
}

var (
	units     = mustParseUnits(metricUnitsFile)
	unitNames = newLexicon(slices.Sorted(maps.Keys(units))...)
)

func mustParseUnits(data string) map[string]unit {
	us := map[string]unit{}
	for line := range strings.Lines(data) {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != 3 || us[f[0]].name != "" {
			panic(fmt.Sprintf("metric-units.tsv: bad line %q", line))
		}
		us[f[0]] = unit{f[0], f[1], f[2]}
	}
	return us
}

// unitAt is the longest unit at place i.
func unitAt(cs []rune, i int) (unit, bool) {
	u, ok := units[hasAt(cs, i, unitNames)]
	return u, ok
}

func hasUnit(cs []rune, i int) bool {
	u, ok := unitAt(cs, i)
	return ok && u.numerals != "never"
}

// figure is one quantity that a sentence states.
type figure struct {
	sentence int
	from, to int // number and unit, in the sentence's chars
	value    float64
	max      *float64
	unit     string
	kind     string // of the unit; empty without one
	about    bool
	target   bool
	none     bool // a statement that there was nothing
	label    string
	// base is what the figure is about, for those that depend on it.
	base      string
	dependent bool
	change    bool // how much more or less than before
	listed    bool // after another one in a list
	per       bool // how many there are for each one of something
	baseline  bool // how it was at an earlier time, before another one
	was       int  // the baseline that has become this one, or -1
	period    string
	// parent is the index of the figure this one is part of, or -1.
	parent int
	rule   string
}

// readFigures reads the quantities of all sentences; numbers in the names of
// practices are none.
func readFigures(ss []sentence, namings []naming) []figure {
	var all []figure
	n := 0
	for i := range ss {
		s := &ss[i]
		masked := make([]bool, len(s.chars))
		for ; n < len(namings) && namings[n].sentence == i; n++ {
			for j := namings[n].from; j < namings[n].to; j++ {
				masked[j] = true
			}
		}
		s.mask(masked)
		found := s.figures(masked)
		for j := range found {
			found[j].sentence, found[j].parent = i, -1
		}
		all = append(all, found...)
	}
	readChanges(ss, all)
	label(ss, all)
	return all
}

// metrics records the figures, each with the indicator it measures.
func (l *Linker) metrics(ss []sentence, figures []figure, g *gathering) {
	lower := g.lowerPlaces()
	for _, f := range figures {
		m := kg.Mention{
			Kind: kg.KindMetric, Span: ss[f.sentence].span(f.from, f.to), Rule: f.rule,
			Metric: &kg.Metric{
				Label: f.label, Value: f.value, ValueMax: f.max, Unit: f.unit,
				Approximate: f.about, Target: f.target, Period: f.period,
			},
		}
		if f.parent >= 0 {
			p := figures[f.parent]
			m.Metric.ParentID = kg.MentionID(g.report.ID, kg.KindMetric, ss[p.sentence].span(p.from, p.to))
		}
		in, measured := l.reg.Indicators.Measured(f.label, f.unit)
		measured = measured && !f.change && !f.per && !f.baseline && !textHolds(f.label, metricWords.Compared) && !ofPart(ss, &f, lower)
		if measured {
			m.EntityID = in.ID()
		}
		if g.mention(m) && measured && !g.known[m.EntityID] {
			g.entity(in.Entity())
		}
	}
}
