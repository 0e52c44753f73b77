package storetest

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"graphd/internal/fold"
	"graphd/internal/kg"
)

// Draft is a composed report, from which Compose makes facts. Its text is made
// of Chrome, then Title, then the sentences, each a line and a passage.
type Draft struct {
	// Location, Extractor and IngestedAt are of the source; the content hash is
	// that of the text.
	Location, Extractor, IngestedAt string
	// Chrome stands before the report proper and makes no difference to its ID.
	Chrome     string
	Title      string
	Issuer     kg.Entity
	Department string
	Year       int
	Published  string
	DocNumber  string
	// Sections gives the heading of each sentence; missing ones are empty.
	Sections  []string
	Sentences []Sentence
	// Entities are all entities that the facts bring along, save Issuer.
	Entities []kg.Entity
}

// Sentence is a passage in pieces, some of which are mentions.
type Sentence []Piece

// Piece is a stretch of text. A Mention with a Kind makes it a mention; what
// follows from the place is filled in.
type Piece struct {
	Text    string
	Mention kg.Mention
}

// Compose makes the facts that a linker would make of the draft.
func Compose(d Draft) kg.Facts {
	var text, main []rune
	if d.Chrome != "" {
		text = []rune(d.Chrome + "\n")
	}
	line := func(s string) kg.Span {
		span := kg.Span{Start: len(text), End: len(text) + len([]rune(s))}
		text = append(text, []rune(s+"\n")...)
		main = append(main, []rune(s+"\n")...)
		return span
	}
	var passages []kg.Passage
	if d.Title != "" {
		passages = append(passages, kg.Passage{Span: line(d.Title)})
	}
	var mentions []kg.Mention
	for i, sentence := range d.Sentences {
		whole := ""
		at := len(text)
		for _, p := range sentence {
			whole += p.Text
			if m := p.Mention; m.Kind != "" {
				m.Span = kg.Span{Start: at, End: at + len([]rune(p.Text))}
				m.Quote, m.Passage = p.Text, len(passages)
				mentions = append(mentions, m)
			}
			at += len([]rune(p.Text))
		}
		passage := kg.Passage{Span: line(whole)}
		if i < len(d.Sections) {
			passage.Section = d.Sections[i]
		}
		passages = append(passages, passage)
	}
	f := kg.Facts{Entities: slices.Clone(d.Entities), Mentions: mentions}
	if d.Issuer.ID != "" {
		f.Entities = append(f.Entities, d.Issuer)
	}
	slices.SortFunc(f.Entities, byID)
	f.Entities = slices.CompactFunc(f.Entities, func(a, b kg.Entity) bool { return a.ID == b.ID })
	sum := sha256.Sum256([]byte(string(text)))
	f.Report = kg.Report{
		ID: kg.ReportID(fold.Key(string(main))), Title: d.Title, IssuerID: d.Issuer.ID, Department: d.Department,
		Year: d.Year, Published: d.Published, DocNumber: d.DocNumber, Composed: true, Text: string(text), Passages: passages,
		Sources: []kg.Source{{
			Location: d.Location, ContentHash: hex.EncodeToString(sum[:]), Extractor: d.Extractor,
			MediaType: "text/plain", Encoding: "UTF-8", IngestedAt: d.IngestedAt,
		}},
	}
	for i, m := range f.Mentions {
		m.ReportID = f.Report.ID
		m.ID = kg.MentionID(m.ReportID, m.Kind, m.Span)
		f.Mentions[i] = m
	}
	return f
}

// plain is a piece that mentions nothing.
func plain(text string) Piece { return Piece{Text: text} }

// names is a piece that mentions e.
func names(text string, e kg.Entity, status kg.Status) Piece {
	return Piece{Text: text, Mention: kg.Mention{Kind: e.Kind, EntityID: e.ID, Status: status, Rule: "composed"}}
}
