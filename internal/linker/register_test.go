package linker_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"graphd/internal/kg"
	"graphd/internal/linker/registry"
)

// unnatural are rows of the register that issue no reports under their names:
// farms, zones and the like.
func natural(name string) bool {
	for _, e := range []string{"省", "市", "县", "区", "旗", "自治州", "镇", "乡", "街道"} {
		if strings.HasSuffix(name, e) && !strings.ContainsAny(name, "()") && len([]rune(name)) > 2 {
			return !slices.ContainsFunc([]string{"开发区", "园区", "管理区", "示范区", "保税区", "试验区", "产业区", "风景区", "旅游区", "工业区", "新区", "实验区", "矿区", "聚集区", "城区"}, func(z string) bool { return strings.HasSuffix(name, z) })
		}
	}
	return false
}

// Every division of the register is found as the issuer of a report that
// bears its name and names what it lies in, and then as a jurisdiction.
func TestEveryDivisionIsFoundAsIssuer(t *testing.T) {
	l := newLinker(t)
	reg, err := registry.Load()
	if err != nil {
		t.Fatal(err)
	}
	step := 23 // a sample; every one in turn would take half a minute
	n, wrong := 0, 0
	i := 0
	for x := range reg.Divisions.All() {
		if i++; !natural(x.Name) || i%step != 0 && x.Level == kg.LevelTownship {
			continue
		}
		above := ""
		for _, p := range reg.Divisions.Path(x) {
			if p != x {
				above += p.Name + "部署工作。"
			}
		}
		n++
		f := l.Link(document(fmt.Sprintf("%s2023年法治政府建设情况报告\n%s认真工作。%s", x.Name, x.Name, above)))
		mentioned := slices.ContainsFunc(f.Mentions, func(m kg.Mention) bool { return m.EntityID == x.ID() })
		if f.Report.IssuerID != x.ID() || !mentioned {
			wrong++
			t.Logf("%s %s: issuer %q %s, mentioned %t, %d candidates", x.Code, x.Name, f.Issuer.Name, f.Issuer.Code, mentioned, len(f.Issuer.Candidates))
		}
	}
	if n < 4000 || wrong > 0 {
		t.Errorf("%d of %d wrong", wrong, n)
	}
}
