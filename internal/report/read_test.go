package report_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	utf "golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"graphd/internal/kg"
	"graphd/internal/report"
)

// A report composed for these tests, in both scripts as a converter makes them.
const (
	simplified = `柳川县青禾镇2022年度法治政府建设情况报告
2022年，青禾镇着力推进法治政府建设，了解群众需求，覆盖全镇。现将有关情况报告如下：
一、主要举措
开展“双随机”检查8次。
青禾镇人民政府
2023年1月6日
`
	traditional = `柳川縣青禾鎮2022年度法治政府建設情況報告
2022年，青禾鎮著力推進法治政府建設，瞭解群眾需求，覆蓋全鎮。現將有關情況報告如下：
一、主要舉措
開展「雙隨機」檢查8次。
青禾鎮人民政府
2023年1月6日
`
)

func read(t *testing.T, name, mediaType string, data []byte) kg.Document {
	t.Helper()
	doc, err := report.Read(name, mediaType, data)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func encode(t *testing.T, e encoding.Encoding, s string) []byte {
	t.Helper()
	b, err := e.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestEncodings(t *testing.T) {
	const page = `<!DOCTYPE html><html><head><meta charset="%"></head><body><pre>` + simplified + `</pre></body></html>`
	utf16le := utf.UTF16(utf.LittleEndian, utf.IgnoreBOM)
	utf16be := utf.UTF16(utf.BigEndian, utf.IgnoreBOM)
	said := func(charset string) string { return strings.Replace(page, "%", charset, 1) }
	for _, c := range []struct {
		name, mediaType string
		data            []byte
		encoding        string
	}{
		{"a.txt", "", []byte(simplified), "UTF-8"},
		{"a.txt", "", []byte("\uFEFF" + simplified), "UTF-8"},
		{"a.txt", "", encode(t, utf16le, "\uFEFF"+simplified), "UTF-16LE"},
		{"a.txt", "", encode(t, utf16be, "\uFEFF"+simplified), "UTF-16BE"},
		{"a.txt", "", encode(t, utf16le, simplified), "UTF-16LE"},
		{"a.txt", "", encode(t, utf16be, simplified), "UTF-16BE"},
		{"a.txt", "", encode(t, simplifiedchinese.GBK, simplified), "GB18030"},
		{"a.txt", "", encode(t, simplifiedchinese.GB18030, simplified+"𫝈"), "GB18030"},
		{"a.txt", "text/plain; charset=big5", encode(t, traditionalchinese.Big5, traditional), "Big5"},
		{"a.html", "", encode(t, simplifiedchinese.GBK, said("gb2312")), "GB18030"},
		{"a.html", "", []byte(said("utf-8")), "UTF-8"},
		{"a.html", "", encode(t, simplifiedchinese.GBK, said("utf-8")), "GB18030"}, // labelled wrongly
		{"a.html", "", []byte(said("gbk")), "UTF-8"},                               // and the other way round
		{"a.html", "text/html; charset=gbk", encode(t, simplifiedchinese.GBK, said("")), "GB18030"},
	} {
		doc := read(t, c.name, c.mediaType, c.data)
		src := doc.Report.Sources[0]
		if src.Encoding != c.encoding || src.LostCharacters != 0 {
			t.Errorf("%s %s: read as %s with %d characters lost, want %s", c.name, c.mediaType, src.Encoding, src.LostCharacters, c.encoding)
		}
		if doc.Report.Year != 2022 || doc.Report.Published != "2023-01-06" {
			t.Errorf("%s as %s: year %d, published %s, text %q", c.name, src.Encoding, doc.Report.Year, doc.Report.Published, doc.Report.Text)
		}
	}
}

func TestTextKeepsTheSource(t *testing.T) {
	source := "\uFEFF" + strings.ReplaceAll(simplified, "\n", "\r\n")
	doc := read(t, "a.txt", "", []byte(source))
	if doc.Report.Text != source {
		t.Errorf("the text is %q, want the source with its mark and line ends", doc.Report.Text)
	}
	runes := []rune(doc.Report.Text)
	if p := doc.Report.Passages[0]; string(runes[p.Start:p.End]) != "柳川县青禾镇2022年度法治政府建设情况报告" {
		t.Errorf("the first passage is %q", string(runes[p.Start:p.End]))
	}
}

func TestLostCharacters(t *testing.T) {
	doc := read(t, "a.txt", "", []byte(simplified+"\xFF末\uFFFD"))
	if src := doc.Report.Sources[0]; src.LostCharacters != 1 || src.Encoding != "UTF-8" {
		t.Errorf("%d characters lost in %s, want the 1 that was not decoded, not the one in the source", src.LostCharacters, src.Encoding)
	}
	if !utf8.ValidString(doc.Report.Text) {
		t.Error("the text is no UTF-8")
	}
}

func TestRefused(t *testing.T) {
	for _, c := range []struct {
		name, mediaType string
		data            string
		code            kg.Code
		says            string
	}{
		{"a.txt", "", "", kg.CodeEmpty, "empty"},
		{"a.txt", "", " \r\n\u3000\t\uFEFF", kg.CodeEmpty, "no text"},
		{"a.html", "", "<html><script>x</script></html>", kg.CodeEmpty, "no text"},
		{"a.txt", "", "text\x00text", kg.CodeBinary, "encoding"},
		{"a.txt", "", strings.Repeat("\x01\x02\xFF\xFE\x81", 99), kg.CodeBinary, "encoding"},
		{"a.txt", "", "%PDF-1.7 ...", kg.CodeUnsupported, ".html"},
		{"a", "", "PK\x03\x04...", kg.CodeUnsupported, "DOCX"},
		{"a.txt", "", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", kg.CodeUnsupported, "DOC"},
		{"a.PDF", "", "text", kg.CodeUnsupported, "PDF"},
		{"https://example.org/a.docx?x=1.txt", "", "text", kg.CodeUnsupported, "Word"},
		{"a.txt", "application/pdf", "text", kg.CodeUnsupported, "application/pdf"},
		{"a.txt", "text/", "text", kg.CodeUnsupported, "media type"},
		{"a.txt", "", strings.Repeat("a", report.MaxBytes+1), kg.CodeTooLarge, "bytes"},
		{"a.html", "", strings.Repeat("<b><div>", 5000) + "字", kg.CodeUnreadable, "HTML"},
	} {
		_, err := report.Read(c.name, c.mediaType, []byte(c.data))
		var e *kg.Error
		if !errors.As(err, &e) || e.Code != c.code || e.Subject != c.name || !strings.Contains(e.Error(), c.says) {
			t.Errorf("%s %.20q: error %v, want code %s that says %q", c.name, c.data, err, c.code, c.says)
		}
	}
}

func TestFormat(t *testing.T) {
	const page = "\n<!doctype html><p>法治政府</p>"
	for _, c := range []struct{ name, mediaType, data, want string }{
		{"a.txt", "", page, "text/plain"},
		{"a.MD", "", "字", "text/markdown"},
		{"a.htm", "", "字", "text/html"},
		{"https://example.org/art/1.shtml?id=2", "", "字", "text/html"},
		{"a.txt", "text/html; charset=utf-8", "字", "text/html"},
		{"-", "", page, "text/html"},
		{"-", "", "字", "text/plain"},
		{"a", "application/octet-stream", "字", "text/plain"},
	} {
		if doc := read(t, c.name, c.mediaType, []byte(c.data)); doc.Report.Sources[0].MediaType != c.want {
			t.Errorf("%s %q: read as %s, want %s", c.name, c.mediaType, doc.Report.Sources[0].MediaType, c.want)
		}
	}
}

func TestSource(t *testing.T) {
	doc := read(t, "-", "", []byte("字"))
	hash := fmt.Sprintf("%x", sha256.Sum256([]byte("字")))
	src := doc.Report.Sources[0]
	if len(doc.Report.Sources) != 1 || src.ContentHash != hash || src.Location != "sha256:"+hash {
		t.Errorf("standard input is %+v, want its hash for a location", src)
	}
	if src := read(t, "dir/a.txt", "", []byte("字")).Report.Sources[0]; src.Location != "dir/a.txt" {
		t.Errorf("location %q, want the name as given", src.Location)
	}
}

// Copies of one report are one report: in either script, in another encoding,
// with other white space, as a page with its chrome.
func TestIdentity(t *testing.T) {
	want := read(t, "a.txt", "", []byte(simplified)).Report.ID
	lines := strings.Split(strings.TrimSpace(simplified), "\n")
	for what, doc := range map[string]kg.Document{
		"traditional": read(t, "a.txt", "", []byte(traditional)),
		"GB 18030":    read(t, "a.txt", "", encode(t, simplifiedchinese.GB18030, simplified)),
		"indented":    read(t, "a.txt", "", []byte("\uFEFF"+strings.Join(lines, "\r\n\r\n\u3000\u3000"))),
		"half-width":  read(t, "a.txt", "", []byte(strings.NewReplacer("，", ",", "：", ":").Replace(simplified))),
		"page": read(t, "b.html", "", []byte("<title>x</title><div>首页 &gt; 政务公开</div><p>"+strings.Join(lines, "</p><p>")+
			"</p><div>【打印本页】 【关闭窗口】</div><div>主办单位：某某县人民政府</div>")),
		"marked": read(t, "b.md", "", []byte("# "+lines[0]+"\n\n"+strings.Join(lines[1:], "\n\n"))),
	} {
		if doc.Report.ID != want {
			t.Errorf("%s: ID %s, want %s; main %v of %q", what, doc.Report.ID, want, doc.Main, doc.Report.Text)
		}
	}
	for what, text := range map[string]string{
		"another year": strings.ReplaceAll(simplified, "2022", "2021"),
		"another town": strings.Replace(simplified, "青禾镇2022", "白沙镇2022", 1),
		"a figure":     strings.Replace(simplified, "8次", "9次", 1),
	} {
		if read(t, "a.txt", "", []byte(text)).Report.ID == want {
			t.Errorf("%s: the same ID", what)
		}
	}
}

func TestComposed(t *testing.T) {
	for name, text := range map[string]string{
		"a.txt":  "\n（本文为编写的示例，并非政府发布的报告）\n" + simplified,
		"b.txt":  "（本文為編寫的示例，並非政府發布的報告）\n" + traditional,
		"c.html": "<!-- 本文为编写的示例 --><pre>" + simplified + "</pre>",
		"d.html": "<meta name=description content=本文为编写的示例><pre>" + simplified + "</pre>",
		"e.html": "<p>本文为编写的示例</p><pre>" + simplified + "</pre>",
	} {
		doc := read(t, name, "", []byte(text))
		if !doc.Report.Composed {
			t.Errorf("%s: not known as composed", name)
		}
		if doc.Report.ID != read(t, "a.txt", "", []byte(simplified)).Report.ID {
			t.Errorf("%s: the mark counts as text of the report", name)
		}
	}
	if read(t, "a.txt", "", []byte(simplified+"\n本文为编写的示例\n")).Report.Composed {
		t.Error("only the first line marks a sample")
	}
}

// Whatever the bytes, Read returns a document that holds together, or an error
// with a code.
func FuzzRead(f *testing.F) {
	f.Add("a.txt", []byte(simplified))
	f.Add("a.html", []byte("<table><tr><td>"+traditional+"<td>&nbsp;x<table><tr><th><p>1</table></table>"))
	f.Add("a.md", []byte("# 题\n\n## 一\n二〇二三年十月三十一日:\r\n第一部分 ."))
	f.Add("a.txt", []byte("发布日期:\n2024年02月30日|来源:|时间 2020-13-01\n某政发〔2020〕3号\n《。》!?a"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		doc, err := report.Read(name, "", data)
		if err != nil {
			if kg.CodeOf(err) == kg.CodeInternal {
				t.Fatalf("an error without a code: %v", err)
			}
			return
		}
		if !utf8.ValidString(doc.Report.Text) {
			t.Error("the text is no UTF-8")
		}
		checkDocument(t, doc)
		if err := report.IsReport(doc); err != nil && kg.CodeOf(err) != kg.CodeNotAReport {
			t.Errorf("IsReport: %v", err)
		}
		again, err := report.Read(name, "", bytes.Clone(data))
		if err != nil || again.Report.ID != doc.Report.ID {
			t.Errorf("read again: %v, %s, want %s", err, again.Report.ID, doc.Report.ID)
		}
	})
}

// Pages put together from lines of all kinds hold together as documents, and
// running text is never lost.
func TestPages(t *testing.T) {
	line := rapid.SampledFrom([]string{
		"", " ", "首页 > 政务公开", "发布日期: 2024-03-06 来源:青禾镇", "【打印】", "相关文档", "留言咨询",
		"青禾镇2023年度法治政府建设情况报告", "青禾镇人民政府", "柳川县人民政府:", "2024年3月1日", "特此报告。",
		"一、主要举措", "(一)严格执法。", "1.规范文书", "附件:统计表", "- 3 -", "某政发〔2024〕1号",
	})
	rapid.Check(t, func(t *rapid.T) {
		above := rapid.SliceOfN(line, 0, 6).Draw(t, "above")
		below := rapid.SliceOfN(line, 0, 6).Draw(t, "below")
		body := make([]string, rapid.IntRange(1, 5).Draw(t, "sentences"))
		for i := range body {
			body[i] = "全镇共开展行政执法检查" + strings.Repeat("十", i+1) + "次,群众满意度稳步提高。"
		}
		text := strings.Join(append(append(above, body...), below...), "\n")
		doc, err := report.Read("a.txt", "", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		checkDocument(t, doc)
		runes := []rune(doc.Report.Text)
		var passages strings.Builder
		for _, p := range doc.Report.Passages {
			passages.WriteString(string(runes[p.Start:p.End]) + "\n")
		}
		for _, s := range body {
			if !strings.Contains(passages.String(), s) {
				t.Fatalf("%q is in no passage of %q", s, text)
			}
		}
	})
}

// Lines cut at the width of a page make one passage a sentence; headings,
// indented paragraphs and tables begin anew.
func TestReadWrappedLines(t *testing.T) {
	text := `松溪市2021年法治政府建设工作报告

2021年,松溪市依法办理行政复议案件3
45件,修订《松溪市人民政府重大行政决
策程序规定》。全市组织开展法治宣
传活动20场次

一、下一步安排
下一步,全市将继续推进法治政府建设各
项工作,健全合法性审查机制
    另起一段的文字也很长,说的是另外
一件事。
项目	受理的行政复议案件件数
许可	15
`
	doc, err := report.Read("a.txt", "", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range doc.Report.Passages {
		got = append(got, strings.ReplaceAll(string([]rune(text)[p.Start:p.End]), "\n", ""))
	}
	want := []string{
		"松溪市2021年法治政府建设工作报告",
		"2021年,松溪市依法办理行政复议案件345件,修订《松溪市人民政府重大行政决策程序规定》。",
		"全市组织开展法治宣传活动20场次",
		"一、下一步安排",
		"下一步,全市将继续推进法治政府建设各项工作,健全合法性审查机制",
		"另起一段的文字也很长,说的是另外一件事。",
		"项目\t受理的行政复议案件件数",
		"许可\t15",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}
