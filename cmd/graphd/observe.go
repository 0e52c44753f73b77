package main

import (
	"cmp"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/pprof"
	"strings"
	"time"

	"graphd/internal/admission"
	"graphd/internal/adoption"
	"graphd/internal/server"
)

// of asks the index last made; zero before there is one.
func of[N int | int64](live *adoption.Live, what func(*adoption.Index) N) float64 {
	if x := live.Last(); x != nil {
		return float64(what(x))
	}
	return 0
}

// reason is why a query was refused, one of few words.
func reason(err error) string {
	var r *admission.Refusal
	if !errors.As(err, &r) {
		return "other"
	}
	return cmp.Or(r.Limit, strings.ToLower(string(r.Kind)))
}

// logger writes to w at a level and in a format that users name.
func logger(w io.Writer, level, format string) (*slog.Logger, error) {
	var o slog.HandlerOptions
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		return nil, usage("--log-level: %q is none of debug, info, warn and error", level)
	}
	o.Level = l
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(w, &o)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, &o)), nil
	}
	return nil, usage("--log-format: %q is neither text nor json", format)
}

// serveProfiles serves profiles on a loopback address until stop is called.
func serveProfiles(addr string) (stop func(), err error) {
	ln, err := listen(addr)
	if err != nil {
		return nil, err
	}
	if !onLoopback(ln) {
		ln.Close()
		return nil, usage("--pprof: %s is no loopback address: profiles are for this machine only", addr)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	srv := &http.Server{Handler: server.Here(mux), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = srv.Serve(ln) }() // ends when stop closes it
	return func() { _ = srv.Close() }, nil
}
