package transport

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
)

// Bounds of an upload.
const (
	maxFiles = 100
	maxMap   = 64 << 10
	// maxUploads is how many are under way at once: their files are held in memory.
	maxUploads = 4
)

// uploading holds a token for each upload under way.
var uploading = make(chan struct{}, maxUploads)

// preflighted are headers that no form of a page can send without the browser
// asking first.
var preflighted = []string{"GraphQL-Preflight", "Apollo-Require-Preflight", "X-Requested-With"}

// fromForm reads a request with files, as the GraphQL multipart request
// specification describes it: operations, map, then the files in the order of the
// map. Each file takes the place of a null in the variables.
func (h HTTP) fromForm(w http.ResponseWriter, r *http.Request, boundary string) (*graphql.RawParams, *problem) {
	asked := false
	for _, name := range preflighted {
		asked = asked || r.Header.Get(name) != ""
	}
	if !asked {
		return nil, &problem{http.StatusForbidden, "CSRF_PREVENTED", "a form needs a header that pages of other origins cannot send, such as GraphQL-Preflight: 1"}
	}
	most := h.MaxBody
	if h.MayUpload != nil && h.MayUpload(r.Context()) {
		select {
		case uploading <- struct{}{}:
			context.AfterFunc(r.Context(), func() { <-uploading })
		default:
			w.Header().Set("Retry-After", "1")
			return nil, &problem{http.StatusServiceUnavailable, "UNAVAILABLE", "too many uploads at once: try again in a second"}
		}
		most = h.MaxUpload
	}
	form := multipart.NewReader(http.MaxBytesReader(w, r.Body, most), boundary)
	operations, wrong := h.part(form, "operations", h.MaxBody)
	if wrong != nil {
		return nil, wrong
	}
	p, wrong := decode(operations, h.MaxValues)
	if wrong != nil {
		return nil, wrong
	}
	places, wrong := h.part(form, "map", maxMap)
	if wrong != nil {
		return nil, wrong
	}
	var paths map[string][]string
	if json.Unmarshal(places, &paths) != nil || len(paths) == 0 || len(paths) > maxFiles {
		return nil, badForm("map is no JSON object of lists of paths, or names no file, or more than %d", maxFiles)
	}
	for {
		part, err := form.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, h.unreadable(err)
		}
		at, named := paths[part.FormName()]
		if !named {
			return nil, badForm("a file is not in the map, or comes twice")
		}
		delete(paths, part.FormName())
		data, err := io.ReadAll(part)
		if err != nil {
			return nil, h.unreadable(err)
		}
		file := graphql.Upload{File: bytes.NewReader(data), Filename: part.FileName(), Size: int64(len(data)), ContentType: part.Header.Get("Content-Type")}
		for _, path := range at {
			if !place(p.Variables, path, file) {
				return nil, badForm("the map names a place that is no null in the variables")
			}
		}
	}
	if len(paths) > 0 {
		return nil, badForm("a file of the map is missing")
	}
	return p, nil
}

// part reads the next part of a form, which must have a name.
func (h HTTP) part(form *multipart.Reader, name string, most int64) ([]byte, *problem) {
	part, err := form.NextPart()
	if err != nil {
		return nil, h.unreadable(err)
	}
	if part.FormName() != name {
		return nil, badForm("the parts of the form must be operations, map, and then the files")
	}
	data, err := io.ReadAll(io.LimitReader(part, most+1))
	switch {
	case err != nil:
		return nil, h.unreadable(err)
	case int64(len(data)) > most:
		return nil, &problem{http.StatusRequestEntityTooLarge, codeTooLarge, fmt.Sprintf("%s has more than %d bytes", name, most)}
	}
	return data, nil
}

func (h HTTP) unreadable(err error) *problem {
	if large, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return &problem{http.StatusRequestEntityTooLarge, codeTooLarge, fmt.Sprintf("the request has more than %d bytes: send less at once", large.Limit)}
	}
	return badForm("the form is broken, or ends too early")
}

func badForm(format string, args ...any) *problem {
	return &problem{http.StatusBadRequest, codeBadInput, fmt.Sprintf(format, args...)}
}

// place puts a file where a path such as variables.files.0 names a null.
func place(variables map[string]any, path string, file graphql.Upload) bool {
	names := strings.Split(path, ".")
	if len(names) < 2 || names[0] != "variables" {
		return false
	}
	var at any = variables
	for i, name := range names[1:] {
		last := i == len(names)-2
		switch holder := at.(type) {
		case map[string]any:
			value, has := holder[name]
			if last {
				if !has || value != nil {
					return false
				}
				holder[name] = file
			}
			at = value
		case []any:
			n, err := strconv.Atoi(name)
			if err != nil || n < 0 || n >= len(holder) || strconv.Itoa(n) != name {
				return false
			}
			if last {
				if holder[n] != nil {
					return false
				}
				holder[n] = file
			}
			at = holder[n]
		default:
			return false
		}
	}
	return true
}
