package store

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"graphd/internal/kg"
)

// canonical is a copy of f in the one form that facts are stored in: no
// source, no counts, lists in order and without repeats, nil rather than
// empty. Two documents that say the same have the same canonical facts.
func canonical(f kg.Facts) kg.Facts {
	f.Issuer = kg.Issuer{}
	f.Report.Sources = nil
	f.Report.Passages = slices.Clone(f.Report.Passages)
	f.Entities = slices.Clone(f.Entities)
	for i, e := range f.Entities {
		e.Aliases = slices.DeleteFunc(set(e.Aliases), func(a string) bool { return a == e.Name })
		e.Versions = slices.Clone(e.Versions)
		if len(e.Aliases) == 0 {
			e.Aliases = nil
		}
		if len(e.Versions) == 0 {
			e.Versions = nil
		}
		e.ReportCount, e.MentionCount = 0, 0
		f.Entities[i] = e
	}
	slices.SortFunc(f.Entities, func(a, b kg.Entity) int { return cmp.Compare(a.ID, b.ID) })
	f.Mentions = slices.Clone(f.Mentions)
	for i := range f.Mentions {
		f.Mentions[i].Candidates = set(f.Mentions[i].Candidates)
	}
	slices.SortFunc(f.Mentions, CompareMentions)
	return f
}

// set is the distinct members of list in ascending order; nil if there are
// none.
func set(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

// CompareMentions orders mentions by report ID, start, end, kind.
func CompareMentions(a, b kg.Mention) int {
	return cmp.Or(cmp.Compare(a.ReportID, b.ReportID), cmp.Compare(a.Start, b.Start),
		cmp.Compare(a.End, b.End), cmp.Compare(a.Kind, b.Kind))
}

// digest is the hex SHA-256 of canonical facts.
func digest(f kg.Facts) (string, error) {
	encoded, err := json.Marshal(f)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(encoded)
	return hex.EncodeToString(sum[:]), nil
}

// Check tells what makes facts unfit to be stored: they must be self-contained,
// every ID must be the one that its parts make, and every mention must be
// proved by the text.
func Check(f kg.Facts) error {
	r := f.Report
	if t, ok := kg.TypeOf(r.ID); !ok || t != kg.NodeReport {
		return fmt.Errorf("%q is no report ID", r.ID)
	}
	if len(r.Sources) != 1 || r.Sources[0].Location == "" {
		return errors.New("a document needs exactly one source, with its location")
	}
	s := r.Sources[0]
	if !storable(r.ID, r.Title, r.IssuerID, r.Department, r.Published, r.DocNumber, r.Addressee, r.Text,
		s.Location, s.ContentHash, s.Extractor, s.MediaType, s.Encoding, s.IngestedAt) {
		return errors.New("the text of the report or its source is no valid UTF-8 or holds a NUL")
	}
	kinds := map[string]kg.Kind{}
	for _, e := range f.Entities {
		if _, twice := kinds[e.ID]; twice {
			return fmt.Errorf("entity %s stands twice", e.ID)
		}
		kinds[e.ID] = e.Kind
	}
	for _, e := range f.Entities {
		if err := checkEntity(e, kinds); err != nil {
			return err
		}
	}
	if r.IssuerID != "" && kinds[r.IssuerID] != kg.KindJurisdiction {
		return fmt.Errorf("issuer %s is none of the jurisdictions given", r.IssuerID)
	}
	return checkMentions(f, kinds)
}

func checkEntity(e kg.Entity, kinds map[string]kg.Kind) error {
	if t, ok := kg.TypeOf(e.ID); !ok || t != kg.NodeType(e.Kind) {
		return fmt.Errorf("%q is no ID of an entity of kind %q", e.ID, e.Kind)
	}
	if e.Name == "" {
		return fmt.Errorf("entity %s has no name", e.ID)
	}
	text := append([]string{e.ID, e.Name, e.Code, string(e.Level), e.FullName, string(e.Scope), e.Category,
		string(e.LawType), e.Unit}, e.Aliases...)
	for _, v := range e.Versions {
		text = append(text, v.Adopted, v.Effective, v.Until)
	}
	if !storable(text...) {
		return fmt.Errorf("entity %q is no valid UTF-8 or holds a NUL", e.ID)
	}
	for _, ref := range []struct {
		id   string
		kind kg.Kind
	}{{e.ParentID, kg.KindJurisdiction}, {e.IssuedBy, kg.KindJurisdiction}, {e.VariantOf, kg.KindPractice}, {e.PartOf, kg.KindPractice}} {
		if ref.id != "" && (ref.id == e.ID || kinds[ref.id] != ref.kind) {
			return fmt.Errorf("entity %s refers to %s, which is no other %s given", e.ID, ref.id, ref.kind)
		}
	}
	return nil
}

func checkMentions(f kg.Facts, kinds map[string]kg.Kind) error {
	text := []rune(f.Report.Text)
	end := 0
	for i, p := range f.Report.Passages {
		if p.Start < end || p.End <= p.Start || p.End > len(text) || !storable(p.Section) {
			return fmt.Errorf("passage %d [%d, %d) is out of place", i, p.Start, p.End)
		}
		end = p.End
	}
	metrics := map[string]bool{}
	for _, m := range f.Mentions {
		if _, twice := metrics[m.ID]; twice {
			return fmt.Errorf("mention %s stands twice", m.ID)
		}
		metrics[m.ID] = m.Metric != nil
	}
	for _, m := range f.Mentions {
		if err := checkMention(f.Report, text, m, kinds); err != nil {
			return fmt.Errorf("mention %s: %w", m.ID, err)
		}
		if m.Metric != nil && m.Metric.ParentID != "" && (m.Metric.ParentID == m.ID || !metrics[m.Metric.ParentID]) {
			return fmt.Errorf("mention %s: its parent %s is no other figure of the report", m.ID, m.Metric.ParentID)
		}
	}
	return nil
}

// entityKinds tells which kind of entity a mention of each kind names.
var entityKinds = map[kg.Kind]kg.Kind{
	kg.KindJurisdiction: kg.KindJurisdiction, kg.KindLaw: kg.KindLaw, kg.KindPractice: kg.KindPractice,
	kg.KindLawFirm: kg.KindLawFirm, kg.KindMetric: kg.KindIndicator,
}

func checkMention(r kg.Report, text []rune, m kg.Mention, kinds map[string]kg.Kind) error {
	kind, ok := entityKinds[m.Kind]
	if !ok {
		return fmt.Errorf("%q is no kind of mention", m.Kind)
	}
	if m.ReportID != r.ID || m.ID != kg.MentionID(r.ID, m.Kind, m.Span) {
		return errors.New("its ID is not of its report, kind and span")
	}
	if m.Passage < 0 || m.Passage >= len(r.Passages) || !r.Passages[m.Passage].Contains(m.Span) || m.Start >= m.End {
		return fmt.Errorf("passage %d does not hold it", m.Passage)
	}
	if m.Quote != string(text[m.Start:m.End]) {
		return fmt.Errorf("the text at [%d, %d) is not %q", m.Start, m.End, m.Quote)
	}
	if m.EntityID != "" && kinds[m.EntityID] != kind {
		return fmt.Errorf("%s is no %s given", m.EntityID, kind)
	}
	if m.EntityID != "" && len(m.Candidates) > 0 {
		return errors.New("it is decided, yet has candidates")
	}
	for _, c := range m.Candidates {
		if kinds[c] != kind {
			return fmt.Errorf("candidate %s is no %s given", c, kind)
		}
	}
	if (m.Metric != nil) != (m.Kind == kg.KindMetric) {
		return errors.New("a figure is missing or out of place")
	}
	if m.Status != kg.StatusNone && (m.Kind != kg.KindPractice || m.Status.String() == "") {
		return fmt.Errorf("status %d is out of place", m.Status)
	}
	if !storable(m.Rule, m.Article, m.DocNumber) {
		return errors.New("it is no valid UTF-8 or holds a NUL")
	}
	if v := m.Metric; v != nil {
		if !storable(v.Label, v.Unit, v.Period) || !finite(v.Value) || v.ValueMax != nil && !finite(*v.ValueMax) {
			return errors.New("its figure is no finite number, or its text no valid UTF-8")
		}
	}
	return nil
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// storable tells whether every store gives the strings back as they are.
func storable(list ...string) bool {
	for _, s := range list {
		if !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0 {
			return false
		}
	}
	return true
}
