package ingest_test

import (
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"graphd/internal/ingest"
)

var update = flag.Bool("update", false, "record the facts of the samples under the present extractor version")

// TestExtractorVersion holds the promise that one version of the extractor
// finds one set of facts: a source that was read by the same version is not
// read again, so a better linker under an old version would never be seen.
func TestExtractorVersion(t *testing.T) {
	const golden = "testdata/extractor.txt"
	sum := sha256.New()
	c := ingest.Config{Linker: newLinker(t), Paths: []string{"../../samples"}}
	for linked, err := range ingest.Link(t.Context(), c) {
		if err != nil || linked.Failure != nil {
			t.Fatal(err, linked.Failure)
		}
		linked.Facts.Report.Sources = nil // holds the time of reading
		if err := json.NewEncoder(sum).Encode(linked.Facts); err != nil {
			t.Fatal(err)
		}
	}
	got := fmt.Sprintf("%s %x\n", ingest.Extractor, sum.Sum(nil))
	want, err := os.ReadFile(golden)
	if err != nil && !*update {
		t.Fatal(err)
	}
	switch sameVersion := strings.HasPrefix(string(want), ingest.Extractor+" "); {
	case got == string(want):
	case sameVersion:
		t.Errorf("the samples yield other facts than version %s found: raise report.Version or linker.Version, then run this test with -update", ingest.Extractor)
	case *update:
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("version %s is not recorded: run this test with -update", ingest.Extractor)
	}
}
