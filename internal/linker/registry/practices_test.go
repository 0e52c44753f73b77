package registry

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"graphd/internal/fold"
	"graphd/internal/kg"
)

var practiceCategories = []string{
	"dispute-resolution", "enforcement", "review-litigation", "licensing", "business-environment", "decision",
	"legal-service", "publicity", "grassroots", "policing", "transparency", "supervision", "digital", "society",
}

func TestPracticeData(t *testing.T) {
	ps, err := loadPractices()
	if err != nil {
		t.Fatal(err)
	}
	if len(ps.all) < 900 {
		t.Errorf("%d practices, want 900 or more", len(ps.all))
	}
	owner := map[string]string{}
	for i, p := range ps.all {
		if i > 0 && ps.all[i-1].Name >= p.Name {
			t.Errorf("%s is out of order", p.Name)
		}
		if p.Name != fold.Name(p.Name) {
			t.Errorf("%s is not canonical: want %s", p.Name, fold.Name(p.Name))
		}
		if !slices.Contains([]kg.Scope{kg.ScopeNational, kg.ScopeProvincial, kg.ScopeLocal}, p.Scope) {
			t.Errorf("%s: scope %q", p.Name, p.Scope)
		}
		if !slices.Contains(practiceCategories, p.Category) {
			t.Errorf("%s: category %q", p.Name, p.Category)
		}
		if p.Reason == "" {
			t.Errorf("%s: no reason", p.Name)
		}
		for _, ref := range []string{p.VariantOf, p.PartOf} {
			if _, ok := ps.byName[ref]; ref != "" && !ok {
				t.Errorf("%s refers to %s, which is not there", p.Name, ref)
			} else if ok && p.Scope == kg.ScopeNational && ps.byName[ref].Scope != kg.ScopeNational {
				t.Errorf("%s is national, but %s is not", p.Name, ref)
			}
		}
		for up, n := p, 0; up != nil; up, n = ps.byName[up.VariantOf], n+1 {
			if n > 10 {
				t.Fatalf("%s is a variant of itself", p.Name)
			}
		}
		for _, w := range p.writings() {
			k, before, after := cutContext(fold.Key(w))
			if n := utf8.RuneCountInString(k); n < 3 && len(p.Except) == 0 {
				t.Errorf("%s: %q is too short to match without exceptions", p.Name, w)
			}
			if o, ok := owner[k]; ok && o != p.Name {
				t.Errorf("%q is %s and %s", w, o, p.Name)
			}
			owner[k] = p.Name
			if strings.ContainsAny(k, "[]{}|;") {
				t.Errorf("%s: %q holds a mark of the file", p.Name, w)
			}
			if before+after >= utf8.RuneCountInString(k) {
				t.Errorf("%s: %q is all context", p.Name, w)
			}
		}
		for _, x := range slices.Concat(p.Except, p.Figures) {
			if x == "" || x != fold.Key(x) {
				t.Errorf("%s: %q is empty or not folded", p.Name, x)
			}
		}
		for _, x := range p.Except {
			if !slices.ContainsFunc(p.writings(), func(w string) bool {
				k := fold.Key(w)
				return strings.Contains(x, k) || strings.Contains(k, x) || overlaps(x, k)
			}) {
				t.Errorf("%s: exception %q can meet none of its writings", p.Name, x)
			}
		}
	}
}

// overlaps tells whether the end of one text is the beginning of the other.
func overlaps(a, b string) bool {
	for i := range a {
		if i > 0 && strings.HasPrefix(b, a[i:]) {
			return true
		}
	}
	for i := range b {
		if i > 0 && strings.HasPrefix(a, b[i:]) {
			return true
		}
	}
	return false
}

// Attitudes, honours and everyday activities are no practices.
func TestPracticesAreNoEverydayWords(t *testing.T) {
	ps, err := loadPractices()
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range []string{
		"三个区分开来", "两代表一委员", "第一责任", "全国文明单位", "一岗双责", "关键少数", "四个意识", "最后一公里",
		"法治宣传", "法治文化阵地", "矛盾纠纷", "人民调解", "平安建设", "信用监管", "行政检查", "执法培训",
	} {
		for _, p := range ps.Find([]rune(fold.Key(w))) {
			t.Errorf("%s is found in %s", p.Name, w)
		}
	}
}

func TestExpandForm(t *testing.T) {
	got, err := expandForm("{a|b{c|}}d{|e}")
	if want := []string{"ad", "ade", "bcd", "bcde", "bd", "bde"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
	for _, bad := range []string{"a{b", "a}b", "a|b", "{a|{b}"} {
		if got, err := expandForm(bad); err == nil {
			t.Errorf("%q: got %v, want an error", bad, got)
		}
	}
}
