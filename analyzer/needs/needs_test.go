package needs

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

func TestSystemNeedOf(t *testing.T) {
	tests := []struct {
		requirement    string
		build, runtime []string
	}{
		{"psycopg2==2.9.9", []string{"gcc", "libc6-dev", "libpq-dev"}, []string{"libpq5"}},
		{"psycopg2-binary", nil, nil},
		{"psycopg", nil, []string{"libpq5"}},
		{"psycopg[binary]", nil, nil},
		{"psycopg[c]", []string{"gcc", "libc6-dev", "libpq-dev"}, []string{"libpq5"}},
		{"mysqlclient", []string{"gcc", "libc6-dev", "pkg-config", "default-libmysqlclient-dev"}, []string{"libmariadb3"}},
		{"python-ldap", []string{"gcc", "libc6-dev", "libsasl2-dev", "libldap2-dev"}, []string{"libsasl2-2", "libldap2"}},
		{"Python-Magic", nil, []string{"libmagic1t64"}},
		{"opencv_python", nil, []string{"libgl1", "libglib2.0-0t64"}},
		{"pytesseract", nil, []string{"tesseract-ocr"}},
		{"uwsgi", []string{"gcc", "libc6-dev"}, nil},
		{"flask", nil, nil},
	}
	for _, test := range tests {
		need, ok := Of(installer.ParseRequirement(test.requirement, source.Span{}), "13")
		if diff := cmp.Diff(Need{need.Name, test.build, test.runtime}, need); diff != "" || ok != (len(test.build)+len(test.runtime) > 0) {
			t.Errorf("%s: ok %v (-want +got)\n%s", test.requirement, ok, diff)
		}
	}
}

// Every name of the tables must be one that ospkg knows for Debian 12 and 13, or a program.
func TestSystemNeedsAreTranslated(t *testing.T) {
	for _, release := range []string{"12", "13"} {
		for _, table := range []map[string]string{Compiled, loaded} {
			for name := range table {
				need, ok := Of(installer.Requirement{Kind: installer.Named, Name: name}, release)
				if !ok {
					t.Errorf("%s in Debian %s needs nothing", name, release)
				}
				for _, header := range need.Build {
					if _, known := ospkg.Runtime("debian", release, header); !known {
						t.Errorf("%s in Debian %s: nothing is known of %s", name, release, header)
					}
				}
			}
		}
	}
}

func TestToolPackages(t *testing.T) {
	for text, want := range map[string]string{
		"HEALTHCHECK CMD curl --fail http://localhost/ || exit 1": "curl",
		`HEALTHCHECK CMD ["wget", "-q", "http://localhost/"]`:     "wget",
		"git describe > /version && /usr/bin/unzip x.zip":         "git unzip",
		`CMD ["python", "-m", "gitlab", "curly.py"]`:              "",
		"pip install git+https://example.org/x":                   "",
	} {
		if got := strings.Join(ToolPackages(text), " "); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
