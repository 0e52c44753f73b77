// Package quality holds what is known of how good the extractor's facts are:
// how many were right, false and missed on two sets of annotated reports, by
// kind and by report. All these reports are composed; testdata/README says how
// they came about. The figures are measured when the package is generated and
// committed as a file, so that a change in quality shows in the diff. It
// measures nothing while the program runs.
package quality

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"

	"graphd/internal/eval"
)

//go:generate go run ./internal/gen

//go:embed quality.tsv
var table string

// Set is a set of annotated reports.
type Set string

const (
	// Development is the set that the extractor was made better on.
	Development Set = "development"
	// HeldBack is the set that nobody who works on the extractor looks at,
	// scored once for a version.
	HeldBack Set = "held-back"
)

// Sets are all of them, in the order of the file.
var Sets = []Set{Development, HeldBack}

// Figure is how one aspect was found in one report of a set or, where Report
// is empty, in all of them together.
type Figure struct {
	Set    Set
	Report string
	Aspect string // one of eval.Aspects
	eval.Score
	// Low and High bound the F1 of other such sets in 95 of 100 cases; they
	// are there for whole sets only.
	Low, High float64
}

// Items is how many facts there were to be found.
func (f Figure) Items() int { return f.Right + f.Missed }

// Figures are those of the file: by set, whole sets before their reports, then
// by report and in the order of eval.Aspects.
func Figures() []Figure { return figures }

var figures = mustParse(table)

// mustParse reads the generated file. It is part of the program, so that a bad
// line is a bug that a test finds.
func mustParse(data string) []Figure {
	var fs []Figure
	for line := range strings.Lines(data) {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		f, err := parse(strings.Split(line, "\t"))
		if err != nil {
			panic(fmt.Sprintf("quality.tsv: bad line %q: %v", line, err))
		}
		fs = append(fs, f)
	}
	return fs
}

const (
	columns  = 11
	whole    = "*" // the report of figures of a whole set
	decimals = 3
)

// Header names the columns.
const Header = "set\treport\taspect\tright\tfalse\tmissed\tprecision\trecall\tf1\tlow\thigh"

func parse(cells []string) (f Figure, err error) {
	if len(cells) != columns {
		return f, fmt.Errorf("%d cells, want %d", len(cells), columns)
	}
	f.Set, f.Report, f.Aspect = Set(cells[0]), strings.TrimPrefix(cells[1], whole), cells[2]
	for i, n := range []*int{&f.Right, &f.False, &f.Missed} {
		if *n, err = strconv.Atoi(cells[3+i]); err != nil {
			return f, err
		}
	}
	if f.Report != "" {
		return f, nil
	}
	if f.Low, err = strconv.ParseFloat(cells[9], 64); err == nil {
		f.High, err = strconv.ParseFloat(cells[10], 64)
	}
	return f, err
}

// Line is the figure as a line of the file.
func (f Figure) Line() string {
	report, low, high := f.Report, "", ""
	if report == "" {
		report, low, high = whole, rounded(f.Low), rounded(f.High)
	}
	return strings.Join([]string{
		string(f.Set), report, f.Aspect, strconv.Itoa(f.Right), strconv.Itoa(f.False), strconv.Itoa(f.Missed),
		rounded(f.Precision()), rounded(f.Recall()), rounded(f.F1()), low, high,
	}, "\t")
}

func rounded(v float64) string { return strconv.FormatFloat(v, 'f', decimals, 64) }
