// Package server is the door: it routes HTTP requests to the handlers it is
// given, lets browsers of configured origins in, and keeps requests and
// connections within bounds. It knows no question and no store; GraphQL is a
// handler to it, and readiness a function.
package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/rs/cors"
)

// MaxBody is the size in bytes of the largest request that is read.
const MaxBody = 1 << 20

// Bounds of a connection. A client that is slower than these is cut off.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 30 * time.Second
	writeTimeout  = 60 * time.Second
	idleTimeout   = 2 * time.Minute
	readyTimeout  = 5 * time.Second
	// drainTimeout is how long answers under way may take after the order to
	// shut down.
	drainTimeout = 10 * time.Second
)

// defaultPolicy is the content security policy of what is no page. A page sets
// its own.
const defaultPolicy = "default-src 'none'; frame-ancestors 'none'"

// Config is what the server serves.
type Config struct {
	// GraphQL answers GET and POST /graphql.
	GraphQL http.Handler
	// Playground serves /playground and everything below it.
	Playground http.Handler
	// Schema is the text of /schema.graphqls.
	Schema string
	// Ready tells whether questions can be answered now. Its error is not
	// shown to clients; Log is told.
	Ready func(ctx context.Context) error
	// Log takes one line for the operator; it may be nil.
	Log func(line string)
	// Origins are the exact origins whose pages may call, see ParseOrigins.
	Origins []string
	// Editors says who may change what is stored.
	Editors Editors
}

// New returns the handler of everything that graphd serves.
func New(c Config) http.Handler {
	mux := http.NewServeMux()
	graphql := c.Editors.admit(limitBody(c.GraphQL))
	mux.Handle("GET /graphql", graphql)
	mux.Handle("POST /graphql", graphql)
	mux.Handle("GET /playground", c.Playground)
	mux.Handle("GET /playground/", c.Playground)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/playground", http.StatusFound)
	})
	mux.HandleFunc("GET /schema.graphqls", func(w http.ResponseWriter, r *http.Request) {
		text(w, http.StatusOK, c.Schema)
	})
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		text(w, http.StatusOK, "ok\n")
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
		defer cancel()
		if err := c.Ready(ctx); err != nil {
			if c.Log != nil {
				c.Log("not ready: " + err.Error())
			}
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
			AllowedHeaders: []string{"Accept", "Authorization", "Content-Type", "Apollo-Require-Preflight", "X-Requested-With"},
			MaxAge:         600,
		}).Handler(mux)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Content-Security-Policy", defaultPolicy)
		h.ServeHTTP(w, r)
	})
}

func text(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body) // a client that went away is nobody to tell
}

// limitBody hands a request on with its whole body, or refuses it in the form
// of a GraphQL error.
func limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
		var large *http.MaxBytesError
		switch {
		case errors.As(err, &large):
			refuse(w, http.StatusRequestEntityTooLarge, "PAYLOAD_TOO_LARGE",
				fmt.Sprintf("the request has more than %d bytes: send a smaller one", MaxBody))
			return
		case err != nil:
			refuse(w, http.StatusBadRequest, "BAD_USER_INPUT", "the request ended before its body did")
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		next.ServeHTTP(w, r)
	})
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	// As above: nobody is left to tell.
	_ = json.NewEncoder(w).Encode(map[string]any{
		"errors": []any{map[string]any{"message": message, "extensions": map[string]string{"code": code}}},
		"data":   nil,
	})
}

// ParseOrigins reads a comma-separated list of exact origins, such as
// https://example.org:8443. Anything else, a wildcard too, is an error.
func ParseOrigins(list string) ([]string, error) {
	var origins []string
	for origin := range strings.SplitSeq(list, ",") {
		if origin = strings.TrimSpace(origin); origin == "" {
			continue
		}
		u, err := url.Parse(origin)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.Contains(origin, "*") ||
			u.Scheme+"://"+u.Host != origin {
			return nil, fmt.Errorf("%q is no exact origin: write scheme, host and port only, such as https://example.org", origin)
		}
		origins = append(origins, origin)
	}
	return origins, nil
}

// Serve answers on ln until ctx is done, then lets answers under way finish.
// It closes ln. The error is nil after such an end.
func Serve(ctx context.Context, ln net.Listener, h http.Handler) error {
	srv := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
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
	return err
}
