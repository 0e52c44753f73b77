package ingest_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"graphd/internal/ingest"
	"graphd/internal/kg"
)

// folder makes files with the given contents, by slash-separated path.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for path, contents := range files {
		write(t, filepath.Join(root, filepath.FromSlash(path)), contents)
	}
	return root
}

func write(t *testing.T, path, contents string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(contents), 0o600); err != nil {
		t.Fatal(err)
	}
}

func relative(t *testing.T, root string, files []ingest.File) []string {
	t.Helper()
	var paths []string
	for _, f := range files {
		path, err := filepath.Rel(root, f.Path)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, filepath.ToSlash(path))
	}
	return paths
}

func TestFind(t *testing.T) {
	root := folder(t, map[string]string{
		"a.txt": "", "b/c.MD": "", "b/d/e.html": "", "b/f.htm": "", // read
		"g.pdf": "", "b/h.csv": "", "noextension": "", // skipped
		".hidden.txt": "", ".git/x.txt": "", ".git/y.txt": "", // skipped, the folder as one
	})
	for link, target := range map[string]string{
		"b/up":           root,    // a loop: skipped
		"link.txt":       "a.txt", // read
		"folder.txt":     "b",     // a folder by another name: skipped
		"circle.txt":     "circle.txt",
		"b/nowhere.html": "absent",
	} {
		if err := os.Symlink(target, filepath.Join(root, link)); err != nil {
			t.Fatal(err)
		}
	}
	files, skipped, failures := ingest.Find([]string{root})
	if got, want := relative(t, root, files), []string{"a.txt", "b/c.MD", "b/d/e.html", "b/f.htm", "link.txt"}; !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
	if skipped != 7 {
		t.Errorf("%d skipped, want 7", skipped)
	}
	var failed []string
	for _, f := range failures {
		failed = append(failed, filepath.Base(f.Path))
		if f.Code != kg.CodeUnreadable || f.Message == "" {
			t.Errorf("%+v", f)
		}
	}
	if !slices.Equal(failed, []string{"nowhere.html", "circle.txt"}) {
		t.Errorf("failed %q", failed)
	}
}

// What is named itself is taken, whatever its name; nothing is taken twice.
func TestFindNamed(t *testing.T) {
	root := folder(t, map[string]string{".hidden/g.pdf": "", ".hidden/a.txt": "", "b.txt": ""})
	linked := filepath.Join(root, "link")
	if err := os.Symlink(".hidden", linked); err != nil {
		t.Fatal(err)
	}
	files, skipped, failures := ingest.Find([]string{
		filepath.Join(root, ".hidden", "g.pdf"), filepath.Join(root, ".", ".hidden") + "/", filepath.Join(root, ".hidden", "g.pdf"), linked,
		root + "/./b.txt", root + "/b.txt",
	})
	if got, want := relative(t, root, files), []string{".hidden/g.pdf", ".hidden/a.txt", "link/a.txt", "b.txt"}; !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
	if skipped != 2 || len(failures) != 0 {
		t.Errorf("%d skipped, failures %v", skipped, failures)
	}
	files, _, failures = ingest.Find([]string{"-", filepath.Join(root, "absent"), "-"})
	if len(files) != 1 || files[0].Path != ingest.Stdin || len(failures) != 1 || failures[0].Code != kg.CodeUnreadable {
		t.Errorf("found %v, failures %v", files, failures)
	}
}
