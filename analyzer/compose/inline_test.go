package compose

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestInlinePlaces has files with a Dockerfile in them. The text between « and » is what the last word of the Dockerfile, "last", was
// made of; a file without these marks has no offsets.
func TestInlinePlaces(t *testing.T) {
	const head = "services:\n  web:\n    build:\n      dockerfile_inline: "
	for _, test := range []struct{ name, file, text, want string }{
		{"literal", "compose.yaml", head + "|\n        FROM a\n        RUN «last»\n", "FROM a\nRUN last\n"},
		{"literal, stripped", "compose.yaml", head + "|-\n        FROM a\n\n          RUN «last»\n\n\nvolumes: {}\n", "FROM a\n\n  RUN last"},
		{"literal, kept", "compose.yaml", head + "|+\n        FROM a\n        RUN «last»\n\n\nvolumes: {}\n", "FROM a\nRUN last\n\n\n"},
		{"literal with an indentation indicator", "compose.yaml", head + "|2 # why\n          FROM a\n        RUN «last»\n", "  FROM a\nRUN last\n"},
		{"literal with blank lines first", "compose.yaml", head + "|\n\n          \n        FROM a\n        RUN «last»", ""},
		{"literal of Windows", "compose.yaml", strings.ReplaceAll(head+"|\n        FROM a\n        RUN «last»\n", "\n", "\r\n"), "FROM a\nRUN last\n"},
		{"literal with an anchor and a tag", "compose.yaml", head + "&x !!str |\n        FROM a\n        RUN «last»\n", "FROM a\nRUN last\n"},
		{"literal at the end of the file", "compose.yaml", head + "|\n        FROM a\n        RUN «last»", "FROM a\nRUN last"},
		{"folded", "compose.yaml", head + ">\n        FROM a\n\n        RUN b\n        «last»\n", "FROM a\nRUN b last\n"},
		{"folded with deeper lines", "compose.yaml", head + ">-\n        FROM a\n\n\n          RUN b\n          «last»\n", "FROM a\n\n\n  RUN b\n  last"},
		{"double quotes", "compose.yaml", head + `"FROM \x61\nRUN \"\u00e9\" «last»"`, "FROM a\nRUN \"é\" last"},
		{"double quotes over lines", "compose.yaml", head + "\"FROM a\n\n        RUN b \\\n        c\\n  \n        «last»\"\n", "FROM a\nRUN b c\n last"},
		{"single quotes", "compose.yaml", head + "'FROM a\n\n\n        RUN ''b'' «last»'\n", "FROM a\n\nRUN 'b' last"},
		{"plain", "compose.yaml", head + "FROM a\n\n        RUN b\n        «last»\n", "FROM a\nRUN b last"},
		{"flow", "compose.yaml", "services: {web: {build: {dockerfile_inline: \"FROM a\\nRUN «last»\"}}}", "FROM a\nRUN last"},
		{"doubled dollars", "compose.yaml", head + "|\n        FROM a\n        RUN $$b $$$$ $c «last»\n", "FROM a\nRUN $b $$ $c last\n"},
		{"characters of several bytes", "compose.yaml", "é: {ü: 1}\n" + head + "|\n        FROM a\n        RUN é😀 «last»\n", "FROM a\nRUN é😀 last\n"},
		{"an alias", "compose.yaml", "x-a: &a |\n  FROM a\n  RUN «last»\n" + head + "*a\n", "FROM a\nRUN last\n"},
		{"a merge key", "compose.yaml", "x-a: &a\n  dockerfile_inline: |\n    FROM a\n    RUN «last»\nservices: {web: {build: {<<: *a, target: x}}}\n", "FROM a\nRUN last\n"},

		{"heredoc", "docker-bake.hcl", "target web {\n  dockerfile-inline = <<EOT\nFROM a\nRUN «last»\nEOT\n}\n", "FROM a\nRUN last\n"},
		{"indented heredoc", "docker-bake.hcl", "target web {\n  dockerfile-inline = <<-EOT\n    FROM a\n      RUN é «last»\n  EOT\n}\n", "FROM a\n  RUN é last\n"},
		{"quoted in HCL", "docker-bake.hcl", `target web { dockerfile-inline = "FROM \u0061\nRUN $${b} «last»" }`, "FROM a\nRUN ${b} last"},
		{"template", "docker-bake.hcl", "V = \"3.13\"\ntarget web {\n  dockerfile-inline = <<E\nFROM python:${V}\nRUN «last»\nE\n}\n", "FROM python:3.13\nRUN last\n"},
		{"byte order mark", "docker-bake.hcl", "\ufefftarget web {\n  dockerfile-inline = \"FROM a\\nRUN «last»\"\n}\n", "FROM a\nRUN last"},
		{"inherited", "docker-bake.hcl", "target _t {\n  dockerfile-inline = <<E\nFROM a\nRUN «last»\nE\n}\ntarget web {\n  inherits = [\"_t\"]\n  context = \"x\"\n}\n", "FROM a\nRUN last\n"},
		{"a variable", "docker-bake.hcl", "V = \"FROM a\\nRUN last\"\ntarget web { dockerfile-inline = V }", "FROM a\nRUN last"},
		{"JSON", "docker-bake.json", `{"target": {"web": {"dockerfile-inline": "FROM \u0061\nRUN \ud83d\ude00 \"\/\" «last»"}}}`, "FROM a\nRUN 😀 \"/\" last"},
		{"JSON template", "docker-bake.json", `{"variable": {"V": {"default": "x"}}, "target": {"b": {"dockerfile-inline": "FROM x"}, "web": {"args": {"dockerfile-inline": "y"}, "dockerfile-inline": "FROM a\nRUN ${V} $${V} «last»"}}}`, "FROM a\nRUN x ${V} last"},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := strings.NewReplacer("«", "", "»", "").Replace(test.text)
			var found *Build
			for _, b := range Builds(tree(test.file, text), ".") {
				if b.Service == "web" {
					found = &b
				}
			}
			if found == nil {
				if test.want != "" {
					t.Fatal("nothing is found")
				}
				return
			}
			if diff := cmp.Diff(test.want, found.Inline); diff != "" {
				t.Fatal(diff)
			}
			at := found.InlineAt
			if at == nil || at.File != test.file {
				t.Fatalf("place %+v", at)
			}
			start := strings.Index(test.text, "«")
			if start < 0 {
				if at.Offsets != nil {
					t.Errorf("offsets for what is computed")
				}
				if got := text[at.Value.Start:at.Value.End]; !strings.HasPrefix(got, "V") {
					t.Errorf("value %q", got)
				}
				return
			}
			if at.Offsets == nil {
				t.Fatal("no offsets")
			}
			word := strings.Index(found.Inline, "last")
			if got := at.Offsets[word]; got != start {
				t.Errorf("begins at %d, want %d", got, start)
			}
			if got := text[at.Offsets[word]:at.Offsets[word+4]]; got != "last" {
				t.Errorf("stands at %q", got)
			}
		})
	}
}

// TestComposeFiles has several compose files, and writes what is found as "file:line service context dockerfile target args".
func TestComposeFiles(t *testing.T) {
	files := tree(
		".env", "# c\nDIR=app\nexport TARGET='prod' # c\nEMPTY=\nQUOTED=\"a b\"\nODD=\"$X\"\n",
		"compose.yaml", `
include:
  - infra/web.yaml
  - {path: [infra/jobs.yaml], project_directory: jobs}
  - ../outside.yaml
  - compose.yaml
services:
  base: {build: {context: "$DIR", args: {A: 1, B: "${QUOTED}"}}}
  a: {extends: base}
  b: {extends: {service: base}, build: {target: "${TARGET}", args: {A: 2}}}
  c: {extends: {file: common/base.yaml, service: py}}
  d: {extends: {file: common/base.yaml, service: py}, build: {context: d}}
  e: {build: {context: "${ODD}"}}
  f: {build: {context: "x${EMPTY:-y}${EMPTY-z}${DIR:+w}${NONE:?no}"}}
  g: {build: {context: "x${EMPTY:-y}${EMPTY-z}${DIR:+w}"}}
  h: {extends: h}
  i: {extends: {file: nowhere.yaml, service: x}}
  j: {image: x, profiles: [debug], build: {context: j}}
`,
		"infra/web.yaml", "services:\n  web: {build: {context: ../web, target: '${TARGET}'}}\n  base: {build: ../other}\n",
		"infra/jobs.yaml", "include: [web.yaml]\nservices:\n  job: {build: .}\n",
		"common/base.yaml", "services:\n  py: {extends: root, build: {dockerfile: py.Dockerfile}}\n  root: {build: {context: ..}}\n",
	)
	var got []string
	for _, b := range Builds(files, ".") {
		args := ""
		for _, name := range []string{"A", "B"} {
			if value, ok := b.Args[name]; ok {
				args += " " + name + "=" + value
			}
		}
		got = append(got, strings.TrimRight(b.File+" "+b.Service+" "+b.Context+" "+b.Dockerfile+" "+b.Target+args, " "))
	}
	want := []string{
		"infra/web.yaml web web web/Dockerfile prod",
		"infra/web.yaml base other other/Dockerfile",
		"infra/jobs.yaml job jobs jobs/Dockerfile",
		"compose.yaml base app app/Dockerfile  A=1 B=a b",
		"compose.yaml a app app/Dockerfile  A=1 B=a b",
		"compose.yaml b app app/Dockerfile prod A=2 B=a b",
		"compose.yaml c . py.Dockerfile",
		"compose.yaml d d d/py.Dockerfile",
		"compose.yaml g xyw xyw/Dockerfile",
		"compose.yaml j j j/Dockerfile",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
