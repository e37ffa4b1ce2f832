package scaffold

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/pylint-docker/pylint-docker/analyzer/project"
)

// folder makes a file system of path, content, path, content.
func folder(pathsAndContents ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i+1 < len(pathsAndContents); i += 2 {
		fsys[pathsAndContents[i]] = &fstest.MapFile{Data: []byte(pathsAndContents[i+1])}
	}
	return fsys
}

const (
	flaskApp   = "from flask import Flask\napp = Flask(__name__)\n"
	fastApp    = "from fastapi import FastAPI\napp = FastAPI()\n"
	program    = "if __name__ == '__main__':\n    print(1)\n"
	hatchling  = "[build-system]\nrequires = ['hatchling']\nbuild-backend = 'hatchling.build'\n[project]\nname = 'rhyme'\nversion = '1'\n"
	setuptools = "[build-system]\nrequires = ['setuptools']\nbuild-backend = 'setuptools.build_meta'\n[project]\nname = 'rhyme'\nversion = '1'\n"
	djangoMain = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')\n"
	djangoWsgi = "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n"
	djangoAsgi = "from django.core.asgi import get_asgi_application\napplication = get_asgi_application()\n"
)

// Each case names lines that the Dockerfile must have, and with "!" in front such that it must not have.
func TestMake(t *testing.T) {
	gunicorn, uvicorn := "flask==3.1.0\ngunicorn==23.0.0\n", "fastapi==0.115.12\nuvicorn==0.34.1\n"
	tests := []struct {
		name    string
		files   fstest.MapFS
		options Options
		want    []string
	}{
		{
			"flask", folder("requirements.txt", gunicorn, "app.py", flaskApp), Options{},
			[]string{`CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]`, "EXPOSE 8000", "COPY app.py ./", "RUN groupadd --gid 10001 app \\", "USER 10001:10001",
				`# HEALTHCHECK CMD ["python", "-c", "import socket; socket.create_connection(('127.0.0.1', 8000), 3)"]`},
		},
		{
			"a factory", folder("requirements.txt", gunicorn, "shop/__init__.py", "from flask import Flask\ndef create_app(config=None):\n    return Flask(__name__)\n"), Options{},
			[]string{`CMD ["gunicorn", "--bind", "0.0.0.0:8000", "shop:create_app()"]`},
		},
		{
			"wsgi.py calls the factory", folder("requirements.txt", gunicorn, "wsgi.py", "from shop import create_app\napplication = create_app()\n", "shop/__init__.py", "from flask import Flask\ndef create_app():\n    return Flask(__name__)\n"), Options{},
			[]string{`CMD ["gunicorn", "--bind", "0.0.0.0:8000", "wsgi:application"]`},
		},
		{
			"alembic's env.py is not started", folder("requirements.txt", gunicorn, "db/env.py", "from shop import create_app\napp = create_app()\n", "shop/deep/app.py", flaskApp), Options{},
			[]string{`CMD ["gunicorn", "--bind", "0.0.0.0:8000", "shop.deep.app:app"]`},
		},
		{
			"sources of their own below src", folder("requirements.txt", uvicorn, "src/main.py", "import words\n"+fastApp, "src/words.py", ""), Options{},
			[]string{`CMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8000", "--app-dir", "src"]`, "COPY src src"},
		},
		{
			"a package called src", folder("requirements.txt", uvicorn, "src/main.py", "from src.words import x\n"+fastApp, "src/words.py", ""), Options{},
			[]string{`CMD ["uvicorn", "src.main:app", "--host", "0.0.0.0", "--port", "8000"]`},
		},
		{
			"a server in an extra", folder("requirements.txt", "fastapi[standard]==0.115.12\n", "main.py", fastApp), Options{},
			[]string{`CMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8000"]`},
		},
		{
			"django", folder("requirements.txt", "django==5.1.7\ngunicorn==23.0.0\n", "manage.py", djangoMain, "site/__init__.py", "", "site/wsgi.py", djangoWsgi, "site/asgi.py", djangoAsgi, "shop/wsgi.py", djangoWsgi), Options{},
			[]string{`CMD ["gunicorn", "--bind", "0.0.0.0:8000", "site.wsgi:application"]`, "COPY manage.py ./", "COPY shop shop"},
		},
		{
			"django's static files", folder("requirements.txt", "django==5.1.7\ngunicorn==23.0.0\n", "manage.py", djangoMain, "site/wsgi.py", djangoWsgi, "site/settings.py", "STATIC_ROOT = BASE_DIR / 'static'\n"), Options{},
			[]string{"# RUN python manage.py collectstatic --noinput"},
		},
		{
			"django without static files", folder("requirements.txt", "django==5.1.7\ngunicorn==23.0.0\n", "manage.py", djangoMain, "site/wsgi.py", djangoWsgi, "site/settings.py", "STATIC_ROOT = None\n"), Options{},
			[]string{"!# RUN"},
		},
		{
			"django below src", folder("requirements.txt", "django==5.1.7\ngunicorn==23.0.0\n", "src/__init__.py", "", "src/manage.py", djangoMain, "src/site/wsgi.py", "import os\n"+djangoWsgi+"os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')\n"), Options{},
			[]string{`CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--chdir", "src", "site.wsgi:application"]`, "COPY src src"},
		},
		{
			"one script beside what nothing serves", folder("pyproject.toml", hatchling+"dependencies = ['flask']\n[project.scripts]\nrun-it = 'rhyme:main'\n", "rhyme/__init__.py", flaskApp), Options{},
			[]string{`CMD ["run-it"]`},
		},
		{
			"django with daphne", folder("requirements.txt", "django==5.1.7\ndaphne==4.1.2\n", "manage.py", djangoMain, "site/wsgi.py", djangoWsgi, "site/asgi.py", djangoAsgi), Options{},
			[]string{`CMD ["daphne", "--bind", "0.0.0.0", "--port", "8000", "site.asgi:application"]`},
		},
		{
			"django without a server", folder("requirements.txt", "django==5.1.7\n", "manage.py", djangoMain, "site/wsgi.py", djangoWsgi, "site/asgi.py", djangoAsgi), Options{},
			[]string{"!CMD", `# CMD ["gunicorn", "--bind", "0.0.0.0:8000", "site.wsgi:application"]`},
		},
		{
			"django with hypercorn, which serves both", folder("requirements.txt", "django==5.1.7\nhypercorn==0.17.3\n", "manage.py", djangoMain, "site/wsgi.py", djangoWsgi, "site/asgi.py", djangoAsgi), Options{},
			[]string{`CMD ["hypercorn", "--bind", "0.0.0.0:8000", "site.asgi:application"]`},
		},
		{
			"two lock files, of which the build backend names one", folder("pyproject.toml", "[build-system]\nrequires = ['pdm-backend']\nbuild-backend = 'pdm.backend'\n[project]\nname = 'rhyme'\nversion = '1'\n", "rhyme/__init__.py", "", "poetry.lock", "", "pdm.lock", "[metadata]\nstrategy = ['inherit_metadata']\n"), Options{},
			[]string{"COPY pyproject.toml pdm.lock ./"},
		},
		{
			"two lock files, and neither is named", folder("pyproject.toml", setuptools, "rhyme/__init__.py", "", "poetry.lock", "", "pdm.lock", "[metadata]\nstrategy = ['inherit_metadata']\n"), Options{},
			[]string{"COPY pyproject.toml poetry.lock ./"},
		},
		{
			"streamlit", folder("requirements.txt", "streamlit==1.44.1\n", "app.py", "import streamlit as st\n", "pages/one.py", "import streamlit as st\n"), Options{},
			[]string{`CMD ["streamlit", "run", "--server.address=0.0.0.0", "--server.port=8501", "--server.headless=true", "app.py"]`, "EXPOSE 8501", "COPY pages pages"},
		},
		{
			"a program", folder("requirements.txt", "click==8.1.8\n", "other.py", "", "tool.py", program), Options{},
			[]string{`CMD ["python", "tool.py"]`, "COPY other.py tool.py ./", "!# HEALTHCHECK"},
		},
		{
			"a program that parses arguments", folder("requirements.txt", "click==8.1.8\n", "tool.py", "import click\n"+program), Options{},
			[]string{`ENTRYPOINT ["python", "tool.py"]`, "!CMD"},
		},
		{
			"a script that parses arguments", folder("pyproject.toml", hatchling+"[project.scripts]\nrhyme = 'rhyme.cli:main'\n", "src/rhyme/__init__.py", "", "src/rhyme/cli.py", "from argparse import ArgumentParser\n"), Options{},
			[]string{`ENTRYPOINT ["rhyme"]`, "!CMD"},
		},
		{
			"a script beside a web application may be its server", folder("pyproject.toml", hatchling+"dependencies = ['flask']\n[project.scripts]\nrhyme = 'rhyme.cli:main'\n", "src/rhyme/__init__.py", "", "src/rhyme/web.py", flaskApp, "src/rhyme/cli.py", "import click\n"), Options{},
			[]string{`CMD ["rhyme"]`, "!ENTRYPOINT"},
		},
		{
			"pins that 3.13 has no wheels of", folder("requirements.txt", "psycopg2==2.9.9\n", "main.py", program), Options{},
			[]string{"FROM python:3.12-slim-trixie AS base"},
		},
		{
			"pins that 3.13 has wheels of", folder("requirements.txt", "psycopg2-binary==2.9.10\nnumpy>=1.20\n", "main.py", program), Options{},
			[]string{"FROM python:3.13-slim-trixie AS base"},
		},
		{
			"pins within what requires-python allows", folder("pyproject.toml", "[project]\nname = 'x'\nrequires-python = '>=3.10'\n", "requirements.txt", "numpy==1.24.4\n", "main.py", program), Options{},
			[]string{"FROM python:3.11-slim-trixie AS base"},
		},
		{
			"the user's Python comes before pins", folder("requirements.txt", "psycopg2==2.9.9\n", "main.py", program), Options{Python: "3.13"},
			[]string{"FROM python:3.13-slim-trixie AS base"},
		},
		{
			"python_version 3", folder("Pipfile", "[requires]\npython_version = '3'\n", "Pipfile.lock", `{"default": {"click": {"version": "==8.1.8"}}}`, "main.py", ""), Options{},
			[]string{"FROM python:3.13-slim-trixie AS base"},
		},
		{
			"a lock file of pdm's with markers", folder("pyproject.toml", hatchling, "pdm.lock", "[metadata]\nstrategy = [\"inherit_metadata\"]\n[[package]]\nname = 'click'\nversion = '8.1.8'\n", "main.py", ""), Options{},
			[]string{"RUN pip install --no-cache-dir 'pdm[locked]==2.28.2'", "RUN pdm export --prod --format requirements --output requirements.txt"},
		},
		{
			"a lock file of pdm's without markers", folder("pyproject.toml", hatchling, "pdm.lock", "[metadata]\nstrategy = [\"cross_platform\"]\n[[package]]\nname = 'psycopg2'\nversion = '2.9.10'\n", "main.py", ""), Options{},
			[]string{"RUN pdm sync --prod --no-self && pdm list --freeze > requirements.txt", "!pdm export"},
		},
		{
			"Procfile's server", folder("requirements.txt", gunicorn, "Procfile", "release: flask db upgrade\nweb: gunicorn --workers 3 app:app\n", "app.py", flaskApp), Options{},
			[]string{`CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--workers", "3", "app:app"]`, "EXPOSE 8000"},
		},
		{
			"Procfile's port", folder("requirements.txt", uvicorn, "Procfile", "web: uvicorn main:app --host=0.0.0.0 --port=${PORT:-5000} --workers 2\n", "main.py", fastApp), Options{},
			[]string{`CMD ["uvicorn", "main:app", "--host=0.0.0.0", "--port=8000", "--workers", "2"]`},
		},
		{
			"Procfile's server with another port", folder("requirements.txt", uvicorn, "Procfile", "web: uvicorn main:app --host=0.0.0.0 --port=5000\n", "main.py", fastApp), Options{},
			[]string{`CMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8000"]`},
		},
		{
			"Procfile's server is not among the requirements", folder("requirements.txt", "flask==3.1.0\nwaitress==3.0.2\n", "Procfile", "web: gunicorn app:app\n", "app.py", flaskApp), Options{},
			[]string{`CMD ["waitress-serve", "--listen", "0.0.0.0:8000", "app:app"]`},
		},
		{
			"Procfile serves Django", folder("requirements.txt", "django==5.1.7\ngunicorn==23.0.0\n", "manage.py", djangoMain, "site/wsgi.py", djangoWsgi, "Procfile", "web: gunicorn site.wsgi --log-file -\n"), Options{},
			[]string{`CMD ["gunicorn", "--bind", "0.0.0.0:8000", "site.wsgi", "--log-file", "-"]`},
		},
		{
			"Procfile names what a package imports", folder("requirements.txt", gunicorn, "Procfile", "web: gunicorn rhyme:app\n", "rhyme/__init__.py", "from .core import *\n", "rhyme/core.py", flaskApp, "rhyme/filters.py", flaskApp), Options{},
			[]string{`CMD ["gunicorn", "--bind", "0.0.0.0:8000", "rhyme:app"]`},
		},
		{
			"Procfile names what is not there", folder("requirements.txt", gunicorn, "Procfile", "web: gunicorn poem:app\n", "rhyme/core.py", flaskApp), Options{},
			[]string{`CMD ["gunicorn", "--bind", "0.0.0.0:8000", "rhyme.core:app"]`},
		},
		{
			"the server is in an extra of the project", folder("pyproject.toml", setuptools+"dependencies = ['flask']\n[project.optional-dependencies]\nweb = ['gunicorn']\ntest = ['waitress']\n", "rhyme/__init__.py", flaskApp), Options{},
			[]string{`CMD ["gunicorn", "--bind", "0.0.0.0:8000", "rhyme:app"]`, "--no-warn-script-location '.[web]'"},
		},
		{
			"two extras have a server", folder("pyproject.toml", setuptools+"dependencies = ['flask']\n[project.optional-dependencies]\nweb = ['gunicorn']\nwindows = ['waitress']\n", "rhyme/__init__.py", flaskApp), Options{},
			[]string{"!CMD", "!--no-warn-script-location '.["},
		},
		{
			"an extra beside a lock file is not installed", folder("pyproject.toml", setuptools+"dependencies = ['flask']\n[project.optional-dependencies]\nweb = ['gunicorn']\n", "requirements.txt", "flask==3.1.0\n", "rhyme/__init__.py", flaskApp), Options{},
			[]string{"!CMD"},
		},
		{
			"a pin that requires-python allows", folder("pyproject.toml", setuptools+"requires-python = '>=3.8'\n", "runtime.txt", "python-3.10.4\n", "rhyme/__init__.py", ""), Options{},
			[]string{"FROM python:3.10-slim-trixie AS base"},
		},
		{
			"a pin that requires-python does not allow", folder("pyproject.toml", setuptools+"requires-python = '>=3.8'\n", "runtime.txt", "python-3.6.5\n", "rhyme/__init__.py", ""), Options{},
			[]string{"FROM python:3.13-slim-trixie AS base"},
		},
		{
			"Procfile", folder("requirements.txt", "click==8.1.8\n", "Procfile", "bot: python3 manage.py run\n", "manage.py", program), Options{},
			[]string{`CMD ["python", "manage.py", "run"]`},
		},
		{
			"a shell's Procfile is left alone", folder("requirements.txt", "click==8.1.8\n", "Procfile", "web: python web.py $PORT && true\n", "web.py", "", "two.py", ""), Options{},
			[]string{"!CMD"},
		},
		{
			"hatchling and a script", folder("pyproject.toml", hatchling+"[project.scripts]\nrhyme = 'rhyme:main'\nother = 'rhyme:other'\n", "src/rhyme/__init__.py", ""), Options{},
			[]string{`CMD ["rhyme"]`, "COPY pyproject.toml ./", "COPY src src", "COPY --from=builder /pyroot/bin/other /pyroot/bin/rhyme /pyroot/bin/", "!WORKDIR /app"},
		},
		{
			"several scripts", folder("pyproject.toml", hatchling+"[project.scripts]\none = 'rhyme:main'\ntwo = 'rhyme:other'\n", "rhyme/__init__.py", ""), Options{},
			[]string{"!CMD", `# CMD ["one"]`, "COPY rhyme rhyme"},
		},
		{
			"what hatchling packs is not there", folder("pyproject.toml", hatchling, "requirements.txt", "click==8.1.8\n", "main.py", ""), Options{},
			[]string{`CMD ["python", "main.py"]`, "COPY main.py ./", "!--no-deps ."},
		},
		{
			"setuptools would refuse two packages", folder("pyproject.toml", setuptools, "requirements.txt", "click==8.1.8\n", "one/__init__.py", "", "two/__init__.py", ""), Options{},
			[]string{"COPY one one", "COPY two two", "!--no-deps ."},
		},
		{
			"the requirements lack a dependency", folder("pyproject.toml", setuptools+"dependencies = ['click', 'flask']\n", "requirements.txt", "click==8.1.8\n", "rhyme/__init__.py", ""), Options{},
			[]string{"RUN pip install --no-cache-dir --user --no-warn-script-location ."},
		},
		{
			"-e .", folder("pyproject.toml", setuptools+"dependencies = ['click']\n", "requirements.txt", "-e .\nclick==8.1.8\n", "rhyme/__init__.py", ""), Options{},
			[]string{"RUN grep --invert-match --line-regexp --fixed-strings -e '-e .' requirements.txt > dependencies.txt", "-r dependencies.txt"},
		},
		{
			"a version from git", folder("pyproject.toml", strings.Replace(strings.Replace(setuptools, "['setuptools']", "['setuptools', 'setuptools-scm']", 1), "version = '1'", "dynamic = ['version']", 1)+"dependencies = []\n[tool.setuptools_scm]\n", "rhyme/__init__.py", ""), Options{},
			[]string{"ARG VERSION=0.0.0", "ENV SETUPTOOLS_SCM_PRETEND_VERSION_FOR_RHYME=$VERSION"},
		},
		{
			"an old Python", folder("pyproject.toml", "[tool.poetry]\nname = 'rhyme'\nversion = '1'\n[tool.poetry.dependencies]\npython = '~3.8'\n", "poetry.lock", "[[package]]\nname = 'click'\nversion = '8.1.8'\n", "main.py", ""), Options{},
			[]string{"FROM python:3.8-slim AS base", "FROM python:3.13-slim-trixie AS requirements"},
		},
		{
			"the Python that wheels are locked for", folder("pyproject.toml", "[tool.poetry]\nname = 'rhyme'\nversion = '1'\n[tool.poetry.dependencies]\npython = '^3.9'\n",
				"poetry.lock", "[[package]]\nname = 'numpy'\nversion = '1.24.0'\nfiles = [{file = 'numpy-1.24.0-cp310-cp310-manylinux_2_17_x86_64.whl'}, {file = 'numpy-1.24.0-cp313-cp313-win_amd64.whl'}]\n", "main.py", ""), Options{},
			[]string{"FROM python:3.10-slim-trixie AS base"},
		},
		{
			"pins", folder("Pipfile", "", "Pipfile.lock", `{"default": {"click": {"version": "==8.1.8"}}}`, "main.py", ""), Options{Pins: map[string]string{"pipenv": "2025.1.1"}},
			[]string{"RUN pip install --no-cache-dir pipenv==2025.1.1", "RUN pipenv requirements --hash --exclude-index > requirements.txt"},
		},
		{
			"another index of pipenv's", folder("Pipfile", "[[source]]\nurl = 'https://pypi.example.org/simple'\n", "Pipfile.lock", `{"default": {"click": {"version": "==8.1.8"}}}`, "main.py", ""), Options{},
			[]string{"RUN pipenv requirements --hash > requirements.txt"},
		},
		{
			"uv in a virtual environment", folder("pyproject.toml", hatchling, "uv.lock", "version = 1\n[[package]]\nname = 'click'\nversion = '8.1.8'\n", "rhyme/__main__.py", "", "rhyme/__init__.py", ""), Options{Layout: Venv},
			[]string{"RUN uv sync --frozen --no-dev --no-editable", `CMD ["python", "-m", "rhyme"]`, "!pip install"},
		},
		{
			"a requirement from git", folder("requirements.txt", "thing @ git+https://example.org/thing@0123456789012345678901234567890123456789\n", "main.py", ""), Options{},
			[]string{"    && apt-get install -y --no-install-recommends ca-certificates git \\"},
		},
		{
			"a wrapped application", folder("requirements.txt", "Django==5.2.1\ngunicorn==23.0.0\n", "manage.py", djangoMain, "site/settings.py", "WSGI_APPLICATION = 'site.wsgi.application'\n",
				"site/wsgi.py", "from django.core.wsgi import get_wsgi_application\n_application = get_wsgi_application()\n\ndef application(environ, start_response):\n    return _application(environ, start_response)\n"), Options{},
			[]string{`CMD ["gunicorn", "--bind", "0.0.0.0:8000", "site.wsgi:application"]`},
		},
		{
			"many folders", folder("requirements.txt", "click==8.1.8\n", "main.py", "", "a/x.py", "", "b/x.py", "", "c/x.py", "", "d/x.py", "", "e/x.py", "", "f/x.py", "", "g/x.py", "", "h/x.py", "", "i/x.py", "", "frontend/x.js", ""), Options{},
			[]string{"COPY . ."},
		},
		{
			"many folders and a lock file", folder("pyproject.toml", "[project]\nname = 'rhyme'\nversion = '1'\ndependencies = ['click==8.1.8']\n", "uv.lock", "version = 1\n[[package]]\nname = 'click'\nversion = '8.1.8'\n",
				"main.py", program, "a/x.py", "", "b/x.py", "", "c/x.py", "", "d/x.py", "", "e/x.py", "", "f/x.py", "", "g/x.py", "", "h/x.py", "", "i/x.py", "", "frontend/x.js", ""), Options{},
			[]string{"COPY . .", "COPY pyproject.toml uv.lock ./"},
		},
		{
			"tests and private files stay", folder("requirements.txt", "click==8.1.8\n", "main.py", "open('words.txt'); open('credentials.json')\n", "words.txt", "", "credentials.json", "", "notes.txt", "", "tests/test_main.py", "", "conftest.py", "", ".env", "", "env/pyvenv.cfg", "", "env/lib/x.py", ""), Options{},
			[]string{"COPY main.py words.txt ./"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files, err := Make(test.files, test.options)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range copiedByName(files.Dockerfile) {
				if project.WouldIgnore(strings.Split(files.Ignore, "\n"), name) {
					t.Errorf("%s is copied and ignored", name)
				}
			}
			lines := strings.Split(files.Dockerfile, "\n")
			for _, want := range test.want {
				absent, isAbsent := strings.CutPrefix(want, "!")
				has := slices.ContainsFunc(lines, func(line string) bool {
					return isAbsent && (strings.HasPrefix(line, absent) || strings.HasPrefix(absent, "-") && strings.Contains(line, absent)) ||
						!isAbsent && (line == want || strings.HasPrefix(want, "-") && strings.HasSuffix(line, want))
				})
				if has == isAbsent {
					t.Errorf("%s\n%s\n%s", want, files.Dockerfile, strings.Join(files.Notes, "\n"))
				}
			}
		})
	}
}

// TestWritesAreSaid: sources belong to root, and what an application writes beside them is made by the image's user.
func TestWritesAreSaid(t *testing.T) {
	tests := []struct {
		name, module string
		said         bool
		want, absent string
	}{
		{"a database", flaskApp + "app.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite:///app.db'\nname = 'app.db'\n", true, "COPY --chown=10001:10001 app.db ./", ""},
		{"nothing", flaskApp + "name = 'app.db'\n", false, "COPY app.db app.py ./", "install --directory"},
	}
	for _, test := range tests {
		files, err := Make(folder("requirements.txt", "flask==3.1.0\ngunicorn==23.0.0\n", "app.py", test.module, "app.db", ""), Options{})
		if err != nil {
			t.Fatal(err)
		}
		owner := "    && install --directory --owner=app --group=app /app\nWORKDIR /app\n"
		if strings.Contains(files.Dockerfile, owner) != test.said || slices.ContainsFunc(files.Notes, func(note string) bool { return strings.HasPrefix(note, "app.py may write files") }) != test.said {
			t.Errorf("%s:\n%s%q", test.name, files.Dockerfile, files.Notes)
		}
		if !strings.Contains(files.Dockerfile, test.want+"\n") || test.absent != "" && strings.Contains(files.Dockerfile, test.absent) {
			t.Errorf("%s:\n%s", test.name, files.Dockerfile)
		}
	}
}

// TestReleaseIsSaid: what a platform runs before a release is nobody's in an image.
func TestReleaseIsSaid(t *testing.T) {
	files, err := Make(folder("requirements.txt", "flask==3.1.0\n", "Procfile", "release: flask db upgrade\n", "app.py", flaskApp), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(files.Notes, func(note string) bool { return strings.Contains(note, "`flask db upgrade`") }) {
		t.Errorf("%q", files.Notes)
	}
}

func TestCompiledIsSaid(t *testing.T) {
	lock := "[[package]]\nname = 'numpy'\nversion = '1.24.0'\nfiles = [{file = 'numpy-1.24.0-cp310-cp310-manylinux_2_17_x86_64.whl'}]\n"
	fsys := folder("pyproject.toml", "[tool.poetry]\nname = 'rhyme'\nversion = '1'\n", "poetry.lock", lock, "main.py", "")
	for python, want := range map[string]bool{"3.10": false, "3.12": true} {
		files, err := Make(fsys, Options{Python: python})
		if err != nil {
			t.Fatal(err)
		}
		said := slices.ContainsFunc(files.Notes, func(note string) bool { return strings.Contains(note, "no wheels for Python "+python+" of numpy") })
		if said != want {
			t.Errorf("Python %s: %q", python, files.Notes)
		}
	}
}

func TestRefusals(t *testing.T) {
	tests := []struct {
		name  string
		files fstest.MapFS
		want  string
	}{
		{"nothing", folder("main.py", ""), "no Python project"},
		{"nothing here", folder("backend/requirements.txt", ""), "`pylint-docker init backend` would find one"},
		{"no lock", folder("Pipfile", ""), "no Pipfile.lock"},
		{"broken lock", folder("pyproject.toml", "", "uv.lock", "=\n"), "uv.lock can't be read"},
		{"lock alone", folder("poetry.lock", ""), "no pyproject.toml beside the lock file of poetry"},
		{"workspace", folder("pyproject.toml", "[tool.uv.workspace]\nmembers = ['packages/*']\n", "uv.lock", "version = 1\n"), "workspace"},
		{"missing include", folder("requirements.txt", "-r other.txt\n"), "other.txt is not there"},
		{"include from outside", folder("requirements.txt", "-r ../other.txt\n"), "outside of the folder"},
		{"a folder", folder("requirements.txt", "./libs/one\n", "libs/one/setup.py", ""), "from the project's folder"},
		{"no version that is known", folder("requirements.txt", "click\n", "pyproject.toml", "[project]\nname = 'x'\nrequires-python = '>=3.99'\n"), "--python"},
	}
	for _, test := range tests {
		if _, err := Make(test.files, Options{}); err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

func TestFits(t *testing.T) {
	tests := []struct {
		wheel, minor string
		want         bool
	}{
		{"a-1-py3-none-any.whl", "3.13", true},
		{"a-1-py2.py3-none-any.whl", "3.13", true},
		{"a-1-py37-none-any.whl", "3.13", true},
		{"a-1-cp310-cp310-manylinux_2_17_x86_64.whl", "3.10", true},
		{"a-1-cp310-cp310-manylinux_2_17_x86_64.whl", "3.11", false},
		{"a-1-cp39-abi3-manylinux_2_17_x86_64.whl", "3.13", true},
		{"a-1-cp39-abi3-manylinux_2_17_x86_64.whl", "3.8", false},
		{"a-1-cp310-cp310-macosx_11_0_arm64.whl", "3.13", true}, // nothing for Linux: built from its source
		{"odd.whl", "3.13", true},
	}
	for _, test := range tests {
		if got := fits([]string{test.wheel}, test.minor); got != test.want {
			t.Errorf("%s for %s: %v", test.wheel, test.minor, got)
		}
	}
}
