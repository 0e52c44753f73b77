package neo4jstore

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/notifications"

	"graphd/internal/kg"
	"graphd/internal/store"
)

// Auth is who reads and writes, and where; the names are those of the
// variables that every Neo4j tool reads. An empty Username means no
// authentication, an empty Database the user's home database.
type Auth struct {
	Username, Password, Database string
}

const (
	// connectTimeout bounds Open and Ping where the caller's context does not.
	connectTimeout = 15 * time.Second
	// fetchSize is the number of records that the server sends ahead.
	fetchSize = 1000
	// retryTime is how long a transaction is tried again where the server says
	// that this may help, or is away.
	retryTime = 15 * time.Second
	// chunk is the number of rows that one write statement takes.
	chunk = 1000
)

// Store is a store.Store in a Neo4j database.
type Store struct {
	driver    neo4j.DriverWithContext
	bookmarks neo4j.BookmarkManager
	uri       string // without secrets, for messages
	database  string
}

var _ store.Store = (*Store)(nil)

var schemes = []string{"neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc", "bolt+unix"}

// Open connects to the server at uri, checks that it answers, that the user
// may come in and that the graph there is one of ours or none, and makes the
// constraints. Errors have the codes STORE_URI, STORE_UNREACHABLE,
// STORE_UNAUTHORIZED and STORE_INCOMPATIBLE.
func Open(ctx context.Context, uri string, auth Auth) (*Store, error) {
	u, err := url.Parse(uri)
	if err != nil {
		return nil, &kg.Error{Op: "open", Code: kg.CodeStoreURI, Err: errors.New("the store's address is no URI; write it like neo4j://localhost:7687")}
	}
	if !oneOf(schemes, u.Scheme) || u.Host == "" && u.Scheme != "bolt+unix" {
		return nil, &kg.Error{Op: "open", Code: kg.CodeStoreURI, Subject: u.Redacted(),
			Err: fmt.Errorf("this is no address of a Neo4j server; write it like neo4j://localhost:7687 (schemes: %s)", strings.Join(schemes, ", "))}
	}
	if u.User != nil {
		return nil, &kg.Error{Op: "open", Code: kg.CodeStoreURI, Subject: u.Redacted(),
			Err: errors.New("name the user in NEO4J_USERNAME and NEO4J_PASSWORD, not in the address")}
	}
	token := neo4j.NoAuth()
	if auth.Username != "" {
		token = neo4j.BasicAuth(auth.Username, auth.Password, "")
	}
	driver, err := neo4j.NewDriverWithContext(uri, token, func(c *config.Config) {
		c.SocketConnectTimeout = connectTimeout / 3
		c.ConnectionAcquisitionTimeout = connectTimeout
		c.MaxTransactionRetryTime = retryTime
		c.FetchSize = fetchSize
		c.TelemetryDisabled = true
		c.NotificationsMinSeverity = notifications.DisabledLevel
	})
	if err != nil {
		return nil, &kg.Error{Op: "open", Code: kg.CodeStoreURI, Subject: u.Redacted(), Err: err}
	}
	s := &Store{
		driver: driver, uri: u.Redacted(), database: auth.Database,
		bookmarks: neo4j.NewBookmarkManager(neo4j.BookmarkManagerConfig{}),
	}
	if err = s.Ping(ctx); err == nil {
		err = s.setUp(ctx)
	}
	if err != nil {
		driver.Close(ctx)
		return nil, s.fail(ctx, "open", err)
	}
	return s, nil
}

// Ping tells whether the database answers, within connectTimeout.
func (s *Store) Ping(ctx context.Context) error {
	bounded, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	err := s.driver.VerifyConnectivity(bounded)
	if err != nil && bounded.Err() != nil && ctx.Err() == nil {
		err = &neo4j.ConnectivityError{Inner: err}
	}
	return s.fail(ctx, "ping", err)
}

// Close releases the connections.
func (s *Store) Close(ctx context.Context) error { return s.fail(ctx, "close", s.driver.Close(ctx)) }

func (s *Store) session(ctx context.Context) neo4j.SessionWithContext {
	return s.driver.NewSession(ctx, neo4j.SessionConfig{DatabaseName: s.database, BookmarkManager: s.bookmarks})
}

// read and write run work in one transaction, again from the start where the
// server asks for it, so work must not change what it does not set anew.
func (s *Store) read(ctx context.Context, op string, work func(neo4j.ManagedTransaction) error) error {
	session := s.session(ctx)
	defer session.Close(ctx)
	_, err := session.ExecuteRead(ctx, func(tx neo4j.ManagedTransaction) (any, error) { return nil, work(tx) })
	return s.fail(ctx, op, err)
}

func (s *Store) write(ctx context.Context, op string, work func(neo4j.ManagedTransaction) error) error {
	session := s.session(ctx)
	defer session.Close(ctx)
	_, err := session.ExecuteWrite(ctx, func(tx neo4j.ManagedTransaction) (any, error) { return nil, work(tx) })
	return s.fail(ctx, op, err)
}

// fail is err as a *kg.Error that says what to do about it.
func (s *Store) fail(ctx context.Context, op string, err error) error {
	var known *kg.Error
	var server *neo4j.Neo4jError
	var connectivity *neo4j.ConnectivityError
	var tired *neo4j.TransactionExecutionLimit
	if errors.As(err, &tired) && len(tired.Errors) > 0 {
		err = tired.Errors[len(tired.Errors)-1]
	}
	e := &kg.Error{Op: op, Code: kg.CodeInternal, Subject: s.uri, Err: err}
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return known
	case ctx.Err() != nil:
		// The driver reports it as a lost connection.
		e.Err = context.Cause(ctx)
	case errors.As(err, &server) && strings.HasPrefix(server.Code, "Neo.ClientError.Security."):
		e.Code = kg.CodeStoreUnauthorized
		e.Err = errors.New("the server refuses this user; correct NEO4J_USERNAME and NEO4J_PASSWORD")
		if server.Code == "Neo.ClientError.Security.Forbidden" {
			e.Err = errors.New("the user of NEO4J_USERNAME may not do this; give it the right to write and to make constraints")
		}
	case errors.As(err, &server) && server.Code == "Neo.ClientError.Database.DatabaseNotFound":
		e.Code = kg.CodeStoreURI
		e.Err = fmt.Errorf("the server has no database %q; correct NEO4J_DATABASE", s.database)
	case errors.As(err, &connectivity):
		e.Code = kg.CodeStoreUnreachable
		e.Err = errors.New("no Neo4j server answers there; start it or correct the address")
	}
	return e
}

func oneOf(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}
