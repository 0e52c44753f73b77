package graph_test

import (
	"fmt"

	"graphd/internal/kg"
	"graphd/internal/store/storetest"
)

// A composed country of two provinces, whose towns have names in common.

func place(code string, level kg.Level, name, full string, aliases ...string) kg.Entity {
	e := kg.Entity{ID: kg.JurisdictionID(code), Kind: kg.KindJurisdiction, Code: code, Level: level, Name: name, FullName: full, Aliases: aliases}
	if len(code) > 2 {
		e.ParentID = kg.JurisdictionID(code[:len(code)-2])
	}
	return e
}

var (
	north     = place("91", kg.LevelProvince, "北岭省", "北岭省", "北岭")
	northCity = place("9101", kg.LevelPrefecture, "白石市", "北岭省白石市", "白石")
	south     = place("92", kg.LevelProvince, "南岭省", "南岭省", "南岭")
	southCity = place("9201", kg.LevelPrefecture, "白石市", "南岭省白石市", "白石")
	county    = place("920101", kg.LevelCounty, "白石县", "南岭省白石市白石县", "白石")
	country   = []kg.Entity{north, northCity, south, southCity, county}

	maple    = kg.Entity{ID: kg.PracticeID("枫桥经验"), Kind: kg.KindPractice, Name: "枫桥经验", Scope: kg.ScopeNational, Aliases: []string{"枫桥"}}
	bridge   = kg.Entity{ID: kg.PracticeID("枫桥"), Kind: kg.KindPractice, Name: "枫桥", Scope: kg.ScopeLocal, VariantOf: maple.ID}
	firm     = kg.Entity{ID: kg.LawFirmID("白石律师事务所"), Kind: kg.KindLawFirm, Name: "白石律师事务所"}
	disputes = kg.Entity{ID: kg.IndicatorID("调解纠纷"), Kind: kg.KindIndicator, Name: "调解纠纷", Unit: "件"}
	replaced = kg.Entity{
		ID: kg.LawID("调解法", ""), Kind: kg.KindLaw, Name: "调解法", LawType: kg.LawLaw,
		Versions: []kg.LawVersion{{Adopted: "2010-08-28", Effective: "2011-01-01", Until: "2022-01-01"}},
	}
	undated  = kg.Entity{ID: kg.LawID("信访法", ""), Kind: kg.KindLaw, Name: "信访法", LawType: kg.LawLaw, Versions: []kg.LawVersion{{Adopted: "2020-01-01"}}}
	northAct = kg.Entity{ID: kg.LawID("工作规则", northCity.ID), Kind: kg.KindLaw, Name: "工作规则", LawType: kg.LawPolicy, IssuedBy: northCity.ID}
	southAct = kg.Entity{ID: kg.LawID("工作规则", southCity.ID), Kind: kg.KindLaw, Name: "工作规则", LawType: kg.LawPolicy, IssuedBy: southCity.ID}
)

// says is a sentence that names an entity among words of no meaning.
func says(before, quote string, m kg.Mention) storetest.Sentence {
	m.Rule = "composed"
	return storetest.Sentence{{Text: before}, {Text: quote, Mention: m}, {Text: "。"}}
}

func names(e kg.Entity, status kg.Status) storetest.Sentence {
	return says("推行", e.Name, kg.Mention{Kind: e.Kind, EntityID: e.ID, Status: status})
}

func counts(n float64) storetest.Sentence {
	quote := fmt.Sprintf("%v件", n)
	return says("调解纠纷", quote, kg.Mention{Kind: kg.KindMetric, EntityID: disputes.ID, Metric: &kg.Metric{Label: "调解纠纷", Value: n, Unit: "件"}})
}

// reportOf is the composed report of a place for a year.
func reportOf(issuer kg.Entity, year int, sentences ...storetest.Sentence) kg.Facts {
	return storetest.Compose(storetest.Draft{
		Location: fmt.Sprintf("%s-%d.txt", issuer.Name+issuer.Code, year), Extractor: "1",
		Title: fmt.Sprintf("%s%d年法治政府建设情况报告", issuer.FullName, year), Issuer: issuer, Year: year, Sentences: sentences,
		Entities: append([]kg.Entity{maple, bridge, firm, disputes, replaced, undated, northAct, southAct}, country...),
	})
}
