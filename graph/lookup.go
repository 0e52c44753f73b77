package graph

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"graphd/graph/model"
	"graphd/internal/adoption"
	"graphd/internal/fold"
	"graphd/internal/kg"
	"graphd/internal/store"
)

// maxCandidates bounds how many things of one name are told apart.
const maxCandidates = 100

// asked is the entity of a kind that an argument stands for: by its ID, or by a
// name, or, of a jurisdiction, by a code.
func (r *Resolver) asked(ctx context.Context, kind kg.Kind, arg model.ID) (kg.Entity, error) {
	x, err := indexOf(ctx)
	if err != nil {
		return kg.Entity{}, err
	}
	if e, ok := x.Entity(string(arg)); ok && e.Kind == kind {
		return e, nil
	}
	name, ok := arg.Name()
	if !ok {
		return kg.Entity{}, notFound("no %s has the ID %q", called[kind], arg.Opaque())
	}
	// A field of many parents has its arguments at each of them.
	found, _ := ctx.Value(snapshotKey{}).(*snapshot).called.LoadOrStore([2]string{string(kind), name}, sync.OnceValues(func() (kg.Entity, error) {
		switch kind {
		case kg.KindJurisdiction:
			if code, ok := shortCode(name); ok {
				return r.jurisdiction(ctx, &code, nil, nil)
			}
		case kg.KindLaw:
			return r.law(ctx, name)
		}
		return r.named(ctx, collections[kind], name, store.Filter{}, fold.Key(name))
	}))
	e, err := found.(func() (kg.Entity, error))()
	if coded, ok := err.(*gqlerror.Error); ok {
		own := *coded // gqlgen writes into an error where it arose
		err = &own
	}
	return e, err
}

var collections = map[kg.Kind]store.Collection{
	kg.KindJurisdiction: store.Jurisdictions, kg.KindPractice: store.Practices, kg.KindLaw: store.Laws,
	kg.KindLawFirm: store.LawFirms, kg.KindIndicator: store.Indicators,
}

// region is the ID of the jurisdiction asked for; empty if none is. It fails
// where there is no index, whatever is asked.
func (r *Resolver) region(ctx context.Context, within *model.ID) (string, error) {
	if within == nil {
		_, err := indexOf(ctx)
		return "", err
	}
	e, err := r.asked(ctx, kg.KindJurisdiction, *within)
	return e.ID, err
}

var called = map[kg.Kind]string{
	kg.KindJurisdiction: "jurisdiction", kg.KindPractice: "practice", kg.KindLaw: "law",
	kg.KindLawFirm: "law firm", kg.KindIndicator: "indicator",
}

// named is the one entity of a collection that bears one of the names. A name
// that is its own goes before a name that is an alias of others.
func (r *Resolver) named(ctx context.Context, of store.Collection, asked string, where store.Filter, keys ...string) (kg.Entity, error) {
	x, err := indexOf(ctx)
	if err != nil {
		return kg.Entity{}, err
	}
	if keys = distinct(keys); len(keys) == 0 {
		return kg.Entity{}, badInput("the name is empty")
	}
	page, err := r.reading(ctx).Page(ctx, store.PageQuery{
		Of: of, Where: &store.Filter{And: []store.Filter{{Field: "names", Op: store.OpIn, Value: keys}, where}}, Limit: maxCandidates,
	})
	if err != nil {
		return kg.Entity{}, err
	}
	var own, others []kg.Entity
	for _, k := range page.Keys {
		e, ok := x.Entity(k.ID)
		switch {
		case !ok:
			return e, errMoved()
		case slices.Contains(keys, fold.Key(e.Name)) || slices.Contains(keys, fold.Key(e.FullName)):
			own = append(own, e)
		default:
			others = append(others, e)
		}
	}
	if len(own) == 0 {
		own = others
	}
	switch len(own) {
	case 0:
		return kg.Entity{}, notFound("no %s of the corpus is called %q", called[of.Kind()], asked)
	case 1:
		return own[0], nil
	}
	return kg.Entity{}, ambiguous(asked, each(own, func(e kg.Entity) candidate {
		return candidate{ID: model.ID(e.ID).Opaque(), Name: e.Name, Path: pathOf(x, e)}
	}))
}

// pathOf is where an entity belongs: the names of a jurisdiction's ancestors
// and its own, from the province down; of a law, those of its issuer.
func pathOf(x *adoption.Index, e kg.Entity) []string {
	path := []string{}
	id := e.IssuedBy
	if e.Kind == kg.KindJurisdiction {
		id = e.ID
	}
	for _, id := range lineage(x, id) {
		j, _ := x.Entity(id)
		path = append(path, j.Name)
	}
	return path
}

// lineage is the jurisdiction with its ancestors, from the province down; empty
// for an empty ID.
func lineage(x *adoption.Index, id string) []string {
	var ids []string
	for id != "" {
		ids = append(ids, id)
		e, _ := x.Entity(id)
		id = e.ParentID
	}
	slices.Reverse(ids)
	return ids
}

func (r *Resolver) jurisdiction(ctx context.Context, code, name *string, within *model.ID) (kg.Entity, error) {
	x, err := indexOf(ctx)
	if err != nil {
		return kg.Entity{}, err
	}
	switch {
	case (code == nil) == (name == nil):
		return kg.Entity{}, badInput("give code or name, and not both")
	case code != nil && within != nil:
		return kg.Entity{}, badInput("within goes with a name; a code stands for one jurisdiction")
	case code != nil:
		short, ok := shortCode(*code)
		if !ok {
			return kg.Entity{}, badInput("a division code has 2, 4, 6, 9 or 12 digits: %q", *code)
		}
		e, ok := x.Entity(kg.JurisdictionID(short))
		if !ok {
			return e, notFound("no jurisdiction of the corpus has the code %q", *code)
		}
		return e, nil
	}
	where := store.Filter{}
	if region, err := r.region(ctx, within); err != nil {
		return kg.Entity{}, err
	} else if region != "" {
		where = store.Filter{Field: "id", Op: store.OpWithin, Value: region}
	}
	return r.named(ctx, store.Jurisdictions, *name, where, fold.Key(*name))
}

// shortCode is a division code without the zeros that fill it up: 310000 is 31,
// 310117000000 is 310117.
func shortCode(code string) (short string, ok bool) {
	lengths := []int{12, 9, 6, 4, 2}
	code = fold.Name(code)
	if !slices.Contains(lengths, len(code)) || strings.Trim(code, "0123456789") != "" {
		return "", false
	}
	for i, n := range lengths[:len(lengths)-1] {
		shorter := lengths[i+1]
		if len(code) == n && strings.Trim(code[shorter:], "0") == "" {
			code = code[:shorter]
		}
	}
	return code, true
}

func (r *Resolver) law(ctx context.Context, title string) (kg.Entity, error) {
	key := fold.Key(title)
	if inner, ok := strings.CutPrefix(key, "《"); ok {
		key = strings.TrimSuffix(inner, "》")
	}
	return r.named(ctx, store.Laws, title, store.Filter{}, key, strings.TrimPrefix(key, "中华人民共和国"))
}

// inForce tells whether a law was in force in a year; nil where that is
// unknown.
func inForce(law kg.Entity, year int) *bool {
	if in, known := law.InForce(year); known {
		return &in
	}
	return nil
}
