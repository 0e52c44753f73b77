package transport

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"
)

// subprotocol is that of the npm package graphql-ws.
const subprotocol = "graphql-transport-ws"

// Close codes of the subprotocol.
const (
	closeBadMessage     websocket.StatusCode = 4400
	closeUnacknowledged websocket.StatusCode = 4401
	closeForbidden      websocket.StatusCode = 4403
	closeSubprotocol    websocket.StatusCode = 4406
	closeInitTimeout    websocket.StatusCode = 4408
	closeSameID         websocket.StatusCode = 4409
	closeInitTwice      websocket.StatusCode = 4429
)

// Bounds of a connection.
const (
	initTimeout  = 10 * time.Second
	pingInterval = 30 * time.Second
	writeTimeout = 10 * time.Second
	// maxRunning is how many operations a connection runs at once,
	// maxConnections how many connections there are at once.
	maxRunning     = 8
	maxConnections = 32
)

// WebSocket answers over WebSocket, in the subprotocol graphql-transport-ws. What
// a browser sends for pages of other origins than the server's own and Origins is
// refused.
type WebSocket struct {
	// MaxMessage is the size in bytes of the largest message that is read.
	MaxMessage int64
	// Timeout is how long a query or a mutation may take; 0 means no limit.
	Timeout time.Duration
	// Origins are exact origins, such as https://example.org.
	Origins []string
	// Authenticate gives the context of a connection whose client says who it is
	// when it begins: with Authorization, as in the header of that name, which
	// pages cannot send. false ends the connection. nil ends every one that says so.
	Authenticate func(ctx context.Context, authorization string) (context.Context, bool)
	// connected holds a token for each connection.
	connected chan struct{}
}

// NewWebSocket makes a transport that bounds its connections.
func NewWebSocket(t WebSocket) WebSocket {
	t.connected = make(chan struct{}, maxConnections)
	return t
}

var _ graphql.Transport = WebSocket{}

// Supports takes requests that ask for another protocol.
func (t WebSocket) Supports(r *http.Request) bool {
	return r.Method == http.MethodGet && r.Header.Get("Upgrade") != ""
}

// Do serves one connection to its end.
func (t WebSocket) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	if !t.lets(r) {
		refuse(w, r, exec, asJSON, problem{http.StatusForbidden, "CSRF_PREVENTED", "the connection comes from a page of another origin"})
		return
	}
	select {
	case t.connected <- struct{}{}:
		defer func() { <-t.connected }()
	default:
		w.Header().Set("Retry-After", "1")
		refuse(w, r, exec, asJSON, problem{http.StatusServiceUnavailable, "UNAVAILABLE", "too many connections: try again later"})
		return
	}
	// Accept tells the client itself why it fails; the origin is checked above.
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{subprotocol}, InsecureSkipVerify: true})
	if err != nil {
		return
	}
	defer conn.CloseNow()
	if conn.Subprotocol() != subprotocol {
		conn.Close(closeSubprotocol, "Subprotocol not acceptable")
		return
	}
	conn.SetReadLimit(t.MaxMessage)
	ctx, cancel := context.WithCancel(r.Context())
	s := &session{WebSocket: t, conn: conn, exec: exec, headers: r.Header, running: map[string]context.CancelFunc{}}
	defer s.wait.Wait()
	defer cancel()
	if code, reason := s.serve(ctx); code != 0 {
		conn.Close(code, reason)
	}
}

// lets tells whether a connection comes from no page, or from one that is let in.
func (t WebSocket) lets(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	u, err := url.Parse(origin)
	return origin == "" || slices.Contains(t.Origins, origin) || err == nil && u.Host == r.Host
}

// session is one connection.
type session struct {
	WebSocket
	conn    *websocket.Conn
	exec    graphql.GraphExecutor
	headers http.Header
	wait    sync.WaitGroup

	mu      sync.Mutex
	running map[string]context.CancelFunc
}

// message is what either side sends.
type message struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// serve reads messages until the connection ends, or is to be closed for the
// reason it returns.
func (s *session) serve(ctx context.Context) (websocket.StatusCode, string) {
	first, stop := context.WithTimeout(ctx, initTimeout)
	defer stop()
	acknowledged := false
	for {
		reading := ctx
		if !acknowledged {
			reading = first
		}
		kind, data, err := s.conn.Read(reading)
		switch {
		case !acknowledged && first.Err() != nil && ctx.Err() == nil:
			return closeInitTimeout, "Connection initialisation timeout"
		case err != nil:
			return 0, ""
		}
		var m message
		if kind != websocket.MessageText || json.Unmarshal(data, &m) != nil {
			return closeBadMessage, "Invalid message"
		}
		switch m.Type {
		case "connection_init":
			if acknowledged {
				return closeInitTwice, "Too many initialisation requests"
			}
			var allowed bool
			if ctx, allowed = s.authenticate(ctx, m.Payload); !allowed {
				return closeForbidden, "Forbidden"
			}
			acknowledged = true
			s.send(ctx, message{Type: "connection_ack"})
			s.wait.Go(func() { s.ping(ctx) })
		case "ping":
			s.send(ctx, message{Type: "pong"})
		case "pong":
		case "subscribe":
			if !acknowledged {
				return closeUnacknowledged, "Unauthorized"
			}
			if code, reason := s.subscribe(ctx, m); code != 0 {
				return code, reason
			}
		case "complete":
			s.mu.Lock()
			if end := s.running[m.ID]; end != nil {
				end()
			}
			s.mu.Unlock()
		default:
			return closeBadMessage, "Invalid message"
		}
	}
}

// authenticate reads who the client says it is. A payload that says nothing of
// that is anybody's.
func (s *session) authenticate(ctx context.Context, payload json.RawMessage) (context.Context, bool) {
	var said struct{ Authorization *string }
	if len(payload) == 0 || json.Unmarshal(payload, &said) == nil && said.Authorization == nil {
		return ctx, true
	}
	if said.Authorization == nil || s.Authenticate == nil {
		return ctx, false
	}
	return s.Authenticate(ctx, *said.Authorization)
}

// ping ends connections whose other side is gone.
func (s *session) ping(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(pingInterval):
		}
		alive, cancel := context.WithTimeout(ctx, writeTimeout)
		err := s.conn.Ping(alive)
		cancel()
		if err != nil {
			s.conn.CloseNow()
			return
		}
	}
}

// subscribe begins an operation. Reading goes on only when it was admitted, so
// that the operations of a connection are weighed one after another.
func (s *session) subscribe(ctx context.Context, m message) (websocket.StatusCode, string) {
	s.mu.Lock()
	_, same := s.running[m.ID]
	full := len(s.running) >= maxRunning
	s.mu.Unlock()
	switch {
	case m.ID == "":
		return closeBadMessage, "Invalid message"
	case same:
		return closeSameID, "Subscriber for this ID already exists"
	case full:
		return websocket.StatusTryAgainLater, "Too many operations at once"
	}
	ctx = graphql.StartOperationTrace(ctx)
	params, wrong := decode(m.Payload)
	if wrong != nil {
		s.fail(ctx, m.ID, wrong.response(ctx, s.exec))
		return 0, ""
	}
	params.Headers = s.headers
	operation, errs := s.exec.CreateOperationContext(ctx, params)
	if errs != nil {
		s.fail(ctx, m.ID, s.exec.DispatchError(graphql.WithOperationContext(ctx, operation), few(errs)))
		return 0, ""
	}
	run, cancel := limited(ctx, s.Timeout, operation)
	s.mu.Lock()
	s.running[m.ID] = cancel
	s.mu.Unlock()
	s.wait.Go(func() {
		defer cancel()
		responses, run := s.exec.DispatchOperation(run, operation)
		for {
			response := responses(run)
			if response == nil {
				break
			}
			s.send(ctx, message{ID: m.ID, Type: "next", Payload: encode(response, true)})
		}
		// The client may use the ID again as soon as it hears of the end.
		s.mu.Lock()
		delete(s.running, m.ID)
		s.mu.Unlock()
		s.send(ctx, message{ID: m.ID, Type: "complete"})
	})
	return 0, ""
}

// fail tells that an operation was not begun.
func (s *session) fail(ctx context.Context, id string, r *graphql.Response) {
	payload, err := json.Marshal(r.Errors)
	if err != nil {
		panic(err) // texts and numbers
	}
	s.send(ctx, message{ID: id, Type: "error", Payload: payload})
}

// send writes one message. A client that does not take it ends the connection,
// which reading notices.
func (s *session) send(ctx context.Context, m message) {
	data, err := json.Marshal(m)
	if err != nil {
		panic(err) // texts, and what was encoded before
	}
	ctx, cancel := context.WithTimeout(ctx, writeTimeout)
	defer cancel()
	_ = s.conn.Write(ctx, websocket.MessageText, data)
}
