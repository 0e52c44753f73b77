package model

import "graphd/internal/kg"

// Decision is what an editor decided.
type Decision struct {
	Sibling[Decision]
	kg.Decision
}

// ID is the decision's ID.
func (d *Decision) ID() ID { return ID(d.Decision.ID) }

// IsNode marks a Node.
func (*Decision) IsNode() {}

// Mentions are those that the decision is about.
func (d *Decision) Mentions() []*DecidedMention {
	mentions := make([]*DecidedMention, len(d.Anchors))
	for i, a := range d.Anchors {
		mentions[i] = &DecidedMention{Kind: a.Kind, Quote: a.Quote, Context: a.Context}
	}
	return mentions
}

// Undone is nil while the decision holds.
func (d *Decision) Undone() *Undone {
	if !d.Decision.Undone() {
		return nil
	}
	return &Undone{By: d.UndoneBy, At: d.UndoneAt, Reason: d.UndoneReason}
}
