package adoption_test

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"graphd/internal/adoption"
	"graphd/internal/kg"
	"graphd/internal/store"
)

func useQueries(t *rapid.T) adoption.UseQuery {
	return adoption.UseQuery{Within: regions.Draw(t, "within"), From: years.Draw(t, "from"), To: years.Draw(t, "to")}
}

var practices = rapid.SampledFrom([]string{others[0].ID, others[1].ID, others[2].ID, others[3].ID})

func TestCoAdoptionAgreesWithDefinitions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := corpora.Draw(t, "corpus")
		q := adoption.CoAdoptionQuery{PracticeID: practices.Draw(t, "practice"), Within: regions.Draw(t, "within"), From: years.Draw(t, "from"), To: years.Draw(t, "to")}
		same(t, "co-adoptions", adoption.Build(p).CoAdoptions(q), oracle{p}.coAdoptions(q))
	})
}

func TestTrendAgreesWithDefinitions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := corpora.Draw(t, "corpus")
		x := adoption.Build(p)
		for range 5 {
			checkTrend(t, x, oracle{p}, adoption.TrendQuery{
				Within: regions.Draw(t, "within"), Level: levels.Draw(t, "level"), MinStatus: stati.Draw(t, "min"),
				From: rapid.SampledFrom([]int{2020, 2021, 2018}).Draw(t, "from"), To: rapid.SampledFrom([]int{2021, 2022, 2024}).Draw(t, "to"),
			})
		}
	})
}

func checkTrend(t *rapid.T, x *adoption.Index, o oracle, q adoption.TrendQuery) {
	var got []trend
	for _, tr := range x.Trending(q) {
		got = append(got, trend{tr.PracticeID, [4]int{tr.First.Observed, tr.First.Adopting, tr.Last.Observed, tr.Last.Adopting}})
		checkShare(t, tr.First.Observed, tr.First.Adopting, tr.First.Share, tr.First.Low, tr.First.High)
		checkShare(t, tr.Last.Observed, tr.Last.Adopting, tr.Last.Share, tr.Last.Low, tr.Last.High)
		if tr.Gain != *tr.Last.Share-*tr.First.Share || tr.Low > tr.Gain || tr.High < tr.Gain || tr.Low < -1 || tr.High > 1 {
			t.Fatalf("gain %v in [%v, %v]", tr.Gain, tr.Low, tr.High)
		}
		same(t, "new adopters", tr.NewAdopters(), o.adopters(adoption.SpreadQuery{
			PracticeID: tr.PracticeID, Within: q.Within, Level: q.Level, From: q.From + 1, To: q.To, MinStatus: q.MinStatus, IncludeVariants: true,
		}))
	}
	same(t, "trends", got, o.trending(q))
}

// TestGainInterval compares with the worked example (56 of 70 against 48 of 80)
// of Newcombe 1998, table II, method 10.
func TestGainInterval(t *testing.T) {
	p := corpusOfShares(48, 80, 56, 70)
	got := adoption.Build(p).Trending(adoption.TrendQuery{From: 2020, To: 2021, MinStatus: kg.StatusImplemented})
	if len(got) != 1 || math.Abs(got[0].Low-0.0524) > 5e-5 || math.Abs(got[0].High-0.3339) > 5e-5 {
		t.Errorf("%+v", got)
	}
}

func TestSimilarityAgreesWithDefinitions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := corpora.Draw(t, "corpus")
		x := adoption.Build(p)
		id := rapid.SampledFrom(append(ids(divisions), kg.JurisdictionID("44"))).Draw(t, "jurisdiction")
		want := oracle{p}.similarTo(id)
		got := x.SimilarTo(id, 100)
		if len(got) != len(want) {
			t.Fatalf("got %+v\nwant %+v", got, want)
		}
		for i, s := range got {
			w := want[s.JurisdictionID]
			if math.Abs(s.Score-w.Score) > 1e-12 {
				t.Fatalf("%s: score %v, want %v", s.JurisdictionID, s.Score, w.Score)
			}
			same(t, "shared", s.Shared, w.Shared)
			if i > 0 && (s.Score > got[i-1].Score || s.Score == got[i-1].Score && s.JurisdictionID < got[i-1].JurisdictionID) {
				t.Fatalf("out of order: %+v", got)
			}
		}
		if n := len(got); n > 1 {
			same(t, "the first", x.SimilarTo(id, n-1), got[:n-1])
		}
	})
}

func TestUseAgreesWithDefinitions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := corpora.Draw(t, "corpus")
		x, o, q := adoption.Build(p), oracle{p}, useQueries(t)
		laws := x.LawUses(q, 100)
		for _, u := range laws {
			slices.Sort(u.ReportIDs)
			slices.Sort(u.SupersededIDs)
		}
		same(t, "laws", laws, o.lawUses(q))
		firms := x.FirmUses(q)
		for _, u := range firms {
			slices.Sort(u.ReportIDs)
		}
		same(t, "firms", firms, o.firmUses(q))
		same(t, "changes of firm", x.FirmChanges(q), o.firmChanges(q))
	})
}

func TestChangesAgreeWithDefinitions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := corpora.Draw(t, "corpus")
		x, o := adoption.Build(p), oracle{p}
		for _, r := range p.Reports {
			got, ok := x.Changes(r.ReportID)
			want, wantOK := o.changes(r.ReportID)
			same(t, "changes of "+r.ReportID, got, want)
			same(t, "whether there are any", ok, wantOK)
		}
		if _, ok := x.Changes(kg.ReportID("none")); ok {
			t.Fatalf("an unknown report has changes")
		}
	})
}

func TestPathAgreesWithDefinitions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := corpora.Draw(t, "corpus")
		x, o := adoption.Build(p), oracle{p}
		all := append(ids(p.Entities), kg.PracticeID("无"))
		for _, r := range p.Reports {
			all = append(all, r.ReportID)
		}
		from, to := rapid.SampledFrom(all).Draw(t, "from"), rapid.SampledFrom(all).Draw(t, "to")
		most := rapid.IntRange(1, 7).Draw(t, "most")
		got, ok := x.Path(from, to, most)
		var want []string
		if from != kg.PracticeID("无") {
			want = o.path(from, to, most)
		}
		same(t, "whether there is a path", ok, want != nil)
		same(t, "path", got.IDs, want)
		for i, l := range got.Links {
			ends := []string{got.IDs[i], got.IDs[i+1]}
			if !has(ends, l.ReportID) || !has(ends, l.EntityID) || !o.linked(l.ReportID, l.EntityID) || l.Issued != (o.report(l.ReportID).IssuerID == l.EntityID) {
				t.Fatalf("link %+v between %v", l, ends)
			}
		}
	})
}

func TestOrderAgreesWithDefinitions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := corpora.Draw(t, "corpus")
		q := adoption.SpreadQuery{
			PracticeID: practices.Draw(t, "practice"), Within: regions.Draw(t, "within"), Level: levels.Draw(t, "level"),
			From: years.Draw(t, "from"), To: years.Draw(t, "to"), MinStatus: stati.Draw(t, "min"), IncludeVariants: rapid.Bool().Draw(t, "variants"),
		}
		got := adoption.Build(p).Order(q)
		want, known, vertical, horizontal := oracle{p}.order(q)
		slices.SortStableFunc(want, func(a, b adoption.Succession) int {
			if a.ToYear != b.ToYear {
				return a.ToYear - b.ToYear
			}
			return slices.Compare([]string{a.ToID}, []string{b.ToID})
		})
		same(t, "successions", got.Successions, append([]adoption.Succession{}, want...))
		same(t, "shares", [4]int{got.Vertical.Observed, got.Vertical.Adopting, got.Horizontal.Observed, got.Horizontal.Adopting}, [4]int{known, vertical, known, horizontal})
		checkShare(t, known, vertical, got.Vertical.Share, got.Vertical.Low, got.Vertical.High)
	})
}

// corpusOfShares has k0 adopters of n0 towns in 2020, and k1 of n1 in 2021.
func corpusOfShares(k0, n0, k1, n1 int) *store.Postings {
	p := &store.Postings{Entities: []kg.Entity{practice("枫桥经验", "")}}
	for i, year := range []int{2020, 2021} {
		for n := range []int{n0, n1}[i] {
			town := division(fmt.Sprintf("33%02d%03d", i, n), "", kg.LevelTownship)
			r := store.Posting{ReportID: kg.ReportID(town.ID), IssuerID: town.ID, Year: year}
			if n < []int{k0, k1}[i] {
				r.Terms = []store.Term{{EntityID: kg.PracticeID("枫桥经验"), Status: kg.StatusImplemented}}
			}
			p.Entities, p.Reports = append(p.Entities, town), append(p.Reports, r)
		}
	}
	slices.SortFunc(p.Entities, func(a, b kg.Entity) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(p.Reports, func(a, b store.Posting) int { return cmp.Compare(a.ReportID, b.ReportID) })
	return p
}

// TestUpdateIsBuild: an index that followed what changed is one that was built
// of everything.
func TestUpdateIsBuild(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, after := corpora.Draw(t, "before"), corpora.Draw(t, "after")
		// One that went, so that the numbers of all others change.
		before.Entities = append([]kg.Entity{{ID: kg.IndicatorID("0"), Kind: kg.KindIndicator}}, before.Entities...)
		was := map[string]store.Posting{}
		for _, r := range before.Reports {
			was[r.ReportID] = r
		}
		d := &store.Delta{Postings: store.Postings{Mark: store.Mark{Epoch: 1, Revision: 9}, Entities: after.Entities}}
		after.Mark = d.Mark
		for i, r := range after.Reports {
			if old, ok := was[r.ReportID]; ok && rapid.Bool().Draw(t, "stays") {
				after.Reports[i] = old
			} else {
				d.Reports = append(d.Reports, r)
			}
			delete(was, r.ReportID)
		}
		d.Gone = slices.Sorted(maps.Keys(was))
		if !reflect.DeepEqual(adoption.Build(before).Update(d), adoption.Build(after)) {
			t.Fatalf("the indexes differ")
		}
	})
}
