package rules

import (
	"time"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/image"
)

// endOfPython is the end of life of the interpreter that the image's maker has put there by version.
func endOfPython(f image.Facts, today time.Time) (end image.EndOfLife, ended bool) {
	if f.Python == nil || !f.Python.Upstream() {
		return end, false
	}
	end, ok := image.End("python", f.Python.Minor)
	return end, ok && over(end.Date, today)
}

// over tells whether the last day has passed.
func over(last, today time.Time) bool { return !today.Before(last.AddDate(0, 0, 1)) }

// oncePerRelease collects findings about images of one release in one finding.
type oncePerRelease struct {
	order []*analyzer.Diagnostic
	seen  map[string]*analyzer.Diagnostic
}

func (o *oncePerRelease) add(use analyzer.ImageUse, end image.EndOfLife, message string) {
	if d := o.seen[end.Name]; d != nil {
		d.Related = append(d.Related, analyzer.Related{Span: use.Span, Message: end.Name + " is used here too"})
		return
	}
	if o.seen == nil {
		o.seen = map[string]*analyzer.Diagnostic{}
	}
	o.seen[end.Name] = &analyzer.Diagnostic{Span: use.Span, Message: message}
	o.order = append(o.order, o.seen[end.Name])
}

func (o *oncePerRelease) report(p *analyzer.Pass) {
	for _, d := range o.order {
		p.Report(*d)
	}
}
