package linker

import (
	"strings"
	"testing"
	"unicode/utf8"

	"graphd/internal/fold"
	"graphd/internal/kg"
	"graphd/internal/linker/registry"
)

// Words that are said to be or to hold names of divisions are or do.
func TestDivisionWords(t *testing.T) {
	reg, err := registry.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range words.Common.list {
		if len(reg.Divisions.Named(w)) == 0 {
			t.Errorf("common: no division is called %q", w)
		}
	}
	for _, w := range words.Phrase.list {
		found := false
		for m := range reg.Divisions.Find([]rune(w)) {
			found = found || m.To > m.From
		}
		if !found {
			t.Errorf("phrase: %q holds no name of a division", w)
		}
	}
}

func TestLawForms(t *testing.T) {
	types := map[kg.LawType]bool{
		kg.LawConstitution: true, kg.LawLaw: true, kg.LawAdministrativeRegulation: true, kg.LawLocalRegulation: true, kg.LawRule: true,
		kg.LawJudicialInterpretation: true, kg.LawPartyRegulation: true, kg.LawPolicy: true, kg.LawOther: true, lawTypeNone: true,
	}
	type form struct{ where, text, scope string }
	seen := map[form]bool{}
	for _, f := range lawForms {
		at := form{f.where, f.text, f.scope}
		switch {
		case f.where != "frame" && f.where != "prefix" && f.where != "contains" && f.where != "suffix", (f.where == "frame") != strings.Contains(f.text, "…"):
			t.Errorf("%v: unknown place", at)
		case f.scope != "national" && f.scope != "upper" && f.scope != "lower" && f.scope != "any":
			t.Errorf("%v: unknown scope", at)
		case !types[f.lawType]:
			t.Errorf("%v: unknown type %q", at, f.lawType)
		case f.text != fold.Name(f.text) || f.text == "":
			t.Errorf("%v: not folded", at)
		case seen[at]:
			t.Errorf("%v: stands twice", at)
		}
		seen[at] = true
	}
}

// Every province has one line.
func TestProvinceHints(t *testing.T) {
	reg, err := registry.Load()
	if err != nil {
		t.Fatal(err)
	}
	codes, labels := map[string]bool{}, map[string]bool{}
	for _, p := range provinceHints {
		if x, ok := reg.Divisions.ByCode(p.code); !ok || x.Level != kg.LevelProvince || codes[p.code] || utf8.RuneCountInString(p.sign) != 1 {
			t.Errorf("bad line %v", p)
		}
		codes[p.code] = true
		for _, l := range p.labels {
			if labels[l] {
				t.Errorf("label %q stands twice", l)
			}
			labels[l] = true
		}
	}
	if len(codes) != 31 {
		t.Errorf("%d provinces, want 31", len(codes))
	}
}
