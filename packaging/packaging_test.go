package packaging

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"
)

var update = flag.Bool("update", false, "write LICENSES.md anew")

// permitted are the licences that the program, under Apache-2.0, may link: they ask for no more than to be named.
var permitted = []string{"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT AND Apache-2.0"}

// source is the repository, as if a release were tagged. It asks no git: an archive of the repository has none.
func source() Source {
	s := at("..")
	s.Version, s.Ref, s.Date = "1.2.3-rc.1", "v1.2.3-rc.1", time.Unix(1767225600, 0).UTC()
	return s
}

func TestOpen(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("there is no git")
	}
	root := t.TempDir()
	git := func(arguments ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", root, "-c", "user.name=a", "-c", "user.email=a@example.org"}, arguments...)...)
		cmd.Env = append(os.Environ(), "GIT_COMMITTER_DATE=1767225600 +0100", "GIT_CONFIG_GLOBAL="+os.DevNull)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	t.Setenv("SOURCE_DATE_EPOCH", "")
	git("init", "--quiet")
	git("commit", "--quiet", "--allow-empty", "--message", "one")
	type facts struct{ Version, Ref, Date, Error string }
	check := func(want facts) {
		t.Helper()
		s, err := Open(root)
		got := facts{s.Version, s.Ref, s.Date.Format(time.RFC3339), ""}
		if err != nil {
			got = facts{Error: err.Error()}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	check(facts{Version: "0.0.0-dev", Ref: "main", Date: "2026-01-01T00:00:00Z"})
	git("tag", "nightly")
	git("tag", "v1.2.3")
	check(facts{Version: "1.2.3", Ref: "v1.2.3", Date: "2026-01-01T00:00:00Z"})
	git("tag", "v1.2.4")
	check(facts{Error: "the commit has more than one tag: v1.2.3, v1.2.4"})
	git("tag", "--delete", "v1.2.3", "v1.2.4")
	git("tag", "v1.2")
	check(facts{Error: `version "1.2": not like 1.2.3, 1.2.3-alpha.1, 1.2.3-beta.1 or 1.2.3-rc.1`})
	t.Setenv("SOURCE_DATE_EPOCH", "0")
	git("tag", "--delete", "v1.2")
	check(facts{Version: "0.0.0-dev", Ref: "main", Date: "1970-01-01T00:00:00Z"})
	t.Setenv("SOURCE_DATE_EPOCH", "yesterday")
	check(facts{Error: `the date of the commit, or SOURCE_DATE_EPOCH: strconv.ParseInt: parsing "yesterday": invalid syntax`})
}

func TestLicenses(t *testing.T) {
	modules, err := source().Modules()
	if err != nil {
		t.Fatal(err)
	}
	var page strings.Builder
	page.WriteString("# Licences of what the program links\n\nWritten by `go test ./packaging -update`. The program itself is under the [Apache License 2.0](../LICENSE);\n" +
		"Go's standard library is under BSD-3-Clause. Packages of a release hold the texts.\n\n| module | version | licence |\n|---|---|---|\n")
	for _, m := range modules {
		l, err := m.License()
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(permitted, l) {
			t.Errorf("%s is under %s, which a release may not link", m.Path, l)
		}
		fmt.Fprintf(&page, "| %s | %s | %s |\n", m.Path, m.Version, l)
	}
	if *update {
		if err := os.WriteFile("LICENSES.md", []byte(page.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if content, err := os.ReadFile("LICENSES.md"); err != nil || string(content) != page.String() {
		t.Errorf("LICENSES.md is stale: `go test ./packaging -update` (%v)", err)
	}
}

func TestThirdPartyLicenses(t *testing.T) {
	s := source()
	modules, err := s.Modules()
	if err != nil {
		t.Fatal(err)
	}
	text, err := s.ThirdPartyLicenses()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range modules {
		if !strings.Contains(string(text), "\n"+m.Path+" "+m.Version) {
			t.Errorf("no licence of %s", m.Path)
		}
	}
	// The yaml module asks for its notice, too.
	for _, part := range []string{"gopkg.in/yaml.v3 v3.0.1: NOTICE\n", "and Go's standard library: LICENSE\n"} {
		if !strings.Contains(string(text), part) {
			t.Errorf("no %q", part)
		}
	}
}

func TestPythonVersion(t *testing.T) {
	for version, want := range map[string]string{
		"1.2.3": "1.2.3", "0.10.0-alpha.1": "0.10.0a1", "1.2.3-beta.2": "1.2.3b2", "1.2.3-rc.10": "1.2.3rc10", "0.0.0-dev": "0.0.0.dev0",
		"": "", "1.2": "", "v1.2.3": "", "1.2.3-rc1": "", "1.2.3-dev.1": "", "1.2.3-preview.1": "", "1.2.3+build": "",
	} {
		if got, err := pythonVersion(version); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v; want %q", version, got, err, want)
		}
	}
}

func TestAbsolute(t *testing.T) {
	const page = "![a](docs/a.svg) and [b](docs/b.md#part), [c](#here) [d](https://example.org/x) [e](mailto:a@b)\n" +
		"`[f](code.md)`\n```text\n[g](docs/g.md)\n```\n[h](./LICENSE)\n"
	const want = "![a](" + repository + "/raw/v1/docs/a.svg) and [b](" + repository + "/blob/v1/docs/b.md#part), [c](#here) [d](https://example.org/x) [e](mailto:a@b)\n" +
		"`[f](" + repository + "/blob/v1/code.md)`\n```text\n[g](docs/g.md)\n```\n[h](" + repository + "/blob/v1/LICENSE)\n"
	if diff := cmp.Diff(want, absolute(page, "v1")); diff != "" {
		t.Error(diff)
	}
}

// binary is a program with build information: this one.
func binary(t *testing.T) []byte {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestWheel(t *testing.T) {
	s, program := source(), binary(t)
	for _, p := range []Platform{Platforms[0], Platforms[4]} {
		wheel, err := s.Wheel(p, program)
		if err != nil {
			t.Fatal(err)
		}
		if want := "pylint_docker-1.2.3rc1-py3-none-" + p.Wheel + ".whl"; wheel.Name != want {
			t.Errorf("%s, want %s", wheel.Name, want)
		}
		archive, err := zip.NewReader(bytes.NewReader(wheel.Content), int64(len(wheel.Content)))
		if err != nil {
			t.Fatal(err)
		}
		var recorded, found []string
		for _, file := range archive.File {
			reader, err := file.Open()
			if err != nil {
				t.Fatal(err)
			}
			content, err := io.ReadAll(reader)
			if err != nil {
				t.Fatal(err)
			}
			mode := fs.FileMode(0o644)
			if file.Name == "pylint_docker-1.2.3rc1.data/scripts/"+p.Program() {
				mode = 0o755
			}
			if file.Mode() != mode {
				t.Errorf("%s has mode %v, not %v", file.Name, file.Mode(), mode)
			}
			if !file.Modified.Equal(time.Unix(1767225600, 0)) {
				t.Errorf("%s is of %v", file.Name, file.Modified)
			}
			if strings.HasSuffix(file.Name, "/RECORD") {
				recorded = strings.Split(strings.TrimSpace(string(content)), "\n")
				found = append(found, file.Name+",,")
				continue
			}
			sum := sha256.Sum256(content)
			found = append(found, fmt.Sprintf("%s,sha256=%s,%d", file.Name, base64.RawURLEncoding.EncodeToString(sum[:]), len(content)))
		}
		if diff := cmp.Diff(found, recorded); diff != "" {
			t.Errorf("RECORD:\n%s", diff)
		}
		if again, err := s.Wheel(p, program); err != nil || !bytes.Equal(again.Content, wheel.Content) {
			t.Errorf("%s: packed twice, other bytes (%v)", p, err)
		}
	}
}

// untar gives the files of a package by path.
func untar(t *testing.T, p Package) map[string]string {
	t.Helper()
	uncompressed, err := gzip.NewReader(bytes.NewReader(p.Content))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for archive := tar.NewReader(uncompressed); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(archive)
		if err != nil {
			t.Fatal(err)
		}
		files[header.Name] = string(content)
	}
}

// TestSourceDistribution compiles the sdist in a folder of its own: it is complete, and the bytes are those of the
// repository, wherever that lies.
func TestSourceDistribution(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program twice")
	}
	s := source()
	sdist, err := s.SourceDistribution()
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := t.TempDir()
	for name, content := range untar(t, sdist) {
		file := filepath.Join(elsewhere, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(content), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	sum := func(root string) string {
		program := filepath.Join(t.TempDir(), "program")
		cmd := exec.Command("go", append([]string{"build", "-buildvcs=false", "-o", program}, Arguments(s.Version)[1:]...)...)
		cmd.Dir, cmd.Env = root, append(os.Environ(), Environment...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		content, err := os.ReadFile(program)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("%x", sha256.Sum256(content))
	}
	if here, there := sum(s.Root), sum(filepath.Join(elsewhere, "pylint_docker-1.2.3rc1")); here != there {
		t.Errorf("%s and %s", here, there)
	}
}

func TestNPM(t *testing.T) {
	s, program := source(), binary(t)
	read := func(p Package) (m manifest) {
		if err := json.Unmarshal([]byte(untar(t, p)["package/package.json"]), &m); err != nil {
			t.Fatal(err)
		}
		return m
	}
	launcher, err := s.NPM()
	if err != nil {
		t.Fatal(err)
	}
	m := read(launcher)
	wanted := map[string]string{}
	for _, p := range Platforms {
		wanted["@pylint-docker/"+p.NPM] = "1.2.3-rc.1"
	}
	if diff := cmp.Diff(wanted, m.OptionalDependencies); diff != "" {
		t.Error(diff)
	}
	if _, found := untar(t, launcher)["package/"+m.Bin["pylint-docker"]]; !found {
		t.Error("no launcher")
	}
	windows, err := s.NPMPlatform(Platforms[4], program)
	if err != nil {
		t.Fatal(err)
	}
	if windows.Name != "pylint-docker-win32-x64-1.2.3-rc.1.tgz" {
		t.Error(windows.Name)
	}
	files := untar(t, windows)
	if files["package/bin/pylint-docker.exe"] != string(program) || files["package/LICENSE"] == "" {
		t.Error("the program or its licence is missing")
	}
	if m := read(windows); !slices.Equal(m.OS, []string{"win32"}) || !slices.Equal(m.CPU, []string{"x64"}) {
		t.Errorf("for %v %v", m.OS, m.CPU)
	}
}

// TestGoreleaser compares what goreleaser.yaml repeats: the platforms, the command that builds, the version without a tag.
func TestGoreleaser(t *testing.T) {
	content, err := os.ReadFile("goreleaser.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var config struct {
		Builds []struct {
			Main                                   string
			Env, Flags, LDFlags, Targets, GoAMD64  []string
			Goos, Goarch, Ignore, Hooks, Overrides yaml.Node
		}
		Snapshot struct {
			Version string `yaml:"version_template"`
		}
	}
	if err := yaml.Unmarshal(content, &config); err != nil {
		t.Fatal(err)
	}
	if len(config.Builds) != 1 {
		t.Fatalf("%d builds", len(config.Builds))
	}
	b := config.Builds[0]
	var targets []string
	for _, p := range Platforms {
		targets = append(targets, p.OS+"_"+p.Arch)
	}
	arguments := slices.Concat([]string{"build"}, b.Flags, []string{"-ldflags", strings.Join(b.LDFlags, " "), b.Main})
	type facts struct {
		Targets, Environment, Arguments []string
		Unreleased                      string
	}
	got := facts{b.Targets, b.Env, arguments, config.Snapshot.Version}
	want := facts{targets, Environment, Arguments("{{ .Version }}"), unreleased}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("goreleaser.yaml:\n%s", diff)
	}
}
