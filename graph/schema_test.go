package graph_test

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"graphd/graph"
)

// TestEverythingIsDescribed reads the schema as a client's tools do.
func TestEverythingIsDescribed(t *testing.T) {
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: graph.SDL})
	if err != nil {
		t.Fatal(err)
	}
	described := 0
	check := func(place, description string) {
		described++
		if strings.TrimSpace(description) == "" {
			t.Errorf("%s has no description", place)
		} else if last := description[len(description)-1]; !strings.ContainsRune(".!", rune(last)) {
			t.Errorf("%s: its description ends without a full stop: %q", place, description)
		}
	}
	for name, def := range schema.Types {
		if def.BuiltIn || strings.HasPrefix(name, "__") {
			continue
		}
		check(name, def.Description)
		for _, f := range def.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			check(name+"."+f.Name, f.Description)
			for _, a := range f.Arguments {
				check(name+"."+f.Name+"("+a.Name+")", a.Description)
			}
		}
		for _, v := range def.EnumValues {
			check(name+"."+v.Name, v.Description)
		}
	}
	for name, d := range schema.Directives {
		if d.Position.Src.BuiltIn {
			continue
		}
		check("@"+name, d.Description)
		for _, a := range d.Arguments {
			check("@"+name+"("+a.Name+")", a.Description)
		}
	}
	if described < 400 {
		t.Errorf("only %d things were looked at", described)
	}
}

// TestListsAreWhole demands that lists and their members are never null, save
// Query.nodes, where null stands for an unknown ID.
func TestListsAreWhole(t *testing.T) {
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: graph.SDL})
	if err != nil {
		t.Fatal(err)
	}
	for name, def := range schema.Types {
		if def.BuiltIn || def.Kind != ast.Object && def.Kind != ast.Interface {
			continue
		}
		for _, f := range def.Fields {
			if f.Type.Elem == nil || name+"."+f.Name == "Query.nodes" {
				continue
			}
			if !f.Type.NonNull || !f.Type.Elem.NonNull {
				t.Errorf("%s.%s is %s", name, f.Name, f.Type)
			}
		}
	}
}
