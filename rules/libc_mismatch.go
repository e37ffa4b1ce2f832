package rules

import (
	"fmt"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// LibcMismatch finds packages that are installed on glibc and copied to an image with musl, or the other way round.
//
// Alpine has musl where Debian and most others have glibc. Compiled modules are built for one of them: on the other Python
// does not find them (ModuleNotFoundError, since their file names name the libc from Python 3.11 on), or loading ends with a
// relocation error. Packages of pure Python work, so this is a warning unless a compiled one is known to be among them.
//
// # Flagged
//
//	FROM python:3.12 AS builder
//	RUN pip install --no-cache-dir --prefix=/install numpy==2.2.0
//
//	FROM python:3.12-alpine
//	COPY --from=builder /install /usr/local
//	CMD ["python", "-c", "import numpy"]
//
// # Instead
//
//	FROM python:3.12-alpine AS builder
//	RUN pip install --no-cache-dir --prefix=/install numpy==2.2.0
//
//	FROM python:3.12-alpine
//	COPY --from=builder /install /usr/local
//	CMD ["python", "-c", "import numpy"]
//
// # References
//
//   - https://peps.python.org/pep-0656/
//   - https://github.com/python/cpython/issues/87278
var LibcMismatch = register(&analyzer.Rule{
	Code: "PLD108", Name: "libc-mismatch",
	Summary:  "packages are copied between glibc and musl",
	Do:       "build both stages on images of one libc: Debian and slim, or Alpine",
	Severity: analyzer.Error, Fix: analyzer.NoFix, AsksBase: true, Check: checkLibcMismatch,
})

func checkLibcMismatch(p *analyzer.Pass) {
	var worst *libcGap
	gaps := libcGaps(p.Target)
	for i := range gaps {
		if worst == nil || worst.compiled == "" && gaps[i].compiled != "" {
			worst = &gaps[i]
		}
	}
	if worst == nil {
		return
	}
	base, _, _ := strings.Cut(p.Target.Image.Reference.Text, "@")
	d := analyzer.Diagnostic{
		Span: worst.content.Source.Span, Severity: analyzer.Warning,
		Message: fmt.Sprintf("the packages are installed on %s, while %s has %s: compiled modules among them are not found or end with a relocation error",
			worst.made, base, worst.runs),
		Related: []analyzer.Related{{Span: worst.content.Install.Call.Span, Message: "they are installed here"}},
	}
	if worst.compiled != "" {
		d.Severity = analyzer.Error
		d.Message = fmt.Sprintf("%s is compiled for %s, while %s has %s: it is not found there or ends with a relocation error", worst.compiled, worst.made, base, worst.runs)
	}
	for _, gap := range gaps {
		if gap.content.Copy != worst.content.Copy {
			d.Related = append(d.Related, analyzer.Related{Span: gap.content.Source.Span, Message: "here too"})
		}
	}
	p.Report(d)
}
