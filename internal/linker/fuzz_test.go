package linker_test

import (
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"graphd/internal/kg"
	"graphd/internal/linker"
)

// pieces are what reports are made of, and what breaks readers of them.
var pieces = []string{
	"鄞州区", "宁波", "宁波市", "中河街道", "城关镇", "朝阳区", "遂溪县", "青禾镇", "張家港市", "楊舍鎮", "人民政府", "街道办事处", "司法局",
	"《", "》", "〈", "〉", "《行政处罚法》", "《關於", "民法典", "宪法", "条例", "通知", "(以下简称《条例》)", "〔2022〕15号", "甬政发", "第十二条", "制定",
	"律师事务所", "聘请", "三家", "律师(", ")事务所", "分所", "(上海)", "和", "、", ",", "。", "\n", "\r\n", "\u3000", "\ufeff", "“", "”", "「", "」",
	"𠮷", "a", "2023年", "15件", "\u200b", "的", "镇", "县",
	"0", "零", "三", "1,234", "９５．６", "百分之", "百", "万", "亿元", "%", "个", "家", "人次", "余", "近", "数", "至", "—", "-", "/", ".", "点", "年", "月", "日",
	"其中", "分别为", "同比增长", "未发生", "无", "投诉", "审结", "共", "(", ")", "（", "；", "：", "\t", "|", "合计", "级", "以上", "百分百",
}

// Whatever the text, every mention's quote is the slice at its span, lies in
// its passage and in the main text, and the facts refer to nothing outside.
func TestFactsOfAnyText(t *testing.T) {
	l := newLinker(t)
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(pieces), rapid.StringN(0, 3, -1)), 0, 60).Draw(t, "parts")
		checkFacts(t, l, strings.ToValidUTF8(strings.Join(parts, ""), "?"))
	})
}

func FuzzFacts(f *testing.F) {
	for _, p := range pieces {
		f.Add("鄞州区2023年法治政府建设情况报告\n" + p + "。")
	}
	l := newLinker(f)
	f.Fuzz(func(t *testing.T, text string) { checkFacts(t, l, strings.ToValidUTF8(text, "?")) })
}

func checkFacts(t interface{ Fatalf(string, ...any) }, l *linker.Linker, text string) {
	doc := document(text)
	f := l.Link(doc)
	runes := []rune(text)
	known := map[string]bool{}
	for _, e := range f.Entities {
		if known[e.ID] {
			t.Fatalf("entity %s twice", e.ID)
		}
		known[e.ID] = true
	}
	refer := func(ids ...string) {
		for _, id := range ids {
			if id != "" && !known[id] {
				t.Fatalf("%s is referred to and missing", id)
			}
		}
	}
	for _, e := range f.Entities {
		refer(e.References()...)
	}
	refer(f.Report.IssuerID)
	refer(f.Issuer.Candidates...)
	checkMetrics(t, f.Mentions)
	seen := map[string]bool{}
	for i, m := range f.Mentions {
		if string(runes[m.Start:m.End]) != m.Quote || m.Quote == "" {
			t.Fatalf("quote %q is not the text at %v", m.Quote, m.Span)
		}
		if !doc.Report.Passages[m.Passage].Contains(m.Span) {
			t.Fatalf("%q lies outside its passage", m.Quote)
		}
		if m.EntityID == "" && m.Kind != kg.KindMetric && len(m.Candidates) < 2 {
			t.Fatalf("%q is unresolved without candidates", m.Quote)
		}
		if seen[m.ID] || i > 0 && m.Start < f.Mentions[i-1].Start {
			t.Fatalf("%q is out of order or twice", m.Quote)
		}
		seen[m.ID] = true
		refer(m.EntityID)
		refer(m.Candidates...)
	}
}

// checkMetrics checks what holds for the figures of any text: they stand apart,
// in order, with values that are numbers and labels of some words at most.
func checkMetrics(t interface{ Fatalf(string, ...any) }, ms []kg.Mention) {
	const longestLabel = 60
	known := map[string]bool{}
	end := 0
	for _, m := range ms {
		if m.Kind != kg.KindMetric {
			continue
		}
		x := m.Metric
		switch {
		case m.Start < end:
			t.Fatalf("%q begins within the figure before it", m.Quote)
		case math.IsNaN(x.Value) || math.IsInf(x.Value, 0) || x.Value < 0:
			t.Fatalf("%q is %v", m.Quote, x.Value)
		case x.ValueMax != nil && (*x.ValueMax <= x.Value || math.IsInf(*x.ValueMax, 0)):
			t.Fatalf("%q goes from %v to %v", m.Quote, x.Value, *x.ValueMax)
		case utf8.RuneCountInString(x.Label) > longestLabel || strings.ContainsAny(x.Label+x.Unit, "\t\n“”"):
			t.Fatalf("%q has the label %q and unit %q", m.Quote, x.Label, x.Unit)
		case x.ParentID != "" && !known[x.ParentID]:
			t.Fatalf("%q is part of no figure before it", m.Quote)
		}
		known[m.ID] = true
		end = m.End
	}
}
