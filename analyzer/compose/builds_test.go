package compose

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// tree makes a file system of path, content pairs.
func tree(pairs ...string) fstest.MapFS {
	files := fstest.MapFS{}
	for i := 0; i+1 < len(pairs); i += 2 {
		files[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return files
}

func TestGuessRoot(t *testing.T) {
	files := tree(
		"svc/Dockerfile", "", "svc/requirements.txt", "", "svc/app/x.py", "",
		"docker/api/Dockerfile", "", "pyproject.toml", "", "src/a.py", "",
		"deploy/Dockerfile", "", "deploy/compose.yaml", "services:\n  a:\n    build:\n      context: ..\n      dockerfile: deploy/Dockerfile\n",
		"other/Dockerfile", "", "docker-compose.yml", "services:\n  o:\n    build: ./other\n",
	)
	for _, test := range []struct {
		dockerfile, copied, want string
	}{
		{"svc/Dockerfile", "requirements.txt app", "svc"},
		{"svc/Dockerfile", "", "svc"},
		{"svc/Dockerfile", ". ./", "svc"},
		{"svc/Dockerfile", "svc/requirements.txt svc/app", "."},
		{"svc/Dockerfile", "nowhere.txt", "svc"},
		{"svc/Dockerfile", "requirements.txt nowhere.txt", "svc"},
		{"docker/api/Dockerfile", "pyproject.toml src/*.py", "."},
		{"docker/api/Dockerfile", "../../pyproject.toml", "."},
		{"deploy/Dockerfile", "compose.yaml", "."},
		{"other/Dockerfile", "src pyproject.toml", "other"},
		{"../Dockerfile", "src", "."},
	} {
		if got := GuessRoot(files, test.dockerfile, strings.Fields(test.copied)); got != test.want {
			t.Errorf("%s copying %s: %s, want %s", test.dockerfile, test.copied, got, test.want)
		}
	}
}

// withoutPlaces leaves out where inline Dockerfiles stand, which has tests of its own.
var withoutPlaces = cmpopts.IgnoreFields(Build{}, "InlineAt")

func TestBuilds(t *testing.T) {
	for _, test := range []struct {
		name, file, text string
		want             []Build
	}{
		{"short form", "compose.yaml", "services:\n  web:\n    build: ./web\n  db:\n    image: x\n",
			[]Build{{Line: 3, Column: 5, Service: "web", Context: "web", Dockerfile: "web/Dockerfile"}}},
		{"long form", "docker-compose.prod.yml", "services:\n  web:\n    build:\n      context: .\n      dockerfile: docker/prod.Dockerfile\n      target: prod\n      args:\n        A: 1\n        B: ${B}\n        C:\n        D: ${D:-d}\n",
			[]Build{{Line: 3, Column: 5, Service: "web", Context: ".", Dockerfile: "docker/prod.Dockerfile", Target: "prod", Args: map[string]string{"A": "1", "D": "d"}}}},
		{"args as a list", "compose.yml", "services:\n  w:\n    build:\n      args: [A=1, B, 'C=x=y', 'D=$$5']\n",
			[]Build{{Line: 3, Column: 5, Service: "w", Context: ".", Dockerfile: "Dockerfile", Args: map[string]string{"A": "1", "C": "x=y", "D": "$5"}}}},
		{"anchors and merge keys", "compose.yaml", "x-b: &b\n  context: app\n  target: one\nservices:\n  a:\n    build:\n      <<: *b\n      target: two\n  c: &c\n    build: *b\n  d: *c\n", []Build{
			{Line: 6, Column: 5, Service: "a", Context: "app", Dockerfile: "app/Dockerfile", Target: "two"},
			{Line: 10, Column: 5, Service: "c", Context: "app", Dockerfile: "app/Dockerfile", Target: "one"},
			{Line: 10, Column: 5, Service: "d", Context: "app", Dockerfile: "app/Dockerfile", Target: "one"}}},
		{"what starts", "compose.yaml", "services:\n  a: &a\n    build: .\n    command: [\"gunicorn\", \"app:app\"]\n  b:\n    <<: *a\n    entrypoint: sh -c 'exec $$X'\n    command:\n", []Build{
			{Line: 3, Column: 5, Service: "a", Context: ".", Dockerfile: "Dockerfile", Starts: []string{"gunicorn app:app"}},
			{Line: 3, Column: 5, Service: "b", Context: ".", Dockerfile: "Dockerfile", Starts: []string{"sh -c 'exec $X'"}}}},
		{"inline", "compose.yaml", "services:\n  w:\n    build:\n      dockerfile_inline: |\n        FROM scratch\n",
			[]Build{{Line: 3, Column: 5, Service: "w", Context: ".", Inline: "FROM scratch\n"}}},
		{"variables", "compose.yaml", "services:\n  a:\n    build: ${DIR:-app}\n  b:\n    build: ${DIR}\n  c:\n    build: {context: ., dockerfile: $FILE}\n  d:\n    build: {context: '${A-${B:-x}}', target: $T}\n", []Build{
			{Line: 3, Column: 5, Service: "a", Context: "app", Dockerfile: "app/Dockerfile"},
			{Line: 9, Column: 5, Service: "d", Context: "x", Dockerfile: "x/Dockerfile"}}},
		{"outside and remote", "compose.yaml", "services:\n  a:\n    build: ..\n  b:\n    build: https://host.test/x.git\n  c:\n    build: /abs\n  d:\n    build: {context: .., dockerfile: ../x}\n  e:\n    build: git@host.test:x\n", nil},
		{"not compose", "composer.yaml", "services:\n  a:\n    build: .\n", nil},
		{"odd shapes", "compose.yaml", "services:\n  - build: .\n", nil},
		{"odd shapes", "compose.yaml", "services:\n  a:\n    build: [x]\n  b:\n    build:\n  c: x\n", nil},
		{"broken", "compose.yaml", "services:\n\ta: [", nil},
		{"bake", "docker-bake.hcl", `
variable "DIR" { default = "app" }
variable "NONE" {}
group "default" { targets = ["web"] }
target "_base" {
  args = { A = "1", B = NONE, C = upper("x") }
  target = "base"
}
target "web" {
  inherits   = ["_base"]
  context    = "./${DIR}"
  dockerfile = "web.Dockerfile"
  args = { D = 2, A = "3" }
}
target "unknown" { context = NONE }
target "function" { dockerfile = lower("X") }
target "loop" {
  matrix = { x = ["a"] }
  name = x
}
target "stranger" { inherits = ["elsewhere"] }
target "self" { inherits = ["self"] }
target "plain" {}
target "inline" {
  dockerfile-inline = "FROM scratch"
}
target "remote" { context = "https://host.test/x.git" }
`, []Build{
			{Line: 9, Column: 1, Service: "web", Context: "app", Dockerfile: "app/web.Dockerfile", Target: "base", Args: map[string]string{"A": "3", "D": "2"}},
			{Line: 23, Column: 1, Service: "plain", Context: ".", Dockerfile: "Dockerfile"},
			{Line: 24, Column: 1, Service: "inline", Context: ".", Inline: "FROM scratch"}}},
		{"bake in json", "docker-bake.json", "{\n \"variable\": {\"web\": {\"default\": \"app\"}},\n \"target\": {\n  \"web\": {\"context\": \"${web}\", \"args\": {\"A\": \"1\", \"B\": null}, \"inherits\": [\"t\"]},\n  \"t\": {\"target\": \"x\"},\n  \"bad\": {\"context\": \"${none}\"}\n }\n}\n",
			[]Build{{Line: 4, Column: 3, Service: "web", Context: "app", Dockerfile: "app/Dockerfile", Target: "x", Args: map[string]string{"A": "1"}}}},
		{"broken bake", "docker-bake.hcl", "target \"a\" {", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			for i := range test.want {
				test.want[i].File = test.file
			}
			if diff := cmp.Diff(test.want, Builds(tree(test.file, test.text), "."), withoutPlaces); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOverridesTakeTheBase(t *testing.T) {
	got := Builds(tree(
		"app/docker-compose.yml", "services:\n  w:\n    build: {context: .., dockerfile: app/x.Dockerfile}\n",
		"app/docker-compose.override.yml", "services:\n  w:\n    build: {target: dev}\n",
	), "app")
	want := []Build{
		{File: "app/docker-compose.yml", Line: 3, Column: 5, Service: "w", Context: ".", Dockerfile: "app/x.Dockerfile"},
		{File: "app/docker-compose.override.yml", Line: 3, Column: 5, Service: "w", Context: ".", Dockerfile: "app/x.Dockerfile", Target: "dev"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzBuilds(f *testing.F) {
	f.Add(uint8(0), []byte("a: &a {b: *a}\nservices: {x: {<<: [*a], build: {args: [${A:-${B}}]}}}"))
	f.Add(uint8(1), []byte("variable \"A\" { default = \"${B}\" }\ntarget \"a\" { inherits=[\"a\"]\n args = { (A) = 1 } }"))
	f.Add(uint8(2), []byte(`{"target":{"a":{"context":"%{if true}x%{endif}"}}}`))
	f.Add(uint8(0), []byte("x: &x\n  dockerfile_inline: >2-\n   FROM a$$\n\n    b\nservices: {a: {build: *x, extends: b}, b: {build: {dockerfile_inline: \"FROM \\u00e9 \\\n  b\"}, extends: {service: a, file: compose.yaml}}}"))
	f.Add(uint8(1), []byte("target \"a\" { dockerfile-inline = <<-E\n  FROM a\n   RUN $${b}${\"c\"}\n  E\n}"))
	f.Add(uint8(2), []byte(`{"target":{"a":{"dockerfile-inline":"FROM a\\nRUN \\ud83d\\ude00 $${b}"}}}`))
	names := []string{"compose.yaml", "docker-bake.hcl", "docker-bake.json"}
	f.Fuzz(func(t *testing.T, which uint8, content []byte) {
		for _, b := range Builds(tree(names[int(which)%3], string(content)), ".") {
			if at := b.InlineAt; at != nil && at.Offsets != nil && (len(at.Offsets) != len(b.Inline)+1 || !slices.IsSorted(at.Offsets) || at.Offsets[len(b.Inline)] > len(content)) {
				t.Fatalf("%q stands at %v", b.Inline, at)
			}
			if (b.Inline != "") != (b.InlineAt != nil) {
				t.Fatalf("%q without its place", b.Inline)
			}
			if b.Context != "" && !fs.ValidPath(b.Context) || b.Dockerfile != "" && !fs.ValidPath(b.Dockerfile) || b.Dockerfile == "" && b.Inline == "" {
				t.Fatalf("%+v", b)
			}
		}
	})
}

func TestBuildsFromNowhere(t *testing.T) {
	if Builds(nil, ".") != nil || GuessRoot(nil, "a/Dockerfile", nil) != "." {
		t.Error("builds from nowhere")
	}
}

func TestHostileInputEnds(t *testing.T) {
	deep := strings.Repeat("[", 300_000)
	for name, text := range map[string]string{
		"compose.yaml":          "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e]\nservices: {x: {build: .}}\n",
		"docker-compose.yml":    deep,
		"docker-bake.hcl":       "a = " + deep[:19_000],
		"docker-bake.x.hcl":     "a = " + strings.Repeat("!", 65_000) + "true",
		"docker-bake.y.hcl":     "a = " + strings.Repeat("true ? 1 : ", 5_500) + "1",
		"docker-bake.z.hcl":     "a = 1" + strings.Repeat("+1", 32_000),
		"docker-bake.big.hcl":   "a = " + strings.Repeat("!", 250_000) + "true",
		"docker-bake.json":      deep,
		"c/docker-compose.yml":  "a: &a\n  <<: *a\n  b: *a\nservices: *a\n",
		"cc/docker-compose.yml": "services: &a\n  x: *a\n  build: *a\n",
	} {
		Builds(tree(name, text), path.Dir(name))
	}
}
