package server

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Codes of refusals at the door.
const (
	codeCSRF        = "CSRF_PREVENTED"
	codeForbidden   = "FORBIDDEN"
	codeUnavailable = "UNAVAILABLE"
)

// called lets only requests in that name the server by one of hosts (without
// ports) or, where it listens on loopback alone, by a name of this machine: a
// page of elsewhere may have its own name resolve to this machine. Without
// hosts, a server that others can reach answers to every name.
func called(hosts []string, local bool, next http.Handler) http.Handler {
	if !local && len(hosts) == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !(local && loopback(r.Host)) && !slices.Contains(hosts, strings.ToLower(hostOf(r.Host))) {
			refuse(w, http.StatusForbidden, codeForbidden, "this server does not go by the name in the Host header: its operator can add it with --hosts")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// sameSite refuses requests that a browser sends for a page of an origin that
// is not let in.
func sameSite(origins []string, next http.Handler) http.Handler {
	guard := http.NewCrossOriginProtection()
	for _, o := range origins {
		if err := guard.AddTrustedOrigin(o); err != nil {
			panic(err) // ParseOrigins lets no such origin through
		}
	}
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		refuse(w, http.StatusForbidden, codeCSRF, "the request comes from a page of another origin: the operator can let it in with --cors-origins")
	}))
	return guard.Handler(next)
}

// clientsStreams is how many streams one client may have open at once.
const clientsStreams = 8

// atMost runs so many requests at once, half of them for one client at most, and
// refuses the others. Of streams, which may stay open for long, each client has
// clientsStreams.
func atMost(n int, next http.Handler) http.Handler {
	slots := make(chan struct{}, n)
	requests := &shares{what: "requests", most: (n + 1) / 2, held: map[string]int{}}
	streams := &shares{what: "streams", most: clientsStreams, held: map[string]int{}}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		full := func(status int, code, message string) {
			w.Header().Set("Retry-After", "1")
			refuse(w, status, code, message)
		}
		select {
		case slots <- struct{}{}:
			defer func() { <-slots }()
		default:
			full(http.StatusServiceUnavailable, codeUnavailable, "too many requests run at once: try again in a second")
			return
		}
		needed := []*shares{requests}
		if streaming(r) {
			needed = append(needed, streams)
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

// streaming tells whether the answer may stay open: over WebSocket, or as
// server-sent events.
func streaming(r *http.Request) bool {
	return r.Header.Get("Upgrade") != "" || strings.Contains(r.Header.Get("Accept"), "text/event-stream")
}

// shares counts what each client has of something, which is most at the most.
// Its methods may be called at once.
type shares struct {
	what string
	most int
	mu   sync.Mutex
	held map[string]int
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

type requestIDKey struct{}

const requestIDHeader = "X-Request-Id"

// RequestID names the request in ctx, as its answer's X-Request-Id does.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

func identified(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := rand.Text()
		w.Header().Set(requestIDHeader, id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id)))
	})
}

type clientKey struct{}

// addressed names the client of each request, for clientIn.
func addressed(proxies []netip.Prefix, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), clientKey{}, clientOf(r, proxies))))
	})
}

func clientIn(ctx context.Context) string {
	client, _ := ctx.Value(clientKey{}).(string)
	return client
}

// clientOf is the address that a request comes from: the last one in
// X-Forwarded-For that no trusted proxy has, where a trusted proxy sends it.
func clientOf(r *http.Request, proxies []netip.Prefix) string {
	host := hostOf(r.RemoteAddr)
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && trusted(host, proxies); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		host = hop.Unmap().String()
	}
	return network(host)
}

func trusted(host string, proxies []netip.Prefix) bool {
	a, err := netip.ParseAddr(host)
	return err == nil && slices.ContainsFunc(proxies, func(p netip.Prefix) bool { return p.Contains(a.Unmap()) })
}

// network is what one client has to itself: an address, or in IPv6 the 64 bits
// that a provider gives one customer.
func network(host string) string {
	a, err := netip.ParseAddr(host)
	if err != nil || a.Unmap().Is4() {
		return host
	}
	p, _ := a.WithZone("").Prefix(64) // 64 bits are fine for every address of IPv6
	return p.String()
}

// ParseProxies reads comma-separated addresses or networks in CIDR notation.
func ParseProxies(list string) ([]netip.Prefix, error) {
	var proxies []netip.Prefix
	for _, part := range listed(list) {
		if a, err := netip.ParseAddr(part); err == nil {
			proxies = append(proxies, netip.PrefixFrom(a, a.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(part)
		if err != nil {
			return nil, err
		}
		proxies = append(proxies, p.Masked())
	}
	return proxies, nil
}

// seconds and number are values of headers, whole ones.
func seconds(d time.Duration) string { return strconv.Itoa(int((d + time.Second - 1) / time.Second)) }

func number(f float64) string { return strconv.Itoa(int(f)) }
