// Package eval tells how good the facts found in reports are, by comparing them
// with gold answers that people wrote. Jurisdictions, laws, practices and law
// firms are compared as sets of canonical entities for each report; figures one
// by one at their place in the text. It finds nothing itself, and it judges the
// flat form of facts (package lines), which is all that a reader sees.
package eval

import (
	"cmp"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"graphd/internal/kg"
	"graphd/internal/lines"
)

// Aspects are what is scored, in the order of a result. One with a plus is
// scored on the items that the aspect before the plus found.
var Aspects = []string{
	"issuer", "year", "published", "jurisdiction", "law", "law+type", "practice", "practice+status", "firm", "metric", "metric+label",
}

// Score counts the answers of one aspect.
type Score struct {
	Right, False, Missed int
}

// Precision is the share of what was found that is right; like Recall it is 1
// where there is nothing to share.
func (s Score) Precision() float64 { return share(s.Right, s.False) }

// Recall is the share of what was to be found that was.
func (s Score) Recall() float64 { return share(s.Right, s.Missed) }

// F1 is the harmonic mean of precision and recall.
func (s Score) F1() float64 {
	p, r := s.Precision(), s.Recall()
	if p+r == 0 {
		return 0
	}
	return 2 * p * r / (p + r)
}

func share(part, rest int) float64 {
	if part+rest == 0 {
		return 1
	}
	return float64(part) / float64(part+rest)
}

// Verdict says how an answer fails.
type Verdict string

const (
	Miss  Verdict = "MISS"  // a right answer that was not given
	False Verdict = "FALSE" // an answer that is not right
	Wrong Verdict = "WRONG" // an answer to the right question that is not right
)

// Finding is one failure. At is its place in the decoded source, in code
// points, or nil where it has none.
type Finding struct {
	Verdict Verdict
	Aspect  string
	File    string
	At      *kg.Span
	Text    string
}

func (f Finding) String() string {
	place := f.File
	if f.At != nil {
		place = fmt.Sprintf("%s:%d-%d", f.File, f.At.Start, f.At.End)
	}
	return fmt.Sprintf("%-5s %-15s %s: %s", f.Verdict, f.Aspect, place, f.Text)
}

// Answer is what was found in one file.
type Answer struct {
	lines.Document
	// Text is the decoded source.
	Text string
}

// Result is how the answers compare with the gold ones.
type Result struct {
	Scores   map[string]Score // by aspect
	Findings []Finding        // by gold answer, then as found
	// Unjudged are the files without gold answers, ascending; they count
	// nowhere. What a gold answer without a file says counts as missed, and
	// Unanswered lists those files.
	Unjudged, Unanswered []string
}

// Compare judges answers by gold answers for files of the same base name.
func Compare(golds []Gold, answers []Answer) Result {
	byFile := map[string]Answer{}
	for _, a := range answers {
		byFile[a.Report.File] = a
	}
	res := Result{Scores: map[string]Score{}}
	for _, g := range golds {
		a, ok := byFile[g.File]
		if !ok {
			res.Unanswered = append(res.Unanswered, g.File)
		}
		delete(byFile, g.File)
		c := &comparison{gold: g, answered: ok, report: a.Report, text: a.Text, Result: &res}
		c.compare(a.Mentions)
	}
	for file := range byFile {
		res.Unjudged = append(res.Unjudged, file)
	}
	slices.Sort(res.Unjudged)
	slices.Sort(res.Unanswered)
	return res
}

// Table writes one line an aspect.
func (r Result) Table(w io.Writer) error {
	for _, aspect := range Aspects {
		s := r.Scores[aspect]
		_, err := fmt.Fprintf(w, "%-16s P %.3f  R %.3f  F1 %.3f   (%d right, %d false, %d missed)\n",
			aspect, s.Precision(), s.Recall(), s.F1(), s.Right, s.False, s.Missed)
		if err != nil {
			return err
		}
	}
	return nil
}

// comparison is that of one file.
type comparison struct {
	gold     Gold
	answered bool
	report   lines.Report
	text     string
	*Result
}

func (c *comparison) count(aspect string, right, wrong, missed int) {
	s := c.Scores[aspect]
	c.Scores[aspect] = Score{s.Right + right, s.False + wrong, s.Missed + missed}
}

func (c *comparison) say(v Verdict, aspect string, at *kg.Span, format string, args ...any) {
	c.Findings = append(c.Findings, Finding{v, aspect, c.gold.File, at, fmt.Sprintf(format, args...)})
}

// judge counts an answer to a question that has exactly one.
func (c *comparison) judge(aspect string, ok bool, at *kg.Span, format string, args ...any) {
	if ok {
		c.count(aspect, 1, 0, 0)
		return
	}
	c.count(aspect, 0, 1, 1)
	c.say(Wrong, aspect, at, format, args...)
}

func (c *comparison) compare(mentions []any) {
	c.metadata()
	var jurisdictions, laws, practices, firms []found
	var metrics []*lines.Metric
	for _, m := range mentions {
		switch m := m.(type) {
		case *lines.Jurisdiction:
			jurisdictions = append(jurisdictions, found{key: plain(m.Name), code: m.Code, Place: m.Place})
		case *lines.Law:
			laws = append(laws, found{key: plainLaw(m.Title), kind: m.Type, Place: m.Place})
		case *lines.Practice:
			practices = append(practices, found{key: plain(m.Name), status: m.Status, Place: m.Place})
		case *lines.Firm:
			firms = append(firms, found{key: plain(m.Name), Place: m.Place})
		case *lines.Metric:
			metrics = append(metrics, m)
		}
	}
	c.jurisdictions(jurisdictions)
	c.laws(laws)
	c.practices(practices)
	c.entities("firm", c.gold.Firms, firms, named(plain))
	c.metrics(metrics)
}

func (c *comparison) metadata() {
	got, want := c.report.Issuer, c.gold.Issuer
	right := c.answered && same(got.Code, want.Code)
	if want.Code == nil {
		right = right && got.Ambiguous && !slices.ContainsFunc(want.Candidates, func(w string) bool {
			return !slices.Contains(got.Candidates, w)
		})
	}
	c.judge("issuer", right, nil, "%s, should be %s", show(got.Code), show(want.Code))
	c.judge("year", same(c.report.Year, c.gold.Year), nil, "%s, should be %s", show(c.report.Year), show(c.gold.Year))
	if c.gold.Published != nil && *c.gold.Published != "" {
		c.judge("published", same(c.report.Published, c.gold.Published), nil,
			"%s, should be %s", show(c.report.Published), show(c.gold.Published))
	}
}

// found is one mention of an entity. Mentions with one key are one entity.
type found struct {
	key    string
	code   *string
	kind   kg.LawType
	status string
	lines.Place
}

// matcher tells which keys answer a gold item, and which of all keys have to
// do with it and so are not false.
type matcher func(g GoldItem, all []found) (hits, related []string)

// named matches by name, canonical or accepted.
func named(plain func(string) string) matcher {
	return func(g GoldItem, all []found) (hits, related []string) {
		names := g.names(plain)
		for _, f := range all {
			if slices.Contains(names, f.key) {
				hits = append(hits, f.key)
			}
		}
		return hits, hits
	}
}

func (g GoldItem) names(plain func(string) string) []string {
	names := []string{plain(cmp.Or(g.Title, g.Name))}
	for _, a := range g.Accept {
		names = append(names, plain(a))
	}
	return names
}

// entities scores a kind as a set and returns, for each gold item, the keys
// that answer it.
func (c *comparison) entities(aspect string, golds []GoldItem, all []found, match matcher) [][]string {
	used := map[string]bool{}
	answers := make([][]string, len(golds))
	for i, g := range golds {
		hits, related := match(g, all)
		for _, key := range append(related, hits...) {
			used[key] = true
		}
		answers[i] = hits
		switch {
		case g.Optional:
		case len(hits) > 0:
			c.count(aspect, 1, 0, 0)
		default:
			c.count(aspect, 0, 0, 1)
			c.say(Miss, aspect, c.find(g.Quote), "%s «%s»", cmp.Or(g.Title, g.Name), g.Quote)
		}
	}
	for _, f := range all {
		if !used[f.key] {
			used[f.key] = true // once for all its mentions
			c.count(aspect, 0, 1, 0)
			c.say(False, aspect, f.at(), "%s «%s»", f.key, f.Quote)
		}
	}
	return answers
}

// jurisdictions are matched by code where the gold answer has one.
func (c *comparison) jurisdictions(all []found) {
	byName := named(plain)
	c.entities("jurisdiction", c.gold.Jurisdictions, all, func(g GoldItem, all []found) (hits, related []string) {
		if g.Code == nil || *g.Code == "" {
			return byName(g, all)
		}
		for _, f := range all {
			if same(f.code, g.Code) {
				hits = append(hits, f.key)
			}
		}
		return hits, hits
	})
}

func (c *comparison) laws(all []found) {
	answers := c.entities("law", c.gold.Laws, all, named(plainLaw))
	for i, g := range c.gold.Laws {
		if g.Optional || len(answers[i]) == 0 {
			continue
		}
		right := append([]kg.LawType{g.Type}, g.AcceptType...)
		var first *found
		ok := false
		for _, f := range all {
			if slices.Contains(answers[i], f.key) {
				if first == nil {
					first = &f
				}
				ok = ok || slices.Contains(right, f.kind)
			}
		}
		c.judge("law+type", ok, first.at(), "%s is said to be %s, should be %s", g.Title, first.kind, g.Type)
	}
}

// practices also match where a brand is cut a little longer or shorter.
func (c *comparison) practices(all []found) {
	byName := named(plain)
	answers := c.entities("practice", c.gold.Practices, all, func(g GoldItem, all []found) (hits, related []string) {
		hits, _ = byName(g, all)
		names := g.names(plain)
		for _, f := range all {
			if slices.ContainsFunc(names, func(n string) bool { return near(f.key, n) }) ||
				g.Scope == kg.ScopeLocal && near(plain(f.Quote), plain(g.Quote)) {
				related = append(related, f.key)
			}
		}
		if len(hits) == 0 {
			hits = related
		}
		return hits, related
	})
	for i, g := range c.gold.Practices {
		if g.Optional || len(answers[i]) == 0 {
			continue
		}
		var best *found
		for _, f := range all {
			if slices.Contains(answers[i], f.key) && (best == nil || rank(f.status) > rank(best.status)) {
				best = &f
			}
		}
		ok := best.status == g.Status || slices.Contains(g.AcceptStatus, best.status)
		c.judge("practice+status", ok, best.at(), "%s is said to be %s, should be %s", g.Name, best.status, g.Status)
	}
}

func rank(status string) kg.Status {
	s, _ := kg.ParseStatus(status)
	return s
}

// near tells whether one of two names of some length is part of the other.
func near(a, b string) bool {
	return min(len([]rune(a)), len([]rune(b))) >= 3 && (strings.Contains(a, b) || strings.Contains(b, a))
}

func (p found) at() *kg.Span { return &kg.Span{Start: p.Start, End: p.End} }

// find is the place of a quote that occurs in the text, the first if it does
// more than once.
func (c *comparison) find(quote string) *kg.Span {
	i := strings.Index(c.text, quote)
	if i < 0 || quote == "" {
		return nil
	}
	start := len([]rune(c.text[:i]))
	return &kg.Span{Start: start, End: start + len([]rune(quote))}
}

// isPage tells whether a file's offsets count in a rendering of it, which gold
// answers do not know.
func isPage(file string) bool {
	ext := filepath.Ext(file)
	return ext == ".html" || ext == ".htm"
}

// plain is the form in which names are compared: compatibility forms composed
// (NFKC), no white space, quotation marks or brackets, lower case.
func plain(s string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("\"“”‘’'《》〈〉「」『』()", r) {
			return -1
		}
		return r
	}, norm.NFKC.String(s)))
}

// plainLaw also leaves out the name of the state in front of a title.
func plainLaw(s string) string {
	const state = "中华人民共和国"
	s = plain(s)
	if rest, ok := strings.CutPrefix(s, state); ok && len([]rune(rest)) > 2 {
		return rest
	}
	return s
}

func same[T comparable](a, b *T) bool { return a == b || a != nil && b != nil && *a == *b }

func show[T any](v *T) string {
	if v == nil {
		return "null"
	}
	return fmt.Sprint(*v)
}
