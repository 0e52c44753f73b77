package neo4jstore_test

import (
	"context"
	"reflect"
	"slices"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"graphd/internal/kg"
	"graphd/internal/store/neo4jtest"
	"graphd/internal/store/storetest"
)

// cypher asks the server what an analyst would ask, past the store.
func cypher(t *testing.T, cfg neo4jtest.Config, query string) [][]any {
	t.Helper()
	rows, err := ask(cfg, query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return rows
}

func ask(cfg neo4jtest.Config, query string) ([][]any, error) {
	ctx := context.Background()
	driver, err := neo4j.NewDriverWithContext(cfg.URI, neo4j.BasicAuth(cfg.Username, cfg.Password, ""))
	if err != nil {
		return nil, err
	}
	defer driver.Close(ctx)
	result, err := neo4j.ExecuteQuery(ctx, driver, query, nil, neo4j.EagerResultTransformer, neo4j.ExecuteQueryWithDatabase(cfg.Database))
	if err != nil {
		return nil, err
	}
	var rows [][]any
	for _, r := range result.Records {
		rows = append(rows, r.Values)
	}
	return rows, nil
}

// A composed place with its practices and laws.
var (
	province = kg.Entity{ID: kg.JurisdictionID("97"), Kind: kg.KindJurisdiction, Code: "97", Level: kg.LevelProvince, Name: "云岭省", FullName: "云岭省"}
	city     = kg.Entity{ID: kg.JurisdictionID("9701"), Kind: kg.KindJurisdiction, Code: "9701", Level: kg.LevelPrefecture,
		Name: "临湖市", FullName: "云岭省临湖市", ParentID: province.ID}
	maple    = kg.Entity{ID: kg.PracticeID("枫桥经验"), Kind: kg.KindPractice, Name: "枫桥经验", Scope: kg.ScopeNational}
	station  = kg.Entity{ID: kg.PracticeID("枫桥式派出所"), Kind: kg.KindPractice, Name: "枫桥式派出所", Scope: kg.ScopeNational, VariantOf: maple.ID}
	linkage  = kg.Entity{ID: kg.PracticeID("三所联动"), Kind: kg.KindPractice, Name: "三所联动", Scope: kg.ScopeLocal}
	bylaw    = kg.Entity{ID: kg.LawID("物业管理规定", city.ID), Kind: kg.KindLaw, Name: "物业管理规定", LawType: kg.LawPolicy, IssuedBy: city.ID}
	firm     = kg.Entity{ID: kg.LawFirmID("云岭正衡律师事务所"), Kind: kg.KindLawFirm, Name: "云岭正衡律师事务所"}
	disputes = kg.Entity{ID: kg.IndicatorID("调解纠纷数"), Kind: kg.KindIndicator, Name: "调解纠纷数", Unit: "件"}
	all      = []kg.Entity{province, city, maple, station, linkage, bylaw, firm, disputes}
)

func piece(text string, m kg.Mention) storetest.Piece {
	m.Rule = "composed"
	return storetest.Piece{Text: text, Mention: m}
}

// cityReport is a composed report of the city that says something of all kinds.
func cityReport(year int, status kg.Status) kg.Facts {
	f := storetest.Compose(storetest.Draft{
		Location: "composed.txt", Extractor: "1", IngestedAt: "2024-05-01T08:00:00Z",
		Title: "临湖市法治政府建设情况报告", Issuer: city, Year: year, Published: "2024-01-31", Entities: all,
		Sections: []string{"一、主要做法"},
		Sentences: []storetest.Sentence{
			{
				piece("枫桥式派出所", kg.Mention{Kind: kg.KindPractice, EntityID: station.ID, Status: status}), {Text: "和"},
				piece("三所联动", kg.Mention{Kind: kg.KindPractice, EntityID: linkage.ID, Status: kg.StatusPlanned}),
			},
			{
				piece("《物业管理规定》", kg.Mention{Kind: kg.KindLaw, EntityID: bylaw.ID, Article: "第二条"}), {Text: ","},
				piece("云岭省", kg.Mention{Kind: kg.KindJurisdiction, EntityID: province.ID}),
				piece("正衡律师事务所", kg.Mention{Kind: kg.KindLawFirm, EntityID: firm.ID}),
				piece("临湖", kg.Mention{Kind: kg.KindJurisdiction, Candidates: []string{city.ID, province.ID}}),
			},
			{
				{Text: "调解纠纷"},
				piece("474件", kg.Mention{Kind: kg.KindMetric, EntityID: disputes.ID, Metric: &kg.Metric{Label: "调解纠纷", Value: 474, Unit: "件"}}), {Text: ",其中"},
				piece("100件", kg.Mention{Kind: kg.KindMetric, Metric: &kg.Metric{Label: "其中", Value: 100, Unit: "件"}}),
			},
		},
	})
	whole := slices.IndexFunc(f.Mentions, func(m kg.Mention) bool { return m.Quote == "474件" })
	part := slices.IndexFunc(f.Mentions, func(m kg.Mention) bool { return m.Quote == "100件" })
	f.Mentions[part].Metric.ParentID = f.Mentions[whole].ID
	return f
}

// TestShape asks what people ask who open the graph in Neo4j's own tools.
func TestShape(t *testing.T) {
	cfg := neo4jtest.Server(t)
	s := open(t, cfg)
	ctx := context.Background()
	if _, err := s.Apply(ctx, []kg.Facts{cityReport(2023, kg.StatusQuantified)}); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string][][]any{
		`MATCH (r:Report)-[:ISSUED_BY]->(j:Jurisdiction)-[:PART_OF]->(p:Jurisdiction)
		 RETURN r.title, r.year, r.published, r.composed, r.department, j.name, j.code, j.level, j.fullName, p.name`: {
			{"临湖市法治政府建设情况报告", int64(2023), "2024-01-31", true, nil, "临湖市", "9701", "PREFECTURE", "云岭省临湖市", "云岭省"}},
		`MATCH (:Report)-[m:MENTIONS]->(p:Practice) RETURN p.name, m.status, m.quote, m.start, m.end, m.rule ORDER BY m.start`: {
			{"枫桥式派出所", "QUANTIFIED", "枫桥式派出所", int64(14), int64(20), "composed"},
			{"三所联动", "PLANNED", "三所联动", int64(21), int64(25), "composed"}},
		`MATCH (r:Report)-[m]->() WHERE m.quote IS NOT NULL
		 RETURN count(m), count(DISTINCT m.id), collect(DISTINCT substring(r.text, m.start, m.end - m.start) = m.quote)`: {
			{int64(8), int64(8), []any{true}}},
		`MATCH (j:Jurisdiction)-[a:ADOPTED]->(p:Practice) RETURN j.name, p.name, a.since`: {{"临湖市", "枫桥式派出所", int64(2023)}},
		`MATCH (:Practice {name: '枫桥式派出所'})-[:VARIANT_OF]->(p:Practice) RETURN p.name`:    {{"枫桥经验"}},
		`MATCH (:Report)-[c:CITES]->(l:Law)-[:ISSUED_BY]->(j:Jurisdiction) RETURN l.name, l.type, c.article, j.name`: {
			{"物业管理规定", "POLICY", "第二条", "临湖市"}},
		`MATCH (:Report)-[:RETAINS]->(f:LawFirm) RETURN f.name`:                                          {{"云岭正衡律师事务所"}},
		`MATCH (:Report)-[:NAMES]->(j:Jurisdiction) RETURN j.name`:                                       {{"云岭省"}},
		`MATCH (:Report)-[:READ_FROM]->(s:Source) RETURN s.location`:                                     {{"composed.txt"}},
		`MATCH (:Report)-[:HAS_PASSAGE]->(p) WHERE p.section IS NOT NULL RETURN p.text, p.end - p.start`: {{"枫桥式派出所和三所联动", int64(11)}},
		`MATCH (:Report)-[s:STATES]->(m:Metric)-[:MEASURES]->(i:Indicator) RETURN i.name, m.value, m.unit, s.quote`: {
			{"调解纠纷数", 474.0, "件", "474件"}},
		`MATCH (m:Metric)-[:PART_OF]->(w:Metric) RETURN m.value, w.value`: {{100.0, 474.0}},
		`MATCH (:Report)-[o:LEAVES_OPEN]->(u:Unresolved)-[:CANDIDATE]->(j) WITH o, u, j ORDER BY j.id
		 RETURN u.kind, o.quote, collect(j.name)`: {{"JURISDICTION", "临湖", []any{"云岭省", "临湖市"}}},
		`MATCH (r:Report)-[m:MENTIONS]->(p:Practice {name: '枫桥式派出所'})
		 RETURN p.reportCount, p.mentionCount`: {{int64(1), int64(1)}},
	} {
		if got := cypher(t, cfg, query); !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\ngot  %v\nwant %v", query, got, want)
		}
	}

	// What is summed up follows what is stored.
	earlier := cityReport(2021, kg.StatusImplemented)
	earlier.Report.Sources[0].Location = "earlier.txt"
	earlier.Report.ID = kg.ReportID("earlier")
	for i := range earlier.Mentions {
		m := &earlier.Mentions[i]
		m.ReportID, m.ID = earlier.Report.ID, kg.MentionID(earlier.Report.ID, m.Kind, m.Span)
		if m.Metric != nil {
			m.Metric.ParentID = ""
		}
	}
	since := func(want ...any) {
		t.Helper()
		var got []any
		for _, row := range cypher(t, cfg, `MATCH (:Jurisdiction)-[a:ADOPTED]->(:Practice) RETURN a.since`) {
			got = append(got, row[0])
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("adopted since %v, want %v", got, want)
		}
	}
	if _, err := s.Apply(ctx, []kg.Facts{earlier}); err != nil {
		t.Fatal(err)
	}
	since(int64(2021))
	if _, err := s.Remove(ctx, []string{earlier.Report.ID}); err != nil {
		t.Fatal(err)
	}
	since(int64(2023))
	if _, err := s.Apply(ctx, []kg.Facts{cityReport(2023, kg.StatusReferred)}); err != nil {
		t.Fatal(err)
	}
	since()
	if _, err := s.Remove(ctx, []string{cityReport(2023, kg.StatusNone).Report.ID}); err != nil {
		t.Fatal(err)
	}
	left := cypher(t, cfg, `MATCH (n) WHERE NOT n:GraphdTest RETURN DISTINCT labels(n)`)
	if want := [][]any{{[]any{"Graphd"}}}; !reflect.DeepEqual(left, want) {
		t.Errorf("after the last report was removed %v are left, want %v", left, want)
	}
}
