package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"graphd/internal/ingest"
	"graphd/internal/kg"
	"graphd/internal/linker"
	"graphd/internal/linker/registry"
	"graphd/internal/report"
	"graphd/internal/store"
	"graphd/internal/store/sqlitestore"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// sample composes a report of a town in one year; it is no published one.
func sample(town string, year int, sentence string) string {
	return fmt.Sprintf(`(本文为编写的示例,并非政府发布的报告)
浙江省宁波市鄞州区%s%d年法治政府建设情况报告

%d年,%s深入学习贯彻习近平法治思想,扎实推进法治政府建设。现将有关情况报告如下:
一、主要工作
%s
二、存在的问题
执法队伍的能力还需要加强。
三、下一步打算
继续推进依法行政。

%s人民政府
%d年1月10日
`, town, year, year, town, sentence, town, year+1)
}

func five() map[string]string {
	files := map[string]string{}
	for i, year := range []int{2019, 2020, 2021, 2022, 2023} {
		files[fmt.Sprintf("r%d.txt", i)] = sample("中河街道", year, fmt.Sprintf("全年坚持新时代“枫桥经验”,化解纠纷%d件。", 100+i))
	}
	return files
}

func newLinker(t *testing.T) *linker.Linker {
	t.Helper()
	r, err := registry.Load()
	if err != nil {
		t.Fatal(err)
	}
	return linker.New(r)
}

func newStore(t *testing.T) store.Store {
	t.Helper()
	s, err := sqlitestore.Open(t.Context(), ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return s
}

func config(t *testing.T, s ingest.Store, paths ...string) ingest.Config {
	return ingest.Config{
		Store: s, Linker: newLinker(t), Paths: paths,
		Now: func() time.Time { return time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC) },
	}
}

func mustRun(t *testing.T, c ingest.Config) ingest.Summary {
	t.Helper()
	sum, err := ingest.Run(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if sum.Errors == nil || sum.Failed != len(sum.Errors) {
		t.Errorf("%d failures, errors %v", sum.Failed, sum.Errors)
	}
	return sum
}

// reports returns the texts of all reports, by location.
func reports(t *testing.T, s store.Store) map[string]kg.Report {
	t.Helper()
	p, err := s.Postings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, r := range p.Reports {
		ids = append(ids, r.ReportID)
	}
	all, err := s.Reports(t.Context(), ids, true)
	if err != nil {
		t.Fatal(err)
	}
	byLocation := map[string]kg.Report{}
	for _, r := range all {
		for _, src := range r.Sources {
			byLocation[src.Location] = r
		}
	}
	return byLocation
}

func TestRunAgain(t *testing.T) {
	root, s := folder(t, five()), newStore(t)
	c := config(t, s, root)
	first := mustRun(t, c)
	if first.Read != 5 || first.Stored != 5 || first.Unchanged != 0 || first.Mentions < 10 || first.Revision != 5 {
		t.Fatalf("first run: %+v", first)
	}
	again := mustRun(t, c)
	if again.Read != 5 || again.Stored != 0 || again.Unchanged != 5 || again.Mentions != 0 || again.Revision != 5 {
		t.Errorf("second run: %+v", again)
	}
	path := filepath.Join(root, "r2.txt")
	write(t, path, strings.ReplaceAll(five()["r2.txt"], "枫桥经验", "三所联动"))
	changed := mustRun(t, c)
	if changed.Stored != 1 || changed.Unchanged != 4 || changed.Revision <= 5 {
		t.Errorf("after a change: %+v", changed)
	}
	got := reports(t, s)
	if len(got) != 5 || strings.Contains(got[path].Text, "枫桥") || !strings.Contains(got[path].Text, "三所联动") {
		t.Errorf("after a change %d reports; the changed one says:\n%s", len(got), got[path].Text)
	}
	mentions, err := s.Mentions(t.Context(), store.MentionQuery{Entities: []string{kg.PracticeID("枫桥经验")}})
	if err != nil || len(mentions) != 4 {
		t.Errorf("%d mentions of what 4 reports still name, %v", len(mentions), err)
	}
	if src := got[path].Sources[0]; src.Extractor != ingest.Extractor || src.IngestedAt != "2024-05-06T07:08:09Z" || src.Location != path {
		t.Errorf("source %+v", src)
	}
}

func TestBadFilesDoNotStopTheRest(t *testing.T) {
	files := five()
	maps.Copy(files, map[string]string{
		"binary.txt": "\x00\x01\x02\xff\xfe\x00\x00" + strings.Repeat("\x00\x07\x9c", 200), "empty.txt": "", "blank.txt": " \n\u3000\n",
		"menu.txt": "今日菜单\n红烧肉\n青菜\n", "large.txt": strings.Repeat("长", report.MaxBytes/3+1), "other.csv": "a,b",
	})
	root, s := folder(t, files), newStore(t)
	pdf := filepath.Join(root, "r.pdf")
	write(t, pdf, "%PDF-1.7\n")
	absent := filepath.Join(root, "absent.txt")
	sum := mustRun(t, config(t, s, root, pdf, absent))
	if sum.Read != 11 || sum.Stored != 5 || sum.Failed != 7 || sum.Skipped != 2 || sum.Revision != 5 {
		t.Errorf("%+v", sum)
	}
	var got []string
	for _, f := range sum.Errors {
		got = append(got, filepath.Base(f.Path)+" "+string(f.Code))
		if f.Message == "" || strings.Contains(f.Message, f.Path) {
			t.Errorf("%s: message %q", f.Path, f.Message)
		}
	}
	want := []string{
		"absent.txt UNREADABLE", "binary.txt BINARY", "blank.txt EMPTY", "empty.txt EMPTY", "large.txt TOO_LARGE",
		"menu.txt NOT_A_REPORT", "r.pdf UNSUPPORTED_FORMAT",
	}
	if !slices.Equal(got, want) {
		t.Errorf("errors %q, want %q", got, want)
	}
	// What fails is tried again, and taken once it can be.
	write(t, absent, sample("首南街道", 2023, "全年化解纠纷20件。"))
	c := config(t, s, root, absent)
	c.Any = true
	if sum := mustRun(t, c); sum.Stored != 2 || sum.Unchanged != 5 || sum.Failed != 4 {
		t.Errorf("again: %+v", sum)
	}
}

// broken fails on some documents, as a linker with a fault would.
type broken struct{ *linker.Linker }

func (b broken) Link(doc kg.Document) kg.Facts {
	facts := b.Linker.Link(doc)
	switch facts.Report.Year {
	case 2020:
		panic("no such word")
	case 2021:
		facts.Mentions[0].Quote += "!"
	}
	return facts
}

func TestFaultOfTheLinkerStaysWithItsFile(t *testing.T) {
	s := newStore(t)
	c := config(t, s, folder(t, five()))
	c.Linker = broken{newLinker(t)}
	sum := mustRun(t, c)
	if sum.Stored != 3 || sum.Failed != 2 || len(reports(t, s)) != 3 {
		t.Errorf("%+v", sum)
	}
	for _, f := range sum.Errors {
		if base := filepath.Base(f.Path); f.Code != kg.CodeInternal || base != "r1.txt" && base != "r2.txt" {
			t.Errorf("%+v", f)
		}
	}
}

func TestUnreadableFile(t *testing.T) {
	if os.Geteuid() == 0 {
		// The superuser reads everything, so a file that only fails while
		// it is read stands in.
		if _, err := os.ReadFile("/proc/self/mem"); err == nil {
			t.Fatal("/proc/self/mem can be read")
		}
		sum := mustRun(t, config(t, newStore(t), "/proc/self/mem"))
		if sum.Read != 0 || sum.Failed != 1 || sum.Errors[0].Code != kg.CodeUnreadable {
			t.Errorf("%+v", sum)
		}
		return
	}
	root := folder(t, five())
	if err := os.Chmod(filepath.Join(root, "r1.txt"), 0); err != nil {
		t.Fatal(err)
	}
	sum := mustRun(t, config(t, newStore(t), root))
	if sum.Read != 4 || sum.Stored != 4 || sum.Failed != 1 || sum.Errors[0].Code != kg.CodeUnreadable {
		t.Errorf("%+v", sum)
	}
}

func TestStandardInput(t *testing.T) {
	s, text := newStore(t), five()["r0.txt"]
	for i, want := range []ingest.Summary{{Stored: 1}, {Unchanged: 1}} {
		c := config(t, s, ingest.Stdin)
		c.Stdin = strings.NewReader(text)
		sum := mustRun(t, c)
		if sum.Read != 1 || sum.Stored != want.Stored || sum.Unchanged != want.Unchanged {
			t.Errorf("run %d: %+v", i, sum)
		}
	}
	for location := range reports(t, s) {
		if !strings.HasPrefix(location, "sha256:") || len(location) != len("sha256:")+64 {
			t.Errorf("location %q", location)
		}
	}
}

// recorded is a store that tells in which order documents come in.
type recorded struct {
	store.Store
	locations []string
	fail      error // of Apply from the second batch on
	batches   int
}

func (r *recorded) Apply(ctx context.Context, batch []kg.Facts) ([]store.Outcome, error) {
	if r.batches++; r.fail != nil && r.batches > 1 {
		return nil, r.fail
	}
	for _, f := range batch {
		r.locations = append(r.locations, f.Report.Sources[0].Location)
	}
	return r.Store.Apply(ctx, batch)
}

// many are more reports than one batch takes.
func many() map[string]string {
	files := map[string]string{}
	for i := range 70 {
		files[fmt.Sprintf("%c/r%02d.txt", 'a'+i%3, i)] = sample("中河街道", 2023, fmt.Sprintf("全年化解纠纷%d件。", i+2))
	}
	return files
}

func TestOrderIsThatOfPaths(t *testing.T) {
	root := folder(t, many())
	var sums []ingest.Summary
	for _, c := range []struct {
		workers int
		paths   []string
	}{
		{1, []string{root}}, {8, []string{filepath.Join(root, "c"), filepath.Join(root, "a"), filepath.Join(root, "b")}},
	} {
		r := &recorded{Store: newStore(t)}
		cfg := config(t, r, c.paths...)
		cfg.Workers = c.workers
		var last ingest.Progress
		cfg.Progress = func(p ingest.Progress) {
			if p.Total != 70 || p.Done < last.Done || p.Done > last.Done+1 || p.Stored < last.Stored {
				t.Errorf("progress from %+v to %+v", last, p)
			}
			last = p
		}
		sums = append(sums, mustRun(t, cfg))
		if !slices.IsSorted(r.locations) || len(r.locations) != 70 {
			t.Errorf("%d documents came in the order %q", len(r.locations), r.locations)
		}
		if last.Done != 70 || last.Stored != 70 {
			t.Errorf("ended at %+v", last)
		}
	}
	if sums[0].Revision != 70 || sums[0].Mentions != sums[1].Mentions || sums[1].Revision != 70 {
		t.Errorf("one worker %+v, eight %+v", sums[0], sums[1])
	}
}

// What a run that is stopped leaves is whole batches, and the next run goes on
// from there.
func TestCancel(t *testing.T) {
	root, s := folder(t, many()), newStore(t)
	c := config(t, s, root)
	ctx, cancel := context.WithCancel(t.Context())
	c.Progress = func(p ingest.Progress) {
		if p.Stored > 0 {
			cancel()
		}
	}
	sum, err := ingest.Run(ctx, c)
	if !errors.Is(err, context.Canceled) || sum.Stored != 32 {
		t.Fatalf("stopped: %+v, %v", sum, err)
	}
	if n := len(reports(t, s)); n != 32 {
		t.Errorf("%d reports stored of a batch of 32", n)
	}
	c.Progress = nil
	if sum := mustRun(t, c); sum.Stored != 38 || sum.Unchanged != 32 || sum.Revision != 70 {
		t.Errorf("gone on: %+v", sum)
	}
}

func TestCancelledBefore(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := newStore(t)
	if _, err := ingest.Run(ctx, config(t, s, folder(t, five()))); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if n := len(reports(t, s)); n != 0 {
		t.Errorf("%d reports stored", n)
	}
}

func TestStoreFails(t *testing.T) {
	full := &kg.Error{Op: "apply", Code: kg.CodeStoreUnreachable, Err: errors.New("the disk is full")}
	r := &recorded{Store: newStore(t), fail: full}
	sum, err := ingest.Run(t.Context(), config(t, r, folder(t, many())))
	if !errors.Is(err, full) || sum.Stored != 32 {
		t.Errorf("%+v, %v", sum, err)
	}
}

func TestLink(t *testing.T) {
	files := five()
	files["empty.txt"] = ""
	root := folder(t, files)
	c := config(t, nil, filepath.Join(root, "r3.txt"), filepath.Join(root, "absent.txt"), root, ingest.Stdin)
	c.Stdin = io.LimitReader(strings.NewReader(files["r0.txt"]), 1<<20)
	var got []string
	for l, err := range ingest.Link(t.Context(), c) {
		if err != nil {
			t.Fatal(err)
		}
		what := fmt.Sprint(l.Facts.Report.Year)
		if l.Failure != nil {
			what = string(l.Failure.Code)
		}
		got = append(got, filepath.Base(l.Path)+" "+what)
	}
	want := []string{
		"absent.txt UNREADABLE", "r3.txt 2022", "empty.txt EMPTY", "r0.txt 2019", "r1.txt 2020", "r2.txt 2021", "r4.txt 2023", "- 2019",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
