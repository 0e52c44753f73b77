package model

import "graphd/internal/kg"

// Node is anything with an ID.
type Node interface{ IsNode() }

// Entity is something that reports name.
type Entity interface {
	Node
	IsEntity()
}

// Named is what all entities have.
type Named struct{ kg.Entity }

// ID is the entity's ID.
func (n Named) ID() ID { return ID(n.Entity.ID) }

// Show makes n show the entity.
func (n *Named) Show(e kg.Entity) { n.Entity = e }

// IsNode marks a Node.
func (Named) IsNode() {}

// IsEntity marks an Entity.
func (Named) IsEntity() {}

// Jurisdiction is an administrative division.
type Jurisdiction struct {
	Sibling[Jurisdiction]
	Named
}

// Code is absent for a division that the register lacks.
func (j *Jurisdiction) Code() (string, bool) { return given(j.Entity.Code) }

// Practice is something that a government adopts.
type Practice struct {
	Sibling[Practice]
	Named
}

// Category is absent for a practice that is not classified.
func (p *Practice) Category() (string, bool) { return given(p.Entity.Category) }

// Law is a cited document.
type Law struct {
	Sibling[Law]
	Named
}

// Title is the law's name.
func (l *Law) Title() string { return l.Name }

// Type is the law's rank.
func (l *Law) Type() kg.LawType { return l.LawType }

// Versions are ordered as the law's register has them, oldest first.
func (l *Law) Versions() []*LawVersion {
	versions := make([]*LawVersion, len(l.Entity.Versions))
	for i, v := range l.Entity.Versions {
		versions[i] = &LawVersion{v}
	}
	return versions
}

// LawVersion is one version of a law.
type LawVersion struct{ version kg.LawVersion }

// Adopted is absent where unknown.
func (v *LawVersion) Adopted() (string, bool) { return given(v.version.Adopted) }

// Effective is absent where unknown.
func (v *LawVersion) Effective() (string, bool) { return given(v.version.Effective) }

// Until is absent where unknown.
func (v *LawVersion) Until() (string, bool) { return given(v.version.Until) }

// LawFirm is a law firm.
type LawFirm struct {
	Sibling[LawFirm]
	Named
}

// Indicator is something that reports count in comparable words.
type Indicator struct {
	Sibling[Indicator]
	Named
}

// Unit is absent where unknown.
func (i *Indicator) Unit() (string, bool) { return given(i.Entity.Unit) }

// given is s, absent if it is empty.
func given(s string) (string, bool) { return s, s != "" }
