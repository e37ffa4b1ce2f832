package rules_test

import (
	"fmt"
	"math"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/fixes"
	"github.com/pylint-docker/pylint-docker/rules"
)

const growthBase = "FROM python:3.13-slim\n"

// growing are Dockerfiles that can be of any size n.
var growing = []struct {
	name string
	most int // the largest n that is linted
	text func(n int) string
}{
	{"RUN", 10_000, repeated("RUN pip install --no-cache-dir flask==3.1.0 && rm -rf /tmp/x\n")},
	{"ENV", 10_000, repeated("ENV A=$B\n")},
	{"ENV-names", 10_000, numbered("ENV A%d=$B%[1]d\n")},
	{"ENV-one", 3_000, func(n int) string { return growthBase + "ENV" + numbered(" A%d=$B%[1]d")(n)[len(growthBase):] + "\n" }},
	{"COPY", 10_000, repeated("COPY src/a.py /app/\n")},
	{"COPY-names", 10_000, numbered("COPY src/a%d.py /app/b%[1]d.py\n")},
	{"ARG", 10_000, numbered("ARG A%d=$B%[1]d\n")},
	{"LABEL", 10_000, numbered("LABEL a%d=\"$B%[1]d c\"\n")},
	{"WORKDIR", 10_000, repeated("WORKDIR a\n")},
	{"USER", 10_000, numbered("USER u%d\n")},
	{"installs", 5_000, numbered("COPY r%d.txt .\nRUN pip install -r r%[1]d.txt\n")},
	{"apt", 10_000, numbered("RUN apt-get update && apt-get install -y lib%d\n")},
	{"venvs", 10_000, numbered("RUN python -m venv /v%d && /v%[1]d/bin/pip install flask\n")},
	{"stages", 499, numbered("FROM python:3.13 AS s%d\nRUN pip install --user flask\n")},
	{"copied-stages", 498, func(n int) string {
		return numbered("FROM python:3.13 AS s%d\nRUN pip install --user flask\n")(n) + growthBase +
			numbered("COPY --from=s%d /root/.local /l%[1]d\n")(n)[len(growthBase):]
	}},
	{"chained-stages", 400, func(n int) string {
		return "FROM python:3.13 AS s0\nRUN pip install --user flask\n" + numbered("FROM s%d AS s%d\nRUN pip install --user flask\n")(n)[len(growthBase):]
	}},
	{"heredocs", 10_000, repeated("RUN <<EOF\npip install flask\nrm -rf /tmp/x\nEOF\n")},
	{"heredoc", 10_000, func(n int) string {
		return growthBase + "RUN <<EOF\n" + strings.Repeat("pip install flask\n", n) + "EOF\n"
	}},
	{"commands", 2_000, func(n int) string { return growthBase + "RUN true" + strings.Repeat(" && pip install flask", n) + "\n" }},
	{"lines", 10_000, func(n int) string {
		return growthBase + "RUN true" + strings.Repeat(" && \\\n  pip install flask", n) + "\n"
	}},
	{"packages", 10_000, func(n int) string {
		return growthBase + "RUN pip install" + numbered(" \\\n  p%d")(n)[len(growthBase):] + "\n"
	}},
	{"one-file", 10_000, func(n int) string {
		return growthBase + "ENV PIP_INDEX_URL=https://pypi.example/simple\nCOPY r.txt .\n" + strings.Repeat("RUN pip install -r r.txt\n", n)
	}},
	{"one-file-lines", 5_000, func(n int) string {
		return growthBase + "COPY r.txt .\nRUN true" + strings.Repeat(" && \\\n  pip install -r r.txt && rm x", n) + "\n"
	}},
	{"missing-file-lines", 5_000, func(n int) string {
		return growthBase + "RUN true" + strings.Repeat(" && \\\n  pip install -r r.txt && rm x", n) + "\n"
	}},
	{"mix", 500, func(n int) string {
		return growthBase + "WORKDIR /app\nCOPY requirements.txt .\n" + numbered(`ARG V%d=3.1
ENV NAME%[1]d=/opt/$V%[1]d PATH=/opt/%[1]d/bin:$PATH
RUN apt-get update && apt-get install -y --no-install-recommends libpq-dev gcc && rm -rf /var/lib/apt/lists/*
RUN set -eux; if [ -n "$NAME%[1]d" ]; then pip install --no-cache-dir -r requirements.txt "part%[1]d==$V%[1]d"; fi
RUN python -m venv /opt/venv%[1]d && /opt/venv%[1]d/bin/pip install flask gunicorn > /tmp/log%[1]d 2>&1 || exit 1
RUN curl -fsSL https://example.org/tool%[1]d.tar.gz | tar -xz -C /usr/local && chmod +x /usr/local/bin/tool%[1]d
COPY --chown=app:app src%[1]d/ /app/src%[1]d/
RUN groupadd -r app && useradd -r -g app app%[1]d && chown -R app /app
USER app%[1]d
LABEL part%[1]d="of many"
HEALTHCHECK CMD curl -f http://localhost:80%[1]d/ || exit 1
RUN python manage.py collectstatic --noinput && find / -name '*.pyc' -delete
USER root
EXPOSE 80%[1]d
CMD ["gunicorn", "-b", "0.0.0.0:80%[1]d", "src%[1]d.wsgi"]
`)(n)[len(growthBase):]
	}},
	{"ignores", 10_000, repeated("# pylint-docker: ignore=PLD205\nRUN pip install flask==3.1.0\n")},
	{"used-ignores", 10_000, repeated("# pylint-docker: ignore[PLD205]\nRUN pip install flask==3.1.0\n")},
	{"unused-ignores", 10_000, repeated("# pylint-docker: ignore[PLD402]\nRUN pip install --no-cache-dir flask==3.1.0\n")},
	{"unknown-ignores", 10_000, numbered("# pylint-docker: ignore[PLD%d]\nRUN pip install --no-cache-dir flask==3.1.0\n")},
	{"file-ignores", 10_000, func(n int) string {
		return strings.Repeat("# pylint-docker: ignore-file[PLD402]\n", n) + growthBase + "RUN pip install flask==3.1.0\n"
	}},
	{"ignores-below-ARG", 10_000, func(n int) string {
		return strings.Repeat("# pylint-docker: ignore-file[PLD402]\nARG A\n", n) + growthBase + "RUN pip install flask==3.1.0\n"
	}},
	{"ignored-words", 10_000, func(n int) string {
		return growthBase + "# pylint-docker: ignore[PLD205" + strings.Repeat(", PLD402", n) + "]\nRUN pip install flask==3.1.0\n"
	}},
}

func repeated(text string) func(int) string {
	return func(n int) string { return growthBase + strings.Repeat(text, n) }
}

// numbered repeats a format with the number of the repetition and the next.
func numbered(format string) func(int) string {
	return func(n int) string {
		var b strings.Builder
		b.WriteString(growthBase)
		for i := range n {
			text := fmt.Sprintf(format, i, i+1)
			text, _, _ = strings.Cut(text, "%!(EXTRA")
			b.WriteString(text)
		}
		return b.String()
	}
}

// BenchmarkGrowth lints and fixes Dockerfiles of growing size. It reports exponent, the power of the size that the CPU time grows
// with over the last factor of 100, or of 10 for stages and the mix: 1 is linear.
func BenchmarkGrowth(b *testing.B) {
	for _, work := range growthWorks() {
		for _, kind := range growing {
			b.Run(work.name+"/"+kind.name, func(b *testing.B) {
				factor := 100
				if kind.most <= 500 {
					factor = 10
				}
				g := growth{}
				for b.Loop() {
					g.measure(b, kind.text, kind.most, factor, work.do)
				}
				b.ReportMetric(g.exponent(factor), "exponent")
				b.ReportMetric(float64(g.large.Microseconds())/1000, "cpu-ms")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

// TestGrowth holds the time of a check to what is nearly linear. Its bound leaves room for other work on the machine; what is
// quadratic comes near 2.
func TestGrowth(t *testing.T) {
	if testing.Short() {
		t.Skip("measures for some seconds")
	}
	const factor, bound, tries = 20, 1.5, 3
	check := growthWorks()[0].do
	for _, kind := range growing {
		g := growth{}
		for range tries {
			g.measure(t, kind.text, kind.most/4, factor, check)
			if g.exponent(factor) < bound {
				break
			}
		}
		if e := g.exponent(factor); e >= bound {
			t.Errorf("%s: the time of a check grows with the power of %.2f of the size, in %v at the end", kind.name, e, g.large)
		}
	}
}

type growthWork struct {
	name string
	do   func(tb testing.TB, content []byte)
}

func growthWorks() []growthWork {
	settings, sel := testSettings(), rules.Default()
	return []growthWork{
		{"check", func(tb testing.TB, content []byte) {
			if _, _, errs := rules.Lint(source.New("Dockerfile", content), settings, sel); len(errs) > 0 {
				tb.Fatal(errs)
			}
		}},
		{"fix", func(tb testing.TB, content []byte) {
			judge := rules.Judge("Dockerfile", nil, "", settings, sel)
			if _, err := fixes.Loop(fixes.Files{Dockerfile: content}, nil, judge, analyzer.Unsafe); err != nil {
				tb.Fatal(err)
			}
		}},
	}
}

// growth is the least CPU time that files of two sizes took: what else the machine does only adds.
type growth struct {
	small time.Duration // of as many small files as make a large one
	large time.Duration
}

func (g *growth) measure(tb testing.TB, text func(int) string, most, factor int, do func(testing.TB, []byte)) {
	tb.Helper()
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as the program does
	took := func(least time.Duration, content []byte, times int) time.Duration {
		runtime.GC()
		start := cpuTime(tb)
		for range times {
			do(tb, content)
		}
		if took := cpuTime(tb) - start; least == 0 || took < least {
			return took
		}
		return least
	}
	g.small = took(g.small, []byte(text(most/factor)), factor)
	g.large = took(g.large, []byte(text(most)), 1)
}

func (g *growth) exponent(factor int) float64 {
	return 1 + math.Log(float64(g.large)/float64(g.small))/math.Log(float64(factor))
}
