package graph

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"graphd/graph/model"
	"graphd/internal/kg"
	"graphd/internal/store"
)

// The where inputs of the schema as filters of package store. A nil input is a
// filter that holds for all.

func reportWhere(w *model.ReportWhere) store.Filter {
	if w == nil {
		return store.Filter{}
	}
	return all(connectives(w.And, w.Or, w.Not, reportWhere),
		byID("id", kg.NodeReport, w.ID), byText("title", w.Title), byJurisdiction("issuer", w.Issuer), byText("department", w.Department),
		byInt("year", w.Year), byDate("published", w.Published), byText("docNumber", w.DocNumber), byBool("composed", w.Composed))
}

func jurisdictionWhere(w *model.JurisdictionWhere) store.Filter {
	if w == nil {
		return store.Filter{}
	}
	return all(connectives(w.And, w.Or, w.Not, jurisdictionWhere),
		byJurisdiction("id", w.ID), byName(w.Name), byText("code", w.Code), byLevel(w.Level),
		byJurisdiction("parent", w.Parent), byInt("reportCount", w.ReportCount), byInt("mentionCount", w.MentionCount))
}

func practiceWhere(w *model.PracticeWhere) store.Filter {
	if w == nil {
		return store.Filter{}
	}
	return all(connectives(w.And, w.Or, w.Not, practiceWhere),
		byID("id", kg.NodePractice, w.ID), byName(w.Name), byScope(w.Scope), byText("category", w.Category),
		byID("variantOf", kg.NodePractice, w.VariantOf), byID("partOf", kg.NodePractice, w.PartOf),
		byInt("reportCount", w.ReportCount), byInt("mentionCount", w.MentionCount))
}

func lawWhere(w *model.LawWhere) store.Filter {
	if w == nil {
		return store.Filter{}
	}
	return all(connectives(w.And, w.Or, w.Not, lawWhere),
		byID("id", kg.NodeLaw, w.ID), byName(w.Title), byLawType(w.Type), byJurisdiction("issuer", w.Issuer),
		byInt("reportCount", w.ReportCount), byInt("mentionCount", w.MentionCount))
}

func lawFirmWhere(w *model.LawFirmWhere) store.Filter {
	if w == nil {
		return store.Filter{}
	}
	return all(connectives(w.And, w.Or, w.Not, lawFirmWhere),
		byID("id", kg.NodeLawFirm, w.ID), byName(w.Name), byInt("reportCount", w.ReportCount), byInt("mentionCount", w.MentionCount))
}

func indicatorWhere(w *model.IndicatorWhere) store.Filter {
	if w == nil {
		return store.Filter{}
	}
	return all(connectives(w.And, w.Or, w.Not, indicatorWhere),
		byID("id", kg.NodeIndicator, w.ID), byName(w.Name), byText("unit", w.Unit),
		byInt("reportCount", w.ReportCount), byInt("mentionCount", w.MentionCount))
}

func metricWhere(w *model.MetricWhere) store.Filter {
	if w == nil {
		return store.Filter{}
	}
	return all(connectives(w.And, w.Or, w.Not, metricWhere),
		byID("id", kg.NodeMetric, w.ID), byID("report", kg.NodeReport, w.Report), byID("indicator", kg.NodeIndicator, w.Indicator),
		byText("label", w.Label), byFloat("value", w.Value), byText("unit", w.Unit), byBool("approximate", w.Approximate), byBool("target", w.Target),
		byText("period", w.Period), byInt("year", w.Year), byJurisdiction("issuer", w.Issuer))
}

// all holds where every filter of every list does.
func all(lists ...[]store.Filter) store.Filter { return store.Filter{And: slices.Concat(lists...)} }

func connectives[W any](and, or []*W, not *W, where func(*W) store.Filter) []store.Filter {
	var filters []store.Filter
	for _, w := range and {
		filters = append(filters, where(w))
	}
	if or != nil {
		any := []store.Filter{}
		for _, w := range or {
			any = append(any, where(w))
		}
		filters = append(filters, store.Filter{Or: any})
	}
	if not != nil {
		n := where(not)
		filters = append(filters, store.Filter{Not: &n})
	}
	return filters
}

// condition collects comparisons of one field.
type condition struct {
	field   string
	filters []store.Filter
}

func (c *condition) add(op store.Op, value any) {
	c.filters = append(c.filters, store.Filter{Field: c.field, Op: op, Value: value})
}

// compare adds a comparison where an operand is given.
func compare[T any](c *condition, op store.Op, operand *T) {
	if operand != nil {
		c.add(op, *operand)
	}
}

// equal adds a comparison where an operand is given, be it null.
func equal[T any](c *condition, op store.Op, operand graphql.Omittable[*T]) {
	if v, given := operand.ValueOK(); given && v == nil {
		c.add(op, nil)
	} else if given {
		c.add(op, *v)
	}
}

// among adds a membership where a list is given, be it empty.
func among[T any](c *condition, list []T) {
	if list != nil {
		c.add(store.OpIn, list)
	}
}

func byText(field string, f *model.StringFilter) []store.Filter {
	if f == nil {
		return nil
	}
	c := &condition{field: field}
	equal(c, store.OpEq, f.Eq)
	equal(c, store.OpNe, f.Ne)
	among(c, f.In)
	compare(c, store.OpContains, f.Contains)
	compare(c, store.OpStartsWith, f.StartsWith)
	return c.filters
}

func byName(f *model.NameFilter) []store.Filter {
	if f == nil {
		return nil
	}
	c := &condition{field: "names"}
	if eq, given := f.Eq.ValueOK(); given && eq == nil {
		c.filters = append(c.filters, store.Filter{Or: []store.Filter{}}) // everything has a name
	} else {
		compare(c, store.OpEq, eq)
	}
	among(c, f.In)
	compare(c, store.OpContains, f.Contains)
	compare(c, store.OpStartsWith, f.StartsWith)
	return c.filters
}

func byInt(field string, f *model.IntFilter) []store.Filter {
	if f == nil {
		return nil
	}
	return ordered(field, f.Eq, f.Ne, f.In, f.Lt, f.Lte, f.Gt, f.Gte)
}

func byFloat(field string, f *model.FloatFilter) []store.Filter {
	if f == nil {
		return nil
	}
	return ordered(field, f.Eq, f.Ne, f.In, f.Lt, f.Lte, f.Gt, f.Gte)
}

func byDate(field string, f *model.DateFilter) []store.Filter {
	if f == nil {
		return nil
	}
	return ordered(field, f.Eq, f.Ne, f.In, f.Lt, f.Lte, f.Gt, f.Gte)
}

func ordered[T any](field string, eq, ne graphql.Omittable[*T], in []T, lt, lte, gt, gte *T) []store.Filter {
	c := &condition{field: field}
	equal(c, store.OpEq, eq)
	equal(c, store.OpNe, ne)
	among(c, in)
	compare(c, store.OpLt, lt)
	compare(c, store.OpLte, lte)
	compare(c, store.OpGt, gt)
	compare(c, store.OpGte, gte)
	return c.filters
}

func byBool(field string, f *model.BooleanFilter) []store.Filter {
	if f == nil {
		return nil
	}
	c := &condition{field: field}
	equal(c, store.OpEq, f.Eq)
	equal(c, store.OpNe, f.Ne)
	return c.filters
}

// reference is a thing as a client names it: of a type, by its ID or, of an
// entity, by whatever else an argument takes. It is the operand of a comparison
// until Resolver.settle puts an ID in its place.
type reference struct {
	of    kg.NodeType
	asked model.ID
}

func byID(field string, of kg.NodeType, f *model.IDFilter) []store.Filter {
	if f == nil {
		return nil
	}
	return references(field, of, f.Eq, f.Ne, f.In, nil)
}

func byJurisdiction(field string, f *model.JurisdictionFilter) []store.Filter {
	if f == nil {
		return nil
	}
	return references(field, kg.NodeJurisdiction, f.Eq, f.Ne, f.In, f.Within)
}

func references(field string, of kg.NodeType, eq, ne graphql.Omittable[*model.ID], in []model.ID, within *model.ID) []store.Filter {
	c := &condition{field: field}
	refer := func(id model.ID) reference { return reference{of, id} }
	equal(c, store.OpEq, operand(eq, refer))
	equal(c, store.OpNe, operand(ne, refer))
	if in != nil {
		c.add(store.OpIn, each(in, refer))
	}
	if within != nil {
		c.add(store.OpWithin, refer(*within))
	}
	return c.filters
}

// operand is an operand in another form; one left out, or null, stays so.
func operand[T, R any](given graphql.Omittable[*T], form func(T) R) graphql.Omittable[*R] {
	v, ok := given.ValueOK()
	switch {
	case !ok:
		return graphql.Omittable[*R]{}
	case v == nil:
		return graphql.OmittableOf[*R](nil)
	}
	r := form(*v)
	return graphql.OmittableOf(&r)
}

// maxNames bounds the names of things in one where, each of which is looked up.
const maxNames = 100

// settle puts the ID of what it stands for in the place of every reference in
// f. What stands for nothing, or for several, is the error that it is as an
// argument, under not as well: else a list would be empty, or full, for a reason
// that its reader takes for another.
func (r *Resolver) settle(ctx context.Context, f *store.Filter) error {
	names := maxNames
	return r.settleWithin(ctx, f, &names)
}

func (r *Resolver) settleWithin(ctx context.Context, f *store.Filter, names *int) (err error) {
	switch v := f.Value.(type) {
	case reference:
		var ids []string
		if ids, err = r.referred(ctx, []reference{v}, names); err == nil {
			f.Value = ids[0]
		}
	case []reference:
		f.Value, err = r.referred(ctx, v, names)
	}
	for i := 0; err == nil && i < len(f.And); i++ {
		err = r.settleWithin(ctx, &f.And[i], names)
	}
	for i := 0; err == nil && i < len(f.Or); i++ {
		err = r.settleWithin(ctx, &f.Or[i], names)
	}
	if err == nil && f.Not != nil {
		err = r.settleWithin(ctx, f.Not, names)
	}
	return err
}

// referred is the IDs of what references stand for; names is how many names may
// yet be looked up.
func (r *Resolver) referred(ctx context.Context, refs []reference, names *int) ([]string, error) {
	x, err := indexOf(ctx)
	if err != nil {
		return nil, err
	}
	figures, err := r.mentionsByID(ctx, ofType(each(refs, func(ref reference) model.ID { return ref.asked }), kg.NodeMetric))
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(refs))
	for i, ref := range refs {
		ids[i] = string(ref.asked)
		switch ref.of {
		case kg.NodeReport:
			if _, ok := x.Report(ids[i]); !ok {
				return nil, notFound("no report has the ID %q", ref.asked.Opaque())
			}
		case kg.NodeMetric:
			if _, ok := figures[ids[i]]; !ok {
				return nil, notFound("no figure has the ID %q", ref.asked.Opaque())
			}
		default:
			if _, named := ref.asked.Name(); named {
				*names--
			}
			if *names < 0 {
				return nil, badInput("a where holds at most %d names of things; use their IDs", maxNames)
			}
			e, err := r.asked(ctx, kg.Kind(ref.of), ref.asked)
			if err != nil {
				return nil, err
			}
			ids[i] = e.ID
		}
	}
	return ids, nil
}

// The orders of enums, as the schema lists their values.
var (
	levels   = []kg.Level{kg.LevelProvince, kg.LevelPrefecture, kg.LevelCounty, kg.LevelTownship, kg.LevelVillage}
	scopes   = []kg.Scope{kg.ScopeNational, kg.ScopeProvincial, kg.ScopeLocal}
	lawTypes = []kg.LawType{
		kg.LawConstitution, kg.LawLaw, kg.LawAdministrativeRegulation, kg.LawLocalRegulation, kg.LawRule,
		kg.LawJudicialInterpretation, kg.LawPartyRegulation, kg.LawPolicy, kg.LawOther,
	}
)

func byLevel(f *model.LevelFilter) []store.Filter {
	if f == nil {
		return nil
	}
	return ranked("level", levels, f.Eq, f.Ne, f.In, f.Lt, f.Lte, f.Gt, f.Gte)
}

func byScope(f *model.ScopeFilter) []store.Filter {
	if f == nil {
		return nil
	}
	return ranked("scope", scopes, f.Eq, f.Ne, f.In, f.Lt, f.Lte, f.Gt, f.Gte)
}

func byLawType(f *model.LawTypeFilter) []store.Filter {
	if f == nil {
		return nil
	}
	return ranked("type", lawTypes, f.Eq, f.Ne, f.In, f.Lt, f.Lte, f.Gt, f.Gte)
}

// ranked compares enum values by their place in order: stores know their names
// only, so that a comparison becomes the list of values for which it holds.
func ranked[E ~string](field string, order []E, eqOrNull, neOrNull graphql.Omittable[*E], in []E, lt, lte, gt, gte *E) []store.Filter {
	c := &condition{field: field}
	value := func(op store.Op, operand graphql.Omittable[*E]) *E {
		e, given := operand.ValueOK()
		if given && e == nil {
			c.add(op, nil)
		}
		return e
	}
	eq, ne := value(store.OpEq, eqOrNull), value(store.OpNe, neOrNull)
	holds := func(e E) bool {
		rank := func(o *E) int { return slices.Index(order, e) - slices.Index(order, *o) }
		return (eq == nil || rank(eq) == 0) && (ne == nil || rank(ne) != 0) && (in == nil || slices.Contains(in, e)) &&
			(lt == nil || rank(lt) < 0) && (lte == nil || rank(lte) <= 0) && (gt == nil || rank(gt) > 0) && (gte == nil || rank(gte) >= 0)
	}
	values := []string{}
	for _, e := range order {
		if holds(e) {
			values = append(values, string(e))
		}
	}
	if len(values) < len(order) {
		c.add(store.OpIn, values)
	}
	return c.filters
}

// The sort keys of the schema as those of package store.

func reportOrder(by []*model.ReportOrder) []store.Order {
	fields := map[model.ReportOrderField]string{
		model.ReportOrderFieldYear: "year", model.ReportOrderFieldPublished: "published",
		model.ReportOrderFieldTitle: "title", model.ReportOrderFieldIssuer: "issuer",
	}
	if len(by) == 0 {
		return []store.Order{{Field: "year", Desc: true}}
	}
	order := make([]store.Order, len(by))
	for i, o := range by {
		order[i] = store.Order{Field: fields[o.Field], Desc: o.Direction == model.OrderDirectionDesc}
	}
	return order
}

func entityOrder(by []*model.EntityOrder) []store.Order {
	fields := map[model.EntityOrderField]string{
		model.EntityOrderFieldName: "name", model.EntityOrderFieldReportCount: "reportCount",
		model.EntityOrderFieldMentionCount: "mentionCount",
	}
	order := make([]store.Order, len(by))
	for i, o := range by {
		order[i] = store.Order{Field: fields[o.Field], Desc: o.Direction == model.OrderDirectionDesc}
	}
	return order
}

func metricOrder(by []*model.MetricOrder) []store.Order {
	fields := map[model.MetricOrderField]string{
		model.MetricOrderFieldValue: "value", model.MetricOrderFieldLabel: "label", model.MetricOrderFieldUnit: "unit",
		model.MetricOrderFieldYear: "year", model.MetricOrderFieldIssuer: "issuer",
	}
	order := make([]store.Order, len(by))
	for i, o := range by {
		order[i] = store.Order{Field: fields[o.Field], Desc: o.Direction == model.OrderDirectionDesc}
	}
	return append(order, store.Order{Field: "report"}, store.Order{Field: "start"})
}
