package model

import (
	"graphd/internal/adoption"
	"graphd/internal/kg"
	"graphd/internal/store"
)

// Proof is what proves something: mentions that are to be read, and others
// that were read already.
type Proof struct {
	Claims []Claim
	Found  []store.Evidence
}

// SpreadEdge tells that a practice went from one jurisdiction to another.
type SpreadEdge struct {
	Sibling[SpreadEdge]
	Proof
	FromID, ToID     string
	Kind             SpreadEvidence
	FromYear, ToYear int
	Vertical         bool
}

// Trend is how much a practice gained from one year to another.
type Trend struct {
	Sibling[Trend]
	PracticeID              string
	First, Last             *Share
	Gain, GainLow, GainHigh float64
	MinStatus               kg.Status
	// Adopters lists those that adopted meanwhile.
	Adopters func() []adoption.Adoption
}

// CoAdoption is how the adopters of two practices overlap.
type CoAdoption struct {
	Sibling[CoAdoption]
	adoption.CoAdoption
	// ThisID is the practice asked about.
	ThisID string
}

// CoAdopter adopts two practices.
type CoAdopter struct {
	Sibling[CoAdopter]
	JurisdictionID string
	This, Other    *Adoption
}

// Similarity is how much two jurisdictions have in common.
type Similarity struct {
	Sibling[Similarity]
	adoption.Similarity
	// OfID is the jurisdiction asked about.
	OfID string
}

// SharedItem is something that two sides name.
type SharedItem struct {
	Sibling[SharedItem]
	Claim
	EntityID      string
	Jurisdictions int
	Rarity        float64
}

// LawUse is how often a law is cited.
type LawUse struct {
	Sibling[LawUse]
	adoption.LawUse
}

// Reports counts the reports that cite it.
func (u *LawUse) Reports() int { return len(u.ReportIDs) }

// Superseded counts those that cite it when it was not in force.
func (u *LawUse) Superseded() int { return len(u.SupersededIDs) }

// LawFirmUse is whom a law firm serves.
type LawFirmUse struct {
	Sibling[LawFirmUse]
	adoption.FirmUse
}

// ClientCount counts the clients.
func (u *LawFirmUse) ClientCount() int { return len(u.FirmUse.Clients) }

// LawFirmChange is that reports of two years name different firms.
type LawFirmChange struct {
	Sibling[LawFirmChange]
	adoption.FirmChange
}

// Claim is what proves it.
func (c *LawFirmChange) Claim() Claim {
	return Claim{Reports: append(append([]string{}, c.Before...), c.After...), Entities: append(append([]string{}, c.FirmChange.Left...), c.FirmChange.Joined...)}
}

// MetricComparison is the figures of one indicator, side by side.
type MetricComparison struct {
	Indicator      *Indicator
	Rows           []*MetricRow
	Contradictions []*Contradiction
}

// MetricRow is one of these figures.
type MetricRow struct {
	Sibling[MetricRow]
	JurisdictionID         string
	Year                   int
	Metric                 *Metric
	Unit                   string
	Cumulative, Comparable bool
	PerTenThousand         *float64
	reason                 string
}

// Reason is absent where there is nothing to say.
func (r *MetricRow) Reason() (string, bool) { return given(r.reason) }

// SetReason says why the figure may not be compared, or with what care.
func (r *MetricRow) SetReason(reason string) { r.reason = reason }

// Contradiction is that two reports give different figures for one year.
type Contradiction struct {
	Earlier, Later    *Metric
	Claimed, Reported float64
}

// Changes is a report against an earlier one.
type Changes struct {
	Sibling[Changes]
	adoption.Changes
	// ReportID is the later report.
	ReportID string
}

// StatusChange is a practice that two reports stand behind differently.
type StatusChange struct {
	Sibling[StatusChange]
	adoption.StatusChange
}

// PracticeChange is what two reports say of a practice.
type PracticeChange struct {
	Sibling[PracticeChange]
	PracticeID string
	// Earlier and Later are the reports.
	Earlier, Later string
	// Was and Is are the statuses there.
	Was, Is kg.Status
}

// From is absent where the earlier report does not name the practice.
func (c *PracticeChange) From() (kg.Status, bool) { return c.Was, c.Was != kg.StatusNone }

// To is absent where the later report does not name the practice.
func (c *PracticeChange) To() (kg.Status, bool) { return c.Is, c.Is != kg.StatusNone }

// MetricChange is one indicator in two reports.
type MetricChange struct {
	Sibling[MetricChange]
	IndicatorID   string
	Before, After *Metric
	Difference    float64
}

// Reuse is a passage that two reports share.
type Reuse struct {
	Sibling[Reuse]
	OtherID      string
	Here, There  *Evidence
	Characters   int
	Rarity       float64
	Relation     ReuseRelation
	FromSuperior bool
}

// Path is a chain of reports and entities.
type Path struct {
	Sibling[Path]
	IDs   []string
	Links []*PathLink
}

// PathLink joins two neighbours of a path.
type PathLink struct {
	Sibling[PathLink]
	Claim
	From, To ID
	Kind     string
}
