package sqlitestore

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"graphd/internal/kg"
	"graphd/internal/store/storetest"
)

// composed is the i-th of any number of reports.
func composed(i int) kg.Facts {
	p := kg.Entity{ID: kg.PracticeID("枫桥经验"), Kind: kg.KindPractice, Name: "枫桥经验"}
	m := kg.Mention{Kind: p.Kind, EntityID: p.ID, Rule: "composed", Status: kg.StatusImplemented}
	return storetest.Compose(storetest.Draft{
		Location: fmt.Sprintf("%d.txt", i), Title: fmt.Sprintf("第%d份报告(编写的示例)", i), Year: 2020, Entities: []kg.Entity{p},
		Sentences: []storetest.Sentence{{{Text: "推广"}, {Text: p.Name, Mention: m}}, {{Text: "坚持依法行政。"}}},
	})
}

func apply(t *testing.T, s *Store, docs ...kg.Facts) {
	t.Helper()
	if _, err := s.Apply(context.Background(), docs); err != nil {
		t.Fatal(err)
	}
}

func TestReopen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.db")
	a := open(t, path)
	apply(t, a, composed(1), composed(2))
	b, fresh := open(t, path), open(t, memory)
	apply(t, fresh, composed(1), composed(2))
	storetest.Compare(t, fresh, b)
	// What one writes, the other sees.
	apply(t, b, composed(3))
	if r, err := a.Revision(context.Background()); err != nil || r != 3 {
		t.Errorf("revision %d (%v), want 3", r, err)
	}
}

// TestMain writes for the tests that need another process.
func TestMain(m *testing.M) {
	if path := os.Getenv("GRAPHD_TEST_WRITE"); path != "" {
		ctx := context.Background()
		s, err := Open(ctx, path)
		for i := 0; err == nil; i++ {
			if _, err = s.Apply(ctx, []kg.Facts{composed(2 * i), composed(2*i + 1)}); err == nil {
				fmt.Println(i)
			}
		}
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// TestKilledWriter kills a process that writes, while this one reads the same
// file: nothing is half written, and everything it reported is there.
func TestKilledWriter(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.db")
	ctx := context.Background()
	s := open(t, path)
	writer := exec.Command(os.Args[0])
	writer.Env = append(os.Environ(), "GRAPHD_TEST_WRITE="+path)
	writer.Stderr = os.Stderr
	out, err := writer.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := writer.Start(); err != nil {
		t.Fatal(err)
	}
	reported := int64(0)
	for lines := bufio.NewScanner(out); reported < 6 && lines.Scan(); {
		reported += 2
		if seen, err := s.Revision(ctx); err != nil || seen < reported {
			t.Errorf("revision %d (%v), but another process reported %d", seen, err, reported)
		}
	}
	if err := writer.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := writer.Wait(); !errors.As(err, &exit) || exit.Exited() {
		t.Fatalf("the writer ended by itself: %v", err)
	}
	revision, err := s.Revision(ctx)
	if err != nil || revision < reported || revision%2 != 0 {
		t.Fatalf("revision %d (%v), reported %d", revision, err, reported)
	}
	whole := open(t, memory)
	for i := range int(revision) {
		apply(t, whole, composed(i))
	}
	storetest.Compare(t, whole, s)
	var sound string
	if err := s.pool.QueryRow(`PRAGMA integrity_check`).Scan(&sound); err != nil || sound != "ok" {
		t.Fatalf("integrity: %s, %v", sound, err)
	}
	// The store that outlived the writer can go on.
	apply(t, s, composed(int(revision)))
}

func TestManyOpenAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.db")
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			s, err := Open(context.Background(), path)
			if err == nil {
				_, err = s.Apply(context.Background(), []kg.Facts{composed(i)})
			}
			if err == nil {
				err = s.Close(context.Background())
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if r, err := open(t, path).Revision(context.Background()); err != nil || r != 8 {
		t.Errorf("revision %d (%v), want 8", r, err)
	}
}

func TestSettings(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "graph.db"))
	for name, db := range map[string]*sql.DB{"writer": s.writer, "reader": s.pool} {
		var journal string
		var synchronous, foreignKeys, timeout int
		if err := db.QueryRow(`SELECT * FROM pragma_journal_mode, pragma_synchronous, pragma_foreign_keys, pragma_busy_timeout`).
			Scan(&journal, &synchronous, &foreignKeys, &timeout); err != nil {
			t.Fatal(err)
		}
		if journal != "wal" || synchronous != 2 || foreignKeys != 1 || timeout == 0 {
			t.Errorf("%s: journal %s, synchronous %d, foreign keys %d, timeout %d", name, journal, synchronous, foreignKeys, timeout)
		}
	}
	if _, err := s.pool.Exec(`DELETE FROM report`); err == nil {
		t.Error("a reader may write")
	}
}

// TestUnusableFiles opens what is no store; each error is one line with the
// code that says why, and the file stays as it is.
func TestUnusableFiles(t *testing.T) {
	dir := t.TempDir()
	database := func(name string, statements ...string) string {
		path := filepath.Join(dir, name)
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range statements {
			if _, err := db.Exec(s); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		return path
	}
	text := filepath.Join(dir, "text")
	if err := os.WriteFile(text, []byte(strings.Repeat("这不是数据库。\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	newer := filepath.Join(dir, "newer.db")
	s, err := Open(context.Background(), newer)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	database("newer.db", fmt.Sprintf("PRAGMA user_version = %d", schemaVersion+1))

	for name, test := range map[string]struct {
		path string
		code kg.Code
	}{
		"no folder":       {filepath.Join(dir, "none", "graph.db"), kg.CodeStoreUnreachable},
		"a folder":        {dir, kg.CodeStoreUnreachable},
		"below a file":    {filepath.Join(text, "graph.db"), kg.CodeStoreUnreachable},
		"text":            {text, kg.CodeStoreIncompatible},
		"foreign tables":  {database("foreign.db", "CREATE TABLE report (id)"), kg.CodeStoreIncompatible},
		"foreign version": {database("version.db", "PRAGMA user_version = 1"), kg.CodeStoreIncompatible},
		"foreign program": {database("program.db", "PRAGMA application_id = 77"), kg.CodeStoreIncompatible},
		"newer":           {newer, kg.CodeStoreIncompatible},
	} {
		before, _ := os.ReadFile(test.path)
		s, err := Open(context.Background(), test.path)
		if err == nil {
			t.Errorf("%s: opened (closing: %v)", name, s.Close(context.Background()))
			continue
		}
		if kg.CodeOf(err) != test.code || strings.Contains(err.Error(), "\n") || strings.Count(err.Error(), test.path) != 1 {
			t.Errorf("%s: %s: %v", name, kg.CodeOf(err), err)
		}
		after, _ := os.ReadFile(test.path)
		if string(before) != string(after) {
			t.Errorf("%s: the file was changed", name)
		}
	}
}

func TestClosedContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Open(ctx, memory); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestPairs(t *testing.T) {
	if got := strings.Join(pairs([]rune("法a😀")), " "); got != "6cd5g61 61g1f600 1f600g" {
		t.Errorf("got %s", got)
	}
	if got := match([]rune("法")); got != "6cd5g*" {
		t.Errorf("got %s", got)
	}
	if got := match([]rune("aaab")); got != "61g61 61g62" {
		t.Errorf("got %s", got)
	}
}
