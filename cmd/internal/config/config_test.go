package config

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/words"
	"github.com/pylint-docker/pylint-docker/rules"
)

var update = flag.Bool("update", false, "rewrite the JSON schema")

// fakeRules knows rules that no release will ever have.
var fakeRules = Catalogue{
	Has: func(s string) bool {
		return s == "PLD901" || s == "PLD902" || s == "bad-thing" || s == "worse-thing" || s == "PLD9" || s == "PLD90"
	},
	Nearest: func(s string) string {
		return words.Closest(s, []string{"PLD901", "PLD902", "bad-thing", "worse-thing"})
	},
}

func write(t *testing.T, dir, name, content string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

const everyYAML = `# everything
select: [PLD9]
extend-select:
  - bad-thing
ignore: [PLD902]
per-file-ignores:
  "legacy/**": [PLD901]
severity: {PLD901: error, PLD9: info}
fail-on: error
exclude: ["third_party", "*.bak"]
context: ..
target: prod
build-args: {PY: "3.12", PORT: 8080, DEBUG: true}
layout: venv
runtime-image: slim
user-base: /pyroot
pins: {pip: "26.0"}
trusted-registries: [docker.io]
registry-mirrors: [artifactory.example.com/docker-remote]
images: {acme/base: {like: "python:3.12-slim", env: {PORT: 8080}, user: app}}
allow: {bad-thing: [a, b]}
compat: hadolint
`

const everyTOML = `[project]
name = "x"
[tool.pylint-docker]
select = ["PLD9"]
extend-select = ["bad-thing"]
ignore = ['PLD902']
severity = {PLD901 = "error", PLD9 = "info"}
fail-on = "error"
exclude = ["third_party", "*.bak"]
context = ".."
target = "prod"
layout = "venv"
runtime-image = "slim"
user-base = "/pyroot"
trusted-registries = ["docker.io"]
registry-mirrors = ["artifactory.example.com/docker-remote"]
compat = "hadolint"
build-args.PY = "3.12"
build-args.PORT = 8080
build-args.DEBUG = true
[tool.pylint-docker.per-file-ignores]
"legacy/**" = ["PLD901"]
[tool.pylint-docker.pins]
pip = "26.0"
[tool.pylint-docker.images."acme/base"]
like = "python:3.12-slim"
user = "app"
env.PORT = 8080
[tool.pylint-docker.allow]
bad-thing = ["a", "b"]
[tool.other]
selct = 1
`

func TestEveryKeyInBothFormats(t *testing.T) {
	for name, content := range map[string]string{".pylint-docker.yaml": everyYAML, "pyproject.toml": everyTOML} {
		dir := t.TempDir()
		path := write(t, dir, name, content)
		got, err := NewLoader(fakeRules, nil).For(dir)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		want := &Config{
			Path: path, Dir: dir,
			Select: []string{"PLD9"}, ExtendSelect: []string{"bad-thing"}, Ignore: []string{"PLD902"},
			PerFileIgnores: []PerFile{{Glob{dir, "legacy/**"}, []string{"PLD901"}}},
			Severity:       []SeverityRule{{"PLD9", analyzer.Info}, {"PLD901", analyzer.Error}},
			FailOn:         analyzer.Error,
			Exclude:        []Glob{{dir, "third_party"}, {dir, "*.bak"}},
			Context:        filepath.Dir(dir), Target: "prod",
			BuildArgs: map[string]string{"PY": "3.12", "PORT": "8080", "DEBUG": "true"},
			Layout:    "venv", RuntimeImage: "slim", UserBase: "/pyroot", Pins: map[string]string{"pip": "26.0"},
			TrustedRegistries: []string{"docker.io"}, Allow: map[string][]string{"bad-thing": {"a", "b"}},
			Compat:          "hadolint",
			RegistryMirrors: []string{"artifactory.example.com/docker-remote"},
			BaseImages:      map[string]image.Description{"acme/base": {Like: "python:3.12-slim", Env: map[string]string{"PORT": "8080"}, User: "app"}},
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Config{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		for _, key := range Keys() {
			if _, set := got.Origin(key); !set && key != "extend" {
				t.Errorf("%s: no origin for %s", name, key)
			}
		}
	}
}

func TestProblems(t *testing.T) {
	for _, c := range []struct{ name, file, content, want string }{
		{"unknown key", "c.yaml", "ignore: []\nselct: [PLD901]\n", `2:1: unknown key "selct"; did you mean "select"?`},
		{"mirror with a scheme", "c.yaml", "registry-mirrors: [https://a.example/x]\n", `1:20: a registry has no scheme: write "a.example/x"`},
		{"mirror with a blank", "c.yaml", "registry-mirrors: [\"a b\"]\n", `1:20: "a b" is no registry: write it as in FROM, without the image`},
		{"image unlike any", "c.yaml", "images: {acme/base: {like: acme/other}}\n",
			`1:28: "acme/other" is no image that is known: name one such as python:3.12-slim or debian:13`},
		{"image key", "c.yaml", "images: {acme/base: {liked: python}}\n", `1:22: unknown key "liked"; did you mean "like"?`},
		{"image name", "c.yaml", "images: {\"A b\": {like: python}}\n", `1:10: "A b" is no name of an image`},
		{"image as text", "c.yaml", "images: {acme/base: python}\n", `1:21: this must be a table of keys and values, not a string`},
		{"nothing near", "c.yaml", "colour: red\n", `1:1: unknown key "colour"`},
		{"unknown rule", "c.yaml", "select:\n  - PLD901\n  - bad-thin\n", `3:5: unknown rule "bad-thin"; did you mean "bad-thing"?`},
		{"unknown rule as key", "c.yaml", "severity:\n  PLD909: error\n", `2:3: unknown rule "PLD909"; did you mean "PLD901"?`},
		{"list wanted", "c.yaml", "select: PLD901\n", `1:9: this must be a list, not a string`},
		{"number for a version", "c.yaml", "pins:\n  pip: 26.0\n", `2:8: this must be a string, not a number: write "26.0" in quotes`},
		{"range for a version", "c.yaml", "pins: {pip: \">=26\"}\n", `1:13: this must be one exact version such as "26.0", not ">=26"`},
		{"choice", "c.yaml", "layout: user_base\n", `1:9: this must be user-base, venv or prefix, not "user_base"; did you mean "user-base"?`},
		{"relative user base", "c.yaml", "user-base: pyroot\n", `1:12: this must be an absolute path below /, such as /pyroot`},
		{"glob", "c.yaml", "exclude: ['[']\n", `1:11: "[" is not a valid glob`},
		{"empty", "c.yaml", "target: ''\n", `1:9: this must not be empty`},
		{"null", "c.yaml", "target:\n", `1:8: this must be a string, not nothing`},
		{"twice", "c.yaml", "target: a\ntarget: b\n", `2:1: key "target" is set twice, first in line 1`},
		{"not a table", "c.yaml", "- a\n", `1:1: a configuration must be a table of keys and values, not a list`},
		{"not YAML", "c.yaml", "a: [\n", `this is not YAML: `},
		{"two documents", "c.yaml", "target: a\n---\ntarget: b\n", `holds one document`},
		{"TOML key", "c.toml", "[tool.pylint-docker]\nignore = []\nselct = []\n", `3:1: unknown key "selct"; did you mean "select"?`},
		{"TOML value", "c.toml", "[tool.pylint-docker]\nselect = [\n  \"PLD901\",\n  \"PLD9O1\"]\n", `4:3: unknown rule "PLD9O1"; did you mean "PLD901"?`},
		{"TOML type", "c.toml", "[tool.pylint-docker]\npins = { pip = 26.0 }\n", `2:16: this must be a string, not a number: write "26.0" in quotes`},
		{"TOML table", "c.toml", "[tool.pylint-docker.sevrity]\nPLD901 = \"error\"\n", `1:21: unknown key "sevrity"; did you mean "severity"?`},
		{"TOML inline", "c.toml", "tool = {pylint-docker = {targt = 'a'}}\n", `1:26: unknown key "targt"; did you mean "target"?`},
		{"TOML syntax", "c.toml", "[tool.pylint-docker]\nselect = [\n", `this is not TOML: `},
		{"TOML without table", "c.toml", "[tool.ruff]\n", `it has no table [tool.pylint-docker]`},
		{"missing base", "c.yaml", "extend: nothing.yaml\n", `1:9: extend: nothing.yaml: no such file or directory`},
		{"itself", "c.yaml", "\nextend: c.yaml\n", `2:9: extend leads back to c.yaml`},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			path := write(t, dir, c.file, c.content)
			display := func(p string) string { return strings.TrimPrefix(p, dir+"/") }
			_, err := NewLoader(fakeRules, display).Load(path)
			if err == nil {
				t.Fatal("no error")
			}
			if got := err.Error(); !strings.HasPrefix(got, c.file+":") || !strings.Contains(got, c.want) || strings.Contains(got, "\n") {
				t.Errorf("got  %s\nwant %s:%s", got, c.file, c.want)
			}
		})
	}
}

func TestAllProblemsAtOnceInOrder(t *testing.T) {
	dir := t.TempDir()
	path := write(t, dir, "c.yaml", "layout: 1\nselct: []\nignore: [nope, bad-thing]\n")
	_, err := NewLoader(fakeRules, filepath.Base).Load(path)
	want := "c.yaml:1:9: this must be a string, not a number: write \"1\" in quotes\n" +
		"c.yaml:2:1: unknown key \"selct\"; did you mean \"select\"?\n" +
		"c.yaml:3:10: unknown rule \"nope\""
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Error(diff)
	}
}

func TestNearestWinsWithoutMerging(t *testing.T) {
	root := t.TempDir()
	write(t, root, ".pylint-docker.yaml", "target: outer\nlayout: venv\n")
	write(t, root, "a/pyproject.toml", "[project]\nname = 'not about us'\n")
	write(t, root, "a/b/pyproject.toml", "[tool.pylint-docker]\ntarget = 'inner'\n")
	write(t, root, "both/.pylint-docker.yaml", "target: yaml\n")
	write(t, root, "both/pyproject.toml", "[tool.pylint-docker]\ntarget = 'toml'\n")
	write(t, root, "broken/pyproject.toml", "[project\n")
	write(t, root, "empty/.pylint-docker.yml", "# nothing\n")
	l := NewLoader(fakeRules, nil)
	for dir, want := range map[string][2]string{
		"": {"outer", "venv"}, "a": {"outer", "venv"}, "a/b": {"inner", ""}, "a/b/c/d": {"inner", ""},
		"both": {"yaml", ""}, "broken": {"outer", "venv"}, "empty": {"", ""},
	} {
		c, err := l.For(filepath.Join(root, dir))
		if err != nil {
			t.Errorf("%s: %v", dir, err)
			continue
		}
		if got := [2]string{c.Target, c.Layout}; got != want {
			t.Errorf("%s: got %v, want %v", dir, got, want)
		}
	}
}

func TestExtend(t *testing.T) {
	root := t.TempDir()
	write(t, root, "base/pyproject.toml", `[tool.pylint-docker]
ignore = ["PLD901"]
extend-select = ["PLD902"]
exclude = ["old"]
pins = {pip = "1", uv = "2"}
severity = {PLD901 = "info", PLD9 = "error"}
per-file-ignores = {"*.x" = ["PLD901"]}
`)
	write(t, root, "app/.pylint-docker.yaml", `extend: ../base/pyproject.toml
ignore: [PLD902]
extend-select: [bad-thing]
pins: {uv: "3"}
severity: {PLD901: warning}
per-file-ignores: {"*.y": [PLD902]}
`)
	c, err := NewLoader(fakeRules, nil).For(filepath.Join(root, "app"))
	if err != nil {
		t.Fatal(err)
	}
	base, app := filepath.Join(root, "base"), filepath.Join(root, "app")
	want := &Config{
		Path: filepath.Join(app, ".pylint-docker.yaml"), Dir: app,
		Ignore: []string{"PLD902"}, ExtendSelect: []string{"PLD902", "bad-thing"},
		Exclude:        []Glob{{base, "old"}},
		Pins:           map[string]string{"pip": "1", "uv": "3"},
		Severity:       []SeverityRule{{"PLD9", analyzer.Error}, {"PLD901", analyzer.Warning}},
		PerFileIgnores: []PerFile{{Glob{app, "*.y"}, []string{"PLD902"}}, {Glob{base, "*.x"}, []string{"PLD901"}}},
	}
	if diff := cmp.Diff(want, c, cmpopts.IgnoreUnexported(Config{})); diff != "" {
		t.Error(diff)
	}
}

func TestExtendCycleEnds(t *testing.T) {
	root := t.TempDir()
	write(t, root, "a.yaml", "extend: b.yaml\n")
	write(t, root, "b.yaml", "extend: a.yaml\n")
	_, err := NewLoader(fakeRules, filepath.Base).Load(filepath.Join(root, "a.yaml"))
	if err == nil || err.Error() != "b.yaml:1:9: extend leads back to a.yaml" {
		t.Errorf("got %v", err)
	}
}

func TestReferencesDoNotExplode(t *testing.T) {
	var b strings.Builder
	b.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < 12; i++ {
		b.WriteString("a" + string(rune('0'+i)) + ": &a" + string(rune('0'+i)) + " [")
		for range 10 {
			b.WriteString("*a" + string(rune('0'+i-1)) + ", ")
		}
		b.WriteString("]\n")
	}
	_, problems := readYAML("x", []byte(b.String()))
	if len(problems) == 0 {
		t.Error("no problem")
	}
}

func TestGlob(t *testing.T) {
	for _, c := range []struct {
		pattern, path string
		want          bool
	}{
		{"vendor", "/p/vendor/x/Dockerfile", true},
		{"vendor", "/p/a/vendor/Dockerfile", true},
		{"vendor/", "/p/a/vendor", true},
		{"./vendor/x", "/p/vendor/x/y", true},
		{"vendor/x", "/p/a/vendor/x", false},
		{"vendor", "/p/vendors/Dockerfile", false},
		{"*.Dockerfile", "/p/a/b.Dockerfile", true},
		{"legacy/**", "/p/legacy/a/Dockerfile", true},
		{"legacy/**", "/p/x/legacy/Dockerfile", false},
		{"**/legacy/*", "/p/x/legacy/Dockerfile", true},
		{"*", "/elsewhere/Dockerfile", false},
		{"*", "/p", false},
	} {
		if got := (Glob{"/p", c.pattern}).Match(c.path); got != c.want {
			t.Errorf("%s on %s: %v", c.pattern, c.path, got)
		}
	}
}

const schemaPath = "../../../docs/schema/pylint-docker.schema.json"

func TestSchemaIsUpToDate(t *testing.T) {
	var words []RuleWord
	for _, r := range rules.All() {
		words = append(words, RuleWord{r.Code, r.Name + ": " + r.Summary}, RuleWord{r.Name, r.Code + ": " + r.Summary})
	}
	if *update {
		if err := os.WriteFile(schemaPath, Schema(words), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	onDisk, err := os.ReadFile(schemaPath)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(onDisk, Schema(words)) {
		t.Error("stale: run go test ./cmd/internal/config -update")
	}
}

// The schema and the reader must agree, except where only the reader can know.
func TestSchemaJudgesAsTheReaderDoes(t *testing.T) {
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema([]RuleWord{{"PLD901", "x"}})))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(SchemaID, parsed); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile(SchemaID)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		everyYAML, "{}", "select: PLD901", "selct: []", "layout: a", "layout: venv", "pins: {pip: 26.0}", "pins: {pip: '26.0'}",
		"pins: {pip: '>=1'}", "user-base: x", "fail-on: never", "fail-on: no", "build-args: {A: [1]}", "build-args: {A: 1}",
		"severity: {PLD901: off}", "severity: {PLD901: 'info'}", "select: [pLD901]", "allow: {PLD901: x}", "target: ''", "- a",
	} {
		var value any
		if err := yaml.Unmarshal([]byte(text), &value); err != nil {
			t.Fatal(err)
		}
		asJSON, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
		if err != nil {
			t.Fatal(err)
		}
		bySchema := schema.Validate(instance)
		_, byReader := NewLoader(fakeRules, nil).Load(write(t, t.TempDir(), "c.yaml", text))
		if (bySchema == nil) != (byReader == nil) {
			t.Errorf("%s\nschema: %v\nreader: %v", text, bySchema, byReader)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(everyYAML))
	f.Add([]byte(everyTOML))
	f.Add([]byte("a: &a [*a]"))
	f.Add([]byte("ignored: [DL3042, 1]\noverride: {error: [DL3042], style: DL3013, x: [y]}\nfailure-threshold: none\ntrustedRegistries: hub.docker.com\n"))
	f.Add([]byte("[[tool.pylint-docker]]\na=1\n[tool.pylint-docker.b]"))
	f.Fuzz(func(t *testing.T, content []byte) {
		dir := t.TempDir()
		for _, name := range []string{"c.yaml", "c.toml"} {
			path := filepath.Join(dir, name)
			if err := os.WriteFile(path, content, 0o644); err != nil {
				t.Fatal(err)
			}
			if c, _ := NewLoader(fakeRules, nil).Load(path); c == nil {
				t.Error("nil")
			}
		}
		if err := os.WriteFile(filepath.Join(dir, ".hadolint.yaml"), content, 0o644); err != nil {
			t.Fatal(err)
		}
		h, err := NewLoader(fakeRules, nil).Hadolint(dir, dir)
		if err == nil && Default().With(h, func(code string) []string { return []string{"PLD901"} }).Hadolint != h {
			t.Error("what hadolint says is lost")
		}
	})
}
