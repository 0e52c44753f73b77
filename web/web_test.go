package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// maxDist keeps what is committed, and what each binary carries, sensible.
const maxDist = 8 << 20

func get(t *testing.T, h http.Handler, target string, header http.Header) *http.Response {
	t.Helper()
	request := httptest.NewRequest(http.MethodGet, target, nil)
	for name, values := range header {
		request.Header[name] = values
	}
	recorder := httptest.NewRecorder()
	h.ServeHTTP(recorder, request)
	return recorder.Result()
}

func body(t *testing.T, response *http.Response) string {
	t.Helper()
	contents, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(contents)
}

// links finds each address that index.html names, in whatever attribute.
func links(t *testing.T, html string) []string {
	t.Helper()
	var found []string
	for _, match := range regexp.MustCompile(`\b(?:src|href|data-[a-z-]+)="([^"]*)"`).FindAllStringSubmatch(html, -1) {
		found = append(found, match[1])
	}
	return found
}

func TestPageAndEverythingItNamesIsServed(t *testing.T) {
	h := Playground("/playground")
	response := get(t, h, "/playground", nil)
	if response.StatusCode != http.StatusOK || response.Header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Fatalf("page: %d %s", response.StatusCode, response.Header.Get("Content-Type"))
	}
	if got := response.Header.Get("Cache-Control"); got != "no-cache" {
		t.Errorf("page: Cache-Control %q: an old page would name files that are gone", got)
	}
	types := map[string]string{
		".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml",
	}
	base, err := url.Parse("http://example.test/playground")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, link := range links(t, body(t, response)) {
		if link == "graphql" {
			continue // the endpoint, not a file
		}
		seen++
		target, err := base.Parse(link)
		if err != nil || target.Host != base.Host {
			t.Errorf("%s: not on this host (%v)", link, err)
			continue
		}
		asset := get(t, h, target.Path, nil)
		if asset.StatusCode != http.StatusOK {
			t.Errorf("%s: %d", link, asset.StatusCode)
		}
		if got, want := asset.Header.Get("Content-Type"), types[path.Ext(link)]; got != want {
			t.Errorf("%s: Content-Type %q, want %q", link, got, want)
		}
		if got := asset.Header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
			t.Errorf("%s: Cache-Control %q", link, got)
		}
	}
	if seen != 6 { // icon, style, script and three workers
		t.Errorf("the page names %d files, want 6", seen)
	}
}

func TestStyleSheetNamesOnlyEmbeddedFiles(t *testing.T) {
	all := files()
	checked := 0
	for name, f := range all {
		if path.Ext(name) != ".css" {
			continue
		}
		for _, match := range regexp.MustCompile(`url\(\s*["']?([^"')]+)`).FindAllStringSubmatch(string(f.contents), -1) {
			target := strings.TrimPrefix(match[1], "./")
			if strings.HasPrefix(target, "data:") || strings.HasPrefix(target, "#") {
				continue
			}
			checked++
			if _, ok := all[target]; !ok {
				t.Errorf("%s: url(%s) is not embedded", name, target)
			}
		}
		if strings.Contains(string(f.contents), "@import") {
			t.Errorf("%s imports another style sheet", name)
		}
	}
	if checked == 0 {
		t.Error("no url() seen: the icon font is gone, or this test looks in the wrong place")
	}
}

// Addresses stand in messages, namespaces and links to documentation; what
// must not be is one that is fetched.
func TestNothingIsLoadedFromAnotherHost(t *testing.T) {
	fetched := regexp.MustCompile(`(?i)(?:\bimport\s*\(\s*|\bimportScripts\(\s*|\bnew (?:Shared)?Worker\(\s*|\bfetch\(\s*|\.src\s*=\s*|\burl\(\s*)["'` + "`" + `]?(?:https?:)?//`)
	hosts := regexp.MustCompile(`(?i)unpkg\.com|jsdelivr|esm\.sh|cdnjs|fonts\.(?:googleapis|gstatic)`)
	for name, f := range files() {
		if path.Ext(name) == ".txt" {
			continue
		}
		for _, pattern := range []*regexp.Regexp{fetched, hosts} {
			if at := pattern.FindIndex(f.contents); at != nil {
				t.Errorf("%s loads from elsewhere: …%s…", name, f.contents[at[0]:min(at[1]+60, len(f.contents))])
			}
		}
		if strings.Contains(string(f.contents), "sourceMappingURL=") {
			t.Errorf("%s names a source map", name)
		}
	}
}

func TestDistIsSmallAndLicensed(t *testing.T) {
	total := 0
	for name, f := range files() {
		total += len(f.contents)
		named := name == page || name == "LICENSES.txt"
		for other, by := range files() {
			named = named || other != "LICENSES.txt" && bytes.Contains(by.contents, []byte(name))
		}
		if !named {
			t.Errorf("%s is in dist, but nothing there names it", name)
		}
	}
	if total > maxDist {
		t.Errorf("dist has %d bytes, more than %d", total, maxDist)
	}
	licences := string(files()["LICENSES.txt"].contents)
	for _, name := range []string{"graphiql", "monaco-editor", "monaco-graphql", "react", "react-dom", "graphql", "@graphiql/toolkit"} {
		if !regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(name) + ` \d`).MatchString(licences) {
			t.Errorf("LICENSES.txt does not have %s", name)
		}
	}
	if strings.Contains(licences, "\nesbuild ") {
		t.Error("LICENSES.txt has esbuild, which is not in the bundle")
	}
}

func TestQuestionsAreValidAndBuiltIn(t *testing.T) {
	sdl, err := os.ReadFile("../schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: string(sdl)})
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("playground/src/questions/*.graphql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no questions: %v", err)
	}
	for _, file := range files {
		question, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, errs := gqlparser.LoadQueryWithRules(schema, string(question), rules.NewDefaultRules()); errs != nil {
			t.Errorf("%s: the schema refuses it: %v", file, errs)
		}
		for line := range strings.Lines(string(question)) {
			if line = strings.TrimSuffix(line, "\n"); !builtIn(line) {
				t.Errorf("%s: dist was built from another text (%q): run web/playground/build.sh", file, line)
				break
			}
		}
	}
}

func builtIn(text string) bool {
	for name, f := range files() {
		if strings.HasPrefix(name, "playground-") && path.Ext(name) == ".js" {
			return strings.Contains(string(f.contents), text)
		}
	}
	return false
}

func TestLockFileNamesNoRegistry(t *testing.T) {
	lock, err := os.ReadFile("playground/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(lock), `"resolved"`) {
		t.Error("package-lock.json names where its packages came from: build with the .npmrc beside it")
	}
}

func TestCompressionAndRevalidation(t *testing.T) {
	h := Playground("/playground")
	plain := body(t, get(t, h, "/playground", nil))
	packed := get(t, h, "/playground", http.Header{"Accept-Encoding": {"gzip, br"}})
	if packed.Header.Get("Content-Encoding") != "gzip" {
		t.Fatalf("Content-Encoding %q", packed.Header.Get("Content-Encoding"))
	}
	unzip, err := gzip.NewReader(packed.Body)
	if err != nil {
		t.Fatal(err)
	}
	unpacked, err := io.ReadAll(unzip)
	if err != nil || string(unpacked) != plain {
		t.Errorf("unpacked differs from plain (%v)", err)
	}
	etag := packed.Header.Get("ETag")
	again := get(t, h, "/playground", http.Header{"Accept-Encoding": {"gzip, br"}, "If-None-Match": {etag}})
	if again.StatusCode != http.StatusNotModified || body(t, again) != "" {
		t.Errorf("with its ETag: %d", again.StatusCode)
	}
	if other := get(t, h, "/playground", http.Header{"If-None-Match": {etag}}); other.StatusCode != http.StatusOK {
		t.Errorf("ETag of the packed form for the plain one: %d", other.StatusCode)
	}
}

func TestWhatIsNotThere(t *testing.T) {
	h := Playground("/playground")
	for _, target := range []string{"/playground/none.js", "/playground/index.html", "/playground/a/b", "/playgroundx"} {
		if got := get(t, h, target, nil).StatusCode; got != http.StatusNotFound {
			t.Errorf("%s: %d", target, got)
		}
	}
	if response := get(t, h, "/playground/", nil); response.StatusCode != http.StatusMovedPermanently || response.Header.Get("Location") != "../playground" {
		t.Errorf("/playground/: %d to %q", response.StatusCode, response.Header.Get("Location"))
	}
	request := httptest.NewRequest(http.MethodPost, "/playground", nil)
	recorder := httptest.NewRecorder()
	h.ServeHTTP(recorder, request)
	if recorder.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", recorder.Code)
	}
}

func TestPolicyAllowsNoEvalAndNoOtherHost(t *testing.T) {
	policy := get(t, Playground("/playground"), "/playground", nil).Header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'self'") {
		t.Errorf("policy %q", policy)
	}
	for _, word := range []string{"unsafe-eval", "blob:", "http:", "https:", "*"} {
		if strings.Contains(policy, word) {
			t.Errorf("policy has %s: %s", word, policy)
		}
	}
	if !strings.Contains(policy, "script-src 'self';") {
		t.Errorf("policy allows scripts besides the page's own: %s", policy)
	}
}
