package kg

import "fmt"

// Kind says what a mention names, and so what its entity is.
type Kind string

const (
	KindJurisdiction Kind = "JURISDICTION"
	KindLaw          Kind = "LAW"
	KindPractice     Kind = "PRACTICE"
	KindLawFirm      Kind = "LAW_FIRM"
	// KindMetric is the kind of a mention that states a quantity. Its entity,
	// where it has one, is of kind KindIndicator.
	KindMetric Kind = "METRIC"
	// KindIndicator is the kind of an entity only.
	KindIndicator Kind = "INDICATOR"
)

// Level is the rung of the administrative ladder that a division stands on.
type Level string

const (
	LevelProvince   Level = "PROVINCE"
	LevelPrefecture Level = "PREFECTURE"
	LevelCounty     Level = "COUNTY"
	LevelTownship   Level = "TOWNSHIP"
	LevelVillage    Level = "VILLAGE"
)

// Scope says how widely a practice is meant to be used.
type Scope string

const (
	ScopeNational   Scope = "NATIONAL"
	ScopeProvincial Scope = "PROVINCIAL"
	ScopeLocal      Scope = "LOCAL"
)

// LawType is the rank of a cited document.
type LawType string

const (
	LawConstitution             LawType = "CONSTITUTION"
	LawLaw                      LawType = "LAW"
	LawAdministrativeRegulation LawType = "ADMINISTRATIVE_REGULATION"
	LawLocalRegulation          LawType = "LOCAL_REGULATION"
	LawRule                     LawType = "RULE"
	LawJudicialInterpretation   LawType = "JUDICIAL_INTERPRETATION"
	LawPartyRegulation          LawType = "PARTY_REGULATION"
	LawPolicy                   LawType = "POLICY"
	LawOther                    LawType = "OTHER"
)

// Status says how firmly a report stands behind a practice. The values are
// ordered: a greater one is a stronger claim.
type Status uint8

const (
	StatusNone Status = iota
	StatusPlanned
	StatusReferred
	StatusImplemented
	StatusQuantified
	StatusHonoured
)

var statusNames = [...]string{"", "PLANNED", "REFERRED", "IMPLEMENTED", "QUANTIFIED", "HONOURED"}

// String is the status's name as clients write it; empty for StatusNone.
func (s Status) String() string {
	if int(s) < len(statusNames) {
		return statusNames[s]
	}
	return ""
}

// ParseStatus is the inverse of String. ok is false for an unknown name.
func ParseStatus(name string) (s Status, ok bool) {
	for i, n := range statusNames {
		if n == name && i > 0 {
			return Status(i), true
		}
	}
	return StatusNone, false
}

// LawVersion is one version of a law. Dates are YYYY-MM-DD, empty if unknown;
// Until is the day from which the version no longer holds. Enacted tells that the
// law was made by it: there was none before.
type LawVersion struct {
	Adopted, Effective, Until string
	Enacted                   bool `json:",omitempty"`
}

// Entity is one thing that reports name. Its properties are a function of its
// ID and the extractor's version, never of the report it was found in, so that
// the order of ingestion cannot show.
type Entity struct {
	ID   string
	Kind Kind
	// Name is canonical: simplified characters, half-width, no quotation marks.
	Name string
	// Aliases are other names, without Name, in ascending order.
	Aliases []string

	// Of a jurisdiction. Code is empty where the register has none; ParentID
	// is empty for a province. FullName joins the names from the province down.
	Code     string
	Level    Level
	FullName string
	ParentID string

	// Of a practice. VariantOf and PartOf are entity IDs or empty.
	Scope     Scope
	Category  string
	VariantOf string
	PartOf    string

	// Of a law. IssuedBy is the jurisdiction a local document belongs to.
	LawType  LawType
	IssuedBy string
	Versions []LawVersion

	// Of an indicator.
	Unit string

	// ReportCount and MentionCount are kept by the store; a linker leaves
	// them zero. They count stored reports that mention the entity, and
	// those mentions.
	ReportCount, MentionCount int
}

// References lists the IDs of entities that this one points to.
func (e Entity) References() []string {
	var ids []string
	for _, id := range []string{e.ParentID, e.VariantOf, e.PartOf, e.IssuedBy} {
		if id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// InForce tells whether one of a law's versions held at some time in a year.
// known is false where that cannot be told: for year zero, for a law without
// versions, where only a version without the day from which it holds could be the
// one, and before the first version unless the law was enacted by it, for a register
// may begin with a revision of a law that is much older.
func (e Entity) InForce(year int) (inForce, known bool) {
	first, last := fmt.Sprintf("%04d-01-01", year), fmt.Sprintf("%04d-12-31", year)
	outside, undated := false, false
	for _, v := range e.Versions {
		switch {
		case year == 0:
		case v.Effective != "" && v.Effective > last:
			outside = outside || v.Enacted
		case v.Until != "" && v.Until <= first:
			outside = true
		case v.Effective == "":
			undated = true
		default:
			return true, true
		}
	}
	return false, outside && !undated
}

// Mention is one place in one report that names an entity or states a figure.
type Mention struct {
	// ID is made by MentionID.
	ID       string
	ReportID string
	Kind     Kind
	// EntityID is empty for an unresolved mention (Candidates tells among
	// what) and for a metric that belongs to no indicator.
	EntityID string
	Span
	// Quote is the exact slice of the report's text at Span.
	Quote string
	// Passage is the index in Report.Passages of the passage that holds it.
	Passage int
	// Rule names the rule that found the mention.
	Rule string

	// Status is set for practices only.
	Status Status
	// Article and DocNumber are set for laws only, where given (第十二条).
	Article   string
	DocNumber string
	// Candidates are the entity IDs an unresolved mention may stand for, in
	// ascending order.
	Candidates []string
	// Metric is set for mentions of KindMetric only.
	Metric *Metric
}

// Unresolved tells whether the mention names something that could not be
// decided.
func (m Mention) Unresolved() bool { return m.EntityID == "" && m.Kind != KindMetric }

// Metric is a stated quantity.
type Metric struct {
	// Label says what is counted, understandable on its own.
	Label string
	// Value is resolved (37万 is 370000); of a range it is the lower end.
	Value float64
	// ValueMax is the upper end of a range, else nil.
	ValueMax *float64
	// Unit is as written, in simplified characters; money is always 元.
	Unit        string
	Approximate bool
	// Target marks a plan or a requirement that is no result.
	Target bool
	// Period is the time covered, as written; empty if it is the year
	// reported on.
	Period string
	// ParentID is the mention ID of the figure this one is part of (其中).
	ParentID string
}
