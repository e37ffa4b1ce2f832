package extract

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/fixes"
)

func parse(t *testing.T, text string) *dockerfile.Document {
	t.Helper()
	doc, err := dockerfile.Parse(source.New("Dockerfile", []byte(text)))
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return doc
}

func applied(t *testing.T, doc *dockerfile.Document, edits []analyzer.Edit) string {
	t.Helper()
	got, err := fixes.Apply(doc.File.Bytes(), edits)
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, string(got)).File.Text(source.Span{End: len(got)})
}

func TestBase(t *testing.T) {
	tests := []struct {
		name, text, target string
		safety             analyzer.Safety // NoFix when nothing is shared
		want               string
		refused            bool
	}{
		{
			name: "a common prefix", safety: analyzer.Safe,
			text: `FROM alpine:3.8 as builder

RUN apk add --no-cache python3
RUN ln -sf /usr/bin/python3 /usr/bin/python
RUN ln -sf /usr/bin/pip3 /usr/bin/pip

RUN apk add --no-cache build-base
RUN pip install --user flask

FROM alpine:3.8 as prod

RUN apk add --no-cache python3
RUN ln -sf /usr/bin/python3 /usr/bin/python
RUN ln -sf /usr/bin/pip3 /usr/bin/pip

COPY --from=builder /root/.local /root/.local
`,
			want: `FROM alpine:3.8 as base

RUN apk add --no-cache python3
RUN ln -sf /usr/bin/python3 /usr/bin/python
RUN ln -sf /usr/bin/pip3 /usr/bin/pip

FROM base as builder

RUN apk add --no-cache build-base
RUN pip install --user flask

FROM base as prod

COPY --from=builder /root/.local /root/.local
`,
		},
		{
			name: "a block that has to move", safety: analyzer.Unsafe,
			text: `FROM alpine:3.8 AS builder
WORKDIR /build
RUN apk add --no-cache python3
RUN ln -sf /usr/bin/python3 /usr/bin/python
RUN pip3 install --user flask

FROM alpine:3.8
ENV PYTHONUNBUFFERED=1
# python
RUN apk add --no-cache   \
    python3
RUN ln -sf /usr/bin/python3 /usr/bin/python
COPY --from=builder /root/.local /root/.local
`,
			want: `FROM alpine:3.8 AS base
# python
RUN apk add --no-cache python3
RUN ln -sf /usr/bin/python3 /usr/bin/python

FROM base AS builder
WORKDIR /build
RUN pip3 install --user flask

FROM base
ENV PYTHONUNBUFFERED=1
COPY --from=builder /root/.local /root/.local
`,
		},
		{
			name: "names and numbers", safety: analyzer.Safe,
			text: `ARG V=3.12
FROM scratch AS base
FROM --platform=linux/amd64 python:$V
WORKDIR /app
RUN pip install flask
RUN --mount=type=bind,from=0,target=/x make
FROM --platform=linux/amd64 python:$V
WORKDIR /app
RUN pip install flask
COPY --from=0 /x /x
COPY --from=1 /app /app
`,
			want: `ARG V=3.12
FROM scratch AS base
FROM --platform=linux/amd64 python:$V AS runtime-base
WORKDIR /app
RUN pip install flask

FROM runtime-base
RUN --mount=type=bind,from=0,target=/x make
FROM runtime-base
COPY --from=0 /x /x
COPY --from=2 /app /app
`,
		},
		{
			name: "an ARG is declared again where it is needed", safety: analyzer.Safe,
			text: `FROM a AS x
ARG V=1
RUN one $V
RUN two
RUN make $V
FROM a
ARG V=1
RUN one $V
RUN two
CMD ["x"]
`,
			want: `FROM a AS base
ARG V=1
RUN one $V
RUN two

FROM base AS x
ARG V=1
RUN make $V
FROM base
CMD ["x"]
`,
		},
		{name: "only one instruction", text: "FROM a AS x\nRUN one\nRUN two\nFROM a\nRUN one\n"},
		{name: "no layer", text: "FROM a AS x\nWORKDIR /a\nUSER b\nRUN x\nFROM a\nWORKDIR /a\nUSER b\nRUN y\n"},
		{name: "another image", text: "FROM a AS x\nRUN one\nRUN two\nFROM b\nRUN one\nRUN two\n"},
		{name: "another platform", text: "FROM --platform=linux/arm64 a AS x\nRUN one\nRUN two\nFROM a\nRUN one\nRUN two\n"},
		{name: "quoted blanks differ", text: "FROM a AS x\nRUN one\nRUN echo 'a  b'\nFROM a\nRUN one\nRUN echo 'a b'\n"},
		{name: "a start command stays", text: "FROM a AS x\nCMD x\nRUN one\nRUN two\nFROM a\nCMD x\nRUN one\nRUN two\n"},
		{name: "triggers stay", text: "FROM a AS x\nONBUILD RUN x\nRUN one\nRUN two\nFROM a\nONBUILD RUN x\nRUN one\nRUN two\n"},
		{
			name: "a variable that steers packages is not passed",
			text: "FROM alpine AS x\nENV PATH=/x\nRUN apk add a\nRUN apk add b\nFROM alpine\nRUN apk add a\nRUN apk add b\n",
		},
		{
			name: "sources of packages are not passed",
			text: "FROM alpine AS x\nCOPY r /etc/apk/repositories\nRUN apk add a\nRUN apk add b\nFROM alpine\nRUN apk add a\nRUN apk add b\n",
		},
		{
			name: "another user is not passed",
			text: "FROM alpine AS x\nUSER u\nRUN apk add a\nRUN apk add b\nFROM alpine\nRUN apk add a\nRUN apk add b\n",
		},
		{
			name: "a command is not passed",
			text: "FROM alpine AS x\nRUN setup\nRUN apk add a\nRUN apk add b\nFROM alpine\nRUN apk add a\nRUN apk add b\n",
		},
		{
			name: "a target by number", target: "0", refused: true,
			text: "FROM a AS x\nRUN one\nRUN two\nFROM a\nRUN one\nRUN two\n",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, crlf := range []bool{false, true} {
				text, want := test.text, test.want
				if crlf {
					text, want = strings.ReplaceAll(text, "\n", "\r\n"), strings.ReplaceAll(want, "\n", "\r\n")
				}
				doc := parse(t, text)
				build := analyzer.Analyze(doc, analyzer.Settings{Target: test.target})
				n := len(build.Stages)
				shared, ok := FindShared(build, build.Stages[n-1], build.Stages[n-2])
				if !ok {
					if test.want != "" || test.refused {
						t.Fatal("nothing shared")
					}
					continue
				}
				fix, refused := Base(build, shared)
				if (refused != "") != test.refused || (fix == nil) != (test.want == "") {
					t.Fatalf("fix %v, refused %q", fix, refused)
				}
				if fix == nil {
					continue
				}
				if fix.Safety != test.safety {
					t.Errorf("safety %s", fix.Safety)
				}
				if diff := cmp.Diff(want, applied(t, doc, fix.Edits)); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}
