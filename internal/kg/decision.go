package kg

import "strconv"

// DecisionKind says what an editor decided.
type DecisionKind string

const (
	// RejectMention: what the extractor found at a place is no mention.
	RejectMention DecisionKind = "REJECT_MENTION"
	// MergeEntities: two entities are one.
	MergeEntities DecisionKind = "MERGE_ENTITIES"
	// SplitEntity: some mentions of an entity mean another one.
	SplitEntity DecisionKind = "SPLIT_ENTITY"
)

// Decision is what an editor decided about facts. It hangs on entities, quotes
// and their context, never on places in a text, so it holds for a report that is
// read again. It stays on record when it is undone.
type Decision struct {
	// ID is made by DecisionID.
	ID   string
	Kind DecisionKind
	// By is who decided, At when (RFC 3339, UTC), Reason why.
	By, At, Reason string
	// UndoneBy, UndoneAt and UndoneReason are set once it is undone.
	UndoneBy, UndoneAt, UndoneReason string

	// EntityID is the entity that the mentions of Anchors name; of a merge, the
	// one that goes. It is empty for a rejected mention that was undecided.
	EntityID string
	// IntoID is, of a merge, the entity that stays; of a split, the new one.
	IntoID string
	// Name is, of a split, the new entity's; the old one's if empty.
	Name string
	// Names are, of a merge, those that the entity that goes had: the other one
	// is found by them too.
	Names []string
	// OwnNames are those of Names that the other one had of itself.
	OwnNames []string
	// Into is, of a merge, the entity that stays, with all that it refers to, for
	// reports that did not name it.
	Into []Entity
	// Anchors are the mentions that were rejected, or split off.
	Anchors []Anchor
}

// Undone tells whether the decision holds no more.
func (d Decision) Undone() bool { return d.UndoneAt != "" }

// Anchor is a mention, told by what it says and where it says it.
type Anchor struct {
	// ReportID is the report at the time of the decision. The anchor holds for
	// another text of the same issuer and year as well, where both are known.
	ReportID, IssuerID string
	Year               int
	Kind               Kind
	// EntityID is the entity that the extractor linked; empty if undecided.
	EntityID string
	Quote    string
	// Context is the folded text of the passage.
	Context string
	// Nth counts the mentions of this kind and quote in the passage, from 0.
	Nth int
}

// DecisionID is the ID of a store's nth decision, from 1.
func DecisionID(n int) string { return prefixDecision + strconv.Itoa(n) }

// SplitID is the ID of the entity that a decision split off from another.
func SplitID(entityID, decisionID string) string {
	return entityID + "~" + decisionID[len(prefixDecision):]
}
