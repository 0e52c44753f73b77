package report

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// hints is what an HTML page says about itself outside its visible text.
type hints struct {
	titles    []string // of the article, then of the page
	published string   // as written
	publisher string
	composed  bool
}

// Elements whose content a reader does not see, and those that stand on lines
// of their own.
var (
	unseen = atoms(atom.Head, atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Iframe, atom.Object,
		atom.Svg, atom.Math, atom.Audio, atom.Video, atom.Canvas, atom.Select, atom.Textarea, atom.Datalist)
	blocks = atoms(atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Body, atom.Caption, atom.Center,
		atom.Dd, atom.Details, atom.Dialog, atom.Dir, atom.Div, atom.Dl, atom.Dt, atom.Fieldset, atom.Figcaption,
		atom.Figure, atom.Footer, atom.Form, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Header,
		atom.Hgroup, atom.Hr, atom.Html, atom.Legend, atom.Li, atom.Main, atom.Menu, atom.Nav, atom.Ol, atom.P,
		atom.Pre, atom.Section, atom.Summary, atom.Table, atom.Tbody, atom.Tfoot, atom.Thead, atom.Tr, atom.Ul)
)

func atoms(as ...atom.Atom) map[atom.Atom]bool {
	m := map[atom.Atom]bool{}
	for _, a := range as {
		m[a] = true
	}
	return m
}

// render is the visible text of an HTML page: entities decoded; what a reader
// does not see left out (head, scripts, styles, forms' choices, whatever is
// hidden); each block element on a line of its own, without empty lines; the
// cells of a table's row on one line with tabs between, an empty place for a
// column that a cell beside or above spans; a line break for br;
// runs of white space as one space outside pre, no-break spaces kept. It comes
// with what the page says about itself in title, meta elements and comments.
func render(source string) (string, hints, error) {
	root, err := html.Parse(strings.NewReader(source))
	if err != nil {
		return "", hints{}, err
	}
	r := renderer{data: map[*html.Node]bool{}, spans: map[*html.Node][]int{}}
	r.node(root)
	if r.pageTitle != "" {
		r.hints.titles = append(r.hints.titles, r.pageTitle)
	}
	return strings.TrimRight(r.b.String(), " \t\n"), r.hints, nil
}

// dataCell is how many code points a table's cell may hold for its row to be
// data; a row with a larger cell only lays out the page.
const dataCell = 200

// renderer writes the text. Pending white space is written only when more text
// follows on the line.
type renderer struct {
	b         strings.Builder
	space     bool // pending
	tabs      int  // pending
	flat      int  // inside so many cells of data rows
	pre       int  // inside so many pre elements
	data      map[*html.Node]bool
	spans     map[*html.Node][]int // of a table's body: rows that each column is yet spanned
	column    int                  // of the row being written
	pageTitle string
	hints     hints
}

func (r *renderer) node(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		r.text(n.Data)
		return
	case html.CommentNode:
		r.hints.composed = r.hints.composed || isComposed(n.Data)
		return
	case html.ElementNode:
		if n.DataAtom == atom.Head {
			r.head(n)
		}
		if unseen[n.DataAtom] || hidden(n) {
			return
		}
	}

	cell := n.DataAtom == atom.Td || n.DataAtom == atom.Th
	flat := cell && r.isData(n.Parent)
	switch {
	case n.DataAtom == atom.Br:
		r.newline()
	case flat:
		r.startCell(n)
	case cell || blocks[n.DataAtom]:
		r.newline()
	}
	if n.DataAtom == atom.Pre {
		r.pre++
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.node(c)
	}
	if n.DataAtom == atom.Pre {
		r.pre--
	}
	switch {
	case flat:
		r.endCell(n)
	case cell || blocks[n.DataAtom]:
		r.newline()
	}
}

// maxSpan bounds the columns and rows that a cell is taken to span.
const maxSpan = 50

// startCell begins a data row's cell n after the columns that cells above span,
// and notes what it spans itself.
func (r *renderer) startCell(n *html.Node) {
	r.flat++
	body := n.Parent.Parent
	spans := r.spans[body]
	if firstCell(n) {
		r.column = 0
		for i := range spans {
			spans[i] = max(0, spans[i]-1)
		}
	} else {
		r.tabs++
	}
	for r.column < len(spans) && spans[r.column] > 0 {
		r.column++
		r.tabs++
	}
	wide, high := span(n, "colspan"), span(n, "rowspan")
	for i := range wide {
		if r.column+i == len(spans) {
			spans = append(spans, 0)
		}
		spans[r.column+i] = high
	}
	r.column += wide
	r.spans[body] = spans
}

// endCell ends the cell n, with an empty place for each further column that it
// spans.
func (r *renderer) endCell(n *html.Node) {
	r.flat--
	r.tabs += span(n, "colspan") - 1
}

// firstCell tells whether the cell n is its row's first.
func firstCell(n *html.Node) bool {
	for c := n.PrevSibling; c != nil; c = c.PrevSibling {
		if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
			return false
		}
	}
	return true
}

// span is how many columns or rows a cell spans.
func span(n *html.Node, key string) int {
	k, err := strconv.Atoi(strings.TrimSpace(attr(n, key)))
	if err != nil {
		return 1
	}
	return min(max(k, 1), maxSpan)
}

func (r *renderer) text(s string) {
	for _, c := range s {
		switch {
		case r.pre > 0 && c == '\n':
			r.newline()
		case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f':
			r.space = true
		default:
			if r.space && r.tabs == 0 && !r.atLineStart() {
				r.b.WriteByte(' ')
			}
			for ; r.tabs > 0; r.tabs-- {
				r.b.WriteByte('\t')
			}
			r.space = false
			r.b.WriteRune(c)
		}
	}
}

func (r *renderer) atLineStart() bool {
	return r.b.Len() == 0 || strings.HasSuffix(r.b.String(), "\n")
}

// newline ends the line; inside a data row's cell it is but a space.
func (r *renderer) newline() {
	if r.flat > 0 {
		r.space = true
		return
	}
	r.space, r.tabs = false, 0
	if !r.atLineStart() {
		r.b.WriteByte('\n')
	}
}

// isData tells whether a table's row holds data, not parts of the page's
// layout: each of its cells is short and none holds a table.
func (r *renderer) isData(row *html.Node) bool {
	data, known := r.data[row]
	if !known {
		data = true
		for c := row.FirstChild; c != nil && data; c = c.NextSibling {
			data = room(c, dataCell) >= 0
		}
		r.data[row] = data
	}
	return data
}

// room is what is left of n code points after a node's text; below zero if it
// does not fit or holds a table.
func room(node *html.Node, n int) int {
	switch {
	case node.Type == html.TextNode:
		return n - utf8.RuneCountInString(strings.TrimSpace(node.Data))
	case node.DataAtom == atom.Table:
		return -1
	}
	for c := node.FirstChild; c != nil && n >= 0; c = c.NextSibling {
		n = room(c, n)
	}
	return n
}

// head reads what a page's head says about it.
func (r *renderer) head(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.CommentNode:
			r.hints.composed = r.hints.composed || isComposed(c.Data)
		case c.DataAtom == atom.Title && c.FirstChild != nil && r.pageTitle == "":
			r.pageTitle = strings.Join(strings.Fields(c.FirstChild.Data), " ")
		case c.DataAtom == atom.Meta:
			content := strings.Join(strings.Fields(attr(c, "content")), " ")
			if content == "" {
				continue
			}
			r.hints.composed = r.hints.composed || isComposed(content)
			// The names are those of the standard for Chinese government sites.
			switch strings.ToLower(attr(c, "name") + attr(c, "property")) {
			case "articletitle", "og:title":
				r.hints.titles = append(r.hints.titles, content)
			case "pubdate", "article:published_time":
				r.hints.published = content
			case "contentsource":
				r.hints.publisher = content
			}
		}
	}
}

// hidden tells whether an element is not shown.
func hidden(n *html.Node) bool {
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			return true
		case "type":
			if n.DataAtom == atom.Input && strings.EqualFold(a.Val, "hidden") {
				return true
			}
		case "style":
			style := strings.ToLower(strings.Join(strings.Fields(a.Val), ""))
			if strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") {
				return true
			}
		}
	}
	return false
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
