package registry

import (
	"fmt"
	"slices"
	"strings"
)

// divisionRules is division-names.tsv.
type divisionRules struct {
	suffixes     []suffixRule // longest first
	ethnic       []string     // longest first
	placeholders []string
	generic      map[string]bool
	former       []formerName // of divisions that go on under another name
	merged       []formerName // of divisions that are no more, under their parent
}

// formerName is a name with the code of what it belongs to.
type formerName struct{ name, code string }

// suffixRule says with which endings a name ending in suffix is used.
type suffixRule struct {
	suffix  string
	endings []string
}

func parseDivisionRules(data string) (divisionRules, error) {
	r := divisionRules{generic: map[string]bool{}}
	for line := range strings.Lines(data) {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, "\t")
		switch {
		case f[0] == "suffix" && len(f) == 3:
			rule := suffixRule{suffix: f[1]}
			for _, e := range strings.Fields(f[2]) {
				rule.endings = append(rule.endings, strings.TrimPrefix(e, "-"))
			}
			r.suffixes = append(r.suffixes, rule)
		case f[0] == "ethnic" && len(f) == 2:
			r.ethnic = append(r.ethnic, f[1])
		case f[0] == "placeholder" && len(f) == 2:
			r.placeholders = append(r.placeholders, f[1])
		case f[0] == "generic" && len(f) == 2:
			r.generic[f[1]] = true
		case f[0] == "former" && len(f) == 3:
			r.former = append(r.former, formerName{f[1], f[2]})
		case f[0] == "merged" && len(f) == 3:
			r.merged = append(r.merged, formerName{f[1], f[2]})
		default:
			return r, fmt.Errorf("bad line %q", line)
		}
	}
	slices.SortStableFunc(r.suffixes, func(a, b suffixRule) int { return len(b.suffix) - len(a.suffix) })
	slices.SortStableFunc(r.ethnic, func(a, b string) int { return len(b) - len(a) })
	return r, nil
}

// shortName is a name that a division is called besides its own; bare ones lack
// the ending.
type shortName struct {
	name string
	bare bool
}

// shortNames lists what a division of the given name is called besides: its
// proper name of two characters or more, and that with the short forms of its
// ending.
func (r *divisionRules) shortNames(name string) []shortName {
	var short []shortName
	add := func(proper, ending string) {
		e, unsure := strings.CutSuffix(ending, "?")
		s := shortName{proper + e, ending == "" || unsure}
		if len([]rune(s.name)) >= 2 && s.name != name && !r.generic[s.name] && !slices.Contains(short, s) {
			short = append(short, s)
		}
	}
	if outer, rest, ok := strings.Cut(name, "("); ok {
		// 科技城(东渚街道): either part may be used alone.
		inner, tail, _ := strings.Cut(rest, ")")
		add("", outer+tail)
		if strings.HasSuffix(inner, "镇") || strings.HasSuffix(inner, "乡") || strings.HasSuffix(inner, "街道") {
			add("", inner)
		}
		return short
	}
	for _, rule := range r.suffixes {
		proper, ok := strings.CutSuffix(name, rule.suffix)
		if !ok {
			continue
		}
		if strings.HasSuffix(proper, "族") || strings.HasPrefix(rule.suffix, "自治") {
			proper = r.withoutPeoples(proper)
		}
		if len([]rune(proper)) < 2 {
			break
		}
		for _, e := range rule.endings {
			add(proper, e)
		}
		break
	}
	return short
}

// withoutPeoples drops the peoples' names at the end of a proper name, as long
// as two characters are left; of a name that is a people's it drops the 族.
func (r *divisionRules) withoutPeoples(proper string) string {
	for again := true; again; {
		again = false
		for _, p := range r.ethnic {
			if rest, ok := strings.CutSuffix(proper, p); ok && len([]rune(rest)) >= 2 {
				proper, again = rest, true
				break
			}
		}
	}
	if slices.Contains(r.ethnic, proper) {
		return strings.TrimSuffix(proper, "族")
	}
	return proper
}
