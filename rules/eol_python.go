package rules

import (
	"fmt"
	"time"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// EOLPython finds an image with a version of Python that has reached its end of life.
//
// Such a version gets no security fixes any more. The official images of it are not built again either, so that their
// distribution packages stay as they were on that day, and new releases of libraries do not support it. The dates are
// those of the Python Software Foundation, compared with the day of the run. The default interpreter of a distribution is not judged:
// the distribution goes on mending it.
//
// # Flagged
//
//	FROM python:3.8-slim
//	CMD ["python", "-m", "myapp"]
//
// # Instead
//
//	FROM python:3.13-slim
//	CMD ["python", "-m", "myapp"]
//
// # References
//
//   - https://devguide.python.org/versions/
//   - https://endoflife.date/python
var EOLPython = register(&analyzer.Rule{
	Code: "PLD503", Name: "eol-python",
	Summary:  "the image's version of Python is past its end of life",
	Do:       "move to a version that is still maintained, in all stages at once",
	Severity: analyzer.Warning, Fix: analyzer.NoFix, Security: 5.0, Allows: analyzer.ReleaseWords, AsksBase: true, Check: checkEOLPython,
})

func checkEOLPython(p *analyzer.Pass) {
	var found oncePerRelease
	for _, use := range p.Images() {
		if !use.Base {
			continue
		}
		if end, ended := endOfPython(use.Facts, p.Settings.Today); ended && !p.Allowed(end.Product+":"+end.Release) {
			found.add(use, end, fmt.Sprintf("%s reached its end of life on %s and gets no security fixes any more", end.Name, end.Date.Format(time.DateOnly)))
		}
	}
	found.report(p)
}
