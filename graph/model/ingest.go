package model

// IngestPayload is what became of reports that were sent.
type IngestPayload struct {
	Stored, Unchanged, Failed, Mentions int
	Errors                              []*IngestFailure
	// ReportIDs are those of the reports stored now.
	ReportIDs []string
}
