package analyzer

import (
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
		need, ok := SystemNeedOf(installer.ParseRequirement(test.requirement, source.Span{}), "13")
		if diff := cmp.Diff(SystemNeed{need.Name, test.build, test.runtime}, need); diff != "" || ok != (len(test.build)+len(test.runtime) > 0) {
			t.Errorf("%s: ok %v (-want +got)\n%s", test.requirement, ok, diff)
		}
	}
}

// Every name of the tables must be one that ospkg knows for Debian 12 and 13, or a program.
func TestSystemNeedsAreTranslated(t *testing.T) {
	for _, release := range []string{"12", "13"} {
		for _, table := range []map[string]string{compiled, loaded} {
			for name := range table {
				need, ok := SystemNeedOf(installer.Requirement{Kind: installer.Named, Name: name}, release)
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

func TestAllowsPython(t *testing.T) {
	tests := []struct {
		specifier, minor string
		allowed, known   bool
	}{
		{"", "3.13", true, true},
		{">=3.9", "3.13", true, true},
		{">=3.9", "3.8", false, true},
		{">=3.9.2", "3.9", true, true},
		{">3.9", "3.9", true, true},
		{">=3.9,<3.13", "3.13", false, true},
		{">=3.9, <3.13", "3.12", true, true},
		{"<4.0,>=3.10", "3.13", true, true},
		{"<4", "3.13", true, true},
		{"==3.11.*", "3.11", true, true},
		{"==3.11.*", "3.12", false, true},
		{"==3.1.*", "3.11", false, true},
		{"==3.11", "3.11", true, true},
		{"==3.11.4", "3.11", true, true},
		{"==3.11.4", "3.1", false, true},
		{"~=3.9", "3.13", true, true},
		{"~=3.9.1", "3.10", false, true},
		{"~=3.9.1", "3.9", true, true},
		{"!=3.12.*", "3.12", false, true},
		{"!=3.12.1", "3.12", true, true},
		{"<=3.11", "3.11", true, true},
		{"<=3.11", "3.12", false, true},
		{"three", "3.12", false, false},
		{"^3.9", "3.12", false, false},
	}
	for _, test := range tests {
		allowed, known := AllowsPython(test.specifier, test.minor)
		if allowed != test.allowed || known != test.known {
			t.Errorf("%q %s: %v %v", test.specifier, test.minor, allowed, known)
		}
	}
}
