package linker

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"

	"graphd/internal/fold"
	"graphd/internal/kg"
	"graphd/internal/linker/registry"
)

// What a sign that a document belongs to a region is worth.
const (
	worthFull   = 3 // a region that holds the candidate is named in full
	worthBare   = 1 // … a prefecture or county by its bare name
	worthFiling = 3 // the page's filing number or host
	worthNumber = 1 // the first character of document numbers
	worthKin    = 1 // a sibling or child is named in full
	maxKin      = 3
	// enough is what the likeliest candidate needs at least.
	enough = 2
)

// likeliest are those of the candidates that the document speaks for most; all
// of them where it does not tell.
func (l *Linker) likeliest(t *text, xs []*registry.Division) []*registry.Division {
	signs := l.signs(t)
	best, left := 0, []*registry.Division(nil)
	for _, x := range xs {
		score := signs.score(l.reg.Divisions, x)
		switch {
		case score > best:
			best, left = score, []*registry.Division{x}
		case score == best:
			left = append(left, x)
		}
	}
	if best < enough {
		left = xs
	}
	if one := l.under(t, left); len(one) == 1 {
		return one
	}
	return left
}

var autonomousRegion = newLexicon("自治区")

// under are those townships of the candidates whose county is of the kind that
// the text speaks of as the one above: with a 区委 or a 县委, or with a 市委 alone.
func (l *Linker) under(t *text, xs []*registry.Division) []*registry.Division {
	counts := map[rune]int{}
	for i := 1; i < len(t.key); i++ {
		if t.key[i] == '委' || t.key[i] == '政' {
			if w := hasAt(t.key, i, words.CountyBody); w != "" && hasAt(t.key, i, words.NoCountyBody) == "" && longestSuffix(t.key[:i], autonomousRegion) == 0 {
				counts[t.key[i-1]]++
			}
		}
	}
	kind := '市'
	for _, k := range "区县旗" {
		if counts[k] > 0 && (kind == '市' || counts[k] > counts[kind]) {
			kind = k
		}
	}
	return slices.DeleteFunc(slices.Clone(xs), func(x *registry.Division) bool {
		return x.Level != kg.LevelTownship || counts[kind] == 0 || !strings.HasSuffix(l.reg.Divisions.Parent(x).Name, string(kind))
	})
}

// signs are what a document tells about the region it belongs to.
type signs struct {
	named   map[string]int // code → worth of being named
	towns   map[string]bool
	filings []string // codes of 2 to 6 digits
	numbers map[rune]bool
}

var (
	policeFiling = regexp.MustCompile(`公网安备(\d{6})`)
	icpFiling    = regexp.MustCompile(`(\p{Han})ICP备`)
)

func (l *Linker) signs(t *text) signs {
	s := signs{named: map[string]int{}, towns: map[string]bool{}, numbers: map[rune]bool{}}
	firm := make([]bool, len(t.key))
	for _, m := range l.firmsIn(t.key) {
		for i := m.From; i < m.To; i++ {
			firm[i] = true
		}
	}
	note := func(key []rune, skip []bool, prominent bool) {
		elsewhere := -1 // where a chain of names ends that is said to be elsewhere
		for m, ns := range l.reg.Divisions.Find(key) {
			if skip != nil && skip[m.From] {
				continue
			}
			if m.From <= elsewhere || longestSuffix(key[:m.From], words.Elsewhere) > 0 {
				elsewhere = max(elsewhere, m.To)
				continue
			}
			name := string(key[m.From:m.To])
			for _, n := range ns {
				worth := worthFull
				switch {
				case n.Level == kg.LevelTownship:
					if !n.Bare || key[m.To-1] == '街' {
						s.towns[n.Code] = true
					}
					continue
				case n.Bare && n.Level != kg.LevelProvince && endsWithAny(key[:m.From], words.BareLead): // 法治广州
				case n.Bare && commonBare.has(name), n.Bare && n.Level == kg.LevelProvince && !prominent:
					continue
				case n.Bare:
					worth = worthBare
				}
				s.named[n.Code] = max(s.named[n.Code], worth)
			}
		}
	}
	note(t.key, firm, false)
	report := t.doc.Report
	for _, hint := range append([]string{report.Title, report.Addressee, t.doc.Publisher}, t.doc.Chrome...) {
		key := fold.Name(hint)
		note([]rune(key), nil, true)
		for _, m := range policeFiling.FindAllStringSubmatch(key, -1) {
			s.filings = append(s.filings, m[1])
		}
		for _, m := range icpFiling.FindAllStringSubmatch(key, -1) {
			for _, p := range provinceHints {
				if p.sign == m[1] {
					s.filings = append(s.filings, p.code)
				}
			}
		}
	}
	for _, source := range report.Sources {
		s.filings = append(s.filings, hostProvince(source.Location)...)
	}
	for _, m := range numbersIn(t.key) {
		s.numbers[[]rune(docNumber(string(t.key[m.From:m.To])))[0]] = true
	}
	if n := []rune(docNumber(report.DocNumber)); len(n) > 0 {
		s.numbers[n[0]] = true
	}
	return s
}

func (s signs) score(reg *registry.Divisions, x *registry.Division) int {
	score := 0
	path := reg.Path(x)
	for _, up := range path[:len(path)-1] {
		score += s.named[up.Code]
		if r := []rune(up.Name)[0]; up.Level != kg.LevelProvince && s.numbers[r] {
			score += worthNumber
		}
	}
	if x.Level != kg.LevelTownship && s.numbers[[]rune(x.Name)[0]] {
		score += worthNumber
	}
	for _, code := range s.filings {
		for n := len(code); n >= 2; n -= 2 {
			if strings.HasPrefix(x.Code, code[:n]) {
				score += worthFiling * n / 2
				break
			}
		}
	}
	kin := 0
	family := x
	if x.Level == kg.LevelTownship {
		family = reg.Parent(x)
	}
	for in := range reg.Within(family) {
		if in.Code != x.Code && (s.towns[in.Code] || s.named[in.Code] == worthFull && in.Level != kg.LevelTownship) {
			kin++
		}
	}
	return score + min(kin, maxKin)*worthKin
}

//go:embed province-hints.tsv
var provinceHintsFile string

type provinceHint struct {
	code, sign string
	labels     []string
}

var provinceHints = mustParseProvinceHints(provinceHintsFile)

func mustParseProvinceHints(data string) []provinceHint {
	var hints []provinceHint
	for line := range strings.Lines(data) {
		if f := strings.Split(strings.TrimRight(line, "\n"), "\t"); line[0] != '#' {
			hints = append(hints, provinceHint{f[0], f[1], strings.Fields(f[2])})
		}
	}
	return hints
}

var hostName = regexp.MustCompile(`^https?://([^/:]+)`)

// hostProvince is the code of the province that a location's host belongs to
// by its labels (www.ningbo.zj.gov.cn); empty if it tells none.
func hostProvince(location string) []string {
	m := hostName.FindStringSubmatch(location)
	if m == nil || !strings.HasSuffix(m[1], ".gov.cn") {
		return nil
	}
	for _, label := range strings.Split(strings.TrimSuffix(m[1], ".gov.cn"), ".") {
		for _, p := range provinceHints {
			if slices.ContainsFunc(p.labels, func(l string) bool {
				start, open := strings.CutSuffix(l, "*")
				return label == start || open && len(label) > len(start) && len(label) <= len(start)+3 && strings.HasPrefix(label, start)
			}) {
				return []string{p.code}
			}
		}
	}
	return nil
}
