package main

import (
	"bytes"
	"os"
	"testing"
)

// The committed table is what the dictionary says today.
func TestTableIsCurrent(t *testing.T) {
	data, version, err := read()
	if err != nil {
		t.Fatal(err)
	}
	want, err := generate(data, version)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../table.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("table.go is out of date: run go generate ./internal/fold")
	}
}

func TestParseRefuses(t *testing.T) {
	for _, line := range []string{"國", "國家\t国家", "國\t国家", "國 国"} {
		if _, err := parse([]byte(line)); err == nil {
			t.Errorf("parse(%q) accepts what is no character and its replacements", line)
		}
	}
	if to, err := parse([]byte("# note\n國\t国 囯\n\n乾\t干 乾\n彷\t彷 仿\n")); err != nil || len(to) != 1 || to['國'] != '国' {
		t.Errorf("parse = %v, %v; want 國 alone, as 国", to, err)
	}
}
