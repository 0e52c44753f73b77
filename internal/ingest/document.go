package ingest

import "context"

// Document is a report that was sent, not found in a file.
type Document struct {
	// Location names it, such as by its URL; if empty, "sha256:" with the hash
	// of Data does.
	Location string
	// MediaType may be empty: then the location's ending or the data tell it.
	MediaType string
	Data      []byte
}

// Documents ingests documents, all of them together as Run does a batch of
// files; c.Paths and c.Stdin are not looked at. reportIDs are those of the
// reports that the documents now lead to, in their order, without those that
// failed. Errors are those of Run.
func Documents(ctx context.Context, c Config, documents []Document) (sum Summary, reportIDs []string, err error) {
	inputs := make([]input, len(documents))
	locations := make([]string, len(documents))
	for i, d := range documents {
		inputs[i] = newInput(d.Location, d.MediaType, d.Data)
		locations[i] = inputs[i].location
	}
	r := &run{Config: c, total: len(inputs), sum: Summary{Errors: []Failure{}}}
	facts, err := r.linkNew(ctx, inputs)
	if err == nil {
		err = r.apply(ctx, facts)
	}
	if err != nil {
		return r.sum, nil, err
	}
	if r.sum.Revision, err = c.Store.Revision(ctx); err != nil {
		return r.sum, nil, err
	}
	failed := map[string]bool{}
	for _, f := range r.sum.Errors {
		failed[f.Path] = true
	}
	known, err := c.Store.Sources(ctx, locations)
	for _, location := range locations {
		if s, ok := known[location]; ok && !failed[location] {
			reportIDs = append(reportIDs, s.ReportID)
		}
	}
	return r.sum, reportIDs, err
}
