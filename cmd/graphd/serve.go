package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"graphd"
	"graphd/graph"
	"graphd/graph/model"
	"graphd/internal/admission"
	"graphd/internal/adoption"
	"graphd/internal/ingest"
	"graphd/internal/kg"
	"graphd/internal/linker/registry"
	"graphd/internal/quality"
	"graphd/internal/server"
	"graphd/internal/store"
	"graphd/internal/transport"
	"graphd/web"
)

// running is how many operations run at once.
const running = 64

func serveCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Answer questions over GraphQL, with a playground",
		Args:  cobra.NoArgs,
	}
	uri := storeFlag(cmd)
	addr := cmd.Flags().String("addr", "127.0.0.1:8080", "the `HOST:PORT` to listen at; port 0 takes a free one")
	paths := cmd.Flags().StringArray("ingest", nil, "a `PATH` to read first, as graphd ingest does; may be given more than once")
	origins := cmd.Flags().String("cors-origins", "", "exact `origins`, comma-separated, whose pages may call")
	pairs := cmd.Flags().String("tokens", "", "who may change what is stored: `name:token` pairs, comma-separated; rather set GRAPHD_TOKENS, other users see flags. Without any, whoever uses this machine may, if the address is a loopback one")
	hosts := cmd.Flags().String("hosts", "", "`names` by which the server may be called, comma-separated, without ports; on a loopback address, the names of this machine always are")
	points := cmd.Flags().Int("rate", 2_000_000, "`points` of query cost that each client may spend per minute; 0 for no limit")
	proxies := cmd.Flags().String("trusted-proxies", "", "`networks` of proxies whose X-Forwarded-For is believed, comma-separated, such as 10.0.0.0/8")
	timeout := cmd.Flags().Duration("timeout", 30*time.Second, "how long one operation may take")
	trusted := cmd.Flags().String("documents", "", "a `FOLDER` of .graphql files, or a manifest of hashes and texts in JSON, that clients may ask for by hash")
	strict := cmd.Flags().Bool("only-documents", false, "answer nothing but what --documents holds")
	level := cmd.Flags().String("log-level", "info", "what is logged: debug (every request), info, warn or error")
	format := cmd.Flags().String("log-format", "text", "how it is logged: text or json")
	profile := cmd.Flags().String("pprof", "", "a loopback `HOST:PORT` at which profiles of the running program are served, under /debug/pprof/")
	closed := cmd.Flags().Bool("no-introspection", false, "do not tell the schema, nor suggest names in errors")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		log, err := logger(cmd.ErrOrStderr(), *level, *format)
		if err != nil {
			return err
		}
		networks, err := server.ParseProxies(*proxies)
		if err != nil {
			return usage("--trusted-proxies: %w", err)
		}
		if *points < 0 || *points > 0 && *points < admission.Default.Cost {
			return usage("--rate must be 0 or at least %d, the cost that one query may have", admission.Default.Cost)
		}
		documents, err := readDocuments(*trusted)
		if err != nil {
			return usage("--documents: %w", err)
		}
		tokens, err := server.ParseTokens(*pairs)
		if err != nil {
			return usage("--tokens: %w", err)
		}
		allowed, err := server.ParseOrigins(*origins)
		if err != nil {
			return usage("--cors-origins: %w", err)
		}
		// Listening first tells of a taken address before any work is done.
		ln, err := listen(*addr)
		if err != nil {
			return err
		}
		defer ln.Close()
		if *profile != "" {
			stop, err := serveProfiles(*profile)
			if err != nil {
				return err
			}
			defer stop()
		}
		return inStore(cmd.Context(), *uri, func(s store.Store) error {
			if err := ingestFirst(cmd, s, *paths); err != nil {
				return err
			}
			d := door{
				origins: allowed, tokens: tokens, hosts: names(*hosts), proxies: networks, budgets: server.NewBudgets(*points, nil),
				timeout: *timeout, documents: documents, strict: *strict, closed: *closed, log: log,
			}
			return serve(cmd.Context(), ln, s, d, cmd.ErrOrStderr())
		})
	}
	return cmd
}

// ingestFirst reads what serve is to begin with. That some files fail does not
// keep it from serving the rest.
func ingestFirst(cmd *cobra.Command, s store.Store, paths []string) error {
	if len(paths) == 0 {
		return nil
	}
	l, err := loadLinker()
	if err != nil {
		return err
	}
	sum, err := ingestInto(cmd.Context(), s, ingest.Config{Linker: l, Paths: paths, Stdin: cmd.InOrStdin()}, cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(cmd.ErrOrStderr(), "graphd:", counts(sum))
	return err
}

// door is how the server lets questions in.
type door struct {
	origins, hosts []string
	tokens         map[string]string
	proxies        []netip.Prefix
	budgets        *server.Budgets
	timeout        time.Duration
	documents      map[string]string
	strict, closed bool
	log            *slog.Logger
}

// names are the parts of a comma-separated list, in lower case.
func names(list string) []string {
	return strings.FieldsFunc(strings.ToLower(list), func(r rune) bool { return r == ',' || r == ' ' })
}

func serve(ctx context.Context, ln net.Listener, s store.Store, d door, stderr io.Writer) error {
	r, err := registry.Load()
	if err != nil {
		return err
	}
	live := adoption.NewLive(s)
	index, err := live.Current(ctx)
	if err != nil {
		return err
	}
	traces, err := tracing(ctx, d.log)
	if err != nil {
		return err
	}
	defer flush(traces, d.log)
	metrics := server.NewMetrics(
		func() float64 { return of(live, (*adoption.Index).Revision) },
		func() float64 { return of(live, (*adoption.Index).ReportCount) })
	editors := server.Editors{Tokens: d.tokens, Local: len(d.tokens) == 0 && len(d.proxies) == 0 && onLoopback(ln), With: graph.WithEditor}
	schema := graphd.SDL
	if d.closed {
		schema = ""
	}
	handler := server.New(server.Config{
		GraphQL: graph.NewHandler(graph.Config{
			Store: s, Index: live, Editor: store.Editor{Store: s}, Ingester: newIngester(ctx, s), Origins: d.origins, Timeout: d.timeout, Extractor: extractor(), Registered: registered(r.Divisions),
			Tracer: tracer(traces), Trusted: d.documents, TrustedOnly: d.strict, Closed: d.closed,
			Admitted: func(ctx context.Context, t admission.Tally, refused error) error {
				// Reading and validating have a price, too, whatever comes of them.
				points := t.Tokens
				if refused == nil {
					points = max(points, t.Cost)
				}
				err := d.budgets.Charge(ctx, points)
				switch {
				case err != nil:
					metrics.Refused("rate")
				case refused != nil:
					metrics.Refused(reason(refused))
				default:
					metrics.Admitted(t.Cost)
				}
				return err
			},
			Logger:       d.log,
			RequestID:    server.RequestID,
			Authenticate: editors.Authenticate,
			Enter:        server.NewSlots(running).Enter,
			Serving:      ctx,
		}),
		Streams:    transport.Streams,
		Playground: web.Playground("/playground"),
		Schema:     schema,
		Ready: func(ctx context.Context) error {
			if err := s.Ping(ctx); err != nil {
				return err
			}
			_, err := live.Current(ctx)
			return err
		},
		Logger:  d.log,
		Metrics: metrics,
		Origins: d.origins,
		Editors: editors,
		Local:   onLoopback(ln),
		Hosts:   d.hosts,
		Proxies: d.proxies,
		Budgets: d.budgets,
	})
	fmt.Fprintf(stderr, "graphd: serving at %s/playground: %d reports, %d jurisdictions, %d practices, revision %d\n", address(ln),
		index.ReportCount(), index.CountOf(kg.KindJurisdiction), index.CountOf(kg.KindPractice), index.Revision())
	return server.Serve(ctx, ln, continued(handler), d.timeout)
}

// extractor is what reads reports, with what is known of how good it is.
func extractor() *model.Extractor {
	e := &model.Extractor{Version: ingest.Extractor, Measured: map[model.QualitySet][]*model.Quality{}}
	sets := map[quality.Set]model.QualitySet{
		quality.Development: model.QualitySetDevelopment, quality.HeldBack: model.QualitySetHeldBack,
	}
	for _, f := range quality.Figures() {
		if set := sets[f.Set]; f.Report == "" {
			e.Measured[set] = append(e.Measured[set], &model.Quality{
				Kind: f.Aspect, Precision: f.Precision(), Recall: f.Recall(), F1: f.F1(), F1Low: f.Low, F1High: f.High, Items: f.Items(),
			})
		}
	}
	return e
}

// registered counts divisions of the register inside one (or all, for ""), at
// a level (or all, for "").
func registered(divisions *registry.Divisions) func(within string, level kg.Level) int {
	return func(within string, level kg.Level) int {
		n := 0
		for d := range divisions.All() {
			if (level == "" || d.Level == level) && (within == "" || kg.Within(d.ID(), within)) {
				n++
			}
		}
		return n
	}
}

func listen(addr string) (net.Listener, error) {
	if _, _, err := net.SplitHostPort(addr); err != nil {
		return nil, usage("--addr: %w; write it like 127.0.0.1:8080", err)
	}
	ln, err := net.Listen("tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		err = errors.New("another program listens there; stop it, or choose an address with --addr HOST:PORT (port 0 takes a free one)")
	}
	if err != nil {
		return nil, &kg.Error{Op: "listen", Code: codeAddress, Subject: addr, Err: err}
	}
	return ln, nil
}

// onLoopback tells whether only this machine can reach the listener.
func onLoopback(ln net.Listener) bool {
	tcp, ok := ln.Addr().(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// address is where a browser on this machine finds the listener.
func address(ln net.Listener) string {
	host, port, err := net.SplitHostPort(ln.Addr().String())
	if err != nil {
		return ln.Addr().String()
	}
	if net.ParseIP(host).IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

func usage(format string, args ...any) error {
	return &kg.Error{Code: kg.CodeUsage, Err: fmt.Errorf(format, args...)}
}
