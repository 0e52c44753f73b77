package model

import (
	"strings"

	"graphd/internal/kg"
	"graphd/internal/store"
)

// Report is a report without its text.
type Report struct {
	Sibling[Report]
	kg.Report
}

// ID is the report's ID.
func (r *Report) ID() ID { return ID(r.Report.ID) }

// IsNode marks a Node.
func (*Report) IsNode() {}

// Department is absent unless a bureau reports.
func (r *Report) Department() (string, bool) { return given(r.Report.Department) }

// Year is absent where unknown.
func (r *Report) Year() (int, bool) { return r.Report.Year, r.Report.Year != 0 }

// Published is absent where unknown.
func (r *Report) Published() (string, bool) { return given(r.Report.Published) }

// DocNumber is absent where not stated.
func (r *Report) DocNumber() (string, bool) { return given(r.Report.DocNumber) }

// Addressee is absent where not stated.
func (r *Report) Addressee() (string, bool) { return given(r.Report.Addressee) }

// Passage is one sentence of a report, with its words.
type Passage struct {
	kg.Passage
	Text string
}

// Section is absent before the first heading.
func (p *Passage) Section() (string, bool) { return given(p.Passage.Section) }

// Evidence is the words that prove a fact.
type Evidence struct {
	Sibling[Evidence]
	kg.Span
	ReportID, Quote string
	section         string
	// Passage holds the quote.
	Passage, Rule string
}

// NewEvidence shows a mention as evidence.
func NewEvidence(e store.Evidence) *Evidence {
	return &Evidence{
		Span: e.Mention.Span, ReportID: e.Mention.ReportID, Quote: e.Mention.Quote,
		section: e.Passage.Section, Passage: e.PassageText, Rule: e.Mention.Rule,
	}
}

// Section is absent before the first heading.
func (e *Evidence) Section() (string, bool) { return given(e.section) }

// Mention is one place that names something.
type Mention struct {
	Sibling[Mention]
	kg.Mention
}

// IsNode marks a Node.
func (*Mention) IsNode() {}

// A figure and the mention that states it have one internal ID. To clients they
// are two nodes, so the mention's ID has a prefix of its own.
const (
	metricPrefix  = "metric:"
	mentionPrefix = "mention:"
)

// ID is the mention's ID.
func (m *Mention) ID() ID {
	if rest, ok := strings.CutPrefix(m.Mention.ID, metricPrefix); ok {
		return ID(mentionPrefix + rest)
	}
	return ID(m.Mention.ID)
}

// MentionID is the internal ID of what a client calls id, be it a mention or a
// figure.
func MentionID(id ID) string {
	rest, ok := strings.CutPrefix(string(id), mentionPrefix)
	if ok && strings.Contains(rest, "/"+strings.ToLower(string(kg.KindMetric))+"/") {
		return metricPrefix + rest
	}
	return string(id)
}

// Status is absent for anything but a practice.
func (m *Mention) Status() (kg.Status, bool) {
	return m.Mention.Status, m.Mention.Status != kg.StatusNone
}

// Unresolved is a mention that could not be decided.
type Unresolved struct {
	Sibling[Unresolved]
	kg.Mention
}

// Metric is a stated quantity.
type Metric struct {
	Sibling[Metric]
	*kg.Metric
	Mention kg.Mention
	// Evidence is the words that state it.
	Evidence *Evidence
}

// NewMetrics shows mentions of figures, as siblings.
func NewMetrics(found []store.Evidence) []*Metric {
	metrics, evidence := make([]*Metric, len(found)), make([]*Evidence, len(found))
	for i, e := range found {
		evidence[i] = NewEvidence(e)
		metrics[i] = &Metric{Metric: e.Mention.Metric, Mention: e.Mention, Evidence: evidence[i]}
	}
	Join(evidence)
	return Join(metrics)
}

// ID is the figure's ID.
func (m *Metric) ID() ID { return ID(m.Mention.ID) }

// IsNode marks a Node.
func (*Metric) IsNode() {}

// Period is absent if it is the year reported on.
func (m *Metric) Period() (string, bool) { return given(m.Metric.Period) }
