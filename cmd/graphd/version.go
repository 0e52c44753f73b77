package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"graphd/internal/ingest"
)

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version of graphd and of its extractor",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "graphd %s, extractor %s\n", version(), ingest.Extractor)
			return err
		},
	}
}

// version is the module's version as the build recorded it.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
