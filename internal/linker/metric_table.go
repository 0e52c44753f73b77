package linker

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// table is the heading of one table and where its rows stand among the
// sentences.
type table struct {
	from, to int // sentences
	columns  []string
	names    []string // of each row: its own or, where that is merged, the one above
	unit     string   // of all rows, from the line above; empty without one
}

// tableOf is the table that sentence i is a row of: rows are lines of their own
// that follow one another.
func tableOf(ss []sentence, i int) *table {
	isRow := func(i int) bool { return slices.Contains(ss[i].chars, '\t') }
	t := &table{from: i, to: i + 1}
	for t.from > 0 && isRow(t.from-1) {
		t.from--
	}
	for t.to < len(ss) && isRow(t.to) {
		t.to++
	}
	t.unit = unitAbove(ss, t.from)
	headings := true
	name := ""
	for j := t.from; j < t.to; j++ {
		cells := ss[j].cells()
		if headings = headings && !slices.ContainsFunc(cells, isAmount); headings && !isCaption(cells) {
			t.addHeadings(cells)
		}
		if own := rowName(cells); own != "" {
			name = own
		}
		t.names = append(t.names, name)
	}
	return t
}

// isCaption tells whether a row holds but one thing, in its first cell.
func isCaption(cells []string) bool {
	return strings.Join(cells, "") == cells[0]
}

// unitAbove is the unit that the line above a table gives for all of it:
// 单位:件.
func unitAbove(ss []sentence, row int) string {
	if row == 0 {
		return ""
	}
	_, unit, _ := strings.Cut(ss[row-1].text(0, len(ss[row-1].chars)), "单位:")
	return strings.TrimRight(unit, ")。;")
}

// cells are the cells of a row; an empty one keeps its place.
func (s *sentence) cells() []string {
	var cells []string
	from := 0
	for i := 0; i <= len(s.chars); i++ {
		if i == len(s.chars) || s.chars[i] == '\t' {
			cells = append(cells, s.text(from, i))
			from = i + 1
		}
	}
	return cells
}

// isAmount tells whether a cell holds a number and no words before it.
func isAmount(cell string) bool {
	rs := []rune(cell)
	if len(rs) == 0 || !isDigit(rs[0]) {
		return false
	}
	n, ok := readArabic(rs, 0)
	return ok && !(n.to < len(rs) && strings.ContainsRune("年.、", rs[n.to]))
}

// addHeadings puts one more row of headings under those above. A heading over
// several columns stands in the first of them.
func (t *table) addHeadings(cells []string) {
	first := t.columns == nil
	above := ""
	for i, cell := range cells {
		if i == len(t.columns) {
			t.columns = append(t.columns, "")
		}
		if t.columns[i] != "" {
			above = t.columns[i]
		}
		switch {
		case first || t.columns[i] == cell:
			t.columns[i] = cell
		case strings.Trim(cell, "-: ") != "": // |---| is a rule
			t.columns[i] = above + cell
		}
	}
}

// rowName is the first cell of a row that has words; empty if that is merged
// with the one above.
func rowName(cells []string) string {
	for _, cell := range cells {
		if isAmount(cell) && cell != cells[0] {
			return ""
		}
		if strings.ContainsFunc(cell, unicode.IsLetter) {
			return cell
		}
	}
	return ""
}

// unitOf is the unit that the row of a figure has in a column of units, or that
// stands above the table.
func (t *table) unitOf(s *sentence) (unit, bool) {
	for i, cell := range s.cells() {
		if i < len(t.columns) && metricWords.UnitColumn.has(t.columns[i]) {
			if u, ok := units[cell]; ok && u.numerals != "never" {
				return u, true
			}
		}
	}
	u, ok := units[t.unit]
	return u, ok
}

// label labels a figure that fills a cell: by the name of its row and by its
// column's heading. A unit may stand in brackets in either, or in a column of
// its own.
func (t *table) label(f *figure, s *sentence) {
	names := []string{t.names[f.sentence-t.from]}
	if column := strings.Count(string(s.chars[:f.from]), "\t"); column < len(t.columns) {
		heading := t.columns[column]
		if year := strings.TrimSuffix(heading, "度"); isYear(year) {
			heading = ""
			if year != strconv.Itoa(s.year)+"年" {
				f.period = year
			}
		}
		names = append(names, heading)
	}
	for _, name := range names {
		if head, rest, ok := strings.Cut(name, "("); ok {
			if u, known := units[strings.TrimSuffix(strings.TrimPrefix(rest, "单位:"), ")")]; known && u.numerals != "never" {
				name = head
				if f.unit == "" {
					f.setUnit(u)
				}
			}
		}
		if !metricWords.ColumnName.has(name) {
			f.label += name
		}
	}
	if u, ok := t.unitOf(s); ok && f.unit == "" {
		f.setUnit(u)
	}
	f.base = f.label
}

// setUnit gives a figure a unit that stands elsewhere.
func (f *figure) setUnit(u unit) {
	f.kind = u.kind
	f.unit, f.value = money(u.name, f.value)
}

// isYear tells whether text is a year: 2020年.
func isYear(text string) bool {
	digits, ok := strings.CutSuffix(text, "年")
	_, err := strconv.Atoi(digits)
	return ok && err == nil && len(digits) == 4
}
