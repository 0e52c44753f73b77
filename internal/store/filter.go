package store

// Filter is a condition on the elements of a collection: either one of And,
// Or, Not, or a comparison of one field. The zero Filter, like an empty And,
// holds for all elements; an empty Or that is not nil holds for none.
type Filter struct {
	And []Filter
	Or  []Filter
	Not *Filter

	Field string
	Op    Op
	// Value is a string, int64, float64 or bool; for OpIn a slice of any of
	// them. For OpEq and OpNe it may be nil: the value is absent. An empty string
	// is the same, in a slice too.
	Value any
}

// Op compares a field with a value. Comparing with an absent value is false,
// whatever the operator, except OpEq nil (true) and OpNe (true unless nil).
type Op string

const (
	OpEq         Op = "eq"
	OpNe         Op = "ne"
	OpIn         Op = "in"
	OpLt         Op = "lt"
	OpLte        Op = "lte"
	OpGt         Op = "gt"
	OpGte        Op = "gte"
	OpContains   Op = "contains"
	OpStartsWith Op = "startsWith"
	// OpWithin holds for a jurisdiction ID that is Value or lies inside it,
	// see kg.Within.
	OpWithin Op = "within"
)

// FieldType is the type of a field's values.
type FieldType string

const (
	FieldString FieldType = "string"
	FieldInt    FieldType = "int"
	FieldFloat  FieldType = "float"
	FieldBool   FieldType = "bool"
	// FieldNames is a set of folded names (fold.Key of name and aliases, and
	// for jurisdictions of the full name); OpEq and OpIn ask for membership,
	// OpContains and OpStartsWith whether some member does. It cannot be
	// ordered by.
	FieldNames FieldType = "names"
)

// Fields lists what each collection can be filtered and ordered by. ID is a
// string field of all of them.
var Fields = map[Collection]map[string]FieldType{
	Reports: {
		"id": FieldString, "title": FieldString, "issuer": FieldString, "department": FieldString, "year": FieldInt,
		"published": FieldString, "docNumber": FieldString, "composed": FieldBool,
	},
	Jurisdictions: entityFields(map[string]FieldType{"code": FieldString, "level": FieldString, "parent": FieldString}),
	Practices: entityFields(map[string]FieldType{
		"scope": FieldString, "category": FieldString, "variantOf": FieldString, "partOf": FieldString,
	}),
	Laws:       entityFields(map[string]FieldType{"type": FieldString, "issuer": FieldString}),
	LawFirms:   entityFields(nil),
	Indicators: entityFields(map[string]FieldType{"unit": FieldString}),
	Metrics: {
		"id": FieldString, "report": FieldString, "indicator": FieldString, "label": FieldString, "value": FieldFloat,
		"unit": FieldString, "approximate": FieldBool, "target": FieldBool, "period": FieldString,
		"year": FieldInt, "issuer": FieldString, "start": FieldInt,
	},
}

func entityFields(own map[string]FieldType) map[string]FieldType {
	fields := map[string]FieldType{
		"id": FieldString, "name": FieldString, "names": FieldNames, "reportCount": FieldInt, "mentionCount": FieldInt,
	}
	for name, t := range own {
		fields[name] = t
	}
	return fields
}
