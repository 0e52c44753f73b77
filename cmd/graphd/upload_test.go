package main

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"strings"
	"testing"
)

type file struct{ name, text string }

// form is a multipart request that uploads files.
func form(t *testing.T, files ...file) (media string, body *bytes.Buffer) {
	t.Helper()
	places := map[string][]string{}
	for i := range files {
		places[fmt.Sprint(i)] = []string{fmt.Sprintf("variables.f.%d", i)}
	}
	return multiform(t, map[string]any{
		"query":     "mutation ($f: [Upload!]!) { uploadReports(files: $f) " + payloadFields + " }",
		"variables": map[string]any{"f": make([]any, len(files))},
	}, places, files...)
}

// multiform is a multipart request whose files, named by their numbers, go to places.
func multiform(t *testing.T, operations map[string]any, places map[string][]string, files ...file) (media string, body *bytes.Buffer) {
	t.Helper()
	body = &bytes.Buffer{}
	w := multipart.NewWriter(body)
	write := func(part io.Writer, err error, from io.Reader) {
		t.Helper()
		if err == nil {
			_, err = io.Copy(part, from)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	asked, err := w.CreateFormField("operations")
	write(asked, err, encoded(t, operations))
	to, err := w.CreateFormField("map")
	write(to, err, encoded(t, places))
	for i, f := range files {
		part, err := w.CreateFormFile(fmt.Sprint(i), f.name)
		write(part, err, strings.NewReader(f.text))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), body
}

// Files are held in memory while they come: editors may send a few at once, and
// nobody else takes their room.
func TestUploadsAtOnce(t *testing.T) {
	t.Setenv("GRAPHD_TOKENS", "ana:s3cret")
	address, _ := start(t, "--store", "sqlite::memory:")
	media, whole := form(t, file{"large.txt", strings.Repeat("大", 400_000)})
	upload := func(media string, body io.Reader, tokens ...string) (*http.Response, string) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/graphql", body)
		if err != nil {
			t.Error(err)
			return &http.Response{}, ""
		}
		r.Header.Set("Content-Type", media)
		r.Header.Set("GraphQL-Preflight", "1")
		r.Header.Set("Expect", "100-continue") // nothing is sent before it is read
		for _, token := range tokens {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Error(err)
			return &http.Response{}, ""
		}
		defer response.Body.Close()
		answer, err := io.ReadAll(response.Body)
		if err != nil {
			t.Error(err)
		}
		return response, string(answer)
	}

	type upward struct {
		rest   *io.PipeWriter
		status chan int
	}
	var under []upward
	half := whole.Len() / 2
	for range 4 {
		body, rest := io.Pipe()
		u := upward{rest, make(chan int, 1)}
		go func() {
			response, _ := upload(media, body, "s3cret")
			u.status <- response.StatusCode
		}()
		if _, err := rest.Write(whole.Bytes()[:half]); err != nil {
			t.Fatal(err)
		}
		under = append(under, u)
	}
	if r, answer := upload(media, bytes.NewReader(whole.Bytes()), "s3cret"); r.StatusCode != http.StatusServiceUnavailable || r.Header.Get("Retry-After") == "" {
		t.Errorf("one more: %d %v %s", r.StatusCode, r.Header, answer)
	}
	other, small := form(t, file{"small.txt", "small"})
	if r, answer := upload(other, small); r.StatusCode != http.StatusOK || !strings.Contains(answer, "UNAUTHENTICATED") {
		t.Errorf("a small one of nobody: %d %s", r.StatusCode, answer)
	}
	if r, answer := upload(media, bytes.NewReader(whole.Bytes())); r.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a large one of nobody: %d %s", r.StatusCode, answer)
	}
	for _, u := range under {
		if _, err := u.rest.Write(whole.Bytes()[half:]); err != nil {
			t.Fatal(err)
		}
		u.rest.Close()
		if status := <-u.status; status != http.StatusOK {
			t.Errorf("one that stood still: %d", status)
		}
	}
}

// One file may stand in several places, and alone in place of a list; what is no
// file is the client's mistake.
func TestUploadShapes(t *testing.T) {
	address, _ := start(t, "--store", "sqlite::memory:")
	sample, err := os.ReadFile("../../samples/pengpu-2023.txt")
	if err != nil {
		t.Fatal(err)
	}
	const query = "mutation ($f: [Upload!]!, $g: [Upload!]!) { uploadReports(files: $f) { stored } again: uploadReports(files: $g) { unchanged } }"
	media, body := multiform(t, map[string]any{"query": query, "variables": map[string]any{"f": nil, "g": []any{nil}}},
		map[string][]string{"0": {"variables.f", "variables.g.0"}}, file{"report.txt", string(sample)})
	var got struct {
		Data struct {
			UploadReports struct{ Stored int }
			Again         struct{ Unchanged int }
		}
		Errors []struct{ Extensions struct{ Code string } }
	}
	post(t, address, media, body, &got)
	if got.Data.UploadReports.Stored != 1 || got.Data.Again.Unchanged != 1 {
		t.Errorf("%+v", got)
	}
	for _, no := range []any{"a path", map[string]any{"path": "a"}, 1} {
		request := map[string]any{"query": "mutation ($f: [Upload!]!) { uploadReports(files: $f) { stored } }", "variables": map[string]any{"f": []any{no}}}
		got.Errors = nil
		post(t, address, "application/json", encoded(t, request), &got)
		if len(got.Errors) != 1 || got.Errors[0].Extensions.Code != "BAD_USER_INPUT" {
			t.Errorf("%v: %+v", no, got.Errors)
		}
	}
}
