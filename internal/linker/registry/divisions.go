package registry

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"iter"
	"slices"
	"sort"
	"strings"

	"graphd/internal/fold"
	"graphd/internal/kg"
)

//go:embed divisions.tsv.gz
var divisionsFile []byte

//go:embed division-names.tsv
var divisionNamesFile string

// Division is one administrative division of the register.
type Division struct {
	// Code has 2, 4, 6 or 9 digits: a province, prefecture, county or
	// township. A division's code starts with its parent's. One that was merged
	// into others has none of its own: its parent's, a slash and its name.
	Code  string
	Name  string
	Level kg.Level
	// Placeholder marks a row that is no division of its own: it groups
	// others (市辖区) or repeats its parent (the county row of 东莞市).
	Placeholder bool
	id          string
	// up is the row that the code continues; nil for a province.
	up *Division
}

// ID is the division's entity ID.
func (d *Division) ID() string { return d.id }

// Naming is one division that a name may stand for.
type Naming struct {
	*Division
	// Bare tells that the name lacks the ending that says what it is (松江 for
	// 松江区), so that it could be another word.
	Bare bool
}

// Divisions is the register of administrative divisions.
type Divisions struct {
	rows   []Division // ascending by code
	merged []Division // counties that are no more
	rules  divisionRules
	names  *Dictionary
	// namings holds what each name of the dictionary may stand for, in
	// ascending order of code; only the first of equal names has entries.
	namings [][]Naming
}

var levels = map[int]kg.Level{2: kg.LevelProvince, 4: kg.LevelPrefecture, 6: kg.LevelCounty, 9: kg.LevelTownship}

func loadDivisions() (*Divisions, error) {
	data, err := unpack(divisionsFile)
	if err != nil {
		return nil, fmt.Errorf("divisions.tsv.gz: %w", err)
	}
	rules, err := parseDivisionRules(divisionNamesFile)
	if err != nil {
		return nil, fmt.Errorf("division-names.tsv: %w", err)
	}
	d := &Divisions{rules: rules, rows: make([]Division, 0, strings.Count(data, "\n"))}
	for line := range strings.Lines(data) {
		code, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		level := levels[len(code)]
		if !ok || level == "" || len(d.rows) > 0 && d.rows[len(d.rows)-1].Code >= code {
			return nil, fmt.Errorf("divisions.tsv.gz: bad line %q", line)
		}
		d.rows = append(d.rows, Division{Code: code, Name: fold.Name(name), Level: level})
	}
	for i := range d.rows {
		x := &d.rows[i]
		x.id, x.up = kg.JurisdictionID(x.Code), d.above(x)
		x.Placeholder = slices.Contains(rules.placeholders, x.Name) || x.up != nil && x.up.Name == x.Name
	}
	return d, d.index()
}

// Merged tells whether x is no more: it was merged into others.
func (d *Division) Merged() bool { return strings.Contains(d.Code, "/") }

// index enters every name of every division in the dictionary, former ones
// included.
func (d *Divisions) index() error {
	type entry struct {
		name string
		Naming
	}
	entries := make([]entry, 0, 3*len(d.rows))
	for i := range d.rows {
		x := &d.rows[i]
		if x.Placeholder {
			continue
		}
		if !d.rules.generic[x.Name] {
			entries = append(entries, entry{x.Name, Naming{x, false}})
		}
		for _, s := range d.rules.shortNames(x.Name) {
			entries = append(entries, entry{s.name, Naming{x, s.bare}})
		}
	}
	for _, f := range d.rules.former {
		x, ok := d.row(f.code)
		if !ok {
			return fmt.Errorf("division-names.tsv: %s: no division %s", f.name, f.code)
		}
		entries = append(entries, entry{f.name, Naming{x, false}})
	}
	d.merged = make([]Division, 0, len(d.rules.merged)) // never moved, for it is pointed into
	for _, f := range d.rules.merged {
		up, ok := d.row(f.code)
		if !ok {
			return fmt.Errorf("division-names.tsv: %s: no division %s", f.name, f.code)
		}
		code := f.code + "/" + f.name
		d.merged = append(d.merged, Division{id: kg.JurisdictionID(code), Code: code, Name: f.name, Level: kg.LevelCounty, up: up})
		entries = append(entries, entry{f.name, Naming{&d.merged[len(d.merged)-1], false}})
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.name
	}
	d.names = Build(names)
	d.namings = make([][]Naming, len(entries))
	for _, e := range entries {
		if id, ok := d.names.Lookup(e.name); ok {
			d.namings[id] = append(d.namings[id], e.Naming)
		}
	}
	for _, ns := range d.namings {
		slices.SortStableFunc(ns, func(a, b Naming) int { return strings.Compare(a.Code, b.Code) })
	}
	return nil
}

func unpack(gz []byte) (string, error) {
	r, err := gzip.NewReader(bytes.NewReader(gz))
	if err != nil {
		return "", err
	}
	data, err := io.ReadAll(r)
	return string(data), err
}

// ByCode is the division with a code of 2, 4, 6 or 9 digits; codes padded
// with zeros (310000, 310117000000) are accepted. A placeholder is not found; a
// county row that repeats its prefecture gives the prefecture.
func (d *Divisions) ByCode(code string) (*Division, bool) {
	x, ok := d.row(code)
	if !ok {
		x, ok = d.row(unpad(code))
	}
	if !ok {
		i := slices.IndexFunc(d.merged, func(m Division) bool { return m.Code == code })
		if i < 0 {
			return nil, false
		}
		return &d.merged[i], true
	}
	if x.Placeholder && x.up != nil && x.up.Name == x.Name {
		x = x.up
	}
	return x, !x.Placeholder
}

// unpad drops the zeros that pad a code to 6, 9 or 12 digits.
func unpad(code string) string {
	for _, n := range []int{2, 4, 6, 9} {
		if len(code) > n && strings.Trim(code[n:], "0") == "" {
			return code[:n]
		}
	}
	return code
}

func (d *Divisions) row(code string) (*Division, bool) {
	i := sort.Search(len(d.rows), func(i int) bool { return d.rows[i].Code >= code })
	if i == len(d.rows) || d.rows[i].Code != code {
		return nil, false
	}
	return &d.rows[i], true
}

// above finds the row that x's code continues, nil for a province.
func (d *Divisions) above(x *Division) *Division {
	n := map[int]int{4: 2, 6: 4, 9: 6}[len(x.Code)]
	if n == 0 {
		return nil
	}
	p, _ := d.row(x.Code[:n])
	return p
}

// Parent is the division that x lies in, past placeholders; nil for a
// province.
func (d *Divisions) Parent(x *Division) *Division {
	p := x.up
	for p != nil && p.Placeholder {
		p = p.up
	}
	return p
}

// Path lists x and the divisions it lies in, from the province down, without
// placeholders.
func (d *Divisions) Path(x *Division) []*Division {
	var path []*Division
	for ; x != nil; x = d.Parent(x) {
		path = append(path, x)
	}
	slices.Reverse(path)
	return path
}

// Within lists the divisions strictly inside x, ascending by code, without
// placeholders.
func (d *Divisions) Within(x *Division) iter.Seq[*Division] {
	return func(yield func(*Division) bool) {
		i := sort.Search(len(d.rows), func(i int) bool { return d.rows[i].Code > x.Code })
		for ; i < len(d.rows) && strings.HasPrefix(d.rows[i].Code, x.Code); i++ {
			if !d.rows[i].Placeholder && !yield(&d.rows[i]) {
				return
			}
		}
	}
}

// All lists every division, ascending by code, without placeholders.
func (d *Divisions) All() iter.Seq[*Division] { return d.Within(&Division{}) }

// Rows counts the rows of each level, placeholders included.
func (d *Divisions) Rows() map[kg.Level]int {
	n := map[kg.Level]int{}
	for i := range d.rows {
		n[d.rows[i].Level]++
	}
	return n
}

// Named lists the divisions that a folded name may stand for, ascending by
// code.
func (d *Divisions) Named(name string) []Naming {
	if id, ok := d.names.Lookup(name); ok {
		return d.namings[id]
	}
	return nil
}

// Find yields every place in a folded text where a name of a division stands,
// overlapping ones included, with what it may stand for.
func (d *Divisions) Find(text []rune) iter.Seq2[Match, []Naming] {
	return func(yield func(Match, []Naming) bool) {
		for m := range d.names.FindAll(text) {
			if !yield(m, d.namings[m.ID]) {
				return
			}
		}
	}
}

// FindAt yields the names of divisions that a folded text has at from,
// shortest first.
func (d *Divisions) FindAt(text []rune, from int) iter.Seq2[Match, []Naming] {
	return func(yield func(Match, []Naming) bool) {
		for m := range d.names.FindAt(text, from) {
			if !yield(m, d.namings[m.ID]) {
				return
			}
		}
	}
}

// Entity is x as an entity; its aliases are its short names.
func (d *Divisions) Entity(x *Division) kg.Entity {
	e := kg.Entity{ID: x.ID(), Kind: kg.KindJurisdiction, Name: x.Name, Code: x.Code, Level: x.Level}
	if x.Merged() {
		e.Code = ""
	}
	for _, s := range d.rules.shortNames(x.Name) {
		e.Aliases = append(e.Aliases, s.name)
	}
	for _, f := range d.rules.former {
		if f.code == x.Code {
			e.Aliases = append(e.Aliases, f.name)
		}
	}
	slices.Sort(e.Aliases)
	for _, p := range d.Path(x) {
		e.FullName += p.Name
	}
	if p := d.Parent(x); p != nil {
		e.ParentID = p.ID()
	}
	return e
}
