package kg

// Span is a half-open range of Unicode code points, [Start, End), of a
// report's decoded text.
type Span struct {
	Start, End int
}

// Len is the number of code points in the span.
func (s Span) Len() int { return s.End - s.Start }

// Contains tells whether o lies wholly inside s.
func (s Span) Contains(o Span) bool { return s.Start <= o.Start && o.End <= s.End }

// Overlaps tells whether the two spans share at least one code point.
func (s Span) Overlaps(o Span) bool { return s.Start < o.End && o.Start < s.End }

// Passage is one sentence (or one line, where a line holds no full stop) of a
// report's main text. Passages are in the order of the text, never overlap and
// cover every fact.
type Passage struct {
	Span
	// Section is the heading under which the passage stands, as written;
	// empty before the first heading.
	Section string
}

// Source is one place that a report was read from. Several sources may hold
// the same report: mirrors, or the same text in both scripts.
type Source struct {
	// Location is a path as given, a URL, or for standard input
	// "sha256:" with the hash of the bytes.
	Location string
	// ContentHash is the lower-case hex SHA-256 of the bytes read.
	ContentHash string
	// Extractor is the version of the extractor that read the source.
	Extractor string
	// MediaType is text/plain, text/markdown or text/html.
	MediaType string
	// Encoding is the IANA name of the encoding that was decoded.
	Encoding string
	// LostCharacters counts replacement characters made while decoding.
	LostCharacters int
	// IngestedAt is the time of reading, RFC 3339 in UTC.
	IngestedAt string
}

// Report is one government's account of its rule-of-law work in one year.
type Report struct {
	// ID is made by ReportID.
	ID    string
	Title string
	// IssuerID names the jurisdiction that the report speaks for; empty
	// where it could not be decided.
	IssuerID string
	// Department names the bureau where a bureau reports for its division.
	Department string
	// Year is the year reported on; zero where unknown.
	Year int
	// Published is the date of publication, else the date signed, as
	// YYYY-MM-DD; empty where neither is stated.
	Published string
	DocNumber string
	Addressee string
	// Composed marks a sample that no government published.
	Composed bool
	// Text is the whole decoded source; every span counts in it.
	Text     string
	Passages []Passage
	Sources  []Source
}

// Document is a report as read, before linking: its text with what the page
// says about itself.
type Document struct {
	// Report has everything but the issuer, which the linker decides. It has
	// exactly one source.
	Report Report
	// Main is the report proper, in order: title, addressee, body, signature.
	// What lies outside is page chrome and yields no facts.
	Main []Span
	// Publisher is what the page names as 发布机构 or 信息来源; a hint for
	// the issuer.
	Publisher string
	// Chrome is page text outside Main, one entry a line, in order; a hint
	// for telling homonyms apart.
	Chrome []string
}

// Issuer is what is known about who issued a report.
type Issuer struct {
	// Name is the division's name in the register, or the name in the text.
	Name string
	// Code is the division code of 2, 4, 6 or 9 digits; empty if unknown.
	Code string
	// Department names the bureau that speaks for the division, if any.
	Department string
	// Path holds the names from the province down to the issuer, without
	// placeholders.
	Path []string
	// Candidates are the entity IDs among which no decision was possible.
	Candidates []string
}

// Facts is what one document contributes to the graph: the report, the
// entities it needs and the mentions that link them. It is self-contained:
// every entity ID in it, and every ancestor, variant or part that an entity
// refers to, is among Entities.
type Facts struct {
	Report   Report
	Issuer   Issuer
	Entities []Entity
	// Mentions are ordered by start, end, kind.
	Mentions []Mention
}
