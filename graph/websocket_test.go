package graph_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"graphd/graph"
	"graphd/internal/admission"
)

type wsMessage struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// dial opens a connection to a handler, without initialising it.
func dial(t *testing.T, h http.Handler) *websocket.Conn {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	conn, _, err := websocket.Dial(t.Context(), s.URL, &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.CloseNow() })
	return conn
}

func tell(t *testing.T, conn *websocket.Conn, m wsMessage) {
	t.Helper()
	if err := wsjson.Write(t.Context(), conn, m); err != nil {
		t.Fatal(err)
	}
}

func hear(t *testing.T, conn *websocket.Conn) (m wsMessage) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := wsjson.Read(ctx, conn, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func begin(t *testing.T, conn *websocket.Conn) {
	t.Helper()
	tell(t, conn, wsMessage{Type: "connection_init"})
	if m := hear(t, conn); m.Type != "connection_ack" {
		t.Fatalf("initialised: %+v", m)
	}
}

func asks(query string) json.RawMessage {
	return json.RawMessage(mustJSON(map[string]any{"query": query}))
}

func TestWebSocket(t *testing.T) {
	s := openSQLite(t)
	h := graph.NewHandler(config(t, s))
	conn := dial(t, h)
	begin(t, conn)
	tell(t, conn, wsMessage{Type: "ping"})
	if m := hear(t, conn); m.Type != "pong" {
		t.Errorf("ping: %+v", m)
	}
	for range 100 { // an ID is free again once its operation is complete
		tell(t, conn, wsMessage{ID: "a", Type: "subscribe", Payload: asks("{ corpus { reportCount } }")})
		next := hear(t, conn)
		if next.Type != "next" || next.ID != "a" || !strings.Contains(string(next.Payload), `{"corpus":{"reportCount":0}}`) {
			t.Errorf("a query: %s %s", next.Type, next.Payload)
		}
		if m := hear(t, conn); m.Type != "complete" || m.ID != "a" {
			t.Errorf("after it: %+v", m)
		}
	}
	tell(t, conn, wsMessage{ID: "b", Type: "subscribe", Payload: asks("subscription { ingestProgress { read } }")})
	m := hear(t, conn)
	if m.ID != "b" || !strings.Contains(string(m.Payload), "FORBIDDEN") {
		t.Errorf("a subscription where nothing comes in: %s %s", m.Type, m.Payload)
	}
	for name, tt := range map[string]struct {
		first []wsMessage
		raw   string
		code  websocket.StatusCode
	}{
		"before it is initialised": {[]wsMessage{{ID: "a", Type: "subscribe", Payload: asks("{ __typename }")}}, "", 4401},
		"initialised twice":        {[]wsMessage{{Type: "connection_init"}, {Type: "connection_init"}}, "", 4429},
		"no JSON":                  {nil, "{", 4400},
		"no such message":          {nil, `{"type":"start"}`, 4400},
		"no ID":                    {[]wsMessage{{Type: "connection_init"}, {Type: "subscribe", Payload: asks("{ __typename }")}}, "", 4400},
		"too large":                {nil, strings.Repeat(" ", 2<<20), websocket.StatusMessageTooBig},
	} {
		conn := dial(t, h)
		for _, m := range tt.first {
			tell(t, conn, m)
		}
		if tt.raw != "" {
			// The server may close while it is written.
			_ = conn.Write(t.Context(), websocket.MessageText, []byte(tt.raw))
		}
		var err error
		for err == nil {
			_, _, err = conn.Read(t.Context())
		}
		if got := websocket.CloseStatus(err); got != tt.code {
			t.Errorf("%s: closed with %d (%v), want %d", name, got, err, tt.code)
		}
	}
}

// TestWebSocketOrigins: a page of elsewhere opens no connection.
func TestWebSocketOrigins(t *testing.T) {
	var seen admission.Tally
	c := graph.Config{Extractor: extractor, Origins: []string{"https://app.example"}, Admitted: func(_ context.Context, t admission.Tally, _ error) error {
		seen = t
		return nil
	}}
	s := httptest.NewServer(graph.NewHandler(c))
	defer s.Close()
	for origin, ok := range map[string]bool{"": true, s.URL: true, "https://app.example": true, "https://evil.example": false, "null": false, "http://app.example": false} {
		o := &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}, HTTPHeader: http.Header{}}
		if origin != "" {
			o.HTTPHeader.Set("Origin", origin)
		}
		conn, res, err := websocket.Dial(t.Context(), s.URL, o)
		if (err == nil) != ok || !ok && res.StatusCode != http.StatusForbidden {
			t.Errorf("from %q: %v", origin, err)
		}
		if err == nil {
			conn.CloseNow()
		}
	}
	if seen.Tokens > 0 {
		t.Error("something was asked")
	}
}

// TestAttacksByWebSocket sends every attack over one connection, which lives on.
func TestAttacksByWebSocket(t *testing.T) {
	var seen admission.Tally
	conn := dial(t, armoured(&seen))
	begin(t, conn)
	for _, a := range attacks {
		tell(t, conn, wsMessage{ID: "a", Type: "subscribe", Payload: json.RawMessage(mustJSON(map[string]any{"query": a.query, "variables": a.variables}))})
		m := hear(t, conn)
		var errs []struct{ Extensions map[string]any }
		if m.Type != "error" || json.Unmarshal(m.Payload, &errs) != nil || len(errs) == 0 || errs[0].Extensions["code"] != a.code || len(m.Payload) > maxRefusal {
			t.Errorf("%s: %s %.300s, want %s", a.name, m.Type, m.Payload, a.code)
		}
	}
}
