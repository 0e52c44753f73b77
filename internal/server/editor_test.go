package server

import (
	"context"
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"
)

func TestParseTokens(t *testing.T) {
	got, err := ParseTokens(" li:s3cret:with:colons , wang:other,")
	if want := map[string]string{"li": "s3cret:with:colons", "wang": "other"}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	for _, list := range []string{"li", "li:", ":secret", "li:a,li:b"} {
		if got, err := ParseTokens(list); err == nil {
			t.Errorf("%q: %v", list, got)
		}
	}
}

func TestEditors(t *testing.T) {
	type key struct{}
	with := func(ctx context.Context, name string) context.Context { return context.WithValue(ctx, key{}, name) }
	tokens := map[string]string{"li": "s3cret", "wang": "other"}
	for name, tc := range map[string]struct {
		editors              Editors
		remote, host, header string
		origin               string
		want                 any
		status               int
	}{
		"a token":               {Editors{tokens, false, with}, "192.0.2.1:9", "graphd.example", "Bearer s3cret", "", "li", 200},
		"another":               {Editors{tokens, false, with}, "192.0.2.1:9", "graphd.example", "bearer other", "https://app.example", "wang", 200},
		"a wrong one":           {Editors{tokens, false, with}, "127.0.0.1:9", "localhost:8080", "Bearer s3cre", "", nil, 401},
		"another scheme":        {Editors{tokens, false, with}, "127.0.0.1:9", "localhost:8080", "Basic s3cret", "", nil, 401},
		"none":                  {Editors{tokens, false, with}, "127.0.0.1:9", "localhost:8080", "", "", nil, 200},
		"here":                  {Editors{nil, true, with}, "127.0.0.1:9", "127.0.0.1:8080", "", "", "local", 200},
		"here, by its page":     {Editors{nil, true, with}, "[::1]:9", "localhost:8080", "", "http://localhost:8080", "local", 200},
		"a page of elsewhere":   {Editors{nil, true, with}, "127.0.0.1:9", "localhost:8080", "", "https://evil.example", nil, 200},
		"a name made to be us":  {Editors{nil, true, with}, "127.0.0.1:9", "evil.example:8080", "", "http://evil.example:8080", nil, 200},
		"elsewhere":             {Editors{nil, true, with}, "192.0.2.1:9", "localhost:8080", "", "", nil, 200},
		"a token without any":   {Editors{nil, true, with}, "127.0.0.1:9", "localhost:8080", "Bearer s3cret", "", nil, 401},
		"nobody edits":          {Editors{}, "127.0.0.1:9", "localhost:8080", "Bearer s3cret", "", nil, 200},
		"an opaque origin here": {Editors{nil, true, with}, "127.0.0.1:9", "localhost:8080", "", "null", nil, 200},
	} {
		var got any
		h := tc.editors.admit(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.Context().Value(key{}) }))
		r := httptest.NewRequest("POST", "/graphql", nil)
		r.RemoteAddr, r.Host = tc.remote, tc.host
		for header, value := range map[string]string{"Authorization": tc.header, "Origin": tc.origin} {
			if value != "" {
				r.Header.Set(header, value)
			}
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if got != tc.want || w.Code != tc.status {
			t.Errorf("%s: %v, status %d; want %v, %d", name, got, w.Code, tc.want, tc.status)
		}
	}

	// A proxy on this machine is not the one that asks.
	for _, header := range []string{"X-Forwarded-For", "Forwarded", "Via"} {
		r := httptest.NewRequest("POST", "/graphql", nil)
		r.RemoteAddr, r.Host = "127.0.0.1:9", "127.0.0.1:8080"
		r.Header.Set(header, "203.0.113.9")
		Editors{nil, true, with}.admit(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			if got := r.Context().Value(key{}); got != nil {
				t.Errorf("with %s: %v", header, got)
			}
		})).ServeHTTP(httptest.NewRecorder(), r)
	}
}

func TestHere(t *testing.T) {
	h := Here(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for _, tt := range []struct {
		remote, host, site string
		ok                 bool
	}{
		{"127.0.0.1:9", "localhost:6060", "", true},
		{"127.0.0.1:9", "localhost:6060", "none", true},
		{"127.0.0.1:9", "localhost:6060", "cross-site", false},
		{"127.0.0.1:9", "evil.example", "same-origin", false},
		{"192.0.2.1:9", "localhost:6060", "", false},
	} {
		r := httptest.NewRequest("GET", "/debug/pprof/heap", nil)
		r.RemoteAddr, r.Host = tt.remote, tt.host
		r.Header.Set("Sec-Fetch-Site", tt.site)
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); (w.Code == http.StatusOK) != tt.ok {
			t.Errorf("%+v: %d", tt, w.Code)
		}
	}
}
