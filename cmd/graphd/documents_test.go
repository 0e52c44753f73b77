package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadDocuments(t *testing.T) {
	const text = "{ corpus { reportCount } }"
	folder := t.TempDir()
	write := func(name, text string) string {
		t.Helper()
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	if got, err := readDocuments(folder); err == nil {
		t.Errorf("an empty folder: %v", got)
	}
	write("a.graphql", text)
	for name, path := range map[string]string{
		"folder":   folder,
		"manifest": write("m.json", `{"`+hashOf(text)+`":"`+text+`"}`),
		"prefixed": write("p.json", `{"sha256:`+hashOf(text)+`":"`+text+`"}`),
	} {
		if got, err := readDocuments(path); err != nil || len(got) != 1 || got[hashOf(text)] != text {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	for name, path := range map[string]string{
		"nothing":      filepath.Join(folder, "none"),
		"no JSON":      write("x.json", "{"),
		"another hash": write("y.json", `{"`+hashOf("b")+`":"`+text+`"}`),
	} {
		if got, err := readDocuments(path); err == nil {
			t.Errorf("%s: %v", name, got)
		}
	}
	if got, err := readDocuments(""); err != nil || len(got) != 0 {
		t.Errorf("none: %v, %v", got, err)
	}
}

// Flags that make no sense are told before anything is done.
func TestServeFlags(t *testing.T) {
	for _, flags := range [][]string{
		{"--rate", "5"}, {"--rate", "-1"}, {"--log-level", "loud"}, {"--log-format", "xml"}, {"--trusted-proxies", "proxy"},
		{"--documents", "/none"}, {"--pprof", "0.0.0.0:0"}, {"--cors-origins", "*"}, {"--tokens", "a"},
	} {
		args := append([]string{"serve", "--addr", "127.0.0.1:0", "--store", "sqlite::memory:"}, flags...)
		var said strings.Builder
		if code := run(t.Context(), args, nil, &said, &said); code != exitUsage {
			t.Errorf("%v: exit %d: %s", flags, code, said.String())
		}
	}
}
