package report

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	utf "golang.org/x/text/encoding/unicode"
)

// decoded is a text with how it was decoded.
type decoded struct {
	text     string
	encoding string // IANA name
	lost     int    // replacement characters made
}

// binary tells whether what was decoded is no text: it holds NUL, or more than
// one code point in a hundred is a control character, or one in ten was lost.
func (d decoded) binary() bool {
	var all, control int
	for _, r := range d.text {
		all++
		switch {
		case r == 0:
			return true
		case unicode.IsControl(r) && !unicode.IsSpace(r):
			control++
		}
	}
	return control*100 > all || d.lost*10 > all
}

// decode decodes bytes by, in order: their byte order mark; UTF-8 if they are
// valid in it, which no other text is by chance; the charset named for them; an
// HTML page's own statement; UTF-16 without a mark; GB 18030. What loses
// characters yields to what loses fewer, since pages are often labelled
// wrongly.
func decode(data []byte, isHTML bool, named string) decoded {
	switch {
	case bytes.HasPrefix(data, []byte("\xEF\xBB\xBF")):
		return decodeAs(data, utf.UTF8)
	case bytes.HasPrefix(data, []byte("\xFF\xFE")):
		return decodeAs(data, utf16LE)
	case bytes.HasPrefix(data, []byte("\xFE\xFF")):
		return decodeAs(data, utf16BE)
	}

	tries := []encoding.Encoding{utf.UTF8}
	if !utf8.Valid(data) {
		tries = nil
	}
	if e, err := htmlindex.Get(named); err == nil {
		tries = append(tries, e)
	}
	if isHTML {
		_, name, _ := charset.DetermineEncoding(data, "")
		if e, err := htmlindex.Get(name); err == nil && name != "windows-1252" { // its answer for want of another
			tries = append(tries, e)
		}
	}
	if e := unmarkedUTF16(data); e != nil {
		tries = append(tries, e)
	}
	tries = append(tries, utf.UTF8, simplifiedchinese.GB18030)

	var best decoded
	for i, e := range tries {
		if e == simplifiedchinese.GBK { // GB 18030 extends it and is what pages that say gb2312 use
			e = simplifiedchinese.GB18030
		}
		d := decodeAs(data, e)
		if i == 0 || d.lost < best.lost || best.binary() && !d.binary() {
			best = d
		}
		if best.lost == 0 && !best.binary() {
			break
		}
	}
	return best
}

var (
	utf16LE = utf.UTF16(utf.LittleEndian, utf.IgnoreBOM)
	utf16BE = utf.UTF16(utf.BigEndian, utf.IgnoreBOM)
)

// decodeAs decodes data; a byte order mark stays as a code point.
func decodeAs(data []byte, e encoding.Encoding) decoded {
	name, err := ianaindex.MIME.Name(e)
	if err != nil || name == "" {
		name, _ = htmlindex.Name(e)
	}
	if e == utf.UTF8 && utf8.Valid(data) {
		return decoded{text: string(data), encoding: "UTF-8"}
	}
	out, err := e.NewDecoder().Bytes(data)
	if err != nil { // a decoder replaces what it cannot decode; it has no reason to fail
		out = []byte(strings.ToValidUTF8(string(data), "\uFFFD"))
	}
	lost := bytes.Count(out, []byte("\uFFFD"))
	if e == utf.UTF8 {
		lost -= bytes.Count(data, []byte("\uFFFD"))
	}
	return decoded{text: string(out), encoding: name, lost: lost}
}

// unmarkedUTF16 is the UTF-16 that data without a byte order mark is in, or
// nil: Chinese text in it is mostly in the block of the common ideographs.
func unmarkedUTF16(data []byte) encoding.Encoding {
	if len(data)%2 != 0 {
		return nil
	}
	sample := data[:min(len(data), 4096)]
	var le, be int
	for i := 0; i+1 < len(sample); i += 2 {
		if hi := sample[i+1]; hi >= 0x4E && hi <= 0x9F || hi == 0 && sample[i] != 0 || hi == 0x30 || hi == 0xFF {
			le++
		}
		if hi := sample[i]; hi >= 0x4E && hi <= 0x9F || hi == 0 && sample[i+1] != 0 || hi == 0x30 || hi == 0xFF {
			be++
		}
	}
	switch units := len(sample) / 2; {
	case le*100 > units*95 && le > be:
		return utf16LE
	case be*100 > units*95 && be > le:
		return utf16BE
	}
	return nil
}
