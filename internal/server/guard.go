package server

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Codes of refusals at the door.
const (
	codeCSRF        = "CSRF_PREVENTED"
	codeForbidden   = "FORBIDDEN"
	codeRateLimited = "RATE_LIMITED"
	codeUnavailable = "UNAVAILABLE"
)

// called lets only requests in that name the server by one of hosts (without
// ports) or, where it listens on loopback alone, by a name of this machine: a
// page of elsewhere may have its own name resolve to this machine. Without
// hosts, a server that others can reach answers to every name. Probes, which often
// name an address, are told that it lives under any.
func called(hosts []string, local bool, next http.Handler) http.Handler {
	if !local && len(hosts) == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		probe := r.URL.Path == "/healthz" || r.URL.Path == "/readyz"
		if !probe && !(local && loopback(r.Host)) && !slices.Contains(hosts, strings.ToLower(hostOf(r.Host))) {
			refuse(w, http.StatusForbidden, codeForbidden, "this server does not go by the name in the Host header: its operator can add it with --hosts")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Here lets only requests in that come from this machine, and from no page of
// elsewhere that a browser on it shows.
func Here(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		site := r.Header.Get("Sec-Fetch-Site")
		if !fromHere(r) || site == "cross-site" || site == "same-site" {
			refuse(w, http.StatusForbidden, codeForbidden, "this is for the machine that it runs on")
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
		hop, err := netip.ParseAddr(strings.Trim(hostOf(strings.TrimSpace(hops[i])), "[]"))
		if err != nil {
			break
		}
		host = hop.Unmap().String()
	}
	return network(host)
}

func trusted(host string, proxies []netip.Prefix) bool {
	a, err := netip.ParseAddr(host)
	return err == nil && slices.ContainsFunc(proxies, func(p netip.Prefix) bool { return p.Contains(a.Unmap().WithZone("")) })
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
			a = a.Unmap().WithZone("")
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
