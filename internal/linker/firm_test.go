package linker_test

import (
	"strings"
	"testing"

	"graphd/internal/kg"
)

// The texts and most of the firms are composed.
func TestLawFirms(t *testing.T) {
	l := newLinker(t)
	for _, tt := range []struct{ name, text, want string }{
		{"after a verb", "我镇聘请上海市青禾律师事务所的两名律师担任顾问。", "上海市青禾律师事务所"},
		{"a list", "与浙江和义律师事务所、江苏青禾(张家港)律师事务所及北京市青禾律师事务所签约。", "浙江和义律师事务所 江苏青禾(张家港)律师事务所 北京市青禾律师事务所"},
		{"a brand that begins like a conjunction", "由和平律师事务所提供服务。", "和平律师事务所"},
		{"a brand without a place", "选聘青禾律师事务所律师。", "青禾律师事务所"},
		{"a brand of numerals and joining words", "与浙江六和律师事务所、浙江六和(宁波)律师事务所签约。", "浙江六和律师事务所 浙江六和(宁波)律师事务所"},
		{"a branch office", "与广东青禾律师事务所宁波分所签约。", "广东青禾律师事务所宁波分所"},
		{"the place between", "聘任青禾律师(宁波)事务所律师。", "青禾律师(宁波)事务所"},
		{"in traditional characters", "聘請江蘇青禾律師事務所律師。", "江苏青禾律师事务所"},
		{"after a colon and a number", "顾问单位:1.浙江青禾律师事务所;2.宁波青禾律师事务所。", "浙江青禾律师事务所 宁波青禾律师事务所"},
		{"none named", "聘请专业律师事务所,与三家律师事务所、多家优秀律师事务所、10余家律师事务所、某律师事务所签约,各律师事务所参与,律师事务所进驻。", ""},
		{"kinds of firms", "发动律师事务所值班,聘请省城知名律师事务所,市区两级律师事务所和驻县律师事务所参与,推动涉外律师事务所、商事律师事务所发展,法治办和律师事务所审查。", ""},
		{"a place alone", "鄞州区律师事务所、宁波律师事务所和辖区内律师事务所参与,政府购买律师事务所服务。", ""},
		{"a brand that ends like a stop", "与福建青禾联合(福州)律师事务所签约。", "福建青禾联合(福州)律师事务所"},
		{"firms that are counted", "辖区有合伙联营律师事务所25家。", ""},
		{"an office that is no firm", "法律服务所与顾问律所值班。", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := l.Link(document(tt.text))
			got := mentioned(f, kg.KindLawFirm, func(_ kg.Mention, e kg.Entity) string { return e.Name })
			if strings.Join(got, " ") != tt.want {
				t.Errorf("got %q, want %q", strings.Join(got, " "), tt.want)
			}
		})
	}
}
