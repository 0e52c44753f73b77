// Package storetest is the one conformance suite of all stores: what package
// store promises, tested through the interface alone. It holds a naive oracle
// that stores are compared with, and generators of composed facts for property
// tests elsewhere. It knows no engine and leaves nothing out for any.
package storetest

import (
	"cmp"
	"context"
	"flag"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"graphd/internal/kg"
	"graphd/internal/store"
)

// Option changes how thoroughly Run tests, never what it tests.
type Option func(*suite)

// Checks sets how many random histories each property is tried with. The
// -rapid.checks flag has the last word.
func Checks(n int) Option { return func(s *suite) { s.checks = n } }

// Questions sets how many questions, of the thousands there are, are asked
// where two stores should be alike. Once all of them are.
func Questions(n int) Option { return func(s *suite) { s.questions = n } }

type suite struct {
	open              func(*testing.T) store.Store
	checks, questions int
	samples           int
}

// Run tests all promises of a store. open gives an empty store, which it
// closes when the test ends; a store opened before is not used any more when
// open is called again.
func Run(t *testing.T, open func(t *testing.T) store.Store, options ...Option) {
	s := &suite{open: open, checks: 20, questions: 100}
	for _, o := range options {
		o(s)
	}
	for _, test := range []struct {
		name string
		run  func(*suite, *testing.T)
	}{
		{"Empty", (*suite).empty},
		{"ApplyIsIdempotent", (*suite).applyIsIdempotent},
		{"ChangedSourceLeavesNoResidue", (*suite).changedSource},
		{"MirrorsInAnyOrder", (*suite).mirrors},
		{"FirstSourceLost", (*suite).firstSourceLost},
		{"LastOfOneLocationCounts", (*suite).superseded},
		{"EntitiesAreCountedAndSwept", (*suite).entities},
		{"Remove", (*suite).remove},
		{"Follow", (*suite).follow},
		{"RejectMention", (*suite).rejectMention},
		{"MergeEntities", (*suite).mergeEntities},
		{"SplitEntity", (*suite).splitEntity},
		{"SplitOutlivesItsMerge", (*suite).splitOutlivesItsMerge},
		{"MergeClosesNoCircle", (*suite).mergeClosesNoCircle},
		{"DecisionHoldsInBothScripts", (*suite).decisionHoldsInBothScripts},
		{"SenselessDecisions", (*suite).senselessDecisions},
		{"RandomDecisions", (*suite).randomDecisions},
		{"InvalidFactsChangeNothing", (*suite).invalidFacts},
		{"CancelledApplyChangesNothing", (*suite).cancelled},
		{"ConcurrentApply", (*suite).concurrentApply},
		{"AnswersAreOfOneRevision", (*suite).oneRevision},
		{"Evidence", (*suite).evidence},
		{"PagesOrder", (*suite).pagesOrder},
		{"CursorsOutliveElements", (*suite).cursors},
		{"WrongQuestions", (*suite).wrongQuestions},
		{"Search", (*suite).search},
		{"SearchOrder", (*suite).searchOrder},
		{"Candidates", (*suite).candidates},
		{"LongLists", (*suite).longLists},
		{"WholeWorld", (*suite).wholeWorld},
		{"RandomHistories", (*suite).randomHistories},
		{"OrderOfReadingDoesNotShow", (*suite).orderOfReading},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(s, t) })
	}
}

// check tries a property s.checks times.
func (s *suite) check(t *testing.T, property func(*rapid.T)) {
	t.Helper()
	checks := flag.Lookup("rapid.checks")
	if given := checks.Value.String(); given == checks.DefValue {
		if err := checks.Value.Set(strconv.Itoa(s.checks)); err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := checks.Value.Set(given); err != nil {
				t.Error(err)
			}
		}()
	}
	rapid.Check(t, property)
}

// lookupsAsked is how many questions, from the first, are no pages and no
// searches and always asked.
const lookupsAsked = 11

// some draws questions, with all look-ups among them.
func (s *suite) some(t *rapid.T, list []question) []question {
	drawn := list[:lookupsAsked:lookupsAsked]
	for _, i := range rapid.SliceOfN(rapid.IntRange(lookupsAsked, len(list)-1), s.questions, s.questions).Draw(t, "questions") {
		drawn = append(drawn, list[i])
	}
	return drawn
}

func (s *suite) randomHistories(t *testing.T) {
	s.check(t, func(rt *rapid.T) {
		ctx := context.Background()
		want, got := newOracle(), s.open(t)
		f := follower{}
		for range rapid.IntRange(1, 5).Draw(rt, "steps") {
			f.follow(rt, got)
			if rapid.IntRange(0, 4).Draw(rt, "step") == 0 {
				ids := rapid.SliceOfN(rapid.SampledFrom(append(want.reportIDs(), "report:none")), 1, 3).Draw(rt, "removed")
				n, _ := want.Remove(ctx, ids)
				if m, err := got.Remove(ctx, ids); err != nil || m != n {
					rt.Fatalf("removed %d, want %d (%v)", m, n, err)
				}
				continue
			}
			batch := rapid.SliceOfN(changing(), 1, 5).Draw(rt, "batch")
			outcomes, _ := want.Apply(ctx, batch)
			for range 2 {
				again, err := got.Apply(ctx, batch)
				if err != nil || !reflect.DeepEqual(again, outcomes) {
					rt.Fatalf("outcomes %v, want %v (%v)", again, outcomes, err)
				}
				outcomes, _ = want.Apply(ctx, batch) // all unchanged
			}
		}
		f.follow(rt, got)
		ask(rt, want, got, s.some(rt, questions(rt, want)))
	})
}

// follower keeps postings up to date by what changed.
type follower struct {
	mark    store.Mark
	reports map[string]store.Posting
}

// follow demands that what it has, with what changed, is what there is.
func (f *follower) follow(t T, s store.Store) {
	t.Helper()
	ctx := context.Background()
	d, err := s.PostingsSince(ctx, f.mark)
	if err != nil {
		t.Fatalf("%v", err)
	}
	if d.Whole || f.reports == nil {
		if f.mark.Epoch != 0 || !d.Whole {
			t.Fatalf("since %+v: everything %v", f.mark, d.Whole)
		}
		f.reports = map[string]store.Posting{}
	}
	for _, id := range d.Gone {
		delete(f.reports, id)
	}
	for _, r := range d.Reports {
		f.reports[r.ReportID] = r
	}
	all, err := s.Postings(ctx)
	if err != nil {
		t.Fatalf("%v", err)
	}
	held := slices.SortedFunc(maps.Values(f.reports), func(a, b store.Posting) int { return cmp.Compare(a.ReportID, b.ReportID) })
	if d.Mark != all.Mark || !slices.EqualFunc(held, all.Reports, func(a, b store.Posting) bool { return reflect.DeepEqual(a, b) }) || !reflect.DeepEqual(d.Entities, all.Entities) {
		t.Fatalf("since %+v: %+v, followed to\n%v, want\n%v", f.mark, d, held, all)
	}
	f.mark = d.Mark
}

// follow tells what changed, and all where that cannot be told.
func (s *suite) follow(t *testing.T) {
	got := s.open(t)
	ctx := context.Background()
	a, b := townReport("a.txt", 2021), townReport("b.txt", 2022)
	mustApply(t, got, a)
	first, err := got.Postings(ctx)
	if err != nil || first.Epoch == 0 {
		t.Fatalf("%+v, %v", first, err)
	}
	mustApply(t, got, b)
	second, err := got.PostingsSince(ctx, first.Mark)
	if err != nil || second.Whole || len(second.Reports) != 1 || second.Reports[0].ReportID != b.Report.ID || len(second.Gone) != 0 {
		t.Fatalf("after another report: %+v, %v", second, err)
	}
	if _, err := got.Remove(ctx, []string{a.Report.ID}); err != nil {
		t.Fatal(err)
	}
	third, err := got.PostingsSince(ctx, second.Mark)
	if err != nil || third.Whole || len(third.Reports) != 0 || !slices.Equal(third.Gone, []string{a.Report.ID}) {
		t.Fatalf("after one less: %+v, %v", third, err)
	}
	mustApply(t, got, a)
	fourth, err := got.PostingsSince(ctx, third.Mark)
	if err != nil || fourth.Whole || len(fourth.Reports) != 1 || len(fourth.Gone) != 0 {
		t.Fatalf("after it came back: %+v, %v", fourth, err)
	}
	for name, mark := range map[string]store.Mark{
		"of the future":        {Epoch: first.Epoch, Revision: fourth.Revision + 1},
		"of another store":     {Epoch: first.Epoch + 1, Revision: 1},
		"of before everything": {},
	} {
		if d, err := got.PostingsSince(ctx, mark); err != nil || !d.Whole || len(d.Reports) != 2 || len(d.Gone) != 0 {
			t.Errorf("since a mark %s: %+v, %v", name, d, err)
		}
	}
}

func (s *suite) orderOfReading(t *testing.T) {
	s.check(t, func(rt *rapid.T) {
		ctx := context.Background()
		docs := rapid.SliceOfNDistinct(Facts(), 2, 6, func(f kg.Facts) string { return f.Report.Sources[0].Location }).Draw(rt, "documents")
		want, got := newOracle(), s.open(t)
		if _, err := want.Apply(ctx, docs); err != nil {
			rt.Fatal(err)
		}
		for _, f := range rapid.Permutation(docs).Draw(rt, "order") {
			if _, err := got.Apply(ctx, []kg.Facts{f}); err != nil {
				rt.Fatal(err)
			}
		}
		list := questions(rt, want)
		drawn := s.some(rt, list)[2:] // the revision tells how often a mirror took over
		postings, err := got.Postings(ctx)
		if err != nil {
			rt.Fatal(err)
		}
		all, _ := want.Postings(ctx)
		all.Mark = postings.Mark
		if !reflect.DeepEqual(all, postings) {
			rt.Fatalf("postings %v, want %v", postings, all)
		}
		ask(rt, want, got, drawn)
	})
}

// wholeWorld asks everything once, about a store that holds much.
func (s *suite) wholeWorld(t *testing.T) {
	want, got := newOracle(), s.open(t)
	for i := range 6 {
		batch := []kg.Facts{}
		for j := range 5 {
			f := Facts().Example(i*5 + j)
			f.Report.Sources[0].Location += strconv.Itoa(j)
			batch = append(batch, f)
		}
		mustApply(t, want, batch...)
		mustApply(t, got, batch...)
	}
	Compare(t, want, got)
}
