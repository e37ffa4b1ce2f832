package installer

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// answers lists the questions about c that have the answer yes, and the values.
func answers(c *Command) string {
	var yes []string
	for _, q := range []struct {
		name   string
		answer bool
	}{
		{"installs", c.Installs()}, {"uninstalls", c.Uninstalls()}, {"user", c.UserInstall()}, {"nocache", c.NoCacheDir()},
		{"nodeps", c.NoDeps()}, {"upgrade", c.Upgrade()}, {"ignore", c.IgnoreInstalled()}, {"break", c.BreakSystemPackages()},
		{"hashes", c.RequireHashes()}, {"noindex", c.NoIndex()}, {"system", c.SystemWide()},
	} {
		if q.answer {
			yes = append(yes, q.name)
		}
	}
	value := func(name string, v env.Value, ok bool) {
		if ok {
			yes = append(yes, name+"="+v.Or("?"))
		}
	}
	v, ok := c.Target()
	value("target", v, ok)
	v, ok = c.Prefix()
	value("prefix", v, ok)
	v, ok = c.Root()
	value("root", v, ok)
	v, ok = c.CondaPrefix()
	value("condaprefix", v, ok)
	v, ok = c.CondaName()
	value("condaname", v, ok)
	v, ok = c.CacheDir()
	value("cachedir", v, ok)
	v, ok = c.IndexURL()
	value("index", v, ok)
	for _, f := range c.RequirementFiles() {
		value("file", f.Value, true)
	}
	for _, f := range c.ConstraintFiles() {
		value("constraint", f.Value, true)
	}
	for _, f := range c.ExtraIndexURLs() {
		value("extraindex", f.Value, true)
	}
	if mode := c.LockMode(); mode != "" {
		yes = append(yes, "lock="+mode)
	}
	if dev, said := c.DevGroups(); said {
		yes = append(yes, fmt.Sprintf("dev=%t", dev))
	}
	if hint := c.InterpreterHint(); hint != "" {
		yes = append(yes, "python="+hint)
	}
	return strings.Join(yes, " ")
}

func TestMeaning(t *testing.T) {
	for code, want := range map[string]string{
		"pip install x":                                    "installs",
		"pip install --user x":                             "installs user",
		"pip install --user --no-user x":                   "installs",
		"pip download --no-deps x":                         "nodeps",
		"pip wheel --no-cache-dir -r a -c b":               "nocache file=a constraint=b",
		"pip lock -r a":                                    "file=a",
		"pip cache purge":                                  "",
		"pip config set a b":                               "",
		"pip freeze":                                       "",
		"pip install --dry-run x":                          "",
		"pip install --download /d x":                      "",
		"pip uninstall -y x":                               "uninstalls",
		"pip install -I -U --break-system-packages x":      "installs upgrade ignore break",
		"pip install -t /t --prefix=/p --root /r x":        "installs target=/t prefix=/p root=/r",
		`pip install --target="$ARG_T" x`:                  "installs target=?",
		"pip install --no-index --require-hashes -rr -r s": "installs hashes noindex file=r file=s",
		"pip install -i a --extra-index-url b x":           "installs index=a extraindex=b",
		"pip install --cache-dir /c x":                     "installs cachedir=/c",
		"pip3.12 install x":                                "installs python=3.12",
		"pip3 install x":                                   "installs",
		"pip-3.6 install x":                                "installs python=3.6",
		"/usr/bin/python3.10 -m pip install x":             "installs python=3.10",
		"py -3.12 -m pip install x":                        "installs python=3.12",
		"python3 -m pip install x":                         "installs",
		"/opt/foo2.7/bin/pip install x":                    "installs",
		"uv pip install --system --no-cache x":             "installs nocache system",
		"uv -n pip install x":                              "installs nocache",
		"uv pip install --user x":                          "installs",
		"uv pip sync a b":                                  "installs file=a file=b",
		"uv pip compile a":                                 "file=a",
		"uv pip install --default-index a --index b x":     "installs index=a extraindex=b",
		"uv sync --locked --no-dev":                        "installs lock=locked dev=false",
		"uv sync --frozen":                                 "installs lock=frozen",
		"uv sync --no-dev --dev":                           "installs dev=true",
		"uv sync --only-group docs":                        "installs dev=false",
		"uv add --no-sync x":                               "",
		"uv run gunicorn":                                  "installs",
		"uv lock":                                          "",
		"uv export --no-dev":                               "dev=false",
		"uv tool install x":                                "installs",
		"uvx x":                                            "",
		"uv venv -p 3.11":                                  "python=3.11",
		"poetry install --no-dev":                          "installs dev=false",
		"poetry install --only main":                       "installs dev=false",
		"poetry install --only main,dev":                   "installs dev=true",
		"poetry install --without dev":                     "installs dev=false",
		"poetry install --without docs":                    "installs",
		"poetry --no-cache install":                        "installs nocache",
		"poetry add --lock x":                              "",
		"poetry config virtualenvs.create false":           "",
		"pipenv install --system --deploy":                 "installs system lock=locked dev=false",
		"pipenv install --dev --ignore-pipfile":            "installs lock=frozen dev=true",
		"pipenv sync":                                      "installs lock=frozen dev=false",
		"pipenv lock -r":                                   "dev=false",
		"pdm install --prod --check":                       "installs lock=locked dev=false",
		"pdm sync":                                         "installs lock=frozen",
		"conda install --file r -n e x":                    "installs condaname=e file=r",
		"conda create -p /e":                               "condaprefix=/e",
		"conda create -p /e python":                        "installs condaprefix=/e",
		"conda env create -f e.yml":                        "installs file=e.yml",
		"conda clean -a":                                   "",
		"conda config --file x --set a b":                  "",
		"python setup.py install --user":                   "installs user",
		"python setup.py develop --uninstall":              "",
		"python setup.py bdist_wheel":                      "",
		"easy_install -d /d x":                             "installs target=/d",
		"pipx install --pip-args=--no-cache-dir x":         "installs nocache",
		"pip-sync a":                                       "installs file=a",
		"pip-compile a":                                    "file=a",
		"python3.8 -m venv /v":                             "python=3.8",
		"virtualenv -p python3.6 /v":                       "python=3.6",
	} {
		t.Run(code, func(t *testing.T) {
			c := one(t, code)
			if c == nil || c.Opaque != "" {
				t.Fatalf("not understood: %s", show(c))
			}
			if diff := cmp.Diff(want, answers(c)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestEnvironmentOption(t *testing.T) {
	for _, test := range []struct{ code, name, variable, value, want string }{
		{"pip install x", "--no-cache-dir", "PIP_NO_CACHE_DIR", "0", "true"},
		{"pip install x", "--no-cache-dir", "PIP_NO_CACHE_DIR", "1", "true"},
		{"pip install x", "--no-cache-dir", "PIP_NO_CACHE_DIR", "off", "true"},
		{"pip install x", "--no-cache-dir", "PIP_NO_CACHE_DIR", "maybe", "?"},
		{"pip install x", "--no-cache-dir", "PIP_NO_CACHE_DIR", "", "unset"},
		{"pip install x", "--no-compile", "PIP_NO_COMPILE", "1", "false"},
		{"pip install x", "--no-compile", "PIP_NO_COMPILE", "no", "true"},
		{"pip install x", "--no-build-isolation", "PIP_NO_BUILD_ISOLATION", "0", "true"},
		{"pip install x", "--user", "PIP_USER", "1", "true"},
		{"pip install x", "--user", "PIP_USER", "False", "false"},
		{"pip install x", "--user", "UV_USER", "1", "unset"},
		{"pip install x", "--no-deps", "PIP_NO_DEPENDENCIES", "1", "true"},
		{"pip install x", "--timeout", "PIP_DEFAULT_TIMEOUT", "100", "100"},
		{"pip install x", "--target", "PIP_TARGET", "/t", "/t"},
		{"pip install x", "--break-system-packages", "PIP_BREAK_SYSTEM_PACKAGES", "1", "true"},
		{"uv pip install x", "--no-cache", "UV_NO_CACHE", "1", "true"},
		{"uv pip install x", "--system", "UV_SYSTEM_PYTHON", "true", "true"},
		{"uv sync", "--no-cache", "PIP_NO_CACHE_DIR", "1", "unset"},
		{"pipenv install", "venv-in-project", "PIPENV_VENV_IN_PROJECT", "1", "true"},
		{"pipenv install", "--deploy", "PIPENV_DEPLOY", "1", "?"},
		{"pdm install", "--no-self", "PDM_NO_SELF", "0", "true"},
		{"poetry install", "virtualenvs.create", "POETRY_VIRTUALENVS_CREATE", "yes", "false"},
		{"poetry install", "virtualenvs.create", "POETRY_VIRTUALENVS_CREATE", "false", "false"},
	} {
		c := one(t, test.code)
		got, variable := c.EnvironmentOption(test.name, func(name string) env.Value {
			if name == test.variable {
				return env.Of(test.value)
			}
			return env.Value{}
		})
		text := got.Or("?")
		if got.Kind == env.Unset {
			text = "unset"
		} else if variable != test.variable {
			t.Errorf("%s %s: found in %s", test.code, test.name, variable)
		}
		if text != test.want {
			t.Errorf("%s with %s=%q: %s is %s, want %s", test.code, test.variable, test.value, test.name, text, test.want)
		}
	}
	own := one(t, "PIP_USER=0 pip install x")
	if got, _ := own.EnvironmentOption("--user", func(string) env.Value { return env.Of("1") }); !got.Is("false") {
		t.Errorf("the command's own assignment must win, got %v", got)
	}
}

func TestHoldsBack(t *testing.T) {
	lookup := func(name string) env.Value {
		if name == "UV_EXCLUDE_NEWER" || name == "PIP_CONSTRAINT" {
			return env.Of("x")
		}
		return env.Value{}
	}
	for _, test := range []struct {
		code               string
		index, held, setTo bool // by an index; by something else; where variables of both tools are set
	}{
		{"pip install flask", false, false, true},
		{"uv pip install flask", false, false, true},
		{"poetry install", false, false, false},
		{"pip install -c c.txt flask", false, true, true},
		{"pip install --no-index -f wheels flask", true, false, true},
		{"PIP_EXTRA_INDEX_URL=https://a.example pip install flask", true, false, true},
		{"uv pip install --default-index https://a.example flask", true, false, true},
	} {
		c := one(t, test.code)
		if index, held, set := c.OtherIndex(nil), c.HoldsBack(nil), c.HoldsBack(lookup); index != test.index || held != test.held || set != test.setTo {
			t.Errorf("%s: %v %v %v", test.code, index, held, set)
		}
	}
}

func TestEnvironment(t *testing.T) {
	c := one(t, "A=1 B=$X env C=2 pip install x")
	if want := map[string]env.Value{"A": env.Of("1"), "B": env.Doubtful(), "C": env.Of("2")}; !cmp.Equal(want, c.Environment) {
		t.Error(cmp.Diff(want, c.Environment))
	}
}

func TestSpans(t *testing.T) {
	code := `sudo pip --no-cache-dir install -qr "r.txt" --target='/a b' "flask>=2" -e .`
	c := one(t, code)
	text := func(s source.Span) string { return code[s.Start:s.End] }
	if got := text(c.Span); got != code {
		t.Errorf("Span is %s", got)
	}
	if got := text(c.VerbSpan); got != "install" {
		t.Errorf("VerbSpan is %s", got)
	}
	var got []string
	for _, o := range c.Options {
		got = append(got, fmt.Sprintf("%s %s|%s|%s", o.Name, o.Written, text(o.Span), text(o.ValueSpan)))
	}
	want := []string{"--no-cache-dir --no-cache-dir|--no-cache-dir|", "--quiet -q|-qr|", `--requirement -r|-qr "r.txt"|"r.txt"`,
		`--target --target|--target='/a b'|'/a b'`, "--editable -e|-e .|."}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if r := c.Requirements[0]; text(r.Span) != `"flask>=2"` || !r.Literal {
		t.Errorf("requirement at %s, literal %t", text(r.Span), r.Literal)
	}
	for code, literal := range map[string]bool{"pip install $SET": false, "pip install *.whl": false, "pip install a[b]": true,
		"pip install -e '.[x]'": true, `pip install -e "$UNSET."`: false} {
		if r := one(t, code).Requirements[0]; r.Literal != literal {
			t.Errorf("%s: Literal is %t", code, r.Literal)
		}
	}
}

func TestParseRequirement(t *testing.T) {
	for text, want := range map[string]string{
		"flask": "flask",
		"flask==1.0 --hash=sha256:a --hash=sha256:b": "flask==1.0(pinned)",
		"flask>=1 # why":                     "flask>=1",
		"-e .[x]":                            "local:[x]<.>(e)",
		"--editable=git+https://x/y@v#egg=y": "vcs:y<git+https://x/y@v#egg=y>@v(e)",
		"-earth":                             "doubtful:",
		"a ; extra == 'b'":                   "a;extra == 'b'",
		"a @ https://x/a.zip ; python_version > '3'": "url:a<https://x/a.zip>;python_version > '3'",
		"a>=1,":        "a>=1",
		"a>=":          "doubtful:a",
		"a==1.0,!=1.1": "a==1.0,!=1.1(pinned)",
		"":             "doubtful:",
		"[x]":          "doubtful:",
	} {
		if got := showRequirement(ParseRequirement(text, source.Span{})); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

func TestNames(t *testing.T) {
	if got := NormalizeName("Foo__Bar.-baz"); got != "foo-bar-baz" {
		t.Error(got)
	}
	for name, want := range map[string]bool{"Pip": true, "poetry_core": true, "pip-tools": true, "flask": false, "pipeline": false, "": false} {
		if IsInstaller(name) != want {
			t.Errorf("IsInstaller(%q) is not %t", name, want)
		}
	}
}

// TestTables: no spelling may have two meanings in one table.
func TestTables(t *testing.T) {
	for tool, g := range grammars {
		tables := map[string]string{"(global)": g.global, "(own)": g.own}
		for verb, table := range g.verbs {
			tables[verb] = table
		}
		for verb, table := range tables {
			meaning := map[string]string{}
			for _, entry := range strings.Fields(table) {
				for _, spelling := range strings.Split(strings.TrimRight(entry, "=?*~2"), "|") {
					// distutils itself gives bdist_dumb two options -d.
					if before := meaning[spelling]; before != "" && before != entry && !(tool == SetupPy && spelling == "-d") {
						t.Errorf("%s %s: %s is in %s and %s", tool, verb, spelling, before, entry)
					}
					meaning[spelling] = entry
					if !strings.HasPrefix(spelling, "-") {
						t.Errorf("%s %s: %q is no option", tool, verb, spelling)
					}
				}
			}
		}
	}
}

// FuzzParse: every argument behind the program belongs to one verb, option or operand and to no second one.
func FuzzParse(f *testing.F) {
	for _, line := range commandLines {
		f.Add(strings.ReplaceAll(line.code, " ", "\x00"))
	}
	f.Fuzz(func(t *testing.T, text string) {
		var argv []shell.Field
		for i, word := range strings.Split(text, "\x00") {
			field := shell.Field{Value: env.Of(word), Span: source.Span{Start: i * 10, End: i*10 + 5}}
			if prefix, ok := strings.CutSuffix(word, "?"); ok {
				field.Value, field.Prefix = env.Doubtful(), prefix
			}
			argv = append(argv, field)
		}
		c := Parse(nil, argv)
		if c == nil {
			return
		}
		answers(c)
		show(c)
		taken := map[int]string{}
		take := func(what string, span source.Span, again bool) {
			for at := span.Start; at < span.End; at += 10 {
				if before := taken[at]; before != "" && !(again && before == what) {
					t.Fatalf("%q: argument %d is %s and %s", text, at/10, before, what)
				}
				taken[at] = what
			}
		}
		for _, v := range c.Verbs {
			take("verb", v.Span, false)
		}
		for _, o := range c.Options {
			take("option", o.Span, true) // -qU are two options
		}
		for _, o := range c.Operands {
			take("operand", o.Span, false)
		}
		first := -1
		for i := range argv {
			at := i * 10
			if first < 0 && taken[at] != "" {
				first = i
			}
			if first >= 0 && taken[at] == "" {
				t.Fatalf("%q: argument %d is lost", text, i)
			}
		}
	})
}
