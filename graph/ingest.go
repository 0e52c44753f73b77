package graph

import (
	"cmp"
	"context"
	"io"
	"strings"

	"github.com/99designs/gqlgen/graphql"

	"graphd/graph/model"
	"graphd/internal/kg"
)

// Ingester takes reports in and out.
type Ingester interface {
	// Ingest reads documents and stores them. The payload tells of each.
	Ingest(ctx context.Context, documents []Document) (*model.IngestPayload, error)
	// Remove takes a report out; false means that there is none.
	Remove(ctx context.Context, reportID string) (bool, error)
	// Watch tells of the progress from now on until ctx is done, when the
	// channel is closed; false means that too many watch already.
	Watch(ctx context.Context) (<-chan *model.IngestProgress, bool)
}

// Document is a report that was sent.
type Document struct {
	// Location is empty where the hash of Data is to name it.
	Location, MediaType string
	Data                []byte
}

// maxUpload is how many files are read at once.
const maxUpload = 20

// ingesting is the ingester, for an editor.
func (r *Resolver) ingesting(ctx context.Context) (Ingester, error) {
	if r.ingester == nil {
		return nil, coded(codeForbidden, "this server changes nothing")
	}
	_, _, err := r.editing(ctx)
	return r.ingester, err
}

func (r *Resolver) mayIngest(ctx context.Context) bool {
	_, err := r.ingesting(ctx)
	return err == nil
}

func (r *Resolver) ingest(ctx context.Context, documents []Document) (*model.IngestPayload, error) {
	to, err := r.ingesting(ctx)
	if err != nil {
		return nil, err
	}
	p, err := to.Ingest(ctx, documents)
	if err != nil {
		return nil, err
	}
	return p, r.renew(ctx)
}

func (r *Resolver) ingestReport(ctx context.Context, in model.IngestReportInput) (*model.IngestPayload, error) {
	text := in.Text
	if title := strings.TrimSpace(or(in.Title, "")); title != "" {
		if media := or(in.MediaType, ""); strings.HasPrefix(media, "text/html") {
			return nil, badInput("a page has a title of its own: leave title out")
		}
		if !strings.HasPrefix(strings.TrimSpace(text), title) {
			text = title + "\n\n" + text
		}
	}
	return r.ingest(ctx, []Document{{Location: strings.TrimSpace(or(in.URL, "")), MediaType: or(in.MediaType, ""), Data: []byte(text)}})
}

func (r *Resolver) uploadReports(ctx context.Context, files []*graphql.Upload) (*model.IngestPayload, error) {
	if _, err := r.ingesting(ctx); err != nil {
		return nil, err
	}
	if len(files) == 0 || len(files) > maxUpload {
		return nil, badInput("send 1 to %d files", maxUpload)
	}
	var documents []Document
	named := map[string]bool{}
	for _, f := range files {
		name := "upload:" + cmp.Or(f.Filename, "file")
		if named[name] {
			return nil, badInput("two files have the name %q", f.Filename)
		}
		named[name] = true
		// One file may stand in several places.
		if _, err := f.File.Seek(0, io.SeekStart); err != nil {
			return nil, err
		}
		data, err := io.ReadAll(f.File)
		if err != nil {
			return nil, err
		}
		// Browsers tell the media type by the name, as reading does.
		documents = append(documents, Document{Location: name, Data: data})
	}
	return r.ingest(ctx, documents)
}

func (r *Resolver) removeReport(ctx context.Context, id model.ID) (model.ID, error) {
	from, err := r.ingesting(ctx)
	if err != nil {
		return "", err
	}
	if t, ok := kg.TypeOf(string(id)); !ok || t != kg.NodeReport {
		return "", notFound("no report has the ID %q", id.Opaque())
	}
	was, err := from.Remove(ctx, string(id))
	if err != nil {
		return "", err
	}
	if !was {
		return "", notFound("no report has the ID %q", id.Opaque())
	}
	return id, r.renew(ctx)
}

func (r *Resolver) ingestProgress(ctx context.Context) (<-chan *model.IngestProgress, error) {
	of, err := r.ingesting(ctx)
	if err != nil {
		return nil, err
	}
	progress, ok := of.Watch(ctx)
	if !ok {
		return nil, coded(codeUnavailable, "too many watch already: try again later")
	}
	return progress, nil
}
