package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

type level string

const (
	breaking  level = "BREAKING"
	dangerous level = "DANGEROUS"
	safe      level = "SAFE"
)

type change struct {
	level level
	at    string // a schema coordinate, or `schema` for the root operation types
	what  string
}

func (c change) String() string { return fmt.Sprintf("%s %s: %s", c.level, c.at, c.what) }

// diff is what changed from old to new, sorted by level, place and text.
func diff(old, new *ast.Schema) []change {
	var d differ
	d.roots(old, new)
	pair(slices.Collect(maps.Values(old.Types)), slices.Collect(maps.Values(new.Types)), typeName,
		func(t *ast.Definition) { d.add(breaking, t.Name, "type removed") },
		func(t *ast.Definition) { d.add(safe, t.Name, "type added") },
		d.definition)
	pair(slices.Collect(maps.Values(old.Directives)), slices.Collect(maps.Values(new.Directives)), directiveName,
		func(t *ast.DirectiveDefinition) { d.add(breaking, "@"+t.Name, "directive removed") },
		func(t *ast.DirectiveDefinition) { d.add(safe, "@"+t.Name, "directive added") },
		d.directive)
	slices.SortFunc(d.changes, func(a, b change) int {
		return cmp.Or(cmp.Compare(a.level, b.level), cmp.Compare(a.at, b.at), cmp.Compare(a.what, b.what))
	})
	return d.changes
}

type differ struct{ changes []change }

func (d *differ) add(l level, at, format string, args ...any) {
	d.changes = append(d.changes, change{l, at, fmt.Sprintf(format, args...)})
}

// roots compares the root operation types. A root that comes or goes with its
// type is that type's change.
func (d *differ) roots(old, new *ast.Schema) {
	compare := func(operation ast.Operation, was, is *ast.Definition) {
		switch {
		case was != nil && is != nil && was.Name != is.Name:
			d.add(breaking, "schema", "%s root changed from %s to %s", operation, was.Name, is.Name)
		case was != nil && is == nil && new.Types[was.Name] != nil:
			d.add(breaking, "schema", "%s root removed: %s", operation, was.Name)
		case was == nil && is != nil && old.Types[is.Name] != nil:
			d.add(safe, "schema", "%s root added: %s", operation, is.Name)
		}
	}
	compare(ast.Query, old.Query, new.Query)
	compare(ast.Mutation, old.Mutation, new.Mutation)
	compare(ast.Subscription, old.Subscription, new.Subscription)
}

func (d *differ) definition(old, new *ast.Definition) {
	d.description(old.Name, old.Description, new.Description)
	if old.Kind != new.Kind {
		d.add(breaking, old.Name, "kind changed from %s to %s", old.Kind, new.Kind)
		return
	}
	switch old.Kind {
	case ast.Object, ast.Interface:
		d.fields(old, new)
		d.members("interface", old.Name, old.Interfaces, new.Interfaces, dangerous)
	case ast.InputObject:
		at := func(name string) string { return old.Name + "." + name }
		d.inputs("input field", at, asArguments(old.Fields), asArguments(new.Fields), dangerous)
	case ast.Union:
		d.members("member", old.Name, old.Types, new.Types, dangerous)
	case ast.Enum:
		at := func(v *ast.EnumValueDefinition) string { return old.Name + "." + v.Name }
		pair(old.EnumValues, new.EnumValues, enumValueName,
			func(v *ast.EnumValueDefinition) { d.add(breaking, at(v), "enum value removed") },
			func(v *ast.EnumValueDefinition) { d.add(dangerous, at(v), "enum value added") },
			func(was, is *ast.EnumValueDefinition) {
				d.description(at(was), was.Description, is.Description)
				d.deprecation(at(was), was.Directives, is.Directives)
			})
	}
}

func (d *differ) fields(old, new *ast.Definition) {
	at := func(f *ast.FieldDefinition) string { return old.Name + "." + f.Name }
	pair(declared(old.Fields), declared(new.Fields), fieldName,
		func(f *ast.FieldDefinition) { d.add(breaking, at(f), "field removed") },
		func(f *ast.FieldDefinition) { d.add(safe, at(f), "field added") },
		func(was, is *ast.FieldDefinition) {
			d.description(at(was), was.Description, is.Description)
			d.deprecation(at(was), was.Directives, is.Directives)
			d.typ(at(was), was.Type, is.Type, within(is.Type, was.Type))
			atArgument := func(name string) string { return at(was) + "(" + name + ":)" }
			d.inputs("argument", atArgument, was.Arguments, is.Arguments, dangerous)
		})
}

// inputs compares arguments or input fields. optionalAdded is the level of a
// new one that need not be given.
func (d *differ) inputs(kind string, at func(name string) string, old, new ast.ArgumentDefinitionList, optionalAdded level) {
	pair(old, new, argumentName,
		func(a *ast.ArgumentDefinition) { d.add(breaking, at(a.Name), "%s %s removed", need(a), kind) },
		func(a *ast.ArgumentDefinition) {
			l := optionalAdded
			if required(a) {
				l = breaking
			}
			d.add(l, at(a.Name), "%s %s added", need(a), kind)
		},
		func(was, is *ast.ArgumentDefinition) {
			d.description(at(was.Name), was.Description, is.Description)
			d.deprecation(at(was.Name), was.Directives, is.Directives)
			d.typ(at(was.Name), was.Type, is.Type, within(was.Type, is.Type))
			d.defaultValue(at(was.Name), was, is)
		})
}

func (d *differ) typ(at string, old, new *ast.Type, compatible bool) {
	if old.String() == new.String() {
		return
	}
	l := breaking
	if compatible {
		l = safe
	}
	d.add(l, at, "type changed from %s to %s", old, new)
}

func (d *differ) defaultValue(at string, old, new *ast.ArgumentDefinition) {
	was, is := old.DefaultValue, new.DefaultValue
	switch {
	case was == nil && is == nil:
	case was == nil:
		d.add(safe, at, "default value added: %s", canonical(is))
	case is == nil:
		l := dangerous
		if required(new) {
			l = breaking
		}
		d.add(l, at, "default value removed: %s", canonical(was))
	case canonical(was) != canonical(is):
		d.add(dangerous, at, "default value changed from %s to %s", canonical(was), canonical(is))
	}
}

func (d *differ) directive(old, new *ast.DirectiveDefinition) {
	place := "@" + old.Name
	d.description(place, old.Description, new.Description)
	at := func(name string) string { return place + "(" + name + ":)" }
	// Schemas apply directives and operations seldom do, so graphql-js calls a
	// new optional argument safe here.
	d.inputs("argument", at, old.Arguments, new.Arguments, safe)
	d.members("location", place, texts(old.Locations), texts(new.Locations), safe)
	switch {
	case old.IsRepeatable && !new.IsRepeatable:
		d.add(breaking, place, "repeatable removed")
	case !old.IsRepeatable && new.IsRepeatable:
		d.add(safe, place, "repeatable added")
	}
}

func (d *differ) members(kind, at string, old, new []string, added level) {
	for _, name := range old {
		if !slices.Contains(new, name) {
			d.add(breaking, at, "%s removed: %s", kind, name)
		}
	}
	for _, name := range new {
		if !slices.Contains(old, name) {
			d.add(added, at, "%s added: %s", kind, name)
		}
	}
}

func (d *differ) description(at, old, new string) {
	if old != new {
		d.add(safe, at, "description changed")
	}
}

func (d *differ) deprecation(at string, old, new ast.DirectiveList) {
	was, wasDeprecated := reason(old)
	is, isDeprecated := reason(new)
	switch {
	case !wasDeprecated && isDeprecated:
		d.add(safe, at, "deprecation added: %q", is)
	case wasDeprecated && !isDeprecated:
		d.add(safe, at, "deprecation removed: %q", was)
	case was != is:
		d.add(safe, at, "deprecation changed from %q to %q", was, is)
	}
}

// reason is why something is deprecated, and whether it is.
func reason(directives ast.DirectiveList) (string, bool) {
	deprecated := directives.ForName("deprecated")
	if deprecated == nil {
		return "", false
	}
	if given := deprecated.Arguments.ForName("reason"); given != nil {
		return given.Value.Raw, true
	}
	return "No longer supported", true // the default that the specification gives
}

// within tells whether every value of type a is one of type b. An output type
// may only narrow, an input type only widen.
func within(a, b *ast.Type) bool {
	if b.NonNull && !a.NonNull {
		return false
	}
	if a.Elem != nil && b.Elem != nil {
		return within(a.Elem, b.Elem)
	}
	return a.Elem == nil && b.Elem == nil && a.NamedType == b.NamedType
}

func required(a *ast.ArgumentDefinition) bool { return a.Type.NonNull && a.DefaultValue == nil }

func need(a *ast.ArgumentDefinition) string {
	if required(a) {
		return "required"
	}
	return "optional"
}

// canonical is v as text; the order of an object's fields makes no difference.
func canonical(v *ast.Value) string {
	switch v.Kind {
	case ast.ListValue:
		var items []string
		for _, item := range v.Children {
			items = append(items, canonical(item.Value))
		}
		return "[" + strings.Join(items, ", ") + "]"
	case ast.ObjectValue:
		var fields []string
		for _, field := range v.Children {
			fields = append(fields, field.Name+": "+canonical(field.Value))
		}
		slices.Sort(fields)
		return "{" + strings.Join(fields, ", ") + "}"
	}
	return v.String()
}

// pair calls removed for what only old has, added for what only new has, and
// kept for what both have under one name.
func pair[T any](old, new []*T, name func(*T) string, removed, added func(*T), kept func(old, new *T)) {
	rest := map[string]*T{}
	for _, n := range new {
		rest[name(n)] = n
	}
	for _, o := range old {
		if n := rest[name(o)]; n != nil {
			kept(o, n)
			delete(rest, name(o))
		} else {
			removed(o)
		}
	}
	for _, n := range rest {
		added(n)
	}
}

func typeName(t *ast.Definition) string               { return t.Name }
func directiveName(d *ast.DirectiveDefinition) string { return d.Name }
func fieldName(f *ast.FieldDefinition) string         { return f.Name }
func argumentName(a *ast.ArgumentDefinition) string   { return a.Name }
func enumValueName(v *ast.EnumValueDefinition) string { return v.Name }

// declared leaves out the fields of introspection, which the parser adds to
// whatever type is the query root.
func declared(fields ast.FieldList) ast.FieldList {
	return slices.DeleteFunc(slices.Clone(fields), func(f *ast.FieldDefinition) bool { return strings.HasPrefix(f.Name, "__") })
}

func asArguments(fields ast.FieldList) (arguments ast.ArgumentDefinitionList) {
	for _, f := range fields {
		arguments = append(arguments, &ast.ArgumentDefinition{
			Name: f.Name, Description: f.Description, Type: f.Type, DefaultValue: f.DefaultValue, Directives: f.Directives,
		})
	}
	return arguments
}

func texts(locations []ast.DirectiveLocation) (names []string) {
	for _, l := range locations {
		names = append(names, string(l))
	}
	return names
}
