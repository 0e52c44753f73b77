package registry

import (
	"cmp"
	_ "embed"
	"fmt"
	"iter"
	"slices"
	"strings"

	"graphd/internal/fold"
	"graphd/internal/kg"
)

//go:embed laws.tsv.gz
var lawsFile []byte

//go:embed law-aliases.tsv
var lawAliasesFile string

//go:embed law-enactments.tsv
var lawEnactmentsFile string

// Law is one law of the register with all its known versions.
type Law struct {
	// Title is canonical: folded, without 《》 and 中华人民共和国.
	Title    string
	Type     kg.LawType
	Aliases  []string        // ascending
	Versions []kg.LawVersion // ascending by date
}

// Laws is the register of laws.
type Laws struct {
	rows    int
	byTitle map[string]*Law
	bare    *Dictionary
	bareOf  []*Law
}

var lawTypes = map[string]kg.LawType{}

func init() {
	for _, t := range []kg.LawType{
		kg.LawConstitution, kg.LawLaw, kg.LawAdministrativeRegulation, kg.LawLocalRegulation, kg.LawRule,
		kg.LawJudicialInterpretation, kg.LawPartyRegulation, kg.LawPolicy, kg.LawOther,
	} {
		lawTypes[string(t)] = t
	}
}

func loadLaws() (*Laws, error) {
	data, err := unpack(lawsFile)
	if err != nil {
		return nil, fmt.Errorf("laws.tsv.gz: %w", err)
	}
	l := &Laws{byTitle: map[string]*Law{}}
	var all []*Law
	for i, line := range strings.Split(strings.TrimSuffix(data, "\n"), "\n") {
		f := strings.Split(line, "\t")
		if i == 0 {
			continue
		}
		if len(f) != 5 || lawTypes[f[1]] == "" {
			return nil, fmt.Errorf("laws.tsv.gz: bad line %q", line)
		}
		l.rows++
		title := LawTitle(f[0])
		law := l.byTitle[lawKey(title)]
		if law == nil {
			law = &Law{Title: title, Type: lawTypes[f[1]]}
			l.byTitle[lawKey(title)] = law
			all = append(all, law)
		}
		if v := (kg.LawVersion{Adopted: f[2], Effective: f[3]}); v != (kg.LawVersion{}) && !slices.Contains(law.Versions, v) {
			law.Versions = append(law.Versions, v)
		}
	}
	for _, law := range all {
		datesOf(law.Versions)
	}
	if err := l.enact(); err != nil {
		return nil, err
	}
	return l, l.alias(all)
}

// enact marks the first versions that are the law as it was enacted.
func (l *Laws) enact() error {
	return eachRow("law-enactments.tsv", lawEnactmentsFile, 2, func(f []string) error {
		law := l.byTitle[lawKey(f[0])]
		if law == nil || len(law.Versions) == 0 || !strings.HasPrefix(law.Versions[0].Adopted, f[1]+"-") {
			return fmt.Errorf("the register has no version of %q adopted first in %q", f[0], f[1])
		}
		law.Versions[0].Enacted = true
		return nil
	})
}

// datesOf orders the versions of one law and dates their ends: a version holds
// until the next takes effect, and where that day is unknown its end is too.
func datesOf(vs []kg.LawVersion) {
	slices.SortFunc(vs, func(a, b kg.LawVersion) int {
		return cmp.Compare(cmp.Or(a.Adopted, a.Effective), cmp.Or(b.Adopted, b.Effective))
	})
	for i := 1; i < len(vs); i++ {
		vs[i-1].Until = vs[i].Effective
	}
}

// alias reads the aliases and builds the dictionary of names that stand for a
// law without 《》.
func (l *Laws) alias(all []*Law) error {
	var names []string
	bare := func(name string, law *Law) {
		names = append(names, name)
		l.bareOf = append(l.bareOf, law)
	}
	for _, law := range all {
		switch n := len([]rune(law.Title)); {
		case law.Type == kg.LawConstitution, law.Type == kg.LawLaw && n >= 3 && strings.HasSuffix(law.Title, "法"),
			law.Type == kg.LawLaw && n >= 3 && strings.HasSuffix(law.Title, "法典"),
			law.Type == kg.LawAdministrativeRegulation && n >= 6 && strings.HasSuffix(law.Title, "条例"):
			bare(law.Title, law)
		}
	}
	err := eachRow("law-aliases.tsv", lawAliasesFile, 3, func(f []string) error {
		law := l.byTitle[lawKey(f[1])]
		if law == nil {
			return fmt.Errorf("%q is not registered", f[1])
		}
		if t := lawTypes[f[2]]; t != "" {
			law.Type = t
			return nil
		}
		if f[2] != "bare" && f[2] != "quoted" {
			return fmt.Errorf("%q is neither bare nor quoted nor a type", f[2])
		}
		if f[0] != law.Title {
			if other := l.byTitle[lawKey(f[0])]; other != nil {
				return fmt.Errorf("%q is the name of a law", f[0])
			}
			l.byTitle[lawKey(f[0])] = law
			law.Aliases = append(law.Aliases, f[0])
			slices.Sort(law.Aliases)
		}
		if f[2] == "bare" {
			bare(f[0], law)
		}
		return nil
	})
	l.bare = Build(names)
	return err
}

// LawTitle is the canonical form of a title: folded, without 《》 and without
// 中华人民共和国 in front.
func LawTitle(s string) string {
	if s = fold.Name(s); strings.ContainsAny(s, "《》〈〉<>") {
		s = titleBrackets.Replace(s)
	}
	if rest, ok := strings.CutPrefix(s, "中华人民共和国"); ok && rest != "" {
		return rest
	}
	return s
}

var (
	titleBrackets = strings.NewReplacer("《", "", "》", "", "〈", "", "〉", "", "<", "", ">", "")
	// Titles differ in print by these alone.
	titleNoise = strings.NewReplacer("中华人民共和国", "", "、", "", ",", "", "(试行)", "", "(暂行)", "")
)

// lawKey is equal for the forms in which one title is written.
func lawKey(title string) string { return titleNoise.Replace(LawTitle(title)) }

// Rows counts the versions in the register.
func (l *Laws) Rows() int { return l.rows }

// ByTitle is the law of that title or alias, in any of its written forms.
func (l *Laws) ByTitle(title string) (*Law, bool) {
	law := l.byTitle[lawKey(title)]
	return law, law != nil
}

// FindBare yields the places in a folded text where a law stands by its name
// alone, overlapping ones included.
func (l *Laws) FindBare(text []rune) iter.Seq2[Match, *Law] {
	return func(yield func(Match, *Law) bool) {
		for m := range l.bare.FindAll(text) {
			if !yield(m, l.bareOf[m.ID]) {
				return
			}
		}
	}
}
