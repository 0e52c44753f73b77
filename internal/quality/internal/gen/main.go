// Command gen measures the extractor on the annotated reports and writes
// quality.tsv. Run it with go generate.
package main

import (
	"context"
	"log"
	"os"
	"path/filepath"
	"strings"

	"graphd/internal/linker"
	"graphd/internal/linker/registry"
	"graphd/internal/quality"
	"graphd/internal/quality/measure"
)

const head = `# How good the extractor's facts are on annotated reports, all of them composed. Made by go generate; do not edit.
# report * is the whole set, with the bounds of its F1 (95 %, percentile bootstrap over reports).
`

func main() {
	log.SetFlags(0)
	reg, err := registry.Load()
	if err != nil {
		log.Fatal(err)
	}
	var b strings.Builder
	b.WriteString(head + "# " + quality.Header + "\n")
	for _, set := range quality.Sets {
		figures, err := measure.Folder(context.Background(), linker.New(reg), set, filepath.Join("testdata", string(set)))
		if err != nil {
			log.Fatal(err)
		}
		for _, f := range figures {
			b.WriteString(f.Line() + "\n")
		}
	}
	if err := os.WriteFile("quality.tsv", []byte(b.String()), 0o644); err != nil {
		log.Fatal(err)
	}
}
