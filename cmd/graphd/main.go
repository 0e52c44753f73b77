// Command graphd turns governments' yearly rule-of-law reports into a knowledge
// graph and answers questions about it over GraphQL. Each subcommand is one
// file here, which only wires packages together.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"graphd/internal/ingest"
	"graphd/internal/kg"
)

// Exit codes.
const (
	exitFailed = 1 // some files failed, or what was asked for did
	exitUsage  = 2
	exitStore  = 3 // the store cannot be used
)

// Codes of errors that only a command can have.
const (
	codeAddress     kg.Code = "ADDRESS"
	codeInterrupted kg.Code = "INTERRUPTED"
)

func main() {
	// The first signal ends the work under way in good order, a second one
	// the process.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run executes one command line and returns its exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := rootCommand()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	return report(ctx, stderr, root.ExecuteContext(ctx))
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "graphd",
		Short: "Governments' rule-of-law reports as a knowledge graph, answering over GraphQL",
		Long: "graphd reads yearly rule-of-law reports, links what they name to a knowledge graph, and answers\n" +
			"questions across reports over GraphQL, each with the sentence that proves it.\n\n" +
			"Every flag has a variable of the environment. A Neo4j store takes NEO4J_USERNAME, NEO4J_PASSWORD and\n" +
			"NEO4J_DATABASE from there.",
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	commands := []*cobra.Command{serveCommand(), ingestCommand(), linkCommand(), evalCommand(), versionCommand()}
	for _, c := range commands {
		c.Flags().VisitAll(func(f *pflag.Flag) { f.Usage += " [" + variable(f) + "]" })
		c.PreRunE = func(cmd *cobra.Command, args []string) error { return fromEnvironment(cmd) }
		do := c.RunE
		c.RunE = func(cmd *cobra.Command, args []string) error {
			if err := do(cmd, args); err != nil {
				return ran{err}
			}
			return nil
		}
	}
	root.AddCommand(commands...)
	return root
}

// variable is the name of the variable that sets a flag.
func variable(f *pflag.Flag) string {
	return "GRAPHD_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
}

// fromEnvironment sets the flags that the command line leaves out. A variable
// that is empty is as one that is not set; a list is separated as PATH is.
func fromEnvironment(cmd *cobra.Command) (err error) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		value := os.Getenv(variable(f))
		if f.Changed || value == "" || f.Name == "help" || err != nil {
			return
		}
		values := []string{value}
		if _, list := f.Value.(pflag.SliceValue); list {
			values = strings.Split(value, string(os.PathListSeparator))
		}
		for _, v := range values {
			if e := cmd.Flags().Set(f.Name, v); e != nil {
				err = fmt.Errorf("the variable %s: %w", variable(f), e)
			}
		}
	})
	return err
}

// ran marks the error of a command that was understood; any other is one of
// usage.
type ran struct{ error }

func (r ran) Unwrap() error { return r.error }

// errFailed ends a command that has told its errors already.
var errFailed = errors.New("some files failed")

// report writes an error as one line and returns the exit code.
func report(ctx context.Context, stderr io.Writer, err error) int {
	if err == nil {
		return 0
	}
	if errors.Is(err, errFailed) {
		return exitFailed
	}
	var done ran
	if !errors.As(err, &done) {
		tell(stderr, kg.CodeUsage, "", err.Error()+"; see graphd help")
		return exitUsage
	}
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		tell(stderr, codeInterrupted, "", "stopped as asked; what was stored before stays, and the same command goes on from there")
		return exitFailed
	}
	code, subject, message := kg.CodeOf(err), "", err.Error()
	var known *kg.Error
	if errors.As(err, &known) && known.Err != nil {
		subject, message = known.Subject, known.Err.Error()
	}
	tell(stderr, code, subject, message)
	switch {
	case code == kg.CodeUsage:
		return exitUsage
	case strings.HasPrefix(string(code), "STORE_"):
		return exitStore
	default:
		return exitFailed
	}
}

// tell writes one line: who speaks, code, subject, and what to do.
func tell(stderr io.Writer, code kg.Code, subject, message string) {
	if subject != "" {
		message = subject + ": " + message
	}
	fmt.Fprintf(stderr, "graphd: %s: %s\n", code, strings.ReplaceAll(message, "\n", " "))
}

func tellFailure(stderr io.Writer, f ingest.Failure) { tell(stderr, f.Code, f.Path, f.Message) }

// needPaths is the rule for commands that read files.
func needPaths(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("graphd %s needs the files or folders to read, or - for standard input", cmd.Name())
	}
	return nil
}
