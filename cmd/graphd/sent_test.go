package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// post sends a request and decodes the answer into to.
func post(t *testing.T, address, media string, body io.Reader, to any) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/graphql", body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", media)
	r.Header.Set("GraphQL-Preflight", "1")
	status, answer := send(t, r)
	if err := json.Unmarshal([]byte(answer), to); err != nil {
		t.Fatalf("%v: %d %s", err, status, answer)
	}
}

func encoded(t *testing.T, v any) *bytes.Reader {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(b)
}

type payload struct {
	Stored, Unchanged, Failed, Mentions int
	Reports                             []struct{ ID, Title string }
	Errors                              []struct{ Path, Code string }
}

type sent struct {
	Data struct {
		IngestReport, UploadReports payload
		RemoveReport                string
	}
	Errors     []struct{ Message string }
	Extensions struct{ CorpusRevision int }
}

const payloadFields = `{ stored unchanged failed mentions reports { id title } errors { path code } }`

// Reports come in as texts and as files, their progress is told meanwhile, and
// they can be taken out again.
func TestReportsThatAreSent(t *testing.T) {
	samples, err := filepath.Glob("../../samples/*.txt")
	if err != nil || len(samples) < 2 {
		t.Fatalf("%d samples, %v", len(samples), err)
	}
	var texts []string
	for _, file := range samples[:2] {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	address, stop := start(t, "--store", "sqlite::memory:")

	// The stream is open before anything is sent.
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/graphql",
		strings.NewReader(`{"query":"subscription { ingestProgress { read stored unchanged failed total current } }"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "text/event-stream")
	stream, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	if got := stream.Header.Get("Content-Type"); !strings.HasPrefix(got, "text/event-stream") {
		t.Fatalf("the stream is %q", got)
	}

	ingest := map[string]any{
		"query":     `mutation ($in: IngestReportInput!) { ingestReport(input: $in) ` + payloadFields + ` }`,
		"variables": map[string]any{"in": map[string]any{"text": texts[0], "url": "https://reports.example/1", "mediaType": "text/plain"}},
	}
	var first, again, files, removed sent
	post(t, address, "application/json", encoded(t, ingest), &first)
	if p := first.Data.IngestReport; len(first.Errors) > 0 || p.Stored != 1 || p.Mentions == 0 || len(p.Reports) != 1 || first.Extensions.CorpusRevision != 1 {
		t.Fatalf("a text: %+v", first)
	}
	post(t, address, "application/json", encoded(t, ingest), &again)
	if p := again.Data.IngestReport; p.Unchanged != 1 || p.Stored != 0 || len(p.Reports) != 1 || p.Reports[0] != first.Data.IngestReport.Reports[0] {
		t.Errorf("the same text: %+v", again)
	}

	// Both kinds of event were told: while it was read, and when it was stored.
	events := bufio.NewScanner(stream.Body)
	for want := 2; want > 0 && events.Scan(); {
		if _, data, ok := strings.Cut(events.Text(), "data: "); ok {
			want--
			if !strings.Contains(data, `"total":1`) || strings.Contains(data, `"errors"`) {
				t.Errorf("told: %s", data)
			}
		}
	}
	if err := events.Err(); err != nil {
		t.Error(err)
	}

	media, body := form(t, file{"empty.txt", ""}, file{"report.txt", texts[1]})
	post(t, address, media, body, &files)
	if p := files.Data.UploadReports; len(files.Errors) > 0 || p.Stored != 1 || p.Failed != 1 || len(p.Reports) != 1 || len(p.Errors) != 1 ||
		p.Errors[0].Path != "upload:empty.txt" || p.Errors[0].Code != "EMPTY" {
		t.Errorf("files: %+v", files)
	}

	remove := map[string]any{"query": `mutation ($id: ID!) { removeReport(id: $id) }`, "variables": map[string]any{"id": first.Data.IngestReport.Reports[0].ID}}
	post(t, address, "application/json", encoded(t, remove), &removed)
	if len(removed.Errors) > 0 || removed.Data.RemoveReport != first.Data.IngestReport.Reports[0].ID || removed.Extensions.CorpusRevision != 3 {
		t.Errorf("taken out: %+v", removed)
	}
	var gone sent
	post(t, address, "application/json", encoded(t, remove), &gone)
	if len(gone.Errors) != 1 {
		t.Errorf("taken out twice: %+v", gone)
	}
	if body := ask(t, address, `{ corpus { reportCount } }`); !strings.Contains(body, `"reportCount":1`) {
		t.Errorf("left is %s", body)
	}
	// An open stream does not keep the server from ending.
	if code, said := stop(syscall.SIGTERM); code != 0 {
		t.Errorf("exit %d: %s", code, said)
	}
}
