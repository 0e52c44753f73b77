// Command serve runs one Neo4j server for several test binaries. It prints
// the environment that package neo4jtest reads, one NAME=value a line, then an
// empty line, and stays until its standard input ends. If NEO4J_URI is set it
// prints that server's environment and starts none.
package main

import (
	"fmt"
	"io"
	"os"

	"graphd/internal/store/neo4jtest"
)

func main() {
	cfg, err := neo4jtest.Start()
	if err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
		os.Exit(1)
	}
	fmt.Printf("NEO4J_URI=%s\nNEO4J_USERNAME=%s\nNEO4J_PASSWORD=%s\nNEO4J_DATABASE=%s\n\n",
		cfg.URI, cfg.Username, cfg.Password, cfg.Database)
	io.Copy(io.Discard, os.Stdin)
}
