package main

import (
	"strings"
	"syscall"
	"testing"

	"github.com/coder/websocket"
)

// The whole way through the server's door, a connection can be opened and asked;
// it does not keep the server from ending.
func TestServeWebSocket(t *testing.T) {
	address, stop := start(t, "--store", "sqlite::memory:")
	conn, _, err := websocket.Dial(t.Context(), address+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	for _, exchange := range [][2]string{
		{`{"type":"connection_init"}`, `"connection_ack"`},
		{`{"id":"1","type":"subscribe","payload":{"query":"{ corpus { reportCount } }"}}`, `"reportCount":0`},
	} {
		if err := conn.Write(t.Context(), websocket.MessageText, []byte(exchange[0])); err != nil {
			t.Fatal(err)
		}
		if _, got, err := conn.Read(t.Context()); err != nil || !strings.Contains(string(got), exchange[1]) {
			t.Fatalf("%s: %s, %v", exchange[0], got, err)
		}
	}
	if code, said := stop(syscall.SIGTERM); code != 0 {
		t.Errorf("exit %d: %s", code, said)
	}
}

// TestServeWebSocketTokens: a page says who edits when it begins a connection.
func TestServeWebSocketTokens(t *testing.T) {
	address, stop := start(t, "--store", "sqlite::memory:", "--tokens", "amy:a secret")
	defer stop(syscall.SIGTERM)
	const remove = `{"id":"1","type":"subscribe","payload":{"query":"mutation { removeReport(id: \"cmVwb3J0OjE\") }"}}`
	for _, tt := range []struct {
		payload, want string
		closed        websocket.StatusCode
	}{
		{`null`, `"UNAUTHENTICATED"`, 0},
		{`{"theme":"dark"}`, `"UNAUTHENTICATED"`, 0},
		{`{"Authorization":"Bearer a secret"}`, `"NOT_FOUND"`, 0},
		{`{"authorization":"Bearer a secret"}`, `"NOT_FOUND"`, 0},
		{`{"Authorization":"Bearer another"}`, "", 4403},
		{`{"Authorization":"a secret"}`, "", 4403},
		{`{"Authorization":1}`, "", 4403},
		{`"Bearer a secret"`, "", 4403},
	} {
		conn, _, err := websocket.Dial(t.Context(), address+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
		if err != nil {
			t.Fatal(err)
		}
		defer conn.CloseNow()
		said := ""
		for _, message := range []string{`{"type":"connection_init","payload":` + tt.payload + `}`, remove} {
			// The server may have closed already, which reading tells.
			_ = conn.Write(t.Context(), websocket.MessageText, []byte(message))
			var got []byte
			if _, got, err = conn.Read(t.Context()); err != nil {
				break
			}
			said = string(got)
		}
		if got := websocket.CloseStatus(err); tt.closed != 0 && got != tt.closed || tt.closed == 0 && (err != nil || !strings.Contains(said, tt.want)) {
			t.Errorf("%s: %s, %v", tt.payload, said, err)
		}
	}
}
