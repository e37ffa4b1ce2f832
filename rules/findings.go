package rules

import "github.com/pylint-docker/pylint-docker/analyzer"

// findings gathers places with one cause: the first of the worst is the finding, the others are related to it.
type findings struct{ all []analyzer.Diagnostic }

func (f *findings) add(d analyzer.Diagnostic) { f.all = append(f.all, d) }

func (f *findings) report(p *analyzer.Pass) {
	if len(f.all) == 0 {
		return
	}
	worst := f.all[0]
	for _, d := range f.all[1:] {
		if d.Severity > worst.Severity {
			worst = d
		}
	}
	for _, d := range f.all {
		if d.Span != worst.Span {
			worst.Related = appendPlace(worst.Related, analyzer.Related{Span: d.Span, Message: d.Message})
		}
	}
	p.Report(worst)
}

// appendPlace adds a related place unless it is there.
func appendPlace(related []analyzer.Related, place analyzer.Related) []analyzer.Related {
	for _, r := range related {
		if r.Span == place.Span && r.Path == place.Path {
			return related
		}
	}
	return append(related, place)
}
