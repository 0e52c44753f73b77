package server_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"graphd/internal/server"
	"graphd/web"
)

// start serves a GraphQL endpoint that sends back what it was sent.
func start(t *testing.T, change func(*server.Config)) *httptest.Server {
	c := server.Config{
		GraphQL: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			io.WriteString(w, r.Method+" "+r.URL.RawQuery+" "+string(body))
		}),
		Playground: web.Playground("/playground"),
		Schema:     "type Query { a: Int }",
		Ready:      func(context.Context) error { return nil },
	}
	if change != nil {
		change(&c)
	}
	s := httptest.NewServer(server.New(c))
	t.Cleanup(s.Close)
	return s
}

func ask(t *testing.T, method, url, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultTransport.RoundTrip(req) // follows no redirect
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(got)
}

func TestRoutes(t *testing.T) {
	s := start(t, nil)
	for _, tt := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"POST", "/graphql", "{a}", 200, "POST  {a}"},
		{"GET", "/graphql?query={a}", "", 200, "GET query={a} "},
		{"GET", "/schema.graphqls", "", 200, "type Query { a: Int }"},
		{"GET", "/healthz", "", 200, "ok"},
		{"GET", "/readyz", "", 200, "ready"},
		{"GET", "/playground", "", 200, "<!doctype html>"},
		{"GET", "/nowhere", "", 404, "not found"},
		{"POST", "/", "", 405, "Method Not Allowed"},
	} {
		res, got := ask(t, tt.method, s.URL+tt.path, tt.body)
		if res.StatusCode != tt.status || !strings.Contains(strings.ToLower(got), strings.ToLower(tt.want)) {
			t.Errorf("%s %s: %d %.80q, want %d %q", tt.method, tt.path, res.StatusCode, got, tt.status, tt.want)
		}
		if res.Header.Get("X-Content-Type-Options") != "nosniff" ||
			!strings.Contains(res.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
			t.Errorf("%s %s: headers %v", tt.method, tt.path, res.Header)
		}
	}
	res, _ := ask(t, "GET", s.URL+"/", "")
	if res.StatusCode != 302 || res.Header.Get("Location") != "/playground" {
		t.Errorf("/ leads to %d %q", res.StatusCode, res.Header.Get("Location"))
	}
	res, _ = ask(t, "GET", s.URL+"/playground", "")
	if got := res.Header.Get("Content-Security-Policy"); got != web.ContentSecurityPolicy {
		t.Errorf("the page's policy is %q", got)
	}
}

// Probes often name an address.
func TestProbesByAnyName(t *testing.T) {
	s := start(t, func(c *server.Config) { c.Local, c.Hosts = false, []string{"reports.example"} })
	for path, ok := range map[string]bool{"/healthz": true, "/readyz": true, "/schema.graphqls": false} {
		r, err := http.NewRequest("GET", s.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = "10.0.0.7"
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if (res.StatusCode == http.StatusOK) != ok {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
}

func TestNotReady(t *testing.T) {
	var logged bytes.Buffer
	s := start(t, func(c *server.Config) {
		c.Ready = func(context.Context) error { return errors.New("bolt://secret-host: refused") }
		c.Logger = slog.New(slog.NewTextHandler(&logged, nil))
	})
	res, got := ask(t, "GET", s.URL+"/readyz", "")
	if res.StatusCode != 503 || strings.Contains(got, "secret-host") || !strings.Contains(logged.String(), "secret-host") {
		t.Errorf("%d %q, logged %q", res.StatusCode, got, &logged)
	}
	if res, _ := ask(t, "GET", s.URL+"/healthz", ""); res.StatusCode != 200 {
		t.Errorf("the process is well, and says %d", res.StatusCode)
	}
}

func TestOrigins(t *testing.T) {
	const allowed, other = "Access-Control-Allow-Origin", "https://other.example"
	origins, err := server.ParseOrigins(" https://app.example:8443, http://localhost:3000,")
	if err != nil {
		t.Fatal(err)
	}
	s := start(t, func(c *server.Config) { c.Origins = origins })
	for _, origin := range origins {
		res, _ := ask(t, "POST", s.URL+"/graphql", "", "Origin", origin)
		if got := res.Header.Get(allowed); got != origin {
			t.Errorf("%s: allowed is %q", origin, got)
		}
		res, _ = ask(t, "OPTIONS", s.URL+"/graphql", "", "Origin", origin,
			"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type")
		if res.StatusCode/100 != 2 || res.Header.Get(allowed) != origin {
			t.Errorf("preflight of %s: %d %v", origin, res.StatusCode, res.Header)
		}
	}
	if res, _ := ask(t, "POST", s.URL+"/graphql", "", "Origin", other); res.Header.Get(allowed) != "" {
		t.Errorf("%s was let in", other)
	}
	closed := start(t, nil)
	if res, _ := ask(t, "POST", closed.URL+"/graphql", "", "Origin", other); res.Header.Get(allowed) != "" {
		t.Errorf("%s was let in where no origin is", other)
	}
	for _, bad := range []string{"*", "https://*.example", "example.org", "https://a.example/", "https://a.example/x", "ftp://a.example", "null", "https://a.example:443", "http://a.example:80", "https://A.example"} {
		if got, err := server.ParseOrigins(bad); err == nil {
			t.Errorf("%q is taken for origins %q", bad, got)
		}
	}
}

// An answer under way when the order to stop comes is given to its end, over a
// connection that speaks another protocol, too.
func TestServeStopsGently(t *testing.T) {
	t.Run("an answer", func(t *testing.T) {
		stopsGently(t, func(w http.ResponseWriter, finish chan struct{}) {
			<-finish
			io.WriteString(w, "whole")
		})
	})
	t.Run("another protocol", func(t *testing.T) {
		stopsGently(t, func(w http.ResponseWriter, finish chan struct{}) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			<-finish
			io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole")
		})
	})
}

func stopsGently(t *testing.T, answer func(w http.ResponseWriter, finish chan struct{})) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	begun, finish := make(chan struct{}), make(chan struct{})
	ended := make(chan error, 1)
	go func() {
		ended <- server.Serve(ctx, ln, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			close(begun)
			answer(w, finish)
		}), time.Minute)
	}()
	conn, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	io.WriteString(conn, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
	<-begun
	stop()
	for { // until the door is shut
		late, err := net.DialTimeout("tcp", ln.Addr().String(), time.Second)
		if err != nil {
			break
		}
		late.Close()
	}
	select {
	case err := <-ended:
		t.Fatalf("ended before the answer: %v", err)
	case <-time.After(100 * time.Millisecond): // longer than ending takes
	}
	close(finish)
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if got, err := io.ReadAll(res.Body); err != nil || string(got) != "whole" {
		t.Errorf("%q, %v", got, err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
