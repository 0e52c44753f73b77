package linker

import (
	"slices"
	"strings"

	"graphd/internal/fold"
	"graphd/internal/kg"
	"graphd/internal/linker/registry"
)

// issuer is who issued a report, as far as it is known.
type issuer struct {
	kg.Issuer
	// id is the entity ID; empty if the issuer could not be decided.
	id string
	// division is the issuer in the register; nil if it is not there.
	division *registry.Division
	// parent is what an issuer lies in that is not in the register.
	parent *registry.Division
	// entities are what the issuer and its candidates need.
	entities []kg.Entity
}

func (l *Linker) issuerEntities(is issuer) []kg.Entity { return is.entities }

// issuer decides who issued the report. The places where issuers name
// themselves (title, signature, opening, publisher) tell the name; where
// several divisions bear it, what else the document names tells which one.
func (l *Linker) issuer(t *text) issuer {
	s, ok := l.subject(t)
	if !ok {
		return issuer{Issuer: kg.Issuer{Name: zoneOf([]rune(fold.Name(t.doc.Report.Title)))}}
	}
	is := issuer{Issuer: kg.Issuer{Name: s.name, Department: s.bureau}}
	left := s.divisions
	if len(left) > 1 {
		left = l.likeliest(t, left)
	}
	switch {
	case len(left) == 1:
		is.settle(l, left[0])
	case len(left) == 0 && s.parent != nil:
		e := l.unregistered(s.parent, s.name)
		is.id, is.parent = e.ID, s.parent
		is.entities = append(l.entitiesOf(s.parent), e)
		is.Path = append(names(l.reg.Divisions.Path(s.parent)), s.name)
	default:
		for _, x := range left {
			is.Candidates = append(is.Candidates, x.ID())
			is.entities = append(is.entities, l.entitiesOf(x)...)
		}
		slices.Sort(is.Candidates)
	}
	return is
}

// zoneOf is the zone that a title begins with (某某新区管委会2023年…): no division,
// but it speaks for itself. Empty if it begins with none.
func zoneOf(title []rune) string {
	const longest = 20
	if startsWith(title, "关于") {
		title = title[2:]
	}
	for i := 2; i < min(len(title), longest) && isHan(title[i]); i++ {
		if w := hasAt(title, i, words.Zone); w != "" {
			return string(title[:i]) + w
		}
	}
	return ""
}

func (is *issuer) settle(l *Linker, x *registry.Division) {
	is.division, is.id = x, x.ID()
	is.Name = x.Name
	if d := []rune(is.Department); len(d) > 0 && !strings.ContainsRune(levelEndings, d[0]) {
		name := []rune(x.Name)
		is.Department = string(name[len(name)-1:]) + is.Department // 水利局
	}
	if !x.Merged() {
		is.Code = x.Code
	}
	is.Path = names(l.reg.Divisions.Path(x))
	is.entities = l.entitiesOf(x)
}

func names(path []*registry.Division) []string {
	var ns []string
	for _, x := range path {
		ns = append(ns, x.Name)
	}
	return ns
}

// entitiesOf are a division and all it lies in.
func (l *Linker) entitiesOf(x *registry.Division) []kg.Entity {
	var es []kg.Entity
	for _, p := range l.reg.Divisions.Path(x) {
		es = append(es, l.reg.Divisions.Entity(p))
	}
	return es
}
