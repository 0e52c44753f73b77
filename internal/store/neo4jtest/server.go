package neo4jtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// Config tells how to reach a server; the field names are those of the
// environment variables that every Neo4j tool reads.
type Config struct {
	URI, Username, Password, Database string
}

// Server hands t an empty database, to itself until t ends: other tests, in
// this process or another, wait for it. Constraints and indexes of earlier
// tests are left in place. Where no server can be had the test is skipped, or
// fails if CI=true. A server started here ends with the process.
func Server(t testing.TB) Config {
	t.Helper()
	cfg, err := running()
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("this test needs Neo4j: %v", err)
		}
		t.Skipf("this test needs Neo4j: %v", err)
	}
	release := acquire(t, cfg)
	t.Cleanup(release)
	cfg.Empty(t)
	return cfg
}

// Empty deletes everything in the database but the constraints and indexes,
// as Server does. Only the test that holds the database may call it.
func (c Config) Empty(t testing.TB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	if err := c.Clear(ctx); err != nil {
		t.Fatal(err)
	}
}

// running is the server of this process, started by the first call.
var running = sync.OnceValues(Start)

// Start returns the server at NEO4J_URI, or starts one that lives as long as
// this process.
func Start() (Config, error) {
	if uri := os.Getenv("NEO4J_URI"); uri != "" {
		return Config{
			URI: uri, Password: os.Getenv("NEO4J_PASSWORD"),
			Username: orElse(os.Getenv("NEO4J_USERNAME"), "neo4j"),
			Database: orElse(os.Getenv("NEO4J_DATABASE"), "neo4j"),
		}, nil
	}
	cfg, errJava := startJava()
	if errJava == nil {
		return cfg, nil
	}
	cfg, errDocker := startContainer()
	if errDocker == nil {
		return cfg, nil
	}
	return Config{}, fmt.Errorf("set NEO4J_URI, or install Java 17 and Maven, or start a Docker daemon (%w; %w)", errJava, errDocker)
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// holder is the test of this process that holds the database.
var holder struct {
	sync.Mutex
	name string
}

// acquire waits until no other test uses the server.
func acquire(t testing.TB, cfg Config) (release func()) {
	t.Helper()
	holder.Lock()
	if h := holder.name; h != "" && (h == t.Name() || strings.HasPrefix(t.Name(), h+"/")) {
		holder.Unlock()
		t.Fatalf("the database is already in use by %s: a test and its subtests share one", h)
	}
	holder.Unlock()

	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune("/:@?", r) {
			return '_'
		}
		return r
	}, cfg.URI+"_"+cfg.Database)
	unlock, err := lockFile(filepath.Join(cacheDir(), "lock-"+name))
	if err != nil {
		t.Fatal(err)
	}
	holder.Lock()
	holder.name = t.Name()
	holder.Unlock()
	return func() {
		holder.Lock()
		holder.name = ""
		holder.Unlock()
		unlock()
	}
}

// cacheDir is where artifacts and locks are kept, between runs.
func cacheDir() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	return filepath.Join(dir, "graphd")
}

// The marker tells a database that is used for tests from one that somebody
// still needs.
const (
	countForeign = `MATCH (n) RETURN count(n) > 0 AND NOT EXISTS { MATCH (:GraphdTest) } AS foreign`
	createMarker = `MERGE (:GraphdTest)`
	deleteAll    = `MATCH (n) WHERE NOT n:GraphdTest CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS`
)

// Clear deletes everything in the database but the constraints and indexes. It
// is for programs, which no test holds the database for. A database that holds
// something that was there before the first call is left alone: that is an error.
func (c Config) Clear(ctx context.Context) error {
	driver, err := neo4j.NewDriverWithContext(c.URI, neo4j.BasicAuth(c.Username, c.Password, ""))
	if err != nil {
		return err
	}
	defer driver.Close(ctx)
	session := driver.NewSession(ctx, neo4j.SessionConfig{DatabaseName: c.Database})
	defer session.Close(ctx)
	run := func(cypher string) (*neo4j.Record, error) {
		result, err := session.Run(ctx, cypher, nil)
		if err != nil {
			return nil, fmt.Errorf("emptying the Neo4j database for tests: %w", err)
		}
		records, err := result.Collect(ctx)
		if err != nil || len(records) == 0 {
			return nil, err
		}
		return records[0], nil
	}
	answer, err := run(countForeign)
	if err != nil {
		return err
	}
	if foreign, _ := answer.Get("foreign"); foreign == true {
		return errors.New("the Neo4j database at NEO4J_URI holds data that no test or measurement made, and would lose it: empty it yourself or name another one")
	}
	for _, cypher := range []string{createMarker, deleteAll} {
		if _, err := run(cypher); err != nil {
			return err
		}
	}
	return nil
}
