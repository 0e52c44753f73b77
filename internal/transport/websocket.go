package transport

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"golang.org/x/net/http/httpguts"
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
	maxConnections = 512
)

// WebSocket answers over WebSocket, in the subprotocol graphql-transport-ws. What
// a browser sends for pages of other origins than the server's own and Origins is
// refused.
type WebSocket struct {
	Bounds
	// MaxMessage is the size in bytes of the largest message that is read.
	MaxMessage int64
	// Origins are exact origins, such as https://example.org.
	Origins []string
	// Authenticate gives the context of a connection whose client says who it is
	// when it begins: with Authorization, as in the header of that name, which
	// pages cannot send. false ends the connection. nil ends every one that says so.
	Authenticate func(ctx context.Context, authorization string) (context.Context, bool)
	// Serving, if not nil, is done when connections are to end: no operation begins
	// then, and those under way are answered first.
	Serving context.Context
	// connected holds a token for each connection.
	connected chan struct{}
}

// NewWebSocket makes a transport that bounds its connections.
func NewWebSocket(t WebSocket) WebSocket {
	t.connected = make(chan struct{}, maxConnections)
	return t
}

var _ graphql.Transport = WebSocket{}

// Supports takes requests that ask for this protocol.
func (t WebSocket) Supports(r *http.Request) bool {
	return r.Method == http.MethodGet && httpguts.HeaderValuesContainsToken(r.Header["Upgrade"], "websocket")
}

// Streams tells whether the answer to a request may stay open: over WebSocket, or
// as server-sent events.
func Streams(r *http.Request) bool {
	form, _ := negotiate(r.Header.Values("Accept"))
	return form == asEvents || WebSocket{}.Supports(r)
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
	s := &session{WebSocket: t, conn: conn, exec: exec, headers: r.Header, running: map[string]*operation{}}
	defer s.wait.Wait()
	defer cancel()
	if t.Serving != nil {
		defer context.AfterFunc(t.Serving, s.drain)()
	}
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
	// wait is for everything that the session began, operations for what is still
	// to be told of them.
	wait, operations sync.WaitGroup

	mu sync.Mutex
	// running are the operations that the client has not completed, by its IDs;
	// begun counts all that have not ended.
	running  map[string]*operation
	begun    int
	draining bool
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
	late := time.AfterFunc(initTimeout, func() { s.conn.Close(closeInitTimeout, "Connection initialisation timeout") })
	defer late.Stop()
	acknowledged := false
	for {
		kind, data, err := s.conn.Read(ctx)
		if err != nil {
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
			late.Stop()
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
			s.complete(m.ID)
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

// drain ends the connection when what runs has been answered.
func (s *session) drain() {
	s.mu.Lock()
	s.draining = true
	s.mu.Unlock()
	s.operations.Wait()
	s.conn.Close(websocket.StatusGoingAway, "Shutting down")
}

// subscribe begins an operation. Reading goes on only when it was admitted, so
// that the operations of a connection are weighed one after another.
func (s *session) subscribe(ctx context.Context, m message) (websocket.StatusCode, string) {
	s.mu.Lock()
	_, same := s.running[m.ID]
	full, draining := s.begun >= maxRunning, s.draining
	begins := m.ID != "" && !same && !full && !draining
	if begins {
		s.begun++
		s.operations.Add(1)
	}
	s.mu.Unlock()
	refuse := func(code, message string) {
		s.fail(ctx, m.ID, problem{code: code, message: message}.response(ctx, s.exec))
	}
	switch {
	case m.ID == "":
		return closeBadMessage, "Invalid message"
	case same:
		return closeSameID, "Subscriber for this ID already exists"
	case draining:
		refuse("UNAVAILABLE", "the server shuts down: connect again")
	case full:
		refuse("RATE_LIMITED", fmt.Sprintf("%d operations run over this connection: wait for one to end", maxRunning))
	}
	if !begins {
		return 0, ""
	}
	ctx = graphql.StartOperationTrace(ctx)
	o, refused := s.start(ctx, m.Payload)
	if refused != nil {
		s.ended(m.ID, nil)
		s.fail(ctx, m.ID, refused)
		s.operations.Done()
		return 0, ""
	}
	s.mu.Lock()
	s.running[m.ID] = o
	s.mu.Unlock()
	s.wait.Go(func() { s.run(ctx, m.ID, o) })
	return 0, ""
}

// start reads an operation and begins it; refused is the answer to one that is not
// to be run.
func (s *session) start(ctx context.Context, payload json.RawMessage) (o *operation, refused *graphql.Response) {
	params, wrong := decode(payload, s.MaxValues)
	if wrong != nil {
		return nil, wrong.response(ctx, s.exec)
	}
	params.Headers = s.headers
	return s.begin(ctx, s.exec, params)
}

// run tells the answers of an operation, as long as the client wants them.
func (s *session) run(ctx context.Context, id string, o *operation) {
	defer s.operations.Done()
	// Nothing else keeps a panic here from ending the program.
	defer func() {
		if v := recover(); v != nil && s.ended(id, o) {
			s.fail(ctx, id, failure(ctx, s.exec, o.context, gqlerror.Wrap(fmt.Errorf("panic: %v\n%s", v, debug.Stack()))))
		}
	}()
	defer o.end()
	next := o.run()
	for response := next(); response != nil && s.wants(id, o); response = next() {
		s.send(ctx, message{ID: id, Type: "next", Payload: encode(response, true)})
	}
	// The client may use the ID again as soon as it hears of the end.
	if s.ended(id, o) {
		s.send(ctx, message{ID: id, Type: "complete"})
	}
}

// complete ends an operation that the client wants no more of. It may use its ID
// again at once.
func (s *session) complete(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o := s.running[id]; o != nil {
		delete(s.running, id)
		o.cancel()
	}
}

// wants tells whether the client has not completed an operation.
func (s *session) wants(id string, o *operation) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.running[id] == o
}

// ended makes room for another operation, and tells whether the client waits for
// the end of this one; nil is one that was not begun.
func (s *session) ended(id string, o *operation) (awaited bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.begun--
	if awaited = o != nil && s.running[id] == o; awaited {
		delete(s.running, id)
	}
	return awaited
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
