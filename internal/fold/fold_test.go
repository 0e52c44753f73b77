package fold_test

import (
	"testing"
	"unicode"
	"unicode/utf8"

	"graphd/internal/fold"
	"pgregory.net/rapid"
)

func TestName(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"張家港市楊舍鎮人民政府", "张家港市杨舍镇人民政府"},
		{"關於進一步完善法治政府建設情況報告制度的通知", "关于进一步完善法治政府建设情况报告制度的通知"},
		{"臺州後溪裡的乾淨", "台州后溪里的乾净"},
		{"乾安县", "乾安县"},
		{"著作權法", "著作权法"},
		{"“枫桥式”派出所", "枫桥式派出所"},
		{"「HE」法治\u3000品牌", "HE法治品牌"},
		{"Ｈｅ２０２３（试行）", "He2023(试行)"},
		{"\ufeff民 法\u200b典\u00a0", "民法典"},
		{"\u2f00\uf9b5", "一例"},
		{"《民法典》", "《民法典》"},
		{"", ""},
	} {
		if got := fold.Name(c.in); got != c.want {
			t.Errorf("Name(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

// A name in simplified characters is its own canonical form: the first level
// of GB 2312 is the characters of everyday use.
func TestSimplifiedStays(t *testing.T) {
	for _, r := range "的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会家可下而过天去能对小多然于心学么之都好看起发当没成只如事把还用第样道想作种开美总从无情己面最女但现前些所同日手又行意动方期它头经长儿回位分爱老因很给名法间斯知世什两次使身者被高已亲其进此话常与活正感见明问力理尔点文几定本公特做外孩相西果走将月十实向声车全信重三机工物气每并别真打太新比才便夫再书部水像眼等体却加电主界门利海受听表德少克代员许先口由死安写性马光白或住难望教命花结乐色更拉东神记处让母父应直字场平报友关放至张认接告入笑内英军候民岁往何度山觉路带万男边风解叫任金快原吃妈变通师立象数四失满战远格士音轻目条呢" {
		if got := fold.Rune(r); got != r {
			t.Errorf("Rune(%c) = %c", r, got)
		}
	}
}

func TestRuneIsIdempotent(t *testing.T) {
	changed := 0
	for r := rune(0); r <= unicode.MaxRune; r++ {
		f := fold.Rune(r)
		if fold.Rune(f) != f {
			t.Fatalf("Rune(%U) = %U, which folds to %U", r, f, fold.Rune(f))
		}
		if fold.Ignored(f) != fold.Ignored(r) {
			t.Fatalf("%U is ignored: %t, but folded: %t", r, fold.Ignored(r), fold.Ignored(f))
		}
		if unicode.IsSpace(r) && !fold.Ignored(r) {
			t.Fatalf("%U is white space but counts", r)
		}
		if f != r {
			changed++
		}
	}
	if changed < 4000 {
		t.Errorf("%d code points fold, want those of a whole dictionary", changed)
	}
}

func TestKey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		key := fold.Key(s)
		if fold.Key(key) != key {
			t.Fatalf("Key(%q) = %q, which has the key %q", s, key, fold.Key(key))
		}
		if fold.Key(fold.Name(s)) != key {
			t.Fatalf("the key of the name of %q differs from its own", s)
		}
		runes, at := fold.KeyMap(s)
		if string(runes) != key {
			t.Fatalf("KeyMap(%q) = %q, want %q", s, string(runes), key)
		}
		src := []rune(s)
		last := -1
		for i, p := range at {
			if p <= last || p >= len(src) || unicode.ToLower(fold.Rune(src[p])) != runes[i] {
				t.Fatalf("element %d of the key of %q stands for code point %d", i, s, p)
			}
			last = p
		}
		if !utf8.ValidString(key) {
			t.Fatalf("Key(%q) is no UTF-8", s)
		}
	})
}
