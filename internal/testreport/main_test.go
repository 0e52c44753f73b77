package main

import (
	"strings"
	"testing"
)

func TestReport(t *testing.T) {
	for _, tc := range []struct {
		name            string
		events          string
		failed, skipped bool
		want            []string
	}{
		{
			name: "pass",
			events: `{"Action":"run","Package":"p","Test":"A"}
{"Action":"pass","Package":"p","Test":"A"}
{"Action":"pass","Package":"p","Elapsed":1.5}
{"Action":"skip","Package":"p/untested"}
`,
			want: []string{"pass p 1.5s", "skipped: none", "1 passed, 0 failed, 0 skipped"},
		},
		{
			name: "skip",
			events: `{"Action":"pass","Package":"p","Test":"A"}
{"Action":"output","Package":"p","Test":"B","Output":"=== RUN   B\n"}
{"Action":"output","Package":"p","Test":"B","Output":"    b_test.go:3: no server\n"}
{"Action":"skip","Package":"p","Test":"B"}
`,
			skipped: true,
			want:    []string{"skipped: p B: b_test.go:3: no server", "1 passed, 0 failed, 1 skipped"},
		},
		{
			name: "fail",
			events: `{"Action":"pass","Package":"p","Test":"A"}
{"Action":"output","Package":"p","Test":"B","Output":"    b_test.go:3: wrong\n"}
{"Action":"fail","Package":"p","Test":"B"}
{"Action":"fail","Package":"p"}
`,
			failed: true,
			want:   []string{"b_test.go:3: wrong", "failed: p B", "1 passed, 1 failed, 0 skipped"},
		},
		{
			name: "build failure",
			events: `{"Action":"pass","Package":"q","Test":"A"}
{"ImportPath":"p","Action":"build-output","Output":"p.go:1: undefined: x\n"}
{"ImportPath":"p","Action":"build-fail"}
{"Action":"fail","Package":"p"}
`,
			failed: true,
			want:   []string{"p.go:1: undefined: x"},
		},
		{name: "nothing ran", events: "", failed: true, want: []string{"0 passed, 0 failed, 0 skipped"}},
		{name: "no JSON", events: "go: no such package\n", failed: true, want: []string{"go: no such package"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var out strings.Builder
			failed, skipped := report(strings.NewReader(tc.events), &out)
			if failed != tc.failed || skipped != tc.skipped {
				t.Errorf("failed %v, skipped %v; want %v, %v", failed, skipped, tc.failed, tc.skipped)
			}
			for _, want := range tc.want {
				if !strings.Contains(out.String(), want+"\n") {
					t.Errorf("output lacks %q:\n%s", want, out.String())
				}
			}
		})
	}
}
