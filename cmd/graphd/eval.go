package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"graphd/internal/eval"
	"graphd/internal/ingest"
	"graphd/internal/lines"
)

func evalCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "eval --gold DIR PATH…",
		Short: "Score what is found in reports against gold answers",
		Args:  needPaths,
	}
	gold := cmd.Flags().String("gold", "", "the `folder` of gold answers, one .json file a report")
	verbose := cmd.Flags().Bool("verbose", false, "first list every miss and every false find with its place")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if *gold == "" {
			return usage("graphd eval needs the folder of gold answers: --gold DIR")
		}
		golds, err := eval.ReadGold(*gold)
		if err != nil {
			return err
		}
		var answers []eval.Answer
		failed, err := eachLinked(cmd, args, false, func(l ingest.Linked) error {
			answers = append(answers, eval.Answer{Document: lines.Of(l.Path, l.Facts), Text: l.Facts.Report.Text})
			return nil
		})
		if err != nil {
			return err
		}
		result := eval.Compare(golds, answers)
		out := cmd.OutOrStdout()
		if *verbose {
			for _, f := range result.Findings {
				if _, err := fmt.Fprintln(out, f); err != nil {
					return err
				}
			}
		}
		for _, file := range result.Unanswered {
			fmt.Fprintf(cmd.ErrOrStderr(), "graphd: %s has gold answers and was not read: all of them count as missed\n", file)
		}
		for _, file := range result.Unjudged {
			fmt.Fprintf(cmd.ErrOrStderr(), "graphd: %s has no gold answers and is not judged\n", file)
		}
		if err := result.Table(out); err != nil {
			return err
		}
		if failed {
			return errFailed
		}
		return nil
	}
	return cmd
}
