// Package server is the door: it routes HTTP requests to the handlers it is
// given, lets browsers of configured origins in, and keeps requests and
// connections within bounds. It knows no question and no store; GraphQL is a
// handler to it, and readiness a function.
package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/rs/cors"
)

// Bounds of a connection. A client that is slower than these is cut off.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 30 * time.Second
	sendTimeout   = 30 * time.Second
	idleTimeout   = 2 * time.Minute
	readyTimeout  = 5 * time.Second
	// unlimitedDrain is how long answers under way may take after the order to
	// shut down, where they may take any time otherwise.
	unlimitedDrain = time.Minute
)

// defaultPolicy is the content security policy of what is no page. A page sets
// its own.
const defaultPolicy = "default-src 'none'; frame-ancestors 'none'"

// Config is what the server serves.
type Config struct {
	// GraphQL answers GET and POST /graphql.
	GraphQL http.Handler
	// Streams tells of a request to it whether the answer may stay open for long;
	// nil means that none may.
	Streams func(*http.Request) bool
	// Playground serves /playground and everything below it.
	Playground http.Handler
	// Schema is the text of /schema.graphqls; empty means that there is none.
	Schema string
	// Ready tells whether questions can be answered now. Its error is not
	// shown to clients; the log has it.
	Ready func(ctx context.Context) error
	// Logger gets a line for each request and for what is wrong; nil means
	// slog.Default.
	Logger *slog.Logger
	// Metrics are served at /metrics; nil means that none are.
	Metrics *Metrics
	// Origins are the exact origins whose pages may call, see ParseOrigins.
	Origins []string
	// Editors says who may change what is stored.
	Editors Editors
	// Local tells that only this machine can reach the server. Then requests
	// must name this machine, or one of Hosts, in their Host header; elsewhere
	// one of Hosts, if there are any. They are in lower case, without ports.
	Local bool
	Hosts []string
	// Proxies are believed when they tell the address of a client.
	Proxies []netip.Prefix
	// Budgets bounds what each client may ask in a minute; nil means nothing does.
	Budgets *Budgets
}

// New returns the handler of everything that graphd serves.
func New(c Config) http.Handler {
	log := c.Logger
	if log == nil {
		log = slog.Default()
	}
	mux := http.NewServeMux()
	if c.Metrics != nil {
		mux.Handle("GET /metrics", c.Metrics.handler())
	}
	mux.Handle("/graphql", sameSite(c.Origins, atMost(c.Streams, c.Budgets.open(c.Editors.admit(c.GraphQL)))))
	mux.Handle("GET /playground", c.Playground)
	mux.Handle("GET /playground/", c.Playground)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/playground", http.StatusFound)
	})
	if c.Schema != "" {
		mux.HandleFunc("GET /schema.graphqls", func(w http.ResponseWriter, r *http.Request) {
			text(w, http.StatusOK, c.Schema)
		})
	}
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		text(w, http.StatusOK, "ok\n")
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
		defer cancel()
		if err := c.Ready(ctx); err != nil {
			log.WarnContext(ctx, "not ready", "err", err)
			text(w, http.StatusServiceUnavailable, "not ready: the store cannot be used\n")
			return
		}
		text(w, http.StatusOK, "ready\n")
	})

	var h http.Handler = mux
	if len(c.Origins) > 0 { // to package cors, none means all
		h = cors.New(cors.Options{
			AllowedOrigins: c.Origins,
			AllowedMethods: []string{http.MethodGet, http.MethodPost},
			AllowedHeaders: []string{"Accept", "Authorization", "Content-Type", "GraphQL-Preflight", "Apollo-Require-Preflight", "X-Requested-With"},
			ExposedHeaders: []string{"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After", "X-Request-Id"},
			MaxAge:         600,
		}).Handler(mux)
	}
	h = addressed(c.Proxies, observed(c.Metrics, log, mux, called(c.Hosts, c.Local, h)))
	return identified(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer")
		w.Header().Set("Cross-Origin-Opener-Policy", "same-origin")
		w.Header().Set("Content-Security-Policy", defaultPolicy)
		h.ServeHTTP(w, r)
	}))
}

func text(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body) // a client that went away is nobody to tell
}

// refuse answers in the form of a GraphQL error.
func refuse(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	// As above: nobody is left to tell.
	_ = json.NewEncoder(w).Encode(map[string]any{
		"errors": []any{map[string]any{"message": message, "extensions": map[string]string{"code": code}}},
	})
}

// listed are the parts of a comma-separated list that are not blank.
func listed(list string) []string {
	var parts []string
	for part := range strings.SplitSeq(list, ",") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// ParseOrigins reads a comma-separated list of exact origins, such as
// https://example.org:8443. Anything else, a wildcard too, is an error.
func ParseOrigins(list string) ([]string, error) {
	var origins []string
	for _, origin := range listed(list) {
		u, err := url.Parse(origin)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.Contains(origin, "*") ||
			u.Scheme+"://"+u.Host != origin || strings.ToLower(origin) != origin ||
			u.Scheme == "http" && u.Port() == "80" || u.Scheme == "https" && u.Port() == "443" {
			return nil, fmt.Errorf("%q is no exact origin: write it as browsers do, in lower case and without a path or the usual port, such as https://example.org", origin)
		}
		origins = append(origins, origin)
	}
	return origins, nil
}

// Serve answers on ln until ctx is done, then lets answers under way finish, for
// which longest is how long one may take; 0 means no limit. It closes ln. The error
// is nil after such an end.
func Serve(ctx context.Context, ln net.Listener, h http.Handler, longest time.Duration) error {
	var open sync.WaitGroup
	srv := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			open.Add(1)
			defer open.Done()
			h.ServeHTTP(w, r)
		}),
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		IdleTimeout:       idleTimeout,
	}
	drainTimeout := unlimitedDrain
	if longest > 0 {
		srv.WriteTimeout = readTimeout + longest + sendTimeout
		drainTimeout = longest + sendTimeout
	}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ln) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
	defer cancel()
	err := srv.Shutdown(drain)
	if err != nil {
		err = errors.Join(err, srv.Close())
	}
	<-served
	// Connections that speak another protocol by now are not the server's to wait for.
	ended := make(chan struct{})
	go func() { open.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-drain.Done():
		err = errors.Join(err, drain.Err())
	}
	return err
}
