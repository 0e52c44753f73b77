package graph_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"graphd/graph"
	"graphd/internal/kg"
	"graphd/internal/store"
)

// TestWalkUnderWrites follows pageInfo alone while another writes all the time:
// every item that does not change comes once, in its order, and none comes twice.
func TestWalkUnderWrites(t *testing.T) {
	for name, open := range map[string]func(*testing.T) store.Store{
		"sqlite": func(t *testing.T) store.Store { return openSQLite(t) },
		"neo4j":  openNeo4j,
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			var steady []kg.Facts
			for year := 2001; year <= 2015; year++ {
				steady = append(steady, reportOf(county, year, counts(float64(year)), names(maple, kg.StatusImplemented)))
			}
			apply(t, s, steady...)
			c := config(t, s)
			for _, list := range []string{
				"reports(%s) { edges { node { id } } %s }",
				"reports(%s, orderBy: [{ field: TITLE }]) { edges { node { id } } %s }",
				"metrics(%s) { edges { node { id } } %s }",
				"metrics(%s, orderBy: [{ field: VALUE, direction: DESC }]) { edges { node { id } } %s }",
				`search(%s, text: "年", kinds: [REPORT]) { edges { node { node { id } } } %s }`,
			} {
				before := walkAll(t, c, list, false)
				if len(before) < 15 {
					t.Fatalf("%s: only %d items", list, len(before))
				}
				stop := writing(t, s)
				for _, backward := range []bool{false, true} {
					got := walkAll(t, c, list, backward)
					if twice := repeated(got); twice != "" {
						t.Errorf("%s: %s comes twice", list, twice)
					}
					kept := slices.DeleteFunc(got, func(id string) bool { return !slices.Contains(before, id) })
					if !slices.Equal(kept, before) {
						t.Errorf("%s, backward %v: %d of %d items that did not change, or in another order", list, backward, len(kept), len(before))
					}
				}
				stop()
			}
		})
	}
}

func repeated(ids []string) string {
	seen := map[string]bool{}
	for _, id := range ids {
		if seen[id] {
			return id
		}
		seen[id] = true
	}
	return ""
}

// walkAll reads a list two at a time, by pageInfo alone, and returns its IDs in
// the order of the list. Where the corpus changed too often meanwhile it asks again,
// as it is told to.
func walkAll(t *testing.T, c graph.Config, list string, backward bool) []string {
	t.Helper()
	var ids []string
	page := "first: 2"
	if backward {
		page = "last: 2"
	}
	for {
		query := fmt.Sprintf("{ list: "+list+" }", page, "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }")
		got := decode(t, ask(t, c, query, nil))
		if len(got.Errors) > 0 && got.Errors[0].Extensions["code"] == "UNAVAILABLE" {
			continue
		}
		if len(got.Errors) > 0 {
			t.Fatalf("%s: %v", query, got.Errors)
		}
		answer := got.Data["list"].(map[string]any)
		var here []string
		for _, e := range answer["edges"].([]any) {
			node := e.(map[string]any)["node"].(map[string]any)
			if hit, ok := node["node"].(map[string]any); ok {
				node = hit
			}
			here = append(here, node["id"].(string))
		}
		info := answer["pageInfo"].(map[string]any)
		if backward {
			ids = append(here, ids...)
			if info["hasPreviousPage"] != true {
				return ids
			}
			page = fmt.Sprintf("last: 2, before: %q", info["startCursor"])
		} else {
			ids = append(ids, here...)
			if info["hasNextPage"] != true {
				return ids
			}
			page = fmt.Sprintf("first: 2, after: %q", info["endCursor"])
		}
	}
}

// writing stores and removes other reports until stop is called, which removes
// those that are left.
func writing(t *testing.T, s store.Store) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	var there []string
	var done sync.WaitGroup
	done.Go(func() {
		random := rand.New(rand.NewPCG(1, 2))
		for ctx.Err() == nil {
			if len(there) > 5 || len(there) > 0 && random.IntN(2) == 0 {
				if _, err := s.Remove(t.Context(), there[:1]); err != nil {
					t.Error(err)
				}
				there = there[1:]
				continue
			}
			f := reportOf(northCity, 2000+random.IntN(17), counts(random.Float64()*1000), names(bridge, kg.StatusImplemented))
			if _, err := s.Apply(t.Context(), []kg.Facts{f}); err != nil {
				t.Error(err)
			}
			there = append(there, f.Report.ID)
		}
	})
	return func() {
		cancel()
		done.Wait()
		if _, err := s.Remove(t.Context(), there); err != nil {
			t.Error(err)
		}
	}
}
