package multistage

import (
	"strings"
	"testing"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// analyze gives the model of a Dockerfile.
func analyze(t *testing.T, text string, settings analyzer.Settings) *analyzer.Build {
	t.Helper()
	doc, err := dockerfile.Parse(source.New("Dockerfile", []byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	return analyzer.Analyze(doc, settings)
}

func TestSystemNeeds(t *testing.T) {
	for _, tc := range []struct{ install, packages, unknown string }{
		{"lxml==3.8", "libxml2 libxslt1.1", ""}, // no wheel for Python 3.12: it is linked with what the full image has
		{"flask==3.1.2 gunicorn", "", ""},
		{"Flask_SQLAlchemy", "", ""},
		{"uvicorn[standard]==0.30.0", "", ""},
		{"psycopg2==2.9.11", "libpq5", ""},
		{"pillow==11.0.0", "", ""},
		{"pillow==10.1.0", "", ""}, // the first with a wheel for 3.12
		{"pillow==10.0.1", "libjpeg62-turbo libtiff6 libfreetype6 liblcms2-2 libwebp7 libwebpmux3 libwebpdemux2 libopenjp2-7", ""},
		{"scipy==1.1", "", "scipy"},
		{"sqlalchemy[oracle]", "", "sqlalchemy"}, // an extra that nobody looked at
		{"some-odd-package odd2", "", "some-odd-package odd2"},
		{"uwsgi==2.0.28", "libxml2", ""},
		{"gitpython pydub", "git", "gitpython pydub"}, // ffmpeg is in no Python image
		{"--index-url https://example.org/simple flask", "", "the package index"},
		{"-r requirements.txt", "", "requirements.txt"}, // no context
	} {
		b := analyze(t, "FROM python:3.12-bookworm\nRUN pip install "+tc.install+"\n", analyzer.Settings{})
		var found systemNeeds
		found.install(b.Target.Installs()[0], "debian", "12")
		if got := strings.Join(found.packages, " "); got != tc.packages || strings.Join(found.unknown, " ") != tc.unknown {
			t.Errorf("%s: %q, unknown %q; want %q, unknown %q", tc.install, got, found.unknown, tc.packages, tc.unknown)
		}
	}
}

// Without its lock file a tool installs what the project asks for, and nobody is sent to a lock that the image does not have.
func TestNeedsWithoutLock(t *testing.T) {
	for run, want := range map[string]string{"uv sync": "pyproject.toml", "poetry install": "pyproject.toml", "pipenv install": "Pipfile.lock"} {
		b := analyze(t, "FROM python:3.12-bookworm\nRUN "+run+"\n", analyzer.Settings{})
		var found systemNeeds
		found.install(b.Target.Installs()[0], "debian", "12")
		if got := strings.Join(found.unknown, " "); got != want {
			t.Errorf("%s: unknown is %q, want %q", run, got, want)
		}
	}
}
