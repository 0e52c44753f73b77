package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/coder/websocket"
)

// The whole way through the server's door, a connection can be opened and asked;
// it does not keep the server from ending.
func TestServeWebSocket(t *testing.T) {
	address, stop := start(t, "--store", "sqlite::memory:")
	s := open(t, address)
	s.tell(`{"id":"1","type":"subscribe","payload":{"query":"{ corpus { reportCount } }"}}`)
	s.hear(`"reportCount":0`)
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
		conn := dial(t, address)
		var err error
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

// socket is a connection that was begun.
type socket struct {
	t    *testing.T
	conn *websocket.Conn
}

// dial makes a connection that is not begun.
func dial(t *testing.T, address string) *websocket.Conn {
	t.Helper()
	conn, _, err := websocket.Dial(t.Context(), address+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.CloseNow() })
	return conn
}

func open(t *testing.T, address string) socket {
	t.Helper()
	s := socket{t, dial(t, address)}
	s.tell(`{"type":"connection_init"}`)
	s.hear(`"connection_ack"`)
	return s
}

func (s socket) tell(format string, args ...any) {
	s.t.Helper()
	if err := s.conn.Write(s.t.Context(), websocket.MessageText, fmt.Appendf(nil, format, args...)); err != nil {
		s.t.Fatal(err)
	}
}

// hear reads the next message, which must hold all of want.
func (s socket) hear(want ...string) {
	s.t.Helper()
	_, got, err := s.conn.Read(s.t.Context())
	if err != nil {
		s.t.Fatalf("waiting for %s: %v", want, err)
	}
	for _, w := range want {
		if !strings.Contains(string(got), w) {
			s.t.Fatalf("%s, want %s", got, w)
		}
	}
}

const watch = `{"id":"%d","type":"subscribe","payload":{"query":"subscription { ingestProgress { total } }"}}`

// A connection runs so many operations and refuses one more, for which the others
// live on; an ID may be used again as soon as the client has completed it.
func TestServeWebSocketOperations(t *testing.T) {
	address, _ := start(t, "--store", "sqlite::memory:")
	s := open(t, address)
	const most = 8
	for id := range most {
		s.tell(watch, id)
	}
	s.tell(watch, most)
	s.hear(`"id":"8"`, `"type":"error"`, "RATE_LIMITED")
	for range 100 {
		s.tell(`{"id":"3","type":"complete"}`)
		s.tell(`{"id":"9","type":"complete"}`) // nobody's
		s.tell(`{"type":"ping"}`)
		s.hear(`"pong"`)
		var full bool
		for full = true; full; { // until what was completed has ended
			s.tell(`{"id":"3","type":"subscribe","payload":{"query":"{ __typename }"}}`)
			_, got, err := s.conn.Read(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if full = strings.Contains(string(got), "RATE_LIMITED"); !full && !strings.Contains(string(got), `"__typename":"Query"`) {
				t.Fatalf("%s", got)
			}
		}
		s.hear(`"complete"`, `"3"`)
		s.tell(watch, 3)
	}
}

// What runs when the order to stop comes is answered, and the client is told that
// the server goes away.
func TestServeWebSocketStops(t *testing.T) {
	address, stop := start(t, "--store", "sqlite::memory:")
	s := open(t, address)
	text, err := os.ReadFile("../../samples/pengpu-2023.txt")
	if err != nil {
		t.Fatal(err)
	}
	var ingests strings.Builder
	for i := range 8 {
		fmt.Fprintf(&ingests, `i%d: ingestReport(input: {text: $text, url: "https://reports.example/%d"}) { stored } `, i, i)
	}
	query, err := json.Marshal(map[string]any{"query": "mutation ($text: String!) { " + ingests.String() + "}", "variables": map[string]any{"text": string(text)}})
	if err != nil {
		t.Fatal(err)
	}
	s.tell(watch, 1)
	s.tell(`{"id":"2","type":"subscribe","payload":%s}`, query)
	s.hear(`"total":1`) // it runs
	ended := make(chan string)
	go func() {
		code, said := stop(syscall.SIGTERM)
		ended <- fmt.Sprint(code, " ", said)
	}()
	answered := false
	for {
		_, got, err := s.conn.Read(t.Context())
		if err != nil {
			if status := websocket.CloseStatus(err); status != websocket.StatusGoingAway {
				t.Errorf("closed with %d: %v", status, err)
			}
			break
		}
		answered = answered || strings.Contains(string(got), `"i7":{"stored":`)
	}
	if !answered {
		t.Error("the mutation was not answered")
	}
	if got := <-ended; !strings.HasPrefix(got, "0 ") {
		t.Errorf("exit %s", got)
	}
}
