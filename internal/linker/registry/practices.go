package registry

import (
	_ "embed"
	"fmt"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"graphd/internal/fold"
	"graphd/internal/kg"
)

//go:embed practices.tsv
var practicesFile string

// Practice is a named way of governing that the register knows.
type Practice struct {
	// Name is canonical; Aliases are its other names as people write them.
	Name    string
	Aliases []string
	id      string
	// forms are further writings that only matching needs.
	forms    []string
	Scope    kg.Scope
	Category string
	// VariantOf and PartOf are names of other practices or empty.
	VariantOf, PartOf string
	// Except lists folded texts inside which a match is no mention.
	Except []string
	// Figures lists folded words that tie a figure to the practice.
	Figures []string
	// Reason says what it is or where it comes from.
	Reason string
}

// ID is the practice's entity ID.
func (p *Practice) ID() string { return p.id }

// CountedBy tells whether a figure with this label, folded and in lower case,
// counts what the practice does.
func (p *Practice) CountedBy(label string) bool {
	return slices.ContainsFunc(p.Figures, func(w string) bool { return strings.Contains(label, w) })
}

// Practices is the register of practices. It is immutable and safe for
// concurrent use.
type Practices struct {
	all      []*Practice
	byName   map[string]*Practice
	patterns []pattern // by pattern ID of dict
	dict     *Dictionary
}

// pattern is one writing of a practice, with how many code points before and
// after the name must stand there but are no part of it.
type pattern struct {
	p             *Practice
	before, after int
}

func loadPractices() (*Practices, error) { return parsePractices(practicesFile) }

// parsePractices parses data laid out as practices.tsv says.
func parsePractices(data string) (*Practices, error) {
	ps := &Practices{byName: map[string]*Practice{}}
	err := eachRow("practices.tsv", data, 10, func(f []string) error {
		p := &Practice{
			id: kg.PracticeID(f[0]), Name: f[0], Scope: kg.Scope(f[1]), Category: f[2], VariantOf: f[3], PartOf: f[4],
			Aliases: list(f[5]), Except: list(f[7]), Figures: list(f[8]), Reason: f[9],
		}
		for _, form := range list(f[6]) {
			written, err := expandForm(form)
			if err != nil {
				return fmt.Errorf("%s: %w", p.Name, err)
			}
			p.forms = append(p.forms, written...)
		}
		slices.Sort(p.Aliases)
		if _, ok := ps.byName[p.Name]; ok {
			return fmt.Errorf("%s stands twice", p.Name)
		}
		ps.all = append(ps.all, p)
		ps.byName[p.Name] = p
		return nil
	})
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, p := range ps.all {
		for _, w := range p.writings() {
			key, before, after := cutContext(fold.Key(w))
			keys = append(keys, key)
			ps.patterns = append(ps.patterns, pattern{p, before, after})
		}
	}
	ps.dict = Build(keys)
	return ps, nil
}

// writings are all the ways p is written: its name, aliases and forms.
func (p *Practice) writings() []string {
	return slices.Concat([]string{p.Name}, p.Aliases, p.forms)
}

// All yields the practices in the order of their names.
func (ps *Practices) All() iter.Seq[*Practice] { return slices.Values(ps.all) }

// Named is the practice with this canonical name.
func (ps *Practices) Named(name string) (*Practice, bool) {
	p, ok := ps.byName[name]
	return p, ok
}

// Lookup is the practice that is written so, by name, alias or form.
func (ps *Practices) Lookup(written string) (*Practice, bool) {
	id, ok := ps.dict.Lookup(fold.Key(written))
	if !ok || ps.patterns[id].before+ps.patterns[id].after > 0 {
		return nil, false
	}
	return ps.patterns[id].p, true
}

// Find yields every writing of every practice in a folded lower-case text,
// overlapping ones included, in the order of what they begin and end with,
// context and all.
func (ps *Practices) Find(key []rune) iter.Seq2[Match, *Practice] {
	return func(yield func(Match, *Practice) bool) {
		for m := range ps.dict.FindAll(key) {
			w := ps.patterns[m.ID]
			m.From, m.To = m.From+w.before, m.To-w.after
			if !yield(m, w.p) {
				return
			}
		}
	}
}

// Entities is the practice's entity and those it refers to, itself first.
func (ps *Practices) Entities(p *Practice) []kg.Entity {
	e := kg.Entity{ID: p.ID(), Kind: kg.KindPractice, Name: p.Name, Aliases: p.Aliases, Scope: p.Scope, Category: p.Category}
	es := []kg.Entity{e}
	for _, ref := range []struct {
		name string
		id   *string
	}{{p.VariantOf, &es[0].VariantOf}, {p.PartOf, &es[0].PartOf}} {
		if whole, ok := ps.byName[ref.name]; ok {
			*ref.id = whole.ID()
			es = append(es, ps.Entities(whole)...)
		}
	}
	return es
}

// cutContext takes the brackets out of a writing in which [context] stands
// before or after the name, and counts the context's code points.
func cutContext(written string) (key string, before, after int) {
	if context, rest, ok := strings.Cut(strings.TrimPrefix(written, "["), "]"); ok && written[0] == '[' {
		key, _, after = cutContext(rest)
		return context + key, utf8.RuneCountInString(context), after
	}
	name, context, _ := strings.Cut(strings.TrimSuffix(written, "]"), "[")
	return name + context, 0, utf8.RuneCountInString(context)
}

// expandForm writes out a form in which {a|b|} stands for one of its
// alternatives; braces nest.
func expandForm(form string) ([]string, error) {
	all, rest, err := expandUntil(form)
	if err == nil && rest != "" {
		err = fmt.Errorf("form %q: stray %q", form, rest[:1])
	}
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(s string) bool { return s == "" })
	slices.Sort(all)
	return slices.Compact(all), nil
}

// expandUntil expands up to the end of s or the next | or } of its own level.
func expandUntil(s string) (all []string, rest string, err error) {
	all = []string{""}
	for s != "" {
		i := strings.IndexAny(s, "{|}")
		if i < 0 {
			i = len(s)
		}
		for j := range all {
			all[j] += s[:i]
		}
		s = s[i:]
		if s == "" || s[0] != '{' {
			return all, s, nil
		}
		var choices []string
		for s[0] != '}' {
			var some []string
			if some, s, err = expandUntil(s[1:]); err != nil {
				return nil, s, err
			}
			if s == "" {
				return nil, s, fmt.Errorf("an open brace")
			}
			choices = append(choices, some...)
		}
		s = s[1:]
		if len(all)*len(choices) > 4000 {
			return nil, s, fmt.Errorf("stands for more than 4000 writings")
		}
		var next []string
		for _, a := range all {
			for _, c := range choices {
				next = append(next, a+c)
			}
		}
		all = next
	}
	return all, s, nil
}

// list splits a cell of several values.
func list(cell string) []string {
	if cell == "" {
		return nil
	}
	return strings.Split(cell, ";")
}

// eachRow calls row for every line of a data file that is neither empty nor a
// comment, split into exactly n cells; an error names the file and the line.
func eachRow(file, data string, n int, row func(cells []string) error) error {
	i := 0
	for line := range strings.Lines(data) {
		i++
		line = strings.TrimRight(line, "\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		cells := strings.Split(line, "\t")
		if len(cells) != n {
			return fmt.Errorf("%s:%d: %d cells, want %d", file, i, len(cells), n)
		}
		if err := row(cells); err != nil {
			return fmt.Errorf("%s:%d: %w", file, i, err)
		}
	}
	return nil
}
