package kg

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
)

// Identifiers are deterministic and readable: a prefix that tells the type,
// a colon, and a key. The same fact read twice, anywhere, has the same ID.
// Clients see them only in an opaque form.
const (
	prefixJurisdiction = "jurisdiction:"
	prefixPractice     = "practice:"
	prefixLaw          = "law:"
	prefixLawFirm      = "law-firm:"
	prefixIndicator    = "indicator:"
	prefixReport       = "report:"
	prefixMention      = "mention:"
	prefixMetric       = "metric:"
	prefixDecision     = "decision:"
)

// JurisdictionID is the ID of a division that the register knows by its code
// of 2, 4, 6 or 9 digits. The ID of a division is a prefix of the IDs of all
// divisions within it.
func JurisdictionID(code string) string { return prefixJurisdiction + code }

// UnregisteredJurisdictionID is the ID of a division that the register lacks,
// by its parent's ID and its canonical name.
func UnregisteredJurisdictionID(parentID, name string) string { return parentID + "/" + name }

// PracticeID is the ID of a practice by its canonical name.
func PracticeID(name string) string { return prefixPractice + name }

// LawID is the ID of a cited document by its canonical title. A local document
// also carries the ID of the jurisdiction that issued it, so that two towns'
// documents of one title are two documents; issuedBy is empty otherwise.
func LawID(title, issuedBy string) string {
	if issuedBy == "" {
		return prefixLaw + title
	}
	return prefixLaw + strings.TrimPrefix(issuedBy, prefixJurisdiction) + "/" + title
}

// LawFirmID is the ID of a law firm by its canonical full name.
func LawFirmID(name string) string { return prefixLawFirm + name }

// IndicatorID is the ID of an indicator by its canonical name.
func IndicatorID(name string) string { return prefixIndicator + name }

// ReportID is the ID of a report by its main text, already folded (see package
// fold): 32 hex digits of its SHA-256.
func ReportID(foldedMain string) string {
	sum := sha256.Sum256([]byte(foldedMain))
	return prefixReport + hex.EncodeToString(sum[:16])
}

// MentionID is the ID of the mention of a kind at a span of a report. One
// report has at most one mention of each kind at a span.
func MentionID(reportID string, kind Kind, span Span) string {
	prefix := prefixMention
	if kind == KindMetric {
		prefix = prefixMetric
	}
	return prefix + strings.TrimPrefix(reportID, prefixReport) + "/" + strings.ToLower(string(kind)) + "/" +
		strconv.Itoa(span.Start) + "-" + strconv.Itoa(span.End)
}

// NodeType is the type that an ID stands for.
type NodeType string

const (
	NodeReport       NodeType = "REPORT"
	NodeMention      NodeType = "MENTION"
	NodeMetric       NodeType = "METRIC"
	NodeDecision     NodeType = "DECISION"
	NodeJurisdiction NodeType = NodeType(KindJurisdiction)
	NodePractice     NodeType = NodeType(KindPractice)
	NodeLaw          NodeType = NodeType(KindLaw)
	NodeLawFirm      NodeType = NodeType(KindLawFirm)
	NodeIndicator    NodeType = NodeType(KindIndicator)
)

var nodeTypes = map[string]NodeType{
	prefixReport: NodeReport, prefixMention: NodeMention, prefixMetric: NodeMetric,
	prefixJurisdiction: NodeJurisdiction, prefixPractice: NodePractice, prefixLaw: NodeLaw,
	prefixLawFirm: NodeLawFirm, prefixIndicator: NodeIndicator, prefixDecision: NodeDecision,
}

// TypeOf tells what an ID stands for. ok is false if it is none of ours.
func TypeOf(id string) (t NodeType, ok bool) {
	colon := strings.IndexByte(id, ':')
	if colon < 0 || colon == len(id)-1 {
		return "", false
	}
	t, ok = nodeTypes[id[:colon+1]]
	return t, ok
}

// WithinPrefix is the prefix that the IDs of all divisions strictly inside
// region have in common, and that no other ID has, save region's own where it
// is registered.
func WithinPrefix(region string) string {
	if strings.Contains(region, "/") {
		return region + "/"
	}
	return region
}

// Within tells whether jurisdiction id is region or lies inside it.
func Within(id, region string) bool {
	return id == region || strings.HasPrefix(id, WithinPrefix(region))
}
