package neo4jstore

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"graphd/internal/kg"
)

// schemaVersion changes when a graph of the old version would be read wrongly.
const schemaVersion = 2

// labels names the nodes of each kind of entity.
var labels = map[kg.Kind]string{
	kg.KindJurisdiction: "Jurisdiction",
	kg.KindPractice:     "Practice",
	kg.KindLaw:          "Law",
	kg.KindLawFirm:      "LawFirm",
	kg.KindIndicator:    "Indicator",
}

// entityKinds lists the keys of labels in the order of their mention.
var entityKinds = []kg.Kind{kg.KindJurisdiction, kg.KindPractice, kg.KindLaw, kg.KindLawFirm, kg.KindIndicator}

// mentionTypes names the relationships from a report for each kind of mention.
var mentionTypes = map[kg.Kind]string{
	kg.KindJurisdiction: "NAMES",
	kg.KindPractice:     "MENTIONS",
	kg.KindLaw:          "CITES",
	kg.KindLawFirm:      "RETAINS",
	kg.KindMetric:       "STATES",
}

// unresolvedType is the relationship of a mention that could not be decided.
const unresolvedType = "LEAVES_OPEN"

// constraints make identifiers unique, of nodes and of the relationships that
// are mentions; each also is the index by which they are found.
func constraints() []string {
	var list []string
	for _, label := range []string{"Graphd", "Report", "Passage", "Metric", "Unresolved", "Source",
		"Jurisdiction", "Practice", "Law", "LawFirm", "Indicator", "Decision"} {
		key := "id"
		if label == "Source" {
			key = "location"
		}
		list = append(list, fmt.Sprintf(
			"CREATE CONSTRAINT graphd_%s IF NOT EXISTS FOR (n:%s) REQUIRE n.%s IS UNIQUE", strings.ToLower(label), label, key))
	}
	for _, t := range []string{"NAMES", "MENTIONS", "CITES", "RETAINS", "STATES", unresolvedType} {
		list = append(list, fmt.Sprintf(
			"CREATE CONSTRAINT graphd_%s IF NOT EXISTS FOR ()-[m:%s]-() REQUIRE m.id IS UNIQUE", strings.ToLower(t), t))
	}
	return list
}

// setUp makes the constraints and indexes stand before anything is written,
// and refuses a graph that another version of this package wrote.
func (s *Store) setUp(ctx context.Context) error {
	session := s.session(ctx)
	defer session.Close(ctx)
	// A schema statement needs a transaction of its own.
	for _, statement := range append(constraints(), createSearchIndex, createFingerprintIndex, createRevisionIndex, awaitIndexes) {
		_, err := session.ExecuteWrite(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
			return collect(ctx, tx, statement, nil)
		})
		if refused := new(neo4j.Neo4jError); errors.As(err, &refused) && strings.HasPrefix(refused.Code, "Neo.ClientError.S") &&
			!strings.HasPrefix(refused.Code, "Neo.ClientError.Security") {
			return &kg.Error{Op: "open", Code: kg.CodeStoreIncompatible, Subject: s.uri,
				Err: fmt.Errorf("the server cannot keep the constraints that the graph needs; use Neo4j 5.26 or later: %s", refused.Msg)}
		}
		if err != nil {
			return err
		}
	}
	found, err := session.ExecuteWrite(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
		rows, err := collect(ctx, tx, mergeMeta, meta())
		if err != nil {
			return nil, err
		}
		return integer(rows[0]["schema"]), nil
	})
	if err != nil {
		return err
	}
	if found != int(schemaVersion) {
		return &kg.Error{Op: "open", Code: kg.CodeStoreIncompatible, Subject: s.uri,
			Err: fmt.Errorf("the graph there is of version %d, this program writes version %d; empty the database and ingest again", found, schemaVersion)}
	}
	return nil
}
