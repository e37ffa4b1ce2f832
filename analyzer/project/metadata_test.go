package project

import (
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

func names(requirements []installer.Requirement) string {
	var all []string
	for _, r := range requirements {
		all = append(all, r.Name+r.Specifier)
	}
	return strings.Join(all, " ")
}

// summary writes down what is known of a project, one field a line, without those that are empty.
func summary(m *Metadata) string {
	var b strings.Builder
	put := func(name, value string) {
		if value != "" && value != "false" {
			b.WriteString(name + ": " + value + "\n")
		}
	}
	flag := func(name string, on bool) {
		if on {
			b.WriteString(name + "\n")
		}
	}
	put("name", m.Name)
	put("version", m.Version)
	flag("installable", m.Installable)
	flag("no package", m.NonPackage)
	put("backend", m.Backend)
	put("requires", names(m.Requires))
	put("python", m.RequiresPython)
	put("dependencies", names(m.Dependencies))
	put("dependencies from", m.DependenciesFile)
	for _, group := range []map[string][]installer.Requirement{m.Extras, m.Groups} {
		keys := make([]string, 0, len(group))
		for key := range group {
			keys = append(keys, key)
		}
		sort.Strings(keys)
		for _, key := range keys {
			put("group "+key, names(group[key]))
		}
	}
	put("reads", strings.Join(m.DynamicFiles, " "))
	put("readme", m.Readme)
	put("licences", strings.Join(m.LicenseFiles, " "))
	var scripts []string
	for name, target := range m.Scripts {
		scripts = append(scripts, name+"="+target)
	}
	slices.Sort(scripts)
	put("scripts", strings.Join(scripts, " "))
	put("packages", strings.Join(m.Packages, " "))
	put("source", m.SourceDir)
	put("data", strings.Join(m.DataDirs, " "))
	put("dynamic", strings.Join(m.Dynamic, " "))
	flag("scm", m.UsesSCM)
	put("workspace", strings.Join(m.Workspace, " "))
	for _, p := range m.Problems {
		put("problem", p.File+": "+p.Message)
	}
	return b.String()
}

func TestProject(t *testing.T) {
	for _, test := range []struct {
		name  string
		files []string
		want  string
	}{
		{"pep 621 with setuptools", []string{"pyproject.toml", `
[build-system]
requires = ["setuptools>=61", "wheel"]
build-backend = "setuptools.build_meta"
[project]
name = "My.App"
version = "1.2"
requires-python = ">=3.11"
dependencies = ["alpha>=1", "beta[x]==2 ; python_version < '3.12'"]
readme = {file = "README.md", content-type = "text/markdown"}
license-files = ["LICEN[CS]E*", "NONE*"]
[project.optional-dependencies]
test = ["gamma"]
[project.scripts]
serve = "my_app.cli:main"
[project.gui-scripts]
show = "my_app.gui:main"
[tool.setuptools.packages.find]
where = ["lib"]
`, "LICENSE.txt", ""},
			"name: My.App\nversion: 1.2\ninstallable\nbackend: setuptools\nrequires: setuptools>=61 wheel\npython: >=3.11\ndependencies: alpha>=1 beta==2\ndependencies from: pyproject.toml\ngroup test: gamma\nreads: LICENSE.txt README.md\nreadme: README.md\nlicences: LICENSE.txt\nscripts: serve=my_app.cli:main show=my_app.gui:main\nsource: lib\n"},
		{"dynamic setuptools", []string{"pyproject.toml", `
[project]
name = "a"
dynamic = ["version", "dependencies", "readme", "optional-dependencies"]
[tool.setuptools]
packages = ["a", "a.b"]
py-modules = ["single"]
[tool.setuptools.dynamic]
version = {attr = "a.about.VERSION"}
dependencies = {file = ["requirements.txt"]}
readme = {file = ["README.rst", "NEWS.rst"]}
optional-dependencies.dev = {file = "dev.txt"}
`, "a/about.py", "VERSION = '1'"},
			"name: a\ninstallable\nbackend: setuptools\nreads: NEWS.rst README.rst a/about.py dev.txt requirements.txt\nreadme: README.rst\npackages: a a.b single\ndynamic: dependencies optional-dependencies readme version\n"},
		{"only tool tables", []string{"pyproject.toml", "[tool.black]\nline-length = 100\n"}, "backend: setuptools\n"},
		{"setuptools-scm", []string{"pyproject.toml", "[build-system]\nrequires=['setuptools', 'setuptools_scm[toml]>=8']\n[project]\nname='a'\ndynamic=['version']\n", "src/a/__init__.py", ""},
			"name: a\ninstallable\nbackend: setuptools\nrequires: setuptools setuptools-scm>=8\nsource: src\ndynamic: version\nscm\n"},
		{"scm only finds files", []string{"pyproject.toml", "[build-system]\nrequires=['setuptools', 'setuptools_scm']\n[project]\nname='a'\nversion='1'\n"},
			"name: a\nversion: 1\ninstallable\nbackend: setuptools\nrequires: setuptools setuptools-scm\n"},
		{"hatch", []string{"pyproject.toml", `
[build-system]
requires = ["hatchling", "hatch-vcs"]
build-backend = "hatchling.build"
[project]
name = "a-b"
dynamic = ["version"]
readme = "README.md"
[tool.hatch.version]
path = "src/a_b/__about__.py"
[tool.hatch.metadata.hooks.requirements_txt]
files = ["requirements.txt"]
[tool.hatch.build.targets.wheel]
packages = ["src/a_b"]
`}, "name: a-b\ninstallable\nbackend: hatchling\nrequires: hatchling hatch-vcs\nreads: README.md requirements.txt src/a_b/__about__.py\nreadme: README.md\npackages: a_b\nsource: src\ndynamic: version\n"},
		{"hatch-vcs", []string{"pyproject.toml", "[build-system]\nrequires=['hatchling','hatch-vcs']\nbuild-backend='hatchling.build'\n[project]\nname='a'\ndynamic=['version']\n[tool.hatch.version]\nsource='vcs'\n", "src/a/x.py", ""},
			"name: a\ninstallable\nbackend: hatchling\nrequires: hatchling hatch-vcs\nsource: src\ndynamic: version\nscm\n"},
		{"poetry", []string{"pyproject.toml", `
[tool.poetry]
name = "a"
version = "0.1.0"
readme = ["README.md", "MORE.md"]
packages = [{include = "a", from = "src"}]
[tool.poetry.dependencies]
python = "^3.10"
alpha = "^1.2.3"
beta = {version = "~2.1", extras = ["x"], optional = true}
gamma = {git = "https://host.test/g.git", rev = "abc"}
delta = "*"
epsilon = "0.3 || 0.4"
zeta = "1.0"
eta = ">= 1, <2"
[tool.poetry.extras]
more = ["beta"]
[tool.poetry.dev-dependencies]
old = "1.*"
[tool.poetry.group.dev_test.dependencies]
new = "^0.0.3"
[tool.poetry.scripts]
run = "a:main"
other = {reference = "a.b:c", type = "console"}
file = {reference = "bin/x.sh", type = "file"}
[build-system]
requires = ["poetry-core"]
build-backend = "poetry.core.masonry.api"
`}, "name: a\nversion: 0.1.0\ninstallable\nbackend: poetry.core\nrequires: poetry-core\npython: >=3.10,<4\ndependencies: alpha>=1.2.3,<2 beta>=2.1,<2.2 gamma delta epsilon zeta==1.0 eta>=1,<2\ndependencies from: pyproject.toml\ngroup more: beta>=2.1,<2.2\ngroup dev: old==1.*\ngroup dev-test: new>=0.0.3,<0.0.4\nreads: MORE.md README.md\nreadme: README.md\nscripts: other=a.b:c run=a:main\npackages: a\nsource: src\n"},
		{"poetry without a package", []string{"pyproject.toml", "[tool.poetry]\npackage-mode = false\n[build-system]\nrequires=['poetry-core']\nbuild-backend='poetry.core.masonry.api'\n", "setup.py", "setup()"},
			"no package\nbackend: poetry.core\nrequires: poetry-core\n"},
		{"poetry package mode written out", []string{"pyproject.toml", "[tool.poetry]\npackage-mode = true\nname='a'\n"}, "name: a\ninstallable\nbackend: setuptools\n"},
		{"groups, with a cycle that the specification forbids", []string{"pyproject.toml", `
[dependency-groups]
Test_Unit = ["alpha>1", {include-group = "lint"}]
lint = ["beta", {include-group = "test.unit"}]
`}, "backend: setuptools\ngroup lint: beta\ngroup test-unit: alpha>1 beta\n"},
		{"uv", []string{"pyproject.toml", "[project]\nname='a'\nversion='1'\n[tool.uv]\npackage=false\ndev-dependencies=['alpha']\n[tool.uv.workspace]\nmembers=['packages/*', '../out']\n"},
			"name: a\nversion: 1\nno package\nbackend: setuptools\ngroup dev: alpha\nworkspace: packages/*\n"},
		{"uv_build", []string{"pyproject.toml", "[build-system]\nrequires=['uv_build']\nbuild-backend='uv_build'\n[project]\nname='a'\nversion='1'\n[tool.uv.build-backend]\nmodule-root=''\n"},
			"name: a\nversion: 1\ninstallable\nbackend: uv_build\nrequires: uv-build\n"},
		{"pdm", []string{"pyproject.toml", "[build-system]\nrequires=['pdm-backend']\nbuild-backend='pdm.backend'\n[project]\nname='a'\ndynamic=['version']\n[tool.pdm]\nversion={source='scm'}\n[tool.pdm.dev-dependencies]\ntest=['alpha']\n"},
			"name: a\ninstallable\nbackend: pdm.backend\nrequires: pdm-backend\ngroup test: alpha\ndynamic: version\nscm\n"},
		{"flit", []string{"pyproject.toml", "[build-system]\nrequires=['flit_core']\nbuild-backend='flit_core.buildapi'\n[project]\nname='a-b'\ndynamic=['version','description']\n", "a_b.py", ""},
			"name: a-b\ninstallable\nbackend: flit_core\nrequires: flit-core\nreads: a_b.py\ndynamic: description version\n"},
		{"broken toml", []string{"pyproject.toml", "[project]\nname = 'a'\nversion = \n"}, "name: a\ninstallable\nbackend: setuptools\nproblem: pyproject.toml: unexpected character U+000A at start of value\n"},
		{"setup.cfg alone is not installable", []string{"setup.cfg", "[metadata]\nname = a\n"}, "name: a\nbackend: setuptools\n"},
		{"setup.cfg", []string{"setup.py", "from setuptools import setup\nsetup()\n", "a/__init__.py", "", "setup.cfg", `
[metadata]
name: a
version = attr: a.__version__
long-description = file: README.md, NEWS.md
license_files = LICENSE
[options]
python_requires = >= 3.9
packages = find:
package_dir =
    =src
install_requires =
    alpha >= 1
    # not this
    beta; python_version < "3"

    gamma  # why
setup_requires = delta; epsilon
[options.extras_require]
x = file: x.txt
y = zeta
[options.entry_points]
console_scripts =
    run = a.b:main [y]
    stop=a.b:stop
[options.packages.find]
where = src
`}, "name: a\ninstallable\nbackend: setuptools\nrequires: delta epsilon\npython: >=3.9\ndependencies: alpha>=1 beta gamma\ndependencies from: setup.cfg\ngroup y: zeta\nreads: LICENSE NEWS.md README.md a/__init__.py x.txt\nreadme: README.md\nlicences: LICENSE\nscripts: run=a.b:main stop=a.b:stop\nsource: src\ndynamic: version x\n"},
		{"setup.py", []string{"README.md", "", "data/list.txt", "", "setup.py", `
import os, setuptools as st
from setuptools import setup, find_packages
VERSION = "1.0"
reqs = [
    'alpha>=1',  # first
    "beta" "==2",
]
with open(os.path.join("data", "list.txt")) as f:
    lines = f.read()
setup(
    name='a', version=VERSION,
    long_description=open("README.md", "r").read(),
    packages=find_packages(),
    package_dir={'': 'src'},
    py_modules=("one", "two"),
    install_requires=reqs,
    extras_require={'x': ['gamma'], "y": lines},
    setup_requires='delta',
    python_requires=">=3.8",
    entry_points={"console_scripts": ["run = a:main"], 'other': x},
    classifiers=[c for c in lines if c != ","],
)
`}, "name: a\nversion: 1.0\ninstallable\nbackend: setuptools\nrequires: delta\npython: >=3.8\ndependencies: alpha>=1 beta==2\ndependencies from: setup.py\ngroup x: gamma\nreads: README.md data/list.txt\nreadme: \nscripts: run=a:main\npackages: one two\nsource: src\ndynamic: extras_require packages\n"},
		{"setup.py that computes", []string{"setup.py", `
from setuptools import setup
deps = ["alpha"]
if x:
    deps.append("beta")
version = "1"
version += ".2"
setup(name=f"a{1}", version=version, install_requires=deps, packages=["a"] + more, entry_points="""
[console_scripts]
run = a:b
""", use_scm_version=True, **extra)
`}, "installable\nbackend: setuptools\nscripts: run=a:b\npackages: \ndynamic: ** install_requires name packages version\nscm\n"},
		{"two calls of setup", []string{"setup.py", "if a:\n    setup(name='x', version='1')\nelse:\n    setup(name='y')\n"}, "installable\nbackend: setuptools\ndynamic: name version\n"},
		{"setup of something else", []string{"setup.py", "def setup(x): pass\nlogging.setup(name='no')\nsetuptools.setup(name='yes')\n"}, "name: yes\ninstallable\nbackend: setuptools\n"},
		{"data files of pyproject.toml", []string{"pyproject.toml", "[project]\nname='a'\n[tool.setuptools.data-files]\n'share/a' = ['x']\n'./etc/a' = ['y']\n'' = ['z']\n"}, "name: a\ninstallable\nbackend: setuptools\ndata: share etc\n"},
		{"data files of hatch", []string{"pyproject.toml", "[build-system]\nrequires=['hatchling']\nbuild-backend='hatchling.build'\n[project]\nname='a'\n[tool.hatch.build.targets.wheel.shared-data]\n'ui' = 'share/a/ui'\n"}, "name: a\ninstallable\nbackend: hatchling\nrequires: hatchling\ndata: share\n"},
		{"data files of setup.cfg", []string{"setup.cfg", "[metadata]\nname = a\n[options.data_files]\nshare/a = x\netc/a-b =\n    y\n", "setup.py", "setup()\n"}, "name: a\ninstallable\nbackend: setuptools\ndata: etc share\n"},
		{"data files of setup.py", []string{"setup.py", "setup(name='a', data_files=[('share/a', ['x']), (where, []), 'README'])\n"}, "name: a\ninstallable\nbackend: setuptools\ndata: share\n"},
		{"versioneer", []string{"setup.py", "import versioneer\nsetup(name='a', version=versioneer.get_version())\n"}, "name: a\ninstallable\nbackend: setuptools\ndynamic: version\nscm\n"},
		{"project closes dependencies", []string{"pyproject.toml", "[project]\nname='a'\nversion='1'\n", "setup.py", "setup(install_requires=['alpha'])"}, "name: a\nversion: 1\ninstallable\nbackend: setuptools\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			m, ok := Open(tree(test.files...), "Dockerfile").Project(".")
			if !ok {
				t.Fatal("no project")
			}
			want := strings.ReplaceAll(strings.ReplaceAll(test.want, "readme: \n", ""), "packages: \n", "")
			if diff := cmp.Diff(want, summary(m)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestProjectInFolder(t *testing.T) {
	c := Open(tree("svc/pyproject.toml", "[project]\nname='a'\nreadme='../README.md'\nlicense={file='LICENSE'}\n", "other/x.py", ""), "Dockerfile")
	m, ok := c.Project("svc/")
	if !ok || m.Dir != "svc" {
		t.Fatal(m, ok)
	}
	if diff := cmp.Diff([]string{"README.md", "svc/LICENSE"}, m.DynamicFiles); diff != "" {
		t.Error(diff)
	}
	for _, dir := range []string{"other", "nowhere", "../up", ""} {
		if _, ok := c.Project(dir); ok {
			t.Errorf("a project in %q", dir)
		}
	}
}

// Spans must hold exactly the requirement, so that it can be edited where it stands.
func TestMetadataSpans(t *testing.T) {
	for name, text := range map[string]string{
		"pyproject.toml": "\uFEFF[project]\nname = 'é'\ndependencies = [ # list\n  \"alpha>=1\", 'beta' ,\n]\n[build-system]\nrequires = [\"gamma\"]\n",
		"setup.cfg":      "[options]\ninstall_requires = alpha>=1; beta\nsetup_requires =\n   gamma\n",
		"setup.py":       "\uFEFFsetup(install_requires=[r'alpha>=1', u\"beta\"], setup_requires=['''gamma'''])\n",
	} {
		m, _ := Open(tree(name, text), "Dockerfile").Project(".")
		var got []string
		for _, r := range append(slices.Clone(m.Dependencies), m.Requires...) {
			got = append(got, text[r.Span.Start:r.Span.End])
			if !r.Literal {
				t.Errorf("%s: %s is not literal", name, r.Text)
			}
		}
		if diff := cmp.Diff([]string{"alpha>=1", "beta", "gamma"}, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	text := "setup(install_requires=['al' 'pha', 'b\\x41'])"
	m, _ := Open(tree("setup.py", text), "Dockerfile").Project(".")
	for _, r := range m.Dependencies {
		if r.Literal {
			t.Errorf("%q is taken for literal", r.Text)
		}
	}
}

func TestLock(t *testing.T) {
	c := Open(tree(
		"poetry.lock", "[[package]]\nname='Alpha_X'\nversion='1'\ngroups=['main','dev']\n[[package]]\nname='beta'\nversion='2'\ngroups=['dev']\n[[package]]\nname='gamma'\nversion='3'\ncategory='dev'\n",
		"uv.lock", `
version = 1
[[package]]
name = "app"
version = "0.1"
source = { editable = "." }
dependencies = [{ name = "alpha" }]
[package.dev-dependencies]
dev = [{ name = "beta" }]
[[package]]
name = "alpha"
version = "1"
dependencies = [{ name = "deep" }, {name = "alpha"}]
[[package]]
name = "deep"
version = "1"
[[package]]
name = "deep"
version = "2"
[[package]]
name = "beta"
version = "3"
`,
		"pdm.lock", "[[package]]\nname='alpha'\nversion='1'\ngroups=['default']\n[[package]]\nname='beta'\nversion='2'\ngroups=['test']\n",
		"Pipfile.lock", `{"_meta":{}, "default":{"alpha":{"version":"==1"}, "vcs":{"git":"x"}}, "develop":{"beta":{"version":"==2"},"alpha":{"version":"==1"}}}`,
		"pylock.dev.toml", "lock-version='1.0'\ndefault-groups=['std']\n[[packages]]\nname='alpha'\nversion='1'\n[[packages]]\nname='beta'\nversion='2'\nmarker=\"'dev' in dependency_groups\"\n[[packages]]\nname='gamma'\nversion='3'\nmarker=\"'std' in dependency_groups\"\n",
		"bad/poetry.lock", "[[package]]\nname=\n",
		"bad/Pipfile.lock", "{",
		"other.lock", "",
	), "Dockerfile")
	for _, test := range []struct {
		path, format string
		packages     map[string]string
		dev          string
	}{
		{"poetry.lock", "poetry.lock", map[string]string{"alpha-x": "1", "beta": "2", "gamma": "3"}, "beta gamma"},
		{"uv.lock", "uv.lock", map[string]string{"alpha": "1", "deep": "", "beta": "3"}, "beta"},
		{"pdm.lock", "pdm.lock", map[string]string{"alpha": "1", "beta": "2"}, "beta"},
		{"Pipfile.lock", "Pipfile.lock", map[string]string{"alpha": "1", "vcs": "", "beta": "2"}, "beta"},
		{"pylock.dev.toml", "pylock.toml", map[string]string{"alpha": "1", "beta": "2", "gamma": "3"}, "beta"},
	} {
		l, ok := c.Lock(test.path)
		if !ok {
			t.Errorf("%s: not read", test.path)
			continue
		}
		var dev []string
		for name := range l.Dev {
			dev = append(dev, name)
		}
		slices.Sort(dev)
		if diff := cmp.Diff(test.packages, l.Packages); diff != "" || strings.Join(dev, " ") != test.dev || l.Format != test.format {
			t.Errorf("%s (%s): dev %v\n%s", test.path, l.Format, dev, diff)
		}
	}
	for _, path := range []string{"bad/poetry.lock", "bad/Pipfile.lock", "other.lock", "pylock.a.b.toml", "no/uv.lock"} {
		if _, ok := c.Lock(path); ok {
			t.Errorf("%s was read", path)
		}
	}
}

func TestPipfile(t *testing.T) {
	p, ok := Open(tree("Pipfile", "[packages]\nalpha = '*'\nbeta = {version='>= 1', extras=['x']}\nlocal = {path='.', editable=true}\ngit = {git='https://host.test/g.git', ref='main'}\n[dev-packages]\ntest = '==2'\n[requires]\npython_version='3.11'\n[scripts]\nserve='python -m a'\ncall={call='a:b'}\n"), "Dockerfile").Pipfile("Pipfile")
	if !ok {
		t.Fatal("not read")
	}
	if got, want := names(p.Packages)+" | "+names(p.DevPackages), "alpha beta>=1 local git | test==2"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if r := p.Packages[2]; r.Kind != installer.Local || !r.Editable || r.Location != "." {
		t.Errorf("local: %+v", r)
	}
	if r := p.Packages[3]; r.Kind != installer.VCS || r.Location != "git+https://host.test/g.git" || r.Revision != "main" {
		t.Errorf("git: %+v", r)
	}
	if diff := cmp.Diff(map[string]string{"serve": "python -m a"}, p.Scripts); diff != "" || p.PythonVersion != "3.11" {
		t.Error(p.PythonVersion, diff)
	}
}

func FuzzMetadata(f *testing.F) {
	f.Add(uint8(0), []byte("[project]\ndependencies=['a', {x=[1,2.0]}]\n[[tool.uv]]\na.b.c=1979-01-01\n[dependency-groups]\na=[{include-group='a'}]"))
	f.Add(uint8(0), []byte("[tool.poetry.dependencies]\na='^1'\nb=[{version='~'}]\n[tool.poetry.dependencies.c]\nd=1\n"))
	f.Add(uint8(1), []byte("[options]\ninstall_requires = a; b\n  c\n[x\n=y\n"))
	f.Add(uint8(2), []byte("x=[1]\nsetup(name='a' 'b', **c, d={'e': [f(), (g,)]}, h=lambda x: {x}, i=\"\"\"[console_scripts]\nj=k:l\n\"\"\""))
	names := []string{"pyproject.toml", "setup.cfg", "setup.py", "Pipfile", "uv.lock"}
	f.Fuzz(func(t *testing.T, which uint8, content []byte) {
		name := names[int(which)%len(names)]
		c := Open(tree(name, string(content)), "Dockerfile")
		c.Lock(name)
		check := func(all []installer.Requirement) {
			for _, r := range all {
				if r.Span.Start < 0 || r.Span.End < r.Span.Start || r.Span.End > len(content) {
					t.Fatalf("span %v in a file of %d bytes", r.Span, len(content))
				}
			}
		}
		if p, ok := c.Pipfile(name); ok {
			check(p.Packages)
			check(p.DevPackages)
		}
		m, ok := c.Project(".")
		if !ok {
			return
		}
		check(m.Dependencies)
		check(m.Requires)
		for _, group := range m.Groups {
			check(group)
		}
		for _, extra := range m.Extras {
			check(extra)
		}
		for _, p := range m.Problems {
			check([]installer.Requirement{{Span: p.Span}})
		}
	})
}
