// Package store states what graphd keeps and how it may be asked: the Store
// interface, the values that go in and out, and the promises that every store
// makes. The promises are tested once, in package storetest, and every store
// passes all of them. It is not a query language, and it knows no engine: what
// differs between engines is in the packages below this one, what a question
// means is above.
package store

import (
	"context"
	"iter"

	"graphd/internal/kg"
)

// Store keeps reports, entities and mentions. All methods are safe for
// concurrent use. Methods that take lists answer all of them in a bounded
// number of calls to the engine. A look-up that finds nothing for an ID leaves
// it out of the answer; it is never an error. Errors are *kg.Error.
type Store interface {
	// Apply makes the graph hold what the batch says, in one atomic step, and
	// tells what became of each document. For each document, in order:
	//
	//  - its source location, if known, is moved to the document's report;
	//    a report that loses its last source goes, with its mentions;
	//  - if the report is new, or the document's location is not greater than
	//    those of all its other sources, the report's text and mentions become
	//    the document's; otherwise only the source is recorded. So the graph
	//    does not depend on the order in which mirrors are read.
	//
	// Of documents of one batch that have the same location the last counts;
	// the others are as if they were not there, and Unchanged. The locations
	// of all documents are moved before any text is chosen.
	//
	// A report that loses the source its text came from, but not its last
	// source, keeps the text; its now first source is known without content
	// hash from then on, as if its content had not been read.
	//
	// Then entities that no mention, issuer, candidate or remaining entity
	// refers to are removed. Facts that are not self-contained, or a mention
	// that its report's text does not prove, fail the whole batch, and nothing
	// changes. Applying the same batch again changes nothing
	// and leaves the revision as it was, whatever IngestedAt says.
	// The revision grows by one for each document that changed something.
	Apply(ctx context.Context, batch []kg.Facts) ([]Outcome, error)

	// Remove deletes the reports with all their sources and mentions, and the
	// entities left without reference, in one atomic step. It returns how many
	// reports there were; the revision grows by that number.
	Remove(ctx context.Context, reportIDs []string) (int, error)

	// Revision is a number that grows with every change, by whichever process.
	// An empty store has revision 0.
	Revision(ctx context.Context) (int64, error)

	// Sources returns what is known about the given locations.
	Sources(ctx context.Context, locations []string) (map[string]SourceState, error)

	// Postings yields one Posting a report, ordered by report ID, all of one
	// revision, which Postings.Revision tells. See Postings.
	Postings(ctx context.Context) (*Postings, error)

	// PostingsSince yields what changed since an earlier answer, all of one
	// revision: see Delta. A store that cannot tell (the mark is of another
	// store, of one emptied meanwhile, or too old) answers with everything.
	PostingsSince(ctx context.Context, since Mark) (*Delta, error)

	// Decisions returns what editors decided, in the order of their deciding.
	Decisions(ctx context.Context) ([]kg.Decision, error)

	// Originals returns the extractor's facts of the given reports, without
	// sources, where decisions made other facts of them; of all such reports if
	// the list is nil.
	Originals(ctx context.Context, reportIDs []string) (map[string]kg.Facts, error)

	// Referring returns the reports with a mention of one of the entities, or
	// with one that may mean it, ascending.
	Referring(ctx context.Context, entityIDs []string) ([]string, error)

	// Amend records a decision and what becomes of reports by it, in one atomic
	// step, if the store is at the revision that the amendment was made for;
	// else it changes nothing and ok is false. The revision grows by one. It is
	// for Decide and Undo, which say what a decision means.
	Amend(ctx context.Context, a Amendment) (ok bool, err error)

	// Sharing tells which reports have each of the fingerprints given, see
	// Contents.Fingerprints; those that no report has are left out. Of one that
	// more than limit reports have it tells only that it is common. A limit that
	// is not positive is CodeUsage.
	Sharing(ctx context.Context, fingerprints []uint64, limit int) (map[uint64]Holders, error)

	// Reports returns the reports with the given IDs, in the order asked. Text
	// and Passages are filled only if full is true; Sources always, ordered by
	// location.
	Reports(ctx context.Context, ids []string, full bool) ([]kg.Report, error)

	// Entities returns the entities with the given IDs, in the order asked,
	// with their counts.
	Entities(ctx context.Context, ids []string) ([]kg.Entity, error)

	// Mentions returns the mentions that match q, ordered by report ID, start,
	// end, kind. Each comes with the passage that holds it.
	Mentions(ctx context.Context, q MentionQuery) ([]Evidence, error)

	// Page returns one page of IDs of a collection, see PageQuery.
	Page(ctx context.Context, q PageQuery) (Page, error)

	// Search finds a text in passages, titles and names, see SearchQuery.
	Search(ctx context.Context, q SearchQuery) (SearchPage, error)

	// Ping tells whether the store can be reached.
	Ping(ctx context.Context) error

	// Close releases the store; no method may be called after it.
	Close(ctx context.Context) error
}

// Outcome tells what Apply did with a document.
type Outcome string

const (
	// Stored: the graph now says what the document says.
	Stored Outcome = "STORED"
	// Unchanged: the graph already said so.
	Unchanged Outcome = "UNCHANGED"
)

// SourceState is what a store knows about a source location.
type SourceState struct {
	ReportID    string
	ContentHash string
	Extractor   string
}

// Postings is the whole graph reduced to what questions of spread need.
type Postings struct {
	Mark
	// Entities holds every entity, ordered by ID.
	Entities []kg.Entity
	Reports  []Posting
}

// Mark is a point in the history of a store.
type Mark struct {
	// Epoch tells stores apart, and what a store was from what it became when
	// somebody emptied it; it is never zero.
	Epoch int64
	// Revision is as Store.Revision tells it.
	Revision int64
}

// Delta is what changed in a store after a Mark.
type Delta struct {
	// Postings are of the present. Entities holds all of them; Reports those
	// that were written after the mark, or all, if Whole.
	Postings
	Whole bool
	// Gone holds the IDs of reports that were removed after the mark and are not
	// there, ascending; none if Whole. Some may not have been there at the mark.
	Gone []string
}

// Holders are the reports that have a fingerprint.
type Holders struct {
	// ReportIDs are ascending; none if Common.
	ReportIDs []string
	// Common tells that there are more than the limit asked for.
	Common bool
}

// Posting is one report with the entities it mentions.
type Posting struct {
	ReportID string
	// IssuerID is empty where the issuer is undecided; Year is zero where it
	// is unknown.
	IssuerID   string
	Department string
	Year       int
	// Terms are ordered by entity ID. Indicators are among them.
	Terms []Term
}

// Term is an entity mentioned in a report.
type Term struct {
	EntityID string
	// Status is the strongest among the report's mentions; StatusNone for
	// anything but a practice.
	Status kg.Status
}

// MentionQuery selects mentions. Fields that are set must all hold; at least
// one of IDs, Reports and Entities must be set. A list that is empty but not
// nil is set, and nothing matches it.
type MentionQuery struct {
	IDs      []string
	Reports  []string
	Entities []string
	// Kinds restricts the kinds; empty means all.
	Kinds []kg.Kind
	// Unresolved restricts to mentions that could not be decided.
	Unresolved bool
}

// Evidence is a mention with the passage that holds it.
type Evidence struct {
	Mention kg.Mention
	Passage kg.Passage
	// PassageText is the slice of the report's text at Passage.
	PassageText string
}

// Collection is a set of things that can be paged through. Of entities those are
// in it, and in searches, that a report names or that issued one, and those that
// such refer to; not those that only undecided mentions may mean.
type Collection string

const (
	Reports       Collection = "REPORTS"
	Jurisdictions Collection = "JURISDICTIONS"
	Practices     Collection = "PRACTICES"
	Laws          Collection = "LAWS"
	LawFirms      Collection = "LAW_FIRMS"
	Indicators    Collection = "INDICATORS"
	Metrics       Collection = "METRICS"
)

// PageQuery asks for one page of a collection.
//
// The whole answer is the elements that match Where, ordered by OrderBy and
// then by ID ascending. Strings order by Unicode code point; an absent value
// (no year, no date) comes first ascending and last descending. The page is
// the first Limit elements after After (and before Before), or, with Backward,
// the last Limit ones; either way in ascending position. An empty string is an
// absent value, and so is year zero.
type PageQuery struct {
	Of      Collection
	Where   *Filter
	OrderBy []Order
	// After and Before bound the page; each holds the sort key of an element,
	// which need not exist any more.
	After, Before *Key
	Limit         int
	Backward      bool
}

// Order is one sort key.
type Order struct {
	Field string
	Desc  bool
}

// Key is the position of an element: its values for OrderBy, then its ID. A
// value is a string, an int64, a float64, or nil where absent.
type Key struct {
	Values []any
	ID     string
}

// Page is a stretch of a collection.
type Page struct {
	Keys []Key
	// Total counts all elements that match, on whatever page.
	Total int
	// HasPrevious and HasNext tell whether elements that match stand before
	// the first or after the last of Keys.
	HasPrevious, HasNext bool
}

// SearchKind says what a search hit is.
type SearchKind string

const (
	SearchPassage      SearchKind = "PASSAGE"
	SearchReport       SearchKind = "REPORT"
	SearchJurisdiction SearchKind = SearchKind(kg.KindJurisdiction)
	SearchPractice     SearchKind = SearchKind(kg.KindPractice)
	SearchLaw          SearchKind = SearchKind(kg.KindLaw)
	SearchLawFirm      SearchKind = SearchKind(kg.KindLawFirm)
	SearchIndicator    SearchKind = SearchKind(kg.KindIndicator)
)

// SearchQuery asks where a text stands. Both sides are compared by fold.Key:
// script, width, case, white space and quotation marks make no difference.
// A hit holds the whole text as a substring, never its characters apart.
type SearchQuery struct {
	Text string
	// Kinds restricts the hits; empty means all.
	Kinds []SearchKind
	// Within restricts to reports issued in, and jurisdictions that are or lie
	// inside, the jurisdiction with this ID. Entities of other kinds are kept
	// only if a report issued there mentions them.
	Within string
	// FromYear and ToYear restrict to reports of those years, and to entities,
	// jurisdictions too, that a report mentions which passes both these years
	// and Within; zero means open. Both are inclusive. A report without year
	// is of no year.
	FromYear, ToYear int
	// Limit is how many hits to give: the first ones, or the last ones if
	// Backward, of those after the hit with cursor After and before that with
	// cursor Before. An empty cursor is no bound.
	Limit         int
	Backward      bool
	After, Before string
	// Count asks for SearchPage.Total, for which all hits are looked at.
	Count bool
}

// SearchHit is one place where the text stands.
type SearchHit struct {
	Kind SearchKind
	// EntityID is set for entities, ReportID for reports and passages.
	EntityID, ReportID string
	// Name is the entity's name or the report's title.
	Name string
	// Passage and PassageText are set for passages.
	Passage     kg.Passage
	PassageText string
	// Spans are the places of the text, in code points of Name or PassageText,
	// in order and without overlap. There are none in the name of an entity
	// that was found by an alias or its full name.
	Spans  []kg.Span
	Cursor string
}

// SearchPage is one page of hits, ordered: entities of which the name, the full
// name or an alias equals the text, then other entities of which one holds it
// (the full name only where the text reaches into the entity's own name, for
// the rest are the names of those above it), both by kind and ID as strings; then report titles and passages by year descending
// (reports without year last), report ID, start, the title first.
type SearchPage struct {
	Hits []SearchHit
	// HasPrevious and HasNext tell whether there are hits before and after
	// these; beyond a cursor that was given there is at least its own.
	HasPrevious, HasNext bool
	// Total is how many hits there are on all pages; zero unless asked for.
	Total int
}

// Seq is a convenience for walking a page query to its end: it yields the keys
// of all elements that match, reading limit at a time.
func Seq(ctx context.Context, s Store, q PageQuery, limit int) iter.Seq2[Key, error] {
	return func(yield func(Key, error) bool) {
		q.Limit, q.Backward, q.Before = limit, false, nil
		for {
			page, err := s.Page(ctx, q)
			if err != nil {
				yield(Key{}, err)
				return
			}
			for _, k := range page.Keys {
				if !yield(k, nil) {
					return
				}
			}
			if !page.HasNext || len(page.Keys) == 0 {
				return
			}
			q.After = &page.Keys[len(page.Keys)-1]
		}
	}
}
