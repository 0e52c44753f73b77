// Command testreport reads the output of `go test -json` on standard input and
// prints what a person wants to know of it: a line for each package, the whole
// output of each failed test, and at the end every skipped test with its
// reason and the counts. It exits with 1 if a test failed or no test ran, and,
// where CI=true, if one was skipped. It runs no tests itself.
package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// event is one line of `go test -json`, see `go doc test2json`.
type event struct {
	Action     string
	Package    string
	Test       string
	Output     string
	Elapsed    float64
	ImportPath string
}

type test struct{ pkg, name string }

func (t test) String() string { return strings.TrimSuffix(t.pkg+" "+t.name, " ") }

func main() {
	failed, skipped := report(os.Stdin, os.Stdout)
	if failed || skipped && os.Getenv("CI") == "true" {
		os.Exit(1)
	}
}

// report copies what matters of the events in r to w. failed tells whether
// anything failed or nothing passed, skipped whether a test was skipped.
func report(r io.Reader, w io.Writer) (failed, skipped bool) {
	output := map[test]*strings.Builder{}
	var passes, failures, skips []test
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadString('\n')
		var e event
		if jsonErr := json.Unmarshal([]byte(line), &e); jsonErr != nil {
			if line != "" {
				fmt.Fprint(w, line) // what the go command itself has to say
			}
		} else {
			key := test{cmp.Or(e.Package, e.ImportPath), e.Test}
			if output[key] == nil {
				output[key] = &strings.Builder{}
			}
			switch e.Action {
			case "output", "build-output":
				output[key].WriteString(e.Output)
			case "pass", "fail", "skip", "build-fail":
				switch {
				case e.Action == "build-fail":
					failed = true
					fmt.Fprint(w, output[key])
				case e.Test == "" && e.Action == "skip": // it has no tests
				case e.Test == "":
					fmt.Fprintf(w, "%-4s %s %.1fs\n", e.Action, e.Package, e.Elapsed)
					if e.Action == "fail" {
						failed = true
						fmt.Fprint(w, output[key])
					}
				case e.Action == "pass":
					passes = append(passes, key)
				case e.Action == "skip":
					skips = append(skips, key)
				case e.Action == "fail":
					failures = append(failures, key)
					fmt.Fprint(w, output[key])
				}
				if e.Action != "skip" {
					delete(output, key)
				}
			}
		}
		if err != nil {
			break
		}
	}

	byName := func(a, b test) int { return cmp.Compare(a.String(), b.String()) }
	slices.SortFunc(skips, byName)
	slices.SortFunc(failures, byName)
	for _, t := range failures {
		fmt.Fprintf(w, "failed: %s\n", t)
	}
	for _, t := range skips {
		fmt.Fprintf(w, "skipped: %s: %s\n", t, reason(output[t].String()))
	}
	if len(skips) == 0 {
		fmt.Fprintln(w, "skipped: none")
	}
	fmt.Fprintf(w, "%d passed, %d failed, %d skipped\n", len(passes), len(failures), len(skips))
	return failed || len(failures) > 0 || len(passes) == 0, len(skips) > 0
}

// reason is what a skipped test said, on one line.
func reason(output string) string {
	var said []string
	for _, line := range strings.Split(output, "\n") {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "=== ") && !strings.HasPrefix(line, "--- ") {
			said = append(said, line)
		}
	}
	return strings.Join(said, " ")
}
