package rules_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/compose"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/fixes"
	"github.com/pylint-docker/pylint-docker/rules"
)

// A case is a txtar archive testdata/rules/<rule name>/<case>.txtar:
//
//	One sentence that says what the case proves.
//	# today: 2026-11-23          settings, one a line; this is the default day
//	# target: runtime
//	# build-arg: VERSION=1       may be repeated
//	# pins: pip=26.0 setuptools=80.9.0
//	# user-base: /pyroot
//	# layout: venv
//	# starts: gunicorn app:app
//	# targets: base production
//	# runtime-image: slim
//	# no-context                 no build context; else it is the other files of the archive
//	# rules: all                 every rule runs, or those named here; else the folder's rule
//	# crlf                       the Dockerfile has CRLF line endings, and keeps them
//	# no-final-newline           the Dockerfile ends without a newline, and keeps doing so
//	-- Dockerfile --
//	-- any/context/file --                       .pylint-docker.yaml sets what configured reads of it
//	-- want --
//	line:col-line:col CODE name: message          with "path:" in front for another file, and the severity as in
//	                                              "name (info):" where it is not the rule's own
//	-- fixed --                                   the Dockerfile after safe fixes
//	-- fixed/.dockerignore --                     another file that they change
//	-- fixed-unsafe --                            after safe and unsafe fixes
//
// An absent or empty `want` means no finding, an absent `fixed` no safe fix, an absent `fixed-unsafe`
// no other fix than the safe ones. `go test ./rules -update` writes these sections anew.
var update = flag.Bool("update", false, "rewrite the expectations of the cases in testdata/rules")

const casesDir = "../testdata/rules"

type ruleCase struct {
	file      string
	archive   *txtar.Archive
	rule      *analyzer.Rule
	settings  analyzer.Settings
	selection rules.Selection
	noContext bool
	crlf, eof bool
}

func TestCases(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(casesDir, "*", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		rel := filepath.ToSlash(strings.TrimSuffix(file, ".txtar"))
		t.Run(strings.TrimPrefix(rel, casesDir+"/"), func(t *testing.T) {
			t.Parallel()
			readCase(t, file).run(t)
		})
	}
}

func readCase(t *testing.T, file string) *ruleCase {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Base(filepath.Dir(file))
	rule, ok := rules.Find(name)
	if !ok || rule.Name != name {
		t.Fatalf("there is no rule %s", name)
	}
	c := &ruleCase{file: file, archive: archive, rule: rule, settings: testSettings()}
	c.selection = only(rule)
	sentence := false
	for line := range strings.Lines(string(archive.Comment)) {
		line = strings.TrimSpace(line)
		setting, ok := strings.CutPrefix(line, "# ")
		if !ok {
			sentence = sentence || line != ""
			continue
		}
		c.set(t, setting)
	}
	for _, f := range archive.Files {
		if f.Name == configFile {
			c.settings = configured(c.settings, string(f.Data))
		}
	}
	if !sentence {
		t.Error("the case does not say what it proves")
	}
	return c
}

// configFile in a case or an example may say, one a line, `trusted-registries: [A, B]`, `registry-mirrors: [A, B]`,
// `images: {NAME: {like: IMAGE, user: USER}}` and `allow: {RULE: [A, B]}`.
const configFile = ".pylint-docker.yaml"

var (
	mirrorsLine = regexp.MustCompile(`(?m)^registry-mirrors: \[(.*)\]$`)
	imagesLine  = regexp.MustCompile(`(?m)^images: \{([^{}\s]+): \{like: ([^{},\s]+)(?:, user: (\w+))?\}\}$`)
	trustedLine = regexp.MustCompile(`(?m)^trusted-registries: \[(.*)\]$`)
	allowLine   = regexp.MustCompile(`(?m)^allow: \{([a-z-]+): \[(.*)\]\}$`)
)

func configured(s analyzer.Settings, text string) analyzer.Settings {
	list := func(text string) []string {
		return strings.Split(strings.NewReplacer(" ", "", `"`, "").Replace(text), ",")
	}
	if m := trustedLine.FindStringSubmatch(text); m != nil {
		s.TrustedRegistries = list(m[1])
	}
	if m := mirrorsLine.FindStringSubmatch(text); m != nil {
		s.Images.Mirrors = list(m[1])
	}
	if m := imagesLine.FindStringSubmatch(text); m != nil {
		s.Images.Images = map[string]image.Description{m[1]: {Like: m[2], User: m[3]}}
	}
	if m := allowLine.FindStringSubmatch(text); m != nil {
		if rule, ok := rules.Find(m[1]); ok {
			s.Allow = map[string][]string{rule.Code: list(m[2])}
		}
	}
	return s
}

func testSettings() analyzer.Settings {
	return analyzer.Settings{Today: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}
}

// only enables one rule, and syntax errors: a mistake in a case must not look like silence.
func only(rule *analyzer.Rule) rules.Selection {
	return rules.Selection{}.With(rule, rules.SyntaxError)
}

func (c *ruleCase) set(t *testing.T, setting string) {
	t.Helper()
	key, value, _ := strings.Cut(setting, ":")
	value = strings.TrimSpace(value)
	switch key {
	case "today":
		day, err := time.Parse(time.DateOnly, value)
		if err != nil {
			t.Fatal(err)
		}
		c.settings.Today = day
	case "target":
		c.settings.Target = value
	case "user-base":
		c.settings.UserBase = value
	case "layout":
		c.settings.Layout = value
	case "runtime-image":
		c.settings.RuntimeImage = value
	case "targets":
		c.settings.Targets = strings.Fields(value)
	case "starts":
		c.settings.Starts = append(c.settings.Starts, value)
	case "build-arg":
		name, v, _ := strings.Cut(value, "=")
		c.settings.BuildArgs = with(c.settings.BuildArgs, name, v)
	case "pins":
		for _, pin := range strings.Fields(value) {
			name, v, _ := strings.Cut(pin, "=")
			c.settings.Pins = with(c.settings.Pins, name, v)
		}
	case "no-context":
		c.noContext = true
	case "crlf":
		c.crlf = true
	case "no-final-newline":
		c.eof = true
	case "rules":
		if value == "all" {
			c.selection = rules.Selection{}.With(rules.All()...)
			return
		}
		for _, name := range strings.FieldsFunc(value, func(r rune) bool { return r == ' ' || r == ',' }) {
			rule, ok := rules.Find(name)
			if !ok {
				t.Fatalf("there is no rule %s", name)
			}
			c.selection = c.selection.With(rule)
		}
	default:
		t.Fatalf("unknown setting %q", setting)
	}
}

func with(m map[string]string, key, value string) map[string]string {
	if m == nil {
		m = map[string]string{}
	}
	m[key] = value
	return m
}

func isExpectation(name string) bool {
	top, _, _ := strings.Cut(name, "/")
	return name == "want" || top == "fixed" || top == "fixed-unsafe"
}

func (c *ruleCase) run(t *testing.T) {
	given := map[string]string{}
	context := fstest.MapFS{}
	for _, f := range c.archive.Files {
		given[f.Name] = string(f.Data)
		if !isExpectation(f.Name) {
			context[f.Name] = &fstest.MapFile{Data: f.Data}
		}
	}
	text, ok := given["Dockerfile"]
	if !ok {
		t.Fatal("the case has no Dockerfile")
	}
	content := c.encode(text)
	var fsys fs.FS = context
	if c.noContext {
		fsys = nil
	}
	got := map[string]string{"want": findings(t, content, fsys, c.settings, c.selection)}
	safe := c.fix(t, content, fsys, analyzer.Safe)
	unsafe := c.fix(t, content, fsys, analyzer.Unsafe)
	for name, fixed := range safe {
		if fixed != original(given, name) {
			got[path.Join("fixed", name)] = fixed
		}
	}
	for name, fixed := range unsafe {
		before, ok := safe[name]
		if !ok {
			before = original(given, name)
		}
		if fixed != before {
			got[path.Join("fixed-unsafe", name)] = fixed
		}
	}
	if *update {
		c.rewrite(t, got)
		return
	}
	want := map[string]string{"want": ""}
	for name, text := range given {
		if isExpectation(name) && strings.TrimSpace(text) != "" || name == "want" {
			want[name] = text
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", c.file, diff)
	}
}

// original is a file before the fixes; "" is the Dockerfile.
func original(given map[string]string, name string) string {
	if name == "" {
		name = "Dockerfile"
	}
	return given[name]
}

func (c *ruleCase) encode(text string) []byte {
	if c.eof {
		text = strings.TrimSuffix(text, "\n")
	}
	if c.crlf {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	return []byte(text)
}

// decode undoes encode; what the fix did not keep shows in the text.
func (c *ruleCase) decode(content []byte) string {
	text := string(content)
	if c.crlf {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\n", "<LF>\n"), "\r<LF>\n", "\n")
	}
	if c.eof {
		if strings.HasSuffix(text, "\n") {
			text += "<final newline>"
		}
		text += "\n"
	}
	return text
}

// findings lints and proves that the rules left the Document alone.
func findings(t *testing.T, content []byte, context fs.FS, settings analyzer.Settings, sel rules.Selection) string {
	t.Helper()
	file := source.New("Dockerfile", content)
	if context != nil {
		settings.Context = project.Open(context, "Dockerfile")
		settings.Services = services(context)
	}
	_, found, failures := rules.Lint(file, settings, sel)
	for _, err := range failures {
		t.Error(err)
	}
	if doc, err := dockerfile.Parse(file); err == nil {
		before := dump(t, doc)
		rules.Run(analyzer.Analyze(doc, settings), sel)
		if diff := cmp.Diff(before, dump(t, doc)); diff != "" {
			t.Errorf("a rule changed the document: %s", diff)
		}
	}
	return format(file, settings.Context, found)
}

// services are those that run what the Dockerfile builds, as compose files in its folder have them.
func services(context fs.FS) (list []analyzer.Service) {
	for _, b := range compose.Builds(context, ".") {
		if b.Dockerfile == "Dockerfile" {
			list = append(list, b.Services...)
		}
	}
	return list
}

func dump(t *testing.T, doc *dockerfile.Document) string {
	t.Helper()
	text, err := json.MarshalIndent([]any{doc.Escape, doc.Directives, doc.Instructions, doc.Comments, doc.File.Bytes()}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func format(file *source.File, context *project.Context, found []analyzer.Diagnostic) string {
	var out strings.Builder
	for _, d := range found {
		in := file
		if d.Path != "" {
			content, _ := context.Read(d.Path)
			in = source.New(d.Path, content)
			out.WriteString(d.Path + ":")
		}
		a, b := in.Position(d.Span.Start), in.Position(d.Span.End)
		other := ""
		if d.Severity != d.Rule.Severity {
			other = fmt.Sprintf(" (%s)", d.Severity)
		}
		fmt.Fprintf(&out, "%d:%d-%d:%d %s %s%s: %s\n", a.Line, a.Column, b.Line, b.Column, d.Rule.Code, d.Rule.Name, other, d.Message)
	}
	return out.String()
}

// fix gives all files that the fixes of a level change, and the Dockerfile under "".
func (c *ruleCase) fix(t *testing.T, content []byte, context fs.FS, level analyzer.Safety) map[string]string {
	t.Helper()
	judge := rules.Judge("Dockerfile", context, "Dockerfile", c.settings, c.selection)
	read := func(name string) ([]byte, bool) {
		if context == nil {
			return nil, false
		}
		content, err := fs.ReadFile(context, name)
		return content, err == nil
	}
	out, err := fixes.Loop(fixes.Files{Dockerfile: content}, read, judge, level)
	if err != nil {
		t.Fatalf("%s fixes: %v", level, err)
	}
	for _, d := range out.Dropped {
		t.Errorf("%s fix dropped: %v", level, d.Err)
	}
	if out.Rounds > 0 {
		if _, err := dockerfile.Parse(source.New("Dockerfile", out.Files.Dockerfile)); err != nil {
			t.Errorf("the fixed file does not parse: %v", err)
		}
	}
	again, err := fixes.Loop(out.Files, read, judge, level)
	if err != nil || again.Rounds != 0 || !bytes.Equal(again.Files.Dockerfile, out.Files.Dockerfile) {
		t.Errorf("fixing twice changes the file again (%v)", err)
	}
	fixed := map[string]string{"": c.decode(out.Files.Dockerfile)}
	for name, content := range out.Files.Others {
		fixed[name] = string(content)
	}
	return fixed
}

func (c *ruleCase) rewrite(t *testing.T, got map[string]string) {
	t.Helper()
	archive := &txtar.Archive{Comment: c.archive.Comment}
	for _, f := range c.archive.Files {
		if !isExpectation(f.Name) {
			archive.Files = append(archive.Files, f)
		}
	}
	add := func(name string) {
		archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(got[name])})
	}
	add("want")
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if name != "want" {
			add(name)
		}
	}
	if err := os.WriteFile(c.file, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestEveryRuleHasCasesAndNearMisses(t *testing.T) {
	for _, rule := range rules.All() {
		if rule.Built {
			continue // no Dockerfile shows it: the cases are in internal/inspect
		}
		files, err := filepath.Glob(filepath.Join(casesDir, rule.Name, "*.txtar"))
		if err != nil {
			t.Fatal(err)
		}
		misses := 0
		for _, file := range files {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			hit := slices.ContainsFunc(archive.Files, func(f txtar.File) bool {
				return f.Name == "want" && bytes.Contains(f.Data, []byte(" "+rule.Code+" "))
			})
			if !hit {
				misses++
			}
		}
		if len(files) < 4 || misses < 2 || misses == len(files) {
			t.Errorf("%s %s: %d cases, %d of them near misses; want 4 and 2 at least, and a hit", rule.Code, rule.Name, len(files), misses)
		}
	}
	folders, err := os.ReadDir(casesDir)
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		if rule, ok := rules.Find(folder.Name()); !ok || rule.Name != folder.Name() {
			t.Errorf("testdata/rules/%s belongs to no rule", folder.Name())
		}
	}
}
