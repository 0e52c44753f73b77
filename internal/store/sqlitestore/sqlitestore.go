// Package sqlitestore keeps the graph in one SQLite file, or in memory, with
// nothing to install. Tables are readable by anyone with SQL, see schema.sql.
// It executes plans and narrows searches; what they mean stands in package
// store. Several processes may use one file.
package sqlitestore

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"net/url"
	"runtime"
	"strings"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"graphd/internal/kg"
	"graphd/internal/store"
)

//go:embed schema.sql
var schema string

const (
	// applicationID marks a file as ours: "grph".
	applicationID = 0x67727068
	// schemaVersion changes with schema.sql.
	schemaVersion = 2
	// busyTimeout is how long to wait for another process that writes.
	busyTimeout = 30 * time.Second
)

// Store is a store.Store. Writers take turns; readers see the last revision
// that was committed before they began, and wait for nobody.
type Store struct {
	path         string
	writer, pool *sql.DB
	// many is manyPassages, save in tests of both ways to search.
	many int
}

var _ store.Store = (*Store)(nil)

// Open opens the file at path, making it if it is not there; ":memory:" is a
// new store that goes with Close. A path that cannot be used is
// CodeStoreUnreachable; a file of another program, or of a newer version of
// this one, is CodeStoreIncompatible.
func Open(ctx context.Context, path string) (*Store, error) {
	s := &Store{path: path, many: manyPassages}
	var err error
	if s.writer, err = sql.Open("sqlite", dsn(path, "_txlock=immediate")); err != nil {
		return nil, s.fail(ctx, "open", err)
	}
	s.writer.SetMaxOpenConns(1)
	s.pool = s.writer
	if err = s.prepare(ctx); err == nil && path != memory {
		if err = s.logAhead(ctx); err == nil {
			s.pool, err = sql.Open("sqlite", dsn(path, "_pragma=query_only(1)"))
		}
	}
	if err != nil {
		err = s.fail(ctx, "open", err)
		if closing := s.writer.Close(); closing != nil {
			err = errors.Join(err, closing)
		}
		return nil, err
	}
	if s.pool != s.writer {
		n := max(4, runtime.GOMAXPROCS(0))
		s.pool.SetMaxOpenConns(n)
		s.pool.SetMaxIdleConns(n)
	}
	return s, nil
}

const memory = ":memory:"

// dsn is the data source name of path. Settings of the connection go first, so
// that waiting for others is set before anything is locked.
func dsn(path, more string) string {
	name := "file::memory:"
	if path != memory {
		name = "file:" + strings.ReplaceAll(url.PathEscape(path), "%2F", "/")
	}
	return fmt.Sprintf("%s?_pragma=busy_timeout(%d)&_pragma=foreign_keys(1)&_pragma=synchronous(FULL)&_pragma=cache_size(-65536)&_pragma=wal_autocheckpoint(8000)&%s",
		name, busyTimeout.Milliseconds(), more)
}

// prepare makes the tables of a new file, and refuses files that are not ours.
func (s *Store) prepare(ctx context.Context) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		var app, version, tables int
		err := tx.QueryRowContext(ctx, `SELECT a.application_id, v.user_version, (SELECT count(*) FROM sqlite_schema)
			FROM pragma_application_id a, pragma_user_version v`).Scan(&app, &version, &tables)
		switch {
		case err != nil:
			return err
		case app == 0 && version == 0 && tables == 0:
			_, err := tx.ExecContext(ctx, schema+fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d;", applicationID, schemaVersion))
			return err
		case app != applicationID:
			return s.incompatible("the file is a database of another program; choose another path")
		case version != schemaVersion:
			return s.incompatible("the file has format %d, this program writes format %d; use the program that wrote it, or read the sources into a new file", version, schemaVersion)
		}
		return nil
	})
}

// logAhead lets readers go on while somebody writes. SQLite does not wait for
// others before it changes the mode of a new file, so this does.
func (s *Store) logAhead(ctx context.Context) error {
	for deadline := time.Now().Add(busyTimeout); ; {
		_, err := s.writer.ExecContext(ctx, `PRAGMA journal_mode = WAL`)
		var locked *sqlite.Error
		if !errors.As(err, &locked) || locked.Code()&0xff != sqlite3.SQLITE_BUSY || time.Now().After(deadline) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func (s *Store) incompatible(format string, args ...any) error {
	return &kg.Error{Op: "sqlite", Code: kg.CodeStoreIncompatible, Subject: s.path, Err: fmt.Errorf(format, args...)}
}

// codes says what an error of SQLite means for the caller.
var codes = map[int]struct {
	code kg.Code
	hint string
}{
	sqlite3.SQLITE_CANTOPEN: {kg.CodeStoreUnreachable, "the file cannot be opened; check that its folder exists and may be written"},
	sqlite3.SQLITE_READONLY: {kg.CodeStoreUnreachable, "the file cannot be written; check its permissions"},
	sqlite3.SQLITE_PERM:     {kg.CodeStoreUnreachable, "the file cannot be opened; check its permissions"},
	sqlite3.SQLITE_IOERR:    {kg.CodeStoreUnreachable, "reading or writing the disk failed"},
	sqlite3.SQLITE_FULL:     {kg.CodeStoreUnreachable, "the disk is full"},
	sqlite3.SQLITE_BUSY:     {kg.CodeStoreUnreachable, "another process keeps the file locked"},
	sqlite3.SQLITE_NOTADB:   {kg.CodeStoreIncompatible, "the file is no SQLite database; choose another path"},
	sqlite3.SQLITE_CORRUPT:  {kg.CodeStoreIncompatible, "the file is damaged; read the sources into a new one"},
}

// fail makes err one of ours. An error that is so already stays.
func (s *Store) fail(ctx context.Context, op string, err error) error {
	var ours *kg.Error
	if err == nil || errors.As(err, &ours) {
		return err
	}
	e := &kg.Error{Op: "sqlite " + op, Code: kg.CodeInternal, Subject: s.path, Err: err}
	var theirs *sqlite.Error
	if ctx.Err() != nil {
		e.Err = ctx.Err()
	} else if errors.As(err, &theirs) {
		if c, ok := codes[theirs.Code()&0xff]; ok {
			e.Code, e.Err = c.code, fmt.Errorf("%s (%w)", c.hint, err)
		}
	}
	return e
}

// write runs f in a transaction that no other writer overlaps.
func (s *Store) write(ctx context.Context, f func(*sql.Tx) error) error {
	return inTx(ctx, s.writer, f)
}

// read runs f in a transaction that sees one revision.
func (s *Store) read(ctx context.Context, op string, f func(*sql.Tx) error) error {
	return s.fail(ctx, op, inTx(ctx, s.pool, f))
}

func inTx(ctx context.Context, db *sql.DB, f func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		if rollback := tx.Rollback(); rollback != nil && !errors.Is(rollback, sql.ErrTxDone) {
			return errors.Join(err, rollback)
		}
		return err
	}
	return tx.Commit()
}

// Revision reads the revision that the last writer left, whichever process it
// was.
func (s *Store) Revision(ctx context.Context) (revision int64, err error) {
	err = s.read(ctx, "revision", func(tx *sql.Tx) error {
		revision, err = readRevision(ctx, tx)
		return err
	})
	return revision, err
}

func readRevision(ctx context.Context, tx *sql.Tx) (revision int64, err error) {
	err = tx.QueryRowContext(ctx, `SELECT value FROM meta WHERE name = 'revision'`).Scan(&revision)
	return revision, err
}

func readMark(ctx context.Context, tx *sql.Tx) (m store.Mark, err error) {
	err = tx.QueryRowContext(ctx, `SELECT r.value, e.value FROM meta r, meta e WHERE r.name = 'revision' AND e.name = 'epoch'`).Scan(&m.Revision, &m.Epoch)
	return m, err
}

// Ping tells whether the file can be read.
func (s *Store) Ping(ctx context.Context) error {
	_, err := s.Revision(ctx)
	return err
}

// Close releases the file.
func (s *Store) Close(ctx context.Context) error {
	err := s.writer.Close()
	if s.pool != s.writer {
		err = errors.Join(s.pool.Close(), err)
	}
	return s.fail(ctx, "close", err)
}
