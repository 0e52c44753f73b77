package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"graphd/internal/ingest"
	"graphd/internal/linker"
	"graphd/internal/linker/registry"
	"graphd/internal/store"
)

func ingestCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "ingest PATH…",
		Short: "Read reports into the store",
		Long: "ingest reads files, folders (.txt .md .html .htm in them and in the folders inside) or - for standard input.\n" +
			"What did not change is not read again; what changed replaces what it said before.",
		Args: needPaths,
	}
	uri := storeFlag(cmd)
	anyPage := anyFlag(cmd)
	asJSON := cmd.Flags().Bool("json", false, "end with one JSON object instead of a line of counts")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		l, err := loadLinker()
		if err != nil {
			return err
		}
		return inStore(cmd.Context(), *uri, func(s store.Store) error {
			sum, err := ingestInto(cmd.Context(), s, ingest.Config{Linker: l, Paths: args, Stdin: cmd.InOrStdin(), Any: *anyPage}, cmd.ErrOrStderr())
			if err != nil {
				return err
			}
			if *asJSON {
				err = json.NewEncoder(cmd.OutOrStdout()).Encode(sum)
			} else {
				_, err = fmt.Fprintln(cmd.OutOrStdout(), counts(sum))
			}
			if err == nil && sum.Failed > 0 {
				err = errFailed
			}
			return err
		})
	}
	return cmd
}

func anyFlag(cmd *cobra.Command) *bool {
	return cmd.Flags().Bool("any", false, "take pages that are no reports, too")
}

func loadLinker() (*linker.Linker, error) {
	r, err := registry.Load()
	if err != nil {
		return nil, err
	}
	return linker.New(r), nil
}

// ingestInto runs an ingestion with its progress and its failures told on
// stderr.
func ingestInto(ctx context.Context, s store.Store, c ingest.Config, stderr io.Writer) (ingest.Summary, error) {
	c.Store = s
	if f, ok := stderr.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		bar := progressbar.NewOptions(-1, progressbar.OptionSetWriter(stderr), progressbar.OptionShowCount(),
			progressbar.OptionSetDescription("reading"), progressbar.OptionClearOnFinish())
		c.Progress = func(p ingest.Progress) {
			// A bar that cannot be drawn is no reason to stop.
			if bar.GetMax() != p.Total {
				bar.ChangeMax(p.Total)
			}
			_ = bar.Set(p.Done)
		}
		defer func() { _ = bar.Finish() }()
	}
	sum, err := ingest.Run(ctx, c)
	for _, f := range sum.Errors {
		tellFailure(stderr, f)
	}
	return sum, err
}

func counts(s ingest.Summary) string {
	return fmt.Sprintf("read %d: %d stored, %d unchanged, %d failed; %d skipped; %d mentions; revision %d",
		s.Read, s.Stored, s.Unchanged, s.Failed, s.Skipped, s.Mentions, s.Revision)
}
