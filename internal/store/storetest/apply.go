package storetest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"

	"graphd/internal/kg"
	"graphd/internal/store"
)

func mustApply(t T, s store.Store, batch ...kg.Facts) []store.Outcome {
	t.Helper()
	outcomes, err := s.Apply(context.Background(), batch)
	if err != nil {
		t.Fatalf("apply: %v", err)
	}
	if len(outcomes) != len(batch) {
		t.Fatalf("%d outcomes for %d documents", len(outcomes), len(batch))
	}
	return outcomes
}

func mustRevision(t T, s store.Store) int64 {
	t.Helper()
	r, err := s.Revision(context.Background())
	if err != nil {
		t.Fatalf("revision: %v", err)
	}
	return r
}

func mustEqual(t T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%s: got %#v, want %#v", what, got, want)
	}
}

// alike fails the test unless the stores answer the look-ups and a sample of
// all questions alike.
func (s *suite) alike(t T, want, got store.Store) {
	t.Helper()
	ask(t, want, got, s.sample(questions(t, want)))
}

// same is alike whatever the revisions.
func (s *suite) same(t T, want, got store.Store) {
	t.Helper()
	ask(t, want, got, s.sample(questions(t, want))[2:])
}

// sample is the look-ups and questions spread over the rest of the list, other
// ones each time.
func (s *suite) sample(list []question) []question {
	drawn, rest := list[:6:6], list[6:]
	s.samples++
	for i := range s.questions {
		drawn = append(drawn, rest[(i*len(rest)/s.questions+s.samples*13)%len(rest)])
	}
	return drawn
}

// townReport is one plain report of a town.
func townReport(location string, year int, sentences ...Sentence) kg.Facts {
	return Compose(Draft{
		Location: location, Extractor: "1", IngestedAt: "2024-05-01T08:00:00Z", Issuer: town, Year: year,
		Title: fmt.Sprintf("𠮷野镇%d年法治政府建设情况报告", year), Sentences: sentences,
	}.needs())
}

func (s *suite) empty(t *testing.T) {
	got := s.open(t)
	ctx := context.Background()
	if err := got.Ping(ctx); err != nil {
		t.Fatal(err)
	}
	mustEqual(t, "revision", mustRevision(t, got), int64(0))
	outcomes, err := got.Apply(ctx, nil)
	if err != nil || len(outcomes) != 0 {
		t.Fatalf("an empty batch: %v, %v", outcomes, err)
	}
	n, err := got.Remove(ctx, nil)
	if err != nil || n != 0 {
		t.Fatalf("removing nothing: %d, %v", n, err)
	}
	Compare(t, newOracle(), got)
}

func (s *suite) applyIsIdempotent(t *testing.T) {
	got := s.open(t)
	a := townReport("a.txt", 2022, Sentence{plain("推广"), names("“枫桥经验”", maple, kg.StatusImplemented)})
	b := townReport("b.txt", 2023, Sentence{names("三所联动", linkage, kg.StatusPlanned)})
	mustEqual(t, "outcomes", mustApply(t, got, a, b), []store.Outcome{store.Stored, store.Stored})
	mustEqual(t, "revision", mustRevision(t, got), int64(2))

	again := []kg.Facts{a, b}
	for i := range again {
		src := again[i].Report.Sources[0]
		src.IngestedAt = "2025-01-01T00:00:00Z"
		again[i].Report.Sources = []kg.Source{src}
	}
	mustEqual(t, "outcomes", mustApply(t, got, again...), []store.Outcome{store.Unchanged, store.Unchanged})
	mustEqual(t, "revision", mustRevision(t, got), int64(2))
	want := newOracle()
	mustApply(t, want, a, b)
	s.alike(t, want, got) // IngestedAt is the first one

	// Another extractor that finds the same changes the source, and only it.
	again[0].Report.Sources[0].Extractor = "2"
	mustEqual(t, "outcomes", mustApply(t, got, again...), []store.Outcome{store.Stored, store.Unchanged})
	mustEqual(t, "outcomes", mustApply(t, want, again...), []store.Outcome{store.Stored, store.Unchanged})
	s.alike(t, want, got)
}

func (s *suite) changedSource(t *testing.T) {
	got, want := s.open(t), newOracle()
	old := townReport("a.txt", 2022, Sentence{names("枫桥经验", maple, kg.StatusImplemented), plain("旧话"), names("物业管理规定", bylaw, 0)})
	other := townReport("b.txt", 2022, Sentence{names("三所联动", linkage, kg.StatusPlanned)})
	changed := townReport("a.txt", 2022, Sentence{names("三项制度", umbrella, kg.StatusQuantified), plain("新话")})
	mustApply(t, got, old, other)
	mustEqual(t, "outcomes", mustApply(t, got, changed, other), []store.Outcome{store.Stored, store.Unchanged})
	mustEqual(t, "revision", mustRevision(t, got), int64(3))
	mustApply(t, want, changed, other)
	s.same(t, want, got)
	page, err := got.Search(context.Background(), store.SearchQuery{Text: "旧话", Limit: 5})
	if err != nil || len(page.Hits) > 0 {
		t.Fatalf("the old text is still found: %v, %v", page, err)
	}
}

// mirror is one report that reads the same everywhere, but for its chrome.
func mirror(location, chrome string) kg.Facts {
	return Compose(Draft{
		Location: location, Extractor: "1", IngestedAt: "2024-05-01T08:00:00Z", Chrome: chrome, Issuer: town, Year: 2022,
		Sentences: []Sentence{{plain("推广"), names("枫桥经验", maple, kg.StatusImplemented)}},
	}.needs())
}

func (s *suite) mirrors(t *testing.T) {
	a, b, c := mirror("a.txt", "甲网"), mirror("b.txt", ""), mirror("c.txt", "丙网")
	if a.Report.ID != c.Report.ID || a.Report.Text == c.Report.Text {
		t.Fatal("the mirrors are none")
	}
	want := newOracle()
	mustApply(t, want, a, b, c)
	for _, batches := range [][][]kg.Facts{{{a, b, c}}, {{c, b, a}}, {{b}, {a}, {c}}, {{c}, {a, b}}, {{c, a}, {b}}} {
		got := s.open(t)
		for _, batch := range batches {
			mustApply(t, got, batch...)
			mustApply(t, got, batch...)
		}
		s.same(t, want, got)
	}
}

func (s *suite) firstSourceLost(t *testing.T) {
	got, want := s.open(t), newOracle()
	ctx := context.Background()
	a, b := mirror("a.txt", "甲网"), mirror("b.txt", "乙网")
	mustApply(t, got, a, b)
	mustApply(t, want, a, b)
	moved := townReport("a.txt", 2023, Sentence{plain("新的报告")})
	mustApply(t, got, moved)
	mustApply(t, want, moved)
	s.alike(t, want, got)
	sources, err := got.Sources(ctx, []string{"a.txt", "b.txt"})
	if err != nil {
		t.Fatal(err)
	}
	mustEqual(t, "a.txt", sources["a.txt"].ReportID, moved.Report.ID)
	mustEqual(t, "b.txt", sources["b.txt"], store.SourceState{ReportID: b.Report.ID, Extractor: "1"})

	// Reading b.txt again heals it.
	mustEqual(t, "outcomes", mustApply(t, got, b), []store.Outcome{store.Stored})
	mustEqual(t, "outcomes", mustApply(t, got, b), []store.Outcome{store.Unchanged})
	reports, err := got.Reports(ctx, []string{b.Report.ID}, true)
	if err != nil || len(reports) != 1 {
		t.Fatalf("%v, %v", reports, err)
	}
	mustEqual(t, "text", reports[0].Text, b.Report.Text)
}

func (s *suite) superseded(t *testing.T) {
	got := s.open(t)
	first := townReport("a.txt", 2021, Sentence{plain("先写的")})
	last := townReport("a.txt", 2022, Sentence{plain("后写的")})
	for i := range 2 {
		outcomes := mustApply(t, got, first, last)
		mustEqual(t, "first", outcomes[0], store.Unchanged)
		mustEqual(t, "last", outcomes[1], []store.Outcome{store.Stored, store.Unchanged}[i])
		mustEqual(t, "revision", mustRevision(t, got), int64(1))
	}
	want := newOracle()
	mustApply(t, want, last)
	s.alike(t, want, got)
}

func (s *suite) entities(t *testing.T) {
	got := s.open(t)
	ctx := context.Background()
	a := townReport("a.txt", 2021, Sentence{
		names("枫桥式派出所", station, kg.StatusPlanned), names("枫桥式派出所", station, kg.StatusHonoured),
		Piece{Text: "东岸", Mention: kg.Mention{Kind: kg.KindJurisdiction, Candidates: []string{county.ID, otherCity.ID}}},
	})
	a.Entities = append(a.Entities, rate) // that nothing names
	b := townReport("b.txt", 2022, Sentence{names("枫桥式派出所", station, kg.StatusPlanned)})
	mustApply(t, got, a, b)
	counts := func(want map[string][2]int) {
		t.Helper()
		p, err := got.Postings(ctx)
		if err != nil {
			t.Fatal(err)
		}
		held := map[string][2]int{}
		for _, e := range p.Entities {
			held[e.ID] = [2]int{e.ReportCount, e.MentionCount}
		}
		mustEqual(t, "entities", held, want)
	}
	chain := map[string][2]int{town.ID: {}, county.ID: {}, city.ID: {}, province.ID: {}, maple.ID: {}}
	with := func(more map[string][2]int) map[string][2]int {
		for id, n := range chain {
			if _, ok := more[id]; !ok {
				more[id] = n
			}
		}
		return more
	}
	counts(with(map[string][2]int{station.ID: {2, 3}, otherCity.ID: {}, otherProvince.ID: {}}))
	p, err := got.Postings(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range p.Reports {
		want := []store.Term{{EntityID: station.ID, Status: kg.StatusPlanned}}
		if r.ReportID == a.Report.ID {
			want[0].Status = kg.StatusHonoured
		}
		mustEqual(t, "terms", r.Terms, want)
	}
	if _, err := got.Remove(ctx, []string{a.Report.ID}); err != nil {
		t.Fatal(err)
	}
	counts(with(map[string][2]int{station.ID: {1, 1}}))
	// A practice that is no variant any more lets go of what it was one of.
	for i, e := range b.Entities {
		if e.ID == station.ID {
			b.Entities[i].VariantOf = ""
		}
	}
	mustEqual(t, "outcomes", mustApply(t, got, b), []store.Outcome{store.Stored})
	delete(chain, maple.ID)
	counts(with(map[string][2]int{station.ID: {1, 1}}))
	if _, err := got.Remove(ctx, []string{b.Report.ID}); err != nil {
		t.Fatal(err)
	}
	counts(map[string][2]int{})
}

func (s *suite) remove(t *testing.T) {
	got, want := s.open(t), newOracle()
	ctx := context.Background()
	a := townReport("a.txt", 2021, Sentence{names("枫桥经验", maple, kg.StatusPlanned)})
	b := townReport("b.txt", 2022, Sentence{names("三所联动", linkage, kg.StatusPlanned)})
	mustApply(t, got, a, b, mirror("c.txt", ""), mirror("d.txt", ""))
	n, err := got.Remove(ctx, []string{a.Report.ID, "report:none", mirror("", "").Report.ID, a.Report.ID})
	if err != nil || n != 2 {
		t.Fatalf("removed %d (%v), want 2", n, err)
	}
	mustEqual(t, "revision", mustRevision(t, got), int64(6))
	mustApply(t, want, b)
	s.same(t, want, got)
	n, err = got.Remove(ctx, []string{a.Report.ID})
	if err != nil || n != 0 {
		t.Fatalf("removed %d (%v), want 0", n, err)
	}
	mustEqual(t, "revision", mustRevision(t, got), int64(6))
	// What was removed can come back.
	mustEqual(t, "outcomes", mustApply(t, got, a), []store.Outcome{store.Stored})
}

func (s *suite) invalidFacts(t *testing.T) {
	got, want := s.open(t), newOracle()
	ctx := context.Background()
	held := townReport("a.txt", 2021, Sentence{names("枫桥经验", maple, kg.StatusPlanned)})
	mustApply(t, got, held)
	mustApply(t, want, held)
	good := townReport("b.txt", 2022, Sentence{names("三所联动", linkage, kg.StatusPlanned)})
	for name, spoil := range map[string]func(*kg.Facts){
		"quote":             func(f *kg.Facts) { f.Mentions[0].Quote = "别的话语" },
		"span":              func(f *kg.Facts) { f.Mentions[0].End = 100000 },
		"passage":           func(f *kg.Facts) { f.Mentions[0].Passage = 0 },
		"no such passage":   func(f *kg.Facts) { f.Mentions[0].Passage = 7 },
		"mention ID":        func(f *kg.Facts) { f.Mentions[0].ID = "mention:x" },
		"twice":             func(f *kg.Facts) { f.Mentions = append(f.Mentions, f.Mentions[0]) },
		"unknown entity":    func(f *kg.Facts) { f.Entities = nil },
		"other kind":        func(f *kg.Facts) { f.Mentions[0].EntityID = town.ID },
		"unknown candidate": func(f *kg.Facts) { f.Mentions[0].EntityID, f.Mentions[0].Candidates = "", []string{maple.ID} },
		"status":            func(f *kg.Facts) { f.Mentions[0].Status = 77 },
		"stray figure":      func(f *kg.Facts) { f.Mentions[0].Metric = &kg.Metric{} },
		"report ID":         func(f *kg.Facts) { f.Report.ID = "x" },
		"no source":         func(f *kg.Facts) { f.Report.Sources = nil },
		"no location":       func(f *kg.Facts) { f.Report.Sources[0].Location = "" },
		"unknown issuer":    func(f *kg.Facts) { f.Report.IssuerID = otherCity.ID },
		"text":              func(f *kg.Facts) { f.Report.Title = "\xff" },
		"NUL":               func(f *kg.Facts) { f.Report.Department = "a\x00" },
		"overlap":           func(f *kg.Facts) { f.Report.Passages[1].Start = 0 },
		"unknown parent": func(f *kg.Facts) {
			f.Entities = append(f.Entities, variant(practice("甲", "", kg.ScopeLocal), kg.PracticeID("乙"), ""))
		},
		"entity twice": func(f *kg.Facts) { f.Entities = append(f.Entities, f.Entities[0]) },
		"entity kind":  func(f *kg.Facts) { f.Entities[0].Kind = kg.KindLawFirm },
	} {
		bad := townReport("c.txt", 2023, Sentence{plain("推行"), names("三项制度", umbrella, kg.StatusQuantified)})
		spoil(&bad)
		_, err := got.Apply(ctx, []kg.Facts{good, bad})
		var e *kg.Error
		if !errors.As(err, &e) || strings.Contains(err.Error(), "\n") {
			t.Fatalf("%s: got %v, want one line of a *kg.Error", name, err)
		}
		if len(bad.Report.Sources) > 0 && bad.Report.Sources[0].Location != "" && !strings.Contains(err.Error(), "c.txt") {
			t.Errorf("%s: %v does not name the document", name, err)
		}
		ask(t, want, got, questions(t, want)[:6])
	}
	s.alike(t, want, got)
}

func (s *suite) cancelled(t *testing.T) {
	got, want := s.open(t), newOracle()
	held := townReport("a.txt", 2021, Sentence{names("枫桥经验", maple, kg.StatusPlanned)})
	mustApply(t, got, held)
	mustApply(t, want, held)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	next := townReport("b.txt", 2022, Sentence{names("三所联动", linkage, kg.StatusPlanned)})
	if _, err := got.Apply(ctx, []kg.Facts{next}); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want context.Canceled in the chain", err)
	}
	if _, err := got.Postings(ctx); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want context.Canceled in the chain", err)
	}
	s.alike(t, want, got)
	mustApply(t, got, next)
	mustApply(t, want, next)
	s.alike(t, want, got)
}

func (s *suite) concurrentApply(t *testing.T) {
	got, want := s.open(t), newOracle()
	const writers, rounds = 8, 4
	var all []kg.Facts
	for w := range writers {
		for r := range rounds {
			all = append(all, townReport(fmt.Sprintf("%d/%d.txt", w, r), 2000+w*rounds+r,
				Sentence{names("枫桥经验", maple, kg.StatusImplemented), names("三所联动", linkage, kg.StatusPlanned)}))
		}
	}
	var wg sync.WaitGroup
	errs := make([]error, writers)
	for w := range writers {
		wg.Go(func() {
			for r := range rounds {
				// Every writer also writes one document that all share.
				if _, err := got.Apply(context.Background(), []kg.Facts{all[w*rounds+r], all[0]}); err != nil {
					errs[w] = err
				}
			}
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	mustApply(t, want, all...)
	s.alike(t, want, got)
}

// oneRevision reads while another goroutine flips all reports to and fro: an
// answer that mixes two revisions would show both kinds.
func (s *suite) oneRevision(t *testing.T) {
	got := s.open(t)
	ctx := context.Background()
	const n = 12
	version := func(year int) []kg.Facts {
		var batch []kg.Facts
		for i := range n {
			f := mirror(fmt.Sprintf("%02d.txt", i), "")
			f = Compose(Draft{Location: f.Report.Sources[0].Location, Extractor: fmt.Sprint(year), Issuer: town, Year: year,
				Sentences: []Sentence{{plain(fmt.Sprintf("第%d份,推广", i)), names("枫桥经验", maple, kg.StatusImplemented)}}}.needs())
			batch = append(batch, f)
		}
		return batch
	}
	even, odd := version(2020), version(2021)
	mustApply(t, got, even...)
	done := make(chan error, 1)
	go func() {
		for i := range 20 {
			batch := odd
			if i%2 == 1 {
				batch = even
			}
			if _, err := got.Apply(ctx, batch); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for writing := true; writing; {
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			writing = false
		default:
		}
		p, err := got.Postings(ctx)
		if err != nil {
			t.Fatal(err)
		}
		year := 2020
		if p.Revision%(2*n) == 0 {
			year = 2021
		}
		if len(p.Reports) != n || p.Revision%n != 0 {
			t.Fatalf("%d reports of revision %d", len(p.Reports), p.Revision)
		}
		for _, r := range p.Reports {
			mustEqual(t, "year", r.Year, year)
		}
		page, err := got.Page(ctx, store.PageQuery{Of: store.Reports, OrderBy: []store.Order{{Field: "year"}}, Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		mustEqual(t, "total", page.Total, n)
		for _, k := range page.Keys {
			mustEqual(t, "year", k.Values[0], page.Keys[0].Values[0])
		}
	}
}
