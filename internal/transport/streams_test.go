package transport_test

import (
	"net/http/httptest"
	"testing"

	"graphd/internal/transport"
)

// Whatever it is spelled like, what may stay open is told from what ends with its
// answer.
func TestStreams(t *testing.T) {
	for _, tt := range []struct {
		method  string
		headers []string
		want    bool
	}{
		{"POST", []string{"Accept", "text/event-stream"}, true},
		{"POST", []string{"Accept", "Text/Event-Stream; charset=utf-8"}, true},
		{"POST", []string{"Accept", "application/json;q=0.5", "Accept", "text/event-stream"}, true},
		{"POST", []string{"Accept", "application/graphql-response+json, application/json, text/event-stream, multipart/mixed"}, false},
		{"POST", []string{"Accept", "*/*"}, false},
		{"POST", nil, false},
		{"GET", []string{"Upgrade", "websocket"}, true},
		{"GET", []string{"Upgrade", "h2c, WebSocket"}, true},
		{"GET", []string{"Upgrade", "h2c"}, false},
		{"POST", []string{"Upgrade", "websocket"}, false},
	} {
		r := httptest.NewRequest(tt.method, "/graphql", nil)
		for i := 0; i+1 < len(tt.headers); i += 2 {
			r.Header.Add(tt.headers[i], tt.headers[i+1])
		}
		if got := transport.Streams(r); got != tt.want {
			t.Errorf("%s %v: %v", tt.method, tt.headers, got)
		}
	}
}
