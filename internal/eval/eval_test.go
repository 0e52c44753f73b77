package eval_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"graphd/internal/eval"
	"graphd/internal/kg"
	"graphd/internal/lines"
)

// The text is composed; it is no published report.
const text = `(本文为编写的示例,并非政府发布的报告)
东镇与西镇推行“枫桥经验”,建成“东镇法治号”,依据《行政处罚法》《东镇办法》,聘请甲律师事务所,
共化解纠纷一百件,调解约20件,计划培训300人次。`

func place(quote string) lines.Place {
	before, _, ok := strings.Cut(text, quote)
	if !ok {
		panic(quote)
	}
	start := len([]rune(before))
	return lines.Place{Start: start, End: start + len([]rune(quote)), Quote: quote}
}

func ref[T any](v T) *T { return &v }

const gold = `{"file": "a.txt", "issuer": {"name": "东镇", "code": "330212001"}, "year": 2023, "published": "2024-01-02",
 "jurisdictions": [{"name": "东镇", "code": "330212001", "quote": "东镇"}, {"name": "西镇", "code": null, "quote": "西镇"}],
 "laws": [{"title": "行政处罚法", "type": "LAW", "quote": "《行政处罚法》"},
          {"title": "东镇执法办法", "accept": ["东镇办法"], "type": "POLICY", "accept_type": ["RULE"], "quote": "《东镇办法》"},
          {"title": "无", "type": "LAW", "quote": "行政", "optional": true}],
 "practices": [{"name": "枫桥经验", "status": "IMPLEMENTED", "scope": "NATIONAL", "quote": "“枫桥经验”"},
               {"name": "东镇法治", "status": "HONOURED", "scope": "LOCAL", "quote": "东镇法治"}],
 "firms": [{"name": "甲律师事务所", "quote": "甲律师事务所"}],
 "metrics": [{"context": "化解纠纷一百件", "quote": "一百件", "value": 100, "unit": "件", "label": "化解纠纷", "must": [["化解", "调解"], ["纠纷"]]},
             {"context": "调解约20件", "quote": "20件", "value": 20, "unit": "件", "label": "调解", "must": [["调解"]], "approximate": true},
             {"context": "培训300人次", "quote": "300人次", "value": 300, "unit": "人次", "label": "培训", "must": [["培训"]], "target": true}]}`

// right is the answer that the gold one asks for.
func right() eval.Answer {
	head := lines.Head{File: "a.txt"}
	return eval.Answer{Text: text, Document: lines.Document{
		Report: lines.Report{Head: head, Issuer: lines.Issuer{Code: ref("330212001")}, Year: ref(2023), Published: ref("2024-01-02")},
		Mentions: []any{
			&lines.Jurisdiction{Head: head, Name: "东镇", Code: ref("330212001"), Place: place("东镇")},
			&lines.Jurisdiction{Head: head, Name: "西镇", Place: place("西镇")},
			&lines.Practice{Head: head, Name: "枫桥经验", Status: "IMPLEMENTED", Place: place("枫桥经验")},
			&lines.Practice{Head: head, Name: "东镇法治号", Status: "HONOURED", Place: place("东镇法治号")},
			&lines.Law{Head: head, Title: "中华人民共和国行政处罚法", Type: kg.LawLaw, Place: place("《行政处罚法》")},
			&lines.Law{Head: head, Title: "东镇办法", Type: kg.LawRule, Place: place("《东镇办法》")},
			&lines.Firm{Head: head, Name: "甲律师事务所", Place: place("甲律师事务所")},
			&lines.Metric{Head: head, Label: "化解纠纷数", Value: 100, Unit: "件", Place: place("一百件")},
			&lines.Metric{Head: head, Label: "调解", Value: 20, Unit: "件", Approximate: true, Place: place("20件")},
			&lines.Metric{Head: head, Label: "培训", Value: 300, Unit: "人次", Target: true, Place: place("300人次")},
		},
	}}
}

func readGold(t *testing.T, contents string) []eval.Gold {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.json"), []byte(contents), 0o600); err != nil {
		t.Fatal(err)
	}
	golds, err := eval.ReadGold(dir)
	if err != nil {
		t.Fatal(err)
	}
	return golds
}

// Each change of the right answer must show in the scores it touches, and in
// no other.
func TestCompare(t *testing.T) {
	perfect := map[string]eval.Score{
		"issuer": {Right: 1}, "year": {Right: 1}, "published": {Right: 1}, "jurisdiction": {Right: 2}, "law": {Right: 2}, "law+type": {Right: 2},
		"practice": {Right: 2}, "practice+status": {Right: 2}, "firm": {Right: 1}, "metric": {Right: 3}, "metric+label": {Right: 3},
	}
	without := func(i int) func(*eval.Answer) {
		return func(a *eval.Answer) { a.Mentions = slices.Delete(a.Mentions, i, i+1) }
	}
	for _, tt := range []struct {
		name   string
		change func(*eval.Answer)
		want   map[string]eval.Score // where not perfect
		say    string                // the finding; "" for none
	}{
		{"right", func(*eval.Answer) {}, nil, ""},
		{"wrong issuer", func(a *eval.Answer) { a.Report.Issuer.Code = nil }, map[string]eval.Score{"issuer": {0, 1, 1}},
			"WRONG issuer          a.txt: null, should be 330212001"},
		{"wrong year", func(a *eval.Answer) { a.Report.Year = ref(2022) }, map[string]eval.Score{"year": {0, 1, 1}},
			"WRONG year            a.txt: 2022, should be 2023"},
		{"no date", func(a *eval.Answer) { a.Report.Published = nil }, map[string]eval.Score{"published": {0, 1, 1}},
			"WRONG published       a.txt: null, should be 2024-01-02"},
		{"jurisdiction by name without its code", func(a *eval.Answer) { a.Mentions[0].(*lines.Jurisdiction).Code = nil },
			map[string]eval.Score{"jurisdiction": {1, 1, 1}}, "MISS  jurisdiction    a.txt:21-23: 东镇 «东镇»\nFALSE jurisdiction    a.txt:21-23: 东镇 «东镇»"},
		{"law missed", without(5), map[string]eval.Score{"law": {1, 0, 1}, "law+type": {Right: 1}},
			"MISS  law             a.txt:54-60: 东镇执法办法 «《东镇办法》»"},
		{"law of the wrong type", func(a *eval.Answer) { a.Mentions[5].(*lines.Law).Type = kg.LawLaw }, map[string]eval.Score{"law+type": {1, 1, 1}},
			"WRONG law+type        a.txt:54-60: 东镇执法办法 is said to be LAW, should be POLICY"},
		{"optional law found", func(a *eval.Answer) {
			a.Mentions = append(a.Mentions, &lines.Law{Title: "无", Place: place("行政")})
		}, nil, ""},
		{"one false practice, twice", func(a *eval.Answer) {
			for range 2 {
				a.Mentions = append(a.Mentions, &lines.Practice{Name: "一网通办", Status: "PLANNED", Place: place("计划")})
			}
		}, map[string]eval.Score{"practice": {2, 1, 0}}, "FALSE practice        a.txt:87-89: 一网通办 «计划»"},
		{"weak status", func(a *eval.Answer) { a.Mentions[2].(*lines.Practice).Status = "REFERRED" }, map[string]eval.Score{"practice+status": {1, 1, 1}},
			"WRONG practice+status a.txt:29-33: 枫桥经验 is said to be REFERRED, should be IMPLEMENTED"},
		{"firm missed", without(6), map[string]eval.Score{"firm": {0, 0, 1}}, "MISS  firm            a.txt:63-69: 甲律师事务所 «甲律师事务所»"},
		{"figure of another value", func(a *eval.Answer) { a.Mentions[7].(*lines.Metric).Value = 1 },
			map[string]eval.Score{"metric": {2, 1, 1}, "metric+label": {2, 1, 1}},
			"MISS  metric          a.txt:76-79: 100 件 in «化解纠纷一百件»\nFALSE metric          a.txt:76-79: 化解纠纷数 «一百件»"},
		{"figure elsewhere", func(a *eval.Answer) {
			a.Mentions[8].(*lines.Metric).Place = lines.Place{Start: 1, End: 3, Quote: "20件"}
		},
			map[string]eval.Score{"metric": {2, 1, 1}, "metric+label": {2, 1, 1}},
			"MISS  metric          a.txt:83-86: 20 件 in «调解约20件»\nFALSE metric          a.txt:1-3: 调解 «20件»"},
		{"figure that is a plan", func(a *eval.Answer) { a.Mentions[9].(*lines.Metric).Target = false }, map[string]eval.Score{"metric+label": {2, 1, 1}},
			"WRONG metric+label    a.txt:91-96: «培训300人次» is told as label 培训, unit 人次, approximate false, target false"},
		{"label that says too little", func(a *eval.Answer) { a.Mentions[7].(*lines.Metric).Label = "纠纷" }, map[string]eval.Score{"metric+label": {2, 1, 1}},
			"WRONG metric+label    a.txt:76-79: «化解纠纷一百件» is told as label 纠纷, unit 件, approximate false, target false"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := right()
			tt.change(&a)
			res := eval.Compare(readGold(t, gold), []eval.Answer{a})
			want := maps.Clone(perfect)
			maps.Copy(want, tt.want)
			for _, aspect := range eval.Aspects {
				if res.Scores[aspect] != want[aspect] {
					t.Errorf("%s: %+v, want %+v", aspect, res.Scores[aspect], want[aspect])
				}
			}
			var said []string
			for _, f := range res.Findings {
				said = append(said, f.String())
			}
			if got := strings.Join(said, "\n"); got != tt.say {
				t.Errorf("said:\n%s\nwant:\n%s", got, tt.say)
			}
		})
	}
}

func TestUndecidableIssuer(t *testing.T) {
	golds := readGold(t, `{"file": "a.txt", "issuer": {"name": "东镇", "code": null, "candidates": ["1", "2"]}, "year": null}`)
	for _, tt := range []struct {
		issuer lines.Issuer
		right  int
	}{
		{lines.Issuer{Ambiguous: true, Candidates: []string{"1", "2", "3"}}, 1},
		{lines.Issuer{Ambiguous: true, Candidates: []string{"1"}}, 0},
		{lines.Issuer{Candidates: []string{"1", "2"}}, 0},
		{lines.Issuer{Code: ref("1")}, 0},
	} {
		a := eval.Answer{Document: lines.Document{Report: lines.Report{Head: lines.Head{File: "a.txt"}, Issuer: tt.issuer}}}
		if got := eval.Compare(golds, []eval.Answer{a}).Scores["issuer"]; got.Right != tt.right {
			t.Errorf("%+v: %+v", tt.issuer, got)
		}
	}
}

// Gold answers without a file count as missed, files without gold answers not
// at all, and the result names both.
func TestUnmatchedFiles(t *testing.T) {
	a := right()
	a.Report.File = "b.txt"
	res := eval.Compare(readGold(t, gold), []eval.Answer{a})
	if s := res.Scores["law"]; s != (eval.Score{Missed: 2}) {
		t.Errorf("law: %+v", s)
	}
	if !slices.Equal(res.Unjudged, []string{"b.txt"}) || !slices.Equal(res.Unanswered, []string{"a.txt"}) {
		t.Errorf("unjudged %q, unanswered %q", res.Unjudged, res.Unanswered)
	}
}

func TestTable(t *testing.T) {
	res := eval.Result{Scores: map[string]eval.Score{"law": {Right: 9, False: 3, Missed: 1}}}
	var b strings.Builder
	if err := res.Table(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"law              P 0.750  R 0.900  F1 0.818   (9 right, 3 false, 1 missed)\n",
		"firm             P 1.000  R 1.000  F1 1.000   (0 right, 0 false, 0 missed)\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no line %q in\n%s", want, b.String())
		}
	}
}

func TestReadGoldRefuses(t *testing.T) {
	empty, broken := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(broken, "a.json"), []byte(`{"file": 1}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{empty, broken, filepath.Join(empty, "none")} {
		if _, err := eval.ReadGold(dir); kg.CodeOf(err) != kg.CodeUnreadable {
			t.Errorf("%s: %v", dir, err)
		}
	}
}
