package model

import "graphd/internal/kg"

// PageInfo tells where a page lies in its list.
type PageInfo struct {
	HasNextPage, HasPreviousPage bool
	// StartCursor and EndCursor are nil on an empty page.
	StartCursor, EndCursor *string
}

// Connection is one page of a list. TotalCount counts all pages.
type Connection[E any] struct {
	Edges      []*E
	PageInfo   *PageInfo
	TotalCount int
}

// Edge is one element of a page.
type Edge[N any] struct {
	Cursor string
	Node   N
}

// Claim is what mentions prove: that one of Reports names one of Entities, with
// at least MinStatus where that is set.
type Claim struct {
	Reports, Entities []string
	MinStatus         kg.Status
}

// NamingEdge joins a report with an entity that it names; the node is either.
type NamingEdge[N any] struct {
	Sibling[NamingEdge[N]]
	Edge[N]
	Claim
	// Status is set for practices, InForce for laws where it is known.
	Status  kg.Status
	InForce *bool
}

// LawFirmClientEdge joins a law firm with a jurisdiction whose reports name it.
type LawFirmClientEdge struct {
	Sibling[LawFirmClientEdge]
	Edge[*Jurisdiction]
	Claim
	Years []int
}

// The edges and connections of the schema.
type (
	ReportEdge             = Edge[*Report]
	JurisdictionEdge       = Edge[*Jurisdiction]
	PracticeEdge           = Edge[*Practice]
	LawEdge                = Edge[*Law]
	LawFirmEdge            = Edge[*LawFirm]
	IndicatorEdge          = Edge[*Indicator]
	MetricEdge             = Edge[*Metric]
	MentionEdge            = Edge[*Mention]
	AdoptionEdge           = Edge[*Adoption]
	SearchEdge             = Edge[*SearchHit]
	ReportPracticeEdge     = NamingEdge[*Practice]
	ReportLawEdge          = NamingEdge[*Law]
	ReportJurisdictionEdge = NamingEdge[*Jurisdiction]
	ReportLawFirmEdge      = NamingEdge[*LawFirm]
	PracticeReportEdge     = NamingEdge[*Report]
	LawReportEdge          = NamingEdge[*Report]

	ReportConnection             = Connection[ReportEdge]
	JurisdictionConnection       = Connection[JurisdictionEdge]
	PracticeConnection           = Connection[PracticeEdge]
	LawConnection                = Connection[LawEdge]
	LawFirmConnection            = Connection[LawFirmEdge]
	IndicatorConnection          = Connection[IndicatorEdge]
	MetricConnection             = Connection[MetricEdge]
	MentionConnection            = Connection[MentionEdge]
	AdoptionConnection           = Connection[AdoptionEdge]
	SearchConnection             = Connection[SearchEdge]
	ReportPracticeConnection     = Connection[ReportPracticeEdge]
	ReportLawConnection          = Connection[ReportLawEdge]
	ReportJurisdictionConnection = Connection[ReportJurisdictionEdge]
	ReportLawFirmConnection      = Connection[ReportLawFirmEdge]
	PracticeReportConnection     = Connection[PracticeReportEdge]
	LawReportConnection          = Connection[LawReportEdge]
	LawFirmClientConnection      = Connection[LawFirmClientEdge]
)
