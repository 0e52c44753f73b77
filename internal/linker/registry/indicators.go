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

// labelPattern holds the numbers of its words.
type labelPattern struct {
	all  []int
	none []int
	// noneAfter are excluded only where they stand after all of its words:
	// there they are what is counted (法律明白人…粉丝).
	noneAfter []int
	// last is the word of all that the label must end in, or -1: what would
	// stand after it is what is counted (立案查处哄抬物价).
	last   int
	weight int // length of all, in bytes
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
	sets := map[string][]int{} // of words that patterns exclude by one name
	used := map[string]bool{}
	// excluded are the numbers of an excluded word, or of those of a set.
	excluded := func(word string) ([]int, error) {
		name, ok := strings.CutPrefix(word, setMark)
		if !ok {
			return []int{number(word)}, nil
		}
		used[name] = true
		if len(sets[name]) == 0 {
			return nil, fmt.Errorf("no set %s above", name)
		}
		return sets[name], nil
	}
	err := eachRow("indicators.tsv", data, 4, func(f []string) error {
		if name, ok := strings.CutPrefix(f[0], setMark); ok {
			for _, word := range list(f[3]) {
				sets[name] = append(sets[name], number(word))
			}
			return nil
		}
		in := &Indicator{id: kg.IndicatorID(f[0]), Name: f[0], Aliases: list(f[1]), Units: list(f[2])}
		if len(in.Units) == 0 {
			return fmt.Errorf("%s has no unit", in.Name)
		}
		in.Unit = in.Units[0]
		slices.Sort(in.Aliases)
		var always labelPattern // what all patterns exclude
		for _, pattern := range list(f[3]) {
			p := labelPattern{last: -1}
			for _, word := range strings.Split(pattern, "+") {
				w, not := strings.CutPrefix(word, "!")
				if !not {
					w, last := strings.CutSuffix(word, lastMark)
					p.all = append(p.all, number(w))
					p.weight += len(w)
					if last {
						p.last = number(w)
					}
					continue
				}
				w, after := strings.CutPrefix(w, ">")
				ns, err := excluded(w)
				if err != nil {
					return fmt.Errorf("%s: %w", in.Name, err)
				}
				if after {
					p.noneAfter = append(p.noneAfter, ns...)
				} else {
					p.none = append(p.none, ns...)
				}
			}
			if len(p.all) == 0 {
				always.none = append(always.none, p.none...)
				always.noneAfter = append(always.noneAfter, p.noneAfter...)
				continue
			}
			in.patterns = append(in.patterns, p)
		}
		for i := range in.patterns {
			p := &in.patterns[i]
			p.none, p.noneAfter = append(p.none, always.none...), append(p.noneAfter, always.noneAfter...)
		}
		ins.all = append(ins.all, in)
		for _, unit := range in.Units {
			ins.byUnit[unit] = append(ins.byUnit[unit], in)
		}
		return nil
	})
	for name := range sets {
		if !used[name] && err == nil {
			err = fmt.Errorf("indicators.tsv: nobody excludes the set %s", name)
		}
	}
	ins.words, ins.dict = words, Build(words)
	return &ins, err
}

// setMark begins the name of a set of words, lastMark ends a word that must end
// the label.
const setMark, lastMark = "=", "$"

// All yields the indicators in the order of their names.
func (ins *Indicators) All() iter.Seq[*Indicator] { return slices.Values(ins.all) }

// Measured is the indicator that a figure with this label and unit measures:
// the one whose pattern says most, of equal ones the first by name.
func (ins *Indicators) Measured(label, unit string) (*Indicator, bool) {
	candidates := ins.byUnit[unit]
	if len(candidates) == 0 {
		return nil, false
	}
	held, rs := make([]int, len(ins.words)), []rune(fold.Name(label))
	for m := range ins.dict.FindAll(rs) {
		held[m.ID] = max(held[m.ID], m.To)
	}
	var best *Indicator
	weight := 0
	for _, in := range candidates {
		for _, p := range in.patterns {
			if p.weight > weight && p.holds(held, len(rs)) {
				best, weight = in, p.weight
			}
		}
	}
	return best, best != nil
}

// holds tells whether a label of so many characters fits in which the last place
// of each word ends so far from its beginning; of one that it does not hold
// that is 0.
func (p labelPattern) holds(held []int, length int) bool {
	if p.last >= 0 && held[p.last] != length {
		return false
	}
	end := 0
	for _, w := range p.all {
		if held[w] == 0 {
			return false
		}
		end = max(end, held[w])
	}
	return !slices.ContainsFunc(p.none, func(w int) bool { return held[w] > 0 }) &&
		!slices.ContainsFunc(p.noneAfter, func(w int) bool { return held[w] > end })
}
