package report

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"graphd/internal/fold"
)

// Every row of data/lines.tsv has a known kind, folded text in its pattern and
// an example that it matches; no row stands twice.
func TestLinesData(t *testing.T) {
	kinds := map[lineKind]bool{pageLine: true, footLine: true, headLine: true, signLine: true, titleLine: true, titleish: true, toLine: true}
	seen := map[string]bool{}
	for _, p := range known.patterns {
		if !kinds[p.kind] {
			t.Errorf("kind %q is not known", p.kind)
		}
		if seen[p.pattern] {
			t.Errorf("pattern %s stands twice", p.pattern)
		}
		seen[p.pattern] = true
		re := regexp.MustCompile("^(?:" + p.pattern + ")$")
		if !re.MatchString(newLineOf(p.example).key) {
			t.Errorf("%s: %s does not match its example %q", p.kind, p.pattern, p.example)
		}
		if strings.ToLower(fold.Name(p.pattern)) != strings.NewReplacer(`\D`, `\d`, " ", "").Replace(strings.ToLower(p.pattern)) {
			t.Errorf("%s: %s is not folded text: it could never match in part", p.kind, p.pattern)
		}
		if re.MatchString("") {
			t.Errorf("%s: %s matches nothing at all", p.kind, p.pattern)
		}
	}
}

// Lines of reports, composed for the purpose, that are close to page chrome in
// their words; no pattern of chrome may take them.
func TestLinesDataSparesReports(t *testing.T) {
	data, err := os.ReadFile("testdata/body-lines.txt")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for text := range strings.Lines(string(data)) {
		if strings.HasPrefix(text, "#") {
			continue
		}
		n++
		l := newLineOf(text)
		for _, kind := range []lineKind{pageLine, footLine, headLine} {
			if l.is(kind) {
				t.Errorf("%q is taken for %s chrome", l.text, kind)
			}
		}
	}
	if n < 20 {
		t.Errorf("only %d lines of reports", n)
	}
}

// Labels are folded, unique and of a known use, and each is found on a line
// with its value.
func TestLabelsData(t *testing.T) {
	uses := map[use]bool{usePublished: true, useDated: true, useSigned: true, usePublisher: true, useNumber: true, useTitle: true, useOther: true}
	seen := map[string]bool{}
	for _, l := range known.labels {
		if !uses[l.use] || seen[l.text] || fold.Key(l.text) != l.text {
			t.Errorf("%s %s: unknown use, not folded, or stands twice", l.use, l.text)
		}
		seen[l.text] = true
		spaced := strings.Join(strings.Split(l.text, ""), " ")
		for _, text := range []string{l.text + ":甲", l.text + " 甲", spaced + " : 甲 来源:乙", "来源:乙 " + l.text + "|甲"} {
			found := false
			for _, f := range fields(newLineOf(text).norm) {
				found = found || f.use == l.use && f.value == "甲"
			}
			if !found {
				t.Errorf("%q: label %s is not found: %+v", text, l.text, fields(newLineOf(text).norm))
			}
		}
	}
}

// Every feature has a known part, a meaning, a weight, and an example in which
// its pattern occurs.
func TestGenreData(t *testing.T) {
	parts := map[string]bool{"title": true, "opening": true, "headings": true, "body": true}
	seen := map[string]bool{}
	for _, f := range known.features {
		if !parts[f.part] || f.meaning == "" || f.weight == 0 || f.min == 0 {
			t.Errorf("%+v: unknown part, no meaning, no weight or no minimum", f)
		}
		if seen[f.part+f.pattern.String()] {
			t.Errorf("%s stands twice for %s", f.pattern, f.part)
		}
		seen[f.part+f.pattern.String()] = true
		if !f.pattern.MatchString(fold.Key(f.example)) {
			t.Errorf("%s does not match its example %q", f.pattern, f.example)
		}
	}
}

func TestRowsRefuse(t *testing.T) {
	for _, bad := range [][3]string{
		{"page\t(\tx", "", ""},
		{"page\tx", "", ""},
		{"", "published", ""},
		{"", "", "x\ttitle\t1\tx\ty\tz"},
		{"", "", "1\ttitle\tx\tx\ty\tz"},
		{"", "", "1\ttitle\t1\t(\ty\tz"},
	} {
		for i := range bad {
			if bad[i] == "" {
				bad[i] = "# none"
			}
		}
		if _, err := parseKnowledge(bad[0], bad[1], bad[2]); err == nil {
			t.Errorf("%q is taken for data", bad)
		}
	}
}
