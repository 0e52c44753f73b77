package registry

import (
	"slices"
	"testing"

	"graphd/internal/fold"
)

func TestIndicatorData(t *testing.T) {
	ins, err := loadIndicators()
	if err != nil {
		t.Fatal(err)
	}
	owner := map[string]string{}
	for i, in := range ins.all {
		if i > 0 && ins.all[i-1].Name >= in.Name {
			t.Errorf("%s is out of order", in.Name)
		}
		for _, w := range slices.Concat([]string{in.Name}, in.Aliases) {
			k := fold.Key(w)
			if w != fold.Name(w) || w == "" {
				t.Errorf("%s: %q is not canonical", in.Name, w)
			}
			if o, ok := owner[k]; ok {
				t.Errorf("%q is %s and %s", w, o, in.Name)
			}
			owner[k] = in.Name
		}
		if got, ok := ins.Measured(in.Name, in.Unit); !ok || got != in {
			t.Errorf("%s in %s measures %v, not itself", in.Name, in.Unit, got)
		}
		if len(in.patterns) == 0 {
			t.Errorf("%s: no pattern", in.Name)
		}
		for _, p := range in.patterns {
			if len(p.all) == 0 {
				t.Errorf("%s: a pattern without a word to hold", in.Name)
			}
			if !slices.ContainsFunc(p.all, func(w int) bool { return len([]rune(ins.words[w])) > 1 }) {
				t.Errorf("%s: pattern %v holds no word of two characters", in.Name, p.all)
			}
		}
	}
}

func TestIndicatorWords(t *testing.T) {
	ins, err := loadIndicators()
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range ins.words {
		if w == "" || w != fold.Name(w) {
			t.Errorf("word %q is empty or not folded", w)
		}
	}
}

func TestMeasured(t *testing.T) {
	ins, err := loadIndicators()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ label, unit, want string }{
		{"各村调委会调解矛盾纠纷", "件", "调解纠纷"},
		{"各村調委會調解矛盾糾紛", "件", "调解纠纷"},
		{"各村调委会调解矛盾纠纷", "万元", ""}, // another unit
		{"调解成功率", "%", "调解成功率"},
		{"行政机关负责人出庭应诉率", "%", "负责人出庭应诉率"},
		{"办理行政复议案件", "件", "行政复议案件"},
		{"收到行政复议申请审结", "件", "行政复议审结"}, // a part is no whole
		{"收到行政复议申请维持", "件", "行政复议维持"},
		{"直接纠错行政复议案件", "件", "行政复议纠错"},
		{"行政复议案件纠错率", "%", "行政复议纠错率"},
		{"承接下放行政许可事项", "项", "取消下放审批事项"},
		{"重大行政处罚决定法制审核", "件", "重大执法决定法制审核"},
		{"律师办理非诉讼案件", "件", ""},
		{"栽种树木", "棵", ""},
	} {
		got := ""
		if in, ok := ins.Measured(c.label, c.unit); ok {
			got = in.Name
		}
		if got != c.want {
			t.Errorf("%s in %s measures %q, want %q", c.label, c.unit, got, c.want)
		}
	}
}
