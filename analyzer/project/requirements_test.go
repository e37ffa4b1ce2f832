package project

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

// tree makes a file system of path, content pairs.
func tree(pairs ...string) fstest.MapFS {
	files := fstest.MapFS{}
	for i := 0; i+1 < len(pairs); i += 2 {
		files[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return files
}

// describe writes a requirements file down, one line for each thing in it.
func describe(f *RequirementsFile) string {
	var b strings.Builder
	for _, l := range f.Lines {
		r := l.Requirement
		b.WriteString("req " + f.File.Text(r.Span))
		if r.Kind == installer.Doubtful {
			b.WriteString(" doubtful")
		}
		if r.Editable {
			b.WriteString(" editable")
		}
		if !r.Literal {
			b.WriteString(" not literal")
		}
		for _, h := range l.Hashes {
			b.WriteString(" #" + h)
		}
		for _, o := range l.Options {
			b.WriteString(" " + o.Name + "=" + o.Value)
		}
		b.WriteString("\n")
	}
	for _, i := range f.Includes {
		b.WriteString("include " + i.Path + " (" + i.Written + ")")
		if i.Constraint {
			b.WriteString(" constraint")
		}
		b.WriteString("\n")
	}
	for _, o := range f.Options {
		b.WriteString("option " + o.Name + "=" + o.Value + " @" + f.File.Text(o.ValueSpan) + "\n")
	}
	for _, p := range f.Problems {
		b.WriteString("problem " + f.File.Text(p.Span) + ": " + p.Message + "\n")
	}
	return b.String()
}

func TestRequirements(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"plain", "alpha==1.0\nbeta\n", "req alpha==1.0\nreq beta\n"},
		{"crlf and byte order mark", "\uFEFFalpha==1.0\r\nbeta>=2\r\n", "req alpha==1.0\nreq beta>=2\n"},
		{"comments", "# all\nalpha # why\n  # indented\nbeta#frag\n", "req alpha\nreq beta#frag doubtful\nproblem beta#frag: this is not a requirement that pip can read\n"},
		{"fragment is no comment", "git+https://host.test/p.git#egg=gamma # c\n", "req git+https://host.test/p.git#egg=gamma\n"},
		{"continuation", "alpha==1.0 \\\n    --hash=sha256:aa \\\n    --hash sha256:bb\nbeta\n", "req alpha==1.0 #sha256:aa #sha256:bb\nreq beta\n"},
		{"continuation inside of a requirement", "alpha\\\n==1.0\n", "req alpha\\\n==1.0 not literal\n"},
		{"comment ends a continuation", "alpha \\\n# note \\\nbeta\n", "req alpha\nreq beta\n"},
		{"continued comment swallows", "alpha # note \\\nbeta\n", "req alpha\n"},
		{"backslash at the end", "alpha \\", "req alpha\n"},
		{"marker", `alpha>=1 ; python_version < "3.9"` + "\n", `req alpha>=1 ; python_version < "3.9"` + "\n"},
		{"includes", "-r base.txt\n-rnear.txt\n--requirement=eq.txt\n-c ../c.txt\n--constraint lim.txt\n-r https://host.test/r.txt\n-r ${NAME}.txt\n",
			"include reqs/base.txt (base.txt)\ninclude reqs/near.txt (near.txt)\ninclude reqs/eq.txt (eq.txt)\ninclude c.txt (../c.txt) constraint\ninclude reqs/lim.txt (lim.txt) constraint\ninclude  (https://host.test/r.txt)\ninclude  (${NAME}.txt)\n"},
		{"include outside of the root", "-r ../../up.txt\n-r /etc/abs.txt\n", "include  (../../up.txt)\ninclude  (/etc/abs.txt)\n"},
		{"an include after a requirement counts for nothing", "alpha -r other.txt\n", "req alpha\n"},
		{"only the first include of a line", "-r a.txt -r b.txt -c c.txt\n", "include reqs/a.txt (a.txt)\n"},
		{"options", "-i https://host.test/simple\n--extra-index-url=https://b.test/\n--no-index\n-f ./wheels\n--pre\n",
			"option --index-url=https://host.test/simple @https://host.test/simple\noption --extra-index-url=https://b.test/ @https://b.test/\noption --no-index= @\noption --find-links=./wheels @./wheels\noption --pre= @\n"},
		{"abbreviated option", "--extra https://b.test/\n", "option --extra-index-url=https://b.test/ @https://b.test/\n"},
		{"ambiguous option", "--no- x\n", "problem --no-: the option --no- is ambiguous\n"},
		{"unknown option", "--frobnicate\nalpha\n", "req alpha\nproblem --frobnicate: pip has no option --frobnicate in a requirements file\n"},
		{"unknown option after a requirement", "alpha --frobnicate\n", "req alpha\nproblem --frobnicate: pip has no option --frobnicate in a requirements file\n"},
		{"missing value", "-r\n", "problem -r: --requirement needs a value\n"},
		{"quote", "-e 'open\n", "problem -e 'open: a quote is not closed\n"},
		{"editable", "-e ./pkg\n--editable=.\n-e git+https://host.test/x.git@main#egg=x\n", "req ./pkg editable\nreq . editable\nreq git+https://host.test/x.git@main#egg=x editable\n"},
		{"quoted editable", `-e "./my pkg"` + "\n", "req ./my pkg editable\n"},
		{"variable", "https://${TOKEN}@host.test/a.zip\nalpha\n--index-url https://${TOKEN}@host.test/\n",
			"req https://${TOKEN}@host.test/a.zip doubtful not literal\nreq alpha\noption --index-url=https://${TOKEN}@host.test/ @https://${TOKEN}@host.test/\n"},
		{"no variable", "./$X/${x}\n", "req ./$X/${x}\n"},
		{"per-line settings", "alpha --config-settings \"a=b c\" --global-option=-q\n", "req alpha --config-settings=a=b c --global-option=-q\n"},
		{"bad hash", "alpha==1 --hash=md5:aa\n", "req alpha==1 #md5:aa\nproblem --hash=md5:aa: a hash is written sha256:DIGEST, sha384:DIGEST or sha512:DIGEST\n"},
		{"a tab does not part options", "alpha\t--pre\n", "req alpha\t--pre\n"},
		{"utf-16", "\xff\xfea\x00b\x00\n\x00", "req ab\n"},
		{"latin-1", "# coding: latin-1\nalpha # caf\xe9\nbeta\n", "req alpha\nreq beta\n"},
		{"template", "{{ cookiecutter.dep }}\n", "req {{ cookiecutter.dep }} doubtful\nproblem {{ cookiecutter.dep }}: this is not a requirement that pip can read\n"},
		{"empty", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			f, ok := Open(tree("reqs/r.txt", test.text), "Dockerfile").Requirements("./reqs/r.txt")
			if !ok {
				t.Fatal("not read")
			}
			if diff := cmp.Diff(test.want, describe(f)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRequirementsSpans(t *testing.T) {
	text := "alpha \\\n  --hash=sha256:aa  # why\n-r x.txt # c\n"
	f := ParseRequirementsText("r.txt", []byte(text))
	if got, want := f.File.Text(f.Lines[0].Span), "alpha \\\n  --hash=sha256:aa"; got != want {
		t.Errorf("line span holds %q, want %q", got, want)
	}
	if got, want := f.File.Text(f.Includes[0].Span), "-r x.txt"; got != want {
		t.Errorf("include span holds %q, want %q", got, want)
	}
	if !f.Hashed {
		t.Error("Hashed is false")
	}
	if g := ParseRequirementsText("r.txt", []byte("\xff\xfea\x00")); g.Encoding != "utf-16-le" {
		t.Errorf("Encoding is %q", g.Encoding)
	}
}

func TestAllRequirements(t *testing.T) {
	c := Open(tree(
		"req/dev.txt", "first\n-r base.txt\n-r base.txt\n-c limits.txt\nlast\n",
		"req/base.txt", "inner\n-r ../more.txt\n",
		"more.txt", "outer\n",
		"req/limits.txt", "limit==1\n-r fromlimits.txt\n",
		"req/fromlimits.txt", "surprise\n",
		"loop.txt", "one\n-r loop2.txt\ntwo\n",
		"loop2.txt", "three\n-r loop.txt\n",
		"gone.txt", "here\n-r nowhere.txt\n",
		"remote.txt", "here\n-r https://host.test/r.txt\n",
	), "Dockerfile")
	for _, test := range []struct {
		path     string
		want     []string
		complete bool
	}{
		{"req/dev.txt", []string{"req/dev.txt first", "req/base.txt inner", "more.txt outer", "req/fromlimits.txt surprise", "req/dev.txt last"}, true},
		{"more.txt", []string{"more.txt outer"}, true},
		{"loop.txt", []string{"loop.txt one", "loop2.txt three", "loop.txt two"}, false},
		{"gone.txt", []string{"gone.txt here"}, false},
		{"remote.txt", []string{"remote.txt here"}, false},
		{"absent.txt", nil, false},
		{"../up.txt", nil, false},
	} {
		lines, complete := c.AllRequirements(test.path)
		var got []string
		for _, l := range lines {
			got = append(got, l.Path+" "+l.Requirement.Name)
		}
		if diff := cmp.Diff(test.want, got); diff != "" || complete != test.complete {
			t.Errorf("%s: complete %v\n%s", test.path, complete, diff)
		}
	}
	constraints, complete := c.AllConstraints("req/dev.txt")
	if len(constraints) != 1 || constraints[0].Requirement.Name != "limit" || !complete {
		t.Errorf("constraints: %v, %v", constraints, complete)
	}
}

// Files that include the next one twice would double at every step, and the test would run into the time limit of go test.
func TestIncludesDoNotMultiply(t *testing.T) {
	files := tree()
	for i := range 30 {
		next := string(rune('a' + i + 1))
		files[string(rune('a'+i))] = &fstest.MapFile{Data: []byte("-r " + next + "\n-r " + next + "\n")}
	}
	if lines, complete := Open(files, "Dockerfile").AllRequirements("a"); len(lines) > 0 || complete {
		t.Errorf("%d lines, complete %v", len(lines), complete)
	}
}

func FuzzRequirements(f *testing.F) {
	f.Add([]byte("alpha==1 \\\n --hash=sha256:aa # c\n-r x\n-e 'a b'\n--opt=\"\\\"q\" \\"))
	f.Add([]byte("\uFEFF-\n--\n--=\n-r\\\n\x85\u2028a"))
	f.Add([]byte("\xff\xfe-\x00"))
	f.Fuzz(func(t *testing.T, content []byte) {
		file := ParseRequirementsText("r.txt", content)
		check := func(s struct{ Start, End int }) {
			if s.Start < 0 || s.End < s.Start || s.End > file.File.Len() {
				t.Fatalf("span %v in a file of %d bytes", s, file.File.Len())
			}
		}
		for _, l := range file.Lines {
			check(l.Span)
			check(l.Requirement.Span)
			if l.Requirement.Literal && l.Requirement.Span.Empty() {
				t.Fatal("literal and empty")
			}
			for _, o := range l.Options {
				check(o.Span)
				check(o.ValueSpan)
			}
		}
		for _, i := range file.Includes {
			check(i.Span)
		}
		for _, o := range file.Options {
			check(o.Span)
			check(o.ValueSpan)
		}
		for _, p := range file.Problems {
			check(p.Span)
		}
	})
}
