package linker

import (
	"reflect"
	"slices"
	"testing"

	"graphd/internal/fold"
)

// Words are folded, as the texts they are looked for in are, and each stands
// once in its category.
func TestWordFiles(t *testing.T) {
	for _, file := range []any{words, practiceWords, metricWords} {
		fields := reflect.ValueOf(file)
		for i := range fields.NumField() {
			category := fields.Type().Field(i).Name
			seen := map[string]bool{}
			for _, w := range fields.Field(i).Interface().(*lexicon).list {
				if w != fold.Name(w) {
					t.Errorf("%s: %q is not folded", category, w)
				}
				if seen[w] {
					t.Errorf("%s: %q stands twice", category, w)
				}
				seen[w] = true
			}
		}
	}
}

// A category without a field and a field without words are bugs of the data.
func TestWordFilesMustFit(t *testing.T) {
	for _, data := range []string{"other\tword\n", "", "category\n"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q was read", data)
				}
			}()
			mustParseWords[struct{ Category *lexicon }](data)
		}()
	}
}

func TestMetricUnits(t *testing.T) {
	kinds := []string{"case", "person", "body", "thing", "event", "time", "money", "area", "length", "mass", "ratio", "none"}
	for name, u := range units {
		if name != fold.Name(name) {
			t.Errorf("%q is not folded", name)
		}
		if !slices.Contains(kinds, u.kind) || !slices.Contains([]string{"all", "arabic", "never"}, u.numerals) {
			t.Errorf("%+v", u)
		}
		if u.kind == "none" && u.numerals != "never" {
			t.Errorf("%s has no kind and makes quantities", name)
		}
	}
}
