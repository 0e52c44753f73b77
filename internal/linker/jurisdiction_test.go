package linker_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"graphd/internal/kg"
)

// The texts are composed. All are of 鄞州区 in 宁波市 unless they say otherwise.
func TestJurisdictions(t *testing.T) {
	l := newLinker(t)
	const issuer = "鄞州区2023年法治政府建设情况报告\n"
	for _, tt := range []struct {
		name, text string
		want       string // quote=code or quote?candidates, without the title's
	}{
		{"full names", "浙江省和宁波市部署。", "浙江省=33 宁波市=3302"},
		{"short names around the issuer", "法治宁波建设,与海曙、江北区互学。", "宁波=3302 海曙=330203 江北区=330205"},
		{"a chain, long and short", "学习上海松江和江苏省苏州市吴江区做法。", "上海=31 松江=310117 江苏省=32 苏州市=3205 吴江区=320509"},
		{"towns inside", "中河街道、下应街道率先。", "中河街道=330212005 下应街道=330212001"},
		{"a list of towns", "在中河、下应、首南等3个街道试点,五乡、邱隘和云龙镇跟进。", "中河=330212005 下应=330212001 首南=330212006 五乡=330212105 邱隘=330212106 云龙镇=330212108"},
		{"an ordinary word in a list of its like", "海曙、镇海、江北、奉化四地互学,守住江北。", "海曙=330203 镇海=330211 江北=330205 奉化=330213"},
		{"no list of towns", "坚持自治、法治、德治等镇街机制。", ""},
		{"the issuer's common word after 法治", "推进法治鄞州建设。", "鄞州=330212"},
		{"in an organisation's name", "鄞州区司法局会同宁波市律师协会。", "鄞州区=330212 宁波市=3302"},
		{"a common name of an autonomous county", "帮扶恩施州来凤县和酉阳县。", "恩施州=4228 来凤县=422827 酉阳县=500242"},
		{"the issuer's ordinary words in set phrases", "法治建设、平安建设和法治惠民并进,落实区委和县委要求。", ""},
		{"in traditional characters", "學習蘇州市張家港市做法。", "蘇州市=3205 張家港市=320582"},
		{"not in a title", "落实《浙江省行政程序办法》。", ""},
		{"not the whole", "全区、本镇、我街道、全市推进。", ""},
		{"not part of a road's or a river's name", "在北京路、南京大道和苏州河设点。", ""},
		{"not ordinary words", "社会长治久安,资源整合,公安联动,合作共建,惠农政策,互助养老,方案比如清单。", ""},
		{"not where two words meet", "扩大理论成果,确保定期检查,推广安全经验,打造卓越城区。", ""},
		{"not the next word's first character", "推进文明乡风、平安乡村和新区域建设。", ""},
		{"a town that the register knows elsewhere alone", "与绵竹市沙河镇结对。", "绵竹市=510683 沙河镇=510683/沙河镇"},
		{"a city that is learnt from", "学习成都经验,推广晋江经验。", "成都=5101"},
		{"a town's organ", "中河派出所和下应司法所联调。", "中河=330212005 下应=330212001"},
		{"a quotation mark parts a chain", "“法润江苏”长江禁捕。", "江苏=32"},
		{"a homonym near its region", "赴重庆市考察,学习江北区做法。", "重庆市=50 江北区=330205"},
		{"a homonym in a chain", "学习重庆市江北区做法。", "重庆市=50 江北区=500105"},
		{"a homonym decided by what was named before", "赴吉林省长春市考察,学习朝阳区做法。", "吉林省=22 长春市=2201 朝阳区=220104"},
		{"a homonym left open", "学习朝阳区做法。", "朝阳区?110105,220104"},
		{"an ordinary word beside a prefecture far away", "帮扶甘肃陇南、定西两市。", "甘肃=62 陇南=6212 定西=6211"},
		{"a street called one", "下应街与中河街联合巡查。", "下应街=330212001 中河街=330212005"},
		{"a prefecture's name is no end of another word", "徐汇乐山片区改造。", ""},
		{"a neighbouring town wherever it stands", "巡回法庭走近首南街道居民。", "首南街道=330212006"},
		{"a bare county before its town", "学习江阴徐霞客镇做法。", "江阴=320281 徐霞客镇=320281104"},
		{"former names", "与章丘市、上饶县、闸北区互学。", "章丘市=370114 上饶县=361104 闸北区=31/闸北区"},
		{"not part of a bank's or a university's name", "会同北京银行、工商银行杭州分行和上海大学。", ""},
		{"not where words meet", "投资阳光化,诚信阳光,推广安置。", ""},
		{"a county of two characters before its organ", "会同曹县司法局办案,召开县司法局会议。", "曹县=371721"},
		{"a town that the register lacks", "遂溪县青禾镇加入。", "遂溪县=440823 青禾镇=440823/青禾镇"},
		{"no town though a county goes before", "遂溪县各镇、遂溪县重点镇加入。", "遂溪县=440823"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := l.Link(document(issuer + tt.text))
			got := mentioned(f, kg.KindJurisdiction, func(m kg.Mention, _ kg.Entity) string {
				if m.Start < len([]rune(issuer)) {
					return ""
				}
				if m.Unresolved() {
					return m.Quote + "?" + strings.ReplaceAll(strings.Join(m.Candidates, ","), "jurisdiction:", "")
				}
				return m.Quote + "=" + strings.TrimPrefix(m.EntityID, "jurisdiction:")
			})
			got = slices.DeleteFunc(got, func(s string) bool { return s == "" })
			if fmt.Sprint(strings.Join(got, " ")) != tt.want {
				t.Errorf("got  %s\nwant %s", strings.Join(got, " "), tt.want)
			}
		})
	}
}
