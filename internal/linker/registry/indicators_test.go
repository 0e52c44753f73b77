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
		// whom somebody reaches, not who they are; before the name it says who
		{"法律明白人开直播粉丝", "人", ""},
		{"法律明白人入户宣讲惠及群众", "人", "普法受众"},
		{"服务群众的法律明白人", "名", "法律明白人"},
		{"网格员走访老人", "人", ""},
		{"法治副校长讲课覆盖师生", "人", ""},
		{"公职律师接待当事人", "人", ""},
		{"人民调解员帮助农民工", "名", ""},
		// who came and went, not how many there are
		{"网格员流动大一年换", "名", ""},
		{"清退不合格执法人员", "名", ""},
		{"法律明白人尚缺", "名", ""},
		{"网格员增", "名", "网格员"},
		// the staff of a body, not bodies
		{"司法所政法编制公务员", "个", ""},
		{"调解靠司法所人", "个", ""},
		{"司法所配备专职干部", "个", ""},
		{"调委会聘请调解员", "个", ""},
		{"居委会的人民调解委员会进行指导", "个", ""},
		{"司法所督导检查", "个", ""},
		{"全县共有司法所", "个", "司法所"},
		// some of the staff, some of the lawyers
		{"行政执法人员", "名", "行政执法人员"},
		{"执法人员全部持证", "名", "行政执法人员"},
		{"持证行政执法人员", "名", "持证执法人员"},
		{"考下行政执法证", "人", "持证执法人员"},
		{"换发行政执法证", "个", ""},
		{"全市执业律师", "名", "律师"},
		{"派出所入驻律师", "名", "驻点律师"},
		{"签约律师", "名", ""},
		{"坐堂律师", "名", ""},
		{"镇聘律师", "名", ""},
		// what was found, what was remedied
		{"新增乱占耕地建房图斑", "宗", "违法用地"},
		{"卫片违法占地已整治", "宗", "违法用地整治"},
		{"卫片图斑未整改", "宗", ""},
		{"卫片违法占地", "亩", "违法用地面积"},
		{"卫片违法占地已整治面积", "亩", "违法用地整治面积"},
		// what follows a penalty is none
		{"行政处罚案件复议", "件", ""},
		{"行政处罚案件诉讼", "件", ""},
		{"执法案件复议", "件", ""},
		// what was kept from happening
		{"防止矛盾纠纷转化为刑事案件", "件", ""},
		{"避免民转刑治安案件", "起", ""},
		{"成功劝阻电信诈骗案件", "起", ""},
		{"防止群体性上访", "起", ""},
		{"立刑事案件", "起", "刑事案件"},
		// how a case ended, not who appeared
		{"负责人出庭应诉，败诉案件", "件", "行政诉讼败诉"},
		{"败诉案件负责人出庭应诉", "件", "负责人出庭应诉"},
		{"退还罚款", "元", ""},
		{"行政罚款", "元", "罚款金额"},
		{"行政执法人员的资格清理、考试", "名", "行政执法人员"},
		{"行政执法人员资格考试", "名", "执法资格考试人数"},
		// of several things that are reviewed contracts are a part
		{"审查文件、合同、决策", "件", "合法性审查"},
		{"审文件、合同、决策", "件", "合法性审查"},
		{"审查合同、文件", "件", "合法性审查"},
		{"审查合同", "件", "合同审查"},
		{"修改合同", "份", "合同审查"},
		{"签订法律顾问合同", "份", ""},
		{"合同法讲座", "次", ""},
		{"签订拆迁合同", "份", ""},
		{"学习贯彻习近平法治思想系列宣传", "期", ""},
		{"学习习近平法治思想", "次", "中心组学习"},
		{"代表建议办理满意度", "%", ""},
		{"提案办理满意率", "%", ""},
		{"政务服务满意度", "%", "群众满意率"},
		{"宪法宣传周宪法宣誓", "次", ""},
		{"宪法宣传", "场", "普法活动"},
		{"案件调解结案率", "%", ""},
		{"案件结案率", "%", "办结率"},
		{"行政复议以调解、和解方式结案", "件", "行政复议调解和解"},
		{"行政复议结案", "件", "行政复议审结"},
		{"行政复议终止", "件", ""},
		{"承接县级行政执法事项", "项", "赋权事项"},
		{"承接行政处罚权", "项", "赋权事项"},
		{"承接审批事项", "项", "取消下放审批事项"},
		{"达成口头协议", "件", ""},
		{"口头调解协议", "件", ""},
		{"达成口头和书面调解协议", "件", "调解协议"},
		{"签订书面调解协议", "件", "调解协议"},
		// a sum of two is neither
		{"培养法治带头人和法律明白人", "名", ""},
		{"法律明白人、法治带头人", "名", ""},
		{"律师参与行政复议", "件", ""},
		{"代理行政复议案件", "件", ""},
		{"执法案卷合格率", "%", "执法案卷合格率"},
		{"执法案卷优秀率", "%", "执法案卷优秀率"},
		{"作出不予处罚决定", "件", "不予处罚案件"},
		{"作出行政处罚决定", "件", "行政处罚决定"},
		// cases of one matter are a part of those that were punished
		{"查处哄抬物价", "起", ""},
		{"立案查处哄抬物价", "起", ""},
		{"查处非法捕捞案件", "起", ""},
		{"立案查处以次充好案件", "件", ""},
		{"全年立案查处", "件", "行政处罚案件"},
		{"立案查处各类违法案件", "件", "行政处罚案件"},
		{"综合执法案件", "件", "行政处罚案件"},
		{"渔政执法查处非法捕捞案件", "件", ""},
		// one's own disputes, not those that somebody lent a hand with
		{"参与化解疑难纠纷", "起", ""},
		{"协助调解矛盾纠纷", "件", ""},
		{"调委会受理调解", "件", "调解纠纷"},
		{"受理调解", "件", "调解纠纷"},
		{"指导各村调委会调解矛盾纠纷", "件", "调解纠纷"},
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

// A set must stand above those who exclude it, and somebody must.
func TestIndicatorSets(t *testing.T) {
	const set, indicator = "=乙\t\t\t丙丙;丁丁\n", "甲甲\t\t件\t甲甲+!>=乙\n"
	ins, err := parseIndicators(set + indicator)
	if err != nil {
		t.Fatal(err)
	}
	for label, want := range map[string]bool{"甲甲": true, "丙丙甲甲": true, "甲甲丙丙": false, "甲甲丁丁": false, "甲甲丙丙甲甲": true} {
		if _, ok := ins.Measured(label, "件"); ok != want {
			t.Errorf("%s measures it: %t, want %t", label, ok, want)
		}
	}
	for _, data := range []string{indicator, indicator + set, set} {
		if _, err := parseIndicators(data); err == nil {
			t.Errorf("%q is taken", data)
		}
	}
}
