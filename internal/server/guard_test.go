package server_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"graphd/internal/server"
)

// A page of elsewhere that a browser on this machine shows may have its own name
// resolve to this machine: its requests carry that name.
func TestOnlyCalledByItsNames(t *testing.T) {
	for _, tt := range []struct {
		local bool
		hosts []string
		host  string
		ok    bool
	}{
		{true, nil, "localhost:8080", true},
		{true, nil, "127.0.0.1:8080", true},
		{true, nil, "[::1]:8080", true},
		{true, nil, "evil.example", false},
		{true, nil, "localhost.evil.example:8080", false},
		{true, nil, "10.0.0.1", false},
		{true, []string{"reports.example"}, "Reports.example:443", true},
		{true, []string{"reports.example"}, "localhost", true},
		{false, nil, "anything.example", true},
		{false, []string{"reports.example"}, "reports.example", true},
		{false, []string{"reports.example"}, "localhost", false},
	} {
		s := start(t, func(c *server.Config) { c.Local, c.Hosts = tt.local, tt.hosts })
		for _, path := range []string{"/graphql", "/playground", "/metrics"} {
			r, err := http.NewRequest("GET", s.URL+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Host = tt.host
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(res.Body)
			res.Body.Close()
			if refused := res.StatusCode == http.StatusForbidden && strings.Contains(string(body), "FORBIDDEN"); refused == tt.ok {
				t.Errorf("local %v, hosts %v: %s as %s: %d %.100s", tt.local, tt.hosts, path, tt.host, res.StatusCode, body)
			}
		}
	}
}

func TestPagesOfOtherOriginsAreRefused(t *testing.T) {
	origins, err := server.ParseOrigins("https://app.example")
	if err != nil {
		t.Fatal(err)
	}
	s := start(t, func(c *server.Config) { c.Origins = origins })
	for _, tt := range []struct {
		headers []string
		ok      bool
	}{
		{nil, true}, // no browser
		{[]string{"Origin", s.URL}, true},
		{[]string{"Origin", "https://app.example", "Sec-Fetch-Site", "cross-site"}, true},
		{[]string{"Sec-Fetch-Site", "same-origin"}, true},
		{[]string{"Origin", "https://evil.example"}, false},
		{[]string{"Origin", "null"}, false},
		{[]string{"Sec-Fetch-Site", "cross-site"}, false},
		{[]string{"Sec-Fetch-Site", "same-site"}, false},
	} {
		res, body := ask(t, "POST", s.URL+"/graphql", "{}", tt.headers...)
		if refused := res.StatusCode == http.StatusForbidden && strings.Contains(body, "CSRF_PREVENTED"); refused == tt.ok {
			t.Errorf("%v: %d %s", tt.headers, res.StatusCode, body)
		}
	}
}

// Operations have slots, half of them for one client at most; requests that wait
// for a slow client hold none.
func TestSlots(t *testing.T) {
	slots := server.NewSlots(3)
	begun, finish := make(chan struct{}), make(chan struct{})
	h := server.New(server.Config{Playground: http.NotFoundHandler(), GraphQL: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Waits") == "" {
			leave, err := slots.Enter(r.Context())
			if err != nil {
				http.Error(w, err.(*gqlerror.Error).Extensions["code"].(string), http.StatusServiceUnavailable)
				return
			}
			defer leave()
		}
		begun <- struct{}{}
		<-finish
	})})
	var open sync.WaitGroup
	hold := holding(&open, h, begun)
	refused := func(client, code string) {
		t.Helper()
		if res := answer(h, client); !strings.Contains(res.Body.String(), code) {
			t.Errorf("%s: %d %s, want %s", client, res.Code, res.Body, code)
		}
	}
	hold(20, "192.0.2.1:1", "Waits", "1")
	hold(2, "192.0.2.1:1")
	refused("192.0.2.1:2", "RATE_LIMITED")
	hold(1, "192.0.2.2:1")
	refused("192.0.2.3:1", "UNAVAILABLE")
	if res := answer(h, "192.0.2.3:2", "Path", "/healthz"); res.Code != http.StatusOK {
		t.Errorf("busy is not ill: %d", res.Code)
	}
	close(finish)
	open.Wait()
	go func() { <-begun }()
	if res := answer(h, "192.0.2.3:1"); res.Code != http.StatusOK {
		t.Errorf("after all have ended: %d %s", res.Code, res.Body)
	}
}

// One client has so much open and no more.
func TestOneClientsShare(t *testing.T) {
	begun, finish := make(chan struct{}), make(chan struct{})
	streams := func(r *http.Request) bool { return r.Header.Get("Stays") != "" }
	h := server.New(server.Config{Streams: streams, Playground: http.NotFoundHandler(), GraphQL: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun <- struct{}{}
		<-finish
	})})
	var open sync.WaitGroup
	hold := holding(&open, h, begun)
	refused := func(client string, headers ...string) {
		t.Helper()
		if res := answer(h, client, headers...); res.Code != http.StatusTooManyRequests || res.Header().Get("Retry-After") == "" {
			t.Errorf("%s: %d %v %s", client, res.Code, res.Header(), res.Body)
		}
	}
	hold(8, "192.0.2.1:1", "Stays", "1")
	refused("192.0.2.1:2", "Stays", "1")
	hold(56, "192.0.2.1:3")
	refused("192.0.2.1:7")
	hold(1, "192.0.2.2:1")
	close(finish)
	open.Wait()
	go func() { <-begun }()
	if res := answer(h, "192.0.2.1:8", "Stays", "1"); res.Code != http.StatusOK {
		t.Errorf("after all have ended: %d %s", res.Code, res.Body)
	}
}

// holding opens requests of a client that stay open, each of which tells begun
// that it is.
func holding(open *sync.WaitGroup, h http.Handler, begun <-chan struct{}) func(n int, client string, headers ...string) {
	return func(n int, client string, headers ...string) {
		for range n {
			open.Go(func() { answer(h, client, headers...) })
			<-begun
		}
	}
}

// answer is what a client at an address is told that sends POST /graphql, or GET
// and a Path; a header without a value is not sent.
func answer(h http.Handler, client string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", "/graphql", nil)
	r.RemoteAddr = client
	for i := 0; i+1 < len(headers); i += 2 {
		switch name, value := headers[i], headers[i+1]; {
		case name == "Path":
			r.Method, r.URL.Path = http.MethodGet, value
		case value != "":
			r.Header.Add(name, value)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestRequestID(t *testing.T) {
	s := start(t, func(c *server.Config) {
		c.GraphQL = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, server.RequestID(r.Context())) })
	})
	one, first := ask(t, "POST", s.URL+"/graphql", "")
	_, second := ask(t, "POST", s.URL+"/graphql", "", "X-Request-Id", first)
	if first == "" || one.Header.Get("X-Request-Id") != first || first == second {
		t.Errorf("IDs %q and %q, header %q", first, second, one.Header.Get("X-Request-Id"))
	}
}

func TestBudgets(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	proxies, err := server.ParseProxies("10.0.0.0/8, ::1")
	if err != nil {
		t.Fatal(err)
	}
	b := server.NewBudgets(600, func() time.Time { return now })
	points := 400
	h := server.New(server.Config{Budgets: b, Proxies: proxies, Playground: http.NotFoundHandler(), GraphQL: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := b.Charge(r.Context(), points); err != nil {
			w.WriteHeader(http.StatusTooManyRequests)
		}
	})})
	expect := func(name, from, forwarded string, status int, left, retry string) {
		t.Helper()
		res := answer(h, from, "X-Forwarded-For", forwarded)
		if res.Code != status || res.Header().Get("RateLimit-Limit") != "600" || res.Header().Get("RateLimit-Remaining") != left || res.Header().Get("Retry-After") != retry {
			t.Errorf("%s: %d %v", name, res.Code, res.Header())
		}
	}
	expect("the first", "192.0.2.1:1", "", 200, "200", "")
	expect("more than is left", "192.0.2.1:2", "", 429, "200", "20")
	expect("another client", "192.0.2.2:1", "", 200, "200", "")
	expect("a client that claims to be another", "192.0.2.1:3", "192.0.2.9", 429, "200", "20")
	expect("behind a trusted proxy", "10.1.2.3:1", "198.51.100.7, 192.0.2.9", 200, "200", "")
	expect("the same, whatever it claims of itself", "10.1.2.4:1", "203.0.113.5, 192.0.2.9", 429, "200", "20")
	expect("behind one that tells the port", "10.1.2.5:1", "198.51.100.20:4711", 200, "200", "")
	expect("the same from another port", "10.1.2.5:1", "198.51.100.20:4712", 429, "200", "20")
	expect("the same in IPv6", "10.1.2.5:1", "[2001:db8:1::1]:4711", 200, "200", "")
	expect("without a port", "10.1.2.5:1", "2001:db8:1::2", 429, "200", "20")
	expect("IPv6", "[2001:db8::1]:1", "", 200, "200", "")
	expect("the same customer's next address", "[2001:db8::2]:1", "", 429, "200", "20")
	now = now.Add(20 * time.Second)
	expect("after the wait", "192.0.2.1:4", "", 200, "0", "")
	points = 0
	expect("a query that costs nothing", "192.0.2.1:4", "", 429, "0", "1")
	if err := server.NewBudgets(0, nil).Charge(t.Context(), 1<<40); err != nil {
		t.Errorf("without a limit: %v", err)
	}
	for _, bad := range []string{"proxy.example", "10.0.0.0/99", "10.0.0"} {
		if got, err := server.ParseProxies(bad); err == nil {
			t.Errorf("%q is taken for %v", bad, got)
		}
	}
}
