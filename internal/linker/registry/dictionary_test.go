package registry_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"graphd/internal/linker/registry"
)

// The dictionary finds what a plain search for each pattern finds.
func TestDictionaryFindsWhatPlainSearchFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringOfN(rapid.SampledFrom([]rune("县乡镇市𠮷a")), 0, 4, -1)
		patterns := rapid.SliceOfN(word, 0, 40).Draw(t, "patterns")
		text := []rune(rapid.StringOfN(rapid.SampledFrom([]rune("县乡镇市𠮷ab")), 0, 60, -1).Draw(t, "text"))

		var want []registry.Match
		for from := range text {
			for to := from + 1; to <= len(text); to++ {
				if id := slices.Index(patterns, string(text[from:to])); id >= 0 {
					want = append(want, registry.Match{From: from, To: to, ID: id})
				}
			}
		}
		d := registry.Build(patterns)
		if got := slices.Collect(d.FindAll(text)); !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
		for i, p := range patterns {
			id, ok := d.Lookup(p)
			if wantOK := p != ""; ok != wantOK || ok && id != slices.Index(patterns, p) {
				t.Fatalf("Lookup(%q) = %d, %t for pattern %d", p, id, ok, i)
			}
		}
		absent := strings.Repeat("镇", 9)
		if _, ok := d.Lookup(absent); ok {
			t.Fatalf("found %q", absent)
		}
	})
}
