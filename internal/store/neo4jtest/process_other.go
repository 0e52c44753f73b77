//go:build !(linux || darwin || freebsd)

package neo4jtest

import (
	"errors"
	"os/exec"
)

var errUnix = errors.New("tests with Neo4j can be run on Unix systems only")

func lockFile(string) (func(), error) { return nil, errUnix }

type bound struct{}

func startBound(*exec.Cmd, string) (bound, error) { return bound{}, errUnix }

func (bound) ended() bool { return true }

func (bound) stop() {}

func atExit(string, ...string) error { return errUnix }
