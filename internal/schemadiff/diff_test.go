package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"pgregory.net/rapid"

	"graphd"
)

// Each rule has a case in which it applies, and one next to it that differs
// little and in which it does not.
var cases = []struct {
	name, old, new string
	want           []string
}{
	{"type removed", `scalar A scalar B`, `scalar A`, []string{"BREAKING B: type removed"}},
	{"type added", `scalar A`, `scalar A scalar B`, []string{"SAFE B: type added"}},
	{"types reordered", `scalar A scalar B`, `scalar B scalar A`, nil},
	{"type extended", `type A { a: Int b: Int }`, `type A { a: Int } extend type A { b: Int }`, nil},
	{"kind changed", `type A { a: Int }`, `interface A { b: Int }`, []string{"BREAKING A: kind changed from OBJECT to INTERFACE"}},
	{"kind kept", `type A { a: Int }`, `type A { a: Int b: Int }`, []string{"SAFE A.b: field added"}},

	{"field removed", `type A { a: Int b: Int }`, `type A { a: Int }`, []string{"BREAKING A.b: field removed"}},
	{"interface's field removed", `interface A { a: Int b: Int }`, `interface A { a: Int }`, []string{"BREAKING A.b: field removed"}},
	{"field added", `type A { a: Int }`, `type A { a: Int b: Int! }`, []string{"SAFE A.b: field added"}},
	{"fields reordered", `type A { a: Int b: Int }`, `type A { b: Int a: Int }`, nil},

	{"field's name of type changed", `type A { a: Int }`, `type A { a: Float }`, []string{"BREAKING A.a: type changed from Int to Float"}},
	{"field to nullable", `type A { a: Int! }`, `type A { a: Int }`, []string{"BREAKING A.a: type changed from Int! to Int"}},
	{"field to non-null", `type A { a: Int }`, `type A { a: Int! }`, []string{"SAFE A.a: type changed from Int to Int!"}},
	{"field to list", `type A { a: Int }`, `type A { a: [Int] }`, []string{"BREAKING A.a: type changed from Int to [Int]"}},
	{"field from list", `type A { a: [Int] }`, `type A { a: Int }`, []string{"BREAKING A.a: type changed from [Int] to Int"}},
	{"field's items to nullable", `type A { a: [Int!] }`, `type A { a: [Int]! }`, []string{"BREAKING A.a: type changed from [Int!] to [Int]!"}},
	{"field's items to non-null", `type A { a: [[Int]] }`, `type A { a: [[Int!]]! }`, []string{"SAFE A.a: type changed from [[Int]] to [[Int!]]!"}},

	{"argument removed", `type A { a(x: Int): Int }`, `type A { a: Int }`, []string{"BREAKING A.a(x:): optional argument removed"}},
	{"required argument removed", `type A { a(x: Int!): Int }`, `type A { a: Int }`, []string{"BREAKING A.a(x:): required argument removed"}},
	{"arguments reordered", `type A { a(x: Int, y: Int): Int }`, `type A { a(y: Int, x: Int): Int }`, nil},
	{"required argument added", `type A { a: Int }`, `type A { a(x: Int!): Int }`, []string{"BREAKING A.a(x:): required argument added"}},
	{"optional argument added", `type A { a: Int }`, `type A { a(x: Int): Int }`, []string{"DANGEROUS A.a(x:): optional argument added"}},
	{"argument with a default added", `type A { a: Int }`, `type A { a(x: Int! = 1): Int }`, []string{"DANGEROUS A.a(x:): optional argument added"}},

	{"argument's name of type changed", `type A { a(x: Int): Int }`, `type A { a(x: Float): Int }`, []string{"BREAKING A.a(x:): type changed from Int to Float"}},
	{"argument to non-null", `type A { a(x: Int): Int }`, `type A { a(x: Int!): Int }`, []string{"BREAKING A.a(x:): type changed from Int to Int!"}},
	{"argument to nullable", `type A { a(x: Int!): Int }`, `type A { a(x: Int): Int }`, []string{"SAFE A.a(x:): type changed from Int! to Int"}},
	{"argument to list", `type A { a(x: Int): Int }`, `type A { a(x: [Int]): Int }`, []string{"BREAKING A.a(x:): type changed from Int to [Int]"}},
	{"argument's items to non-null", `type A { a(x: [Int]!): Int }`, `type A { a(x: [Int!]): Int }`, []string{"BREAKING A.a(x:): type changed from [Int]! to [Int!]"}},
	{"argument's items to nullable", `type A { a(x: [Int!]!): Int }`, `type A { a(x: [Int]): Int }`, []string{"SAFE A.a(x:): type changed from [Int!]! to [Int]"}},

	{"default changed", `type A { a(x: Int = 1): Int }`, `type A { a(x: Int = 2): Int }`, []string{"DANGEROUS A.a(x:): default value changed from 1 to 2"}},
	{"default to null", `type A { a(x: Int = 1): Int }`, `type A { a(x: Int = null): Int }`, []string{"DANGEROUS A.a(x:): default value changed from 1 to null"}},
	{"default removed", `type A { a(x: Int = 1): Int }`, `type A { a(x: Int): Int }`, []string{"DANGEROUS A.a(x:): default value removed: 1"}},
	{"needed default removed", `type A { a(x: Int! = 1): Int }`, `type A { a(x: Int!): Int }`, []string{"BREAKING A.a(x:): default value removed: 1"}},
	{"default added", `type A { a(x: Int): Int }`, `type A { a(x: Int = 1): Int }`, []string{"SAFE A.a(x:): default value added: 1"}},
	{"default no longer needed", `type A { a(x: Int! = 1): Int }`, `type A { a(x: Int = 1): Int }`, []string{"SAFE A.a(x:): type changed from Int! to Int"}},
	{
		"default's items reordered", `type A { a(x: [Int] = [1, 2]): Int }`, `type A { a(x: [Int] = [2, 1]): Int }`,
		[]string{"DANGEROUS A.a(x:): default value changed from [1, 2] to [2, 1]"},
	},
	{
		"default written otherwise",
		`input I { p: Int q: String } type A { a(x: I = {p: 1, q: "s"}): Int }`,
		`input I { p: Int q: String } type A { a(x: I = {q: """s""", p: 1}): Int }`,
		nil,
	},

	{"required input field added", `input A { a: Int }`, `input A { a: Int b: Int! }`, []string{"BREAKING A.b: required input field added"}},
	{"optional input field added", `input A { a: Int }`, `input A { a: Int b: Int }`, []string{"DANGEROUS A.b: optional input field added"}},
	{"input field with a default added", `input A { a: Int }`, `input A { a: Int b: Int! = 1 }`, []string{"DANGEROUS A.b: optional input field added"}},
	{"input field removed", `input A { a: Int b: Int }`, `input A { a: Int }`, []string{"BREAKING A.b: optional input field removed"}},
	{"input field to non-null", `input A { a: Int }`, `input A { a: Int! }`, []string{"BREAKING A.a: type changed from Int to Int!"}},
	{"input field to nullable", `input A { a: Int! }`, `input A { a: Int }`, []string{"SAFE A.a: type changed from Int! to Int"}},
	{"input field's default changed", `input A { a: Int = 1 }`, `input A { a: Int = 2 }`, []string{"DANGEROUS A.a: default value changed from 1 to 2"}},
	{"input field's default added", `input A { a: Int }`, `input A { a: Int = 2 }`, []string{"SAFE A.a: default value added: 2"}},

	{"enum value removed", `enum A { P Q }`, `enum A { P }`, []string{"BREAKING A.Q: enum value removed"}},
	{"enum value added", `enum A { P }`, `enum A { P Q }`, []string{"DANGEROUS A.Q: enum value added"}},
	{"enum values reordered", `enum A { P Q }`, `enum A { Q P }`, nil},

	{
		"union member removed", `type A { a: Int } type B { a: Int } union U = A | B`, `type A { a: Int } type B { a: Int } union U = A`,
		[]string{"BREAKING U: member removed: B"},
	},
	{
		"union member added", `type A { a: Int } type B { a: Int } union U = A`, `type A { a: Int } type B { a: Int } union U = A | B`,
		[]string{"DANGEROUS U: member added: B"},
	},
	{"union members reordered", `type A { a: Int } type B { a: Int } union U = A | B`, `type A { a: Int } type B { a: Int } union U = B | A`, nil},

	{
		"interface removed", `interface I { a: Int } type A implements I { a: Int }`, `interface I { a: Int } type A { a: Int }`,
		[]string{"BREAKING A: interface removed: I"},
	},
	{
		"interface added", `interface I { a: Int } type A { a: Int }`, `interface I { a: Int } type A implements I { a: Int }`,
		[]string{"DANGEROUS A: interface added: I"},
	},
	{
		"interfaces reordered",
		`interface I { a: Int } interface J { a: Int } type A implements I & J { a: Int }`,
		`interface I { a: Int } interface J { a: Int } type A implements J & I { a: Int }`,
		nil,
	},
	{
		"interface's interface removed", `interface I { a: Int } interface A implements I { a: Int }`, `interface I { a: Int } interface A { a: Int }`,
		[]string{"BREAKING A: interface removed: I"},
	},

	{"directive removed", `directive @a on FIELD`, ``, []string{"BREAKING @a: directive removed"}},
	{"directive added", ``, `directive @a on FIELD`, []string{"SAFE @a: directive added"}},
	{"location removed", `directive @a on FIELD | QUERY`, `directive @a on FIELD`, []string{"BREAKING @a: location removed: QUERY"}},
	{"location added", `directive @a on FIELD`, `directive @a on FIELD | QUERY`, []string{"SAFE @a: location added: QUERY"}},
	{"locations reordered", `directive @a on FIELD | QUERY`, `directive @a on QUERY | FIELD`, nil},
	{"repeatable removed", `directive @a repeatable on FIELD`, `directive @a on FIELD`, []string{"BREAKING @a: repeatable removed"}},
	{"repeatable added", `directive @a on FIELD`, `directive @a repeatable on FIELD`, []string{"SAFE @a: repeatable added"}},
	{"directive's argument removed", `directive @a(x: Int) on FIELD`, `directive @a on FIELD`, []string{"BREAKING @a(x:): optional argument removed"}},
	{"directive's required argument added", `directive @a on FIELD`, `directive @a(x: Int!) on FIELD`, []string{"BREAKING @a(x:): required argument added"}},
	{"directive's optional argument added", `directive @a on FIELD`, `directive @a(x: Int) on FIELD`, []string{"SAFE @a(x:): optional argument added"}},
	{"directive's argument to non-null", `directive @a(x: Int) on FIELD`, `directive @a(x: Int!) on FIELD`, []string{"BREAKING @a(x:): type changed from Int to Int!"}},
	{"directive's argument to nullable", `directive @a(x: Int!) on FIELD`, `directive @a(x: Int) on FIELD`, []string{"SAFE @a(x:): type changed from Int! to Int"}},

	{"description added", `type A { a: Int }`, `"A." type A { a: Int }`, []string{"SAFE A: description changed"}},
	{
		"descriptions changed",
		`type A { "1" a("1" x: Int): Int } enum E { "1" P } input I { "1" a: Int } "1" directive @a("1" x: Int) on FIELD`,
		`type A { "2" a("2" x: Int): Int } enum E { "2" P } input I { "2" a: Int } "2" directive @a("2" x: Int) on FIELD`,
		[]string{
			"SAFE @a: description changed", "SAFE @a(x:): description changed", "SAFE A.a: description changed",
			"SAFE A.a(x:): description changed", "SAFE E.P: description changed", "SAFE I.a: description changed",
		},
	},
	{"description written otherwise", `"A." type A { a: Int }`, `"""` + "\n  A.\n" + `""" type A { a: Int } # A`, nil},
	{"deprecation added", `type A { a: Int }`, `type A { a: Int @deprecated(reason: "Ask b.") }`, []string{`SAFE A.a: deprecation added: "Ask b."`}},
	{"deprecation removed", `enum A { P @deprecated }`, `enum A { P }`, []string{`SAFE A.P: deprecation removed: "No longer supported"`}},
	{
		"deprecations changed",
		`type A { a(x: Int @deprecated): Int } input I { a: Int @deprecated }`,
		`type A { a(x: Int @deprecated(reason: "y")): Int } input I { a: Int @deprecated(reason: "b") }`,
		[]string{
			`SAFE A.a(x:): deprecation changed from "No longer supported" to "y"`,
			`SAFE I.a: deprecation changed from "No longer supported" to "b"`,
		},
	},
	{"deprecation written otherwise", `type A { a: Int @deprecated }`, `type A { a: Int @deprecated(reason: "No longer supported") }`, nil},

	{
		"root changed", `schema { query: A } type A { a: Int } type B { a: Int }`, `schema { query: B } type A { a: Int } type B { a: Int }`,
		[]string{"BREAKING schema: query root changed from A to B"},
	},
	{"root named", `type Query { a: Int }`, `schema { query: Query } type Query { a: Int }`, nil},
	{
		"root removed", `schema { query: A mutation: B } type A { a: Int } type B { a: Int }`, `schema { query: A } type A { a: Int } type B { a: Int }`,
		[]string{"BREAKING schema: mutation root removed: B"},
	},
	{
		"root added", `schema { query: A } type A { a: Int } type B { a: Int }`, `schema { query: A subscription: B } type A { a: Int } type B { a: Int }`,
		[]string{"SAFE schema: subscription root added: B"},
	},
	{
		"root removed with its type", `type Query { a: Int } type Mutation { a: Int }`, `type Query { a: Int }`,
		[]string{"BREAKING Mutation: type removed"},
	},

	{
		"sorted", `type B { p: Int } type A { p: Int } enum E { P }`, `type B { q: Int } type A { q: Int } enum E { P Q }`,
		[]string{"BREAKING A.p: field removed", "BREAKING B.p: field removed", "DANGEROUS E.Q: enum value added", "SAFE A.q: field added", "SAFE B.q: field added"},
	},
}

func TestDiff(t *testing.T) {
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			old, new := schema(t, tc.old), schema(t, tc.new)
			var got []string
			for _, c := range diff(old, new) {
				got = append(got, c.String())
			}
			if !slices.Equal(got, tc.want) {
				t.Errorf("got %q, want %q", got, tc.want)
			}
			mustMirror(t, old, new)
		})
	}
}

func TestOwnSchema(t *testing.T) {
	if got := diff(schema(t, graphd.SDL), schema(t, graphd.SDL)); len(got) > 0 {
		t.Errorf("against itself: %v", got)
	}
}

func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := genSDL().Draw(t, "a"), genSDL().Draw(t, "b")
		if got := diff(schema(t, a), schema(t, a)); len(got) > 0 {
			t.Errorf("against itself: %v", got)
		}
		mustMirror(t, schema(t, a), schema(t, b))
	})
}

// mustMirror checks that the way back makes of each addition a removal at the
// same place, and the reverse, and of each change the change back.
func mustMirror(t fataler, a, b *ast.Schema) {
	t.Helper()
	there, back := places(diff(a, b)), places(diff(b, a))
	for i, c := range back {
		back[i] = mirrored(c)
	}
	slices.Sort(back)
	slices.Sort(there)
	if !slices.Equal(there, back) {
		t.Fatalf("there %q\nback, mirrored %q", there, back)
	}
}

func places(changes []change) (texts []string) {
	for _, c := range changes {
		texts = append(texts, c.at+": "+c.what)
	}
	return texts
}

func mirrored(text string) string {
	if head, values, ok := strings.Cut(text, " changed from "); ok {
		from, to, _ := strings.Cut(values, " to ")
		return head + " changed from " + to + " to " + from
	}
	return strings.NewReplacer(" added", " removed", " removed", " added").Replace(text)
}

// genSDL makes schemas of few names, so that two of them have much in common.
func genSDL() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		some := func(label string, atLeast int, names ...string) []string {
			chosen := rapid.Permutation(names).Draw(t, label)
			return chosen[:rapid.IntRange(atLeast, len(names)).Draw(t, label+" count")]
		}
		is := func(label string) bool { return rapid.Bool().Draw(t, label) }
		wrapped := func(label string, names ...string) string {
			format := rapid.SampledFrom([]string{"%s", "%s!", "[%s]", "[%s!]", "[%s]!", "[%s!]!", "[[%s]!]"}).Draw(t, label+" wrapper")
			return fmt.Sprintf(format, rapid.SampledFrom(names).Draw(t, label))
		}
		var sdl strings.Builder
		describe := func(label string) {
			if is(label + " described") {
				fmt.Fprintf(&sdl, "%q ", rapid.SampledFrom([]string{"One.", "Two."}).Draw(t, label))
			}
		}
		deprecate := func(label string) {
			if is(label + " deprecated") {
				sdl.WriteString(rapid.SampledFrom([]string{" @deprecated", ` @deprecated(reason: "Old.")`}).Draw(t, label))
			}
		}
		inputs := func(label string, names []string) {
			for _, name := range names {
				describe(label)
				switch rapid.IntRange(0, 3).Draw(t, label+" form") {
				case 0:
					fmt.Fprintf(&sdl, "%s: Int = %d", name, rapid.IntRange(1, 3).Draw(t, label+" default"))
				case 1:
					fmt.Fprintf(&sdl, "%s: Int! = %d", name, rapid.IntRange(1, 3).Draw(t, label+" default"))
				default:
					fmt.Fprintf(&sdl, "%s: %s", name, wrapped(label, "Int", "String"))
				}
				sdl.WriteString("\n")
			}
		}

		for _, name := range some("objects", 1, "Query", "Mutation", "A", "B") {
			describe("type")
			kind := "type"
			if name == "B" && is("B is an interface") {
				kind = "interface"
			}
			fmt.Fprintf(&sdl, "%s %s ", kind, name)
			if is("implements") {
				sdl.WriteString("implements Node ")
			}
			sdl.WriteString("{ id: ID!\n")
			for _, field := range some("fields", 0, "p", "q", "r") {
				describe("field")
				sdl.WriteString(field)
				if arguments := some("arguments", 0, "x", "y"); len(arguments) > 0 {
					sdl.WriteString("(")
					inputs("argument", arguments)
					sdl.WriteString(")")
				}
				fmt.Fprintf(&sdl, ": %s", wrapped("field type", "Int", "E", "Node", "U"))
				deprecate("field")
				sdl.WriteString("\n")
			}
			sdl.WriteString("}\n")
		}
		sdl.WriteString("interface Node { id: ID! }\ntype C { id: ID! }\ntype D { id: ID! }\n")
		fmt.Fprintf(&sdl, "union U = %s\n", strings.Join(some("members", 1, "C", "D"), " | "))
		sdl.WriteString("enum E {\n")
		for _, value := range some("values", 1, "P", "Q", "R") {
			describe("value")
			sdl.WriteString(value)
			deprecate("value")
			sdl.WriteString("\n")
		}
		sdl.WriteString("}\ninput I {\n")
		inputs("input field", some("input fields", 1, "p", "q", "r"))
		sdl.WriteString("}\n")
		for _, name := range some("directives", 0, "a", "b") {
			fmt.Fprintf(&sdl, "directive @%s(", name)
			inputs("directive's argument", some("directive's arguments", 1, "x", "y"))
			sdl.WriteString(")")
			if is("repeatable") {
				sdl.WriteString(" repeatable")
			}
			fmt.Fprintf(&sdl, " on %s\n", strings.Join(some("locations", 1, "FIELD", "QUERY", "ENUM"), " | "))
		}
		return sdl.String()
	})
}

type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

func schema(t fataler, sdl string) *ast.Schema {
	t.Helper()
	s, err := gqlparser.LoadSchema(&ast.Source{Name: "test", Input: sdl})
	if err != nil {
		t.Fatalf("%v in\n%s", err, sdl)
	}
	return s
}
