package main

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/ravilushqa/otelgqlgen"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
)

// flushTimeout is how long the last spans may take to be sent.
const flushTimeout = 5 * time.Second

// tracing sends a span for every operation and every field of its top, if
// OpenTelemetry's own variables name where to (OTEL_EXPORTER_OTLP_ENDPOINT and
// its like); else it returns nil. Variables of operations are not sent. Of the
// exporters that OTEL_TRACES_EXPORTER can name it knows otlp and none.
func tracing(ctx context.Context, log *slog.Logger) (*trace.TracerProvider, error) {
	if os.Getenv("OTEL_SDK_DISABLED") == "true" {
		return nil, nil
	}
	switch exporter := os.Getenv("OTEL_TRACES_EXPORTER"); exporter {
	case "none":
		return nil, nil
	case "", "otlp":
		if exporter == "" && os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT") == "" && os.Getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") == "" {
			return nil, nil
		}
	default:
		return nil, usage("the variable OTEL_TRACES_EXPORTER: %q is neither otlp nor none", exporter)
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn("traces", "err", err) }))
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, usage("OpenTelemetry: %w", err)
	}
	// What the variables say goes before the name.
	from, err := resource.New(ctx, resource.WithAttributes(attribute.String("service.name", "graphd")), resource.WithTelemetrySDK(), resource.WithFromEnv())
	if err != nil {
		return nil, usage("OpenTelemetry: %w", err)
	}
	return trace.NewTracerProvider(trace.WithBatcher(exporter), trace.WithResource(from)), nil
}

// flush sends what is left, when the program ends.
func flush(p *trace.TracerProvider, log *slog.Logger) {
	if p == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), flushTimeout)
	defer cancel()
	if err := p.Shutdown(ctx); err != nil {
		log.Warn("traces", "err", err)
	}
}

// tracer makes the spans of operations; nil without a provider.
func tracer(p *trace.TracerProvider) graphql.HandlerExtension {
	if p == nil {
		return nil
	}
	top := func(f *graphql.FieldContext) bool { return f.Object == "Query" || f.Object == "Mutation" }
	return otelgqlgen.Middleware(otelgqlgen.WithTracerProvider(p), otelgqlgen.WithoutVariables(), otelgqlgen.WithCreateSpanFromFields(top))
}

// continued lets spans belong to the trace that a request names in its
// traceparent header.
func continued(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := propagation.TraceContext{}.Extract(r.Context(), propagation.HeaderCarrier(r.Header))
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}
