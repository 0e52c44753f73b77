// Package report turns the bytes of one file into a kg.Document: it decodes
// them, renders HTML to its visible text, tells the report proper from the
// page around it, reads what the page says about the report (title, year,
// publication, number, addressee) and cuts the report into passages. It also
// tells whether a text is a report of the genre at all. It knows the form of
// such texts, not their matter: it finds no jurisdictions, laws or figures,
// and it neither fetches nor stores anything. What it knows of pages and of
// the genre is data, in the folder data.
package report

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"graphd/internal/fold"
	"graphd/internal/kg"
)

// Version changes whenever the same bytes could give another document.
const Version = "2"

// MaxBytes is the size above which a file is refused.
const MaxBytes = 16 << 20

const opRead = "read"

// Read reads one file. name is its location, a path or URL, or "-" for
// standard input; its extension tells the format where mediaType, which may
// carry a charset parameter, does not. An unknown extension is read as HTML if
// the bytes begin like it, else as plain text.
//
// The document's Text is the decoded source, a byte order mark included; for
// HTML it is the visible text as Render gives it. All spans count in it.
//
// Errors are *kg.Error with the codes EMPTY, BINARY, UNSUPPORTED_FORMAT,
// TOO_LARGE, and UNREADABLE for HTML that cannot be parsed. That a text is no
// report is none: see IsReport.
func Read(name, mediaType string, data []byte) (kg.Document, error) {
	fail := func(code kg.Code, format string, args ...any) (kg.Document, error) {
		return kg.Document{}, &kg.Error{Op: opRead, Code: code, Subject: name, Err: fmt.Errorf(format, args...)}
	}
	if len(data) > MaxBytes {
		return fail(kg.CodeTooLarge, "the file has %d bytes, more than the %d that are read", len(data), MaxBytes)
	}
	if len(data) == 0 {
		return fail(kg.CodeEmpty, "the file is empty")
	}
	format, charset, err := formatOf(name, mediaType, data)
	if err != nil {
		return fail(kg.CodeUnsupported, "%w", err)
	}
	dec := decode(data, format == mediaHTML, charset)
	if dec.binary() {
		return fail(kg.CodeBinary, "the bytes are no text in any known encoding")
	}

	text, hint := dec.text, hints{}
	if format == mediaHTML {
		text, hint, err = render(dec.text)
		if err != nil {
			return fail(kg.CodeUnreadable, "parse HTML: %w", err)
		}
	}
	if strings.IndexFunc(text, func(r rune) bool { return !fold.Ignored(r) }) < 0 {
		return fail(kg.CodeEmpty, "the file has no text")
	}

	hash := sha256.Sum256(data)
	source := kg.Source{
		Location:       name,
		ContentHash:    hex.EncodeToString(hash[:]),
		MediaType:      format,
		Encoding:       dec.encoding,
		LostCharacters: dec.lost,
	}
	if name == "" || name == "-" {
		source.Location = "sha256:" + source.ContentHash
	}
	return build(text, hint, source), nil
}

// build makes the document of a decoded text.
func build(text string, hint hints, source kg.Source) kg.Document {
	p := layOut(text, hint)
	doc := kg.Document{
		Report: kg.Report{
			Title:     p.title(),
			DocNumber: p.docNumber(),
			Addressee: p.addressee(),
			Published: p.published(),
			Composed:  p.composed,
			Text:      text,
			Passages:  p.passages(),
			Sources:   []kg.Source{source},
		},
		Main:      p.mainSpans(),
		Publisher: p.publisher(),
		Chrome:    p.chrome(),
	}
	doc.Report.Year = p.year(doc.Report.Published)
	doc.Report.ID = kg.ReportID(identity(p.runes, doc.Main))
	return doc
}

// identity is what makes two copies of one report the same: the letters and
// digits of its main text, folded. Spaces, line breaks and punctuation, in
// which copies differ, count for nothing.
func identity(runes []rune, main []kg.Span) string {
	if len(main) == 0 { // nothing but chrome: the page itself
		main = []kg.Span{{End: len(runes)}}
	}
	var b strings.Builder
	for _, s := range main {
		for _, r := range fold.Key(string(runes[s.Start:s.End])) {
			if to, ok := oneForm[r]; ok {
				r = to
			}
			if unicode.IsLetter(r) || unicode.IsNumber(r) {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

// oneForm joins characters that package fold keeps apart, because both stand
// in simplified names, but that converters between the scripts exchange.
var oneForm = map[rune]rune{
	'著': '着', '乾': '干', '瞭': '了', '藉': '借', '覆': '复', '祇': '只', '衹': '只', '牴': '抵', '彷': '仿',
}

// notAReport is the error of IsReport.
func notAReport(doc kg.Document, why string) error {
	subject := ""
	if len(doc.Report.Sources) > 0 {
		subject = doc.Report.Sources[0].Location
	}
	return &kg.Error{Op: opRead, Code: kg.CodeNotAReport, Subject: subject, Err: errors.New(why)}
}
