package lsp

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/rules"
)

// lintAndPush lints a snapshot and shows what is found, unless a newer text has come meanwhile.
func (s *Server) lintAndPush(d *document, sn *snapshot) {
	start := time.Now()
	found, errs, err := sn.findings(context.Background(), s.client)
	took := time.Since(start)
	s.do(func() {
		if s.documents[sn.uri] != d || d.snapshot != sn {
			return
		}
		if err != nil {
			s.complain(err)
			s.publish(sn.uri, &sn.version, nil)
			return
		}
		d.took = took
		for _, err := range errs {
			s.logf("%v", err)
		}
		s.publish(sn.uri, &sn.version, found)
	})
}

// findings are those of a Dockerfile, or of the Dockerfiles in a compose or bake file, by the URI of the file that they are in. errs are
// mistakes of ours.
func (sn *snapshot) findings(ctx context.Context, c client) (found map[string][]Diagnostic, errs []error, err error) {
	if !sn.hosts {
		a, err := sn.analyse(ctx)
		if err != nil {
			return nil, nil, err
		}
		return a.diagnostics(sn, c), a.result.Errors, nil
	}
	found = map[string][]Diagnostic{}
	for _, g := range sn.guests() {
		a, err := g.analyse(ctx)
		if err != nil {
			return nil, nil, err
		}
		errs = append(errs, a.result.Errors...)
		for uri, list := range a.diagnostics(&g.snapshot, c) {
			if uri == g.uri {
				uri = sn.uri
			}
			for _, d := range list {
				found[uri] = merge(found[uri], []Diagnostic{g.diagnostic(d, uri == sn.uri)})
			}
		}
	}
	return found, errs, nil
}

// complain shows an error that the user can do something about, once.
func (s *Server) complain(err error) {
	var failure *responseError
	if errors.As(err, &failure) && failure.Code == codeContentModified || s.shown[err.Error()] {
		return
	}
	s.shown[err.Error()] = true
	s.showError(err)
}

func (s *Server) showError(err error) {
	s.logf("%v", err)
	s.out.Notify("window/showMessage", map[string]any{"type": severityError, "message": "pylint-docker: " + err.Error()})
}

// publish pushes the findings of a Dockerfile; those about other files go there, joined with what other Dockerfiles
// have to say of them.
func (s *Server) publish(uri string, version *int, found map[string][]Diagnostic) {
	if s.client.pulls {
		return
	}
	for other, by := range s.others {
		if by[uri] != nil && found[other] == nil {
			delete(by, uri)
			s.publishOther(other)
		}
	}
	for other, list := range found {
		if other == uri {
			continue
		}
		if s.others[other] == nil {
			s.others[other] = map[string][]Diagnostic{}
		}
		s.others[other][uri] = list
		s.publishOther(other)
	}
	params := map[string]any{"uri": uri, "diagnostics": orEmpty(found[uri])}
	if version != nil {
		params["version"] = *version
	}
	s.out.Notify("textDocument/publishDiagnostics", params)
}

func (s *Server) publishOther(uri string) {
	var all []Diagnostic
	for _, list := range s.others[uri] {
		all = merge(all, list)
	}
	if len(s.others[uri]) == 0 {
		delete(s.others, uri)
	}
	s.out.Notify("textDocument/publishDiagnostics", map[string]any{"uri": uri, "diagnostics": orEmpty(all)})
}

// orEmpty makes nil an empty array, which is what the protocol wants.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func pullDiagnostics(ctx context.Context, v *view) (any, error) {
	found, _, err := v.findings(ctx, v.client)
	if err != nil {
		return nil, err
	}
	items := orEmpty(found[v.uri])
	related := map[string]any{}
	for uri, list := range found {
		switch {
		case uri == v.uri:
		case v.client.relatedDocuments:
			related[uri] = map[string]any{"kind": "full", "items": list}
		case v.hosts:
		default:
			a, err := v.analyse(ctx)
			if err != nil {
				return nil, err
			}
			items = append(items, a.elsewhere(v.snapshot, v.client, uri)...)
		}
	}
	report := map[string]any{"kind": "full", "items": items}
	if len(related) > 0 {
		report["relatedDocuments"] = related
	}
	return report, nil
}

// elsewhere shows findings about another file in the Dockerfile, for clients that pull but take no related documents.
func (a *analysis) elsewhere(sn *snapshot, c client, uri string) []Diagnostic {
	var list []Diagnostic
	for _, d := range a.result.Diagnostics {
		at, file := a.at(sn, d.Path)
		if d.Path == "" || at != uri {
			continue
		}
		shown, ok := a.convert(sn, c, d)
		if !ok {
			continue
		}
		shown.RelatedInformation = append([]RelatedInformation{{Location{at, shown.Range}, "here"}}, shown.RelatedInformation...)
		shown.Message = fmt.Sprintf("%s:%d: %s", d.Path, file.Position(d.Span.Start).Line, shown.Message)
		shown.Range = sn.encoding.rangeOf(sn.file, a.anchor(d))
		list = append(list, shown)
	}
	return list
}

// diagnostics are the findings by the URI of the file that they are in.
func (a *analysis) diagnostics(sn *snapshot, c client) map[string][]Diagnostic {
	found := map[string][]Diagnostic{}
	for _, d := range a.result.Diagnostics {
		if shown, ok := a.convert(sn, c, d); ok {
			uri, _ := a.at(sn, d.Path)
			found[uri] = append(found[uri], shown)
		}
	}
	return found
}

// convert makes a finding one of the protocol, in its own file; ok is false when that file is gone.
func (a *analysis) convert(sn *snapshot, c client, d analyzer.Diagnostic) (shown Diagnostic, ok bool) {
	_, file := a.at(sn, d.Path)
	if file == nil {
		return shown, false
	}
	shown = Diagnostic{
		Range: sn.encoding.rangeOf(file, d.Span), Severity: severityOf(d.Severity), Code: d.Rule.Code,
		Source: "pylint-docker", Message: d.Message,
	}
	if c.codeDescription {
		shown.CodeDescription = &CodeDescription{d.Rule.URL()}
	}
	if tag := tagOf(d.Rule); tag != 0 && c.tags {
		shown.Tags = []int{tag}
	}
	if !c.relatedInfo {
		return shown, true
	}
	for _, r := range d.Related {
		if uri, file := a.at(sn, r.Path); file != nil {
			shown.RelatedInformation = append(shown.RelatedInformation,
				RelatedInformation{Location{uri, sn.encoding.rangeOf(file, r.Span)}, r.Message})
		}
	}
	return shown, true
}

func severityOf(s analyzer.Severity) int {
	switch s {
	case analyzer.Error:
		return severityError
	case analyzer.Warning:
		return severityWarning
	}
	return severityInformation
}

// tagOf is how an editor should show the place: faded out or struck through.
func tagOf(r *analyzer.Rule) int {
	switch {
	case r == rules.UnusedIgnore, r.Name == "unused-builder":
		return tagUnnecessary
	case strings.HasPrefix(r.Name, "eol-"), r.Name == "removed-option", r.Name == "deprecated-base":
		return tagDeprecated
	}
	return 0
}
