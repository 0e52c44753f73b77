package comparison

import (
	"slices"
	"strings"
	"testing"

	"graphd/internal/fold"
	"graphd/internal/kg"
	"graphd/internal/linker/registry"
)

func TestPeriodData(t *testing.T) {
	classes := []Class{Year, Part, Until, Cumulative, Moment, previous, since}
	for i, p := range periodPatterns {
		if !slices.Contains(classes, p.class) {
			t.Errorf("line %d: %q is no class", i, p.class)
		}
		if !p.pattern.MatchString(p.example) {
			t.Errorf("%s does not fit its example %s", p.pattern, p.example)
		}
		for _, earlier := range periodPatterns[:i] {
			if earlier.pattern.MatchString(p.example) {
				t.Errorf("example %s of line %d fits an earlier line", p.example, i)
			}
		}
	}
}

func TestUnitData(t *testing.T) {
	reg, err := registry.Load()
	if err != nil {
		t.Fatal(err)
	}
	indicators := map[string]*registry.Indicator{}
	for in := range reg.Indicators.All() {
		indicators[in.Name] = in
	}
	always := map[string]bool{}
	seen := map[[2]string]bool{}
	for fields := range rows(unitsFile, 3) {
		first, same := fields[0], strings.Split(fields[1], ";")
		if fields[2] == everyIndicator {
			for _, unit := range append(same, first) {
				if unit == "" || always[unit] {
					t.Errorf("unit %q is empty or stands twice", unit)
				}
				always[unit] = true
			}
			continue
		}
		for name := range strings.SplitSeq(fields[2], ";") {
			in, ok := indicators[name]
			if !ok {
				t.Errorf("there is no indicator %q", name)
				continue
			}
			if in.Unit != first {
				t.Errorf("%s is usually counted in %s, not in %s", name, in.Unit, first)
			}
			for _, unit := range same {
				if !slices.Contains(in.Units, unit) {
					t.Errorf("%s is never counted in %q", name, unit)
				}
				if seen[[2]string{name, unit}] || canonicalUnit("", unit) == canonicalUnit("", first) {
					t.Errorf("%s: that %s counts the same as %s is said twice", name, unit, first)
				}
				seen[[2]string{name, unit}] = true
			}
		}
	}
}

func TestOutcomeData(t *testing.T) {
	for fields := range rows(outcomesFile, 2) {
		if fields[0] != "BEFORE" && fields[0] != "OUTCOME" {
			t.Errorf("%q is no kind", fields[0])
		}
	}
	for _, list := range [][]string{outcomes, beforeOutcomes} {
		for i, word := range list {
			if word == "" || word != fold.Name(word) || slices.Contains(list[:i], word) {
				t.Errorf("%q is empty, not canonical or stands twice", word)
			}
		}
	}
}

// What became of a figure is no second total.
func TestOutcomes(t *testing.T) {
	type stated struct {
		label      string
		value      float64
		comparable bool
	}
	for _, figures := range [][]stated{
		{{"调解纠纷", 312, true}, {"调解纠纷成功", 309, false}},
		{{"旅游调解站全年调解纠纷", 203, true}, {"旅游调解站全年调解纠纷当场履行", 188, false}},
		{{"调解纠纷成功", 309, false}, {"调解纠纷", 312, true}},
		{{"调解纠纷", 312, true}, {"调解纠纷成功", 312, false}},
		{{"上级交办信访件", 116, true}, {"上级交办信访件已办结", 105, false}, {"上级转来信访件", 116, false}, {"上级转来信访件办结", 105, false}},
		{{"调解纠纷", 86, true}, {"调解纠纷办成", 84, false}, {"调解纠纷积压", 2, false}},
		{{"调解纠纷", 86, true}, {"调解纠纷办结", 84, false}, {"调解纠纷积压", 6, false}},
		{{"已掌握线索", 27, true}, {"已掌握线索处理", 26, false}, {"已掌握线索正在核查", 1, false}}, // the sum tells
		{{"调解纠纷", 10, true}, {"村里调解纠纷", 4, false}, {"镇里调解纠纷", 6, false}, {"调解纠纷成功", 9, false}},
		{{"调解纠纷", 300, false}, {"调解纠纷成功", 309, false}}, // no more than all can succeed
		{{"全镇调解纠纷", 715, false}, {"化解治安类纠纷", 134, false}},
		{{"调解纠纷", 145, false}, {"调解纠纷上年遗留", 9, false}},
		{{"调解纠纷成功", 309, true}},
	} {
		var of []Figure
		for i, s := range figures {
			of = append(of, figure("report:1", "", 2023, func(m *kg.Metric) { m.Label, m.Value = s.label, s.value }))
			of[i].Mention.Start = i
		}
		for i, v := range Judge(of, disputes) {
			if v.Comparable != figures[i].comparable {
				t.Errorf("%v: %s %v: %t %s", figures, figures[i].label, figures[i].value, v.Comparable, v.Reason)
			}
		}
	}
}

// What counts the same for one indicator may not for another.
func TestUnitsOfIndicators(t *testing.T) {
	for _, tc := range []struct {
		indicator, usual, unit string
		comparable             bool
	}{
		{"合同审查", "件", "份", true},
		{"合同审查", "件", "本", false},
		{"合同审查", "件", "个", false},
		{"合同审查", "件", "次", false},
		{"调解纠纷", "件", "份", false},
		{"规范性文件清理", "件", "份", true},
		{"法律意见", "条", "份", false},
		{"行政检查", "次", "家次", true},
		{"行政检查", "次", "户次", true},
		{"行政检查", "次", "家", false},
		{"行政检查", "次", "户", false},
		{"行政检查", "次", "人次", false},
		{"行政检查", "次", "项次", false},
		{"新登记市场主体", "户", "家", true},
		{"持证执法人员", "名", "个", true},
		{"律师", "名", "个", false},
		{"扫黑除恶线索", "条", "宗", true},
		{"违法建设拆除面积", "平方米", "㎡", true},
		{"违法建设拆除面积", "平方米", "亩", false},
	} {
		of := kg.Entity{ID: kg.IndicatorID(tc.indicator), Name: tc.indicator, Unit: tc.usual}
		got := Judge([]Figure{figure("report:1", "", 2023, func(m *kg.Metric) { m.Unit = tc.unit })}, of)[0]
		reason := ""
		if !tc.comparable {
			reason = "counted in " + tc.unit + ", not in " + tc.usual
		}
		if got.Comparable != tc.comparable || got.Reason != reason {
			t.Errorf("%s in %s: %v %q", tc.indicator, tc.unit, got.Comparable, got.Reason)
		}
	}
}

func TestParsePeriod(t *testing.T) {
	for words, want := range map[string]Period{
		"":              {Year, 2023},
		"2022年":         {Year, 2022},
		"2022":          {Year, 2022},
		"２０２２年度":        {Year, 2022},
		"今年 以来":         {Year, 2023},
		"去年":            {Year, 2022},
		"上年同期":          {Year, 2022},
		"2023年以来":       {Year, 2023},
		"2020年以来":       {Cumulative, 2023},
		"自2018年以来":      {Cumulative, 2023},
		"近三年":           {Cumulative, 2023},
		"2019—2021年":    {Cumulative, 2023},
		"扫黑除恶斗争工作开展以来":  {Cumulative, 2023},
		"截至12月":         {Until, 2023},
		"到12月":          {Until, 2023},
		"到2023年10月底":    {Until, 2023},
		"截止到2023年10月底":  {Until, 2023},
		"截至2022年12月31日": {Until, 2022},
		"上半年":           {Part, 2023},
		"2022年1-11月":    {Part, 2022},
		"1至10月":         {Part, 2023},
		"3月份":           {Part, 2023},
		"目前":            {Moment, 2023},
		"2018年初":        {Moment, 2018},
		"第二批主题教育时":      {Unclear, 2023},
	} {
		if got := ParsePeriod(words, 2023); got != want {
			t.Errorf("%q: %v, want %v", words, got, want)
		}
	}
	if got := ParsePeriod("去年", 0); got != (Period{Year, 0}) {
		t.Errorf("the year before an unknown one is %v", got)
	}
}

var disputes = kg.Entity{ID: kg.IndicatorID("调解纠纷"), Name: "调解纠纷", Unit: "件"}

// figure is a figure of a report, made of what tells it from 5 cases in 2023.
func figure(report, issuer string, year int, change func(*kg.Metric)) Figure {
	m := kg.Metric{Label: "调解纠纷", Value: 5, Unit: "件"}
	change(&m)
	return Figure{Mention: kg.Mention{ReportID: report, Kind: kg.KindMetric, Metric: &m}, IssuerID: issuer, ReportYear: year}
}

func TestJudge(t *testing.T) {
	nine := 9.0
	for name, tc := range map[string]struct {
		change     func(*kg.Metric)
		comparable bool
		reason     string
	}{
		"plain":        {func(*kg.Metric) {}, true, ""},
		"approximate":  {func(m *kg.Metric) { m.Approximate = true }, true, "approximate"},
		"other word":   {func(m *kg.Metric) { m.Unit = "宗" }, true, ""},
		"other unit":   {func(m *kg.Metric) { m.Unit = "人次" }, false, "counted in 人次, not in 件"},
		"without unit": {func(m *kg.Metric) { m.Unit = "" }, false, "counted in no unit, not in 件"},
		"target":       {func(m *kg.Metric) { m.Target = true }, false, "a plan or a requirement, no result"},
		"part":         {func(m *kg.Metric) { m.ParentID = "metric:1" }, false, "a part of another figure"},
		"range":        {func(m *kg.Metric) { m.ValueMax = &nine }, false, "a range"},
		"cumulative":   {func(m *kg.Metric) { m.Period = "近三年" }, false, "cumulative over more than the year: 近三年"},
		"until":        {func(m *kg.Metric) { m.Period = "截至10月" }, false, "counted up to a day, from where is not said: 截至10月"},
	} {
		got := Judge([]Figure{figure("report:1", "jurisdiction:33", 2023, tc.change)}, disputes)[0]
		if got.Comparable != tc.comparable || got.Reason != tc.reason {
			t.Errorf("%s: %v %q, want %v %q", name, got.Comparable, got.Reason, tc.comparable, tc.reason)
		}
	}
	same := func(*kg.Metric) {}
	twice := []Figure{figure("report:1", "", 2023, same), figure("report:1", "", 2023, same), figure("report:2", "", 2023, same)}
	twice[0].Mention.Start, twice[1].Mention.Start = 9, 3
	if v := Judge(twice, disputes); v[0].Comparable || !v[1].Comparable || !v[2].Comparable {
		t.Errorf("a figure said twice: %+v", v)
	}
	several := []Figure{figure("report:1", "", 2023, same), figure("report:1", "", 2023, func(m *kg.Metric) { m.Value = 6 })}
	if v := Judge(several, disputes); v[0].Comparable || v[1].Comparable || !strings.Contains(v[0].Reason, "2 different figures") {
		t.Errorf("two figures of one report: %+v", v)
	}
	sum := []Figure{}
	for _, value := range []float64{2, 5, 3} {
		sum = append(sum, figure("report:1", "", 2023, func(m *kg.Metric) { m.Value = value }))
	}
	if v := Judge(sum, disputes); v[0].Comparable || !v[1].Comparable || v[2].Comparable {
		t.Errorf("parts and their sum: %+v", v)
	}
	if v := Judge([]Figure{figure("report:1", "", 0, same)}, disputes)[0]; v.Comparable {
		t.Errorf("a figure of no year: %+v", v)
	}
}

func TestContradictions(t *testing.T) {
	value := func(v float64, period string) func(*kg.Metric) {
		return func(m *kg.Metric) { m.Value, m.Period = v, period }
	}
	for name, tc := range map[string]struct {
		figures []Figure
		want    []Contradiction
	}{
		"another figure": {[]Figure{
			figure("report:1", "jurisdiction:33", 2022, value(5, "")), figure("report:2", "jurisdiction:33", 2023, value(7, "去年")),
		}, []Contradiction{{0, 1}}},
		"the same": {[]Figure{
			figure("report:1", "jurisdiction:33", 2022, value(5, "")), figure("report:2", "jurisdiction:33", 2023, value(5, "2022年")),
		}, nil},
		"another place": {[]Figure{
			figure("report:1", "jurisdiction:32", 2022, value(5, "")), figure("report:2", "jurisdiction:33", 2023, value(7, "去年")),
		}, nil},
		"of this year": {[]Figure{
			figure("report:1", "jurisdiction:33", 2022, value(5, "")), figure("report:2", "jurisdiction:33", 2023, value(7, "")),
		}, nil},
		"cumulative": {[]Figure{
			figure("report:1", "jurisdiction:33", 2022, value(5, "近三年")), figure("report:2", "jurisdiction:33", 2023, value(7, "去年")),
		}, nil},
		"approximate": {[]Figure{
			figure("report:1", "jurisdiction:33", 2022, value(5, "")),
			figure("report:2", "jurisdiction:33", 2023, func(m *kg.Metric) { m.Value, m.Period, m.Approximate = 7, "去年", true }),
		}, nil},
		"of unknown places": {[]Figure{
			figure("report:1", "", 2022, value(5, "")), figure("report:2", "", 2023, value(7, "去年")),
		}, nil},
	} {
		got := Contradictions(tc.figures, Judge(tc.figures, disputes))
		if !slices.Equal(got, tc.want) {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
		}
	}
}

func TestPerTenThousand(t *testing.T) {
	people := func(value float64, period string) Figure {
		f := figure("report:1", "jurisdiction:33", 2023, func(m *kg.Metric) { m.Value, m.Unit, m.Period = value, "人", period })
		f.Mention.EntityID = Population
		return f
	}
	cases := figure("report:1", "jurisdiction:33", 2023, func(m *kg.Metric) { m.Value = 154 })
	last := figure("report:1", "jurisdiction:33", 2023, func(m *kg.Metric) { m.Period = "去年" })
	per := func(of Figure, list ...Figure) *float64 {
		return People(list, Judge(list, kg.Entity{ID: Population, Unit: "人"})).PerTenThousand(of, Judge([]Figure{of}, disputes)[0])
	}
	if got := per(cases, people(22000, "2023年末")); got == nil || *got != 70 {
		t.Errorf("154 among 22000: %v", got)
	}
	for name, got := range map[string]*float64{
		"nobody":           per(cases),
		"two populations":  per(cases, people(22000, ""), people(21000, "")),
		"the year before":  per(last, people(22000, "")),
		"people of before": per(cases, people(22000, "去年")),
	} {
		if got != nil {
			t.Errorf("%s: %v", name, *got)
		}
	}
}

func FuzzParsePeriod(f *testing.F) {
	for _, p := range periodPatterns {
		f.Add(p.example, 2023)
	}
	f.Fuzz(func(t *testing.T, words string, year int) {
		if p := ParsePeriod(words, year); p.Class == previous || p.Class == since || p.Class == "" {
			t.Errorf("%q: %v", words, p)
		}
	})
}
