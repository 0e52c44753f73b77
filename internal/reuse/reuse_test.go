package reuse

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"graphd/internal/fold"
	"graphd/internal/kg"
)

// lines is a report whose lines are passages; those in 〔〕 are page furniture.
func lines(text string) kg.Report {
	r := kg.Report{Text: text}
	at := 0
	for line := range strings.Lines(text) {
		n := len([]rune(line))
		if body := len([]rune(strings.TrimRight(line, "\n"))); body > 0 && !strings.HasPrefix(line, "〔") {
			r.Passages = append(r.Passages, kg.Passage{Span: kg.Span{Start: at, End: at + body}})
		}
		at += n
	}
	return r
}

// few is a text of few letters, so that stretches come again; among them are
// traditional forms, characters beyond U+FFFF, and what folding drops.
var few = rapid.Custom(func(t *rapid.T) string {
	var b strings.Builder
	for range rapid.SampledFrom([]int{0, 5, 40, 120}).Draw(t, "pieces") {
		b.WriteString(rapid.SampledFrom([]string{"镇", "鎮", "法", "依法行政", "𠮷", " ", "“", "\n", "\n〔打印本页〕\n", "Ａ", "a"}).Draw(t, "piece"))
	}
	return b.String()
})

var shared = rapid.Custom(func(t *rapid.T) string {
	var b strings.Builder
	for b.Len() < 200 {
		b.WriteString(rapid.SampledFrom([]string{"推行三所联动", "调解纠纷", "四百件", "網格", "𠮷", "，"}).Draw(t, "word"))
	}
	return string([]rune(b.String())[:rapid.IntRange(MinRun, 60).Draw(t, "length")])
})

func key(r kg.Report, s kg.Span) string { return fold.Key(string([]rune(r.Text)[s.Start:s.End])) }

// TestSharedRunSharesFingerprint is the promise of winnowing.
func TestSharedRunSharesFingerprint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		run := shared.Draw(t, "run")
		a, b := lines(few.Draw(t, "a")+run+few.Draw(t, "behind a")), lines(few.Draw(t, "b")+run+few.Draw(t, "behind b"))
		fa, fb := Fingerprints(a), Fingerprints(b)
		if !slices.IsSorted(fa) || len(slices.Compact(slices.Clone(fa))) != len(fa) {
			t.Fatalf("not distinct and ascending: %v", fa)
		}
		if len([]rune(fold.Key(run))) < MinRun {
			return
		}
		of := FingerprintsOf(run)
		if len(of) == 0 {
			t.Fatal("a run has no fingerprint")
		}
		for _, f := range of {
			if !slices.Contains(fa, f) || !slices.Contains(fb, f) {
				t.Fatalf("fingerprint %x of the excerpt is not the whole's", f)
			}
		}
	})
}

// TestRunsAgreeWithDefinitions compares with every pair of places.
func TestRunsAgreeWithDefinitions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		run, other := shared.Draw(t, "run"), shared.Draw(t, "other")
		draw := func(name string) kg.Report {
			text := few.Draw(t, name)
			for range rapid.IntRange(0, 3).Draw(t, "runs") {
				text += rapid.SampledFrom([]string{run, other, run[:len(run)/3] + few.Draw(t, "between")}).Draw(t, "part") + few.Draw(t, "then")
			}
			return lines(strings.ToValidUTF8(text, ""))
		}
		a, b := draw("a"), draw("b")
		runs := NewText(a).Runs(b)
		covered := map[int]bool{}
		for _, r := range runs {
			if key(a, r.Here) != key(b, r.There) || len([]rune(key(a, r.Here))) != r.Characters || r.Characters < MinRun {
				t.Fatalf("run %+v: %q and %q", r, key(a, r.Here), key(b, r.There))
			}
			for _, s := range []struct {
				of   kg.Report
				span kg.Span
			}{{a, r.Here}, {b, r.There}} {
				if strings.ContainsRune(string([]rune(s.of.Text)[s.span.Start:s.span.End]), '〔') {
					t.Fatalf("run %+v bridges page furniture", r)
				}
			}
			for i := r.There.Start; i < r.There.End; i++ {
				if covered[i] {
					t.Fatalf("%d is covered twice: %+v", i, runs)
				}
				covered[i] = true
			}
		}
		// Of all stretches of MinRun that stand in both, each lies in a run, save
		// for a rest that another run leaves of it.
		places := map[string]bool{}
		for _, s := range segments([]rune(a.Text), a.Passages) {
			for i := 0; i+MinRun <= len(s.key); i++ {
				places[string(s.key[i:i+MinRun])] = true
			}
		}
		for _, s := range segments([]rune(b.Text), b.Passages) {
			for i := 0; i+MinRun <= len(s.key); i++ {
				if !places[string(s.key[i:i+MinRun])] {
					continue
				}
				if !slices.ContainsFunc(s.at[i:i+MinRun], func(at int) bool { return covered[at] }) {
					t.Fatalf("%q is in no run: %+v", string(s.key[i:i+MinRun]), runs)
				}
			}
		}
	})
}

func TestLongestRunIsWhole(t *testing.T) {
	run := strings.Repeat("推行三所联动，派出所司法所律所一同调解。", 4)
	a, b := lines("甲镇说\n"+run+"\n"+"甲"), lines("乙镇的话："+run[:len(run)/2]+"\n"+run[len(run)/2:]+"乙")
	runs := NewText(a).Runs(b)
	if len(runs) != 1 || key(a, runs[0].Here) != fold.Key(run) {
		t.Errorf("%+v", runs)
	}
	if got := NewText(a).Runs(lines("别的话。")); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestRunsEndWithWholeNumbers(t *testing.T) {
	words := "名调解员全年下村入户排查矛盾纠纷并且逐件登记回访共化解了"
	a, b := lines("甲镇12"+words+"156件"), lines("乙镇32"+words+"152件")
	runs := NewText(a).Runs(b)
	if len(runs) != 1 || key(a, runs[0].Here) != words {
		t.Errorf("%+v", runs)
	}
	if runs := NewText(a).Runs(lines("丙镇12" + words + "156件")); len(runs) != 1 || key(a, runs[0].Here) != "镇12"+words+"156件" {
		t.Errorf("%+v", runs)
	}
}

func TestFingerprintsAreStable(t *testing.T) {
	got := fmt.Sprintf("%x", FingerprintsOf("坚持和发展新时代“枫桥经验”，把矛盾纠纷化解在基层，推行派出所、司法所、律师事务所三所联动机制。"))
	if got != "[21eb7af6375ca375 277b47e7ea6b9eff 3b623cde6ba394a1]" {
		t.Errorf("stored fingerprints would no longer be found: %s", got)
	}
	if fps := FingerprintsOf("太短"); len(fps) != 0 {
		t.Errorf("%x", fps)
	}
}

func FuzzRuns(f *testing.F) {
	f.Add("推行三所联动，派出所司法所律所一同调解。\n〔打印〕\n推行三所联动", "推行三所联动，派出所司法所律所一同调解。")
	f.Fuzz(func(t *testing.T, a, b string) {
		ra, rb := lines(strings.ToValidUTF8(a, "?")), lines(strings.ToValidUTF8(b, "?"))
		Fingerprints(ra)
		for _, r := range NewText(ra).Runs(rb) {
			if key(ra, r.Here) != key(rb, r.There) {
				t.Errorf("%+v", r)
			}
		}
	})
}
