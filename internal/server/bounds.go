package server

import (
	"context"
	"fmt"
	"net/http"
	"sync"

	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Bounds of what is open at once: requests, of which most may be waiting for a
// slow client, and those of one client; of streams, which may stay open for long,
// each client has clientsStreams.
const (
	maxOpen         = 2048
	clientsRequests = 64
	clientsStreams  = 8
)

// atMost bounds what is open, in all and for each client. streams tells whether an
// answer may stay open; nil means that none may.
func atMost(streams func(*http.Request) bool, next http.Handler) http.Handler {
	all := newShares("requests", maxOpen)
	requests, streaming := newShares("requests", clientsRequests), newShares("streams", clientsStreams)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		full := func(status int, code, message string) {
			w.Header().Set("Retry-After", "1")
			refuse(w, status, code, message)
		}
		if !all.take("") {
			full(http.StatusServiceUnavailable, codeUnavailable, "too many requests are open: try again in a second")
			return
		}
		defer all.giveBack("")
		needed := []*shares{requests}
		if streams != nil && streams(r) {
			needed = append(needed, streaming)
		}
		client := clientIn(r.Context())
		for _, s := range needed {
			if !s.take(client) {
				full(http.StatusTooManyRequests, codeRateLimited, fmt.Sprintf("you have %d %s open: end one, or try again in a second", s.most, s.what))
				return
			}
			defer s.giveBack(client)
		}
		next.ServeHTTP(w, r)
	})
}

// Slots bounds the operations that run at once, whatever they come by. Its methods
// may be called at once.
type Slots struct{ all, clients *shares }

// NewSlots lets n operations run at once, half of them for one client at most.
func NewSlots(n int) *Slots {
	return &Slots{newShares("operations", n), newShares("operations", (n+1)/2)}
}

// Enter takes a slot for the client whose request is in ctx until leave is called,
// once. The error, for clients to see, is that none is free.
func (s *Slots) Enter(ctx context.Context) (leave func(), err error) {
	client := clientIn(ctx)
	if !s.clients.take(client) {
		return nil, busy(codeRateLimited, fmt.Sprintf("you run %d operations: wait for one to end", s.clients.most))
	}
	if !s.all.take("") {
		s.clients.giveBack(client)
		return nil, busy(codeUnavailable, "too many operations run at once: try again in a second")
	}
	return func() {
		s.all.giveBack("")
		s.clients.giveBack(client)
	}, nil
}

func busy(code, message string) error {
	return &gqlerror.Error{Message: message, Extensions: map[string]any{"code": code}}
}

// shares counts what each client has of something, which is most at the most.
// Its methods may be called at once.
type shares struct {
	what string
	most int
	mu   sync.Mutex
	held map[string]int
}

func newShares(what string, most int) *shares {
	return &shares{what: what, most: most, held: map[string]int{}}
}

func (s *shares) take(client string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held[client] == s.most {
		return false
	}
	s.held[client]++
	return true
}

func (s *shares) giveBack(client string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held[client]--; s.held[client] == 0 {
		delete(s.held, client)
	}
}
