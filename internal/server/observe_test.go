package server_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"graphd/internal/server"
)

func TestMetricsAndLog(t *testing.T) {
	var logged bytes.Buffer
	m := server.NewMetrics(func() float64 { return 7 }, func() float64 { return 3 })
	s := start(t, func(c *server.Config) {
		c.Metrics, c.Proxies = m, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
		c.Logger = slog.New(slog.NewJSONHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	res, _ := ask(t, "POST", s.URL+"/graphql", "{}", "X-Forwarded-For", "192.0.2.7")
	ask(t, "GET", s.URL+"/made/up/by/a/client", "")
	m.Admitted(40)
	m.Refused("depth")
	_, text := ask(t, "GET", s.URL+"/metrics", "")
	for _, want := range []string{
		`graphd_http_requests_total{route="/graphql",status="200"} 1`,
		`graphd_http_requests_total{route="none",status="404"} 1`,
		`graphd_http_request_seconds_count{route="/graphql"} 1`,
		"graphd_http_requests_running 1", // this one
		`graphd_query_cost_points_bucket{le="100"} 1`,
		`graphd_queries_refused_total{reason="depth"} 1`,
		"graphd_corpus_revision 7", "graphd_corpus_reports 3", "go_goroutines",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("/metrics does not have %s", want)
		}
	}
	if strings.Contains(text, "up/by") {
		t.Error("a client makes up series")
	}
	var line struct {
		Level, Route, RequestID, Client string
		Status                          int
	}
	if err := json.Unmarshal(bytes.SplitN(logged.Bytes(), []byte("\n"), 2)[0], &line); err != nil {
		t.Fatal(err)
	}
	if line.Level != "DEBUG" || line.Route != "/graphql" || line.Status != http.StatusOK || line.RequestID != res.Header.Get("X-Request-Id") || line.Client != "192.0.2.7" {
		t.Errorf("logged: %+v", line)
	}
}
