package registry_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"graphd/internal/fold"
	"graphd/internal/kg"
	"graphd/internal/linker/registry"
)

func load(t testing.TB) *registry.Registry {
	t.Helper()
	r, err := registry.Load()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The packed files are those that NOTICE.md tells the source of.
func TestPackedFilesAreAsStated(t *testing.T) {
	notice, err := os.ReadFile("NOTICE.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile(`(?m)^\| (\S+\.gz) \| (\d+) \| ([0-9a-f]{64}) \|$`).FindAllStringSubmatch(string(notice), -1)
	if len(rows) != 2 {
		t.Fatalf("NOTICE.md states %d files, want 2", len(rows))
	}
	for _, row := range rows {
		data, err := os.ReadFile(row[1])
		if err != nil {
			t.Fatal(err)
		}
		if sum := fmt.Sprintf("%x", sha256.Sum256(data)); sum != row[3] {
			t.Errorf("%s has sha256 %s, stated is %s", row[1], sum, row[3])
		}
	}
}

func TestDivisionsAreComplete(t *testing.T) {
	d := load(t).Divisions
	if got, want := d.Rows(), (map[kg.Level]int{kg.LevelProvince: 31, kg.LevelPrefecture: 342, kg.LevelCounty: 2978, kg.LevelTownship: 41352}); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("rows are %v, want %v", got, want)
	}
	for x := range d.All() {
		p := d.Parent(x)
		if (p == nil) != (x.Level == kg.LevelProvince) || p != nil && !strings.HasPrefix(x.Code, p.Code) {
			t.Errorf("%s %s lies in %v", x.Code, x.Name, p)
		}
		if x.Name != fold.Name(x.Name) {
			t.Errorf("%s: %q is not folded", x.Code, x.Name)
		}
		if found, ok := d.ByCode(x.Code); !ok || found != x {
			t.Errorf("%s is not found by its code", x.Code)
		}
	}
}

func TestDivisionsByName(t *testing.T) {
	d := load(t).Divisions
	for _, tt := range []struct {
		name string
		want string // path of the only division, or of the highest; … where there are more
	}{
		{"松江区", "上海市/松江区"},
		{"方松街道", "上海市/松江区/方松街道"},
		{"方松", "上海市/松江区/方松街道"},
		{"宁波", "浙江省/宁波市"},
		{"东莞市", "广东省/东莞市"},
		{"济源", "河南省/济源市"},
		{"石河子市", "新疆维吾尔自治区/石河子市"},
		{"内蒙古", "内蒙古自治区"},
		{"恩施州", "湖北省/恩施土家族苗族自治州"},
		{"黔东南", "贵州省/黔东南苗族侗族自治州"},
		{"酉阳县", "重庆市/酉阳土家族苗族自治县"},
		{"双江县", "云南省/临沧市/双江拉祜族佤族布朗族傣族自治县"},
		{"鄂温克旗", "内蒙古自治区/呼伦贝尔市/鄂温克族自治旗"},
		{"浒墅关经开区", "江苏省/苏州市/虎丘区/浒墅关经开区(镇)"},
		{"市辖区", ""},
		{"县", ""},
		{"街道", ""},
		{"省直辖县级行政区划", ""},
		{"无此镇", ""},
	} {
		got := ""
		if ns := d.Named(tt.name); len(ns) == 1 {
			var names []string
			for _, x := range d.Path(ns[0].Division) {
				names = append(names, x.Name)
			}
			got = strings.Join(names, "/")
		} else if len(ns) > 1 {
			got = fmt.Sprintf("%d divisions", len(ns))
		}
		if got != tt.want {
			t.Errorf("%s is %q, want %q", tt.name, got, tt.want)
		}
	}
	if n := len(d.Named("城关镇")); n != 88 {
		t.Errorf("%d divisions are called 城关镇, want 88", n)
	}
}

func TestDivisionsByCode(t *testing.T) {
	d := load(t).Divisions
	for code, want := range map[string]string{
		"31": "上海市", "310000": "上海市", "310117": "松江区", "310117000000": "松江区", "310117003": "方松街道", "310117003000": "方松街道",
		"3302": "宁波市", "330200": "宁波市", "4419": "东莞市", "3101": "", "441900": "东莞市", "99": "", "": "", "3": "", "31011": "",
	} {
		x, ok := d.ByCode(code)
		if ok != (want != "") || ok && x.Name != want {
			t.Errorf("code %q is %v, want %q", code, x, want)
		}
	}
}

func TestDivisionEntity(t *testing.T) {
	d := load(t).Divisions
	x, _ := d.ByCode("310117003")
	e := d.Entity(x)
	if e.FullName != "上海市松江区方松街道" || e.ParentID != kg.JurisdictionID("310117") || fmt.Sprint(e.Aliases) != "[方松 方松街]" || e.Level != kg.LevelTownship {
		t.Errorf("entity is %+v", e)
	}
}

func TestLaws(t *testing.T) {
	l := load(t).Laws
	for title, want := range map[string]string{
		"中华人民共和国行政处罚法": "行政处罚法 LAW", "《行政处罚法》": "行政处罚法 LAW", "宪法": "宪法 CONSTITUTION",
		"村委会组织法": "村民委员会组织法 LAW", "上海市绿化条例": "上海市绿化条例 LOCAL_REGULATION",
		"上海市实施〈中华人民共和国义务教育法〉办法": "上海市实施中华人民共和国义务教育法办法 LOCAL_REGULATION", "上海市实施义务教育法办法": "上海市实施中华人民共和国义务教育法办法 LOCAL_REGULATION",
		"信访工作条例": "信访工作条例 PARTY_REGULATION", "无此法": "",
	} {
		law, ok := l.ByTitle(title)
		got := ""
		if ok {
			got = law.Title + " " + string(law.Type)
		}
		if got != want {
			t.Errorf("%s is %q, want %q", title, got, want)
		}
	}
	if n := l.Rows(); n != 3417 {
		t.Errorf("%d rows, want 3417", n)
	}
}

func BenchmarkFind(b *testing.B) {
	d := load(b).Divisions
	text := []rune(strings.Repeat("鄞州区中河街道会同宁波市司法局推进法治政府建设,严格规范公正文明执法。", 500))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		n := 0
		for range d.Find(text) {
			n++
		}
		if n == 0 {
			b.Fatal("nothing found")
		}
	}
}

func TestFormerNames(t *testing.T) {
	d := load(t).Divisions
	for name, want := range map[string]string{
		"章丘市": "370114 章丘区 山东省济南市章丘区",
		"襄樊市": "4206 襄阳市 湖北省襄阳市",
		"闸北区": " 闸北区 上海市闸北区",
	} {
		ns := d.Named(name)
		if len(ns) != 1 || ns[0].Bare {
			t.Errorf("%s names %v", name, ns)
			continue
		}
		e := d.Entity(ns[0].Division)
		if got := e.Code + " " + e.Name + " " + e.FullName; got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
		if x, ok := d.ByCode(ns[0].Code); !ok || x != ns[0].Division {
			t.Errorf("%s: its code %s gives %v", name, ns[0].Code, x)
		}
		if merged := e.Code == ""; ns[0].Merged() != merged {
			t.Errorf("%s: merged is %v", name, !merged)
		}
	}
}
