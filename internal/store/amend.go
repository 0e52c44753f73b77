package store

import (
	"context"
	"errors"
	"slices"

	"graphd/internal/kg"
)

// Amendment is a decision with what it changes.
type Amendment struct {
	// Revision is the store's, for which the amendment was made.
	Revision int64
	// Decision is new, or takes the place of the one with its ID.
	Decision kg.Decision
	// Write are the new contents of reports that the store holds.
	Write []Contents
	// Entities are others that change, as the extractor gives them.
	Entities []kg.Entity
}

// Plan is what a store carries out, given the decisions that it holds without
// this one.
func (a Amendment) Plan(held []kg.Decision) Plan {
	return Plan{Write: a.Write, Entities: entitiesOf(a.Write, a.Entities, replace(held, a.Decision)), Changes: 1}
}

// replace is the decisions with d in its place, or behind them.
func replace(held []kg.Decision, d kg.Decision) []kg.Decision {
	held = slices.Clone(held)
	if i := slices.IndexFunc(held, func(h kg.Decision) bool { return h.ID == d.ID }); i >= 0 {
		held[i] = d
		return held
	}
	return append(held, d)
}

// errBusy is the error of an amendment that others kept overtaking.
var errBusy = errors.New("the store was changed again and again meanwhile; decide again")

// amendAttempts is how often an amendment is made anew because the store
// changed meanwhile.
const amendAttempts = 10

// Editor decides and undoes in a store.
type Editor struct{ Store }

// Decide is the function Decide.
func (e Editor) Decide(ctx context.Context, d kg.Decision, mentionIDs []string) (kg.Decision, error) {
	return Decide(ctx, e.Store, d, mentionIDs)
}

// Undo is the function Undo.
func (e Editor) Undo(ctx context.Context, id, by, at, reason string) (kg.Decision, error) {
	return Undo(ctx, e.Store, id, by, at, reason)
}

// Decide records what an editor decided and applies it to all reports. Given are
// Kind, By, At, Reason, EntityID (of a merge the entity that goes, of a split
// the one that is split), IntoID (of a merge), Name (of a split), and the IDs of
// the mentions to reject or split off. It returns the decision as recorded.
// What makes no sense is CodeUsage: an entity or a mention that is not there, of
// another kind, or of another entity; a jurisdiction to be merged or split; a
// merge after which an entity would be a variant or a part of itself; no reason.
func Decide(ctx context.Context, s Store, d kg.Decision, mentionIDs []string) (kg.Decision, error) {
	if err := checkDecision(d); err != nil {
		return d, err
	}
	return amending(ctx, s, func(revision int64, held []kg.Decision) (Amendment, error) {
		made := d
		made.ID = kg.DecisionID(len(held) + 1)
		a := Amendment{Revision: revision}
		var touched []string
		var err error
		switch d.Kind {
		case kg.RejectMention, kg.SplitEntity:
			touched, err = anchor(ctx, s, &made, mentionIDs)
		case kg.MergeEntities:
			touched, a.Entities, err = joined(ctx, s, &made, held)
		default:
			err = usage("decide", "%q is no kind of decision", d.Kind)
		}
		if err != nil {
			return a, err
		}
		a.Decision = made
		a.Write, err = rewritten(ctx, s, touched, held, replace(held, made))
		return a, err
	})
}

// Undo takes a decision back, and returns it as recorded. The others hold on.
// An unknown decision, and one that is undone already, is CodeUsage.
func Undo(ctx context.Context, s Store, id, by, at, reason string) (kg.Decision, error) {
	if err := checkDecision(kg.Decision{By: by, At: at, Reason: reason}); err != nil {
		return kg.Decision{}, err
	}
	return amending(ctx, s, func(revision int64, held []kg.Decision) (Amendment, error) {
		i := slices.IndexFunc(held, func(d kg.Decision) bool { return d.ID == id })
		if i < 0 {
			return Amendment{}, notThere("decision", id)
		}
		d := held[i]
		if d.Undone() {
			return Amendment{}, usage("undo", "the decision was undone before")
		}
		d.UndoneBy, d.UndoneAt, d.UndoneReason = by, at, reason
		a := Amendment{Revision: revision, Decision: d}
		if d.Kind == kg.MergeEntities {
			stays, err := s.Entities(ctx, []string{d.IntoID})
			if err != nil {
				return a, err
			}
			for _, e := range stays {
				a.Entities = append(a.Entities, bare(Unnamed(e, held)))
			}
		}
		originals, err := s.Originals(ctx, nil)
		if err != nil {
			return a, err
		}
		var ids []string
		for id := range originals {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		a.Write, err = rewritten(ctx, s, ids, held, replace(held, d))
		return a, err
	})
}

// amending makes amendments until one is made for what the store holds.
func amending(ctx context.Context, s Store, make func(revision int64, held []kg.Decision) (Amendment, error)) (kg.Decision, error) {
	for range amendAttempts {
		revision, err := s.Revision(ctx)
		if err != nil {
			return kg.Decision{}, err
		}
		held, err := s.Decisions(ctx)
		if err != nil {
			return kg.Decision{}, err
		}
		a, err := make(revision, held)
		if err != nil {
			return kg.Decision{}, err
		}
		if ok, err := s.Amend(ctx, a); ok || err != nil {
			return a.Decision, err
		}
	}
	return kg.Decision{}, &kg.Error{Op: "decide", Code: kg.CodeInternal, Err: errBusy}
}

// anchor completes a decision on mentions, and returns their reports.
func anchor(ctx context.Context, s Store, d *kg.Decision, mentionIDs []string) ([]string, error) {
	if len(mentionIDs) == 0 || d.Kind == kg.RejectMention && len(mentionIDs) > 1 {
		return nil, usage("decide", "%d mentions are given", len(mentionIDs))
	}
	found, err := s.Mentions(ctx, MentionQuery{IDs: set(mentionIDs)})
	if err != nil {
		return nil, err
	}
	byID := map[string]kg.Mention{}
	var reports []string
	for _, e := range found {
		byID[e.Mention.ID] = e.Mention
		reports = append(reports, e.Mention.ReportID)
	}
	reports = set(reports)
	raw, err := FactsOf(ctx, s, reports)
	if err != nil {
		return nil, err
	}
	for _, id := range set(mentionIDs) {
		m, ok := byID[id]
		if !ok {
			return nil, notThere("mention", id)
		}
		if d.Kind == kg.RejectMention {
			d.EntityID = m.EntityID
		} else if m.EntityID != d.EntityID {
			return nil, usage("decide", "mention %q names another entity", id)
		}
		f := raw[m.ReportID]
		// The extractor may have linked it to what a merge or a split changed.
		at := slices.IndexFunc(f.Mentions, func(o kg.Mention) bool { return o.ID == id })
		if at < 0 {
			return nil, notThere("mention", id)
		}
		d.Anchors = append(d.Anchors, AnchorOf(f.Report, f.Mentions, f.Mentions[at]))
	}
	if d.Kind != kg.SplitEntity {
		return reports, nil
	}
	whole, err := one(ctx, s, d.EntityID)
	if err != nil {
		return nil, err
	}
	d.IntoID = kg.SplitID(whole.ID, d.ID)
	return reports, mergeable(whole)
}

// joined completes a decision to merge, and returns the reports that it touches
// and the entity that stays.
func joined(ctx context.Context, s Store, d *kg.Decision, held []kg.Decision) ([]string, []kg.Entity, error) {
	goes, err := one(ctx, s, d.EntityID)
	if err != nil {
		return nil, nil, err
	}
	stays, err := one(ctx, s, d.IntoID)
	if err != nil {
		return nil, nil, err
	}
	switch {
	case goes.ID == stays.ID:
		return nil, nil, usage("decide", "an entity cannot be merged into itself")
	case goes.Kind != stays.Kind:
		return nil, nil, usage("decide", "entities of two kinds cannot be merged")
	}
	if err := mergeable(goes); err != nil {
		return nil, nil, err
	}
	stays = Unnamed(stays, held)
	d.Names = append([]string{goes.Name}, goes.Aliases...)
	for _, n := range d.Names {
		if n == stays.Name || slices.Contains(stays.Aliases, n) {
			d.OwnNames = append(d.OwnNames, n)
		}
	}
	closure, err := closureOf(ctx, s, []string{stays.ID})
	if err != nil {
		return nil, nil, err
	}
	for _, e := range closure {
		if e.ID != stays.ID && slices.Contains(e.References(), goes.ID) {
			return nil, nil, usage("decide", "%q would be a variant or a part of itself, by way of %q: merge those two first", stays.Name, e.Name)
		}
	}
	f := kg.Facts{Entities: closure}
	for i, e := range f.Entities {
		f.Entities[i] = bare(Unnamed(e, held))
	}
	if !slices.ContainsFunc(closure, func(e kg.Entity) bool { return e.ID == goes.ID }) {
		f.Entities = append(f.Entities, bare(Unnamed(goes, held)))
	}
	f, _ = merge(f, *d)
	d.Into = f.Entities

	// What refers to the entity that goes brings it along, named or not.
	postings, err := s.Postings(ctx)
	if err != nil {
		return nil, nil, err
	}
	ids := []string{goes.ID}
	for grown := true; grown; {
		grown = false
		for _, e := range postings.Entities {
			if !slices.Contains(ids, e.ID) && slices.ContainsFunc(e.References(), func(r string) bool { return slices.Contains(ids, r) }) {
				ids, grown = append(ids, e.ID), true
			}
		}
	}
	reports, err := s.Referring(ctx, ids)
	return reports, []kg.Entity{bare(stays)}, err
}

// bare is an entity without what stores count.
func bare(e kg.Entity) kg.Entity {
	e.ReportCount, e.MentionCount = 0, 0
	return e
}

func one(ctx context.Context, s Store, id string) (kg.Entity, error) {
	found, err := s.Entities(ctx, []string{id})
	if err == nil && len(found) == 0 {
		err = notThere("entity", id)
	}
	if err != nil {
		return kg.Entity{}, err
	}
	return found[0], nil
}

// rewritten are the contents of the reports of which other facts become by the
// decisions now than by those before.
func rewritten(ctx context.Context, s Store, reportIDs []string, before, now []kg.Decision) ([]Contents, error) {
	raw, err := FactsOf(ctx, s, reportIDs)
	if err != nil {
		return nil, err
	}
	var write []Contents
	for _, id := range reportIDs {
		f, held := raw[id]
		if !held {
			continue
		}
		c := Contents{Facts: f}
		if c.Digest, err = digest(f); err != nil {
			return nil, err
		}
		was, err := c.under(before)
		if err != nil {
			return nil, err
		}
		is, err := c.under(now)
		if err != nil {
			return nil, err
		}
		if is.Digest != was.Digest {
			write = append(write, is)
		}
	}
	return write, nil
}

// FactsOf reads the extractor's facts of stored reports back, in the form in
// which they were stored: without sources and counts, and without entities that
// nothing in them refers to. Unknown reports are left out.
func FactsOf(ctx context.Context, s Store, reportIDs []string) (map[string]kg.Facts, error) {
	facts := map[string]kg.Facts{}
	if len(reportIDs) == 0 {
		return facts, nil
	}
	originals, err := s.Originals(ctx, reportIDs)
	if err != nil {
		return nil, err
	}
	decisions, err := s.Decisions(ctx)
	if err != nil {
		return nil, err
	}
	reports, err := s.Reports(ctx, reportIDs, true)
	if err != nil {
		return nil, err
	}
	found, err := s.Mentions(ctx, MentionQuery{Reports: reportIDs})
	if err != nil {
		return nil, err
	}
	mentions := map[string][]kg.Mention{}
	var named []string
	for _, e := range found {
		m := e.Mention
		mentions[m.ReportID] = append(mentions[m.ReportID], m)
		named = append(append(named, m.EntityID), m.Candidates...)
	}
	for _, r := range reports {
		named = append(named, r.IssuerID)
	}
	entities, err := closureOf(ctx, s, named)
	if err != nil {
		return nil, err
	}
	for i, e := range entities {
		entities[i] = bare(Unnamed(e, decisions))
	}
	for _, r := range reports {
		if original, ok := originals[r.ID]; ok {
			facts[r.ID] = original
			continue
		}
		r.Sources = nil
		facts[r.ID] = canonical(needed(kg.Facts{Report: r, Mentions: mentions[r.ID], Entities: entities}))
	}
	return facts, nil
}

// closureOf reads entities with all that they refer to.
func closureOf(ctx context.Context, s Store, ids []string) ([]kg.Entity, error) {
	var all []kg.Entity
	seen := map[string]bool{"": true}
	for {
		var ask []string
		for _, id := range ids {
			if !seen[id] {
				seen[id] = true
				ask = append(ask, id)
			}
		}
		if len(ask) == 0 {
			return all, nil
		}
		found, err := s.Entities(ctx, ask)
		if err != nil {
			return nil, err
		}
		ids = nil
		for _, e := range found {
			ids = append(ids, e.References()...)
		}
		all = append(all, found...)
	}
}
