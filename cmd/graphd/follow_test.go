package main

import (
	"encoding/json"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"graphd/internal/store/neo4jtest"
)

// TestServeShowsWhatAnotherProcessWrote: the next answer is of the revision that
// graphd ingest made meanwhile, on both stores.
func TestServeShowsWhatAnotherProcessWrote(t *testing.T) {
	stores := map[string]string{"SQLite": "sqlite:" + filepath.Join(t.TempDir(), "graph.db")}
	cfg := neo4jtest.Server(t)
	t.Setenv("NEO4J_USERNAME", cfg.Username)
	t.Setenv("NEO4J_PASSWORD", cfg.Password)
	t.Setenv("NEO4J_DATABASE", cfg.Database)
	stores["Neo4j"] = cfg.URI
	for name, uri := range stores {
		address, stop := start(t, "--store", uri)
		query := `{ corpus { reportCount } spread(practice: "枫桥经验") { timeline { year adopting } } }`
		if got := ask(t, address, `{ corpus { reportCount } }`); !strings.Contains(got, `"reportCount":0`) {
			t.Errorf("%s, empty: %s", name, got)
		}
		for _, sample := range []string{"yangshe-2023.txt", "pengpu-2023.txt"} {
			path, err := filepath.Abs(filepath.Join("../../samples", sample))
			if err != nil {
				t.Fatal(err)
			}
			if out, err := exec.Command("graphd", "ingest", "--store", uri, path).CombinedOutput(); err != nil {
				t.Fatalf("%s: %v: %s", name, err, out)
			}
		}
		if got := ask(t, address, query); !strings.Contains(got, `"reportCount":2`) || !strings.Contains(got, `"corpusRevision":2`) || !strings.Contains(got, `{"year":2023,"adopting":`) {
			t.Errorf("%s, after two reports: %s", name, got)
		}
		if code, said := stop(syscall.SIGTERM); code != 0 {
			t.Errorf("%s: exit %d: %s", name, code, said)
		}
	}
}

// TestServeLetsEditorsIn: with tokens, changes need one, and it names its editor;
// without any, whoever is on this machine is one.
func TestServeLetsEditorsIn(t *testing.T) {
	samples, err := filepath.Abs("../../samples/pengpu-2023.txt")
	if err != nil {
		t.Fatal(err)
	}
	reject := func(address, token string) string {
		var found struct {
			Data struct {
				Reports struct {
					Edges []struct {
						Node struct {
							Mentions struct {
								Edges []struct{ Node struct{ ID string } }
							}
						}
					}
				}
			}
		}
		if err := json.Unmarshal([]byte(ask(t, address, `{ reports { edges { node { mentions(first: 1) { edges { node { id } } } } } } }`)), &found); err != nil {
			t.Fatal(err)
		}
		id := found.Data.Reports.Edges[0].Node.Mentions.Edges[0].Node.ID
		body := `{"query":"mutation { rejectMention(id: \"` + id + `\", reason: \"试\") { by } }"}`
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/graphql", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		_, answer := send(t, r)
		return answer
	}
	t.Setenv("GRAPHD_TOKENS", "li:s3cret")
	address, stop := start(t, "--store", "sqlite::memory:", "--ingest", samples)
	for token, want := range map[string]string{"": "UNAUTHENTICATED", "wrong": "UNAUTHENTICATED", "s3cret": `"by":"li"`} {
		if got := reject(address, token); !strings.Contains(got, want) {
			t.Errorf("token %q: %s", token, got)
		}
	}
	stop(syscall.SIGTERM)
	t.Setenv("GRAPHD_TOKENS", "")
	address, stop = start(t, "--store", "sqlite::memory:", "--ingest", samples)
	if got := reject(address, ""); !strings.Contains(got, `"by":"local"`) {
		t.Errorf("on this machine: %s", got)
	}
	stop(syscall.SIGTERM)
	var stdout, stderr strings.Builder
	if code := run(t.Context(), []string{"serve", "--tokens", "s3cret"}, strings.NewReader(""), &stdout, &stderr); code != exitUsage || strings.Contains(stderr.String(), "s3cret") {
		t.Errorf("a token without a name: exit %d: %s", code, stderr.String())
	}
}
