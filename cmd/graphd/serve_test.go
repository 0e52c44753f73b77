package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// start runs graphd serve as a process and waits until it serves. stop sends
// it the signal and returns its exit code and what it wrote to standard error.
func start(t *testing.T, args ...string) (address string, stop func(os.Signal) (int, string)) {
	t.Helper()
	cmd := exec.Command("graphd", append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...)
	cmd.Dir = t.TempDir()
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() }) // fails where it has ended, as it should
	serving := regexp.MustCompile(`serving at (http://127\.0\.0\.1:[1-9][0-9]*)/playground: `)
	var said strings.Builder
	lines := bufio.NewReader(stderr)
	for address == "" {
		line, err := lines.ReadString('\n')
		said.WriteString(line)
		if err != nil {
			t.Fatalf("graphd ended before it served:\n%s", said.String())
		}
		if m := serving.FindStringSubmatch(line); m != nil {
			address = m[1]
		}
	}
	return address, func(sig os.Signal) (int, string) {
		t.Helper()
		if err := cmd.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		rest, err := io.ReadAll(lines)
		if err != nil {
			t.Fatal(err)
		}
		said.Write(rest)
		_ = cmd.Wait() // its error is the exit code
		return cmd.ProcessState.ExitCode(), said.String()
	}
}

func get(t *testing.T, address string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return send(t, r)
}

// send returns the status and the body of an answer.
func send(t *testing.T, r *http.Request) (int, string) {
	t.Helper()
	client := http.Client{Timeout: 30 * time.Second}
	res, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

func ask(t *testing.T, address, query string) string {
	t.Helper()
	status, body := get(t, address+"/graphql?query="+url.QueryEscape(query))
	if status != http.StatusOK {
		t.Errorf("%s: %d %s", query, status, body)
	}
	return body
}

// The samples are read, and the question of the playground is answered with
// its quotes, by a process that ends when it is told to.
func TestServe(t *testing.T) {
	samples, err := filepath.Abs("../../samples")
	if err != nil {
		t.Fatal(err)
	}
	db := filepath.Join(t.TempDir(), "g.db")
	address, stop := start(t, "--store", "sqlite:"+db, "--ingest", samples)

	for path, want := range map[string]string{
		"/":                "<html",
		"/playground":      "<html",
		"/healthz":         "ok",
		"/readyz":          "ready",
		"/schema.graphqls": "type Query {",
	} {
		if status, body := get(t, address+path); status != 200 || !strings.Contains(body, want) {
			t.Errorf("%s: %d %.200s", path, status, body)
		}
	}

	var answer struct {
		Data struct {
			Practice struct {
				Adopters struct {
					Edges []struct {
						Node struct {
							Jurisdiction struct{ Name string }
							Since        int
							Evidence     []struct{ Quote, Passage string }
						}
					}
				}
			}
		}
		Errors []any
	}
	body := ask(t, address, `{ practice(name: "楓橋經驗") { adopters(first: 100) { edges { node { jurisdiction { name } since evidence { quote passage } } } } } }`)
	if err := json.Unmarshal([]byte(body), &answer); err != nil || len(answer.Errors) > 0 {
		t.Fatalf("%v in %s", err, body)
	}
	since := map[string]int{}
	for _, e := range answer.Data.Practice.Adopters.Edges {
		since[e.Node.Jurisdiction.Name] = e.Node.Since
		if len(e.Node.Evidence) == 0 || !strings.Contains(e.Node.Evidence[0].Passage, e.Node.Evidence[0].Quote) {
			t.Errorf("%s is said to adopt without proof", e.Node.Jurisdiction.Name)
		}
	}
	if since["松坞镇"] != 2020 || since["榕冈镇"] != 0 {
		t.Errorf("adopters since %v", since)
	}

	if code, said := stop(os.Interrupt); code != 0 || !strings.Contains(said, "stored, 0 unchanged, 0 failed") {
		t.Errorf("exit %d:\n%s", code, said)
	}

	// The same again: nothing changes, and another signal ends it as well.
	again, stop := start(t, "--store", "sqlite:"+db, "--ingest", samples)
	if got := ask(t, again, `{ practice(name: "楓橋經驗") { adopters(first: 100) { edges { node { jurisdiction { name } since evidence { quote passage } } } } } }`); got != body {
		t.Errorf("after a second reading:\n%s\nbefore:\n%s", got, body)
	}
	if code, said := stop(syscall.SIGTERM); code != 0 || !strings.Contains(said, " 0 stored, ") {
		t.Errorf("exit %d:\n%s", code, said)
	}
}

// A failed file does not keep graphd from serving the rest.
func TestServeWithBadFile(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.txt")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	address, stop := start(t, "--store", "sqlite::memory:", "--ingest", empty)
	if body := ask(t, address, `{ corpus { reportCount revision } }`); !strings.Contains(body, `"reportCount":0`) {
		t.Error(body)
	}
	if code, said := stop(os.Interrupt); code != 0 || !strings.Contains(said, "graphd: EMPTY: "+empty+": ") {
		t.Errorf("exit %d:\n%s", code, said)
	}
}

func TestServeTakenPort(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	var stdout, stderr strings.Builder
	code := run(t.Context(), []string{"serve", "--store", "sqlite::memory:", "--addr", ln.Addr().String()}, strings.NewReader(""), &stdout, &stderr)
	want := "graphd: ADDRESS: " + ln.Addr().String() + ": another program listens there; stop it, or choose an address with --addr HOST:PORT (port 0 takes a free one)\n"
	if code != 1 || stderr.String() != want || stdout.Len() > 0 {
		t.Errorf("exit %d:\n%s%s", code, stdout.String(), stderr.String())
	}
}

// A refused query pays for being read, not for what it asked for; who has nothing
// left is told that, and when to come again.
func TestServeChargesWhatIsRefused(t *testing.T) {
	address, _ := start(t, "--store", "sqlite::memory:", "--rate", "200000")
	costly := "{ reports(first: 100) { edges { node { practices(first: 100) { edges { node { reports(first: 100) { edges { node { id } } } } } } } } } }" +
		strings.Repeat("#\n", 4000)
	for asked := 1; ; asked++ {
		body, err := json.Marshal(map[string]string{"query": costly})
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.Post(address+"/graphql", "application/json", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		answer, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		retry := res.Header.Get("Retry-After")
		if strings.Contains(string(answer), "RATE_LIMITED") {
			if res.StatusCode != http.StatusTooManyRequests || retry == "" || asked < 200000/5000 {
				t.Errorf("after %d: %d, Retry-After %q", asked, res.StatusCode, retry)
			}
			return
		}
		if !strings.Contains(string(answer), "QUERY_TOO_COSTLY") || retry != "" || asked > 1000 {
			t.Fatalf("the %d.: %d, Retry-After %q: %s", asked, res.StatusCode, retry, answer)
		}
	}
}
