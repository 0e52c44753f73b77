package neo4jtest

import (
	"context"
	_ "embed"
	"encoding/xml"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

//go:embed pom.xml
var pom []byte

const (
	user     = "neo4j"
	password = "graphd-test"
	// patience is how long a server may take to answer after its start.
	patience = 2 * time.Minute
)

// settings make a small server that only this machine can reach. Tests ask
// thousands of different questions, often, so it remembers all of their plans;
// they give wrong passwords too. The data is thrown away, so logs are short.
const settings = `server.default_listen_address=127.0.0.1
server.bolt.listen_address=127.0.0.1:%[1]d
server.bolt.advertised_address=127.0.0.1:%[1]d
server.http.enabled=false
server.https.enabled=false
dbms.usage_report.enabled=false
server.memory.pagecache.size=64m
server.memory.query_cache.per_db_cache_num_entries=2000
dbms.cypher.min_replan_interval=1h
dbms.security.auth_max_failed_attempts=0
db.tx_log.preallocate=false
db.tx_log.rotation.retention_policy=keep_none
`

// startJava starts a server from the published artifact, fetched once into
// the user's cache. It dies with this process.
func startJava() (Config, error) {
	java, err := exec.LookPath("java")
	if err != nil {
		return Config{}, errors.New("there is no java")
	}
	lib, err := artifact()
	if err != nil {
		return Config{}, err
	}
	home, err := os.MkdirTemp("", "graphd-neo4j-")
	if err != nil {
		return Config{}, err
	}
	port, err := freePort()
	if err != nil {
		return Config{}, err
	}
	conf := filepath.Join(home, "neo4j.conf")
	if err := os.WriteFile(conf, fmt.Appendf(nil, settings, port), 0o600); err != nil {
		return Config{}, err
	}
	cmd := exec.Command(java, "-Xmx1g", "-XX:+UseParallelGC",
		"--add-opens=java.base/java.nio=ALL-UNNAMED", "--add-opens=java.base/java.io=ALL-UNNAMED",
		"--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
		"-cp", filepath.Join(lib, "*"), "org.neo4j.server.CommunityEntryPoint",
		"--home-dir="+home, "--config-dir="+home)
	log, err := os.Create(filepath.Join(home, "output"))
	if err != nil {
		return Config{}, err
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	proc, err := startBound(cmd, home)
	if err != nil {
		return Config{}, err
	}
	cfg := Config{URI: fmt.Sprintf("bolt://127.0.0.1:%d", port), Username: user, Password: password, Database: "neo4j"}
	if err := setPassword(cfg, proc.ended); err != nil {
		output, _ := os.ReadFile(log.Name())
		proc.stop()
		return Config{}, fmt.Errorf("starting Neo4j: %w: %s", err, strings.TrimSpace(string(output)))
	}
	return cfg, nil
}

// artifact returns the folder that holds the server's jars.
func artifact() (string, error) {
	var project struct {
		Version string `xml:"dependencies>dependency>version"`
	}
	if err := xml.Unmarshal(pom, &project); err != nil {
		return "", err
	}
	dir := filepath.Join(cacheDir(), "neo4j-"+project.Version)
	unlock, err := lockFile(dir + ".lock")
	if err != nil {
		return "", err
	}
	defer unlock()
	lib := filepath.Join(dir, "lib")
	if _, err := os.Stat(lib); err == nil {
		return lib, nil
	}
	mvn, err := exec.LookPath("mvn")
	if err != nil {
		return "", errors.New("there is no mvn to fetch Neo4j with")
	}
	// Fetched aside and renamed, so that a folder is there whole or not.
	part := filepath.Join(dir, "part")
	if err := os.RemoveAll(part); err != nil {
		return "", err
	}
	if err := os.MkdirAll(part, 0o755); err != nil {
		return "", err
	}
	project1 := filepath.Join(dir, "pom.xml")
	if err := os.WriteFile(project1, pom, 0o644); err != nil {
		return "", err
	}
	out, err := exec.Command(mvn, "-q", "-B", "-f", project1, "dependency:copy-dependencies", "-DoutputDirectory="+part).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("fetching Neo4j with mvn: %w: %s", err, firstLine(out))
	}
	return lib, os.Rename(part, lib)
}

// setPassword waits until the new server answers and replaces the initial
// password, which must be changed before anything else.
func setPassword(cfg Config, ended func() bool) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	driver, err := neo4j.NewDriverWithContext(cfg.URI, neo4j.BasicAuth(cfg.Username, "neo4j", ""))
	if err != nil {
		return err
	}
	defer driver.Close(ctx)
	for {
		_, err := neo4j.ExecuteQuery(ctx, driver, "ALTER CURRENT USER SET PASSWORD FROM $old TO $new",
			map[string]any{"old": "neo4j", "new": cfg.Password}, neo4j.EagerResultTransformer,
			neo4j.ExecuteQueryWithDatabase("system"))
		if err == nil {
			return waitUntil(ctx, cfg)
		}
		if ended() || ctx.Err() != nil {
			return err
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// waitUntil waits until the database of cfg answers.
func waitUntil(ctx context.Context, cfg Config) error {
	driver, err := neo4j.NewDriverWithContext(cfg.URI, neo4j.BasicAuth(cfg.Username, cfg.Password, ""))
	if err != nil {
		return err
	}
	defer driver.Close(ctx)
	for {
		_, err := neo4j.ExecuteQuery(ctx, driver, "RETURN 1", nil, neo4j.EagerResultTransformer,
			neo4j.ExecuteQueryWithDatabase(cfg.Database))
		if err == nil || ctx.Err() != nil {
			return err
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

func firstLine(b []byte) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(b)), "\n")
	return line
}
