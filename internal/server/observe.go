package server

import (
	"cmp"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics counts what the server does, for Prometheus. Its methods may be called
// at once.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	running  prometheus.Gauge
	cost     prometheus.Histogram
	refused  *prometheus.CounterVec
}

// NewMetrics counts from nothing. revision and reports tell of the index that
// questions are answered from, each time they are asked for.
func NewMetrics(revision, reports func() float64) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "graphd_http_requests_total", Help: "Requests answered, by route and status.",
		}, []string{"route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "graphd_http_request_seconds", Help: "Time until a request was answered.", Buckets: prometheus.ExponentialBuckets(0.001, 4, 8),
		}, []string{"route"}),
		running: prometheus.NewGauge(prometheus.GaugeOpts{Name: "graphd_http_requests_running", Help: "Requests being answered now."}),
		cost: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "graphd_query_cost_points", Help: "Cost of admitted queries.", Buckets: prometheus.ExponentialBuckets(1, 10, 7),
		}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "graphd_queries_refused_total", Help: "Queries refused before they ran, by the limit or the reason.",
		}, []string{"reason"}),
	}
	m.registry.MustRegister(m.requests, m.seconds, m.running, m.cost, m.refused,
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "graphd_corpus_revision", Help: "Revision of the store that answers are made from."}, revision),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "graphd_corpus_reports", Help: "Reports that answers are made from."}, reports),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Admitted counts a query that is run, at its cost in points.
func (m *Metrics) Admitted(cost int) { m.cost.Observe(float64(cost)) }

// Refused counts a query that is not.
func (m *Metrics) Refused(reason string) { m.refused.WithLabelValues(reason).Inc() }

func (m *Metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// observed counts and logs every request. A route is the pattern that took it,
// so that no client makes up names of series. Requests are logged at the level of
// debugging, those that this server failed as errors.
func observed(m *Metrics, log *slog.Logger, next *http.ServeMux, through http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		_, route := next.Handler(r)
		route = cmp.Or(route, "none")
		answer := &recorder{ResponseWriter: w}
		if m != nil {
			m.running.Inc()
			defer m.running.Dec()
		}
		through.ServeHTTP(answer, r)
		status, taken := cmp.Or(answer.status, http.StatusOK), time.Since(began)
		if m != nil {
			m.requests.WithLabelValues(route, strconv.Itoa(status)).Inc()
			m.seconds.WithLabelValues(route).Observe(taken.Seconds())
		}
		level := slog.LevelDebug
		if status >= 500 {
			level = slog.LevelError
		}
		log.Log(r.Context(), level, "request", "method", r.Method, "route", route, "status", status,
			"bytes", answer.bytes, "seconds", taken.Seconds(), "client", clientIn(r.Context()), "requestId", w.Header().Get(requestIDHeader))
	})
}

// recorder notes what is sent.
type recorder struct {
	http.ResponseWriter
	status, bytes int
}

func (r *recorder) WriteHeader(status int) {
	r.status = cmp.Or(r.status, status)
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	r.status = cmp.Or(r.status, http.StatusOK)
	n, err := r.ResponseWriter.Write(b)
	r.bytes += n
	return n, err
}

// Unwrap is for http.ResponseController.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
