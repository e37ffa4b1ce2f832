package compose

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestBakeTargets writes what is found as "line:column name context dockerfile target" with the arguments.
func TestBakeTargets(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       []string
	}{
		{"nothing", "", nil},
		{"a bare label and a quoted one", "target web {}\n  target \"api\" {}\n",
			[]string{"1:1 web . Dockerfile", "2:3 api . Dockerfile"}},
		{"two labels, none", "target a b {}\ntarget {}\ntarget c {}\n", []string{"3:1 c . Dockerfile"}},
		{"a label with a variable", "A = \"a\"\ntarget \"x${A}\" {}\n", nil},
		{"byte order mark and Windows lines", "\ufefftarget a {\r\n  context = \"x\"\r\n}\r\n\r\ntarget b {}\r\n",
			[]string{"1:1 a x x/Dockerfile", "5:1 b . Dockerfile"}},
		{"column counts characters", "/* é */ target a {}\n", []string{"1:9 a . Dockerfile"}},

		{"function", "target a {\n  context = lower(\"X\")\n}\ntarget b {\n  tags = f(\"x\", [\n    \"y\" ])\n  context = \"b\"\n}\n",
			[]string{"4:1 b b b/Dockerfile"}},
		{"for", "target a {\n  tags = flatten([for r in [\"\", \"x/\"] :\n    \"${r}y\"])\n  labels = { for k, v in M : k => v }\n  context = \"a\"\n}\n",
			[]string{"1:1 a a a/Dockerfile"}},
		{"conditional", "target a {\n  context = X ? \"a\" : \"b\"\n}\ntarget b {\n  cache-to = X == \"\" ? [\n  ] : [\"x\"]\n  target = true ? \"a\" : \"b\"\n  dockerfile = \"b\"\n}\n",
			[]string{"4:1 b . b"}},
		{"operators and traversals", "v = 1\ntarget a { context = v.x }\ntarget b { dockerfile = v[0] }\ntarget c { context = \"a\" == \"a\" }\ntarget d { target = !v }\n",
			[]string{"5:1 d . Dockerfile"}},
		{"parentheses", "target a { context = ((\n\"x\"\n)) }\n", []string{"1:1 a x x/Dockerfile"}},

		{"variables", "A = \"a\"\nvariable B { default = \"${A}b\" }\nvariable \"C\" { default = B }\ntarget a {\n  context = C\n  dockerfile = \"./${ C }/${A}\"\n}\n",
			[]string{"4:1 a ab ab/ab/a"}},
		{"a variable with type and validation", "variable \"A\" {\n  type = list(object({ a = string }))\n  description = \"x\"\n  validation {\n    condition = A != \"\" && length(A) > 1\n    error_message = \"${A}\"\n  }\n  default = \"x\"\n  validation {\n  }\n}\ntarget a { context = A }\n",
			[]string{"12:1 a x x/Dockerfile"}},
		{"a variable without a default, null, computed", "variable A {}\nvariable B { default = null }\nvariable C { default = timestamp() }\ntarget a { context = A }\ntarget b { context = \"x${B}\" }\ntarget c { dockerfile = \"${C}\" }\ntarget d { target = C }\n",
			[]string{"7:1 d . Dockerfile"}},
		{"the environment doesn't override", "variable PATH { default = \"p\" }\nvariable HOME {}\ntarget a { context = PATH }\ntarget b { context = HOME }\n",
			[]string{"3:1 a p p/Dockerfile"}},
		{"variables in a circle", "A = B\nB = \"${A}\"\nC = C\ntarget a { context = A }\ntarget b { context = C }\ntarget c {}\n",
			[]string{"6:1 c . Dockerfile"}},
		{"an argument's name isn't a variable", "target a {\n  args = { A = \"x\" }\n  context = A\n}\ntarget b {}\n", []string{"5:1 b . Dockerfile"}},

		{"args with = and :", "A = \"K\"\ntarget a { args = { A = 1, \"B\" : 2.50, C = true, (A) = \"k\", D : A\n    E = null\n    F = f(1)\n    G = 007, H = .5, I = -1, J = 1e3,\n  } }\n",
			[]string{"2:1 a . Dockerfile A=1 B=2.5 C=true D=K G=7 K=k"}},
		{"nested objects", "target a {\n  args = {\n    A = { B = \"b\", C = [1] }\n    D = [\n      { E = 1 }\n    ]\n    F = \"f\"\n  }\n  contexts = { context = \"no\" }\n  attest = [{ context = \"no\" }]\n  nested { context = \"no\" }\n}\n",
			[]string{"1:1 a . Dockerfile F=f"}},
		{"args that can't be read may set anything", "target p { args = { A = 1, B = 2 } }\ntarget a {\n  inherits = [\"p\"]\n  args = merge({ A = 2 })\n}\ntarget b {\n  inherits = [\"p\"]\n  args = { A = f(), (X) = 1, C = 3 }\n  dockerfile = \"b\"\n}\ntarget c {\n  inherits = [\"p\"]\n  args = { A = f() }\n}\ntarget d {\n  inherits = [\"p\", \"b\"]\n}\n",
			[]string{"2:1 a . Dockerfile", "6:1 b . b C=3", "11:1 c . Dockerfile B=2", "15:1 d . b C=3"}},

		{"inherits", "target _common {\n  dockerfile = \"x\"\n  args = { A = 1, B = 1 }\n}\ntarget _more {\n  args = { B = 2 }\n}\ntarget web {\n  inherits = [\"_common\",\n    \"_more\", # last wins\n  ]\n  target = \"t\"\n}\n",
			[]string{"1:1 _common . x A=1 B=1", "8:1 web . x t A=1 B=2"}},
		{"inherits from a variable", "L = [\"p\"]\ntarget p { target = \"t\" }\ntarget a { inherits = L }\ntarget b { inherits = \"${L}\" }\ntarget c { inherits = [\"p\", X] }\ntarget d { inherits = concat(L) }\ntarget e { inherits = \"p\" }\n",
			[]string{"3:1 a . Dockerfile t", "4:1 b . Dockerfile t"}},
		{"inherits in a circle", "target a { inherits = [\"b\"] }\ntarget b { inherits = [\"a\"] }\ntarget c { inherits = [\"b\"] }\ntarget d { inherits = [] }\n",
			[]string{"4:1 d . Dockerfile"}},
		{"matrix", "target a {\n  name = \"a-${x}\"\n  matrix = { x = [\"1\", \"2\"] }\n  context = \"a\"\n}\ntarget b { inherits = [\"a\"] }\ntarget c {}\n",
			[]string{"7:1 c . Dockerfile"}},
		{"groups and functions", "group \"default\" { targets = [\"a\"] }\nfunction \"f\" {\n  params = [x]\n  variadic_params = y\n  result = x == \"\" ? [] : [\"${x}\"]\n}\ntarget a {}\n",
			[]string{"7:1 a . Dockerfile"}},

		{"escapes", `target a { context = "a\"b\u00e9\\" }` + "\n" + `target b { context = "$$${X}" }` + "\n" + `target c { context = "$${x}%%{y}$5%" }` + "\n" + `target d { target = "\q" }`,
			[]string{`1:1 a a"bé\ a"bé\/Dockerfile`, "2:1 b $${X} $${X}/Dockerfile", "3:1 c ${x}%{y}$5% ${x}%{y}$5%/Dockerfile", "4:1 d . Dockerfile"}},
		{"computed templates", "A = \"a\"\ntarget a { context = \"${\"x${A}\"}\" }\ntarget b { context = \"${lower(\"}\")}\" }\ntarget c { context = \"%{ if A == \"a\" }x%{ endif }\" }\ntarget d { context = \"${A /* } \" */ }/${\n  A # }\n}\" }\ntarget e { context = \"${ {A = A} }\" }\n",
			[]string{"2:1 a xa xa/Dockerfile", "5:1 d a/a a/a/Dockerfile"}},

		{"comments everywhere", "# target x {}\n// \"\n/* target y {\n*/\ntarget /* a */ a /* b */ { # c }\n  /* d */ context /* e */ = /* f */ \"#a\" // g \" {\n  args = { // h\n    # A = 1\n    B = \"/*\" /* , */, C = \"//\" }\n} # end",
			[]string{"5:1 a #a #a/Dockerfile B=/* C=//"}},

		{"unclosed block", "target a {}\ntarget b {\n", nil},
		{"unclosed list", "target a {}\ntarget b { tags = [\"x\" }\n", nil},
		{"closed twice", "target a {}\n}\n", nil},
		{"crossed brackets", "target a { tags = [(\"x\"]) }\n", nil},
		{"unclosed quote", "target a {}\ntarget b { context = \"x }\n", nil},
		{"unclosed expression", "target a { context = \"${x\" }\n", nil},
		{"unclosed comment", "target a {}\n/* x", nil},
		{"unclosed heredoc", "target a {}\nx = <<EOF\n EOFF\n", nil},
		{"an attribute twice", "target a {\n  context = \"x\"\n  context = \"y\"\n}\n", nil},
		{"stray text", "target a {}\n, x\n", nil},
		{"not UTF-8", "target a {}\n# \xff\n", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, b := range Builds(tree("docker-bake.hcl", test.text), ".") {
				line := fmt.Sprintf("%d:%d %s %s %s %s", b.Line, b.Column, b.Service, b.Context, b.Dockerfile, b.Target)
				args := strings.TrimSuffix(strings.TrimPrefix(fmt.Sprint(b.Args), "map["), "]")
				got = append(got, strings.Join(strings.Fields(line+" "+strings.ReplaceAll(args, ":", "=")), " "))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBakeHeredocs(t *testing.T) {
	for _, test := range []struct {
		name, heredoc, want string
	}{
		{"plain", "<<EOF\nFROM a\n  RUN b\nEOF", "FROM a\n  RUN b\n"},
		{"its end may be indented", "<<EOF\n FROM a\n  EOF", " FROM a\n"},
		{"not indented", "<<-EOF\n    FROM a\n\n      RUN b\n\t EOF", "FROM a\n\n  RUN b\n"},
		{"indented by a variable", "<<-EOF\n  FROM a\n${A}\nEOF", "  FROM a\nx\n"},
		{"no escapes", `<<E` + "\n" + `RUN "a\n" \` + "\nE", `RUN "a\n" \` + "\n"},
		{"variables", "<<E\nFROM ${A}:$A $${A} 5% %%{\nE", "FROM x:$A ${A} 5% %{\n"},
		{"a heredoc in it", "<<E\nRUN <<EOF\nEOF\n# E\nE", "RUN <<EOF\nEOF\n# E\n"},
		{"its end after an expression is text", "<<E\n${A}E\nxE\nE", "xE\nxE\n"},
		{"Windows lines", "<<E\r\nFROM a\r\nE\r", "FROM a\r\n"},
		{"an unknown variable", "<<E\nFROM ${B}\nE", ""},
		{"a function", "<<E\nFROM ${f(\"${A}\", <<F\n}\nF\n)}\nE", ""},
		{"in brackets", "(<<E\nFROM a\nE\n)", "FROM a\n"},
		{"empty", "<<E\nE", "Dockerfile"},
		{"a shift", "1<<E", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := "A = \"x\"\ntarget a {\n  args = {\n    X = <<E\nargs\nE\n    Y = \"y\"\n  }\n  dockerfile-inline = " + test.heredoc + "\n  target = \"t\"\n}\n"
			got := ""
			for _, b := range Builds(tree("docker-bake.hcl", text), ".") {
				got += b.Inline + b.Dockerfile
				if b.Target != "t" || b.Args["X"] != "args\n" || b.Args["Y"] != "y" {
					t.Errorf("what stands around it is lost: %+v", b)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBakeJSONTemplates(t *testing.T) {
	got := Builds(tree("docker-bake.json", `{
  "variable": {"A": {"default": "a"}, "B": {"default": "${A}\\n\"${A}\""}, "C": {"default": "${"}, "D": {}},
  "target": {
    "x": {"context": "$${A}", "dockerfile": "${A}", "args": {"B": "${B}", "C": "${C}", "D": "x${D}", "E": "${upper(A)}", "F": "$"}},
    "y": {"context": "${C}"},
    "z": {"dockerfile": "%{ if true }x%{ endif }"}
  }
}`), ".")
	want := []Build{{File: "docker-bake.json", Line: 4, Column: 5, Service: "x", Context: "${A}", Dockerfile: "${A}/a",
		Args: map[string]string{"B": `a\n"a"`, "F": "$"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestBakeBombs has files that are short and ask for very much.
func TestBakeBombs(t *testing.T) {
	numbered := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i, i+1)
		}
		return b.String()
	}
	layers := "target t00 { args = {\n" + numbered(2000, "A%d=%d\n") + "} }\n"
	for layer := range 8 {
		var names []string
		for i := range 40 {
			names = append(names, fmt.Sprintf("\"t%d%d\"", layer, i))
			layers += fmt.Sprintf("target t%d%d { inherits = L%d }\n", layer+1, i, layer)
		}
		if layer == 0 {
			names = names[:1]
		}
		layers += fmt.Sprintf("L%d = [%s]\n", layer, strings.Join(names, ", "))
	}
	for name, text := range map[string]string{
		"layers of targets":       layers,
		"values that double":      "A0000 = \"xxxxxxxx\"\n" + numbered(1000, "A%[2]04d = \"${A%[1]04d}${A%[1]04d}\"\n") + "target a { args = { X = A0999 } }\n",
		"lists that double":       "A0000 = [1]\n" + numbered(1000, "A%[2]04d = [A%[1]04d, A%[1]04d]\n") + "target a { inherits = A1000 }\n",
		"many use a long value":   "A = \"" + strings.Repeat("x", 30_000) + "\"\n" + numbered(1000, "target t%[1]d { target = \"${A}x\" }\n"),
		"targets that double":     "target t0 {}\n" + numbered(1000, "target t%[2]d { inherits = [\"t%[1]d\", \"t%[1]d\"] }\n"),
		"many inherit from many":  "L = [" + strings.Repeat("\"p\",", 3500) + "]\ntarget p { args = {\n" + numbered(1000, "A%d=%d\n") + "} }\n" + numbered(900, "target t%d { inherits = L }\n"),
		"brackets":                "a = " + strings.Repeat("[", 30_000) + strings.Repeat("]", 30_000),
		"templates":               "a = " + strings.Repeat("\"${", 10_000) + strings.Repeat("}\"", 10_000),
		"heredocs":                "a = " + strings.Repeat("<<E\n${", 8_000),
		"heredocs without an end": "a = " + strings.Repeat("<<E", 20_000),
		"blanks":                  strings.Repeat("/**/", 16_000),
		"one line":                "a = " + strings.Repeat("1 ", 32_000),
		"newlines in lists":       "a = [" + strings.Repeat("\n", 60_000) + "]",
	} {
		t.Run(name, func(t *testing.T) {
			if len(text) > maxBake {
				t.Fatalf("too long to be read: %d", len(text))
			}
			Builds(tree("docker-bake.hcl", text), ".")
		})
	}
}
