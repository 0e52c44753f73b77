package report

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"
)

//go:embed data/lines.tsv
var linesData string

//go:embed data/labels.tsv
var labelsData string

//go:embed data/genre.tsv
var genreData string

// lineKind is what a line is by its form; see data/lines.tsv.
type lineKind string

const (
	pageLine  lineKind = "page"
	footLine  lineKind = "foot"
	headLine  lineKind = "head"
	signLine  lineKind = "sign"
	titleLine lineKind = "title"
	titleish  lineKind = "titleish"
	toLine    lineKind = "to"
)

// use is what a label's value is used for; see data/labels.tsv.
type use string

const (
	usePublished use = "published"
	useDated     use = "dated"
	useSigned    use = "signed"
	usePublisher use = "publisher"
	useNumber    use = "number"
	useTitle     use = "title"
	useOther     use = "other"
)

// linePattern is one row of data/lines.tsv.
type linePattern struct {
	kind    lineKind
	pattern string
	example string
}

// label is one row of data/labels.tsv.
type label struct {
	use  use
	text string
}

// feature is one row of data/genre.tsv: weight counts for a text where pattern
// occurs at least min times in part or, if min is negative, less than -min times.
type feature struct {
	weight  int
	part    string
	min     int
	pattern *regexp.Regexp
	meaning string
	example string
}

// knowledge is the data of this package, parsed.
type knowledge struct {
	patterns     []linePattern
	lines        map[lineKind]*regexp.Regexp
	labels       []label
	useOf        map[string]use // by label
	longestLabel int            // in bytes
	features     []feature
}

// known is parsed once. The data is part of the program and its test reads all
// of it, so an error in it is a bug.
var known = must(parseKnowledge(linesData, labelsData, genreData))

func must(k *knowledge, err error) *knowledge {
	if err != nil {
		panic(err)
	}
	return k
}

func parseKnowledge(lines, labels, genre string) (*knowledge, error) {
	k := &knowledge{lines: map[lineKind]*regexp.Regexp{}, useOf: map[string]use{}}

	byKind := map[lineKind][]string{}
	err := rows("lines.tsv", lines, 3, func(f []string) error {
		if _, err := regexp.Compile(f[1]); err != nil {
			return err
		}
		p := linePattern{lineKind(f[0]), f[1], f[2]}
		k.patterns = append(k.patterns, p)
		byKind[p.kind] = append(byKind[p.kind], "(?:"+p.pattern+")")
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, kind := range []lineKind{pageLine, footLine, headLine, signLine, titleLine, titleish, toLine} {
		if k.lines[kind], err = regexp.Compile("^(?:" + strings.Join(byKind[kind], "|") + ")$"); err != nil {
			return nil, err
		}
	}

	err = rows("labels.tsv", labels, 2, func(f []string) error {
		k.labels = append(k.labels, label{use(f[0]), f[1]})
		k.useOf[f[1]] = use(f[0])
		k.longestLabel = max(k.longestLabel, len(f[1]))
		return nil
	})
	if err != nil {
		return nil, err
	}

	err = rows("genre.tsv", genre, 6, func(f []string) error {
		var ft feature
		if _, err := fmt.Sscan(f[0], &ft.weight); err != nil {
			return err
		}
		if _, err := fmt.Sscan(f[2], &ft.min); err != nil {
			return err
		}
		re, err := regexp.Compile(f[3])
		if err != nil {
			return err
		}
		ft.part, ft.pattern, ft.meaning, ft.example = f[1], re, f[4], f[5]
		k.features = append(k.features, ft)
		return nil
	})
	return k, err
}

// rows calls f with the fields of each row; # starts a comment line.
func rows(name, data string, fields int, f func([]string) error) error {
	for i, row := range strings.Split(strings.TrimSuffix(data, "\n"), "\n") {
		if strings.HasPrefix(row, "#") {
			continue
		}
		cols := strings.Split(row, "\t")
		if len(cols) != fields {
			return fmt.Errorf("%s:%d: %d fields, want %d", name, i+1, len(cols), fields)
		}
		if err := f(cols); err != nil {
			return fmt.Errorf("%s:%d: %w", name, i+1, err)
		}
	}
	return nil
}
