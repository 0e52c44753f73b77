package linker

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"graphd/internal/fold"
	"graphd/internal/kg"
	"graphd/internal/linker/registry"
)

// subject is a name under which a document's issuer speaks.
type subject struct {
	name string
	// divisions bear the name, in the division named right before it if one
	// is; none if the register lacks it.
	divisions []*registry.Division
	// parent is that division.
	parent *registry.Division
	// bureau is what follows the name, where that is a bureau.
	bureau string
	score  int
}

// Where a document names its issuer, and what that is worth.
const (
	worthTitle     = 100
	worthSignature = 60
	worthOpening   = 50
	worthPublisher = 40
	worthLater     = 15 // further names in the opening
	worthLevel     = 20 // it is of the level that the text calls its own
	maxFrequency   = 20
)

// subject is the name that the document speaks under; ok is false if there is
// none.
func (l *Linker) subject(t *text) (subject, bool) {
	var b ballot
	title := []rune(fold.Name(t.doc.Report.Title))
	level, bureau := t.ownLevel(), l.bareBureau(string(title))
	if bureau != "" {
		if first := string([]rune(bureau)[:1]); strings.Contains(levelEndings, first) {
			level = first
		}
		for _, line := range t.doc.Chrome {
			for _, s := range l.subjects([]rune(fold.Name(line)), true) {
				if s.bureau == bureau {
					b.add(s, worthOpening)
				}
			}
		}
	}
	b.list(l.subjects(title, true), worthTitle, 0)
	for _, line := range t.signature() {
		b.list(l.subjects(line, true), worthSignature, 0)
	}
	opening := t.opening()
	if ss := l.subjects(opening, false); len(ss) > 0 && strings.HasSuffix(ss[0].name, level) {
		b.list(ss, worthOpening, worthLater)
	} else {
		b.list(ss, worthLater, worthLater)
	}
	b.list(l.subjects([]rune(fold.Name(t.doc.Publisher)), true), worthPublisher, 0)
	if !slices.ContainsFunc(b.all, func(s *subject) bool { return s.score >= worthPublisher }) {
		// No full name in any of these places: any that the document holds
		// and that is of the level it calls its own.
		b.all = nil
		texts := [][]rune{t.key}
		for _, line := range t.doc.Chrome {
			texts = append(texts, []rune(fold.Name(line)))
		}
		for _, key := range texts {
			for _, s := range l.subjectsIn(key, false, make([]bool, len(key))) {
				if strings.HasSuffix(s.name, level) {
					b.add(s, 1)
				}
			}
		}
	}
	if len(b.all) == 0 {
		b.list(l.addressing(t, level), worthOpening, 0)
	}
	if len(b.all) == 0 {
		b.list(l.bareSubjects(title, opening), worthOpening, 0)
	}
	if len(b.all) == 0 {
		return subject{}, false
	}
	key := string(t.key)
	for _, s := range b.all {
		s.score += min(maxFrequency, strings.Count(key, s.name))
		if level != "" && strings.HasSuffix(s.name, level) {
			s.score += worthLevel
		}
	}
	best := *slices.MaxFunc(b.all, func(a, b *subject) int { return a.score - b.score })
	best.bureau = cmp.Or(best.bureau, bureau)
	return best, true
}

// ballot adds up what speaks for each name.
type ballot struct{ all []*subject }

func (b *ballot) add(s subject, worth int) {
	if worth < worthOpening {
		s.bureau = "" // a publisher is often the bureau that keeps the pages
	}
	for _, o := range b.all {
		if o.name == s.name {
			o.score += worth
			if len(s.divisions) < len(o.divisions) && (len(s.divisions) > 0 || s.parent != nil) {
				o.divisions, o.parent = s.divisions, s.parent
			}
			o.bureau = cmp.Or(o.bureau, s.bureau)
			return
		}
	}
	s.score = worth
	b.all = append(b.all, &s)
}

// list adds the names of one place: the first is worth more than later ones,
// which are left out if they are worth nothing.
func (b *ballot) list(ss []subject, worth, later int) {
	for i, s := range ss {
		if i == 0 {
			b.add(s, worth)
		} else if later > 0 {
			b.add(s, later)
		}
	}
}

// subjects lists the names in a line under which somebody may speak, in the
// order of the text. Of names that follow one another from the larger to the
// smaller it is the last. short allows bare names of provinces, prefectures
// and counties at the beginning.
func (l *Linker) subjects(key []rune, short bool) []subject {
	return l.subjectsIn(key, short, maskOf(key))
}

// subjectsIn is subjects without the places that are blocked.
func (l *Linker) subjectsIn(key []rune, short bool, blocked []bool) []subject {
	var found []subject
	var chain []registry.Match
	var held [][]*registry.Division
	flush := func() {
		if n := len(chain); n > 0 {
			s := subject{name: string(key[chain[n-1].From:chain[n-1].To]), divisions: held[n-1]}
			if n > 1 && len(held[n-2]) > 0 {
				s.parent = held[n-2][0]
			}
			s.bureau = bureauAfter(key, chain[n-1].To, s.name)
			found = append(found, s)
		}
		chain, held = nil, nil
	}
	for i := 0; i < len(key); {
		m, xs, ok := l.fullAt(key, i, len(chain) > 0 && chain[len(chain)-1].To == i)
		if !ok && short && len(found) == 0 && (i == 0 || key[i-1] >= '0' && key[i-1] <= '9' || key[i-1] == '年' || key[i-1] == '度' || len(chain) > 0) {
			m, xs, ok = l.bareAt(key, i)
		}
		if !ok && len(chain) > 0 {
			m, ok = l.strangerAt(key, i, chain[len(chain)-1].To)
			xs = nil
		}
		if !ok || blocked[i] {
			i++
			continue
		}
		if n := len(chain); n > 0 {
			in := withinAny(xs, held[n-1])
			gap := string(key[chain[n-1].To:m.From])
			joined := gap == "" || gap == "(" || gap == "·" || words.Government.has(gap) || zoned(gap)
			switch {
			case joined && len(in) > 0:
				// The larger one is told by the smaller, too.
				xs = in
				held[n-1] = holding(held[n-1], in)
			case joined && len(held[n-1]) == 1 && held[n-1][0].Level == kg.LevelCounty && onlyTownships(xs):
				xs = nil // a township that the register knows elsewhere alone
			case joined && xs == nil:
			default:
				flush()
			}
		}
		chain, held = append(chain, m), append(held, xs)
		i = m.To
	}
	flush()
	return found
}

// zoned tells whether what stands between two names says that the first one's zone
// is run by the second: 武汉经济技术开发区(汉南区).
func zoned(gap string) bool {
	const longest = 20
	zone, ok := strings.CutSuffix(gap, "(")
	return ok && utf8.RuneCountInString(zone) <= longest && longestSuffix([]rune(zone), words.Zone) > 0
}

// fullAt is the longest full name of a division at i. chained tells that the
// name of another ends there.
func (l *Linker) fullAt(key []rune, i int, chained bool) (best registry.Match, xs []*registry.Division, ok bool) {
	for m, ns := range l.reg.Divisions.FindAt(key, i) {
		name := string(key[m.From:m.To])
		if m.To < len(key) && strings.ContainsRune(fullStops[key[m.To-1]], key[m.To]) || commonFull.has(name) && i > 0 && isHan(key[i-1]) && key[i-1] != '年' && !chained {
			continue
		}
		var full []*registry.Division
		for _, n := range ns {
			if !n.Bare {
				full = append(full, n.Division)
			}
		}
		if len(full) > 0 {
			best, xs, ok = m, full, true
		}
	}
	return best, xs, ok
}

// bareAt is the longest bare name of a province, prefecture or county, or of a
// street that is called one (鹤龙街), at i.
func (l *Linker) bareAt(key []rune, i int) (best registry.Match, xs []*registry.Division, ok bool) {
	for m, ns := range l.reg.Divisions.FindAt(key, i) {
		var bare []*registry.Division
		for _, n := range ns {
			if n.Bare && (n.Level != kg.LevelTownship || key[m.To-1] == '街') {
				bare = append(bare, n.Division)
			}
		}
		if len(bare) > 0 && !commonBare.has(string(key[m.From:m.To])) && !inZone(key, m.To) {
			best, xs, ok = m, top(bare), true
		}
	}
	return best, xs, ok
}

// inZone tells whether the bare name that ends at place to is but a part of a
// zone's: 贵安新区 holds 安新.
func inZone(key []rune, to int) bool {
	return to < len(key) && key[to] == '区' && !(to+1 < len(key) && strings.ContainsRune("域间划位县级", key[to+1]))
}

// bareSubjects are the bare names at the beginning of the title and the
// opening.
func (l *Linker) bareSubjects(texts ...[]rune) []subject {
	var found []subject
	for _, key := range texts {
		for i := 0; i < min(len(key), 12); i++ {
			if m, xs, ok := l.bareAt(key, i); ok {
				found = append(found, subject{name: string(key[m.From:m.To]), divisions: xs})
				break
			}
		}
	}
	return found
}

// maxGovernment is the length of the longest of what a body is called.
var maxGovernment = longest(words.Government)

// addressing is the division of that level right below the addressee's which the
// text names most, be it by its bare name; none if there is no such.
func (l *Linker) addressing(t *text, level string) []subject {
	var up *registry.Division
	for _, s := range l.subjects([]rune(fold.Name(t.doc.Report.Addressee)), true) {
		if len(s.divisions) == 1 {
			up = s.divisions[0]
		}
	}
	if up == nil {
		return nil
	}
	counts := map[*registry.Division]int{}
	var best *registry.Division
	for _, ns := range l.reg.Divisions.Find(t.key) {
		for _, n := range ns {
			if l.reg.Divisions.Parent(n.Division) != up || !strings.HasSuffix(n.Name, level) {
				continue
			}
			if counts[n.Division]++; best == nil || counts[n.Division] > counts[best] {
				best = n.Division
			}
		}
	}
	if best == nil {
		return nil
	}
	return []subject{{name: best.Name, divisions: []*registry.Division{best}}}
}

// strangerAt is a township that the register lacks, right after its county.
func (l *Linker) strangerAt(key []rune, i, after int) (registry.Match, bool) {
	if i != after && (i-after > maxGovernment || !words.Government.has(string(key[after:i]))) {
		return registry.Match{}, false
	}
	for n := 0; n < 4 && i+n < len(key); n++ {
		ending := hasAt(key, i+n, townshipEndings)
		if n >= 2 && ending != "" {
			to := i + n + len([]rune(ending))
			return registry.Match{From: i, To: to}, to == len(key) || !strings.ContainsRune(fullStops[key[to-1]], key[to])
		}
		if r := key[i+n]; !isHan(r) || townshipStops.has(string(r)) {
			break
		}
	}
	return registry.Match{}, false
}

// onlyTownships tells whether all of the divisions are townships.
func onlyTownships(xs []*registry.Division) bool {
	return !slices.ContainsFunc(xs, func(x *registry.Division) bool { return x.Level != kg.LevelTownship })
}

// withinAny are those of the divisions that lie in one of ups.
func withinAny(xs, ups []*registry.Division) []*registry.Division {
	return slices.DeleteFunc(slices.Clone(xs), func(x *registry.Division) bool {
		return !slices.ContainsFunc(ups, func(up *registry.Division) bool { return x.Code != up.Code && strings.HasPrefix(x.Code, up.Code) })
	})
}

// holding are those of ups that one of the divisions lies in.
func holding(ups, xs []*registry.Division) []*registry.Division {
	return slices.DeleteFunc(slices.Clone(ups), func(up *registry.Division) bool { return len(within(xs, up)) == 0 })
}

func maskOf(key []rune) []bool {
	mask := make([]bool, len(key))
	for _, s := range titlesIn(key) {
		for i := s.in; i < s.out; i++ {
			mask[i] = !reportTitle(key[s.in:s.out])
		}
	}
	return mask
}

var reportEndings = newLexicon("报告", "情况")

// reportTitle tells whether a title in 《》 is the report's own.
func reportTitle(key []rune) bool {
	return index(key, "法治政府建设", 0) >= 0 && longestSuffix(key, reportEndings) > 0
}

// opening is the beginning of the body: what follows title and addressee.
func (t *text) opening() []rune {
	const length = 300
	key := t.key
	if title := []rune(fold.Name(t.doc.Report.Title)); len(title) > 0 {
		if i := index(key[:min(len(key), 200)], string(title), 0); i >= 0 {
			key = key[i+len(title):]
		}
	}
	if to := strings.TrimRight(fold.Name(t.doc.Report.Addressee), ":"); to != "" {
		if i := index(key[:min(len(key), 200)], to, 0); i >= 0 {
			key = key[i+len([]rune(to)):]
		}
	}
	return key[:min(len(key), length)]
}

// ownLevel is the ending of divisions of the level that the text calls its own
// (我镇, 本县, 县政府); empty if it calls none so.
func (t *text) ownLevel() string {
	const selfWorth = 3
	counts := map[string]int{}
	for i := range t.key {
		ending := hasAt(t.key, i, words.Level)
		if ending == "" {
			continue
		}
		if endsWithAny(t.key[:i], words.Self) {
			counts[ending] += selfWorth
		}
		if hasAt(t.key, i+utf8.RuneCountInString(ending), words.Body) != "" {
			counts[ending]++
		}
	}
	best, most := "", 0
	for _, ending := range words.Level.list {
		if n := counts[ending]; n > most {
			best, most = ending, n
		}
	}
	return best
}

// signature lists the short lines at the end of the text that are no
// sentences.
func (t *text) signature() [][]rune {
	const lines, longest = 4, 40
	var found [][]rune
	ps := t.doc.Report.Passages
	for _, p := range slices.Backward(ps[max(0, len(ps)-lines):]) {
		line := []rune(fold.Name(string(t.runes[p.Start:p.End])))
		if len(line) > longest || len(line) > 0 && line[len(line)-1] == '。' && len(line) > 8 {
			break
		}
		found = append(found, line)
	}
	return found
}
