// Command schemadiff compares two GraphQL schemas in SDL and prints a line for
// each change: its level, where it is as a schema coordinate, and what it is.
// The levels are those of graphql-js: BREAKING may fail an operation that was
// valid, DANGEROUS may change what one means, SAFE does neither. Stricter than
// graphql-js, it calls an argument or input field that loses the default it
// needs BREAKING, and a change of root operation types too. It exits with 1 if
// a change is BREAKING, with 2 if a schema cannot be read, else with 0. It does
// not know which operations clients send, and of applied directives it reads
// @deprecated alone.
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, stdout, stderr io.Writer) (code int) {
	if len(args) != 2 {
		fmt.Fprintln(stderr, "usage: schemadiff OLD.graphqls NEW.graphqls")
		return 2
	}
	var schemas [2]*ast.Schema
	for i, name := range args {
		var err error
		if schemas[i], err = load(name); err != nil {
			fmt.Fprintln(stderr, "schemadiff:", err)
			return 2
		}
	}
	for _, c := range diff(schemas[0], schemas[1]) {
		fmt.Fprintln(stdout, c)
		if c.level == breaking {
			code = 1
		}
	}
	return code
}

func load(name string) (*ast.Schema, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return gqlparser.LoadSchema(&ast.Source{Name: name, Input: string(text)})
}
