package linker_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"graphd/internal/kg"
)

// The texts here are composed; no government published them.

// metricsOf writes each figure as quote|label|value|unit and its flags: ~ for
// approximate, ! for a target, and the period.
func metricsOf(t *testing.T, text string) []string {
	t.Helper()
	return mentioned(newLinker(t).Link(sectioned(text)), kg.KindMetric, func(m kg.Mention, _ kg.Entity) string {
		s := fmt.Sprintf("%s|%s|%v|%s", m.Quote, m.Metric.Label, m.Metric.Value, m.Metric.Unit)
		if m.Metric.ValueMax != nil {
			s += fmt.Sprintf("..%v", *m.Metric.ValueMax)
		}
		if m.Metric.Approximate {
			s += "~"
		}
		if m.Metric.Target {
			s += "!"
		}
		if m.Metric.Period != "" {
			s += "|" + m.Metric.Period
		}
		return s
	})
}

func TestMetricNumbers(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"调解纠纷474件。", []string{"474件|调解纠纷|474|件"}},
		{"調解糾紛474件。", []string{"474件|调解纠纷|474|件"}},
		{"调解纠纷４７４件。", []string{"４７４件|调解纠纷|474|件"}},
		{"调解纠纷1,476件。", []string{"1,476件|调解纠纷|1476|件"}},
		{"调解纠纷1 476 件。", []string{"1 476 件|调解纠纷|1476|件"}},
		{"拆除违建1.2万平方米。", []string{"1.2万平方米|拆除违建|12000|平方米"}},
		{"罚款18.6余万元。", []string{"18.6余万元|罚款|186000|元~"}},
		{"罚款1.2亿元。", []string{"1.2亿元|罚款|1.2e+08|元"}},
		{"投入法治宣传经费37万。", []string{"37万|投入法治宣传经费|370000|元"}},
		{"接待来访700余人次。", []string{"700余人次|接待来访|700|人次~"}},
		{"发放资料300多份。", []string{"300多份|发放资料|300|份~"}},
		{"发动上千名群众。", []string{"千名|发动群众|1000|名~"}},
		{"举办讲座数十场。", []string{"数十场|举办讲座|10|场~"}},
		{"化解积案几十件。", []string{"几十件|化解积案|10|件~"}},
		{"发动近千名群众。", []string{"千名|发动群众|1000|名~"}},
		{"发放资料数百份。", []string{"数百份|发放资料|100|份~"}},
		{"年内建成调解室,户数15户。", []string{"15户|建成调解室户数|15|户"}},
		{"全镇调解纠纷715件,审查合同103份,行政诉讼败诉率为0。", []string{"715件|全镇调解纠纷|715|件", "103份|审查合同|103|份", "0|行政诉讼败诉率|0|"}},
		{"举办讲座近百场。", []string{"百场|举办讲座|100|场~"}},
		{"培育示范户10户以上。", []string{"10户|培育示范户|10|户~"}},
		{"聘请三家律所。", []string{"三家|聘请律所|3|家"}},
		{"召开会议两次。", []string{"两次|召开会议|2|次"}},
		{"培养骨干二百三十余名。", []string{"二百三十余名|培养骨干|230|名~"}},
		{"审查合同三五份。", []string{"三五份|审查合同|3|份..5~"}},
		{"新建法治公园1-2家。", []string{"1-2家|新建法治公园|1|家..2"}},
		{"投入3-5万元建设长廊。", []string{"3-5万元|投入建设长廊|30000|元..50000"}},
		{"审批时限压缩百分之六十。", []string{"百分之六十|审批时限压缩|60|%"}},
		{"群众满意度提升3.2个百分点。", []string{"3.2个百分点|群众满意度提升|3.2|个百分点"}},
		{"配备公职律师一名。", []string{"一名|配备公职律师|1|名"}},
		{"受理信访0件。", []string{"0件|受理信访|0|件"}},
		{"化解长达10余年的医疗纠纷。", []string{"10余年|化解医疗纠纷|10|年~"}},
		{"办理时限由15个工作日压缩至3个工作日。", []string{"15个工作日|办理时限压缩|15|个工作日", "3个工作日|办理时限压缩|3|个工作日"}},
		// nothing happened
		{"全年未发生行政败诉案件。", []string{"未发生|行政败诉案件|0|"}},
		{"无因调解不当引发的上访事件。", []string{"无|因调解不当引发的上访事件|0|"}},
		{"没有因执法不当引发的事件发生。", []string{"没有|因执法不当引发的事件发生|0|"}},
		{"全镇实现零投诉。", []string{"零|投诉|0|"}},
		{"未发生3人以上事故。", []string{"未发生|3人以上事故|0|"}},
	} {
		if got := metricsOf(t, c.text); !slices.Equal(got, c.want) {
			t.Errorf("%s\n got %q\nwant %q", c.text, got, c.want)
		}
	}
}

// Numbers that state no quantity.
func TestMetricNone(t *testing.T) {
	for _, text := range []string{
		"2023年10月31日召开会议。", "2021-2025年规划。", "1-10月开展检查。", "时间为2023-12-24。", "3月至5月开展检查。", "上午9:30开会。",
		"第十三次常务会议。", "第2批试点。", "排名第3。", "前10名。",
		"一是加强学习。", "1.加强学习。", "（一）加强学习。", "三、加强学习。",
		"深入实施“八五”普法规划。", "推行三所联动。", "建立“1+6+N”网络。", "严格执行三项制度。", "落实“四个一”要求。",
		"印发张法政办〔2019〕5号文件。", "依据第十二条规定。", "《民法典一百问》。", "国发[2022]12号。",
		"拨打12345热线。", "向110报警。", "开展15分钟调解圈建设。", "每月召开一次例会。", "每季度开展2次检查。",
		"推出一系列举措。", "建成一站式平台。", "实行一户一档。", "在3·15、4.26等节点宣传。", "窗口5S管理。", "使用4G记录仪。", "升级系统3.0版。",
		"两级法院联动。", "三大平台建设。", "围绕五项职能。", "从5个方面发力。", "压实两个“责任”。", "聚焦三个关键环节。", "走进千家万户。", "百姓满意。", "十分重视。",
		"依法无条件公开。", "推进无障碍建设。", "保持零容忍态度。", "为60岁以上老人服务。", "提供24小时自助服务。", "近三年来成效明显。", "二〇二三年成效明显。",
	} {
		if got := metricsOf(t, text); got != nil {
			t.Errorf("%s: got %q, want none", text, got)
		}
	}
}

func TestMetricLabels(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		// what stands before and after the number
		{"5名专职调解员驻点。", []string{"5名|专职调解员驻点|5|名"}},
		{"为辖区内18个社区和13个企业配备了法律顾问。", []string{
			"18个|为辖区内社区配备了法律顾问|18|个", "13个|为辖区内企业配备了法律顾问|13|个"}},
		{"全年共计举办讲座3场、培训5次。", []string{"3场|举办讲座|3|场", "5次|培训|5|次"}},
		// figures that depend on the one before
		{"收到信访件116件，已办结105件，办结率为90.5%。", []string{
			"116件|收到信访件|116|件", "105件|收到信访件已办结|105|件", "90.5%|收到信访件办结率|90.5|%"}},
		{"调解纠纷80件，涉案金额9.5万元。", []string{"80件|调解纠纷|80|件", "9.5万元|调解纠纷涉案金额|95000|元"}},
		{"受理复议申请45件（其中不予受理3件），审结42件。", []string{
			"45件|受理复议申请|45|件", "3件|受理复议申请不予受理|3|件", "42件|受理复议申请审结|42|件"}},
		// a short phrase takes its context
		{"落实领导接访制度，接访60次。", []string{"60次|落实领导接访制度接访|60|次"}},
		// period and target
		{"截至2023年10月底，调解纠纷12件，制作协议书9份。", []string{
			"12件|调解纠纷|12|件|截至2023年10月底", "9份|制作协议书|9|份|截至2023年10月底"}},
		{"上半年调解纠纷12件。", []string{"12件|上半年调解纠纷|12|件|上半年"}},
		{"未达到持证率60%的要求。", []string{"60%|未达到持证率要求|60|%!"}},
		{"完成率实现100%目标。", []string{"100%|完成率目标|100|%"}},
		{"力争新建法治广场2个。", []string{"2个|力争新建法治广场|2|个!"}},
		{"报告\n二、2024年工作安排\n新建法治广场2个。", []string{"2个|新建法治广场|2|个!|2024年"}},
		// tables
		{"项目\t数量\n调解案件(件)\t1234\n法律援助\t56件", []string{"1234|调解案件|1234|件", "56件|法律援助|56|件"}},
		{"类别\t案件\t\t罚款(万元)\n\t受理(件)\t办结(件)\n复议\t\t3\t\n\t5\t4\t1.5\n本表统计全年。", []string{
			"3|复议案件办结|3|件", "5|复议案件受理|5|件", "4|复议案件办结|4|件", "1.5|复议罚款|15000|元"}},
		{"| 类别 | 受理(件) |\n|---|---|\n| 复议 | 12 |\n本表统计全年。", []string{"12|复议受理|12|件"}},
		{"序号\t项目\t补助(万元)\n1\t法治长廊\t35.5", []string{"35.5|法治长廊补助|355000|元"}},
	} {
		if got := metricsOf(t, c.text); !slices.Equal(got, c.want) {
			t.Errorf("%s\n got %s\nwant %s", c.text, strings.Join(got, "\n     "), strings.Join(c.want, "\n     "))
		}
	}
}

func TestMetricParentAndIndicator(t *testing.T) {
	f := newLinker(t).Link(document("全年办理行政复议案件45件，其中撤销5件。"))
	var ms []kg.Mention
	for _, m := range f.Mentions {
		if m.Kind == kg.KindMetric {
			ms = append(ms, m)
		}
	}
	if len(ms) != 2 || ms[1].Metric.ParentID != ms[0].ID {
		t.Fatalf("got %+v, want the second to be part of the first", ms)
	}
	if want := kg.IndicatorID("行政复议案件"); ms[0].EntityID != want {
		t.Errorf("measures %q, want %q", ms[0].EntityID, want)
	}
	if !slices.ContainsFunc(f.Entities, func(e kg.Entity) bool { return e.ID == ms[0].EntityID && e.Unit == "件" }) {
		t.Error("the indicator is missing")
	}
}
