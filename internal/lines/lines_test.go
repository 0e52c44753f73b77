package lines_test

import (
	"strings"
	"testing"

	"graphd/internal/kg"
	"graphd/internal/lines"
)

func TestWrite(t *testing.T) {
	county, other := kg.JurisdictionID("330212"), kg.JurisdictionID("330213")
	law, firm := kg.LawID("行政处罚法", ""), kg.LawFirmID("甲<乙>律师事务所")
	practice := kg.PracticeID("枫桥经验")
	f := kg.Facts{
		Report: kg.Report{Title: "二〇二三年报告", Year: 2023, Published: "2024-03-14"},
		Issuer: kg.Issuer{Name: "中河街道", Code: "330212005", Path: []string{"浙江省", "宁波市", "鄞州区", "中河街道"}},
		Entities: []kg.Entity{
			{ID: county, Kind: kg.KindJurisdiction, Name: "鄞州区", Code: "330212"},
			{ID: other, Kind: kg.KindJurisdiction, Name: "奉化区", Code: "330213"},
			{ID: law, Kind: kg.KindLaw, Name: "行政处罚法", LawType: kg.LawLaw},
			{ID: firm, Kind: kg.KindLawFirm, Name: "甲<乙>律师事务所"},
			{ID: practice, Kind: kg.KindPractice, Name: "枫桥经验", Scope: kg.ScopeNational},
		},
		Mentions: []kg.Mention{
			{Kind: kg.KindJurisdiction, EntityID: county, Span: kg.Span{Start: 0, End: 3}, Quote: "鄞州區"},
			{Kind: kg.KindJurisdiction, Candidates: []string{county, other}, Span: kg.Span{Start: 4, End: 6}, Quote: "區裡"},
			{Kind: kg.KindLaw, EntityID: law, Span: kg.Span{Start: 7, End: 9}, Quote: "《》", Article: "第十二条"},
			{Kind: kg.KindPractice, EntityID: practice, Status: kg.StatusImplemented, Span: kg.Span{Start: 9, End: 13}, Quote: "楓橋經驗"},
			{Kind: kg.KindLawFirm, EntityID: firm, Span: kg.Span{Start: 14, End: 15}, Quote: "所"},
			{Kind: kg.KindMetric, Span: kg.Span{Start: 16, End: 20}, Quote: "37万件", Metric: &kg.Metric{Label: "调解纠纷", Value: 370000, Unit: "件"}},
		},
	}
	var got strings.Builder
	if err := lines.Of("reports/a.txt", f).Write(&got); err != nil {
		t.Fatal(err)
	}
	want := `{"kind":"report","file":"a.txt","path":"reports/a.txt","title":"二〇二三年报告","issuer":{"name":"中河街道","code":"330212005","department":null,"path":["浙江省","宁波市","鄞州区","中河街道"],"ambiguous":false,"candidates":[]},"year":2023,"published":"2024-03-14","docNumber":null}
{"kind":"jurisdiction","file":"a.txt","path":"reports/a.txt","name":"鄞州区","code":"330212","start":0,"end":3,"quote":"鄞州區"}
{"kind":"jurisdiction","file":"a.txt","path":"reports/a.txt","name":"区里","code":null,"candidates":["330212","330213"],"start":4,"end":6,"quote":"區裡"}
{"kind":"law","file":"a.txt","path":"reports/a.txt","title":"行政处罚法","type":"LAW","docNumber":null,"article":"第十二条","start":7,"end":9,"quote":"《》"}
{"kind":"practice","file":"a.txt","path":"reports/a.txt","name":"枫桥经验","status":"IMPLEMENTED","scope":"NATIONAL","start":9,"end":13,"quote":"楓橋經驗"}
{"kind":"firm","file":"a.txt","path":"reports/a.txt","name":"甲<乙>律师事务所","start":14,"end":15,"quote":"所"}
{"kind":"metric","file":"a.txt","path":"reports/a.txt","label":"调解纠纷","value":370000,"unit":"件","approximate":false,"period":null,"target":false,"start":16,"end":20,"quote":"37万件"}
`
	if got.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", got.String(), want)
	}
}

func TestUndecidedIssuer(t *testing.T) {
	a, b := kg.JurisdictionID("110101"), kg.JurisdictionID("330101")
	d := lines.Of("-", kg.Facts{
		Issuer:   kg.Issuer{Name: "中山街道", Candidates: []string{b, a}},
		Entities: []kg.Entity{{ID: a, Code: "110101"}, {ID: b, Code: "330101"}},
	})
	is := d.Report.Issuer
	if !is.Ambiguous || is.Code != nil || strings.Join(is.Candidates, " ") != "110101 330101" || d.Report.Year != nil {
		t.Errorf("%+v", d.Report)
	}
}
