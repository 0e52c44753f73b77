// Package web holds the pages that graphd serves: the GraphiQL playground,
// built from the sources in playground/ into dist/ and embedded, so that it
// works without a network. It serves files and knows nothing of GraphQL, of the
// store or of who may ask.
package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

//go:embed dist
var embedded embed.FS

// ContentSecurityPolicy is all that the playground needs: its own files, and
// inline styles, which its editor writes. No eval, no blob, no other host.
const ContentSecurityPolicy = "default-src 'self'; " +
	"script-src 'self'; worker-src 'self'; connect-src 'self'; " +
	"style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
	"object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// page is the one file whose name stays the same from build to build.
const page = "index.html"

// file is an embedded file as it goes out.
type file struct {
	contents, gzipped []byte
	contentType, etag string
	lasting           bool // its name carries a hash of its contents
}

// Playground serves the page at prefix (such as "/playground") and its files
// below it; prefix has no slash at its end. The page asks the GraphQL endpoint
// "graphql" beside itself. It answers GET and HEAD; a name it does not have is
// 404.
func Playground(prefix string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+prefix, func(w http.ResponseWriter, r *http.Request) {
		serve(w, r, files()[page])
	})
	mux.HandleFunc("GET "+prefix+"/{name}", func(w http.ResponseWriter, r *http.Request) {
		found, ok := files()[r.PathValue("name")]
		if !ok || r.PathValue("name") == page {
			http.NotFound(w, r)
			return
		}
		serve(w, r, found)
	})
	mux.HandleFunc("GET "+prefix+"/{$}", func(w http.ResponseWriter, r *http.Request) {
		// The page's links are relative to the address without the slash.
		w.Header().Set("Location", "../"+path.Base(prefix))
		w.WriteHeader(http.StatusMovedPermanently)
	})
	return mux
}

func serve(w http.ResponseWriter, r *http.Request, f file) {
	h := w.Header()
	h.Set("Content-Type", f.contentType)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", ContentSecurityPolicy)
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "no-cache")
	if f.lasting {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	body, etag := f.contents, f.etag
	if len(f.gzipped) > 0 && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		body, etag = f.gzipped, f.etag+"-gzip"
		h.Set("Content-Encoding", "gzip")
	}
	etag = strconv.Quote(etag)
	h.Set("ETag", etag)
	if r.Header.Get("If-None-Match") == etag {
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the client went away: nobody is left to tell
	}
}

// files reads and compresses everything once, at the first request, so that
// commands which serve no page do not pay for it.
var files = sync.OnceValue(func() map[string]file {
	all := make(map[string]file)
	entries, err := fs.ReadDir(embedded, "dist")
	if err != nil {
		panic(err) // embedded at build time: cannot be absent
	}
	for _, entry := range entries {
		contents, err := embedded.ReadFile("dist/" + entry.Name())
		if err != nil {
			panic(err)
		}
		sum := sha256.Sum256(contents)
		f := file{
			contents:    contents,
			contentType: contentType(entry.Name()),
			etag:        base64.RawURLEncoding.EncodeToString(sum[:12]),
			lasting:     entry.Name() != page && path.Ext(entry.Name()) != ".txt",
		}
		if small := compress(contents); len(small) < len(contents) {
			f.gzipped = small
		}
		all[entry.Name()] = f
	}
	return all
})

func compress(contents []byte) []byte {
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	if _, err := zip.Write(contents); err != nil {
		panic(err) // a buffer takes every write
	}
	if err := zip.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// contentType does not ask the machine's own table for what is shipped here:
// some name JavaScript text/plain, which browsers refuse.
func contentType(name string) string {
	switch ext := path.Ext(name); ext {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".ttf":
		return "font/ttf"
	case ".txt":
		return "text/plain; charset=utf-8"
	default:
		return mime.TypeByExtension(ext)
	}
}
