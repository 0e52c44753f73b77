package neo4jstore

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"graphd/internal/fold"
	"graphd/internal/kg"
	"graphd/internal/store"
)

// props are the properties of a node or relationship, or one record. What is
// absent in kg (an empty string, a year of zero) is absent here.
type props = map[string]any

// collect runs one statement and returns its records.
func collect(ctx context.Context, tx neo4j.ManagedTransaction, cypher string, params props) ([]props, error) {
	result, err := tx.Run(ctx, cypher, params)
	if err != nil {
		return nil, err
	}
	var rows []props
	for result.Next(ctx) {
		rows = append(rows, result.Record().AsMap())
	}
	return rows, result.Err()
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

func integer(v any) int {
	n, _ := v.(int64)
	return int(n)
}

// texts is a list of strings; nil where absent or empty.
func texts(v any) []string {
	list, _ := v.([]any)
	var all []string
	for _, e := range list {
		all = append(all, text(e))
	}
	return all
}

// records is a list of records.
func records(v any) []props {
	list, _ := v.([]any)
	all := make([]props, len(list))
	for i, e := range list {
		all[i], _ = e.(props)
	}
	return all
}

// list is the form in which the driver gives lists back.
func list[T any](items []T) []any {
	all := make([]any, len(items))
	for i, v := range items {
		all[i] = v
	}
	return all
}

// present is p without the values that are absent.
func present(p props) props {
	for k, v := range p {
		switch v := v.(type) {
		case string:
			if v == "" {
				delete(p, k)
			}
		case []any:
			if len(v) == 0 {
				delete(p, k)
			}
		case nil:
			delete(p, k)
		}
	}
	return p
}

// Neo4j compares strings by UTF-16 units in some places and by code points in
// others. The two differ only where a character beyond U+FFFF meets one from
// U+E000 up, so a string that holds one of the former has a second property,
// with this suffix, that both put in the order of code points.
const orderSuffix = "Order"

// orderKey is a string that comes, in UTF-16 and in code points, where s comes
// in code points: characters beyond U+FFFF are put after it.
func orderKey(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r > 0xFFFF:
			b.WriteRune(0xFFFF)
		case r == 0xFFFF:
			b.WriteRune(0xFFFF)
			r = 1
		}
		b.WriteRune(r)
	}
	return b.String()
}

// leastInt stands for an absent number where numbers are ordered; an absent
// string is empty there. So an absent value is less than all others.
const leastInt = -1 << 62

// toOrder is a value of a type as it is ordered.
func toOrder(v any, t store.FieldType) any {
	if s, ok := v.(string); ok {
		return orderKey(s)
	}
	switch {
	case v == nil && t == store.FieldString:
		return ""
	case v == nil && t == store.FieldInt:
		return int64(leastInt)
	}
	return v
}

// fromOrder is the inverse of toOrder.
func fromOrder(v any) any {
	switch v := v.(type) {
	case string:
		if v != "" {
			return fromOrderKey(v)
		}
		return nil
	case int64:
		if v == leastInt {
			return nil
		}
	}
	return v
}

// fromOrderKey is the inverse of orderKey.
func fromOrderKey(key string) string {
	var b strings.Builder
	marked := false
	for _, r := range key {
		switch {
		case r == 0xFFFF:
			marked = true
			continue
		case marked && r == 1:
			r = 0xFFFF
		}
		marked = false
		b.WriteRune(r)
	}
	return b.String()
}

// ordered is p with the second properties that its strings need.
func ordered(p props) props {
	for name, v := range maps.Clone(p) {
		s, ok := v.(string)
		if !ok || name == "text" || name == "folded" || name == "fingerprints" || name == "original" {
			continue
		}
		if key := orderKey(s); key != s {
			p[name+orderSuffix] = key
		}
	}
	return p
}

// number is n, or absent if it is zero.
func number(n int) any {
	if n == 0 {
		return nil
	}
	return int64(n)
}

func sourceProps(s kg.Source) props {
	return present(props{
		"location": s.Location, "contentHash": s.ContentHash, "extractor": s.Extractor, "mediaType": s.MediaType,
		"encoding": s.Encoding, "lostCharacters": int64(s.LostCharacters), "ingestedAt": s.IngestedAt,
	})
}

// sources are the sources in a list of property maps, ordered by location.
func sources(v any) []kg.Source {
	var all []kg.Source
	for _, p := range records(v) {
		all = append(all, kg.Source{
			Location: text(p["location"]), ContentHash: text(p["contentHash"]), Extractor: text(p["extractor"]),
			MediaType: text(p["mediaType"]), Encoding: text(p["encoding"]),
			LostCharacters: integer(p["lostCharacters"]), IngestedAt: text(p["ingestedAt"]),
		})
	}
	slices.SortFunc(all, func(a, b kg.Source) int { return cmp.Compare(a.Location, b.Location) })
	return all
}

func reportProps(c store.Contents, revision int64) props {
	r := c.Facts.Report
	return ordered(present(props{
		"id": r.ID, "title": r.Title, "department": r.Department, "year": number(r.Year), "published": r.Published,
		"docNumber": r.DocNumber, "addressee": r.Addressee, "composed": r.Composed, "text": r.Text,
		"folded": fold.Key(r.Title), "digest": c.Digest,
		"fingerprints": words(c.Fingerprints()), "revision": revision, "original": original(c.Raw),
	}))
}

// original is the extractor's facts as JSON; empty if there are no others.
func original(raw *kg.Facts) string {
	if raw == nil {
		return ""
	}
	return object(raw)
}

// object is a value as JSON.
func object(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("%T cannot be written as JSON: %v", v, err))
	}
	return string(raw)
}

// words writes fingerprints as the words of a text, so that one full-text index
// holds those of all reports.
func words(fingerprints []uint64) string {
	list := make([]string, len(fingerprints))
	for i, f := range fingerprints {
		list[i] = word(f)
	}
	return strings.Join(list, " ")
}

func word(fingerprint uint64) string { return fmt.Sprintf("%016x", fingerprint) }

// entityProps are the properties of an entity that are no count, no reference.
func entityProps(e kg.Entity) props {
	p := props{
		"id": e.ID, "name": e.Name, "aliases": list(e.Aliases), "names": list(store.Names(e)),
		"code": e.Code, "level": string(e.Level), "fullName": e.FullName,
		"scope": string(e.Scope), "category": e.Category, "type": string(e.LawType), "unit": e.Unit,
	}
	// A property cannot hold a record, so the versions of a law are lists in step.
	var adopted, effective, until, enacted []any
	for _, v := range e.Versions {
		adopted, effective, until = append(adopted, v.Adopted), append(effective, v.Effective), append(until, v.Until)
		enacted = append(enacted, v.Enacted)
	}
	p["versionsAdopted"], p["versionsEffective"], p["versionsUntil"], p["versionsEnacted"] = adopted, effective, until, enacted
	return ordered(present(p))
}

// ref is one of the references from an entity to another.
type ref struct {
	from kg.Kind
	typ  string
	to   kg.Kind
	of   func(*kg.Entity) *string
}

var refs = []ref{
	{kg.KindJurisdiction, "PART_OF", kg.KindJurisdiction, func(e *kg.Entity) *string { return &e.ParentID }},
	{kg.KindPractice, "VARIANT_OF", kg.KindPractice, func(e *kg.Entity) *string { return &e.VariantOf }},
	{kg.KindPractice, "PART_OF", kg.KindPractice, func(e *kg.Entity) *string { return &e.PartOf }},
	{kg.KindLaw, "ISSUED_BY", kg.KindJurisdiction, func(e *kg.Entity) *string { return &e.IssuedBy }},
}

// kindOf is the kind of the entity with the given ID.
func kindOf(id string) kg.Kind {
	t, _ := kg.TypeOf(id)
	return kg.Kind(t)
}

// entity is the entity in a record with entityColumns.
func entity(row props) kg.Entity {
	p, _ := row["props"].(props)
	e := kg.Entity{
		ID: text(p["id"]), Name: text(p["name"]), Aliases: texts(p["aliases"]),
		Code: text(p["code"]), Level: kg.Level(text(p["level"])), FullName: text(p["fullName"]),
		Scope: kg.Scope(text(p["scope"])), Category: text(p["category"]), LawType: kg.LawType(text(p["type"])),
		Unit: text(p["unit"]), ReportCount: integer(p["reportCount"]), MentionCount: integer(p["mentionCount"]),
	}
	e.Kind = kindOf(e.ID)
	effective, until := texts(p["versionsEffective"]), texts(p["versionsUntil"])
	enacted, _ := p["versionsEnacted"].([]any) // graphs written before it was kept have none
	for i, adopted := range texts(p["versionsAdopted"]) {
		v := kg.LawVersion{Adopted: adopted, Effective: effective[i], Until: until[i]}
		if i < len(enacted) {
			v.Enacted, _ = enacted[i].(bool)
		}
		e.Versions = append(e.Versions, v)
	}
	for _, x := range records(row["refs"]) {
		for _, r := range refs {
			if r.from == e.Kind && r.typ == text(x["type"]) {
				*r.of(&e) = text(x["id"])
			}
		}
	}
	return e
}

// mentionProps are the properties of the relationship that is a mention.
func mentionProps(m kg.Mention) props {
	return present(props{
		"id": m.ID, "start": int64(m.Start), "end": int64(m.End), "quote": m.Quote, "passage": int64(m.Passage),
		"rule": m.Rule, "status": m.Status.String(), "article": m.Article, "docNumber": m.DocNumber,
	})
}

// metricProps are the properties of a figure's node. Its evidence is on the
// relationship.
func metricProps(m kg.Mention) props {
	v := m.Metric
	p := props{
		"id": m.ID, "label": v.Label, "value": v.Value, "unit": v.Unit,
		"approximate": v.Approximate, "target": v.Target, "period": v.Period,
	}
	if v.ValueMax != nil {
		p["valueMax"] = *v.ValueMax
	}
	return ordered(present(p))
}

// evidence is the mention in a record of mentionRows.
func evidence(row props) store.Evidence {
	p, _ := row["props"].(props)
	m := kg.Mention{
		ID: text(p["id"]), ReportID: text(row["report"]), Kind: kg.Kind(text(row["kind"])), EntityID: text(row["entity"]),
		Span: kg.Span{Start: integer(p["start"]), End: integer(p["end"])}, Quote: text(p["quote"]),
		Passage: integer(p["passage"]), Rule: text(p["rule"]), Article: text(p["article"]), DocNumber: text(p["docNumber"]),
		Candidates: texts(row["candidates"]),
	}
	m.Status, _ = kg.ParseStatus(text(p["status"]))
	slices.Sort(m.Candidates)
	if v, ok := row["metric"].(props); ok {
		value, _ := v["value"].(float64)
		m.Metric = &kg.Metric{
			Label: text(v["label"]), Value: value, Unit: text(v["unit"]), Approximate: v["approximate"] == true,
			Target: v["target"] == true, Period: text(v["period"]), ParentID: text(row["parent"]),
		}
		if upper, ok := v["valueMax"].(float64); ok {
			m.Metric.ValueMax = &upper
		}
	}
	return store.Evidence{Mention: m, Passage: passage(row), PassageText: text(row["text"])}
}

func passage(row props) kg.Passage {
	return kg.Passage{Span: kg.Span{Start: integer(row["start"]), End: integer(row["end"])}, Section: text(row["section"])}
}
