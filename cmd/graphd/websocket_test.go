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
