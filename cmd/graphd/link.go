package main

import (
	"bufio"

	"github.com/spf13/cobra"

	"graphd/internal/ingest"
	"graphd/internal/lines"
)

func linkCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "link PATH…",
		Short: "Print what reports say, as JSON Lines, and store nothing",
		Args:  needPaths,
	}
	anyPage := anyFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		out := bufio.NewWriter(cmd.OutOrStdout())
		failed, err := eachLinked(cmd, args, *anyPage, func(l ingest.Linked) error {
			return lines.Of(l.Path, l.Facts).Write(out)
		})
		if flushed := out.Flush(); err == nil {
			err = flushed
		}
		if err == nil && failed {
			err = errFailed
		}
		return err
	}
	return cmd
}

// eachLinked calls do with what each file says and tells of those that say
// nothing.
func eachLinked(cmd *cobra.Command, paths []string, anyPage bool, do func(ingest.Linked) error) (failed bool, err error) {
	l, err := loadLinker()
	if err != nil {
		return false, err
	}
	for linked, err := range ingest.Link(cmd.Context(), ingest.Config{Linker: l, Paths: paths, Stdin: cmd.InOrStdin(), Any: anyPage}) {
		switch {
		case err != nil:
			return failed, err
		case linked.Failure != nil:
			failed = true
			tellFailure(cmd.ErrOrStderr(), *linked.Failure)
		default:
			if err := do(linked); err != nil {
				return failed, err
			}
		}
	}
	return failed, nil
}
