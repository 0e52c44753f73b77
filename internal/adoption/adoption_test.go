package adoption_test

import (
	"cmp"
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"graphd/internal/adoption"
	"graphd/internal/kg"
	"graphd/internal/store"
)

// The divisions of the tests: two provinces, some without a register entry,
// with names that sort on either side of the separator in an ID.
var divisions = []kg.Entity{
	division("33", "", kg.LevelProvince),
	division("3302", "33", kg.LevelPrefecture),
	division("330212", "3302", kg.LevelCounty),
	division("330212005", "330212", kg.LevelTownship),
	division("330212006", "330212", kg.LevelTownship),
	division("330212/甲", "330212", kg.LevelTownship),
	division("330212/甲(东)", "330212", kg.LevelTownship),
	division("330212/甲/乙", "330212/甲", kg.LevelVillage),
	division("330212/甲乙", "330212", kg.LevelTownship),
	division("32", "", kg.LevelProvince),
	division("3205", "32", kg.LevelPrefecture),
	division("320582", "3205", kg.LevelCounty),
}

func division(code, parent string, level kg.Level) kg.Entity {
	e := kg.Entity{ID: kg.JurisdictionID(code), Kind: kg.KindJurisdiction, Level: level}
	if parent != "" {
		e.ParentID = kg.JurisdictionID(parent)
	}
	return e
}

func practice(name, variantOf string) kg.Entity {
	e := kg.Entity{ID: kg.PracticeID(name), Kind: kg.KindPractice, Name: name}
	if variantOf != "" {
		e.VariantOf = kg.PracticeID(variantOf)
	}
	return e
}

func entities(more ...kg.Entity) []kg.Entity {
	all := append(slices.Clone(divisions), more...)
	slices.SortFunc(all, func(a, b kg.Entity) int { return cmp.Compare(a.ID, b.ID) })
	return all
}

// unmentioned is a practice that is known and that no report names.
const unmentioned = "无人提及"

var others = []kg.Entity{
	practice("枫桥经验", ""), practice("枫桥式派出所", "枫桥经验"), practice("枫桥式派出所东模式", "枫桥式派出所"), practice("三所联动", ""),
	practice(unmentioned, ""),
	{ID: kg.LawID("行政处罚法", ""), Kind: kg.KindLaw, Versions: []kg.LawVersion{{Effective: "1996-10-01", Until: "2021-07-15"}}},
	{ID: kg.LawID("民法典", ""), Kind: kg.KindLaw, Versions: []kg.LawVersion{{Effective: "2021-01-01", Enacted: true}}},
	{ID: kg.LawID("信访条例", ""), Kind: kg.KindLaw, Versions: []kg.LawVersion{{Until: "2021-01-01"}}},
	{ID: kg.LawFirmID("甲律师事务所"), Kind: kg.KindLawFirm}, {ID: kg.LawFirmID("乙律师事务所"), Kind: kg.KindLawFirm},
	{ID: kg.IndicatorID("调解纠纷"), Kind: kg.KindIndicator},
}

// corpora draws postings that a store could give.
var corpora = rapid.Custom(func(t *rapid.T) *store.Postings {
	all := entities(others...)
	p := &store.Postings{Mark: store.Mark{Epoch: 1, Revision: rapid.Int64Range(0, 9).Draw(t, "revision")}, Entities: all}
	sparse := rapid.SampledFrom([]uint32{2, 4, 8}).Draw(t, "sparse")
	n := rapid.SampledFrom([]int{0, 1, 3, 10, 25, 60, 200}).Draw(t, "reports")
	for i := range n {
		r := store.Posting{ReportID: kg.ReportID(fmt.Sprint(i)), Year: rapid.SampledFrom([]int{0, 2020, 2021, 2022, 2024}).Draw(t, "year")}
		if j := rapid.IntRange(-1, len(divisions)-1).Draw(t, "issuer"); j >= 0 {
			r.IssuerID = divisions[j].ID
		}
		r.Department = rapid.SampledFrom([]string{"", "", "", "市水利局", "市教育局"}).Draw(t, "department")
		for _, e := range all {
			if e.Name == unmentioned || rapid.Uint32().Draw(t, e.ID)%sparse > 0 {
				continue
			}
			term := store.Term{EntityID: e.ID}
			if e.Kind == kg.KindPractice {
				term.Status = kg.Status(rapid.IntRange(int(kg.StatusPlanned), int(kg.StatusHonoured)).Draw(t, "status"))
			}
			r.Terms = append(r.Terms, term)
		}
		p.Reports = append(p.Reports, r)
	}
	slices.SortFunc(p.Reports, func(a, b store.Posting) int { return cmp.Compare(a.ReportID, b.ReportID) })
	return p
})

var (
	regions = rapid.SampledFrom(append([]string{"", kg.JurisdictionID("44"), kg.JurisdictionID("330212/丙")}, ids(divisions)...))
	levels  = rapid.SampledFrom([]kg.Level{"", "", kg.LevelProvince, kg.LevelPrefecture, kg.LevelCounty, kg.LevelTownship, kg.LevelVillage})
	years   = rapid.SampledFrom([]int{0, 0, 2018, 2020, 2021, 2022, 2023, 2025})
	stati   = rapid.Custom(func(t *rapid.T) kg.Status { return kg.Status(rapid.IntRange(0, 5).Draw(t, "min")) })
)

func ids(es []kg.Entity) []string {
	var ids []string
	for _, e := range es {
		ids = append(ids, e.ID)
	}
	return ids
}

func same(t interface{ Fatalf(string, ...any) }, what string, got, want any) {
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

func TestSpreadAgreesWithDefinitions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		postings := corpora.Draw(t, "corpus")
		o, x := oracle{postings}, adoption.Build(postings)
		q := adoption.SpreadQuery{
			PracticeID: rapid.SampledFrom([]string{others[0].ID, others[1].ID, others[3].ID, kg.PracticeID("无")}).Draw(t, "practice"),
			Within:     regions.Draw(t, "within"), Level: levels.Draw(t, "level"),
			From: years.Draw(t, "from"), To: years.Draw(t, "to"),
			MinStatus: stati.Draw(t, "min"), IncludeVariants: rapid.Bool().Draw(t, "variants"),
		}
		got := x.Spread(q)
		timeline := o.timeline(q)
		same(t, "adopters", x.Adopters(q), o.adopters(q))
		same(t, "timeline", got.Timeline, timeline)
		same(t, "first adopters", got.FirstAdopters, o.adopters(q))

		children := x.Children(q.Within)
		same(t, "regions", len(got.ByRegion), len(children))
		for i, s := range got.ByRegion {
			_, observed, adopts := o.share(q, timeline, func(id string) bool { return kg.Within(id, children[i]) })
			same(t, "region", []any{s.RegionID, s.Observed, s.Adopting}, []any{children[i], observed, adopts})
			checkShare(t, s.Observed, s.Adopting, s.Share, s.Low, s.High)
		}
		n := 0
		for _, level := range []kg.Level{kg.LevelProvince, kg.LevelPrefecture, kg.LevelCounty, kg.LevelTownship, kg.LevelVillage} {
			asked, observed, adopts := o.share(q, timeline, func(id string) bool { return o.entity(id).Level == level })
			if asked == 0 {
				continue
			}
			s := got.ByLevel[n]
			same(t, "level", []any{s.Level, s.Observed, s.Adopting}, []any{level, observed, adopts})
			checkShare(t, s.Observed, s.Adopting, s.Share, s.Low, s.High)
			n++
		}
		same(t, "levels", len(got.ByLevel), n)
	})
}

func checkShare(t *rapid.T, n, k int, share, low, high *float64) {
	if n == 0 {
		if share != nil || low != nil || high != nil {
			t.Fatalf("a share of nothing")
		}
		return
	}
	p := float64(k) / float64(n)
	if *share != p || *low < 0 || *high > 1 || *low > p || *high < p {
		t.Fatalf("share of %d in %d: %v in [%v, %v]", k, n, *share, *low, *high)
	}
	// The bounds are where the score test of p is just not significant.
	for _, bound := range []float64{*low, *high} {
		if bound == 0 || bound == 1 {
			continue
		}
		z := math.Abs(p-bound) / math.Sqrt(bound*(1-bound)/float64(n))
		if math.Abs(z-1.959963984540054) > 1e-6 {
			t.Fatalf("bound %v of %d in %d lies %v standard errors off", bound, k, n, z)
		}
	}
}

func TestRelationsAgreeWithDefinitions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		postings := corpora.Draw(t, "corpus")
		o, x := oracle{postings}, adoption.Build(postings)
		q := adoption.RelationQuery{
			EntityID: rapid.SampledFrom(ids(postings.Entities)).Draw(t, "entity"),
			Within:   regions.Draw(t, "within"), From: years.Draw(t, "from"), To: years.Draw(t, "to"),
			MinStatus: stati.Draw(t, "min"), IncludeVariants: rapid.Bool().Draw(t, "variants"),
		}
		same(t, "reports", x.Reports(q), o.reports(q))

		min := stati.Draw(t, "least")
		of := divisions[rapid.IntRange(0, len(divisions)-1).Draw(t, "jurisdiction")].ID
		want := []adoption.Adoption{}
		for _, e := range postings.Entities {
			if a, ok := o.adoption(adoption.SpreadQuery{PracticeID: e.ID, MinStatus: min}, of); ok && e.Kind == kg.KindPractice {
				want = append(want, a)
			}
		}
		slices.SortStableFunc(want, func(a, b adoption.Adoption) int { return a.Since - b.Since })
		same(t, "adoptions", x.AdoptionsOf(of, min), want)

		either := ids(divisions)
		for _, p := range postings.Reports {
			either = append(either, p.ReportID)
			same(t, "terms", x.Terms(p.ReportID), append([]store.Term{}, p.Terms...))
		}
		a, b := rapid.SampledFrom(either).Draw(t, "a"), rapid.SampledFrom(either).Draw(t, "b")
		same(t, "shared", x.Shared(a, b), o.shared(a, b))

		within, level := regions.Draw(t, "coverage of"), levels.Draw(t, "at")
		asked := o.asked(adoption.SpreadQuery{Within: within, Level: level})
		for i, c := range x.Coverage(within, level) {
			n := 0
			for _, id := range asked {
				if slices.ContainsFunc(postings.Reports, func(p store.Posting) bool {
					return p.IssuerID == id && p.Year == c.Year && p.Department == ""
				}) {
					n++
				}
			}
			same(t, "coverage", c, adoption.YearCount{Year: o.years()[i], WithReport: n})
		}
	})
}

func TestDepartmentReport(t *testing.T) {
	fengqiao, county := others[0].ID, kg.JurisdictionID("330212")
	report := func(n string, year int, department string, status kg.Status) store.Posting {
		p := store.Posting{ReportID: kg.ReportID(n), IssuerID: county, Year: year, Department: department}
		if status != kg.StatusNone {
			p.Terms = []store.Term{{EntityID: fengqiao, Status: status}}
		}
		return p
	}
	x := adoption.Build(&store.Postings{Entities: entities(others...), Reports: []store.Posting{
		report("a", 2020, "县水利局", kg.StatusNone),
		report("b", 2021, "县水利局", kg.StatusReferred),
		report("c", 2022, "县水利局", kg.StatusImplemented),
		report("d", 2023, "", kg.StatusNone),
	}})
	var got [][6]int
	for _, y := range x.Spread(adoption.SpreadQuery{PracticeID: fengqiao, MinStatus: kg.StatusImplemented}).Timeline {
		got = append(got, [6]int{y.Year, y.Adopting, y.MentionedOnly, y.Silent, y.NoReport, y.Cumulative})
	}
	same(t, "year, adopting, mentioned only, silent, no report, cumulative", got, [][6]int{
		{2020, 0, 0, 0, 1, 0}, {2021, 0, 0, 0, 1, 0}, {2022, 1, 0, 0, 0, 1}, {2023, 0, 0, 1, 0, 1},
	})
	if a := x.AdoptionsOf(county, kg.StatusImplemented); len(a) != 1 || !a[0].LeftCensored {
		t.Errorf("what only a department told before is taken for silence: %+v", a)
	}
}

func TestVariantsInACircle(t *testing.T) {
	a, b := practice("甲", "乙"), practice("乙", "甲")
	x := adoption.Build(&store.Postings{Entities: []kg.Entity{b, a}})
	same(t, "variants", x.Variants(a.ID), []string{b.ID})
}

func TestBuildRefusesUnlistedEntities(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a report of an issuer that is not listed was indexed")
		}
	}()
	adoption.Build(&store.Postings{Reports: []store.Posting{{ReportID: kg.ReportID("a"), IssuerID: kg.JurisdictionID("33")}}})
}
