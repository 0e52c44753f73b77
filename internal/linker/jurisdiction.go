package linker

import (
	"slices"
	"strings"

	"graphd/internal/kg"
	"graphd/internal/linker/registry"
)

// jurisdictions records every division that the main text names, in full or
// in a short form that cannot be another word. Titles in 《》 name none.
func (l *Linker) jurisdictions(t *text, is issuer, g *gathering) {
	blocked := t.titleMask()
	p := l.newPlaces(t.key, is)
	p.at = t.at
	for _, s := range p.scan(blocked) {
		m := kg.Mention{Kind: kg.KindJurisdiction, Span: t.span(s.from, s.to), Rule: s.rule}
		switch {
		case s.unregistered != "":
			e := l.unregistered(s.parent, s.unregistered)
			m.EntityID = e.ID
			if g.mention(m) {
				g.entity(e)
				l.record(g, s.parent)
			}
		case len(s.divisions) == 1:
			m.EntityID = s.divisions[0].ID()
			if g.mention(m) {
				l.record(g, s.divisions[0])
			}
		default:
			for _, x := range s.divisions {
				m.Candidates = append(m.Candidates, x.ID())
			}
			if g.mention(m) {
				for _, x := range s.divisions {
					l.record(g, x)
				}
			}
		}
	}
}

// record adds a division and all it lies in to the facts.
func (l *Linker) record(g *gathering, x *registry.Division) {
	if g.known[x.ID()] {
		return
	}
	for _, p := range l.reg.Divisions.Path(x) {
		g.entity(l.reg.Divisions.Entity(p))
	}
}

// unregistered is a township that the register lacks, under its county.
func (l *Linker) unregistered(parent *registry.Division, name string) kg.Entity {
	up := l.reg.Divisions.Entity(parent)
	return kg.Entity{
		ID: kg.UnregisteredJurisdictionID(up.ID, name), Kind: kg.KindJurisdiction, Name: name,
		Level: kg.LevelTownship, FullName: up.FullName + name, ParentID: up.ID,
	}
}

// place is one name of a division in a text.
type place struct {
	from, to int
	// divisions are what the name may stand for: one, or the candidates.
	divisions []*registry.Division
	// unregistered is the name of a township in parent that the register
	// lacks; divisions is empty then.
	unregistered string
	parent       *registry.Division
	rule         string
}

// places finds the divisions that one text names.
type places struct {
	reg    *registry.Divisions
	key    []rune
	at     []int              // place of each in the source; nil if key is all there is
	issuer *registry.Division // nil if unknown
	// stranger is the name of an issuer that the register lacks, in parent.
	stranger string
	parent   *registry.Division
	above    []*registry.Division
	found    []place
	hits     []hit // at the place that is looked at
}

// hit is one name at a place with what it may stand for.
type hit struct {
	m       registry.Match
	namings []registry.Naming
}

func (l *Linker) newPlaces(key []rune, is issuer) *places {
	p := &places{reg: l.reg.Divisions, key: key, issuer: is.division}
	if is.parent != nil {
		p.stranger, p.parent = is.Name, is.parent
	}
	if is.division != nil {
		p.above = p.reg.Path(is.division)
	}
	return p
}

var (
	commonBare    = words.Common
	commonFull    = words.CommonFull
	commonPhrases = words.Phrase
	fullStops     = parseFullStops(words.FullStop.list)
	townshipStops = words.TownshipStop

	listEnds        = words.ListEnd
	townshipEndings = newLexicon("镇", "乡", "街道")
)

// parseFullStops reads entries of an ending, a colon and characters.
func parseFullStops(list []string) map[rune]string {
	stops := map[rune]string{}
	for _, entry := range list {
		ending, next, _ := strings.Cut(entry, ":")
		stops[[]rune(ending)[0]] = next
	}
	return stops
}

// scan goes through the text once, from left to right, and takes at each place
// the longest name that can be one. blocked places are skipped.
func (p *places) scan(blocked []bool) []place {
	phrase := covered(p.key, commonPhrases)
	listed := p.lists()
	for i := 0; i < len(p.key); {
		if blocked[i] {
			i++
			continue
		}
		s, ok := p.nameAt(i, phrase)
		if item, in := listed[i]; in && (!ok || item.to > s.to || item.to == s.to && s.rule == "short" && p.kin(s.divisions[0]) > kinAbove) {
			s, ok = item, true
		}
		if !ok {
			i++
			continue
		}
		p.found = append(p.found, s)
		i = s.to
	}
	return p.found
}

// lists finds the towns of the issuer that a list names by their bare names,
// before a word for what they are: 方松、中山、永丰等街道. At least two must be
// towns, for which it takes even ordinary words. The result is keyed by place.
func (p *places) lists() map[int]place {
	found := map[int]place{}
	if p.issuer == nil || p.issuer.Level == kg.LevelTownship {
		return found
	}
	for to := range p.key {
		if hasAt(p.key, to, listEnds) == "" {
			continue
		}
		for to > 0 && strings.ContainsRune("等个多一二两三四五六七八九十0123456789", p.key[to-1]) {
			to--
		}
		var list []place
		for {
			s, ok := p.listedBefore(to)
			if !ok {
				break
			}
			list = append(list, s)
			if to = s.from - 1; to < 0 || !strings.ContainsRune("、和与及", p.key[to]) {
				break
			}
		}
		for _, s := range list {
			if len(list) > 1 {
				found[s.from] = s
			}
		}
	}
	return found
}

// listedBefore is the longest bare name of a town of the issuer that ends at
// to.
func (p *places) listedBefore(to int) (place, bool) {
	for from := max(0, to-5); from <= to-2; from++ {
		for _, n := range p.reg.Named(string(p.key[from:to])) {
			if n.Bare && n.Level == kg.LevelTownship && p.kin(n.Division) == kinInside {
				return place{from: from, to: to, divisions: []*registry.Division{n.Division}, rule: "list"}, true
			}
		}
	}
	return place{}, false
}

// nameAt decides what division is named at from.
func (p *places) nameAt(from int, phrase []bool) (place, bool) {
	if p.stranger != "" && startsWith(p.key[from:], p.stranger) && p.begins(from) {
		return place{from: from, to: from + len([]rune(p.stranger)), parent: p.parent, unregistered: p.stranger, rule: "name"}, true
	}
	p.hits = p.hits[:0]
	for m, ns := range p.reg.FindAt(p.key, from) {
		p.hits = append(p.hits, hit{m, ns})
	}
	for _, h := range slices.Backward(p.hits) {
		for _, bare := range []bool{false, true} {
			var xs []*registry.Division
			for _, n := range h.namings {
				if n.Bare == bare {
					xs = append(xs, n.Division)
				}
			}
			if len(xs) == 0 || !slices.Contains(phrase[h.m.From:h.m.To], false) {
				continue
			}
			s := place{from: h.m.From, to: h.m.To}
			s.divisions, s.rule = p.decide(s, xs, bare)
			if len(s.divisions) > 0 {
				return s, true
			}
		}
	}
	return p.unregisteredAt(from)
}

// certainName is the length from which a neighbour's full name is no accident
// wherever it stands.
const certainName = 4

// decide tells which of the divisions a name stands for: one, several that
// cannot be told apart, or none if the name is no division's here.
func (p *places) decide(s place, xs []*registry.Division, bare bool) ([]*registry.Division, string) {
	name := string(p.key[s.from:s.to])
	if up := p.adjacent(s.from); up != nil {
		in := within(xs, up)
		if bare {
			in = slices.DeleteFunc(in, func(x *registry.Division) bool { return x.Level == kg.LevelTownship && p.kin(x) > kinAbove })
		}
		if len(in) > 0 {
			return top(in), "chain"
		}
		if !bare && up.Level == kg.LevelCounty && onlyTownships(xs) {
			return nil, "" // one that the register lacks
		}
	}
	related := p.nearest(xs)
	if s.to-s.from == 2 && !bare && !p.begins(s.from) {
		return nil, "" // 提高县域 holds 高县
	}
	if bare {
		return p.decideBare(s, name, xs, related)
	}
	if len(related) > 0 && p.kin(related[0]) <= kinInside {
		return related, "name"
	}
	if s.to-s.from >= certainName && len(related) == 1 && p.kin(related[0]) <= kinSibling && !p.followed(s, fullStops[p.key[s.to-1]]) {
		return related, "name"
	}
	if in := p.levelWith(related, s.from); s.to-s.from == 2 && len(in) == 1 && p.kin(in[0]) <= kinSibling {
		return in, "list" // 常兴镇、齐镇
	}
	if s.to-s.from == 2 && len(xs) == 1 && hasAt(p.key, s.to, words.Organ) != "" {
		return xs, "organ" // 曹县司法局
	}
	if commonFull.has(name) || len([]rune(name)) < 3 || p.followed(s, fullStops[p.key[s.to-1]]) || !p.begins(s.from) && !upper(xs) {
		return nil, ""
	}
	if len(related) == 1 {
		return related, "name"
	}
	if near := p.nearby(xs, s.from); len(near) == 1 {
		return near, "near"
	}
	return xs, "name"
}

// begins tells whether a name may begin at from: nothing that could be its
// other half stands before (卓越城区 holds 越城区).
func (p *places) begins(from int) bool {
	return from == 0 || !isHan(p.key[from-1]) || p.parted(from) ||
		p.adjacent(from) != nil || longestSuffix(p.key[max(0, from-4):from], words.NameLead) > 0
}

// decideBare decides on a name without its ending, which is taken only where
// it is safe: a province, the issuer, what holds it, counties around or inside
// it, and prefectures anywhere.
func (p *places) decideBare(s place, name string, xs, related []*registry.Division) ([]*registry.Division, string) {
	// 学习成都经验: there it is the place's, not a practice named after one.
	learnt := startsWith(p.key[s.to:], "经验") && endsWithAny(p.key[:s.from], words.Elsewhere)
	if hasAt(p.key, s.to, words.BareStop) != "" && !learnt || inZone(p.key, s.to) {
		return nil, ""
	}
	for _, x := range xs {
		if x.Level == kg.LevelProvince && p.kin(x) != kinAbove && len(p.lower(xs, kinAbove)) == 0 {
			return []*registry.Division{x}, "short"
		}
	}
	if x := p.holdsNext(xs, s.to); x != nil {
		return []*registry.Division{x}, "chain"
	}
	if commonBare.has(name) {
		if len(related) == 1 && p.kin(related[0]) <= kinAbove && longestSuffix(p.key[:s.from], words.BareLead) > 0 {
			return related, "short"
		}
		if in := p.levelWith(xs, s.from); len(in) == 1 {
			return in, "list"
		}
		return p.provinces(xs), "short"
	}
	if len(related) > 0 {
		switch x, k := related[0], p.kin(related[0]); {
		case k <= kinAbove, k <= kinSibling && x.Level != kg.LevelTownship:
			return top(related), "short"
		case k == kinPrefecture && x.Level == kg.LevelCounty && p.begins(s.from):
			return related, "short"
		case k <= kinSibling && p.key[s.to-1] == '街' && p.begins(s.from):
			return related, "short" // 鹤龙街 for 鹤龙街道
		case k <= kinSibling && x.Level == kg.LevelTownship && len(related) == 1 && hasAt(p.key, s.to, words.TownOrgan) != "" && p.begins(s.from):
			return related, "short" // 双港派出所
		}
	}
	var prefectures []*registry.Division
	for _, x := range xs {
		if x.Level == kg.LevelPrefecture && (p.kin(x) <= kinProvince || p.begins(s.from)) {
			prefectures = append(prefectures, x)
		}
	}
	return prefectures, "short"
}

// holdsNext is the one of the divisions in which the town lies whose full name,
// of three characters or more, begins at to (江阴徐霞客镇).
func (p *places) holdsNext(xs []*registry.Division, to int) *registry.Division {
	for m, ns := range p.reg.FindAt(p.key, to) {
		if m.To-m.From < 3 || p.followed(place{from: m.From, to: m.To}, fullStops[p.key[m.To-1]]) {
			continue
		}
		for _, n := range ns {
			for _, x := range xs {
				if !n.Bare && n.Level == kg.LevelTownship && x.Level != kg.LevelTownship && strings.HasPrefix(n.Code, x.Code) {
					return x
				}
			}
		}
	}
	return nil
}

// followed tells whether one of the characters stands right after s.
func (p *places) followed(s place, next string) bool {
	return s.to < len(p.key) && strings.ContainsRune(next, p.key[s.to])
}

// unregisteredAt is a township right after its county's name, that the
// register lacks: two or three characters and 镇, 乡 or 街道.
func (p *places) unregisteredAt(from int) (place, bool) {
	up := p.adjacent(from)
	if up == nil || up.Level != kg.LevelCounty && !(up.Level == kg.LevelPrefecture && p.childless(up)) {
		return place{}, false
	}
	if s := p.found[len(p.found)-1]; !strings.ContainsRune("县区市旗", p.key[s.to-1]) {
		return place{}, false
	}
	for n := 0; n < 4 && from+n < len(p.key); n++ {
		rest := p.key[from+n:]
		ending := hasAt(rest, 0, townshipEndings)
		if n >= 2 && ending != "" {
			to := from + n + len([]rune(ending))
			s := place{from: from, to: to, parent: up, unregistered: string(p.key[from:to]), rule: "unregistered"}
			return s, !p.followed(s, fullStops[p.key[to-1]])
		}
		if rest[0] < 0x4E00 || rest[0] > 0x9FFF || townshipStops.has(string(rest[0])) {
			break
		}
	}
	return place{}, false
}

// childless tells whether a prefecture has no counties, its townships being
// right below it.
func (p *places) childless(x *registry.Division) bool {
	for in := range p.reg.Within(x) {
		return in.Level == kg.LevelTownship
	}
	return true
}
