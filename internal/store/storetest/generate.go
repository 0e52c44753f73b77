package storetest

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"graphd/internal/kg"
)

// Facts generates composed facts of one document. Documents often share a
// location, a report or both, so that a few of them replace, mirror and move
// one another. What an entity is depends on its ID alone.
func Facts() *rapid.Generator[kg.Facts] {
	return rapid.Custom(func(t *rapid.T) kg.Facts { return draft(t, false) })
}

// Batch generates batches of Facts.
func Batch() *rapid.Generator[[]kg.Facts] { return rapid.SliceOfN(Facts(), 1, 5) }

// changing is Facts of changing extractors: entities of one ID may differ.
func changing() *rapid.Generator[kg.Facts] {
	return rapid.Custom(func(t *rapid.T) kg.Facts { return draft(t, true) })
}

var locations = []string{"a.txt", "b.txt", "目录/甲 乙?.html", "https://example.invalid/%E4%B8%80#'\"", "sha256:00", "\U00020BB7.md"}

// writings are ways to write each entity in a text; its name is always one.
var writings = map[string][]string{
	maple.ID:    {"“枫桥经验”", "楓橋經驗", "新时代“枫桥经验”"},
	linkage.ID:  {"三所聯動"},
	code.ID:     {"《行政处罚法》", "《行政處罰法》"},
	disputes.ID: {"474件", "４７４件", "37万件"},
	rate.ID:     {"100%", "九成"},
}

var fillers = []string{
	"我镇坚持依法行政,", "進一步推進依法行政,", "全面落实", "。坚持依\u3000法办事。", "建设法治政府;", "行", "依法", "在😀", "", "服务企业 a_b%c*d\\e ",
}

func draft(t *rapid.T, varied bool) kg.Facts {
	d := Draft{
		Location:   rapid.SampledFrom(locations).Draw(t, "location"),
		Extractor:  rapid.SampledFrom([]string{"1", "2"}).Draw(t, "extractor"),
		IngestedAt: fmt.Sprintf("2024-01-01T00:00:%02dZ", rapid.IntRange(0, 59).Draw(t, "second")),
		Chrome:     rapid.SampledFrom([]string{"", "", "首页 > 政务公开", "打印本页"}).Draw(t, "chrome"),
		Department: rapid.SampledFrom([]string{"", "", "市水利局"}).Draw(t, "department"),
		Year:       rapid.SampledFrom([]int{0, 2020, 2021, 2022, 2023}).Draw(t, "year"),
		Published:  rapid.SampledFrom([]string{"", "2021-01-08", "2023-12-31"}).Draw(t, "published"),
		DocNumber:  rapid.SampledFrom([]string{"", "临政〔2022〕5号"}).Draw(t, "docNumber"),
		Title:      rapid.SampledFrom([]string{"", "法治政府建设情况报告", "﨑山镇依法行政報告", "𠮷野镇法治报告", "100%_报告"}).Draw(t, "title"),
		Sections:   rapid.SliceOfN(rapid.SampledFrom([]string{"", "一、主要做法"}), 0, 3).Draw(t, "sections"),
	}
	if i := rapid.IntRange(-2, 7).Draw(t, "issuer"); i >= 0 {
		d.Issuer = world[i]
	}
	if rapid.Bool().Draw(t, "known text") {
		// One of few texts, so that documents meet in one report.
		d.Title = ""
		d.Sentences = []Sentence{{plain("全镇推广"), mention(t, rapid.SampledFrom([]kg.Entity{maple, linkage}).Draw(t, "known")), plain("。")}}
	} else {
		for range rapid.IntRange(0, 4).Draw(t, "sentences") {
			d.Sentences = append(d.Sentences, sentence(t))
		}
	}
	d = d.needs()
	if rapid.IntRange(0, 3).Draw(t, "idle entities") == 0 {
		d.Entities = append(d.Entities, closure(rapid.SampledFrom(world).Draw(t, "idle").ID)...)
	}
	f := Compose(d)
	// Figures of one report may be parts of one another.
	var figures []string
	for i, m := range f.Mentions {
		if m.Metric != nil {
			if len(figures) > 0 && rapid.Bool().Draw(t, "part") {
				f.Mentions[i].Metric.ParentID = rapid.SampledFrom(figures).Draw(t, "whole")
			}
			figures = append(figures, m.ID)
		}
	}
	if varied {
		for i, e := range f.Entities {
			if e.Kind == kg.KindPractice {
				f.Entities[i].Category = rapid.SampledFrom([]string{"", "甲", "乙"}).Draw(t, "category")
				f.Entities[i].Aliases = rapid.SliceOfN(rapid.SampledFrom([]string{"别名", "别称", "别號"}), 0, 3).Draw(t, "aliases")
				if rapid.Bool().Draw(t, "on its own") {
					f.Entities[i].VariantOf, f.Entities[i].PartOf = "", ""
				}
			}
		}
	}
	return f
}

func sentence(t *rapid.T) Sentence {
	s := Sentence{plain("第")}
	for range rapid.IntRange(1, 4).Draw(t, "pieces") {
		s = append(s, plain(rapid.SampledFrom(fillers).Draw(t, "filler")))
		if rapid.Bool().Draw(t, "mentions") {
			s = append(s, mention(t, rapid.SampledFrom(world).Draw(t, "entity")))
		}
	}
	return s
}

// mention is a piece that names e, or means it and others.
func mention(t *rapid.T, e kg.Entity) Piece {
	text := rapid.SampledFrom(append([]string{e.Name}, writings[e.ID]...)).Draw(t, "writing")
	m := kg.Mention{Kind: e.Kind, EntityID: e.ID, Rule: "composed"}
	switch e.Kind {
	case kg.KindPractice:
		m.Status = kg.Status(rapid.IntRange(1, 5).Draw(t, "status"))
	case kg.KindLaw:
		m.Article = rapid.SampledFrom([]string{"", "第十二条"}).Draw(t, "article")
		m.DocNumber = rapid.SampledFrom([]string{"", "临政〔2022〕5号"}).Draw(t, "cited number")
	case kg.KindIndicator:
		m.Kind = kg.KindMetric
		m.Metric = &kg.Metric{
			Label: e.Name, Unit: e.Unit, Value: rapid.SampledFrom([]float64{0, 474, 99.95, 370000, -1.5, 1e15}).Draw(t, "value"),
			Approximate: rapid.Bool().Draw(t, "approximate"), Target: rapid.Bool().Draw(t, "target"),
			Period: rapid.SampledFrom([]string{"", "截至10月"}).Draw(t, "period"),
		}
		if rapid.Bool().Draw(t, "range") {
			upper := m.Metric.Value + 1
			m.Metric.ValueMax = &upper
		}
	}
	switch rapid.IntRange(0, 9).Draw(t, "decided") {
	case 0: // not decided
		m.EntityID = ""
		if m.Kind != kg.KindMetric {
			for _, o := range world {
				if o.Kind == e.Kind && (o.ID == e.ID || rapid.Bool().Draw(t, "candidate")) {
					m.Candidates = append(m.Candidates, o.ID)
				}
			}
			slices.Sort(m.Candidates)
		}
	}
	return Piece{Text: text, Mention: m}
}
