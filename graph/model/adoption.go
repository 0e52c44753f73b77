package model

import (
	"graphd/internal/adoption"
	"graphd/internal/kg"
	"graphd/internal/store"
)

// Adoption is one jurisdiction's adoption of a practice.
type Adoption struct {
	Sibling[Adoption]
	adoption.Adoption
	// MinStatus is the least status that counted as adopting.
	MinStatus kg.Status
}

// Claim is what the adoption's evidence proves.
func (a *Adoption) Claim() Claim {
	return Claim{Reports: a.ReportIDs, Entities: a.PracticeIDs, MinStatus: a.MinStatus}
}

// Spread is how a practice spread.
type Spread struct {
	Sibling[Spread]
	adoption.Spread
	Query adoption.SpreadQuery
}

// Level is absent if all levels were asked about.
func (s *Spread) Level() (kg.Level, bool) { return s.Query.Level, s.Query.Level != "" }

// MinStatus is the least status that counted as adopting.
func (s *Spread) MinStatus() kg.Status { return s.Query.MinStatus }

// SpreadYear is one year of a spread.
type SpreadYear struct {
	adoption.SpreadYear
	NewAdopters []*Adoption
}

// Share is the part of a region's observed jurisdictions that adopts.
type Share struct {
	Sibling[Share]
	RegionID           string
	Observed, Adopting int
	Share, Low, High   *float64
}

// Shared is what two jurisdictions or reports have in common.
type Shared struct {
	Sibling[Shared]
	Practices  []*Practice
	Laws       []*Law
	LawFirms   []*LawFirm
	Indicators []*Indicator
	// A and B are the two sides, Common what they share that has a rarity.
	A, B   string
	Common []adoption.Rarity
}

// SearchHit is one place where a searched text stands.
type SearchHit struct {
	Sibling[SearchHit]
	Kind store.SearchKind
	// NodeID is the entity, or the report that holds the title or passage.
	NodeID    string
	Highlight string
	// Evidence is set for passages.
	Evidence *Evidence
}

// Corpus is what is stored, counted.
type Corpus struct {
	Sibling[Corpus]
	Revision, ReportCount, JurisdictionCount int
	Years                                    []int
	Extractor                                *Extractor
}

// Coverage counts the divisions that have a report for a year.
type Coverage struct{ Year, WithReport, Registered int }

// Extractor is the part of the program that reads reports.
type Extractor struct {
	Version string
	// Measured holds how good its facts are, by set.
	Measured map[QualitySet][]*Quality
}

// Quality is how good the facts are that the extractor finds in a set of
// reports.
func (e *Extractor) Quality(set QualitySet) []*Quality { return e.Measured[set] }

// Quality is how good the facts of one kind are.
type Quality struct {
	Kind                                 string
	Precision, Recall, F1, F1Low, F1High float64
	Items                                int
}
