package registry

import (
	_ "embed"
	"fmt"
	"iter"
	"slices"
	"strings"

	"graphd/internal/fold"
	"graphd/internal/kg"
)

//go:embed indicators.tsv
var indicatorsFile string

// Indicator is a quantity that many reports state, so that their figures can
// be compared.
type Indicator struct {
	Name    string
	Aliases []string
	// Unit is the commonest of Units, in which figures measure it.
	Unit  string
	Units []string
	// patterns are alternatives; a label measures the indicator if it holds
	// all the words of one and none of those it excludes.
	patterns []labelPattern
}

type labelPattern struct {
	all, none []string
	weight    int // length of all, in bytes
}

// ID is the indicator's entity ID.
func (in *Indicator) ID() string { return kg.IndicatorID(in.Name) }

// Entity is the indicator as the graph holds it.
func (in *Indicator) Entity() kg.Entity {
	return kg.Entity{ID: in.ID(), Kind: kg.KindIndicator, Name: in.Name, Aliases: in.Aliases, Unit: in.Unit}
}

// Indicators is the register of indicators. It is immutable and safe for
// concurrent use.
type Indicators struct {
	all    []*Indicator
	byUnit map[string][]*Indicator
}

func loadIndicators() (*Indicators, error) { return parseIndicators(indicatorsFile) }

// parseIndicators parses data laid out as indicators.tsv says.
func parseIndicators(data string) (*Indicators, error) {
	ins := Indicators{byUnit: map[string][]*Indicator{}}
	err := eachRow("indicators.tsv", data, 4, func(f []string) error {
		in := &Indicator{Name: f[0], Aliases: list(f[1]), Units: list(f[2])}
		if len(in.Units) == 0 {
			return fmt.Errorf("%s has no unit", in.Name)
		}
		in.Unit = in.Units[0]
		slices.Sort(in.Aliases)
		for _, pattern := range list(f[3]) {
			var p labelPattern
			for _, word := range strings.Split(pattern, "+") {
				if w, ok := strings.CutPrefix(word, "!"); ok {
					p.none = append(p.none, w)
				} else {
					p.all = append(p.all, word)
					p.weight += len(word)
				}
			}
			in.patterns = append(in.patterns, p)
		}
		ins.all = append(ins.all, in)
		for _, unit := range in.Units {
			ins.byUnit[unit] = append(ins.byUnit[unit], in)
		}
		return nil
	})
	return &ins, err
}

// All yields the indicators in the order of their names.
func (ins *Indicators) All() iter.Seq[*Indicator] { return slices.Values(ins.all) }

// Measured is the indicator that a figure with this label and unit measures:
// the one whose pattern says most, of equal ones the first by name.
func (ins *Indicators) Measured(label, unit string) (*Indicator, bool) {
	key := fold.Name(label)
	var best *Indicator
	weight := 0
	for _, in := range ins.byUnit[unit] {
		for _, p := range in.patterns {
			if p.weight > weight && p.holds(key) {
				best, weight = in, p.weight
			}
		}
	}
	return best, best != nil
}

func (p labelPattern) holds(key string) bool {
	for _, w := range p.all {
		if !strings.Contains(key, w) {
			return false
		}
	}
	for _, w := range p.none {
		if strings.Contains(key, w) {
			return false
		}
	}
	return true
}
