package linker_test

import (
	"strings"
	"testing"

	"graphd/internal/kg"
)

// The texts are composed.
func TestIssuer(t *testing.T) {
	l := newLinker(t)
	for _, tt := range []struct {
		name, text string
		change     func(*kg.Document)
		want       string // path, then code
		department string
		candidates int
	}{
		{name: "by the title", text: "嘉善县人民政府关于2022年度法治政府建设情况的报告\n一年来工作有序。", want: "浙江省/嘉兴市/嘉善县 330421"},
		{name: "the last of a chain", text: "遂溪县人民政府遂城街道办事处关于法治政府建设情况的报告\n我街道认真工作。", want: "广东省/湛江市/遂溪县/遂城街道 440823001"},
		{name: "in traditional characters", text: "張家港市人民政府:\n經開區(楊舍鎮)認真工作。\n張家港市楊舍鎮人民政府", change: func(d *kg.Document) { d.Report.Title, d.Report.Addressee = "", "張家港市人民政府" }, want: "江苏省/苏州市/张家港市/杨舍镇 320582100"},
		{name: "past placeholders", text: "彭浦镇2023年法治政府建设报告\n静安区要求。", want: "上海市/静安区/彭浦镇 310106101"},
		{name: "a prefecture without counties", text: "东莞市东城街道2023年法治政府建设年度报告\n东城街道认真工作。", want: "广东省/东莞市/东城街道 441900003"},
		{name: "an autonomous county by its common name", text: "酉阳县2023年法治政府建设情况报告\n全县认真工作。", want: "重庆市/酉阳土家族苗族自治县 500242"},
		{name: "a development zone", text: "苏州工业园区管理委员会法治政府建设情况报告\n园区认真工作。", want: "江苏省/苏州市/苏州工业园区 320576"},
		{name: "a bureau speaks for its division", text: "佛山市水利局2021年法治政府建设年度报告\n我局认真工作。", want: "广东省/佛山市 4406", department: "市水利局"},
		{name: "a bureau that names its division in the signature alone", text: "市司法局2023年法治政府建设年度报告\n我局认真工作。\n烟台市司法局", want: "山东省/烟台市 3706", department: "市司法局"},
		{name: "a bureau with a long name", text: "鄞州区住房和城乡建设局2023年法治政府建设报告\n我局认真工作。", want: "浙江省/宁波市/鄞州区 330212", department: "区住房和城乡建设局"},
		{name: "a bureau that only the page around names in full", text: "市水务局2025年度法治政府建设情况报告\n我局落实《湖北省某某条例》。", change: func(d *kg.Document) { d.Chrome = []string{"湖北政府网", "武汉市水务局"} }, want: "湖北省/武汉市 4201", department: "市水务局"},
		{name: "no bureau", text: "2023年法治政府建设报告\n鄞州区中心工作有序,鄞州区委全面依法治区委员会指导。", want: "浙江省/宁波市/鄞州区 330212"},
		{name: "no bureau, but a word that ends like one", text: "茂县人民政府2024年度法治政府建设年度报告\n2024年，茂县坚持把法治政府建设摆在全局工作的重要位置。", want: "四川省/阿坝藏族羌族自治州/茂县 513223"},
		{name: "a township that the register knows elsewhere alone", text: "沙河镇2020年法治政府建设工作总结\n我镇认真工作。\n绵竹市沙河镇人民政府", want: "四川省/德阳市/绵竹市/沙河镇"},
		{name: "a zone that a division runs", text: "武汉经济技术开发区（汉南区）2021年法治政府建设年度报告\n2021年，全区认真工作。", want: "湖北省/武汉市/汉南区 420113"},
		{name: "a zone that is no division", text: "贵安新区管委会2023年法治政府建设情况报告\n2023年，新区认真工作。", want: ""},
		{name: "by the publisher", text: "2023年法治政府建设报告\n街道认真工作。", change: func(d *kg.Document) { d.Publisher = "中河街道" }, want: "浙江省/宁波市/鄞州区/中河街道 330212005"},
		{name: "by the level it calls its own", text: "现将县人民政府工作情况报告如下。我县印发《岳阳县学法计划》,在新开镇试点。", want: "湖南省/岳阳市/岳阳县 430621"},
		{name: "a name that is an ordinary phrase, after its city", text: "新城区2022年度法治政府建设报告\n全区认真工作。\n西安市新城区人民政府", want: "陕西省/西安市/新城区 610102"},

		{name: "homonyms told by a region named", text: "朝阳区2023年法治政府建设情况报告\n长春市统一部署。", want: "吉林省/长春市/朝阳区 220104"},
		{name: "homonyms told by a title of the region", text: "朝阳区2023年法治政府建设情况报告\n落实《北京市接诉即办工作条例》。", want: "北京市/朝阳区 110105"},
		{name: "homonyms told by a filing number", text: "朝阳区2023年法治政府建设情况报告\n认真工作。", change: func(d *kg.Document) { d.Chrome = []string{"京公网安备 11010502030009号"} }, want: "北京市/朝阳区 110105"},
		{name: "homonyms told by the host", text: "朝阳区2023年法治政府建设情况报告\n认真工作。", change: func(d *kg.Document) { d.Report.Sources[0].Location = "https://sfj.bj.gov.cn/a.html" }, want: "北京市/朝阳区 110105"},
		{name: "homonyms told by a municipality's initials in the host", text: "鼓楼街道2023年法治政府建设情况报告\n认真工作。", change: func(d *kg.Document) { d.Report.Sources[0].Location = "https://www.bjmy.gov.cn/a.html" }, want: "北京市/密云区/鼓楼街道 110118001"},
		{name: "a street by its common name", text: "2024年法治政府建设报告\n2024年,鹤龙街推动法治白云建设。", want: "广东省/广州市/白云区/鹤龙街道 440111017"},
		{name: "homonyms told by siblings", text: "新华街道2023年法治政府建设情况报告\n我街道与花城街道、秀全街道互学。", want: "广东省/广州市/花都区/新华街道 440114001"},
		{name: "homonyms that nothing tells apart", text: "城关镇2023年法治政府建设情况报告\n城关镇认真工作。", candidates: 88},
		{name: "a practice of elsewhere tells nothing", text: "城关镇2023年法治政府建设情况报告\n推广浙江“枫桥经验”。", candidates: 88},
		{name: "nor does a region that was visited", text: "太平街道2023年法治政府建设情况报告\n赴浙江省温岭市学习。", candidates: 11},
		{name: "nor does a law firm's name", text: "朝阳区2023年法治政府建设情况报告\n聘请长春市北斗律师事务所。", candidates: 2},
		{name: "a former name", text: "章丘市2015年依法行政工作报告\n我市认真工作。", want: "山东省/济南市/章丘区 370114"},
		{name: "a district that is no more", text: "闸北区2014年依法行政工作报告\n我区认真工作。", want: "上海市/闸北区"},
		{name: "by its bare name, right below the addressee", text: "2023年法治政府建设报告\n景德镇市人民政府:\n我区建设现代化新昌江。", change: func(d *kg.Document) { d.Report.Addressee = "景德镇市人民政府" }, want: "江西省/景德镇市/昌江区 360202"},
		{name: "a bureau of no division", text: "水利局2015年度依法行政工作报告\n信州区人民政府:\n我局认真工作。", change: func(d *kg.Document) { d.Report.Addressee = "信州区人民政府" }, want: "江西省/上饶市/信州区 361102", department: "区水利局"},
		{name: "a bureau that opens a report without a title", text: "2022年,县司法局认真工作。我局落实《潼关县工作要点》。", change: func(d *kg.Document) { d.Report.Title = "2022年,县司法局认真工作" }, want: "陕西省/渭南市/潼关县 610522", department: "县司法局"},
		{name: "homonyms told by a creed of the region", text: "白云区2021年法治政府建设报告\n推进法治广州建设。", want: "广东省/广州市/白云区 440111"},
		{name: "homonyms told by the kind of the county above", text: "增福镇2022年法治政府建设报告\n落实市委、区委部署,区政府委托执法。", want: "重庆市/涪陵区/增福镇 500102130"},
		{name: "homonyms told by a city alone above", text: "增福镇2022年法治政府建设报告\n落实市委部署,执法事项由区委托。", want: "河南省/许昌市/长葛市/增福镇 411082110"},
		{name: "nobody", text: "2023年法治政府建设报告\n认真工作。"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			doc := document(tt.text)
			if tt.change != nil {
				tt.change(&doc)
			}
			f := l.Link(doc)
			got := strings.TrimSpace(strings.Join(f.Issuer.Path, "/") + " " + f.Issuer.Code)
			if got != tt.want || f.Issuer.Department != tt.department || len(f.Issuer.Candidates) != tt.candidates {
				t.Errorf("issuer is %q, department %q, %d candidates; want %q, %q, %d", got, f.Issuer.Department, len(f.Issuer.Candidates), tt.want, tt.department, tt.candidates)
			}
			if (f.Report.IssuerID == "") != (tt.want == "") {
				t.Errorf("issuer ID %q", f.Report.IssuerID)
			}
		})
	}
}

// A zone that is no division keeps its name, and nobody else's.
func TestZoneAsIssuer(t *testing.T) {
	f := newLinker(t).Link(document("贵安新区管委会2023年法治政府建设情况报告\n2023年,新区认真工作。"))
	if f.Issuer.Name != "贵安新区" || f.Issuer.Code != "" || f.Report.IssuerID != "" {
		t.Errorf("issuer %+v, ID %q", f.Issuer, f.Report.IssuerID)
	}
}

// An issuer that the register lacks keeps its name, under its county.
func TestUnregisteredIssuer(t *testing.T) {
	f := newLinker(t).Link(document("遂溪县青禾镇2023年法治政府建设报告\n我镇认真工作。"))
	if f.Issuer.Name != "青禾镇" || f.Issuer.Code != "" || f.Report.IssuerID != "jurisdiction:440823/青禾镇" {
		t.Errorf("issuer %+v, ID %q", f.Issuer, f.Report.IssuerID)
	}
}
