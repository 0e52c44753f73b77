package main

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"syscall"
	"testing"
)

// Where OpenTelemetry's variables name a collector on this machine, it gets the
// spans of an operation, in the trace that the client began.
func TestTraces(t *testing.T) {
	var mu sync.Mutex
	var got []byte
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := io.Reader(r.Body)
		if r.Header.Get("Content-Encoding") == "gzip" {
			unzipped, err := gzip.NewReader(r.Body)
			if err != nil {
				t.Error(err)
				return
			}
			body = unzipped
		}
		sent, err := io.ReadAll(body)
		if err != nil || r.URL.Path != "/v1/traces" {
			t.Errorf("%s: %v", r.URL.Path, err)
		}
		mu.Lock()
		defer mu.Unlock()
		got = append(got, sent...)
	}))
	defer collector.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.URL)
	address, stop := start(t, "--store", "sqlite::memory:")
	const traceID = "4bf92f3577b34da6a3ce929d0e0e4736"
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/graphql",
		bytes.NewReader([]byte(`{"query":"query WhoIsThere($n: String!) { corpus { reportCount } practice(name: $n) { name } }","variables":{"n":"桃花源"}}`)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Traceparent", "00-"+traceID+"-00f067aa0ba902b7-01")
	send(t, r)
	if code, said := stop(syscall.SIGTERM); code != 0 {
		t.Errorf("exit %d: %s", code, said)
	}
	mu.Lock()
	defer mu.Unlock()
	id, err := hex.DecodeString(traceID)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range [][]byte{[]byte("WhoIsThere"), []byte("graphd"), []byte("corpus"), id} {
		if !bytes.Contains(got, want) {
			t.Errorf("the collector did not get %q in %d bytes", want, len(got))
		}
	}
	if bytes.Contains(got, []byte(`"n":`)) {
		t.Error("variables were sent")
	}
}
