package storetest

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"graphd/internal/kg"
	"graphd/internal/store"
)

func (s *suite) evidence(t *testing.T) {
	got := s.open(t)
	ctx := context.Background()
	upper := 40.5
	f := Compose(Draft{
		Location: "a.txt", Extractor: "1", Chrome: "\ufeff首页", Issuer: town, Year: 2022, Title: "法治報告", Sections: []string{"", "一、做法"},
		Sentences: []Sentence{
			{plain("推廣"), names("“楓橋經驗”", maple, kg.StatusQuantified), plain("。")},
			{plain("調解"), {Text: "３９至40件", Mention: kg.Mention{Kind: kg.KindMetric, EntityID: disputes.ID, Rule: "range",
				Metric: &kg.Metric{Label: "调解纠纷数", Value: 39, ValueMax: &upper, Unit: "件", Approximate: true, Target: true, Period: "截至10月"}}},
				{Text: "《行政處罰法》", Mention: kg.Mention{Kind: kg.KindLaw, EntityID: code.ID, Article: "第十二条", DocNumber: "临政〔2022〕5号"}},
				{Text: "东岸", Mention: kg.Mention{Kind: kg.KindJurisdiction, Candidates: []string{otherCity.ID, county.ID}}}},
		},
	}.needs())
	mustApply(t, got, f)
	all, err := got.Mentions(ctx, store.MentionQuery{Reports: []string{f.Report.ID}})
	if err != nil {
		t.Fatal(err)
	}
	text := []rune(f.Report.Text)
	var quotes []string
	for i, e := range all {
		quotes = append(quotes, e.Mention.Quote)
		if e.PassageText != string(text[e.Passage.Start:e.Passage.End]) || e.Mention.Quote != string(text[e.Mention.Start:e.Mention.End]) {
			t.Errorf("%+v does not slice the text", e)
		}
		want := f.Mentions[i]
		if want.Candidates != nil {
			want.Candidates = []string{county.ID, otherCity.ID}
		}
		mustEqual(t, "mention", e.Mention, want)
		mustEqual(t, "passage", e.Passage, f.Report.Passages[e.Mention.Passage])
	}
	mustEqual(t, "quotes", quotes, []string{"“楓橋經驗”", "３９至40件", "《行政處罰法》", "东岸"})
	undecided, err := got.Mentions(ctx, store.MentionQuery{Reports: []string{f.Report.ID}, Unresolved: true})
	if err != nil || len(undecided) != 1 || undecided[0].Mention.Quote != "东岸" {
		t.Fatalf("undecided: %v, %v", undecided, err)
	}
	none, err := got.Mentions(ctx, store.MentionQuery{Reports: []string{f.Report.ID}, Entities: []string{firm.ID}})
	if err != nil || len(none) != 0 {
		t.Fatalf("of a firm: %v, %v", none, err)
	}
}

// pageValues walks q and lists the elements' first sort keys, in order.
func pageValues(t T, s store.Store, q store.PageQuery) []any {
	t.Helper()
	var values []any
	for k, err := range store.Seq(context.Background(), s, q, 2) {
		if err != nil {
			t.Fatalf("%v", err)
		}
		values = append(values, k.Values[0])
	}
	return values
}

func (s *suite) pagesOrder(t *testing.T) {
	got := s.open(t)
	for i, title := range []string{"", "a", "Z", "﨑山", "𠮷野", "é", "e"} {
		mustApply(t, got, Compose(Draft{Location: fmt.Sprint(i), Title: title, Year: (i % 3) * 1000, Sentences: []Sentence{{plain(fmt.Sprint(i))}}}))
	}
	mustEqual(t, "titles", pageValues(t, got, store.PageQuery{Of: store.Reports, OrderBy: []store.Order{{Field: "title"}}}),
		[]any{nil, "Z", "a", "e", "é", "﨑山", "𠮷野"})
	mustEqual(t, "titles", pageValues(t, got, store.PageQuery{Of: store.Reports, OrderBy: []store.Order{{Field: "title", Desc: true}}}),
		[]any{"𠮷野", "﨑山", "é", "e", "a", "Z", nil})
	mustEqual(t, "years", pageValues(t, got, store.PageQuery{Of: store.Reports, OrderBy: []store.Order{{Field: "year", Desc: true}, {Field: "title"}}}),
		[]any{int64(2000), int64(2000), int64(1000), int64(1000), nil, nil, nil})
	mustEqual(t, "some", pageValues(t, got, store.PageQuery{Of: store.Reports, OrderBy: []store.Order{{Field: "title"}},
		Where: &store.Filter{Field: "title", Op: store.OpGt, Value: "é"}}), []any{"﨑山", "𠮷野"})
	mustEqual(t, "some", pageValues(t, got, store.PageQuery{Of: store.Reports, OrderBy: []store.Order{{Field: "year"}, {Field: "title"}},
		Where: &store.Filter{Not: &store.Filter{Field: "year", Op: store.OpGte, Value: 1000}}}), []any{nil, nil, nil})
	page, err := got.Page(context.Background(), store.PageQuery{Of: store.Reports, Limit: 0})
	if err != nil || page.Total != 7 || len(page.Keys) != 0 || !page.HasNext || page.HasPrevious {
		t.Fatalf("an empty page: %+v, %v", page, err)
	}
}

func (s *suite) cursors(t *testing.T) {
	got := s.open(t)
	ctx := context.Background()
	var docs []kg.Facts
	for year := 2015; year < 2022; year++ {
		docs = append(docs, townReport(fmt.Sprint(year), year, Sentence{plain("推进依法行政")}))
	}
	mustApply(t, got, docs...)
	q := store.PageQuery{Of: store.Reports, OrderBy: []store.Order{{Field: "year"}}, Limit: 3}
	first, err := got.Page(ctx, q)
	if err != nil {
		t.Fatal(err)
	}
	hits, err := got.Search(ctx, store.SearchQuery{Text: "依法行政", Kinds: []store.SearchKind{store.SearchPassage}, Limit: 3})
	if err != nil || len(hits.Hits) != 3 || !hits.HasNext {
		t.Fatalf("%v, %v", hits, err)
	}
	if _, err := got.Remove(ctx, []string{first.Keys[2].ID, hits.Hits[2].ReportID}); err != nil {
		t.Fatal(err)
	}
	q.After = &first.Keys[2]
	next, err := got.Page(ctx, q)
	if err != nil || len(next.Keys) != 3 || next.HasNext || next.Keys[0].Values[0] != int64(2018) || !next.HasPrevious || next.Total != 5 {
		t.Fatalf("after a removed element: %+v, %v", next, err)
	}
	q.After, q.Before, q.Backward = nil, &first.Keys[2], true
	back, err := got.Page(ctx, q)
	if err != nil || len(back.Keys) != 2 || back.Keys[1].Values[0] != int64(2016) || !back.HasNext || back.HasPrevious {
		t.Fatalf("before a removed element: %+v, %v", back, err)
	}
	more, err := got.Search(ctx, store.SearchQuery{Text: "依法行政", Kinds: []store.SearchKind{store.SearchPassage}, Limit: 3, After: hits.Hits[2].Cursor})
	if err != nil || len(more.Hits) != 3 || more.HasNext || !strings.Contains(more.Hits[0].Name, "2018") {
		t.Fatalf("after a removed hit: %+v, %v", more, err)
	}
}

func (s *suite) wrongQuestions(t *testing.T) {
	got := s.open(t)
	ctx := context.Background()
	where := func(f store.Filter) store.PageQuery { return store.PageQuery{Of: store.Reports, Where: &f, Limit: 1} }
	deep := store.Filter{Field: "year", Op: store.OpEq, Value: 1}
	for range store.MaxConditions {
		deep = store.Filter{Not: &store.Filter{And: []store.Filter{deep}}}
	}
	for name, q := range map[string]store.PageQuery{
		"collection":       {Of: "THINGS", Limit: 1},
		"limit":            {Of: store.Reports, Limit: -1},
		"field":            where(store.Filter{Field: "text", Op: store.OpEq, Value: "a"}),
		"injection":        where(store.Filter{Field: "title) OR (1=1", Op: store.OpEq, Value: "a"}),
		"operator":         where(store.Filter{Field: "year", Op: store.OpContains, Value: "2"}),
		"no operator":      where(store.Filter{Field: "year", Value: 2}),
		"type":             where(store.Filter{Field: "year", Op: store.OpEq, Value: "2020"}),
		"list":             where(store.Filter{Field: "year", Op: store.OpIn, Value: 2020}),
		"absent in a list": where(store.Filter{Field: "year", Op: store.OpIn, Value: []any{nil}}),
		"less than absent": where(store.Filter{Field: "year", Op: store.OpLt}),
		"two forms":        where(store.Filter{And: []store.Filter{}, Or: []store.Filter{}}),
		"too deep":         where(deep),
		"not a number":     {Of: store.Metrics, Where: &store.Filter{Field: "value", Op: store.OpLt, Value: math.NaN()}, Limit: 1},
		"order":            {Of: store.Reports, OrderBy: []store.Order{{Field: "text"}}, Limit: 1},
		"order by names":   {Of: store.Laws, OrderBy: []store.Order{{Field: "names"}}, Limit: 1},
		"order by a bool":  {Of: store.Reports, OrderBy: []store.Order{{Field: "composed"}}, Limit: 1},
		"cursor":           {Of: store.Reports, After: &store.Key{Values: []any{1}}, Limit: 1},
		"cursor's type":    {Of: store.Reports, OrderBy: []store.Order{{Field: "year"}}, Before: &store.Key{Values: []any{"x"}}, Limit: 1},
	} {
		if _, err := got.Page(ctx, q); kg.CodeOf(err) != kg.CodeUsage {
			t.Errorf("page, wrong %s: got %v, want %s", name, err, kg.CodeUsage)
		}
	}
	for name, q := range map[string]store.SearchQuery{
		"empty":  {Limit: 1},
		"blank":  {Text: " \u3000“”", Limit: 1},
		"bytes":  {Text: "\xff", Limit: 1},
		"kind":   {Text: "依法", Kinds: []store.SearchKind{"THING"}, Limit: 1},
		"limit":  {Text: "依法"},
		"cursor": {Text: "依法", After: "???", Limit: 1},
		"before": {Text: "依法", Before: "e30=", Limit: 1},
	} {
		if _, err := got.Search(ctx, q); kg.CodeOf(err) != kg.CodeUsage {
			t.Errorf("search, wrong %s: got %v, want %s", name, err, kg.CodeUsage)
		}
	}
	for _, q := range []store.MentionQuery{{}, {Kinds: []kg.Kind{kg.KindLaw}}, {Reports: []string{"report:1"}, Kinds: []kg.Kind{"THING"}}} {
		if _, err := got.Mentions(ctx, q); kg.CodeOf(err) != kg.CodeUsage {
			t.Errorf("mentions %+v: got %v, want %s", q, err, kg.CodeUsage)
		}
	}
}

// found says where a text is found: passages and names, with the spans marked.
func found(t T, s store.Store, q store.SearchQuery) []string {
	t.Helper()
	var list []string
	for q.Limit = 2; ; {
		page, err := s.Search(context.Background(), q)
		if err != nil {
			t.Fatalf("search %q: %v", q.Text, err)
		}
		for _, h := range page.Hits {
			text := h.Name
			if h.Kind == store.SearchPassage {
				text = h.PassageText
			}
			runes := []rune(text)
			for i := len(h.Spans) - 1; i >= 0; i-- {
				sp := h.Spans[i]
				runes = []rune(string(runes[:sp.Start]) + "<" + string(runes[sp.Start:sp.End]) + ">" + string(runes[sp.End:]))
			}
			list = append(list, string(h.Kind)+" "+string(runes))
			q.After = h.Cursor
		}
		if !page.HasNext {
			return list
		}
	}
}

func (s *suite) search(t *testing.T) {
	got := s.open(t)
	mustApply(t, got,
		Compose(Draft{Location: "a", Sentences: []Sentence{
			{plain("堅持依法行政,推廣新時代“楓橋經驗”。")},
			{plain("全面推行")}, {plain("依法办事,行"), plain("依规")},
			{plain("依　法治镇,ＡＢＣ达１００％")}, {plain(`查询 "a_b%c*d" \e [x] (y) {z} ~1 && || ! ^2 : / ? + - NOT`)},
			{plain("你好😀,😀😀。𠮷野")}, {plain("法")},
		}}))
	for text, want := range map[string][]string{
		"依法":         {"PASSAGE 堅持<依法>行政,推廣新時代“楓橋經驗”。", "PASSAGE <依法>办事,行依规", "PASSAGE <依　法>治镇,ＡＢＣ达１００％"},
		"依法行政":       {"PASSAGE 堅持<依法行政>,推廣新時代“楓橋經驗”。"},
		"枫桥经验":       {"PASSAGE 堅持依法行政,推廣新時代“<楓橋經驗>”。"},
		"「楓橋」 經驗":    {"PASSAGE 堅持依法行政,推廣新時代“<楓橋經驗>”。"},
		"新时代枫桥经验":    {"PASSAGE 堅持依法行政,推廣<新時代“楓橋經驗>”。"},
		"行依":         {"PASSAGE 依法办事,<行依>规"},
		"行政依法":       nil,
		"依行":         nil,
		"行依法":        nil,
		"法":          {"PASSAGE 堅持依<法>行政,推廣新時代“楓橋經驗”。", "PASSAGE 依<法>办事,行依规", "PASSAGE 依　<法>治镇,ＡＢＣ达１００％", "PASSAGE <法>"},
		"abc达100%":   {"PASSAGE 依　法治镇,<ＡＢＣ达１００％>"},
		"规":          {"PASSAGE 依法办事,行依<规>"},
		"%":          {"PASSAGE 依　法治镇,ＡＢＣ达１００<％>", `PASSAGE 查询 "a_b<%>c*d" \e [x] (y) {z} ~1 && || ! ^2 : / ? + - NOT`},
		"b%c*":       {`PASSAGE 查询 "a_<b%c*>d" \e [x] (y) {z} ~1 && || ! ^2 : / ? + - NOT`},
		"b_c":        nil,
		"a%c":        nil,
		"*":          {`PASSAGE 查询 "a_b%c<*>d" \e [x] (y) {z} ~1 && || ! ^2 : / ? + - NOT`},
		`d" \E`:      {`PASSAGE 查询 "a_b%c*<d" \e> [x] (y) {z} ~1 && || ! ^2 : / ? + - NOT`},
		"{z} ~1 &&":  {`PASSAGE 查询 "a_b%c*d" \e [x] (y) <{z} ~1 &&> || ! ^2 : / ? + - NOT`},
		": / ? + -":  {`PASSAGE 查询 "a_b%c*d" \e [x] (y) {z} ~1 && || ! ^2 <: / ? + -> NOT`},
		"not":        {`PASSAGE 查询 "a_b%c*d" \e [x] (y) {z} ~1 && || ! ^2 : / ? + - <NOT>`},
		"依法 OR 法":    nil,
		"😀":          {"PASSAGE 你好<😀>,<😀><😀>。𠮷野"},
		"😀😀":         {"PASSAGE 你好😀,<😀😀>。𠮷野"},
		"𠮷":          {"PASSAGE 你好😀,😀😀。<𠮷>野"},
		"':; DROP '": nil,
	} {
		list := found(t, got, store.SearchQuery{Text: text})
		if strings.Join(list, "\n") != strings.Join(want, "\n") {
			t.Errorf("%q: found\n%s\nwant\n%s", text, strings.Join(list, "\n"), strings.Join(want, "\n"))
		}
	}
	long := strings.Repeat("依法行政", 5000)
	mustEqual(t, "a long text", found(t, got, store.SearchQuery{Text: long}), []string(nil))
	mustApply(t, got, Compose(Draft{Location: "b", Sentences: []Sentence{{plain("甲" + long + "乙")}}}))
	mustEqual(t, "a long text", found(t, got, store.SearchQuery{Text: long + "乙"}), []string{"PASSAGE 甲<" + long + "乙>"})
}

func (s *suite) searchOrder(t *testing.T) {
	got := s.open(t)
	mustApply(t, got,
		townReport("a", 2021, Sentence{names("枫桥经验", maple, kg.StatusPlanned)}),
		townReport("b", 2023, Sentence{names("枫桥式派出所", station, kg.StatusPlanned)}),
		townReport("c", 0, Sentence{plain("枫桥经验"), names("东岸市", otherCity, 0)}),
	)
	for name, test := range map[string]struct {
		q    store.SearchQuery
		want []string
	}{
		"exact first": {store.SearchQuery{Text: "枫桥经验"}, []string{"PRACTICE <枫桥经验>", "PASSAGE <枫桥经验>", "PASSAGE <枫桥经验>东岸市"}},
		"by alias":    {store.SearchQuery{Text: "新时代枫桥经验"}, []string{"PRACTICE 枫桥经验"}},
		"full name":   {store.SearchQuery{Text: "雲嶺省临湖市东岸区"}, []string{"JURISDICTION 东岸区"}},
		"from above":  {store.SearchQuery{Text: "市东岸"}, []string{"JURISDICTION 东岸区"}},
		"those above": {store.SearchQuery{Text: "云岭省临湖市"}, []string{"JURISDICTION 临湖市"}},
		"kinds":       {store.SearchQuery{Text: "东岸"}, []string{"JURISDICTION <东岸>区", "JURISDICTION <东岸>市", "PASSAGE 枫桥经验<东岸>市"}},
		"titles":      {store.SearchQuery{Text: "𠮷野镇", Kinds: []store.SearchKind{store.SearchReport}}, []string{"REPORT <𠮷野镇>2023年法治政府建设情况报告", "REPORT <𠮷野镇>2021年法治政府建设情况报告", "REPORT <𠮷野镇>0年法治政府建设情况报告"}},
		"title first": {store.SearchQuery{Text: "2023"}, []string{"REPORT 𠮷野镇<2023>年法治政府建设情况报告", "PASSAGE 𠮷野镇<2023>年法治政府建设情况报告"}},
		"years":       {store.SearchQuery{Text: "枫桥", FromYear: 2022, ToYear: 2024}, []string{"PRACTICE <枫桥>式派出所", "PASSAGE <枫桥>式派出所"}},
		"until":       {store.SearchQuery{Text: "枫桥", ToYear: 2022}, []string{"PRACTICE <枫桥>经验", "PASSAGE <枫桥>经验"}},
		"within":      {store.SearchQuery{Text: "枫桥", Within: county.ID, Kinds: []store.SearchKind{store.SearchPractice}}, []string{"PRACTICE <枫桥>式派出所", "PRACTICE <枫桥>经验"}},
		"elsewhere":   {store.SearchQuery{Text: "枫桥", Within: otherCity.ID}, nil},
		"places":      {store.SearchQuery{Text: "东岸", Within: otherProvince.ID}, []string{"JURISDICTION <东岸>市"}},
		"place years": {store.SearchQuery{Text: "东岸", FromYear: 2021}, nil},
	} {
		list := found(t, got, test.q)
		if strings.Join(list, "\n") != strings.Join(test.want, "\n") {
			t.Errorf("%s: found\n%s\nwant\n%s", name, strings.Join(list, "\n"), strings.Join(test.want, "\n"))
		}
	}
}

// candidates stay what a mention may mean: lists and searches have only what
// reports name, or are from, and what that refers to.
func (s *suite) candidates(t *testing.T) {
	got := s.open(t)
	ctx := context.Background()
	f := townReport("a", 2021, Sentence{
		Piece{Text: "东岸", Mention: kg.Mention{Kind: kg.KindJurisdiction, Candidates: []string{county.ID, otherCity.ID}}},
		Piece{Text: "枫桥", Mention: kg.Mention{Kind: kg.KindPractice, Candidates: []string{maple.ID, station.ID}}},
		Piece{Text: "《规定》", Mention: kg.Mention{Kind: kg.KindLaw, Candidates: []string{bylaw.ID, sameLaw.ID}}},
	})
	mustApply(t, got, f)
	listed := func() (ids []string) {
		for _, of := range []store.Collection{store.Jurisdictions, store.Practices, store.Laws} {
			for k, err := range store.Seq(ctx, got, store.PageQuery{Of: of}, 2) {
				if err != nil {
					t.Fatal(err)
				}
				ids = append(ids, k.ID)
			}
		}
		return ids
	}
	chain := []string{province.ID, city.ID, county.ID, town.ID}
	mustEqual(t, "listed", listed(), chain)
	mustEqual(t, "found", found(t, got, store.SearchQuery{Text: "东岸", Kinds: []store.SearchKind{store.SearchJurisdiction}}), []string{"JURISDICTION <东岸>区"})
	mustEqual(t, "found", found(t, got, store.SearchQuery{Text: "枫桥", Kinds: []store.SearchKind{store.SearchPractice}}), []string(nil))
	page, err := got.Page(ctx, store.PageQuery{Of: store.Jurisdictions, Where: &store.Filter{Field: "parent", Op: store.OpEq, Value: otherProvince.ID}, Limit: 5})
	if err != nil || page.Total != 0 {
		t.Fatalf("below what only candidates are in: %+v, %v", page, err)
	}
	if held, err := got.Entities(ctx, []string{otherCity.ID, maple.ID}); err != nil || len(held) != 2 {
		t.Fatalf("candidates by ID: %v, %v", held, err)
	}
	mustApply(t, got, townReport("b", 2022, Sentence{names("枫桥式派出所", station, kg.StatusPlanned), names("物业管理规定", sameLaw, 0)}))
	mustEqual(t, "listed once named", listed(), append(chain, otherProvince.ID, otherCity.ID, station.ID, maple.ID, sameLaw.ID))
}

// longLists asks for far more IDs than a statement can have parameters.
func (s *suite) longLists(t *testing.T) {
	got := s.open(t)
	ctx := context.Background()
	f := townReport("a.txt", 2021, Sentence{names("枫桥经验", maple, kg.StatusPlanned)})
	mustApply(t, got, f)
	const n = 40_000
	list := func(last string) []string {
		ids := make([]string, n)
		for i := range ids {
			ids[i] = fmt.Sprintf("none:%d", i)
		}
		return append(ids, last)
	}
	reports, err := got.Reports(ctx, list(f.Report.ID), false)
	if err != nil || len(reports) != 1 {
		t.Fatalf("%d reports, %v", len(reports), err)
	}
	entities, err := got.Entities(ctx, list(maple.ID))
	if err != nil || len(entities) != 1 {
		t.Fatalf("%d entities, %v", len(entities), err)
	}
	mentions, err := got.Mentions(ctx, store.MentionQuery{IDs: list(f.Mentions[0].ID), Reports: list(f.Report.ID), Entities: list(maple.ID)})
	if err != nil || len(mentions) != 1 {
		t.Fatalf("%d mentions, %v", len(mentions), err)
	}
	sources, err := got.Sources(ctx, list("a.txt"))
	if err != nil || len(sources) != 1 {
		t.Fatalf("%d sources, %v", len(sources), err)
	}
	page, err := got.Page(ctx, store.PageQuery{Of: store.Reports, Where: &store.Filter{Field: "id", Op: store.OpIn, Value: list(f.Report.ID)}, Limit: 5})
	if err != nil || page.Total != 1 {
		t.Fatalf("%+v, %v", page, err)
	}
	removed, err := got.Remove(ctx, list(f.Report.ID))
	if err != nil || removed != 1 {
		t.Fatalf("%d removed, %v", removed, err)
	}
}
