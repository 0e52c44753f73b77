package linker_test

import (
	"strings"
	"testing"

	"graphd/internal/kg"
)

// The texts are composed, of 鄞州区 in 宁波市.
func TestLaws(t *testing.T) {
	l := newLinker(t)
	const issuer = "鄞州区2023年法治政府建设情况报告\n"
	for _, tt := range []struct {
		name, text string
		want       string // title|type|number|article|issuing place, one a citation
	}{
		{"a law by its title", "学习《中华人民共和国行政处罚法》《宪法》。", "行政处罚法|LAW||| 宪法|CONSTITUTION|||"},
		{"laws by name alone", "宣传宪法、民法典和新修订的行政复议法。", "宪法|CONSTITUTION||| 民法典|LAW||| 行政复议法|LAW|||"},
		{"a regulation by name alone, and a local one that is another", "学习优化营商环境条例,不是浙江省优化营商环境条例。", "优化营商环境条例|ADMINISTRATIVE_REGULATION|||"},
		{"the longest name", "宣传预防未成年人犯罪法、未成年人保护法。", "预防未成年人犯罪法|LAW||| 未成年人保护法|LAW|||"},
		{"an article", "依据中华人民共和国土地管理法第七十七条和《行政诉讼法》第三条办理。", "土地管理法|LAW||第七十七条| 行政诉讼法|LAW||第三条|"},
		{"an alias of a law", "宣传反电诈法和《村委会组织法》。", "反电信网络诈骗法|LAW||| 村民委员会组织法|LAW|||"},
		{"no law in another word", "规范行政处罚法律文书,行政复议法制审核。", ""},
		{"no law in a name", "“宪法宣传周”“民法典宣传月”国家宪法日期间开展“学宪法 讲宪法”“美好生活·民法典相伴”活动。", ""},
		{"traditional characters and quotation marks inside", "落實《鄞州區法治政府建設「十四五」規劃》。", "鄞州区法治政府建设十四五规划|POLICY|||330212"},
		{"spaces inside", "学习《 行政 许可法 》。", "行政许可法|LAW|||"},

		{"a nested title", "落实《关于印发〈法治督察规定〉的通知》《关于修改《信访条例》的决定》。", "关于印发法治督察规定的通知|POLICY||| 关于修改信访条例的决定|POLICY|||"},
		{"a closing bracket missing", "学习《行政处罚法、《行政强制法》等法律,宣传《国家赔偿法等法律。", "行政处罚法|LAW||| 行政强制法|LAW||| 国家赔偿法|LAW|||"},
		{"the outer closing bracket missing", "落实《关于印发《三项制度办法》的通知,做好工作。", "关于印发三项制度办法的通知|POLICY|||"},
		{"no title in a lone bracket", "学习《", ""},

		{"a short name given", "执行《重大行政决策程序暂行条例》(以下简称《条例》),按《条例》第三条办理。", "重大行政决策程序暂行条例|ADMINISTRATIVE_REGULATION||| 重大行政决策程序暂行条例|ADMINISTRATIVE_REGULATION||第三条|"},
		{"a short name given after the number", "落实《国务院关于规范罚款的意见》(国发〔2021〕7号,以下简称《意见》),学习《意见》。", "国务院关于规范罚款的意见|POLICY|国发〔2021〕7号|| 国务院关于规范罚款的意见|POLICY|||"},
		{"a short name not given", "落实《法治社会建设实施纲要(2020-2025年)》,分解《纲要》任务,按《条例》办理。", "法治社会建设实施纲要(2020-2025年)|POLICY|||"},
		{"a number behind", "落实《国务院关于规范罚款的通知》(国发〔2021〕7号)。", "国务院关于规范罚款的通知|POLICY|国发〔2021〕7号||"},
		{"a number in front", "根据甬法办[2021]33号《关于完善报告制度的通知》办理。", "关于完善报告制度的通知|POLICY|甬法办〔2021〕33号||"},
		{"a number alone", "按照甬政发〔2022〕15号文件办理。", "甬政发〔2022〕15号|POLICY|甬政发〔2022〕15号||"},
		{"a number of a county whose name begins like a conjunction", "按照和政发〔2022〕15号文件办理。", "和政发〔2022〕15号|POLICY|和政发〔2022〕15号||"},
		{"a number behind a title without brackets", "落实关于加强基层治理的意见(浙委发〔2021〕5号)。", "关于加强基层治理的意见|POLICY|浙委发〔2021〕5号||"},
		{"numbers that lost their brackets", "落实《关于加强基层治理的意见》(浙委发202133号),按照甬政发20225号文件办理。", "关于加强基层治理的意见|POLICY|浙委发〔2021〕33号|| 甬政发〔2022〕5号|POLICY|甬政发〔2022〕5号||"},
		{"no number of a document", "上半年印发2021份文件,发放2022张,文字20233号楼。", ""},
		{"a policy without brackets and number", "落实关于加强基层治理的意见。", ""},

		{"a local regulation of the register", "学习《宁波市学前教育促进条例》。", "宁波市学前教育促进条例|LOCAL_REGULATION|||3302"},
		{"a local regulation that the register lacks", "学习《云南省某某保护条例》。", "云南省某某保护条例|LOCAL_REGULATION|||53"},
		{"a rule of a province", "学习《浙江省行政程序办法》。", "浙江省行政程序办法|RULE|||33"},
		{"a district makes policy, not rules", "落实《鄞州区重大决策规定》。", "鄞州区重大决策规定|POLICY|||330212"},
		{"its own document", "我区制定《合同管理办法》,落实《印章管理办法》。", "合同管理办法|POLICY|||330212 印章管理办法|RULE|||"},
		{"a place after a year", "落实《2023年法治宁波建设工作要点》。", "2023年法治宁波建设工作要点|POLICY|||3302"},
		{"a party regulation", "学习《中国共产党纪律处分条例》《党政主要负责人履行推进法治建设第一责任人职责规定》《信访工作条例》。", "中国共产党纪律处分条例|PARTY_REGULATION||| 党政主要负责人履行推进法治建设第一责任人职责规定|PARTY_REGULATION||| 信访工作条例|PARTY_REGULATION|||"},
		{"an interpretation", "学习《最高人民法院关于审理某类案件的解释》。", "最高人民法院关于审理某类案件的解释|JUDICIAL_INTERPRETATION|||"},
		{"a party regulation under its short name", "学习《党的纪律处分条例》《信访工作责任制实施办法》《党组工作条例》。", "中国共产党纪律处分条例|PARTY_REGULATION||| 信访工作责任制实施办法|PARTY_REGULATION||| 党组工作条例|PARTY_REGULATION|||"},
		{"a law with its state in front", "学习《国家公务员法》。", "公务员法|LAW|||"},
		{"clauses or a year at the end", "落实《优化营商环境若干举措66条》《助企十二条》《法治宣传行动方案2024》。", "优化营商环境若干举措66条|POLICY||| 助企十二条|POLICY||| 法治宣传行动方案2024|POLICY|||"},
		{"a kind of document is none", "印发《实施方案》,研究《工作要点》。", ""},
		{"a regulation that is not the state's", "宣传《文明行为促进条例》,废止《城市房屋拆迁管理条例》。", "文明行为促进条例|LOCAL_REGULATION||| 城市房屋拆迁管理条例|ADMINISTRATIVE_REGULATION|||"},
		{"a nested title in signs of comparison", "落实《鄞州区贯彻<法治政府建设实施纲要(2021-2025年)工作方案>》。", "鄞州区贯彻法治政府建设实施纲要(2021-2025年)工作方案|POLICY|||330212"},
		{"rules that a district may make as regulations", "学习《上海市浦东新区某某若干规定》《深圳经济特区某某规定》,不同于《鄞州区某某若干规定》。", "上海市浦东新区某某若干规定|LOCAL_REGULATION|||310115 深圳经济特区某某规定|LOCAL_REGULATION|||4403 鄞州区某某若干规定|POLICY|||330212"},
		{"a book and a form", "编发《民法典一百问》,送达《行政处罚决定书》。", "民法典一百问|OTHER|||330212 行政处罚决定书|OTHER|||"},
		{"plays, songs, papers and cases are none", "排演情景剧《一份协议》,传唱《民法典之歌》,《法治日报》刊登《某某诉某某案》,拍摄《守护》短视频。", ""},

		{"the report itself is no citation", "现印发《鄞州区2023年度法治政府建设情况报告》,此前有《鄞州区2022年度法治政府建设情况报告》。", "鄞州区2022年度法治政府建设情况报告|OTHER|||330212"},
		{"one document under two titles", "制定《2023年鄞州区普法工作要点及分工》,印发《2023年鄞州区普法工作要点和分工》。", "2023年鄞州区普法工作要点及分工|POLICY|||330212"},
		{"two years are two documents", "落实《2022年鄞州区普法工作要点》《2023年鄞州区普法工作要点》。", "2022年鄞州区普法工作要点|POLICY|||330212 2023年鄞州区普法工作要点|POLICY|||330212"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := l.Link(document(issuer + tt.text))
			got := mentioned(f, kg.KindLaw, func(m kg.Mention, e kg.Entity) string {
				return strings.Join([]string{e.Name, string(e.LawType), m.DocNumber, m.Article, strings.TrimPrefix(e.IssuedBy, "jurisdiction:")}, "|")
			})
			if strings.Join(got, " ") != tt.want {
				t.Errorf("got  %s\nwant %s", strings.Join(got, " "), tt.want)
			}
		})
	}
}

// The report's own number cites nothing.
func TestOwnNumberIsNoCitation(t *testing.T) {
	doc := document("鄞州区2023年法治政府建设情况报告\n鄞政〔2024〕3号\n一年来工作有序。")
	doc.Report.DocNumber = "鄞政〔2024〕3号"
	for _, m := range newLinker(t).Link(doc).Mentions {
		if m.Kind == kg.KindLaw {
			t.Errorf("cited %q", m.Quote)
		}
	}
}

// A title broken over two lines is one document, quoted as far as one passage
// goes.
func TestTitleOverTwoLines(t *testing.T) {
	f := newLinker(t).Link(document("鄞州区2023年法治政府建设情况报告\n学习《浙江省行政\n程序办法》。"))
	got := mentioned(f, kg.KindLaw, func(m kg.Mention, e kg.Entity) string { return e.Name + " " + m.Quote })
	if strings.Join(got, ";") != "浙江省行政程序办法 《浙江省行政" {
		t.Errorf("got %q", got)
	}
}

// A replaced version holds until the later one takes effect.
func TestVersionsOfALaw(t *testing.T) {
	f := newLinker(t).Link(document("学习《行政复议法》。"))
	got := mentioned(f, kg.KindLaw, func(_ kg.Mention, e kg.Entity) string {
		var vs []string
		for _, v := range e.Versions {
			vs = append(vs, v.Adopted+" "+v.Effective+" "+v.Until)
		}
		return strings.Join(vs, "; ")
	})
	if want := "2017-09-01 2018-01-01 2024-01-01; 2023-09-01 2024-01-01 "; strings.Join(got, "") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
