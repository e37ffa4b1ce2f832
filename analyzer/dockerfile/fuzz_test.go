package dockerfile

import (
	"errors"
	"testing"

	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// seeds are the shapes that Dockerfiles hurt with.
var seeds = []string{
	"",
	"\n",
	"FROM x",
	"\uFEFFFROM x\n",
	"\uFEFF# syntax=docker/dockerfile:1\r\n# escape=`\r\n\r\nFROM x\r\nRUN a `\r\n  # c\r\n\r\n  b\r\n",
	"# escape=\\\n# check=skip=all\n# plain\nFROM x AS y\n",
	"  # syntax = a b \n# Syntax=b\nFROM x\n",
	"from x\nrun a\nBARE\nunknown thing\n",
	"FROM x\nRUN \\\n  a \\  \t\n# c\n\n b\\\nc\n",
	"\\\nFROM \\\n x\n\\\n",
	"RUN a \\",
	"RUN a \\\n\n# end\n",
	"RUN \\\n  --mount=type=cache,target=/x \\\n# why\n --network=\"no ne\"\\\n  pip install x\n",
	"COPY --from=a --chown=é:é -- --b c\nADD --x=\\ y a b\n",
	"ENV A=b C=\"d e\" D='f\\' E=g\\ h\nENV OLD the  value \nENV A=\\\n  b \\\n  C=\nARG X\nARG Y=1 Z\nLABEL \"a b\"=c\n",
	"CMD [\"a\", \"\\u00e9\\ud83d\\ude00\", \"\\\\\", \\\n \"b\" ]\nCMD []\nCMD [ 'a' ]\nCMD [\"a\" \"b\"]\nSHELL [\"/bin/bash\",\"-c\"]\n",
	"HEALTHCHECK --interval=5s \\\n --timeout=1s CMD curl -f http://x || exit 1\nHEALTHCHECK NONE\nHEALTHCHECK CMD [\"a\"]\nHEALTHCHECK\n",
	"ONBUILD RUN --mount=type=bind a\nONBUILD ONBUILD COPY a b\nONBUILD\nONBUILD RUN <<E\nx\nE\n",
	"RUN <<EOF\na\nEOF\nRUN <<-'EOF' cat\n\ta\n\tEOF\nCOPY <<\"a b\" <<c /x/\n1\na b\n2\nc\nRUN 3<<E cat <<F >f\nE\nF\n",
	"RUN <<EOF\r\n#!/bin/sh\r\nx\r\nEOF\r\n",
	"RUN cat << EOF \\\n && b\nEOF\nRUN echo \"<<A\" ${X:-a <<B} <<C\nC\n",
	"RUN <<EOF\nx\n",
	"FROM\tx\nRUN\t--a=b\tc\n",
	"\x00\x01\xff\xfe FROM\n",
	"RUN <<E \xff\n\x00\nE\n",
	"WORKDıR x\nWOR\u212ADIR y\nRUN\u00e9 z\n",
	"RUN echo 'a \\\n b' # c \\\n d\n",
	"FROM x \u00a0y\nUSER \u0085 a\u00a0\nHEALTHCHECK CMD\u00a0x\n",
}

func FuzzParse(f *testing.F) {
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		if difference := disagreement(content); difference != "" {
			t.Fatalf("%q: %s", content, difference)
		}
		file := source.New("Dockerfile", content)
		if span, ok := Template(file); ok && (span.Start < 0 || span.End > len(content)) {
			t.Fatalf("Template at %v", span)
		}
		d, err := Parse(file)
		if err != nil {
			var refused *SyntaxError
			if !errors.As(err, &refused) || refused.Message == "" || refused.Span.Start < 0 || refused.Span.End > len(content) || refused.Span.End < refused.Span.Start {
				t.Fatalf("error %#v", err)
			}
			return
		}
		for _, e := range Validate(d) {
			if e.Message == "" || e.Span.Start < 0 || e.Span.End > len(content) || e.Span.End < e.Span.Start {
				t.Fatalf("complaint %#v", e)
			}
		}
		for _, in := range d.Instructions {
			for _, h := range in.Heredocs {
				d.Shebang(h)
			}
			for _, flag := range in.Flags {
				flag.Options()
			}
		}
	})
}

func TestSeeds(t *testing.T) {
	for _, seed := range seeds {
		if difference := disagreement([]byte(seed)); difference != "" {
			t.Errorf("%q: %s", seed, difference)
		}
	}
}
