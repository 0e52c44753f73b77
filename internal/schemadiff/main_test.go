package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	one := file("one", `enum E { P }`)
	two := file("two", `enum E { P Q }`)
	wrong := file("wrong", `enum E {`)
	for _, tc := range []struct {
		name           string
		args           []string
		code           int
		stdout, stderr string
	}{
		{"nothing", []string{one, one}, 0, "", ""},
		{"dangerous", []string{one, two}, 0, "DANGEROUS E.Q: enum value added\n", ""},
		{"breaking", []string{two, one}, 1, "BREAKING E.Q: enum value removed\n", ""},
		{"not there", []string{one, filepath.Join(dir, "three")}, 2, "", "no such file"},
		{"not SDL", []string{wrong, one}, 2, "", "wrong:1"},
		{"one argument", []string{one}, 2, "", "usage"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var stdout, stderr strings.Builder
			if code := run(tc.args, &stdout, &stderr); code != tc.code {
				t.Errorf("code %d, want %d", code, tc.code)
			}
			if stdout.String() != tc.stdout {
				t.Errorf("printed %q, want %q", stdout.String(), tc.stdout)
			}
			if (tc.stderr == "") != (stderr.String() == "") || !strings.Contains(stderr.String(), tc.stderr) {
				t.Errorf("said %q, want %q in it", stderr.String(), tc.stderr)
			}
		})
	}
}
