package corpus

import (
	"reflect"
	"strings"
	"testing"

	"graphd/internal/kg"
	"graphd/internal/store"
)

func TestGenerate(t *testing.T) {
	const n = 500
	var first []kg.Facts
	ids, characters, mentions := map[string]bool{}, 0, 0
	for f := range Generate(7, n) {
		if err := store.Check(f); err != nil {
			t.Fatal(err)
		}
		if !f.Report.Composed || !strings.HasPrefix(f.Report.Title, "合成样本") {
			t.Fatalf("%s does not say that it is composed", f.Report.Title)
		}
		first = append(first, f)
		ids[f.Report.ID] = true
		characters += len([]rune(f.Report.Text))
		mentions += len(f.Mentions)
	}
	if len(ids) != n {
		t.Errorf("%d distinct reports, want %d", len(ids), n)
	}
	i := 0
	for f := range Generate(7, n) {
		if !reflect.DeepEqual(f, first[i]) {
			t.Fatalf("report %d differs when generated again", i)
		}
		i++
	}
	if c, m := characters/n, mentions/n; c < 700 || c > 3000 || m < 30 || m > 90 {
		t.Errorf("a report has %d characters and %d mentions", c, m)
	}
	distinct := map[kg.Kind]map[string]bool{}
	for _, f := range first {
		for _, e := range f.Entities {
			if distinct[e.Kind] == nil {
				distinct[e.Kind] = map[string]bool{}
			}
			distinct[e.Kind][e.Name+e.ID] = true
		}
	}
	for kind, least := range map[kg.Kind]int{kg.KindPractice: 200, kg.KindLaw: 200, kg.KindLawFirm: 60, kg.KindIndicator: 40, kg.KindJurisdiction: 60} {
		if len(distinct[kind]) < least {
			t.Errorf("%d of %s", len(distinct[kind]), kind)
		}
	}
}
