package neo4jstore_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"graphd/internal/kg"
	"graphd/internal/store/neo4jstore"
	"graphd/internal/store/neo4jtest"
)

// TestConstraints starts without a schema, as a new database does.
func TestConstraints(t *testing.T) {
	cfg := neo4jtest.Server(t)
	for _, row := range cypher(t, cfg, `SHOW CONSTRAINTS YIELD name`) {
		cypher(t, cfg, fmt.Sprintf("DROP CONSTRAINT `%s`", row[0]))
	}
	cypher(t, cfg, `DROP INDEX graphd_search IF EXISTS`)

	s := open(t, cfg)
	constrained := map[any]bool{}
	for _, row := range cypher(t, cfg, `SHOW CONSTRAINTS YIELD type, labelsOrTypes WHERE type ENDS WITH 'UNIQUENESS' RETURN labelsOrTypes[0]`) {
		constrained[row[0]] = true
	}
	if n := cypher(t, cfg, `MATCH (n) WHERE NOT n:Graphd AND NOT n:GraphdTest RETURN count(n)`)[0][0]; n != int64(0) {
		t.Fatalf("%v nodes were written before anything was applied", n)
	}
	ctx := context.Background()
	if _, err := s.Apply(ctx, []kg.Facts{cityReport(2023, kg.StatusQuantified)}); err != nil {
		t.Fatal(err)
	}
	names := cypher(t, cfg, `MATCH (n) WHERE NOT n:GraphdTest UNWIND labels(n) AS name RETURN DISTINCT name
		UNION MATCH ()-[m]->() WHERE m.id IS NOT NULL RETURN DISTINCT type(m) AS name`)
	if len(names) < 15 {
		t.Fatalf("only %v were written", names)
	}
	for _, row := range names {
		if !constrained[row[0]] {
			t.Errorf("%v had no uniqueness constraint before the first write", row[0])
		}
	}
	for _, twice := range []string{
		`MATCH (r:Report) CREATE (:Report {id: r.id})`,
		`MATCH (r:Report)-[m:MENTIONS]->(p) CREATE (r)-[:MENTIONS {id: m.id}]->(p)`,
	} {
		if _, err := ask(cfg, twice); err == nil {
			t.Errorf("%s was not refused", twice)
		}
	}
	// Opening once more finds everything in place.
	if r, err := open(t, cfg).Revision(ctx); err != nil || r != 1 {
		t.Fatalf("revision %d, %v", r, err)
	}
}

func TestOpenErrors(t *testing.T) {
	cfg := neo4jtest.Server(t)
	good := neo4jstore.Auth{Username: cfg.Username, Password: cfg.Password, Database: cfg.Database}
	with := func(change func(*neo4jstore.Auth)) neo4jstore.Auth {
		a := good
		change(&a)
		return a
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := l.Addr().String()
	l.Close()
	open(t, cfg) // makes the node that is changed below

	for _, test := range []struct {
		name string
		uri  string
		auth neo4jstore.Auth
		code kg.Code
		says string
	}{
		{"wrong password", cfg.URI, with(func(a *neo4jstore.Auth) { a.Password = "not-this-one" }), kg.CodeStoreUnauthorized, "NEO4J_PASSWORD"},
		{"no such user", cfg.URI, with(func(a *neo4jstore.Auth) { a.Username = "nobody" }), kg.CodeStoreUnauthorized, "NEO4J_USERNAME"},
		{"no user", cfg.URI, neo4jstore.Auth{}, kg.CodeStoreUnauthorized, "NEO4J_USERNAME"},
		{"no such database", cfg.URI, with(func(a *neo4jstore.Auth) { a.Database = "nowhere" }), kg.CodeStoreURI, "NEO4J_DATABASE"},
		{"closed port", "bolt://" + closed, good, kg.CodeStoreUnreachable, closed},
		{"closed port, routed", "neo4j://" + closed, good, kg.CodeStoreUnreachable, closed},
		{"unknown scheme", "http://" + closed, good, kg.CodeStoreURI, "neo4j://"},
		{"no scheme", "localhost", good, kg.CodeStoreURI, "neo4j://"},
		{"no URI", "neo4j://%zz", good, kg.CodeStoreURI, "neo4j://"},
		{"password in the address", "bolt://me:hidden-one@" + closed, good, kg.CodeStoreURI, "NEO4J_PASSWORD"},
	} {
		s, err := neo4jstore.Open(context.Background(), test.uri, test.auth)
		if err == nil {
			s.Close(context.Background())
			t.Errorf("%s: opened", test.name)
			continue
		}
		message := err.Error()
		if code := kg.CodeOf(err); code != test.code || !strings.Contains(message, test.says) {
			t.Errorf("%s: %s %q, want %s and %q", test.name, code, message, test.code, test.says)
		}
		for _, leak := range []string{"\n", "not-this-one", "hidden-one", "Neo.", "dial tcp", "Error:"} {
			if strings.Contains(message, leak) {
				t.Errorf("%s: %q tells %q", test.name, message, leak)
			}
		}
	}

	cypher(t, cfg, `MATCH (g:Graphd) SET g.schema = 999`)
	_, err = neo4jstore.Open(context.Background(), cfg.URI, good)
	if code := kg.CodeOf(err); code != kg.CodeStoreIncompatible || !strings.Contains(err.Error(), "999") {
		t.Errorf("a graph of another version: %s %v", code, err)
	}
}

// TestRouting opens the store through the routing protocol, where a reader
// may be another server than the writer.
func TestRouting(t *testing.T) {
	cfg := neo4jtest.Server(t)
	cfg.URI = strings.Replace(cfg.URI, "bolt", "neo4j", 1)
	s := open(t, cfg)
	ctx := context.Background()
	for i := range 3 {
		if _, err := s.Apply(ctx, []kg.Facts{cityReport(2020+i, kg.StatusPlanned)}); err != nil {
			t.Fatal(err)
		}
		if r, err := s.Revision(ctx); err != nil || r != int64(i+1) {
			t.Fatalf("revision %d after %d changes (%v)", r, i+1, err)
		}
	}
}

// TestServerGone opens the store by way of a proxy that is then taken away, as
// a server is that dies.
func TestServerGone(t *testing.T) {
	cfg := neo4jtest.Server(t)
	server := strings.TrimPrefix(cfg.URI[strings.Index(cfg.URI, "://"):], "://")
	proxy := newProxy(t, server)
	cfg.URI = "bolt://" + proxy.address()
	s := open(t, cfg)
	ctx := context.Background()
	if _, err := s.Revision(ctx); err != nil {
		t.Fatal(err)
	}
	proxy.stop()
	_, err := s.Revision(ctx)
	if code := kg.CodeOf(err); code != kg.CodeStoreUnreachable {
		t.Errorf("%s %v, want %s", code, err, kg.CodeStoreUnreachable)
	}
	if err != nil && !strings.Contains(err.Error(), "start it") {
		t.Errorf("%q does not say what to do", err)
	}
}

// proxy passes bytes on to a server until it is stopped.
type proxy struct {
	listener net.Listener
	mu       sync.Mutex
	conns    []net.Conn
	done     sync.WaitGroup
}

func newProxy(t *testing.T, server string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{listener: l}
	t.Cleanup(p.stop)
	p.done.Go(func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", server)
			if err != nil {
				in.Close()
				continue
			}
			p.mu.Lock()
			p.conns = append(p.conns, in, out)
			p.mu.Unlock()
			p.done.Go(func() { io.Copy(out, in) })
			p.done.Go(func() { io.Copy(in, out) })
		}
	})
	return p
}

func (p *proxy) address() string { return p.listener.Addr().String() }

func (p *proxy) stop() {
	p.listener.Close()
	p.mu.Lock()
	for _, c := range p.conns {
		c.Close()
	}
	p.conns = nil
	p.mu.Unlock()
	p.done.Wait()
}
