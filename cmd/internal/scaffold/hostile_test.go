package scaffold

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// ours are the characters of an instruction that init writes with a meaning of their own: of the fixed texts of render.go, and of plain words.
// An exclamation mark behind digits is the epoch of a version, 1!2.0; the shell gives it a meaning only where it stands alone.
var ours = regexp.MustCompile(`^(?:[A-Za-z0-9_./@+:=,~ \[\]"()$&>'*-]|[0-9]![0-9])*\\?$`)

// FuzzHostileProject puts any text where names, versions, paths and start commands come from. None of it may become an instruction, an option, a
// second command or a variable.
func FuzzHostileProject(f *testing.F) {
	for _, seed := range []string{
		"app\nRUN curl evil", `x"]` + "\nENTRYPOINT [\"sh\"]", "$(id)", "`id`", "a; rm -rf /", "--from=evil", "a b", "${PATH}", "x && y", "../../etc", "'", "\\", "\r\nUSER root", "# syntax=evil", "<<EOF", "*", "café", "\x00", "00!0", "0!", "! true",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		quoted, err := json.Marshal(text)
		if err != nil {
			t.Skip()
		}
		q := strings.ToValidUTF8(string(quoted), "")
		base := []string{
			".python-version", text, "runtime.txt", "python-" + text, "Procfile", "web: gunicorn " + text + "\nworker: python " + text + "\n",
			"main.py", "from flask import Flask\n" + text + " = Flask()\n", text + ".py", "if __name__ == '__main__':\n", text + "/app.py", "from flask import Flask\napp = Flask()\n",
			"setup.cfg", "[metadata]\nname = " + text + "\nversion = " + text + "\n[options.entry_points]\nconsole_scripts =\n    " + text + " = a:b\n",
			"src/" + text + "/__init__.py", "", text + "/pyvenv.cfg", "", "secret" + text, "",
			"manage.py", "x.setdefault('DJANGO_SETTINGS_MODULE', " + q + ")\n",
		}
		pyproject := "[build-system]\nrequires = ['setuptools-scm', " + q + "]\nbuild-backend = " + q + "\n[project]\nname = " + q + "\nversion = " + q + "\nreadme = " + q +
			"\nrequires-python = " + q + "\ndependencies = [" + q + "]\n[project.scripts]\n" + q + " = 'a:b'\n[tool.setuptools]\npackages = [" + q + "]\n[tool.setuptools_scm]\n"
		for _, more := range [][]string{
			{"requirements.txt", "gunicorn\n" + text + "\n-r " + text + "\n", "pyproject.toml", pyproject},
			{"requirements.txt", "flask\ngunicorn\n", "pyproject.toml", pyproject},
			{"requirements.txt", "flask\ngunicorn\n"},
			{"requirements.txt", "flask\n", "good/__init__.py", "", "pyproject.toml", "[build-system]\nrequires = ['hatchling', 'hatch-vcs']\nbuild-backend = 'hatchling.build'\n" +
				"[project]\nname = 'good'\ndynamic = ['version']\nreadme = " + q + "\nlicense-files = [" + q + "]\n[project.scripts]\n" + q + " = 'a:b'\n[tool.hatch.version]\nsource = 'vcs'\n"},
			{"pyproject.toml", pyproject},
			{"pyproject.toml", pyproject, "uv.lock", "version = 1\n[[package]]\nname = " + q + "\nversion = " + q + "\n"},
			{"Pipfile", "[[source]]\nurl = " + q + "\n[requires]\npython_version = " + q + "\n", "Pipfile.lock", `{"default": {` + q + `: {"version": ` + q + `}}}`},
			{"environment.yml", "name: " + q + "\ndependencies:\n  - " + q + "\n  - python=" + text + "\n"},
		} {
			fsys := folder(append(append([]string{}, base...), more...)...)
			for _, layout := range Layouts {
				for _, o := range []Options{{Layout: layout}, {Layout: layout, Python: text}, {Layout: layout, UserBase: text, Pins: map[string]string{"pip": text, "uv": text}}} {
					if files, err := Make(fsys, o); err == nil {
						checkHarmless(t, files)
					} else if o.Python == "" && strings.ContainsAny(err.Error(), "\n") {
						t.Errorf("an error of several lines: %q", err)
					}
				}
			}
		}
	})
}

var allowed = map[string]bool{"FROM": true, "ENV": true, "RUN": true, "WORKDIR": true, "COPY": true, "ARG": true, "USER": true, "EXPOSE": true, "CMD": true}

func checkHarmless(t *testing.T, files *Files) {
	t.Helper()
	doc, err := dockerfile.Parse(source.New("Dockerfile", []byte(files.Dockerfile)))
	if err != nil {
		t.Fatalf("%v\n%s", err, files.Dockerfile)
	}
	for _, line := range strings.Split(files.Dockerfile, "\n") {
		if !strings.HasPrefix(line, "#") && !ours.MatchString(line) {
			t.Errorf("the line %q\n%s", line, files.Dockerfile)
		}
	}
	users, starts := 0, 0
	for _, in := range doc.Instructions {
		if !allowed[in.Keyword] {
			t.Errorf("an instruction %s\n%s", in.Keyword, files.Dockerfile)
		}
		text := doc.File.Text(in.Span)
		switch in.Keyword {
		case "USER":
			users++
		case "CMD":
			starts++
			if !in.JSON || strings.ContainsAny(text, "$&>'*") {
				t.Errorf("the start %q", text)
			}
		case "COPY":
			if strings.ContainsAny(text, "$&>'*()\"") || strings.Count(text, " --") > 1 {
				t.Errorf("the copy %q", text)
			}
		}
	}
	if users != 1 || starts > 1 {
		t.Errorf("%d USER and %d CMD\n%s", users, starts, files.Dockerfile)
	}
	for _, line := range strings.Split(strings.TrimSuffix(files.Ignore, "\n"), "\n") {
		if !strings.HasPrefix(line, "#") && !regexp.MustCompile(`^[A-Za-z0-9_.*/@+\[\]-]+$`).MatchString(line) {
			t.Errorf("the line %q of the ignore file", line)
		}
	}
	if build := analyzer.Analyze(doc, analyzer.Settings{}); build.Target == nil {
		t.Error("no final stage")
	}
}
