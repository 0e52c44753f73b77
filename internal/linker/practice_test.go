package linker_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"graphd/internal/kg"
)

// sectioned is document with the section of every passage: the last line
// before it that begins with 一、, 二、 and so on.
func sectioned(text string) kg.Document {
	doc := document(text)
	runes := []rune(text)
	section := ""
	for i := range doc.Report.Passages {
		p := &doc.Report.Passages[i]
		line := strings.TrimSpace(string(runes[p.Start:p.End]))
		if _, rest, ok := strings.Cut(line, "、"); ok && rest != "" && strings.ContainsAny(line[:3], "一二三四五") && !strings.HasSuffix(line, "。") {
			section = line
			continue
		}
		p.Section = section
	}
	return doc
}

// The texts here are composed; no government published them.

func practicesOf(t *testing.T, text string) []string {
	t.Helper()
	return mentioned(newLinker(t).Link(sectioned(text)), kg.KindPractice, func(m kg.Mention, e kg.Entity) string {
		return e.Name + " " + m.Status.String()
	})
}

func TestPracticeNames(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		// the register, with the many writings of a name, in either script
		{"全面推行“双随机、一公开”监管。", []string{"双随机一公开 IMPLEMENTED"}},
		{"坚持和发展新時代“楓橋經驗”。", []string{"枫桥经验 IMPLEMENTED"}},
		{"落实“一村（社区）一法律顾问”制度。", []string{"一村一法律顾问 IMPLEMENTED"}},
		{"严格落实行政执法“三项制度”。", []string{"三项制度 IMPLEMENTED"}},
		{"推进“最多 跑一次”改革。", []string{"最多跑一次 IMPLEMENTED"}},
		// the name of a part does not swallow that of the whole
		{"公布“谁执法谁普法”责任清单。", []string{"谁执法谁普法 IMPLEMENTED", "普法责任清单 IMPLEMENTED"}},
		// of a list with one ending each name counts
		{"推行公职律师、公司律师制度。", []string{"公职律师制度 IMPLEMENTED", "公司律师制度 IMPLEMENTED"}},
		{"建立府院、府检联动机制。", []string{"府院联动 IMPLEMENTED", "府检联动 IMPLEMENTED"}},
		{"落实首问负责、限时办结等制度。", []string{"首问负责制 IMPLEMENTED", "限时办结制 IMPLEMENTED"}},
		// what names it leaves out of its creed
		{"开展习近平法治思想“七进”活动。", []string{"习近平法治思想六进 IMPLEMENTED"}},
		{"编制普法责任清单。", []string{"普法责任清单 IMPLEMENTED"}},
		{"完善“大综合一体化”数字应用。", []string{"大综合一体化执法监管平台 IMPLEMENTED"}},
		// what is related is not the same
		{"司法所设有法治观测点。", nil},
		{"负责人“出庭不出声”的情况仍有发生。", nil},
		{"学习领导干部应知应会党内法规和国家法律清单制度。", []string{"领导干部应知应会党内法规和国家法律清单 REFERRED"}},
		{"聘请法治督察员。", []string{"法治督察员 IMPLEMENTED"}},
		{"设立服务窗口并限时办结。", nil},
		{"办好城管公众开放日。", []string{"城管公众开放日 IMPLEMENTED"}},
		{"事项可以网上办、掌上办。", nil},
		{"行政争议协调和解工作室挂牌。", nil},
		{"建立中小企业服务专员工作制度。", nil},
		{"以非现场督察的方式查岗。", nil},
		{"开展优化营商环境行动。", nil},
		{"入选全国“枫桥式工作法”。", []string{"枫桥式工作法 HONOURED"}},
		// what only looks like one
		{"各单位办成一件事情再办另一件事。", nil},
		{"抓住领导干部这个“关键少数”，落实“一岗双责”。", nil},
		{"深刻领悟“两个确立”，坚决做到“两个维护”，落实“十个明确”要求。", nil},
		{"打通服务群众“最后一公里”，做到“早发现、早处置”和“应调尽调”。", nil},
		{"开展“民法典”宣传活动，走进“学习强国”平台。", nil},
		{"印发《某县行政处罚裁量权基准规定》。", nil},
		{"通过“清水发布”公众号推送信息，发挥律师“智囊”作用。", nil},
		// local brands by their form
		{"推行“清水五步”工作法。", []string{"清水五步 IMPLEMENTED"}},
		{"建成“石榴籽调解驿站”。", []string{"石榴籽调解驿站 IMPLEMENTED"}},
		{"积极推广“三亮三评”，办好实事。", []string{"三亮三评 IMPLEMENTED"}},
		{"打造“桥头议事”“灯下说法”等普法品牌。", []string{"桥头议事 IMPLEMENTED", "灯下说法 IMPLEMENTED"}},
		{"建立“1+6+N”法律服务网络。", []string{"1+6+N法律服务网络 IMPLEMENTED"}},
		{"构建1+3+N调解网络。", []string{"1+3+N调解网络 IMPLEMENTED"}},
		{"开展“法润一方”企业走访活动。", []string{"法润一方 IMPLEMENTED"}},
		{"擦亮清溪夜话普法品牌，打造具有本地特色的法治品牌。", []string{"清溪夜话普法品牌 IMPLEMENTED"}},
		{"开展“法律进企业”活动。", []string{"法律进企业 IMPLEMENTED"}},
		{"开展网格长业务素养提升行动。", []string{"网格长业务素养提升行动 IMPLEMENTED"}},
		{"打造「和風」法治文化品牌。", []string{"和风法治文化品牌 IMPLEMENTED"}},
		{"打造”清风议事”品牌。", []string{"清风议事 IMPLEMENTED"}}, // marks typed wrong
		{"打造“晨光法治小屋”执法监督样板。", []string{"晨光法治小屋 IMPLEMENTED"}},
		{"推行“寨老劝和”（寨老调解），开展“净湖”“青锋”打击破坏湿地和野生动物资源专项行动。", []string{"寨老劝和 IMPLEMENTED", "净湖 IMPLEMENTED", "青锋 IMPLEMENTED"}},
		{"“清溪夜话”入选全省“百佳调解室”。", []string{"清溪夜话 HONOURED"}},
		{"开展“铁拳”“守护消费”“百日清查”行动。", []string{"铁拳行动 IMPLEMENTED", "守护消费 IMPLEMENTED", "百日清查 IMPLEMENTED"}},
		{"开展“3·15”宣传活动，召开“6·18”活动动员会。", []string{"消费者权益保护日 IMPLEMENTED"}},
		{"“大手牵小手·法润校园”主题活动受到好评。", []string{"大手牵小手·法润校园 IMPLEMENTED"}},
		{"“老兵调解室”成为群众家门口的“连心桥”。", []string{"老兵调解室 IMPLEMENTED"}},
		{"开设“老兵调解室”专栏。", nil},
		{"开展打击“占道经营”等专项整治。", nil},
		{"开展“云剑—2021”“断卡”“净村”专项行动。", []string{"云剑行动 IMPLEMENTED", "断卡行动 IMPLEMENTED", "净村专项行动 IMPLEMENTED"}},
		{"“法治赶集”“坝坝说法会”54场次，坚持“党群直议制”。", []string{"法治赶集 QUANTIFIED", "坝坝说法会 QUANTIFIED", "党群直议制 IMPLEMENTED"}},
		// who spreads it, and whose is spread
		{"在全县推广“清溪夜话”调解模式。", []string{"清溪夜话 IMPLEMENTED"}},
		{"“清溪夜话”调解模式在全市推广。", []string{"清溪夜话 HONOURED"}},
	} {
		if got := practicesOf(t, c.text); !slices.Equal(got, c.want) {
			t.Errorf("%s\n got %v\nwant %v", c.text, got, c.want)
		}
	}
}

func TestPracticeStatus(t *testing.T) {
	const head = "某镇2023年法治政府建设情况报告\n2023年，我镇紧扣“平安小镇”建设。\n一、主要做法\n"
	for _, c := range []struct {
		text string
		want []string
	}{
		{head + "推行“首违不罚”。", []string{"首违不罚 IMPLEMENTED"}},
		{head + "推行“首违不罚”，全年免罚案件12件。", []string{"首违不罚 QUANTIFIED"}},
		{head + "推行“首违不罚”，免罚率要达到60%的要求。", []string{"首违不罚 IMPLEMENTED"}},
		{head + "“石桥说事”工作法入选全省典型案例。", []string{"石桥说事 HONOURED"}},
		{head + "“石桥说事”工作法深受欢迎，获评全市优秀。", []string{"石桥说事 HONOURED"}},
		{head + "现有省级民主法治示范村3个。", []string{"民主法治示范村(社区) HONOURED"}},
		{head + "力争推行“首违不罚”。", []string{"首违不罚 PLANNED"}},
		{head + "围绕“放管服”改革要求，梳理事项。", []string{"放管服 REFERRED"}},
		{head + "二、存在的不足\n“三项制度”落实还不到位。", []string{"三项制度 REFERRED"}},
		{head + "二、下一步工作打算\n推行“首违不罚”，办理案件20件以上。", []string{"首违不罚 PLANNED"}},
		{head + "下一步，我镇将推行“首违不罚”。", []string{"首违不罚 PLANNED"}},
		{head + "主要问题是“三项制度”落实不到位，两法衔接不畅。", []string{"三项制度 REFERRED", "行刑衔接 REFERRED"}},
		{"遂溪县2023年法治政府建设情况报告\n一、主要做法\n“石桥说事”工作法在全县推广。", []string{"石桥说事 IMPLEMENTED"}},
		{"遂溪县2023年法治政府建设情况报告\n一、主要做法\n“石桥说事”工作法在全市推广。", []string{"石桥说事 HONOURED"}},
		{head + "六、问题和打算\n主要问题：柔性执法手段不多。2024年，推行“首违不罚”。", []string{"柔性执法 REFERRED", "首违不罚 PLANNED"}},
		// an opening, and what is too long for one
		{"某镇2023年法治政府建设情况报告\n全镇推行“首违不罚”。\n二、存在的不足\n力量不足。", []string{"首违不罚 REFERRED"}},
		{"某镇2023年法治政府建设情况报告\n" + strings.Repeat("组织干部参加培训。", 15) + "推行“首违不罚”。\n二、存在的不足\n力量不足。", []string{"首违不罚 IMPLEMENTED"}},
		// studied, passed on, praised or held up, not done
		// a matter that may come up is not what is done; what is a rule for such matters is
		{head + "遇到三清三拆、重大项目谈判这类事，先听法律顾问的意见。", []string{"三清三拆 REFERRED"}},
		{head + "碰到“三清三拆”任务时，请律师到场。", []string{"三清三拆 REFERRED"}},
		{head + "遇有“放管服”改革的问题，由司法所答复。", []string{"放管服 REFERRED"}},
		{head + "遇到“三重一大”事项时，集体研究决定。", []string{"三重一大 IMPLEMENTED"}},
		{head + "遇到难题，推行“三清三拆”破解。", []string{"三清三拆 IMPLEMENTED"}},
		{head + "组织村干部学习“枫桥经验”。", []string{"枫桥经验 REFERRED"}},
		{head + "认真学习新时代“枫桥经验”精神，谋划全镇工作。", []string{"枫桥经验 REFERRED"}},
		{head + "学习贯彻“枫桥经验”，深化“三项制度”。", []string{"枫桥经验 REFERRED", "三项制度 IMPLEMENTED"}},
		{head + "学习“枫桥经验”和“三所联动”。", []string{"枫桥经验 REFERRED", "三所联动 REFERRED"}},
		{head + "传达县里关于坚持和发展“枫桥经验”的要求。", []string{"枫桥经验 REFERRED"}},
		{head + "重温“枫桥经验”的由来，全年上党课6次。", []string{"枫桥经验 REFERRED"}},
		{head + "借鉴外地“三所联动”，召开座谈会3次。", []string{"三所联动 REFERRED"}},
		{head + "赴邻县考察“三所联动”。", []string{"三所联动 REFERRED"}},
		{head + "讨论了“三所联动”，都说值得借鉴。", []string{"三所联动 REFERRED"}},
		{head + "学习《关于推行“三所联动”机制的意见》。", []string{"三所联动 REFERRED"}},
		{head + "把“枫桥经验”作为社会治理的根本遵循，全年开会5次。", []string{"枫桥经验 REFERRED"}},
		{head + "以新时代“枫桥经验”为引领，办好实事。", []string{"枫桥经验 REFERRED"}},
		{head + "弘扬“枫桥经验”的精神。", []string{"枫桥经验 REFERRED"}},
		// studied and done
		{head + "学习推广“枫桥经验”。", []string{"枫桥经验 IMPLEMENTED"}},
		{head + "学习运用“枫桥经验”，化解纠纷12件。", []string{"枫桥经验 QUANTIFIED"}},
		{head + "传达部署并推行“三所联动”。", []string{"三所联动 IMPLEMENTED"}},
		{head + "通过中心组学习和“法律进机关”提高素养。", []string{"法律进机关 IMPLEMENTED"}},
		{head + "把“枫桥经验”作为抓手，打造“邻里说和”品牌。", []string{"枫桥经验 IMPLEMENTED", "邻里说和 IMPLEMENTED"}},
		{head + "借鉴外地做法，推行“三所联动”。", []string{"三所联动 IMPLEMENTED"}},
		// ahead
		{head + "要改进，将引入“三所联动”。", []string{"三所联动 PLANNED"}},
		{head + "将引入的“三所联动”和“枫桥经验”先在两村试。", []string{"三所联动 PLANNED", "枫桥经验 PLANNED"}},
		{head + "将推行“枫桥经验”融入网格管理。", []string{"枫桥经验 IMPLEMENTED"}},
		{head + "2024年，把“三所联动”办起来。", []string{"三所联动 PLANNED"}},
		{head + "推行“首违不罚”，到2025年再推“三所联动”。", []string{"首违不罚 IMPLEMENTED", "三所联动 PLANNED"}},
		{head + "2023年，把“三所联动”办起来。", []string{"三所联动 IMPLEMENTED"}},
		{head + "对此，明年给法律明白人排班。", []string{"法律明白人 PLANNED"}},
		{head + "模拟法庭开讲，推行“首违不罚”。", []string{"首违不罚 IMPLEMENTED"}},
		{head + "【打算】探索“三所联动”。", []string{"三所联动 PLANNED"}},
		{head + "【问题】人手紧。“三所联动”还没有理顺。", []string{"三所联动 REFERRED"}},
		{head + "【亮点】推行“三所联动”。", []string{"三所联动 IMPLEMENTED"}},
		{head + "安排：办好“三所联动”。添一名调解员，落实“三项制度”。", []string{"三所联动 PLANNED", "三项制度 PLANNED"}},
		{head + "还没做好的：“三项制度”常常落空。\n推行“首违不罚”。", []string{"三项制度 REFERRED", "首违不罚 IMPLEMENTED"}},
		{head + "来年：减表格。今年“首违不罚”推行得早。", []string{"首违不罚 IMPLEMENTED"}},
		{head + "三、下一步\n开展“法律七进”和以案释法。", []string{"法律七进 PLANNED", "以案释法 PLANNED"}},
		{head + "三、哪里还差\n“三项制度”要补课。", []string{"三项制度 REFERRED"}},
		// a figure counts what its own clause or the one that goes on is about
		{head + "“三重一大”事项全部上会，示例律师事务所审查合同61份。", []string{"三重一大 IMPLEMENTED"}},
		{head + "落实“三项制度”；植树300棵。", []string{"三项制度 IMPLEMENTED"}},
		{head + "落实“三项制度”，查处违建32处。", []string{"三项制度 QUANTIFIED"}},
		{head + "派出所创成“枫桥式”公安派出所。", []string{"枫桥式公安派出所 HONOURED"}},
		{head + "针对上述短板，我镇将从以下方面改进：\n推行“首违不罚”。\n落实“三项制度”。", []string{"首违不罚 PLANNED", "三项制度 PLANNED"}},
		// the strongest is kept per mention, not per report
		{head + "推行“首违不罚”。\n二、下一步工作打算\n深化“首违不罚”。", []string{"首违不罚 IMPLEMENTED", "首违不罚 PLANNED"}},
	} {
		if got := practicesOf(t, c.text); !slices.Equal(got, c.want) {
			t.Errorf("%s\n got %v\nwant %v", c.text[len(head):], got, c.want)
		}
	}
}

func TestPracticeVariant(t *testing.T) {
	f := newLinker(t).Link(document("上海市松江区方松街道2023年法治政府建设情况报告\n深化“三所联动”方松模式。"))
	i := slices.IndexFunc(f.Entities, func(e kg.Entity) bool { return e.Name == "三所联动方松模式" })
	if i < 0 {
		t.Fatalf("no variant among %v", f.Entities)
	}
	if e := f.Entities[i]; e.Scope != kg.ScopeLocal || e.VariantOf != kg.PracticeID("三所联动") {
		t.Errorf("variant %+v", e)
	}
	if !slices.ContainsFunc(f.Entities, func(e kg.Entity) bool { return e.ID == kg.PracticeID("三所联动") }) {
		t.Error("what it is a variant of is missing")
	}
}

// The same holds in sections, quotations and tables, and every figure is a
// finite number whose whole is stated as well.
func TestFiguresOfAnyText(t *testing.T) {
	l := newLinker(t)
	pieces := []string{
		"一、下一步工作", "\n", "。", "，", "“", "”", "‘", "《", "》", "（", "）", "(", "\t", "|", " ", "　", "\u200b", "\r\n", "2023年", "10月31日", "3-5", "1,234", "12.5",
		"9999999999999999999999", "37万", "余", "多", "件", "名", "%", "百分之", "三十", "两", "近百", "无", "未发生", "零", "投诉", "其中", "截至", "以来", "枫桥经验", "楓橋經驗", "三项制度",
		"打造", "品牌", "工作法", "获评", "+", "N", "A", "5S", "12345", "每月", "第", "〔2019〕5号", "方松", "模式", "调解", "案件", "涉案金额", "：", ":", "、", "和", "\U0001F600", "\uFEFF",
	}
	rapid.Check(t, func(rt *rapid.T) {
		parts := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(pieces), rapid.StringN(0, 4, -1)), 0, 40).Draw(rt, "parts")
		text := strings.ToValidUTF8(strings.Join(parts, ""), "?")
		checkFacts(rt, l, text)
		f := l.Link(sectioned(text))
		ids := map[string]bool{}
		for _, m := range f.Mentions {
			ids[m.ID] = true
		}
		for _, m := range f.Mentions {
			if m.Metric == nil {
				continue
			}
			if v := m.Metric.Value; math.IsNaN(v) || v < 0 || v > 1e30 {
				rt.Fatalf("%s has value %v", m.Quote, v)
			}
			if m.Metric.ParentID != "" && !ids[m.Metric.ParentID] {
				rt.Fatalf("%s is part of nothing", m.Quote)
			}
		}
	})
}
