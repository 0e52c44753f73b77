package comparison

import (
	_ "embed"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"graphd/internal/fold"
)

// Class says what kind of time a figure covers.
type Class string

const (
	// Year is all of one year.
	Year Class = "YEAR"
	// Part is a part of a year.
	Part Class = "PART"
	// Until is up to a day; from where is not said.
	Until Class = "UNTIL"
	// Cumulative is from before the year on, or over several years.
	Cumulative Class = "CUMULATIVE"
	// Moment is as it stands at some time.
	Moment Class = "MOMENT"
	// Unclear is a period that no pattern fits.
	Unclear Class = "UNCLEAR"

	// In the data file only: previous is all of the year before the one
	// reported on, since is from the beginning of the year named on.
	previous Class = "PREVIOUS"
	since    Class = "SINCE"
)

// Period is the time that a figure covers.
type Period struct {
	Class Class
	// Year is the year it ends in or stands in; the year reported on where the
	// words name no other, so zero where that is unknown.
	Year int
}

//go:embed periods.tsv
var periodsFile string

type periodPattern struct {
	class   Class
	pattern *regexp.Regexp
	example string
}

var periodPatterns = mustParsePeriods(periodsFile)

func mustParsePeriods(data string) []periodPattern {
	var patterns []periodPattern
	for fields := range rows(data, 3) {
		source := "^(?:" + strings.ReplaceAll(fields[1], "{Y}", "(?:[12][0-9]{3})") + ")$"
		patterns = append(patterns, periodPattern{Class(fields[0]), regexp.MustCompile(source), fields[2]})
	}
	return patterns
}

var yearIn = regexp.MustCompile(`[12][0-9]{3}`)

// ParsePeriod says what time the words of a period cover, in the report of a
// year (zero if unknown). No words mean the year reported on.
func ParsePeriod(words string, reportYear int) Period {
	words = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, fold.Name(words))
	p := Period{Class: Unclear, Year: reportYear}
	if words == "" {
		p.Class = Year
		return p
	}
	for _, candidate := range periodPatterns {
		if candidate.pattern.MatchString(words) {
			p.Class = candidate.class
			break
		}
	}
	if years := yearIn.FindAllString(words, -1); len(years) > 0 && p.Class != Cumulative {
		p.Year, _ = strconv.Atoi(years[len(years)-1])
	}
	switch {
	case p.Class == since && (p.Year == reportYear || reportYear == 0):
		p.Class = Year
	case p.Class == since:
		p = Period{Cumulative, reportYear}
	case p.Class == previous:
		p.Class = Year
		if p.Year != 0 {
			p.Year--
		}
	}
	return p
}

// rows yields the fields of each line of a data file that is neither empty nor
// a comment. A line with another number of fields is a fault of the file.
func rows(data string, fields int) func(func([]string) bool) {
	return func(yield func([]string) bool) {
		for line := range strings.Lines(data) {
			line = strings.TrimRight(line, "\n")
			if line == "" || strings.HasPrefix(line, "#") {
				continue
			}
			f := strings.Split(line, "\t")
			if len(f) != fields {
				panic(fmt.Sprintf("comparison: %q has %d fields, not %d", line, len(f), fields))
			}
			if !yield(f) {
				return
			}
		}
	}
}
