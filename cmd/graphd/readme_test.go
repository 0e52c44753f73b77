package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
)

// TestReadme asks the question that the README shows and demands its answer.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	block := func(language string) []byte {
		m := regexp.MustCompile("(?s)```" + language + "\n(.*?)```").FindSubmatch(readme)
		if m == nil {
			t.Fatalf("the README shows no %s", language)
		}
		return m[1]
	}
	samples, err := filepath.Abs("../../samples")
	if err != nil {
		t.Fatal(err)
	}
	address, stop := start(t, "--store", "sqlite::memory:", "--ingest", samples)
	got := ask(t, address, string(block("graphql")))
	if code, said := stop(syscall.SIGTERM); code != 0 {
		t.Errorf("exit %d: %s", code, said)
	}
	compact := func(answer []byte) string {
		var b bytes.Buffer
		if err := json.Compact(&b, answer); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	if got, want := compact([]byte(got)), compact(block("json")); got != want {
		t.Errorf("the README answers\n%s\nand graphd\n%s", want, got)
	}
}
