// Package samples holds no code: it is the reports to try graphd with, and
// this test of what they promise on their face. What is found in them is
// tested where it is found.
package samples

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

const composed = "(本文为编写的示例,并非政府发布的报告)"

// reports are the files that graphd reads when it is given this folder.
func reports(t *testing.T) map[string]string {
	t.Helper()
	all := make(map[string]string)
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		switch path.Ext(name) {
		case ".txt", ".md", ".html", ".htm":
			contents, err := os.ReadFile(name)
			all[name] = string(contents)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestEachSampleSaysThatItIsComposed(t *testing.T) {
	all := reports(t)
	if len(all) != 49 {
		t.Errorf("%d samples, want 5 restatements and a series of 44", len(all))
	}
	for name, text := range all {
		if !utf8.ValidString(text) {
			t.Errorf("%s is not UTF-8", name)
		}
		first, rest, _ := strings.Cut(text, "\n")
		want := composed
		if path.Ext(name) == ".html" {
			want = "<!-- " + composed + " -->"
			if !strings.Contains(rest, "<p>"+composed+"</p>") {
				t.Errorf("%s does not show its reader that it is composed", name)
			}
		} else if !strings.HasPrefix(rest, "\n") {
			t.Errorf("%s: no empty line after the first", name)
		}
		if first != want {
			t.Errorf("%s begins %q, want %q", name, first, want)
		}
	}
}

// A file is named after township and year, and the text must be of that year:
// a copy under another name would put a false year into a timeline.
func TestSeriesIsOfTheYearItsNameSays(t *testing.T) {
	digits := strings.NewReplacer("〇", "0", "二", "2", "零", "0")
	for name, text := range reports(t) {
		match := regexp.MustCompile(`^(?:series/)?[a-z]+-(\d{4})\.`).FindStringSubmatch(name)
		if match == nil {
			t.Errorf("%s: not named township-year", name)
			continue
		}
		head := []rune(digits.Replace(strings.TrimPrefix(text, composed)))
		if !strings.Contains(string(head[:min(120, len(head))]), match[1]+"年") && path.Ext(name) != ".html" {
			t.Errorf("%s does not name its year at its beginning", name)
		}
		if strings.HasPrefix(name, "series/") {
			if n := utf8.RuneCountInString(text); n < 300 || n > 800 {
				t.Errorf("%s has %d characters, want 300 to 800", name, n)
			}
		}
	}
}
