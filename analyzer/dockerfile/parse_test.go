package dockerfile

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

func mustParse(t *testing.T, text string) *Document {
	t.Helper()
	d, err := Parse(source.New("Dockerfile", []byte(text)))
	if err != nil {
		t.Fatalf("Parse(%q): %v", text, err)
	}
	return d
}

// describe writes an instruction as lines; what spans hold stands between «».
func describe(d *Document, in *Instruction) []string {
	at := func(s source.Span) string { return "«" + d.File.Text(s) + "»" }
	lines := []string{in.Keyword + " " + at(in.KeywordSpan)}
	for _, f := range in.Flags {
		lines = append(lines, fmt.Sprintf("flag %s=%q %t %s %s", f.Name, f.Value, f.HasValue, at(f.Span), at(f.ValueSpan)))
	}
	lines = append(lines, "body "+at(in.Body))
	for _, a := range in.Args {
		line := fmt.Sprintf("arg %q %s", a.Text, at(a.Span))
		if a.Value != a.Text {
			line += fmt.Sprintf(" is %q", a.Value)
		}
		lines = append(lines, line)
	}
	for _, p := range in.Pairs {
		line := fmt.Sprintf("pair %s=%q %s %s %s", p.Key, p.Value, at(p.Span), at(p.KeySpan), at(p.ValueSpan))
		if p.Legacy {
			line += " legacy"
		}
		if !p.HasValue {
			line += " bare"
		}
		lines = append(lines, line)
	}
	for _, h := range in.Heredocs {
		lines = append(lines, fmt.Sprintf("heredoc %d %s tabs=%t expand=%t %s %s %s", h.Descriptor, h.Name, h.StripTabs, h.Expand, at(h.Marker), at(h.Body), at(h.Terminator)))
	}
	for _, c := range in.Comments {
		lines = append(lines, fmt.Sprintf("comment %q %s", c.Text, at(c.Span)))
	}
	for _, c := range in.Leading {
		lines = append(lines, fmt.Sprintf("leading %q", c.Text))
	}
	if in.Trigger != nil {
		for _, line := range describe(d, in.Trigger) {
			lines = append(lines, "  "+line)
		}
	}
	return lines
}

func TestParse(t *testing.T) {
	tests := []struct {
		name, text string
		want       string // of the last instruction
	}{
		{"lower-case keyword", "from python:3 as x", "FROM «from»\nbody «python:3 as x»\narg \"python:3\" «python:3»\narg \"as\" «as»\narg \"x\" «x»"},
		{"tabs as separators", "COPY\t--from=a\tb\t c", "COPY «COPY»\nflag from=\"a\" true «--from=a» «a»\nbody «b\t c»\narg \"b\" «b»\narg \"c\" «c»"},
		{"indented, with a byte order mark", "\uFEFF  USER a ", "USER «USER»\nbody «a»\narg \"a\" «a»"},
		{"CRLF", "RUN a \\\r\n  b\r\n", "RUN «RUN»\nbody «a \\\r\n  b»\narg \"a   b\" «a \\\r\n  b»"},
		{"blanks behind a backslash", "RUN a\\ \t\nb", "RUN «RUN»\nbody «a\\ \t\nb»\narg \"ab\" «a\\ \t\nb»"},
		{"two backslashes do not continue", "FROM x\nRUN a \\\\\nENV b c", "ENV «ENV»\nbody «b c»\npair b=\"c\" «b c» «b» «c» legacy"},
		{"comment and blank lines inside", "RUN a \\\n # why\n\n  b", "RUN «RUN»\nbody «a \\\n # why\n\n  b»\narg \"a   b\" «a \\\n # why\n\n  b»\ncomment \"why\" «# why»"},
		{"keyword before a continuation", "RUN \\\n  a", "RUN «RUN»\nbody «a»\narg \"a\" «a»"},
		{"keyword behind a continuation", "\\\nRUN a", "RUN «RUN»\nbody «a»\narg \"a\" «a»"},
		{"keyword broken by a continuation", "RU\\\nN a", "RUN «RU\\\nN»\nbody «a»\narg \"a\" «a»"},
		{"end of file behind a backslash", "RUN a \\", "RUN «RUN»\nbody «a»\narg \"a\" «a»"},
		{"bare", "FROM x\nENV", "ENV «ENV»\nbody «»"},
		{"unknown", "nonsense a b", "NONSENSE «nonsense»\nbody «a b»"},
		{"leading comments", "# far\n\n# one\n#  two\nUSER a", "USER «USER»\nbody «a»\narg \"a\" «a»\nleading \"one\"\nleading \"two\""},
		{"a directive is no leading comment", "# syntax=x\n# one\nUSER a", "USER «USER»\nbody «a»\narg \"a\" «a»\nleading \"one\""},

		{"flags over lines", "RUN --mount=type=cache,target=/x \\\n# c\n  --network=no\\\nne a",
			"RUN «RUN»\nflag mount=\"type=cache,target=/x\" true «--mount=type=cache,target=/x» «type=cache,target=/x»\n" +
				"flag network=\"none\" true «--network=no\\\nne» «no\\\nne»\nbody «a»\narg \"a\" «a»\ncomment \"c\" «# c»"},
		{"flag with quotes", `RUN --a="b c" --d --e= x`, "RUN «RUN»\nflag a=\"b c\" true «--a=\"b c\"» «\"b c\"»\nflag d=\"\" false «--d» «»\nflag e=\"\" true «--e=» «»\nbody «x»\narg \"x\" «x»"},
		{"two dashes end the flags", "COPY --a -- --b c", "COPY «COPY»\nflag a=\"\" false «--a» «»\nbody «--b c»\narg \"--b\" «--b»\narg \"c\" «c»"},
		{"flags only", "RUN --a=b", "RUN «RUN»\nflag a=\"b\" true «--a=b» «b»\nbody «»"},
		{"a flag behind the first word is none", "RUN a --b", "RUN «RUN»\nbody «a --b»\narg \"a --b\" «a --b»"},

		{"JSON over lines", "CMD [\"a\", \\\n \"\\u00e9\\ud83d\\ude00\\\"\", \"é\"]", "CMD «CMD»\nbody «[\"a\", \\\n \"\\u00e9\\ud83d\\ude00\\\"\", \"é\"]»\n" +
			"arg \"\\\"a\\\"\" «\"a\"» is \"a\"\narg \"\\\"\\\\u00e9\\\\ud83d\\\\ude00\\\\\\\"\\\"\" «\"\\u00e9\\ud83d\\ude00\\\"\"» is \"é😀\\\"\"\narg \"\\\"é\\\"\" «\"é\"» is \"é\""},
		{"JSON with single quotes is shell form", "CMD ['a']", "CMD «CMD»\nbody «['a']»\narg \"['a']\" «['a']»"},
		{"test is shell form", "RUN [ -f x ]", "RUN «RUN»\nbody «[ -f x ]»\narg \"[ -f x ]\" «[ -f x ]»"},
		{"JSON of COPY", `COPY ["a b", "c"]`, "COPY «COPY»\nbody «[\"a b\", \"c\"]»\narg \"\\\"a b\\\"\" «\"a b\"» is \"a b\"\narg \"\\\"c\\\"\" «\"c\"» is \"c\""},

		{"pairs", "ENV A=b B=\"c d\" \\\n C=e\\ f D= E='=g'", "ENV «ENV»\nbody «A=b B=\"c d\" \\\n C=e\\ f D= E='=g'»\npair A=\"b\" «A=b» «A» «b»\n" +
			"pair B=\"\\\"c d\\\"\" «B=\"c d\"» «B» «\"c d\"»\npair C=\"e\\\\ f\" «C=e\\ f» «C» «e\\ f»\npair D=\"\" «D=» «D» «»\npair E=\"'=g'\" «E='=g'» «E» «'=g'»"},
		{"legacy pair", "ENV A  b = c", "ENV «ENV»\nbody «A  b = c»\npair A=\"b = c\" «A  b = c» «A» «b = c» legacy"},
		{"ARG", "ARG A B=c", "ARG «ARG»\nbody «A B=c»\npair A=\"\" «A» «A» «» bare\npair B=\"c\" «B=c» «B» «c»"},

		{"heredocs", "RUN <<A cat 3<<-\"B c\" \\\n > x\n1\nA\n\t2\n\tB c", "RUN «RUN»\nbody «<<A cat 3<<-\"B c\" \\\n > x»\narg \"<<A cat 3<<-\\\"B c\\\"  > x\" «<<A cat 3<<-\"B c\" \\\n > x»\n" +
			"heredoc 0 A tabs=false expand=true «<<A» «1\n» «A»\nheredoc 3 B c tabs=true expand=false «3<<-\"B c\"» «\t2\n» «\tB c»"},
		{"quoted marker is none", "RUN echo '<<A' << A\nA", "RUN «RUN»\nbody «echo '<<A' << A»\narg \"echo '<<A' << A\" «echo '<<A' << A»\nheredoc 0 A tabs=false expand=true «<< A» «» «A»"},
		{"heredoc of COPY, CRLF", "COPY <<'E' /x\r\n# no comment\r\nE\r\n", "COPY «COPY»\nbody «<<'E' /x»\narg \"<<'E'\" «<<'E'»\narg \"/x\" «/x»\nheredoc 0 E tabs=false expand=false «<<'E'» «# no comment\r\n» «E»"},
		{"CMD has no heredocs", "CMD cat <<E", "CMD «CMD»\nbody «cat <<E»\narg \"cat <<E\" «cat <<E»"},

		{"ONBUILD", "ONBUILD COPY --chown=a b c", "ONBUILD «ONBUILD»\nbody «COPY --chown=a b c»\n  COPY «COPY»\n  flag chown=\"a\" true «--chown=a» «a»\n  body «b c»\n  arg \"b\" «b»\n  arg \"c\" «c»"},
		{"HEALTHCHECK", "HEALTHCHECK --retries=3 CMD curl \\\n x", "HEALTHCHECK «HEALTHCHECK»\nflag retries=\"3\" true «--retries=3» «3»\nbody «CMD curl \\\n x»\narg \"CMD\" «CMD»\narg \"curl  x\" «curl \\\n x»\n" +
			"  CMD «CMD»\n  body «curl \\\n x»\n  arg \"curl  x\" «curl \\\n x»"},
		{"HEALTHCHECK NONE", "HEALTHCHECK NONE", "HEALTHCHECK «HEALTHCHECK»\nbody «NONE»\narg \"NONE\" «NONE»"},
		{"backtick", "# escape=`\nRUN dir C:\\ `\n x", "RUN «RUN»\nbody «dir C:\\ `\n x»\narg \"dir C:\\\\  x\" «dir C:\\ `\n x»"},
	}
	for _, tt := range tests {
		d := mustParse(t, tt.text)
		got := strings.Join(describe(d, d.Instructions[len(d.Instructions)-1]), "\n")
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %q (-want +got):\n%s", tt.name, tt.text, diff)
		}
		if difference := disagreement([]byte(tt.text)); difference != "" {
			t.Errorf("%s: %s", tt.name, difference)
		}
	}
}

func TestDirectives(t *testing.T) {
	tests := []struct{ text, want string }{
		{"# syntax=docker/dockerfile:1\n# Escape = `\n#check=skip=A;error=true \nFROM x", "syntax=docker/dockerfile:1 escape=` check=skip=A;error=true"},
		{"\uFEFF#syntax=a\r\nFROM x", "syntax=a"},
		{"# comment\n# syntax=a\nFROM x", ""},
		{"\n# syntax=a\nFROM x", ""},
		{"# unknown=a\n# syntax=a\nFROM x", ""},
		{"FROM x\n# syntax=a\n", ""},
	}
	for _, tt := range tests {
		d := mustParse(t, tt.text)
		var got []string
		for _, directive := range d.Directives {
			got = append(got, directive.Name+"="+directive.Value)
			if text := d.File.Text(directive.Span); text[0] != '#' || strings.ContainsAny(text, "\r\n") {
				t.Errorf("%q: directive at %q", tt.text, text)
			}
		}
		if got := strings.Join(got, " "); got != tt.want {
			t.Errorf("%q has the directives %q, want %q", tt.text, got, tt.want)
		}
	}
	if got := mustParse(t, "# escape=`\nFROM x").Escape; got != '`' {
		t.Errorf("Escape = %q", got)
	}
}

func TestSpanOfInstruction(t *testing.T) {
	d := mustParse(t, "# a\nFROM x \r\nRUN <<E # b\nc\nE\n# d\n")
	var got []string
	for _, in := range d.Instructions {
		got = append(got, d.File.Text(in.Span))
	}
	if diff := cmp.Diff([]string{"FROM x ", "RUN <<E # b\nc\nE"}, got); diff != "" {
		t.Error(diff)
	}
	if len(d.Comments) != 2 || d.Comments[1].Text != "d" {
		t.Errorf("comments %v", d.Comments)
	}
}

func TestSyntaxErrors(t *testing.T) {
	tests := []struct{ text, span, message string }{
		{"", "", "file with no instructions"},
		{"# only\n", "# only", "file with no instructions"},
		{"FROM x\nENV a=b c\n", "ENV a=b c", `can't find = in "c", must be of the form name=value`},
		{"FROM x\nENV \\\n a\nUSER b", "ENV \\\n a", "ENV must have two arguments"},
		{"FROM x\nRUN <<E\na\n", "RUN <<E", "unterminated heredoc"},
		{"# escape=x\nFROM x", "# escape=x", `invalid escape token 'x' does not match ` + "` or \\"},
		{"# syntax=a\n# syntax=b\nFROM x", "# syntax=b", "only one syntax parser directive can be used"},
		{"CMD [\"a\", 1]", "CMD [\"a\", 1]", "when using JSON array syntax, arrays must be comprised of strings only"},
	}
	for _, tt := range tests {
		f := source.New("Dockerfile", []byte(tt.text))
		_, err := Parse(f)
		var refused *SyntaxError
		if !errors.As(err, &refused) {
			t.Errorf("%q: error %#v", tt.text, err)
			continue
		}
		if got := f.Text(refused.Span); got != tt.span || refused.Message != tt.message {
			t.Errorf("%q: %q at %q, want %q at %q", tt.text, refused.Message, got, tt.message, tt.span)
		}
	}
}

// TestLarge proves that nothing makes the parser slow or exhausts the stack.
func TestLarge(t *testing.T) {
	tests := []struct {
		name, text string
		refused    bool
	}{
		{"one line of 50 MB", "FROM x\nRUN " + strings.Repeat("a", 50<<20), true},
		{"the longest line", "FROM x\nRUN " + strings.Repeat("a", maxLine-5) + "\nUSER a", false},
		{"one byte more", "FROM x\nRUN " + strings.Repeat("a", maxLine-4) + "\nUSER a", true},
		{"the longest last line", "FROM x\nRUN " + strings.Repeat("a", maxLine-5), false},
		{"one byte more at the end", "FROM x\nRUN " + strings.Repeat("a", maxLine-4), true},
		{"binary", strings.Repeat("\x00\x7fELF\xff\n", 1<<16), false},
		{"ONBUILD within ONBUILD", strings.Repeat("ONBUILD \\\n", 1<<18) + "RUN x", true},
		{"variables within variables", "RUN <<E " + strings.Repeat("${A:-\\\n", 1<<18) + "x\nE", true},
		{"many lines", "RUN a" + strings.Repeat(" \\\n b", 1<<17), false},
	}
	for _, tt := range tests {
		d, err := Parse(source.New("Dockerfile", []byte(tt.text)))
		if (err != nil) != tt.refused {
			t.Errorf("%s: error %v", tt.name, err)
		}
		if err == nil {
			Validate(d)
			d.Pieces()
		}
	}
}

func TestOptions(t *testing.T) {
	flag := Flag{Value: `type=cache,Target=/a,ro,"source=b,c"`}
	want := map[string]string{"type": "cache", "target": "/a", "ro": "", "source": "b,c"}
	if diff := cmp.Diff(want, flag.Options()); diff != "" {
		t.Error(diff)
	}
	if got := (Flag{Value: `a"b`}).Options(); got != nil {
		t.Errorf("options of broken CSV: %v", got)
	}
}

func TestPieces(t *testing.T) {
	d := mustParse(t, "\uFEFF# syntax=a\n# b\n\n\\\nFROM x \\\n# in\n\n y z\r\n  \nRUN <<E\n# c\nE\n# d")
	var got []string
	for _, piece := range d.Pieces() {
		got = append(got, fmt.Sprintf("%d %q", piece.Kind, d.File.Text(piece.Span)))
	}
	want := []string{
		`0 "\ufeff"`, `1 "# syntax=a\n"`, `2 "# b\n"`, `3 "\n"`, `4 "\\\nFROM x \\\n# in\n\n y z\r\n"`, `3 "  \n"`, `4 "RUN <<E\n# c\nE\n"`, `2 "# d"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
