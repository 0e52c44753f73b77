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
	id      string
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
	all, none []int // numbers of words
	weight    int   // length of all, in bytes
}

// ID is the indicator's entity ID.
func (in *Indicator) ID() string { return in.id }

// Entity is the indicator as the graph holds it.
func (in *Indicator) Entity() kg.Entity {
	return kg.Entity{ID: in.ID(), Kind: kg.KindIndicator, Name: in.Name, Aliases: in.Aliases, Unit: in.Unit}
}

// Indicators is the register of indicators. It is immutable and safe for
// concurrent use.
type Indicators struct {
	all    []*Indicator
	byUnit map[string][]*Indicator
	words  []string // of all patterns
	dict   *Dictionary
}

func loadIndicators() (*Indicators, error) { return parseIndicators(indicatorsFile) }

// parseIndicators parses data laid out as indicators.tsv says.
func parseIndicators(data string) (*Indicators, error) {
	ins := Indicators{byUnit: map[string][]*Indicator{}}
	var words []string
	numbers := map[string]int{}
	number := func(word string) int {
		if _, ok := numbers[word]; !ok {
			numbers[word] = len(words)
			words = append(words, word)
		}
		return numbers[word]
	}
	err := eachRow("indicators.tsv", data, 4, func(f []string) error {
		in := &Indicator{id: kg.IndicatorID(f[0]), Name: f[0], Aliases: list(f[1]), Units: list(f[2])}
		if len(in.Units) == 0 {
			return fmt.Errorf("%s has no unit", in.Name)
		}
		in.Unit = in.Units[0]
		slices.Sort(in.Aliases)
		for _, pattern := range list(f[3]) {
			var p labelPattern
			for _, word := range strings.Split(pattern, "+") {
				if w, ok := strings.CutPrefix(word, "!"); ok {
					p.none = append(p.none, number(w))
				} else {
					p.all = append(p.all, number(word))
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
	ins.words, ins.dict = words, Build(words)
	return &ins, err
}

// All yields the indicators in the order of their names.
func (ins *Indicators) All() iter.Seq[*Indicator] { return slices.Values(ins.all) }

// Measured is the indicator that a figure with this label and unit measures:
// the one whose pattern says most, of equal ones the first by name.
func (ins *Indicators) Measured(label, unit string) (*Indicator, bool) {
	candidates := ins.byUnit[unit]
	if len(candidates) == 0 {
		return nil, false
	}
	held := make([]bool, len(ins.words))
	for m := range ins.dict.FindAll([]rune(fold.Name(label))) {
		held[m.ID] = true
	}
	var best *Indicator
	weight := 0
	for _, in := range candidates {
		for _, p := range in.patterns {
			if p.weight > weight && p.holds(held) {
				best, weight = in, p.weight
			}
		}
	}
	return best, best != nil
}

// holds tells whether a label fits that holds these words.
func (p labelPattern) holds(held []bool) bool {
	return !slices.ContainsFunc(p.all, func(w int) bool { return !held[w] }) && !slices.ContainsFunc(p.none, func(w int) bool { return held[w] })
}
