// Package deps holds no code. Its test states which package may import which,
// and why: data flows one way, so a package knows only what lies below it.
package deps

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// rule says what a package of this module may import of this module. A path
// stands for itself and all packages below it.
type rule struct {
	pkg   string
	may   []string
	third bool // may import modules of others
	why   string
}

var rules = []rule{
	{"internal/kg", nil, false, "the vocabulary is understood by all and depends on none"},
	{"internal/fold", nil, false, "folding is a table and a few functions; the generator that makes the table is apart"},
	{"internal/fold/internal/gen", nil, true, "reads the dictionary that the table is made from"},
	{"internal/report", []string{"internal/kg", "internal/fold"}, true, "reading knows nothing of linking or storing"},
	{"internal/linker", []string{"internal/kg", "internal/fold", "internal/linker"}, false, "linking is pure: no clock, disk, network or store"},
	{"internal/reuse", []string{"internal/kg", "internal/fold"}, false, "texts are compared by their words alone"},
	{"internal/store", []string{"internal/kg", "internal/fold", "internal/reuse"}, false, "promises know no engine"},
	{"internal/store/storetest", []string{"internal/kg", "internal/fold", "internal/reuse", "internal/store"}, true, "one suite for all engines, so it knows none"},
	{"internal/store/sqlitestore", []string{"internal/kg", "internal/fold", "internal/store"}, true, "an engine knows the promises and not the other engine"},
	{"internal/store/neo4jstore", []string{"internal/kg", "internal/fold", "internal/store"}, true, "an engine knows the promises and not the other engine"},
	{"internal/store/neo4jtest", []string{"internal/store/neo4jtest"}, true, "a server to test against knows nothing of what is tested"},
	{"internal/adoption", []string{"internal/kg", "internal/store"}, true, "questions of spread are asked once, for every store"},
	{"internal/comparison", []string{"internal/kg", "internal/fold"}, false, "figures are judged by what they are, wherever they are kept"},
	{"internal/diffusion", []string{"internal/kg", "internal/fold"}, false, "a sentence is read by its words alone"},
	{"internal/ingest", []string{"internal/kg", "internal/report", "internal/linker", "internal/store"}, true, "ingestion joins reading, linking and storing, for any store"},
	{"internal/lines", []string{"internal/kg", "internal/fold"}, false, "a flat form of facts knows nothing but facts"},
	{"internal/eval", []string{"internal/kg", "internal/lines"}, true, "scoring looks at facts, not at how they are stored"},
	{"internal/quality", []string{"internal/eval"}, false, "the program serves figures and measures none"},
	{"internal/quality/measure", []string{"internal/eval", "internal/ingest", "internal/lines", "internal/linker", "internal/quality"}, true, "figures are measured as users see facts, through linking and scoring"},
	{"internal/quality/internal/gen", []string{"internal/quality", "internal/quality/measure", "internal/linker"}, true, "writes what was measured"},
	{"internal/server", []string{"internal/kg", "internal/server", "web"}, true, "HTTP carries answers and knows no question"},
	{"internal/admission", nil, true, "a query is weighed by the schema alone, before anything can be asked"},
	{"internal/transport", nil, true, "HTTP carries requests and knows no question"},
	{"internal/schemadiff", nil, true, "schemas are compared as texts, knowing nothing of who serves them"},
	{"internal/deps", nil, false, "rules are stated, not followed"},
	{"internal/testreport", nil, false, "reads test results only"},
	{"graph", []string{"", "graph", "internal/kg", "internal/fold", "internal/store", "internal/adoption", "internal/comparison", "internal/diffusion", "internal/reuse", "internal/admission", "internal/transport"}, true, "answers come from the reader and the index it is given, never from an engine"},
	{"bench/corpus", []string{"internal/kg", "internal/store", "internal/store/storetest"}, false, "corpora are composed of facts, for any store"},
	{"bench", []string{"bench/corpus", "internal/kg", "internal/reuse", "internal/adoption", "internal/store", "internal/store/sqlitestore", "internal/store/neo4jstore", "internal/store/neo4jtest"}, true, "measurements wire both stores, as commands do"},
	{"web", nil, false, "the pages are files"},
	{"samples", nil, false, "the samples are files"},
	{"", nil, false, "the root holds the schema for whoever serves it"},
}

// engines may be named by commands, which wire everything, and by nothing else.
var wires = []string{"cmd"}

const module = "graphd"

func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports ","}}`, module+"/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for line := range strings.Lines(string(out)) {
		path, imports, _ := strings.Cut(strings.TrimSpace(line), " ")
		pkg := strings.TrimPrefix(strings.TrimPrefix(path, module), "/")
		if below(pkg, wires...) {
			continue
		}
		seen++
		r, ok := ruleFor(pkg)
		if !ok {
			t.Errorf("%q has no rule: say here what it may import, and why", pkg)
			continue
		}
		for imp := range strings.SplitSeq(imports, ",") {
			own, ours := strings.CutPrefix(imp, module)
			own = strings.TrimPrefix(own, "/")
			switch {
			case imp == "" || ours && own == pkg:
			case ours && !slices.ContainsFunc(r.may, func(m string) bool { return own == m || m != "" && allowedBelow(own, m) }):
				t.Errorf("%s imports %s: %s", path, imp, r.why)
			case !ours && !r.third && strings.Contains(strings.Split(imp, "/")[0], "."):
				t.Errorf("%s imports %s: %s", path, imp, r.why)
			}
		}
	}
	if seen < 5 {
		t.Fatalf("only %d packages were looked at", seen)
	}
}

// allowedBelow tells whether own lies below m and has no rule of its own: a
// rule for store does not open the engines below it.
func allowedBelow(own, m string) bool {
	if !below(own, m) {
		return false
	}
	r, _ := ruleFor(own)
	return r.pkg == m || below(r.pkg, "internal/linker")
}

func below(pkg string, roots ...string) bool {
	return slices.ContainsFunc(roots, func(r string) bool { return pkg == r || strings.HasPrefix(pkg, r+"/") })
}

// ruleFor is the rule with the longest path that pkg is or lies below.
func ruleFor(pkg string) (best rule, ok bool) {
	for _, r := range rules {
		if (r.pkg == pkg || r.pkg != "" && below(pkg, r.pkg)) && (!ok || len(r.pkg) > len(best.pkg)) {
			best, ok = r, true
		}
	}
	return best, ok
}
