package dockerfile

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

func TestValidate(t *testing.T) {
	tests := []struct {
		text string
		want []string // "message at text"
	}{
		{"ARG A\nFROM x AS y\nRUN a\nHEALTHCHECK NONE\nONBUILD RUN x\nSHELL [\"a\"]\nCMD []\nVOLUME /a\nEXPOSE 1\nCOPY a b\n", nil},
		{"FROM x\nRUN\nCMD\nENTRYPOINT\n", nil}, // an empty command is no matter of syntax
		{"FROM x\nRUM a\n", []string{`unknown instruction "RUM" at RUM a`}},
		{"# syntax=example.com/other\nFROM x\nINCLUDE a\n", nil},
		{"# syntax=docker/dockerfile:1\nFROM x\nINCLUDE a\n", []string{`unknown instruction "INCLUDE" at INCLUDE a`}},
		{"ENV a=b\nUSER c\nFROM x\n", []string{"ENV stands before the first FROM, where only ARG may at ENV a=b"}},
		{"ARG A\n", []string{"file has no FROM at ARG A"}},
		{"FROM\n", []string{"FROM needs an image, or an image, AS and a name at FROM"}},
		{"FROM x # y\n", []string{"FROM needs an image, or an image, AS and a name at FROM x # y"}},
		{"FROM x AS 1\n", []string{`"1" is no name for a build stage: it starts with a letter and has letters, digits, '-', '_' and '.' only at FROM x AS 1`}},
		{"FROM x as A_b-1.c\n", nil},
		{"FROM x\nCOPY a\nADD\nENV\nWORKDIR\nEXPOSE\nLABEL =a\n", []string{
			"COPY needs at least two arguments, a source and a destination at COPY a",
			"ADD needs at least two arguments, a source and a destination at ADD",
			"ENV needs at least one argument at ENV", "WORKDIR needs an argument at WORKDIR",
			"EXPOSE needs at least one argument at EXPOSE", "LABEL has a value without a name at LABEL =a",
		}},
		{"FROM x\nSHELL bash\nHEALTHCHECK\nHEALTHCHECK CMD\nHEALTHCHECK foo\nHEALTHCHECK NONE x\n", []string{
			`SHELL needs a JSON array, such as ["/bin/bash", "-c"] at SHELL bash`, "HEALTHCHECK needs CMD or NONE at HEALTHCHECK",
			"HEALTHCHECK CMD needs a command at HEALTHCHECK CMD", `HEALTHCHECK has the unknown type "foo", not CMD or NONE at HEALTHCHECK foo`,
			"HEALTHCHECK NONE takes no arguments at HEALTHCHECK NONE x",
		}},
		{"FROM x\nONBUILD\nONBUILD ONBUILD RUN x\nONBUILD FROM y\nONBUILD COPY a\n", []string{
			"ONBUILD needs an instruction at ONBUILD", "ONBUILD is not allowed in ONBUILD at ONBUILD ONBUILD RUN x",
			"FROM is not allowed in ONBUILD at ONBUILD FROM y", "COPY needs at least two arguments, a source and a destination at ONBUILD COPY a",
		}},
	}
	for _, tt := range tests {
		d := mustParse(t, tt.text)
		var got []string
		for _, e := range Validate(d) {
			got = append(got, e.Message+" at "+d.File.Text(e.Span))
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.text, diff)
		}
	}
	binary := mustParse(t, strings.Repeat("\x00", 1000))
	if list := Validate(binary); len(list) != 1 || len(list[0].Message) > 300 {
		t.Errorf("complaints of a binary file: %v", list)
	}
}

func TestTemplate(t *testing.T) {
	tests := []struct {
		text, want string // the line, or "" when it is no template
	}{
		{"FROM {{ base }}\nRUN a\n", "FROM {{ base }}"},
		{"FROM python:<%= version %>\n", "FROM python:<%= version %>"},
		{"{% set a = 1 %}\nFROM x\n", "{% set a = 1 %}"},
		{"{# note #}\nFROM x\n", "{# note #}"},
		{"FROM x\n{{- if .Debug }}\nRUN a\n{{- end }}\n", "{{- if .Debug }}"},
		{"FROM x\nRUN a \\\n{% if b %}\n  c \\\n{% endif %}\n  d\n", "{% if b %}"},
		{"FROM x\nENV A={{ b }}\n", "ENV A={{ b }}"}, // refused: two words without '='
		{"{%- if cookiecutter.docker == 'y' %}\nFROM x\nENV a=b c\n", "{%- if cookiecutter.docker == 'y' %}"},

		{"FROM x\nRUN docker inspect --format '{{.State}}' y\n", ""},
		{"FROM x\nRUN docker inspect \\\n  --format \\\n  {{.State}} y\n", ""},
		{"FROM x\nCOPY <<E /x\n{% if a %}\n{{ b }}\nE\n", ""},
		{"FROM x\nRUN awk '{{print}}'\n", ""},
		{"FROM x\nENV a=b c\nRUN echo '{{x}}'\n", ""},
		{"FROM x\n# {% comment %}\n", ""},
		{"", ""},
	}
	for _, tt := range tests {
		f := source.New("Dockerfile", []byte(tt.text))
		span, ok := Template(f)
		if got := f.Text(span); ok != (tt.want != "") || ok && got != tt.want {
			t.Errorf("Template(%q) = %q, %t, want %q", tt.text, got, ok, tt.want)
		}
	}
}
