package store

import (
	"math"
	"reflect"

	"graphd/internal/fold"
)

// MaxConditions bounds the comparisons and connectives of one filter, and
// MaxOrder the sort keys, so that every engine can compile them.
const (
	MaxConditions = 200
	MaxOrder      = 8
)

// Check tells whether the query makes sense (else CodeUsage), and returns it in
// the form that stores answer: every field is known, every operator fits its
// field, values are string, int64, float64, bool or nil after the field's type
// (for OpIn a []any of them without nil), names are folded, and keys have a
// value for each sort key, empty strings being nil.
func (q PageQuery) Check() (PageQuery, error) {
	fields, ok := Fields[q.Of]
	if !ok {
		return q, usage("page", "%q is no collection", q.Of)
	}
	if q.Limit < 0 {
		return q, usage("page", "the limit %d is negative", q.Limit)
	}
	if q.Where != nil {
		budget := MaxConditions
		where, err := checkFilter(fields, *q.Where, &budget)
		if err != nil {
			return q, err
		}
		q.Where = &where
	}
	if len(q.OrderBy) > MaxOrder {
		return q, usage("page", "%d sort keys are more than %d", len(q.OrderBy), MaxOrder)
	}
	for _, o := range q.OrderBy {
		switch t := fields[o.Field]; t {
		case FieldString, FieldInt, FieldFloat:
		case "":
			return q, usage("page", "%s have no field %q", q.Of, o.Field)
		default:
			return q, usage("page", "%s cannot be ordered by %q", q.Of, o.Field)
		}
	}
	for _, bound := range []**Key{&q.After, &q.Before} {
		if *bound == nil {
			continue
		}
		k, err := checkKey(fields, q.OrderBy, **bound)
		if err != nil {
			return q, err
		}
		*bound = &k
	}
	return q, nil
}

func checkKey(fields map[string]FieldType, order []Order, k Key) (Key, error) {
	if len(k.Values) != len(order) {
		return k, usage("page", "the cursor has %d values for %d sort keys", len(k.Values), len(order))
	}
	values := make([]any, len(k.Values))
	for i, v := range k.Values {
		if v == nil || v == "" {
			continue
		}
		var ok bool
		if values[i], ok = typed(fields[order[i].Field], v); !ok {
			return k, usage("page", "the cursor's value %v does not fit %q", v, order[i].Field)
		}
	}
	return Key{Values: values, ID: k.ID}, nil
}

// ops lists the operators that fit each type.
var ops = map[FieldType][]Op{
	FieldString: {OpEq, OpNe, OpIn, OpLt, OpLte, OpGt, OpGte, OpContains, OpStartsWith, OpWithin},
	FieldInt:    {OpEq, OpNe, OpIn, OpLt, OpLte, OpGt, OpGte},
	FieldFloat:  {OpEq, OpNe, OpIn, OpLt, OpLte, OpGt, OpGte},
	FieldBool:   {OpEq, OpNe, OpIn},
	FieldNames:  {OpEq, OpNe, OpIn, OpContains, OpStartsWith},
}

// Ops lists the operators that can be used on a field of type t.
func (t FieldType) Ops() []Op { return ops[t] }

func checkFilter(fields map[string]FieldType, f Filter, budget *int) (Filter, error) {
	if *budget--; *budget < 0 {
		return f, usage("page", "the filter has more than %d conditions", MaxConditions)
	}
	forms := 0
	for _, set := range []bool{f.And != nil, f.Or != nil, f.Not != nil, f.Field != "" || f.Op != "" || f.Value != nil} {
		if set {
			forms++
		}
	}
	switch {
	case forms > 1:
		return f, usage("page", "a filter is one of and, or, not, or a comparison")
	case f.Not != nil:
		not, err := checkFilter(fields, *f.Not, budget)
		return Filter{Not: &not}, err
	case f.Or != nil:
		or, err := checkFilters(fields, f.Or, budget)
		return Filter{Or: or}, err
	case f.Field == "" && f.Op == "" && f.Value == nil:
		and, err := checkFilters(fields, f.And, budget)
		return Filter{And: and}, err
	}
	return checkComparison(fields, f)
}

func checkFilters(fields map[string]FieldType, list []Filter, budget *int) ([]Filter, error) {
	checked := make([]Filter, len(list))
	for i, f := range list {
		var err error
		if checked[i], err = checkFilter(fields, f, budget); err != nil {
			return nil, err
		}
	}
	return checked, nil
}

func checkComparison(fields map[string]FieldType, f Filter) (Filter, error) {
	t, ok := fields[f.Field]
	if !ok {
		return f, usage("page", "there is no field %q", f.Field)
	}
	fits := false
	for _, op := range t.Ops() {
		fits = fits || op == f.Op
	}
	if !fits {
		return f, usage("page", "%q cannot be compared by %q", f.Field, f.Op)
	}
	if f.Value == "" && (f.Op == OpEq || f.Op == OpNe) && t == FieldString {
		f.Value = nil // what is absent is often shown as empty
	}
	if f.Value == nil && (f.Op == OpEq || f.Op == OpNe) && t != FieldNames {
		return f, nil
	}
	given := f.Value
	misfit := func(v any) error {
		if s, text := v.(string); text && !storable(s) {
			return usage("page", "a text to compare with is no valid UTF-8 or holds a NUL")
		}
		return usage("page", "%q cannot be %v", f.Field, v)
	}
	if f.Op == OpIn {
		list := reflect.ValueOf(given)
		if given == nil || list.Kind() != reflect.Slice {
			return f, usage("page", "%q in needs a list", f.Field)
		}
		values, absent := make([]any, 0, list.Len()), false
		for i := range list.Len() {
			given := list.Index(i).Interface()
			v, ok := typed(t, given)
			if !ok {
				return f, misfit(given)
			}
			if v == "" && t == FieldString {
				absent = true
			} else {
				values = append(values, v)
			}
		}
		f.Value = values
		if absent {
			return Filter{Or: []Filter{f, {Field: f.Field, Op: OpEq}}}, nil
		}
		return f, nil
	}
	if f.Value, ok = typed(t, given); !ok {
		return f, misfit(given)
	}
	return f, nil
}

// typed is v as a value of type t.
func typed(t FieldType, v any) (any, bool) {
	switch n := v.(type) {
	case int:
		v = int64(n)
	case int32:
		v = int64(n)
	case float64:
		if !finite(n) {
			return nil, false
		}
	}
	switch t {
	case FieldString:
		s, ok := v.(string)
		return s, ok && storable(s)
	case FieldNames:
		s, ok := v.(string)
		return fold.Key(s), ok && storable(s)
	case FieldBool:
		b, ok := v.(bool)
		return b, ok
	case FieldInt:
		if x, ok := v.(float64); ok && x == math.Trunc(x) && math.Abs(x) <= 1<<53 {
			return int64(x), true
		}
		n, ok := v.(int64)
		return n, ok
	case FieldFloat:
		if n, ok := v.(int64); ok {
			return float64(n), true
		}
		x, ok := v.(float64)
		return x, ok
	}
	return nil, false
}

// Window is the stretch [start, end) of the total elements that match, by
// position, that the query asks for: afterAfter is the position of the first
// element after q.After (0 without it), before that of the first element not
// before q.Before (total without it). A page has an element before it if start
// is greater than 0, and one after it if end is less than total.
func (q PageQuery) Window(total, afterAfter, before int) (start, end int) {
	before = max(before, afterAfter)
	if q.Backward {
		return max(afterAfter, before-q.Limit), before
	}
	return afterAfter, min(afterAfter+q.Limit, before)
}

// Check tells whether the query names something to look for.
func (q MentionQuery) Check() error {
	if q.IDs == nil && q.Reports == nil && q.Entities == nil {
		return usage("mentions", "neither mentions, reports nor entities are given")
	}
	for _, k := range q.Kinds {
		if _, ok := entityKinds[k]; !ok {
			return usage("mentions", "%q is no kind of mention", k)
		}
	}
	return nil
}
