// Package ingest takes files into a store: it finds them, reads and links them
// in parallel, and applies what they say in batches, in the order of their
// paths, so that the same files always give the same graph and the same
// revision. What did not change is not read again, and a bad file does not
// stop the rest. It is not where a file is understood (packages report and
// linker) nor where a change is made (package store).
package ingest

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"iter"
	"runtime"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"graphd/internal/kg"
	"graphd/internal/linker"
	"graphd/internal/report"
	"graphd/internal/store"
)

// Extractor is the version of all that turns bytes into facts. A source read
// by another version is read again.
const Extractor = report.Version + "." + linker.Version

// A batch ends where it would grow beyond these.
const (
	batchFiles = 32
	batchBytes = 8 << 20
)

// Store is the part of a store that ingestion needs.
type Store interface {
	Sources(ctx context.Context, locations []string) (map[string]store.SourceState, error)
	Apply(ctx context.Context, batch []kg.Facts) ([]store.Outcome, error)
	Revision(ctx context.Context) (int64, error)
}

// Linker finds what a document says; *linker.Linker is the one there is.
type Linker interface {
	Link(doc kg.Document) kg.Facts
}

// Config says what to ingest, and how.
type Config struct {
	// Store takes the facts; Link does without.
	Store  Store
	Linker Linker
	// Paths are files, folders or "-", see Find.
	Paths []string
	// Stdin is what "-" reads.
	Stdin io.Reader
	// Any takes a page that is no report as one.
	Any bool
	// Now tells the time of ingestion; time.Now if nil.
	Now func() time.Time
	// Progress, if not nil, is told of every step, one call at a time.
	Progress func(Progress)
	// Workers is how many files are read and linked at once; as many as
	// there are processors if zero.
	Workers int
}

// Progress is how far a run has come.
type Progress struct {
	// Total is the number of files found. Done is how many of them were read
	// and linked, or found to be unchanged or bad; they are stored later.
	Total, Done               int
	Stored, Unchanged, Failed int
	// Current is the path last done.
	Current string
}

// Summary is what became of a run.
type Summary struct {
	// Read counts the files whose bytes were read. Each of them was stored,
	// unchanged or failed; what could not be read failed too.
	Read      int `json:"read"`
	Stored    int `json:"stored"`
	Unchanged int `json:"unchanged"`
	Failed    int `json:"failed"`
	// Skipped counts what a folder holds that is not read, see Find.
	Skipped int `json:"skipped"`
	// Mentions counts the mentions in the documents stored.
	Mentions int `json:"mentions"`
	// Revision is the store's after the run.
	Revision int64 `json:"revision"`
	// Errors tells of each failure, ordered by path.
	Errors []Failure `json:"errors"`
}

// Run ingests files. An error is one of the store or of ctx; the summary then
// tells how far the run came, without Revision. What was applied before stays,
// and a batch is applied wholly or not at all, so the same run again goes on
// where this one ended.
func Run(ctx context.Context, c Config) (Summary, error) {
	files, skipped, failures := Find(c.Paths)
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	r := &run{Config: c, total: len(files), sum: Summary{Skipped: skipped, Failed: len(failures), Errors: failures}}

	// One batch is prepared while the one before is applied.
	g, running := errgroup.WithContext(ctx)
	prepared := make(chan []kg.Facts)
	g.Go(func() error {
		defer close(prepared)
		for batch := range batches(files) {
			facts, err := r.prepare(running, batch)
			if err != nil {
				return err
			}
			select {
			case prepared <- facts:
			case <-running.Done():
				return running.Err()
			}
		}
		return nil
	})
	g.Go(func() error {
		for facts := range prepared {
			if err := r.apply(running, facts); err != nil {
				return err
			}
		}
		return nil
	})
	err := g.Wait()
	if ctx.Err() != nil {
		err = ctx.Err() // whatever the store made of it
	}
	if err == nil {
		r.sum.Revision, err = c.Store.Revision(ctx)
	}
	slices.SortStableFunc(r.sum.Errors, func(a, b Failure) int { return cmp.Compare(a.Path, b.Path) })
	if r.sum.Errors == nil {
		r.sum.Errors = []Failure{}
	}
	return r.sum, err
}

type run struct {
	Config
	total int

	mu   sync.Mutex
	done int
	sum  Summary
}

// note changes the summary and tells of the progress.
func (r *run) note(current string, change func(*Summary)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&r.sum)
	if current != "" {
		r.done++
	}
	if r.Progress != nil {
		r.Progress(Progress{
			Total: r.total, Done: r.done, Current: current,
			Stored: r.sum.Stored, Unchanged: r.sum.Unchanged, Failed: r.sum.Failed,
		})
	}
}

func (r *run) fail(path string, err error, read int) {
	r.note(path, func(s *Summary) {
		s.Read += read
		s.Failed++
		s.Errors = append(s.Errors, failure(path, err))
	})
}

// prepare returns the facts of the files in a batch that are new or changed,
// in its order.
func (r *run) prepare(ctx context.Context, batch []File) ([]kg.Facts, error) {
	inputs := make([]input, len(batch))
	err := each(ctx, r.Workers, len(batch), func(i int) {
		in, err := open(batch[i].Path, r.Stdin)
		if err != nil {
			r.fail(batch[i].Path, err, 0)
			return
		}
		inputs[i] = in
	})
	if err != nil {
		return nil, err
	}
	inputs = slices.DeleteFunc(inputs, func(in input) bool { return in.location == "" })
	if len(inputs) == 0 {
		return nil, nil
	}
	return r.linkNew(ctx, inputs)
}

// linkNew returns the facts of the inputs that are new or changed, in their
// order.
func (r *run) linkNew(ctx context.Context, inputs []input) ([]kg.Facts, error) {
	locations := make([]string, len(inputs))
	for i, in := range inputs {
		locations[i] = in.location
	}
	known, err := r.Store.Sources(ctx, locations)
	if err != nil {
		return nil, err
	}
	linked := make([]*kg.Facts, len(inputs))
	err = each(ctx, r.Workers, len(inputs), func(i int) {
		in := inputs[i]
		if s, ok := known[in.location]; ok && s.ContentHash == in.hash && s.Extractor == Extractor {
			r.note(in.path, func(s *Summary) { s.Read++; s.Unchanged++ })
			return
		}
		facts, err := r.link(in)
		if err != nil {
			r.fail(in.path, err, 1)
			return
		}
		linked[i] = &facts
		r.note(in.path, func(s *Summary) { s.Read++ })
	})
	if err != nil {
		return nil, err
	}
	var facts []kg.Facts
	for _, f := range linked {
		if f != nil {
			facts = append(facts, *f)
		}
	}
	return facts, nil
}

func (r *run) apply(ctx context.Context, facts []kg.Facts) error {
	if len(facts) == 0 {
		return nil
	}
	outcomes, err := r.Store.Apply(ctx, facts)
	if err != nil {
		return err
	}
	r.note("", func(s *Summary) {
		for i, outcome := range outcomes {
			if outcome == store.Unchanged {
				s.Unchanged++
				continue
			}
			s.Stored++
			s.Mentions += len(facts[i].Mentions)
		}
	})
	return nil
}

// link turns bytes into facts that can be stored. One file that reading or
// linking breaks on fails alone, and loudly: it must not take the others along.
func (c *Config) link(in input) (facts kg.Facts, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &kg.Error{Op: "link", Code: kg.CodeInternal, Subject: in.location, Err: fmt.Errorf("%v", r)}
		}
	}()
	doc, err := report.Read(in.location, in.mediaType, in.data)
	if err != nil {
		return kg.Facts{}, err
	}
	if !c.Any {
		if err := report.IsReport(doc); err != nil {
			return kg.Facts{}, err
		}
	}
	now := c.Now
	if now == nil {
		now = time.Now
	}
	source := &doc.Report.Sources[0]
	source.Extractor = Extractor
	source.IngestedAt = now().UTC().Format(time.RFC3339)
	facts = c.Linker.Link(doc)
	if err := store.Check(facts); err != nil {
		return kg.Facts{}, &kg.Error{Op: "link", Code: kg.CodeInternal, Subject: in.location, Err: err}
	}
	return facts, nil
}

// Linked is what one file says, or why it says nothing.
type Linked struct {
	Path    string
	Facts   kg.Facts
	Failure *Failure
}

// Link reads and links files and stores nothing. It yields one Linked a file,
// in the order of c.Paths, after those for what Find could not look at. An
// error is one of ctx and the last that is yielded.
func Link(ctx context.Context, c Config) iter.Seq2[Linked, error] {
	return func(yield func(Linked, error) bool) {
		files, _, failures := Find(c.Paths)
		for _, f := range failures {
			if !yield(Linked{Path: f.Path, Failure: &f}, nil) {
				return
			}
		}
		for batch := range batches(files) {
			linked := make([]Linked, len(batch))
			err := each(ctx, c.Workers, len(batch), func(i int) {
				l := Linked{Path: batch[i].Path}
				in, err := open(l.Path, c.Stdin)
				if err == nil {
					l.Facts, err = c.link(in)
				}
				if err != nil {
					f := failure(l.Path, err)
					l.Failure = &f
				}
				linked[i] = l
			})
			if err != nil {
				yield(Linked{}, err)
				return
			}
			for _, l := range linked {
				if !yield(l, nil) {
					return
				}
			}
		}
	}
}

// batches cuts files into stretches that fit into memory together.
func batches(files []File) iter.Seq[[]File] {
	return func(yield func([]File) bool) {
		start, bytes := 0, int64(0)
		for i, f := range files {
			if i > start && (i-start == batchFiles || bytes+f.Size > batchBytes) {
				if !yield(files[start:i]) {
					return
				}
				start, bytes = i, 0
			}
			bytes += f.Size
		}
		if start < len(files) {
			yield(files[start:])
		}
	}
}

// each calls do with 0 to n-1, up to so many at once, and returns when all
// calls have. The error is that of ctx, after which no call is begun.
func each(ctx context.Context, workers, n int, do func(i int)) error {
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	var g errgroup.Group
	g.SetLimit(workers)
	for i := range n {
		if ctx.Err() != nil {
			break
		}
		g.Go(func() error {
			if ctx.Err() == nil {
				do(i)
			}
			return nil
		})
	}
	_ = g.Wait() // no call fails
	return ctx.Err()
}
