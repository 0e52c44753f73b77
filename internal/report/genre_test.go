package report_test

import (
	"testing"

	"graphd/internal/report"
)

// A report on rule-of-law work is one under any of the titles that governments
// give it. Title and text are composed.
func TestSisterTitles(t *testing.T) {
	const body = `

2022年,东屏县深入学习贯彻习近平法治思想,扎实推进各项工作。现将有关情况报告如下:
一、主要做法
(一)加强领导。召开会议4次,研究法治政府建设工作。
(二)规范执法。全年办理行政处罚案件120件,开展法治宣传活动30场次。
二、存在的问题
基层执法力量还比较薄弱。
三、下一步打算
继续推进依法行政,强化行政执法监督。
`
	for _, title := range []string{
		"东屏县2016年度依法行政工作报告",
		"东屏县人民政府2014年度推进依法行政工作情况报告",
		"东屏区2021年推进依法治区工作总结",
		"东屏镇法治政府建设工作自查报告",
		"东屏县法治建设年度报告(2022年)",
		"东屏县履行推进法治建设第一责任人职责情况报告",
		"2022年度法治政府建设工作情况汇报",
		"东屏县司法局2023年法治政府建设工作总结及2024年工作计划",
		"东屏区法治政府建设2023年工作总结和2024年工作要点",
		"东屏县市场监督管理局关于2023年法治政府建设情况的公示",
		"东屏县教育局2022年推进依法治教工作总结",
		"东屏县财政局2020年度法治财政建设总结",
		"东屏乡2020年法治工作总结",
		"中共东屏县委 东屏县人民政府关于2023年度法治政府建设情况的报告",
	} {
		doc, err := report.Read("a.txt", "", []byte(title+body))
		if err != nil {
			t.Fatal(err)
		}
		if err := report.IsReport(doc); err != nil {
			t.Errorf("%s: %v", title, err)
		}
		if doc.Report.Title != title {
			t.Errorf("%s: its title is read as %q", title, doc.Report.Title)
		}
	}
}
