package linker

import (
	"cmp"
	_ "embed"
	"slices"
	"strings"
	"unicode"

	"graphd/internal/kg"
	"graphd/internal/linker/registry"
)

//go:embed practice-words.tsv
var practiceWordsFile string

// practiceWords is practice-words.tsv: a field a category.
var practiceWords = mustParseWords[struct {
	PlanHeading, ProblemHeading, PlanLabel, ProblemLabel, PlanOpening, LooksBack, PlanList, PlanIntro  *lexicon
	Planned, PutInto, Studied, NotStudied, PassedOn, GoesOn, Doing, Referred, ReferredAfter, TakenAs   *lexicon
	Principle, Lesson, Body, BodyLead, Honour, NoHonour, TitleCategory, BrandForm, BrandEnding         *lexicon
	BrandVerb, NoBrandAfter, Slogan, Creed, Adjective, Figurative, NoAdjective, NoModifier, BareEnding *lexicon
	BareNot, BareStop, BareGeneric, BrandLead, ListOwner, BrandPredicate, Campaign, NoBrandEnding      *lexicon
	WorkingTitle, VariantForm, HonourAfter, NoBrandLead, NoBrandBefore, NoBrandPeople                  *lexicon
	Occasion, OccasionEnd, OccasionOwn                                                                 *lexicon
}](practiceWordsFile)

// naming is one place where a practice is named.
type naming struct {
	sentence int
	from, to int // in the sentence's chars
	// known is the register's practice; else the fields below tell what the
	// text names.
	known     *registry.Practice
	name      string
	quoted    string // what stands in the quotation marks
	form      string // and after them: 行动
	variantOf *registry.Practice
	rule      string
}

// findPractices finds the practices that the register knows, local variants of
// them, and local brands by their form. They are in the order of the text; only
// the names of a part and its whole overlap.
func (l *Linker) findPractices(t *text, is issuer, ss []sentence) []naming {
	taken := l.registered(t, ss)
	places := l.shortNames(is)
	for i := range taken {
		taken[i].extendToVariant(&ss[taken[i].sentence], places)
	}
	bySentence := make([][]naming, len(ss))
	for _, n := range taken {
		bySentence[n.sentence] = append(bySentence[n.sentence], n)
	}
	for i := range ss {
		for _, n := range append(l.quotedBrands(&ss[i]), bareBrands(&ss[i])...) {
			n.sentence = i
			n.known = l.registeredBrand(n)
			if !slices.ContainsFunc(bySentence[i], n.overlaps) {
				bySentence[i] = append(bySentence[i], n)
				taken = append(taken, n)
			}
		}
	}
	slices.SortFunc(taken, func(a, b naming) int {
		return cmp.Or(cmp.Compare(a.sentence, b.sentence), cmp.Compare(a.from, b.from))
	})
	return taken
}

// registeredBrand is the register's practice that a quoted name stands for, be
// it a year's round of it (“云剑—2021”专项行动); nil if there is none. Where the
// bare words would not do, the quotation marks tell.
func (l *Linker) registeredBrand(n naming) *registry.Practice {
	base := strings.TrimRight(strings.TrimRight(n.quoted, "0123456789年"), "—–-·")
	for _, name := range []string{n.name, n.quoted + n.form, base + n.form, base + "行动"} {
		if p, ok := l.reg.Practices.Lookup(name); ok && (name != base+"行动" || strings.HasSuffix(n.form, "行动")) {
			return p
		}
	}
	return nil
}

func (n naming) overlaps(o naming) bool {
	return n.sentence == o.sentence && n.from < o.to && o.from < n.to
}

// registered finds what the register knows. Of overlapping matches the longest
// wins, then the first; but the name of a part does not swallow that of the
// whole (“谁执法谁普法”责任清单).
func (l *Linker) registered(t *text, ss []sentence) []naming {
	key := make([]rune, len(t.key))
	for i, r := range t.key {
		key[i] = unicode.ToLower(r)
	}
	type match struct {
		registry.Match
		p *registry.Practice
	}
	var all []match
	for m, p := range l.reg.Practices.Find(key) {
		if !excepted(key, m, p) {
			all = append(all, match{m, p})
		}
	}
	slices.SortStableFunc(all, func(a, b match) int {
		return cmp.Or(cmp.Compare(b.To-b.From, a.To-a.From), cmp.Compare(a.From, b.From))
	})
	taken := make([]*registry.Practice, len(key))
	var found []naming
	for _, m := range all {
		if slices.ContainsFunc(taken[m.From:m.To], func(p *registry.Practice) bool { return p != nil && p.PartOf != m.p.Name }) {
			continue
		}
		span := t.span(m.From, m.To)
		p, ok := t.passageOf(span)
		if !ok {
			continue
		}
		from, to := ss[p].within(span)
		if ss[p].cutsName(from, to) {
			continue
		}
		if ss[p].inTitle(from) && !endsWithAny(ss[p].titleAround(from), practiceWords.WorkingTitle) {
			continue
		}
		for i := m.From; i < m.To; i++ {
			taken[i] = m.p
		}
		from, to = ss[p].closeQuotes(from, to)
		found = append(found, naming{sentence: p, from: from, to: to, known: m.p, rule: "practice-register"})
	}
	return found
}

// excepted tells whether the match lies in, is cut by or touches a text in
// which p is not meant.
func excepted(key []rune, m registry.Match, p *registry.Practice) bool {
	for _, x := range p.Except {
		n := len([]rune(x))
		for at := max(0, m.From-n+1); at <= m.To; at++ {
			if startsWith(key[at:], x) {
				return true
			}
		}
	}
	return false
}

// cutsName tells whether one end of chars[from:to] lies in the middle of a
// quotation and the other outside: then it is no name, for the quoted one is
// longer.
func (s *sentence) cutsName(from, to int) bool {
	for _, q := range s.quoted {
		if q.from < from && from < q.to && q.to < to || from < q.from && q.from < to && to < q.to {
			return true
		}
	}
	return false
}

// closeQuotes widens chars[from:to] by a quotation mark whose other one it
// holds.
func (s *sentence) closeQuotes(from, to int) (int, int) {
	for _, marks := range []struct{ open, close rune }{{'‘', '’'}, {'“', '”'}} {
		opened := 0
		for _, r := range s.chars[from:to] {
			switch r {
			case marks.open:
				opened++
			case marks.close:
				opened--
			}
		}
		if opened < 0 && from > 0 && s.chars[from-1] == marks.open {
			from--
		}
		if opened > 0 && to < len(s.chars) && s.chars[to] == marks.close {
			to++
		}
	}
	return from, to
}

// shortNames are the short names of the issuer and what holds it (方松, 松江).
func (l *Linker) shortNames(is issuer) *lexicon {
	var names []string
	if is.division != nil {
		for _, x := range l.reg.Divisions.Path(is.division) {
			names = append(names, l.reg.Divisions.Entity(x).Aliases...)
		}
	}
	return newLexicon(names...)
}

// extendToVariant turns a registered name with the issuer's own place and a
// form after it (三所联动方松模式) into a local variant.
func (n *naming) extendToVariant(s *sentence, places *lexicon) {
	to := n.to
	if to < len(s.chars) && s.chars[to] == '”' {
		to++
	}
	place := hasAt(s.chars, to, places)
	if place == "" {
		return
	}
	at := to + len([]rune(place))
	form := hasAt(s.chars, at, practiceWords.VariantForm)
	if form == "" {
		return
	}
	n.name, n.variantOf, n.known = n.known.Name+place+form, n.known, nil
	n.to, n.rule = at+len([]rune(form)), "practice-variant"
	n.from, n.to = s.closeQuotes(n.from, n.to)
}

// entities are the practice's entity, first, and what it refers to.
func (l *Linker) practiceEntities(n naming) []kg.Entity {
	if n.known != nil {
		return l.reg.Practices.Entities(n.known)
	}
	e := kg.Entity{ID: n.entityID(), Kind: kg.KindPractice, Name: n.name, Scope: kg.ScopeLocal}
	if n.variantOf == nil {
		return []kg.Entity{e}
	}
	e.VariantOf = n.variantOf.ID()
	return append([]kg.Entity{e}, l.reg.Practices.Entities(n.variantOf)...)
}

// spreadWider are the words for a practice that is spread beyond the issuer: to
// its own county or city it spreads one itself.
func spreadWider(issuer string) *lexicon {
	level := []rune(issuer)
	if len(level) == 0 {
		return practiceWords.HonourAfter
	}
	own := "全" + string(level[len(level)-1])
	return newLexicon(slices.DeleteFunc(slices.Clone(practiceWords.HonourAfter.list), func(w string) bool { return strings.HasPrefix(w, own) })...)
}

// practices records the practices found, each with how firmly the sentence
// stands behind it.
func (l *Linker) practices(ss []sentence, namings []naming, figures []figure, g *gathering) {
	wider := spreadWider(g.iss.Name)
	for i, n := range namings {
		id := n.entityID()
		m := kg.Mention{
			Kind: kg.KindPractice, EntityID: id, Span: ss[n.sentence].span(n.from, n.to), Rule: n.rule,
			Status: status(ss, namings, i, figures, wider),
		}
		if g.mention(m) && !g.known[id] {
			for _, e := range l.practiceEntities(n) {
				g.entity(e)
			}
		}
	}
}

// entityID is the ID of the practice that is named.
func (n naming) entityID() string {
	if n.known != nil {
		return n.known.ID()
	}
	return kg.PracticeID(n.name)
}
