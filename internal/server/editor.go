package server

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Editors says who may change what is stored.
type Editors struct {
	// Tokens maps the name of each editor to its secret, see ParseTokens.
	Tokens map[string]string
	// Local makes everybody on this machine an editor, named LocalEditor; it is
	// for a server that listens on loopback alone and has no tokens.
	Local bool
	// With marks a request as that of an editor; nil means nobody edits.
	With func(ctx context.Context, name string) context.Context
}

// LocalEditor is the name of whoever edits without a token.
const LocalEditor = "local"

// ParseTokens reads comma-separated pairs name:token. A name stands once, and
// neither part is empty.
func ParseTokens(list string) (map[string]string, error) {
	tokens := map[string]string{}
	for i, pair := range listed(list) {
		name, token, _ := strings.Cut(pair, ":")
		if name == "" || token == "" {
			// The pair is not shown: it may be a secret.
			return nil, fmt.Errorf("pair %d is no name:token", i+1)
		}
		if _, twice := tokens[name]; twice {
			return nil, fmt.Errorf("the name %q stands twice", name)
		}
		tokens[name] = token
	}
	return tokens, nil
}

// admit marks the requests of editors. A token that is nobody's is refused.
func (e Editors) admit(next http.Handler) http.Handler {
	if e.With == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := r.Header.Get("Authorization")
		switch {
		case header != "":
			ctx, ok := e.Authenticate(r.Context(), header)
			if !ok {
				w.Header().Set("WWW-Authenticate", "Bearer")
				refuse(w, http.StatusUnauthorized, "UNAUTHENTICATED", "the token is nobody's: send one of those that the server was given, as Authorization: Bearer")
				return
			}
			r = r.WithContext(ctx)
		case e.Local && fromHere(r):
			r = r.WithContext(e.With(r.Context(), LocalEditor))
		}
		next.ServeHTTP(w, r)
	})
}

// Authenticate marks ctx as an editor's by what an Authorization header says;
// false means that its token is nobody's.
func (e Editors) Authenticate(ctx context.Context, authorization string) (context.Context, bool) {
	name, ok := e.named(authorization)
	if !ok || e.With == nil {
		return ctx, false
	}
	return e.With(ctx, name), true
}

// named is the editor with a token. All are compared, each in constant time.
func (e Editors) named(header string) (name string, ok bool) {
	scheme, token, _ := strings.Cut(header, " ")
	given := sha256.Sum256([]byte(token))
	for n, t := range e.Tokens {
		held := sha256.Sum256([]byte(t))
		if subtle.ConstantTimeCompare(given[:], held[:]) == 1 && strings.EqualFold(scheme, "Bearer") {
			name, ok = n, true
		}
	}
	return name, ok
}

// forwarding are headers by which a proxy tells that it asks for somebody else.
var forwarding = []string{"Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip"}

// fromHere tells whether a request comes from this machine, not through a proxy on
// it, and from no page of elsewhere: a page of another origin that a browser here
// shows must not edit, even where its name was made to resolve to this machine.
func fromHere(r *http.Request) bool {
	if !loopback(r.RemoteAddr) || !loopback(r.Host) ||
		slices.ContainsFunc(forwarding, func(name string) bool { return r.Header.Get(name) != "" }) {
		return false
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host == r.Host
}

// hostOf is a host without its port, if it has one.
func hostOf(hostPort string) string {
	if host, _, err := net.SplitHostPort(hostPort); err == nil {
		return host
	}
	return hostPort
}

// loopback tells whether a host, with or without a port, is this machine.
func loopback(hostPort string) bool {
	host := strings.Trim(hostOf(hostPort), "[]")
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
