package shell

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const before = "RUN " // what stands before the shell code in the tests' files

// describe prints the commands with their spans as text, one a line: flags, then "|"-joined words.
func describe(t *testing.T, code string, dialect Dialect) string {
	t.Helper()
	file := before + code
	script, err := Parse([]byte(code), len(before), dialect)
	if err != nil {
		return "error: " + err.Error()
	}
	var b strings.Builder
	for _, c := range script.Commands {
		flags := ""
		for _, f := range []struct {
			on   bool
			name string
		}{{c.Certain, "C"}, {c.Attempted, "A"}, {c.Piped, "P"}, {c.Subshell, "S"}, {c.Substitution, "$"}, {!c.Exact, "~"}} {
			if f.on {
				flags += f.name
			}
		}
		if c.Function != "" {
			flags += "f:" + c.Function
		}
		if c.User != "" {
			flags += "u:" + c.User
		}
		fmt.Fprintf(&b, "%s %d<%d", flags, c.Scope, c.ParentScope)
		for _, a := range c.Assigns {
			b.WriteString(" =" + file[a.Span.Start:a.Span.End])
		}
		for _, w := range c.Words {
			b.WriteString(" |" + file[w.Span.Start:w.Span.End])
		}
		for _, r := range c.Redirects {
			b.WriteString(" >" + file[r.Span.Start:r.Span.End])
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestCommands(t *testing.T) {
	tests := []struct {
		name, code string
		dialect    Dialect
		want       string
	}{
		{"plain", "pip install flask", POSIX, "C 0<-1 |pip |install |flask\n"},
		{"lists", "a && b; c\nd", POSIX, "C 0<-1 |a\nC 0<-1 |b\nC 0<-1 |c\nC 0<-1 |d\n"},
		{"question in the middle", "[ -f x ] && b; c", POSIX, "C 0<-1 |[ |-f |x |]\n 0<-1 |b\nC 0<-1 |c\n"},
		{"question at the end", "a; [ -f x ] && b", POSIX, "C 0<-1 |a\nC 0<-1 |[ |-f |x |]\nC 0<-1 |b\n"},
		{"question piped", "a | grep -q x && b; c", POSIX, "CPS 1<0 |a\nCPS 2<0 |grep |-q |x\n 0<-1 |b\nC 0<-1 |c\n"},
		{"question in a group", "{ [ -f x ] && b; }; c", POSIX, "C 0<-1 |[ |-f |x |]\n 0<-1 |b\nC 0<-1 |c\n"},
		{"or", "a && b || true", POSIX, "A 0<-1 |a\n 0<-1 |b\n 0<-1 |true\n"},
		{"or with group", "a || (b && c)", POSIX, "A 0<-1 |a\n S 1<0 |b\n S 1<0 |c\n"},
		{"group before or", "{ a; b; } || c", POSIX, "A 0<-1 |a\nA 0<-1 |b\n 0<-1 |c\n"},
		{"or that leaves", "a || exit 1; b", POSIX, "C 0<-1 |a\n 0<-1 |exit |1\nC 0<-1 |b\n"},
		{"or that leaves with a message", "a || { echo x; exit 2; }\nb", POSIX, "C 0<-1 |a\n 0<-1 |echo |x\n 0<-1 |exit |2\nC 0<-1 |b\n"},
		{"or that leaves happily", "a || exit 0; b", POSIX, "A 0<-1 |a\n 0<-1 |exit |0\n 0<-1 |b\n"},
		{"exit in an if", "if a; then exit; fi; b", POSIX, "A 0<-1 |a\n 0<-1 |exit\n 0<-1 |b\n"},
		{"exit in a subshell", "(exit); b", POSIX, "CS 1<0 |exit\nC 0<-1 |b\n"},
		{"exec", "exec a; b", POSIX, "C 0<-1 |exec |a\n 0<-1 |b\n"},
		{"exec redirects only", "exec 2>&1; b", POSIX, "C 0<-1 |exec >2>&1\nC 0<-1 |b\n"},
		{"or first", "a || b && c", POSIX, "A 0<-1 |a\n 0<-1 |b\nC 0<-1 |c\n"},
		{"if", "if a; then b; elif c; then d; else e; fi", POSIX, "A 0<-1 |a\n 0<-1 |b\n 0<-1 |c\n 0<-1 |d\n 0<-1 |e\n"},
		{"loops", "for x in a $(b); do c; done; while d; do e; done", POSIX, "AS$ 1<0 |b\n 0<-1 |c\nA 0<-1 |d\n 0<-1 |e\n"},
		{"case", "case $(a) in x) b;; esac", POSIX, "AS$ 1<0 |a\n 0<-1 |b\n"},
		{"function", "f() { a; }; f", POSIX, "f:f 1<0 |a\nC 0<-1 |f\n"},
		{"group and subshell", "{ a; } && (b; cd x) && c", POSIX, "C 0<-1 |a\nCS 1<0 |b\nCS 1<0 |cd |x\nC 0<-1 |c\n"},
		{"not and background", "! a; b & c", POSIX, "A 0<-1 |a\nS 1<0 |b\nC 0<-1 |c\n"},
		{"pipeline", "a | b | c", POSIX, "CPS 1<0 |a\nCPS 2<0 |b\nCPS 3<0 |c\n"},
		{"substitutions", "x=$(a) b \"$(c)\" `d`", POSIX, "C 0<-1 =x=$(a) |b |\"$(c)\" |`d`\nAS$ 1<0 |a\nAS$ 2<0 |c\nAS$ 3<0 |d\n"},
		{"doubtful substitution", "a ${X:-$(b)}", POSIX, "C 0<-1 |a |${X:-$(b)}\nS$ 1<0 |b\n"},
		{"bare assignment", "X=1 Y=", POSIX, "C 0<-1 =X=1 =Y=\n"},
		{"declarations", "export X=Y Z && readonly Q='a b'", POSIX, "C 0<-1 |export |X=Y |Z\nC 0<-1 |readonly |Q='a b'\n"},
		{"bash declarations", "declare -a X=(a b); let i=1; [[ -f x && $a == b ]]", Bash,
			"C 0<-1 |declare |-a |X=(a b)\nC 0<-1 |let |i=1\nC 0<-1 |[[ |-f |x |&& |$a |== |b |]]\n"},
		{"time", "time a", Bash, "C 0<-1 |a\n"},
		{"redirections", ">f a 2>&1 <g", POSIX, "C 0<-1 |a >>f >2>&1 ><g\n"},
		{"redirection alone", "> f", POSIX, "C 0<-1 >> f\n"},
		{"heredoc", "cat <<EOF > f\nx $(a)\nEOF\nb", POSIX, "C 0<-1 |cat ><<EOF >> f\nAS$ 1<0 |a\nC 0<-1 |b\n"},
		{"continuation", "a && \\\n    pip \\\n  install x", POSIX, "C 0<-1 |a\nC 0<-1 |pip |install |x\n"},

		{"comment swallows the joined rest", "a # note \\\n && b", POSIX, "C 0<-1 |a\n"},
		{"comment in a heredoc", "a # note \\\nb\nc", POSIX, "C 0<-1 |a\nC 0<-1 |b\nC 0<-1 |c\n"},
		{"two backslashes", "a \\\\\n && b", POSIX, "C 0<-1 |a |\\\\\n \nC 0<-1 |b\n"},
		{"joined inside a word", "pip in\\\nstall 'x\\\ny'", POSIX, "C 0<-1 |pip |in\\\nstall |'x\\\ny'\n"},
		{"carriage returns", "a && \\\r\n  b \\\r\n  c", POSIX, "C 0<-1 |a\nC 0<-1 |b |c\n"},

		{"sh -c single", "sh -c 'cd x && pip install y'", POSIX,
			"C 0<-1 |sh |-c |'cd x && pip install y'\nCS 1<0 |cd |x\nCS 1<0 |pip |install |y\n"},
		{"bash -lc double", `bash -lc "a; b"`, POSIX, "C 0<-1 |bash |-lc |\"a; b\"\nCS 1<0 |a\nCS 1<0 |b\n"},
		{"continued double", "bash -c \"a && \\\n b\"", POSIX, "C 0<-1 |bash |-c |\"a && \\\n b\"\nCS 1<0 |a\nCS 1<0 |b\n"},
		{"bash -o", "bash -euxo pipefail -c 'a'", POSIX, "C 0<-1 |bash |-euxo |pipefail |-c |'a'\nCS 1<0 |a\n"},
		{"escapes", `sh -c "echo \"x\""`, POSIX, "C 0<-1 |sh |-c |\"echo \\\"x\\\"\"\nCS~ 1<0 |\"echo \\\"x\\\"\" |\"echo \\\"x\\\"\"\n"},
		{"expansion", `sh -c "a $X $(b)"`, POSIX, "C 0<-1 |sh |-c |\"a $X $(b)\"\nCS~ 2<0 |\"a $X $(b)\" |\"a $X $(b)\" |\"a $X $(b)\"\nAS$ 1<0 |b\n"},
		{"sudo sh", "sudo -u app sh -c a", POSIX, "C 0<-1 |sudo |-u |app |sh |-c |a\nCSu:app 1<0 |a\n"},
		{"su", "su - app -c 'a' || b", POSIX, "A 0<-1 |su |- |app |-c |'a'\nASu:app 1<0 |a\n 0<-1 |b\n"},
		{"su shell", "su -s /bin/sh -c 'a' app", POSIX, "C 0<-1 |su |-s |/bin/sh |-c |'a' |app\nCSu:app 1<0 |a\n"},
		{"eval", "eval 'a; b'", POSIX, "C 0<-1 |eval |'a; b'\nC 0<-1 |a\nC 0<-1 |b\n"},
		{"eval several", "eval a 'b; c'", POSIX, "C 0<-1 |eval |a |'b; c'\nC~ 0<-1 |a 'b; c' |a 'b; c'\nC~ 0<-1 |a 'b; c'\n"},
		{"eval of output", `eval "$(ssh-agent)"`, POSIX, "C 0<-1 |eval |\"$(ssh-agent)\"\nC~ 0<-1 |\"$(ssh-agent)\"\nAS$ 1<0 |ssh-agent\n"},
		{"nested twice", `sh -c 'sh -c "a"'`, POSIX, "C 0<-1 |sh |-c |'sh -c \"a\"'\nCS 1<0 |sh |-c |\"a\"\nCS 2<1 |a\n"},
		{"not a script", "sh -x a.sh -c b; python -c 'import x'; bash script 'a b'", POSIX,
			"C 0<-1 |sh |-x |a.sh |-c |b\nC 0<-1 |python |-c |'import x'\nC 0<-1 |bash |script |'a b'\n"},
		{"inner nonsense", "sh -c 'if'", POSIX, "C 0<-1 |sh |-c |'if'\n"},

		{"bash by need", "a=(b c); echo ${a[0]}", POSIX, "C 0<-1 =a=(b c)\nC 0<-1 |echo |${a[0]}\n"},
		{"empty", "", POSIX, ""},
		{"comment", "# x", POSIX, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := strings.ReplaceAll("\n"+describe(t, test.code, test.dialect), "\n ", "\n")
			want := strings.ReplaceAll("\n"+test.want, "\n ", "\n")
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.code, diff)
			}
		})
	}
}

func TestItems(t *testing.T) {
	tests := []struct{ code, want string }{
		{"a && b || c", "[a && b || c]"},
		{"a && b; c", "a &&{&&} b ;{;} c"},
		{"a x=1 && \\\n  b", "a x=1 &&{&&} b"},
		{"a || b && c", "[a || b] &&{&&} c"},
		{"a | b\nc # x\nd", "[a | b] \n{\n} c \n{\n} d"},
		{"a & b", "[a] &{&} b"},
		{"! a && b", "[! a] &&{&&} b"},
		{"if a; then b; fi && c;", "[if a; then b; fi] &&{&&} c"},
		{"cat <<E > f && b\nx\nE\nc", "cat <<E > f &&{&&} b \n{\n} c"},
		{"{ a; } > f; X=1", "[{ a; } > f] ;{;} X=1"},
		{"(a; b)", "[(a; b)]"},
		{"", ""},
	}
	for _, test := range tests {
		file := before + test.code
		script, err := Parse([]byte(test.code), len(before), POSIX)
		if err != nil {
			t.Fatal(err)
		}
		var parts []string
		for _, item := range script.Items {
			if item.Operator != "" {
				parts = append(parts, item.Operator+"{"+file[item.OperatorSpan.Start:item.OperatorSpan.End]+"}")
			}
			text := file[item.Span.Start:item.Span.End]
			if item.Command == nil {
				text = "[" + text + "]"
			}
			parts = append(parts, text)
		}
		if got := strings.Join(parts, " "); got != test.want {
			t.Errorf("%q: got %q, want %q", test.code, got, test.want)
		}
	}
}

func TestDetails(t *testing.T) {
	code := "for p in a b; do x; done\ncat <<-'E' 2>f\n\tbody\n\tE\nX+=y"
	script, err := Parse([]byte(code), 0, Bash)
	if err != nil {
		t.Fatal(err)
	}
	if len(script.Loops) != 1 || script.Loops[0].Variable != "p" || len(script.Loops[0].Items) != 2 ||
		code[script.Loops[0].Body.Start:script.Loops[0].Body.End] != "do x; " {
		t.Errorf("loops: %+v", script.Loops)
	}
	cat := script.Commands[1]
	if len(cat.Redirects) != 2 || !strings.Contains(cat.Redirects[0].Heredoc, "body") || cat.Redirects[0].Target != nil {
		t.Errorf("heredoc: %+v", cat.Redirects)
	}
	if r := cat.Redirects[1]; r.Op != ">" || r.Number != "2" || r.Target == nil {
		t.Errorf("redirect: %+v", r)
	}
	if got := script.Commands[2].Assigns[0].Value.Value(known(map[string]string{"X": "x"})).Text; got != "xy" {
		t.Errorf("append: %q", got)
	}
}

func TestDialectUsed(t *testing.T) {
	for code, want := range map[string]Dialect{"a": POSIX, "a=(b)": Bash, "[[ a ]]": POSIX, "a <(b)": Bash} {
		if script, err := Parse([]byte(code), 0, POSIX); err != nil || script.Dialect != want {
			t.Errorf("%s: got %+v, %v", code, script, err)
		}
	}
}

func TestErrors(t *testing.T) {
	tests := []struct{ name, code string }{
		{"open quote", "echo 'x"},
		{"open if", "if a; then b"},
		{"stray paren", "a )"},
		{"deep parens", strings.Repeat("(", 1<<20)},
		{"deep substitutions", "a " + strings.Repeat("\"$(", 1<<18)},
		{"deep words", strings.Repeat("if ", 80000)},
		{"deep expansions", strings.Repeat("${a:-", 15000)},
		{"long", strings.Repeat("a\n", 1<<20)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Parse([]byte(test.code), 100, POSIX)
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("got %v, want an *Error", err)
			}
			if e.Message == "" || e.Span.Empty() || e.Span.Start < 100 || e.Span.End > 100+len(test.code) {
				t.Errorf("%+v", e)
			}
		})
	}
}

// Inputs that would take hours, and run into the time limit of go test, or all of the stack, if something were not linear.
func TestLargeInputs(t *testing.T) {
	repeat := strings.Repeat
	for name, code := range map[string]string{
		"parens":       repeat("(", 8000) + "a" + repeat(")", 8000),
		"and list":     "a" + repeat("&&a", 80000),
		"or list":      "a" + repeat("||a", 80000),
		"mixed list":   "a" + repeat("||a&&b", 40000),
		"pipeline":     "a" + repeat("|a", 100000),
		"escapes":      "a " + repeat(`\a`, 100000),
		"expansions":   `a "` + repeat("${a:-", 15000) + repeat("}", 15000) + `"`,
		"braces":       "a " + repeat("{a,", 8000) + repeat("}", 8000),
		"substitution": "a " + repeat("$(a ", 8000) + repeat(")", 8000),
		"evals":        repeat("eval ", 50000) + "a",
		"words":        repeat("a ", 120000),
		"elif":         "if a; then b;" + repeat("elif a; then b;", 10000) + "fi",
	} {
		script, err := Parse([]byte(code), 0, Bash)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, c := range script.Commands {
			Unwrap(Fields(c.Words, vars))
		}
	}
}

func TestDialectOf(t *testing.T) {
	tests := []struct {
		argv string
		want Dialect
		ok   bool
	}{
		{"", POSIX, true},
		{"/bin/sh -c", POSIX, true},
		{"/bin/bash -o pipefail -c", Bash, true},
		{"/usr/bin/env bash -c", Bash, true},
		{"conda run --no-capture-output -n app /bin/bash -c", Bash, true},
		{"busybox sh -c", POSIX, true},
		{"powershell -Command", POSIX, false},
		{"cmd /S /C", POSIX, false},
		{"python3 -c", POSIX, false},
		{"conda run -n app", POSIX, false},
		{"pwsh.exe", POSIX, false},
	}
	for _, test := range tests {
		got, ok := DialectOf(strings.Fields(test.argv))
		if got != test.want || ok != test.ok {
			t.Errorf("%q: got %v %v, want %v %v", test.argv, got, ok, test.want, test.ok)
		}
	}
}
