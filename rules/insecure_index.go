package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/remote"
)

// InsecureIndex finds installs from a package index that is asked over plain http, or whose certificate is not checked.
//
// What an index sends is run: setup code at once, the packages later. Over http, and with --trusted-host, everyone on the way
// can send something else. --trusted-host for pypi.org hides a certificate of a proxy that the image does not know: PIP_CERT
// or the system's certificates are the cure. An index on the machine itself is no finding. The pypi.python.org of old guides is
// advice only: no pip of today asks it.
//
// # Flagged
//
//	FROM python:3.12-slim
//	COPY requirements.txt .
//	RUN pip install --no-cache-dir --trusted-host pypi.org --trusted-host files.pythonhosted.org -r requirements.txt
//
// # Instead
//
//	FROM python:3.12-slim
//	COPY corporate-ca.crt /usr/local/share/ca-certificates/
//	RUN update-ca-certificates
//	ENV PIP_CERT=/etc/ssl/certs/ca-certificates.crt
//	COPY requirements.txt .
//	RUN pip install --no-cache-dir -r requirements.txt
//
// # References
//
//   - https://pip.pypa.io/en/stable/cli/pip/#cmdoption-trusted-host
//   - https://pip.pypa.io/en/stable/topics/https-certificates/
//   - https://docs.astral.sh/uv/concepts/authentication/certificates/
var InsecureIndex = register(&analyzer.Rule{
	Code: "PLD211", Name: "insecure-index",
	Summary:  "packages are installed over http or without checking the index's certificate",
	Do:       "use https, and give pip the certificate of your index with --cert or PIP_CERT",
	Severity: analyzer.Warning, Security: 7.4, Allows: analyzer.HostWords, Check: checkInsecureIndex,
})

func checkInsecureIndex(p *analyzer.Pass) {
	var found findings
	for stage := range p.Feeding() {
		for _, in := range stage.Installs() {
			for _, i := range insecureIndexes(in) {
				if p.Allowed(i.Host) {
					continue
				}
				d := analyzer.Diagnostic{Span: i.Span, Message: insecureMessage(i), Severity: p.Rule.Severity}
				if unasked(i) {
					d.Severity = analyzer.Info
				}
				if i.Path != "" {
					d.Related = append(d.Related, analyzer.Related{Path: i.Path, Span: i.Line, Message: "it stands here"})
				}
				found.add(d)
			}
		}
	}
	found.report(p)
}

func insecureMessage(i remote.Index) string {
	switch {
	case unasked(i):
		return fmt.Sprintf("the certificate of %s is not checked; pip 10 and later ask pypi.org and need no such option", i.Host)
	case i.Role == "--trusted-host":
		return fmt.Sprintf("the certificate of %s is not checked, so everyone on the way can replace what is installed", i.Host)
	}
	return fmt.Sprintf("%s is asked over plain http, so everyone on the way can replace what is installed", i.Host)
}
