package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"graphd/internal/kg"
	"graphd/internal/store"
)

// deciding is a decision by a composed editor.
func deciding(kind kg.DecisionKind, entity, into string) kg.Decision {
	return kg.Decision{Kind: kind, By: "编辑甲", At: "2024-07-01T08:00:00Z", Reason: "看错了", EntityID: entity, IntoID: into}
}

func mustDecide(t T, s store.Store, d kg.Decision, mentionIDs ...string) kg.Decision {
	t.Helper()
	before, _ := s.Revision(context.Background())
	made, err := store.Decide(context.Background(), s, d, mentionIDs)
	if err != nil {
		t.Fatalf("decide: %v", err)
	}
	if after, _ := s.Revision(context.Background()); after != before+1 {
		t.Fatalf("a decision moved the revision from %d to %d", before, after)
	}
	return made
}

func mustUndo(t T, s store.Store, d kg.Decision) {
	t.Helper()
	undone, err := store.Undo(context.Background(), s, d.ID, "编辑乙", "2024-07-02T08:00:00Z", "原来没错")
	if err != nil || !undone.Undone() || undone.By != d.By || undone.UndoneBy != "编辑乙" {
		t.Fatalf("undo: %+v, %v", undone, err)
	}
}

// quoted are the mentions of a report, as entity and quote.
func quoted(t T, s store.Store, reportID string) (list []string, ids map[string]string) {
	t.Helper()
	found, err := s.Mentions(context.Background(), store.MentionQuery{Reports: []string{reportID}})
	if err != nil {
		t.Fatalf("mentions: %v", err)
	}
	ids = map[string]string{}
	for _, e := range found {
		list = append(list, e.Mention.EntityID+" "+e.Mention.Quote)
		ids[e.Mention.EntityID+" "+e.Mention.Quote] = e.Mention.ID
	}
	return list, ids
}

func (s *suite) rejectMention(t *testing.T) {
	got := s.open(t)
	sentences := []Sentence{
		{plain("学"), names("枫桥", maple, kg.StatusReferred), plain("和"), names("枫桥", maple, kg.StatusImplemented)},
		{plain("办"), names("三所联动", linkage, kg.StatusImplemented)},
	}
	f := townReport("a.txt", 2022, sentences...)
	mustApply(t, got, f)
	all, _ := got.Mentions(context.Background(), store.MentionQuery{Entities: []string{maple.ID}})
	d := mustDecide(t, got, deciding(kg.RejectMention, "", ""), all[1].Mention.ID)
	held := func(want ...string) {
		t.Helper()
		list, _ := quoted(t, got, f.Report.ID)
		mustEqual(t, "mentions", list, want)
	}
	first, second := maple.ID+" 枫桥", linkage.ID+" 三所联动"
	held(first, second)
	postings, _ := got.Postings(context.Background())
	for _, term := range postings.Reports[0].Terms {
		if term.EntityID == maple.ID && term.Status != kg.StatusReferred {
			t.Errorf("the strongest status is still that of the rejected mention: %v", term)
		}
	}
	// Reading it again changes nothing, another extractor's facts keep it, and so
	// does another text of the same issuer and year.
	if outcomes, err := got.Apply(context.Background(), []kg.Facts{f}); err != nil || outcomes[0] != store.Unchanged {
		t.Errorf("read again: %v, %v", outcomes, err)
	}
	newer := townReport("a.txt", 2022, append(sentences, Sentence{names("枫桥式派出所", station, kg.StatusPlanned)})...)
	newer.Report.Sources[0].Extractor = "2"
	mustApply(t, got, newer)
	f = newer
	held(first, second, station.ID+" 枫桥式派出所")
	mustUndo(t, got, d)
	held(first, first, second, station.ID+" 枫桥式派出所")
	decisions, err := got.Decisions(context.Background())
	if err != nil || len(decisions) != 1 || decisions[0].ID != kg.DecisionID(1) || decisions[0].Reason != "看错了" || decisions[0].UndoneReason != "原来没错" {
		t.Errorf("on record: %+v, %v", decisions, err)
	}
	if originals, err := got.Originals(context.Background(), nil); err != nil || len(originals) != 0 {
		t.Errorf("originals are left: %v, %v", originals, err)
	}
}

func (s *suite) mergeEntities(t *testing.T) {
	got, want := s.open(t), newOracle()
	a := townReport("a.txt", 2021, Sentence{names("三所联动", linkage, kg.StatusImplemented)})
	b := townReport("b.txt", 2022, Sentence{names("枫桥式派出所", station, kg.StatusImplemented)})
	c := townReport("c.txt", 2023, Sentence{names("枫桥", maple, kg.StatusImplemented)})
	// One that may be either, and a name that both had from the beginning.
	undecided := townReport("e.txt", 2020, Sentence{Piece{Text: "经验", Mention: kg.Mention{Kind: kg.KindPractice, Candidates: []string{linkage.ID, maple.ID}}}})
	undecided.Mentions[0].Candidates = []string{linkage.ID, maple.ID}
	for _, f := range []*kg.Facts{&a, &undecided} {
		for i, e := range f.Entities {
			if e.ID == linkage.ID {
				f.Entities[i].Aliases = append(slices.Clone(maple.Aliases), "三联动")
			}
		}
	}
	for _, s := range []store.Store{got, want} {
		mustApply(t, s, a, b, c)
	}
	for _, s := range []store.Store{got, want} {
		mustApply(t, s, undecided)
	}
	d := mustDecide(t, got, deciding(kg.MergeEntities, linkage.ID, maple.ID))
	open, _ := got.Mentions(context.Background(), store.MentionQuery{Reports: []string{undecided.Report.ID}})
	mustEqual(t, "candidates", open[0].Mention.Candidates, []string{maple.ID})
	list, _ := quoted(t, got, a.Report.ID)
	mustEqual(t, "mentions", list, []string{maple.ID + " 三所联动"})
	entities, _ := got.Entities(context.Background(), []string{linkage.ID, maple.ID})
	if len(entities) != 1 || entities[0].ReportCount != 2 || !slices.Contains(entities[0].Aliases, linkage.Name) {
		t.Errorf("entities: %+v", entities)
	}
	page, _ := got.Page(context.Background(), store.PageQuery{Of: store.Practices, Where: &store.Filter{Field: "names", Op: store.OpEq, Value: linkage.Name}, Limit: 5})
	if len(page.Keys) != 1 || page.Keys[0].ID != maple.ID {
		t.Errorf("found by the other's name: %+v", page)
	}
	// Reports that come later, and that only refer to it, follow.
	later := townReport("d.txt", 2024, Sentence{names("三所联动", linkage, kg.StatusPlanned)})
	for i, e := range later.Entities {
		if e.ID == linkage.ID {
			later.Entities[i].Aliases = append(slices.Clone(maple.Aliases), "三联动")
		}
	}
	mustApply(t, got, later, c)
	list, _ = quoted(t, got, later.Report.ID)
	mustEqual(t, "mentions", list, []string{maple.ID + " 三所联动"})
	mustApply(t, want, later)
	mustUndo(t, got, d)
	ask(t, want, got, sameFacts(questions(t, want)[:lookupsAsked]))
	entities, _ = got.Entities(context.Background(), []string{maple.ID})
	mustEqual(t, "names", entities[0].Aliases, maple.Aliases)

	// An entity that others are variants of goes, and they are the other's.
	over := mustDecide(t, got, deciding(kg.MergeEntities, maple.ID, linkage.ID))
	entities, _ = got.Entities(context.Background(), []string{maple.ID, station.ID})
	if len(entities) != 1 || entities[0].VariantOf != linkage.ID {
		t.Errorf("variants: %+v", entities)
	}
	mustUndo(t, got, over)
	ask(t, want, got, sameFacts(questions(t, want)[:lookupsAsked]))
}

// sameFacts leaves out what tells how often a store changed.
func sameFacts(list []question) []question {
	return slices.DeleteFunc(list, func(q question) bool { return q.name == "revision" || q.name == "postings" || q.name == "decisions" })
}

func (s *suite) splitEntity(t *testing.T) {
	got := s.open(t)
	a := townReport("a.txt", 2021, Sentence{names("枫桥", maple, kg.StatusImplemented)})
	b := townReport("b.txt", 2022, Sentence{plain("枫"), names("枫桥", maple, kg.StatusQuantified)})
	mustApply(t, got, a, b)
	_, ids := quoted(t, got, b.Report.ID)
	d := deciding(kg.SplitEntity, maple.ID, "")
	d.Name = "枫桥(地名)"
	d = mustDecide(t, got, d, ids[maple.ID+" 枫桥"])
	list, _ := quoted(t, got, b.Report.ID)
	mustEqual(t, "mentions", list, []string{d.IntoID + " 枫桥"})
	entities, _ := got.Entities(context.Background(), []string{maple.ID, d.IntoID})
	if len(entities) != 2 || entities[0].MentionCount != 1 || entities[1].Name != d.Name || entities[1].Kind != kg.KindPractice || entities[1].MentionCount != 1 {
		t.Errorf("entities: %+v", entities)
	}
	if outcomes, err := got.Apply(context.Background(), []kg.Facts{a, b}); err != nil || !slices.Equal(outcomes, []store.Outcome{store.Unchanged, store.Unchanged}) {
		t.Errorf("read again: %v, %v", outcomes, err)
	}
	mustUndo(t, got, d)
	entities, _ = got.Entities(context.Background(), []string{maple.ID, d.IntoID})
	if len(entities) != 1 || entities[0].MentionCount != 2 {
		t.Errorf("entities: %+v", entities)
	}
}

// What was split off an entity that a merge had made of two stays with the one
// that the extractor linked once the merge is undone: the other was never named.
func (s *suite) splitOutlivesItsMerge(t *testing.T) {
	got := s.open(t)
	f := townReport("a.txt", 2021, Sentence{names("三所联动", linkage, kg.StatusImplemented)}, Sentence{names("枫桥", maple, kg.StatusImplemented)})
	mustApply(t, got, f)
	merged := mustDecide(t, got, deciding(kg.MergeEntities, linkage.ID, maple.ID))
	_, ids := quoted(t, got, f.Report.ID)
	split := mustDecide(t, got, deciding(kg.SplitEntity, maple.ID, ""), ids[maple.ID+" 三所联动"])
	list, _ := quoted(t, got, f.Report.ID)
	mustEqual(t, "mentions", list, []string{split.IntoID + " 三所联动", maple.ID + " 枫桥"})
	mustUndo(t, got, merged)
	list, _ = quoted(t, got, f.Report.ID)
	mustEqual(t, "mentions", list, []string{linkage.ID + " 三所联动", maple.ID + " 枫桥"})
}

// An entity becomes no variant of itself by way of another.
func (s *suite) mergeClosesNoCircle(t *testing.T) {
	got := s.open(t)
	teams := variant(practice("枫桥式班组", "纠纷化解", kg.ScopeLocal), station.ID, "")
	f := townReport("a.txt", 2021, Sentence{names("班组", teams, kg.StatusImplemented)})
	f.Entities = append(f.Entities, teams, station, maple)
	mustApply(t, got, f)
	if _, err := store.Decide(context.Background(), got, deciding(kg.MergeEntities, maple.ID, teams.ID), nil); kg.CodeOf(err) != kg.CodeUsage {
		t.Errorf("a circle of three: %v", err)
	}
	mustDecide(t, got, deciding(kg.MergeEntities, teams.ID, maple.ID))
}

// A decision holds for a copy in the other script, whose words differ.
func (s *suite) decisionHoldsInBothScripts(t *testing.T) {
	got := s.open(t)
	f := townReport("a.txt", 2021, Sentence{plain("办"), names("三所联动", linkage, kg.StatusImplemented)})
	mustApply(t, got, f)
	_, ids := quoted(t, got, f.Report.ID)
	mustDecide(t, got, deciding(kg.RejectMention, "", ""), ids[linkage.ID+" 三所联动"])
	traditional := townReport("a.txt", 2021, Sentence{plain("辦"), names("三所聯動", linkage, kg.StatusImplemented)})
	traditional.Report.Sources[0].Extractor = "2"
	mustApply(t, got, traditional)
	if list, _ := quoted(t, got, traditional.Report.ID); len(list) != 0 {
		t.Errorf("in the other script it is found again: %v", list)
	}
}

func (s *suite) senselessDecisions(t *testing.T) {
	got := s.open(t)
	a := townReport("a.txt", 2021, Sentence{names("枫桥", maple, kg.StatusImplemented), names("《行政处罚法》", code, kg.StatusNone), names("东岸", county, kg.StatusNone)})
	mustApply(t, got, a)
	before, _ := got.Revision(context.Background())
	_, ids := quoted(t, got, a.Report.ID)
	mention := ids[maple.ID+" 枫桥"]
	silent := deciding(kg.RejectMention, "", "")
	silent.Reason = " "
	for name, try := range map[string]func() error{
		"no reason": func() error { _, err := store.Decide(context.Background(), got, silent, []string{mention}); return err },
		"no mention": func() error {
			_, err := store.Decide(context.Background(), got, deciding(kg.RejectMention, "", ""), nil)
			return err
		},
		"unknown mention": func() error {
			_, err := store.Decide(context.Background(), got, deciding(kg.RejectMention, "", ""), []string{mention + "0"})
			return err
		},
		"unknown entity": func() error {
			_, err := store.Decide(context.Background(), got, deciding(kg.MergeEntities, "practice:无", maple.ID), nil)
			return err
		},
		"itself": func() error {
			_, err := store.Decide(context.Background(), got, deciding(kg.MergeEntities, maple.ID, maple.ID), nil)
			return err
		},
		"two kinds": func() error {
			_, err := store.Decide(context.Background(), got, deciding(kg.MergeEntities, maple.ID, code.ID), nil)
			return err
		},
		"jurisdictions": func() error {
			_, err := store.Decide(context.Background(), got, deciding(kg.MergeEntities, town.ID, county.ID), nil)
			return err
		},
		"a jurisdiction": func() error {
			_, err := store.Decide(context.Background(), got, deciding(kg.SplitEntity, county.ID, ""), []string{ids[county.ID+" 东岸"]})
			return err
		},
		"another's mention": func() error {
			_, err := store.Decide(context.Background(), got, deciding(kg.SplitEntity, code.ID, ""), []string{mention})
			return err
		},
		"unknown decision": func() error {
			_, err := store.Undo(context.Background(), got, kg.DecisionID(1), "甲", "2024-07-02T08:00:00Z", "无")
			return err
		},
		"unknown kind": func() error {
			_, err := store.Decide(context.Background(), got, deciding("RENAME", maple.ID, ""), nil)
			return err
		},
	} {
		if err := try(); kg.CodeOf(err) != kg.CodeUsage {
			t.Errorf("%s: %v", name, err)
		}
	}
	d := mustDecide(t, got, deciding(kg.RejectMention, "", ""), mention)
	mustUndo(t, got, d)
	if _, err := store.Undo(context.Background(), got, d.ID, "甲", "2024-07-02T08:00:00Z", "无"); kg.CodeOf(err) != kg.CodeUsage {
		t.Errorf("undone twice: %v", err)
	}
	if after, _ := got.Revision(context.Background()); after != before+2 {
		t.Errorf("the revision went from %d to %d", before, after)
	}
	if ok, err := got.Amend(context.Background(), store.Amendment{Revision: before, Decision: d}); ok || err != nil {
		t.Errorf("an amendment for another revision: %v, %v", ok, err)
	}
}

// randomDecisions: what decisions and undoing make of a store is what they make
// of the oracle, and reading everything again changes no answer.
func (s *suite) randomDecisions(t *testing.T) {
	s.check(t, func(rt *rapid.T) {
		ctx := context.Background()
		want, got := newOracle(), s.open(t)
		var docs []kg.Facts
		for i, f := range rapid.SliceOfNDistinct(Facts(), 1, 4, func(f kg.Facts) string { return f.Report.Sources[0].Location }).Draw(rt, "documents") {
			// Entities that nothing refers to are not read back.
			f.Report.Sources[0].Location = fmt.Sprint(i)
			docs = append(docs, f)
		}
		apply := func() {
			for _, s := range []store.Store{want, got} {
				if _, err := s.Apply(ctx, docs); err != nil {
					rt.Fatal(err)
				}
			}
		}
		apply()
		for range rapid.IntRange(1, 4).Draw(rt, "decisions") {
			d, ids := s.drawDecision(rt, want)
			if d.Kind == "" {
				continue
			}
			if d.ID != "" {
				_, wrongA := store.Undo(ctx, want, d.ID, "甲", "2024-07-02T08:00:00Z", "错")
				_, wrongB := store.Undo(ctx, got, d.ID, "甲", "2024-07-02T08:00:00Z", "错")
				if kg.CodeOf(wrongA) != kg.CodeOf(wrongB) {
					rt.Fatalf("undo: %v, want %v", wrongB, wrongA)
				}
				continue
			}
			_, wrongA := store.Decide(ctx, want, d, ids)
			_, wrongB := store.Decide(ctx, got, d, ids)
			if kg.CodeOf(wrongA) != kg.CodeOf(wrongB) {
				rt.Fatalf("%+v of %v: %v, want %v", d, ids, wrongB, wrongA)
			}
		}
		list := questions(rt, want)[:lookupsAsked]
		ask(rt, want, got, list)
		apply()
		ask(rt, want, got, sameFacts(list))
	})
}

// drawDecision draws a decision about what is stored, or one to undo, which has
// an ID; of no kind where there is nothing to decide.
func (s *suite) drawDecision(t *rapid.T, o *oracle) (kg.Decision, []string) {
	if len(o.decided) > 0 && rapid.IntRange(0, 3).Draw(t, "undo") == 0 {
		return rapid.SampledFrom(o.decided).Draw(t, "undone"), nil
	}
	var mentions []kg.Mention
	for _, r := range o.sorted() {
		mentions = append(mentions, r.mentions...)
	}
	if len(mentions) == 0 {
		return kg.Decision{}, nil
	}
	m := rapid.SampledFrom(mentions).Draw(t, "mention")
	switch rapid.IntRange(0, 2).Draw(t, "kind") {
	case 0:
		return deciding(kg.RejectMention, "", ""), []string{m.ID}
	case 1:
		return deciding(kg.SplitEntity, m.EntityID, ""), []string{m.ID}
	}
	var ids []string
	for id := range o.entities {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return deciding(kg.MergeEntities, m.EntityID, rapid.SampledFrom(ids).Draw(t, "into")), nil
}
