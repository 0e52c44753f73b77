package registry_test

import (
	"testing"

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

func TestTiming(t *testing.T) {
	r := load(t)
	for _, n := range []string{"中河街道", "彭浦镇", "方松街道", "遂城街道", "杨舍镇", "恩施州", "酉阳", "酉阳县", "内蒙古", "东莞", "济源", "松江", "苏州工业园区"} {
		for _, x := range r.Divisions.Named(n) {
			s := ""
			for _, p := range r.Divisions.Path(x.Division) {
				s += "/" + p.Name
			}
			t.Log(n, x.Code, s, x.Bare)
		}
	}
}
