package remote_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/remote"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

func TestDownloads(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       []string // host name tool, then flags
	}{
		{"adds", "ADD https://a.example/x.zip https://a.example/y.zip /\n", []string{"a.example x.zip", "a.example y.zip"}},
		{"query", "RUN curl -LO 'https://a.example/x.tgz?sign=1'\n", []string{"a.example x.tgz"}},
		{"http", "RUN wget http://a.example/x.tgz\n", []string{"a.example x.tgz unchecked"}},
		{"k among letters", "RUN curl -fskL https://a.example/x.tgz | tar xz\n", []string{"a.example x.tgz unchecked"}},
		{"k in a value", "RUN curl -o/k/x.tgz https://a.example/x.tgz\n", []string{"a.example x.tgz"}},
		{"unknown part", "ARG V\nRUN curl -O \"https://a.example/$V/x.tgz\"\n", []string{"a.example x.tgz"}},
		{"digest", "RUN curl -O https://a.example/x.tgz && sha512sum -c x.sum\n", nil},
		{"digest behind an ADD", "ADD https://a.example/x.tgz /\nRUN md5sum -c x.md5\n", nil},
		{"digest before an ADD", "RUN md5sum -c x.md5\nADD https://a.example/x.tgz /\n", []string{"a.example x.tgz"}},
		{"sends", "RUN curl -d a=b https://a.example/x.tgz\n", nil},
		{"local", "RUN curl http://127.0.0.1:8000/x.tgz\n", nil},
		{"tool", "RUN curl https://install.python-poetry.org | python3\n", []string{"install.python-poetry.org install.python-poetry.org poetry current"}},
		{"pinned", "RUN curl https://install.python-poetry.org | POETRY_VERSION=2.1.4 python3\n", []string{"install.python-poetry.org install.python-poetry.org poetry current pinned"}},
		{"given up", "RUN wget https://a.example/get-pipenv.py\n", []string{"a.example get-pipenv.py pipenv"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc, err := dockerfile.Parse(source.New("Dockerfile", []byte("FROM python:3.12-slim\n"+test.text)))
			if err != nil {
				t.Fatal(err)
			}
			b := analyzer.Analyze(doc, analyzer.Settings{})
			var got []string
			for _, d := range remote.Downloads(b.Target) {
				text := d.Host + " " + d.Name
				tool, current, pinned := d.Bootstrap()
				if tool != "" {
					text += " " + tool
				}
				for _, flag := range []struct {
					on   bool
					name string
				}{{d.Unchecked, "unchecked"}, {current, "current"}, {pinned, "pinned"}} {
					if flag.on {
						text += " " + flag.name
					}
				}
				got = append(got, text)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
