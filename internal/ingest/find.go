package ingest

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"graphd/internal/kg"
	"graphd/internal/report"
)

// Stdin is the path that stands for standard input.
const Stdin = "-"

// extensions of the files that are read in a folder, lower-case.
var extensions = []string{".txt", ".md", ".html", ".htm"}

// File is one file to read.
type File struct {
	// Path is as given, or the folder as given with the path inside it.
	Path string
	// Size is the number of bytes, as far as known beforehand.
	Size int64
}

// Failure is an input that could not be read or is no report.
type Failure struct {
	Path    string  `json:"path"`
	Code    kg.Code `json:"code"`
	Message string  `json:"message"`
}

// Find lists the files that paths name: a file or "-" itself, a folder's
// reports in it and all folders inside it, ordered by path. No file is listed
// twice. Files of a folder whose name ends in none of .txt .md .html .htm,
// hidden files and folders, links to folders and what is no file are skipped
// and counted. What cannot be looked at is among the failures.
func Find(paths []string) (files []File, skipped int, failures []Failure) {
	seen := map[string]bool{}
	add := func(path string, size int64) {
		if !seen[path] {
			seen[path] = true
			files = append(files, File{path, size})
		}
	}
	for _, path := range paths {
		if path == Stdin {
			add(path, 0)
			continue
		}
		path = filepath.Clean(path)
		info, err := os.Stat(path)
		switch {
		case err != nil:
			failures = append(failures, failure(path, unreadable(path, err)))
		case !info.IsDir():
			add(path, info.Size())
		default:
			found, n, failed := inFolder(path)
			for _, f := range found {
				add(f.Path, f.Size)
			}
			skipped += n
			failures = append(failures, failed...)
		}
	}
	return files, skipped, failures
}

func inFolder(root string) (files []File, skipped int, failures []Failure) {
	folder := os.DirFS(root)
	// The function returns no error but SkipDir, so neither does the walk.
	_ = fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err != nil {
			failures = append(failures, failure(path, unreadable(path, err)))
			return nil
		}
		if name != "." && strings.HasPrefix(entry.Name(), ".") {
			skipped++
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if entry.IsDir() {
			return nil
		}
		if !slices.Contains(extensions, strings.ToLower(filepath.Ext(name))) {
			skipped++
			return nil
		}
		info, err := fs.Stat(folder, name) // follows a link to a file
		switch {
		case err != nil:
			failures = append(failures, failure(path, unreadable(path, err)))
		case !info.Mode().IsRegular():
			skipped++
		default:
			files = append(files, File{path, info.Size()})
		}
		return nil
	})
	return files, skipped, failures
}

// input is a file as read.
type input struct {
	path string
	// location is path, or for standard input "sha256:" with the hash.
	location string
	// mediaType is empty where the name or the data tell it.
	mediaType string
	data      []byte
	hash      string // lower-case hex SHA-256 of data
}

// open reads a file. One beyond the size that can be a report is read only so
// far that its size shows.
func open(path string, stdin io.Reader) (input, error) {
	if path != Stdin {
		f, err := os.Open(path)
		if err != nil {
			return input{}, unreadable(path, err)
		}
		defer f.Close()
		stdin = f
	}
	data, err := io.ReadAll(io.LimitReader(stdin, report.MaxBytes+1))
	if err != nil {
		return input{}, unreadable(path, err)
	}
	location := path
	if path == Stdin {
		location = ""
	}
	in := newInput(location, "", data)
	in.path = path
	return in, nil
}

// newInput is what was read from a location; without one the hash names it.
func newInput(location, mediaType string, data []byte) input {
	sum := sha256.Sum256(data)
	hash := hex.EncodeToString(sum[:])
	location = cmp.Or(location, "sha256:"+hash)
	return input{path: location, location: location, mediaType: mediaType, data: data, hash: hash}
}

// unreadable is the error of a file that the system does not hand out.
func unreadable(path string, err error) error {
	var of *fs.PathError
	if errors.As(err, &of) {
		err = of.Err // the path is told apart
	}
	return &kg.Error{Op: "read", Code: kg.CodeUnreadable, Subject: path, Err: err}
}

// failure tells an error about one file; its message leaves out what the
// other fields say.
func failure(path string, err error) Failure {
	f := Failure{Path: path, Code: kg.CodeOf(err), Message: err.Error()}
	var of *kg.Error
	if errors.As(err, &of) && of.Err != nil {
		f.Message = of.Err.Error()
	}
	f.Message = strings.ReplaceAll(f.Message, "\n", " ")
	return f
}
