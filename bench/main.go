// Command bench measures, side by side in one run, how graphd answers questions
// across a composed corpus: the index against the best single Cypher query that
// gives the same counts, the memory of the index, and how soon it shows what
// another process wrote. It prints figures and judges none; it reaches only
// this machine.
package main

import (
	"context"
	"flag"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"graphd/bench/corpus"
	"graphd/internal/adoption"
	"graphd/internal/kg"
	"graphd/internal/reuse"
	"graphd/internal/store"
	"graphd/internal/store/neo4jstore"
	"graphd/internal/store/neo4jtest"
	"graphd/internal/store/sqlitestore"
)

func main() {
	reports := flag.Int("reports", 10_000, "how many reports the stores hold")
	most := flag.Int("index", 100_000, "how many reports the index alone is measured with; 0 for none")
	seed := flag.Uint64("seed", 1, "of the corpus")
	rounds := flag.Int("rounds", 15, "how often each question is asked")
	cypher := flag.Bool("neo4j", true, "measure Neo4j too: the server at NEO4J_URI, which may hold nothing but what tests and measurements left, else one that is started")
	flag.Parse()
	if err := run(context.Background(), *reports, *most, *seed, *rounds, *cypher); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, reports, most int, seed uint64, rounds int, cypher bool) error {
	var cfg neo4jtest.Config
	if cypher {
		// First, so that a database that may not be used is found before anything is measured.
		var err error
		if cfg, err = neo4jtest.Start(); err != nil {
			return err
		}
		if err := cfg.Clear(ctx); err != nil {
			return err
		}
	}
	fmt.Printf("%d cores, %s\n", runtime.NumCPU(), runtime.Version())
	for _, n := range []int{reports, most} {
		if n > 0 {
			measureIndex(corpus.Generate(seed, n), n)
		}
	}
	dir, err := os.MkdirTemp("", "graphd-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "graph.db")
	open := func() (store.Store, error) { return sqlitestore.Open(ctx, path) }
	if err := measureStore(ctx, "SQLite", open, corpus.Generate(seed, reports), rounds, nil); err != nil {
		return err
	}
	if !cypher {
		return nil
	}
	server, err := connect(cfg)
	if err != nil {
		return err
	}
	defer server.close(ctx)
	open = func() (store.Store, error) {
		return neo4jstore.Open(ctx, cfg.URI, neo4jstore.Auth{Username: cfg.Username, Password: cfg.Password, Database: cfg.Database})
	}
	return measureStore(ctx, "Neo4j", open, corpus.Generate(seed, reports), rounds, server)
}

// measureIndex prints what an index takes, without a store.
func measureIndex(reports iter.Seq[kg.Facts], n int) {
	postings := corpus.Postings(reports)
	terms := 0
	for _, r := range postings.Reports {
		terms += len(r.Terms)
	}
	before := heap()
	begun := time.Now()
	x := adoption.Build(postings)
	took := time.Since(begun)
	postings.Reports = nil
	entities := len(postings.Entities)
	postings = nil
	// Neither is a peak: what building needs meanwhile is on top of both.
	fmt.Printf("index of %d reports, %d entities, %d terms: heap %d MB with the postings before, %d MB with the index alone after, built in %v\n",
		n, entities, terms, before/1e6, heap()/1e6, took.Round(time.Millisecond))
	runtime.KeepAlive(x)
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// measureStore loads a store and measures what is asked of it.
func measureStore(ctx context.Context, name string, open func() (store.Store, error), reports iter.Seq[kg.Facts], rounds int, server *server) error {
	s, err := open()
	if err != nil {
		return err
	}
	defer s.Close(ctx)
	begun := time.Now()
	n := 0
	for batch := range batches(reports, 100) {
		if _, err := s.Apply(ctx, batch); err != nil {
			return err
		}
		n += len(batch)
	}
	fmt.Printf("\n%s: %d reports stored in %v\n", name, n, time.Since(begun).Round(time.Second))
	live := adoption.NewLive(s)
	begun = time.Now()
	if _, err := live.Current(ctx); err != nil {
		return err
	}
	fmt.Printf("%s: index read and built in %v\n", name, time.Since(begun).Round(time.Millisecond))
	if err := measureFollowing(ctx, name, open, live); err != nil {
		return err
	}
	x, err := live.Current(ctx)
	if err != nil {
		return err
	}
	of, err := subjectOf(x)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if err := measureQuotes(ctx, name, s, x, rounds); err != nil {
		return err
	}
	if err := measureSharing(ctx, name, s, of.adopterReport, rounds); err != nil {
		return err
	}
	for _, q := range questions(x, of) {
		if err := q.measure(ctx, server, rounds); err != nil {
			return err
		}
	}
	return nil
}

func batches(reports iter.Seq[kg.Facts], size int) iter.Seq[[]kg.Facts] {
	return func(yield func([]kg.Facts) bool) {
		var batch []kg.Facts
		for f := range reports {
			if batch = append(batch, f); len(batch) == size {
				if !yield(batch) {
					return
				}
				batch = nil
			}
		}
		if len(batch) > 0 {
			yield(batch)
		}
	}
}

// measureFollowing writes through another handle, as another process would, and
// waits until the index shows it.
func measureFollowing(ctx context.Context, name string, open func() (store.Store, error), live *adoption.Live) error {
	other, err := open()
	if err != nil {
		return err
	}
	defer other.Close(ctx)
	for f := range corpus.Generate(99, 1) {
		f.Report.Sources[0].Location = "another.txt"
		begun := time.Now()
		if _, err := other.Apply(ctx, []kg.Facts{f}); err != nil {
			return err
		}
		written := time.Now()
		x, err := live.Current(ctx)
		if err != nil {
			return err
		}
		if _, ok := x.Report(f.Report.ID); !ok {
			return fmt.Errorf("%s: the index does not show what another handle wrote", name)
		}
		fmt.Printf("%s: another handle wrote a report in %v; the index showed it %v later\n",
			name, written.Sub(begun).Round(time.Millisecond), time.Since(written).Round(time.Millisecond))
	}
	return nil
}

// measureQuotes reads the words that prove ten adoptions: one call.
func measureQuotes(ctx context.Context, name string, s store.Store, x *adoption.Index, rounds int) error {
	var reports, entities []string
	for _, a := range x.Adopters(spreadOf(x)) {
		if len(reports) < 10 {
			reports, entities = append(reports, a.ReportIDs...), append(entities, a.PracticeIDs...)
		}
	}
	took, err := repeat(rounds, func() error {
		found, err := s.Mentions(ctx, store.MentionQuery{Reports: reports, Entities: entities})
		if err == nil && len(found) < 10 {
			err = fmt.Errorf("%s: %d quotes of ten adopters: take more reports", name, len(found))
		}
		return err
	})
	if err == nil {
		fmt.Printf("%s: quotes of ten adopters in one call: %v\n", name, median(took))
	}
	return err
}

// measureSharing asks which reports share text with one: one call.
func measureSharing(ctx context.Context, name string, s store.Store, reportID string, rounds int) error {
	full, err := s.Reports(ctx, []string{reportID}, true)
	if err != nil || len(full) == 0 {
		return fmt.Errorf("%s: report %s: %v", name, reportID, err)
	}
	prints := reuse.Fingerprints(full[0])
	took, err := repeat(rounds, func() error {
		_, err := s.Sharing(ctx, prints, 30)
		return err
	})
	if err == nil {
		fmt.Printf("%s: who shares the %d fingerprints of a report, in one call: %v\n", name, len(prints), median(took))
	}
	return err
}

func repeat(rounds int, do func() error) ([]time.Duration, error) {
	var took []time.Duration
	for range rounds {
		begun := time.Now()
		if err := do(); err != nil {
			return nil, err
		}
		took = append(took, time.Since(begun))
	}
	return took, nil
}

func median(took []time.Duration) time.Duration {
	took = slices.Sorted(slices.Values(took))
	return took[len(took)/2].Round(time.Microsecond)
}
