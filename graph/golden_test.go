package graph_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"graphd/internal/store"
)

var update = flag.Bool("update", false, "write the golden answers anew")

// playground holds the questions with which the playground opens.
const playground = "../web/playground/src/questions"

// TestGolden asks every query of testdata, and every question of the
// playground, over the samples. The answers stand in testdata, laid out for
// reading.
func TestGolden(t *testing.T) {
	s := openSQLite(t)
	ingestSamples(t, s)
	for name, body := range answers(t, s) {
		var laidOut bytes.Buffer
		if err := json.Indent(&laidOut, body, "", "  "); err != nil {
			t.Errorf("%s: %v: %s", name, err, body)
			continue
		}
		laidOut.WriteByte('\n')
		file := strings.TrimSuffix(name, ".graphql") + ".json"
		if strings.HasPrefix(name, playground) {
			file = filepath.Join("testdata", "playground", filepath.Base(file))
		}
		if *update {
			if err := os.WriteFile(file, laidOut.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Errorf("%v; run with -update to write it", err)
		} else if !bytes.Equal(laidOut.Bytes(), want) {
			t.Errorf("%s: %s", name, firstDifference(string(want), laidOut.String()))
		}
	}
}

// TestStoresAnswerAlike demands the same bytes from both stores.
func TestStoresAnswerAlike(t *testing.T) {
	lite, neo := openSQLite(t), openNeo4j(t)
	ingestSamples(t, lite)
	ingestSamples(t, neo)
	want, got := answers(t, lite), answers(t, neo)
	for name := range want {
		if !bytes.Equal(want[name], got[name]) {
			t.Errorf("%s: SQLite and Neo4j differ: %s", name, firstDifference(string(want[name]), string(got[name])))
		}
	}
}

// answers are the bodies that answer the queries of testdata, by file.
func answers(t *testing.T, s store.Store) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob("testdata/*.graphql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no queries: %v", err)
	}
	questions, err := filepath.Glob(playground + "/*.graphql")
	if err != nil || len(questions) == 0 {
		t.Fatalf("no questions of the playground: %v", err)
	}
	c := config(t, s)
	c.Limits = nil // what clients are told
	bodies := map[string][]byte{}
	for _, file := range append(files, questions...) {
		query, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		bodies[file] = ask(t, c, string(query), nil)
		for path, code := range codes(decode(t, bodies[file])) {
			if code == "INTERNAL" || strings.HasPrefix(file, playground) {
				t.Errorf("%s: error %s at %s", file, code, path)
			}
		}
	}
	return bodies
}

// firstDifference shows where two texts part.
func firstDifference(want, got string) string {
	w, g := []rune(want), []rune(got)
	i := 0
	for i < len(w) && i < len(g) && w[i] == g[i] {
		i++
	}
	from := max(0, i-80)
	return "want …" + string(w[from:min(len(w), i+120)]) + "…\ngot …" + string(g[from:min(len(g), i+120)]) + "…"
}
