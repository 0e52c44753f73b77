package report

import (
	"bytes"
	"fmt"
	"mime"
	"net/url"
	"path"
	"strings"
)

// The formats that are read, by media type.
const (
	mediaText     = "text/plain"
	mediaMarkdown = "text/markdown"
	mediaHTML     = "text/html"
)

// extensions of the formats that are read.
var extensions = map[string]string{
	".txt": mediaText, ".text": mediaText,
	".md": mediaMarkdown, ".markdown": mediaMarkdown,
	".html": mediaHTML, ".htm": mediaHTML, ".shtml": mediaHTML, ".jhtml": mediaHTML, ".xhtml": mediaHTML,
}

// unsupported are extensions of well-known formats that are not read, with
// their names.
var unsupported = map[string]string{
	".pdf": "PDF", ".ofd": "OFD", ".epub": "EPUB", ".mht": "MHTML", ".mhtml": "MHTML",
	".doc": "Word", ".docx": "Word", ".wps": "WPS", ".odt": "OpenDocument", ".rtf": "RTF",
	".xls": "Excel", ".xlsx": "Excel", ".et": "WPS", ".ods": "OpenDocument",
	".ppt": "PowerPoint", ".pptx": "PowerPoint",
	".zip": "ZIP", ".rar": "RAR", ".7z": "7-Zip", ".gz": "gzip", ".tar": "tar",
	".jpg": "an image", ".jpeg": "an image", ".png": "an image", ".gif": "an image", ".bmp": "an image",
	".tif": "an image", ".tiff": "an image", ".webp": "an image",
}

// magics are the first bytes of formats that are not read. ZIP holds DOCX,
// XLSX, ODT and OFD; OLE holds DOC, XLS and WPS.
var magics = []struct{ prefix, name string }{
	{"%PDF-", "PDF"},
	{"PK\x03\x04", "a ZIP container (as DOCX, OFD and XLSX are)"},
	{"PK\x05\x06", "an empty ZIP container"},
	{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an OLE container (as DOC, WPS and XLS are)"},
	{"{\\rtf", "RTF"},
	{"\x1F\x8B\x08", "gzip"},
	{"Rar!\x1A\x07", "RAR"},
	{"7z\xBC\xAF\x27\x1C", "7-Zip"},
	{"\x89PNG\r\n\x1A\n", "a PNG image"},
	{"\xFF\xD8\xFF", "a JPEG image"},
	{"GIF8", "a GIF image"},
}

// formatOf is the media type of a file that can be read, and the charset that
// mediaType names, if any.
func formatOf(name, mediaType string, data []byte) (format, charset string, err error) {
	const advice = "save the report as .txt or .html and read that"
	for _, m := range magics {
		if bytes.HasPrefix(data, []byte(m.prefix)) {
			return "", "", fmt.Errorf("the file is %s, which is not read: %s", m.name, advice)
		}
	}
	ext := extensionOf(name)
	if n, ok := unsupported[ext]; ok {
		return "", "", fmt.Errorf("the file is %s by its extension %s, which is not read: %s", n, ext, advice)
	}

	if mediaType != "" {
		t, params, err := mime.ParseMediaType(mediaType)
		if err != nil {
			return "", "", fmt.Errorf("media type %q: %w", mediaType, err)
		}
		charset = params["charset"]
		switch t {
		case mediaText, mediaMarkdown, mediaHTML:
			return t, charset, nil
		case "application/xhtml+xml":
			return mediaHTML, charset, nil
		case "application/octet-stream": // says nothing
		default:
			return "", "", fmt.Errorf("media type %s is not read: %s", t, advice)
		}
	}
	if f, ok := extensions[ext]; ok {
		return f, charset, nil
	}
	if looksLikeHTML(data) {
		return mediaHTML, charset, nil
	}
	return mediaText, charset, nil
}

// extensionOf is the lower-case extension of a path or of a URL's path.
func extensionOf(name string) string {
	if strings.Contains(name, "://") {
		if u, err := url.Parse(name); err == nil {
			name = u.Path
		}
	}
	return strings.ToLower(path.Ext(name))
}

// looksLikeHTML tells whether the bytes begin as an HTML page does.
func looksLikeHTML(data []byte) bool {
	head := bytes.TrimPrefix(data[:min(len(data), 1024)], []byte("\xEF\xBB\xBF"))
	head = bytes.ToLower(bytes.TrimLeft(head, " \t\r\n\f"))
	for _, start := range []string{"<!doctype html", "<html", "<head", "<body", "<meta", "<title"} {
		if bytes.HasPrefix(head, []byte(start)) {
			return true
		}
	}
	return false
}
