package adoption_test

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"graphd/internal/adoption"
)

// TestReportsByIssuer compares what the index tells of reports and issuers with
// the postings it was built from.
func TestReportsByIssuer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := corpora.Draw(t, "corpus")
		x := adoption.Build(p)
		byIssuer := map[string][]adoption.Relation{}
		for _, r := range p.Reports {
			want := adoption.Relation{ReportID: r.ReportID, Year: r.Year, IssuerID: r.IssuerID, Departmental: r.Department != ""}
			byIssuer[r.IssuerID] = append(byIssuer[r.IssuerID], want)
			got, ok := x.Report(r.ReportID)
			same(t, "report", got, want)
			same(t, "known", ok, true)
		}
		for _, d := range divisions {
			want := append([]adoption.Relation{}, byIssuer[d.ID]...)
			slices.SortFunc(want, func(a, b adoption.Relation) int {
				return cmp.Or(cmp.Compare(b.Year, a.Year), cmp.Compare(a.ReportID, b.ReportID))
			})
			same(t, "issued by "+d.ID, x.Issued(d.ID), want)
		}
		if _, ok := x.Report("report:none"); ok || len(x.Issued("jurisdiction:99")) > 0 {
			t.Fatalf("something is known of what is not there")
		}
	})
}
