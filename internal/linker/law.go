package linker

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"graphd/internal/kg"
	"graphd/internal/linker/registry"
)

// laws records every document that the text cites: by a title in 《》, by the
// name of a well-known law alone, or by a document number alone.
func (l *Linker) laws(t *text, is issuer, g *gathering) {
	c := &citations{l: l, t: t, is: is, g: g, aliases: map[string]kg.Entity{}, taken: make([]bool, len(t.key))}
	for _, s := range t.titles() {
		c.title(s)
	}
	c.bareNames()
	c.bareNumbers()
}

// citations collects the documents that one text cites.
type citations struct {
	l  *Linker
	t  *text
	is issuer
	g  *gathering
	// titled are the documents cited by a title so far, in order.
	titled []kg.Entity
	// aliases are what 以下简称 names in this text.
	aliases map[string]kg.Entity
	// cited are the documents so far that the register lacks.
	cited []kg.Entity
	// taken marks what belongs to a citation already.
	taken []bool
	// own tells whether the last title was one of the issuer's own documents,
	// and ownTo where it ended: a list goes on with its kind.
	own   bool
	ownTo int
}

func (c *citations) take(from, to int) {
	for i := from; i < to; i++ {
		c.taken[i] = true
	}
}

// title records one title in 《》.
func (c *citations) title(s title) {
	c.take(s.from, s.to)
	key := c.t.key
	name := registry.LawTitle(string(key[s.in:s.out]))
	if reportTitle(key[s.in:s.out]) && strings.Contains(name, strconv.Itoa(c.t.doc.Report.Year)) {
		return // the report itself
	}
	own := c.isOwn(s)
	c.own, c.ownTo = own, s.to
	e, ok := c.entity(name, own)
	if !ok || e.rule != "register" && c.isWork(s) {
		return
	}
	c.alias(s, e.Entity)
	c.titled = append(c.titled, e.Entity)
	number, numberTo := numberAfter(key, s.to)
	if number == "" {
		number = numberBefore(key, s.from)
	}
	c.take(s.to, numberTo)
	article := articleAfter(key, max(s.to, numberTo))
	c.record(e.Entity, kg.Mention{Span: c.t.spanWithin(s.from, s.to), DocNumber: number, Article: article, Rule: "title"})
}

func (c *citations) record(e kg.Entity, m kg.Mention) {
	m.Kind, m.EntityID = kg.KindLaw, e.ID
	if !c.g.mention(m) {
		return
	}
	c.g.entity(e)
	if x, ok := c.l.reg.Divisions.ByCode(strings.TrimPrefix(e.IssuedBy, kg.JurisdictionID(""))); ok && e.IssuedBy != "" {
		c.l.record(c.g, x)
	}
}

// lawEntity is a document with how it was recognised.
type lawEntity struct {
	kg.Entity
	rule string
}

// entity is the document of a canonical title. own tells that the issuer made
// it. ok is false where the title names no document.
func (c *citations) entity(name string, own bool) (lawEntity, bool) {
	if e, ok := c.aliases[name]; ok {
		return lawEntity{e, "alias"}, true
	}
	if law, ok := c.l.reg.Laws.ByTitle(name); ok {
		return lawEntity{c.registered(law), "register"}, true
	}
	if words.TitleTail.has(name) || words.TitleShort.has(name) {
		return c.shortFor(name)
	}
	if rest, ok := strings.CutPrefix(name, "国家"); ok {
		if law, ok := c.l.reg.Laws.ByTitle(rest); ok {
			return lawEntity{c.registered(law), "register"}, true
		}
	}
	if rest, ok := strings.CutPrefix(name, "党的"); ok {
		name = "中国共产党" + rest
	}
	if name == "" {
		return lawEntity{}, false
	}
	scope, by := "national", c.placeOf(name)
	switch {
	case by != nil && len(by.Code) <= 4:
		scope = "upper"
	case by != nil:
		scope = "lower"
	case own && c.is.division != nil:
		scope, by = "lower", c.is.division
	}
	e := kg.Entity{Kind: kg.KindLaw, Name: name}
	if by != nil {
		e.IssuedBy = by.ID()
	}
	e.ID = kg.LawID(e.Name, e.IssuedBy)
	var ok bool
	if e.LawType, ok = lawTypeOf(name, scope); !ok {
		return lawEntity{}, false
	}
	if e.LawType == kg.LawAdministrativeRegulation && c.is.division != nil && endsWithAny([]rune(name), words.Regulation) && hasAt([]rune(name), 0, words.StateLead) == "" {
		// The register has the state's, so it is that of a place which the
		// text does not say again.
		e.LawType = kg.LawLocalRegulation
	}
	for _, other := range c.cited {
		if sameDocument(e.Name, other.Name) {
			return lawEntity{other, "form"}, true
		}
	}
	c.cited = append(c.cited, e)
	return lawEntity{e, "form"}, true
}

// shortFor is the last document cited that a title of one word (《纲要》) can be
// short for.
func (c *citations) shortFor(word string) (lawEntity, bool) {
	for _, e := range slices.Backward(c.titled) {
		if strings.HasSuffix(plainTitle(e.Name), word) {
			return lawEntity{e, "alias"}, true
		}
	}
	return lawEntity{}, false
}

// registered is a law of the register as an entity.
func (c *citations) registered(law *registry.Law) kg.Entity {
	e := kg.Entity{Kind: kg.KindLaw, Name: law.Title, Aliases: law.Aliases, LawType: law.Type, Versions: law.Versions}
	if law.Type == kg.LawLocalRegulation {
		if by := c.placeOf(law.Title); by != nil {
			e.IssuedBy = by.ID()
		}
	}
	e.ID = kg.LawID(e.Name, e.IssuedBy)
	return e
}

var titleLead = regexp.MustCompile(`^(\d{4}(-\d{4})?年度?|中共|法治|平安|关于印发|印发)+`)

// placeOf is the division that a title begins with, after a year.
func (c *citations) placeOf(name string) *registry.Division {
	key := []rune(name)
	from := len([]rune(titleLead.FindString(name)))
	p := c.l.newPlaces(key, c.is)
	var by *registry.Division
	for _, s := range p.scan(make([]bool, len(key))) {
		if s.from != from || len(s.divisions) != 1 {
			break
		}
		by, from = s.divisions[0], s.to
	}
	return by
}

// isOwn tells whether the sentence says that the issuer made the document:
// the last verb before the title is one of making.
func (c *citations) isOwn(s title) bool {
	key := c.t.key
	const longest = 2 // 以及
	if gap := key[c.ownTo:s.from]; c.ownTo > 0 && (len(gap) == 0 || len(gap) <= longest && listConjunctions.has(string(gap))) {
		return c.own
	}
	from := s.from
	for from > 0 && s.from-from < 14 && !strings.ContainsRune("。;!?》", key[from-1]) {
		from--
	}
	own := false
	for i := from; i < s.from; i++ {
		if w := hasAt(key[:s.from], i, words.LawMade); w != "" {
			own = true
		} else if w := hasAt(key[:s.from], i, words.LawFollowed); w != "" {
			own = false
		}
	}
	return own
}

// isWork tells whether the words around a title say that it is a play, a song,
// a film or a case.
func (c *citations) isWork(s title) bool {
	return longestSuffix(c.t.key[:s.from], words.Work) > 0 || hasAt(c.t.key, s.to, words.Work) != ""
}

var shortName = regexp.MustCompile(`^(?:\([^()]{0,24}\))?\([^()]{0,24}?(?:以下|下文|下)?(?:统)?简称:?为?[《〈]?([^》〉()]{2,20})[》〉]?\)`)

// alias notes what the text calls the document from here on.
func (c *citations) alias(s title, e kg.Entity) {
	to := min(s.to+80, len(c.t.key))
	if m := shortName.FindStringSubmatch(string(c.t.key[s.to:to])); m != nil {
		c.aliases[registry.LawTitle(m[1])] = e
	}
}

// bareNames records the well-known laws, and the aliases of this text, that
// stand without 《》.
func (c *citations) bareNames() {
	key := c.t.key
	phrase := covered(key, words.LawPhrase)
	best := registry.Match{From: -1}
	var law *registry.Law
	flush := func() {
		if best.From < 0 || phrase[best.From] || c.taken[best.From] || hasAt(key, best.To, words.LawStop) != "" || c.inName(best.From, best.To) || c.ofPlace(best.From, law) {
			return
		}
		from := best.From
		if n := len([]rune("中华人民共和国")); from >= n && startsWith(key[from-n:], "中华人民共和国") {
			from -= n
		}
		c.take(from, best.To)
		c.record(c.registered(law), kg.Mention{Span: c.t.span(from, best.To), Article: articleAfter(key, best.To), Rule: "name"})
	}
	for m, x := range c.l.reg.Laws.FindBare(key) {
		switch {
		case best.From >= 0 && m.From == best.From, best.From < 0:
			best, law = m, x // the longer one at the same place
		case m.From >= best.To:
			flush()
			best, law = m, x
		}
	}
	flush()
}

// ofPlace tells whether a place goes before the name at from, so that it is
// another document's (浙江省优化营商环境条例).
func (c *citations) ofPlace(from int, law *registry.Law) bool {
	return law.Type == kg.LawAdministrativeRegulation && from > 0 && strings.ContainsRune("省市区县州旗", c.t.key[from-1])
}

// inName tells whether key[from:to] is part of a longer text in quotation
// marks, and so of the name of something else.
func (c *citations) inName(from, to int) bool {
	const reach = 20
	runes := c.t.runes
	start, end := c.t.at[from], c.t.at[to-1]+1
	open := -1
	for i := start - 1; i >= max(0, start-reach) && open < 0; i-- {
		switch runes[i] {
		case '“', '「', '『':
			open = i
		case '”', '」', '』', '。', '\n':
			return false
		}
	}
	if open < 0 {
		return false
	}
	for i := end; i < min(len(runes), end+reach); i++ {
		switch runes[i] {
		case '”', '」', '』':
			return i-end+start-open-1 > 0
		case '。', '\n', '“', '「', '『':
			return false
		}
	}
	return false
}

var (
	numberTail   = regexp.MustCompile(`^(?:[〔\[(【]\d{4}[〕\])】]第?\d{1,5}|(?:19|20)\d{2}\d{1,3})号`)
	numberLost   = regexp.MustCompile(`^(\p{Han}+)((?:19|20)\d{2})(\d{1,3}号)$`)
	numberForm   = `\p{Han}{1,12}(?:[〔\[(【]\d{4}[〕\])】]第?\d{1,5}|[发办函文](?:19|20)\d{2}\d{1,3})号`
	afterTitle   = regexp.MustCompile(`^\(?(` + numberForm + `)\)?`)
	beforeTitle  = regexp.MustCompile(`(` + numberForm + `)(?:文件|文)?[,:的]?$`)
	numberYear   = regexp.MustCompile(`[〔\[(【](\d{4})[〕\])】]第?`)
	articleFirst = regexp.MustCompile(`^的?(第[零〇一二三四五六七八九十百千\d]+条(?:之[一二三四五六七八九十])?)`)
	numberTitle  = regexp.MustCompile(`关于[^。;,《》]{4,60}(?:通知|意见|方案|决定|办法|规定|规划|纲要|要点|公告|批复|函)\($`)
)

// hasBracket tells whether text holds a bracket that the year of a document
// number stands in.
func hasBracket(text []rune) bool {
	return slices.ContainsFunc(text, func(r rune) bool { return r == '〔' || r == '[' || r == '(' || r == '【' })
}

// articleAfter is the article that is cited right after a title.
func articleAfter(key []rune, to int) string {
	if to == len(key) || key[to] != '第' && key[to] != '的' {
		return ""
	}
	if m := articleFirst.FindStringSubmatch(string(key[to:min(to+14, len(key))])); m != nil {
		return m[1]
	}
	return ""
}

// looseTitle drops what titles of one document differ by.
var looseTitle = strings.NewReplacer("以及", "", "和", "", "与", "", "及", "", "、", "", "的", "", "关于", "", "年度", "年", ",", "")

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

var titleYear = regexp.MustCompile(`^\d{4}年度?`)

// sameDocument tells whether two titles in one report stand for one document:
// they differ in joining words alone, or in a year that one has in front, or one of two long titles has up to two
// characters more in its middle.
func sameDocument(a, b string) bool {
	if lastRune(a) != lastRune(b) {
		return false // no word of looseTitle ends a title
	}
	if ya, yb := titleYear.FindString(a), titleYear.FindString(b); ya == "" || yb == "" {
		a, b = strings.TrimPrefix(a, ya), strings.TrimPrefix(b, yb)
	}
	x, y := []rune(looseTitle.Replace(a)), []rune(looseTitle.Replace(b))
	if slices.Equal(x, y) {
		return true
	}
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) < 12 || len(y)-len(x) > 2 {
		return false
	}
	i, j := 0, 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	for j < len(x)-i && x[len(x)-1-j] == y[len(y)-1-j] {
		j++
	}
	return len(x) != len(y) && i+j == len(x) && i > 0 && j > 0 && !strings.ContainsFunc(string(y[i:len(y)-j]), func(r rune) bool { return r >= '0' && r <= '9' })
}
