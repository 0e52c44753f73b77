package graph_test

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"graphd/bench/corpus"
	"graphd/internal/fold"
	"graphd/internal/kg"
	"graphd/internal/reuse"
	"graphd/internal/store"
)

// generated is a composed corpus with the store that holds it.
type generated struct {
	facts []kg.Facts
	byID  map[string]kg.Facts
}

func generate(t testing.TB, s store.Store, seed uint64, n int) generated {
	t.Helper()
	g := generated{byID: map[string]kg.Facts{}}
	for f := range corpus.Generate(seed, n) {
		g.facts = append(g.facts, f)
		g.byID[f.Report.ID] = f
	}
	for batch := range slices.Chunk(g.facts, 50) {
		apply(t, s, batch...)
	}
	return g
}

// busiest is the entity of a kind that most reports name.
func (g generated) busiest(kind kg.Kind) kg.Entity {
	reports, known := map[string]map[string]bool{}, map[string]kg.Entity{}
	for _, f := range g.facts {
		for _, e := range f.Entities {
			known[e.ID] = e
		}
		for _, m := range f.Mentions {
			if known[m.EntityID].Kind == kind {
				if reports[m.EntityID] == nil {
					reports[m.EntityID] = map[string]bool{}
				}
				reports[m.EntityID][m.ReportID] = true
			}
		}
	}
	best := kg.Entity{}
	for id, of := range reports {
		if b := reports[best.ID]; len(of) > len(b) || len(of) == len(b) && id < best.ID {
			best = known[id]
		}
	}
	return best
}

var generatedSizes = []struct {
	seed uint64
	n    int
}{{11, 50}, {12, 200}, {13, 500}}

// everyQuestion asks each question across reports with its evidence.
func everyQuestion(g generated) map[string]string {
	evidence := `{ quote start end passage report { id text } }`
	practice, indicator := g.busiest(kg.KindPractice), g.busiest(kg.KindIndicator)
	var issuer string
	for _, f := range g.facts {
		issuer = cmp.Or(issuer, f.Report.IssuerID)
	}
	report := g.facts[len(g.facts)/2].Report.ID
	return map[string]string{
		"spread": fmt.Sprintf(`{ spread(practice: %q) { timeline { year observed adopting mentionedOnly silent noReport cumulative
			newAdopters { since claimedSince evidence %s } } byRegion { region { name } observed adopting } byLevel { level observed adopting }
			vertical { observed adopting } horizontal { observed adopting }
			edges(first: 100) { kind fromYear toYear vertical from { id } to { id } evidence %s } } }`, opaque(practice.ID), evidence, evidence),
		"trending": fmt.Sprintf(`{ trending(from: 2018, to: 2022) { practice { name } gain gainLow gainHigh first { observed adopting } last { observed adopting } newAdopters { evidence %s } } }`, evidence),
		"coAdoption": fmt.Sprintf(`{ coAdoption(practice: %q) { practice { name } both onlyThis onlyOther neither jaccard lift thisFirst otherFirst
			adopters { this { evidence %s } other { evidence %s } } } }`, opaque(practice.ID), evidence, evidence),
		"similarTo":      fmt.Sprintf(`{ similarTo(jurisdiction: %q) { score jurisdiction { id } items { jurisdictions rarity node { ... on Entity { id } } evidence %s } } }`, opaque(issuer), evidence),
		"sharedBetween":  fmt.Sprintf(`{ sharedBetween(a: %q, b: %q) { practices { id } laws { id } items { rarity evidence %s } } }`, opaque(report), opaque(g.facts[0].Report.ID), evidence),
		"lawUse":         fmt.Sprintf(`{ lawUse { law { title } reports jurisdictions superseded articles { article citations } supersededEvidence %s evidence %s } }`, evidence, evidence),
		"lawFirmUse":     fmt.Sprintf(`{ lawFirmUse { lawFirm { name } clientCount clients { id } years evidence %s } }`, evidence),
		"lawFirmChanges": fmt.Sprintf(`{ lawFirmChanges { jurisdiction { id } fromYear toYear left { name } joined { name } evidence %s } }`, evidence),
		"compareMetric":  fmt.Sprintf(`{ compareMetric(indicator: %q) { rows { jurisdiction { id } year unit cumulative comparable reason perTenThousand metric { value evidence %s } } contradictions { claimed reported } } }`, opaque(indicator.ID), evidence),
		"changes":        fmt.Sprintf(`{ reports(first: 50) { edges { node { changes { previous { id } gained { name } kept { name } noLongerMentioned { name } statusChanges { from to practice { name } } practices { from to before %s after %s } metrics { difference before { evidence %s } after { evidence %s } } } } } } }`, evidence, evidence, evidence, evidence),
		"textReuse":      fmt.Sprintf(`{ textReuse(report: %q, first: 100) { characters rarity relation fromSuperior other { id } here %s there %s } }`, opaque(report), evidence, evidence),
		"path":           fmt.Sprintf(`{ path(from: %q, to: %q) { nodes { id } links { from to kind evidence %s } } }`, opaque(practice.ID), opaque(issuer), evidence),
		"search":         fmt.Sprintf(`{ search(text: "推行", first: 50) { edges { node { kind highlight evidence %s } } } }`, evidence),
	}
}

// TestQuotesStandAtTheirOffsets looks at every piece of evidence of every
// question: it is the slice of the stored text at its offsets, and the passage
// holds it.
func TestQuotesStandAtTheirOffsets(t *testing.T) {
	s := openSQLite(t)
	g := generate(t, s, 11, 200)
	c := config(t, s)
	for name, query := range everyQuestion(g) {
		seen := 0
		var walk func(v any)
		walk = func(v any) {
			switch v := v.(type) {
			case []any:
				for _, e := range v {
					walk(e)
				}
			case map[string]any:
				if quote, ok := v["quote"].(string); ok {
					seen++
					text := []rune(at(t, v, "report", "text").(string))
					start, end := int(v["start"].(float64)), int(v["end"].(float64))
					if string(text[start:end]) != quote || !strings.Contains(v["passage"].(string), quote) {
						t.Errorf("%s: %q does not stand at [%d, %d)", name, quote, start, end)
					}
				}
				for _, e := range v {
					walk(e)
				}
			}
		}
		walk(data(t, c, query, nil))
		if seen == 0 {
			t.Errorf("%s shows no evidence", name)
		}
	}
}

// TestStoresAnswerQuestionsAlike demands the same bytes from both stores on
// generated corpora.
func TestStoresAnswerQuestionsAlike(t *testing.T) {
	for _, size := range []int{0, 2} { // writing to Neo4j is what takes the time
		size := generatedSizes[size]
		t.Run(fmt.Sprintf("%d reports", size.n), func(t *testing.T) {
			lite, neo := openSQLite(t), openNeo4j(t)
			g := generate(t, lite, size.seed, size.n)
			generate(t, neo, size.seed, size.n)
			for name, query := range everyQuestion(g) {
				want, got := ask(t, config(t, lite), query, nil), ask(t, config(t, neo), query, nil)
				if !bytes.Equal(want, got) {
					t.Errorf("%s: SQLite and Neo4j differ: %s", name, firstDifference(string(want), string(got)))
				}
				if errs := decode(t, want).Errors; len(errs) > 0 {
					t.Errorf("%s: %+v", name, errs)
				}
			}
		})
	}
}

// TestComparisonAgreesWithFacts goes through the figures one by one.
func TestComparisonAgreesWithFacts(t *testing.T) {
	for _, size := range generatedSizes {
		s := openSQLite(t)
		g := generate(t, s, size.seed, size.n)
		indicator := g.busiest(kg.KindIndicator)
		type row struct {
			issuer     string
			year       float64
			value      float64
			comparable bool
		}
		var want []row
		for _, f := range g.facts {
			if f.Report.IssuerID == "" {
				continue
			}
			var own []kg.Mention // figures of the report's year
			for _, m := range f.Mentions {
				if m.EntityID == indicator.ID && !m.Metric.Target && m.Metric.Period == "" && f.Report.Year != 0 && f.Report.Department == "" {
					own = append(own, m)
				}
			}
			sum, most, differ := 0.0, 0.0, false
			for _, m := range own {
				sum, most, differ = sum+m.Metric.Value, max(most, m.Metric.Value), differ || m.Metric.Value != own[0].Metric.Value
			}
			for _, m := range f.Mentions {
				if m.EntityID != indicator.ID {
					continue
				}
				r := row{f.Report.IssuerID, float64(f.Report.Year), m.Metric.Value, false}
				if i := slices.IndexFunc(own, func(o kg.Mention) bool { return o.ID == m.ID }); i >= 0 {
					r.comparable = !differ && i == 0 || differ && len(own) > 2 && sum == 2*most && m.Metric.Value == most
				}
				want = append(want, r)
			}
		}
		var got []row
		answer := data(t, config(t, s), everyQuestion(g)["compareMetric"], nil)
		for _, r := range at(t, answer, "compareMetric", "rows").([]any) {
			id := at(t, r, "jurisdiction", "id").(string)
			for _, f := range g.facts {
				if opaque(f.Report.IssuerID) == id {
					id = f.Report.IssuerID
					break
				}
			}
			got = append(got, row{id, at(t, r, "year").(float64), at(t, r, "metric", "value").(float64), at(t, r, "comparable").(bool)})
			if comparable, reason := at(t, r, "comparable").(bool), at(t, r, "reason"); !comparable && reason == nil {
				t.Errorf("no reason: %v", r)
			}
		}
		for _, list := range [][]row{got, want} {
			slices.SortFunc(list, func(a, b row) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		}
		if len(want) == 0 || !reflect.DeepEqual(got, want) {
			t.Errorf("%d reports: got %v\nwant %v", size.n, got, want)
		}
	}
}

// TestUnitsOfComparedFigures looks at the units of rows over the samples: each
// is what its figure has, and what its reason speaks of.
func TestUnitsOfComparedFigures(t *testing.T) {
	s := openSQLite(t)
	ingestSamples(t, s)
	c := config(t, s)
	for indicator, want := range map[string]map[string]bool{ // by unit: whether figures in it may be compared
		"合同审查": {"件": true, "份": true},
		"行政检查": {"家次": true, "家": false, "户": false, "项次": false},
	} {
		got := map[string]bool{}
		answer := data(t, c, `query ($i: ID!) { compareMetric(indicator: $i) { rows { unit comparable reason metric { unit } } } }`, map[string]any{"i": indicator})
		for _, r := range at(t, answer, "compareMetric", "rows").([]any) {
			unit := at(t, r, "unit").(string)
			if unit != at(t, r, "metric", "unit") {
				t.Errorf("%s: %v", indicator, r)
			}
			got[unit] = got[unit] || at(t, r, "comparable").(bool)
			if reason, ok := at(t, r, "reason").(string); ok && strings.HasPrefix(reason, "counted in ") && !strings.HasPrefix(reason, "counted in "+unit+", not in ") {
				t.Errorf("%s in %s: %s", indicator, unit, reason)
			}
		}
		for unit, comparable := range want {
			if had, ok := got[unit]; !ok || had != comparable {
				t.Errorf("%s in %s: stated %t, compared %t, want %t", indicator, unit, ok, had, comparable)
			}
		}
	}
}

// TestStatedEdgesAgreeWithFacts reads the sentences that the corpus composes for
// places that were learnt from.
func TestStatedEdgesAgreeWithFacts(t *testing.T) {
	for _, size := range generatedSizes {
		s := openSQLite(t)
		g := generate(t, s, size.seed, size.n)
		c := config(t, s)
		edges := 0
		for i, practice := range g.practices() {
			if i%(1+size.n/100) != 0 {
				continue // some of many
			}
			want := map[[2]string]int{}
			for _, f := range g.facts {
				if f.Report.IssuerID == "" || f.Report.Year == 0 {
					continue
				}
				for _, m := range f.Mentions {
					if m.EntityID != practice || m.Status < kg.StatusImplemented {
						continue
					}
					for _, from := range f.Mentions {
						if from.Kind != kg.KindJurisdiction || from.Passage != m.Passage || kg.Within(from.EntityID, f.Report.IssuerID) || kg.Within(f.Report.IssuerID, from.EntityID) {
							continue
						}
						key := [2]string{opaque(from.EntityID), opaque(f.Report.IssuerID)}
						if year := want[key]; year == 0 || f.Report.Year < year {
							want[key] = f.Report.Year
						}
					}
				}
			}
			got := map[[2]string]int{}
			answer := data(t, c, `query ($p: ID!) { spread(practice: $p, includeVariants: false) { edges(kinds: [STATED], first: 100) { toYear from { id } to { id } } } }`, map[string]any{"p": opaque(practice)})
			for _, e := range at(t, answer, "spread", "edges").([]any) {
				got[[2]string{at(t, e, "from", "id").(string), at(t, e, "to", "id").(string)}] = int(at(t, e, "toYear").(float64))
			}
			edges += len(got)
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("%d reports, %s: got %v, want %v", size.n, practice, got, want)
			}
		}
		if size.n == 500 && edges == 0 {
			t.Error("no edge to compare")
		}
	}
}

func (g generated) practices() []string {
	seen := map[string]bool{}
	for _, f := range g.facts {
		for _, m := range f.Mentions {
			if m.Kind == kg.KindPractice {
				seen[m.EntityID] = true
			}
		}
	}
	var ids []string
	for id := range seen {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// TestReuseAgreesWithFacts goes through all reports for each shared passage:
// who has its fingerprints, and how long it is.
func TestReuseAgreesWithFacts(t *testing.T) {
	for _, size := range generatedSizes[:2] {
		s := openSQLite(t)
		g := generate(t, s, size.seed, size.n)
		c := config(t, s)
		holders, printsOf := map[uint64]int{}, map[string][]uint64{}
		for _, f := range g.facts {
			printsOf[f.Report.ID] = reuse.Fingerprints(f.Report)
			for _, p := range printsOf[f.Report.ID] {
				holders[p]++
			}
		}
		shown, complete := 0, 0
		for _, f := range g.facts[:20] {
			answer := data(t, c, `query ($r: ID!) { textReuse(report: $r, first: 100) { characters rarity other { id } here { quote } there { quote } } }`, map[string]any{"r": opaque(f.Report.ID)})
			found := at(t, answer, "textReuse").([]any)
			others := map[any]bool{}
			for _, p := range found {
				shown++
				here, there := at(t, p, "here", "quote").(string), at(t, p, "there", "quote").(string)
				others[at(t, p, "other", "id")] = true
				if fold.Key(here) != fold.Key(there) || float64(len([]rune(fold.Key(here)))) != at(t, p, "characters").(float64) || len([]rune(fold.Key(here))) < reuse.MinRun {
					t.Fatalf("%q and %q of %v characters", here, there, at(t, p, "characters"))
				}
				sum := 0.0
				prints := reuse.FingerprintsOf(here)
				for _, print := range prints {
					if n := holders[print]; n <= 30 {
						sum += math.Log(float64(size.n)/float64(n)) / math.Log(float64(size.n))
					}
				}
				if want := sum / float64(len(prints)); math.Abs(at(t, p, "rarity").(float64)-want) > 1e-9 {
					t.Fatalf("rarity of %q is %v, want %v", here, at(t, p, "rarity"), want)
				}
			}
			near := 0
			own := printsOf[f.Report.ID]
			for _, o := range g.facts {
				if slices.ContainsFunc(printsOf[o.Report.ID], func(p uint64) bool {
					_, ok := slices.BinarySearch(own, p)
					return ok && holders[p] <= 30
				}) {
					near++
				}
			}
			if len(found) == 100 || near > 50 {
				continue // there may be more
			}
			complete++
			// Everybody with a rare fingerprint of it in a whole run is there.
			text := reuse.NewText(f.Report)
			for _, o := range g.facts {
				if o.Report.ID == f.Report.ID {
					continue
				}
				for _, run := range text.Runs(o.Report) {
					rare := false
					for _, print := range reuse.FingerprintsOf(string([]rune(f.Report.Text)[run.Here.Start:run.Here.End])) {
						rare = rare || holders[print] <= 30 && holders[print] < size.n
					}
					if rare && !others[opaque(o.Report.ID)] {
						t.Fatalf("%s shares a rare passage and is not shown", o.Report.Title)
					}
				}
			}
		}
		if shown == 0 || complete == 0 {
			t.Errorf("%d reports: %d passages shown, %d reports with all of them", size.n, shown, complete)
		}
	}
}

// TestQuestionsAskTheStoreLittle counts what each question asks the store: its
// evidence comes in one call a field, whatever there is of it.
func TestQuestionsAskTheStoreLittle(t *testing.T) {
	s := openSQLite(t)
	g := generate(t, s, 11, 200)
	practice, issuer := opaque(g.busiest(kg.KindPractice).ID), ""
	for _, f := range g.facts {
		issuer = cmp.Or(issuer, f.Report.IssuerID)
	}
	report := opaque(g.facts[len(g.facts)/2].Report.ID)
	for name, tc := range map[string]struct {
		query string
		want  map[string]int
	}{
		"spread, counted":      {`{ spread(practice: "` + practice + `") { timeline { adopting } byRegion { share } vertical { share } } }`, map[string]int{}},
		"spread, quoted":       {`{ spread(practice: "` + practice + `") { timeline { newAdopters { claimedSince evidence { quote } } } } }`, map[string]int{"Mentions": 1}},
		"edges of time":        {`{ spread(practice: "` + practice + `") { edges(kinds: [TIME_ORDER]) { toYear } } }`, map[string]int{}},
		"edges of time quoted": {`{ spread(practice: "` + practice + `") { edges(kinds: [TIME_ORDER]) { evidence { quote } } } }`, map[string]int{"Mentions": 1}},
		"all edges":            {`{ spread(practice: "` + practice + `") { edges { evidence { quote } } } }`, map[string]int{"Mentions": 4, "Sharing": 1}},
		"trending":             {`{ trending(from: 2018, to: 2022) { gain newAdopters { evidence { quote } } } }`, map[string]int{"Mentions": 1}},
		"co-adoption":          {`{ coAdoption(practice: "` + practice + `") { both adopters { this { evidence { quote } } other { evidence { quote } } } } }`, map[string]int{"Mentions": 1}},
		"similar":              {`{ similarTo(jurisdiction: "` + opaque(issuer) + `") { score items { rarity evidence { quote } } } }`, map[string]int{"Mentions": 1}},
		"laws":                 {`{ lawUse { reports superseded } }`, map[string]int{}},
		"laws, quoted":         {`{ lawUse { articles { article } supersededEvidence { quote } evidence { quote } } }`, map[string]int{"Mentions": 3}},
		"changes":              {`{ changes(report: "` + report + `") { gained { name } practices { before { quote } after { quote } } } }`, map[string]int{"Mentions": 2}},
		"changes of many":      {`{ reports(first: 100) { edges { node { changes { gained { name } metrics { difference } } } } } }`, map[string]int{"Page": 1, "Reports": 1, "Mentions": 1}},
		"comparison":           {`{ compareMetric(indicator: "` + opaque(g.busiest(kg.KindIndicator).ID) + `") { rows { metric { evidence { quote } } } } }`, map[string]int{"Mentions": 1}},
		"reuse":                {`{ textReuse(report: "` + report + `") { here { quote } there { quote } } }`, map[string]int{"Reports": 2, "Sharing": 1}},
		"reuse of many":        {`{ reports(first: 20) { edges { node { textReuse(first: 2) { here { quote } } } } } }`, map[string]int{"Page": 1, "Reports": 3, "Sharing": 1}},
		"path":                 {`{ path(from: "` + practice + `", to: "` + opaque(issuer) + `") { links { kind evidence { quote } } } }`, map[string]int{"Mentions": 1}},
	} {
		counted := &counting{Reader: s, calls: map[string]int{}}
		c := config(t, s)
		c.Store = counted
		data(t, c, tc.query, nil)
		for method, n := range counted.calls {
			if n > tc.want[method] {
				t.Errorf("%s: %s was asked %d times, want at most %d", name, method, n, tc.want[method])
			}
		}
	}
}

// TestBadArguments: what makes no sense is told by its code, and a name that
// several bear with those that bear it.
func TestBadArguments(t *testing.T) {
	s := openSQLite(t)
	apply(t, s, reportOf(northCity, 2022, names(maple, kg.StatusImplemented)), reportOf(southCity, 2023, names(maple, kg.StatusImplemented), counts(5)), reportOf(county, 2023))
	c := config(t, s)
	for query, code := range map[string]string{
		`{ spread(practice: "无此做法") { timeline { year } } }`:                       "NOT_FOUND",
		`{ spread(practice: "枫桥经验", within: "无此地") { timeline { year } } }`:        "NOT_FOUND",
		`{ spread(practice: "枫桥经验", within: "白石市") { timeline { year } } }`:        "AMBIGUOUS",
		`{ spread(practice: "枫桥经验", from: 2023, to: 2022) { timeline { year } } }`: "BAD_USER_INPUT",
		`{ spread(practice: "枫桥经验") { edges(first: 0) { kind } } }`:                "BAD_USER_INPUT",
		`{ trending(from: 2023, to: 2022) { gain } }`:                              "BAD_USER_INPUT",
		`{ trending(from: 2022, to: 2022) { gain } }`:                              "BAD_USER_INPUT",
		`{ trending(from: 2022, to: 2023, first: 101) { gain } }`:                  "BAD_USER_INPUT",
		`{ trending(from: 2022, to: 2023, within: "白石市") { gain } }`:               "AMBIGUOUS",
		`{ coAdoption(practice: "无此做法") { both } }`:                                "NOT_FOUND",
		`{ coAdoption(practice: "枫桥经验", from: 2023, to: 2022) { both } }`:          "BAD_USER_INPUT",
		`{ similarTo(jurisdiction: "白石市") { score } }`:                             "AMBIGUOUS",
		`{ similarTo(jurisdiction: "99") { score } }`:                              "NOT_FOUND",
		`{ lawUse(within: "白石市") { reports } }`:                                    "AMBIGUOUS",
		`{ lawUse(from: 99) { reports } }`:                                         "BAD_USER_INPUT",
		`{ lawFirmUse(first: 0) { clientCount } }`:                                 "BAD_USER_INPUT",
		`{ lawFirmChanges(within: "无此地") { toYear } }`:                             "NOT_FOUND",
		`{ compareMetric(indicator: "无此指标") { rows { year } } }`:                   "NOT_FOUND",
		`{ compareMetric(indicator: "调解纠纷", within: "白石市") { rows { year } } }`:    "AMBIGUOUS",
		`{ changes(report: "bm90aGluZw") { gained { name } } }`:                    "NOT_FOUND",
		`{ textReuse(report: "bm90aGluZw") { characters } }`:                       "NOT_FOUND",
		`{ path(from: "枫桥经验", to: "无此物") { links { kind } } }`:                     "NOT_FOUND",
		`{ path(from: "枫桥经验", to: "白石市") { links { kind } } }`:                     "AMBIGUOUS",
		`{ path(from: "枫桥经验", to: "调解纠纷", maxLength: 13) { links { kind } } }`:     "BAD_USER_INPUT",
		`{ decisions(first: 0) { id } }`:                                           "BAD_USER_INPUT",
		`{ search(text: "枫桥", within: "白石市") { edges { cursor } } }`:               "AMBIGUOUS",
		`{ corpus { coverage(within: "白石市") { year } } }`:                          "AMBIGUOUS",
		`{ sharedBetween(a: "bm90aGluZw", b: "bm90aGluZw") { laws { title } } }`:   "NOT_FOUND",
	} {
		got := decode(t, ask(t, c, query, nil))
		if len(got.Errors) != 1 || got.Errors[0].Extensions["code"] != code {
			t.Errorf("%s: %+v", query, got.Errors)
			continue
		}
		if candidates, _ := got.Errors[0].Extensions["candidates"].([]any); code == "AMBIGUOUS" && (len(candidates) != 2 ||
			at(t, candidates[0], "path", 0) != "北岭省" || at(t, candidates[1], "path", 0) != "南岭省") {
			t.Errorf("%s: candidates %v", query, candidates)
		}
	}
	// Names, codes and IDs are one.
	for _, region := range []string{"南岭省白石市", "9201", "920100", opaque(southCity.ID)} {
		answer := data(t, c, `query ($in: ID) { spread(practice: "楓橋經驗", within: $in) { within { fullName } timeline { adopting } } }`, map[string]any{"in": region})
		if at(t, answer, "spread", "within", "fullName") != "南岭省白石市" {
			t.Errorf("%s: %v", region, answer)
		}
	}
}
