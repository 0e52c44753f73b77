package linker

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed words.tsv
var wordsFile string

// words is words.tsv: the words of each category, in the order of the file.
var words = mustParseWords(wordsFile)

// mustParseWords reads lines of a category and its words. The data is part of
// the program, so that a bad line is a bug a test finds.
func mustParseWords(data string) map[string][]string {
	w := map[string][]string{}
	for line := range strings.Lines(data) {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		category, list, ok := strings.Cut(line, "\t")
		if !ok {
			panic(fmt.Sprintf("words.tsv: bad line %q", line))
		}
		w[category] = append(w[category], strings.Fields(list)...)
	}
	return w
}

func set(list []string) map[string]bool {
	s := make(map[string]bool, len(list))
	for _, w := range list {
		s[w] = true
	}
	return s
}

// hasAt tells which of the words text has at from; empty if none. The longest
// wins.
func hasAt(text []rune, from int, list []string) string {
	best := ""
	for _, w := range list {
		if len(w) > len(best) && startsWith(text[from:], w) {
			best = w
		}
	}
	return best
}

// startsWith tells whether text begins with prefix.
func startsWith(text []rune, prefix string) bool {
	i := 0
	for _, r := range prefix {
		if i == len(text) || text[i] != r {
			return false
		}
		i++
	}
	return true
}

// index is where s first stands in text at or after from, or -1.
func index(text []rune, s string, from int) int {
	for i := from; i < len(text); i++ {
		if startsWith(text[i:], s) {
			return i
		}
	}
	return -1
}
