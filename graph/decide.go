package graph

import (
	"context"
	"slices"
	"time"

	"graphd/graph/model"
	"graphd/internal/kg"
)

type editorKey struct{}

// WithEditor is ctx for a request of an editor with this name.
func WithEditor(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, editorKey{}, name)
}

// editing is who asks for a change, and when.
func (r *Resolver) editing(ctx context.Context) (by, at string, err error) {
	if r.editor == nil {
		return "", "", coded(codeForbidden, "this server changes nothing")
	}
	by, ok := ctx.Value(editorKey{}).(string)
	if !ok {
		return "", "", coded(codeUnauthorized, "changes need a token: send it as Authorization: Bearer")
	}
	return by, r.now().UTC().Format(time.RFC3339), nil
}

// maxSplit bounds the mentions that are split off at once.
const maxSplit = 100

func (r *Resolver) decide(ctx context.Context, d kg.Decision, mentions ...model.ID) (*model.Decision, error) {
	var err error
	if d.By, d.At, err = r.editing(ctx); err != nil {
		return nil, err
	}
	if len(mentions) > maxSplit {
		return nil, badInput("%d mentions are more than %d", len(mentions), maxSplit)
	}
	x, err := indexOf(ctx)
	if err != nil {
		return nil, err
	}
	for _, id := range []string{d.EntityID, d.IntoID} {
		if _, ok := x.Entity(id); id != "" && !ok {
			return nil, notFound("no entity has the ID %q", model.ID(id).Opaque())
		}
	}
	ids := each(mentions, model.MentionID)
	found, err := r.mentionsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i, id := range ids {
		if _, ok := found[id]; !ok {
			return nil, notFound("no mention has the ID %q", mentions[i].Opaque())
		}
	}
	made, err := r.editor.Decide(ctx, d, ids)
	return r.decided(ctx, made, err)
}

func (r *Resolver) undo(ctx context.Context, id model.ID, reason *string) (*model.Decision, error) {
	by, at, err := r.editing(ctx)
	if err != nil {
		return nil, err
	}
	held, err := r.reading(ctx).Decisions(ctx)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(held, func(d kg.Decision) bool { return d.ID == string(id) }) {
		return nil, notFound("no decision has the ID %q", id.Opaque())
	}
	undone, err := r.editor.Undo(ctx, string(id), by, at, or(reason, "undone"))
	return r.decided(ctx, undone, err)
}

// decided shows a decision as of the revision that it made.
func (r *Resolver) decided(ctx context.Context, d kg.Decision, err error) (*model.Decision, error) {
	if err != nil {
		return nil, err
	}
	if err := r.renew(ctx); err != nil {
		return nil, err
	}
	return single(&model.Decision{Decision: d}), nil
}

// decisions shows the last n, the latest first.
func (r *Resolver) decisions(ctx context.Context, first *int) ([]*model.Decision, error) {
	n, err := upTo(first, 20)
	if err != nil {
		return nil, err
	}
	held, err := r.reading(ctx).Decisions(ctx)
	if err != nil {
		return nil, err
	}
	slices.Reverse(held)
	return model.Join(each(head(held, n), func(d kg.Decision) *model.Decision { return &model.Decision{Decision: d} })), nil
}

// placeDecisions places decisions among nodes.
func (r *Resolver) placeDecisions(ctx context.Context, ids []model.ID, nodes []model.Node) error {
	if len(ofType(ids, kg.NodeDecision)) == 0 {
		return nil
	}
	held, err := r.reading(ctx).Decisions(ctx)
	if err != nil {
		return err
	}
	var siblings []*model.Decision
	for i, id := range ids {
		if at := slices.IndexFunc(held, func(d kg.Decision) bool { return d.ID == string(id) }); at >= 0 {
			n := &model.Decision{Decision: held[at]}
			nodes[i], siblings = n, append(siblings, n)
		}
	}
	model.Join(siblings)
	return nil
}

// decidedOn are the entities that decisions are about, those that are there.
func (r *Resolver) decidedOn(ctx context.Context, all []*model.Decision, id func(*model.Decision) string) ([]model.Node, error) {
	return r.nodes(ctx, each(all, func(d *model.Decision) model.ID { return model.ID(id(d)) }))
}
