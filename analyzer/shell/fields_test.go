package shell

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
)

// known is a lookup of which names beginning with "U" are unknown.
func known(vars map[string]string) env.Lookup {
	return func(name string) env.Value {
		if v, ok := vars[name]; ok {
			return env.Of(v)
		}
		if strings.HasPrefix(name, "U") {
			return env.Doubtful()
		}
		return env.Value{}
	}
}

var vars = known(map[string]string{"A": "one", "P": " x  y ", "E": "", "G": "*.py", "W": "a b"})

func firstCommand(t *testing.T, code string, dialect Dialect) *Command {
	t.Helper()
	script, err := Parse([]byte(code), 0, dialect)
	if err != nil {
		t.Fatalf("%s: %v", code, err)
	}
	return script.Commands[0]
}

// show prints fields: known text in <>, unknown ones as ?, with L(iteral), M(any), G(lob) and a prefix.
func show(fields []Field) string {
	var out []string
	for _, f := range fields {
		text := "<" + f.Text() + ">"
		if !f.Value.IsKnown() {
			text = f.Prefix + "?"
		}
		for _, flag := range []struct {
			on   bool
			name string
		}{{f.Literal, "L"}, {f.Many, "M"}, {f.Glob, "G"}} {
			if flag.on {
				text += flag.name
			}
		}
		out = append(out, text)
	}
	return strings.Join(out, " ")
}

func TestFields(t *testing.T) {
	tests := []struct {
		words, want string
		dialect     Dialect
	}{
		{`a 'b c' "d e" f\ g`, "<a>L <b c>L <d e>L <f g>L", POSIX},
		{`'' ""`, "<>L <>L", POSIX},
		{`$A "$A" x$A`, "<one> <one> <xone>", POSIX},
		{`$P`, "<x> <y>", POSIX},
		{`"$P"`, "< x  y >", POSIX},
		{`a${P}b`, "<a> <x> <y> <b>", POSIX},
		{`a$W"c d"`, "<aa> <bc d>", POSIX},
		{`$NONE "$NONE" x$NONE $E`, "<> <x>", POSIX},
		{`$U "$U" flask==$U "flask==$U"`, "?M ? flask==?M flask==?", POSIX},
		{"a `# why` b`# x` \"`# y`\"", "<a>L <b>L <>L", POSIX},
		{`$(x) "$(x)" a"$(x)"b`, "?M ? a?", POSIX},
		{`"$@" $@ "$*" $1 "$1"`, "?M ?M ? ?M ?", POSIX},
		{`* a?b '*' \* [a] "$G" $G`, "<*>LG <a?b>LG <*>L <*>L <[a]>LG <*.py> <*.py>G", POSIX},
		{`~/x`, "<~/x>L", POSIX},
		{`${A:-z} ${NONE:-z} ${E:-z} ${E-z}z ${U:-z}`, "<one> <z> <z> <z> ?M", POSIX},
		{`${NONE:-a b} "${NONE:-a b}" ${NONE:-"a b"} ${NONE:-$W}`, "<a> <b> <a b> <a b> <a> <b>", POSIX},
		{`${A:+z} ${NONE:+z} ${E:+z} ${E+z} ${U+z}`, "<z> <z> ?M", POSIX},
		{`${A:?no} "${NONE?no}" ${NONE:=q}`, "<one> ? <q>", POSIX},
		{`"${NONE:+x}" ${NONE:-}`, "<>", POSIX},
		{`"a\"b\$c\d" 'a\b'`, `<a"b$c\d>L <a\b>L`, POSIX},
		{"a\\\nb 'c\\\nd'", "<ab>L <cd>L", POSIX},
		{"a\\\\\n 'c\\\\\nd'", `<a c\d>L`, POSIX},
		{"a\\\\\nb x\n'c\\\nd'", `<a\>L`, POSIX},
		{`{a,b}`, "<{a,b}>L", POSIX},
		{`x{a,b$A}y {1..3} {a}`, "<xay> <xboney> ?M <{a}>L", Bash},
		{`{a,b}{c,d}`, "<ac> <ad> <bc> <bd>", Bash},
		{`$'a\n' ${A%e} ${#A}`, "<a\n>L ?M ?M", Bash},
		{`{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}`, "?M", Bash},
	}
	for _, test := range tests {
		t.Run(test.words, func(t *testing.T) {
			c := firstCommand(t, "p "+test.words, test.dialect)
			if got := show(Fields(c.Words[1:], vars)); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestInexactIsNotLiteral(t *testing.T) {
	script, err := Parse([]byte(`sh -c "a \"b\""`), 0, POSIX)
	if err != nil {
		t.Fatal(err)
	}
	if got := show(Fields(script.Commands[1].Words, vars)); got != "<a> <b>" {
		t.Error(got)
	}
}

func TestValue(t *testing.T) {
	tests := []struct {
		code string
		want env.Value
	}{
		{`X=$P`, env.Of(" x  y ")},
		{`X="$A"/bin:$W`, env.Of("one/bin:a b")},
		{`X=$U`, env.Doubtful()},
		{`X=$(a)`, env.Doubtful()},
		{`X=$NONE`, env.Of("")},
		{`X=${NONE:-a b}`, env.Of("a b")},
		{`X=$1`, env.Doubtful()},
		{`X=''`, env.Of("")},
	}
	for _, test := range tests {
		if got := firstCommand(t, test.code, POSIX).Assigns[0].Value.Value(vars); got != test.want {
			t.Errorf("%s: got %v, want %v", test.code, got, test.want)
		}
	}
	if v := firstCommand(t, "X=", POSIX).Assigns[0].Value; v != nil {
		t.Errorf("X= has value %v", v)
	}
}

func TestLiteralParts(t *testing.T) {
	code := `p a\ b"c\"d"'e'`
	w := firstCommand(t, code, POSIX).Words[1]
	var got []string
	for _, p := range w.Parts {
		got = append(got, code[p.Span.Start:p.Span.End]+"→"+p.Text)
	}
	if want := `a→a \ →  b→b c→c \"→" d→d e→e`; strings.Join(got, " ") != want {
		t.Errorf("got %s, want %s", strings.Join(got, " "), want)
	}
	if text, ok := w.Literal(); text != `a bc"de` || !ok {
		t.Errorf("Literal: %q %v", text, ok)
	}
	if _, ok := firstCommand(t, `p a$B`, POSIX).Words[1].Literal(); ok {
		t.Error("a$B is literal")
	}
}

func TestUnwrap(t *testing.T) {
	tests := []struct{ code, want string }{
		{"pip install x", "[] [] pip install x"},
		{"sudo pip x", "[sudo] [] pip x @root"},
		{"sudo -HE -u app X=1 pip x", "[sudo] [X=1] pip x @app"},
		{"sudo -uapp -- pip", "[sudo] [] pip @app"},
		{"sudo --user=app --preserve-env=PATH pip", "[sudo] [] pip @app"},
		{`sudo -u "$U" pip`, "[sudo] [] pip @?"},
		{"sudo --strange pip", "[] [] sudo --strange pip"},
		{"sudo", "[] [] sudo"},
		{"env -i -u HOME X=Y Z= pip x", "[env] [HOME Unset X=Y Z=] pip x"},
		{`env X="$U" pip`, "[env] [X?] pip"},
		{"env X=1", "[] [] env X=1"},
		{"env -S 'a b'", "[] [] env -S a b"},
		{"exec env X=1 nice -n 10 pip", "[exec env nice] [X=1] pip"},
		{"nice -10 pip", "[nice] [] pip"},
		{"command pip", "[command] [] pip"},
		{"command -v pip", "[] [] command -v pip"},
		{"timeout -k 5 --signal=KILL 60 pip x", "[timeout] [] pip x"},
		{"timeout 60", "[] [] timeout 60"},
		{"time -p pip", "[time] [] pip"},
		{"stdbuf -oL -e0 python", "[stdbuf] [] python"},
		{"gosu app:app python -m x", "[gosu] [] python -m x @app"},
		{"runuser -u app -- pip x", "[runuser] [] pip x @app"},
		{"runuser app pip", "[] [] runuser app pip"},
		{"setpriv --reuid=app --regid app --init-groups pip", "[setpriv] [] pip @app"},
		{"/usr/bin/tini -g -- python x", "[tini] [] python x"},
		{"dumb-init python", "[dumb-init] [] python"},
		{"conda run --no-capture-output -n e pip x", "[conda run] [] pip x"},
		{"conda install x", "[] [] conda install x"},
		{"conda run -n e", "[] [] conda run -n e"},
		{"micromamba run -n e -e A=b pip", "[micromamba run] [] pip"},
		{"poetry run pip x", "[poetry run] [] pip x"},
		{"poetry --no-ansi install", "[] [] poetry --no-ansi install"},
		{"uv run --frozen --with x --group=dev python -m y", "[uv run] [] python -m y"},
		{"uv run --new-option x python", "[] [] uv run --new-option x python"},
		{"uv run -m pytest", "[] [] uv run -m pytest"},
		{"uv run script.py", "[] [] uv run script.py"},
		{"uv pip install run", "[] [] uv pip install run"},
		{"xvfb-run -a -s '-screen 0' pytest", "[xvfb-run] [] pytest"},
		{"xargs pip install", "[] [] xargs pip install"},
		{"hatch run x", "[] [] hatch run x"},
		{`exec "$@"`, "[] [] exec ?"},
		{"sudo -u $U pip", "[] [] sudo -u ? pip"},
		{"sudo chroot /x pip", "[sudo] [] chroot /x pip @root"},
	}
	for _, test := range tests {
		names, assigns, rest, user := Unwrap(Fields(firstCommand(t, test.code, POSIX).Words, vars))
		var set []string
		for name, v := range assigns {
			switch v.Kind {
			case env.Known:
				set = append(set, name+"="+v.Text)
			case env.Unset:
				set = append(set, name+" Unset")
			default:
				set = append(set, name+"?")
			}
		}
		slices.Sort(set)
		var words []string
		for _, f := range rest {
			words = append(words, f.Value.Or("?"))
		}
		got := fmt.Sprint(names, " ", set, " ", strings.Join(words, " "))
		if user != "" {
			got += " @" + user
		}
		if got != test.want {
			t.Errorf("%s: got %s, want %s", test.code, got, test.want)
		}
	}
}

func TestProgram(t *testing.T) {
	for text, want := range map[string]string{
		"pip": "pip", "/opt/venv/bin/pip3": "pip3", "python.exe": "python", "": "", ".exe": ".exe", "./run.sh": "run.sh",
	} {
		if got := Program(Field{Value: env.Of(text)}); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	if got := Program(Field{Value: env.Doubtful(), Prefix: "pip"}); got != "" {
		t.Errorf("doubtful: %q", got)
	}
}
